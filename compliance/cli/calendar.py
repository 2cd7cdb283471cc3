"""``compliance calendar``: what is due when, and what is on record of what was due."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from compliance.assess import duties
from compliance.assess.duty_rows import Calendar, Record
from compliance.assess.exchange import HINTS
from compliance.cli import exits, options
from compliance.cli.output import write_report
from compliance.cli.world import World
from compliance.ledger.received import holdings_received, movements_received
from compliance.values.errors import ComplianceError

# The exchange of the last year's end is valid in the year after.
_YEAR = click.IntRange(1, 9998)


@click.command(
    epilog=exits.HELP_WHERE_NOTHING_IS_JUDGED
    + """
\b
Examples:
  compliance calendar --year 2027
  compliance calendar --year 2027 --party croatia --format csv -o due.csv
  compliance calendar --from 1997 --to 2019
  compliance calendar --from 2015 --to 2019 --known-at 2020-01-31
"""
)
@click.option(
    "--year",
    type=_YEAR,
    metavar="YEAR",
    help="List what is due in that year, past or to come. Default: this year.",
)
@click.option(
    "--from",
    "first",
    type=_YEAR,
    metavar="YEAR",
    help="What is on record of all that was due from that year on. Default: that of signature.",
)
@click.option(
    "--to",
    "last",
    type=_YEAR,
    metavar="YEAR",
    help="... up to the end of that year. Default: this year.",
)
@options.party
@click.option(
    "--as-of",
    type=options.Day(),
    metavar="DATE",
    help="With --from or --to: the day one looks from; what falls due on it or later is not yet "
    "due. Default: today.",
)
@click.option(
    "--known-at",
    type=options.Moment(),
    metavar="DATE",
    help="With --from or --to: only what had been recorded by then, looked at from then. A day "
    "means its end, UTC.",
)
@options.output("table", "csv", "json", "markdown")
@options.lang
@click.pass_obj
def calendar(
    world: World,
    *,
    year: int | None,
    first: int | None,
    last: int | None,
    parties: tuple[str, ...],
    as_of: date | None,
    known_at: str | None,
    format_: str,
    path: Path | None,
) -> int:
    """List what the agreement's duties ask for and when; for past years, what is on record of it.

    With --year, or nothing: what is due on which day, by whom, under which provision. No ledger is
    needed.

    With --from or --to: for each of these days, whether a declaration is on record, in which
    submission, and how many days after the day it was due. The day counts on which it was first
    recorded here: an archive keeps its own days if it was imported with --recorded-at. Withheld is
    given; a missing report is not a report of none. A change that may have had to be notified is
    told with the notice, if there is one; a loss that a Party reports itself is "proof owed" until
    a note that begins "proof:" says what proves it.

    Where a duty is only derived from the model of the agreement, nothing is called late or missing.
    Nothing is called a violation anywhere: only the Parties determine that.
    """
    law = world.law
    asked = options.request(
        law,
        as_of=as_of,
        known_at=known_at,
        parties=parties,
        categories=(),
        basis=None,
        readings=(),
        accept_stale=False,
    )
    for name in asked.parties or ():
        actor = law.actor(name)
        if actor is not None:
            raise ComplianceError(
                f"{actor.name} is no Party: the agreement asks nothing of it",
                todo="name a Party, or an Entity of one",
            )
    if first is None and last is None:
        if as_of is not None or known_at is not None:
            raise ComplianceError(
                "--as-of and --known-at are about what is on record, and a list of what is due "
                "does not look at that",
                todo="give the years with --from and --to",
            )
        wanted = year or options.today().year
        found = duties.listed(law, wanted, wanted, parties=asked.parties)
    else:
        if year is not None:
            raise ComplianceError(
                "--year lists what is due, --from and --to show what is on record of it",
                todo="give the one or the others; one year is --from 2019 --to 2019",
            )
        day = asked.as_of
        if known_at is not None:
            moment = date.fromisoformat(known_at[:10])
            day = min(moment, day) if as_of else moment
        first, last = _years(law.signed.year, first, last)
        found = _on_record(world, first, last, asked.parties, day, known_at)
    from compliance.report.calendar import render

    write_report(render(found, format_), path)
    return exits.OK


def _years(signed: int, first: int | None, last: int | None) -> tuple[int, int]:
    first = signed if first is None else first
    last = max(first, options.today().year) if last is None else last
    if first > last:
        raise ComplianceError(
            f"--from {first} is later than --to {last}", todo="write the earlier year first"
        )
    return first, last


def _on_record(
    world: World,
    first: int,
    last: int,
    parties: tuple[str, ...] | None,
    day: date,
    known_at: str | None,
) -> Calendar:
    law = world.law
    start, end = duties.reach(law, first, last)
    # Everybody's: a part's declaration speaks for its whole, and the whole's for its parts.
    everybody = [party.id for party in law.parties]
    with world.reading() as reading:
        record = Record(
            holdings=holdings_received(
                reading,
                first=start,
                last=end,
                parties=everybody,
                bases=HINTS,
                known_at=known_at,
            ),
            movements=movements_received(
                reading, first=start, last=end, parties=everybody, known_at=known_at
            ),
            as_of=day,
            known=world.lookup,
        )
    return duties.kept(law, first, last, record, parties=parties, known_at=known_at)
