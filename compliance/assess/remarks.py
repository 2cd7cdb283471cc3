"""What a reader must know of a scenario: it takes away too much, or doubles what is on record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from compliance.assess import words
from compliance.assess.standing import Standings
from compliance.assess.tally import Tally
from compliance.assess.types import TypeLookup
from compliance.values.evidence import Evidence
from compliance.values.records import Movement
from compliance.values.said import said, said_many
from compliance.values.scenario import Scenario
from compliance.values.span import Span
from compliance.values.vocabulary import NONE_CATEGORY, Status


def categories_of(lookup: TypeLookup, row: Movement) -> tuple[str, ...]:
    """Return the limited categories that a movement may bear on, under any reading."""
    known = lookup(row.type) if row.type else None
    found = [row.category]
    if known is not None:
        found += [known.category, *known.readings.values()]
    return tuple(dict.fromkeys(c for c in found if c and c != NONE_CATEGORY))


def doubled(lookup: TypeLookup, evidence: Evidence, scenario: Scenario) -> tuple[str, ...]:
    """Return which lines may say again what the ledger has, in sentences.

    Args:
        lookup: finds a designation's type in the catalogue.
        evidence: the ledger's.
        scenario: what is assumed.
    """
    found: list[str] = []
    for row in scenario.ordered:
        known = lookup(row.type)
        for item in evidence.movements:
            theirs = item.row
            same_type = (lookup(theirs.type) if known else theirs.type) == (known or row.type)
            same_way = (row.origin.party, row.destination.party) == (
                theirs.origin.party,
                theirs.destination.party,
            )
            meet = row.date.first <= theirs.date.last and theirs.date.first <= row.date.last
            if same_type and same_way and meet and not item.assumed:
                found.append(
                    said(
                        "{quantity} {type}: comes on top of what is on record, {movement}.",
                        quantity=words.span(row.quantity),
                        type=row.type,
                        movement=words.movement(item),
                    )
                )
    return tuple(dict.fromkeys(found))


def overdrawn(standings: Standings, scenario: Scenario, until: date) -> tuple[str, ...]:
    """Return what a scenario removes beyond what could be held, in sentences.

    Args:
        standings: on the ground with the scenario laid over it.
        scenario: what is assumed.
        until: the last day looked at; later removals are not judged.
    """
    found: list[str] = []
    law, lookup = standings.law, standings.counter.known
    for row in scenario.ordered:
        party = law.party(row.origin.party)
        day = row.date.last
        if party is None or day > until or row.destination.party == party.id:
            continue
        for category_id in categories_of(lookup, row):
            category = law.category(category_id)
            if category is None:
                continue
            position = standings.at(party, category, day).position
            parts = {
                "quantity": words.span(row.quantity),
                "type": row.type,
                "party": party.name_on(day),
                "day": day,
            }
            if position.uncut.high is not None and position.uncut.high < 0:
                found.append(
                    said_many(
                        "The scenario removes {quantity} {type} from {party}: {count} {category} "
                        "more than could be held on {day}.",
                        "The scenario removes {quantity} {type} from {party}: {count} {category} "
                        "more than could be held on {day}.",
                        -position.uncut.high,
                        category=words.small(category.plural),
                        **parts,
                    )
                )
                continue
            for tally in position.tallies:
                most = _most_left(lookup, tally, party.id, category_id, row.type)
                if most is not None and most < 0:
                    found.append(
                        said_many(
                            "The scenario removes {quantity} {type} from {party}: {count} more of "
                            "that type than could be held on {day}.",
                            "The scenario removes {quantity} {type} from {party}: {count} more of "
                            "that type than could be held on {day}.",
                            -most,
                            **parts,
                        )
                    )
    return tuple(dict.fromkeys(found))


def _most_left(
    lookup: TypeLookup, tally: Tally, party: str, category: str, designation: str
) -> int | None:
    """Return how many of a type can be left at most; ``None`` where nothing limits that."""
    declaration = tally.declaration
    wanted = lookup(designation)
    if declaration is None or declaration.party != party or wanted is None:
        return None
    own = [item.row for item in declaration.rows if item.row.category == category]
    totals = [r.quantity for r in own if not r.type and r.status is Status.OVERALL]
    same = [r for r in own if r.type and lookup(r.type) == wanted]
    others = [r for r in own if r.type and lookup(r.type) != wanted and r.status is Status.OVERALL]
    if totals:
        apart = [r.quantity for r in same if not r.status.within_overall]
        held = _highest([*totals, *apart])
        held = None if held is None else held - sum(r.quantity.low or 0 for r in others)
    elif any(r.type and r.status is Status.OVERALL for r in own):
        held = _highest(r.quantity for r in same)
    else:
        return None
    moved = [change for change in tally.changes if lookup(change.recorded.row.type) == wanted]
    arrived = _highest(
        c.recorded.row.quantity for c in moved if c.recorded.row.destination.party == party
    )
    if held is None or arrived is None:
        return None
    left = sum(
        c.recorded.row.quantity.low or 0
        for c in moved
        if c.certain and c.recorded.row.origin.party == party
    )
    return held + arrived - left


def _highest(quantities: Iterable[Span]) -> int | None:
    """Return the sum of the high bounds; ``None`` where one is open."""
    highs = [quantity.high for quantity in quantities]
    return None if None in highs else sum(high for high in highs if high is not None)
