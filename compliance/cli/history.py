"""``compliance history``: submissions, corrections, and the proof that nothing was changed."""

from __future__ import annotations

from pathlib import Path

import click

from compliance.cli import exits, options
from compliance.cli.output import say, write_report
from compliance.cli.world import World
from compliance.ledger import history as ledger
from compliance.ledger.verify import verify as verify_ledger
from compliance.report import history as report
from compliance.values.errors import LedgerError


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  compliance history
  compliance history show 3
  compliance history verify --head 5f2c...
""",
)
@options.output("table", "json")
@click.pass_context
def history(ctx: click.Context, format_: str, path: Path | None) -> None:
    """List what was recorded, when, by whom; show one submission; prove the chain."""
    if ctx.invoked_subcommand is not None:
        if path is not None or format_ != "table":
            raise click.UsageError(
                f"--format and --output stand after '{ctx.invoked_subcommand}', not before it", ctx
            )
        return
    world = ctx.find_object(World)
    assert world is not None
    with world.reading() as connection:
        write_report(report.submissions(list(ledger.submissions(connection)), format_), path)


@history.command(
    epilog="""\b
Examples:
  compliance history show 1
  compliance history show 3fa4c1d2e5b6 --format json
"""
)
@click.argument("submission")
@options.output("table", "json")
@click.pass_obj
def show(world: World, submission: str, format_: str, path: Path | None) -> None:
    """Show the rows of one SUBMISSION: what each corrects, and what has corrected it since.

    A submission is named by its number or by the first digits of one of its hashes.
    """
    with world.reading() as connection:
        found = ledger.find(connection, submission)
        rows = list(ledger.changes(connection, found.id))
    write_report(report.submission(found, rows, format_), path)


@history.command(
    epilog="""\b
Exit codes: 0 sound; 4 broken, or not guarded against changes.

\b
Examples:
  compliance history verify
  compliance history verify --head 5f2c...   also finds submissions cut off at the end
"""
)
@click.option(
    "--head",
    metavar="SHA256",
    help="The head of the chain as it was kept elsewhere: all 64 digits.",
)
@click.pass_obj
def verify(world: World, head: str | None) -> int:
    """Find every hash again from what is stored, and name the first thing that is wrong."""
    with world.reading() as connection:
        found = verify_ledger(connection, expected_head=head.strip().lower() if head else None)
    if found.broken is not None:
        say(f"Sound up to submission {found.submissions}.")
        raise LedgerError(
            found.broken.message, todo="compare with a backup, and find out who changed it"
        )
    if found.unguarded:
        raise LedgerError(
            "every hash is right, but the database no longer refuses changes: missing are "
            + ", ".join(found.unguarded),
            todo="somebody dropped them; compare with a backup",
        )
    click.echo(f"Sound: {found.submissions} submissions, {found.rows} rows.")
    click.echo(f"Head:  {found.head}")
    if found.after_head is not None:
        click.echo(f"The head given is in it; {found.after_head} submissions follow it.")
    return exits.OK
