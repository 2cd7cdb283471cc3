"""The kinds of rows that a file can hold, and their columns."""

from __future__ import annotations

from collections import Counter

from compliance.values.frozen import frozen

OPTIONAL = (
    "note",
    "ref",
    "stated_by",
    "subcategory",
    "unit",
    "site",
    "marking",
    "corrects",
)
"""Columns that a file of holdings or movements may have; the fields of ``records.Particulars``."""


@frozen
class Kind:
    """One kind of rows.

    Attributes:
        name: ``holdings``, ``movements`` or ``withdrawals``.
        columns: the columns of the format, in the order they are written.
        omissible: those of them that a file may leave out, because an empty cell has a meaning.
        optional: columns that are not part of the format and may stand beside it.
    """

    name: str
    columns: tuple[str, ...]
    omissible: frozenset[str] = frozenset()
    optional: tuple[str, ...] = OPTIONAL

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that every file must have."""
        return tuple(column for column in self.columns if column not in self.omissible)


DATES = frozenset({"as_of", "date"})
"""Columns that hold days."""

HOLDINGS = Kind(
    "holdings",
    ("party", "as_of", "basis", "category", "type", "status", "quantity", "source"),
    frozenset({"type", "status"}),
)
MOVEMENTS = Kind(
    "movements",
    ("date", "type", "category", "quantity", "from", "to", "state", "basis", "source"),
    frozenset({"category", "state"}),
)
WITHDRAWALS = Kind("withdrawals", ("withdraws",), optional=("note",))
KINDS = (HOLDINGS, MOVEMENTS, WITHDRAWALS)


def kind_of(columns: tuple[str, ...]) -> Kind | None:
    """Return the kind of rows that a header belongs to, or ``None`` where it does not tell.

    Only columns that one kind alone has are weighed, so that one misspelt name does not hide the
    kind.
    """
    shared = Counter(column for kind in KINDS for column in kind.columns)
    own = {column for column in columns if shared[column] == 1}
    scores = [len(own & set(kind.columns)) for kind in KINDS]
    best = [kind for kind, score in zip(KINDS, scores, strict=True) if score == max(scores)]
    return best[0] if len(best) == 1 else None
