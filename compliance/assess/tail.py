"""What moved after a date, as it bears on a count on one day after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from compliance.assess.tally import Change
from compliance.assess.weighed import Passed
from compliance.values.evidence import RecordedMovement


class Tail:
    """Movements in their order, each asked about no more often than its bearing changes."""

    def __init__(
        self,
        movements: Iterable[RecordedMovement],
        change: Callable[[RecordedMovement, date], Change | Passed],
    ) -> None:
        """Take the movements.

        Args:
            movements: in their order.
            change: how one bears on the count at the end of a day.
        """
        self._change = change
        self._dated = [(item.row.date.first, item.row.date.last, item) for item in movements]
        # A movement bears in one way until its last day, and in one way from then on.
        self._begun: dict[int, Change | Passed] = {}
        self._over: dict[int, Change | Passed] = {}

    def changes(self, day: date) -> tuple[Change, ...]:
        """Return what of it bears on the count at the end of a day."""
        found: list[Change] = []
        for place, (first, last, item) in enumerate(self._dated):
            if first > day:
                continue
            known = self._over if last <= day else self._begun
            change = known.get(place)
            if change is None:
                change = known[place] = self._change(item, day)
            if isinstance(change, Change):
                found.append(change)
        return tuple(found)
