"""Nobody changes what is recorded, whatever client they use: tried with a plain connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from ledger_rows import ask, counts, held, moved, put
from sqlalchemy import URL

from compliance.values.records import Withdrawal


@pytest.fixture
def filled(ledger: URL) -> URL:
    first = put(ledger, [held(1), moved(2)])
    put(ledger, [held(3), moved(4), Withdrawal(f"{first.content_sha256[:12]}:1")])
    return ledger


@pytest.fixture
def client(filled: URL) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(str(filled.database), isolation_level=None)) as connection:
        yield connection


_TABLES = ("submission", "holding", "movement", "withdrawal")


def _everything(url: URL) -> list[object]:
    return [ask(url, f"SELECT * FROM {name}") for name in _TABLES]


_PARTICULARS = "note, ref, stated_by, subcategory, unit, site, marking"
_HOLDING = (
    "(submission_id, line, declaration_id, party, as_of_first, as_of_last, basis, category, type,"
    f" status, quantity_low, withheld, source, {_PARTICULARS}) VALUES ({{place}}, 1, 'serbia',"
    " '2020-01-01', '2020-01-01', 'declared', 'battle_tank', '', 'overall', 7, 0, 'x',"
    " '', '', '', '', '', '', '')"
)
_MOVEMENT = (
    "(submission_id, line, date_first, date_last, type, category, quantity_low, from_party,"
    " from_status, from_place, to_party, to_status, to_place, state, basis, source,"
    f" {_PARTICULARS}) VALUES ({{place}}, '2020-01-01', '2020-01-01', '', 'battle_tank', 7, '',"
    " '', '@production', 'serbia', 'overall', '', 'done', 'declared', 'x',"
    " '', '', '', '', '', '', '')"
)
_WITHDRAWAL = (
    "(submission_id, line, note, corrects_submission, corrects_line) VALUES ({place}, '', 1, 2)"
)
_SUBMISSION = (
    "(id, recorded_at, recorded_by, command, note, row_count, content_sha256, previous_sha256,"
    " sha256) VALUES ({id}, '2030-01-01T00:00:00.000000Z', 'x', 'x', '', 1, 'c', {previous}, 's')"
)
_LAST = "(SELECT sha256 FROM submission WHERE id = 2)"


@pytest.mark.parametrize("table", _TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET note = 'changed'",
        "UPDATE OR REPLACE {table} SET note = 'changed'",
        "DELETE FROM {table}",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        "REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
        "INSERT INTO {table} SELECT * FROM {table}",
    ],
)
def test_a_change_of_what_is_recorded_is_refused(
    filled: URL, client: sqlite3.Connection, table: str, statement: str
) -> None:
    before = _everything(filled)
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|must follow|not after it"):
        client.execute(statement.format(table=table))
    assert _everything(filled) == before


@pytest.mark.parametrize("table", ["holding", "movement", "withdrawal"])
def test_a_row_of_the_newest_submission_is_not_replaced(
    filled: URL, client: sqlite3.Connection, table: str
) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        client.execute(f"REPLACE INTO {table} SELECT * FROM {table} WHERE submission_id = 2")


@pytest.mark.parametrize(("table", "values"), [("holding", _HOLDING), ("movement", _MOVEMENT)])
def test_no_row_is_replaced_by_a_hidden_key(
    filled: URL, client: sqlite3.Connection, table: str, values: str
) -> None:
    client.execute(f"INSERT INTO submission {_SUBMISSION.format(id=3, previous=_LAST)}")
    before = _everything(filled)
    with pytest.raises(sqlite3.OperationalError, match="rowid"):
        client.execute(
            f"INSERT OR REPLACE INTO {table} "
            + values.format(place="3, 1")
            .replace("(submission_id", "(rowid, submission_id", 1)
            .replace("VALUES (", "VALUES (1, ", 1)
        )
    assert _everything(filled) == before


@pytest.mark.parametrize("place", ["1, 3", "2, 3", "2, 4", "2, 0", "2, 1", "2, 2", "3, 1", "0, 1"])
@pytest.mark.parametrize(
    ("table", "values"),
    [("holding", _HOLDING), ("movement", _MOVEMENT), ("withdrawal", _WITHDRAWAL)],
)
def test_no_row_joins_a_submission_after_the_act(
    filled: URL, client: sqlite3.Connection, table: str, values: str, place: str
) -> None:
    before = _everything(filled)
    with pytest.raises(sqlite3.IntegrityError):
        client.execute(f"INSERT INTO {table} {values.format(place=place)}")
    assert _everything(filled) == before


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
    filled: URL, client: sqlite3.Connection, number: int, previous: str
) -> None:
    before = _everything(filled)
    with pytest.raises(sqlite3.IntegrityError):
        client.execute(f"INSERT INTO submission {_SUBMISSION.format(id=number, previous=previous)}")
    assert _everything(filled) == before


def test_the_refusals_are_not_only_of_malformed_statements(
    filled: URL, client: sqlite3.Connection
) -> None:
    client.execute(f"INSERT INTO submission {_SUBMISSION.format(id=3, previous=_LAST)}")
    client.execute(f"INSERT INTO holding {_HOLDING.format(place='3, 1')}")
    assert counts(filled) == (3, 3, 2)


@pytest.mark.parametrize(
    ("table", "values", "wrong"),
    [
        ("holding", _HOLDING, ("7, 0, 'x'", "-1, 0, 'x'")),
        ("holding", _HOLDING, ("'2020-01-01', 'declared'", "'2019-01-01', 'declared'")),
        ("movement", _MOVEMENT, ("'battle_tank', 7", "'battle_tank', -7")),
        ("movement", _MOVEMENT, ("'@production', 'serbia'", "'', 'serbia'")),
        ("movement", _MOVEMENT, ("'@production', 'serbia'", "'@production', ''")),
        ("movement", _MOVEMENT, ("'2020-01-01', '', 'b", "'2019-01-01', '', 'b")),
    ],
)
def test_impossible_rows_are_refused(
    filled: URL,
    client: sqlite3.Connection,
    table: str,
    values: str,
    wrong: tuple[str, str],
) -> None:
    client.execute(f"INSERT INTO submission {_SUBMISSION.format(id=3, previous=_LAST)}")
    changed = values.replace(*wrong)
    assert changed != values
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        client.execute(f"INSERT INTO {table} {changed.format(place='3, 1')}")


def test_each_movement_leaves_one_account_and_enters_another(filled: URL) -> None:
    postings = ask(filled, "SELECT * FROM posting ORDER BY submission_id, line, sign")
    assert [(p["sign"], p["party"], p["place"], p["quantity_low"]) for p in postings] == [
        (-1, "", "@import:France", 2),
        (1, "serbia", "", 2),
        (-1, "", "@import:France", 4),
        (1, "serbia", "", 4),
    ]
