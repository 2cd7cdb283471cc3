"""Lines: as what movements are told where many of them are told as one.

Movements that are alike in all that bears on a count share a line. A folding, handed in by whoever
counts, says what more may share one: of which category a type surely is, and which bases weigh
alike. Then what goes from one holder to another is told on a line of each, and what was put
together, types, bases, and who was on the other side, is kept in mind as long as it is one. Each
kind of other side is a part of a line: parts are added up apart, and joined when they are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from compliance.ledger.details import Details
from compliance.ledger.kinds import BASES, MANY
from compliance.ledger.legs import Legs
from compliance.ledger.reading import Reading
from compliance.ledger.told import FOLDED, Line, Side, Sums, Told, joined, movement
from compliance.values.evidence import Folding, RecordedMovement

_Kind = tuple[str, str, str, str, str]
"""Type, category, basis, weight and marking, as a line has them."""


class Lines:
    """Numbers the parts of lines, and tells what was added up on each line.

    Attributes:
        legs: those of shapes.
        parts: by the number of a leg, with the place of a basis added to it, the number of the part
            of a line it is told on, and as bits what that does not say itself.
    """

    def __init__(
        self, reading: Reading, starts: Mapping[str, date], folding: Folding | None
    ) -> None:
        """Prepare for some holders.

        Args:
            reading: the ledger.
            starts: by holder the day after which its movements matter.
            folding: what may be told together; ``None`` for what is alike only.
        """
        self._starts = starts
        self._folding = folding
        self._details = Details()
        self._numbers: dict[tuple[int, int], int] = {}
        self._parts: list[tuple[int, str]] = []
        self._places: dict[Line, int] = {}
        self._lines: list[Line] = []
        self._order: list[int] = []
        self._kinds: list[_Kind] = []
        self._kind_numbers: dict[_Kind, int] = {}
        self._kind_of: dict[tuple[int, int, str], tuple[int, int]] = {}
        self.parts: dict[int, tuple[int, int]] = _Parts(self)
        self.legs = Legs(reading, starts, folding, self._details)

    def part(self, leg: int) -> tuple[int, int]:
        """Return what ``parts`` has of a leg of a basis."""
        number, basis = divmod(leg, MANY)
        side, goods = self.legs.legs[number]
        sides = self.legs.sides[side]
        key = goods, basis, sides.way
        known = self._kind_of.get(key)
        if known is None:
            known = self._kind_of[key] = self._found_kind(*key)
        kind, bits = known
        part = self._numbers.get((side, kind))
        if part is None:
            part = self._numbers[side, kind] = len(self._parts)
            line = Line(sides.origin, sides.destination, *self._kinds[kind])
            self._parts.append((self._place(line), sides.other))
        return part, bits

    def _place(self, line: Line) -> int:
        """Return the number of a line."""
        place = self._places.get(line)
        if place is None:
            place = self._places[line] = len(self._lines)
            self._lines.append(line)
        return place

    def _found_kind(self, goods: int, place: int, way: str) -> tuple[int, int]:
        """Return the number of a kind of lines, and as bits what is not on them."""
        (designation, category, marking), basis = self.legs.goods[goods], BASES[place]
        folding, details, bits = self._folding, self._details, 0
        certain = "" if folding is None else folding.category(designation, category, basis)
        if folding is None or not certain:
            kind = designation, category, basis.value, "", marking
        else:
            bits, weight = details.of_basis(basis), folding.weight(way, basis)
            if folding.by_type:
                kind = designation, category, "", weight, marking
            else:
                kind = "", certain, "", weight, marking
                bits |= details.of_type(designation)
        number = self._kind_numbers.setdefault(kind, len(self._kinds))
        if number == len(self._kinds):
            self._kinds.append(kind)
        return number, bits

    def told(
        self, sums: Mapping[int, Sums], begins: date, ends: date
    ) -> Iterator[RecordedMovement]:
        """Yield what was added up in a stretch of days, in a fixed order.

        Args:
            sums: by the number of a part.
            begins: the first day of the stretch.
            ends: the last one.
        """
        lines, parts = joined(sums, self._parts)
        done: set[int] = set()
        for place in sorted(lines, key=self._ranks().__getitem__):
            if place not in done:
                some = lines[place]
                told = self._details.read(some.told)
                sides = self._between(self._lines[place], told, some.told, lines, done)
                apart = parts.get(place, ())
                yield movement(self._lines[place], told, *sides, some, begins, ends, apart)

    def _between(
        self, line: Line, told: Told, bits: int, sums: Mapping[int, Sums], done: set[int]
    ) -> tuple[Side, Side]:
        """Return both sides of what a line tells: the other side as long as it is one.

        A holder on the other side has a line of its own; where what went between the two is alone
        on the lines of both, it is told once.
        """
        origin, destination, other = *line[:2], told.side
        if other is None:
            return origin, destination
        if other[0] in self._starts:
            place = self._alone_on(line, told, bits, sums)
            if place is None:
                return origin, destination
            done.add(place)
        return (other, destination) if origin is FOLDED else (origin, other)

    def _alone_on(self, line: Line, told: Told, bits: int, sums: Mapping[int, Sums]) -> int | None:
        """Return the other holder's line where all on both is of one type and basis, and the same.

        Args:
            line: that of one holder.
            told: what is told of it; the other side is one.
            bits: the same as bits.
            sums: of all lines, by their numbers.
        """
        folding, other = self._folding, told.side
        assert folding is not None and other is not None
        leaves = line.destination is FOLDED
        own = line.origin if leaves else line.destination
        weight = ""
        if not line.basis:
            # The side, the basis, and where the line has no type, that.
            if bits.bit_count() != 2 + (not folding.by_type):
                return None
            weight = folding.weight("in" if leaves else "out", told.bases[0])
        sides = (FOLDED, other) if leaves else (other, FOLDED)
        place = self._places.get(Line(*sides, *line[2:5], weight, line.marking))
        same = bits ^ self._details.of_side(other) | self._details.of_side(own)
        found = None if place is None else sums.get(place)
        return place if found is not None and found.told == same else None

    def _ranks(self) -> list[int]:
        """Return the place of each line in an order that does not turn on their numbers."""
        if len(self._order) < len(self._lines):
            places = sorted(range(len(self._lines)), key=self._lines.__getitem__)
            self._order = [0] * len(places)
            for rank, place in enumerate(places):
                self._order[place] = rank
        return self._order


class _Parts(dict[int, tuple[int, int]]):
    """The parts of lines, each found where it is asked for first."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def __missing__(self, leg: int) -> tuple[int, int]:
        found = self[leg] = self._lines.part(leg)
        return found
