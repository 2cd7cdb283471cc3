"""``compliance undo``: a submission is reversed by a new one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from compliance.assess.compare import changes
from compliance.cli import exits, options
from compliance.cli.headroom import headroom_on
from compliance.cli.output import say, write_report
from compliance.cli.recording import many_rows
from compliance.cli.world import World, recorder
from compliance.ledger.append import record, rehearsed
from compliance.ledger.history import find
from compliance.ledger.reading import over
from compliance.ledger.reversal import reversal
from compliance.ledger.schema import open_ledger
from compliance.report.changes import render


@click.command(
    epilog="""\b
Exit codes: 0 done; 2 errors, nothing recorded; 4 database.

\b
Examples:
  compliance undo 7 --dry-run
  compliance undo 3fa4c1d2e5b6 --note "recorded twice by mistake"
""",
)
@click.argument("submission")
@click.option("--note", default="", help="Why; kept with the submission.")
@click.option("--dry-run", is_flag=True, help="Record nothing; show what would change.")
@click.option("--as-of", type=options.Day(), metavar="DATE", help="The day to show changes on.")
@click.option(
    "-o",
    "--output",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what changed to this file instead of the screen.",
)
@options.lang
@click.pass_obj
def undo(
    world: World,
    /,
    *,
    submission: str,
    note: str,
    dry_run: bool,
    as_of: date | None,
    path: Path | None,
) -> int:
    """Reverse a SUBMISSION: its number, or the first digits of one of its hashes.

    Nothing is deleted: a new submission takes back what it said and brings back what it corrected
    or took back. Afterwards every figure is as if it had never been recorded. What was changed
    since is undone first, newest first; an undo can be undone.
    """
    engine = open_ledger(world.url, writing=True)
    try:
        with world.reading() as reading:
            target = find(reading, submission)
            entries = reversal(
                reading.connection, target, note or f"undo of submission {target.id}"
            )
            before = headroom_on(world, reading, as_of)
        with rehearsed(engine, entries) as connection:
            after = headroom_on(world, over(connection), as_of)
        changed = render(changes(before, after), before.as_of, would=dry_run)
        if dry_run:
            write_report(changed, path)
            say(f"Nothing was recorded: {many_rows(len(entries))} would be.")
            return exits.OK
        receipt = record(
            engine,
            entries,
            recorded_by=recorder(),
            command=f"undo {target.id}",
            note=note,
        )
    finally:
        engine.dispose()
    try:
        write_report(changed, path)
    finally:
        say(
            f"Submission {target.id} ({target.command}) is undone by submission {receipt.id}, "
            f"{many_rows(receipt.rows)}."
        )
        say(f"To bring it back: compliance undo {receipt.id}")
        say(f"Head of the chain, to be kept elsewhere: {receipt.sha256}")
    return exits.OK
