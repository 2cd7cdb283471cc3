"""The calendar of duties: what is due when and by whom, and for past years what is on record."""

from __future__ import annotations

import calendar as days
from collections.abc import Iterable, Sequence
from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Obligation, Party, ReportingGap, ShownBy
from compliance.assess.duty_rows import Calendar, DutyRow, Event, Record, row_of
from compliance.assess.exchange import Exchange
from compliance.assess.losses import losses
from compliance.assess.notices import notices
from compliance.assess.result import LawUsed


def listed(
    law: Agreement, first: int, last: int, *, parties: Sequence[str] | None = None
) -> Calendar:
    """Return what is due in some years, without a look at what is on record.

    Args:
        law: the agreement.
        first: the first year.
        last: the last year.
        parties: ids; ``None`` for all.
    """
    rows = sorted(_due(law, first, last, parties), key=lambda row: row.due or date.min)
    return Calendar(
        law=LawUsed.of(law),
        first=first,
        last=last,
        as_of=None,
        known_at=None,
        rows=tuple(rows),
        called_for=(),
        events=tuple(_events(law, first, last, parties)),
        gaps=tuple(_gaps(law, first, last, parties)),
        notes=(),
    )


def kept(
    law: Agreement,
    first: int,
    last: int,
    record: Record,
    *,
    parties: Sequence[str] | None = None,
    known_at: str | None = None,
) -> Calendar:
    """Return what was due in some years and what is on record of it.

    Args:
        law: the agreement.
        first: the first year.
        last: the last year.
        record: what is on record.
        parties: ids; ``None`` for all.
        known_at: the moment it was known at, to be said with the result.
    """
    exchange = Exchange(law, record)
    changes = notices(law, record, first, last, parties)
    lost = losses(law, record, first, last, parties)
    return Calendar(
        law=LawUsed.of(law),
        first=first,
        last=last,
        as_of=record.as_of,
        known_at=known_at,
        rows=tuple(map(exchange.found, _due(law, first, last, parties))),
        called_for=(*changes.rows, *lost.rows),
        events=tuple(_events(law, first, last, parties)),
        gaps=tuple(_gaps(law, first, last, parties)),
        notes=(*changes.notes, *lost.notes),
    )


def due_dates(duty: Obligation, first: int, last: int) -> Iterable[date]:
    """Yield the days of some years on which a duty is due while it holds."""
    if duty.rhythm == "once":
        due = date.fromisoformat(duty.due)
        if first <= due.year <= last:
            yield due
    elif duty.rhythm == "annual":
        for year in range(first, last + 1):
            due = _in_year(year, duty.due)
            if duty.period.holds(due):
                yield due


def _due(law: Agreement, first: int, last: int, parties: Sequence[str] | None) -> Iterable[DutyRow]:
    for duty in law.obligations:
        for party in _asked(law, parties):
            for due in due_dates(duty, first, last):
                if party.membership_on(due) or party.gap_on(due):
                    yield row_of(
                        duty,
                        party,
                        due,
                        due=due,
                        valid_on=_in_year(due.year + 1, duty.valid) if duty.valid else None,
                        gap=_gap(law, party.id, due),
                    )


def _events(
    law: Agreement, first: int, last: int, parties: Sequence[str] | None
) -> Iterable[Event]:
    start, end = date(first, 1, 1), date(last, 12, 31)
    for duty in law.obligations:
        if duty.rhythm != "event" or not _meets(duty.period.start, duty.period.end, start, end):
            continue
        bound = [
            party
            for party in _asked(law, parties)
            if any(
                _meets(period.start, period.end, start, end)
                for period in (
                    *(m.period for m in party.memberships),
                    *(g.period for g in party.gaps),
                )
            )
        ]
        if bound:
            yield Event(duty, tuple(p.id for p in bound), tuple(p.name_on(end) for p in bound))


def _gaps(
    law: Agreement, first: int, last: int, parties: Sequence[str] | None
) -> Iterable[tuple[str, ReportingGap]]:
    for gap in law.reporting_gaps:
        party = law.party(gap.party)
        if party is None or (parties is not None and party.id not in parties):
            continue
        ended = gap.ended.last if gap.ended else date.max
        if gap.began.first <= date(last, 12, 31) and ended >= date(first, 1, 1):
            yield party.name_on(gap.began.first), gap


def _gap(law: Agreement, party: str, day: date) -> ReportingGap | None:
    return next((g for g in law.reporting_gaps if g.party == party and g.covers(day)), None)


def _asked(law: Agreement, parties: Sequence[str] | None) -> Iterable[Party]:
    return (party for party in law.parties if parties is None or party.id in parties)


def _meets(start: date, end: date | None, first: date, last: date) -> bool:
    return start <= last and (end is None or end > first)


def _in_year(year: int, month_day: str) -> date:
    """Return a day of a year; 29 February of a year that has none is the 28th."""
    month, day = map(int, month_day.split("-"))
    return date(year, month, min(day, days.monthrange(year, month)[1]))


def reach(law: Agreement, first: int, last: int) -> tuple[date, date]:
    """Return the first and last day of the rows that can bear on the duties of some years.

    A change is compared with the declaration before it; an exchange is valid after it is due.
    """
    years = 1 + law.current_months // 12
    exchanges = any(d.shown_by is ShownBy.DECLARATION for d in law.obligations)
    return (
        date(max(1, first - years), 1, 1),
        date(min(9999, last + 1 + exchanges), 12, 31),
    )
