"""What a declaration says of a category: its total, and the rows that make it up."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.assess.stance import ALWAYS, NEVER
from compliance.assess.stances import Stances
from compliance.assess.tally import Term, settled
from compliance.assess.weighed import Base, Place, Weighed
from compliance.values.evidence import Declaration, RecordedHolding
from compliance.values.said import said
from compliance.values.span import ZERO, Span, total
from compliance.values.vocabulary import Basis, Status

ITEMS = said("items")
"""What is counted where no type is named."""

UNTOLD = said("items of types that are not told apart")
"""What is counted where many movements are told as one."""


_UNKNOWN = Span.at_least(0)
_NOTHING = Base(_UNKNOWN, said("no declaration"), (), (), settled(_UNKNOWN, ()))


class Bases:
    """Finds what declarations say; of each and each category once."""

    def __init__(self, stances: Stances) -> None:
        self._stances = stances
        self._bases: dict[tuple[int, str], tuple[Declaration, Base]] = {}

    def of(self, declaration: Declaration | None, category: str) -> Base:
        """Return the declared total, and the rows that make it up, stand beside or explain it."""
        if declaration is None:
            return _NOTHING
        # A declaration is held on to with its base, so that its identity stays its own.
        _, base = self._bases.get((id(declaration), category), (None, None))
        if base is None:
            base = self._weighed(declaration, category)
            self._bases[id(declaration), category] = (declaration, base)
        return base

    def _weighed(self, declaration: Declaration, category: str) -> Base:
        rows = _widest(declaration.rows)
        own = [item for item in rows if item.row.category == category]
        others = [item for item in rows if item.row.category != category]
        totals = [i for i in own if not i.row.type and i.row.status.within_overall]
        overall = [i for i in totals if i.row.status is Status.OVERALL]
        explained = frozenset(i.row.status for i in totals)
        kept, stating_all = {i.ref for i in rows}, {i.ref for i in overall}
        weighed: list[Weighed] = []
        for item in declaration.rows:
            if item.ref in stating_all:
                term = Term(item.ref, ITEMS, _quantity(item), ALWAYS, NEVER, ALWAYS)
                weighed.append(Weighed(item, Place.TOTAL, term))
                continue
            mine = item.row.category == category
            if self._stances.of(item.row, category).never or not (mine or item.row.type):
                continue
            siblings, statuses = (own, explained) if mine else (others, frozenset[Status]())
            found = self._term(item, category, siblings, statuses)
            place = Place.BESIDE if item.ref in kept else Place.WITHIN
            weighed.append(Weighed(item, place, found))
        declared = total(_quantity(i) for i in overall)
        why = _only_part(own, declaration.basis)
        if why:
            declared = declared + Span.at_least(0)
        terms = tuple(row.term for row in weighed if row.bears)
        return Base(declared, why, tuple(weighed), terms, settled(declared, terms))

    def _term(
        self,
        item: RecordedHolding,
        category: str,
        siblings: list[RecordedHolding],
        explained: frozenset[Status],
    ) -> Term:
        """Return what a row adds.

        Args:
            item: the row, of the category under some answers.
            category: the category counted.
            siblings: the rows beside it.
            explained: the statuses of which a total stands: types of these explain the total.
        """
        row = item.row
        kind = self._stances.of(row, category)
        counts = kind & self._stances.by_status(row.status, category)
        already = NEVER
        quantity = _quantity(item)
        if row.status.within_overall:
            inside_overall = row.status is not Status.OVERALL and any(
                other.row.status is Status.OVERALL
                and other.row.type == row.type
                and other.row.category == row.category
                for other in siblings
            )
            if inside_overall:
                already = kind
            elif row.type and not explained.isdisjoint({Status.OVERALL, row.status}):
                already = ALWAYS
            elif not row.type and any(
                other.row.type and other.row.status is Status.OVERALL for other in siblings
            ):
                # A total in service beside types held overall may be inside them or beside them.
                quantity = quantity.hull(ZERO)
        name = row.type or ITEMS
        return Term(item.ref, name, quantity, counts, already, kind)


def _only_part(own: list[RecordedHolding], basis: Basis) -> str:
    """Return why the rows on a category state only part of what is held; empty where all."""
    within = [i.row.status for i in own if i.row.status.within_overall]
    if not within:
        return said("only items reported apart from the holding are stated")
    if set(within) == {Status.IN_SERVICE}:
        return said("only what is in service is stated")
    if basis is Basis.OBSERVED and any(i.row.more.site for i in own):
        return said("only what was seen at a site is stated")
    return ""


def _quantity(item: RecordedHolding) -> Span:
    return Span.at_least(0) if item.row.withheld else item.row.quantity


def _widest(rows: Iterable[RecordedHolding]) -> list[RecordedHolding]:
    """Leave out the rows of single units and sites where the state's own row stands beside them.

    A unit's bare total is left out beside any row of the state's: its types are the state's.
    """
    rows = list(rows)
    state_wide = {
        (i.row.category, name, i.row.status)
        for i in rows
        if not i.row.more.unit and not i.row.more.site
        for name in (i.row.type, "")
    }
    return [
        i
        for i in rows
        if not (i.row.more.unit or i.row.more.site)
        or (i.row.category, i.row.type, i.row.status) not in state_wide
    ]
