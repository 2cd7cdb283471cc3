"""Which category a type of the catalogue stands in under an agreement, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from compliance.agreement.law import Agreement
from compliance.equipment.types import Ambiguous, EquipmentType, TypeReading
from compliance.values.frozen import frozen
from compliance.values.said import Said, english, said
from compliance.values.vocabulary import NONE_CATEGORY

if TYPE_CHECKING:  # an audit places types and tests no definitions
    from compliance.equipment.definition import Answer


@frozen
class Classification:
    """Where a type stands.

    Attributes:
        category: the category or ``none`` where it is settled, else empty.
        question: for a disputed type, the question; empty for any other.
        answer: the reading that settled it, or empty.
        readings: for a disputed type, the readings that remain: one where answered, else all.
        reasons: why, in sentences.
    """

    type: EquipmentType
    category: str
    question: str
    answer: str
    readings: tuple[TypeReading, ...]
    reasons: tuple[str, ...]

    @property
    def settled(self) -> bool:
        """True where there is one category."""
        return bool(self.category)

    @property
    def categories(self) -> tuple[str, ...]:
        """Return every category that remains possible."""
        if self.settled:
            return (self.category,)
        return tuple(dict.fromkeys(reading.category for reading in self.readings))

    def under(self, reading: str) -> str:
        """Return the category under a reading of the question; empty where it says nothing."""
        return next((r.category for r in self.readings if r.reading == reading), self.category)

    @property
    def subcategory(self) -> str:
        """Return the type's subcategory."""
        return self.type.subcategory

    @property
    def basis(self) -> str:
        """Return why the type stands where it does: an id of the catalogue's bases."""
        return self.type.basis

    @property
    def confidence(self) -> str:
        """Return the grade of the classification."""
        return self.type.confidence

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the sources of the classification."""
        return self.type.sources


@frozen
class Place:
    """Where a type stands, without the reasons: what counting needs.

    Attributes:
        category: the category or ``none`` where it is settled, else empty.
        readings: for a disputed type, its category under each reading; the agreement's ``none``
            where it limits no such category.
    """

    category: str
    readings: tuple[TypeReading, ...] = ()


def place(item: EquipmentType, agreement: Agreement) -> Place:
    """Return where a type of the catalogue stands under an agreement, every question open."""
    if not item.disputed:
        return Place(_limited(item.category, agreement))
    readings = tuple(
        TypeReading(reading.reading, _limited(reading.category, agreement), reading.reason)
        for reading in item.readings
    )
    categories = {reading.category for reading in readings}
    return Place(categories.pop() if len(categories) == 1 else "", readings)


def classification(
    item: EquipmentType, agreement: Agreement, answer: Answer | None = None
) -> Classification:
    """Return where a type of the catalogue stands under an agreement, and why.

    A category that the agreement does not limit is ``none`` for it.

    Args:
        item: the type.
        agreement: the agreement it is counted under.
        answer: the reading that closes a question, or ``None`` where it is open.
    """
    found = place(item, agreement)
    reasons = [
        said(
            "{type}: {basis} (grade {grade}: {sure}).",
            type=item.name,
            basis=english(item.basis_text),
            grade=item.confidence,
            sure=english(item.confidence_text),
        )
    ]
    if item.listed_as:
        reasons.append(said("The list's wording: '{text}'.", text=item.listed_as))
    if item.reasoning:
        reasons.append(english(item.reasoning))
    reasons += _unlimited(item, agreement)
    if not item.disputed:
        return Classification(item, found.category, "", "", (), tuple(reasons))
    given = (answer(item.question) if answer is not None else None) or ""
    chosen = next((reading for reading in found.readings if reading.reading == given), None)
    asked = agreement.question(item.question) is not None
    if asked and chosen is not None:
        reasons.append(
            said(
                "Read as {question} = {answer}: {reason}",
                question=item.question,
                answer=given,
                reason=english(chosen.reason),
            )
        )
        return Classification(
            item, chosen.category, item.question, given, (chosen,), tuple(reasons)
        )
    if not asked:
        reasons.append(
            said(
                "The catalogue holds this open under '{question}', a question that '{agreement}' "
                "does not ask; every reading stays open.",
                question=item.question,
                agreement=agreement.id,
            )
        )
    elif given:
        reasons.append(
            said(
                "The reading '{answer}' of {question} says nothing of this type.",
                answer=given,
                question=item.question,
            )
        )
    reasons.extend(
        said(
            "If {question} = {answer}: {category}. {reason}",
            question=item.question,
            answer=reading.reading,
            category=reading.category,
            reason=english(reading.reason),
        )
        for reading in found.readings
    )
    return Classification(item, found.category, item.question, "", found.readings, tuple(reasons))


def whichever(
    match: Ambiguous, agreement: Agreement, answer: Answer | None = None
) -> tuple[Classification, ...]:
    """Return where each type stands that a designation may mean, where all stand in one category.

    Args:
        match: what the designation may mean.
        agreement: the agreement they are counted under.
        answer: as for ``classification``.

    Returns:
        One for each type, all settled and alike; none where it matters which type is meant.
    """
    found = tuple(classification(item, agreement, answer) for item in match.candidates)
    alike = len({item.category for item in found}) == 1 and not match.other_meanings
    return found if alike and found[0].settled else ()


def _limited(category: str, agreement: Agreement) -> str:
    """Return the category as the agreement has it."""
    known = category == NONE_CATEGORY or agreement.category(category) is not None
    return category if known else NONE_CATEGORY


def _unlimited(item: EquipmentType, agreement: Agreement) -> Iterable[Said]:
    """Yield which of a type's categories the agreement does not limit."""
    named = [reading.category for reading in item.readings] if item.disputed else [item.category]
    for category in named:
        if category != _limited(category, agreement):
            yield said(
                "'{agreement}' limits no category '{category}'.",
                agreement=agreement.id,
                category=category,
            )
