"""``compliance import``: declarations and movements from files, as one submission."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

import click

from compliance.cli import garbage, options
from compliance.cli.beside import Beside, worth_it
from compliance.cli.incoming import Incoming
from compliance.cli.world import World
from compliance.intake.files import READERS
from compliance.intake.reading import Reading
from compliance.values.errors import ComplianceError

STANDARD_INPUT = "-"


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
            stack.enter_context(garbage.unsearched())
            incoming = Beside(world, files, input_format or "", accept_good=accept_good)
            stack.enter_context(incoming)
        else:
            incoming = Incoming(stack.enter_context(reading), accept_good=accept_good)
        # What records takes long to load: the other process, if there is one, reads meanwhile.
        from compliance.cli.importing import Wanted, take_in

        wanted = Wanted(
            files=files,
            dry_run=dry_run,
            accept_good=accept_good,
            errors_path=errors_path,
            corrects=corrects,
            note=note,
            recorded_at=recorded_at.replace(tzinfo=UTC) if recorded_at else None,
            again=again,
            as_of=as_of,
            path=path,
        )
        return take_in(world, incoming, wanted)


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
