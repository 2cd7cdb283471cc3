"""Headroom over the years: stretches of days in which nothing changes, unknown ones included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Party
from compliance.assess.findings import evidence_of
from compliance.assess.result import EvidenceRow
from compliance.assess.standing import Request, Standing, Standings, categories_asked
from compliance.assess.timeline import course, turning_days
from compliance.values.dates import DateSpan
from compliance.values.frozen import frozen
from compliance.values.said import name
from compliance.values.span import Span
from compliance.values.vocabulary import Verdict

_A_DAY = timedelta(days=1)


@frozen
class Stretch:
    """Days of which the same is known.

    Attributes:
        counted: ``None`` where no figure speaks for these days: what is unknown is not carried on.
        ceiling_derived: the span that derivation allows, where that is all there is.
        figure_of: the date of the declaration in use, be it too old or not.
        stale: it is too old for these days, and was not accepted.
    """

    first: date
    until: date
    counted: Span | None
    ceiling: Span | None
    ceiling_derived: Span | None
    headroom: Span | None
    verdict: Verdict
    conditional: bool
    basis: str | None
    figure_of: DateSpan | None
    stale: bool
    rows: tuple[EvidenceRow, ...]


@frozen
class Past:
    """One party in one category, from its first day as a Party on."""

    party: str
    party_name: str
    category: str
    category_name: str
    stretches: tuple[Stretch, ...]


def party_ids(law: Agreement, request: Request) -> tuple[str, ...]:
    """Return whose past is told: those asked for and whose place they took; else all there were."""
    chosen: list[str] = []
    for party in law.parties:
        asked = request.parties is None or party.id in request.parties
        if asked and any(m.period.start <= request.as_of for m in party.memberships):
            chosen += [id_ for id_ in (*party.succeeds, party.id) if id_ not in chosen]
    return tuple(p.id for p in law.parties if p.id in chosen)


def holder_ids(law: Agreement, request: Request) -> tuple[str, ...]:
    """Return whose rows that needs: the parts of a Party, too, that it is or was the sum of."""
    named = party_ids(law, request)
    return tuple(p.id for p in law.parties if p.id in named or p.part_of in named)


def past(standings: Standings) -> tuple[Past, ...]:
    """Return the past up to the request's day, from the agreement's entry into force on.

    Args:
        standings: judges on the evidence of all these days.
    """
    law, request = standings.law, standings.request
    found = []
    for party in law.parties:
        if party.id not in party_ids(law, request):
            continue
        days = _days(standings, party)
        for category in categories_asked(law, request):
            here = course(standings, party, category, days)
            stretches = tuple(_stretches(party, here, request))
            if stretches:
                found.append(
                    Past(
                        party=party.id,
                        party_name=party.name_on(stretches[-1].until),
                        category=category.id,
                        category_name=name(category.plural),
                        stretches=stretches,
                    )
                )
    return tuple(found)


def _days(standings: Standings, party: Party) -> tuple[date, ...]:
    start, until = standings.law.in_force, standings.request.as_of
    return turning_days(standings, party, start, until) if start <= until else ()


def _stretches(party: Party, found: Sequence[Standing], request: Request) -> Iterator[Stretch]:
    """Yield the stretches, neighbours of which the same is known made one."""
    open_: Stretch | None = None
    days = [standing.day for standing in found]
    for standing, after in zip(found, [*days[1:], None], strict=True):
        until = request.as_of if after is None else after - _A_DAY
        belongs = party.membership_on(standing.day) or party.gap_on(standing.day)
        here = _stretch(standing, until, request) if belongs else None
        if open_ is not None and here is not None and _same(open_, here):
            rows = tuple(dict.fromkeys((*open_.rows, *here.rows)))
            open_ = replace(open_, until=here.until, rows=rows)
            continue
        if open_ is not None:
            yield open_
        open_ = here
    if open_ is not None:
        yield open_


def _same(one: Stretch, other: Stretch) -> bool:
    return replace(one, first=other.first, until=other.until, rows=other.rows) == other


def _stretch(standing: Standing, until: date, request: Request) -> Stretch:
    position, judgement = standing.position, standing.judgement
    stale = position.stale and not request.accept_stale
    known = position.declared_as_of is not None and not stale
    return Stretch(
        first=standing.day,
        until=until,
        counted=position.counted if known else None,
        ceiling=judgement.ceiling,
        ceiling_derived=judgement.derived if judgement.ceiling is None else None,
        headroom=standing.headroom if known else None,
        verdict=standing.verdict,
        conditional=judgement.conditional,
        basis=position.basis,
        figure_of=position.declared_as_of,
        stale=stale,
        rows=evidence_of(position, standing.category.id),
    )
