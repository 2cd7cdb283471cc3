"""How headroom changed from one day to another, and because of what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Category, Party
from compliance.assess.audit import row_of
from compliance.assess.cause import Cause, Change, Moving, merged
from compliance.assess.compared import Comparison, Diff, DiffRow, Every, Succession
from compliance.assess.dating import is_later, later_sentence
from compliance.assess.left_open import left_open
from compliance.assess.result import AuditRow, LawUsed
from compliance.assess.standing import Request, categories_asked, parties_asked
from compliance.assess.walk import View, Walk
from compliance.values.dates import add_months
from compliance.values.evidence import Declaration
from compliance.values.frozen import frozen
from compliance.values.span import Span

_A_DAY = timedelta(days=1)


@frozen
class _Way:
    """Whose headroom is followed: a party's, before ``since`` that of the one before it."""

    party: Party
    predecessor: Party | None = None
    since: date = date.min


def compare(
    before: View,
    after: View,
    start: date,
    end: date,
    request: Request,
    *,
    every: Every | None = None,
    succession: bool = False,
) -> Comparison:
    """Return a comparison of two days, or of each two successive days of a series.

    Args:
        before: what the first day is judged on.
        after: what every later day is judged on.
        start: the first day.
        end: the last day, not before the first; the views' evidence must be of all between them.
        request: parties, categories, basis and staleness; its day and readings are not used.
        every: compare day by day at this distance, counted from the first; ``None`` for once.
        succession: compare a party that was none on the first day with the one whose place it took.
    """
    days = (start, end) if every is None else series(start, end, every)
    return Comparison(
        law=LawUsed.of(after.law),
        before=before,
        after=after,
        request=request,
        every=every,
        periods=tuple(diff(before, after, days, request, succession=succession)),
        successions=tuple(_successions(after.law, request, days, compared=succession)),
    )


def series(start: date, end: date, every: Every) -> tuple[date, ...]:
    """Return the first day, each later one at that distance, and the last day."""
    days = [start]
    while (day := add_months(start, every.months * len(days))) < end:
        days.append(day)
    return (*days, end)


def diff(
    before: View,
    after: View,
    days: Sequence[date],
    request: Request,
    *,
    succession: bool = False,
) -> Iterator[Diff]:
    """Yield a comparison of each two successive days, all in one walk; see ``compare``."""
    law = after.law
    ways = list(_ways(law, request, days, succession=succession))
    places = [(way, category) for way in ways for category in categories_asked(law, request)]
    walks = [_Following(way, category, before, request, days[0]) for way, category in places]
    declared = _by_party(before.evidence.declared_by(days[0]))
    rows = [walk.row(declared)[0] for walk in walks]
    causes: list[list[Cause | Moving]] = [list(walk.look_from(after)) for walk in walks]
    present = {day: {party.id for party in _present(law, request, day)} for day in days}
    for start, end in pairwise(days):
        declared = _by_party(after.evidence.declared_by(end))
        found: list[DiffRow] = []
        for number, (way, category) in enumerate(places):
            walk, old = walks[number], rows[number]
            causes[number].extend(walk.advance(end))
            told, causes[number] = merged(causes[number]), []
            rows[number], still_open = walk.row(declared, told)
            walk.rest()
            judged = request.parties is not None or way.party.id in present[end]
            if not (judged or way.party.id in present[start]):
                continue
            if end == days[-1]:
                still_open = (*still_open, *_dated_later(after, way.party, category, end))
            predecessor = old.party if old.party != way.party.id else ""
            change = _change(old, rows[number])
            found.append(DiffRow(old, rows[number], predecessor, change, told, still_open, judged))
        yield Diff(start, end, tuple(found))


