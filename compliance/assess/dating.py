"""Declarations whose date is odd: later than the day asked about, or than their own recording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from compliance.agreement.law import Agreement
from compliance.assess import stated, words
from compliance.assess.consistency import Disagreement
from compliance.values.dates import add_months, in_words
from compliance.values.evidence import Declaration
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
    found = sorted(declarations, key=lambda d: (d.as_of.last, d.preference))
    if found:
        what = "; ".join(_briefly(d, category) for d in found)
        rows = [words.evidence(i) for d in found for i in stated.of_category(d, category)]
        yield f"on record and not used, dated after {in_words(day)}: {what}.", tuple(rows)


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
            f"dated after the day it was recorded on ({in_words(on)}), so it was an expectation "
            f"then, or its date is wrong: {_briefly(declaration, category)}.",
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


def _briefly(declaration: Declaration, category: str) -> str:
    rows = stated.of_category(declaration, category)
    pieces = [words.holding(item) for item in rows[:_MOST_ROWS]]
    if len(rows) > _MOST_ROWS:
        pieces.append(f"{len(rows) - _MOST_ROWS} more rows")
    return words.listed(pieces)
