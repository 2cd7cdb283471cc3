"""Movements that are told in groups, put together further for whom and for what they count.

In a category in which they surely count nothing tells their types apart. And how much left a holder
and came to it, not who all the others are, is what a reader of so many looks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from compliance.assess.count import Counter
from compliance.assess.folding import way, weight
from compliance.values.evidence import OTHERS, RecordedMovement, parted
from compliance.values.records import Account
from compliance.values.span import Span, total
from compliance.values.vocabulary import Basis


def by_party(movements: Iterable[RecordedMovement]) -> dict[str, list[RecordedMovement]]:
    """Return movements by the holders they leave and reach."""
    found: dict[str, list[RecordedMovement]] = {}
    for item in movements:
        for party in {item.row.origin.party, item.row.destination.party} - {""}:
            found.setdefault(party, []).append(item)
    return found


def together(
    movements: Sequence[RecordedMovement],
    holders: Sequence[str],
    category: str,
    counter: Counter,
    *,
    folded: bool = False,
) -> list[RecordedMovement]:
    """Return movements with those told in groups put together as one, where they surely count.

    Args:
        movements: in their order, which is kept: what is put together stands where its first did.
        holders: who are counted.
        category: the category counted.
        counter: says what surely counts.
        folded: they were told in groups by a folding: of what leaves a holder, or comes to it,
            only how its bases weigh tells it apart.
    """
    if not any(item.many for item in movements):
        return list(movements)
    sure: dict[tuple[object, ...], bool] = {}
    account, more = _Numbers(), _Numbers()
    groups: dict[tuple[object, ...], list[RecordedMovement]] = {}
    for item in movements:
        row = item.row
        key: tuple[object, ...] = (id(item),)
        if item.many:
            kind = (row.type, row.category, row.basis)
            surely = sure.get(kind)
            if surely is None:
                surely = sure[kind] = counter.surely(*kind) == category
            if surely:
                sides = [_seen_by(holders, side, folded) for side in (row.origin, row.destination)]
                key = (
                    *(row.date.first, row.date.last, *map(account.of, sides)),
                    weight(way(*sides), row.basis) if folded else row.basis,
                    more.of(row.more),
                )
        groups.setdefault(key, []).append(item)
    return [some[0] if len(some) == 1 else _one(some, category) for some in groups.values()]


class _Numbers:
    """Numbers values, equal ones alike: most are found by identity and not by their many parts."""

    def __init__(self) -> None:
        self._by_identity: dict[int, tuple[object, int]] = {}
        self._by_value: dict[object, int] = {}

    def of(self, value: object) -> int:
        """Return the number of a value."""
        known = self._by_identity.get(id(value))
        if known is None:
            number = self._by_value.setdefault(value, len(self._by_value))
            # Held on to, so that its identity stays its own.
            known = self._by_identity[id(value)] = (value, number)
        return known[1]


def _seen_by(holders: Sequence[str], account: Account, folded: bool) -> Account:
    """Return an account as it matters to holders: whose it is matters only where it is theirs."""
    mine = account.party in holders if folded or not account.place else True
    return account if mine else OTHERS


def _one(some: Sequence[RecordedMovement], category: str) -> RecordedMovement:
    import hashlib  # few ledgers are so large

    many = sum(item.many for item in some)
    names = hashlib.sha256("\0".join(item.ref for item in some).encode()).hexdigest()
    row = some[0].row
    origins, destinations = {i.row.origin for i in some}, {i.row.destination for i in some}
    found = {basis for item in some for basis in item.bases or (item.row.basis,)}
    bases = sorted(found, key=list(Basis).index)
    row = replace(
        row,
        type=row.type if all(item.row.type == row.type for item in some) else "",
        category=category,
        quantity=total(item.row.quantity for item in some),
        origin=row.origin if len(origins) == 1 else OTHERS,
        destination=row.destination if len(destinations) == 1 else OTHERS,
        basis=bases[-1],
    )
    more = tuple(bases) if len(bases) > 1 else ()
    parts = parted(part for item in some for part in item.parts or (_part(item),))
    return RecordedMovement(f"{many}@{names[:12]}", row, many=many, bases=more, parts=parts)


def _part(item: RecordedMovement) -> tuple[str, Span]:
    """Return the one kind of other side that a group has, and its quantity."""
    # Several outside places are told by their kind, several kinds in parts: others are holders.
    place = item.row.origin.place or item.row.destination.place
    return "" if place == OTHERS.place else place, item.row.quantity
