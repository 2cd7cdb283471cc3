"""``compliance history``: submissions, corrections, and the proof that nothing was changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from compliance.assess import coverage as assess
from compliance.cli import options
from compliance.cli.history_verify import RENEW, proven
from compliance.cli.output import write_report
from compliance.cli.world import World
from compliance.ledger import history as ledger
from compliance.ledger.declared import declarations
from compliance.report import history as report
from compliance.report.coverage import render as as_coverage
from compliance.values.errors import ComplianceError
from compliance.values.vocabulary import Basis


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  compliance history
  compliance history show 3
  compliance history verify --head 5f2c...
  compliance history coverage --party serbia
""",
)
@options.output("table", "json")
@options.lang
@click.pass_context
def history(ctx: click.Context, format_: str, path: Path | None) -> None:
    """List what was recorded; show one submission; prove the chain; show what inspectors saw."""
    if ctx.invoked_subcommand is not None:
        if path is not None or format_ != "table":
            raise click.UsageError(
                f"--format and --output stand after '{ctx.invoked_subcommand}', not before it", ctx
            )
        return
    world = ctx.find_object(World)
    assert world is not None
    with world.reading() as reading:
        write_report(report.submissions(list(ledger.submissions(reading)), format_), path)


@history.command(
    short_help="Show the rows of one submission.",
    epilog="""\b
Examples:
  compliance history show 1
  compliance history show 3fa4c1d2e5b6 --format json
""",
)
@click.argument("submission")
@options.output("table", "json")
@options.lang
@click.pass_obj
def show(world: World, submission: str, format_: str, path: Path | None) -> None:
    """Show the rows of one SUBMISSION: what each corrects, and what has corrected it since.

    A submission is named by its number or by the first digits of one of its hashes.
    """
    with world.reading() as reading:
        found = ledger.find(reading, submission)
        rows = list(ledger.changes(reading, found.id))
    write_report(report.submission(found, rows, format_), path)


@history.command(
    short_help="Show how much of what was declared was inspected.",
    epilog="""\b
Examples:
  compliance history coverage
  compliance history coverage --party serbia --category battle_tank --from 2020 --to 2024
  compliance history coverage --known-at 2024-12-31 --format csv -o coverage.csv
""",
)
@options.party
@options.category
@click.option(
    "--from",
    "first",
    type=click.IntRange(1, 9999),
    metavar="YEAR",
    help="The first year. Default: the first on record.",
)
@click.option(
    "--to",
    "last",
    type=click.IntRange(1, 9999),
    metavar="YEAR",
    help="The last year. Default: the last on record.",
)
@options.known_at
@options.output("table", "csv", "json", "markdown")
@options.lang
@click.pass_obj
def coverage(
    world: World,
    *,
    parties: tuple[str, ...],
    categories: tuple[str, ...],
    first: int | None,
    last: int | None,
    known_at: str | None,
    format_: str,
    path: Path | None,
) -> None:
    """Show how much of what was declared inspectors have seen, by Party, category and year.

    Declared is the figure in use on 1 January, or the first dated in the year. Seen is what
    observations of the year saw: at each place the most, places added up. Years without either are
    listed only where --from or --to asks for them.
    """
    law = world.law
    if first is not None and last is not None and first > last:
        raise ComplianceError(
            f"--from {first} is later than --to {last}", todo="write the earlier year first"
        )
    asked = options.request(
        law,
        as_of=None,
        known_at=known_at,
        parties=parties,
        categories=categories,
        basis=None,
        readings=(),
        accept_stale=False,
    )
    actors = [law.actor(name) for name in asked.parties or ()]
    for actor in actors:
        if actor is not None:
            raise ComplianceError(
                f"{actor.name} is no Party: it declares nothing that could be inspected",
                todo="name a Party, or an Entity of one",
            )
    with world.reading() as reading:
        found = declarations(
            reading,
            as_of=date.max,
            known_at=known_at,
            parties=[party.id for party in law.parties],
            bases=[*assess.DECLARED, Basis.OBSERVED],
            since=date.min,
        )
    result = assess.coverage(
        law,
        found,
        parties=asked.parties,
        categories=asked.categories,
        first=first,
        last=last,
        known_at=known_at,
    )
    write_report(as_coverage(result, format_), path)


@history.command(
    short_help="Prove that nothing recorded was changed.",
    epilog="""\b
Exit codes: 0 sound; 4 broken, not guarded against changes, or with wrong kept balances.

\b
Examples:
  compliance history verify
  compliance history verify --head 5f2c...   also finds submissions cut off at the end
  compliance history verify --renew-balances
""",
)
@click.option(
    "--head",
    metavar="SHA256",
    help="The head of the chain as it was kept elsewhere: all 64 digits.",
)
@click.option(
    RENEW,
    is_flag=True,
    help="If the kept balances are wrong, make them anew. What is recorded is never changed.",
)
@click.pass_obj
def verify(world: World, head: str | None, renew_balances: bool) -> int:
    """Find every hash again from what is stored, and name the first thing that is wrong.

    The balances kept beside the ledger, by which long ledgers are answered quickly, are found again
    from its rows as well.
    """
    return proven(world, head=head, renew=renew_balances)
