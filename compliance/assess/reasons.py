"""Why a row says what it says: the law, the figure, what moved, what is open. In sentences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Ceiling, Limit, Party
from compliance.agreement.select import Readings
from compliance.assess import coverage, words
from compliance.assess.judge import Judgement, compare
from compliance.assess.position import Position
from compliance.assess.tally import Change
from compliance.values.dates import in_words, span_in_words
from compliance.values.evidence import Declaration
from compliance.values.span import Span, total
from compliance.values.vocabulary import Basis, Status, Verdict

# A long list of figures not in use says no more than its first lines.
_MOST_OTHERS = 4
# So many arrivals that are only possible are named in a row's summary.
_MOST_POSSIBLE = 4


class Reasons:
    """Writes the reasons of one row."""

    def __init__(
        self,
        law: Agreement,
        readings: Readings,
        party: Party,
        category: str,
        day: date,
        *,
        accept_stale: bool,
    ) -> None:
        self._law = law
        self._readings = readings
        self._party = party
        self._category = category
        self._day = day
        self._accept_stale = accept_stale
        found = law.category(category)
        self._plural = found.plural.lower() if found else category

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

    def summary(
        self, position: Position, ceiling: Ceiling, judgement: Judgement, tipping: Iterable[str]
    ) -> str:
        """Return the row in a sentence or two, for somebody who reads nothing else."""
        counted = words.span(position.counted)
        limit = words.span(judgement.ceiling)
        dated = f" on {span_in_words(position.declared_as_of)}" if position.declared_as_of else ""
        if judgement.verdict is Verdict.WITHIN:
            start = f"Within: {counted} of {limit}, by the figure of{dated[3:]}."
        elif judgement.verdict is Verdict.EXCEEDS:
            start = f"Exceeds: {counted} against a ceiling of {limit}, by the figure of{dated[3:]}."
        elif judgement.verdict is Verdict.NOT_BINDING and ceiling.limit is not None:
            start = (
                f"Not binding before {in_words(ceiling.limit.binding_from)}: {counted} counted, "
                f"agreed ceiling {limit}."
            )
        else:
            causes = list(self._obstacles(position, ceiling, judgement))
            start = f"Cannot tell: {'; '.join(causes)}."
            if position.stale and position.declared_as_of and not self._accept_stale:
                start += self._last_verdict(position, position.declared_as_of.last)
                start += self._later(position)
        if judgement.conditional:
            start += " Only under the readings given."
        return " ".join([start, *tipping])

    def _obstacles(
        self, position: Position, ceiling: Ceiling, judgement: Judgement
    ) -> Iterable[str]:
        """Yield what stands in the way of a verdict."""
        if self._party.membership_on(self._day) is None:
            yield "whether it was a Party on the day is not certain"
        if ceiling.limit is None:
            yield "the ceiling is not known"
        elif judgement.ceiling is None:
            yield f"the ceiling is only derived ({words.span(ceiling.limit.value)})"
        if position.declared_as_of is None:
            known = (
                f", only {words.span(position.counted)} by movements" if position.counted else ""
            )
            yield f"no figure is on record{known}"
        elif not position.complete:
            yield "a part has declared nothing"
        if position.stale and position.declared_as_of and not self._accept_stale:
            then = span_in_words(position.declared_as_of)
            yield f"the best figure on record, of {then}, is too old"
        if position.declared_as_of and position.counted and position.counted.high is None:
            yield f"{words.span(position.counted)} is all that is published"
            yield from self._possible(position)
        elif position.counted and position.declared_as_of and not position.counted.exact:
            yield f"the count lies anywhere from {words.span(position.counted)}"
        if position.sightings:
            yield "inspectors saw more than was declared"

    def _possible(self, position: Position) -> Iterable[str]:
        """Name what may have come besides: where the count is open above, no number shows it."""
        found = [
            f"{words.span(change.recorded.row.quantity)} {change.name}"
            for tally in position.tallies
            for change in tally.changes
            if not (change.certain or change.rises or change.ruled_out(self._readings))
            and change.weight > 0
        ]
        named = list(dict.fromkeys(found))
        if named:
            more = len(named) - _MOST_POSSIBLE
            kept = [*named[:_MOST_POSSIBLE], *([f"{more} more"] if more > 0 else [])]
            yield f"possible besides, and not certain: {words.listed(kept)}"

    def _membership(self) -> Iterable[str]:
        if self._party.membership_on(self._day) is not None:
            return
        gap = self._party.gap_on(self._day)
        if gap is None:
            yield f"{self._party.name} was not a Party on {in_words(self._day)}."
        else:
            yield f"Whether this was a Party on the day is not certain: {_sentence(gap.reason)}"

    def _declared(self, position: Position) -> Iterable[str]:
        if position.parts:
            pieces = [
                f"{self._name(part.party)} {words.span(part.counted)}"
                + ("" if part.complete else " (no declaration)")
                for part in position.parts
            ]
            yield (
                f"No figure of its own is on record: the sum of its parts, {words.listed(pieces)}."
            )
        elif position.declared_as_of is None:
            yield (
                f"No declaration of {self._plural} is on record"
                + (": only what moved is known." if position.counted else ".")
            )
        else:
            yield self._figure(position)
        if position.stale and position.current_until and position.declared_as_of:
            yield self._stale(position, position.declared_as_of.last, position.current_until)
        if (
            position.declared_as_of is not None
            and position.counted is not None
            and position.counted.high is None
        ):
            yield (
                "The figures on record are a lower bound ('at least'): "
                f"how many {self._plural} are held in all is not published."
            )

    def _figure(self, position: Position) -> str:
        declared = position.tallies[0].declaration
        if declared is None:
            return ""
        rows = [i for i in declared.rows if i.row.category == self._category]
        pieces = [
            ("a quantity withheld" if i.row.withheld else words.span(i.row.quantity))
            + (f" {i.row.type}" if i.row.type else "")
            + ("" if i.row.status.value == "overall" else f" ({i.row.status.value})")
            for i in rows
        ]
        by = f", stated by {position.stated_by}" if position.stated_by else ""
        return (
            f"Figure in use: {words.listed(pieces)} as of {span_in_words(declared.as_of)}, "
            f"basis '{declared.basis.value}' ({declared.basis.meaning}){by}. "
            f"Source: {declared.source}."
        )

    def _stale(self, position: Position, then: date, until: date) -> str:
        text = (
            f"That figure speaks until {in_words(until)} at the longest "
            f"({self._law.current_months} months); it is too old for {in_words(self._day)}"
        )
        if self._accept_stale:
            return f"{text}, and is used because --accept-stale was given."
        last = self._last_verdict(position, then)
        return f"{text}.{last}"

    def _last_verdict(self, position: Position, then: date) -> str:
        declared = position.tallies[0].declaration if not position.parts else None
        limit = self._law.ceiling(self._party.id, self._category, then).limit
        if declared is None or limit is None or limit.citation.status.value == "derived":
            return ""
        figure = declared_span(declared, self._category)
        if figure is None or then < limit.binding_from:
            return ""
        verdict = compare(figure, limit.value)
        if verdict is Verdict.INDETERMINATE:
            return ""
        room = limit.value - figure
        return (
            f" What it last was: {verdict.value} on {in_words(then)} "
            f"({words.span(figure)} of {words.span(limit.value)}, headroom {room})."
        )

    def _later(self, position: Position) -> str:
        """Say what a weaker but newer figure has, where the one in use is old."""
        newest = next((d for d in position.others if d.basis is not Basis.OBSERVED), None)
        if newest is None or position.declared_as_of is None:
            return ""
        if newest.as_of.last <= position.declared_as_of.last:
            return ""
        return (
            f" Newer, on the weaker basis '{newest.basis.value}': {self._figures(newest)} "
            f"({span_in_words(newest.as_of)})."
        )

    def _figures(self, declaration: Declaration) -> str:
        rows = [i.row for i in declaration.rows if i.row.category == self._category]
        return words.listed([f"{words.span(r.quantity)} {r.type}".strip() for r in rows])

    def _law_of(self, ceiling: Ceiling, judgement: Judgement) -> Iterable[str]:
        limit = ceiling.limit
        if limit is None:
            why = f": {_sentence(ceiling.gap.reason)}" if ceiling.gap else "."
            yield f"The ceiling for this day is not known{why}"
        elif ceiling.derived:
            how = "accepted by the reader" if judgement.accepted else "not used for a verdict"
            yield (
                f"The ceiling is not known from any source seen; derived by arithmetic it would be "
                f"{words.span(limit.value)} ({how}). {_sentence(limit.note)}"
            )
            if not judgement.accepted:
                yield (
                    f"To judge on the derived value: --reading {limit.question}={limit.accepting}."
                )
        else:
            yield f"Ceiling {words.span(limit.value)}: {limit.citation.short()}."
            if self._day < limit.binding_from:
                yield (
                    f"Agreed, but not binding before {in_words(limit.binding_from)}. "
                    f"{_sentence(limit.note)}"
                )
        if limit is None or ceiling.derived:
            for former in self._law.last_limits_of_predecessors(self._party.id, self._category):
                yield self._former(former)

    def _former(self, former: Limit) -> str:
        until = f" until {in_words(former.period.end)}" if former.period.end is not None else ""
        return (
            f"The former joint ceiling of {self._name(former.party)} was "
            f"{words.span(former.value)}{until} ({former.citation.short()})."
        )

    def _moved(self, position: Position) -> Iterable[str]:
        for tally in position.tallies:
            for change in tally.changes:
                yield f"Since then: {words.movement(change.recorded)}; {self.certainty(change)}."

    def certainty(self, change: Change) -> str:
        """Return how surely a movement counts, and why not surely."""
        ruled_out = change.ruled_out(self._readings)
        if ruled_out:
            return f"not counted: {ruled_out}"
        return "counted" if change.certain else f"possible: {change.why}"

    def _open(self, position: Position, judgement: Judgement) -> Iterable[str]:
        for tally in position.tallies:
            for question_id, spans in tally.by_answer.items():
                question = self._law.question(question_id)
                title = question.title if question else question_id
                pieces = [
                    f"{answer}: {words.span(span.cut_at_zero())}"
                    + (
                        f" ({compare(span.cut_at_zero(), judgement.ceiling).value})"
                        if judgement.ceiling is not None
                        else ""
                    )
                    for answer, span in spans.items()
                ]
                yield f"Open question '{question_id}' ({title}) - {'; '.join(pieces)}."
        for question_id in sorted(position.questions & set(self._readings.closed)):
            answer = self._readings.closed[question_id]
            yield f"Closed by the reader: {question_id}={answer}."
        for question_id in sorted(position.questions & set(self._readings.applied)):
            answer = self._readings.applied[question_id]
            yield f"Default applied by the rule pack: {question_id}={answer}."

    def _seen(self, position: Position) -> Iterable[str]:
        for sighting in position.sightings:
            observed = sighting.observation
            yield (
                f"Inspectors saw {words.span(sighting.seen)} on {span_in_words(observed.as_of)}, "
                f"{words.number(sighting.excess)} more than the figure in use allows: a "
                f"discrepancy, so the row is judged as {words.span(position.judged)}. "
                f"Source: {observed.source}."
            )

    def _others(self, position: Position) -> Iterable[str]:
        others = [d for d in position.others if d.basis is not Basis.OBSERVED]
        for declaration in others[:_MOST_OTHERS]:
            yield (
                f"Also on record, not used: {self._figures(declaration)} as of "
                f"{span_in_words(declaration.as_of)}, basis '{declaration.basis.value}'."
            )
        if len(others) > _MOST_OTHERS:
            yield f"And {len(others) - _MOST_OTHERS} older figures, not used."

    def _silence(self) -> Iterable[str]:
        for gap in self._law.reporting_gaps:
            if gap.party == self._party.id and gap.covers(self._day):
                yield f"Reporting gap: {_sentence(gap.text)}"

    def _standing(self, position: Position, judgement: Judgement) -> Iterable[str]:
        if judgement.verdict not in (Verdict.WITHIN, Verdict.EXCEEDS):
            return
        if position.basis in {b.value for b in (Basis.DECLARED, Basis.NOTIFIED, Basis.RELAYED)}:
            text = coverage.standing(position)
            yield f"{text[0].upper()}{text[1:]}."
        elif judgement.verdict is Verdict.EXCEEDS and position.basis != Basis.OBSERVED.value:
            yield f"Exceeds on {_on(position.basis)}; no declared figure is behind this."
        elif judgement.verdict is Verdict.WITHIN:
            yield f"Within on {_on(position.basis)}; no declared figure is behind this."

    def _name(self, party_id: str) -> str:
        party = self._law.party(party_id)
        return party.name_on(self._day) if party else party_id


def declared_span(declaration: Declaration, category: str) -> Span | None:
    """Return the total a declaration states for a category, if it states one."""
    totals = [
        i.row.quantity
        for i in declaration.rows
        if i.row.category == category and not i.row.type and i.row.status is Status.OVERALL
    ]
    return total(totals) if totals else None


def _on(basis: str | None) -> str:
    return {
        "estimate": "estimates",
        "press": "press reports",
        "official": "official statements",
    }.get(basis or "", "what was recorded")


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."
