"""A walk through time with one party in one category, writing down what changes its headroom.

Between two turning days nothing changes. On each, one thing after the other is let happen and the
count is taken anew: the differences are the causes, and add up by construction. The order is
fixed: the law, then movements, then the declarations that come into use. Where nothing was on
record, the declarations come first, so that a movement is told against a figure.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Category, Party
from compliance.agreement.select import Readings
from compliance.assess import words
from compliance.assess.bearing import Bearing
from compliance.assess.cause import Cause, CauseKind, Change, Moving
from compliance.assess.certainty import untimely
from compliance.assess.count import Adds, Counter
from compliance.assess.judge import usable_ceiling
from compliance.assess.levels import Levels, Pair, Tracks
from compliance.assess.position import Position
from compliance.assess.result import EvidenceRow
from compliance.assess.stage import Arrived, Stage
from compliance.assess.standing import Request, Standing, judged
from compliance.assess.timeline import of_law
from compliance.assess.types import TypeLookup
from compliance.values.dates import DateSpan, span_in_words
from compliance.values.evidence import Declaration, Evidence, RecordedHolding, RecordedMovement
from compliance.values.said import Said, english, joined, name, said
from compliance.values.span import ZERO, Span

_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class View:
    """What one side of a comparison is judged on.

    Attributes:
        evidence: of every day between the two sides; where it is folded, whatever the types. Of
            its background the declarations dated after the last day are named where they may
            matter.
        known_at: the moment it is known at, or ``None`` for all that is recorded.
    """

    law: Agreement
    lookup: TypeLookup
    readings: Readings
    evidence: Evidence
    known_at: str | None = None

    @cached_property
    def counter(self) -> Counter:
        """What counts under this view."""
        return Counter(self.law, self.lookup, self.readings)

    @cached_property
    def bearing(self) -> Bearing:
        """What of the evidence bears on a count."""
        return Bearing(self.evidence, self.counter, gather=not self.evidence.folded)


class Walk:
    """Goes from day to day; each step tells what changed since the last."""

    def __init__(
        self, view: View, request: Request, party: Party, category: Category, start: date
    ) -> None:
        """Stand on a day.

        Args:
            view: what is judged on.
            request: the options; its day and its readings are not used.
            party: whose headroom.
            category: in which category.
            start: the first day.
        """
        self.party = party
        self._request = request
        self._category = category
        self._day = start
        self._look(view)
        self._tracks = Tracks(self._levels())

    def look_from(self, view: View) -> Iterator[Cause]:
        """Change the view on the day reached, and tell what that alone changes."""
        for kind, step in _steps(self._view, view):
            before = self._resting_on()
            self._look(step)
            after = self._resting_on()
            change = self._tracks.all(self._levels())
            if change is not None:
                gone = tuple(row for row in before if row not in after)
                came = tuple(row for row in after if row not in before)
                detail = _WHY[kind]
                if gone:
                    detail = said(
                        "{why}; no longer counted on: {rows}",
                        why=detail,
                        rows=joined("; ", (row.text for row in gone)),
                    )
                yield Cause(kind, self._day, change, detail, gone + came)

    def advance(self, until: date) -> Iterator[Cause | Moving]:
        """Go on to a later day, and tell everything that changed on the way."""
        while self._next < len(self._turning) and self._turning[self._next] <= until:
            day = self._turning[self._next]
            self._next += 1
            yield from self._turn(day, until)
        self._day = max(self._day, until)

    def rest(self) -> None:
        """Begin another period on the day reached: nothing before it is told against any more."""
        self._tracks.rest()

    def become(self, successor: Walk) -> Iterator[Cause]:
        """Let another party take this one's place, and tell what that changes."""
        names = (successor.party.name_on(successor._day), self.party.name_on(self._day))
        detail = said(
            "{party} is compared with {predecessor}, whose place it took",
            party=names[0],
            predecessor=names[1],
        )
        citation = successor.party.succession
        change = self._tracks.all(successor._levels())
        if change is not None:
            day = successor._day
            yield Cause(CauseKind.MEMBERSHIP, day, change, detail, citation=citation)
        successor._tracks = self._tracks

    def standing(self, request: Request, declared: Mapping[str, Sequence[Declaration]]) -> Standing:
        """Return where the party stands on the day reached.

        Args:
            request: for that day.
            declared: by party what of the evidence is for that day.
        """
        category, law = self._category, self._view.law
        of_holders = (d for holder in self._holders for d in declared.get(holder, ()))
        covering = [d for d in of_holders if d.covers(category.id)]
        position = Arrived(law, self._stage, request.basis, covering).at(
            self.party.id, category.id, self._day
        )
        return judged(law, request, self.party, category, self._day, position)

    def _look(self, view: View) -> None:
        self._view = view
        law, party = view.law, self.party
        self._holders = [party.id, *(p.id for p in law.parties if p.part_of == party.id)]
        evidence = view.bearing.on(self._holders, self._category.id)
        # By identity: the stage holds on to its movements.
        self._added: dict[int, Adds | None] = {}
        self._stage = Stage(law, view.counter, evidence, self._request.basis, self._holders)
        self._stage.happened(self._day)
        self._recounted(self._day)
        self._law_days = frozenset(of_law(law, party))
        self._limit_of(self._day)
        self._turning = sorted(self._law_days | self._stage.days)
        self._next = bisect_right(self._turning, self._day)

    def _resting_on(self) -> tuple[EvidenceRow, ...]:
        """Return the rows that the count of the day reached rests on."""
        found: list[EvidenceRow] = []
        for tally in self._position.tallies:
            if tally.declaration is not None:
                found += map(words.evidence, _of_category(tally.declaration, self._category))
            found += (words.evidence(change.recorded) for change in tally.changes)
        return tuple(dict.fromkeys(found))

    def _levels(self) -> Levels:
        """Return the levels of the day reached."""
        if self._counted is None:
            return Levels.counting(Span(*self._pair), self._limit)
        return Levels.of(self._counted, self._limit)

    def _limit_of(self, day: date) -> None:
        """Take the ceiling of a day: it is the same until the law changes."""
        ceiling = self._view.law.ceiling(self.party.id, self._category.id, day)
        self._limit = usable_ceiling(ceiling, self._view.readings)

    @property
    def _position(self) -> Position:
        """The position on the day last counted on, counted anew where only numbers were kept."""
        if self._counted is None:
            self._recounted(self._count_day)
        assert self._counted is not None
        return self._counted

    def _recounted(self, day: date) -> None:
        self._count_day = day
        self._counted: Position | None = self._stage.at(self.party.id, self._category.id, day)
        self._pair = Levels.of(self._counted, None).count
        # Its lower bound is then taken at zero, whatever else may come or leave.
        self._without_least = self._counted.uncut.low is None

    def _count(self) -> Pair:
        return self._pair

    def _recount(self, day: date) -> Change | None:
        """Count anew, and return what that changes."""
        self._recounted(day)
        return self._tracks.count(self._count())

    def _let_happen(self, item: RecordedMovement, day: date) -> Change | None:
        """Let a movement happen, and return what that changes.

        Where it adds the same whatever the answers to open questions, its part is added to the
        count; only else all is counted anew.
        """
        stage, low, high = self._stage, *self._pair
        if low is None or high is None or self._without_least or len(self._holders) > 1:
            stage.let_happen(item)
            return self._recount(day)
        was = self._adds(item, day) if stage.stands(self.party.id, item) else ZERO
        stage.let_happen(item)
        now = self._adds(item, day)
        if was is None or now is None:
            return self._recount(day)
        if was.low is None or was.high is None or now.low is None or now.high is None:
            return self._recount(day)
        self._counted, self._count_day = None, day
        self._pair = (low + now.low - was.low, high + now.high - was.high)
        return self._tracks.count(self._pair)

    def _adds(self, item: RecordedMovement, day: date) -> Span | None:
        """Return what a movement that stands adds; ``None`` where that turns on a question."""
        since = self._since
        if since and item.row.date.last <= since.first:
            return ZERO
        if id(item) not in self._added:
            counter = self._view.counter
            self._added[id(item)] = counter.adds(item, self.party.id, self._category.id)
        adds = self._added[id(item)]
        if adds is None:
            return None
        only_possible = self._stage.waits(item) or untimely(item, since, day)
        return adds.possible if only_possible else adds.happened

    @property
    def _since(self) -> DateSpan | None:
        """The date of the party's declaration in use."""
        in_use = self._stage.declarations_of(self.party.id)
        return in_use[0].as_of if in_use else None

    def _turn(self, day: date, until: date) -> Iterator[Cause | Moving]:
        """Let happen what happens on a turning day, one thing after the other."""
        moving, declaring = self._stage.hold_back(day, until)
        new_law = day in self._law_days
        parts_on = self._view.law.parts_on
        if new_law and parts_on(self.party.id, day) != parts_on(self.party.id, self._day):
            change = self._recount(day)
            if change is not None:
                rows = self._resting_on()
                yield Cause(CauseKind.MEMBERSHIP, day, change, self._parts(day), rows)
        if self._count() == (None, None):
            yield from self._declare(day, declaring)
            declaring = []
        for item in moving:
            change = self._let_happen(item, day)
            if change is not None:
                yield Moving(item, day, change)
        yield from self._declare(day, declaring)
        self._day = day
        if new_law:
            self._limit_of(day)
        levels = self._levels()
        change = self._tracks.cut(levels.cut)
        if change is not None:
            yield Cause(CauseKind.CUT, day, change, said("no count falls below zero"))
        before = self._tracks.ceiling
        change = self._tracks.limit(levels.ceiling)
        if change is not None:
            yield self._limited(day, before, levels.ceiling, change)

    def _parts(self, day: date) -> Said:
        """Return in words of which parts a party is the sum from a day on."""
        parts = self._view.law.parts_on(self.party.id, day)
        if not parts:
            return said("from this day on it is not counted as a sum of parts")
        names = words.listed([part.name_on(day) for part in parts])
        return said("from this day on it is counted as the sum of {parts}", parts=names)

    def _declare(self, day: date, declaring: Iterable[Declaration]) -> Iterator[Cause]:
        for declaration in declaring:
            book = self._count()
            self._stage.let_happen(declaration)
            change = self._recount(day)
            if change is not None:
                detail = self._declared(declaration, book, self._count())
                rows = map(words.evidence, _of_category(declaration, self._category))
                yield Cause(CauseKind.DECLARATION, day, change, detail, tuple(rows))

    def _declared(self, declaration: Declaration, book: Pair, declared: Pair) -> Said:
        party = self._view.law.party(declaration.party)
        figure = {
            "day": span_in_words(declaration.as_of),
            "basis": declaration.basis.word,
            "count": _words(declared),
        }
        if party and declaration.party != self.party.id:
            start = said(
                "figure of {party} as of {day} ({basis}): {count}",
                party=name(party.name),
                **figure,
            )
        else:
            start = said("figure as of {day} ({basis}): {count}", **figure)
        if book == (None, None):
            return said("{figure}; before it nothing was on record", figure=start)
        return said(
            "{figure}; by the figure before it and what moved since, {book}",
            figure=start,
            book=_words(book),
        )

    def _limited(self, day: date, before: Span, after: Span, change: Change) -> Cause:
        law = self._view.law
        detail = said(
            "ceiling {before} until then, {after} from this day on",
            before=words.span(before),
            after=words.span(after),
        )
        ceiling = law.ceiling(self.party.id, self._category.id, day)
        kind, citation = CauseKind.CEILING, ceiling.limit.citation if ceiling.limit else None
        was, now = (self.party.membership_on(d) for d in (day - _A_DAY, day))
        if now is not None and was is None:
            kind, citation = CauseKind.MEMBERSHIP, citation or now.citation
            party = self.party.name_on(day)
            detail = said("{party} became a Party; {ceiling}", party=party, ceiling=detail)
        elif was is not None and now is None:
            kind, citation = CauseKind.MEMBERSHIP, citation or was.citation
            party = self.party.name_on(day - _A_DAY)
            detail = said("{party} is a Party no longer; {ceiling}", party=party, ceiling=detail)
        elif ceiling.gap is not None:
            detail = said("{ceiling}: {why}", ceiling=detail, why=english(ceiling.gap.reason))
            citation = ceiling.gap.citation
        elif ceiling.derived and after == Span(None, None):
            detail = said("{ceiling}: it is only derived from then on", ceiling=detail)
        return Cause(kind, day, change, detail, citation=citation)


def _of_category(declaration: Declaration, category: Category) -> list[RecordedHolding]:
    return [item for item in declaration.rows if item.row.category == category.id]


def _words(pair: Pair) -> Said:
    if pair == (None, None):
        return words.span(None)
    low, high = pair
    return words.span(Span(max(0, low or 0), None if high is None else max(0, high)))


_WHY = {
    CauseKind.CORRECTION: said("what was recorded between the two moments of knowledge"),
    CauseKind.READING: said("other answers to open questions"),
    CauseKind.RULE: said("another rule pack"),
}


def _steps(old: View, new: View) -> Iterator[tuple[CauseKind, View]]:
    """Yield the views between two, each another in one respect only."""
    view = replace(old, evidence=new.evidence, known_at=new.known_at)
    if new.evidence != old.evidence:
        yield CauseKind.CORRECTION, view
    view = replace(view, readings=new.readings)
    if new.readings != old.readings:
        yield CauseKind.READING, view
    if new.law != old.law:
        yield CauseKind.RULE, new
