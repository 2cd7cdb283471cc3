"""What every reader of a file format hands to the validator: numbered rows of text cells."""

from __future__ import annotations

import re

from compliance.intake.kinds import Kind
from compliance.intake.result import Note
from compliance.values.errors import Problem
from compliance.values.frozen import frozen

MAX_BYTES = 128 * 1024 * 1024
"""A file that is held in memory as a whole, and is larger than this, is refused before it is read.
The whole ledger of one agreement with a row per site stays under 5 MB, a register of every single
item under 100 MB. CSV and JSON Lines can be read as streams, which are not held in memory."""

MAX_ROWS = 500_000
"""Rows of one sheet. Thirty years of annual exchanges of five Parties need about 30 000; a
register of every single item has some 100 000."""

MAX_CELL = 4_000
"""Characters of one cell. The longest honest cell is a note of a few paragraphs."""

MAX_COLUMNS = 100
"""Columns of a header: several times what the format knows, so that the real ones are named
in messages and a wrong file is not."""

MAX_PROBLEMS = 10_000
"""Problems told of one sheet. Nobody corrects more by hand; the file is of another kind."""

MAX_NOTES = 1_000
"""Notes kept of one file that is read as a stream; more are counted."""

HEADER_ROW = 1
"""The header is row 1, as a spreadsheet numbers it."""

_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@frozen
class Place:
    """Where rows stand, for problems and notes.

    Attributes:
        file: the file as the user named it.
        sheet: the sheet of a workbook, or the list of a JSON file; empty where there is one only.
        unit: what the numbers count: ``row``, ``line``, or ``item`` of a JSON list.
    """

    file: str
    sheet: str = ""
    unit: str = "row"

    def where(self, number: int | None = None, column: str = "") -> str:
        """Return the place inside the file, for people: ``sheet 'Tanks', row 7, party``."""
        parts = []
        if self.sheet:
            label = "sheet " if self.unit == "row" else ""
            parts.append(f"{label}'{shown(self.sheet)}'")
        if number is not None:
            counted = " (counted from 1)" if self.unit == "item" else ""
            parts.append(f"{self.unit} {number}{counted}")
        if column:
            parts.append(column)
        return ", ".join(parts)

    def problem(
        self,
        message: str,
        *,
        expected: str = "",
        hint: str = "",
        number: int | None = None,
        column: str | None = None,
        value: str | None = None,
        at: str = "",
    ) -> Problem:
        """Return a problem of the whole, of one row (with ``number``), or of one cell.

        ``at`` names a place that no row number tells, such as the cells ``A2:A6``.
        """
        where = self.where(number, "" if column is None else shown(column))
        return Problem(
            file=self.file,
            where=", ".join(part for part in (where, at) if part),
            message=message,
            expected=expected,
            suggestion=hint,
            row=number,
            column=None if column is None else shown(column),
            value=None if value is None else shown(value, most=200),
            sheet=shown(self.sheet) or None,
        )

    def header_problem(
        self, heading: str, message: str, *, expected: str, hint: str = ""
    ) -> Problem:
        """Return the problem of one name over the columns, or of one key of all JSON objects."""
        number = HEADER_ROW if self.unit == "row" else None
        made = self.problem(message, expected=expected, hint=hint, number=number)
        return Problem(
            file=made.file,
            where=made.where,
            message=message,
            expected=expected,
            suggestion=hint,
            row=number,
            column=shown(heading),
            value=shown(heading),
            sheet=made.sheet,
        )

    def note(
        self, message: str, *, number: int | None = None, column: str = "", value: str = ""
    ) -> Note:
        """Return a note that is not about another spelling."""
        return Note(
            file=self.file,
            sheet=shown(self.sheet),
            where=self.where(number, shown(column)),
            row=number,
            column=shown(column),
            value=shown(value),
            message=message,
        )

    def read_as(self, column: str, value: str, meaning: str, number: int | None = None) -> Note:
        """Return the note that a value was accepted under another spelling."""
        return Note(
            file=self.file,
            sheet=shown(self.sheet),
            where=self.where(number, shown(column)),
            row=number,
            column=shown(column),
            value=shown(value),
            read_as=meaning,
        )


@frozen
class SheetRow:
    """One row.

    Attributes:
        number: the row as a spreadsheet shows it, the line, or the item of a JSON list from 1.
        values: the cells under the sheet's columns, stripped of outer spaces.
        problems: what the reader could not read of it.
        faulty: the columns of which those problems tell already.
        readable: False where the cells may stand under the wrong columns.
    """

    number: int
    values: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    faulty: frozenset[str] = frozenset()
    readable: bool = True


@frozen
class Sheet:
    """A table of text, as read: nothing in it has been judged but its shape.

    Attributes:
        place: where it stands.
        headings: the names over the columns as they stand in the file.
        columns: the columns of the format that they mean, repeated and unknown ones included.
        rows: the rows, blank ones left out.
        problems: what keeps the whole file from being used.
        notes: what the user should know and nothing is wrong with.
        kind: what the sheet holds, where the reader knows; else the header tells.
    """

    place: Place
    headings: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[SheetRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
    kind: Kind | None = None


class Rows:
    """Collects the rows of a sheet, and stops where there are more than anybody would need.

    Attributes:
        kept: the rows so far.
        problems: what the collector itself has to say.
    """

    def __init__(self, place: Place) -> None:
        self.kept: list[SheetRow] = []
        self.problems: list[Problem] = []
        self._place = place
        self._defects = 0

    def add(self, row: SheetRow) -> bool:
        """Keep one row. False: there are too many rows or problems, and reading must stop."""
        if len(self.kept) >= MAX_ROWS:
            self.problems.append(
                self._place.problem(
                    f"there are more than {MAX_ROWS} rows; the rest was not read",
                    expected=f"at most {MAX_ROWS} rows",
                    hint="split the file",
                    number=row.number,
                )
            )
            return False
        self.kept.append(row)
        self._defects += len(row.problems)
        if self._defects > MAX_PROBLEMS:
            self.problems.append(too_many_problems(self._place))
            return False
        return True


def too_many_problems(place: Place) -> Problem:
    """Return the problem that ends the list of problems."""
    return place.problem(
        f"more than {MAX_PROBLEMS} problems; the rest was not looked at",
        expected="a file of holdings or movements",
    )


def too_large(place: Place, size: int) -> Problem | None:
    """Return the problem of a file that is larger than may be read, or nothing."""
    if size <= MAX_BYTES:
        return None
    return place.problem(
        f"the file has {size} bytes", expected=f"at most {MAX_BYTES} bytes", hint="split it"
    )


def bad_character(text: str) -> str:
    """Return what is wrong with a text's characters, or nothing.

    Control characters, line breaks and direction overrides can make a table show other than
    what it holds, so no cell may have them. Bytes that were not UTF-8 arrive as lone surrogates.
    """
    found = _SURROGATE.search(text)
    if found is not None:
        escaped_byte = "\udc80" <= found.group() <= "\udcff"
        return "bytes that are not UTF-8" if escaped_byte else "half a character (a surrogate)"
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
    # Cut first: a hostile cell may have millions of characters.
    short = text if len(text) <= most else text[: most - 1] + "…"
    safe = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", short)
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", safe)
