"""Every step behind one number: law, declaration, rows, movements, sum, verdict. Nothing new.

The number is the audit's own: the same functions count and judge it. Here their inputs and
intermediate results are kept and put in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Category, Party
from compliance.assess import words
from compliance.assess.audit import audit
from compliance.assess.count import Counter
from compliance.assess.explain_account import Accounts, opened
from compliance.assess.explain_types import Item, Outside, type_step
from compliance.assess.explained import Account, Explanation, OutsideType, TypeStep
from compliance.assess.judge import compare
from compliance.assess.position import Positions
from compliance.assess.result import AuditRow
from compliance.assess.standing import Request, Standings
from compliance.assess.tipping import Driver, drivers
from compliance.assess.types import TypeLookup
from compliance.equipment.catalogue import Catalogue
from compliance.values.evidence import Evidence
from compliance.values.said import Said, joined, name, said
from compliance.values.span import Span
from compliance.values.vocabulary import NONE_CATEGORY, Verdict


def explain(
    law: Agreement,
    lookup: TypeLookup,
    catalogue: Catalogue | None,
    evidence: Evidence,
    request: Request,
    party: Party,
    category: Category,
) -> Explanation:
    """Return every step behind a party's count and verdict in a category.

    Args:
        law: the agreement.
        lookup: finds a designation's type in the catalogue.
        catalogue: the catalogue itself, for the attributes of types; ``None`` without one.
        evidence: all that the ledger holds of the party and its parts up to the day; as its
            background, the declarations dated after the day.
        request: the day, the readings, and how to choose figures.
        party: whose number it is.
        category: of what.
    """
    asked = replace(request, parties=(party.id,), categories=(category.id,))
    later = evidence.background.declarations
    seen = Evidence(evidence.declarations, evidence.movements)
    standings = Standings(law, lookup, seen, asked)
    standing = standings.at(party, category, request.as_of)
    result = audit(law, lookup, seen, asked)
    account = Accounts(standings, later, category.id, request.as_of).of(standing.position)
    outside = Outside(law, request.readings, standings.counter, category.id)
    items = tuple(_items(standings.positions, account))
    nowhere = outside.nowhere(items)
    return Explanation(
        audit=result,
        party=party,
        category=category,
        ceiling=standing.ceiling,
        judgement=standing.judgement,
        membership=party.membership_on(request.as_of),
        membership_gap=party.gap_on(request.as_of),
        former=(
            law.last_limits_of_predecessors(party.id, category.id)
            if standing.ceiling.limit is None or standing.ceiling.derived
            else ()
        ),
        account=account,
        drivers=_drivers(account),
        comparison=tuple(_comparison(result.rows[0])),
        outside=nowhere,
        elsewhere=outside.elsewhere(items),
        types=_types(
            law, catalogue, standings.counter, request, category.id, items, account, nowhere
        ),
        names={
            **{item.id: item.name_on(request.as_of) for item in law.parties},
            **{item.id: name(item.plural) for item in law.categories},
            NONE_CATEGORY: said("no limited category"),
        },
    )


def _items(positions: Positions, account: Account) -> Iterable[Item]:
    """Yield all that is on record of a holder and its parts, each row once."""
    for part in _all(account):
        for declaration in positions.declarations_of(part.party):
            yield from declaration.rows
        yield from positions.movements_of(part.party)


def _types(
    law: Agreement,
    catalogue: Catalogue | None,
    counter: Counter,
    request: Request,
    category: str,
    items: Iterable[Item],
    account: Account,
    nowhere: Iterable[OutsideType],
) -> Mapping[str, TypeStep]:
    """Return each type that a row, a movement or an outside item names."""
    if catalogue is None:
        return {}
    wanted = {ref for outside in nowhere for ref in outside.refs}
    for part in _all(account):
        wanted.update(step.item.ref for step in part.rows)
        wanted.update(step.item.ref for step in part.movements)
    designations: dict[str, dict[str, None]] = {}
    for item in items:
        known = counter.known(item.row.type) if item.ref in wanted else None
        if known is not None:
            designations.setdefault(known.id, {})[item.row.type] = None
    steps = {
        type_id: type_step(law, catalogue, request.readings, texts, category)
        for type_id, texts in designations.items()
    }
    return {type_id: step for type_id, step in steps.items() if step is not None}


def _all(account: Account) -> Iterable[Account]:
    yield account
    for part in account.parts:
        yield from _all(part)


def _drivers(account: Account) -> tuple[Driver, ...]:
    """Return what is uncertain in a count, the widest first: figures, movements, questions."""
    found = [Driver(what, span, why) for what, span, why in opened(account)]
    for tally in account.position.tallies:
        found += drivers(tally)
        for question, spans in tally.by_answer.items():
            what = said("question '{question}'", question=question)
            pieces = joined("; ", words.by_answer(spans))
            found.append(Driver(what, _moved_by(spans.values()), pieces))
    return tuple(sorted(found, key=lambda d: (d.width is not None, -(d.width or 0), d.name)))


def _moved_by(spans: Iterable[Span]) -> Span:
    """Return how far the answers to a question move a count: from nothing to the most."""
    known = list(spans)
    lows = [span.low for span in known if span.low is not None]
    highs = [span.high for span in known if span.high is not None]
    if highs and len(highs) < len(known):
        return Span.at_least(0)  # open above under some answers only
    most = [max(bounds) - min(bounds) for bounds in (lows, highs) if bounds]
    return Span(0, max(most, default=0))


def _comparison(row: AuditRow) -> Iterable[Said]:
    """Yield the comparison of the two spans, written out."""
    judged, ceiling = row.judged, row.ceiling
    if judged is None:
        yield said("Nothing is counted, so there is nothing to compare.")
        return
    if judged != row.counted:
        yield said(
            "Counted {counted}; with what inspectors saw above it, {judged} is compared.",
            counted=words.span(row.counted),
            judged=words.span(judged),
        )
    if ceiling is None:
        yield said(
            "Counted {counted}; there is no ceiling that may be compared with.",
            counted=words.span(judged),
        )
        return
    found = compare(judged, ceiling)
    yield from _bounds(judged, ceiling, found)
    if found is not row.verdict:
        if found is Verdict.WITHIN:
            outcome = said("Those numbers alone would be within")
        elif found is Verdict.EXCEEDS:
            outcome = said("Those numbers alone would exceed")
        else:
            outcome = said("Those numbers alone would leave it open")
        yield said("{outcome}; what stands in the way is said next.", outcome=outcome)


def _bounds(judged: Span, ceiling: Span, found: Verdict) -> Iterable[Said]:
    """Yield the comparison that decides; both where neither does."""
    if found is not Verdict.EXCEEDS:
        if judged.high is None:
            yield said("Highest count: not known, so 'within' cannot be said.")
        elif ceiling.low is not None:
            highest = {"count": judged.high, "ceiling": ceiling.low}
            yield (
                said(
                    "Highest count {count} > lowest ceiling {ceiling}: not surely within.",
                    **highest,
                )
                if judged.high > ceiling.low
                else said("Highest count {count} <= lowest ceiling {ceiling}: within.", **highest)
            )
    if found is not Verdict.WITHIN and judged.low is not None and ceiling.high is not None:
        lowest = {"count": judged.low, "ceiling": ceiling.high}
        yield (
            said("Lowest count {count} > highest ceiling {ceiling}: exceeds.", **lowest)
            if judged.low > ceiling.high
            else said(
                "Lowest count {count} <= highest ceiling {ceiling}: not surely over it.", **lowest
            )
        )
