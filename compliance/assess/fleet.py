"""The treaty's count beside the active fleet: two numbers that people take for one another."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.assess import words
from compliance.assess.result import EvidenceRow
from compliance.assess.standing import (
    Standing,
    Standings,
    categories_asked,
    parties_asked,
)
from compliance.values.dates import DateSpan
from compliance.values.evidence import Declaration, RecordedHolding
from compliance.values.frozen import frozen
from compliance.values.said import name
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, Status


@frozen
class ActiveFleet:
    """What is published as in service.

    Attributes:
        type: the type that it is of, or empty for the whole category.
    """

    type: str
    quantity: Span
    as_of: DateSpan
    basis: Basis
    row: EvidenceRow


@frozen
class FleetBeside:
    """The treaty's count of the day, and the newest figures of the active fleet.

    Attributes:
        counted: with stored and unserviceable items, as the treaty counts.
        figure_of: the date of the declaration it starts from.
        fleets: the newest figure of the whole category, and newer ones of single types.
    """

    party: str
    party_name: str
    category: str
    category_name: str
    counted: Span
    figure_of: DateSpan
    basis: str | None
    stale: bool
    fleets: tuple[ActiveFleet, ...]


def fleets(standings: Standings) -> tuple[FleetBeside, ...]:
    """Return both numbers for each Party and category of which both are on record.

    Args:
        standings: judges on all declarations up to the request's day.
    """
    law, request = standings.law, standings.request
    found = []
    for party in parties_asked(law, request):
        for category in categories_asked(law, request):
            standing = standings.at(party, category, request.as_of)
            position = standing.position
            if position.counted is None or position.declared_as_of is None or not _whole(standing):
                continue
            published = tuple(_published(standings, standing))
            if published:
                found.append(
                    FleetBeside(
                        party=party.id,
                        party_name=party.name_on(request.as_of),
                        category=category.id,
                        category_name=name(category.plural),
                        counted=position.counted,
                        figure_of=position.declared_as_of,
                        basis=position.basis,
                        stale=position.stale,
                        fleets=published,
                    )
                )
    return tuple(found)


def _whole(standing: Standing) -> bool:
    """True where the figures in use are more than a count of what is in service."""
    category = standing.category.id
    used = [t.declaration for t in standing.position.tallies if t.declaration is not None]
    return bool(used) and all(
        any(item.row.status is Status.OVERALL for item in _of(declaration, category))
        for declaration in used
    )


def _published(standings: Standings, standing: Standing) -> Iterator[ActiveFleet]:
    """Yield the newest total of the category, then newer figures of types, the oldest first."""
    category = standing.category.id
    holders = [standing.party.id]
    declarations = sorted(
        (
            declaration
            for holder in holders
            for declaration in standings.positions.declarations_of(holder)
            if declaration.as_of.last <= standing.day
        ),
        key=lambda d: (d.as_of.last, d.order),
    )
    active = [
        (declaration, item)
        for declaration in declarations
        for item in _of(declaration, category)
        if item.row.status is Status.IN_SERVICE and not item.row.withheld
    ]
    totals = [place for place, (_, item) in enumerate(active) if not item.row.type]
    newest = totals[-1] if totals else -1
    last_of_type: dict[str, tuple[Declaration, RecordedHolding]] = {}
    for place, (declaration, item) in enumerate(active):
        if place >= newest:
            if totals and place > newest and declaration is active[newest][0]:
                continue  # part of that total
            last_of_type[item.row.type] = (declaration, item)
    for type_, (declaration, item) in last_of_type.items():
        yield ActiveFleet(
            type=type_,
            quantity=item.row.quantity,
            as_of=declaration.as_of,
            basis=declaration.basis,
            row=words.evidence(item),
        )


def _of(declaration: Declaration, category: str) -> list[RecordedHolding]:
    return [item for item in declaration.rows if item.row.category == category]
