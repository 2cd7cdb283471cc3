"""Positions that move forward through time and let one thing after the other happen.

Only what can still matter is kept: of each holder the declaration in use and the movements that it
does not surely contain. So a step costs the same however long the ledger is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Party
from compliance.assess.count import Counter
from compliance.assess.position import Positions, Sighting
from compliance.assess.tally import Change
from compliance.values.dates import DateSpan
from compliance.values.evidence import Declaration, Evidence, RecordedMovement
from compliance.values.vocabulary import Basis, State

_NOTHING = Evidence((), ())


class Stage(Positions):
    """Positions of a party and its parts in one category, on the day reached."""

    def __init__(
        self,
        law: Agreement,
        counter: Counter,
        evidence: Evidence,
        basis: Basis | None,
        holders: Sequence[str],
    ) -> None:
        """Stand before all time.

        Args:
            law: the agreement.
            counter: counts one declaration and its tail.
            evidence: all that concerns the holders in the category.
            basis: only declarations of that basis are used.
            holders: the party, and those that are its parts at some time.
        """
        super().__init__(law, counter, _NOTHING, basis)
        self._holders = holders
        self._in_use: dict[str, Declaration] = {}
        self._live: dict[str, dict[int, RecordedMovement]] = {h: {} for h in holders}
        # Those of them that become certain on the day reached, and have not been let happen yet.
        self._waiting: set[int] = set()
        self._order = {id(item): place for place, item in enumerate(evidence.movements)}
        self._begin: dict[date, list[RecordedMovement]] = defaultdict(list)
        self._end: dict[date, list[RecordedMovement]] = defaultdict(list)
        for item in evidence.movements:
            self._begin[item.row.date.first].append(item)
            if not item.row.date.exact:
                self._end[item.row.date.last].append(item)
        self._declared: dict[date, list[Declaration]] = defaultdict(list)
        for declaration in evidence.declarations:
            if self._usable(declaration):
                self._declared[declaration.as_of.last].append(declaration)
        self._days = sorted(self._declared)
        self._late: set[int] = set()
        self._coming = {
            holder: _coming(
                d for found in self._declared.values() for d in found if d.party == holder
            )
            for holder in holders
        }

    @property
    def days(self) -> set[date]:
        """The days on which anything happens."""
        return {*self._begin, *self._end, *self._declared}

    @property
    def counter(self) -> Counter:
        """What counts."""
        return self._counter

    def in_order(self, holder: str) -> list[RecordedMovement]:
        """Return a holder's movements that can still matter, in the order of the evidence."""
        live = self._live.get(holder, {})
        return [self._standing(live[key]) for key in sorted(live, key=self._order.__getitem__)]

    def happened(self, until: date) -> None:
        """Let everything happen up to the end of a day."""
        for day in sorted(self._begin):
            if day > until:
                break
            for item in self._begin[day]:
                self._stand(item)
        for day in sorted(self._declared):
            if day > until:
                break
            for declaration in self._declared[day]:
                self._use(declaration)
        self._forget(until)

    def hold_back(self, day: date, until: date) -> tuple[list[RecordedMovement], list[Declaration]]:
        """Hold back what begins or becomes certain on a day, and return it in a fixed order.

        What many movements are told as happens at once, by the last day of any, unless something
        is asked or declared before.

        Args:
            day: one after the other, in their order.
            until: the next day asked about.
        """
        begin = [item for item in self._begin.get(day, ()) if not self._put_off(item, until)]
        for item in self._end.get(day, ()):
            begin.append(item)
            if id(item) not in self._late:
                self._stand(item)
                self._waiting.add(id(item))
        return (
            sorted(begin, key=lambda i: (i.row.date.first, i.row.date.last, i.ref)),
            sorted(
                self._declared.get(day, ()),
                key=lambda i: (i.order, i.basis.rank, i.basis.value, i.source, i.as_of.first),
            ),
        )

    def _put_off(self, item: RecordedMovement, until: date) -> bool:
        """True where all of it happens before anything is asked or declared: on its last day."""
        days = item.row.date
        if not item.many or days.exact or days.last > until:
            return False
        declared = bisect_left(self._days, days.first)
        if declared < len(self._days) and self._days[declared] < days.last:
            return False
        self._late.add(id(item))
        return True

    def let_happen(self, item: RecordedMovement | Declaration) -> None:
        """Let something happen that was held back."""
        if isinstance(item, RecordedMovement):
            self._waiting.discard(id(item))
            self._stand(item)
            return
        if self._use(item):
            self._forget(item.as_of.last)

    def stands(self, party: str, item: RecordedMovement) -> bool:
        """True where a movement stands with a holder: it has begun."""
        return id(item) in self._live[party]

    def waits(self, item: RecordedMovement) -> bool:
        """True while a movement that is certain by the end of the day is only possible."""
        return id(item) in self._waiting

    def declarations_of(self, party: str) -> list[Declaration]:
        """Return the holder's declaration in use."""
        return [self._in_use[party]] if party in self._in_use else []

    def movements_of(self, party: str) -> list[RecordedMovement]:
        """Return the holder's movements that can still matter."""
        live = self._live.get(party, {}).values()
        return [self._standing(item) for item in live] if self._waiting else list(live)

    def concerning(self, party: str, category: str) -> list[RecordedMovement]:
        """Return those of the day reached: all are of the category."""
        del category
        return self.movements_of(party)

    def _changes(
        self, party: str, category: str, since: DateSpan | None, day: date
    ) -> tuple[Change, ...]:
        # Nothing stays as it is for the next day.
        change = self._counter.change
        found = (
            change(item, party, category, since, day) for item in self.concerning(party, category)
        )
        return tuple(item for item in found if isinstance(item, Change))

    def _standing(self, item: RecordedMovement) -> RecordedMovement:
        """Return a movement as it stands: before its last day possible, like a planned one."""
        if id(item) not in self._waiting:
            return item
        return replace(item, assumed=False, row=replace(item.row, state=State.PLANNED))

    def _stand(self, item: RecordedMovement) -> None:
        for holder in {item.row.origin.party, item.row.destination.party}:
            if holder in self._live:
                self._live[holder][id(item)] = item

    def _use(self, declaration: Declaration) -> bool:
        before = self._in_use.get(declaration.party)
        if before is not None and declaration.preference <= before.preference:
            return False
        self._in_use[declaration.party] = declaration
        return True

    def _forget(self, day: date) -> None:
        """Forget the movements that every figure used from a day on surely contains."""
        for holder in self._holders:
            parts = (p.id for p in self._law.parties if p.part_of == holder and _lasts(p, day))
            horizon = min(self._horizon(name, day) for name in (holder, *parts))
            live = self._live[holder]
            for key in [k for k, item in live.items() if item.row.date.last <= horizon]:
                del live[key]

    def _horizon(self, holder: str, day: date) -> date:
        if holder not in self._in_use:
            return date.min
        # One that comes into use later may reach back further than the one before it.
        ahead = bisect_right(self._coming[holder], day, key=lambda pair: pair[0])
        later = self._coming[holder][ahead][1] if ahead < len(self._coming[holder]) else date.max
        return min(self._in_use[holder].as_of.first, later)

    def _sightings(self, *_args: object) -> Iterable[Sighting]:
        """Look at no observation: what inspectors see changes no headroom."""
        return ()


