"""Reads CSV text into a sheet. Says everything that is wrong with the text, and guesses nothing."""

from __future__ import annotations

import codecs
import csv
import io

from compliance.intake.columns import HEADER_ROW, normal
from compliance.intake.sheet import (
    MAX_BYTES,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    Sheet,
    SheetRow,
    row_problem,
    shown,
)
from compliance.values.errors import Problem

_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_csv(file: str, content: str | bytes) -> Sheet:
    """Read one CSV file: a header line, commas, UTF-8 with or without a byte order mark.

    Args:
        file: the file as the user named it, for messages.
        content: the file's bytes, or its text.

    Returns:
        The sheet. What could not be read stands in its ``problems``; a row with too many or too
        few cells is left out of ``rows``, since its cells may stand under the wrong columns.
    """
    if isinstance(content, bytes):
        refused = _refusal(file, content)
        if refused is not None:
            return Sheet(file, (), (), (refused,))
        # Bytes that are not UTF-8 go through as lone surrogates, so that the validator can name
        # the row and column of each, beside all other defects.
        text = content.decode("utf-8", errors="surrogateescape")
    else:
        text = content
    return _table(file, text.removeprefix("\ufeff"))


def _refusal(file: str, content: bytes) -> Problem | None:
    if len(content) > MAX_BYTES:
        return Problem(
            file, "", f"the file has {len(content)} bytes", f"at most {MAX_BYTES} bytes", "split it"
        )
    if content.startswith(_UTF16):
        return Problem(
            file,
            "",
            "the file is UTF-16, not UTF-8",
            "UTF-8 text",
            "save it from the spreadsheet as 'CSV UTF-8'",
        )
    return None


def _table(file: str, text: str) -> Sheet:
    records = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    rows: list[SheetRow] = []
    columns: tuple[str, ...] | None = None
    number = 0
    try:
        for number, record in enumerate(records, start=HEADER_ROW):
            if columns is None:
                columns, problems = _header(file, record)
                if problems:
                    break
                continue
            if not any(cell.strip() for cell in record):
                continue
            if len(record) != len(columns):
                problems.append(_ragged(file, number, record, columns))
                continue
            if len(rows) == MAX_ROWS:
                problems.append(
                    row_problem(
                        file,
                        number,
                        f"the file has more than {MAX_ROWS} rows; the rest was not read",
                        expected=f"at most {MAX_ROWS} rows",
                        hint="split it",
                    )
                )
                break
            cells = {name: cell.strip() for name, cell in zip(columns, record, strict=True)}
            rows.append(SheetRow(number, cells))
    except csv.Error as error:
        problems.append(_broken(file, number + 1, error))
    if columns is None and not problems:
        problems.append(Problem(file, "", "the file is empty", "a header line and rows"))
    elif not rows and not problems:
        problems.append(Problem(file, "", "the file has a header and no rows", "at least one row"))
    return Sheet(file, columns or (), tuple(rows), tuple(problems))


def _header(file: str, record: list[str]) -> tuple[tuple[str, ...], list[Problem]]:
    if not any(cell.strip() for cell in record):
        problem = row_problem(
            file, HEADER_ROW, "the first line is empty", expected="the names of the columns"
        )
        return (), [problem]
    if len(record) == 1:
        for separator, name in _OTHER_SEPARATORS.items():
            if separator in record[0]:
                problem = row_problem(
                    file,
                    HEADER_ROW,
                    f"the columns are separated by {name}",
                    expected="commas",
                    hint="save the file again with commas",
                )
                return (), [problem]
    if len(record) > MAX_COLUMNS:
        problem = row_problem(
            file,
            HEADER_ROW,
            f"the header has {len(record)} columns",
            expected=f"at most {MAX_COLUMNS}",
        )
        return (), [problem]
    return tuple(normal(cell) for cell in record), []


def _ragged(file: str, number: int, record: list[str], columns: tuple[str, ...]) -> Problem:
    count = len(record)
    if count > len(columns):
        extra = shown(", ".join(record[len(columns) :]))
        return Problem(
            file=file,
            where=f"row {number}",
            message=f"{count} cells under {len(columns)} columns; '{extra}' has no column",
            expected=f"{len(columns)} cells",
            suggestion="put a cell that holds a comma in double quotes",
            row=number,
            value=extra,
        )
    return row_problem(
        file,
        number,
        f"{count} cells under {len(columns)} columns",
        expected=f"{len(columns)} cells, empty ones included",
    )


def _broken(file: str, number: int, error: csv.Error) -> Problem:
    if "field larger" in str(error):
        return row_problem(
            file,
            number,
            "a cell is too long to be read; the rest of the file was not read",
            expected=f"at most {MAX_CELL} characters in a cell",
            hint="look for a double quote that is not closed",
        )
    return row_problem(
        file,
        number,
        f"the quotes are broken ({error}); the rest of the file was not read",
        expected='a cell in double quotes that are closed, a quote inside it doubled ("")',
    )
