"""What only a server has: users, locales, encodings, temporary tables, waiting for a lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from ledger_rows import everything, get, held, moved, put
from postgres_fixture import ADMINISTRATOR, Server
from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from compliance import resources
from compliance.ledger.append import record
from compliance.ledger.chain import head
from compliance.ledger.connect import locate, open_engine, shown
from compliance.ledger.grant import Role, grant
from compliance.ledger.reading import over
from compliance.ledger.schema import HEAD, create, open_ledger, upgrade
from compliance.ledger.verify import verify
from compliance.values.errors import ComplianceError, LedgerError
from compliance.values.records import Withdrawal

MIGRATIONS = resources.folder("migrations")


@pytest.fixture
def ledger(server_ledger: URL) -> URL:
    return server_ledger


@pytest.fixture
def filled(ledger: URL) -> URL:
    first = put(ledger, [held(1), moved(2), held(3, category="artillery")])
    put(ledger, [held(4), moved(5), Withdrawal(f"{first.content_sha256[:12]}:3")])
    return ledger


def _run(url: URL, *statements: str) -> None:
    """Run statements in one transaction with a plain client."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


@pytest.fixture
def reading(filled: URL) -> Iterator[Connection]:
    engine = open_ledger(filled, writing=False)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_the_same_rows_have_the_same_hashes_on_both(
    filled: URL, new_file_ledger: Callable[[], URL], reading: Connection
) -> None:
    other = new_file_ledger()
    first = put(other, [held(1), moved(2), held(3, category="artillery")])
    put(other, [held(4), moved(5), Withdrawal(f"{first.content_sha256[:12]}:3")])
    query = text("SELECT content_sha256 FROM submission ORDER BY id")
    here = [row[0] for row in reading.execute(query)]
    engine = open_ledger(other, writing=False)
    with engine.connect() as connection:
        assert [row[0] for row in connection.execute(query)] == here
    engine.dispose()
    assert get(filled) == get(other)


def test_texts_sort_by_code_point_whatever_the_locale(server: Server, ledger: URL) -> None:
    """Of two declarations of one submission the same is in use on either database."""
    for source in ("b", "A", "Ä", "a", "B"):
        put(ledger, [held(1, source=source)])
    engine = open_ledger(ledger, writing=False)
    with engine.connect() as connection:
        query = text("SELECT source FROM holding ORDER BY source")
        assert [row[0] for row in connection.execute(query)] == ["A", "B", "a", "b", "Ä"]
        # So the test would fail if the columns followed the database.
        other = text("SELECT * FROM (VALUES ('b'), ('B'), ('a')) AS t(x) ORDER BY x")
        assert [row[0] for row in connection.execute(other)] == ["a", "b", "B"]
    engine.dispose()


def test_a_ledger_is_made_whole_or_not_at_all(server: Server) -> None:
    url = server.new_database()

    def fail(engine: Engine) -> None:
        record(engine, [held(1)], recorded_by="x", command="test")
        raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        create(url, MIGRATIONS, fail)
    with pytest.raises(LedgerError, match="not a ledger") as caught:
        open_ledger(url, writing=False)
    assert "db init" in caught.value.todo

    def fill(engine: Engine) -> None:
        record(engine, [held(1)], recorded_by="x", command="test")

    create(url, MIGRATIONS, fill)
    engine = open_ledger(url, writing=False)
    with engine.connect() as connection:
        assert head(over(connection)).id == 1
        assert verify(connection).sound
    engine.dispose()


def test_nobody_sees_a_ledger_that_is_being_made(server: Server) -> None:
    url = server.new_database()
    seen: list[str] = []

    def look(engine: Engine) -> None:
        record(engine, [held(1)], recorded_by="x", command="test")
        with pytest.raises(LedgerError) as caught:
            open_ledger(url, writing=False)
        seen.append(caught.value.message)

    create(url, MIGRATIONS, look)
    assert len(seen) == 1
    assert "not a ledger" in seen[0]


def test_where_a_ledger_is_none_is_made(filled: URL) -> None:
    before = everything(filled)
    with pytest.raises(LedgerError, match="holds a ledger already") as caught:
        create(filled, MIGRATIONS, lambda _engine: pytest.fail("was filled"))
    assert caught.value.todo
    assert everything(filled) == before


def test_a_table_of_somebody_else_is_left_alone(server: Server) -> None:
    url = server.new_database()
    _run(url, "CREATE TABLE holding (x INTEGER)")
    with pytest.raises(LedgerError, match="named as a ledger's \\(holding\\)"):
        create(url, MIGRATIONS, lambda _engine: None)


def test_a_database_that_cannot_keep_every_text_is_refused(server: Server) -> None:
    url = server.new_database(
        "ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0"
    )
    with pytest.raises(LedgerError, match="LATIN1"):
        create(url, MIGRATIONS, lambda _engine: None)


def test_a_temporary_table_does_not_stand_in_for_the_ledgers(filled: URL) -> None:
    """The guards look at the ledger's tables, whatever a session puts before them."""
    with pytest.raises(DatabaseError, match="must follow"):
        _run(
            filled,
            "CREATE TEMP TABLE submission (LIKE public.submission)",
            "INSERT INTO public.submission SELECT 1, recorded_at, recorded_by, command, note,"
            " row_count, content_sha256, '', 'another' FROM public.submission WHERE id = 1",
        )


def test_what_the_database_cannot_keep_is_not_recorded(filled: URL) -> None:
    before = everything(filled)
    with pytest.raises(LedgerError, match="nothing was recorded: "):
        put(filled, [moved(1), held(1, source="a\0b")])
    assert everything(filled) == before


