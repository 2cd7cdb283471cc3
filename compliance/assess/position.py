"""Where a party stands in a category on a day: the declaration in use, its tail, the count."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from compliance.agreement.law import Agreement
from compliance.assess.bearing import Bearing
from compliance.assess.count import Counter
from compliance.assess.tail import Tail
from compliance.assess.tally import Change, Tally
from compliance.values.dates import DateSpan, add_months
from compliance.values.evidence import Declaration, Evidence, RecordedMovement
from compliance.values.frozen import frozen
from compliance.values.span import Span, total
from compliance.values.vocabulary import Basis


@frozen
class Sighting:
    """An observation above the figure in use.

    Attributes:
        seen: what was seen, as a lower bound.
        expected: the figure in use on the day of the observation.
        excess: by how much the observation is above the highest reading of that figure.
    """

    observation: Declaration
    seen: Span
    expected: Span
    excess: int


@frozen
class Position:
    """A party's holdings in a category at the end of a day.

    Attributes:
        counted: cut at zero; ``None`` where nothing at all is known.
        uncut: before the cut, to show an account driven below zero.
        basis: of the declaration in use, or ``mixed``; ``None`` without one.
        complete: every declaration needed is there (a part may miss one).
        stale: a declaration in use is too old to speak for the day.
        current_until: the last day the declaration in use speaks for.
        tallies: one, or one for each part.
        others: declarations on record that are not in use, the most telling first.
        observed: what inspectors saw since the declaration in use.
        sightings: those of these that are above it.
    """

    party: str
    category: str
    held: Span | None
    not_counted: Span | None
    counted: Span | None
    uncut: Span
    basis: str | None
    stated_by: str
    declared_as_of: DateSpan | None
    complete: bool
    stale: bool
    current_until: date | None
    tallies: tuple[Tally, ...]
    parts: tuple[Position, ...]
    others: tuple[Declaration, ...]
    observed: tuple[Declaration, ...]
    sightings: tuple[Sighting, ...]

    @property
    def judged(self) -> Span | None:
        """The count, widened by what inspectors saw above it."""
        if self.counted is None or not self.sightings:
            return self.counted
        return self.counted.hull(self.counted + Span.exactly(self._seen_above))

    @property
    def _seen_above(self) -> int:
        """How far what was seen is above the figures in use: in each part by its own most."""
        if self.parts:
            return sum(part._seen_above for part in self.parts)
        return max((sighting.excess for sighting in self.sightings), default=0)

    @property
    def questions(self) -> frozenset[str]:
        """Every question that the count turns on."""
        return frozenset(q for tally in self.tallies for q in tally.questions)


class Positions:
    """Finds positions from the evidence for a day."""

    def __init__(
        self,
        law: Agreement,
        counter: Counter,
        evidence: Evidence,
        basis: Basis | None,
        age_on: date | None = None,
    ) -> None:
        """Take the evidence.

        Args:
            law: the agreement.
            counter: counts one declaration and its tail.
            evidence: of every day that will be asked about.
            basis: only declarations of that basis are used.
            age_on: for a look ahead, the day it is made on: a declaration that speaks for it is
                not too old for any later day, since nobody can have declared the future.
        """
        self._age_on = age_on
        self._law = law
        self._counter = counter
        self._basis = basis
        self._bearing = Bearing(evidence, counter)
        self._concerned: dict[tuple[str, str], list[RecordedMovement]] = {}
        self._tails: dict[tuple[str, str, DateSpan | None], Tail] = {}

    def declarations_of(self, party: str) -> list[Declaration]:
        """Return a holder's declarations in view."""
        return self._bearing.declarations_of(party)

    def movements_of(self, party: str) -> list[RecordedMovement]:
        """Return a holder's movements in view."""
        return self._bearing.movements_of(party)

    def concerning(self, party: str, category: str) -> list[RecordedMovement]:
        """Return those of a holder's movements that may count in a category, put together."""
        found = self._concerned.get((party, category))
        if found is None:
            found = self._bearing.movements((party,), category)
            self._concerned[party, category] = found
        return found

    def _changes(
        self, party: str, category: str, since: DateSpan | None, day: date
    ) -> tuple[Change, ...]:
        """Return what moved after a date, as it bears on a count at the end of a day."""
        tail = self._tails.get((party, category, since))
        if tail is None:
            tail = self._counter.following(party, category, since, self.concerning(party, category))
            self._tails[party, category, since] = tail
        return tail.changes(day)

    def at(
        self, party: str, category: str, day: date, chosen: Declaration | None = None
    ) -> Position:
        """Return the position of a party in a category at the end of a day.

        Args:
            party: the holder's id.
            category: the category's id.
            day: the day.
            chosen: a declaration that is taken as the one in use of its party, whatever others
                there are, to see what would be if it were; a part's, so that the parts are used.
        """
        covering = [
            d
            for d in self.declarations_of(party)
            if d.covers(category) and d.as_of.last <= day and self._usable(d)
        ]
        in_use = max(covering, key=lambda d: d.preference, default=None)
        parts = tuple(
            self.at(part.id, category, day, chosen) for part in self._law.parts_on(party, day)
        )
        if chosen is not None and chosen.party == party:
            in_use = chosen
        elif _stand_for(parts, in_use) or (chosen and any(p.party == chosen.party for p in parts)):
            return self._sum(party, category, day, parts)
        changes = self._changes(party, category, in_use.as_of if in_use else None, day)
        tally = self._counter.tally_with(category, in_use, changes)
        nothing_known = in_use is None and not tally.changes
        until = add_months(in_use.as_of.last, self._law.current_months) if in_use else None
        others = sorted(
            (d for d in covering if d is not in_use),
            key=lambda d: (d.as_of.last, d.preference),
            reverse=True,
        )
        observed = tuple(self._observed(party, category, in_use, day))
        return Position(
            party=party,
            category=category,
            held=None if nothing_known else tally.held.cut_at_zero(),
            not_counted=None if nothing_known else tally.not_counted,
            counted=None if nothing_known else tally.counted.cut_at_zero(),
            uncut=tally.counted,
            basis=in_use.basis.value if in_use else None,
            stated_by=_stated_by(in_use, category),
            declared_as_of=in_use.as_of if in_use else None,
            complete=in_use is not None,
            stale=until is not None and until < min(day, self._age_on or day),
            current_until=until,
            tallies=(tally,),
            parts=(),
            others=tuple(others),
            observed=observed,
            sightings=tuple(self._sightings(party, category, in_use, observed)),
        )

    def _usable(self, declaration: Declaration) -> bool:
        return self._basis is None or declaration.basis is self._basis

    def _sum(self, party: str, category: str, day: date, parts: tuple[Position, ...]) -> Position:
        """Add the parts up; a part of which nothing is known leaves the sum open."""
        unknown = Span.at_least(0)
        latest = [part.declared_as_of for part in parts if part.declared_as_of]
        span = (
            DateSpan(min(d.first for d in latest), max(d.last for d in latest)) if latest else None
        )
        # What moved to or from the whole itself, and not to or from a part, is in no part's count.
        tail = self._counter.tail(party, category, span, self.concerning(party, category), day)
        counted = [part.counted or unknown for part in parts]
        bases = {part.basis for part in parts if part.basis}
        untils = [part.current_until for part in parts if part.current_until]
        return Position(
            party=party,
            category=category,
            held=total([*(part.held or unknown for part in parts), tail.held]).cut_at_zero(),
            not_counted=total(part.not_counted or Span(0, 0) for part in parts),
            counted=total([*counted, tail.counted]).cut_at_zero(),
            uncut=total([*counted, tail.counted]),
            basis=next(iter(bases)) if len(bases) == 1 else ("mixed" if bases else None),
            stated_by=_same(part.stated_by for part in parts),
            declared_as_of=span,
            complete=all(part.complete for part in parts),
            stale=any(part.stale for part in parts),
            current_until=min(untils) if untils else None,
            tallies=tuple(t for part in parts for t in part.tallies)
            + ((tail,) if tail.changes else ()),
            parts=parts,
            others=tuple(d for part in parts for d in part.others),
            observed=tuple(d for part in parts for d in part.observed),
            sightings=tuple(s for part in parts for s in part.sightings),
        )

    def _observed(
        self, party: str, category: str, in_use: Declaration | None, day: date
    ) -> Iterable[Declaration]:
        """Yield what inspectors saw since the declaration in use."""
        for observation in self.declarations_of(party):
            if (
                in_use is not None
                and observation.basis is Basis.OBSERVED
                and observation is not in_use
                and observation.covers(category)
                and observation.as_of.first >= in_use.as_of.first
                and observation.as_of.last <= day
            ):
                yield observation

    def _sightings(
        self,
        party: str,
        category: str,
        in_use: Declaration | None,
        observed: Iterable[Declaration],
    ) -> Iterable[Sighting]:
        """Yield the observations that are above the figure in use."""
        for observation in observed:
            then = observation.as_of.last
            seen = self._counter.tally(party, category, observation, (), then).counted
            expected = self._counter.tally(
                party, category, in_use, self.concerning(party, category), then
            ).counted.cut_at_zero()
            if seen.low is not None and expected.high is not None and seen.low > expected.high:
                yield Sighting(observation, seen, expected, seen.low - expected.high)


def _stand_for(parts: tuple[Position, ...], own: Declaration | None) -> bool:
    """True where a whole is taken as the sum of its parts.

    So it is where it has no figure of its own, or only one on a weaker basis than all its parts:
    a press figure of a state does not displace what its Entities declared.
    """
    if own is None:
        return any(part.counted is not None for part in parts)
    return bool(parts) and all(
        tally.declaration is not None and tally.declaration.basis.rank < own.basis.rank
        for part in parts
        for tally in part.tallies
    )


def _stated_by(declaration: Declaration | None, category: str) -> str:
    if declaration is None:
        return ""
    rows = [i.row for i in declaration.rows if i.row.category == category]
    return _same(row.more.stated_by for row in rows)


def _same(values: Iterable[str]) -> str:
    found = list(dict.fromkeys(value for value in values if value))
    return "; ".join(found)
