"""Whatever is changed behind the guards is found, and the first submission concerned is named."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from ledger_rows import days, held, moved, put
from sqlalchemy import URL, Boolean, Connection, Date, Integer, Table, func, select, text
from sqlalchemy.exc import DatabaseError
from unguarded import unguarded

from compliance.ledger.append import Receipt
from compliance.ledger.chain import link_sha256
from compliance.ledger.connect import open_engine
from compliance.ledger.damage import Damage, Verification
from compliance.ledger.schema import open_ledger
from compliance.ledger.tables import (
    holding,
    metadata,
    movement_row,
    movement_shape,
    submission,
    withdrawal,
)
from compliance.ledger.verify import verify
from compliance.values.records import Holding, Particulars, Withdrawal
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, Status

TABLES = [submission, holding, movement_row, movement_shape, withdrawal]


def _fill(url: URL) -> list[Receipt]:
    """Record every kind of row, corrected and withdrawn, over five submissions."""
    more = Particulars("note", "ref", "stated by", "subcategory", "unit", "site", "marking")
    withheld = Holding(
        party="croatia",
        as_of=days("2020-01-01", "2020-12-31"),
        basis=Basis.OFFICIAL,
        category="artillery",
        type="D-30",
        status=Status.STORED,
        quantity=Span.at_least(0),
        source="x",
        withheld=True,
        more=more,
    )
    done = [put(url, [held("3..5"), moved("2.."), withheld, moved(1, origin="serbia:stored")])]

    def name(receipt: int, line: int) -> str:
        return f"{done[receipt].content_sha256[:12]}:{line}"

    done.append(put(url, [held(4, corrects=name(0, 1)), Withdrawal(name(0, 2), "typed twice")]))
    done.append(put(url, [held(7, category="artillery"), moved(6, corrects=name(1, 2))]))
    done.append(put(url, [Withdrawal(name(1, 1)), moved(8), Withdrawal(name(0, 3))], note="late"))
    done.append(put(url, [held(9, corrects=name(3, 1))]))
    return done


@pytest.fixture
def chain(ledger: URL) -> list[Receipt]:
    return _fill(ledger)


def _verify(url: URL, **wanted: Any) -> Verification:
    engine = open_ledger(url, writing=False)
    try:
        with engine.connect() as connection:
            return verify(connection, **wanted)
    finally:
        engine.dispose()


def test_an_untouched_ledger_is_sound(ledger: URL, chain: list[Receipt]) -> None:
    told: list[tuple[int, int]] = []
    rows = sum(receipt.rows for receipt in chain)
    found = _verify(ledger, progress=lambda done, total: told.append((done, total)))
    assert found == Verification(len(chain), rows, chain[-1].sha256, None, ())
    assert found.sound
    assert told[-1] == (rows, rows)


def test_an_empty_ledger_is_sound(ledger: URL) -> None:
    assert _verify(ledger) == Verification(0, 0, "", None, ())


def test_progress_is_told_on_the_way(ledger: URL) -> None:
    put(ledger, [moved(number) for number in range(2500)])
    told: list[tuple[int, int]] = []
    _verify(ledger, progress=lambda done, total: told.append((done, total)))
    assert told == [(1000, 2500), (2000, 2500), (2500, 2500)]


def _other_values(table: Table, name: str, value: Any) -> list[str]:
    """Return SQL for values that differ as little as can be."""
    kind = table.c[name].type
    if isinstance(kind, Boolean):
        return [f"NOT {name}"]
    if isinstance(kind, Date):
        day = date.fromisoformat(str(value))
        return [f"'{day + timedelta(step)}'" for step in (-1, 1)]
    if isinstance(kind, Integer):
        return ["7", "NULL"] if value is None else [f"{name} + 1", f"{name} - 1", "NULL"]
    changed = [f"{name} || 'x'", f"{name} || ' '", "NULL", "''"]
    if value:
        changed += [f"upper({name})", f"substr({name}, 2)", f"'X' || substr({name}, 2)"]
    return changed


_SQLITE_ONLY = {
    "withheld": ["2", "-1", "'yes'"],
    "date": ["{name} || ' '", "replace({name}, '-', '')", "''", "1"],
    "text": ["CAST({name} AS BLOB)", "CAST(x'ff' AS TEXT)", "{name} || char(0)", "5"],
    "integer": ["{name} + 0.5", "'x'"],
}


def _sqlite_values(table: Table, name: str) -> list[str]:
    kind = table.c[name].type
    which = "text"
    if isinstance(kind, Boolean):
        which = "withheld"
    elif isinstance(kind, Date):
        which = "date"
    elif isinstance(kind, Integer):
        which = "integer"
    return [value.format(name=name) for value in _SQLITE_ONLY[which]]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_change_of_any_value_is_found(ledger: URL, chain: list[Receipt], table: Table) -> None:
    _change_values(ledger, table, thorough=False)


@pytest.mark.long
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_change_of_any_value_of_any_row_is_found(
    ledger: URL, chain: list[Receipt], table: Table
) -> None:
    _change_values(ledger, table, thorough=True)


def _change_values(url: URL, table: Table, *, thorough: bool) -> None:
    tried = 0
    with unguarded(url) as connection:
        sqlite = connection.dialect.name == "sqlite"
        keys = ", ".join(key.name for key in table.primary_key)
        raw = text(f"SELECT * FROM {table.name} ORDER BY {keys}")
        rows = connection.execute(select(table)).all()
        assert len(rows) > 1
        if not thorough:
            rows = [rows[0], rows[-1]] if sqlite else [rows[-1]]
        for row in rows:
            stored = row._asdict()
            place = " AND ".join(f"{key.name} = {stored[key.name]}" for key in table.primary_key)
            concerns = _concerned(connection, table, stored)
            for name, value in stored.items():
                others = _other_values(table, name, value)
                if sqlite:
                    others += _sqlite_values(table, name)
                elif not thorough:
                    others = others[:1]
                for other in others:
                    before = connection.execute(raw).all()
                    inner = connection.begin_nested()
                    try:
                        statement = f"UPDATE {table.name} SET {name} = {other} WHERE {place}"
                        connection.exec_driver_sql(statement)
                        changed = not _same(before, connection.execute(raw).all())
                    except (DatabaseError, ValueError):
                        # What the database itself never stores need not be found. What cannot
                        # be decoded has been stored.
                        changed = "x'ff'" in other and table.c[name].primary_key is False
                    if changed:
                        tried += 1
                        found = verify(connection).broken
                        assert found is not None, (name, value, other)
                        concerned = {*concerns, _number(stored, name, other)}
                        assert found.submission in concerned, (name, value, other, found)
                        assert str(found.submission) in found.message
                    inner.rollback()
        assert verify(connection).broken is None
    assert tried > 4 * len(rows)


def _same(before: Sequence[Any], after: Sequence[Any]) -> bool:
    return [[(type(v), v) for v in row] for row in before] == [
        [(type(v), v) for v in row] for row in after
    ]


def _concerned(connection: Connection, table: Table, stored: dict[str, Any]) -> set[Any]:
    """Return the submission that a row belongs to; of a shape the first that has rows of it."""
    if table is not movement_shape:
        return {stored["id" if table is submission else "submission_id"]}
    query = select(func.min(movement_row.c.submission_id))
    return {connection.execute(query.where(movement_row.c.shape_id == stored["id"])).scalar()}


def _number(stored: dict[str, Any], name: str, other: str) -> Any:
    """Return the submission that a row was moved to, if that is what was changed."""
    if name in {"submission_id", "id"}:
        return {f"{name} + 1": stored[name] + 1, f"{name} - 1": stored[name] - 1}.get(other)
    return None


@pytest.mark.parametrize(
    ("statements", "damage", "number"),
    [
        (["DELETE FROM holding WHERE submission_id = 3"], Damage.ROWS, 3),
        (["DELETE FROM movement_row WHERE submission_id = 1 AND line = 2"], Damage.CORRECTION, 2),
        (["DELETE FROM movement_row WHERE submission_id = 1 AND line = 4"], Damage.ROWS, 1),
        (["DELETE FROM withdrawal WHERE submission_id = 4 AND line = 3"], Damage.ROWS, 4),
        (["DELETE FROM submission WHERE id = 3"], Damage.REMOVED, 3),
        (["DELETE FROM submission WHERE id = 1"], Damage.REMOVED, 1),
        (["DELETE FROM submission WHERE id = 5"], Damage.STRAY_ROWS, 5),
        (
            ["UPDATE movement_row SET submission_id = 0 WHERE submission_id = 4"],
            Damage.STRAY_ROWS,
            0,
        ),
        (
            ["UPDATE movement_row SET line = 4 WHERE submission_id = 4"],
            Damage.ROWS,
            4,
        ),
        (
            ["UPDATE movement_row SET line = 1 WHERE submission_id = 4"],
            Damage.ROWS,
            4,
        ),
        (
            ["UPDATE holding SET quantity_low = 1 WHERE submission_id = 5"],
            Damage.ROWS,
            5,
        ),
        # Movements: shape 1 is that of line 2, shape 2 that of line 4, of submission 1; of shape 1
        # is also what submission 4 records.
        (["UPDATE movement_row SET shape_id = 2 WHERE submission_id = 4"], Damage.ROWS, 4),
        (["UPDATE movement_row SET shape_id = 99 WHERE submission_id = 4"], Damage.ROWS, 4),
        (["UPDATE movement_row SET shape_id = 99 WHERE corrects_line = 2"], Damage.CORRECTION, 3),
        (["DELETE FROM movement_shape WHERE id = 2"], Damage.ROWS, 1),
        (["UPDATE movement_shape SET id = 99 WHERE id = 2"], Damage.ROWS, 1),
        (["UPDATE movement_shape SET unit = 'x' WHERE id = 2"], Damage.ROWS, 1),
        (
            [
                "UPDATE movement_shape SET id = 99 WHERE id = 1",
                "UPDATE movement_shape SET id = 1 WHERE id = 2",
                "UPDATE movement_shape SET id = 2 WHERE id = 99",
            ],
            Damage.ROWS,
            1,
        ),
        (["UPDATE submission SET note = 'x' WHERE id = 2"], Damage.SUBMISSION, 2),
        (["UPDATE submission SET row_count = 7 WHERE id = 2"], Damage.SUBMISSION, 2),
        (
            ["UPDATE withdrawal SET corrects_line = 9 WHERE submission_id = 2"],
            Damage.CORRECTION,
            2,
        ),
        (
            ["UPDATE holding SET corrects_submission = 5 WHERE submission_id = 5"],
            Damage.CORRECTION,
            5,
        ),
    ],
)
def test_what_was_done_is_told(
    ledger: URL,
    chain: list[Receipt],
    statements: list[str],
    damage: Damage,
    number: int,
) -> None:
    with unguarded(ledger, keep=True) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    found = _verify(ledger)
    assert found.broken is not None
    if damage is Damage.CORRECTION and number == 2 and "DELETE" in statements[0]:
        # The row that was deleted is missing before the one that corrected it.
        damage, number = Damage.ROWS, 1
    assert (found.broken.damage, found.broken.submission) == (damage, number)
    assert not found.sound
    assert found.submissions == max(number - 1, 0) or damage is Damage.STRAY_ROWS


def test_the_first_of_several_is_named(ledger: URL, chain: list[Receipt]) -> None:
    with unguarded(ledger, keep=True) as connection:
        connection.exec_driver_sql("UPDATE submission SET note = 'x' WHERE id IN (2, 4)")
        connection.exec_driver_sql("UPDATE movement_row SET source = 'x' WHERE submission_id = 3")
    found = _verify(ledger)
    assert found.broken is not None
    assert found.broken.submission == 2
    assert (found.submissions, found.head) == (1, chain[0].sha256)


def _relink(connection: Connection, first: int) -> None:
    """Make the chain fit again from a submission on, as a forger would."""
    rows = connection.execute(select(submission).order_by(submission.c.id)).all()
    previous = rows[first - 2].sha256 if first > 1 else ""
    for row in rows[first - 1 :]:
        link = link_sha256(
            previous=previous,
            number=row.id,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
            command=row.command,
            note=row.note,
            content=row.content_sha256,
        )
        connection.execute(
            submission.update()
            .where(submission.c.id == row.id)
            .values(previous_sha256=previous, sha256=link)
        )
        previous = link


def test_a_ledger_rewritten_with_all_its_hashes_is_found_by_the_head_kept_elsewhere(
    ledger: URL, chain: list[Receipt]
) -> None:
    with unguarded(ledger, keep=True) as connection:
        connection.exec_driver_sql("UPDATE submission SET recorded_by = 'me' WHERE id = 3")
        _relink(connection, 3)
    assert _verify(ledger).sound
    found = _verify(ledger, expected_head=chain[1].sha256)
    assert found.sound
    assert found.after_head == 3
    unknown = _verify(ledger, expected_head=chain[-1].sha256).broken
    assert unknown is not None
    assert (unknown.damage, unknown.submission) == (Damage.CUT_OFF, None)
    forked = _verify(ledger, expected_head=chain[2].sha256, expected_number=3).broken
    assert forked is not None
    assert (forked.damage, forked.submission) == (Damage.FORKED, 3)


def test_what_was_cut_off_at_the_end_is_found_by_the_head_kept_elsewhere(
    ledger: URL, chain: list[Receipt]
) -> None:
    assert _verify(ledger, expected_head=chain[-1].sha256.upper()).after_head == 0
    with unguarded(ledger, keep=True) as connection:
        for table in ("holding", "movement_row", "withdrawal"):
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE submission_id > 3")
        connection.exec_driver_sql("DELETE FROM submission WHERE id > 3")
    assert _verify(ledger).broken is None
    assert _verify(ledger, expected_head=chain[2].sha256).broken is None
    found = _verify(ledger, expected_head=chain[-1].sha256).broken
    assert found is not None
    assert found.damage is Damage.CUT_OFF
    found = _verify(ledger, expected_head=chain[-1].sha256, expected_number=5).broken
    assert found is not None
    assert (found.damage, found.submission) == (Damage.CUT_OFF, 4)


def test_a_submission_that_was_exchanged_is_found_by_the_next(
    ledger: URL, chain: list[Receipt]
) -> None:
    with unguarded(ledger, keep=True) as connection:
        connection.exec_driver_sql("UPDATE submission SET note = 'x' WHERE id = 2")
        kept = connection.execute(select(submission).where(submission.c.id == 3)).one()
        _relink(connection, 2)
        for row in connection.execute(select(submission).where(submission.c.id > 2)).all():
            original = chain[row.id - 1].sha256
            before = chain[row.id - 2].sha256
            connection.execute(
                submission.update()
                .where(submission.c.id == row.id)
                .values(sha256=original, previous_sha256=before)
            )
        assert connection.execute(select(submission).where(submission.c.id == 3)).one() == kept
    found = _verify(ledger).broken
    assert found is not None
    assert (found.damage, found.submission) == (Damage.INSERTED, 3)


def test_a_submission_dated_before_the_last_is_found(ledger: URL, chain: list[Receipt]) -> None:
    with unguarded(ledger, keep=True) as connection:
        earlier = "2001-01-01T00:00:00.000000Z"
        connection.exec_driver_sql(f"UPDATE submission SET recorded_at = '{earlier}' WHERE id = 4")
        _relink(connection, 4)
    found = _verify(ledger).broken
    assert found is not None
    assert (found.damage, found.submission) == (Damage.TIME, 4)


def test_of_content_recorded_twice_the_row_corrected_cannot_be_exchanged(ledger: URL) -> None:
    """Both have one name, so no hash tells them apart."""
    first = put(ledger, [moved(1), moved(2)])
    put(ledger, [moved(1), moved(2)])
    put(ledger, [moved(3, corrects=f"{first.content_sha256[:12]}:1")])
    put(ledger, [moved(4, corrects=f"{first.content_sha256[:12]}:1")])
    assert _verify(ledger).sound
    where = "UPDATE movement_row SET corrects_submission = {} WHERE submission_id = {}"
    for changes in ([(1, 3)], [(2, 4)], [(1, 3), (2, 4)]):
        with unguarded(ledger) as connection:
            for change in changes:
                connection.exec_driver_sql(where.format(*change))
            found = verify(connection).broken
        assert found is not None
        assert (found.damage, found.submission) == (
            Damage.CORRECTION,
            3 if changes[0] == (1, 3) else 4,
        )


@pytest.mark.parametrize("account", ["from", "to"])
def test_an_account_cannot_be_written_in_two_ways(ledger: URL, account: str) -> None:
    put(ledger, [moved(1, origin="serbia:stored", destination="croatia:stored")])
    with unguarded(ledger) as connection:
        connection.exec_driver_sql(
            f"UPDATE movement_shape SET {account}_party = {account}_party || ':stored',"
            f" {account}_status = 'overall'"
        )
        found = verify(connection).broken
    assert found is not None
    assert found.damage is Damage.ROWS


_TRIGGERS = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE NOT tgisinternal",
}
_IDLE: dict[str, list[list[str]]] = {
    "sqlite": [["CREATE TRIGGER {0} BEFORE INSERT ON {1} BEGIN SELECT 1; END"]],
    "postgresql": [],
}
_WITHOUT = {
    "sqlite": ["DROP TRIGGER {0}"],
    "postgresql": ["DROP TRIGGER {0} ON {1}", "ALTER TABLE {1} DISABLE TRIGGER {0}"],
}


def test_a_guard_that_is_missing_or_idle_is_named(ledger: URL, chain: list[Receipt]) -> None:
    engine = open_engine(ledger, writing=True)
    kind = engine.dialect.name
    with engine.connect() as connection:
        triggers = connection.execute(text(_TRIGGERS[kind])).all()
        assert len(triggers) == {"sqlite": 22, "postgresql": 27}[kind]
        for name, table in triggers:
            for drop in _WITHOUT[kind]:
                for replaced in ([], *_IDLE[kind]):
                    for statement in (drop, *replaced):
                        connection.exec_driver_sql(statement.format(name, table))
                    found = verify(connection)
                    assert (found.unguarded, found.sound, found.broken) == ((name,), False, None)
                    connection.rollback()
        assert verify(connection).sound
    engine.dispose()


def test_a_database_damaged_on_the_disk_is_an_answer_too(file_ledger: URL) -> None:
    put(file_ledger, [moved(number) for number in range(3000)])
    path = Path(str(file_ledger.database))
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + b"\xff" * 8192 + whole[middle + 8192 :])
    found = _verify(file_ledger).broken
    assert found is not None
    assert found.damage is Damage.UNREADABLE


def test_an_index_that_hides_rows_is_found(file_ledger: URL) -> None:
    """Answers come from indexes: those must hold what the tables hold."""
    _fill(file_ledger)
    with closing(sqlite3.connect(str(file_ledger.database), isolation_level=None)) as client:
        query = "SELECT sql FROM sqlite_master WHERE name = 'ix_holding_party_as_of_last'"
        ((sql,),) = client.execute(query)
        client.execute("PRAGMA writable_schema = ON")
        partial = sql + " WHERE party <> 'serbia'"
        client.execute("UPDATE sqlite_master SET sql = ? WHERE sql = ?", [partial, sql])
        client.execute("PRAGMA writable_schema = RESET")
        client.execute("REINDEX ix_holding_party_as_of_last")
        client.execute("PRAGMA writable_schema = ON")
        client.execute("UPDATE sqlite_master SET sql = ? WHERE sql = ?", [sql, partial])
    found = _verify(file_ledger).broken
    assert found is not None
    assert found.damage is Damage.UNREADABLE


def test_all_tables_are_tried() -> None:
    """What is no part of what is recorded is another test's."""
    assert {table.name for table in TABLES} == set(metadata.tables) - {"recording", "turnover"}
