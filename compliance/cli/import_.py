"""``compliance import``: declarations and movements from files, as one submission."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import click

from compliance.assess.compare import changes
from compliance.cli import exits, options
from compliance.cli.headroom import headroom_on
from compliance.cli.output import say, show_problems, write_report
from compliance.cli.replacing import replacing
from compliance.cli.world import World, recorder
from compliance.intake.errors_file import errors_csv
from compliance.intake.files import READERS, examine_files, examine_source
from compliance.intake.result import Intake, together
from compliance.intake.sheet import MAX_BYTES, shown
from compliance.ledger.append import AlreadyRecorded, record, rehearsed
from compliance.ledger.schema import open_ledger
from compliance.report.changes import render
from compliance.values.errors import ComplianceError
from compliance.values.records import Entry

STANDARD_INPUT = "-"

# Of what was read under another spelling, or left out, this many lines are shown.
_MOST_NOTES = 20


@click.command(
    "import",
    epilog="""\b
Files: one header line, columns found by name, in any order:
  holdings   party,as_of,basis,category,type,status,quantity,source
  movements  date,type,category,quantity,from,to,state,basis,source
  both may have note,ref,stated_by,subcategory,unit,site,marking,corrects
  withdrawals withdraws,note: rows taken back, each named submission:line

\b
Exit codes: 0 recorded, or recorded already; 2 errors, nothing recorded; 4 database.

\b
Examples:
  compliance import declaration-2027.csv --dry-run
  compliance import declaration-2027.xlsx movements-2026.csv
  compliance import figures.csv --errors wrong.csv
  compliance import corrected.csv --corrects 3
  compliance import - --input-format jsonl < figures.jsonl
""",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--input-format",
    type=click.Choice(sorted(READERS)),
    help="The files' format. Default: by the ending of each name; '-' needs it.",
)
@click.option("--dry-run", is_flag=True, help="Record nothing; show what would change.")
@click.option(
    "--accept-good",
    is_flag=True,
    help="Record the rows that are right and list those left out. Default: all or nothing.",
)
@click.option(
    "--errors",
    "errors_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every error as CSV, beside the original columns.",
)
@click.option(
    "--corrects",
    metavar="SUBMISSION",
    help="These rows replace all that a submission recorded, as corrected since: its number or "
    "its hash.",
)
@click.option("--note", default="", help="Anything to be kept with the submission.")
@click.option(
    "--recorded-at",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%d"]),
    metavar="YYYY-MM-DD[THH:MM:SSZ]",
    help="When an archive's submission was first recorded, UTC; never before the last one.",
)
@click.option(
    "--again",
    is_flag=True,
    help="Record the rows even where the same content stands recorded already.",
)
@click.option("--as-of", type=options.Day(), metavar="DATE", help="The day to show changes on.")
@click.option(
    "-o",
    "--output",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what changed to this file instead of the screen.",
)
@click.pass_obj
def import_(
    world: World,
    *,
    files: tuple[str, ...],
    input_format: str | None,
    dry_run: bool,
    accept_good: bool,
    errors_path: Path | None,
    corrects: str | None,
    note: str,
    recorded_at: datetime | None,
    again: bool,
    as_of: date | None,
    path: Path | None,
) -> int:
    """Record declarations and movements from CSV, XLSX, JSON or JSON Lines files.

    All files together are one submission. Every error of every row is shown in one run, and
    nothing is recorded unless all rows are right. The same content twice is recognised.
    """
    engine = open_ledger(world.url, writing=True)
    intake = _read(world, files, input_format or "")
    _tell_notes(intake)
    if errors_path is not None and intake.problems:
        write_report(errors_csv(intake).rstrip("\n"), errors_path)
    if not accept_good or not intake.rows:
        intake.checked()
    _tell_left_out(intake)
    if not intake.rows:
        raise ComplianceError("there is nothing to record: no rows")
    entries: list[Entry] = list(intake.rows)
    try:
        with world.reading() as connection:
            if corrects is not None:
                entries = replacing(connection, corrects, entries)
            before = headroom_on(world, connection, as_of)
        if dry_run:
            with rehearsed(engine, entries, once=not again) as connection:
                after = headroom_on(world, connection, as_of)
            write_report(render(changes(before, after), before.as_of, would=True), path)
            say(f"Nothing was recorded: {_many(len(intake.rows))} would be.")
            return exits.OK
        receipt = record(
            engine,
            entries,
            recorded_by=recorder(),
            command="import " + " ".join(shown(Path(name).name, most=200) for name in files),
            note=note,
            recorded_at=recorded_at.replace(tzinfo=UTC) if recorded_at else None,
            once=not again,
        )
    except AlreadyRecorded as error:
        say(error.message)
        return exits.OK
    with world.reading() as connection:
        after = headroom_on(world, connection, as_of)
    write_report(render(changes(before, after), before.as_of, would=False), path)
    say(f"Recorded {_many(len(intake.rows))} as submission {receipt.id}.")
    say(f"Head of the chain, to be kept elsewhere: {receipt.sha256}")
    return exits.OK


def _read(world: World, files: Sequence[str], input_format: str) -> Intake:
    """Read all files and standard input; sound rows and problems side by side."""
    vocabulary = world.vocabulary()
    parts: list[Intake] = []
    if STANDARD_INPUT in files:
        if not input_format:
            raise ComplianceError(
                "the format of standard input is not known",
                todo=f"name it: --input-format {'|'.join(sorted(READERS))}",
            )
        if list(files).count(STANDARD_INPUT) > 1:
            raise ComplianceError("standard input is named twice", todo="name '-' once")
        content = sys.stdin.buffer.read(MAX_BYTES + 1)  # one more tells that it is too large
        parts.append(examine_source("standard input", content, vocabulary, input_format))
    paths = [name for name in files if name != STANDARD_INPUT]
    parts.append(examine_files(paths, vocabulary, input_format))
    return together(parts)


def _tell_notes(intake: Intake) -> None:
    """Say what was read otherwise than written."""
    for note in intake.notes[:_MOST_NOTES]:
        say(f"note: {note.line()}")
    if len(intake.notes) > _MOST_NOTES:
        say(f"note: and {len(intake.notes) - _MOST_NOTES} more of this kind")


def _tell_left_out(intake: Intake) -> None:
    """Say what is not recorded although the rest is, and why."""
    show_problems(intake.problems)
    for name in intake.refused:
        say(f"left out: {name}, the whole file")
    rows = [origin for origin in intake.left_out if origin.file not in intake.refused]
    for origin in rows[:_MOST_NOTES]:
        sheet = f", {origin.sheet}" if origin.sheet else ""
        say(f"left out: {origin.file}{sheet}, row {origin.row}")
    if len(rows) > _MOST_NOTES:
        say(f"left out: and {len(rows) - _MOST_NOTES} more rows")


def _many(count: int) -> str:
    return f"{count} row{'' if count == 1 else 's'}"
