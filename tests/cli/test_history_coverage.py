"""``compliance history coverage``: which share of what was declared was seen by inspections."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from import_files import TANKS, write

if TYPE_CHECKING:
    from conftest import Run

SERBIA = {**TANKS, "source": "synthetic: annual exchange"}
SEEN = {**SERBIA, "basis": "observed", "site": "Site A", "source": "synthetic: inspection"}
ROWS = (
    {**SERBIA, "as_of": "2024-01-01", "quantity": "200"},
    {**SERBIA, "as_of": "2025-01-01", "quantity": "212"},
    {**SERBIA, "as_of": "2025-01-01", "quantity": "50..60", "category": "artillery"},
    {**SERBIA, "party": "croatia", "as_of": "2025-01-01", "quantity": "30"},
)
INSPECTIONS = (
    {**SEEN, "as_of": "2025-03-01", "quantity": "40"},
    {**SEEN, "as_of": "2025-09-01", "quantity": "53"},
    {**SEEN, "as_of": "2025-09-02", "quantity": "53", "site": "Site B"},
    {**SEEN, "as_of": "2025-09-02", "quantity": "12", "category": "artillery", "site": "Site B"},
    {**SEEN, "party": "croatia", "as_of": "2025-05-05", "quantity": "33", "site": "Site C"},
)


@pytest.fixture(scope="module")
def inspected(program: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of declarations and, recorded later, of inspections. For reading only."""
    folder = tmp_path_factory.mktemp("coverage")
    path = folder / "inspected.db"
    assert program("--db", path, "db", "init", "--empty").code == 0
    for name, moment, rows in (
        ("declared", "2024-12-15", ROWS),
        ("seen", "2025-10-01", INSPECTIONS),
    ):
        file = write(folder / f"{name}.csv", *rows)
        outcome = program("--db", path, "import", file, "--recorded-at", moment)
        assert outcome.code == 0, outcome.stderr
    return path


@pytest.mark.parametrize(
    ("name", "format_"),
    [("txt", "table"), ("md", "markdown"), ("csv", "csv"), ("json", "json")],
)
def test_the_report_is_as_recorded(
    name: str, format_: str, run: Run, inspected: Path, golden: Callable[[str, str], None]
) -> None:
    outcome = run("history", "coverage", "--format", format_, db=inspected)
    assert outcome.code == 0, outcome.stderr
    assert outcome.stderr == ""
    golden(f"coverage.{name}", outcome.stdout)


def test_the_share_of_each_year_is_given(run: Run, inspected: Path) -> None:
    found = run("history", "coverage", "--format", "json", db=inspected).json
    assert found["schema"] == "compliance.coverage/1"
    rows = {(r["party"], r["category"], r["year"]): r for r in found["rows"]}
    assert len(rows) == 4
    tanks = rows["serbia", "battle_tank", 2025]
    assert tanks["declared"] == {"low": 212, "high": 212}
    assert tanks["seen"] == {"low": 106, "high": 106}, "the same site counts once"
    assert tanks["share"] == {"low": 0.5, "high": 0.5}
    assert (tanks["inspections"], tanks["places"], tanks["discrepancy"]) == (3, 2, False)
    assert len(tanks["rows"]) == 4
    before = rows["serbia", "battle_tank", 2024]
    assert (before["seen"], before["share"], before["inspections"]) == (None, None, 0)
    assert rows["serbia", "artillery", 2025]["share"] == {"low": 0.2, "high": 0.24}
    croatia = rows["croatia", "battle_tank", 2025]
    assert (croatia["share"], croatia["discrepancy"]) == ({"low": 1.1, "high": 1.1}, True)


def test_what_was_not_yet_known_is_not_counted(run: Run, inspected: Path) -> None:
    found = run(
        *("history", "coverage", "--known-at", "2025-09-30", "--format", "json"), db=inspected
    ).json
    assert found["known_at"].startswith("2025-09-30")
    assert all(row["seen"] is None for row in found["rows"])


def test_party_category_and_years_can_be_chosen(run: Run, inspected: Path) -> None:
    outcome = run(
        *("history", "coverage", "--party", "RS", "--category", "Battle tanks"),
        *("--from", "2023", "--to", "2025", "--format", "csv"),
        db=inspected,
    )
    lines = list(csv.DictReader(outcome.stdout.splitlines()))
    assert [(line["year"], line["remark"]) for line in lines] == [
        ("2023", "not declared; none seen"),
        ("2024", "none seen"),
        ("2025", ""),
    ]
    assert {line["party"] for line in lines} == {"serbia"}


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--from", "2025", "--to", "2024"), "later than --to"),
        (("--from", "2025-01-01"), "valid integer"),
        (("--party", "kosovo"), "no Party"),
        (("--party", "atlantis"), "unknown party"),
        (("--category", "battle_tnak"), "battle_tank"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    options: tuple[str, ...], word: str, run: Run, inspected: Path
) -> None:
    outcome = run("history", "coverage", *options, db=inspected)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert word in outcome.stderr


def test_a_ledger_without_figures(run: Run, empty_ledger: Path) -> None:
    outcome = run("history", "coverage", db=empty_ledger)
    assert outcome.code == 0
    assert "Neither a declaration nor an inspection is on record" in outcome.stdout
    assert run("history", "coverage", "--format", "json", db=empty_ledger).json["rows"] == []
    listed = run("history", "coverage", "--from", "2025", "--to", "2025", db=empty_ledger).stdout
    assert "not declared" in listed


def test_the_audit_says_how_much_was_seen(run: Run, inspected: Path) -> None:
    asked = ("--category", "battle_tank", "--party", "serbia", "--format", "json", "--exit-zero")
    when = {
        "2025-02-28": "As declared, not verified.",
        "2025-12-31": "As declared; 106 of 212 seen by inspections in 2025.",
    }
    for day, said in when.items():
        found = run(
            *("audit", "--as-of", day, *asked, "--reading", "post-2006-ceilings=derived"),
            db=inspected,
        )
        assert said in found.json["rows"][0]["reasons"]
