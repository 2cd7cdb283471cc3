"""Names over columns: which column of the format each means, and what is wrong with a header."""

from __future__ import annotations

from collections import Counter

from compliance.intake.kinds import KINDS, Kind
from compliance.intake.result import Note
from compliance.intake.sheet import Place, Sheet, shown
from compliance.intake.spellings import COLUMNS, plain
from compliance.values.errors import Problem

_NAMES_FIRST = "write the names of the columns over the rows"


def column_of(heading: str) -> str:
    """Return the column of the format that a heading means; an unknown one in lower case."""
    return COLUMNS.read(heading) or heading.strip().lower()


def header_notes(sheet: Sheet) -> list[Note]:
    """Return a note for every heading that was accepted under another spelling."""
    return [
        sheet.place.read_as(heading, heading, column)
        for heading, column in zip(sheet.headings, sheet.columns, strict=True)
        if heading and not plain(heading, column)
    ]


def header_problems(sheet: Sheet, kind: Kind) -> list[Problem]:
    """Return every defect of a header: unknown, repeated, unnamed and missing columns."""
    place, columns = sheet.place, sheet.columns
    known = (*kind.columns, *kind.optional)
    problems = []
    for column, count in Counter(columns).items():
        if count > 1 and column:
            given = [h for h, c in zip(sheet.headings, columns, strict=True) if c == column]
            named = " and ".join(f"'{shown(heading)}'" for heading in dict.fromkeys(given))
            problems.append(
                place.header_problem(
                    column,
                    f"column {named} stands {count} times"
                    if len(set(given)) == 1
                    else f"columns {named} both mean '{shown(column)}'",
                    expected="each column once",
                    hint="delete the one that is not meant",
                )
            )
    problems += [
        place.header_problem(
            "",
            f"column {index} has no name",
            expected="a name over every column",
            hint="name it, or delete it if it is empty",
        )
        for index, column in enumerate(columns, start=1)
        if not column
    ]
    unknown = {
        column: heading
        for heading, column in zip(sheet.headings, columns, strict=True)
        if column and column not in known
    }
    problems += [unknown_column(place, heading, columns, kind) for heading in unknown.values()]
    absent = [column for column in kind.required if column not in columns]
    # A misspelt name is one mistake: the column it most likely stands for is not missing too.
    meant = {COLUMNS.likely(heading, absent) for heading in unknown.values()}
    problems += [
        place.header_problem(
            column,
            f"the column '{column}' is missing",
            expected="a header with " + ", ".join(kind.columns),
        )
        for column in absent
        if column not in meant
    ]
    return problems


def unknown_column(
    place: Place,
    heading: str,
    columns: tuple[str, ...],
    kind: Kind,
    *,
    number: int | None = None,
) -> Problem:
    """Return the problem of a heading that means no column, or of one row that has such a key."""
    known = (*kind.columns, *kind.optional)
    message = f"no column of {kind.name} is called '{shown(heading)}'"
    expected = "one of " + ", ".join(known)
    hint = COLUMNS.suggest(heading, [name for name in known if name not in columns], most=1)
    if number is None:
        return place.header_problem(heading, message, expected=expected, hint=hint)
    return place.problem(
        message, expected=expected, hint=hint, number=number, column=heading, value=heading
    )


def no_kind(place: Place, headings: tuple[str, ...], *, number: int | None = None) -> Problem:
    """Return the problem of names that do not tell whether they stand over holdings or movements.

    With ``number`` it is the problem of one row, that carries its own names.
    """
    given = shown(", ".join(heading for heading in headings if heading), most=120)
    wanted = " or ".join(f"{kind.name} ({','.join(kind.columns)})" for kind in KINDS)
    if number is None:
        return place.header_problem(
            given,
            f"the header '{given}' does not tell what the file holds",
            expected=wanted,
            hint=_NAMES_FIRST,
        )
    return place.problem(
        f"the keys '{given}' do not tell whether it is a holding or a movement",
        expected=wanted,
        number=number,
    )
