"""Turns the valid tables of a pack into the frozen values of :mod:`compliance.agreement.law`."""

from __future__ import annotations

from dataclasses import dataclass

from compliance.agreement import law, provisions, schema
from compliance.agreement.packfiles import Location
from compliance.agreement.parse import Item, Tables
from compliance.agreement.schema_types import Cited, PartlyCited
from compliance.values.canonical import sha256
from compliance.values.citation import Citation, Source

ALL = "*"
"""In a gap's categories: every category of the pack."""


@dataclass(frozen=True)
class PlacedLimit:
    """A limit with the place it was written at, so that checks can point to it."""

    file: str
    path: Location
    limit: provisions.Limit


def build(tables: Tables) -> law.Agreement:
    """Return the agreement. The tables must have passed every check without an error."""
    table = tables.agreement
    if table is None:
        raise ValueError("a pack without a valid agreement.toml cannot be built")
    sources = bibliography(tables)
    return law.Agreement(
        id=table.id,
        version=table.version,
        title=table.title,
        short_title=table.short_title,
        signed=table.signed,
        in_force=table.in_force,
        current_months=table.currency.months,
        current_citation=_citation(table.currency, sources),
        catalogue=table.catalogue,
        open_data=table.open_data,
        note=table.note,
        extends=table.extends or "",
        sha256=sha256(tables.raw.files),
        parties=tuple(_party(t, sources) for _, t in tables.of(schema.PartyTable)),
        actors=tuple(_actor(t, sources) for _, t in tables.of(schema.ActorTable)),
        attributes=tuple(_attribute(t) for _, t in tables.of(schema.AttributeTable)),
        categories=tuple(_category(t, sources) for _, t in tables.of(schema.CategoryTable)),
        limits=tuple(placed.limit for placed in limits(tables)),
        ceiling_gaps=tuple(gap for _, gap in ceiling_gaps(tables)),
        counting=tuple(_rule(t, sources) for _, t in tables.of(schema.RuleTable)),
        questions=tuple(_question(t, sources) for _, t in tables.of(schema.QuestionTable)),
        obligations=tuple(_obligation(t, sources) for _, t in tables.of(schema.ObligationTable)),
        reporting_gaps=tuple(
            provisions.ReportingGap(t.party, t.began, t.ended, t.text, _citation(t, sources))
            for _, t in tables.of(schema.ReportingGapTable)
        ),
        replaced=tuple(tables.raw.replaced),
        identity=_citation(table.identity, sources),
        sources=tuple(sources.values()),
    )


def bibliography(tables: Tables) -> dict[str, Source]:
    """Return the sources by id."""
    return {
        key: Source(key, t.title, t.url, t.publisher, t.date, t.note)
        for key, t in tables.sources.items()
    }


def limits(tables: Tables) -> list[PlacedLimit]:
    """Return every limit, with what it takes from its party's row and its schedule filled in."""
    sources = bibliography(tables)
    found: list[PlacedLimit] = []
    for item, schedule in tables.of(schema.ScheduleTable):
        for row, party in enumerate(schedule.party):
            for category, value in party.limits.items():
                path: Location = (*item.path, "party", row, "limits", category)
                limit = provisions.Limit(
                    party=party.id,
                    category=category,
                    value=value.value,
                    period=provisions.Period(
                        party.start or schedule.start, party.until or schedule.until
                    ),
                    binding_from=party.binding_from or schedule.binding_from,
                    schedule=schedule.id,
                    question=value.question or "",
                    accepting=value.accepting or "",
                    notes=tuple(filter(None, (value.note, party.note, schedule.note))),
                    citation=_inherited(schedule, (party, value), sources),
                )
                found.append(PlacedLimit(item.file, path, limit))
    return found


def ceiling_gaps(tables: Tables) -> list[tuple[Item, provisions.CeilingGap]]:
    """Return the declared gaps in the ceilings; ``*`` becomes every category."""
    sources = bibliography(tables)
    every = tuple(t.id for _, t in tables.of(schema.CategoryTable))
    return [
        (
            item,
            provisions.CeilingGap(
                period=provisions.Period(t.start, t.until),
                reason=t.reason,
                citation=_citation(t, sources),
                parties=tuple(t.parties),
                categories=every if ALL in t.categories else tuple(t.categories),
            ),
        )
        for item, t in tables.of(schema.CeilingGapTable)
    ]


def _citation(table: Cited, sources: dict[str, Source]) -> Citation:
    return Citation(
        table.instrument,
        table.provision,
        table.status,
        table.grade,
        tuple(sources[key] for key in table.sources if key in sources),
        table.cite_note,
    )


