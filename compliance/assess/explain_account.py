"""How one holder's count comes about: the declaration, its rows, what moved since, the sum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from compliance.agreement.law import Agreement
from compliance.assess import stated, words
from compliance.assess.explain_steps import Steps, opening_text
from compliance.assess.explain_sums import TOO_MANY, sums
from compliance.assess.explained import (
    Account,
    Observation,
    PassedDeclaration,
    PassedMovement,
    Sum,
    SumLine,
    WhyNot,
)
from compliance.assess.position import Position
from compliance.assess.standing import Standings
from compliance.assess.tally import Change
from compliance.assess.tipping import A_SPAN
from compliance.assess.weighed import Base, Place
from compliance.values.dates import DateSpan, span_in_words
from compliance.values.evidence import Declaration
from compliance.values.said import Said, said
from compliance.values.span import Span
from compliance.values.vocabulary import Basis


class Accounts:
    """Explains positions in one category on one day."""

    def __init__(
        self,
        standings: Standings,
        later: Sequence[Declaration],
        category: str,
        day: date,
    ) -> None:
        """Take what a position was found from.

        Args:
            standings: with all the evidence there is up to the day.
            later: the declarations that are dated after the day.
            category: the category counted.
            day: the day at whose end is counted.
        """
        self._law: Agreement = standings.law
        self._readings = standings.request.readings
        self._basis = standings.request.basis
        self._counter = standings.counter
        self._positions = standings.positions
        self._later = later
        self._category = category
        self._day = day
        self._steps = Steps(self._law, self._readings, self._counter, category)

    def of(self, position: Position) -> Account:
        """Return how a position comes about."""
        used = None if position.parts else position.tallies[0].declaration
        base = self._counter.base(used, self._category) if used else None
        since = position.declared_as_of if position.parts else (used.as_of if used else None)
        changes, left_out = self._moved(position.party, since, used)
        lines = list(self._opening(position, base))
        terms = base.terms if base else ()
        names = {w.item.ref: opening_text(w) for w in base.rows} if base else {}
        found: tuple[Sum, ...] = ()
        if position.counted is not None:
            found = sums(self._counter, lines, terms, changes, names)
        return Account(
            party=position.party,
            name=self._name(position.party),
            position=position,
            used=used,
            passed=tuple(self._passed(position, used)),
            silent=tuple(self._silent(position.party)),
            open_why=base.open_why if base else "",
            rows=tuple(self._steps.row(weighed) for weighed in base.rows) if base else (),
            movements=tuple(self._steps.movement(change) for change in changes),
            left_out=left_out,
            observations=tuple(self._observations(position, used)),
            sums=found,
            unsummed=TOO_MANY if position.counted is not None and not found else "",
            parts=tuple(self.of(part) for part in position.parts),
        )

    def _moved(
        self, party: str, since: DateSpan | None, used: Declaration | None
    ) -> tuple[tuple[Change, ...], tuple[PassedMovement, ...]]:
        changes: list[Change] = []
        left_out: list[PassedMovement] = []
        for item in self._positions.movements_of(party):
            found = self._counter.change(item, party, self._category, since, self._day)
            if isinstance(found, Change):
                changes.append(found)
            elif self._counter.concerns(item.row, self._category):
                left_out.append(self._steps.passed(item, found, used))
        return tuple(changes), tuple(left_out)

    def _opening(self, position: Position, base: Base | None) -> Iterable[SumLine]:
        """Yield the lines of the sum that no question touches."""
        if position.parts:
            for part in position.parts:
                text = self._name(part.party)
                if part.counted is None:
                    text = said("{party}: nothing is known, at least none", party=text)
                yield SumLine(text, part.counted or Span.at_least(0), ())
            return
        if base is None:
            yield SumLine(said("no declaration: at least none"), Span.at_least(0), ())
            return
        for weighed in base.rows:
            if weighed.place is Place.TOTAL:
                yield SumLine(opening_text(weighed), weighed.term.quantity, (weighed.item.ref,))
        if base.open_why:
            yield SumLine(said("the rest: {why}", why=base.open_why), Span.at_least(0), ())

    def _passed(self, position: Position, used: Declaration | None) -> Iterable[PassedDeclaration]:
        """Yield the declarations of the category that are not in use, the nearest first."""
        own = self._positions.declarations_of(position.party)
        covering = [d for d in own if d.covers(self._category) and d is not used]
        later = [d for d in self._later if d.party == position.party and d.covers(self._category)]
        covering.sort(key=lambda d: (d.as_of.last, d.preference), reverse=True)
        later.sort(key=lambda d: (d.as_of.last, d.preference))
        for declaration in (*covering, *later):
            reason, why = self._why_not(declaration, position, used)
            given = stated.declared(declaration, self._category)
            yield PassedDeclaration(declaration, given, reason, why)

    def _why_not(
        self, declaration: Declaration, position: Position, used: Declaration | None
    ) -> tuple[WhyNot, Said]:
        basis = declaration.basis
        if declaration.as_of.last > self._day:
            return WhyNot.DATED_AFTER, said("dated after {day}", day=self._day)
        if self._basis is not None and basis is not self._basis:
            return WhyNot.BASIS_NOT_ASKED, said(
                "only figures of basis '{basis}' are asked", basis=self._basis.word
            )
        if used is None:
            return (
                WhyNot.WEAKER_THAN_PARTS,
                said("on a weaker basis than what each part declared")
                if position.parts
                else said("not used"),
            )
        if basis.rank > used.basis.rank:
            return WhyNot.WEAKER_BASIS, said(
                "'{weaker}' is weaker than '{better}'", weaker=basis.word, better=used.basis.word
            )
        if declaration.as_of.last < used.as_of.last:
            return WhyNot.OLDER, said("older than the one in use")
        return WhyNot.RECORDED_EARLIER, said("of the same date, recorded before the one in use")

    def _silent(self, party: str) -> Iterable[PassedDeclaration]:
        found = self._positions.declarations_of(party)
        for declaration in reversed(found):
            if not declaration.covers(self._category):
                yield PassedDeclaration(
                    declaration,
                    None,
                    WhyNot.OTHER_CATEGORY,
                    said("it says nothing of this category"),
                )

    def _observations(self, position: Position, used: Declaration | None) -> Iterable[Observation]:
        if position.parts:
            return  # each part has its own
        above = {id(s.observation): s for s in position.sightings}
        for declaration in self._positions.declarations_of(position.party):
            if (
                declaration.basis is not Basis.OBSERVED
                or declaration is used
                or not declaration.covers(self._category)
            ):
                continue
            sighting = above.get(id(declaration))
            if sighting is not None:
                why = said(
                    "{excess} more than the figure in use allows on that day ({expected}): the row "
                    "is judged on a count widened by as much",
                    excess=sighting.excess,
                    expected=words.span(sighting.expected),
                )
            elif used is None:
                why = said("there is no figure in use to hold it against")
            elif declaration.as_of.first < used.as_of.first:
                why = said("before the figure in use: it changes nothing")
            else:
                why = said("not above the figure in use: it changes nothing")
            given = stated.declared(declaration, self._category)
            yield Observation(declaration, given, sighting, why)

    def _name(self, party_id: str) -> str:
        party = self._law.party(party_id)
        return party.name_on(self._day) if party else party_id


def opened(account: Account) -> Iterable[tuple[str, Span, str]]:
    """Yield what makes a declared figure itself uncertain: name, span, why."""
    if not account.parts and account.used is None and account.position.counted is not None:
        yield (
            said("whatever was held before"),
            Span.at_least(0),
            said("no declaration is on record"),
        )
    if account.open_why and account.used is not None:
        what = said("items not stated on {day}", day=span_in_words(account.used.as_of))
        yield what, Span.at_least(0), account.open_why
    for row in account.rows:
        if row.place is Place.TOTAL and not row.quantity.exact:
            yield said("declared total of {party}", party=account.name), row.quantity, A_SPAN
    for part in account.parts:
        if part.position.counted is None:
            yield part.name, Span.at_least(0), said("nothing of it is on record")
        yield from opened(part)
