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
        name = party.name_on(self._day)
        for known, items in self._by_type(party_id):
            why, citation = self.why(known)
            if why:
                quantities = "; ".join(words.evidence(item).text for item in items)
                yield make(
                    FindingKind.OUTSIDE,
                    party_id,
                    NONE_CATEGORY,
                    f"{name}, {known.name}: outside the limits. {why} On record: {quantities}.",
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
            name = known.name if known else item.row.type or item.row.category
            grouped.setdefault(name, (known, []))[1].append(item)
        for name, (known, items) in sorted(grouped.items()):
            why, _ = self.why(known) if known else ("", None)
            reasons = f"{actor.wording}"
            if why:
                reasons = f"Two separate reasons. First: {actor.wording} Second: {why}"
            quantities = "; ".join(words.evidence(item).text for item in items)
            yield make(
                FindingKind.NOT_A_PARTY,
                actor_id,
                NONE_CATEGORY,
                f"{actor.name}, {name}: counted against nobody. {reasons} On record: {quantities}.",
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
            what = f" ({known.noun})" if known.noun else ""
            return f"{known.name}{what} is in no limited category: {known.reason}", None
        answer = self._readings.answer(known.question)
        if answer is None or known.readings.get(answer) != NONE_CATEGORY:
            return "", None
        self.questions.add(known.question)
        question = self._law.question(known.question)
        reading = question.reading(answer) if question else None
        how = (
            "closed by the reader"
            if known.question in self._readings.closed
            else ("default applied by the rule pack")
        )
        text = f" {reading.text}" if reading else ""
        return (
            f"Question '{known.question}' is answered '{answer}' ({how}).{text}",
            question.citation if question else None,
        )
