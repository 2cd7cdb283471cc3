"""Another agreement needs no code: the synthetic River Treaty, and a pack that extends a pack."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Run

RIVER = Path(__file__).parents[1] / "fixtures" / "river-treaty"
DAY = ("--as-of", "2005-06-30")


@pytest.fixture
def river(tmp_path: Path, program: Run, record_files: Callable[..., None]) -> Path:
    """A ledger with the two Parties' synthetic declarations and movements."""
    path = tmp_path / "river.db"
    assert program("--db", path, "db", "init", "--empty").code == 0
    record_files(path, RIVER, RIVER / "holdings.csv", RIVER / "movements.csv")
    return path


def _audit(run: Run, db: Path, *arguments: str) -> tuple[int, Any]:
    outcome = run("--agreement", RIVER, "audit", *arguments, "--format", "json", db=db)
    return outcome.code, outcome.json


def test_it_is_audited_without_a_line_of_code(run: Run, river: Path) -> None:
    code, audit = _audit(run, river, *DAY)
    assert audit["agreement"]["id"] == "river-treaty"
    rows = {row["party"]: row for row in audit["rows"]}
    assert set(rows) == {"upstream", "downstream"}
    assert {row["category"] for row in audit["rows"]} == {"river_gunboat"}
    # Nine declared, two imported, one handed on; seven declared and that one more.
    assert rows["upstream"]["counted"] == {"low": 10, "high": 10}
    assert rows["upstream"]["headroom"] == {"low": 2, "high": 2}
    assert rows["upstream"]["verdict"] == "within"
    assert rows["downstream"]["counted"] == {"low": 8, "high": 8}
    assert rows["downstream"]["headroom"] == {"low": -1, "high": -1}
    assert rows["downstream"]["verdict"] == "exceeds"
    assert code == 1
    (excess,) = [f for f in audit["findings"] if f["kind"] == "exceeds"]
    assert excess["party"] == "downstream"
    assert excess["citation"]["provision"] == "Article 3 (invented)"


def test_its_days_are_its_own(run: Run, river: Path) -> None:
    code, audit = _audit(run, river, "--as-of", "2005-04-19")
    assert code == 0
    assert {row["party"]: row["counted"]["high"] for row in audit["rows"]} == {
        "upstream": 11,
        "downstream": 7,
    }
    assert _audit(run, river, "--as-of", "2007-01-01")[0] == 1, "a figure speaks for two years"
    code, audit = _audit(run, river, "--as-of", "2007-01-02")
    assert code == 3
    assert all(row["stale"] for row in audit["rows"])


def test_its_names_are_its_own(run: Run, river: Path) -> None:
    code, audit = _audit(run, river, *DAY, "--party", "UP", "--category", "Gunboat")
    assert code == 0
    assert [row["party_name"] for row in audit["rows"]] == ["Upstreamia"]
    wrong = run("--agreement", RIVER, "audit", "--party", "serbia", db=river)
    assert wrong.code == 2
    assert "unknown party 'serbia'" in wrong.stderr


@pytest.mark.parametrize("by", ["party", "category"])
@pytest.mark.parametrize("format_", ["table", "markdown", "csv"])
def test_every_report_speaks_of_it_and_of_no_other(
    by: str, format_: str, run: Run, river: Path
) -> None:
    outcome = run("--agreement", RIVER, "audit", *DAY, "--by", by, "--format", format_, db=river)
    assert outcome.code == 1
    assert "gunboat" in outcome.stdout
    for word in ("Florence", "florence", "Serbia", "battle tank", "drone", "catalogue"):
        assert word not in outcome.stdout


def test_its_law_can_be_shown_and_checked(run: Run) -> None:
    shown = run("--agreement", RIVER, "rules", "show", "ceilings")
    assert shown.code == 0
    assert "river_gunboat" in shown.stdout
    checked = run("rules", "check", RIVER)
    assert checked.code == 0
    assert "0 errors, 0 warnings, 1 case run" in checked.stderr


