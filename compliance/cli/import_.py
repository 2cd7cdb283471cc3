"""``compliance import``: declarations and movements from files, as one submission."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

import click

from compliance.assess.compare import changes
from compliance.cli import exits, options
from compliance.cli.beside import Beside, worth_it
from compliance.cli.headroom import headroom_on
from compliance.cli.incoming import Incoming, Unsound
from compliance.cli.output import say, show_problems, write_report
from compliance.cli.replacing import replacing
from compliance.cli.world import World, recorder
from compliance.intake.errors_file import errors_csv
from compliance.intake.files import READERS
from compliance.intake.reading import Reading
from compliance.intake.result import Intake
from compliance.intake.sheet import shown
from compliance.ledger.append import AlreadyRecorded, record, rehearsed
from compliance.ledger.prepared import Prepared
from compliance.ledger.reading import over
from compliance.ledger.schema import open_ledger
from compliance.report.changes import render
from compliance.values.errors import ComplianceError, LedgerError
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
@options.lang
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
    with ExitStack() as stack:
        incoming: Incoming | Beside
        reading = _reading(world, files, input_format or "", twice=accept_good)
        if corrects is None and worth_it(reading.size):
            incoming = Beside(world, files, input_format or "", accept_good=accept_good)
            stack.enter_context(incoming)
        else:
            incoming = Incoming(stack.enter_context(reading), accept_good=accept_good)
        engine = open_ledger(world.url, writing=True)
        judge = _Judge(incoming, errors_path, accept_good=accept_good)
        if incoming.ended or not incoming.sound:
            judge.all()
        try:
            with world.reading() as recorded:
                rows: Iterable[Entry] | Prepared
                if corrects is not None and isinstance(incoming, Incoming):
                    rows = replacing(recorded, corrects, incoming.entries())
                else:
                    rows = incoming.rows()
                before = headroom_on(world, recorded, as_of)
            if dry_run:
                with rehearsed(engine, rows, once=not again) as connection:
                    after = headroom_on(world, over(connection), as_of)
                judge.all()
                write_report(render(changes(before, after), before.as_of, would=True), path)
                say(f"Nothing was recorded: {_many(incoming.count)} would be.")
                return exits.OK
            receipt = record(
                engine,
                rows,
                recorded_by=recorder(),
                command="import " + " ".join(shown(Path(name).name, most=200) for name in files),
                note=note,
                recorded_at=recorded_at.replace(tzinfo=UTC) if recorded_at else None,
                once=not again,
            )
        except LedgerError:
            raise
        except (ComplianceError, Unsound) as error:
            # What is wrong with the files comes first, and all of it is told in one run.
            judge.all()
            if not isinstance(error, AlreadyRecorded):
                raise
            say(error.message)
            return exits.OK
        judge.all()
    with world.reading() as recorded:
        after = headroom_on(world, recorded, as_of)
    write_report(render(changes(before, after), before.as_of, would=False), path)
    say(f"Recorded {_many(incoming.count)} as submission {receipt.id}.")
    say(f"Head of the chain, to be kept elsewhere: {receipt.sha256}")
    return exits.OK


class _Judge:
    """Tells what is to be told of the files, once."""

    def __init__(
        self, incoming: Incoming | Beside, errors_path: Path | None, *, accept_good: bool
    ) -> None:
        self._incoming = incoming
        self._errors_path = errors_path
        self._accept_good = accept_good
        self._done = False

    def all(self) -> None:
        """Read what is left of the files, and tell notes, problems and what is left out.

        Raises:
            InvalidInput: nothing is to be recorded: there are problems.
            ComplianceError: there are no rows.
        """
        if self._done:
            return
        self._done = True
        intake, count = self._incoming.finish(), self._incoming.count
        _tell_notes(intake)
        if self._errors_path is not None and intake.problems:
            write_report(errors_csv(intake).rstrip("\n"), self._errors_path)
        if not self._accept_good or not count:
            intake.checked()
        _tell_left_out(intake)
        if not count:
            raise ComplianceError("there is nothing to record: no rows")


def _reading(world: World, files: Sequence[str], input_format: str, *, twice: bool) -> Reading:
    """Prepare to read all files and standard input.

    Raises:
        ComplianceError: standard input is named twice, or its format is not.
    """
    names = list(files)
    if STANDARD_INPUT in names:
        if not input_format:
            raise ComplianceError(
                "the format of standard input is not known",
                todo=f"name it: --input-format {'|'.join(sorted(READERS))}",
            )
        if names.count(STANDARD_INPUT) > 1:
            raise ComplianceError("standard input is named twice", todo="name '-' once")
    return Reading(
        [name for name in names if name != STANDARD_INPUT],
        world.vocabulary(),
        input_format,
        standard_input=sys.stdin.buffer if STANDARD_INPUT in names else None,
        twice=twice,
    )


def _tell_notes(intake: Intake) -> None:
    """Say what was read otherwise than written."""
    for note in intake.notes[:_MOST_NOTES]:
        say(f"note: {note.line()}")
    more = len(intake.notes) + intake.more_notes - _MOST_NOTES
    if more > 0:
        say(f"note: and {more} more of this kind")


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
