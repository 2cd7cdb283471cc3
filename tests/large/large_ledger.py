"""The synthetic ledger of the benchmark, with rows of every doubtful kind on top, and its copies.

All of it is recorded through the command line, year by year, as an archive would be.
"""

from __future__ import annotations

import csv
import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from independent import Asked, Bounds, Limit, Recomputed, Said, rows
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from conftest import Outcome, Run

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench.generate import generate
from bench.invented import (
    CATEGORIES,
    CATEGORY_OF,
    FIRST_YEAR,
    LAST_YEAR,
    PARTIES,
    parties,
    write_pack,
)

YEARS = range(FIRST_YEAR - 1, LAST_YEAR + 1)
LIMITS: list[Limit] = [(party, category) for party in PARTIES for category in CATEGORIES]
DOUBTFUL = f"{LAST_YEAR + 1}-03-01"
"""When the rows on top were recorded."""
VERDICTS = (0, 1, 3)
"""Exit codes of a reading command that did its work."""


@dataclass(frozen=True)
class Large:
    """A ledger and the files it was made from.

    Attributes:
        db: as ``--db`` takes it.
        movements: how many the generator made; the doubtful ones come on top.
        copied: makes one more ledger like it, and returns it as ``--db`` takes it.
    """

    run: Run
    db: str
    files: Path
    movements: int
    copied: Callable[[], str]

    def copy(self) -> Large:
        """Return one more ledger like it, to be written to."""
        return replace(self, db=self.copied())

    def call(self, *arguments: str | Path, codes: Sequence[int] = VERDICTS) -> Outcome:
        """Run the program on the ledger under the invented treaty."""
        pack = self.files / "bench-treaty"
        outcome = self.run("--agreement", pack, "--db", self.db, *arguments)
        assert outcome.code in codes, f"{arguments}: {outcome.code}\n{outcome.stderr[-3000:]}"
        return outcome

    def audit(self, question: Asked, *more: str) -> list[dict[str, Any]]:
        """Return the rows of an audit."""
        found: list[dict[str, Any]] = self.call(
            "audit", *question.options, *more, "--format", "json"
        ).json["rows"]
        return found

    def tell(self, *paths: Path, on: str = "", day: str = f"{LAST_YEAR}-12-31") -> None:
        """Record files, as of a day gone by where one is named."""
        when = ["--recorded-at", on] if on else []
        self.call("import", *paths, *when, "--as-of", day, codes=[0])

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Read with a plain client."""
        return ask(self.db, query)

    def newest(self) -> tuple[int, str]:
        """Return the number of the newest submission and the name of its content."""
        query = "SELECT id, content_sha256 FROM submission ORDER BY id DESC LIMIT 1"
        number, content = self.ask(query)[0]
        return int(number), str(content)

    def holdings(self) -> list[Said]:
        """Return every row of every declaration."""
        found = [
            Said(cells, f"{year + 1}-01-15")
            for year in YEARS
            for cells in rows(self.files / f"declarations-{year}.csv")
        ]
        found += [Said(cells, DOUBTFUL) for cells in rows(self.files / "doubtful-holdings.csv")]
        return found

    def moved(self) -> Iterator[Said]:
        """Yield every movement, those that were corrected and those that correct them."""
        for year in YEARS[1:]:
            first, later = f"{year + 1}-01-15", f"{year + 1}-02-15"
            path = self.files / f"corrections-{year}.csv"
            wrong = set()
            if path.is_file():
                yield from (Said(cells, later) for cells in rows(path))
                wrong = {cells["ref"] for cells in rows(path)}
            for cells in rows(self.files / f"movements-{year}.csv"):
                yield Said(cells, first, later if cells["ref"] in wrong else "")
        for cells in rows(self.files / "doubtful-movements.csv"):
            yield Said(cells, DOUBTFUL)

    def recomputed(self, asked: Sequence[Asked]) -> Recomputed:
        """Return all counts of the days, found again from the files."""
        found = Recomputed(CATEGORY_OF, LIMITS, asked, self.holdings())
        for said in self.moved():
            found.move(said)
        return found


def ask(db: str, query: str) -> list[tuple[Any, ...]]:
    """Read a ledger with a plain client."""
    url = make_url(db if "://" in db else f"sqlite:///{db}")
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]
    finally:
        engine.dispose()


def spans(found: Sequence[dict[str, Any]], what: str = "counted") -> dict[Limit, Bounds]:
    """Return a span of each row of an answer by its party and category."""
    return {(r["party"], r["category"]): (r[what]["low"], r[what]["high"]) for r in found}


def make_files(folder: Path, movements: int) -> None:
    """Write the files of a ledger, and the treaty it is judged under."""
    generate(folder, movements)
    write_pack(folder)
    _write(folder / "doubtful-holdings.csv", list(_held()))
    _write(folder / "doubtful-movements.csv", list(_moved()))


def build(large: Large, years: Sequence[int] = YEARS) -> None:
    """Record all files, corrections in submissions of their own.

    Args:
        large: an empty ledger.
        years: in this order; where it is not that of the calendar, everything is recorded now.
    """
    in_order = list(years) == sorted(years)
    for year in years:
        files = [large.files / f"{kind}-{year}.csv" for kind in ("movements", "declarations")]
        day = f"{year}-12-31"
        files = [path for path in files if path.is_file()]
        large.tell(*files, on=f"{year + 1}-01-15" if in_order else "", day=day)
        corrections = large.files / f"corrections-{year}.csv"
        if corrections.is_file():
            named = large.files / f"named-{year}.csv"
            name_corrected(corrections, files[0], named, large.newest()[1])
            large.tell(named, on=f"{year + 1}-02-15" if in_order else "", day=day)
    doubtful = [large.files / f"doubtful-{kind}.csv" for kind in ("holdings", "movements")]
    large.tell(*doubtful, on=DOUBTFUL if in_order else "")


def name_corrected(corrections: Path, corrected: Path, named: Path, submission: str) -> None:
    """Write corrections with the names of the rows that they correct, found by ``ref``.

    Args:
        corrections: the file.
        corrected: the first file of the submission that they correct.
        named: the file to write.
        submission: the name of its content.
    """
    wanted = list(rows(corrections))
    refs = {cells["ref"] for cells in wanted}
    lines = {cells["ref"]: n for n, cells in enumerate(rows(corrected), 1) if cells["ref"] in refs}
    _write(named, [{**c, "corrects": f"{submission[:16]}:{lines[c['ref']]}"} for c in wanted])


def _held() -> Iterator[dict[str, str]]:
    """Yield declarations in the middle of a year, of other bases, of a span of days, of a part."""
    dated = (
        ("party-03", "2008-06-30", "notified", CATEGORIES),
        ("party-03", "2024-06-30", "notified", CATEGORIES),
        ("party-05", "2024-03-31", "estimate", CATEGORIES),
        ("party-06", "2024-03-31..2024-04-30", "estimate", CATEGORIES[:2]),
        ("party-07", "2024-06-01..2024-06-30", "notified", CATEGORIES),
        ("party-09", "2024-09-30", "relayed", CATEGORIES),
        ("party-11", "2023-09-15", "notified", ("artillery",)),
        ("party-12", "2024-02-29", "notified", CATEGORIES[1:]),
    )
    known = {party.id: party for party in parties()}
    for number, (name, as_of, basis, categories) in enumerate(dated):
        for designation, usual in zip(known[name].types, known[name].usual, strict=True):
            category = CATEGORY_OF[designation]
            if category in categories:
                yield {
                    "party": name,
                    "as_of": as_of,
                    "basis": basis,
                    "category": category,
                    "type": designation,
                    "status": "overall",
                    "quantity": f"{usual}..{usual + number}" if number % 3 == 0 else str(usual),
                    "source": f"synthetic: doubtful declaration {number}",
                }


def _moved() -> Iterator[dict[str, str]]:
    """Yield movements of every basis, in and out and across, around all days that are asked of."""
    dates = (
        *("2024-03-01", "2023-12-31", "2024-08-17", "2024-08-18", "2024-06-10", "2008-06-30"),
        *("2008-07-01", "2024-08-01..2024-09-30", "2023-12-01..2024-01-31"),
        *("2008-06-01..2008-07-15", "2023-09-10..2023-09-20", "2022-12-30..2025-02-01"),
        *(
            "2024-12-31..2025-01-01",
            "1991-05-10..1991-05-20",
            "2010-12-20..2011-01-20",
            "2025-12-28",
        ),
    )
    bases = ("declared", "notified", "relayed", "observed", "official", "estimate", "press")
    kinds = itertools.product(dates, bases, ("3", "2..5"), ("in", "out", "across"))
    turns = itertools.cycle(enumerate(parties()))
    for number, ((day, basis, quantity, way), (place, party)) in enumerate(
        zip(kinds, turns, strict=False), 1
    ):
        other = PARTIES[(place + 7) % len(PARTIES)]
        origin, destination = {
            "in": ("@import:France", f"{party.id}:stored"),
            "out": (party.id, ("@lost", "@export", "@reduced:converted")[number % 3]),
            "across": (party.id, other),
        }[way]
        yield _movement(
            number,
            day,
            party.types[number % len(party.types)],
            quantity,
            origin,
            destination,
            state="planned" if number % 4 == 0 else "done",
            basis=basis,
            marking="restricted" if number % 5 == 0 else "",
        )
    # Of these nobody can say how many: one alone opens a count on that side.
    for number, (origin, destination) in enumerate(
        (("@import:Spain", "party-14"), ("party-15", "@lost")), 1001
    ):
        held = next(p for p in parties() if p.id in (origin, destination))
        yield _movement(number, "2024-05-05", held.types[0], "15..", origin, destination)


def _movement(
    number: int,
    day: str,
    designation: str,
    quantity: str,
    origin: str,
    destination: str,
    *,
    state: str = "done",
    basis: str = "declared",
    marking: str = "",
) -> dict[str, str]:
    return {
        "date": day,
        "type": designation,
        "category": "",
        "quantity": quantity,
        "from": origin,
        "to": destination,
        "state": state,
        "basis": basis,
        "source": "synthetic: doubtful movement",
        "ref": f"doubtful/{number}",
        "marking": marking,
    }


def write_movements(path: Path, *moved: dict[str, str]) -> Path:
    """Write a file of movements."""
    _write(path, moved)
    return path


def _write(path: Path, found: Sequence[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)
