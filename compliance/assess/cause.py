"""Why headroom changed: causes that add up to the change, on both bounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum

from compliance.assess import words
from compliance.assess.result import EvidenceRow
from compliance.values.citation import Citation
from compliance.values.evidence import RecordedMovement
from compliance.values.frozen import frozen
from compliance.values.said import Said, said


class CauseKind(StrEnum):
    """What made headroom change."""

    CEILING = "ceiling"
    MOVEMENT = "movement"
    DECLARATION = "declaration"
    CORRECTION = "correction"
    READING = "reading"
    RULE = "rule"
    MEMBERSHIP = "membership"
    CUT = "cut"

    @property
    def meaning(self) -> Said:
        """Return what it says, for a legend."""
        return _MEANING[self]


_MEANING = {
    CauseKind.CEILING: said("the ceiling was amended, or became known or unknown"),
    CauseKind.MOVEMENT: said("by how much one movement changes the count, certain or possible"),
    CauseKind.DECLARATION: said(
        "a figure comes into use that differs from the book: the figure before it and what moved "
        "since"
    ),
    CauseKind.CORRECTION: said(
        "recorded between the two moments of knowledge: told on the first day"
    ),
    CauseKind.READING: said("other answers to open questions, on the first day"),
    CauseKind.RULE: said("another rule pack, on the first day"),
    CauseKind.MEMBERSHIP: said(
        "a Party joined, left, took another's place, or consists of other parts"
    ),
    CauseKind.CUT: said("more left than was on record, and no count falls below zero"),
}


@frozen
class Change:
    """By how much each bound of a headroom changed; the lower one may change by more.

    Attributes:
        low: later lower bound minus earlier; ``None`` where either is open or unknown.
        high: the same of the upper bound.
    """

    low: int | None
    high: int | None

    def __add__(self, other: Change) -> Change:
        """Add up; what has no number on one side leaves the other as it is."""
        return Change(_sum(self.low, other.low), _sum(self.high, other.high))


NO_CHANGE = Change(0, 0)


@frozen
class Cause:
    """One thing that changed a headroom.

    Attributes:
        day: the first day on which it did; of many movements told as one, mostly the last.
        change: by how much. A bound that is open before or after has no number. Where the
            headroom is closed at both ends of the time compared, the numbers add up to its change.
        detail: in words.
        rows: the ledger's rows behind it, with their sources.
        citation: the law behind it, where it is law.
    """

    kind: CauseKind
    day: date
    change: Change
    detail: str
    rows: tuple[EvidenceRow, ...] = ()
    citation: Citation | None = None

    @property
    def refs(self) -> tuple[str, ...]:
        """Where the rows behind it stand in the ledger."""
        return tuple(row.ref for row in self.rows)


@frozen
class Moving:
    """What a movement changed on one day; a cause, once it is put in words.

    Attributes:
        day: the first day on which it did; see ``Cause``.
    """

    item: RecordedMovement
    day: date
    change: Change

    def told(self) -> Cause:
        """Return it in words."""
        row = words.evidence(self.item)
        return Cause(CauseKind.MOVEMENT, self.day, self.change, row.text, (row,))


def merged(causes: Iterable[Cause | Moving]) -> tuple[Cause, ...]:
    """Return the causes in order of time, with what one of them did on several days added up."""
    found: dict[str | int, Cause | Moving] = {}
    for number, cause in enumerate(causes):
        key: str | int = number
        if isinstance(cause, Moving):
            key = cause.item.ref
        elif cause.kind is CauseKind.CUT:
            key = CauseKind.CUT.value
        earlier = found.get(key)
        found[key] = (
            cause if earlier is None else replace(earlier, change=earlier.change + cause.change)
        )
    left = (cause for cause in found.values() if cause.change != NO_CHANGE)
    return tuple(cause.told() if isinstance(cause, Moving) else cause for cause in left)


def together(causes: Iterable[Cause]) -> Change:
    """Return the sum of the causes' numbers, bound by bound."""
    return sum((cause.change for cause in causes), start=NO_CHANGE)


def _sum(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other
