"""Movements that are told in groups, put together further for whom and for what they count.

In a category in which they surely count nothing tells their types apart. And how much left a holder
and came to it, not who all the others are, is what a reader of so many looks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from compliance.assess.count import Counter
from compliance.assess.folding import way, weight
from compliance.values.evidence import OTHERS, RecordedMovement, parted
from compliance.values.records import Account, Movement
from compliance.values.span import Span, total
from compliance.values.vocabulary import Basis

_T = TypeVar("_T")


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
    # What is looked at once for each is found by identity, sooner than by value: all live on.
    sure: dict[tuple[str, str, int], bool] = {}
    paths: dict[tuple[int, int, int], tuple[object, ...]] = {}
    account, more = _Numbers(), _Numbers()
    groups: dict[tuple[object, ...], list[RecordedMovement]] = {}
    for item in movements:
        row, basis = item.row, item.row.basis
        key: tuple[object, ...] = (id(item),)
        if item.many:
            kind = row.type, row.category, id(basis)
            surely = sure.get(kind)
            if surely is None:
                found = counter.surely(row.type, row.category, basis)
                surely = sure[kind] = found == category
            if surely:
                path = id(row.origin), id(row.destination), id(basis)
                seen = paths.get(path)
                if seen is None:
                    sides = [
                        _seen_by(holders, side, folded) for side in (row.origin, row.destination)
                    ]
                    weighs = weight(way(*sides), basis) if folded else basis
                    seen = paths[path] = (*map(account.of, sides), weighs)
                key = (row.date.first, row.date.last, seen, more.of(row.more))
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

    many = sum([item.many for item in some])
    names = hashlib.sha256("\0".join([item.ref for item in some]).encode()).hexdigest()
    rows = [item.row for item in some]
    first = rows[0]
    bases = _bases(some)
    # Written out, not copied with changes: there are many, and it takes a third of the time.
    row = Movement(
        date=first.date,
        type=_shared([row.type for row in rows]) or "",
        category=category,
        quantity=total(row.quantity for row in rows),
        origin=_shared([row.origin for row in rows]) or OTHERS,
        destination=_shared([row.destination for row in rows]) or OTHERS,
        state=first.state,
        basis=bases[-1],
        source=first.source,
        more=first.more,
    )
    several = bases if len(bases) > 1 else ()
    parts = parted(part for item in some for part in item.parts or (_part(item),))
    return RecordedMovement(f"{many}@{names[:12]}", row, many=many, bases=several, parts=parts)


def _bases(some: Iterable[RecordedMovement]) -> tuple[Basis, ...]:
    """Return the bases of movements, best first."""
    found = [item.bases or (item.row.basis,) for item in some]
    all_of = _shared(found)
    return all_of or tuple(basis for basis in Basis if any(basis in bases for bases in found))


def _shared(values: Sequence[_T]) -> _T | None:
    """Return what all values are; ``None`` where they differ."""
    first = values[0]
    return first if values.count(first) == len(values) else None


def _part(item: RecordedMovement) -> tuple[str, Span]:
    """Return the one kind of other side that a group has, and its quantity."""
    # Several outside places are told by their kind, several kinds in parts: others are holders.
    place = item.row.origin.place or item.row.destination.place
    return "" if place == OTHERS.place else place, item.row.quantity
