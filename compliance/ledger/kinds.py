"""Kinds: a shape and a basis as one number.

What the database adds up by one number it sorts sooner than by a number and a text, and what is
found by one is found sooner here, too.
"""

from __future__ import annotations

from compliance.values.vocabulary import Basis

BASES = tuple(Basis)
"""By the place of a basis in its kinds."""

MANY = len(BASES)
"""How many kinds of each shape there are: a kind is the shape times this, and a basis' place."""

_PLACES = " ".join(f"WHEN '{basis}' THEN {place}" for place, basis in enumerate(BASES))


def kind_of(row: str) -> str:
    """Return in SQL the kind of a row, of which a table's name is given."""
    # The bases are this program's own.
    return f"{row}.shape_id * {MANY} + CASE {row}.basis {_PLACES} END"
