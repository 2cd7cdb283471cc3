"""The quick way through the ledger and the careful one, row by row, find the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_rows import HOLDINGS, MOVEMENTS, held, moved, put
from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DatabaseError
from unguarded import unguarded

from compliance.ledger.connect import open_engine
from compliance.ledger.verify import verify
from compliance.values.records import Entry, Holding, Movement, Withdrawal
from compliance.values.span import Span

_KEYS = {
    **dict.fromkeys(("holding", "movement_row", "withdrawal"), ("submission_id", "line")),
    **dict.fromkeys(("movement_shape", "submission"), ("id",)),
}
_VALUES: list[Any] = [None, 0, 1, 7, -3, 1.0, 2.5, "", "1", "x", "5.0", "serbia", "2020-01-01"]
_SQLITE_ONLY = ["x'31'", "CAST(x'ff' AS TEXT)", "char(0)", "'2020-1-1'", "'20200101'"]


@st.composite
def _submissions(draw: st.DrawFn) -> list[list[Entry]]:
    """Some rows said again and again, with dates and quantities that come again, too."""
    shapes = draw(st.lists(st.one_of(HOLDINGS, MOVEMENTS), min_size=1, max_size=3))
    days = draw(st.lists(st.dates(date(1999, 12, 30), date(2000, 1, 3)), min_size=1, max_size=3))

    def again(shape: Holding | Movement) -> Entry:
        span = replace(
            moved().date, first=(day := draw(st.sampled_from(days))), last=day + timedelta(1)
        )
        quantity = draw(st.sampled_from([Span(1, 1), Span(1, 2), Span(3, None)]))
        if isinstance(shape, Movement):
            return replace(shape, date=span, quantity=quantity)
        return replace(shape, as_of=span, quantity=shape.quantity if shape.withheld else quantity)

    rows = st.lists(st.sampled_from(shapes), min_size=1, max_size=8)
    return [[again(shape) for shape in draw(rows)] for _ in range(draw(st.integers(1, 3)))]


def _recorded(url: URL, submissions: Sequence[Sequence[Entry]]) -> None:
    """Record them; correct and withdraw some of the rows."""
    for rows in submissions:
        done = put(url, rows)
        named = [f"{done.content_sha256[:12]}:{line}" for line in (1, len(rows))]
        mended = held(2) if isinstance(rows[0], Holding) else moved(2)
        later: list[Entry] = [replace(mended, more=replace(mended.more, corrects=named[0]))]
        if len(rows) > 1:
            later += [Withdrawal(named[1]), moved(1)]
        put(url, later)


def _both(connection: Connection, what: object) -> bool:
    """Compare the two ways; return whether the ledger is unbroken."""
    quick, careful = (verify(connection, quickly=quickly) for quickly in (True, False))
    assert quick == careful, what
    return quick.broken is None


def _same_on_damage(url: URL, pick: Callable[[Sequence[Any]], Any], times: int) -> None:
    with unguarded(url) as connection:
        sqlite = connection.dialect.name == "sqlite"
        assert _both(connection, "nothing was changed")
        for _ in range(times):
            table = pick(list(_KEYS))
            rows = connection.execute(text(f"SELECT * FROM {table}")).mappings().all()
            if not rows:
                continue
            row, other = dict(pick(rows)), pick(rows)
            name = pick(list(row))
            place = " AND ".join(f"{key} = {row[key]}" for key in _KEYS[table])
            value = pick([":other", ":value", *(_SQLITE_ONLY if sqlite else ())])
            said = {"other": other[name], "value": pick(_VALUES)}
            used = {key: found for key, found in said.items() if value == f":{key}"}
            inner = connection.begin_nested()
            try:
                query = f"UPDATE {table} SET {name} = {value} WHERE {place}"
                connection.execute(text(query), used)
            except DatabaseError:  # what the database itself never stores
                pass
            else:
                unbroken = _both(connection, (query, used))
                assert not unbroken or used.get("other") == row[name] or value != ":other"
            inner.rollback()
        assert _both(connection, "nothing is changed any more")


@given(data=st.data())
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_both_ways_find_the_same_damage(new_file_ledger: Any, data: st.DataObject) -> None:
    url = new_file_ledger()
    _recorded(url, data.draw(_submissions()))
    _same_on_damage(url, lambda some: data.draw(st.sampled_from(some)), 6)


@pytest.mark.long
@given(data=st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_both_ways_find_the_same_damage_again_and_again(
    new_ledger: Any, data: st.DataObject
) -> None:
    url = new_ledger()
    _recorded(url, data.draw(_submissions()))
    _same_on_damage(url, lambda some: data.draw(st.sampled_from(some)), 20)


@pytest.mark.parametrize("name", ["quantity_low", "quantity_high", "shape_id"])
def test_a_number_of_another_type_is_not_taken_for_its_equal(file_ledger: URL, name: str) -> None:
    """1 and 1.0 are equal, and only one of them was recorded."""
    put(file_ledger, [moved(1), moved(1), moved(1)])
    with closing(sqlite3.connect(str(file_ledger.database), isolation_level=None)) as client:
        ((sql,),) = client.execute("SELECT sql FROM sqlite_master WHERE name = 'movement_row'")
        client.execute("PRAGMA writable_schema = ON")
        client.execute(
            "UPDATE sqlite_master SET sql = ? WHERE sql = ?",
            [sql.replace(f"{name} INTEGER", f"{name} BLOB"), sql],
        )
        client.execute("PRAGMA writable_schema = RESET")
        (guard,) = client.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'movement_row_no_update'"
        ).fetchone()
        client.execute("DROP TRIGGER movement_row_no_update")
        client.execute(f"UPDATE movement_row SET {name} = 1.0 WHERE line = 2")
        client.execute(guard)
        found = client.execute(f"SELECT typeof({name}) FROM movement_row ORDER BY line").fetchall()
    assert found == [("integer",), ("real",), ("integer",)]
    engine = open_engine(file_ledger, writing=False)
    with engine.connect() as connection:
        assert not _both(connection, name)
    engine.dispose()


def test_rows_of_several_tables_in_turn_keep_their_order(ledger: URL) -> None:
    rows: list[Entry] = [row for number in range(40) for row in (held(number), moved(number))]
    put(ledger, [*rows, *(moved(1) for _ in range(2500)), *rows])
    engine = open_engine(ledger, writing=False)
    with engine.connect() as connection:
        assert _both(connection, "nothing was changed")
    engine.dispose()
