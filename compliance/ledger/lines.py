"""Lines: as what movements are told where many of them are told as one.

Movements that are alike in all that bears on a count share a line. A folding, handed in by whoever
counts, says what more may share one: of which category a type surely is, and which bases weigh
alike. Then what goes from one holder to another is told on a line of each, and what was put
together, types, bases, and who was on the other side, is kept in mind as long as it is one. Each
kind of other side is a part of a line: parts are added up apart, and joined when they are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from compliance.ledger.reading import Reading
from compliance.ledger.told import FOLDED, Line, Side, Sums, Told, joined, movement
from compliance.values.evidence import Folding, RecordedMovement
from compliance.values.vocabulary import Basis, State

# So many shapes are asked for in one statement, where they do not follow each other.
_BATCH = 500

_COLUMNS = "id, state, from_party, from_status, from_place, to_party, to_status, to_place, \
type, category, marking"
_SHAPES = f"SELECT {_COLUMNS} FROM movement_shape WHERE "  # noqa: S608 - names of the schema
_SOME = f"{_SHAPES} id IN (:numbers)"
_STRETCH = f"{_SHAPES} id BETWEEN :first AND :last"

_DONE = State.DONE.value
_REDUCED = "@reduced:"


Leg = tuple[int, int]
"""The number of a part of a line, or of a line, and what it tells of a movement, each a bit."""


_Kind = tuple[str, str, str, str, int]
"""Type, category, basis and weight as a line has them, and as bits what is not on the line."""


class _Sides(NamedTuple):
    """Origin and destination as a line has them, and which way that goes.

    Attributes:
        bits: who is left out.
        other: what kind of outside place that is; empty for holders.
    """

    origin: Side
    destination: Side
    way: str
    bits: int
    other: str


class _Shape(NamedTuple):
    sides: tuple[_Sides, ...]
    type: str
    category: str
    marking: str
    since: date


class Lines:
    """Numbers the parts of lines, and tells what was added up on each line."""

    def __init__(
        self, reading: Reading, starts: Mapping[str, date], folding: Folding | None
    ) -> None:
        """Prepare for some holders.

        Args:
            reading: the ledger.
            starts: by holder the day after which its movements matter.
            folding: what may be told together; ``None`` for what is alike only.
        """
        self._reading = reading
        self._starts = starts
        self._folding = folding
        self._shapes: dict[int, _Shape | None] = {}
        self._numbers: dict[tuple[str | Side, ...], int] = {}
        self._parts: list[tuple[int, str]] = []
        self._places: dict[Line, int] = {}
        self._lines: list[Line] = []
        self._bits: dict[tuple[str, str | Side], int] = {}
        self._details: list[tuple[str, str | Side]] = []
        self._read: dict[int, Told] = {}
        self._order: list[int] = []
        self._sides: dict[tuple[str, ...], tuple[_Sides, ...]] = {}
        self._kinds: dict[tuple[str, str, Basis, str], _Kind] = {}
        self._pairs: dict[Leg, Leg] = {}
        self.legs: dict[str, Mapping[int, tuple[Leg, ...]]] = {
            basis.value: _Legs(self, basis) for basis in Basis
        }
        """By basis and shape the parts of lines that a movement is added to."""
        self.latest = max(starts.values(), default=date.min)
        """After this day every movement matters to each of its holders."""

    def __len__(self) -> int:
        """How many parts of lines there are by now."""
        return len(self._parts)

    def learn(self, numbers: Iterable[int]) -> None:
        """Find out what shapes are, before their legs are asked for."""
        new = set(numbers).difference(self._shapes)
        if not new:
            return
        first, last = min(new), max(new)
        if last - first < 2 * len(new):
            self._take(self._reading.rows(_STRETCH, first=first, last=last))
        else:
            rest = iter(sorted(new))
            while some := list(islice(rest, _BATCH)):
                self._take(self._reading.rows(_SOME, numbers=some))

    def since(self, number: int) -> date:
        """Return the day after which a shape matters to a holder on either side."""
        shape = self._shapes.get(number)
        return date.max if shape is None else shape.since

    def _take(self, rows: Iterable[Sequence[str]]) -> None:
        """Take shapes up: those of what is done, and of what matters to any."""
        starts = self._starts
        for number, state, *sides, designation, category, marking in rows:
            since = min(starts.get(sides[0], date.max), starts.get(sides[3], date.max))
            found = None
            if state == _DONE and since < date.max:
                both = tuple(sides)
                if both not in self._sides:
                    self._sides[both] = tuple(self._found_sides(*both))
                found = _Shape(self._sides[both], designation, category, marking, since)
            self._shapes[int(number)] = found

    def _found_sides(self, *both: str) -> Iterator[_Sides]:
        origin = both[0], both[1], _kind(both[2])
        destination = both[3], both[4], _kind(both[5])
        folding = self._folding
        if folding is None or folding.kin(origin[0], destination[0]):
            yield _Sides(origin, destination, "both", 0, "")
            return
        if origin[0] in self._starts:
            yield _Sides(origin, FOLDED, "out", self._bit("side", destination), destination[2])
        if destination[0] in self._starts:
            yield _Sides(FOLDED, destination, "in", self._bit("side", origin), origin[2])

    def _bit(self, what: str, value: str | Side) -> int:
        key = what, value
        bit = self._bits.get(key)
        if bit is None:
            bit = self._bits[key] = 1 << len(self._details)
            self._details.append(key)
        return bit

    def find(self, number: int, basis: Basis) -> tuple[Leg, ...]:
        """Return the parts of lines that movements of a shape on a basis are added to."""
        shape = self._shapes.get(number)
        if shape is None:
            return ()
        designation, category, marking = shape.type, shape.category, shape.marking
        found: list[Leg] = []
        for sides in shape.sides:
            key = designation, category, basis, sides.way
            kind = self._kinds.get(key)
            if kind is None:
                kind = self._kinds[key] = self._found_kind(*key)
            part = sides.origin, sides.destination, *kind[:4], marking, sides.other
            place = self._numbers.get(part)
            if place is None:
                place = self._numbers[part] = len(self._parts)
                self._parts.append((self._place(Line(*part[:-1])), sides.other))
            found.append((place, sides.bits | kind[4]))
        if len(found) == 2:
            one, other = ((self._parts[place][0], bits) for place, bits in found)
            self._pairs[one], self._pairs[other] = other, one
        return tuple(found)

    def _place(self, line: Line) -> int:
        """Return the number of a line."""
        place = self._places.get(line)
        if place is None:
            place = self._places[line] = len(self._lines)
            self._lines.append(line)
        return place

    def _found_kind(self, designation: str, category: str, basis: Basis, way: str) -> _Kind:
        folding = self._folding
        certain = "" if folding is None else folding.category(designation, category, basis)
        if folding is None or not certain:
            return designation, category, basis.value, "", 0
        bits, weight = self._bit("basis", basis.value), folding.weight(way, basis)
        if folding.by_type:
            return designation, category, "", weight, bits
        return "", certain, "", weight, bits | self._bit("type", designation)

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
                told = self._detail(some.told)
                sides = self._between(place, told, lines, done)
                apart = parts.get(place, ())
                yield movement(self._lines[place], told, *sides, some, begins, ends, apart)

    def _between(
        self, place: int, told: Told, sums: Mapping[int, Sums], done: set[int]
    ) -> tuple[Side, Side]:
        """Return both sides of what a line tells: the other side as long as it is one.

        A holder on the other side has a line of its own; where what went between the two is alone
        on the lines of both, it is told once.
        """
        origin, destination, other = *self._lines[place][:2], told.side
        if other is None:
            return origin, destination
        pair = self._pairs.get((place, sums[place].told))
        if pair is None:
            if other[0] in self._starts:
                return origin, destination
        elif pair[0] in sums and sums[pair[0]].told == pair[1]:
            done.add(pair[0])
        else:
            return origin, destination
        return (other, destination) if origin is FOLDED else (origin, other)

    def _ranks(self) -> list[int]:
        """Return the place of each line in an order that does not turn on their numbers."""
        if len(self._order) < len(self._lines):
            places = sorted(range(len(self._lines)), key=self._lines.__getitem__)
            self._order = [0] * len(places)
            for rank, place in enumerate(places):
                self._order[place] = rank
        return self._order

    def _detail(self, bits: int) -> Told:
        found = self._read.get(bits)
        if found is None:
            of: dict[str, list[Any]] = {"type": [], "basis": [], "side": []}
            rest = bits
            while rest:
                place = rest.bit_length() - 1
                what, value = self._details[place]
                of[what].append(value)
                rest ^= 1 << place
            types, sides = of["type"], of["side"]
            found = self._read[bits] = Told(
                types[0] if len(types) == 1 else "",
                tuple(basis for basis in Basis if basis.value in of["basis"]),
                sides[0] if len(sides) == 1 else None,
            )
        return found


class _Legs(dict[int, tuple[Leg, ...]]):
    """The lines of shapes on one basis, each found where it is asked for first."""

    def __init__(self, lines: Lines, basis: Basis) -> None:
        self._lines = lines
        self._basis = basis

    def __missing__(self, number: int) -> tuple[Leg, ...]:
        found = self[number] = self._lines.find(number, self._basis)
        return found


def _kind(place: str) -> str:
    """Return an outside place as it is told with others: only its kind."""
    return place if place.startswith(_REDUCED) else place.partition(":")[0]
