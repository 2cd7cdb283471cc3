"""The JSON that commands write is as the published schemas say, and every key of it is in them."""

from __future__ import annotations

import copy
import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import json_schemas
import pages
import pytest
from json_schemas import COMMON, FOLDER, Book
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from conftest import Run

RIVER = Path(__file__).parents[1] / "fixtures" / "river-treaty"
DAY = "2026-11-20"

RUNS: dict[str, list[str]] = {
    "audit": [
        f"audit --as-of {DAY}",
        "audit --as-of 2019-12-31 --known-at 2099-01-01 --accept-stale "
        "--reading post-2006-ceilings=derived",
        "audit --as-of 1997-01-01 --basis estimate",
        "audit --as-of 1990-01-01",
    ],
    "explain": [
        "explain serbia combat_aircraft --as-of 2020-12-31",
        "explain bosnia-herzegovina battle_tank --as-of 1999-12-31",
        "explain croatia attack_helicopter --as-of 2026-11-20 --basis press",
        "explain serbia artillery --known-at 2099-01-01 --reading post-2006-ceilings=derived",
    ],
    "sources": [
        f"sources serbia --as-of {DAY}",
        "sources croatia MiG-21 --as-of 2026-11-20 --known-at 2099-01-01",
    ],
    "whatif": [
        f'whatif --party croatia --add "62..89 M2A2 Bradley" --as-of {DAY}',
        f"whatif --party serbia --ceiling combat_aircraft=5 --accept-stale --as-of {DAY} "
        "--reading armed-drones=counted --known-at 2099-01-01",
    ],
    "project": [
        f"project --until 2031 --as-of {DAY}",
        f'project --until 2030 --party serbia --add "12 Rafale@2028-01-01" --as-of {DAY} '
        "--accept-stale --known-at 2099-01-01 --basis estimate",
    ],
    "diff": [
        "diff 2015 2024 --party serbia",
        "diff 1996 2020 --every year --category battle_tank",
        "diff 2000 2010 --party serbia --succession --known-at 2099-01-01",
    ],
    "reconcile": ["reconcile", "reconcile --basis relayed --from 2010-01-01 --known-at 2099-01-01"],
    "calendar": ["calendar --year 2027", f"calendar --from 2015 --to 2019 --as-of {DAY}"],
    "coverage": ["history coverage", "history coverage --from 2015 --to 2019"],
    "history": ["history", "history show 1"],
    "classify": [
        "classify PULS",
        "classify CH-92A --reading armed-drones=counted",
        "classify --calibre 152 --kind howitzer",
        'classify "FGM-148 Javelin"',
    ],
    "rules": ["rules show", "rules show ceilings --as-of 2019-12-31"],
    "plans": ["deliver --list"],
    "effect": [
        'acquire croatia "Leopard 2A8" 12 --on 2031-01-01 --planned --source synthetic --dry-run',
        "reduce serbia T-55 1 --to destruction --on 2026-05-04 --basis notified "
        "--source synthetic --dry-run --accept-stale",
    ],
    "report": [
        f"report --as-of {DAY}",
        "report --as-of 2019-12-31 --profile public --party serbia",
    ],
}


def _outputs(run: Run, name: str) -> list[Any]:
    found = []
    for line in RUNS[name]:
        outcome = run(*shlex.split(line), "--format", "json")
        assert outcome.code in (0, 1, 3), f"{line}: {outcome.stderr}"
        found.append(outcome.json)
    return found


@pytest.mark.parametrize("name", RUNS)
def test_output_is_as_published_and_every_key_is_named(
    name: str, run: Run, request: pytest.FixtureRequest
) -> None:
    file = f"{name}.json"
    outputs = _outputs(run, name)
    if request.config.getoption("--update-golden"):
        book = Book()
        book.widen(file, outputs)
        book.write()
    book = Book()
    validator = book.validator(file)
    for line, output in zip(RUNS[name], outputs, strict=True):
        assert output["schema"] == f"compliance.{name}/1"
        wrong = [f"{e.json_path}: {e.message[:200]}" for e in validator.iter_errors(output)]
        assert not wrong, f"{line}\n" + "\n".join(wrong)
        unnamed = {where for _, where, _, _ in book.unnamed(book.schemas[file], file, output)}
        assert not unnamed, (
            f"{line}: make golden adds to docs/schemas/{file}, to be read: {unnamed}"
        )


