"""The kept balances: what moved in each calendar year, added up by all that bears on a count.

They repeat what the movements say so that nobody has to add up millions of rows for one answer:
made from the rows in the same transaction, and never believed blindly. ``recomputed`` finds them
again from nothing but the movements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    case,
    delete,
    extract,
    func,
    insert,
    select,
    tuple_,
)

from compliance.ledger.tables import movement, turnover, withdrawal
from compliance.values.dates import DateSpan
from compliance.values.records import Account, Movement
from compliance.values.vocabulary import Basis, State

# So many rows are asked for in one statement.
_BATCH = 400

# What is added up is written when it is so much, so that it does not grow with the rows.
_MOST = 12_000

_REDUCED = "@reduced:"

_COLUMNS = tuple(column.name for column in turnover.c)

_T = TypeVar("_T")

Place = tuple[int, int]
"""A submission and a line."""


Alike = tuple[str, ...]
"""What movements have in common that are kept as one sum for each basis and each year, as
``ALIKE`` names it."""

ALIKE = (
    *("to_party", "to_status", "to_place", "from_party", "from_status", "from_place"),
    *("type", "category", "marking"),
)


class Key(NamedTuple):
    """All that movements have in common that are kept as one sum."""

    to_party: str
    year: int
    to_status: str
    to_place: str
    from_party: str
    from_status: str
    from_place: str
    type: str
    category: str
    basis: str
    marking: str


class Sum(NamedTuple):
    """What movements add up to.

    Attributes:
        movements: how many they are.
        quantity_low: whole items, at least.
        quantity_high: the sum of those that have an upper bound.
        open: how many have none.
    """

    movements: int
    quantity_low: int
    quantity_high: int
    open: int


def kept(connection: Connection) -> dict[Key, Sum]:
    """Return the sums as they are kept."""
    return _by_key(connection, select(turnover))


def recomputed(connection: Connection) -> dict[Key, Sum]:
    """Return the sums as they should be, from all movements in force."""
    return _by_key(connection, _added_up(connection))


def renew(connection: Connection) -> None:
    """Make all sums anew from the movements in force, whatever is kept."""
    connection.execute(delete(turnover))
    fresh = _added_up(connection)
    connection.execute(insert(turnover).from_select(list(_COLUMNS), fresh))


def _by_key(connection: Connection, query: Select[Any]) -> dict[Key, Sum]:
    keys = len(Key._fields)
    return {
        Key(*row[:keys]): Sum(*map(int, row[keys:]))
        for row in connection.execute(query, execution_options={"yield_per": 5000})
    }


def _added_up(connection: Connection) -> Select[Any]:
    """Return the query that adds up all movements in force that are done within one year."""
    row = movement.c
    first, last = (extract("year", day) for day in (row.date_first, row.date_last))
    said: dict[str, ColumnElement[Any]] = {
        **row,
        "year": last,
        "from_place": _kind(connection, row.from_place),
        "to_place": _kind(connection, row.to_place),
    }
    columns = [said[name].label(name) for name in Key._fields]
    corrected = [
        select(1)
        .where(later.c.corrects_submission == row.submission_id, later.c.corrects_line == row.line)
        .exists()
        for later in (movement.alias(), withdrawal.alias())
    ]
    return (
        select(
            *columns,
            func.count().label("movements"),
            func.sum(row.quantity_low).label("quantity_low"),
            func.coalesce(func.sum(row.quantity_high), 0).label("quantity_high"),
            (func.count() - func.count(row.quantity_high)).label("open"),
        )
        .where(row.state == State.DONE.value, first == last, *(~some for some in corrected))
        .group_by(*(column.element for column in columns))
    )


def _kind(connection: Connection, place: ColumnElement[str]) -> ColumnElement[str]:
    """Return what is kept of an outside place, as SQL."""
    if connection.dialect.name == "postgresql":
        kind = func.split_part(place, ":", 1)
    else:
        kind = func.substr(place, 1, func.instr(place + ":", ":") - 1)
    return case((func.substr(place, 1, len(_REDUCED)) == _REDUCED, place), else_=kind)


def kind_of(place: str) -> str:
    """Return what is kept of an outside place: its kind, and of a reduction the method, too."""
    return place if place.startswith(_REDUCED) else place.partition(":")[0]


def year_of(dates: DateSpan) -> int | None:
    """Return the year in which a movement lies, or ``None`` where it is not one alone."""
    return dates.last.year if dates.first.year == dates.last.year else None


def alike_of(row: Movement) -> Alike | None:
    """Return what a movement has in common with those kept in one sum, or ``None``.

    That is where no kept balance speaks of movements like it.
    """
    if row.state is not State.DONE:
        return None
    return (*_side(row.destination), *_side(row.origin), row.type, row.category, row.more.marking)


def _side(account: Account) -> tuple[str, str, str]:
    status = account.status.value if account.party else ""
    return account.party, status, kind_of(account.place)


# Four numbers in one, so that a row is added up in one step: each has more bits than a sum fills.
_BITS = 80
_FIELD = (1 << _BITS) - 1

_BASES = tuple(basis.value for basis in Basis)
_YEARS = 10_000
_PLACES = len(_BASES) * _YEARS

BASIS_PLACE = {basis: number * _YEARS for number, basis in enumerate(Basis)}
"""What a basis adds to the place of a sum; the year is what it is."""


def packed(low: int, high: int | None) -> int:
    """Return what one movement adds to a sum, as one number."""
    return 1 | low << _BITS | (1 << 3 * _BITS if high is None else high << 2 * _BITS)


class Changes:
    """What a submission changes in the kept balances, added up before it is written.

    Attributes:
        added: sums of movements that come in, as ``packed``, by place: that of what they have in
            common, and what their basis and year add to it.
    """

    def __init__(self, connection: Connection) -> None:
        self.added: defaultdict[int, int] = defaultdict(int)
        self._taken: defaultdict[int, int] = defaultdict(int)
        self._connection = connection
        self._numbers: dict[Alike, int] = {}

    @property
    def many(self) -> bool:
        """True where there are so many sums that they should be written."""
        return len(self.added) >= _MOST

    def place(self, alike: Alike) -> int:
        """Return the place of the sums of movements that are alike, good until ``forget``."""
        return self._numbers.setdefault(alike, len(self._numbers)) * _PLACES

    def forget(self) -> None:
        """Write what there is; what ``place`` gave is of no use any more."""
        self.write()
        self._numbers.clear()

    def add(self, rows: Iterable[Movement]) -> None:
        """Add movements, one by one."""
        for row in rows:
            alike, year = alike_of(row), year_of(row.date)
            if alike is not None and year is not None:
                place = self.place(alike) + BASIS_PLACE[row.basis] + year
                self.added[place] += packed(row.quantity.low or 0, row.quantity.high)

    def take_back(self, places: Iterable[Place]) -> None:
        """Subtract the movements that stand at places: they were corrected or withdrawn.

        Where something else stands there, nothing is subtracted.
        """
        columns = movement.c
        for some in _batches(places):
            at = tuple_(columns.submission_id, columns.line).in_(some)
            for row in self._connection.execute(select(movement).where(at)).all():
                said = row._asdict()
                first, last = said["date_first"].year, said["date_last"].year
                if said["state"] != State.DONE.value or first != last:
                    continue
                kinds = {name: kind_of(said[name]) for name in ("to_place", "from_place")}
                alike = tuple({**said, **kinds}[name] for name in ALIKE)
                place = self.place(alike) + BASIS_PLACE[Basis(said["basis"])] + last
                self._taken[place] += packed(said["quantity_low"], said["quantity_high"])

    def write(self) -> None:
        """Bring what was added up so far into the table."""
        numbered = list(self._numbers)

        def in_order(place: int) -> tuple[str, int]:
            return numbered[place // _PLACES][0], place % _YEARS

        statement = _upsert(self._connection)
        for sums, sign in ((self.added, 1), (self._taken, -1)):
            # As the table is ordered: so less of it has to be in memory.
            for places in _batches(sorted(sums, key=in_order)):
                rows = [_row(numbered, place, sums[place], sign) for place in places]
                self._connection.exec_driver_sql(statement, rows)
        if self._taken:
            self._connection.execute(delete(turnover).where(turnover.c.movements == 0))
        self.added.clear()
        self._taken.clear()


def _row(numbered: Sequence[Alike], place: int, total: int, sign: int) -> tuple[Any, ...]:
    number, rest = divmod(place, _PLACES)
    basis, year = divmod(rest, _YEARS)
    sums = [sign * (total >> _BITS * part & _FIELD) for part in range(len(Sum._fields))]
    return (*numbered[number], _BASES[basis], year, *sums)


def _upsert(connection: Connection) -> str:
    """Return the statement that adds to what is kept; both databases know it."""
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    keys = (*ALIKE, "basis", "year")
    columns = (*keys, *Sum._fields)
    added = ", ".join(f"{name} = turnover.{name} + excluded.{name}" for name in Sum._fields)
    return (
        f"INSERT INTO turnover ({', '.join(columns)})"  # noqa: S608 - names of the schema
        f" VALUES ({', '.join([mark] * len(columns))})"
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}"
    )


def _batches(items: Iterable[_T]) -> Iterator[list[_T]]:
    rest = iter(items)
    while some := list(islice(rest, _BATCH)):
        yield some
