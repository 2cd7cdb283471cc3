"""What many movements are told as: one movement, of all that is still one of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
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

    @property
    def quantity(self) -> Span:
        """The sum of all."""
        return Span(self.low, None if self.unbounded else self.high)

    def join(self, other: Sums) -> None:
        """Add others of the same line."""
        if other is not self:
            self.many += other.many
            self.low += other.low
            self.high += other.high
            self.unbounded += other.unbounded
            self.told |= other.told
            self.first, self.last = min(self.first, other.first), max(self.last, other.last)


Parts = tuple[tuple[str, Span], ...]
"""Kinds of other side, and the sum of each; see ``RecordedMovement.parts``."""


def joined(
    sums: Mapping[int, Sums], parts: Sequence[tuple[int, str]]
) -> tuple[dict[int, Sums], dict[int, Parts]]:
    """Return the sums of lines, and of which parts they are, where these are several.

    Args:
        sums: by the number of a part.
        parts: by its number the line of each, and its kind of other side.
    """
    found: dict[int, list[tuple[str, Sums]]] = {}
    for number, some in sums.items():
        if some.many:
            place, other = parts[number]
            found.setdefault(place, []).append((other, some))
    lines: dict[int, Sums] = {}
    apart: dict[int, Parts] = {}
    for place, of in found.items():
        whole = of[0][1]
        if len(of) > 1:
            of.sort(key=_last_holders)
            apart[place] = tuple([(other, some.quantity) for other, some in of])
            whole = Sums(0, 0, 0, 0, 0, whole.first, whole.last)
            for _, some in of:
                whole.join(some)
        lines[place] = whole
    return lines, apart


def _last_holders(of: tuple[str, Sums]) -> tuple[bool, str]:
    return not of[0], of[0]


def movement(
    line: Line,
    told: Told,
    origin: Side,
    destination: Side,
    some: Sums,
    begins: date,
    ends: date,
    parts: Parts = (),
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
        parts: the sum of each kind of other side, where there are several.
    """
    quantity = some.quantity
    dates, days = _dates(begins, ends, some.first, some.last)
    designation, many = line.type or told.type, some.many
    bases = told.bases or (_BASES[line.basis],)
    # Named by what is told: the same on any machine.
    named = [*origin, *destination, designation, line.category, *bases, line.marking]
    named += [days, str(quantity), str(many), *[f"{other} {of}" for other, of in parts]]
    name = "\0".join(named)
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
    bases = bases if len(bases) > 1 else ()
    return RecordedMovement(ref, row, many=many, bases=bases, parts=parts)


@cache
def _dates(begins: date, ends: date, first: int, last: int) -> tuple[DateSpan, str]:
    """Return the days of some years that lie in a stretch, and the same as text."""
    found = DateSpan(max(begins, date(first, 1, 1)), min(ends, date(last, 12, 31)))
    return found, str(found)


@cache
def _account(party: str, status: str, place: str) -> Account:
    return Account(party, Status(status)) if party else Account(place=place)


@cache
def _marked(marking: str) -> Particulars:
    return Particulars(marking=marking)
