"""What of a body of evidence bears on one count, found without going through all of it."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.assess.count import Counter
from compliance.assess.gathered import by_party, together
from compliance.values.evidence import Declaration, Evidence, RecordedMovement
from compliance.values.vocabulary import Basis

_Kind = tuple[str, str, Basis]
"""Type, category and basis of a movement: what decides in which categories it may count."""


class Bearing:
    """Evidence in order of holders; see ``gathered`` for movements that are told in groups."""

    def __init__(self, evidence: Evidence, counter: Counter, *, gather: bool = True) -> None:
        """Take the evidence.

        Args:
            evidence: of any days.
            counter: says what may count.
            gather: put together what of groups may be; False where a folding did so already.
        """
        self._counter = counter
        self._gather = gather
        self._folded = evidence.folded
        self._movements = by_party(evidence.movements)
        self._kinds: dict[str, dict[_Kind, list[RecordedMovement]]] = {}
        self._order = {id(item): place for place, item in enumerate(evidence.movements)}
        self._declarations: dict[str, list[Declaration]] = {}
        for declaration in evidence.declarations:
            self._declarations.setdefault(declaration.party, []).append(declaration)

    def declarations_of(self, holder: str) -> list[Declaration]:
        """Return a holder's declarations."""
        return self._declarations.get(holder, [])

    def movements_of(self, holder: str) -> list[RecordedMovement]:
        """Return a holder's movements, as they are."""
        return self._movements.get(holder, [])

    def movements(self, holders: Iterable[str], category: str) -> list[RecordedMovement]:
        """Return the movements that may count in a category for holders, put together."""
        names = list(dict.fromkeys(holders))
        found: dict[int, RecordedMovement] = {}
        for name in names:
            for items in self._by_kind(name).values():
                if self._counter.concerns(items[0].row, category):
                    found.update((self._order[id(item)], item) for item in items)
        moved = [found[place] for place in sorted(found)]
        if not self._gather:
            return moved
        return together(moved, names, category, self._counter, folded=self._folded)

    def on(self, holders: Iterable[str], category: str) -> Evidence:
        """Return what can bear on the count of holders in a category."""
        names = list(dict.fromkeys(holders))
        declared = (d for name in names for d in self.declarations_of(name) if d.covers(category))
        return Evidence(tuple(declared), tuple(self.movements(names, category)))

    def _by_kind(self, holder: str) -> dict[_Kind, list[RecordedMovement]]:
        kinds = self._kinds.get(holder)
        if kinds is None:
            kinds = self._kinds[holder] = {}
            for item in self.movements_of(holder):
                row = item.row
                kinds.setdefault((row.type, row.category, row.basis), []).append(item)
        return kinds
