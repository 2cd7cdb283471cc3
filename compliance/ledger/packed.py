"""Sums of movements while they are added up: one number each, under one number each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from struct import Struct
from typing import Any

from compliance.values.dates import DateSpan
from compliance.values.vocabulary import Basis

# Four numbers in one, so that a row is added up in one step: each has more bits than a sum fills.
_BITS = 64
_PARTS = Struct("<4Q")

# A place is a year, a shape and a basis, one after the other as the table of sums is ordered.
_BASES = tuple(sorted(basis.value for basis in Basis))
_BASIS_BITS = 4
_YEAR_FROM = 44
_BASIS_MASK = (1 << _BASIS_BITS) - 1
_SHAPE_MASK = (1 << _YEAR_FROM) - 1 - _BASIS_MASK

BASIS_PLACE = {basis: _BASES.index(basis.value) for basis in Basis}
"""What a basis adds to the place of a sum."""


def packed(low: int, high: int | None) -> int:
    """Return what one movement adds to a sum, as one number."""
    return 1 | low << _BITS | (1 << 3 * _BITS if high is None else high << 2 * _BITS)


def shape_place(shape: int) -> int:
    """Return what a shape's number adds to the place of its sums."""
    return shape << _BASIS_BITS


def year_place(year: int) -> int:
    """Return what a year adds to the place of its sums."""
    return year << _YEAR_FROM


def parted(place: int) -> tuple[int, int]:
    """Return the number of a sum's shape, and what year and basis added to its place."""
    return (place & _SHAPE_MASK) >> _BASIS_BITS, place & ~_SHAPE_MASK


def year_at(place: int) -> int:
    """Return the year of a sum's place."""
    return place >> _YEAR_FROM


def rows_of(places: Sequence[int], totals: Iterable[int], sign: int) -> list[tuple[Any, ...]]:
    """Return sums as that table has them: year, shape, basis, and four numbers times a sign."""
    texts = b"".join([total.to_bytes(_PARTS.size, "little") for total in totals])
    return [
        (
            *(place >> _YEAR_FROM, (place & _SHAPE_MASK) >> _BASIS_BITS),
            *(_BASES[place & _BASIS_MASK], sign * many, sign * low, sign * high, sign * unbounded),
        )
        for place, (many, low, high, unbounded) in zip(
            places, _PARTS.iter_unpack(texts), strict=True
        )
    ]


def year_of(dates: DateSpan) -> int | None:
    """Return the year in which a movement lies, or ``None`` where it is not one alone."""
    return dates.last.year if dates.first.year == dates.last.year else None
