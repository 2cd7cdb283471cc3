"""Sums of movements while they are added up: one number each, under one number each."""

from __future__ import annotations

from struct import Struct
from typing import Any

from compliance.values.dates import DateSpan
from compliance.values.vocabulary import Basis

# Four numbers in one, so that a row is added up in one step: each has more bits than a sum fills.
_BITS = 64
_PARTS = Struct("<4Q")

_BASES = tuple(basis.value for basis in Basis)
_YEARS = 10_000
_PLACES = len(_BASES) * _YEARS

BASIS_PLACE = {basis: number * _YEARS for number, basis in enumerate(Basis)}
"""What a basis adds to the place of a sum; the year is what it is."""


def packed(low: int, high: int | None) -> int:
    """Return what one movement adds to a sum, as one number."""
    return 1 | low << _BITS | (1 << 3 * _BITS if high is None else high << 2 * _BITS)


def place_of(shape: int) -> int:
    """Return the place of a shape's sums, to which basis and year are added."""
    return shape * _PLACES


def parted(place: int) -> tuple[int, int]:
    """Return the shape of a sum's place, and what basis and year added to it."""
    return divmod(place, _PLACES)


def year_at(place: int) -> int:
    """Return the year of a sum's place."""
    return place % _YEARS


def by_year(place: int) -> tuple[int, int]:
    """Return a sum's place as the table of sums is ordered."""
    return place % _YEARS, place


def row_of(place: int, total: int, sign: int) -> tuple[Any, ...]:
    """Return a sum as that table has it: year, shape, basis, and four numbers times a sign."""
    shape, rest = divmod(place, _PLACES)
    basis, year = divmod(rest, _YEARS)
    many, low, high, unbounded = _PARTS.unpack(total.to_bytes(_PARTS.size, "little"))
    return year, shape, _BASES[basis], sign * many, sign * low, sign * high, sign * unbounded


def year_of(dates: DateSpan) -> int | None:
    """Return the year in which a movement lies, or ``None`` where it is not one alone."""
    return dates.last.year if dates.first.year == dates.last.year else None
