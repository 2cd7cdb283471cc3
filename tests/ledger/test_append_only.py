"""Nobody changes what is recorded, whatever client they use: tried with a plain connection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ledger_rows import TABLES, ask, counts, everything, held, moved, plain_client, put
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DatabaseError, IntegrityError

from compliance.values.records import Withdrawal


@pytest.fixture
def filled(ledger: URL) -> URL:
    first = put(ledger, [held(1), moved(2)])
    put(ledger, [held(3), moved(4), Withdrawal(f"{first.content_sha256[:12]}:1")])
    return ledger


@pytest.fixture
def client(filled: URL) -> Iterator[Connection]:
    with plain_client(filled) as connection:
        yield connection


_REFUSED = r"append-only|must follow|not after it"


_PARTICULARS = "note, ref, stated_by, subcategory, unit, site, marking"
_HOLDING = (
    "(submission_id, line, declaration_id, party, as_of_first, as_of_last, basis, category, type,"
    f" status, quantity_low, withheld, source, {_PARTICULARS}) VALUES ({{place}}, 1, 'serbia',"
    " '2020-01-01', '2020-01-01', 'declared', 'battle_tank', '', 'overall', 7, false, 'x',"
    " '', '', '', '', '', '', '')"
)
_MOVEMENT = (
    "(submission_id, line, shape_id, date_first, date_last, quantity_low, basis, source, note, ref)"
    " VALUES ({place}, 1, '2020-01-01', '2020-01-01', 7, 'declared', 'x', '', '')"
)
_SHAPE = (
    "(id, sha256, from_party, from_status, from_place, to_party, to_status, to_place, type,"
    " category, state, stated_by, subcategory, unit, site, marking) VALUES ({number}, '{sha256}',"
    " '', '', '@production', 'serbia', 'overall', '', '', 'battle_tank', 'done',"
    " '', '', '', '', '')"
)
_WITHDRAWAL = (
    "(submission_id, line, note, corrects_submission, corrects_line) VALUES ({place}, '', 1, 2)"
)
_SUBMISSION = (
    "(id, recorded_at, recorded_by, command, note, row_count, content_sha256, previous_sha256,"
    " sha256) VALUES ({id}, '2030-01-01T00:00:00.000000Z', 'x', 'x', '', {rows}, 'c', {previous},"
    " 's')"
)
_ITS_ROWS = " + ".join(
    f"(SELECT COUNT(*) FROM {table} WHERE submission_id = {{id}})" for table in TABLES[1:]
)
_LAST = "(SELECT sha256 FROM submission WHERE id = 2)"


_CHANGES = [
    "UPDATE {table} SET {column} = 'changed'",
    "DELETE FROM {table}",
    "INSERT INTO {table} SELECT * FROM {table}",
]
# What only the one of them knows.
_MORE_CHANGES = {
    "sqlite": [
        "UPDATE OR REPLACE {table} SET {column} = 'changed'",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        "REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    ],
    "postgresql": [
        "UPDATE {table} SET {column} = 'changed' WHERE false",
        "TRUNCATE {table} CASCADE",
        "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT DO NOTHING",
    ],
}


@pytest.mark.parametrize("table", [*TABLES, "movement_shape"])
def test_a_change_of_what_is_recorded_is_refused(
    filled: URL, client: Connection, table: str
) -> None:
    before = everything(filled)
    column = "unit" if table == "movement_shape" else "note"
    for statement in (*_CHANGES, *_MORE_CHANGES[client.dialect.name]):
        with pytest.raises(IntegrityError, match=_REFUSED):
            client.exec_driver_sql(statement.format(table=table, column=column))
        assert everything(filled) == before, statement


@pytest.mark.parametrize("table", TABLES[1:])
def test_a_row_of_the_newest_submission_is_not_replaced(
    filled: URL, client: Connection, table: str
) -> None:
    replace = {
        "sqlite": "REPLACE INTO {0} SELECT * FROM {0} WHERE submission_id = 2",
        "postgresql": "INSERT INTO {0} SELECT * FROM {0} WHERE submission_id = 2"
        " ON CONFLICT (submission_id, line) DO UPDATE SET note = 'changed'",
    }[client.dialect.name]
    before = everything(filled)
    with pytest.raises(IntegrityError, match=_REFUSED):
        client.exec_driver_sql(replace.format(table))
    assert everything(filled) == before


@pytest.mark.parametrize(("table", "values"), [("holding", _HOLDING), ("movement_row", _MOVEMENT)])
def test_no_row_is_replaced_by_a_hidden_key(
    filled: URL, client: Connection, table: str, values: str
) -> None:
    """SQLite gives a table such a key unless told not to; a server knows none that is written."""
    before = everything(filled)
    client.exec_driver_sql("BEGIN")
    client.exec_driver_sql("INSERT INTO recording VALUES (3)")
    with pytest.raises(DatabaseError, match="rowid"):
        client.exec_driver_sql(
            f"INSERT INTO {table} "
            + values.format(place="3, 1")
            .replace("(submission_id", "(rowid, submission_id", 1)
            .replace("VALUES (", "VALUES (1, ", 1)
        )
    client.exec_driver_sql("ROLLBACK")
    assert everything(filled) == before


@pytest.mark.parametrize("place", ["1, 3", "2, 3", "2, 4", "2, 0", "2, 1", "2, 2", "3, 1", "0, 1"])
@pytest.mark.parametrize(
    ("table", "values"),
    [("holding", _HOLDING), ("movement_row", _MOVEMENT), ("withdrawal", _WITHDRAWAL)],
)
def test_no_row_joins_a_submission_after_the_act(
    filled: URL, client: Connection, table: str, values: str, place: str
) -> None:
    before = everything(filled)
    with pytest.raises(IntegrityError, match=_REFUSED):
        client.exec_driver_sql(f"INSERT INTO {table} {values.format(place=place)}")
    assert everything(filled) == before


@pytest.mark.parametrize(
    ("number", "previous"),
    [
        (3, "'nothing'"),
        (3, "''"),
        (3, "(SELECT sha256 FROM submission WHERE id = 1)"),
        (4, _LAST),
        (2, _LAST),
        (0, _LAST),
        (-1, _LAST),
    ],
)
def test_a_submission_must_follow_the_head(
    filled: URL, client: Connection, number: int, previous: str
) -> None:
    before = everything(filled)
    rows = _ITS_ROWS.format(id=number)
    with pytest.raises(IntegrityError, match="must follow the last one"):
        client.exec_driver_sql(
            f"INSERT INTO submission {_SUBMISSION.format(id=number, previous=previous, rows=rows)}"
        )
    assert everything(filled) == before


def _record(client: Connection, rows: list[tuple[str, int]], count: int) -> None:
    """Record rows at lines of submission 3 as a program would that says another number of them."""
    values = {"holding": _HOLDING, "movement_row": _MOVEMENT, "withdrawal": _WITHDRAWAL}
    client.exec_driver_sql("BEGIN")
    client.exec_driver_sql("INSERT INTO recording VALUES (3)")
    for table, line in rows:
        client.exec_driver_sql(f"INSERT INTO {table} {values[table].format(place=f'3, {line}')}")
    said = _SUBMISSION.format(id=3, previous=_LAST, rows=count)
    client.exec_driver_sql(f"INSERT INTO submission {said}")


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([], 1),
        ([("movement_row", 1)], 2),
        ([("movement_row", 1), ("movement_row", 2)], 1),
        ([("movement_row", 2)], 1),
        ([("movement_row", 1), ("movement_row", 3)], 2),
        ([("holding", 1), ("movement_row", 1)], 2),
        ([("withdrawal", 1), ("movement_row", 1)], 2),
        ([("withdrawal", 1), ("holding", 1)], 2),
        ([("withdrawal", 3), ("holding", 1)], 2),
    ],
)
def test_a_submission_has_exactly_its_rows(
    filled: URL, client: Connection, rows: list[tuple[str, int]], count: int
) -> None:
    before = everything(filled)
    with pytest.raises(IntegrityError, match="must follow its rows"):
        _record(client, rows, count)
    client.exec_driver_sql("ROLLBACK")
    assert everything(filled) == before


def test_the_refusals_are_not_only_of_malformed_statements(filled: URL, client: Connection) -> None:
    _record(client, [("holding", 1), ("movement_row", 2), ("withdrawal", 3)], 3)
    client.exec_driver_sql("COMMIT")
    assert counts(filled) == (3, 3, 3)
    # It is announced no more: nothing joins it.
    assert ask(filled, "SELECT * FROM recording") == []
    with pytest.raises(IntegrityError, match="not after it"):
        client.exec_driver_sql(f"INSERT INTO holding {_HOLDING.format(place='3, 4')}")


@pytest.mark.parametrize("number", [2, 4, 0])
def test_only_the_next_submission_is_announced(
    filled: URL, client: Connection, number: int
) -> None:
    client.exec_driver_sql("BEGIN")
    with pytest.raises(IntegrityError, match="must follow the last one"):
        client.exec_driver_sql(f"INSERT INTO recording VALUES ({number})")
    client.exec_driver_sql("ROLLBACK")
    client.exec_driver_sql("BEGIN")
    client.exec_driver_sql("INSERT INTO recording VALUES (3)")
    with pytest.raises(IntegrityError, match="must follow the last one"):
        client.exec_driver_sql(f"UPDATE recording SET submission_id = {number}")
    client.exec_driver_sql("ROLLBACK")


def test_rows_without_their_submission_are_not_kept(filled: URL, client: Connection) -> None:
    """Where the database is told to look: a server always does, SQLite when the client says so."""
    if client.dialect.name == "sqlite":
        client.exec_driver_sql("PRAGMA foreign_keys = ON")
    before = everything(filled)
    client.exec_driver_sql("BEGIN")
    if client.dialect.name == "sqlite":
        client.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    client.exec_driver_sql("INSERT INTO recording VALUES (3)")
    client.exec_driver_sql(f"INSERT INTO holding {_HOLDING.format(place='3, 1')}")
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        client.exec_driver_sql("COMMIT")
    if client.dialect.name == "sqlite":
        client.exec_driver_sql("ROLLBACK")
    assert everything(filled) == before


@pytest.mark.parametrize(
    ("table", "values", "wrong"),
    [
        ("holding", _HOLDING, ("7, false, 'x'", "-1, false, 'x'")),
        ("holding", _HOLDING, ("'2020-01-01', 'declared'", "'2019-01-01', 'declared'")),
        ("movement_row", _MOVEMENT, ("'2020-01-01', 7", "'2020-01-01', -7")),
        ("movement_row", _MOVEMENT, ("'2020-01-01', 7", "'2019-01-01', 7")),
        ("movement_shape", _SHAPE, ("'@production', 'serbia'", "'', 'serbia'")),
        ("movement_shape", _SHAPE, ("'@production', 'serbia'", "'@production', ''")),
        ("movement_shape", _SHAPE, ("{number}", "0")),
    ],
)
def test_impossible_rows_are_refused(
    filled: URL,
    client: Connection,
    table: str,
    values: str,
    wrong: tuple[str, str],
) -> None:
    client.exec_driver_sql("BEGIN")
    client.exec_driver_sql("INSERT INTO recording VALUES (3)")
    changed = values.replace(*wrong)
    assert changed != values
    with pytest.raises(IntegrityError, match=r"(?i)check constraint"):
        said = changed.format(place="3, 1", number=2, sha256="y")
        client.exec_driver_sql(f"INSERT INTO {table} {said}")


@pytest.mark.parametrize("number", [1, 2, 7])
def test_no_shape_is_added_without_a_submission(
    filled: URL, client: Connection, number: int
) -> None:
    before = everything(filled)
    with pytest.raises(IntegrityError, match=_REFUSED):
        client.exec_driver_sql(
            f"INSERT INTO movement_shape {_SHAPE.format(number=number, sha256='y')}"
        )
    assert everything(filled) == before


_PUT_IN_PLACE = {
    "sqlite": ["INSERT OR REPLACE INTO", "REPLACE INTO", "INSERT INTO"],
    "postgresql": ["INSERT INTO"],
}


def test_no_shape_is_replaced_while_a_submission_is_recorded(
    filled: URL, client: Connection
) -> None:
    """Where shapes may be added, too: neither by its number, nor by its hash, nor a hidden key."""
    kind = client.dialect.name
    ((number, sha256),) = client.exec_driver_sql("SELECT id, sha256 FROM movement_shape").all()
    shapes = [_SHAPE.format(number=number, sha256="y"), _SHAPE.format(number=2, sha256=sha256)]
    if kind == "sqlite":
        shapes.append(shapes[0].replace("(id", "(rowid", 1))
    over = " ON CONFLICT ({}) DO UPDATE SET unit = 'changed'"
    before = everything(filled)
    for shape in shapes:
        for start in _PUT_IN_PLACE[kind]:
            for end in ("", *(over.format(column) for column in ("id", "sha256"))):
                client.exec_driver_sql("BEGIN")
                client.exec_driver_sql("INSERT INTO recording VALUES (3)")
                with pytest.raises(IntegrityError, match=r"append-only|unique constraint"):
                    client.exec_driver_sql(f"{start} movement_shape {shape}{end}")
                client.exec_driver_sql("ROLLBACK")
                assert everything(filled) == before


@pytest.mark.parametrize("number", [3, 2_147_483_647])
def test_there_is_always_a_number_for_the_next_shape(
    filled: URL, client: Connection, number: int
) -> None:
    before = everything(filled)
    client.exec_driver_sql("BEGIN")
    client.exec_driver_sql("INSERT INTO recording VALUES (3)")
    with pytest.raises(IntegrityError, match="must follow the last one"):
        client.exec_driver_sql(
            f"INSERT INTO movement_shape {_SHAPE.format(number=number, sha256='y')}"
        )
    client.exec_driver_sql("ROLLBACK")
    assert everything(filled) == before
    client.exec_driver_sql("BEGIN")
    client.exec_driver_sql("INSERT INTO recording VALUES (3)")
    client.exec_driver_sql(f"INSERT INTO movement_shape {_SHAPE.format(number=2, sha256='y')}")
    client.exec_driver_sql("ROLLBACK")


def test_a_row_names_a_shape_that_is_there(filled: URL, client: Connection) -> None:
    """Where the database is told to look: a server always does, SQLite when the client says so."""
    if client.dialect.name == "sqlite":
        client.exec_driver_sql("PRAGMA foreign_keys = ON")
    before = everything(filled)
    client.exec_driver_sql("BEGIN")
    client.exec_driver_sql("INSERT INTO recording VALUES (3)")
    missing = _MOVEMENT.format(place="3, 1").replace("3, 1, 1", "3, 1, 7")
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        client.exec_driver_sql(f"INSERT INTO movement_row {missing}")
    client.exec_driver_sql("ROLLBACK")
    assert everything(filled) == before


def test_nothing_is_written_by_way_of_what_is_only_read(filled: URL, client: Connection) -> None:
    before = everything(filled)
    for statement in (
        "UPDATE movement SET source = 'changed'",
        "DELETE FROM movement",
        "INSERT INTO movement SELECT * FROM movement",
    ):
        with pytest.raises(DatabaseError, match=r"(?i)view"):
            client.exec_driver_sql(statement)
    assert everything(filled) == before


def test_each_movement_leaves_one_account_and_enters_another(filled: URL) -> None:
    postings = ask(filled, "SELECT * FROM posting ORDER BY submission_id, line, sign")
    assert [(p["sign"], p["party"], p["place"], p["quantity_low"]) for p in postings] == [
        (-1, "", "@import:France", 2),
        (1, "serbia", "", 2),
        (-1, "", "@import:France", 4),
        (1, "serbia", "", 4),
    ]
