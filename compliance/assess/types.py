"""What the assessment needs to know of a designation: its type, and the category it falls in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from compliance.agreement.law import Agreement
from compliance.equipment.catalogue import Catalogue
from compliance.equipment.classify import place
from compliance.equipment.types import Found
from compliance.values.frozen import frozen
from compliance.values.said import english, name


@frozen
class KnownType:
    """A type of the catalogue, as far as counting needs it.

    Attributes:
        category: the settled category (``none`` for not limited), or empty where ``question``
            decides.
        readings: for a disputed type, the category under each answer to its question.
        reason: why it is classified so, in a sentence.
        noun: what it is, in words (``anti-tank missile``).
    """

    id: str
    name: str
    category: str
    question: str
    readings: Mapping[str, str]
    reason: str
    noun: str

    def may_be(self, category: str) -> bool:
        """True where the type falls in the category under some reading."""
        return self.category == category or category in self.readings.values()


TypeLookup = Callable[[str], KnownType | None]
"""Finds the type a designation means; ``None`` where the catalogue does not know it."""


def no_catalogue(_designation: str) -> KnownType | None:
    """Know no type: for agreements read without an equipment catalogue."""
    return None


def from_catalogue(catalogue: Catalogue, law: Agreement) -> TypeLookup:
    """Return a lookup in a catalogue, under an agreement; an ambiguous designation finds none."""

    @cache
    def lookup(designation: str) -> KnownType | None:
        match = catalogue.find(designation)
        if not isinstance(match, Found):
            return None
        item = match.type
        found = place(item, law)
        kind = item.attributes.get("kind")
        return KnownType(
            id=item.id,
            name=item.name,
            category=found.category,
            question="" if found.category else item.question,
            readings={reading.reading: reading.category for reading in found.readings},
            reason=english(item.reasoning or item.basis_text),
            noun=name(str(kind).replace("anti_", "anti-").replace("_", " ")) if kind else "",
        )

    return lookup
