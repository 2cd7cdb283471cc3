"""``compliance calendar``: what is due, and what is on record of what was due."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duties_ledger
import pytest
from recorded import lasting

if TYPE_CHECKING:
    from conftest import Outcome, Run

PAST = ("calendar", "--from", "2014", "--to", "2019", "--as-of", "2020-06-30")
CROATIA = (*PAST, "--party", "croatia")
EXCHANGE = "annual-exchange"


@pytest.fixture(scope="module")
def yearly(program: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic ledger of yearly declarations. For reading only."""

    def run(*arguments: str | Path, db: Path) -> Outcome:
        return program("--db", db, *arguments)

    return duties_ledger.make(run, tmp_path_factory.mktemp("yearly"))


def _exchange(found: Any, party: str = "croatia") -> dict[str, dict[str, Any]]:
    """Return the rows of the annual exchange by the year they were due in."""
    rows = [r for r in found["rows"] if (r["duty"], r["party"]) == (EXCHANGE, party)]
    return {row["due"][:4]: row for row in rows}


def _steady(text: str) -> str:
    """Return an output without the hash of the law, which changes with every pack."""
    return lasting(re.sub(r'"sha256": "[0-9a-f]{64}"', '"sha256": "..."', text))


@pytest.mark.parametrize(
    ("name", "format_"),
    [("txt", "table"), ("md", "markdown"), ("csv", "csv"), ("json", "json")],
)
def test_the_report_is_as_recorded(
    name: str, format_: str, run: Run, yearly: Path, golden: Callable[[str, str], None]
) -> None:
    outcome = run(*CROATIA, "--format", format_, db=yearly)
    assert (outcome.code, outcome.stderr) == (0, "")
    golden(f"calendar-kept.{name}", _steady(outcome.stdout))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("calendar-2027.txt", ("--year", "2027")),
        ("calendar-2006.md", ("--year", "2006", "--format", "markdown")),
        ("calendar-1997-2019.txt", ("--from", "1997", "--to", "2019", "--as-of", "2026-11-20")),
    ],
)
def test_the_shipped_calendar_is_as_recorded(
    name: str, arguments: tuple[str, ...], run: Run, golden: Callable[[str, str], None]
) -> None:
    outcome = run("calendar", *arguments)
    assert (outcome.code, outcome.stderr) == (0, "")
    golden(name, _steady(outcome.stdout))


def test_reports_for_people_fit_a_terminal(run: Run, yearly: Path) -> None:
    for arguments in (
        ("calendar", "--year", "2006"),
        ("calendar", "--from", "1996", "--to", "2027", "--as-of", "2026-11-20"),
    ):
        for db in (yearly, None):
            outcome = run(*arguments, **({} if db is None else {"db": db}))
            assert max(map(len, outcome.stdout.splitlines())) <= 100


def test_what_was_recorded_when_is_told_year_by_year(run: Run, yearly: Path) -> None:
    found = run(*CROATIA, "--format", "json", db=yearly).json
    assert found["schema"] == "compliance.calendar/1"
    rows = _exchange(found)
    results = {year: (row["result"], row["days_after"]) for year, row in rows.items()}
    assert results == {
        "2014": ("given", None),
        "2015": ("recorded_after", 12),
        "2016": ("not_on_record", None),
        "2017": ("recorded_after", 21),
        "2018": ("in_part", None),
        "2019": ("cannot_tell", None),
    }
    assert all(row["derived"] for row in rows.values())
    (given,) = rows["2014"]["recorded"]
    assert (given["on"], given["basis"]) == ("2014-12-10", "declared")
    assert given["categories"] == list(duties_ledger.CATEGORIES)
    history = run("history", "show", given["submission"], "--format", "json", db=yearly)
    assert history.code == 0, "the submission is named as history knows it"
    assert rows["2018"]["missing"] == ["combat_aircraft"], "withheld helicopters are given"


def test_changes_and_losses_are_told_with_their_notice_and_proof(run: Run, yearly: Path) -> None:
    found = run(*CROATIA, "--format", "json", db=yearly).json
    rows = [(r["duty"], r["happened"], r["result"], r["days_after"]) for r in found["called_for"]]
    change, loss = "change-of-ten-per-cent", "proof-of-losses"
    assert rows == [
        (change, "2019-03-01", "recorded_after", 6),
        (change, "2019-04-05", "not_on_record", None),
        (change, "2019-07-01", "given", None),
        (loss, "2019-08-01", "proof_owed", None),
        (loss, "2019-09-01", "given", None),
    ]
    assert found["summary"]["text_or_reported"] == {"given": 1, "proof_owed": 1}


