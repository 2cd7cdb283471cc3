"""How large a change is: what moved, what was held before, and when the one reaches the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from compliance.assess import words
from compliance.values.dates import DateSpan, span_in_words
from compliance.values.evidence import RecordedHolding
from compliance.values.frozen import frozen
from compliance.values.received import ReceivedMovement
from compliance.values.said import Said, joined, said, said_many
from compliance.values.span import ZERO, Span, total
from compliance.values.vocabulary import Basis


@frozen
class Figure:
    """What was held before a change.

    Attributes:
        preference: greater is nearer to the change: the later date, the better basis, the later
            recording.
        updated: it is not stated: it is an earlier figure with a change that was to be notified.
    """

    as_of: DateSpan
    quantity: Span
    basis: Basis
    preference: tuple[date, int, int]
    rows: tuple[RecordedHolding, ...]
    updated: bool = False


@frozen
class Change:
    """A movement with what it changed of a party's holdings: above zero, they grew."""

    item: ReceivedMovement
    effect: Span


def effect_on(item: ReceivedMovement, party: str) -> Span:
    """Return what a movement changed of a party's holdings."""
    row = item.item.row
    legs = sum(
        sign
        for sign, account in ((-1, row.origin), (1, row.destination))
        if account.party == party and account.status.within_overall
    )
    return ZERO if not legs else row.quantity if legs > 0 else -row.quantity


def total_of(changes: Iterable[Change]) -> Span:
    """Add changes up; what came and what left cancel."""
    return total(change.effect for change in changes)


def reaches(change: Span, base: Span, percent: int) -> bool:
    """True where a change may be of so many percent or more of what was held."""
    if change.low is None or change.high is None:
        return True
    most = max(abs(change.low), abs(change.high))
    return most > 0 and 100 * most >= percent * (base.low or 0)


def surely_reaches(change: Span, base: Span, percent: int) -> bool:
    """True where it is of so many percent or more, whatever the spans mean."""
    if base.high is None:
        return False
    low, high = change.low, change.high
    least = low if low is not None and low > 0 else -high if high is not None and high < 0 else 0
    return least > 0 and 100 * least >= percent * base.high


def told(changes: Sequence[Change]) -> Said:
    """Return the movements in words."""
    moved = [change.item.item for change in changes]
    if len(moved) == 1:
        return words.movement(moved[0])
    return said_many(
        "{count} movement, the last {movement}",
        "{count} movements, the last {movement}",
        len(moved),
        movement=words.movement(moved[-1]),
    )


def share(changes: Sequence[Change], base: Figure) -> Said:
    """Return what the change is compared with, and its percentage where that is one number."""
    change = total_of(changes)
    size = -change if change.high is not None and change.high < 0 else change
    parts: list[Said] = []
    if len(changes) > 1:
        parts.append(said("in all {quantity}", quantity=words.span(size)))
    if size.exact and base.quantity.exact and base.quantity.low:
        percent = Decimal(round(Fraction(100 * abs(size.low or 0), base.quantity.low)))
        parts.append(said("{percent} %", percent=percent))
    whole = _whole(base)
    if parts:
        return said("{share} of {whole}", share=joined(", ", parts), whole=whole)
    return said("of {whole}", whole=whole)


def _whole(base: Figure) -> Said:
    parts = {
        "quantity": words.span(base.quantity),
        "basis": base.basis.word,
        "day": span_in_words(base.as_of),
    }
    if base.updated:
        return said(
            "{quantity}, which is what was {basis} as of {day} with what changed since", **parts
        )
    return said("{quantity}, {basis} as of {day}", **parts)
