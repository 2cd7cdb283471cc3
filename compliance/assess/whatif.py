"""What if: the audit of a day beside the same audit under what scenarios assume."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from compliance.agreement.law import Agreement
from compliance.assess import words
from compliance.assess.assumed import assumptions, moved_since
from compliance.assess.audit import audit
from compliance.assess.overlay import Ground, lay_over
from compliance.assess.remarks import categories_of, doubled, overdrawn
from compliance.assess.result import Audit, AuditRow, Finding, FindingKind
from compliance.assess.standing import Request, Standings
from compliance.assess.types import TypeLookup
from compliance.values.frozen import frozen
from compliance.values.records import Movement
from compliance.values.said import Said, joined, said
from compliance.values.scenario import Scenario
from compliance.values.span import Span
from compliance.values.vocabulary import NONE_CATEGORY, Verdict

Place = tuple[str, str]
"""A party's id and a category's."""

# What the figures lack already is nothing that a scenario brings, with whatever number.
_STANDING = (FindingKind.OPEN_SPAN, FindingKind.STALE_DECLARATION, FindingKind.NO_DECLARATION)


@frozen
class Shift:
    """By how much each bound of a span moves; ``None`` where it is open or not known.

    Not a span: the low bound may move further than the high one.
    """

    low: int | None
    high: int | None

    @classmethod
    def between(cls, before: Span | None, after: Span | None) -> Shift | None:
        """Return the shift, ``None`` where one side is not known at all."""
        if before is None or after is None:
            return None
        return cls(_minus(after.low, before.low), _minus(after.high, before.high))


@frozen
class Side:
    """One scenario's side.

    Attributes:
        rows: those shown, in the order of the baseline's.
        findings: those that the scenario brings, on the rows shown.
        assumptions: what is assumed, in words, the same in whatever order it was written.
        warnings: what a reader must know of the scenario itself: it removes more than is held, or
            a line bears on nothing.
        moved: what has changed since it was written.
    """

    scenario: Scenario
    audit: Audit
    rows: tuple[AuditRow, ...]
    findings: tuple[Finding, ...]
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    moved: tuple[str, ...]

    @property
    def verdicts(self) -> frozenset[Verdict]:
        """Return the verdicts of the rows shown."""
        return frozenset(row.verdict for row in self.rows)


@frozen
class WhatIf:
    """A baseline and what becomes of it under each scenario.

    Attributes:
        rows: the baseline's rows shown.
        others: how many limits no scenario changes and are not shown.
        ledger_head: the hash of the ledger's newest submission; empty for an empty ledger.
    """

    baseline: Audit
    rows: tuple[AuditRow, ...]
    sides: tuple[Side, ...]
    others: int
    ledger_head: str


def request_for(law: Agreement, request: Request, scenarios: Sequence[Scenario]) -> Request:
    """Return the request that judges everybody whom the day, the reader or a scenario names."""
    wanted = [party.id for party in law.parties_on(request.as_of)]
    named = {*(request.parties or ()), *(p for s in scenarios for p in _parties(s))}
    more = [p.id for p in law.parties if p.id in named and p.id not in wanted]
    return replace(request, parties=(*wanted, *more) if more else None, categories=None)


def what_if(
    ground: Ground,
    lookup: TypeLookup,
    request: Request,
    scenarios: Sequence[Scenario],
    *,
    ledger_head: str,
    only_touched: bool = False,
) -> WhatIf:
    """Judge a day as it is and under each scenario.

    Args:
        ground: law, readings and the evidence for ``request_for(...)``.
        lookup: finds a designation's type in the catalogue.
        request: the day; its parties and categories choose the rows shown, all that a scenario
            touches where neither is named.
        scenarios: what is assumed; nothing of one bears on another.
        ledger_head: the hash of the ledger's newest submission.
        only_touched: where the parties are those that a scenario is about: of them too, only what
            it touches is shown, unless categories are named.
    """
    full = replace(request_for(ground.law, request, scenarios), readings=ground.readings)
    baseline = audit(ground.law, lookup, ground.evidence, full)
    sides = [(scenario, lay_over(ground, scenario)) for scenario in scenarios]
    audits = [
        audit(over.law, lookup, over.evidence, replace(full, readings=over.readings))
        for _, over in sides
    ]
    parties = _parties_shown(ground.law, request, with_wholes=only_touched)
    chosen = _chosen(request, parties, baseline)
    if request.categories is None and (parties is None or only_touched):
        shown = _touched_or_changed(ground.law, lookup, baseline, scenarios, audits) & chosen
        shown = shown or chosen
    else:
        shown = chosen
    return WhatIf(
        baseline=baseline,
        rows=_rows(baseline, shown),
        sides=tuple(
            Side(
                scenario=scenario,
                audit=result,
                rows=_rows(result, shown),
                findings=_new(baseline, result, shown, parties),
                assumptions=assumptions(ground.law, scenario),
                warnings=_warnings(over, lookup, full, scenario, result),
                moved=moved_since(ground.law, ledger_head, scenario),
            )
            for (scenario, over), result in zip(sides, audits, strict=True)
        ),
        others=len(baseline.rows) - len(shown),
        ledger_head=ledger_head,
    )


def _parties(scenario: Scenario) -> set[str]:
    sides = {a.party for row in scenario.movements for a in (row.origin, row.destination)}
    return (sides | {ceiling.party for ceiling in scenario.ceilings}) - {""}


def _touched(law: Agreement, lookup: TypeLookup, scenario: Scenario) -> set[Place]:
    """Return where a scenario's lines bear, whether or not they change anything on the day."""
    found = {(ceiling.party, ceiling.category) for ceiling in scenario.ceilings}
    for row in scenario.movements:
        for category in categories_of(lookup, row):
            found |= {(row.origin.party, category), (row.destination.party, category)}
    wholes = {party.id: party.part_of for party in law.parties if party.part_of}
    return found | {(wholes[p], category) for p, category in found if p in wholes}


