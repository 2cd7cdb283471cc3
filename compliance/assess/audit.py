"""The audit: every Party in every category on a day, with its verdict, reasons and findings."""

from __future__ import annotations

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Category
from compliance.agreement.select import Readings
from compliance.assess.findings import RowFindings, evidence_of
from compliance.assess.outside import Outside
from compliance.assess.plausibility import Plausibility
from compliance.assess.position import Position
from compliance.assess.result import (
    Audit,
    AuditRow,
    Finding,
    LawUsed,
    QuestionNote,
)
from compliance.assess.standing import (
    Request,
    Standing,
    Standings,
    categories_asked,
    holders,
    parties_asked,
)
from compliance.assess.summary import Case, summary
from compliance.assess.tipping import tipping_points
from compliance.assess.types import TypeLookup
from compliance.assess.words import Noun, by_answer, small
from compliance.values.evidence import Evidence
from compliance.values.said import Sentences, english, joined, name, said
from compliance.values.vocabulary import NONE_CATEGORY, Severity


def audit(law: Agreement, lookup: TypeLookup, evidence: Evidence, request: Request) -> Audit:
    """Judge every Party asked for in every category asked for, as of the end of a day.

    Args:
        law: the agreement.
        lookup: finds a designation's type in the catalogue.
        evidence: the ledger's declarations and movements for ``holders(law, request)``.
        request: the day, the readings, and what to restrict to.
    """
    standings = Standings(law, lookup, evidence, request)
    plausibility = Plausibility(
        law, standings.counter, standings.positions, evidence.background, request.as_of
    )
    rows: list[AuditRow] = []
    found: list[Finding] = []
    effects: dict[str, list[str]] = {}
    used: set[str] = set()
    for party in parties_asked(law, request):
        for category in categories_asked(law, request):
            standing = standings.at(party, category, request.as_of)
            position, ceiling = standing.position, standing.ceiling
            rows.append(row_of(law, request, standing))
            row_findings = RowFindings(
                law, standings.counter, plausibility, party, category.id, request.as_of
            )
            found += row_findings.find(
                position, ceiling, standing.judgement, standings.parts(standing)
            )
            used |= position.questions
            if ceiling.derived and ceiling.limit is not None:
                used.add(ceiling.limit.question)
            _note_effects(effects, party.name_on(request.as_of), category, position)
    outside = Outside(law, standings.counter, standings.positions, request.readings, request.as_of)
    if request.categories is None or NONE_CATEGORY in request.categories:
        for holder in holders(law, request):
            found += outside.of_party(holder)
            found += outside.of_actor(holder)
    used |= outside.questions
    return Audit(
        law=LawUsed.of(law),
        as_of=request.as_of,
        known_at=request.known_at,
        basis=request.basis.value if request.basis else None,
        accept_stale=request.accept_stale,
        readings=dict(sorted(request.readings.closed.items())),
        rows=tuple(rows),
        findings=_ordered(law, found),
        questions=_questions(law, request.readings, used, effects),
        no_parties=tuple(
            name(actor.name) for asked in request.parties or () if (actor := law.actor(asked))
        ),
    )


def row_of(law: Agreement, request: Request, standing: Standing) -> AuditRow:
    """Return where a party stands on a day, with its reasons."""
    party, category, position = standing.party, standing.category, standing.position
    ceiling, judgement = standing.ceiling, standing.judgement
    case = Case(law, request.readings, party, category.id, standing.day, request.accept_stale)
    tipping = tipping_points(
        position,
        judgement,
        noun=Noun(small(category.name), small(category.plural)),
        stale=position.stale,
    )

    def reasons() -> tuple[str, ...]:
        # Loaded where somebody asks why: a table tells its rows without.
        from compliance.assess.reasons import Reasons

        return Reasons(case).write(position, ceiling, judgement)

    return AuditRow(
        party=party.id,
        party_name=party.name_on(standing.day),
        category=category.id,
        category_name=name(category.plural),
        held=position.held,
        not_counted=position.not_counted,
        counted=position.counted,
        judged=position.judged,
        ceiling=judgement.ceiling,
        ceiling_derived=judgement.derived,
        headroom=standing.headroom,
        verdict=judgement.verdict,
        conditional=judgement.conditional,
        stale=position.stale,
        basis=position.basis,
        stated_by=position.stated_by,
        declared_as_of=position.declared_as_of,
        citation=ceiling.limit.citation if ceiling.limit else None,
        reasons=Sentences(reasons),
        tipping=tipping,
        summary=summary(case, position, ceiling, judgement, tipping),
        questions=tuple(sorted(position.questions)),
        rows=evidence_of(position, category.id),
    )


def _note_effects(
    effects: dict[str, list[str]], party: str, category: Category, position: Position
) -> None:
    for tally in position.tallies:
        for question, spans in tally.by_answer.items():
            text = said(
                "{party}, {category}: {answers}",
                party=party,
                category=small(category.plural),
                answers=joined(", ", by_answer(spans)),
            )
            effects.setdefault(question, []).append(text)


def _questions(
    law: Agreement, readings: Readings, used: set[str], effects: dict[str, list[str]]
) -> tuple[QuestionNote, ...]:
    notes: list[QuestionNote] = []
    for question in law.questions:
        if question.id in readings.closed:
            # Listed even where it moves nothing, so that nobody thinks it did.
            how, answer = "closed", readings.closed[question.id]
            because = said("") if question.id in used else said("It moves nothing in this audit.")
        elif question.id not in used:
            continue
        elif question.id in readings.applied:
            how, answer = "applied", readings.applied[question.id]
            because = english(question.applied_because)
        else:
            how, answer, because = "open", "", english(question.why_open)
        notes.append(
            QuestionNote(
                id=question.id,
                title=english(question.title),
                how=how,
                answer=answer,
                because=because,
                choices=tuple(reading.id for reading in question.readings),
                effects=tuple(effects.get(question.id, ())),
                citation=question.citation,
            )
        )
    return tuple(notes)


def _ordered(law: Agreement, findings: list[Finding]) -> tuple[Finding, ...]:
    """Order by weight, then as the agreement orders parties and categories; each only once."""
    weights = {severity: place for place, severity in enumerate(Severity)}
    parties = {holder.id: place for place, holder in enumerate(law.holders)}
    categories = {category.id: place for place, category in enumerate(law.categories)}
    unique = {finding.matter: finding for finding in findings}
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
