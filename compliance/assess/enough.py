"""Whether as many are held as are to leave: of a category, of a type, under a status."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from compliance.agreement.provisions import Category
from compliance.assess import stated, words
from compliance.assess.position import Position
from compliance.assess.standing import Standings
from compliance.assess.tally import Tally
from compliance.values.dates import in_words
from compliance.values.evidence import RecordedHolding, RecordedMovement
from compliance.values.frozen import frozen
from compliance.values.records import Account, Movement
from compliance.values.vocabulary import State, Status

_Inside = Callable[[Account], bool]


@frozen
class Stock:
    """What is known of the items that a movement takes from.

    Attributes:
        known: false where nothing is known that could be held against it.
        shortage: that there are not as many, and how many there are; empty where there may be.
    """

    known: bool
    shortage: str = ""


def stock(standings: Standings, category: Category, row: Movement) -> Stock:
    """Return whether as many items can be held as leave an account, on the last possible day.

    What arrives only possibly may be there; what leaves only possibly may still be there.

    Args:
        standings: of the evidence without the movement.
        category: the category that the type surely falls in.
        row: the movement; its origin is a Party's.
    """
    law = standings.law
    party = law.party(row.origin.party)
    day = row.date.last
    position = standings.positions.at(row.origin.party, category.id, day)
    name = party.name_on(day) if party else row.origin.party
    if position.counted is None or position.held is None:
        return Stock(known=False)
    least = row.quantity.low or 0
    plural = category.plural.lower()
    most = position.held.high
    if most is not None and least > most:
        return Stock(True, f"{name} {_most(most, plural, day)}{_figure(position)}")
    if len(position.tallies) != 1 or position.tallies[0].declaration is None:
        return Stock(known=position.declared_as_of is not None)
    account = _Account(standings, category.id, position.tallies[0], row, day)
    if row.origin.status is not Status.OVERALL:
        if not account.status_stated and not row.origin.status.within_overall:
            return Stock(known=False)
        most = account.most_under_status()
        what = f"{row.type or plural} under '{row.origin.status.value}'"
    else:
        most = account.most_of_type()
        what = row.type
    if most is not None and least > most:
        return Stock(True, f"{name} {_most(most, what, day)}{account.listed()}")
    return Stock(known=True)


class _Account:
    """The items of one type that one declaration and its tail speak of."""

    def __init__(
        self, standings: Standings, category: str, tally: Tally, row: Movement, day: date
    ) -> None:
        assert tally.declaration is not None
        self._known = standings.counter.known
        self._row = row
        self._day = day
        self._declaration = tally.declaration
        self._category = category
        self._rows = stated.of_category(tally.declaration, category)
        self._name = stated.account_name(row.type, self._known)
        self._moved = [
            item
            for item in standings.positions.movements_of(row.origin.party)
            if self._same(item.row.type)
            and item.row.date.last > tally.declaration.as_of.first
            and item.row.date.first <= day
        ]

    @property
    def status_stated(self) -> bool:
        """True where anything is on record of the status that the items leave."""
        status = self._row.origin.status
        return any(i.row.status is status for i in self._rows) or any(
            item.row.destination == self._row.origin for item in self._moved
        )

    def most_under_status(self) -> int | None:
        """Return how many may be held under the status, or ``None`` where that is not limited."""
        status = self._row.origin.status
        if not self.status_stated:
            return None
        rows = [i for i in self._rows if i.row.status is status]
        own = [i for i in rows if self._same(i.row.type)]
        others_bare = [i for i in rows if not i.row.type]
        return self._with_tail(own or others_bare, lambda account: account == self._row.origin)

    def most_of_type(self) -> int | None:
        """Return how many of the type may be held; ``None`` where the types are not all stated."""
        if not self._row.type or not self._types_explain_the_total():
            return None
        own = [i for i in self._within() if self._same(i.row.type)]
        party = self._row.origin.party
        return self._with_tail(own, lambda account: account.party == party)

    def listed(self) -> str:
        """Return the types declared, in a half-sentence; empty where none are."""
        pieces = [f"{words.span(i.row.quantity)} {i.row.type}" for i in self._within()]
        if not pieces:
            return ""
        return f"; held by type as of {self._declaration.as_of}: {words.listed(pieces)}"

    def _within(self) -> list[RecordedHolding]:
        return stated.typed(self._rows)

    def _types_explain_the_total(self) -> bool:
        typed = self._within()
        within = [i for i in self._rows if i.row.status.within_overall]
        if not typed or any(i.row.status is not Status.OVERALL for i in within):
            return False
        totals = stated.totals(self._rows)
        return not totals or stated.quantity(totals) == stated.quantity(typed)

    def _same(self, designation: str) -> bool:
        return bool(designation) and stated.account_name(designation, self._known) == self._name

    def _with_tail(self, rows: Iterable[RecordedHolding], inside: _Inside) -> int | None:
        most = stated.quantity(rows).high
        for item in self._moved:
            enters = inside(item.row.destination) and not inside(item.row.origin)
            leaves = inside(item.row.origin) and not inside(item.row.destination)
            if enters:
                if most is None or item.row.quantity.high is None:
                    return None
                most += item.row.quantity.high
            elif leaves and most is not None and self._surely_left(item):
                most -= item.row.quantity.low or 0
        return None if most is None else max(0, most)

    def _surely_left(self, item: RecordedMovement) -> bool:
        row = item.row
        return (
            row.state is State.DONE
            and row.basis.removes
            and row.date.first > self._declaration.as_of.last
            and row.date.last <= self._day
        )


def _most(most: int, what: str, day: date) -> str:
    many = f"at most {most:,}" if most else "no"
    return f"holds {many} {what} on {in_words(day)}"


def _figure(position: Position) -> str:
    declared = position.declared_as_of
    return f", by the figure of {declared}" if declared else ""