def test_another_agreement_gives_the_same_form(
    program: Run, tmp_path: Path, record_files: Any
) -> None:
    db = tmp_path / "river.db"
    assert program("--db", db, "db", "init", "--empty").code == 0
    record_files(db, RIVER, RIVER / "holdings.csv", RIVER / "movements.csv")
    later = tmp_path / "later.csv"
    later.write_text(
        "party,as_of,basis,category,type,status,quantity,source\n"
        "UP,2006-01-01,declared,gunboat,,,12,synthetic\n",
        "utf-8",
    )
    record_files(db, RIVER, later)
    book = Book()
    for name, line in (
        ("audit", ["audit", "--as-of", "2005-06-30"]),
        ("explain", ["explain", "upstream", "river_gunboat", "--as-of", "2005-06-30"]),
        ("diff", ["diff", "2005-01-02", "2005-06-30"]),
        ("reconcile", ["reconcile"]),
    ):
        output = program("--db", db, "--agreement", RIVER, *line, "--format", "json").json
        wrong = [error.message for error in book.validator(f"{name}.json").iter_errors(output)]
        assert not wrong, name


@pytest.mark.long
def test_every_limit_on_many_days_is_as_published(run: Run) -> None:
    book = Book()
    for day in DAYS:
        for name, lines in many_lines(day).items():
            for line in lines:
                output = run(*line, "--format", "json").json
                wrong = [
                    e.message[:200] for e in book.validator(f"{name}.json").iter_errors(output)
                ]
                assert not wrong, " ".join(line)


DAYS = ("1997-06-30", "2003-06-30", "2006-09-01", "2019-12-31", DAY)


def many_lines(day: str) -> dict[str, list[list[str]]]:
    """Return commands that together ask for every limit on a day."""
    parties = ("bosnia-herzegovina", "croatia", "serbia", "montenegro", "fr-yugoslavia")
    categories = (
        "battle_tank", "armoured_combat_vehicle", "artillery", "combat_aircraft",
        "attack_helicopter",
    )  # fmt: skip
    on = ["--as-of", day]
    return {
        "audit": [["audit", *on], ["audit", *on, "--accept-stale"]],
        "explain": [["explain", p, c, *on] for p in parties for c in categories],
        "sources": [["sources", p, *on] for p in parties],
        "project": [["project", "--until", str(int(day[:4]) + 3), *on]],
        "diff": [["diff", day, str(int(day[:4]) + 2) + "-01-01"]],
        "report": [["report", *on]],
    }


def test_every_json_output_of_the_program_has_its_schema() -> None:
    named = set()
    for path in (pages.ROOT / "compliance" / "report").rglob("*.py"):
        named |= set(re.findall(r'"compliance\.([a-z-]+)/1"', path.read_text("utf-8")))
    assert named == set(RUNS)
    assert {path.stem for path in FOLDER.glob("*.json")} == named | {"common"}


def test_the_schemas_are_schemas_and_say_where_keys_may_be_added() -> None:
    for name, schema in Book().schemas.items():
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] == name
        # Keys are only added: a schema that forbade others would break its readers.
        assert '"additionalProperties": false' not in json.dumps(schema)


def test_a_changed_output_would_be_noticed(run: Run) -> None:
    (output,) = _outputs_of(run, "audit", "--as-of", "2019-12-31", "--category", "battle_tank")
    validator = Book().validator("audit.json")
    assert validator.is_valid(output)
    for spoil in (
        lambda o: o.pop("rows"),
        lambda o: o["rows"][0].pop("verdict"),
        lambda o: o["rows"][0].update(verdict="fine"),
        lambda o: o["rows"][0].update(counted=464),
        lambda o: o["rows"][0]["ceiling"].pop("high"),
        lambda o: o.update(schema="compliance.audit/2"),
        lambda o: o["agreement"].update(sha256="short"),
    ):
        spoilt = copy.deepcopy(output)
        spoil(spoilt)
        assert not validator.is_valid(spoilt)
    added = copy.deepcopy(output)
    added["rows"][0]["a_new_key"] = 1
    assert validator.is_valid(added)
    book = Book()
    named = [key for _, _, key, _ in book.unnamed(book.schemas["audit.json"], "audit.json", added)]
    assert named == ["a_new_key"]


def _outputs_of(run: Run, *words: str) -> list[Any]:
    return [run(*words, "--format", "json").json]


def test_the_page_lists_every_schema() -> None:
    text = (FOLDER / "README.md").read_text("utf-8")
    for path in FOLDER.glob("*.json"):
        assert f"]({path.name})" in text, path.name
    assert COMMON in text
    assert json_schemas.FOLDER == FOLDER
