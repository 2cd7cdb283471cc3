"""The proof that the kept balances are what the movements add up to.

Sums by all that bears on a count are as many as there are parties, types and years together, and
would not stay in a small memory. So each shape and each basis gets a random weight that nobody
knows before, and what is compared is, year by year, the sum of all amounts times both weights: over
the movements on one side, over the kept balances on the other. Where any balance differs, the two
are equal with a chance of 1 in 2**127.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from operator import mul
from secrets import token_bytes
from typing import Any

from sqlalchemy import Connection, Select, and_, select, union
from sqlalchemy.exc import DatabaseError

from compliance.ledger.damage import Break, Damage
from compliance.ledger.refusals import lost, reason
from compliance.ledger.shapes import by_number
from compliance.ledger.stored import SHAPE, Shape
from compliance.ledger.tables import TABLES, movement_row, movement_shape, turnover
from compliance.ledger.turnover import Sum, kept, recomputed
from compliance.values.dates import DateSpan
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status

# No sum of quantities reaches so far, so that four of them stand in one number side by side.
_WIDTH = 96

# So many weights are remembered; when there are more, they are found again.
_MOST = 32_768

_STREAM = {"yield_per": 1000}


class Tally:
    """Movements added up by year, each amount times the weights of its shape and its basis.

    Attributes:
        by_year: the sums; of movements that lie in no single year under ``None``.
        bases: the weight of each basis.
    """

    def __init__(self) -> None:
        self.by_year: defaultdict[int | None, int] = defaultdict(int)
        self._secret = token_bytes(32)
        self._weights: dict[int, int] = {}
        self.bases = {basis.value: self._made(basis.value) for basis in Basis}

    def weight(self, shape: int) -> int:
        """Return the weight of a shape's number."""
        weight = self._weights.get(shape)
        if weight is None:
            if len(self._weights) >= _MOST:
                self._weights.clear()
            weight = self._weights[shape] = self._made(str(shape))
        return weight

    def add_all(
        self,
        years: Sequence[int | None],
        weights: Iterable[int],
        bases: Iterable[int],
        amounts: Iterable[int],
        sign: int = 1,
    ) -> None:
        """Add movements, or take them away with the sign -1.

        Args:
            years: of each its year, see ``year_of``.
            weights: of each the weight of its shape; 0 where no kept balance speaks of it.
            bases: of each the weight of its basis.
            amounts: of each what ``amount_of`` gives.
            sign: 1 or -1.
        """
        products = map(mul, map(mul, weights, bases), amounts)
        if len(set(years)) == 1:
            self.by_year[years[0]] += sign * sum(products)
            return
        for year, product in zip(years, products, strict=True):
            self.by_year[year] += sign * product

    def add(self, shape: int, basis: str, dates: DateSpan, quantity: Span, sign: int = 1) -> None:
        """Add a movement that is done, or take it away with the sign -1."""
        product = self.weight(shape) * self.bases[basis] * amount_of(quantity)
        self.by_year[year_of(dates)] += sign * product

    def take_kept(self, rows: Sequence[Sequence[Any]]) -> None:
        """Take kept balances away.

        Args:
            rows: of each the year, the shape's number, the basis and what ``turnover.Sum`` has.
        """
        years, shapes, bases, *sums = zip(*rows, strict=True)
        weights, of_basis = map(self.weight, shapes), map(self.bases.__getitem__, bases)
        self.add_all(years, weights, of_basis, map(_beside, *sums), -1)

    def _made(self, name: str) -> int:
        made = blake2b(name.encode(), digest_size=16, key=self._secret).digest()
        return int.from_bytes(made, "big")


def year_of(dates: DateSpan) -> int | None:
    """Return the year in which all of the days lie, or ``None``."""
    return dates.first.year if dates.first.year == dates.last.year else None


def amount_of(quantity: Span) -> int:
    """Return what one movement adds to a kept balance, as one number."""
    return _beside(1, quantity.low or 0, quantity.high or 0, int(quantity.high is None))


