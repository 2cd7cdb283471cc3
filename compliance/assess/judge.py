"""The verdict: one comparison of two spans, and what stands in its way."""

from __future__ import annotations

from datetime import date

from compliance.agreement.provisions import Ceiling
from compliance.agreement.select import Readings
from compliance.assess.position import Position
from compliance.values.frozen import frozen
from compliance.values.span import Span
from compliance.values.vocabulary import LawStatus, Verdict


def compare(counted: Span, ceiling: Span) -> Verdict:
    """Return the verdict that holds for the whole of both spans, or that none does."""
    if counted.high is not None and ceiling.low is not None and counted.high <= ceiling.low:
        return Verdict.WITHIN
    if counted.low is not None and ceiling.high is not None and counted.low > ceiling.high:
        return Verdict.EXCEEDS
    return Verdict.INDETERMINATE


@frozen
class Judgement:
    """A verdict and what it was given on.

    Attributes:
        ceiling: what was compared with; ``None`` where nothing may be.
        derived: the span of a ceiling that is only derived, whether or not it was used.
        accepted: the reader accepted the derived ceiling.
        conditional: the verdict rests on readings that the reader closed, or on assumed law.
    """

    verdict: Verdict
    ceiling: Span | None
    derived: Span | None
    accepted: bool
    conditional: bool


def judge(
    position: Position,
    ceiling: Ceiling,
    readings: Readings,
    *,
    day: date,
    accept_stale: bool,
    membership_certain: bool,
) -> Judgement:
    """Give a verdict, or say that none can be given."""
    limit = ceiling.limit
    derived = limit.value if limit is not None and ceiling.derived else None
    accepted = _accepted(ceiling, readings)
    usable = usable_ceiling(ceiling, readings)
    closed_by_reader = any(question in readings.closed for question in position.questions)
    assumed = limit is not None and limit.citation.status is LawStatus.ASSUMED
    if usable is None or limit is None or not membership_certain:
        verdict = Verdict.INDETERMINATE
    elif day < limit.binding_from:
        verdict = Verdict.NOT_BINDING
    else:
        verdict = _verdict(position, usable, accept_stale=accept_stale)
    settled = verdict in (Verdict.WITHIN, Verdict.EXCEEDS)
    return Judgement(
        verdict=verdict,
        ceiling=usable,
        derived=derived,
        accepted=accepted,
        conditional=settled and (accepted or assumed or closed_by_reader),
    )


def usable_ceiling(ceiling: Ceiling, readings: Readings) -> Span | None:
    """Return what may be compared with; ``None`` where nothing may be."""
    limit = ceiling.limit
    if limit is None or (ceiling.derived and not _accepted(ceiling, readings)):
        return None
    return limit.value


def _accepted(ceiling: Ceiling, readings: Readings) -> bool:
    """True where the ceiling is only derived, and the reader accepted that."""
    limit = ceiling.limit
    return (
        limit is not None
        and ceiling.derived
        and readings.closed.get(limit.question) == limit.accepting
    )


def _verdict(position: Position, usable: Span, *, accept_stale: bool) -> Verdict:
    if position.counted is None or not position.complete:
        return _only_against(position, usable)
    if position.stale and not accept_stale:
        return Verdict.INDETERMINATE
    judged = position.judged
    return compare(judged, usable) if judged is not None else Verdict.INDETERMINATE


def _only_against(position: Position, usable: Span) -> Verdict:
    """Without a declaration nothing is ever within; what is known may still be too much."""
    if position.counted is None or position.stale:
        return Verdict.INDETERMINATE
    verdict = compare(position.counted, usable)
    return verdict if verdict is Verdict.EXCEEDS else Verdict.INDETERMINATE
