"""Where a party stands: its position, the ceiling and the verdict in a category on a day."""

from __future__ import annotations

from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Category, Ceiling, Party
from compliance.agreement.select import Readings
from compliance.assess.count import Counter
from compliance.assess.judge import Judgement, judge
from compliance.assess.position import Position, Positions
from compliance.assess.types import TypeLookup
from compliance.values.evidence import Declaration, Evidence
from compliance.values.frozen import frozen
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, Verdict


@frozen
class Request:
    """What is asked of an assessment.

    Attributes:
        parties: ids of parties or actors; ``None`` for everybody on the day.
        categories: ids; ``None`` for all.
        basis: only declarations of that basis, or the best there is.
        accept_stale: judge on figures that are too old to speak for the day.
        age_on: for a look ahead, the day it is made on: what speaks for that day is not too old
            for a later one.
    """

    as_of: date
    readings: Readings
    known_at: str | None = None
    parties: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    basis: Basis | None = None
    accept_stale: bool = False
    age_on: date | None = None


@frozen
class Standing:
    """A party in a category at the end of a day."""

    party: Party
    category: Category
    day: date
    position: Position
    ceiling: Ceiling
    judgement: Judgement

    @property
    def counted(self) -> Span | None:
        """What counts; ``None`` where nothing is known."""
        return self.position.counted

    @property
    def headroom(self) -> Span | None:
        """Ceiling minus counted; ``None`` where either is not known."""
        if self.judgement.ceiling is None or self.position.counted is None:
            return None
        return self.judgement.ceiling - self.position.counted

    @property
    def verdict(self) -> Verdict:
        """What can be said of it."""
        return self.judgement.verdict


class Standings:
    """Judges under one agreement, on one body of evidence, for one request."""

    def __init__(
        self,
        law: Agreement,
        lookup: TypeLookup,
        evidence: Evidence,
        request: Request,
        counter: Counter | None = None,
    ) -> None:
        """Take what is judged on.

        Args:
            law: the agreement.
            lookup: finds a designation's type in the catalogue.
            evidence: of every day that will be asked about.
            request: the readings, and how old a figure may be.
            counter: counts under the same law, catalogue and readings, where there is one already.
        """
        self.law = law
        self.request = request
        self.counter = counter or Counter(law, lookup, request.readings)
        self.positions = Positions(law, self.counter, evidence, request.basis, request.age_on)

    def at(
        self, party: Party, category: Category, day: date, chosen: Declaration | None = None
    ) -> Standing:
        """Return where a party stands in a category at the end of a day.

        Args:
            party: the Party.
            category: the category.
            day: the day.
            chosen: a declaration taken as the one in use; see ``Positions.at``.
        """
        position = self.positions.at(party.id, category.id, day, chosen)
        return judged(self.law, self.request, party, category, day, position)

    def parts(self, standing: Standing) -> tuple[Position, ...]:
        """Return the parts of a party that declared itself, to compare their sum with it."""
        if standing.position.parts:
            return ()
        return tuple(
            self.positions.at(part.id, standing.category.id, standing.day)
            for part in self.law.parts_on(standing.party.id, standing.day)
        )


def judged(
    law: Agreement,
    request: Request,
    party: Party,
    category: Category,
    day: date,
    position: Position,
) -> Standing:
    """Return where a party stands that has a position in a category at the end of a day."""
    ceiling = law.ceiling(party.id, category.id, day)
    judgement = judge(
        position,
        ceiling,
        request.readings,
        day=day,
        accept_stale=request.accept_stale,
        membership_certain=party.membership_on(day) is not None,
    )
    return Standing(party, category, day, position, ceiling, judgement)


def parties_asked(law: Agreement, request: Request) -> tuple[Party, ...]:
    """Return the Parties asked for; everybody on the day where none is named."""
    if request.parties is None:
        return law.parties_on(request.as_of)
    return tuple(party for party in law.parties if party.id in request.parties)


def categories_asked(law: Agreement, request: Request) -> tuple[Category, ...]:
    """Return the limited categories asked for; all where none is named."""
    if request.categories is None:
        return law.categories
    return tuple(item for item in law.categories if item.id in request.categories)


def holders(law: Agreement, request: Request) -> tuple[str, ...]:
    """Return the ids of everybody whose rows are needed: parties, their parts, actors."""
    if request.parties is None:
        return tuple(holder.id for holder in law.holders)
    parts = [p.id for asked in request.parties for p in law.parts_on(asked, request.as_of)]
    return tuple(dict.fromkeys([*request.parties, *parts]))


def wholes(law: Agreement, request: Request) -> tuple[str, ...]:
    """Return the holders that may be counted as the sum of their parts: all they moved matters."""
    return tuple(h for h in holders(law, request) if law.parts_on(h, request.as_of))
