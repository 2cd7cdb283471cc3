"""Every figure on record for a holder, side by side: which is used, and what each would change.

Nothing is averaged and nothing is added up. For each figure the count and the verdict are taken as
if it were the one in use, with all that moved since its own date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Actor, Category, Party
from compliance.assess import stated, words
from compliance.assess.book import Books
from compliance.assess.conflicts import Conflicts
from compliance.assess.figures import Figure, MovedSince, Outlook, Section, Sources
from compliance.assess.outside import Outside
from compliance.assess.passed_over import why_not, why_used
from compliance.assess.position import Position
from compliance.assess.result import EvidenceRow, LawUsed
from compliance.assess.standing import Request, Standings, categories_asked
from compliance.assess.tally import Change
from compliance.assess.types import TypeLookup
from compliance.values.evidence import Declaration, Evidence, RecordedHolding, RecordedMovement
from compliance.values.said import Name, Said, english, name, said
from compliance.values.span import Span
from compliance.values.vocabulary import NONE_CATEGORY, Grade, State

# How a source cell says how good the source is.
_GRADE = re.compile(r"\(grade ([ABC])\)\s*$")


def sources(
    law: Agreement,
    lookup: TypeLookup,
    evidence: Evidence,
    request: Request,
    holder: Party | Actor,
    designation: str = "",
) -> Sources:
    """Return every figure for a holder up to a day.

    Args:
        law: the agreement.
        lookup: finds a designation's type in the catalogue.
        evidence: everything on record of the holder and its parts: figures up to the day,
            movements of any day.
        request: the day, readings, categories.
        holder: the Party or actor.
        designation: a type, however it is spelled; empty for whole categories.
    """
    view = _View(law, lookup, evidence, request, holder, designation)
    return Sources(
        law=LawUsed.of(law),
        party=holder.id,
        party_name=view.name(holder),
        type=view.type_name,
        wording=english(holder.wording) if isinstance(holder, Actor) else "",
        as_of=request.as_of,
        known_at=request.known_at,
        accept_stale=request.accept_stale,
        readings=dict(sorted(request.readings.closed.items())),
        sections=tuple(view.sections()),
    )


def names_type(evidence: Evidence, name: str, known: stated.Known) -> bool:
    """True where anything on record is of a type."""
    holdings: Iterable[RecordedHolding] = (i for d in evidence.declarations for i in d.rows)
    return any(
        item.row.type and stated.account_name(item.row.type, known) == name
        for items in (holdings, evidence.movements)
        for item in items
    )


def grade_of(source: str) -> Grade | None:
    """Return the grade that a source cell gives at its end, if it gives one."""
    found = _GRADE.search(source)
    return Grade(found[1]) if found else None


class _View:
    """What is on record of a holder and its parts."""

    def __init__(
        self,
        law: Agreement,
        lookup: TypeLookup,
        evidence: Evidence,
        request: Request,
        holder: Party | Actor,
        designation: str,
    ) -> None:
        self._law = law
        self._day = request.as_of
        self._request = request
        self._holder = holder
        begun = tuple(item for item in evidence.movements if item.row.date.first <= self._day)
        self._later = [item for item in evidence.movements if item.row.date.first > self._day]
        self._standings = Standings(law, lookup, replace(evidence, movements=begun), request)
        self._books = Books(law, lookup, request.readings)
        self._known = self._books.counter.known
        self._type = stated.account_name(designation, self._known)
        found = self._known(designation)
        self._known_type = found
        self.type_name = found.name if found else designation
        self._holders: list[Party | Actor] = [holder, *law.parts_on(holder.id, self._day)]

    def name(self, holder: Party | Actor) -> Name:
        """Return the name a holder bears on the day."""
        return holder.name_on(self._day) if isinstance(holder, Party) else name(holder.name)

    def sections(self) -> Iterator[Section]:
        """Yield what there is by category; of a type that is in none, and of no Party, that."""
        if isinstance(self._holder, Actor):
            yield self._apart(said("On record"), "")
            return
        asked = categories_asked(self._law, self._request)
        why = self._outside() if self._type else ""
        shown = [item for item in asked if not self._type or self._concerned(item, outside=why)]
        for category in shown:
            yield self._section(category)
        if self._type and not shown:
            yield self._apart(said("Outside the limits"), why)

    def _outside(self) -> str:
        """Return why the type counts nowhere under the answers in force; empty if it may count."""
        if self._known_type is None:
            return ""
        standings, readings = self._standings, self._request.readings
        outside = Outside(self._law, standings.counter, standings.positions, readings, self._day)
        why, _ = outside.why(self._known_type)
        return why

    def _apart(self, heading: Said, note: str) -> Section:
        """Return what is on record and counts in no category, or against nobody."""
        nobody = isinstance(self._holder, Actor)
        return Section(
            category=NONE_CATEGORY,
            category_name=heading,
            note=note,
            outlook=None,
            figures=tuple(
                self._figure(number, declaration, rows, None, None)
                for number, (declaration, rows) in enumerate(self._stated(None), start=1)
            ),
            movements=tuple(
                MovedSince(words.evidence(item), "" if nobody else said("in no limited category"))
                for item in self._movements()
            ),
            ahead=tuple(words.evidence(item) for item in self._planned() if self._is_asked(item)),
            conflicts=(),
        )

    def _planned(self) -> Iterator[RecordedMovement]:
        """Yield what is planned to begin after the day."""
        return (item for item in self._later if item.row.state is State.PLANNED)

    def _ahead(self, category: Category) -> Iterator[EvidenceRow]:
        """Yield what is planned after the day and may count in a category."""
        for item in self._planned():
            changes = (
                self._books.counter.change(item, holder.id, category.id, None, item.row.date.last)
                for holder in self._holders
            )
            counts = any(
                isinstance(change, Change) and not change.ruled_out(self._request.readings)
                for change in changes
            )
            if counts and (not self._type or self._is_asked(item)):
                yield words.evidence(item)

    def _is_asked(self, item: RecordedHolding | RecordedMovement) -> bool:
        """True where a row is of the type asked for; without one, of a category asked for."""
        if self._type:
            return stated.account_name(item.row.type, self._known) == self._type
        asked = self._request.categories
        known = self._known(item.row.type)
        return asked is None or any(
            item.row.category == category or (known is not None and known.may_be(category))
            for category in asked
        )

    def _concerned(self, category: Category, *, outside: str) -> bool:
        """True where the type may count in a category, or is stated under it."""
        if self._known_type is not None and not outside and self._known_type.may_be(category.id):
            return True
        return any(
            item.row.category == category.id for _, rows in self._stated(None) for item in rows
        ) or any(item.row.category == category.id for item in self._movements())

    def _stated(self, category: Category | None) -> list[tuple[Declaration, list[RecordedHolding]]]:
        """Return the declarations that state the category or type, best first, with those rows."""
        found = []
        for holder in self._holders:
            for declaration in self._standings.positions.declarations_of(holder.id):
                rows = [item for item in declaration.rows if self._states(item, category)]
                if rows and declaration.as_of.last <= self._day:
                    found.append((declaration, rows))
        return sorted(
            found, key=lambda f: (f[0].basis.rank, -f[0].as_of.last.toordinal(), -f[0].order)
        )

    def _states(self, item: RecordedHolding, category: Category | None) -> bool:
        if self._type or category is None:
            return self._is_asked(item)
        return item.row.category == category.id

    def _movements(self) -> list[RecordedMovement]:
        """Return the movements of what is asked for, each once."""
        found = {
            item.ref: item
            for holder in self._holders
            for item in self._standings.positions.movements_of(holder.id)
            if self._is_asked(item)
        }
        return list(found.values())

    def _section(self, category: Category) -> Section:
        position = self._position(category, None)
        stated_ = self._stated(category)
        conflicts = Conflicts(self._law, self._books, self._standings.positions, self._type)
        figures = tuple(
            self._figure(number, declaration, rows, category, position)
            for number, (declaration, rows) in enumerate(stated_, start=1)
        )
        return Section(
            category=category.id,
            category_name=name(category.plural),
            note="",
            outlook=self._outlook(category, None),
            figures=figures,
            movements=tuple(self._moved(position)),
            ahead=tuple(self._ahead(category)),
            conflicts=tuple(conflicts.among(category.id, [d for d, _ in stated_])),
        )

    def _position(self, category: Category, chosen: Declaration | None) -> Position:
        return self._standings.positions.at(self._holder.id, category.id, self._day, chosen)

    def _outlook(self, category: Category, chosen: Declaration | None) -> Outlook:
        assert isinstance(self._holder, Party)
        standing = self._standings.at(self._holder, category, self._day, chosen)
        return Outlook(
            counted=standing.counted,
            ceiling=standing.judgement.ceiling,
            headroom=standing.headroom,
            verdict=standing.verdict,
            stale=standing.position.stale,
        )

    def _figure(
        self,
        number: int,
        declaration: Declaration,
        rows: Sequence[RecordedHolding],
        category: Category | None,
        position: Position | None,
    ) -> Figure:
        holder = next(h for h in self._holders if h.id == declaration.party)
        nobody = isinstance(self._holder, Actor)
        why = said("counted against nobody") if nobody else said("stated as limited by nothing")
        used, moved, outlook = False, None, None
        if category is not None and position is not None:
            used = any(t.declaration is declaration for t in position.tallies)
            if used:
                mine = self._standings.positions.declarations_of(holder.id)
                why = why_used(declaration, [d for d in mine if d.covers(category.id)])
            else:
                why = why_not(declaration, category.id, position, self.name(self._holder))
            if self._type and all(item.row.category != category.id for item in rows):
                why = said("{why}; the type is stated under another category in it", why=why)
            if declaration.covers(category.id):
                moved = self._books.counter.tail(
                    holder.id,
                    category.id,
                    declaration.as_of,
                    self._standings.positions.movements_of(holder.id),
                    self._day,
                ).counted
                outlook = self._outlook(category, declaration)
        grades = (grade_of(item.row.source) for item in rows)
        return Figure(
            number=number,
            holder=holder.id,
            holder_name=self.name(holder),
            as_of=declaration.as_of,
            basis=declaration.basis,
            stated_by="; ".join(
                dict.fromkeys(i.row.more.stated_by for i in rows if i.row.more.stated_by)
            ),
            quantity=_quantity(rows),
            grades=tuple(dict.fromkeys(grade for grade in grades if grade)),
            rows=tuple(words.evidence(item) for item in rows),
            used=used,
            why=why,
            moved=moved,
            outlook=outlook,
        )

    def _moved(self, position: Position) -> Iterator[MovedSince]:
        """Yield what moved since the figure in use; of a type, all that is on record."""
        changes = {c.recorded.ref: c for tally in position.tallies for c in tally.changes}
        if not self._type:
            for change in changes.values():
                yield MovedSince(words.evidence(change.recorded), self._how(change))
            return
        for item in self._movements():
            found = changes.get(item.ref)
            how = (
                said("not counted: over by the date of the figure in use, or it changes no count")
                if found is None
                else self._how(found)
            )
            yield MovedSince(words.evidence(item), how)

    def _how(self, change: Change) -> Said:
        """Return how a movement stands to the count."""
        ruled_out = change.ruled_out(self._request.readings)
        if ruled_out:
            return said("not counted: {answer}", answer=ruled_out)
        return said("not certain: {why}", why=change.why) if change.why else said("counted")


def _quantity(rows: Sequence[RecordedHolding]) -> Span | None:
    """Return what rows state together: a total, else the sum of their types."""
    if all(item.row.withheld for item in rows):
        return None
    own = [item for item in rows if not (item.row.more.unit or item.row.more.site)] or list(rows)
    found = stated.figure(own)
    return stated.quantity(own) if found is None else found
