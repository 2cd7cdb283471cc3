"""What would turn a verdict: the number at which each uncertain quantity decides."""

from __future__ import annotations

from compliance.assess import words
from compliance.assess.bases import ITEMS, UNTOLD
from compliance.assess.judge import Judgement, compare
from compliance.assess.position import Position
from compliance.assess.tally import Tally, effect
from compliance.values.frozen import frozen
from compliance.values.said import Said, said, said_many
from compliance.values.span import Span
from compliance.values.vocabulary import Verdict

A_SPAN = said("the figure itself is a span")
"""Why a figure is uncertain that is given as a span."""


@frozen
class Driver:
    """One uncertain piece of a count.

    Attributes:
        name: what it is.
        part: what it contributes; negative for departures.
        why: why it is uncertain.
    """

    name: str
    part: Span
    why: str

    @property
    def width(self) -> int | None:
        """How far it moves the count; ``None`` where without limit."""
        if self.part.low is None or self.part.high is None:
            return None
        return self.part.high - self.part.low


def drivers(tally: Tally) -> tuple[Driver, ...]:
    """Return the uncertain pieces of a count, the widest first."""
    found: list[Driver] = []
    for term in tally.terms:
        if not term.quantity.exact and not term.already.tests:
            found.append(Driver(_named(term.name), term.quantity, A_SPAN))
    for change in tally.changes:
        weight = change.weight
        part = effect(change, weight)
        if weight and not part.exact:
            found.append(Driver(_named(change.name), part, change.why or A_SPAN))
    return tuple(sorted(found, key=lambda d: (d.width is not None, -(d.width or 0), d.name)))


def _named(designation: str) -> str:
    if designation == ITEMS:
        return said("Items of no named type")
    return said("Items of types that are not told apart") if designation == UNTOLD else designation


def tipping_points(
    position: Position, judgement: Judgement, *, noun: words.Noun, stale: bool
) -> tuple[str, ...]:
    """Return what would turn the verdict, in sentences."""
    # On what the verdict was given: the count, and what inspectors saw above it.
    counted = position.judged
    if counted is None:
        return ()
    if judgement.ceiling is None:
        return _without_ceiling(counted, judgement, noun)
    ceiling = judgement.ceiling
    if judgement.verdict is Verdict.NOT_BINDING:
        return ()
    if judgement.verdict is Verdict.EXCEEDS:
        return _offset(counted, ceiling, noun)
    if counted.high is not None and ceiling.low is not None and counted.high <= ceiling.low:
        needed = ceiling.low - counted.high + 1
        if stale:
            return (
                said_many(
                    "{count} unreported {noun} would be needed to exceed.",
                    "{count} unreported {noun} would be needed to exceed.",
                    needed,
                    noun=noun.after(needed),
                ),
            )
        return (
            said_many(
                "{count} more {noun} would be needed to exceed.",
                "{count} more {noun} would be needed to exceed.",
                needed,
                noun=noun.after(needed),
            ),
        )
    return (*_open_above(counted, ceiling, noun), *_by_driver(position, ceiling))


def _without_ceiling(counted: Span, judgement: Judgement, noun: words.Noun) -> tuple[str, ...]:
    found: list[str] = []
    if counted.high is not None:
        found.append(said("Within for any ceiling of at least {number}.", number=counted.high))
    if counted.low:
        found.append(said("Exceeds for any ceiling below {number}.", number=counted.low))
    if judgement.derived is not None:
        verdict = compare(counted, judgement.derived)
        derived = words.span(judgement.derived)
        if verdict is Verdict.INDETERMINATE and judgement.derived.low is not None:
            room = judgement.derived.low - (counted.low or 0)
            found.append(
                said_many(
                    "If the derived ceiling of {limit} were the law, more than {count} {noun} "
                    "beyond those on record would be too many.",
                    "If the derived ceiling of {limit} were the law, more than {count} {noun} "
                    "beyond those on record would be too many.",
                    room,
                    limit=derived,
                    noun=noun.after(room),
                )
            )
        elif verdict is not Verdict.INDETERMINATE:
            found.append(
                said(
                    "If the derived ceiling of {limit} were the law: {verdict} on these figures.",
                    limit=derived,
                    verdict=verdict.word,
                )
            )
    return tuple(found)


def _offset(counted: Span, ceiling: Span, noun: words.Noun) -> tuple[str, ...]:
    if counted.low is None or ceiling.high is None:
        return ()
    least = counted.low - ceiling.high
    if counted.high is not None and ceiling.low is not None and counted.high - ceiling.low > least:
        return (
            said_many(
                "{count} {noun} fewer is the least that could bring it within; {sure} fewer would "
                "make it certain.",
                "{count} {noun} fewer is the least that could bring it within; {sure} fewer would "
                "make it certain.",
                least,
                noun=noun.after(least),
                sure=counted.high - ceiling.low,
            ),
        )
    return (
        said_many(
            "{count} {noun} fewer is the least that could bring it within.",
            "{count} {noun} fewer is the least that could bring it within.",
            least,
            noun=noun.after(least),
        ),
    )


def _open_above(counted: Span, ceiling: Span, noun: words.Noun) -> tuple[str, ...]:
    if counted.high is not None or ceiling.low is None or counted.low is None:
        return ()
    room = ceiling.low - counted.low
    if room < 0:
        return ()
    return (
        said_many(
            "Exceeds if more than {count} {noun} are held beyond the {counted} on record.",
            "Exceeds if more than {count} {noun} are held beyond the {counted} on record.",
            room,
            noun=noun.after(room),
            counted=counted.low,
        ),
    )


def _by_driver(position: Position, ceiling: Span) -> tuple[str, ...]:
    """Say for each uncertain quantity from which number on it decides, the rest at its best."""
    counted = position.uncut
    if counted.high is None or counted.low is None or ceiling.low is None:
        return ()
    found: list[str] = []
    all_drivers = [driver for tally in position.tallies for driver in drivers(tally)]
    for driver in all_drivers:
        part = driver.part
        if part.low is None or part.high is None:
            continue
        rest_low = counted.low - part.low
        rest_high = counted.high - part.high
        alone = rest_low == rest_high
        if part.low >= 0:
            limit = ceiling.low - rest_low
            if part.low <= limit < part.high:
                found.append(_exceeds_from(driver.name, limit + 1, alone=alone))
        else:
            needed = rest_high - ceiling.low
            if 0 < needed <= -part.low:
                found.append(_within_once(driver.name, needed, alone=alone))
    return tuple(found)


def _exceeds_from(what: str, number: int, *, alone: bool) -> Said:
    if alone:
        return said("{what}: exceeds from {number} counted.", what=what, number=number)
    return said(
        "{what}: exceeds from {number} counted, everything else at its lowest.",
        what=what,
        number=number,
    )


def _within_once(what: str, number: int, *, alone: bool) -> Said:
    if alone:
        return said(
            "{what}: within once {number} are certain to have left.", what=what, number=number
        )
    return said(
        "{what}: within once {number} are certain to have left, everything else at its highest.",
        what=what,
        number=number,
    )