def test_no_password_is_shown(server: Server) -> None:
    given = (
        "postgresql+psycopg://somebody:secret@/nowhere"
        f"?host={server.socket}&password=secret&sslpassword=secret"
    )
    url = locate(given)
    assert "secret" not in shown(url)
    assert "nowhere" in shown(url)
    with pytest.raises(LedgerError) as caught:
        open_ledger(url, writing=False)
    assert "secret" not in f"{caught.value.message} {caught.value.todo}"
    assert "nowhere" in caught.value.message


def test_a_url_without_a_database_is_refused() -> None:
    with pytest.raises(LedgerError, match="names no database") as caught:
        locate("postgresql+psycopg://somebody:secret@host")
    assert "secret" not in f"{caught.value.message} {caught.value.todo}"


def test_the_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_given: object, **_named: object) -> Engine:
        raise ModuleNotFoundError("No module named 'psycopg'")

    monkeypatch.setattr("compliance.ledger.server.create_engine", absent)
    with pytest.raises(LedgerError, match="not installed") as caught:
        open_engine(locate("postgresql+psycopg://host/database"), writing=False)
    assert "compliance[postgresql]" in caught.value.todo


def _grant(url: URL, role: Role, user: str) -> None:
    engine = open_ledger(url, writing=True)
    try:
        grant(engine, role, user)
    finally:
        engine.dispose()


_CHANGES = (
    "UPDATE holding SET note = 'x'",
    "DELETE FROM holding",
    "TRUNCATE withdrawal",
    "ALTER TABLE holding DISABLE TRIGGER ALL",
    "DROP TRIGGER holding_no_update ON holding",
    "DROP TABLE withdrawal",
    "DROP FUNCTION ledger_refuse_change() CASCADE",
    "UPDATE alembic_version SET version_num = '9999'",
    "INSERT INTO alembic_version VALUES ('9999')",
)


def test_a_reader_reads_and_a_recorder_records_and_neither_can_change_anything(
    filled: URL, server: Server
) -> None:
    user = server.new_user()
    theirs = server.url(str(filled.database), user)
    with pytest.raises(DatabaseError, match="denied"):
        _run(theirs, "SELECT * FROM holding")
    _grant(filled, Role.READER, user)
    assert get(theirs) == get(filled)
    with pytest.raises(LedgerError, match=r"nothing was recorded: .*denied"):
        put(theirs, [held(9)])
    _grant(filled, Role.RECORDER, user)
    first = put(theirs, [held(9), moved(9)])
    put(theirs, [held(8, corrects=f"{first.content_sha256[:12]}:1")])
    put(theirs, [Withdrawal(f"{first.content_sha256[:12]}:2")])
    before = everything(filled)
    for statement in _CHANGES:
        with pytest.raises(DatabaseError, match=r"denied|must be owner"):
            _run(theirs, statement)
    _grant(filled, Role.READER, user)
    with pytest.raises(LedgerError, match=r"nothing was recorded: .*denied"):
        put(theirs, [held(7)])
    assert get(theirs) == get(filled)
    assert everything(filled) == before


def test_an_owner_can_hand_out_rights_and_take_the_guards_away(filled: URL, server: Server) -> None:
    owner, reader = server.new_user(), server.new_user()
    theirs = server.url(str(filled.database), owner)
    with pytest.raises(LedgerError, match="permission denied"):
        _grant(theirs, Role.OWNER, owner)
    _grant(filled, Role.OWNER, owner)
    _grant(theirs, Role.READER, reader)
    assert get(server.url(str(filled.database), reader)) == get(filled)
    assert upgrade(theirs, MIGRATIONS) == (HEAD, HEAD)
    with pytest.raises(DatabaseError, match="append-only"):
        _run(theirs, "DELETE FROM holding")
    with pytest.raises(ComplianceError, match="owns the ledger"):
        _grant(theirs, Role.READER, owner)
    _run(theirs, "ALTER TABLE holding DISABLE TRIGGER holding_no_delete")
    engine = open_ledger(theirs, writing=False)
    with engine.connect() as connection:
        assert verify(connection).unguarded == ("holding_no_delete",)
    engine.dispose()


def test_a_role_that_would_not_bind_is_not_granted(filled: URL, file_ledger: URL) -> None:
    with pytest.raises(ComplianceError, match="no user 'nobody at all'") as caught:
        _grant(filled, Role.READER, "nobody at all")
    assert "CREATE ROLE" in caught.value.todo
    with pytest.raises(ComplianceError, match="superuser"):
        _grant(filled, Role.RECORDER, ADMINISTRATOR)
    with pytest.raises(LedgerError, match="knows no users"):
        _grant(file_ledger, Role.READER, "somebody")


def test_a_writer_waits_for_the_one_before_and_says_so_when_it_cannot(
    filled: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.ledger.server.WAIT_SECONDS", 0.05)
    first = open_engine(filled, writing=True)
    with (
        first.begin(),
        pytest.raises(LedgerError, match=r"nothing was recorded: .*lock timeout"),
    ):
        put(filled, [held(9)])
    first.dispose()
    assert put(filled, [held(9)]).id == 3


def test_a_reader_sees_one_state_while_others_record(filled: URL, reading: Connection) -> None:
    before = head(over(reading)).id
    put(filled, [held(9)])
    assert head(over(reading)).id == before
    assert verify(reading).submissions == before
