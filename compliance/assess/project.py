"""A look ahead: what is planned carried out, day by day, with peaks, breaches, room and offsets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Category, Party
from compliance.agreement.select import Readings
from compliance.assess.audit import audit
from compliance.assess.doubts import arrives, doubts, events, outside
from compliance.assess.overlay import Ground
from compliance.assess.planned import Plans
from compliance.assess.projection import Course, Line, Offset, Projection
from compliance.assess.result import FindingKind, LawUsed
from compliance.assess.screen import Screen, settled_from
from compliance.assess.standing import (
    Request,
    Standing,
    Standings,
    categories_asked,
    parties_asked,
)
from compliance.assess.timeline import course, turning_days
from compliance.assess.types import TypeLookup
from compliance.values.evidence import Evidence, RecordedMovement
from compliance.values.said import name
from compliance.values.span import Span
from compliance.values.vocabulary import State, Verdict

_A_DAY = timedelta(days=1)


def carried_out(evidence: Evidence, start: date) -> Evidence:
    """Return the evidence with what is planned taken as done, but for what is overdue."""
    return replace(
        evidence,
        movements=tuple(
            replace(item, row=replace(item.row, state=State.DONE)) if _is_due(item, start) else item
            for item in evidence.movements
        ),
    )


def project(
    ground: Ground,
    lookup: TypeLookup,
    request: Request,
    until: date,
    *,
    step: Callable[[], None] = lambda: None,
) -> Projection:
    """Look ahead from the request's day.

    Args:
        ground: law, readings and the evidence of every day of the stretch.
        lookup: finds a designation's type in the catalogue.
        request: the first day, and what to restrict to.
        until: the last day.
        step: called when a party is done in a category.
    """
    law, start = ground.law, request.as_of
    request = replace(request, readings=ground.readings, age_on=start)
    standings = Standings(law, lookup, carried_out(ground.evidence, start), request)
    courses: list[Course] = []
    for party in parties_asked(law, request):
        days = turning_days(standings, party, start, until)
        shown = sorted({*days, *_year_ends(start, until), until})
        since = settled_from(standings, party, start)
        for category in categories_asked(law, request):
            found = course(standings, party, category, shown)
            turning = [standing for standing in found if standing.day in set(days)]
            screen = Screen(turning, until, since=since, accept_stale=True)
            courses.append(_course(law, party, category, found, screen, until, request))
            step()
    planned = [
        item
        for item in ground.evidence.movements
        if _is_due(item, start) and item.row.date.first <= until
    ]
    plans = Plans(standings, request)
    return Projection(
        law=LawUsed.of(law),
        start=start,
        until=until,
        request=request,
        courses=tuple(courses),
        plans=tuple(plans.bearing(planned)),
        plans_outside=tuple(plans.outside(planned)),
        overdue=tuple(
            finding
            for finding in audit(law, lookup, ground.evidence.up_to(start), request).findings
            if finding.kind is FindingKind.OVERDUE
        ),
    )


def _is_due(item: RecordedMovement, start: date) -> bool:
    return item.row.state is State.PLANNED and item.row.date.last >= start


def _year_ends(start: date, until: date) -> list[date]:
    ends = (date(year, 12, 31) for year in range(start.year, until.year + 1))
    return [day for day in ends if start <= day <= until]


def _course(
    law: Agreement,
    party: Party,
    category: Category,
    found: Sequence[Standing],
    screen: Screen,
    until: date,
    request: Request,
) -> Course:
    start = found[0].day
    told = [
        (standing, events(before, standing, request.readings))
        for before, standing in zip((None, *found), found, strict=False)
    ]
    steps = [found[0], *(b for a, b in pairwise(found) if _essence(a) != _essence(b))]
    turns = {standing.day for standing in steps}
    peaks = _peaks(steps, request.readings)
    lines = tuple(
        _line(standing, happens, screen, peak=standing.day in peaks)
        for standing, happens in told
        if standing.day in turns or happens or standing.day == until or _ends_year(standing.day)
    )
    judged = [(s.day, s.position.judged) for s in steps if s.position.judged is not None]
    closed = [(day, span) for day, span in judged if span.high is not None]
    binding = [s for s in steps if s.verdict is not Verdict.NOT_BINDING]
    rooms = [(s.day, s.headroom) for s in binding if s.headroom is not None]
    return Course(
        party=party.id,
        party_name=party.name_on(start),
        category=category.id,
        category_name=name(category.plural),
        lines=lines,
        changes=len(steps) > 1 or any(line.events for line in lines[1:]),
        peak=max(closed, key=lambda pair: pair[1].high or 0)
        if closed and len(closed) == len(steps)
        else None,
        may_exceed=next((s.day for s in binding if _need(s) is not None), None),
        exceeds=next((s.day for s in binding if (_need(s) or (0, 0))[0] > 0), None),
        least_room=min(rooms, key=_least) if rooms else None,
        offsets=_offsets(steps, until),
        break_even=max(span.high or 0 for _, span in closed)
        if closed and len(closed) == len(steps)
        else None,
        doubts=doubts(law, found, request.readings, until),
        outside=outside(found, request.readings),
        stale=any(s.position.stale for s in found) and not request.accept_stale,
    )


def _line(standing: Standing, happens: tuple[str, ...], screen: Screen, *, peak: bool) -> Line:
    judgement = standing.judgement
    return Line(
        day=standing.day,
        counted=standing.counted,
        judged=standing.position.judged,
        ceiling=judgement.ceiling,
        ceiling_derived=judgement.derived,
        headroom=standing.headroom,
        verdict=standing.verdict,
        conditional=judgement.conditional,
        room=screen.room(standing.day),
        peak=peak,
        events=happens,
    )


def _essence(standing: Standing) -> tuple[object, ...]:
    position, judgement = standing.position, standing.judgement
    return (
        *(position.counted, position.judged, judgement.ceiling, judgement.derived),
        *(judgement.verdict, judgement.conditional, position.stale, position.declared_as_of),
    )


def _ends_year(day: date) -> bool:
    return (day.month, day.day) == (12, 31)


def _peaks(steps: Sequence[Standing], readings: Readings) -> frozenset[date]:
    """Return the days on which the highest possible count is above that before and after."""
    found: set[date] = set()
    # What was before the first day is not looked at: it is a peak where something came on it.
    top: date | None = steps[0].day if arrives(steps[0], readings) else None
    for before, here in pairwise(steps):
        was, now = _high(before), _high(here)
        if was is None or now is None:
            top = None
        elif now > was:
            top = here.day
        elif now < was:
            if top is not None:
                found.add(top)
            top = None
    return frozenset(found)


def _high(standing: Standing) -> int | None:
    judged = standing.position.judged
    return None if judged is None else judged.high


def _need(standing: Standing) -> tuple[int, int | None] | None:
    """Return the least reduction, and the certain one, that a day needs; ``None`` for none."""
    judged, ceiling = standing.position.judged, standing.judgement.ceiling
    if judged is None or ceiling is None or ceiling.low is None:
        return None
    if judged.high is not None and judged.high <= ceiling.low:
        return None
    least = 0 if ceiling.high is None else max(0, (judged.low or 0) - ceiling.high)
    return least, None if judged.high is None else judged.high - ceiling.low


def _offsets(steps: Sequence[Standing], until: date) -> tuple[Offset, ...]:
    found: list[Offset] = []
    ends = [*(standing.day - _A_DAY for standing in steps[1:]), until]
    for standing, last in zip(steps, ends, strict=True):
        need = None if standing.verdict is Verdict.NOT_BINDING else _need(standing)
        if need is None:
            continue
        least, certain = need
        previous = found[-1] if found else None
        if (
            previous is not None
            and (previous.least, previous.certain) == need
            and previous.last + _A_DAY == standing.day
        ):
            found[-1] = replace(previous, last=last)
        else:
            found.append(Offset(standing.day, last, least, certain))
    return tuple(found)


def _least(dated: tuple[date, Span]) -> float:
    low = dated[1].low
    return float("-inf") if low is None else low
