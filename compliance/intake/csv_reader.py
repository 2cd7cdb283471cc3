"""Reads CSV text into a sheet. Says everything that is wrong with the text, and guesses nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from compliance.intake.columns import column_of
from compliance.intake.sheet import (
    HEADER_ROW,
    MAX_CELL,
    MAX_COLUMNS,
    Place,
    Rows,
    Sheet,
    SheetRow,
    shown,
)
from compliance.intake.text import decoded
from compliance.values.errors import Problem

_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def read_csv(file: str, content: str | bytes) -> Sheet:
    """Read one CSV file: a header line, commas, UTF-8 with or without a byte order mark.

    Args:
        file: the file as the user named it, for messages.
        content: the file's bytes, or its text.

    Returns:
        The sheet. What keeps the file from being read stands in its ``problems``; a row with
        too many or too few cells is kept as unreadable, since its cells may stand under the
        wrong columns.
    """
    place = Place(file)
    text = decoded(place, content) if isinstance(content, bytes) else content.removeprefix("\ufeff")
    if isinstance(text, Problem):
        return Sheet(place, problems=(text,))
    return table(place, io.StringIO(text, newline=""))


def table(place: Place, lines: Iterable[str]) -> Sheet:
    """Read the lines of a CSV text, each with its line end, as ``read_csv`` does."""
    records = csv.reader(lines, strict=True)
    problems: list[Problem] = []
    rows = Rows(place)
    headings: tuple[str, ...] | None = None
    number = 0
    try:
        for number, record in enumerate(records, start=HEADER_ROW):
            if headings is None:
                headings, problems = header(place, record)
                if problems:
                    break
                continue
            if not any(cell.strip() for cell in record):
                continue
            if not rows.add(row(place, number, record, headings)):
                break
    except csv.Error as error:
        problems.append(broken(place, number + 1, error))
    problems += rows.problems
    if not rows.kept and not problems:
        problems.append(no_rows(place, headings))
    headings = headings or ()
    columns = tuple(column_of(heading) for heading in headings)
    return Sheet(place, headings, columns, tuple(rows.kept), tuple(problems))


def no_rows(place: Place, headings: tuple[str, ...] | None) -> Problem:
    """Return the problem of a file that is empty, or has nothing under its header."""
    if headings is None:
        return place.problem("the file is empty", expected="a header line and rows")
    return place.problem("the file has a header and no rows", expected="at least one row")


def row(place: Place, number: int, record: list[str], headings: tuple[str, ...]) -> SheetRow:
    """Return one record as a row."""
    values = tuple(cell.strip() for cell in record)
    if len(values) == len(headings):
        return SheetRow(number, values)
    return SheetRow(number, values, (ragged(place, number, values, headings),), readable=False)


def header(place: Place, record: list[str]) -> tuple[tuple[str, ...], list[Problem]]:
    """Return the names over the columns, or why the first record has none."""
    if not any(cell.strip() for cell in record):
        problem = place.problem(
            "the first line is empty", expected="the names of the columns", number=HEADER_ROW
        )
        return (), [problem]
    if len(record) == 1:
        for separator, name in _OTHER_SEPARATORS.items():
            if separator in record[0]:
                problem = place.problem(
                    f"the columns are separated by {name}",
                    expected="commas",
                    hint="save the file again with commas",
                    number=HEADER_ROW,
                )
                return (), [problem]
    if len(record) > MAX_COLUMNS:
        return (), [too_many_columns(place, len(record))]
    return tuple(cell.strip() for cell in record), []


def too_many_columns(place: Place, count: int) -> Problem:
    """Return the problem of a header that is too wide to be one."""
    return place.problem(
        f"the header has {count} columns",
        expected=f"at most {MAX_COLUMNS} columns",
        hint="delete those that are not part of the table",
        number=HEADER_ROW if place.unit == "row" else None,
    )


def ragged(
    place: Place,
    number: int,
    values: tuple[str, ...],
    headings: tuple[str, ...],
    hint: str = "put a cell that holds a comma in double quotes",
) -> Problem:
    """Return the problem of a row that has more or fewer cells than the header."""
    count = len(values)
    if count > len(headings):
        beyond = [value for value in values[len(headings) :] if value] or [""]
        return place.problem(
            f"{count} cells under {len(headings)} columns; '{shown(', '.join(beyond))}' "
            "has no column",
            expected=f"{len(headings)} cells",
            hint=hint,
            number=number,
            value=beyond[0],
        )
    return place.problem(
        f"{count} cells under {len(headings)} columns",
        expected=f"{len(headings)} cells, empty ones included",
        number=number,
    )


def broken(place: Place, number: int, error: csv.Error) -> Problem:
    """Return the problem of a text that is no CSV from some record on."""
    if "field larger" in str(error):
        return place.problem(
            "a cell is too long to be read; the rest of the file was not read",
            expected=f"at most {MAX_CELL} characters in a cell",
            hint="look for a double quote that is not closed",
            number=number,
        )
    return place.problem(
        f"the quotes are broken ({error}); the rest of the file was not read",
        expected='a cell in double quotes that are closed, a quote inside it doubled ("")',
        number=number,
    )
