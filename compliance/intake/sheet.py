"""What every reader of a file format hands to the validator: numbered rows of text cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from compliance.values.errors import Problem

MAX_BYTES = 20 * 1024 * 1024
"""A file larger than this is refused before it is read: the largest honest file, the whole
ledger of one agreement with a row per site, stays under 5 MB, and a table is held in memory."""

MAX_ROWS = 100_000
"""Rows of one file. Thirty years of annual exchanges of five Parties need about 30 000."""

MAX_CELL = 4_000
"""Characters of one cell. The longest honest cell is a note of a few paragraphs."""

MAX_COLUMNS = 100
"""Columns of a header: several times what the format knows, so that the real ones are named
in messages and a wrong file is not."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NOT_UTF8 = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number as a spreadsheet shows it (the header is row 1) and its cells."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of text, as read: nothing in it has been judged but its shape.

    Attributes:
        file: the file as the user named it.
        columns: the names over the columns, as compared, repeated ones included.
        rows: the rows that have one cell per column, stripped of outer spaces.
        problems: what the reader could not read, by row.
    """

    file: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    problems: tuple[Problem, ...] = ()


def bad_character(text: str) -> str:
    """Return what is wrong with a text's characters, or nothing.

    Control characters, line breaks and direction overrides can make a table show other than
    what it holds, so no cell may have them. Bytes that were not UTF-8 arrive as lone surrogates.
    """
    if _NOT_UTF8.search(text):
        return "bytes that are not UTF-8"
    found = _CONTROL.search(text)
    if found is None:
        return ""
    character = found.group()
    if character in "\r\n\u2028\u2029\x85":
        return "a line break"
    if character == "\t":
        return "a tab"
    return f"the control character U+{ord(character):04X}"


def shown(text: str, *, most: int = 60) -> str:
    """Return a cell's value for a message: short, and safe to print."""
    safe = _NOT_UTF8.sub("\N{REPLACEMENT CHARACTER}", text)
    safe = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", safe)
    return safe if len(safe) <= most else safe[: most - 1] + "…"


def cell_problem(
    file: str, number: int, column: str, value: str, message: str, *, expected: str, hint: str = ""
) -> Problem:
    """Return the problem of one cell."""
    return Problem(
        file=file,
        where=f"row {number}, {column}",
        message=message,
        expected=expected,
        suggestion=hint,
        row=number,
        column=column,
        value=shown(value, most=200),
    )


def row_problem(file: str, number: int, message: str, *, expected: str, hint: str = "") -> Problem:
    """Return the problem of a whole row."""
    return Problem(
        file=file,
        where=f"row {number}",
        message=message,
        expected=expected,
        suggestion=hint,
        row=number,
    )
