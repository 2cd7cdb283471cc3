"""What many movements are told as: one movement, of all that is still one of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from compliance.values.dates import DateSpan
from compliance.values.evidence import GROUPED_SOURCE, OTHERS, RecordedMovement
from compliance.values.records import Account, Movement, Particulars
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status

_BASES = {basis.value: basis for basis in Basis}

Side = tuple[str, str, str]
"""Party, status and place of an account."""

FOLDED: Side = ("", "", OTHERS.place)
"""The other side where it is not told apart."""


class Line(NamedTuple):
    """What movements share that are told as one.

    Attributes:
        basis: empty where movements of several that weigh alike may share it.
        weight: how these bases weigh.
    """

    origin: Side
    destination: Side
    type: str
    category: str
    basis: str
    weight: str
    marking: str


class Told(NamedTuple):
    """What is still one of all that is on a line: empty, or ``None``, where it is not."""

    type: str
    bases: tuple[Basis, ...]
    side: Side | None


@dataclass(slots=True)
class Sums:
    """What movements of one line add up to.

    Attributes:
        many: how many they are.
        low: the sum of their low bounds.
        high: that of the high ones.
        unbounded: how many have none.
        told: what they are, as bits.
        first: the first calendar year of any.
        last: the last one.
    """

    many: int
    low: int
    high: int
    unbounded: int
    told: int
    first: int
    last: int

    def join(self, other: Sums) -> None:
        """Add others of the same line."""
        if other is not self:
            self.many += other.many
            self.low += other.low
            self.high += other.high
            self.unbounded += other.unbounded
            self.told |= other.told
            self.first, self.last = min(self.first, other.first), max(self.last, other.last)


def movement(
    line: Line,
    told: Told,
    origin: Side,
    destination: Side,
    some: Sums,
    begins: date,
    ends: date,
) -> RecordedMovement:
    """Return what was added up on a line in a stretch of days as one movement.

    Args:
        line: the line.
        told: what is still one of all that is on it.
        origin: where it came from, as far as it is told.
        destination: where it went.
        some: the sums.
        begins: the first day of the stretch.
        ends: the last one.
    """
    quantity = Span(some.low, None if some.unbounded else some.high)
    dates = _dates(begins, ends, some.first, some.last)
    designation, many = line.type or told.type, some.many
    bases = told.bases or (_BASES[line.basis],)
    # Named by what is told: the same on any machine.
    parts = (*origin, *destination, designation, line.category, *bases, line.marking)
    name = "\0".join((*parts, str(dates), str(quantity), str(many)))
    row = Movement(
        date=dates,
        type=designation,
        category=line.category,
        quantity=quantity,
        origin=_account(*origin),
        destination=_account(*destination),
        state=State.DONE,
        basis=bases[-1],
        source=GROUPED_SOURCE,
        more=_marked(line.marking),
    )
    ref = f"{many}@{hashlib.sha256(name.encode()).hexdigest()[:12]}"
    return RecordedMovement(ref, row, many=many, bases=bases if len(bases) > 1 else ())


@cache
def _dates(begins: date, ends: date, first: int, last: int) -> DateSpan:
    return DateSpan(max(begins, date(first, 1, 1)), min(ends, date(last, 12, 31)))


@cache
def _account(party: str, status: str, place: str) -> Account:
    return Account(party, Status(status)) if party else Account(place=place)


@cache
def _marked(marking: str) -> Particulars:
    return Particulars(marking=marking)
