"""Rows for the ledger's tests: plain ones, and a strategy for every row there can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from compliance.ledger.append import Receipt, record
from compliance.ledger.balances import evidence
from compliance.ledger.connect import open_engine
from compliance.ledger.reading import reading
from compliance.ledger.stored import SHAPE
from compliance.values.dates import DateSpan
from compliance.values.evidence import Evidence
from compliance.values.records import Account, Entry, Holding, Movement, Particulars
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status

PARTIES = ("serbia", "croatia", "montenegro")
CATEGORIES = ("battle_tank", "artillery")
LATE = date(2100, 1, 1)
TABLES = ("submission", "holding", "movement_row", "withdrawal")
"""The stored tables that hold submissions and rows; what movements share is beside them."""

_WHOLE = (
    *(f"SELECT * FROM {name}" for name in ("submission", "holding", "movement", "withdrawal")),
    # Which number a shape has tells nothing.
    f"SELECT sha256, {', '.join(SHAPE)} FROM movement_shape",
)


def days(first: str, last: str = "") -> DateSpan:
    return DateSpan(date.fromisoformat(first), date.fromisoformat(last or first))


def held(
    quantity: int | str = 10,
    as_of: DateSpan | str = "2020-01-01",
    *,
    party: str = "serbia",
    basis: Basis = Basis.DECLARED,
    category: str = "battle_tank",
    type: str = "",
    source: str = "a source",
    corrects: str = "",
) -> Holding:
    return Holding(
        party,
        as_of if isinstance(as_of, DateSpan) else days(as_of),
        basis,
        category,
        type,
        Status.OVERALL,
        Span.parse(str(quantity)),
        source,
        more=Particulars(corrects=corrects),
    )


def moved(
    quantity: int | str = 5,
    date: DateSpan | str = "2020-06-01",
    *,
    origin: str = "@import:France",
    destination: str = "serbia",
    category: str = "battle_tank",
    type: str = "",
    basis: Basis = Basis.DECLARED,
    state: State = State.DONE,
    corrects: str = "",
) -> Movement:
    return Movement(
        date if isinstance(date, DateSpan) else days(date),
        type,
        category,
        Span.parse(str(quantity)),
        Account.parse(origin),
        Account.parse(destination),
        state,
        basis,
        "a source",
        more=Particulars(corrects=corrects),
    )


def put(url: URL, rows: Sequence[Entry], **said: str) -> Receipt:
    engine = open_engine(url, writing=True)
    try:
        return record(
            engine, rows, **{"recorded_by": "tester", "command": "test", "note": "", **said}
        )
    finally:
        engine.dispose()


def get(
    url: URL,
    *,
    as_of: date = LATE,
    known_at: str | None = None,
    parties: Sequence[str] = PARTIES,
    categories: Sequence[str] = CATEGORIES,
    basis: Basis | None = None,
) -> Evidence:
    with reading(url.render_as_string(hide_password=False)) as ledger:
        return evidence(
            ledger,
            as_of=as_of,
            known_at=known_at,
            parties=parties,
            categories=categories,
            basis=basis,
        )


@contextmanager
def plain_client(url: URL) -> Iterator[Connection]:
    """Open a database without any code of the program; every statement stands for itself."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def ask(url: URL, query: str) -> list[dict[str, Any]]:
    """Read with a plain client; days as text, as an SQLite file keeps them."""
    with plain_client(url) as connection:
        rows = [row._asdict() for row in connection.exec_driver_sql(query)]
    return [
        {name: str(value) if isinstance(value, date) else value for name, value in row.items()}
        for row in rows
    ]


def everything(url: URL) -> list[list[str]]:
    """Return all that is recorded, as text, in an order that no database decides."""
    return [sorted(map(str, ask(url, query))) for query in _WHOLE]


def sums(url: URL) -> list[str]:
    """Return the kept balances, each with the columns of its shape in place of its number."""
    query = (
        f"SELECT turnover.*, {', '.join(SHAPE)} FROM turnover"
        " JOIN movement_shape ON movement_shape.id = turnover.shape_id"
    )
    found = ask(url, query)
    assert len(found) == ask(url, "SELECT COUNT(*) AS n FROM turnover")[0]["n"]
    for row in found:
        del row["shape_id"]
    return sorted(map(str, found))


def counts(url: URL) -> tuple[int, int, int]:
    """Submissions, holdings, movements."""
    return tuple(  # type: ignore[return-value]
        ask(url, f"SELECT COUNT(*) AS n FROM {table}")[0]["n"]
        for table in ("submission", "holding", "movement")
    )


# A server keeps no NUL, and no file that is taken in holds one.
_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
_DAYS = st.dates(date(1995, 1, 1), date(2035, 12, 31))
_DATES = st.tuples(_DAYS, _DAYS).map(lambda pair: DateSpan(min(pair), max(pair)))
_NUMBERS = st.one_of(st.integers(0, 3), st.integers(0, 999_999_999))
_SPANS = st.one_of(
    _NUMBERS.map(Span.exactly),
    _NUMBERS.map(Span.at_least),
    st.tuples(_NUMBERS, _NUMBERS).map(lambda pair: Span(min(pair), max(pair))),
)
_ACCOUNTS = st.one_of(
    st.builds(Account, st.sampled_from(PARTIES), st.sampled_from(Status)),
    st.sampled_from(
        ["@production", "@lost", "@import", "@import:France", "@export:Ukraine", "@reduced:x_y"]
    ).map(Account.parse),
)
PARTICULARS = st.builds(
    Particulars,
    note=_TEXT,
    ref=_TEXT,
    stated_by=_TEXT,
    subcategory=_TEXT,
    unit=_TEXT,
    site=_TEXT,
    marking=_TEXT,
)
HOLDINGS = st.builds(
    Holding,
    party=st.sampled_from(PARTIES),
    as_of=_DATES,
    basis=st.sampled_from(Basis),
    category=st.sampled_from([*CATEGORIES, "none"]),
    type=_TEXT,
    status=st.sampled_from(Status),
    quantity=_SPANS,
    source=_TEXT,
    withheld=st.booleans(),
    more=PARTICULARS,
).map(lambda row: row if not row.withheld else _withheld(row))
MOVEMENTS = st.builds(
    Movement,
    date=_DATES,
    type=_TEXT,
    category=st.sampled_from([*CATEGORIES, "none", ""]),
    quantity=_SPANS,
    origin=_ACCOUNTS,
    destination=_ACCOUNTS,
    state=st.sampled_from(State),
    basis=st.sampled_from(Basis),
    source=_TEXT,
    more=PARTICULARS,
)
ROWS = st.lists(st.one_of(HOLDINGS, MOVEMENTS), min_size=1, max_size=6)


def _withheld(row: Holding) -> Holding:
    """Return the row with the quantity that a withheld row carries."""
    return Holding(
        row.party,
        row.as_of,
        row.basis,
        row.category,
        row.type,
        row.status,
        Span.at_least(0),
        row.source,
        withheld=True,
        more=row.more,
    )
