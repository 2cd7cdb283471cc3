"""Why a row says what it says: the law, the figure, what moved, what is open. In sentences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from compliance.agreement.provisions import Ceiling, Limit
from compliance.assess import words
from compliance.assess.judge import Judgement, compare
from compliance.assess.position import Position
from compliance.assess.seen import standing_sentence
from compliance.assess.summary import Case, figures, last_verdict
from compliance.assess.tally import Change
from compliance.assess.words import sentence
from compliance.values.dates import span_in_words
from compliance.values.evidence import RecordedHolding
from compliance.values.said import Said, english, joined, name, said, said_many
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, Status, Verdict

# A long list of figures not in use says no more than its first lines.
_MOST_OTHERS = 4


class Reasons:
    """Writes the reasons of one row."""

    def __init__(self, case: Case) -> None:
        """Take whose row it is, and of which day."""
        self._case = case
        self._law, self._readings = case.law, case.readings
        self._party, self._category, self._day = case.party, case.category, case.day
        found = case.law.category(case.category)
        self._plural = words.small(found.plural) if found else case.category

    def write(self, position: Position, ceiling: Ceiling, judgement: Judgement) -> tuple[str, ...]:
        """Return the reasons, the most important first."""
        return (
            *self._membership(),
            *self._declared(position),
            *self._law_of(ceiling, judgement),
            *self._moved(position),
            *self._open(position, judgement),
            *self._seen(position),
            *self._others(position),
            *self._silence(),
            *self._standing(position, judgement),
        )

    def _membership(self) -> Iterable[Said]:
        if self._party.membership_on(self._day) is not None:
            return
        gap = self._party.gap_on(self._day)
        if gap is None:
            yield said(
                "{party} was not a Party on {day}.", party=name(self._party.name), day=self._day
            )
        else:
            yield said(
                "Whether this was a Party on the day is not certain: {why}",
                why=sentence(gap.reason),
            )

    def _declared(self, position: Position) -> Iterable[Said]:
        if position.parts:
            pieces = map(self._part, position.parts)
            yield said(
                "No figure of its own is on record: the sum of its parts, {parts}.",
                parts=words.listed(list(pieces)),
            )
        elif position.declared_as_of is None and position.counted:
            yield said(
                "No declaration of {category} is on record: only what moved is known.",
                category=self._plural,
            )
        elif position.declared_as_of is None:
            yield said("No declaration of {category} is on record.", category=self._plural)
        else:
            yield from self._figure(position)
        if position.stale and position.current_until and position.declared_as_of:
            yield self._stale(position, position.declared_as_of.last, position.current_until)
        if (
            position.declared_as_of is not None
            and position.counted is not None
            and position.counted.high is None
        ):
            yield said(
                "The figures on record are a lower bound ('at least'): "
                "how many {category} are held in all is not published.",
                category=self._plural,
            )

    def _part(self, part: Position) -> Said:
        party, counted = self._name(part.party), words.span(part.counted)
        if part.complete:
            return said("{party} {counted}", party=party, counted=counted)
        return said("{party} {counted} (no declaration)", party=party, counted=counted)

    def _figure(self, position: Position) -> Iterable[Said]:
        declared = position.tallies[0].declaration
        if declared is None:
            yield said("")
            return
        parts = {
            "figures": words.listed(
                [_stated(i) for i in declared.rows if i.row.category == self._category]
            ),
            "day": span_in_words(declared.as_of),
            "basis": declared.basis.word,
            "meaning": declared.basis.meaning,
            "source": declared.source,
        }
        if position.stated_by:
            yield said(
                "Figure in use: {figures} as of {day}, basis '{basis}' ({meaning}), "
                "stated by {stated_by}. Source: {source}.",
                stated_by=position.stated_by,
                **parts,
            )
        else:
            yield said(
                "Figure in use: {figures} as of {day}, basis '{basis}' ({meaning}). "
                "Source: {source}.",
                **parts,
            )

    def _stale(self, position: Position, then: date, until: date) -> Said:
        parts = {"until": until, "months": self._law.current_months, "day": self._day}
        if self._case.accept_stale:
            return said(
                "That figure speaks until {until} at the longest ({months} months); it is too old "
                "for {day}, and is used because --accept-stale was given.",
                **parts,
            )
        text = said(
            "That figure speaks until {until} at the longest ({months} months); it is too old "
            "for {day}.",
            **parts,
        )
        return joined(" ", [text, *last_verdict(self._case, position, then)])

    def _law_of(self, ceiling: Ceiling, judgement: Judgement) -> Iterable[Said]:
        limit = ceiling.limit
        if limit is None and ceiling.gap is not None:
            yield said(
                "The ceiling for this day is not known: {why}", why=sentence(ceiling.gap.reason)
            )
        elif limit is None:
            yield said("The ceiling for this day is not known.")
        elif ceiling.derived:
            text = said(
                "The ceiling is not known from any source seen; derived by arithmetic it would be "
                "{limit} ({how}).",
                limit=words.span(limit.value),
                how=(
                    said("accepted by the reader")
                    if judgement.accepted
                    else said("not used for a verdict")
                ),
            )
            yield joined(" ", [text, *map(sentence, limit.notes)])
            if not judgement.accepted:
                yield said(
                    "To judge on the derived value: --reading {question}={answer}.",
                    question=limit.question,
                    answer=limit.accepting,
                )
        else:
            yield said(
                "Ceiling {limit}: {citation}.",
                limit=words.span(limit.value),
                citation=limit.citation.short(),
            )
            if self._day < limit.binding_from:
                text = said("Agreed, but not binding before {day}.", day=limit.binding_from)
                yield joined(" ", [text, *map(sentence, limit.notes)])
        if limit is None or ceiling.derived:
            for former in self._law.last_limits_of_predecessors(self._party.id, self._category):
                yield self._former(former)

    def _former(self, former: Limit) -> Said:
        parts = {
            "party": self._name(former.party),
            "limit": words.span(former.value),
            "citation": former.citation.short(),
        }
        if former.period.end is None:
            return said("The former joint ceiling of {party} was {limit} ({citation}).", **parts)
        return said(
            "The former joint ceiling of {party} was {limit} until {day} ({citation}).",
            day=former.period.end,
            **parts,
        )

    def _moved(self, position: Position) -> Iterable[Said]:
        for tally in position.tallies:
            for change in tally.changes:
                yield said(
                    "Since then: {movement}; {certainty}.",
                    movement=words.movement(change.recorded),
                    certainty=self.certainty(change),
                )

    def certainty(self, change: Change) -> Said:
        """Return how surely a movement counts, and why not surely."""
        ruled_out = change.ruled_out(self._readings)
        if ruled_out:
            return said("not counted: {answer}", answer=ruled_out)
        if change.certain:
            return said("counted")
        return said("possible: {why}", why=change.why)

    def _open(self, position: Position, judgement: Judgement) -> Iterable[Said]:
        for tally in position.tallies:
            for question_id, spans in tally.by_answer.items():
                question = self._law.question(question_id)
                pieces = [
                    self._under(answer, span.cut_at_zero(), judgement.ceiling)
                    for answer, span in spans.items()
                ]
                yield said(
                    "Open question '{question}' ({title}) - {answers}.",
                    question=question_id,
                    title=english(question.title) if question else question_id,
                    answers=joined("; ", pieces),
                )
        for question_id in sorted(position.questions & set(self._readings.closed)):
            yield said(
                "Closed by the reader: {question}={answer}.",
                question=question_id,
                answer=self._readings.closed[question_id],
            )
        for question_id in sorted(position.questions & set(self._readings.applied)):
            yield said(
                "Default applied by the rule pack: {question}={answer}.",
                question=question_id,
                answer=self._readings.applied[question_id],
            )

    @staticmethod
    def _under(answer: str, counted: Span, ceiling: Span | None) -> Said:
        """Return what an answer would give."""
        if ceiling is None:
            return said("{answer}: {counted}", answer=answer, counted=words.span(counted))
        return said(
            "{answer}: {counted} ({verdict})",
            answer=answer,
            counted=words.span(counted),
            verdict=compare(counted, ceiling).word,
        )

    def _seen(self, position: Position) -> Iterable[Said]:
        for sighting in position.sightings:
            observed = sighting.observation
            yield said(
                "Inspectors saw {seen} on {day}, {excess} more than the figure in use allows: a "
                "discrepancy, so the row is judged as {judged}. Source: {source}.",
                seen=words.span(sighting.seen),
                day=span_in_words(observed.as_of),
                excess=sighting.excess,
                judged=words.span(position.judged),
                source=observed.source,
            )

    def _others(self, position: Position) -> Iterable[Said]:
        others = [d for d in position.others if d.basis is not Basis.OBSERVED]
        for declaration in others[:_MOST_OTHERS]:
            yield said(
                "Also on record, not used: {figures} as of {day}, basis '{basis}'.",
                figures=figures(declaration, self._category),
                day=span_in_words(declaration.as_of),
                basis=declaration.basis.word,
            )
        if len(others) > _MOST_OTHERS:
            yield said_many(
                "And {count} older figure, not used.",
                "And {count} older figures, not used.",
                len(others) - _MOST_OTHERS,
            )

    def _silence(self) -> Iterable[Said]:
        for gap in self._law.reporting_gaps:
            if gap.party == self._party.id and gap.covers(self._day):
                yield said("Reporting gap: {text}", text=sentence(gap.text))

    def _standing(self, position: Position, judgement: Judgement) -> Iterable[Said]:
        if judgement.verdict not in (Verdict.WITHIN, Verdict.EXCEEDS):
            return
        if position.basis in {b.value for b in (Basis.DECLARED, Basis.NOTIFIED, Basis.RELAYED)}:
            yield standing_sentence(position)
        elif judgement.verdict is Verdict.EXCEEDS and position.basis != Basis.OBSERVED.value:
            yield said(
                "Exceeds on {authority}; no declared figure is behind this.",
                authority=_on(position.basis),
            )
        elif judgement.verdict is Verdict.WITHIN:
            yield said(
                "Within on {authority}; no declared figure is behind this.",
                authority=_on(position.basis),
            )

    def _name(self, party_id: str) -> str:
        party = self._law.party(party_id)
        return party.name_on(self._day) if party else party_id


def _stated(item: RecordedHolding) -> Said:
    """Return a row of the figure in use in words."""
    row = item.row
    quantity = said("a quantity withheld") if row.withheld else words.span(row.quantity)
    figure = said("{quantity} {what}", quantity=quantity, what=row.type) if row.type else quantity
    if row.status is Status.OVERALL:
        return figure
    return said("{figure} ({status})", figure=figure, status=row.status.word)


def _on(basis: str | None) -> Said:
    return _AUTHORITIES.get(basis or "", said("what was recorded"))


_AUTHORITIES = {
    "estimate": said("estimates"),
    "press": said("press reports"),
    "official": said("official statements"),
}
