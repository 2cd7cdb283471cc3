"""The proof that the kept balances are what the movements add up to.

Sums by all that bears on a count are as many as there are parties, types and years together, and
would not stay in a small memory. So movements that are alike get a random weight that nobody knows
before, and what is compared is, year by year, the sum of all amounts times their weights: over the
movements on one side, over the kept balances on the other. Where any balance differs, the two are
equal with a chance of 1 in 2**128.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from secrets import token_bytes
from typing import Any

from sqlalchemy import Connection, Select, and_, select, union
from sqlalchemy.exc import DatabaseError

from compliance.ledger.damage import Break, Damage
from compliance.ledger.refusals import lost, reason
from compliance.ledger.tables import TABLES, movement, turnover
from compliance.ledger.turnover import Sum, kept, recomputed
from compliance.values.dates import DateSpan
from compliance.values.span import Span
from compliance.values.vocabulary import State, Status

_ALIKE = (
    *("to_party", "to_status", "to_place", "from_party", "from_status", "from_place"),
    *("type", "category", "basis", "marking"),
)
_SUMS = ("movements", "quantity_low", "quantity_high", "open")
# No sum of quantities reaches so far, so that four of them stand in one number side by side.
_WIDTH = 96

# So many weights are remembered; when there are more, they are found again.
_MOST = 32_768

_STREAM = {"yield_per": 1000}


class Tally:
    """Movements added up by year, each amount times the weight of what it is alike with.

    Attributes:
        by_year: the sums; of movements that lie in no single year under ``None``.
    """

    def __init__(self) -> None:
        self.by_year: defaultdict[int | None, int] = defaultdict(int)
        self._secret = token_bytes(32)
        self._weights: dict[tuple[str, ...], int] = {}

    def weight(self, stored: Mapping[str, Any]) -> int:
        """Return the weight of a movement, or 0 where no kept balance speaks of it.

        Args:
            stored: its columns by name.
        """
        if stored["state"] != State.DONE.value:
            return 0
        places = {name: _kind(stored[name]) for name in ("to_place", "from_place")}
        return self._weight(tuple(places.get(name, stored[name]) for name in _ALIKE))

    def add(
        self, stored: Mapping[str, Any], dates: DateSpan, quantity: Span, sign: int = 1
    ) -> None:
        """Add a movement, or take it away with the sign -1."""
        self.by_year[year_of(dates)] += sign * self.weight(stored) * amount_of(quantity)

    def take_kept(self, alike: tuple[str, ...], year: int, sums: Iterable[int]) -> None:
        """Take a kept balance away.

        Args:
            alike: what its movements have in common, in the order of ``_ALIKE``.
            year: its year.
            sums: in the order of ``_SUMS``.
        """
        self.by_year[year] -= self._weight(alike) * _beside(*sums)

    def _weight(self, alike: tuple[str, ...]) -> int:
        weight = self._weights.get(alike)
        if weight is None:
            name = repr(alike).encode()
            made = blake2b(name, digest_size=16, key=self._secret).digest()
            if len(self._weights) >= _MOST:
                self._weights.clear()
            weight = self._weights[alike] = int.from_bytes(made, "big")
        return weight


def year_of(dates: DateSpan) -> int | None:
    """Return the year in which all of the days lie, or ``None``."""
    return dates.first.year if dates.first.year == dates.last.year else None


def amount_of(quantity: Span) -> int:
    """Return what one movement adds to a kept balance, as one number."""
    return _beside(1, quantity.low or 0, quantity.high or 0, int(quantity.high is None))


def _beside(movements: int, low: int, high: int, without_high: int) -> int:
    return movements + (low << _WIDTH) + (high << 2 * _WIDTH) + (without_high << 3 * _WIDTH)


def _kind(place: str) -> str:
    return place if place.startswith("@reduced:") else place.split(":", 1)[0]


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
    for row in connection.execute(_corrected(), execution_options=_STREAM):
        dates = DateSpan(row.date_first, row.date_last)
        tally.add(dict(row._mapping), dates, Span(row.quantity_low, row.quantity_high), -1)
    tally.by_year.pop(None, None)
    columns = [turnover.c[name] for name in (*_ALIKE, "year", *_SUMS)]
    texts = len(_ALIKE)
    with connection.execute(select(*columns), execution_options=_STREAM) as balances:
        for part in balances.partitions():
            types = [set(map(type, values)) for values in zip(*part, strict=True)]
            if types[:texts] != [{str}] * texts or types[texts:] != [{int}] * (1 + len(_SUMS)):
                return _wrong("hold what is no balance")
            for row in part:
                tally.take_kept(row[:texts], row[texts], row[texts + 1 :])
    years = sorted(year for year, total in tally.by_year.items() if year is not None and total)
    return _named(connection, years[0]) if years else None


def _corrected() -> Select[Any]:
    """Return the query for all movements that are in force no more."""
    later = union(
        *(
            select(table.c.corrects_submission, table.c.corrects_line).where(
                table.c.corrects_submission.is_not(None)
            )
            for table in TABLES
        )
    ).subquery()
    return select(movement).join(
        later,
        and_(
            movement.c.submission_id == later.c.corrects_submission,
            movement.c.line == later.c.corrects_line,
        ),
    )


def _named(connection: Connection, year: int) -> Break:
    """Name the first kept balance of a year that is not what it should be."""
    found, right = (
        {key: total for key, total in sums.items() if key.year == year}
        for sums in (kept(connection), recomputed(connection))
    )
    wrong = [key for key in found.keys() | right.keys() if found.get(key) != right.get(key)]
    if not wrong:
        return _wrong(f"of {year} are not what its movements add up to")
    key = min(wrong)
    origin = _account(key.from_party, key.from_status, key.from_place)
    destination = _account(key.to_party, key.to_status, key.to_place)
    what = " ".join(filter(None, (key.category, key.type))) or "items"
    return _wrong(
        f"of {year} are not what its movements add up to: {what} from {origin} to {destination}, "
        f"{key.basis}, are kept as {_said(found.get(key))}, and should be {_said(right.get(key))}"
    )


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
