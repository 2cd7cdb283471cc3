"""What a declaration itself states of a category, before any question of what counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from compliance.assess.types import KnownType
from compliance.values.evidence import Declaration, RecordedHolding
from compliance.values.span import Span, total
from compliance.values.vocabulary import Status

Known = Callable[[str], KnownType | None]
"""Returns what the catalogue knows of a designation."""


def account_name(designation: str, known: Known) -> str:
    """Return one name for every spelling of a type; empty where none is named."""
    found = known(designation) if designation else None
    return found.id if found else designation.casefold()


def of_category(declaration: Declaration, category: str) -> list[RecordedHolding]:
    """Return the rows on a category; the state's own where units or sites stand beside them."""
    rows = [i for i in declaration.rows if i.row.category == category]
    return [i for i in rows if not (i.row.more.unit or i.row.more.site)] or rows


def totals(rows: Iterable[RecordedHolding]) -> list[RecordedHolding]:
    """Return the rows that state all items of a category, of whatever type."""
    return [i for i in rows if not i.row.type and i.row.status is Status.OVERALL]


def typed(rows: Iterable[RecordedHolding]) -> list[RecordedHolding]:
    """Return the rows that state all items of one type."""
    return [i for i in rows if i.row.type and i.row.status is Status.OVERALL]


def quantity(rows: Iterable[RecordedHolding]) -> Span:
    """Add rows up; what was withheld is at least none."""
    return total(Span.at_least(0) if i.row.withheld else i.row.quantity for i in rows)


def figure(rows: Sequence[RecordedHolding]) -> Span | None:
    """Return how many items rows of one category state: their total, else the sum of their types.

    Items reported apart from the holding (historical, decommissioned and the like) are not in it.
    ``None`` where nothing else is stated.
    """
    within = [i for i in rows if i.row.status.within_overall]
    if not within:
        return None
    found = totals(within) or typed(within)
    if found:
        return quantity(found)
    return quantity([i for i in within if not i.row.type] or within)


def declared(declaration: Declaration, category: str) -> Span | None:
    """Return how many items a declaration states; "at least" where only part of them is given."""
    rows = of_category(declaration, category)
    found = figure(rows)
    if found is None:
        return None
    given = {i.row.status for i in rows if i.row.status.within_overall}
    return found + Span.at_least(0) if given == {Status.IN_SERVICE} else found
