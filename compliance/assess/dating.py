"""Declarations whose date is odd: later than the day asked about, or than their own recording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from compliance.agreement.law import Agreement
from compliance.assess import stated, words
from compliance.assess.consistency import Disagreement
from compliance.values.dates import add_months
from compliance.values.evidence import Declaration
from compliance.values.said import Said, joined, said, said_many
from compliance.values.vocabulary import Basis

# Of a declaration by type this many rows say enough in a sentence; all are named behind it.
_MOST_ROWS = 3


def is_later(declaration: Declaration, category: str, day: date, months: int) -> bool:
    """True for what is on record of a category and not used, because it is dated soon after a day.

    Soon is as long as a declaration speaks, in months: what is dated years later has no bearing on
    the day. What inspectors saw later is no declaration.
    """
    return (
        declaration.as_of.last > day
        and declaration.as_of.first <= add_months(day, months)
        and declaration.basis is not Basis.OBSERVED
        and declaration.covers(category)
    )


def later(declarations: Sequence[Declaration], category: str, day: date) -> Iterable[Disagreement]:
    """Yield one remark on all declarations that are not used because they are dated after a day."""
    found = _in_order(declarations)
    if found:
        text = said(
            "on record and not used, dated after {day}: {figures}.",
            day=day,
            figures=_all_briefly(found, category),
        )
        rows = [words.evidence(i) for d in found for i in stated.of_category(d, category)]
        yield text, tuple(rows)


def later_sentence(declarations: Sequence[Declaration], category: str, day: date) -> Iterable[Said]:
    """Yield the same remark as a sentence of its own."""
    if declarations:
        yield said(
            "On record and not used, dated after {day}: {figures}.",
            day=day,
            figures=_all_briefly(_in_order(declarations), category),
        )


def ahead(
    declarations: Sequence[Declaration], recorded: Mapping[int, date], category: str, law: Agreement
) -> Iterable[Disagreement]:
    """Yield the declarations dated after the day they were recorded on.

    Figures of the annual exchange are handed over before the day they are valid on; those, for the
    next such day, are as they should be.
    """
    for declaration in declarations:
        on = recorded.get(declaration.order)
        if on is None or declaration.as_of.first <= on or not declaration.covers(category):
            continue
        if declaration.basis.rank <= Basis.RELAYED.rank and _next_valid(law, declaration, on):
            continue
        yield (
            said(
                "dated after the day it was recorded on ({day}), so it was an expectation "
                "then, or its date is wrong: {figures}.",
                day=on,
                figures=_briefly(declaration, category),
            ),
            tuple(map(words.evidence, stated.of_category(declaration, category))),
        )


def _next_valid(law: Agreement, declaration: Declaration, on: date) -> bool:
    """True where a declaration is of the next day on which an annual exchange is valid."""
    first = declaration.as_of.first
    return (
        declaration.as_of.exact
        and first <= add_months(on, 12)
        and any(duty.valid == f"{first:%m-%d}" for duty in law.obligations)
    )


def _in_order(declarations: Sequence[Declaration]) -> list[Declaration]:
    return sorted(declarations, key=lambda d: (d.as_of.last, d.preference))


def _all_briefly(declarations: Iterable[Declaration], category: str) -> Said:
    return joined("; ", (_briefly(d, category) for d in declarations))


def _briefly(declaration: Declaration, category: str) -> Said:
    rows = stated.of_category(declaration, category)
    pieces = [words.holding(item) for item in rows[:_MOST_ROWS]]
    if len(rows) > _MOST_ROWS:
        more = len(rows) - _MOST_ROWS
        pieces.append(said_many("{count} more row", "{count} more rows", more))
    return words.listed(pieces)
