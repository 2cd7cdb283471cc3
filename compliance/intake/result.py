"""What reading gives back: rows and where each came from, notes, and every problem."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from compliance.values.errors import InvalidInput, Problem
from compliance.values.frozen import frozen
from compliance.values.records import Entry


@frozen
class Note:
    """Something that was read otherwise than it was written, or left out, and is no defect.

    Attributes:
        file: the file as the user named it.
        sheet: the sheet of a workbook or the list of a JSON file; may be empty.
        where: the place inside the file, for people.
        row: the row, line or item; ``None`` for the whole file or sheet.
        column: the column, or empty.
        value: what stands in the file, or empty.
        read_as: what it was taken for, or empty.
        message: what is to be known where nothing was read as something else.
    """

    file: str
    sheet: str
    where: str
    row: int | None
    column: str
    value: str
    read_as: str = ""
    message: str = ""

    def line(self) -> str:
        """Return the note as one line."""
        place = f"{self.file}: {self.where}" if self.where else self.file
        return f"{place}: " + (self.message or f"'{self.value}' read as '{self.read_as}'")

    def as_dict(self) -> dict[str, Any]:
        """Return the note for JSON output."""
        return {
            "file": self.file,
            "sheet": self.sheet or None,
            "row": self.row,
            "column": self.column or None,
            "value": self.value or None,
            "read_as": self.read_as or None,
            "message": self.message or None,
        }


@frozen
class Origin:
    """Where one row stood, and what stood there.

    Attributes:
        file: the file as the user named it.
        sheet: the sheet of a workbook or the list of a JSON file; may be empty.
        row: the row, line or item.
        columns: the names over the columns as they stand in the file.
        values: the cells as they stand in the file, without outer spaces.
    """

    file: str
    sheet: str
    row: int
    columns: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def cells(self) -> dict[str, str]:
        """The cells by column. What stands beyond the last column is named by its number."""
        cells = dict(zip(self.columns, self.values, strict=False))
        for number, value in enumerate(self.values[len(self.columns) :], len(self.columns) + 1):
            if value:
                cells[f"(cell {number})"] = value
        return cells


@frozen
class Intake:
    """What was read from one or more files.

    Attributes:
        rows: the sound rows, in the order of the files and of their lines.
        origins: where each of ``rows`` came from, in the same order.
        notes: every value accepted under another spelling, and everything left aside.
        more_notes: how many more there are than are kept; files without end may have many.
        problems: every defect, by file and row.
        left_out: the rows that have a defect, those of refused files included.
        refused: the files of which nothing was taken, because the file as a whole has a defect.
    """

    rows: tuple[Entry, ...] = ()
    origins: tuple[Origin, ...] = ()
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    left_out: tuple[Origin, ...] = ()
    refused: tuple[str, ...] = ()
    more_notes: int = 0

    def checked(self) -> Intake:
        """Return this where it has no problem.

        Raises:
            InvalidInput: it has; every problem is in it.
        """
        if not self.problems:
            return self
        files = len({problem.file for problem in self.problems})
        many = "s" if len(self.problems) != 1 else ""
        raise InvalidInput(
            f"{len(self.problems)} problem{many} in {files} file{'s' if files != 1 else ''}; "
            "nothing was read in",
            list(self.problems),
            todo="correct the cells named and read the files in again",
        )


def together(parts: Iterable[Intake]) -> Intake:
    """Return several intakes as one; problems sorted by file and row."""
    listed = list(parts)
    problems = [problem for part in listed for problem in part.problems]
    problems.sort(key=lambda problem: problem.file)
    return Intake(
        rows=tuple(row for part in listed for row in part.rows),
        origins=tuple(origin for part in listed for origin in part.origins),
        notes=tuple(note for part in listed for note in part.notes),
        problems=tuple(problems),
        left_out=tuple(origin for part in listed for origin in part.left_out),
        refused=tuple(name for part in listed for name in part.refused),
        more_notes=sum(part.more_notes for part in listed),
    )
