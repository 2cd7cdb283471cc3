"""What is planned, as a look ahead takes it: which plans bear on it, and which stay in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from compliance.assess import words
from compliance.assess.doubts import enough
from compliance.assess.projection import Plan
from compliance.assess.standing import Request, Standings, categories_asked, parties_asked
from compliance.assess.tally import Change
from compliance.values.evidence import RecordedMovement
from compliance.values.vocabulary import State


class Plans:
    """Sorts planned movements by what they bear on."""

    def __init__(self, standings: Standings, request: Request) -> None:
        self._law = standings.law
        self._counter = standings.counter
        self._readings = request.readings
        asked = {party.id for party in parties_asked(self._law, request)}
        parts = (party.id for party in self._law.parties if party.part_of in asked)
        self._holders = tuple(dict.fromkeys((*asked, *parts)))
        self._categories = frozenset(item.id for item in categories_asked(self._law, request))

    def bearing(self, planned: Iterable[RecordedMovement]) -> Iterator[Plan]:
        """Yield those that bear on a category asked for, and whether they become certain."""
        for item in planned:
            found = self._changes(item)
            here = [change for category, change in found if category in self._categories]
            if here:
                doubtful = next((change for change in here if not change.certain), None)
                needs = None if doubtful is None else enough(doubtful)
                yield Plan(words.movement(item), item.row.basis, needs)

    def outside(self, planned: Iterable[RecordedMovement]) -> Iterator[str]:
        """Yield those that count in no category at all under the answers in force."""
        for item in planned:
            if not self._changes(item):
                yield words.movement(item)

    def _changes(self, item: RecordedMovement) -> list[tuple[str, Change]]:
        """Return how a plan counts once it is carried out, by category."""
        done = replace(item, row=replace(item.row, state=State.DONE))
        found = [
            (category.id, self._counter.change(done, holder, category.id, None, item.row.date.last))
            for holder in self._holders
            for category in self._law.categories
        ]
        return [
            (category, change)
            for category, change in found
            if isinstance(change, Change) and not change.ruled_out(self._readings)
        ]