def test_only_what_was_known_by_then_is_looked_at_from_then(run: Run, yearly: Path) -> None:
    asked = ("calendar", "--from", "2014", "--to", "2019", "--party", "HR", "--format", "json")
    found = run(*asked, "--known-at", "2015-12-20", db=yearly).json
    assert found["as_of"] == "2015-12-20"
    assert {year: row["result"] for year, row in _exchange(found).items()} == {
        "2014": "given",
        "2015": "not_on_record",
        "2016": "not_yet_due",
        "2017": "not_yet_due",
        "2018": "not_yet_due",
        "2019": "not_yet_due",
    }
    between = run(*asked, "--known-at", "2017-12-31", "--as-of", "2018-03-01", db=yearly).json
    assert between["as_of"] == "2017-12-31"
    assert _exchange(between)["2017"]["missing"] == [
        "armoured_combat_vehicle",
        "combat_aircraft",
        "attack_helicopter",
    ]


def test_of_the_published_fragments_nothing_is_called_late_or_missing(run: Run) -> None:
    outcome = run("calendar", "--from", "1997", "--to", "2019", "--format", "json")
    found = outcome.json
    assert Counter(row["result"] for row in found["rows"]).keys() == {
        "not_on_record",
        "cannot_tell",
    }
    told = {
        (row["party"], row["due"][:4])
        for row in found["rows"]
        if row["duty"] == EXCHANGE
        and row["result"] == "cannot_tell"
        and row["membership"] == "certain"
    }
    assert told == {
        ("fr-yugoslavia", "1998"),
        *((party, "2018") for party in ("bosnia-herzegovina", "croatia", "montenegro", "serbia")),
    }
    assert [gap["party"] for gap in found["reporting_gaps"]] == ["fr-yugoslavia"] * 2
    text = run("calendar", "--from", "1997", "--to", "2019").stdout
    assert "violation" not in text
    assert "only the Parties determine" in " ".join(text.split())


def test_every_party_of_a_due_date_has_one_row(run: Run) -> None:
    found = run("calendar", "--from", "1996", "--to", "2030", "--format", "json").json
    rows = Counter((row["duty"], row["due"], row["party"]) for row in found["rows"])
    assert set(rows.values()) == {1}
    by_year = Counter(due[:4] for duty, due, _ in rows if duty == EXCHANGE)
    assert by_year["1996"] == by_year["2005"] == 5
    assert by_year["2006"] == 6, "two new Parties and two Entities, none of them certain"
    assert by_year["2007"] == by_year["2030"] == 4
    future = {row["result"] for row in found["rows"] if row["due"] > "2029"}
    assert future == {"not_yet_due"}


def test_what_is_due_needs_no_ledger(run: Run, tmp_path: Path) -> None:
    absent = tmp_path / "absent.db"
    outcome = run("calendar", "--year", "2027", "--party", "RS", "--format", "csv", db=absent)
    assert outcome.code == 0, outcome.stderr
    rows = list(csv.DictReader(outcome.stdout.splitlines()))
    assert {row["party"] for row in rows} == {"serbia"}
    dated = {row["duty"]: (row["due"], row["valid_on"]) for row in rows if row["due"]}
    assert dated[EXCHANGE] == ("2027-12-15", "2028-01-01")
    events = {row["duty"]: row["when"] for row in rows if not row["due"]}
    assert events["change-of-ten-per-cent"] == "within 5 days after the change"
    assert {row["result"] for row in rows} == {""}
    assert not absent.exists()
    assert run("calendar", "--from", "2019", "--to", "2019", db=absent).code == 4


def test_this_year_is_listed_unless_another_is_asked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import date

    from compliance.cli import options

    monkeypatch.setattr(options, "today", lambda: date(2031, 5, 1))
    assert run("calendar", "--format", "json").json["from"] == 2031
    since = run("calendar", "--from", "2030", "--format", "json").json
    assert (since["from"], since["to"], since["as_of"]) == (2030, 2031, "2031-05-01")
    until = run("calendar", "--to", "1997", "--format", "json").json
    assert (until["from"], until["to"]) == (1996, 1997), "from the year of signature"


@pytest.mark.parametrize("year", ["1", "9998"])
def test_the_ends_of_the_calendar_are_no_trouble(year: str, run: Run) -> None:
    assert run("calendar", "--year", year).code == 0
    assert run("calendar", "--from", year, "--to", year).code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--year", "2019", "--from", "2018"), "--from 2019 --to 2019"),
        (("--year", "2019", "--known-at", "2019-01-01"), "--from and --to"),
        (("--as-of", "2019-01-01"), "--from and --to"),
        (("--from", "2020", "--to", "2019"), "earlier year first"),
        (("--party", "Kosovo"), "is no Party"),
        (("--party", "Sebria"), "did you mean 'serbia'"),
        (("--year", "0"), "1<=x<=9998"),
    ],
)
def test_a_mistake_is_told_with_what_to_do(arguments: tuple[str, ...], says: str, run: Run) -> None:
    outcome = run("calendar", *arguments)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert says in outcome.stderr