def _beside(movements: int, low: int, high: int, without_high: int) -> int:
    return movements + (low << _WIDTH) + (high << 2 * _WIDTH) + (without_high << 3 * _WIDTH)


def wrong_balance(connection: Connection, tally: Tally) -> Break | None:
    """Return what is wrong with the kept balances, if anything is.

    Args:
        connection: a reading connection.
        tally: all movements recorded, each of them proven.

    Raises:
        DatabaseError: the connection to the server was lost.
    """
    try:
        return _compared(connection, tally)
    except DatabaseError as error:
        if lost(error):
            raise
        return _wrong(f"cannot be read: {reason(error)}")


def _compared(connection: Connection, tally: Tally) -> Break | None:
    for shape, basis, first, last, low, high in connection.execute(
        _corrected(), execution_options=_STREAM
    ):
        tally.add(shape, basis, DateSpan(first, last), Span(low, high), -1)
    tally.by_year.pop(None, None)
    bases = {basis.value for basis in Basis}
    with connection.execute(select(turnover), execution_options=_STREAM) as balances:
        for part in balances.partitions():
            _, _, told, *_ = columns = list(zip(*part, strict=True))
            types = [set(map(type, values)) for values in columns]
            if types != [{int}, {int}, {str}, *[{int}] * len(Sum._fields)] or set(told) - bases:
                return _wrong("hold what is no balance")
            tally.take_kept(part)
    years = sorted(year for year, total in tally.by_year.items() if year is not None and total)
    return _named(connection, years[0]) if years else None


def _corrected() -> Select[Any]:
    """Return the query for all movements that were done and are in force no more."""
    later = union(
        *(
            select(table.c.corrects_submission, table.c.corrects_line).where(
                table.c.corrects_submission.is_not(None)
            )
            for table in TABLES
        )
    ).subquery()
    row = movement_row.c
    return (
        select(
            *(row.shape_id, row.basis, row.date_first, row.date_last),
            *(row.quantity_low, row.quantity_high),
        )
        .where(movement_shape.c.state == State.DONE.value)
        .join(movement_shape, movement_shape.c.id == row.shape_id)
        .join(
            later,
            and_(
                row.submission_id == later.c.corrects_submission,
                row.line == later.c.corrects_line,
            ),
        )
    )


def _named(connection: Connection, year: int) -> Break:
    """Name the first kept balance of a year that is not what it should be."""
    found, right = kept(connection, year), recomputed(connection, year)
    wrong = [key for key in found.keys() | right.keys() if found.get(key) != right.get(key)]
    if not wrong:
        return _wrong(f"of {year} are not what its movements add up to")
    key = min(wrong)
    shape = dict(by_number(connection, [key[1]])).get(key[1])
    return _wrong(
        f"of {year} are not what its movements add up to: "
        f"{_what(shape) if shape else f'those of shape {key[1]}, which is not there'}, {key[2]},"
        f" are kept as {_said(found.get(key))}, and should be {_said(right.get(key))}"
    )


def _what(shape: Shape) -> str:
    """Return what movements of a shape are, from where to where."""
    said = dict(zip(SHAPE, shape, strict=True))
    origin, destination = (
        _account(said[f"{side}_party"], said[f"{side}_status"], said[f"{side}_place"])
        for side in ("from", "to")
    )
    items = " ".join(filter(None, (said["category"], said["type"]))) or "items"
    return f"{items} from {origin} to {destination}"


def _account(party: str, status: str, place: str) -> str:
    if not party:
        return place
    return party if status == Status.OVERALL.value else f"{party}:{status}"


def _said(total: Sum | None) -> str:
    if total is None:
        return "nothing"
    number, low, high, unbounded = total
    text = f"{number} movement{'s' if number != 1 else ''} of {low}"
    if high != low or unbounded:
        text += f" to {high}"
    return f"{text} and {unbounded} open" if unbounded else text


def _wrong(what: str) -> Break:
    return Break(Damage.KEPT, None, f"every hash is right, but the kept balances {what}")