def _inherited(
    outer: Cited, inner: tuple[PartlyCited, ...], sources: dict[str, Source]
) -> Citation:
    """Return the outer authority with what the inner tables, in turn, say otherwise."""
    result = _citation(outer, sources)
    for table in inner:
        result = Citation(
            table.instrument or result.instrument,
            result.provision if table.provision is None else table.provision,
            table.status or result.status,
            table.grade or result.grade,
            result.sources
            if table.sources is None
            else tuple(sources[key] for key in table.sources if key in sources),
            result.note if table.cite_note is None else table.cite_note,
        )
    return result


def _party(table: schema.PartyTable, sources: dict[str, Source]) -> provisions.Party:
    return provisions.Party(
        id=table.id,
        name=table.name,
        kind=table.kind,
        aliases=tuple(table.aliases),
        names=tuple(
            provisions.PartyName(provisions.Period(n.start, n.until), n.name)
            for n in table.name_period
        ),
        memberships=tuple(
            provisions.Membership(provisions.Period(m.start, m.until), _citation(m, sources))
            for m in table.membership
        ),
        gaps=tuple(
            provisions.Gap(provisions.Period(g.start, g.until), g.reason, _citation(g, sources))
            for g in table.gap
        ),
        part_of=table.part_of or "",
        part_period=provisions.Period(table.part_from, table.part_until)
        if table.part_from
        else None,
        succeeds=tuple(table.succeeds),
        succession=_citation(table.succession, sources) if table.succession else None,
        note=table.note,
    )


def _actor(table: schema.ActorTable, sources: dict[str, Source]) -> provisions.Actor:
    return provisions.Actor(
        table.id, table.name, tuple(table.aliases), table.wording, _citation(table, sources)
    )


def _attribute(table: schema.AttributeTable) -> provisions.Attribute:
    return provisions.Attribute(
        table.id, table.label, table.kind, table.unit, tuple(table.words), table.note
    )


def _category(table: schema.CategoryTable, sources: dict[str, Source]) -> provisions.Category:
    return provisions.Category(
        id=table.id,
        name=table.name,
        plural=table.plural,
        aliases=tuple(table.aliases),
        definitions=tuple(
            provisions.Definition(
                id=d.id,
                category=table.id,
                subcategory=d.subcategory,
                title=d.title,
                criteria=tuple(map(criterion, d.criterion)),
                unless=tuple(map(criterion, d.unless)),
                only_if=(d.only_if.question, d.only_if.reading) if d.only_if else None,
                citation=_citation(d, sources),
            )
            for d in table.definition
        ),
        citation=_citation(table, sources),
    )


def criterion(table: schema.CriterionTable) -> provisions.Criterion:
    """Return the one comparison that a criterion's table makes."""
    values: tuple[float | bool | str, ...]
    if table.is_ is not None:
        op, values = provisions.Op.IS, (table.is_,)
    elif table.in_ is not None:
        op, values = provisions.Op.IN, tuple(table.in_)
    elif table.at_least is not None:
        op, values = provisions.Op.AT_LEAST, (table.at_least,)
    elif table.above is not None:
        op, values = provisions.Op.ABOVE, (table.above,)
    else:
        op, values = provisions.Op.BELOW, (table.below or 0.0,)
    return provisions.Criterion(table.attribute, op, values, table.text)


def _rule(table: schema.RuleTable, sources: dict[str, Source]) -> provisions.CountingRule:
    return provisions.CountingRule(
        id=table.id,
        status=table.holding_status,
        counted=table.counted,
        categories=tuple(table.categories),
        question=table.question or "",
        accepting=table.accepting or "",
        text=table.text,
        citation=_citation(table, sources),
    )


def _question(table: schema.QuestionTable, sources: dict[str, Source]) -> provisions.Question:
    def citation(reading: schema.ReadingTable) -> Citation | None:
        own = reading.model_fields_set & set(PartlyCited.model_fields)
        return _inherited(table, (reading,), sources) if own else None

    return provisions.Question(
        id=table.id,
        title=table.title,
        why_open=table.why_open,
        readings=tuple(provisions.Reading(r.id, r.text, citation(r)) for r in table.reading),
        default=table.default,
        applied=table.applied,
        applied_because=table.applied_because,
        engine=table.engine,
        citation=_citation(table, sources),
    )


def _obligation(table: schema.ObligationTable, sources: dict[str, Source]) -> provisions.Obligation:
    return provisions.Obligation(
        id=table.id,
        title=table.title,
        text=table.text,
        rhythm=table.rhythm,
        due=table.due,
        valid=table.valid or "",
        period=provisions.Period(table.start, table.until),
        citation=_citation(table, sources),
        change_percent=table.change_percent,
        within_days=table.within_days,
        shown_by=provisions.ShownBy(table.shown_by) if table.shown_by else None,
    )
