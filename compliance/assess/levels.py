"""What a headroom is made of, and how its changes are told so that they add up."""

from __future__ import annotations

from compliance.assess.cause import Change
from compliance.assess.position import Position
from compliance.values.frozen import frozen
from compliance.values.span import Span

_UNKNOWN = Span(None, None)

Pair = tuple[int | None, int | None]
"""A lower and an upper bound, each by itself: of what is no span, since they may cross."""


@frozen
class Levels:
    """A headroom's parts on a day; both bounds open where something is not known.

    Attributes:
        count: before it is cut at zero; a lower bound without limit is taken at the cut.
        cut: what cutting at zero adds to the lower and to the upper bound.
        ceiling: as far as it may be compared with.
    """

    count: Pair
    cut: Pair
    ceiling: Span

    @classmethod
    def of(cls, position: Position, ceiling: Span | None) -> Levels:
        """Return the levels of a position under a ceiling."""
        if position.counted is None:
            return cls((None, None), (None, None), ceiling or _UNKNOWN)
        return cls.counting(position.uncut, ceiling)

    @classmethod
    def counting(cls, uncut: Span, ceiling: Span | None) -> Levels:
        """Return the levels of a count, before its cut at zero, under a ceiling."""
        return cls(
            (0 if uncut.low is None else uncut.low, uncut.high),
            (_lifted(uncut.low), _lifted(uncut.high)),
            ceiling or _UNKNOWN,
        )


class Tracks:
    """Turns successive levels into changes of headroom.

    Where a bound is open for a while, what happens meanwhile has no number; what closes it again
    is told against the last number there was. So the numbers add up wherever both ends are closed.
    """

    def __init__(self, levels: Levels) -> None:
        self._count = _Track(*levels.count)
        self._cut = _Track(*levels.cut)
        self._ceiling = _Track(levels.ceiling.low, levels.ceiling.high)
        self.ceiling = levels.ceiling

    def rest(self) -> None:
        """Begin anew: what was closed before this day is no number to tell against any more."""
        for track in (self._count, self._cut, self._ceiling):
            track.rest()

    def count(self, new: Pair) -> Change | None:
        """Return what a new count does: more counted is less headroom; ``None`` for nothing."""
        return _turned(self._count.move(*new))

    def cut(self, new: Pair) -> Change | None:
        """Return what cutting at zero does; ``None`` where that has no number."""
        change = _turned(self._cut.move(*new))
        return change if change is not None and (change.low or change.high) else None

    def limit(self, new: Span) -> Change | None:
        """Return what a new ceiling does."""
        self.ceiling = new
        return self._ceiling.move(new.low, new.high)

    def all(self, levels: Levels) -> Change | None:
        """Return what new levels do in all; ``None`` for nothing."""
        changes = (self.count(levels.count), self.cut(levels.cut), self.limit(levels.ceiling))
        found = [change for change in changes if change is not None]
        return sum(found[1:], start=found[0]) if found else None


class _Track:
    def __init__(self, low: int | None, high: int | None) -> None:
        self._now = (low, high)
        self._last = (low, high)

    def rest(self) -> None:
        self._last = self._now

    def move(self, low: int | None, high: int | None) -> Change | None:
        if (low, high) == self._now:
            return None
        change = Change(
            _difference(self._last[0], self._now[0], low),
            _difference(self._last[1], self._now[1], high),
        )
        self._now = (low, high)
        self._last = (
            self._last[0] if low is None else low,
            self._last[1] if high is None else high,
        )
        return change


def _difference(last: int | None, old: int | None, new: int | None) -> int | None:
    """Return new minus the last number there was; no number where the bound is or stays open."""
    if new is None or last is None:
        return None
    return new - (last if old is None else old)


def _turned(change: Change | None) -> Change | None:
    if change is None:
        return None
    low, high = change.high, change.low
    return Change(None if low is None else -low, None if high is None else -high)


def _lifted(bound: int | None) -> int:
    return 0 if bound is None else max(0, -bound)
