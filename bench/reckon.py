"""What the answers must be: an independent recomputation from the files, row by row.

    python -m bench.reckon FOLDER DAY...

It shares no line with the program: plain sums over the CSV files, by the rules that the pages give
(docs/method.md). A day is answered from the last declarations of 31 December at or before it.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypedDict

from bench.invented import CATEGORY_OF, FIRST_YEAR, LAST_YEAR

Counts = dict[str, tuple[int, int]]
"""The lowest and the highest count, by ``party/category``."""

_WEAK_IN = frozenset({"estimate", "press"})
_WEAK_OUT = _WEAK_IN | {"official"}


class Totals(TypedDict):
    """What all rows of a kind come to."""

    rows: int
    quantity: int


class Reckoned(TypedDict):
    """What comes out.

    Attributes:
        counts: by day.
        movements: all rows of the movement files, planned ones included.
        corrections: the rows that correct one.
        holdings: the rows of the declarations.
        groups: how many different (from, to, type, year) there are, corrections included.
    """

    counts: dict[str, Counts]
    movements: Totals
    corrections: Totals
    holdings: Totals
    groups: int


def reckon(folder: Path, days: Iterable[str]) -> Reckoned:
    """Return what the files of a ledger come to on the days, each of them in ISO form."""
    return _Reckoner(folder, sorted(set(days))).result()


class _Reckoner:
    def __init__(self, folder: Path, days: list[str]) -> None:
        self._folder = folder
        self._sums: dict[str, dict[str, list[int]]] = {day: {} for day in days}
        # By year, the days that a movement of that year can bear on, each with its declaration's.
        self._asked: dict[str, list[tuple[str, str]]] = {}
        for day in days:
            year = int(day[:4]) - (day[5:] != "12-31")
            for near in {year, int(day[:4])}:
                self._asked.setdefault(str(near), []).append((f"{year}-12-31", day))
        self._groups: set[tuple[str, str, str, str]] = set()

    def result(self) -> Reckoned:
        holdings: Totals = {"rows": 0, "quantity": 0}
        for year in range(FIRST_YEAR - 1, LAST_YEAR + 1):
            self._declared(year, holdings)
        corrected: dict[str, list[str]] = {}
        for path in sorted(self._folder.glob("corrections-*.csv")):
            corrected |= {row[9]: row for row in _rows(path)}
        movements: Totals = {"rows": 0, "quantity": 0}
        corrections: Totals = {"rows": 0, "quantity": 0}
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            for row in _rows(self._folder / f"movements-{year}.csv"):
                self._add(row, movements)
                self._moved(corrected.get(row[9], row))
        for row in corrected.values():
            self._add(row, corrections)
        return {
            "counts": {
                day: {name: (max(0, low), max(0, high)) for name, (low, high) in of.items()}
                for day, of in self._sums.items()
            },
            "movements": movements,
            "corrections": corrections,
            "holdings": holdings,
            "groups": len(self._groups),
        }

    def _declared(self, year: int, totals: Totals) -> None:
        declared = f"{year}-12-31"
        days = [day for asked in self._asked.values() for last, day in asked if last == declared]
        for row in _rows(self._folder / f"declarations-{year}.csv"):
            totals["rows"] += 1
            totals["quantity"] += int(row[6])
            for day in set(days):
                held = self._sums[day].setdefault(f"{row[0]}/{row[3]}", [0, 0])
                held[0] += int(row[6])
                held[1] += int(row[6])

    def _add(self, row: list[str], totals: Totals) -> None:
        totals["rows"] += 1
        totals["quantity"] += int(row[3].partition("..")[0])
        self._groups.add((_party(row[4]), _party(row[5]), row[1], row[0][:4]))

    def _moved(self, row: list[str]) -> None:
        """Add a movement to the days that it bears on."""
        first, last = row[0][:10], row[0][-10:]
        if row[6] != "done":
            return
        bears = self._asked.get(first[:4], [])
        if first[:4] != last[:4]:
            bears = list({*bears, *self._asked.get(last[:4], [])})
        for declared, day in bears:
            if first <= day and last > declared:
                self._bear(row, day, certain=first > declared and last <= day)

    def _bear(self, row: list[str], day: str, *, certain: bool) -> None:
        origin, destination = _party(row[4]), _party(row[5])
        if origin == destination:
            return
        least, _, most = row[3].partition("..")
        low, high = int(least), int(most or least)
        category, sums = CATEGORY_OF[row[1]], self._sums[day]
        if destination:
            held = sums[f"{destination}/{category}"]
            held[0] += low if certain and row[7] not in _WEAK_IN else 0
            held[1] += high
        if origin:
            held = sums[f"{origin}/{category}"]
            held[0] -= high
            held[1] -= low if certain and row[7] not in _WEAK_OUT else 0


def _party(account: str) -> str:
    return "" if account[0] == "@" else account.partition(":")[0]


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


if __name__ == "__main__":
    print(json.dumps(reckon(Path(sys.argv[1]), sys.argv[2:])))  # noqa: T201
