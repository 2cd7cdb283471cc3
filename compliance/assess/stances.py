"""When rows count: the stances of types and statuses, each found once under one set of answers."""

from __future__ import annotations

from compliance.agreement.law import Agreement
from compliance.assess.stance import Stance, by_category, by_status
from compliance.assess.types import KnownType, TypeLookup
from compliance.values.records import Holding, Movement
from compliance.values.vocabulary import Basis, Status


class Stances:
    """Finds stances under one agreement and one catalogue."""

    def __init__(self, law: Agreement, lookup: TypeLookup) -> None:
        self._law = law
        self._lookup = lookup if law.catalogue else (lambda _designation: None)
        self._categories: dict[tuple[str, str, Basis, str], Stance] = {}
        self._statuses: dict[tuple[Status, str], Stance] = {}

    def known(self, designation: str) -> KnownType | None:
        """Return what the catalogue knows of a designation."""
        return self._lookup(designation) if designation else None

    def of(self, row: Holding | Movement, category: str) -> Stance:
        """Return when what a row is about is of a category."""
        return self.of_kind(row.type, row.category, row.basis, category)

    def of_kind(self, designation: str, stated: str, basis: Basis, category: str) -> Stance:
        """Return when rows of a type, a stated category and a basis are of a category."""
        key = (category, stated, basis, designation)
        found = self._categories.get(key)
        if found is None:
            found = self._categories[key] = by_category(
                self._law,
                category=category,
                stated=stated,
                basis=basis,
                named=bool(designation),
                known=self.known(designation),
            )
        return found

    def by_status(self, status: Status, category: str) -> Stance:
        """Return when items of a status count in a category."""
        found = self._statuses.get((status, category))
        if found is None:
            found = self._statuses[status, category] = by_status(self._law, status, category)
        return found
