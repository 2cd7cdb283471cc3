"""Writes a synthetic ledger as files: one of movements for each year, with declarations between.

    python -m bench.generate FOLDER MOVEMENTS [CORRECTED_A_YEAR]

The same number gives the same bytes. Nothing is kept but the books of thirty Parties: memory does
not grow with the number of movements. Every row says "synthetic" in its source.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

from bench.invented import CATEGORY_OF, FIRST_YEAR, LAST_YEAR, SEED, YEARS, Party, parties

_MOVED = ("date", "type", "category", "quantity", "from", "to", "state", "basis", "source", "ref")
_HELD = ("party", "as_of", "basis", "category", "type", "status", "quantity", "source")
CORRECTED_A_YEAR, PLANNED, DONE = 5, 60, "done"
_LANDS = ("France", "Germany", "Poland", "Italy", "Spain")
_BASES = ("declared",) * 120 + ("notified",) * 4 + ("relayed",) * 2 + ("official", "press")
"""One in sixty-four is of lesser authority: it widens a count."""

Cells = list[str]


class Books:
    """What each Party holds by type, moved row by row."""

    def __init__(self, movements: int) -> None:
        self.parties: tuple[Party, ...] = parties()
        self.chance = random.Random(SEED * 1_000_003 + movements)  # noqa: S311 - invented figures
        self.held = [list(party.usual) for party in self.parties]
        self._holders: dict[str, list[tuple[int, int]]] = {}
        for number, party in enumerate(self.parties):
            for place, name in enumerate(party.types):
                self._holders.setdefault(name, []).append((number, place))

    def movement(self, dates: list[str], day: int) -> Cells:
        """Return the cells from ``date`` to ``basis`` of one movement, and carry it out."""
        luck = self.chance.getrandbits(62)
        number, place = luck % 30, (luck >> 5) % 12
        party = self.parties[number]
        name, have, usual = party.types[place], self.held[number][place], party.usual[place]
        quantity = 1 + (luck >> 12) % 5
        kind, coin, more = (luck >> 16) & 63, (luck >> 22) & 1, luck >> 23
        written, when = str(quantity), dates[day]
        odd = more & 255
        if odd == 0:
            written = f"{quantity}..{quantity + 1 + (more >> 8) % 3}"
        elif odd == 1:
            first = date.fromisoformat(when)
            when = f"{when}..{first + timedelta(days=5 + (more >> 8) % 120)}"
        basis = _BASES[(more >> 10) & 127]
        if kind < 3:
            origin, destination = f"{party.id}:in_service", f"{party.id}:stored"
            if coin:
                origin, destination = destination, origin
        elif have < usual // 2 or (coin and have < 2 * usual) or have <= quantity:
            origin, destination = self._origin(name, number, quantity, kind, more >> 17), party.id
            self.held[number][place] += quantity
        else:
            origin, destination = party.id, self._destination(kind, more >> 17)
            self.held[number][place] -= quantity
        return [when, name, "", written, origin, destination, DONE, basis]

    def _origin(self, name: str, number: int, quantity: int, kind: int, luck: int) -> str:
        if kind < 16:
            other, place = self._holders[name][luck % len(self._holders[name])]
            if other != number and self.held[other][place] > quantity:
                self.held[other][place] -= quantity
                return self.parties[other].id
        return "@production" if kind < 24 else f"@import:{_LANDS[luck % 5]}"

    def _destination(self, kind: int, luck: int) -> str:
        if kind < 40:
            return "@reduced:destroyed"
        if kind < 44:
            return "@reduced:converted"
        return "@lost" if kind < 47 else f"@export:{_LANDS[luck % 5]}"

    def declarations(self, year: int) -> Iterator[Cells]:
        """Yield what each Party declares of 31 December: what it holds, but for some noise."""
        for number, party in enumerate(self.parties):
            for place, name in enumerate(party.types):
                noise = self.chance.randrange(100)
                if noise < 3:
                    self.held[number][place] = max(0, self.held[number][place] + 2 * noise - 3)
                held = str(self.held[number][place])
                source = f"synthetic: exchange of {year} of {party.id}"
                row = [party.id, f"{year}-12-31", "declared", CATEGORY_OF[name], name]
                yield [*row, "overall", held, source]

    def planned(self, count: int) -> Iterator[Cells]:
        """Yield movements of the five years after the last, by date, that are only intended."""
        for number in range(count):
            day = date(LAST_YEAR + 1, 1, 2) + timedelta(days=number * 1800 // count)
            party = self.parties[number % 30]
            name = party.types[number % 12]
            outside = number % 3 == 0
            origin = party.id if outside else f"@import:{_LANDS[number % 5]}"
            destination = "@reduced:destroyed" if outside else party.id
            row = [str(day), name, "", str(5 + number % 40), origin, destination]
            yield [*row, "planned", "declared"]


def generate(folder: Path, movements: int, corrected: int = CORRECTED_A_YEAR) -> None:
    """Write the files of a ledger into a folder.

    ``declarations-YEAR.csv`` from the year before the first on, ``movements-YEAR.csv``, and
    ``corrections-YEAR.csv``: rows of that year again, by ``ref``, with another quantity.

    Args:
        folder: where to; made if it is not there.
        movements: how many in all years together; at least one a year.
        corrected: so many movements a year are corrected, if there are as many.
    """
    folder.mkdir(parents=True, exist_ok=True)
    books = Books(movements)
    _write(folder / f"declarations-{FIRST_YEAR - 1}.csv", _HELD,
           books.declarations(FIRST_YEAR - 1))  # fmt: skip
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        done = year - FIRST_YEAR
        count = movements * (done + 1) // YEARS - movements * done // YEARS
        wrong: list[Cells] = []
        _write(
            folder / f"movements-{year}.csv",
            _MOVED,
            _year(books, year, count, corrected, wrong),
        )
        _write(folder / f"declarations-{year}.csv", _HELD, books.declarations(year))
        if wrong:
            _write(folder / f"corrections-{year}.csv", _MOVED, iter(wrong))
    (folder / "complete").touch()


def _year(
    books: Books, year: int, count: int, corrected: int, wrong: list[Cells]
) -> Iterator[Cells]:
    """Yield a year's movements by date, and note how some of them are to be corrected."""
    first = date(year, 1, 1)
    days = (date(year + 1, 1, 1) - first).days
    dates = [str(first + timedelta(days=day)) for day in range(days)]
    planned = min(PLANNED, count // 5) if year == LAST_YEAR else 0
    done = count - planned
    step = max(1, done // corrected) if corrected else done + 1
    source = f"synthetic: benchmark rows of {year}"
    carried_out = (books.movement(dates, number * days // done) for number in range(done))
    for number, cells in enumerate(chain(carried_out, books.planned(planned)), 1):
        row = [*cells, source, f"{year}/{number}"]
        yield row
        wanted = number <= done and number % step == 0 and len(wrong) < corrected
        if wanted and ".." not in row[0] + row[3]:
            wrong.append([*row[:3], str(int(row[3]) + 1), *row[4:]])


def _write(path: Path, columns: Sequence[str], rows: Iterator[Cells]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


if __name__ == "__main__":
    generate(Path(sys.argv[1]), *(int(number) for number in sys.argv[2:]))
