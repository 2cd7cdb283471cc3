"""Findings: what a reader must know of a row beyond its verdict, each with its law and its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Ceiling, Party
from compliance.assess import coverage, words
from compliance.assess.count import Counter
from compliance.assess.judge import Judgement
from compliance.assess.plausibility import Plausibility
from compliance.assess.position import Position
from compliance.assess.result import EvidenceRow, Finding, FindingKind
from compliance.assess.tally import Change
from compliance.values.canonical import sha256
from compliance.values.citation import Citation
from compliance.values.dates import in_words, span_in_words
from compliance.values.evidence import RecordedHolding, RecordedMovement
from compliance.values.vocabulary import NONE_CATEGORY, Basis, State, Verdict


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
    """Return a finding with its identity: the same matter has the same id on any machine."""
    kept = tuple(dict.fromkeys(rows))
    identity = sha256([kind.value, party, category, [row.ref for row in kept] or message])[:12]
    return Finding(identity, kind, party, category, message, citation, kept, todo)


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
        self._plural = found.plural.lower() if found else category

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
        yield from self._rows(position)
        yield from self._sightings(position)
        yield from self._plausibility(position, parts)

    def _plausibility(self, position: Position, parts: Sequence[Position]) -> Iterable[Finding]:
        for remark in self._plausible.of(position, parts):
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
        text = f"{self._name}, {self._plural}: {message}"
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
        figures = f"{words.span(position.counted)} counted, ceiling {words.span(judgement.ceiling)}"
        rows = evidence_of(position, self._category)
        if judgement.verdict is Verdict.EXCEEDS:
            standing = (
                coverage.standing(position)
                if position.basis in {Basis.DECLARED, Basis.NOTIFIED, Basis.RELAYED}
                else f"on the basis '{position.basis}'"
            )
            yield self._make(
                FindingKind.EXCEEDS,
                f"exceeds by {words.span(excess)} ({figures}; {standing}). Computed; whether an "
                "obligation was breached only the Parties determine.",
                citation=limit.citation,
                rows=rows,
            )
        elif judgement.verdict is Verdict.NOT_BINDING and (excess.high is None or excess.high > 0):
            yield self._make(
                FindingKind.EXCESS_TO_BE_REDUCED,
                f"{words.span(excess.cut_at_zero())} to be reduced by "
                f"{in_words(limit.binding_from)} ({figures}, on the basis '{position.basis}' of "
                f"{span_in_words(position.declared_as_of) if position.declared_as_of else 'none'})."
                f" {limit.note}".rstrip(),
                citation=limit.citation,
                rows=rows,
            )

    def _declaration(self, position: Position) -> Iterable[Finding]:
        missing = [part for part in position.parts or (position,) if not part.complete]
        for part in missing:
            whose = "" if part is position else f" of its part {self._named(part.party)}"
            yield self._make(
                FindingKind.NO_DECLARATION,
                f"no declaration{whose} is on record; a missing report is not a report of none.",
                citation=self._law.current_citation,
                todo="record one: a figure of any basis, with its source",
            )
        if position.stale and position.declared_as_of and position.current_until:
            yield self._make(
                FindingKind.STALE_DECLARATION,
                f"the last figure is of {span_in_words(position.declared_as_of)} and speaks until "
                f"{in_words(position.current_until)} at the longest.",
                citation=self._law.current_citation,
                rows=evidence_of(position, self._category),
                todo="record a newer figure, or judge on the old one with --accept-stale",
            )
        for gap in self._law.reporting_gaps:
            if gap.party == self._party.id and gap.covers(self._day):
                yield self._make(FindingKind.REPORTING_GAP, gap.text, citation=gap.citation)
        if position.uncut.high is not None and position.uncut.high < 0:
            yield self._make(
                FindingKind.BELOW_ZERO,
                f"more has left than was ever held: the count would be {position.uncut}.",
                rows=evidence_of(position, self._category),
                todo="a movement or a declaration is missing or wrong",
            )

    def _law_known(self, ceiling: Ceiling, judgement: Judgement) -> Iterable[Finding]:
        limit = ceiling.limit
        if limit is None:
            reason = ceiling.gap.reason if ceiling.gap else "no ceiling holds on the day."
            yield self._make(
                FindingKind.LAW_NOT_KNOWN,
                reason,
                citation=ceiling.gap.citation if ceiling.gap else None,
            )
        elif limit is not None and ceiling.derived:
            used = "used, because the reader accepted it" if judgement.accepted else "not used"
            yield self._make(
                FindingKind.DERIVED_LAW,
                f"the ceiling is only derived: {words.span(limit.value)} ({used}). {limit.note}",
                citation=limit.citation,
                todo=f"--reading {limit.question}={limit.accepting} judges on it, conditionally",
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
                "a figure exists but was not published: at least zero is all that can be said.",
                rows=map(words.evidence, withheld),
            )
        elif position.counted is not None and position.counted.high is None and position.complete:
            yield self._make(
                FindingKind.OPEN_SPAN,
                f"the figures on record are a lower bound: {words.span(position.counted)}.",
                rows=evidence_of(position, self._category),
            )
        for tally in position.tallies:
            for question_id, spans in tally.by_answer.items():
                question = self._law.question(question_id)
                pieces = [f"{a}: {words.span(s.cut_at_zero())}" for a, s in spans.items()]
                rows = [
                    *(words.evidence(c.recorded) for c in tally.changes if _turns(c, question_id)),
                    *(
                        EvidenceRow(t.ref, f"{words.span(t.quantity)} {t.name}", "")
                        for t in tally.terms
                        if any(test.question == question_id for test in t.counts.tests)
                    ),
                ]
                yield self._make(
                    FindingKind.DISPUTED,
                    f"the count turns on an open question, {question_id}: {'; '.join(pieces)}.",
                    citation=question.citation if question else None,
                    rows=rows,
                    todo=f"--reading {question_id}=ANSWER closes it",
                )

    def _rows(self, position: Position) -> Iterable[Finding]:
        """Look at each row that states this category, or that the catalogue puts into it."""
        items: list[RecordedHolding | RecordedMovement] = []
        for tally in position.tallies:
            if tally.declaration:
                items += tally.declaration.rows
            items += [change.recorded for change in tally.changes]
        for item in items:
            yield from self._classification(item)
            if (
                isinstance(item, RecordedMovement)
                and item.row.state is State.PLANNED
                and item.row.date.last < self._day
            ):
                yield self._make(
                    FindingKind.OVERDUE,
                    f"planned for {span_in_words(item.row.date)} and not reported as done: "
                    f"{words.movement(item)}.",
                    rows=[words.evidence(item)],
                    todo="record it as done, or correct its date",
                )

    def _classification(self, item: RecordedHolding | RecordedMovement) -> Iterable[Finding]:
        row = item.row
        if not row.type or not self._law.catalogue:
            return
        known = self._counter.known(row.type)
        if known is None:
            if row.category in (self._category, ""):
                yield self._make(
                    FindingKind.UNCLASSIFIED,
                    f"'{row.type}' is not in the catalogue; the category stated is all there is.",
                    rows=[words.evidence(item)],
                    todo=f'test its attributes: compliance classify "{row.type}" --help',
                )
            return
        contradicts = not known.question and row.category not in ("", known.category)
        if contradicts and self._category in (row.category, known.category):
            stated = "not limited" if row.category == NONE_CATEGORY else row.category
            finds = "not limited" if known.category == NONE_CATEGORY else known.category
            yield self._make(
                FindingKind.CATEGORY_CONTRADICTED,
                f"stated as {stated}, the catalogue has {known.name} as {finds}: {known.reason}",
                rows=[words.evidence(item)],
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
                f"inspectors saw {words.span(sighting.seen)} on "
                f"{span_in_words(sighting.observation.as_of)}; the figure in use allows "
                f"{words.span(sighting.expected)}, {words.number(sighting.excess)} fewer.",
                rows=[*seen, *evidence_of(position, self._category)],
                todo="an explanation by the Party, or a correction of its declaration",
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
