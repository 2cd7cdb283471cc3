"""What would turn a verdict: the number at which each uncertain quantity decides."""

from __future__ import annotations

from dataclasses import dataclass

from compliance.assess import words
from compliance.assess.judge import Judgement, compare
from compliance.assess.position import Position
from compliance.assess.tally import Tally, effect
from compliance.values.span import Span
from compliance.values.vocabulary import Verdict


@dataclass(frozen=True, slots=True)
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
            found.append(Driver(_named(term.name), term.quantity, "the figure itself is a span"))
    for change in tally.changes:
        weight = change.weight
        part = effect(change, weight)
        if weight and not part.exact:
            why = change.why or "the figure itself is a span"
            found.append(Driver(_named(change.name), part, why))
    return tuple(sorted(found, key=lambda d: (d.width is not None, -(d.width or 0), d.name)))


def _named(designation: str) -> str:
    return "Items of no named type" if designation == "items" else designation


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
        unreported = "unreported " if stale else "more "
        needed = ceiling.low - counted.high + 1
        return (
            f"{words.number(needed)} {unreported}{noun.after(needed)} would be needed to exceed.",
        )
    return (*_open_above(counted, ceiling, noun), *_by_driver(position, ceiling))


def _without_ceiling(counted: Span, judgement: Judgement, noun: words.Noun) -> tuple[str, ...]:
    found: list[str] = []
    if counted.high is not None:
        found.append(f"Within for any ceiling of at least {words.number(counted.high)}.")
    if counted.low:
        found.append(f"Exceeds for any ceiling below {words.number(counted.low)}.")
    if judgement.derived is not None:
        verdict = compare(counted, judgement.derived)
        derived = words.span(judgement.derived)
        if verdict is Verdict.INDETERMINATE and judgement.derived.low is not None:
            room = judgement.derived.low - (counted.low or 0)
            found.append(
                f"If the derived ceiling of {derived} were the law, more than {noun.counted(room)} "
                "beyond those on record would be too many."
            )
        elif verdict is not Verdict.INDETERMINATE:
            found.append(
                f"If the derived ceiling of {derived} were the law: {verdict.value} on these "
                "figures."
            )
    return tuple(found)


def _offset(counted: Span, ceiling: Span, noun: words.Noun) -> tuple[str, ...]:
    if counted.low is None or ceiling.high is None:
        return ()
    least = counted.low - ceiling.high
    text = f"{noun.counted(least)} fewer is the least that could bring it within"
    if counted.high is not None and ceiling.low is not None and counted.high - ceiling.low > least:
        text += f"; {words.number(counted.high - ceiling.low)} fewer would make it certain"
    return (f"{text}.",)


def _open_above(counted: Span, ceiling: Span, noun: words.Noun) -> tuple[str, ...]:
    if counted.high is not None or ceiling.low is None or counted.low is None:
        return ()
    room = ceiling.low - counted.low
    if room < 0:
        return ()
    return (
        f"Exceeds if more than {noun.counted(room)} are held beyond the "
        f"{words.number(counted.low)} on record.",
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
        rest = "" if rest_low == rest_high else ", everything else at its lowest"
        if part.low >= 0:
            limit = ceiling.low - rest_low
            if part.low <= limit < part.high:
                found.append(
                    f"{driver.name}: exceeds from {words.number(limit + 1)} counted{rest}."
                )
        else:
            rest = "" if rest_low == rest_high else ", everything else at its highest"
            needed = rest_high - ceiling.low
            if 0 < needed <= -part.low:
                found.append(
                    f"{driver.name}: within once {words.number(needed)} are certain to have "
                    f"left{rest}."
                )
    return tuple(found)
