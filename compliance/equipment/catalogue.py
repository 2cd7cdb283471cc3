"""The equipment catalogue, and finding a type in it by designation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from compliance.equipment.types import (
    Ambiguous,
    AmbiguousToken,
    AttributeValue,
    Difference,
    EquipmentType,
    Found,
    Match,
    Meaning,
    Operator,
    TypeReading,
    Unknown,
    WatchedToken,
)
from compliance.values.names import fold, near
from compliance.values.said import said

__all__ = [
    "Ambiguous",
    "AmbiguousToken",
    "AttributeValue",
    "Catalogue",
    "Difference",
    "EquipmentType",
    "Found",
    "Match",
    "Meaning",
    "Operator",
    "TypeReading",
    "Unknown",
    "WatchedToken",
]


# Compiled when first needed: most designations are found as they stand.
_ASIDE = r"\(([^()]*)\)|\"([^\"]*)\"|'([^']*)'|[“”‘’]([^“”‘’]*)[“”‘’]"
# The wide reading first: "M-84 / M-84A/AB" has two parts, and only the second holds a slash.
_SEPARATORS = (r"\s+/\s+", r"\s*/\s*")
# One or two letters occur in too many names to point at a version.
_SHORTEST_VERSION = 3
_MILLIMETRES = r"(?i)(\d+(?:[.,]\d+)?)\s*mm\b"


class Catalogue:
    """All types, with lookup by designation.

    A designation is compared without case, accents, spaces and punctuation. Nothing is guessed:
    either the whole of it is a name, or it is one once an aside is left out, or all its parts are.
    """

    def __init__(
        self,
        *,
        id: str,
        version: str,
        title: str,
        note: str,
        sha256: str,
        types: Sequence[EquipmentType],
        places: Mapping[str, int] | None = None,
        ambiguous: Iterable[AmbiguousToken] = (),
        watched: Iterable[WatchedToken] = (),
        bases: Iterable[Meaning] = (),
        grades: Iterable[Meaning] = (),
        differences: Iterable[Difference] = (),
    ) -> None:
        """Take the types, and where among them each name stands where ``places_of`` told it.

        Raises:
            ValueError: two types share a name; loading reports every such collision instead.
        """
        self.id = id
        self.version = version
        self.title = title
        self.note = note
        self.sha256 = sha256
        self.types = types
        self.ambiguous = tuple(ambiguous)
        self.watched = tuple(watched)
        self.bases = tuple(bases)
        self.grades = tuple(grades)
        self.differences = tuple(differences)
        self._places = places_of(types) if places is None else places
        self._ambiguous = {fold(item.token): item for item in self.ambiguous}
        self._watched = {fold(item.token): item for item in self.watched}

    @cached_property
    def _by_id(self) -> dict[str, EquipmentType]:
        return {item.id: item for item in self.types}

    def type(self, type_id: str) -> EquipmentType | None:
        """Return the type of that id, if there is one."""
        return self._by_id.get(type_id)

    def difference(self, type_id: str) -> Difference | None:
        """Return the recorded difference between definitions and catalogue, if there is one."""
        return next((item for item in self.differences if item.type == type_id), None)

    def find(self, designation: str) -> Match:
        """Return the type that a designation names, the types it may name, or names like it."""
        whole = self._whole(designation)
        if whole is not None:
            return whole
        plain, asides = _without_asides(designation)
        if asides:
            stripped = self._whole(plain)
            if isinstance(stripped, Ambiguous):
                return stripped
            if stripped is not None:
                return self._checked(designation, stripped, plain, asides)
        return self._in_parts(designation, plain, asides) or Unknown(self._near(designation))

    def _whole(self, text: str) -> Found | Ambiguous | None:
        key = fold(text)
        if key in self._ambiguous:
            token = self._ambiguous[key]
            return Ambiguous(
                token.token,
                token.question,
                self._types(token.candidates),
                token.other_meanings,
                token.note,
            )
        if key not in self._places:
            return None
        item = self.types[self._places[key]]
        name = next(name for name in item.names if fold(name) == key)
        by = "name" if key == fold(item.name) else "alias"
        hint = self._watched[key].hint if key in self._watched else ""
        return Found(item, by, name, hint=hint)

    def _checked(
        self, designation: str, found: Found, plain: str, asides: tuple[str, ...]
    ) -> Match:
        """Accept a type found without the asides only where they do not speak for another."""
        known = found.type.millimetres
        measured = {
            float(number.replace(",", "."))
            for aside in asides
            for number in re.findall(_MILLIMETRES, aside)
        }
        if known and measured - known:
            names = (found.type.name, *self._near(designation))
            return Unknown(tuple(dict.fromkeys(names)))
        rivals: list[EquipmentType] = []
        for aside in asides:
            other = self._whole(aside)
            if isinstance(other, Found):
                rivals.append(other.type)
            elif isinstance(other, Ambiguous) and found.type not in other.candidates:
                rivals.extend(other.candidates)
            rivals.extend(self._versions(plain, aside))
        candidates = tuple(dict.fromkeys((found.type, *rivals)))
        if len(candidates) > 1:
            return _which(designation, candidates)
        return Found(found.type, "part", found.matched, ", ".join(asides), found.hint)

    def _versions(self, plain: str, aside: str) -> list[EquipmentType]:
        """Return the types with a name that holds both the plain designation and the aside."""
        stem, version = fold(plain), fold(aside)
        if len(version) < _SHORTEST_VERSION:
            return []
        return [
            self.types[place]
            for key, place in self._places.items()
            if key.startswith(stem) and version in key[len(stem) :]
        ]

    def _in_parts(self, designation: str, plain: str, asides: tuple[str, ...]) -> Match | None:
        """Resolve ``A / B`` where every part is a designation of its own."""
        for separator in _SEPARATORS:
            parts = [part for part in re.split(separator, plain) if part.strip()]
            found = [item for item in map(self._whole, parts) if item is not None]
            if len(found) > 1 and len(found) == len(parts):
                return self._joined(designation, found, plain, asides)
        return None

    def _joined(
        self,
        designation: str,
        found: list[Found | Ambiguous],
        plain: str,
        asides: tuple[str, ...],
    ) -> Match:
        candidates: list[EquipmentType] = []
        for item in found:
            candidates.extend(item.candidates if isinstance(item, Ambiguous) else (item.type,))
        distinct = tuple(dict.fromkeys(candidates))
        if len(distinct) > 1:
            return _which(designation, distinct)
        matched = " / ".join(item.matched for item in found if isinstance(item, Found))
        hint = next((item.hint for item in found if isinstance(item, Found) and item.hint), "")
        single = Found(distinct[0], "part", matched, hint=hint)
        return self._checked(designation, single, plain, asides) if asides else single

    def _near(self, designation: str) -> tuple[str, ...]:
        spellings = [name for item in self.types for name in item.names]
        spellings.extend(item.token for item in self.ambiguous)
        like: list[str] = []
        for text in (designation, *re.split(_SEPARATORS[-1], designation)):
            key = fold(text)
            like.extend(near(text, spellings))
            if len(key) >= _SHORTEST_VERSION:
                like.extend(name for name in spellings if key in fold(name))
        return tuple(dict.fromkeys(like))[:5]

    def _types(self, ids: Iterable[str]) -> tuple[EquipmentType, ...]:
        return tuple(self._by_id[type_id] for type_id in ids)


def places_of(types: Sequence[EquipmentType]) -> dict[str, int]:
    """Return where the type of each name stands, by the name as it is compared.

    Raises:
        ValueError: two types share a name.
    """
    places: dict[str, int] = {}
    for place, item in enumerate(types):
        for name in item.names:
            holder = types[places.setdefault(fold(name), place)]
            if holder is not item:
                raise ValueError(f"'{name}' is a name of both {holder.id} and {item.id}")
    return places


def _which(designation: str, candidates: tuple[EquipmentType, ...]) -> Ambiguous:
    return Ambiguous(designation, said("It names several types: which is meant?"), candidates)


def _without_asides(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a designation without its parentheses and nicknames, and these."""
    asides = tuple(
        aside.strip() for groups in re.findall(_ASIDE, text) for aside in groups if aside.strip()
    )
    return " ".join(re.sub(_ASIDE, " ", text).split()), asides
