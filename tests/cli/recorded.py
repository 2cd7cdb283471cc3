"""What tests of recording commands share: a base to record on, and a look at what was recorded."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from import_files import Row, write

if TYPE_CHECKING:
    from conftest import Outcome, Run

TODAY = date(2026, 11, 20)
"""The day these tests are run on, whatever the clock says."""

CROATIAN_TANKS: Row = {
    "party": "croatia",
    "as_of": "2019-09-12",
    "basis": "relayed",
    "category": "battle_tank",
    "type": "",
    "status": "",
    "quantity": "232",
    "source": "Reply of the Ministry of Defence of Bosnia and Herzegovina to a member of "
    "parliament, reported by Klix; republished by ATV on 12 December 2019 (grade B)",
}
"""The figure that the dossier gives for 2019."""

TABLES = ("submission", "holding", "movement", "withdrawal")


def synthetic(quantity: str, **more: str) -> Row:
    """Return a declared figure, new enough to speak for TODAY: Croatia's tanks unless it says."""
    row = {**CROATIAN_TANKS, "as_of": "2026-09-30", "basis": "declared", "source": "synthetic"}
    return {**row, "quantity": quantity, **more}


def load(run: Run, db: Path, *rows: Row) -> Path:
    """Record rows of one kind from a file."""
    outcome = run("import", write(db.with_suffix(".csv"), *rows), db=db)
    assert outcome.code == 0, outcome.stderr
    return db


def dump(db: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    with closing(sqlite3.connect(db)) as connection:
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}


def rows(run: Run, db: Path, number: int) -> list[dict[str, Any]]:
    """Return the rows of a submission as the history shows them."""
    found = run("history", "show", str(number), "--format", "json", db=db).json["rows"]
    return list(found)


def steps(outcome: Outcome, party: str = "croatia", side: str = "after") -> dict[str, str]:
    """Return what is counted from which day on, as a span is written."""
    (course,) = (c for c in outcome.json["courses"] if c["party"] == party)
    return {day["from"]: _span(day[side]["counted"]) for day in course["days"]}


def verdicts(outcome: Outcome, party: str = "croatia") -> list[str]:
    """Return the verdicts of the after side, day by day."""
    (course,) = (c for c in outcome.json["courses"] if c["party"] == party)
    return [day["after"]["verdict"] for day in course["days"]]


def lasting(text: str) -> str:
    """Return an output without the hash of the law, which changes with every pack."""
    return re.sub(r"SHA-256 [0-9a-f]{12}", "SHA-256 ............", text)


def counted(run: Run, db: Path, as_of: str, party: str = "croatia") -> str:
    """Return what the audit counts of a party's tanks on a day."""
    asked = ("--party", party, "--category", "battle_tank", "--format", "json")
    (row,) = run("audit", "--as-of", as_of, *asked, db=db).json["rows"]
    return _span(row["counted"])


def _span(span: dict[str, int | None] | None) -> str:
    if span is None:
        return "unknown"
    if span["low"] == span["high"]:
        return str(span["low"])
    return f"{span['low']}..{'' if span['high'] is None else span['high']}"
