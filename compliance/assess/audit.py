"""The audit: every Party in every category on a day, with its verdict, reasons and findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Category, Ceiling, Party
from compliance.agreement.select import Readings
from compliance.assess.count import Counter
from compliance.assess.findings import RowFindings, evidence_of
from compliance.assess.judge import Judgement, judge
from compliance.assess.outside import Outside
from compliance.assess.position import Position, Positions
from compliance.assess.reasons import Reasons
from compliance.assess.result import (
    Audit,
    AuditRow,
    Finding,
    LawUsed,
    QuestionNote,
)
from compliance.assess.tipping import tipping_points
from compliance.assess.types import TypeLookup
from compliance.assess.words import Noun
from compliance.assess.words import span as in_words
from compliance.values.evidence import Evidence
from compliance.values.vocabulary import NONE_CATEGORY, Basis, Severity


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of an audit.

    Attributes:
        parties: ids of parties or actors; ``None`` for everybody on the day.
        categories: ids; ``None`` for all.
        basis: only declarations of that basis, or the best there is.
        accept_stale: judge on figures that are too old to speak for the day.
    """

    as_of: date
    readings: Readings
    known_at: str | None = None
    parties: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    basis: Basis | None = None
    accept_stale: bool = False


def holders(law: Agreement, request: Request) -> tuple[str, ...]:
    """Return the ids of everybody whose rows an audit needs: parties, their parts, actors."""
    if request.parties is None:
        return tuple(holder.id for holder in law.holders)
    parts = [p.id for asked in request.parties for p in law.parts_on(asked, request.as_of)]
    return tuple(dict.fromkeys([*request.parties, *parts]))


def wholes(law: Agreement, request: Request) -> tuple[str, ...]:
    """Return the holders that may be counted as the sum of their parts: all they moved matters."""
    return tuple(h for h in holders(law, request) if law.parts_on(h, request.as_of))


def audit(law: Agreement, lookup: TypeLookup, evidence: Evidence, request: Request) -> Audit:
    """Judge every Party asked for in every category asked for, as of the end of a day.

    Args:
        law: the agreement.
        lookup: finds a designation's type in the catalogue.
        evidence: the ledger's declarations and movements for ``holders(law, request)``.
        request: the day, the readings, and what to restrict to.
    """
    counter = Counter(law, lookup, request.readings)
    positions = Positions(law, counter, evidence, request.basis)
    rows: list[AuditRow] = []
    found: list[Finding] = []
    effects: dict[str, list[str]] = {}
    used: set[str] = set()
    for party in _parties(law, request):
        for category in _categories(law, request):
            position = positions.at(party.id, category.id, request.as_of)
            ceiling = law.ceiling(party.id, category.id, request.as_of)
            judgement = judge(
                position,
                ceiling,
                request.readings,
                day=request.as_of,
                accept_stale=request.accept_stale,
                membership_certain=party.membership_on(request.as_of) is not None,
            )
            rows.append(_row(law, request, party, category, position, ceiling, judgement))
            found += RowFindings(law, counter, party, category.id, request.as_of).find(
                position, ceiling, judgement, _parts(law, positions, position, request.as_of)
            )
            used |= position.questions
            if ceiling.derived and ceiling.limit is not None:
                used.add(ceiling.limit.question)
            _note_effects(effects, party.name_on(request.as_of), category, position)
    outside = Outside(law, counter, positions, request.readings, request.as_of)
    if request.categories is None or NONE_CATEGORY in request.categories:
        for holder in holders(law, request):
            found += outside.of_party(holder)
            found += outside.of_actor(holder)
    used |= outside.questions
    return Audit(
        law=_law_used(law),
        as_of=request.as_of,
        known_at=request.known_at,
        basis=request.basis.value if request.basis else None,
        accept_stale=request.accept_stale,
        readings=dict(sorted(request.readings.closed.items())),
        rows=tuple(rows),
        findings=_ordered(law, found),
        questions=_questions(law, request.readings, used, effects),
    )


def _parts(
    law: Agreement, positions: Positions, position: Position, day: date
) -> tuple[Position, ...]:
    """Return the parts of a party that declared itself, to compare their sum with it."""
    if position.parts:
        return ()
    return tuple(
        positions.at(part.id, position.category, day) for part in law.parts_on(position.party, day)
    )


