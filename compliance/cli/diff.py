"""``compliance diff``: how headroom changed between two days, and because of what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from compliance.assess.compared import Comparison, Every
from compliance.assess.count import Counter
from compliance.assess.diff import compare, series
from compliance.assess.folding import folding
from compliance.assess.standing import Request
from compliance.assess.timeline import days_of_parts
from compliance.assess.walk import View
from compliance.cli import exits, garbage, options
from compliance.cli.diff_options import sides
from compliance.cli.output import paint, write_report
from compliance.cli.world import World
from compliance.ledger.balances import evidence
from compliance.ledger.declared import declarations
from compliance.ledger.reading import Reading
from compliance.values.dates import add_months, parse_date
from compliance.values.errors import ComplianceError
from compliance.values.evidence import Background

_MOST_YEARS = 100
_YEAR = re.compile(r"\d{4}")


class FirstDay(click.ParamType[date]):
    """A day, or a year, which means its 1 January: the day the annual exchange is valid."""

    name = "year or date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day, or fail with what was expected."""
        text = str(value).strip()
        try:
            return parse_date(f"{text}-01-01" if _YEAR.fullmatch(text) else text)
        except ValueError:
            self.fail(f"'{text}' is neither a year nor a day: write YYYY or YYYY-MM-DD", param, ctx)


@click.command(
    epilog=exits.HELP.replace("Exit codes:", "Exit codes, by the verdicts of the last day:")
    + """
\b
Examples:
  compliance diff 2023 2024 --party serbia --category attack_helicopter
  compliance diff 1996 2019 --category battle_tank --every year
  compliance diff 2000 2010 --party serbia --succession
  compliance diff 2024 2024 --known-at-from 2024-03-01 --known-at-to 2024-09-01
  compliance diff 2015 2026 --every year --format csv -o headroom.csv
"""
)
@click.argument("start", metavar="FROM", type=FirstDay())
@click.argument("end", metavar="TO", type=FirstDay())
@click.option(
    "--every",
    type=click.Choice([every.value for every in Every]),
    help="Compare year by year, or quarter by quarter, from FROM on.",
)
@click.option(
    "--succession",
    is_flag=True,
    help="Compare a Party with the one whose place it took in between.",
)
@click.option("--all", "everything", is_flag=True, help="Show what did not change as well.")
@sides
@options.output("table", "csv", "json", "markdown")
@options.lang
@options.exit_zero
@click.pass_obj
def diff(
    world: World,
    *,
    start: date,
    end: date,
    every: str | None,
    succession: bool,
    everything: bool,
    parties: tuple[str, ...],
    categories: tuple[str, ...],
    basis: str | None,
    accept_stale: bool,
    readings: tuple[str, ...],
    readings_from: tuple[str, ...],
    readings_to: tuple[str, ...],
    known_at: str | None,
    known_at_from: str | None,
    known_at_to: str | None,
    format_: str,
    path: Path | None,
    exit_zero: bool,
) -> int:
    """Show how headroom changed from the end of FROM to the end of TO, and because of what.

    FROM and TO are days, or years: a year means its 1 January, the day the annual exchange is
    valid. The causes add up to the change on both bounds: ceilings amended, Parties that joined or
    left, each movement, each figure that differs from the book. What was recorded between
    --known-at-from and --known-at-to, our knowledge and not the world, is told apart, first.
    """
    _check(start, end, every)
    if known_at is not None and (known_at_from is not None or known_at_to is not None):
        raise ComplianceError(
            "--known-at holds for both days and does not go with --known-at-from or --known-at-to",
            todo="use --known-at alone, or one or both of the other two",
        )

    def request(known: str | None, more: tuple[str, ...]) -> Request:
        return options.request(
            world.law,
            as_of=end,
            known_at=known_at or known,
            parties=parties,
            categories=categories,
            basis=basis,
            readings=(*readings, *more),
            accept_stale=accept_stale,
        )

    first, last = request(known_at_from, readings_from), request(known_at_to, readings_to)
    days = (start, end) if every is None else series(start, end, Every(every))
    with garbage.unsearched():
        with world.reading() as reading:
            after = _view(world, reading, last, days)
            before = replace(after, readings=first.readings)
            if first.known_at != last.known_at:
                before = _view(world, reading, first, days)
        if before == after:
            before = after
        result = compare(
            before,
            after,
            start,
            end,
            last,
            every=Every(every) if every else None,
            succession=succession,
        )
        write_report(_rendered(result, format_, path, everything=everything), path)
    return exits.of_verdicts(result.verdicts, zero=exit_zero)


def _check(start: date, end: date, every: str | None) -> None:
    if start > end:
        raise ComplianceError(
            f"FROM {start} is later than TO {end}",
            todo=f"put the earlier day first: compliance diff {end} {start}",
        )
    if every is not None and end.year - start.year > _MOST_YEARS:
        raise ComplianceError(
            f"{start} to {end} is longer than {_MOST_YEARS} years, too long for --every",
            todo="name days that are nearer, or leave --every out",
        )


def _view(world: World, reading: Reading, request: Request, days: Sequence[date]) -> View:
    """Return what a side is judged on: all that bears on any day of the stretch."""
    law = world.law
    start, end = days[0], days[-1]
    # Everybody's: parts and predecessors count for those that are asked about.
    parties = tuple(holder.id for holder in law.holders)
    found = evidence(
        reading,
        as_of=end,
        since=start,
        known_at=request.known_at,
        parties=parties,
        wholes=tuple({party.part_of for party in law.parties} - {""}),
        categories=request.categories or tuple(category.id for category in law.categories),
        basis=request.basis,
        days={*days, *days_of_parts(law, last=end)},
        folding=folding(law, Counter(law, world.lookup, request.readings)),
    )
    later = declarations(
        reading,
        as_of=add_months(end, law.current_months),
        known_at=request.known_at,
        parties=parties,
        bases=None if request.basis is None else (request.basis,),
        since=end,
        latest=False,
    )
    on_record = found.standing_before(Background(later))
    return View(law, world.lookup, request.readings, on_record, request.known_at)


def _rendered(
    result: Comparison, format_: str, path: Path | None, *, everything: bool
) -> str | Iterable[str]:
    if format_ == "json":
        from compliance.report import diff_json

        return diff_json.render(result)
    if format_ == "csv":
        from compliance.report import diff_csv

        return diff_csv.render(result)
    from compliance.report import diff, diff_series
    from compliance.report.style import Style

    style = Style(markdown=True)
    if format_ == "table":
        style = Style() if path else Style(paint=paint)
    if result.every is None:
        return diff.render(result, style, everything=everything)
    return diff_series.render(result, style, everything=everything)