def _parties_shown(law: Agreement, request: Request, *, with_wholes: bool) -> frozenset[str] | None:
    """Return the parties to show, ``None`` for everybody; what touches a part touches its whole."""
    if request.parties is None:
        return None
    found = set(request.parties)
    if with_wholes:
        found |= {p.part_of for p in law.parties if p.id in request.parties and p.part_of}
    return frozenset(found)


def _chosen(request: Request, parties: frozenset[str] | None, baseline: Audit) -> frozenset[Place]:
    """Return the limits that the reader's parties and categories choose."""
    return frozenset(
        (row.party, row.category)
        for row in baseline.rows
        if (parties is None or row.party in parties)
        and (request.categories is None or row.category in request.categories)
    )


def _touched_or_changed(
    law: Agreement,
    lookup: TypeLookup,
    baseline: Audit,
    scenarios: Sequence[Scenario],
    audits: Sequence[Audit],
) -> frozenset[Place]:
    """Return the limits that a scenario's lines bear on, or that stand otherwise under one."""
    every = {(row.party, row.category): row for row in baseline.rows}
    found = {place for s in scenarios for place in _touched(law, lookup, s)} & set(every)
    for result in audits:
        rows = {(row.party, row.category): row for row in result.rows}
        found |= {place for place, row in rows.items() if row != every.get(place)}
    return frozenset(found)


def _rows(result: Audit, shown: frozenset[Place]) -> tuple[AuditRow, ...]:
    return tuple(row for row in result.rows if (row.party, row.category) in shown)


def _new(
    baseline: Audit, result: Audit, shown: frozenset[Place], parties: frozenset[str] | None
) -> tuple[Finding, ...]:
    """Return the findings that a scenario brings on what is shown, or on what is outside of it."""
    before = {finding.message for finding in baseline.findings}
    known = {(f.kind, f.party, f.category) for f in baseline.findings if f.kind in _STANDING}
    return tuple(
        finding
        for finding in result.findings
        if finding.message not in before
        and (finding.kind, finding.party, finding.category) not in known
        and ((finding.party, finding.category) in shown or finding.category == NONE_CATEGORY)
        and (parties is None or finding.party in parties)
    )


def _warnings(
    over: Ground, lookup: TypeLookup, request: Request, scenario: Scenario, result: Audit
) -> tuple[str, ...]:
    standings = Standings(over.law, lookup, over.evidence, replace(request, readings=over.readings))
    found = [
        *overdrawn(standings, scenario, request.as_of),
        *doubled(lookup, over.evidence, scenario),
    ]
    rows = {(row.party, row.category): row for row in result.rows}
    for row in scenario.ordered:
        text = said("{quantity} {what}", quantity=words.span(row.quantity), what=row.type)
        categories = categories_of(lookup, row)
        if row.date.first > request.as_of:
            found.append(
                said(
                    "{what}: not before {day}, so nothing of it shows on {as_of}; see every day "
                    "with: compliance project.",
                    what=text,
                    day=row.date.first,
                    as_of=request.as_of,
                )
            )
        elif not categories:
            found.append(_nowhere(lookup, row, text))
        else:
            found += _contained(rows, row, categories, text)
    return tuple(dict.fromkeys(found))


def _contained(
    rows: dict[Place, AuditRow], row: Movement, categories: Sequence[str], text: Said
) -> list[Said]:
    """Say where a line lies before the figure in use, which is taken to contain it."""
    return [
        said(
            "{what}: before the figure in use for {party}, {category} (valid on {day}), which is "
            "taken to contain it.",
            what=text,
            party=found.party_name,
            category=words.small(found.category_name),
            day=str(found.declared_as_of),
        )
        for party in dict.fromkeys((row.origin.party, row.destination.party))
        for category in categories
        if (found := rows.get((party, category))) is not None
        and found.declared_as_of is not None
        and row.date.last <= found.declared_as_of.first
    ]


def _nowhere(lookup: TypeLookup, row: Movement, text: Said) -> Said:
    known = lookup(row.type)
    nowhere = said("{what}: counts in no category.", what=text)
    return joined(" ", [nowhere, known.reason]) if known is not None else nowhere


def _minus(after: int | None, before: int | None) -> int | None:
    return None if after is None or before is None else after - before
