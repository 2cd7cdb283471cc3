"""The file of rows that were not taken in: correct its cells and read it in again."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from dataclasses import replace

from compliance.intake.result import Intake
from compliance.intake.sheet import MAX_CELL, Sheet, SheetRow, shown
from compliance.values.errors import Problem

ADDED = ("error", "expected", "suggestion", "where")
"""Columns that stand after the original ones. Read in again, they are left aside."""

_BETWEEN = " | "
# What a spreadsheet may take for a formula; and what was guarded already, so that taking one
# apostrophe off gives back what was there.
_RISKY = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")


def errors_csv(intake: Intake) -> str:
    """Return every problem as CSV text: the original cells, and what is wrong with them.

    One line for each row that has a problem, several problems of a row joined by `` | ``; first
    one line for each problem of a file as a whole. Cells that a spreadsheet could take for a
    formula begin with an apostrophe, which reading takes off again. Text that cannot be shown
    (control characters, bytes that are not UTF-8) is replaced by U+FFFD.
    """
    by_row: dict[tuple[str, str, int], list[Problem]] = defaultdict(list)
    rows = {(origin.file, shown(origin.sheet), origin.row): origin for origin in intake.left_out}
    whole: list[Problem] = []
    for problem in intake.problems:
        key = (problem.file, problem.sheet or "", problem.row or 0)
        if key in rows:
            by_row[key].append(problem)
        else:
            whole.append(problem)
    columns = list(dict.fromkeys(name for origin in rows.values() for name in origin.cells))
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([_safe(name) for name in (*columns, *ADDED)])
    for problem in whole:
        writer.writerow(
            [_safe(cell) for cell in ([""] * len(columns) + _told([problem], problem.where))]
        )
    for key, problems in by_row.items():
        cells = rows[key].cells
        where = ", ".join(part for part in (key[1], str(key[2])) if part)
        told = [cells.get(name, "") for name in columns] + _told(problems, where)
        writer.writerow([_safe(cell) for cell in told])
    return buffer.getvalue()


def restored(sheet: Sheet) -> Sheet:
    """Return a sheet that was such a file as it was before: added columns off, guards off."""
    if not set(ADDED) <= set(sheet.columns):
        return sheet
    kept = [index for index, column in enumerate(sheet.columns) if column not in ADDED]
    notes = [sheet.place.note(f"the columns {', '.join(ADDED)} are left aside")]
    rows = [_row(row, kept) for row in sheet.rows]
    filled = tuple(row for row in rows if not row.readable or row.problems or any(row.values))
    if len(filled) < len(rows):
        notes.append(sheet.place.note("lines that tell of a file as a whole are left aside"))
    problems = sheet.problems
    if not filled and not problems:
        empty = sheet.place.problem(
            "it tells of files as a whole and holds no row to be corrected",
            expected="at least one row",
            hint="correct the files that its column 'where' names, and read those in",
        )
        problems = (empty,)
    return replace(
        sheet,
        headings=tuple(_unguarded(sheet.headings[index]) for index in kept),
        columns=tuple(sheet.columns[index] for index in kept),
        rows=filled,
        problems=problems,
        notes=(*sheet.notes, *notes),
    )


def _row(row: SheetRow, kept: list[int]) -> SheetRow:
    if not row.readable:
        return row
    return replace(row, values=tuple(_unguarded(row.values[index]) for index in kept))


def _told(problems: list[Problem], where: str) -> list[str]:
    errors = [f"{p.column}: {p.message}" if p.column else p.message for p in problems]
    return [
        _BETWEEN.join(errors),
        _BETWEEN.join(dict.fromkeys(p.expected for p in problems if p.expected)),
        _BETWEEN.join(dict.fromkeys(p.suggestion for p in problems if p.suggestion)),
        f"{problems[0].file}: {where}" if where else problems[0].file,
    ]


def _safe(cell: str) -> str:
    text = shown(cell, most=max(len(cell), MAX_CELL))
    return "'" + text if _RISKY.match(text) else text


def _unguarded(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell
