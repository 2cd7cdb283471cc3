"""``compliance export``: what is recorded, for archives, spreadsheets and accounting programs."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import click
from sqlalchemy import Connection

from compliance.cli import exits, options, suggest
from compliance.cli.files_out import new_folder, write_bytes
from compliance.cli.output import say
from compliance.cli.world import World
from compliance.intake.sheet import MAX_BYTES, MAX_ROWS
from compliance.intake.write import write_csv, write_jsonl
from compliance.ledger.extract import Extracted, extract, last_known
from compliance.ledger.history import Submission, submissions
from compliance.report.export.rows import ExportedRow, concerning
from compliance.report.export.tables import guarded_csv, submissions_csv
from compliance.values.errors import ComplianceError
from compliance.values.records import Holding, Movement, Withdrawal


@click.command(
    epilog="""\b
Formats:
  jsonl    an exact archive: a folder with the rows of each submission in a
           file of their own, in their order, corrections and withdrawals too,
           and submissions.csv. Read in again it gives the same ledger.
  csv      for spreadsheets: a folder with holdings.csv and movements.csv, the
           rows in force in the columns that import reads, and submissions.csv.
           A cell that looks like a formula begins with an apostrophe; archives
           are exact.
  xlsx     for auditors: a workbook with all rows, those corrected since too,
           who recorded them and when; import does not read it.
  hledger  a folder with low.journal and high.journal, and open.txt with what
           they leave out. Each of them says in its first lines what it holds.

\b
An archive is read in again submission by submission:
  compliance --db new.db db init --empty
  cd archive
  tail -n +2 submissions.csv | while IFS=, read -r number at files rest; do
    compliance --db ../new.db import --again --recorded-at $at $files
  done

\b
In the journals a commodity is a type, an account is party:category:status or
an outside place, and a declaration is a transaction with equity:declarations.
low.journal takes every quantity at its low bound and a movement on its last
day, high.journal at its high bound and on its first day. An account equals
the declaration in use (as audit chooses it, without parts, readings and what
is not counted) plus the movements after it. A total that names no type is a
commodity of its own.

\b
Exit codes: 0 written; 2 cannot be written; 4 database.

\b
Examples:
  compliance export --format jsonl -o archive
  compliance export --format csv --party serbia -o serbia
  compliance export --format xlsx --known-at 2025-01-01 -o ledger.xlsx
  compliance export --format hledger -o journals
""",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["jsonl", "csv", "xlsx", "hledger"]),
    required=True,
    help="What for: see below.",
)
@click.option(
    "-o",
    "--output",
    "path",
    type=click.Path(path_type=Path),
    required=True,
    help="The folder to make; for xlsx the file to write.",
)
@options.known_at
@click.option(
    "--party",
    "parties",
    multiple=True,
    metavar="PARTY",
    shell_complete=suggest.parties,
    help="Only this Party's rows: a name, an id or an ISO code. May be repeated. Not for jsonl.",
)
@click.pass_obj
def export(
    world: World, *, format_: str, path: Path, known_at: str | None, parties: tuple[str, ...]
) -> int:
    """Write holdings and movements to files: an archive, tables, or accounting journals."""
    if parties and format_ == "jsonl":
        raise ComplianceError(
            "an archive holds all parties: corrections would have nothing to correct",
            todo="choose another format, or leave --party out",
        )
    chosen = _parties(world, parties) if parties else ()
    with world.reading() as reading:
        connection = reading.connection
        last = last_known(connection, known_at)
        if not last:
            raise ComplianceError("there is nothing to export: no submission")
        found = [item for item in submissions(reading) if item.id <= last]
        if format_ == "jsonl":
            _archive(connection, found, path)
        else:
            rows: list[ExportedRow] = list(extract(connection, last))
            rows = concerning(rows, chosen) if chosen else rows
            if format_ == "xlsx":
                _workbook(rows, found, path)
            elif format_ == "csv":
                _tables(rows, found, path)
            else:
                _journals(world, rows, path)
    say(f"Written: {path.resolve()}")
    return exits.OK


def _parties(world: World, names: tuple[str, ...]) -> tuple[str, ...]:
    asked = options.request(
        world.law,
        as_of=None,
        known_at=None,
        parties=names,
        categories=(),
        basis=None,
        readings=(),
        accept_stale=False,
    )
    return asked.parties or ()


def _archive(connection: Connection, found: list[Submission], path: Path) -> None:
    with new_folder(path) as folder:
        write_archive(connection, found, folder)
    say(f"{len(found)} submissions; head of the chain: {found[-1].sha256}")


def write_archive(
    connection: Connection, found: list[Submission], folder: Path
) -> dict[int, list[str]]:
    """Write an exact archive of the first submissions into an empty folder.

    Returns:
        For each submission the names of the files with its rows, in their order.

    Raises:
        ComplianceError: a row cannot be written so that it is read in again.
    """
    files: dict[int, list[str]] = defaultdict(list)
    rows = extract(connection, found[-1].id)
    for number, some in groupby(rows, key=lambda row: row.submission):
        for text in _parts(some):
            more = f"-{len(files[number]) + 1}" if files[number] else ""
            name = f"{number:04d}{more}.jsonl"
            _write(folder / name, text)
            files[number].append(name)
    _write(folder / "submissions.csv", submissions_csv(found, files))
    return files


def _parts(rows: Iterator[Extracted]) -> Iterator[str]:
    """Return the rows as JSON Lines, in texts that are not too large to be read in again."""
    lines: list[str] = []
    size = 0
    for row in rows:
        try:
            line = write_jsonl([row.entry])
        except ValueError as error:
            raise ComplianceError(
                f"the row {row.ref} cannot be written so that it is read in again: {error}"
            ) from None
        if len(lines) == MAX_ROWS or size + len(line.encode()) > MAX_BYTES:
            yield "".join(lines)
            lines, size = [], 0
        lines.append(line)
        size += len(line.encode())
    yield "".join(lines)


def _tables(rows: list[ExportedRow], found: list[Submission], path: Path) -> None:
    kinds: dict[str, type] = {"holdings": Holding, "movements": Movement}
    with new_folder(path) as folder:
        for name, kind in kinds.items():
            chosen = [
                # What it corrects is not in the file.
                replace(row.entry, more=replace(row.entry.more, corrects=""))
                for row in rows
                if row.in_force
                and isinstance(row.entry, kind)
                and not isinstance(row.entry, Withdrawal)
            ]
            if not chosen:
                say(f"There are no {name}.")
                continue
            try:
                text, changed = guarded_csv(write_csv(chosen))
            except ValueError as error:
                raise ComplianceError(f"the {name} cannot be written as CSV: {error}") from None
            if changed:
                say(f"{name}: an apostrophe stands before {changed} cells that look like formulas.")
            _write(folder / f"{name}.csv", text)
        _write(folder / "submissions.csv", submissions_csv(found))


def _workbook(rows: list[ExportedRow], found: list[Submission], path: Path) -> None:
    from compliance.report.export.workbook import write_workbook

    buffer = io.BytesIO()
    try:
        write_workbook(rows, found, buffer)
    except ValueError as error:
        raise ComplianceError(str(error), todo="choose csv or jsonl") from None
    write_bytes(buffer.getvalue(), path)


def _journals(world: World, rows: list[ExportedRow], path: Path) -> None:
    from compliance.report.export.journal import journals

    def category_of(designation: str) -> str:
        known = world.lookup(designation)
        return known.category if known is not None else ""

    with new_folder(path) as folder:
        for name, text in journals([row for row in rows if row.in_force], category_of).items():
            _write(folder / name, text)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