def test_rows_of_one_agreement_do_not_disturb_another(run: Run, river: Path, ledger: Path) -> None:
    outcome = run("audit", "--as-of", "2005-06-30", "--format", "json", db=river)
    assert outcome.code == 3
    assert all(row["counted"] is None for row in outcome.json["rows"])
    code, audit = _audit(run, ledger, *DAY)
    assert code == 3
    assert all(row["counted"] is None for row in audit["rows"])


# -- A pack that extends the shipped one, for a centre that holds a better text


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    folder = tmp_path / "centre"
    folder.mkdir()
    (folder / "agreement.toml").write_text(
        'id = "centre-copy"\nversion = "9.0"\nextends = "florence-1996"\n'
        'title = "Synthetic copy of the Agreement"\nshort_title = "Synthetic copy"\n',
        encoding="utf-8",
    )
    (folder / "sources.toml").write_text(
        '[own-copy]\ntitle = "Synthetic copy of the text, for a test"\n', encoding="utf-8"
    )
    (folder / "ceilings.toml").write_text(
        '[[schedule]]\nid = "ceilings-2007"\n[[schedule.party]]\nid = "serbia"\n'
        "[schedule.party.limits]\n"
        'battle_tank = { value = 463, status = "text", grade = "A", sources = ["own-copy"] }\n',
        encoding="utf-8",
    )
    return folder


TANKS = ("audit", "--as-of", "2019-12-31", "--party", "RS", "--category", "battle_tank")


def test_an_extending_pack_replaces_a_value_and_every_output_says_so(
    centre: Path, run: Run
) -> None:
    base = run(*TANKS, "--format", "json").json
    outcome = run("--agreement", centre, *TANKS, "--format", "json")
    assert outcome.code == 1
    law = outcome.json["agreement"]
    (row,) = outcome.json["rows"]
    assert row["ceiling"] == {"low": 463, "high": 463}
    assert row["verdict"] == "exceeds"
    assert row["citation"]["status"] == "text"
    assert (law["id"], law["version"], law["extends"]) == ("centre-copy", "9.0", "florence-1996")
    assert base["agreement"]["replaced"] == []
    (replaced,) = law["replaced"]
    for word in ("ceilings.toml", "ceilings-2007", "serbia", "battle_tank", "948", "463"):
        assert word in replaced
    assert law["sha256"] != base["agreement"]["sha256"]
    for format_ in ("table", "markdown"):
        shown = run("--agreement", centre, *TANKS, "--format", format_).stdout
        plain = " ".join(html.unescape(shown.replace("\\", "")).split())
        assert re.search(r"replaces: ceilings\.toml.*948.* -> 463", plain), format_
        assert law["sha256"][:12] in plain
    assert "948" in run("--agreement", centre, "rules", "show").stdout, "what it replaces"


def test_what_is_not_replaced_stands(centre: Path, run: Run) -> None:
    arguments = ("audit", "--as-of", "2019-12-31", "--party", "HR", "--format", "json")
    rows = run("--agreement", centre, *arguments).json["rows"]
    assert rows == run(*arguments).json["rows"]


def test_the_replacement_is_told_in_csv_too(centre: Path, run: Run) -> None:
    shown = run("--agreement", centre, *TANKS, "--format", "csv").stdout
    assert "centre-copy 9.0" in shown
    assert "Synthetic copy of the text, for a test" in shown


def test_every_change_of_the_law_changes_the_hash(run: Run, tmp_path: Path) -> None:
    def sha256(folder: Path) -> str:
        shown = run("--agreement", folder, "rules", "show", "ceilings", "--format", "json")
        assert shown.code == 0, shown.stderr
        return str(shown.json["agreement"]["sha256"])

    changed = tmp_path / "river-treaty"
    shutil.copytree(RIVER, changed)
    assert sha256(changed) == sha256(RIVER), "where it stands does not matter"
    ceilings = changed / "ceilings.toml"
    text = ceilings.read_text(encoding="utf-8")
    ceilings.write_text(text.replace("river_gunboat = 7", "river_gunboat = 8"), encoding="utf-8")
    assert sha256(changed) != sha256(RIVER)
