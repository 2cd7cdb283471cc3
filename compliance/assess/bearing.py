"""What of a body of evidence bears on one count, found without going through all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from compliance.assess.count import Counter
from compliance.assess.position import by_party
from compliance.values.evidence import Declaration, Evidence, RecordedMovement
from compliance.values.span import total


class Bearing:
    """Evidence in order of holders.

    Where movements are told in groups already, those that surely count in the category asked about
    are put together whatever their type: in that category nothing tells them apart.
    """

    def __init__(self, evidence: Evidence, counter: Counter) -> None:
        self._counter = counter
        self._movements = by_party(evidence.movements)
        self._order = {id(item): place for place, item in enumerate(evidence.movements)}
        self._declarations: dict[str, list[Declaration]] = {}
        for declaration in evidence.declarations:
            self._declarations.setdefault(declaration.party, []).append(declaration)

    def on(self, holders: Iterable[str], category: str) -> Evidence:
        """Return what can bear on the count of holders in a category."""
        names = list(dict.fromkeys(holders))
        found = {id(m): m for name in names for m in self._movements.get(name, ())}
        if len(names) > 1:
            found = dict(sorted(found.items(), key=lambda pair: self._order[pair[0]]))
        concerned = (m for m in found.values() if self._counter.concerns(m.row, category))
        return Evidence(
            tuple(
                d for name in names for d in self._declarations.get(name, ()) if d.covers(category)
            ),
            tuple(self._together(concerned, category)),
        )

    def _together(
        self, movements: Iterable[RecordedMovement], category: str
    ) -> Iterator[RecordedMovement]:
        groups: dict[tuple[object, ...], list[RecordedMovement]] = {}
        for item in movements:
            row = item.row
            key: tuple[object, ...] = (id(item),)
            if item.many and self._counter.surely(item, category):
                key = (row.date, row.origin, row.destination, row.basis, row.more)
            groups.setdefault(key, []).append(item)
        for some in groups.values():
            yield some[0] if len(some) == 1 else _one(some, category)


def _one(some: list[RecordedMovement], category: str) -> RecordedMovement:
    many = sum(item.many for item in some)
    names = hashlib.sha256("\0".join(item.ref for item in some).encode()).hexdigest()
    quantity = total(item.row.quantity for item in some)
    row = replace(some[0].row, type="", category=category, quantity=quantity)
    return RecordedMovement(f"{many}@{names[:12]}", row, many=many)
