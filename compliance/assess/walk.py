"""A walk through time with one party in one category, writing down what changes its headroom.

Between two turning days nothing changes. On each, one thing after the other is let happen and the
count is taken anew: the differences are the causes, and add up by construction. The order is
fixed: the law, then movements, then the declarations that come into use. Where nothing was on
record, the declarations come first, so that a movement is told against a figure.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Category, Party
from compliance.agreement.select import Readings
from compliance.assess import words
from compliance.assess.cause import Cause, CauseKind, Change
from compliance.assess.count import Counter
from compliance.assess.judge import judge
from compliance.assess.levels import Levels, Pair, Tracks
from compliance.assess.result import EvidenceRow
from compliance.assess.stage import Stage
from compliance.assess.standing import Request, Standing, Standings
from compliance.assess.timeline import of_law
from compliance.assess.types import TypeLookup
from compliance.values.dates import span_in_words
from compliance.values.evidence import Declaration, Evidence, RecordedHolding
from compliance.values.span import Span

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class View:
    """What one side of a comparison is judged on.

    Attributes:
        evidence: of every day between the two sides. Of its background the declarations dated
            after the last day are named where they may matter.
        known_at: the moment it is known at, or ``None`` for all that is recorded.
    """

    law: Agreement
    lookup: TypeLookup
    readings: Readings
    evidence: Evidence
    known_at: str | None = None


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
                    detail += f"; no longer counted on: {'; '.join(row.text for row in gone)}"
                yield Cause(kind, self._day, change, detail, gone + came)

    def advance(self, until: date) -> Iterator[Cause]:
        """Go on to a later day, and tell everything that changed on the way."""
        while self._next < len(self._turning) and self._turning[self._next] <= until:
            day = self._turning[self._next]
            self._next += 1
            yield from self._turn(day)
        self._day = max(self._day, until)

    def rest(self) -> None:
        """Begin another period on the day reached: nothing before it is told against any more."""
        self._tracks.rest()

    def become(self, successor: Walk) -> Iterator[Cause]:
        """Let another party take this one's place, and tell what that changes."""
        names = (successor.party.name_on(successor._day), self.party.name_on(self._day))
        detail = "{} is compared with {}, whose place it took".format(*names)
        citation = successor.party.succession
        change = self._tracks.all(successor._levels())
        if change is not None:
            day = successor._day
            yield Cause(CauseKind.MEMBERSHIP, day, change, detail, citation=citation)
        successor._tracks = self._tracks

    def standing(self, request: Request, declarations: Iterable[Declaration]) -> Standing:
        """Return where the party stands on the day reached.

        Args:
            request: for that day.
            declarations: those of the evidence for that day.
        """
        category = self._category
        found = Evidence(
            tuple(d for d in declarations if d.party in self._holders and d.covers(category.id)),
            self._stage.movements,
        )
        standings = Standings(self._view.law, self._view.lookup, found, request)
        return standings.at(self.party, category, self._day)

    def _look(self, view: View) -> None:
        self._view = view
        law, party = view.law, self.party
        counter = Counter(law, view.lookup, view.readings)
        self._holders = [party.id, *(p.id for p in law.parties if p.part_of == party.id)]
        evidence = _concerning(view.evidence, self._holders, self._category.id, counter)
        self._stage = Stage(law, counter, evidence, self._request.basis, self._holders)
        self._stage.happened(self._day)
        self._position = self._stage.at(party.id, self._category.id, self._day)
        self._turning = sorted({*of_law(law, party), *self._stage.days})
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
        day, law = self._day, self._view.law
        judgement = judge(
            self._position,
            law.ceiling(self.party.id, self._category.id, day),
            self._view.readings,
            day=day,
            accept_stale=True,  # how old a figure is changes the verdict and no number
            membership_certain=self.party.membership_on(day) is not None,
        )
        return Levels.of(self._position, judgement.ceiling)

    def _count(self) -> Pair:
        return Levels.of(self._position, None).count

    def _recount(self, day: date) -> Change | None:
        """Count anew, and return what that changes."""
        self._position = self._stage.at(self.party.id, self._category.id, day)
        return self._tracks.count(self._count())

    def _turn(self, day: date) -> Iterator[Cause]:
        """Let happen what happens on a turning day, one thing after the other."""
        moving, declaring = self._stage.hold_back(day)
        parts_on = self._view.law.parts_on
        if parts_on(self.party.id, day) != parts_on(self.party.id, self._day):
            change = self._recount(day)
            if change is not None:
                rows = self._resting_on()
                yield Cause(CauseKind.MEMBERSHIP, day, change, self._parts(day), rows)
        if self._count() == (None, None):
            yield from self._declare(day, declaring)
            declaring = []
        for item in moving:
            self._stage.let_happen(item)
            change = self._recount(day)
            if change is not None:
                row = words.evidence(item)
                yield Cause(CauseKind.MOVEMENT, day, change, row.text, (row,))
        yield from self._declare(day, declaring)
        self._day = day
        levels = self._levels()
        change = self._tracks.cut(levels.cut)
        if change is not None:
            yield Cause(CauseKind.CUT, day, change, "no count falls below zero")
        before = self._tracks.ceiling
        change = self._tracks.limit(levels.ceiling)
        if change is not None:
            yield self._limited(day, before, levels.ceiling, change)

    def _parts(self, day: date) -> str:
        """Return in words of which parts a party is the sum from a day on."""
        parts = self._view.law.parts_on(self.party.id, day)
        if not parts:
            return "from this day on it is not counted as a sum of parts"
        names = words.listed([part.name_on(day) for part in parts])
        return f"from this day on it is counted as the sum of {names}"

    def _declare(self, day: date, declaring: Iterable[Declaration]) -> Iterator[Cause]:
        for declaration in declaring:
            book = self._count()
            self._stage.let_happen(declaration)
            change = self._recount(day)
            if change is not None:
                detail = self._declared(declaration, book, self._count())
                rows = map(words.evidence, _of_category(declaration, self._category))
                yield Cause(CauseKind.DECLARATION, day, change, detail, tuple(rows))

    def _declared(self, declaration: Declaration, book: Pair, declared: Pair) -> str:
        name = self._view.law.party(declaration.party)
        whose = f" of {name.name}" if name and declaration.party != self.party.id else ""
        return (
            f"figure{whose} as of {span_in_words(declaration.as_of)} "
            f"({declaration.basis.value}): {_words(declared)}; "
            + (
                "before it nothing was on record"
                if book == (None, None)
                else f"by the figure before it and what moved since, {_words(book)}"
            )
        )

    def _limited(self, day: date, before: Span, after: Span, change: Change) -> Cause:
        law = self._view.law
        detail = f"ceiling {words.span(before)} until then, {words.span(after)} from this day on"
        ceiling = law.ceiling(self.party.id, self._category.id, day)
        kind, citation = CauseKind.CEILING, ceiling.limit.citation if ceiling.limit else None
        was, now = (self.party.membership_on(d) for d in (day - _A_DAY, day))
        if now is not None and was is None:
            kind, citation = CauseKind.MEMBERSHIP, citation or now.citation
            detail = f"{self.party.name_on(day)} became a Party; {detail}"
        elif was is not None and now is None:
            kind, citation = CauseKind.MEMBERSHIP, citation or was.citation
            detail = f"{self.party.name_on(day - _A_DAY)} is a Party no longer; {detail}"
        elif ceiling.gap is not None:
            detail, citation = f"{detail}: {ceiling.gap.reason}", ceiling.gap.citation
        elif ceiling.derived and after == Span(None, None):
            detail += ": it is only derived from then on"
        return Cause(kind, day, change, detail, citation=citation)


def _of_category(declaration: Declaration, category: Category) -> list[RecordedHolding]:
    return [item for item in declaration.rows if item.row.category == category.id]


def _words(pair: Pair) -> str:
    if pair == (None, None):
        return words.span(None)
    low, high = pair
    return words.span(Span(max(0, low or 0), None if high is None else max(0, high)))


_WHY = {
    CauseKind.CORRECTION: "what was recorded between the two moments of knowledge",
    CauseKind.READING: "other answers to open questions",
    CauseKind.RULE: "another rule pack",
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


def _concerning(
    evidence: Evidence, holders: Iterable[str], category: str, counter: Counter
) -> Evidence:
    """Return what can bear on one count."""
    names = frozenset(holders)
    return Evidence(
        tuple(d for d in evidence.declarations if d.party in names and d.covers(category)),
        tuple(
            item
            for item in evidence.movements
            if (item.row.origin.party in names or item.row.destination.party in names)
            and counter.concerns(item.row, category)
        ),
    )
