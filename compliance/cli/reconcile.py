"""``compliance reconcile``: does the record add up from one declaration to the next?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from compliance.assess.reconcile import reconcile as compare
from compliance.cli import exits, options
from compliance.cli.output import write_report
from compliance.cli.world import World
from compliance.ledger.balances import evidence
from compliance.values.errors import ComplianceError
from compliance.values.vocabulary import Basis


@click.command(
    epilog=exits.HELP_WHERE_NOTHING_IS_JUDGED
    + """
\b
Examples:
  compliance reconcile
  compliance reconcile --party croatia --category combat_aircraft
  compliance reconcile --from 2015-01-01 --to 2019-12-31 --basis relayed
  compliance reconcile --format csv -o reconciled.csv
"""
)
@options.party
@options.category
@click.option(
    "--from",
    "start",
    type=options.Day(),
    metavar="DATE",
    help="Leave out what ended before that day. Default: everything.",
)
@click.option(
    "--to",
    "until",
    type=options.Day(),
    metavar="DATE",
    help="Look at nothing dated after that day. Default: everything.",
)
@click.option(
    "--basis",
    type=click.Choice([basis.value for basis in Basis]),
    help="Only declarations of this basis. Default: each rank by itself; 'declared' and "
    "'notified' are one. Movements are of any basis.",
)
@options.known_at
@options.reading
@options.output("table", "csv", "json", "markdown")
@options.lang
@click.pass_obj
def reconcile(
    world: World,
    *,
    parties: tuple[str, ...],
    categories: tuple[str, ...],
    start: date | None,
    until: date | None,
    basis: str | None,
    known_at: str | None,
    readings: tuple[str, ...],
    format_: str,
    path: Path | None,
) -> int:
    """Compare each declaration with the one before it and what moved in between.

    Opening plus what came minus what left is the book; what is declared minus the book is
    unexplained. It is so for each category, and for each type that both declarations speak of.
    Where the difference is surely not zero, that is a finding; where it may be, "cannot tell". An
    open question that moves a figure gives one line for each of its answers.

    The mirror check: an export of one holder to another must be an import of the other from the
    first, of the same type, with dates and quantities that overlap, or be recorded in one row.
    """
    law = world.law
    request = options.request(
        law,
        as_of=until or date.max,
        known_at=known_at,
        parties=parties,
        categories=categories,
        basis=basis,
        readings=readings,
        accept_stale=False,
    )
    if start is not None and start > request.as_of:
        raise ComplianceError(
            f"--from {start} is after --to {request.as_of}", todo="put the earlier day first"
        )
    with world.reading() as reading:
        found = evidence(
            reading,
            as_of=request.as_of,
            known_at=request.known_at,
            # Everybody's: the other side of a movement may be anybody.
            parties=tuple(holder.id for holder in law.holders),
            categories=tuple(category.id for category in law.categories),
            since=date.min,
        )
    from compliance.report.reconcile import render

    write_report(render(compare(law, world.lookup, found, request, start), format_), path)
    return exits.OK
