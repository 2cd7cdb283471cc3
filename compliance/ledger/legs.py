"""Legs: which way movements of a shape go for the holders asked about.

Where movements are only told together that are alike, a shape has one leg, from origin to
destination. A folding tells what goes from one holder to another on two: out of the one, into the
other. Shapes that share a leg differ only in who is on its other side, which is kept as bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

from compliance.ledger.details import Details
from compliance.ledger.kinds import MANY
from compliance.ledger.reading import Reading
from compliance.ledger.told import FOLDED, Side
from compliance.values.evidence import Folding
from compliance.values.vocabulary import State

# So many shapes are asked for in one statement, where they do not follow each other.
_BATCH = 500

_COLUMNS = "id, from_party, from_status, from_place, to_party, to_status, to_place, \
type, category, marking"
_SHAPES = f"SELECT {_COLUMNS} FROM movement_shape WHERE state = '{State.DONE}' AND "  # noqa: S608 - names of the schema
_SOME = f"{_SHAPES} id IN (:numbers)"
_STRETCH = f"{_SHAPES} id BETWEEN :first AND :last"

_REDUCED = "@reduced:"

_SIDE = 1 << 32
"""What a leg's way is multiplied by before the number of its goods is added."""

Goods = Sequence[str]
"""Type, category and marking, as stated."""


class Sides(NamedTuple):
    """Origin and destination as a line has them, and which way that goes.

    Attributes:
        other: what kind of outside place is left out; empty for holders.
    """

    origin: Side
    destination: Side
    way: str
    other: str


class Legs:
    """Numbers the legs of shapes.

    Attributes:
        of: by shape the number of each of its legs, and who is left out of it as bits; shapes that
            matter to no holder are not here.
        since: by shape the day after which it matters to a holder on either side.
        legs: by its number, divided by ``kinds.MANY``, the places of a leg's sides and goods.
        sides: by their places.
        goods: by theirs.
        latest: after this day every movement matters to each of its holders.
    """

    def __init__(
        self,
        reading: Reading,
        starts: Mapping[str, date],
        folding: Folding | None,
        details: Details,
    ) -> None:
        """Prepare for some holders.

        Args:
            reading: the ledger.
            starts: by holder the day after which its movements matter.
            folding: what may be told together; ``None`` for what is alike only.
            details: keeps in mind who is left out.
        """
        self._reading = reading
        self._starts = starts
        self._folding = folding
        self._details = details
        self._learned: set[int] = set()
        self._between: dict[Sequence[str], tuple[date, Sequence[tuple[int, int]]]] = {}
        self._sides: dict[Sides, int] = {}
        self._goods: dict[Goods, int] = {}
        self._numbers: dict[int, int] = {}
        self.legs: list[tuple[int, int]] = []
        self.sides: list[Sides] = []
        self.goods: list[Goods] = []
        self.of: dict[int, list[tuple[int, int]]] = {}
        self.since: dict[int, date] = {}
        self.latest = max(starts.values(), default=date.min)

    def __len__(self) -> int:
        """One more than the greatest number of a leg's kind."""
        return len(self.legs) * MANY

    def learn(self, shapes: Iterable[int]) -> None:
        """Find out what shapes are, before their legs are asked for."""
        new = set(shapes).difference(self._learned)
        if not new:
            return
        self._learned |= new
        first, last = min(new), max(new)
        if last - first < 2 * len(new):
            self._take(self._reading.stream(_STRETCH, first=first, last=last))
            self._learned.update(range(first, last + 1))
        else:
            rest = iter(sorted(new))
            while some := list(islice(rest, _BATCH)):
                self._take(self._reading.rows(_SOME, numbers=some))

    def _take(self, rows: Iterable[Sequence[str]]) -> None:
        """Take shapes up: those of what matters to any holder."""
        between, goods, numbers = self._between, self._goods, self._numbers
        for row in rows:
            both, what = row[1:7], row[7:]
            known = between.get(both)
            if known is None:
                known = between[both] = self._found_ways(*both)
            since, ways = known
            if not ways:
                continue
            place = goods.get(what)
            if place is None:
                place = goods[what] = len(goods)
                self.goods.append(what)
            legs = []
            for way, bits in ways:
                key = way + place
                number = numbers.get(key)
                if number is None:
                    number = numbers[key] = len(self)
                    self.legs.append((way // _SIDE, place))
                legs.append((number, bits))
            shape = int(row[0])
            self.of[shape], self.since[shape] = legs, since

    def _found_ways(self, *both: str) -> tuple[date, Sequence[tuple[int, int]]]:
        """Return the day after which what goes between accounts matters, and which ways it goes."""
        since = min(self._starts.get(party, date.max) for party in (both[0], both[3]))
        ways = []
        for sides, bits in self._ways(*both) if since < date.max else ():
            ways.append((self._numbered(sides) * _SIDE, bits))
        return since, ways

    def _numbered(self, sides: Sides) -> int:
        if sides not in self._sides:
            self._sides[sides] = len(self.sides)
            self.sides.append(sides)
        return self._sides[sides]

    def _ways(self, *both: str) -> Iterator[tuple[Sides, int]]:
        origin = both[0], both[1], _kind(both[2])
        destination = both[3], both[4], _kind(both[5])
        folding, of_side = self._folding, self._details.of_side
        if folding is None or folding.kin(origin[0], destination[0]):
            yield Sides(origin, destination, "both", ""), 0
            return
        if origin[0] in self._starts:
            yield Sides(origin, FOLDED, "out", destination[2]), of_side(destination)
        if destination[0] in self._starts:
            yield Sides(FOLDED, destination, "in", origin[2]), of_side(origin)


def _kind(place: str) -> str:
    """Return an outside place as it is told with others: only its kind."""
    return place if place.startswith(_REDUCED) else place.partition(":")[0]
