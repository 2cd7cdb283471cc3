"""The columns of the two kinds of file, and how a header tells which kind it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from compliance.intake.sheet import shown
from compliance.values.errors import Problem
from compliance.values.names import did_you_mean


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file.

    Attributes:
        name: ``holdings`` or ``movements``.
        columns: the columns of the format, in the order they are written.
        omissible: those of them that a file may leave out, because an empty cell has a meaning.
    """

    name: str
    columns: tuple[str, ...]
    omissible: frozenset[str]


OPTIONAL = (
    "note",
    "ref",
    "stated_by",
    "subcategory",
    "unit",
    "site",
    "marking",
    "corrects",
)
"""Columns that any file may have; the names are the fields of ``records.Particulars``."""

HOLDINGS = Kind(
    "holdings",
    ("party", "as_of", "basis", "category", "type", "status", "quantity", "source"),
    frozenset({"type", "status"}),
)
MOVEMENTS = Kind(
    "movements",
    ("date", "type", "category", "quantity", "from", "to", "state", "basis", "source"),
    frozenset({"category", "state"}),
)
KINDS = (HOLDINGS, MOVEMENTS)

HEADER_ROW = 1
"""The header is row 1, as a spreadsheet numbers it."""


def normal(column: str) -> str:
    """Return a column's name as it is compared: without outer spaces and without case."""
    return column.strip().lower()


def kind_of(columns: tuple[str, ...]) -> Kind | None:
    """Return the kind of file that a header belongs to, or ``None`` where it does not tell.

    Only columns that one kind has and the other has not are weighed, so that one misspelt name
    does not hide the kind.
    """
    given = set(columns)
    shared = set(HOLDINGS.columns) & set(MOVEMENTS.columns)
    scores = {kind.name: len((set(kind.columns) - shared) & given) for kind in KINDS}
    if scores[HOLDINGS.name] == scores[MOVEMENTS.name]:
        return None
    return max(KINDS, key=lambda kind: scores[kind.name])


def header_problems(file: str, columns: tuple[str, ...], kind: Kind) -> list[Problem]:
    """Return every defect of a header: unknown, repeated, unnamed and missing columns."""
    known = (*kind.columns, *OPTIONAL)
    problems = [
        _header_problem(
            file,
            column,
            f"column '{shown(column)}' stands {count} times",
            expected="each column once",
        )
        for column, count in Counter(columns).items()
        if count > 1 and column
    ]
    unnamed = [index for index, column in enumerate(columns, start=1) if not column]
    problems += [
        _header_problem(
            file, "", f"column {index} has no name", expected="a name over every column"
        )
        for index in unnamed
    ]
    unknown = [column for column in dict.fromkeys(columns) if column and column not in known]
    absent = [
        column for column in kind.columns if column not in columns and column not in kind.omissible
    ]
    for column in unknown:
        suggestion = did_you_mean(column, [name for name in known if name not in columns], most=1)
        problems.append(
            _header_problem(
                file,
                column,
                f"no column of a {kind.name} file is called '{shown(column)}'",
                expected="one of " + ", ".join(known),
                suggestion=suggestion,
            )
        )
    # A misspelt name is one mistake: the column it most likely stands for is not missing too.
    meant = {name for column in unknown for name in absent if f"'{name}'" in _near(column, absent)}
    problems += [
        _header_problem(
            file,
            column,
            f"the column '{column}' is missing",
            expected="a header with " + ", ".join(kind.columns),
        )
        for column in absent
        if column not in meant
    ]
    return problems


def _near(column: str, absent: list[str]) -> str:
    return did_you_mean(column, absent, most=1)


def _header_problem(
    file: str, column: str, message: str, *, expected: str, suggestion: str = ""
) -> Problem:
    return Problem(
        file=file,
        where=f"row {HEADER_ROW}",
        message=message,
        expected=expected,
        suggestion=suggestion,
        row=HEADER_ROW,
        column=shown(column),
        value=shown(column),
    )
