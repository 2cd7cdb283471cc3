"""Findings: what a reader must know of a row beyond its verdict, each with its law and its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Ceiling, Party
from compliance.assess import words
from compliance.assess.count import Counter
from compliance.assess.judge import Judgement
from compliance.assess.plausibility import Plausibility
from compliance.assess.position import Position
from compliance.assess.result import EvidenceRow, Finding, FindingKind
from compliance.assess.row_remarks import of_rows
from compliance.assess.tally import Change
from compliance.values.citation import Citation
from compliance.values.dates import span_in_words
from compliance.values.said import Said, english, joined, said
from compliance.values.vocabulary import Basis, Verdict


def make(
    kind: FindingKind,
    party: str,
    category: str,
    message: str,
    *,
    citation: Citation | None = None,
    rows: Iterable[EvidenceRow] = (),
    todo: str = "",
) -> Finding:
    """Return a finding, with each row once."""
    return Finding(kind, party, category, message, citation, tuple(dict.fromkeys(rows)), todo)


class RowFindings:
    """The findings of one party in one category."""

    def __init__(
        self,
        law: Agreement,
        counter: Counter,
        plausibility: Plausibility,
        party: Party,
        category: str,
        day: date,
    ) -> None:
        self._law = law
        self._counter = counter
        self._plausible = plausibility
        self._party = party
        self._name = party.name_on(day)
        self._category = category
        self._day = day
        found = law.category(category)
        self._plural = words.small(found.plural) if found else category

    def find(
        self,
        position: Position,
        ceiling: Ceiling,
        judgement: Judgement,
        parts: Sequence[Position] = (),
    ) -> Iterable[Finding]:
        """Yield the findings on a row; ``parts`` are those of a party that declared itself."""
        yield from self._excess(position, ceiling, judgement)
        yield from self._declaration(position)
        yield from self._law_known(ceiling, judgement)
        yield from self._open(position)
        yield from self._sightings(position)
        yield from self._remarks(position, parts)

    def _remarks(self, position: Position, parts: Sequence[Position]) -> Iterable[Finding]:
        for remark in (
            *of_rows(self._law, self._counter, position, self._category, self._day),
            *self._plausible.of(position, parts),
        ):
            yield self._make(
                remark.kind,
                remark.message,
                citation=remark.citation,
                rows=remark.rows,
                todo=remark.todo,
            )

    def _make(
        self,
        kind: FindingKind,
        message: str,
        *,
        citation: Citation | None = None,
        rows: Iterable[EvidenceRow] = (),
        todo: str = "",
    ) -> Finding:
        text = said(
            "{party}, {category}: {message}",
            party=self._name,
            category=self._plural,
            message=message,
        )
        return make(
            kind, self._party.id, self._category, text, citation=citation, rows=rows, todo=todo
        )

    def _excess(
        self, position: Position, ceiling: Ceiling, judgement: Judgement
    ) -> Iterable[Finding]:
        limit = ceiling.limit
        if limit is None or judgement.ceiling is None or position.counted is None:
            return
        excess = position.counted - judgement.ceiling
        figures = said(
            "{counted} counted, ceiling {limit}",
            counted=words.span(position.counted),
            limit=words.span(judgement.ceiling),
        )
        if judgement.verdict is Verdict.EXCEEDS:
            yield self._make(
                FindingKind.EXCEEDS,
                said(
                    "exceeds by {excess} ({figures}; {standing}). Computed; whether an "
                    "obligation was breached only the Parties determine.",
                    excess=words.span(excess),
                    figures=figures,
                    standing=_authority(position),
                ),
                citation=limit.citation,
                rows=evidence_of(position, self._category),
            )
        elif judgement.verdict is Verdict.NOT_BINDING and (excess.high is None or excess.high > 0):
            text = said(
                "{excess} to be reduced by {day} ({figures}, {standing}).",
                excess=words.span(excess.cut_at_zero()),
                day=limit.binding_from,
                figures=figures,
                standing=_basis_and_day(position),
            )
            yield self._make(
                FindingKind.EXCESS_TO_BE_REDUCED,
                joined(" ", [text, *map(english, limit.notes)]),
                citation=limit.citation,
                rows=evidence_of(position, self._category),
            )

    def _declaration(self, position: Position) -> Iterable[Finding]:
        missing = [part for part in position.parts or (position,) if not part.complete]
        for part in missing:
            yield self._make(
                FindingKind.NO_DECLARATION,
                said("no declaration is on record; a missing report is not a report of none.")
                if part is position
                else said(
                    "no declaration of its part {part} is on record; a missing report is not a "
                    "report of none.",
                    part=self._named(part.party),
                ),
                citation=self._law.current_citation,
                todo=said("record one: a figure of any basis, with its source"),
            )
        if position.stale and position.declared_as_of and position.current_until:
            yield self._make(
                FindingKind.STALE_DECLARATION,
                said(
                    "the last figure is of {day} and speaks until {until} at the longest.",
                    day=span_in_words(position.declared_as_of),
                    until=position.current_until,
                ),
                citation=self._law.current_citation,
                rows=evidence_of(position, self._category),
                todo=said("record a newer figure, or judge on the old one with --accept-stale"),
            )
        for gap in self._law.reporting_gaps:
            if gap.party == self._party.id and gap.covers(self._day):
                yield self._make(
                    FindingKind.REPORTING_GAP, english(gap.text), citation=gap.citation
                )
        if position.uncut.high is not None and position.uncut.high < 0:
            yield self._make(
                FindingKind.BELOW_ZERO,
                said(
                    "more has left than was ever held: the count would be {count}.",
                    count=str(position.uncut),
                ),
                rows=evidence_of(position, self._category),
                todo=said("a movement or a declaration is missing or wrong"),
            )

    def _law_known(self, ceiling: Ceiling, judgement: Judgement) -> Iterable[Finding]:
        limit = ceiling.limit
        if limit is None:
            yield self._make(
                FindingKind.LAW_NOT_KNOWN,
                english(ceiling.gap.reason)
                if ceiling.gap
                else said("no ceiling holds on the day."),
                citation=ceiling.gap.citation if ceiling.gap else None,
            )
        elif limit is not None and ceiling.derived:
            text = said(
                "the ceiling is only derived: {limit} ({used}).",
                limit=words.span(limit.value),
                used=(
                    said("used, because the reader accepted it")
                    if judgement.accepted
                    else said("not used")
                ),
            )
            yield self._make(
                FindingKind.DERIVED_LAW,
                joined(" ", [text, *map(english, limit.notes)]),
                citation=limit.citation,
                todo=said(
                    "--reading {question}={answer} judges on it, conditionally",
                    question=limit.question,
                    answer=limit.accepting,
                ),
            )

    def _open(self, position: Position) -> Iterable[Finding]:
        withheld = [
            item
            for tally in position.tallies
            if tally.declaration
            for item in tally.declaration.rows
            if item.row.withheld and item.row.category == self._category
        ]
        if withheld:
            yield self._make(
                FindingKind.WITHHELD,
                said(
                    "a figure exists but was not published: at least zero is all that can be said."
                ),
                rows=map(words.evidence, withheld),
            )
        elif position.counted is not None and position.counted.high is None and position.complete:
            yield self._make(
                FindingKind.OPEN_SPAN,
                said(
                    "the figures on record are a lower bound: {counted}.",
                    counted=words.span(position.counted),
                ),
                rows=evidence_of(position, self._category),
            )
        for tally in position.tallies:
            for question_id, spans in tally.by_answer.items():
                question = self._law.question(question_id)
                rows = [
                    *(words.evidence(c.recorded) for c in tally.changes if _turns(c, question_id)),
                    *(
                        EvidenceRow(
                            t.ref,
                            said("{quantity} {what}", quantity=words.span(t.quantity), what=t.name),
                            "",
                        )
                        for t in tally.terms
                        if any(test.question == question_id for test in t.counts.tests)
                    ),
                ]
                yield self._make(
                    FindingKind.DISPUTED,
                    said(
                        "the count turns on an open question, {question}: {answers}.",
                        question=question_id,
                        answers=joined("; ", words.by_answer(spans)),
                    ),
                    citation=question.citation if question else None,
                    rows=rows,
                    todo=said("--reading {question}=ANSWER closes it", question=question_id),
                )

    def _sightings(self, position: Position) -> Iterable[Finding]:
        for sighting in position.sightings:
            seen = [
                words.evidence(item)
                for item in sighting.observation.rows
                if item.row.category == self._category
            ]
            yield self._make(
                FindingKind.DISCREPANCY,
                said(
                    "inspectors saw {seen} on {day}; the figure in use allows {expected}, "
                    "{excess} fewer.",
                    seen=words.span(sighting.seen),
                    day=span_in_words(sighting.observation.as_of),
                    expected=words.span(sighting.expected),
                    excess=sighting.excess,
                ),
                rows=[*seen, *evidence_of(position, self._category)],
                todo=said("an explanation by the Party, or a correction of its declaration"),
            )

    def _named(self, party_id: str) -> str:
        party = self._law.party(party_id)
        return party.name_on(self._day) if party else party_id


def evidence_of(position: Position, category: str) -> tuple[EvidenceRow, ...]:
    """Return every ledger row that a position's count rests on."""
    found: list[EvidenceRow] = []
    for tally in position.tallies:
        if tally.declaration:
            used = {term.ref for term in tally.terms}
            found += [
                words.evidence(item)
                for item in tally.declaration.rows
                if item.row.category == category or item.ref in used
            ]
        found += [words.evidence(change.recorded) for change in tally.changes]
    return tuple(dict.fromkeys(found))


def _turns(change: Change, question_id: str) -> bool:
    return any(test.question == question_id for leg in change.legs for test in leg.counts.tests)


def _authority(position: Position) -> Said:
    if position.basis is None:
        return said("by what moved alone")
    if position.basis in {Basis.DECLARED, Basis.NOTIFIED, Basis.RELAYED}:
        from compliance.assess.seen import standing  # needed where more is held than may be

        return standing(position)
    return said("on the basis '{basis}'", basis=words.basis(position.basis))


def _basis_and_day(position: Position) -> Said:
    if position.basis is None or position.declared_as_of is None:
        return said("by what moved alone")
    return said(
        "on the basis '{basis}' of {day}",
        basis=words.basis(position.basis),
        day=span_in_words(position.declared_as_of),
    )
