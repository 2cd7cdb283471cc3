"""What lies outside the limits, and why: items in no category, and holders that are no Party."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.assess import words
from compliance.assess.count import Counter
from compliance.assess.findings import make
from compliance.assess.position import Positions
from compliance.assess.result import Finding, FindingKind
from compliance.assess.types import KnownType
from compliance.values.citation import Citation
from compliance.values.evidence import RecordedHolding, RecordedMovement
from compliance.values.said import Said, english, joined, name, said
from compliance.values.vocabulary import NONE_CATEGORY

_Item = RecordedHolding | RecordedMovement


class Outside:
    """Finds what the audit leaves out and says why."""

    def __init__(
        self,
        law: Agreement,
        counter: Counter,
        positions: Positions,
        readings: Readings,
        day: date,
    ) -> None:
        self._law = law
        self._counter = counter
        self._positions = positions
        self._readings = readings
        self._day = day
        self.questions: set[str] = set()
        """The questions on whose answer something was left outside."""

    def of_party(self, party_id: str) -> Iterable[Finding]:
        """Yield one finding for each type a Party has that counts in no category."""
        party = self._law.party(party_id)
        if party is None:
            return
        for known, items in self._by_type(party_id):
            why, citation = self.why(known)
            if why:
                yield make(
                    FindingKind.OUTSIDE,
                    party_id,
                    NONE_CATEGORY,
                    said(
                        "{party}, {type}: outside the limits. {why} On record: {rows}.",
                        party=party.name_on(self._day),
                        type=known.name,
                        why=why,
                        rows=_told(items),
                    ),
                    citation=citation,
                    rows=map(words.evidence, items),
                )

    def of_actor(self, actor_id: str) -> Iterable[Finding]:
        """Yield a finding for each type that somebody who is no Party has."""
        actor = self._law.actor(actor_id)
        if actor is None:
            return
        grouped: dict[str, tuple[KnownType | None, list[_Item]]] = {}
        for item in self._items(actor_id):
            known = self._counter.known(item.row.type)
            what = known.name if known else item.row.type or words.code(item.row.category)
            grouped.setdefault(what, (known, []))[1].append(item)
        for what, (known, items) in sorted(grouped.items()):
            why, _ = self.why(known) if known else ("", None)
            reasons = english(actor.wording)
            if why:
                reasons = said(
                    "Two separate reasons. First: {first} Second: {second}",
                    first=reasons,
                    second=why,
                )
            yield make(
                FindingKind.NOT_A_PARTY,
                actor_id,
                NONE_CATEGORY,
                said(
                    "{actor}, {type}: counted against nobody. {reasons} On record: {rows}.",
                    actor=name(actor.name),
                    type=what,
                    reasons=reasons,
                    rows=_told(items),
                ),
                citation=actor.citation,
                rows=map(words.evidence, items),
            )

    def _by_type(self, party_id: str) -> Iterable[tuple[KnownType, list[_Item]]]:
        grouped: dict[str, tuple[KnownType, list[_Item]]] = {}
        for item in self._items(party_id):
            known = self._counter.known(item.row.type)
            if known is not None:
                grouped.setdefault(known.id, (known, []))[1].append(item)
        yield from sorted(grouped.values(), key=lambda pair: pair[0].name)

    def _items(self, holder: str) -> list[_Item]:
        items: list[_Item] = [
            row for d in self._positions.declarations_of(holder) for row in d.rows
        ]
        items += self._positions.movements_of(holder)
        return items

    def why(self, known: KnownType) -> tuple[str, Citation | None]:
        """Return why a type counts nowhere under the readings in force; empty if it may count."""
        if not known.question:
            if known.category != NONE_CATEGORY:
                return "", None
            what = (
                said("{type} ({noun})", type=known.name, noun=known.noun)
                if known.noun
                else known.name
            )
            return (
                said("{type} is in no limited category: {reason}", type=what, reason=known.reason),
                None,
            )
        answer = self._readings.answer(known.question)
        if answer is None or known.readings.get(answer) != NONE_CATEGORY:
            return "", None
        self.questions.add(known.question)
        question = self._law.question(known.question)
        reading = question.reading(answer) if question else None
        text = said(
            "Question '{question}' is answered '{answer}' ({how}).",
            question=known.question,
            answer=answer,
            how=words.how_answered(known.question, self._readings),
        )
        return (
            joined(" ", [text, english(reading.text)]) if reading else text,
            question.citation if question else None,
        )


def _told(items: Iterable[_Item]) -> Said:
    return joined("; ", (words.told(item) for item in items))
