"""What of a body of evidence bears on one count, found without going through all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import itemgetter

from compliance.assess.count import Counter
from compliance.assess.position import by_party
from compliance.values.evidence import Declaration, Evidence, RecordedMovement
from compliance.values.records import Account
from compliance.values.span import total
from compliance.values.vocabulary import Basis

OTHERS = Account(place="@others")
"""Stands for different holders on the other side of movements that are told as one."""


_Kind = tuple[str, str, Basis]
"""Type, category and basis of a movement."""


class Bearing:
    """Evidence in order of holders.

    Where movements are told in groups already, those that surely count in the category asked about
    are put together whatever their type: in that category nothing tells them apart. So are those
    that a holder exchanged with different others: how much left it and came to it, not who they
    all are, is what a reader of many years looks for.
    """

    def __init__(self, evidence: Evidence, counter: Counter) -> None:
        self._counter = counter
        # By holder, then by all that decides in which categories a movement may count.
        self._movements: dict[str, dict[_Kind, list[RecordedMovement]]] = {
            party: _by_kind(items) for party, items in by_party(evidence.movements).items()
        }
        self._order = {id(item): place for place, item in enumerate(evidence.movements)}
        self._declarations: dict[str, list[Declaration]] = {}
        for declaration in evidence.declarations:
            self._declarations.setdefault(declaration.party, []).append(declaration)

    def on(self, holders: Iterable[str], category: str) -> Evidence:
        """Return what can bear on the count of holders in a category."""
        names = list(dict.fromkeys(holders))
        single: dict[int, RecordedMovement] = {}
        grouped: dict[int, RecordedMovement] = {}
        for name in names:
            for items in self._movements.get(name, {}).values():
                if self._counter.concerns(items[0].row, category):
                    surely = self._counter.surely(items[0], category)
                    for item in items:
                        (grouped if item.many and surely else single)[id(item)] = item
        told = [(self._order[key], item) for key, item in single.items()]
        for some in _alike(sorted(grouped.values(), key=self._place), names):
            item = some[0] if len(some) == 1 else _one(some, category, names)
            told.append((self._place(some[0]), item))
        return Evidence(
            tuple(
                d for name in names for d in self._declarations.get(name, ()) if d.covers(category)
            ),
            tuple(item for _, item in sorted(told, key=itemgetter(0))),
        )

    def _place(self, item: RecordedMovement) -> int:
        return self._order[id(item)]


def _by_kind(items: Iterable[RecordedMovement]) -> dict[_Kind, list[RecordedMovement]]:
    found: dict[_Kind, list[RecordedMovement]] = {}
    for item in items:
        row = item.row
        found.setdefault((row.type, row.category, row.basis), []).append(item)
    return found


def _alike(
    items: Iterable[RecordedMovement], holders: Sequence[str]
) -> Iterable[list[RecordedMovement]]:
    """Return movements that nothing tells apart for holders, in order of the first of each."""
    found: dict[tuple[object, ...], list[RecordedMovement]] = {}
    account, more = _Numbers(), _Numbers()
    for item in items:
        row = item.row
        sides = (
            account.of(_seen_by(holders, row.origin)),
            account.of(_seen_by(holders, row.destination)),
        )
        key = (row.date.first, row.date.last, *sides, row.basis, more.of(row.more))
        found.setdefault(key, []).append(item)
    return found.values()


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


def _seen_by(holders: Sequence[str], account: Account) -> Account:
    """Return an account as it matters to holders: whose it is matters only where it is theirs."""
    return account if account.place or account.party in holders else OTHERS


def _one(
    some: Sequence[RecordedMovement], category: str, holders: Sequence[str]
) -> RecordedMovement:
    many = sum(item.many for item in some)
    names = hashlib.sha256("\0".join(item.ref for item in some).encode()).hexdigest()
    row = some[0].row
    origins, destinations = {i.row.origin for i in some}, {i.row.destination for i in some}
    row = replace(
        row,
        type=row.type if all(item.row.type == row.type for item in some) else "",
        category=category,
        quantity=total(item.row.quantity for item in some),
        origin=row.origin if len(origins) == 1 else _seen_by(holders, row.origin),
        destination=(
            row.destination if len(destinations) == 1 else _seen_by(holders, row.destination)
        ),
    )
    return RecordedMovement(f"{many}@{names[:12]}", row, many=many)
