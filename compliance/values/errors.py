"""Errors as data, and the one exception family that the command line turns into exit codes."""

from __future__ import annotations

from typing import Any

from compliance.values.frozen import frozen


class ComplianceError(Exception):
    """Something the user can act on: what happened, and what to do next.

    Attributes:
        exit_code: the exit code of the process (see the README's table).
        todo: what to do about it, as a sentence without a full stop; may be empty.
    """

    exit_code = 2

    def __init__(self, message: str, *, todo: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.todo = todo


class LedgerError(ComplianceError):
    """The database is absent, at a wrong revision, or its chain is broken."""

    exit_code = 4


@frozen
class Problem:
    """One defect of one input, kept as data so that all can be shown in one run.

    Attributes:
        file: the file as the user named it.
        where: row, key path or line inside the file, for people (``row 7``, ``party[3].id``).
        message: what is wrong, including the value.
        expected: what would be right.
        suggestion: a likely correction, or empty.
        severity: ``error`` stops the work, ``warning`` does not.
        row: the row number in a table (the header is row 1), if any.
        column: the column's name, if any.
        value: the offending value as it stands in the input, if any.
        sheet: the sheet of a workbook or the list of a JSON file, if any.
    """

    file: str
    where: str
    message: str
    expected: str = ""
    suggestion: str = ""
    severity: str = "error"
    row: int | None = None
    column: str | None = None
    value: str | None = None
    sheet: str | None = None

    def line(self) -> str:
        """Return the problem as one line: place, what, what was expected, what to do."""
        place = f"{self.file}: {self.where}" if self.where else self.file
        text = f"{place}: {self.message}"
        if self.expected:
            text += f"; expected {self.expected}"
        if self.suggestion:
            text += f"; {self.suggestion}"
        return text

    def as_dict(self) -> dict[str, Any]:
        """Return the problem for JSON output."""
        return {
            "file": self.file,
            "sheet": self.sheet,
            "where": self.where,
            "severity": self.severity,
            "message": self.message,
            "expected": self.expected,
            "suggestion": self.suggestion,
            "row": self.row,
            "column": self.column,
            "value": self.value,
        }


class InvalidInput(ComplianceError):  # noqa: N818 - reads better than InvalidInputError at the call site
    """One or more inputs have defects; every one of them is in ``problems``."""

    def __init__(self, message: str, problems: list[Problem], *, todo: str = "") -> None:
        super().__init__(message, todo=todo)
        self.problems = problems
