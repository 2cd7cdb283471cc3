"""What of two declarations speaks of the same thing: a whole category, or one type of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from compliance.assess import stated
from compliance.assess.book import possible
from compliance.values.evidence import Declaration, RecordedHolding, RecordedMovement
from compliance.values.span import ZERO
from compliance.values.vocabulary import Status


def whole(declaration: Declaration, category: str) -> bool:
    """True where a declaration speaks for the whole category.

    It gives a total, or it is a Party's own list of types. Somebody else's list need not be
    complete, though the count takes it as it is.
    """
    rows = stated.of_category(declaration, category)
    return declaration.basis.own_statement or bool(stated.totals(rows))


def types_named(
    declaration: Declaration, category: str, known: stated.Known
) -> dict[str, list[RecordedHolding]]:
    """Return the rows of a category by type, however the type is spelled."""
    found: dict[str, list[RecordedHolding]] = {}
    for item in declaration.rows:
        if item.row.category == category and item.row.type:
            found.setdefault(stated.account_name(item.row.type, known), []).append(item)
    return found


def of_type(declaration: Declaration, rows: Sequence[RecordedHolding]) -> Declaration:
    """Return a declaration of these rows only."""
    return replace(declaration, rows=tuple(rows))


def moved_of_type(
    movements: Iterable[RecordedMovement], name: str, category: str, known: stated.Known
) -> Iterator[RecordedMovement]:
    """Yield the movements of a type; one that names no type may be of it."""
    for item in movements:
        if not item.row.type:
            if item.row.category == category:
                yield possible(item)
        elif stated.account_name(item.row.type, known) == name:
            yield item


def none_of(
    name: str,
    elsewhere: Mapping[str, Sequence[RecordedHolding]],
    declaration: Declaration,
    category: str,
    known: stated.Known,
) -> list[RecordedHolding] | None:
    """Return a row of zero where a declaration that does not name a type surely has none of it.

    So it is where the types it does name add up to its total, and it names this one nowhere else.
    """
    rows = stated.of_category(declaration, category)
    overall, typed = stated.totals(rows), stated.typed(rows)
    if not overall or any(
        item.row.type and stated.account_name(item.row.type, known) == name
        for item in declaration.rows
    ):
        return None
    summed = stated.quantity(overall)
    if not summed.exact or stated.quantity(typed) != summed:
        return None
    like = elsewhere[name][0].row
    row = replace(
        overall[0].row, type=like.type, quantity=ZERO, status=Status.OVERALL, withheld=False
    )
    return [RecordedHolding("", row)]