def _parties(law: Agreement, request: Request) -> tuple[Party, ...]:
    if request.parties is None:
        return law.parties_on(request.as_of)
    return tuple(party for party in law.parties if party.id in request.parties)


def _categories(law: Agreement, request: Request) -> tuple[Category, ...]:
    if request.categories is None:
        return law.categories
    return tuple(item for item in law.categories if item.id in request.categories)


def _row(
    law: Agreement,
    request: Request,
    party: Party,
    category: Category,
    position: Position,
    ceiling: Ceiling,
    judgement: Judgement,
) -> AuditRow:
    reasons = Reasons(
        law,
        request.readings,
        party,
        category.id,
        request.as_of,
        accept_stale=request.accept_stale,
    )
    counted = position.counted
    headroom = (
        judgement.ceiling - counted
        if judgement.ceiling is not None and counted is not None
        else None
    )
    tipping = tipping_points(
        position,
        judgement,
        noun=Noun(category.name.lower(), category.plural.lower()),
        stale=position.stale,
    )
    return AuditRow(
        party=party.id,
        party_name=party.name_on(request.as_of),
        category=category.id,
        category_name=category.plural,
        held=position.held,
        not_counted=position.not_counted,
        counted=counted,
        judged=position.judged,
        ceiling=judgement.ceiling,
        ceiling_derived=judgement.derived,
        headroom=headroom,
        verdict=judgement.verdict,
        conditional=judgement.conditional,
        stale=position.stale,
        basis=position.basis,
        stated_by=position.stated_by,
        declared_as_of=position.declared_as_of,
        citation=ceiling.limit.citation if ceiling.limit else None,
        reasons=reasons.write(position, ceiling, judgement),
        tipping=tipping,
        summary=reasons.summary(position, ceiling, judgement, tipping),
        questions=tuple(sorted(position.questions)),
        rows=evidence_of(position, category.id),
    )


def _note_effects(
    effects: dict[str, list[str]], name: str, category: Category, position: Position
) -> None:
    for tally in position.tallies:
        for question, spans in tally.by_answer.items():
            pieces = ", ".join(
                f"{answer}: {in_words(span.cut_at_zero())}" for answer, span in spans.items()
            )
            effects.setdefault(question, []).append(f"{name}, {category.plural.lower()}: {pieces}")


def _questions(
    law: Agreement, readings: Readings, used: set[str], effects: dict[str, list[str]]
) -> tuple[QuestionNote, ...]:
    notes: list[QuestionNote] = []
    for question in law.questions:
        if question.id in readings.closed:
            # Listed even where it moves nothing, so that nobody thinks it did.
            how, answer = "closed", readings.closed[question.id]
            because = "" if question.id in used else "It moves nothing in this audit."
        elif question.id not in used:
            continue
        elif question.id in readings.applied:
            how, answer = "applied", readings.applied[question.id]
            because = question.applied_because
        else:
            how, answer, because = "open", "", question.why_open
        notes.append(
            QuestionNote(
                id=question.id,
                title=question.title,
                how=how,
                answer=answer,
                because=because,
                choices=tuple(reading.id for reading in question.readings),
                effects=tuple(effects.get(question.id, ())),
                citation=question.citation,
            )
        )
    return tuple(notes)


def _law_used(law: Agreement) -> LawUsed:
    return LawUsed(
        id=law.id,
        version=law.version,
        sha256=law.sha256,
        title=law.title,
        short_title=law.short_title,
        extends=law.extends,
        replaced=tuple(f"{item.path}: {item.old} -> {item.new}" for item in law.replaced),
    )


def _ordered(law: Agreement, findings: list[Finding]) -> tuple[Finding, ...]:
    """Order by weight, then as the agreement orders parties and categories; each only once."""
    weights = {severity: place for place, severity in enumerate(Severity)}
    parties = {holder.id: place for place, holder in enumerate(law.holders)}
    categories = {category.id: place for place, category in enumerate(law.categories)}
    unique = {finding.id: finding for finding in findings}
    return tuple(
        sorted(
            unique.values(),
            key=lambda f: (
                weights[f.kind.severity],
                parties.get(f.party, len(parties)),
                categories.get(f.category, len(categories)),
                f.kind.value,
                f.message,
            ),
        )
    )