class Arrived(Positions):
    """Positions on the day that a stage reached, with all that is declared by then, used or not."""

    def __init__(
        self, law: Agreement, stage: Stage, basis: Basis | None, declared: Iterable[Declaration]
    ) -> None:
        """Take what stands on a stage.

        Args:
            law: the agreement.
            stage: positions in one category.
            basis: only declarations of that basis are used.
            declared: those that bear on the day reached in the category.
        """
        super().__init__(law, stage.counter, _NOTHING, basis)
        self._stage = stage
        self._declared: dict[str, list[Declaration]] = defaultdict(list)
        for declaration in declared:
            self._declared[declaration.party].append(declaration)

    def declarations_of(self, party: str) -> list[Declaration]:
        """Return a holder's declarations."""
        return self._declared.get(party, [])

    def movements_of(self, party: str) -> list[RecordedMovement]:
        """Return what can still matter of a holder's movements, in the order of the evidence."""
        return self._stage.in_order(party)

    def concerning(self, party: str, category: str) -> list[RecordedMovement]:
        """Return the same: all are of the category."""
        del category
        return self.movements_of(party)


def _coming(declarations: Iterable[Declaration]) -> list[tuple[date, date]]:
    """Return by the last day of each declaration how far it, or any after it, reaches back."""
    found: list[tuple[date, date]] = []
    back = date.max
    for declaration in sorted(declarations, key=lambda d: d.as_of.last, reverse=True):
        back = min(back, declaration.as_of.first)
        found.append((declaration.as_of.last, back))
    return found[::-1]


def _lasts(part: Party, day: date) -> bool:
    """True where a part is one on a day, or will be later."""
    period = part.part_period
    return period is not None and (period.end is None or period.end > day)