def _ways(
    law: Agreement, request: Request, days: Sequence[date], *, succession: bool
) -> Iterator[_Way]:
    replaced = {
        found.party: found for found in _successions(law, request, days, compared=succession)
    }
    for party in law.parties:
        if not any(party in _present(law, request, day) for day in days):
            continue
        found = replaced.get(party.id)
        predecessor = law.party(found.predecessor) if found and succession else None
        yield _Way(party, predecessor, found.since) if found and predecessor else _Way(party)


def _successions(
    law: Agreement, request: Request, days: Sequence[date], *, compared: bool
) -> Iterator[Succession]:
    """Yield the Parties on the last day that took another's place after the first."""
    for party in _present(law, request, days[-1]):
        periods = [*(m.period for m in party.memberships), *(gap.period for gap in party.gaps)]
        since = min((period.start for period in periods), default=date.min)
        before = next((p for p in map(law.party, party.succeeds) if p is not None), None)
        if before is not None and days[0] < since <= days[-1]:
            yield Succession(
                party.id,
                party.name_on(since),
                before.id,
                before.name_on(max(days[0], since - _A_DAY)),
                since,
                party.succession,
                compared,
            )


def _present(law: Agreement, request: Request, day: date) -> tuple[Party, ...]:
    return parties_asked(law, replace(request, as_of=day))


class _Following:
    """A walk that goes over from one party to its successor on the way."""

    def __init__(
        self, way: _Way, category: Category, view: View, request: Request, start: date
    ) -> None:
        self._way = way
        self._category = category
        self._view = view
        self._request = request
        self._day = start
        self._waiting = way.predecessor is not None
        self._walk = Walk(view, request, way.predecessor or way.party, category, start)

    def look_from(self, view: View) -> Iterator[Cause]:
        self._view = view
        return self._walk.look_from(view)

    def advance(self, until: date) -> Iterator[Cause | Moving]:
        since = self._way.since
        if self._waiting and since <= until:
            yield from self._walk.advance(since - _A_DAY)
            successor = Walk(self._view, self._request, self._way.party, self._category, since)
            yield from self._walk.become(successor)
            self._walk, self._waiting = successor, False
        yield from self._walk.advance(until)
        self._day = until

    def rest(self) -> None:
        self._walk.rest()

    def row(
        self, declared: Mapping[str, Sequence[Declaration]], told: Sequence[Cause] = ()
    ) -> tuple[AuditRow, tuple[str, ...]]:
        """Return the audit's row of the day reached, and what it leaves open.

        Args:
            declared: by party what of the evidence is for that day.
            told: the causes shown beside it.
        """
        view = self._view
        request = replace(
            self._request, as_of=self._day, readings=view.readings, known_at=view.known_at
        )
        standing = self._walk.standing(request, declared)
        return (
            row_of(view.law, request, standing),
            left_open(view.law, view.readings, standing, {r for c in told for r in c.refs}),
        )


def _by_party(declarations: Iterable[Declaration]) -> dict[str, list[Declaration]]:
    found: dict[str, list[Declaration]] = {}
    for declaration in declarations:
        found.setdefault(declaration.party, []).append(declaration)
    return found


def _dated_later(view: View, party: Party, category: Category, day: date) -> Iterator[str]:
    """Yield what is on record of a Party and not used, because it is dated soon after a day."""
    found = [
        d
        for d in view.evidence.background.declarations
        if d.party == party.id and is_later(d, category.id, day, view.law.current_months)
    ]
    yield from later_sentence(found, category.id, day)


def _change(before: AuditRow, after: AuditRow) -> Change:
    if before.ceiling is None and after.ceiling is None:
        old, new = _turned(before.counted), _turned(after.counted)
    else:
        old, new = before.headroom, after.headroom
    if old is None or new is None:
        return Change(None, None)
    return Change(_difference(old.low, new.low), _difference(old.high, new.high))


def _turned(counted: Span | None) -> Span | None:
    return None if counted is None else -counted


def _difference(old: int | None, new: int | None) -> int | None:
    return None if old is None or new is None else new - old
