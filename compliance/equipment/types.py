"""The frozen values of the equipment catalogue and of a search in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from compliance.values.frozen import frozen

AttributeValue = float | bool | str


@frozen
class Operator:
    """Somebody who holds or held a type.

    Attributes:
        party: a party id, or ``other``.
        note: ``historic``, ``ordered``, ``prototype``, ``police``, ``unverified`` or empty.
    """

    party: str
    note: str


@frozen
class TypeReading:
    """The category of a disputed type under one reading of its question."""

    reading: str
    category: str
    reason: str


@frozen
class EquipmentType:
    """One type of equipment and where it stands.

    Attributes:
        alias_notes: for some aliases, the publication in which that spelling stands.
        category: the category, ``none``, or empty where the type is disputed.
        basis: an id of the catalogue's bases: why it stands where it does.
        basis_text: that basis in words.
        listed_as: the wording of the list of existing types, or empty.
        confidence: grade of the classification, ``A`` to ``D``.
        confidence_text: that grade in words.
        attributes: measurable properties by attribute id; what is not known is absent.
        inferred: the attributes for which no source was consulted.
        weight_basis: which weight ``weight_t`` is (``combat``, ``approx``, ...).
        calibres_mm: every calibre, where there are several.
        tubes: number of tubes as the source writes it.
        question: for a disputed type, the question its category depends on; else empty.
        readings: for a disputed type, its category under each reading.
        default_reading: for a disputed type, the reading to assume where one must be assumed.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    alias_notes: tuple[str, ...]
    origin: str
    operators: tuple[Operator, ...]
    category: str
    subcategory: str
    basis: str
    basis_text: str
    listed_as: str
    confidence: str
    confidence_text: str
    reasoning: str
    sources: tuple[str, ...]
    attributes: Mapping[str, AttributeValue] = field(hash=False)
    inferred: tuple[str, ...]
    weight_basis: str
    calibres_mm: tuple[float, ...]
    tubes: str
    question: str
    readings: tuple[TypeReading, ...]
    default_reading: str

    @property
    def disputed(self) -> bool:
        """True where the category depends on a question."""
        return bool(self.question)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the name and every alias."""
        return (self.name, *self.aliases)

    @property
    def millimetres(self) -> frozenset[float]:
        """Return every calibre known of it, in mm."""
        measured = (self.attributes.get("main_gun_mm"), self.attributes.get("calibre_mm"))
        known = {float(value) for value in measured if value}
        return frozenset(known | set(self.calibres_mm))


@frozen
class AmbiguousToken:
    """A designation that means several types, so that somebody must be asked.

    Attributes:
        candidates: ids of the types it may mean.
        other_meanings: meanings for which the catalogue has no type.
    """

    token: str
    question: str
    candidates: tuple[str, ...]
    other_meanings: tuple[str, ...]
    note: str


@frozen
class WatchedToken:
    """A designation given to its dominant meaning, with a hint at the others."""

    token: str
    type: str
    hint: str


@frozen
class Meaning:
    """An id of a closed vocabulary of the catalogue (a basis, a grade), in words."""

    id: str
    text: str


@frozen
class Difference:
    """A type for which the definitions alone give another answer than the catalogue.

    Attributes:
        definitions_say: what they give: a category, ``none`` or ``cannot tell``.
        reason: why the catalogue stands all the same.
    """

    type: str
    definitions_say: str
    reason: str


@frozen
class Found:
    """The designation is that type.

    Attributes:
        by: ``name``, ``alias`` or ``part`` (only a part of the designation was recognised).
        matched: the name or alias that matched.
        left_out: for ``part``, what of the designation was not used.
        hint: another meaning to keep in mind, or empty.
    """

    type: EquipmentType
    by: str
    matched: str
    left_out: str = ""
    hint: str = ""


@frozen
class Ambiguous:
    """The designation may mean several types."""

    token: str
    question: str
    candidates: tuple[EquipmentType, ...]
    other_meanings: tuple[str, ...] = ()
    note: str = ""


@frozen
class Unknown:
    """The catalogue does not know the designation; ``near`` are names like it, best first."""

    near: tuple[str, ...]


Match = Found | Ambiguous | Unknown
