"""How much a series costs: thirty years year by year, in one walk, against once and thirty times.

    python bench/diff_every_year.py [--movements 4000] [--pairs 30]

Run on the published figures and on a synthetic ledger: every figure in that one is made up, and
every row says so in its source. The answers are checked to be the same before times are printed.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import click

from compliance.agreement.law import Agreement
from compliance.assess.compared import Comparison, Every
from compliance.assess.diff import compare
from compliance.assess.standing import Request
from compliance.assess.walk import View
from compliance.cli import options
from compliance.cli.main import _run
from compliance.cli.world import World
from compliance.ledger.append import record
from compliance.ledger.balances import evidence
from compliance.ledger.schema import open_ledger
from compliance.values.dates import DateSpan
from compliance.values.records import Account, Holding, Movement, Row
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status

START, YEARS = date(1996, 1, 1), 30
END = date(START.year + YEARS, 1, 1)
SOURCE = "synthetic, made by bench/diff_every_year.py"
PARTIES = ("bosnia-herzegovina", "croatia", "fr-yugoslavia", "serbia")
TYPES = {
    "battle_tank": ("T-55", "M-84"),
    "armoured_combat_vehicle": ("M-80A BVP", "BOV-VP"),
    "artillery": ("122 mm D-30", "M-77 Oganj"),
    "combat_aircraft": ("MiG-21", "G-4 Super Galeb"),
    "attack_helicopter": ("Mi-35M", "Mi-24"),
}
_T = TypeVar("_T")


def synthetic(count: int, *, declared_every: int = 1) -> list[Row]:
    """Return annual declarations of four parties in five categories, and movements between them."""
    pick = random.Random(1996)  # noqa: S311 - made-up figures
    rows: list[Row] = [
        Holding(party, DateSpan.on(date(year, 1, 1)), Basis.DECLARED, category, "", Status.OVERALL,
                Span.exactly(pick.randint(50, 400)), SOURCE)
        for year in range(START.year, END.year + 1, declared_every)
        for party in PARTIES
        for category in TYPES
    ]  # fmt: skip
    for _ in range(count):
        category = pick.choice(sorted(TYPES))
        first = START + timedelta(days=pick.randrange((END - START).days))
        last = first + timedelta(days=pick.choice((0, 0, 0, 20, 90)))
        holder = Account.parse(pick.choice(PARTIES))
        outside = Account.parse(
            pick.choice(("@import:France", "@reduced:destroyed", "@export:Chad"))
        )
        arrives = outside.place.startswith("@import")
        rows.append(
            Movement(
                date=DateSpan(first, last),
                type=pick.choice(TYPES[category]),
                category="",
                quantity=pick.choice((Span.exactly(pick.randint(1, 9)), Span(2, 5))),
                origin=outside if arrives else holder,
                destination=holder if arrives else outside,
                state=State.DONE,
                basis=pick.choice((Basis.NOTIFIED, Basis.OFFICIAL, Basis.PRESS)),
                source=SOURCE,
            )
        )
    return rows


class Ledger:
    """A ledger, and what is asked of it."""

    def __init__(self, path: Path, rows: list[Row] | None) -> None:
        self.world = World(db=str(path))
        made = _run(["--db", str(path), "db", "init", *([] if rows is None else ["--empty"])])
        assert made == 0
        if rows is not None:
            engine = open_ledger(self.world.url, writing=True)
            record(engine, rows, recorded_by="bench", command="bench/diff_every_year.py")
            engine.dispose()
        self.law: Agreement = self.world.law

    def compare(self, start: date, end: date, every: Every | None = None) -> Comparison:
        """Read the ledger and compare: all that one run of ``diff`` does but the printing."""
        request: Request = options.request(
            self.law, as_of=end, known_at=None, parties=PARTIES, categories=(), basis=None,
            readings=(), accept_stale=False,
        )  # fmt: skip
        with self.world.reading() as connection:
            found = evidence(
                connection,
                as_of=end,
                since=start,
                parties=tuple(holder.id for holder in self.law.holders),
                wholes=("bosnia-herzegovina",),
                categories=tuple(category.id for category in self.law.categories),
            )
        view = View(self.law, self.world.lookup, request.readings, found)
        return compare(view, view, start, end, request, every=every)


def timed(action: Callable[[], _T], times: int = 3) -> tuple[_T, float]:
    """Return what an action gives and the least processor time it took, in seconds."""
    best, result = float("inf"), action()
    for _ in range(times):
        gc.collect()
        began = time.process_time()
        result = action()
        best = min(best, time.process_time() - began)
    return result, best


def measure(name: str, ledger: Ledger, pairs: int) -> None:
    """Print what a series costs on a ledger."""
    whole, once = timed(lambda: ledger.compare(START, END))
    series, every = timed(lambda: ledger.compare(START, END, Every.YEAR))
    days = [date(START.year + n, 1, 1) for n in range(pairs + 1)]
    apart, each = timed(lambda: [ledger.compare(a, b) for a, b in pairwise(days)], times=1)
    for one, other in zip(series.periods, apart, strict=False):
        if one.rows != other.periods[0].rows:
            sys.exit(f"{name}: {one.start} to {one.end} differs between the series and one diff")
    ends = [(row.before, row.after) for row in whole.periods[0].rows]
    if ends != [
        (first.before, last.after)
        for first, last in zip(series.periods[0].rows, series.periods[-1].rows, strict=True)
    ]:
        sys.exit(f"{name}: the ends of the series differ from one diff over the whole time")
    causes = sum(len(row.causes) for period in series.periods for row in period.rows)
    click.echo(
        f"{name}: {len(series.periods)} years, {len(whole.periods[0].rows)} limits, {causes} causes"
    )
    click.echo(f"  one diff over the whole time     {once:8.3f} s")
    click.echo(f"  one diff --every year            {every:8.3f} s   {every / once:.2f} x")
    click.echo(f"  {pairs} diffs of one year each      {each:8.3f} s   {each / once:.2f} x")
    click.echo("  the answers are equal")


def main() -> None:
    """Run on both ledgers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--movements", type=int, default=4000)
    parser.add_argument("--pairs", type=int, default=YEARS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure("published figures", Ledger(Path(folder) / "published.db", None), asked.pairs)
        rows = synthetic(asked.movements)
        name = f"synthetic, {asked.movements:,} movements"
        measure(name, Ledger(Path(folder) / "synthetic.db", rows), asked.pairs)
        rows = synthetic(asked.movements, declared_every=10)
        name = f"synthetic, {asked.movements:,} movements, a declaration every ten years"
        measure(name, Ledger(Path(folder) / "sparse.db", rows), asked.pairs)


if __name__ == "__main__":
    main()
