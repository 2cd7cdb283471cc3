"""Every figure on record for a holder, side by side: which is used, and what each would change.

Nothing is averaged and nothing is added up. For each figure the count and the verdict are taken as
if it were the one in use, with all that moved since its own date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Actor, Category, Party
from compliance.assess import stated, words
from compliance.assess.book import Books, disagree
from compliance.assess.book_words import in_words
from compliance.assess.comparable import moved_of_type, of_type, types_named, whole
from compliance.assess.figures import Figure, MovedSince, Outlook, Section, Sources
from compliance.assess.position import Position
from compliance.assess.result import LawUsed
from compliance.assess.standing import Request, Standings, categories_asked
from compliance.assess.types import TypeLookup
from compliance.values.dates import add_months, span_in_words
from compliance.values.evidence import Declaration, Evidence, RecordedHolding, RecordedMovement
from compliance.values.span import Span
from compliance.values.vocabulary import NONE_CATEGORY, Basis, Grade

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
        evidence: everything on record of the holder and its parts up to the day.
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
        self._standings = Standings(law, lookup, evidence, request)
        self._books = Books(law, lookup, request.readings)
        self._known = self._books.counter.known
        self._type = stated.account_name(designation, self._known)
        found = self._known(designation)
        self._known_type = found
        self.type_name = found.name if found else designation
        self._holders: list[Party | Actor] = [holder, *law.parts_on(holder.id, self._day)]

    def name(self, holder: Party | Actor) -> str:
        """Return the name a holder bears on the day."""
        return holder.name_on(self._day) if isinstance(holder, Party) else holder.name

    def sections(self) -> Iterator[Section]:
        """Yield what there is by category; of a type that is in none, that."""
        asked = categories_asked(self._law, self._request)
        shown = [category for category in asked if not self._type or self._concerned(category)]
        for category in shown:
            yield self._section(category)
        if self._type and not shown:
            figures = [
                self._figure(number, d, rows, None, None)
                for number, (d, rows) in enumerate(self._stated(None), start=1)
            ]
            moved = tuple(
                MovedSince(words.evidence(item), "in no limited category")
                for item in self._movements()
            )
            yield Section(NONE_CATEGORY, "Outside the limits", None, tuple(figures), moved, ())

    def _concerned(self, category: Category) -> bool:
        """True where the type may count in a category, or is stated under it."""
        if self._known_type is not None and self._known_type.may_be(category.id):
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
        if self._type:
            return stated.account_name(item.row.type, self._known) == self._type
        return category is not None and item.row.category == category.id

    def _movements(self) -> list[RecordedMovement]:
        """Return the movements of the type, each once."""
        found = {
            item.ref: item
            for holder in self._holders
            for item in self._standings.positions.movements_of(holder.id)
            if self._type and stated.account_name(item.row.type, self._known) == self._type
        }
        return list(found.values())

    def _section(self, category: Category) -> Section:
        position = self._position(category, None)
        stated_ = self._stated(category)
        figures = tuple(
            self._figure(number, declaration, rows, category, position)
            for number, (declaration, rows) in enumerate(stated_, start=1)
        )
        return Section(
            category=category.id,
            category_name=category.plural,
            outlook=self._outlook(category, None),
            figures=figures,
            movements=tuple(self._moved(position)),
            conflicts=tuple(self._conflicts(category, [d for d, _ in stated_])),
        )

    def _position(self, category: Category, chosen: Declaration | None) -> Position:
        return self._standings.positions.at(self._holder.id, category.id, self._day, chosen)

    def _outlook(self, category: Category, chosen: Declaration | None) -> Outlook:
        if not isinstance(self._holder, Party):
            position = self._position(category, chosen)
            return Outlook(position.counted, None, None, None, position.stale)
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
        used, why, moved, outlook = False, "stated as limited by nothing", None, None
        if category is not None and position is not None:
            used = any(t.declaration is declaration for t in position.tallies)
            why = self._why(declaration, category, position, used=used)
            if self._type and all(item.row.category != category.id for item in rows):
                why = f"{why}; the type is stated under another category in it"
            if declaration.covers(category.id):
                moved = self._books.counter.tail(
                    holder.id,
                    category.id,
                    declaration.as_of,
                    self._standings.positions.movements_of(holder.id),
                    self._day,
                ).counted
                outlook = self._outlook(category, declaration)
        grades = (_GRADE.search(item.row.source) for item in rows)
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
            grades=tuple(dict.fromkeys(Grade(found[1]) for found in grades if found)),
            rows=tuple(words.evidence(item) for item in rows),
            used=used,
            why=why,
            moved=moved,
            outlook=outlook,
        )

    def _why(
        self, declaration: Declaration, category: Category, position: Position, *, used: bool
    ) -> str:
        """Return why the audit uses a declaration, or passes it over."""
        own = [
            d
            for d in self._standings.positions.declarations_of(declaration.party)
            if d.covers(category.id)
        ]
        if used:
            return self._why_used(declaration, own)
        if not declaration.covers(category.id):
            return "no figure of this category"
        in_use = next(
            (
                tally.declaration
                for tally in position.tallies
                if tally.declaration and tally.declaration.party == declaration.party
            ),
            None,
        )
        if in_use is None:
            if declaration.party == self._holder.id:
                return "the parts' own figures are used: all are on a better basis"
            return f"the figure of {self.name(self._holder)} itself is used"
        seen = self._seen(declaration, position)
        if declaration.basis.rank > in_use.basis.rank:
            return (
                f"'{declaration.basis.value}' is a weaker basis than '{in_use.basis.value}'{seen}"
            )
        if declaration.as_of.last < in_use.as_of.last:
            return "older than the one in use"
        return "of the same day as the one in use, and recorded earlier"

    def _why_used(self, declaration: Declaration, own: Sequence[Declaration]) -> str:
        like = [d for d in own if d.basis.rank == declaration.basis.rank]
        if len(own) == 1:
            return "the only figure on record"
        if len(like) == len(own):
            return "the latest on record"
        return "the best basis on record" + (", and the latest on it" if len(like) > 1 else "")

    def _seen(self, declaration: Declaration, position: Position) -> str:
        """Return what an observation that is not in use does to the count."""
        if declaration.basis is not Basis.OBSERVED:
            return ""
        for sighting in position.sightings:
            if sighting.observation is declaration:
                return (
                    f"; it stands beside it and is {words.number(sighting.excess)} above it, so "
                    "the count is widened"
                )
        return "; it stands beside it and is not above it"

    def _moved(self, position: Position) -> Iterator[MovedSince]:
        """Yield what moved since the figure in use; of a type, all that is on record."""
        changes = {c.recorded.ref: c for tally in position.tallies for c in tally.changes}
        if not self._type:
            for change in changes.values():
                how = f"not certain: {change.why}" if change.why else "counted"
                yield MovedSince(words.evidence(change.recorded), how)
            return
        for item in self._movements():
            found = changes.get(item.ref)
            if found is not None:
                how = f"not certain: {found.why}" if found.why else "counted"
            else:
                how = "not counted: over by the date of the figure in use, or it changes no count"
            yield MovedSince(words.evidence(item), how)

    def _conflicts(self, category: Category, figures: Sequence[Declaration]) -> Iterator[str]:
        """Yield which figures of near dates cannot both be right, whatever moved in between."""
        for (one, first), (two, second) in combinations(enumerate(figures, start=1), 2):
            if first.party != second.party or first.basis is second.basis is Basis.OBSERVED:
                continue
            pair = sorted(
                ((one, first), (two, second)),
                key=lambda p: (p[1].as_of.last, p[1].as_of.first, p[1].order),
            )
            (old, before), (new, after) = pair
            if add_months(before.as_of.last, self._law.current_months) < after.as_of.first:
                continue
            compared = self._comparable(category, before, after)
            if compared is None:
                continue
            moved: list[RecordedMovement] = self._standings.positions.movements_of(before.party)
            if self._type:
                moved = list(moved_of_type(moved, self._type, category.id, self._known))
            balances = self._books.balances(category.id, *compared, moved)
            if disagree(balances):
                sums = "; ".join(
                    in_words(b, told=len(balances) > 1, said="stated") for b in balances
                )
                yield (
                    f"[{old}] of {span_in_words(before.as_of)} ({before.basis.value}) and [{new}] "
                    f"of {span_in_words(after.as_of)} ({after.basis.value}): {sums}."
                )

    def _comparable(
        self, category: Category, first: Declaration, second: Declaration
    ) -> tuple[Declaration, Declaration] | None:
        """Return what of two declarations speaks of the same thing."""
        old = types_named(first, category.id, self._known)
        new = types_named(second, category.id, self._known)
        if self._type:
            if self._type not in old or self._type not in new:
                return None
            return of_type(first, old[self._type]), of_type(second, new[self._type])
        if not (first.covers(category.id) and second.covers(category.id)):
            return None
        both_whole = whole(first, category.id) and whole(second, category.id)
        return (first, second) if both_whole or (old and old.keys() == new.keys()) else None


def _quantity(rows: Sequence[RecordedHolding]) -> Span | None:
    """Return what rows state together: a total, else the sum of their types."""
    if all(item.row.withheld for item in rows):
        return None
    own = [item for item in rows if not (item.row.more.unit or item.row.more.site)] or list(rows)
    found = stated.figure(own)
    return stated.quantity(own) if found is None else found
