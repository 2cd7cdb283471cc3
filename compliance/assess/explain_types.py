"""From a designation to a category, criterion by criterion; and what stands outside, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.assess import words
from compliance.assess.count import Counter
from compliance.assess.explained import Elsewhere, OutsideType, TypeStep
from compliance.assess.types import KnownType
from compliance.equipment.catalogue import Catalogue
from compliance.equipment.classify import classification
from compliance.equipment.definition import test as test_definitions
from compliance.equipment.outcome import DefinitionOutcome, DefinitionResult
from compliance.equipment.types import Found
from compliance.values.evidence import RecordedHolding, RecordedMovement
from compliance.values.said import english, joined, name, said
from compliance.values.vocabulary import NONE_CATEGORY

Item = RecordedHolding | RecordedMovement


def type_step(
    law: Agreement,
    catalogue: Catalogue,
    readings: Readings,
    designations: Iterable[str],
    category: str,
) -> TypeStep | None:
    """Return how designations of one type lead to its category; ``None`` where they name none."""
    found = {
        text: match for text in designations if isinstance(match := catalogue.find(text), Found)
    }
    if not found:
        return None
    item = next(iter(found.values())).type
    result = test_definitions(dict(item.attributes), law, readings.answer)
    difference = catalogue.difference(item.id)
    return TypeStep(
        item=item,
        designations={text: match.by for text, match in found.items()},
        classification=classification(item, law, readings.answer),
        result=result,
        tests=_tests(result, category),
        difference=english(difference.reason) if difference else "",
    )


def _tests(result: DefinitionResult, category: str) -> tuple[DefinitionOutcome, ...]:
    if result.deciding is not None and result.deciding.definition.category == category:
        return (result.deciding,)
    return tuple(o for o in result.outcomes if o.definition.category == category)


class Outside:
    """Sorts what is on record, and is not of the category, by where it stands."""

    def __init__(self, law: Agreement, readings: Readings, counter: Counter, category: str) -> None:
        self._law = law
        self._readings = readings
        self._counter = counter
        self._category = category

    def nowhere(self, items: Sequence[Item]) -> tuple[OutsideType, ...]:
        """Return the types that are in no limited category under the readings in force."""
        found: list[OutsideType] = []
        for known, written, some in self._by_type(items):
            why = self._why(known, some)
            if why:
                found.append(
                    OutsideType(
                        name=known.name if known else written,
                        type_id=known.id if known else "",
                        why=why,
                        quantities=tuple(map(words.told, some)),
                        refs=tuple(item.ref for item in some),
                    )
                )
        return tuple(found)

    def elsewhere(self, items: Sequence[Item]) -> tuple[Elsewhere, ...]:
        """Return the types that stand in other categories, by category."""
        by_category: dict[str, list[str]] = {}
        for known, written, some in self._by_type(items):
            if self._why(known, some):
                continue
            for category in self._where(known, some):
                by_category.setdefault(category, []).append(known.name if known else written)
        return tuple(
            Elsewhere(category.id, name(category.plural), tuple(by_category[category.id]))
            for category in self._law.categories
            if category.id in by_category
        )

    def _by_type(self, items: Sequence[Item]) -> list[tuple[KnownType | None, str, list[Item]]]:
        """Group what names a type that cannot be of the category."""
        grouped: dict[str, tuple[KnownType | None, str, list[Item]]] = {}
        for item in items:
            written = item.row.type
            if not written or self._counter.concerns(item.row, self._category):
                continue
            known = self._counter.known(written)
            key = known.id if known else f"?{written.casefold()}"
            grouped.setdefault(key, (known, written, []))[2].append(item)
        return sorted(grouped.values(), key=lambda g: (g[0].name if g[0] else g[1]).casefold())

    def _where(self, known: KnownType | None, items: list[Item]) -> tuple[str, ...]:
        """Return the categories that a type may stand in under the readings in force."""
        if known is None:
            return tuple(dict.fromkeys(i.row.category for i in items if i.row.category))
        if not known.question:
            return (known.category,)
        answer = self._readings.answer(known.question)
        if answer is not None and answer in known.readings:
            return (known.readings[answer],)
        return tuple(dict.fromkeys(known.readings.values()))

    def _why(self, known: KnownType | None, items: list[Item]) -> str:
        """Return why a type is in no limited category; empty where it may be in one."""
        if set(self._where(known, items)) - {NONE_CATEGORY}:
            return ""
        if known is None:
            return said("Not in the catalogue, and recorded as in no category.")
        if not known.question:
            return known.reason
        answer = self._readings.answer(known.question)
        question = self._law.question(known.question)
        reading = question.reading(answer) if question and answer else None
        text = said(
            "Question '{question}' is answered '{answer}', {how}.",
            question=known.question,
            answer=str(answer),
            how=words.how_answered(known.question, self._readings),
        )
        return joined(" ", [text, english(reading.text)]) if reading else text
