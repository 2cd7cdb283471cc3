"""A synthetic ledger of yearly declarations: on time, late, missing, in part, withheld."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from import_files import Row, write

if TYPE_CHECKING:
    from conftest import Run

CATEGORIES = (
    "battle_tank",
    "armoured_combat_vehicle",
    "artillery",
    "combat_aircraft",
    "attack_helicopter",
)


def declared(year: int, *categories: str, party: str = "croatia", **more: str) -> tuple[Row, ...]:
    """Return the declaration valid on a year's first day: 100 of each category."""
    return tuple(
        {
            "party": party,
            "as_of": f"{year}-01-01",
            "basis": "declared",
            "category": category,
            "type": "",
            "status": "",
            "quantity": "100",
            "source": f"synthetic: annual exchange valid in {year}",
            "note": "",
            **more,
        }
        for category in categories or CATEGORIES
    )


def moved(date: str, quantity: str, **more: str) -> Row:
    """Return a movement of tanks out of Croatia."""
    return {
        "date": date,
        "type": "M-84",
        "category": "battle_tank",
        "quantity": quantity,
        "from": "croatia",
        "to": "@export:Elsewhere",
        "state": "",
        "basis": "press",
        "source": "synthetic",
        "note": "",
        "unit": "",
        **more,
    }


LOST = {"to": "@lost", "basis": "declared"}
SUBMISSIONS: tuple[tuple[str, tuple[Row, ...]], ...] = (
    ("2014-12-10", declared(2015)),
    ("2015-12-27", declared(2016)),
    # Of 2016, valid in 2017, nothing.
    ("2017-12-14", declared(2018, "battle_tank", "artillery")),
    ("2018-01-05", declared(2018, *CATEGORIES[3:], "armoured_combat_vehicle")),
    (
        "2018-12-15",
        (
            *declared(2019, *CATEGORIES[:3]),
            *declared(2019, "attack_helicopter", quantity="withheld"),
            *declared(2019, "battle_tank", status="decommissioned", quantity="7"),
        ),
    ),
    ("2019-03-14", (moved("2019-03-01", "10", basis="notified"),)),
    ("2019-04-10", (moved("2019-04-01", "4"), moved("2019-04-05", "5"))),
    ("2019-07-04", (moved("2019-07-01", "9", basis="notified"),)),
    ("2019-08-04", (moved("2019-08-01", "1", **LOST),)),
    ("2019-09-02", (moved("2019-09-01", "2", **LOST, note="Proof: report of an inspection"),)),
    ("2019-10-02", (moved("2019-10-01", "1", to="@lost"),)),
    ("2020-01-10", declared(2020, basis="relayed", as_of="2020-01-01..2020-01-31")),
)


def make(run: Run, folder: Path) -> Path:
    """Record the submissions, each on its own day, in a new ledger."""
    db = folder / "duties.db"
    assert run("db", "init", "--empty", db=db).code == 0
    for number, (day, rows) in enumerate(SUBMISSIONS):
        file = write(folder / f"{number}.csv", *rows)
        outcome = run("import", file, "--recorded-at", day, db=db)
        assert outcome.code == 0, outcome.stderr
    return db
