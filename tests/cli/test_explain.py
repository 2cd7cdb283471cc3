"""``compliance explain``: from one number back to every row behind it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from compliance.cli import exits
from compliance.report.explain_json import SCHEMA

if TYPE_CHECKING:
    from conftest import Run

GOLDEN = Path(__file__).parents[1] / "golden"
RIVER = Path(__file__).parents[1] / "fixtures" / "river-treaty"
TODAY = ("--as-of", "2026-11-20")
SHOWN = {
    "explain-serbia-artillery.txt": (("serbia", "artillery", *TODAY), exits.NO_VERDICT),
    "explain-serbia-tanks-2019.txt": (
        ("serbia", "battle_tank", "--as-of", "2019-12-31"),
        exits.OK,
    ),
    "explain-bosnia-tanks-1999.txt": (
        ("bosnia-herzegovina", "battle_tank", "--as-of", "1999-12-31"),
        exits.NO_VERDICT,
    ),
    "explain-serbia-tanks-2019.json": (
        ("serbia", "battle_tank", "--as-of", "2019-12-31", "--format", "json"),
        exits.OK,
    ),
}


@pytest.mark.parametrize("file", SHOWN)
def test_the_text_is_as_recorded(file: str, run: Run, golden: Callable[[str, str], None]) -> None:
    arguments, code = SHOWN[file]
    outcome = run("explain", *arguments)
    assert (outcome.code, outcome.stderr) == (code, "")
    golden(file, outcome.stdout)


def test_no_golden_explanation_is_left_over() -> None:
    assert {path.name for path in GOLDEN.glob("explain-*")} == set(SHOWN)


def _section(text: str, title: str) -> str:
    """Return one section of a text, its line ends made spaces so that it reads as sentences."""
    found = re.search(rf"^{re.escape(title)}\n-+\n(.*?)(?=^\S[^\n]*\n-+$|\Z)", text, re.M | re.S)
    assert found, f"no section '{title}'"
    return " ".join(found[1].split())


def test_a_stranger_can_say_why_puls_counts_and_hq_22_does_not(run: Run) -> None:
    text = run("explain", "serbia", "artillery", *TODAY).stdout
    moved = _section(text, "What moved since")
    puls = moved[moved.index("at least 1 PULS") :]
    assert "PULS, in the catalogue: artillery pieces." in puls
    assert re.search(
        r"\[met\] a gun, howitzer, gun-howitzer, mortar or multiple rocket launcher, towed or "
        r"self-propelled - kind of item: multiple rocket launcher",
        puls,
    )
    assert "[met] a calibre above 75 mm - calibre of the artillery piece: 370 mm" in puls
    outside = _section(text, "On record, and not counted here")
    hq_22 = outside[outside.index("HQ-22 / FK-3:") :]
    assert hq_22.startswith("HQ-22 / FK-3: Air-defence missile: not a Florence category.")
    assert "By its attributes, no definition of artillery pieces is met:" in hq_22
    assert "[not met] kind of item: anti aircraft missile. Asked for: a gun, howitzer" in hq_22
    everything = run("explain", "serbia", "artillery", *TODAY, "--all").stdout
    outside = _section(everything, "On record, and not counted here")
    hq_22 = outside[outside.index("HQ-22 / FK-3:") :]
    assert "[not met] an anti-tank gun - kind of item: anti aircraft missile" in hq_22


def _cells(document: Any) -> Iterator[tuple[str, str]]:
    for row in document["rows"]:
        yield row["party"], row["category"]


def test_every_row_of_the_audit_is_explained_in_its_own_numbers(run: Run) -> None:
    audit = run("audit", *TODAY, "--format", "json").json
    for row, (party, category) in zip(audit["rows"], _cells(audit), strict=True):
        outcome = run("explain", party, category, *TODAY, "--format", "json")
        found = outcome.json
        assert found["schema"] == SCHEMA
        answer = found["answer"]
        for key in ("verdict", "conditional", "stale", "held", "not_counted", "counted"):
            assert answer[key] == row[key], (party, category, key)
        for key in ("judged", "ceiling", "headroom", "summary"):
            assert answer[key] == row[key], (party, category, key)
        assert found["verdict"]["tipping"] == row["tipping"]
        assert found["account"]["counted"] == row["counted"]
        _adds_up(found["account"])
        expected = {"within": exits.OK, "exceeds": exits.EXCEEDS}
        assert outcome.code == expected.get(row["verdict"], exits.NO_VERDICT)


def _adds_up(account: dict[str, Any]) -> None:
    for part in account["parts"]:
        _adds_up(part)
    if account["counted"] is None:
        assert account["sums"] == []
        return
    assert account["sums"]
    for side in ("low", "high"):
        results = []
        for case in account["sums"]:
            terms = [line["adds"][side] for line in case["lines"]]
            total = None if None in terms else sum(terms)
            assert case["uncut"][side] == total
            results.append(None if total is None and side == "high" else max(0, total or 0))
            assert case["counted"][side] == results[-1]
        if side == "low":
            assert account["counted"]["low"] == min(results)
        else:
            assert account["counted"]["high"] == (None if None in results else max(results))


@pytest.mark.long
def test_every_row_of_every_year_is_explained_in_its_own_numbers(ledger: Path) -> None:
    for year in range(1996, 2032):
        for day in (date(year, 1, 1), date(year, 6, 30), date(year, 12, 31)):
            _explained_as_audited(ledger, day)


@pytest.mark.parametrize(
    "day", [date(1997, 12, 31), date(2003, 6, 30), date(2007, 6, 30), date(2019, 12, 31)]
)
def test_every_row_of_a_day_is_explained_in_its_own_numbers(ledger: Path, day: date) -> None:
    _explained_as_audited(ledger, day)


def _explained_as_audited(ledger: Path, day: date) -> None:
    """Compare every number of both, and set every explanation as text and as JSON."""
    from compliance.assess.audit import audit
    from compliance.assess.explain import explain
    from compliance.assess.standing import holders, wholes
    from compliance.cli import options
    from compliance.cli.explain import on_record
    from compliance.cli.world import World
    from compliance.ledger.balances import evidence
    from compliance.report import explain_json, explain_text

    world = _world(World, ledger)
    law = world.law
    asked: dict[str, Any] = {"as_of": day, "known_at": None, "basis": None, "readings": ()}
    asked["accept_stale"] = False
    request = options.request(law, parties=(), categories=(), **asked)
    with world.reading() as connection:
        seen = evidence(
            connection,
            as_of=day,
            parties=holders(law, request),
            wholes=wholes(law, request),
            categories=tuple(category.id for category in law.categories),
        )
    for row in audit(law, world.lookup, seen, request).rows:
        one = options.request(law, parties=(row.party,), categories=(row.category,), **asked)
        party, category = law.party(row.party), law.category(row.category)
        assert party is not None
        assert category is not None
        found = explain(
            law, world.lookup, world.catalogue, on_record(world, one), one, party, category
        )
        # Only the list of figures that are not used is longer: all of them are in view here.
        names = set(row.__slots__) - {"reasons"}
        assert {n: getattr(found.row, n) for n in names} == {n: getattr(row, n) for n in names}
        _adds_up(explain_json.document(found)["account"])
        for everything in (True, False):
            lines = explain_text.render(found, everything=everything).splitlines()
            assert [line for line in lines if len(line) > 100 and "http" not in line] == []


_WORLDS: dict[Path, Any] = {}


def _world(make: Any, ledger: Path) -> Any:
    if ledger not in _WORLDS:
        _WORLDS[ledger] = make(db=str(ledger))
    return _WORLDS[ledger]


def test_every_figure_in_a_sum_names_a_row_of_the_ledger(run: Run) -> None:
    found = run("explain", "serbia", "attack_helicopter", *TODAY, "--format", "json").json
    rows = {row["ref"]: row for row in found["account"]["rows"] + found["account"]["movements"]}
    named = [
        ref for case in found["account"]["sums"] for line in case["lines"] for ref in line["rows"]
    ]
    assert named
    assert set(named) <= set(rows)
    # And what it names is what history shows under that submission.
    submission = named[0].partition(":")[0]
    shown = run("history", "show", submission, "--format", "json").json
    content = {row["ref"]: row["content"] for row in shown["rows"]}
    assert {ref: rows[ref]["recorded"] for ref in named} == {ref: content[ref] for ref in named}


def test_names_are_taken_as_people_write_them(run: Run) -> None:
    one = run("explain", "RS", "attack helicopters", *TODAY)
    other = run("explain", "serbia", "attack_helicopter", *TODAY)
    assert one.raw == other.raw


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("serba", "artillery"), ["unknown party 'serba'", "did you mean 'serbia'?"]),
        (("serbia", "artilery"), ["unknown category 'artilery'", "did you mean 'artillery'?"]),
        (("serbia", "ships"), ["unknown category 'ships'", "the categories are: battle_tank"]),
        (("kosovo", "artillery"), ["no count of Kosovo", "not a Party", "--category none"]),
        (("serbia", "artillery", "--reading", "post-2006-ceilings=perhaps"), ["no answer"]),
        (("serbia",), ["Missing argument 'CATEGORY'"]),
    ],
)
def test_a_wrong_name_is_an_error_that_says_what_to_write(
    arguments: tuple[str, ...], says: list[str], run: Run
) -> None:
    outcome = run("explain", *arguments)
    assert (outcome.code, outcome.raw) == (exits.CANNOT_RUN, b"")
    for text in says:
        assert text in " ".join(outcome.stderr.split())


def test_a_reading_closes_a_question_and_says_by_whom(run: Run) -> None:
    arguments = ("explain", "serbia", "attack_helicopter", *TODAY)
    left_open = run(*arguments).stdout
    assert "this is no single sum" in left_open
    assert "If armed-light-helicopters=attack:" in left_open
    closed = run(*arguments, "--reading", "armed-light-helicopters=combat-support").stdout
    assert "this is no single sum" not in closed
    assert "Closed by the reader: armed-light-helicopters=combat-support" in closed
    assert "closed by the reader; so it does not count." in " ".join(closed.split())


def test_a_derived_ceiling_and_an_old_figure_are_used_only_when_accepted(run: Run) -> None:
    arguments = ("explain", "serbia", "combat_aircraft", *TODAY)
    shown = _section(run(*arguments).stdout, "The ceiling")
    assert "only derived: not used for a verdict" in shown
    assert "--reading post-2006-ceilings=derived" in shown
    accepted = ("--reading", "post-2006-ceilings=derived", "--accept-stale")
    used = run(*arguments, *accepted).stdout
    assert "accepted by the reader" in _section(used, "The ceiling")
    assert "--accept-stale" in _section(used, "The figure in use")


def test_the_verdict_gives_the_exit_code_and_exit_zero_takes_it_back(run: Run) -> None:
    assert run("explain", "serbia", "artillery", *TODAY).code == exits.NO_VERDICT
    assert run("explain", "serbia", "artillery", *TODAY, "--exit-zero").code == exits.OK
    assert run("explain", "serbia", "battle_tank", "--as-of", "2019-12-31").code == exits.OK


def test_only_what_was_known_then_is_explained(run: Run) -> None:
    outcome = run("explain", "serbia", "battle_tank", "--known-at", "2000-01-01", *TODAY)
    assert outcome.code == exits.NO_VERDICT
    assert "No declaration is on record by the day." in outcome.stdout
    assert "as known at 2000-01-01" in " ".join(outcome.stdout.split())


def test_another_basis_passes_the_best_figure_over(run: Run) -> None:
    arguments = ("explain", "serbia", "battle_tank", "--as-of", "2019-12-31", "--basis", "press")
    figure = _section(run(*arguments).stdout, "The figure in use")
    assert "Basis press: a press report" in figure
    assert "464, 12 September 2019, relayed" in figure
    assert "only figures of basis 'press' are asked" in figure


def test_markings_corrections_and_places_are_shown(
    run: Run, own_ledger: Path, tmp_path: Path
) -> None:
    file = tmp_path / "holdings.csv"
    file.write_text(
        "party,as_of,basis,category,type,status,quantity,source,marking,ref\n"
        "croatia,2026-01-01,declared,artillery,,overall,900,synthetic,RESTRICTED,table 4\n"
        "croatia,2026-01-01,declared,artillery,PzH 2000,overall,12,synthetic,,\n"
        "croatia,2026-01-01,declared,artillery,D-30,historical_collection,3,synthetic,,\n",
        encoding="utf-8",
    )
    assert run("import", file, db=own_ledger).code == exits.OK
    outcome = run("explain", "croatia", "artillery", "--as-of", "2026-06-30", db=own_ledger)
    rows = _section(outcome.stdout, "Its rows")
    assert "Marking: RESTRICTED" in rows
    assert "Place in the source: table 4" in rows
    assert "12 PzH 2000, status overall, recorded as artillery" in rows
    assert "inside another figure" in rows
    assert "Counting rule 'historical-collection'" in rows
    assert "= counted" in _section(outcome.stdout, "The arithmetic")


def test_what_was_over_before_any_figure_is_shown_as_left_out(
    run: Run, own_ledger: Path, tmp_path: Path
) -> None:
    file = tmp_path / "movements.csv"
    file.write_text(
        "date,type,category,quantity,from,to,state,basis,source\n"
        "1994-05-01,,artillery,7,@production,croatia,done,declared,synthetic\n",
        encoding="utf-8",
    )
    assert run("import", file, db=own_ledger).code == exits.OK
    outcome = run("explain", "croatia", "artillery", "--as-of", "1996-12-31", db=own_ledger)
    moved = _section(outcome.stdout, "What moved since")
    assert moved.startswith("- Considered and left out: - 7 artillery, @production to croatia")
    assert "over by the date of the figure in use, 1995." in moved


def test_long_lists_are_folded_with_a_count(run: Run, own_ledger: Path, tmp_path: Path) -> None:
    file = tmp_path / "holdings.csv"
    lines = ["party,as_of,basis,category,type,status,quantity,source"]
    lines.append("croatia,2026-01-01,declared,artillery,,overall,900,synthetic")
    lines += [
        f"croatia,2026-01-01,declared,artillery,Piece {n},overall,{n},synthetic"
        for n in range(1, 15)
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert run("import", file, db=own_ledger).code == exits.OK
    arguments = ("explain", "croatia", "artillery", "--as-of", "2026-06-30")
    short = run(*arguments, db=own_ledger).stdout
    assert "And 7 more rows: --all." in short
    assert "Piece 14" not in short
    whole = run(*arguments, "--all", db=own_ledger).stdout
    assert "Piece 14" in whole
    assert "--all." not in whole


def test_the_same_ledger_content_gives_the_same_bytes(run: Run) -> None:
    arguments = ("explain", "croatia", "combat_aircraft", *TODAY, "--format", "json")
    assert run(*arguments).raw == run(*arguments).raw


def test_the_report_can_go_to_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "explained.txt"
    arguments = ("explain", "serbia", "battle_tank", "--as-of", "2019-12-31")
    outcome = run(*arguments, "-o", file)
    assert outcome.raw == b""
    assert file.read_bytes().replace(b"\r\n", b"\n") == run(*arguments).raw


def test_an_agreement_without_a_catalogue_is_explained_too(
    run: Run, program: Run, record_files: Callable[..., None], tmp_path: Path
) -> None:
    ledger = tmp_path / "river.db"
    assert program("--db", ledger, "db", "init", "--empty").code == exits.OK
    record_files(ledger, RIVER, RIVER / "holdings.csv", RIVER / "movements.csv")
    outcome = run(
        "--agreement",
        RIVER,
        "explain",
        "Downstreamia",
        "Gunboat",
        "--as-of",
        "2005-06-30",
        db=ledger,
    )
    assert outcome.code == exits.EXCEEDS
    assert "Lowest count 8 > highest ceiling 7: exceeds." in outcome.stdout
    moved = _section(outcome.stdout, "What moved since")
    assert "counts, adds 1; certain." in moved
    assert "serbia" not in outcome.stdout.lower()
