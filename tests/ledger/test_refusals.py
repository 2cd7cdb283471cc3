"""What the database refuses is told with what to do about it: tried with the causes themselves."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from ledger_rows import counts, held, moved, plain_client, put
from postgres_fixture import Server
from sqlalchemy import URL, Engine, event
from sqlalchemy.exc import DatabaseError

from compliance import resources
from compliance.ledger.append import record, rehearsed
from compliance.ledger.chain import head
from compliance.ledger.connect import open_engine, path_of
from compliance.ledger.history import changes, submissions
from compliance.ledger.reading import over, reading
from compliance.ledger.refusals import advice
from compliance.ledger.schema import create, open_ledger
from compliance.ledger.verify import verify
from compliance.values.errors import LedgerError

ROWS = [moved(number) for number in range(3000)]


def _refused(engine: Engine) -> LedgerError:
    with pytest.raises(LedgerError, match=r"^nothing was recorded: ") as caught:
        record(engine, ROWS, recorded_by="x", command="test")
    engine.dispose()
    assert caught.value.exit_code == 4
    return caught.value


def test_a_full_disk(file_ledger: URL) -> None:
    engine = open_engine(file_ledger, writing=True)

    @event.listens_for(engine, "connect")
    def _limit(connection: Any, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")

    error = _refused(engine)
    assert "disk is full" in error.message
    assert "make room" in error.todo
    assert counts(file_ledger) == (0, 0, 0)


def test_a_disk_that_gets_full_in_a_long_import(file_ledger: URL) -> None:
    """Also where SQLite has given the transaction up by itself, in a statement of many rows."""
    rows = [moved(number, date=f"{1000 + number}-01-01") for number in range(3000)]
    full: set[str] = set()
    for pages in range(10, 300, 20):
        engine = open_engine(file_ledger, writing=True)

        @event.listens_for(engine, "connect")
        def _limit(connection: Any, _record: object, more: int = pages) -> None:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages + more}")

        try:
            record(engine, rows, recorded_by="x", command="test")
            break
        except LedgerError as error:
            assert "disk is full" in error.message
            assert isinstance(error.__cause__, DatabaseError)
            full.update(re.findall(r"INTO (\w+) .*VALUES", error.__cause__.statement or ""))
        finally:
            engine.dispose()
        assert counts(file_ledger) == (0, 0, 0)
    assert full >= {"movement_row", "turnover"}
    assert counts(file_ledger)[0] == 1


def test_a_file_that_may_only_be_read(file_ledger: URL) -> None:
    engine = open_engine(file_ledger, writing=True)

    # What a file without the right to write is to SQLite, whoever runs this test.
    @event.listens_for(engine, "do_connect")
    def _read_only(_dialect: object, _record: object, _args: object, named: Any) -> Any:
        return sqlite3.connect(f"file:{path_of(file_ledger)}?mode=ro", uri=True)

    error = _refused(engine)
    assert "readonly" in error.message
    assert "may write the database's file and its folder" in error.todo


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do anything")
def test_a_file_without_the_right_to_write(file_ledger: URL) -> None:
    path_of(file_ledger).chmod(0o444)
    assert "may write" in _refused(open_engine(file_ledger, writing=True)).todo


def test_a_file_that_another_program_holds(
    file_ledger: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.ledger.connect.WAIT_SECONDS", 0.05)
    monkeypatch.setattr("compliance.ledger.file.WAIT_SECONDS", 0.05)
    with closing(sqlite3.connect(path_of(file_ledger), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        error = _refused(open_engine(file_ledger, writing=True))
        assert "locked" in error.message
        assert "run the command again" in error.todo
        for opened in _ways_to_read(file_ledger):
            with pytest.raises(LedgerError, match="locked") as caught:
                opened()
            assert "run the command again" in caught.value.todo


def test_a_folder_that_is_gone(file_ledger: URL, tmp_path: Path) -> None:
    url = file_ledger.set(database=str(tmp_path))
    engine = open_engine(url, writing=True, creating=True)
    error = _refused(engine)
    assert "unable to open" in error.message
    assert "folder" in error.todo


def test_a_file_that_is_no_database(file_ledger: URL) -> None:
    path_of(file_ledger).write_bytes(b"something else" * 1000)
    for opened in _ways_to_read(file_ledger):
        with pytest.raises(LedgerError, match="not a database") as caught:
            opened()
        assert "--db" in caught.value.todo
        assert "db restore" in caught.value.todo


def test_a_database_that_is_no_ledger_or_of_another_time(file_ledger: URL) -> None:
    path = path_of(file_ledger)
    refused = {
        "UPDATE alembic_version SET version_num = '9999'": "newer version",
        "UPDATE alembic_version SET version_num = '0001'": "db upgrade",
        "UPDATE alembic_version SET version_num = 7": "newer version",
        "DELETE FROM alembic_version": "db init",
        "ALTER TABLE alembic_version RENAME version_num TO other": "db init",
        "DROP TABLE alembic_version": "db init",
    }
    for change, todo in refused.items():
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute(change)
        said = []
        for opened in _ways_to_read(file_ledger):
            with pytest.raises(LedgerError) as caught:
                opened()
            said.append((caught.value.message, caught.value.todo))
        assert said[0] == said[1]
        assert todo in said[0][1]
    path.unlink()
    for opened in _ways_to_read(file_ledger):
        with pytest.raises(LedgerError, match="there is no database at"):
            opened()


def test_a_reading_cannot_write_and_sees_one_state(file_ledger: URL) -> None:
    put(file_ledger, ROWS)
    path = path_of(file_ledger)
    with reading(str(path)) as opened, closing(sqlite3.connect(path, timeout=0)) as other:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            opened.rows("DELETE FROM submission WHERE id = :number", number=1)
        assert head(opened).id == 1
        # By way of SQLAlchemy, which is loaded for it, it is the same transaction.
        for _ in range(2):
            other.execute("UPDATE alembic_version SET version_num = 'later'")
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.commit()
            other.rollback()
            assert [item.id for item in submissions(over(opened.connection))] == [1]
            assert head(opened).id == head(over(opened.connection)).id == 1
    with closing(sqlite3.connect(path, timeout=0)) as other:
        other.execute("UPDATE alembic_version SET version_num = 'later'")
        other.commit()


def test_damage_that_is_met_while_reading(file_ledger: URL) -> None:
    put(file_ledger, ROWS)
    path = path_of(file_ledger)
    with closing(sqlite3.connect(path)) as other:
        (root,) = other.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'holding'"
        ).fetchone()
        (size,) = other.execute("PRAGMA page_size").fetchone()
    damaged = bytearray(path.read_bytes())
    damaged[(root - 1) * size : root * size] = b"\xff" * size
    path.write_bytes(damaged)
    malformed = r"cannot be read: .*malformed"
    with pytest.raises(LedgerError, match=malformed) as caught, reading(str(path)) as opened:
        opened.rows("SELECT * FROM holding")
    assert "db restore" in caught.value.todo
    with pytest.raises(LedgerError, match=malformed), reading(str(path)) as opened:
        list(changes(over(opened.connection), 1))


def _ways_to_read(url: URL) -> list[Callable[[], object]]:
    """With SQLAlchemy and without: what is refused, and why, is the same."""

    def plain() -> None:
        with reading(str(path_of(url))):
            pass

    return [lambda: open_ledger(url, writing=False), plain]


def test_a_damaged_file(file_ledger: URL) -> None:
    put(file_ledger, ROWS)
    path = path_of(file_ledger)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 4])
    engine = open_engine(file_ledger, writing=True)
    error = _refused(engine)
    assert "malformed" in error.message
    assert "db restore" in error.todo


@pytest.mark.parametrize("code", ["SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR"])
def test_a_disk_that_fails(code: str) -> None:
    """No disk fails on demand: SQLite's own codes for it, as its errors carry them."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = getattr(sqlite3, code)
    assert "history verify" in advice(error)


def test_a_server_that_is_not_there(server: Server, tmp_path: Path) -> None:
    url = server.url("nothing").set(query={"host": str(tmp_path)})
    with pytest.raises(LedgerError, match=r"cannot be opened: .*No such file") as caught:
        open_ledger(url, writing=False)
    assert "see that the server runs" in caught.value.todo
    assert ".pgpass" in caught.value.todo


def test_a_database_that_is_not_there(server: Server) -> None:
    with pytest.raises(LedgerError, match="does not exist") as caught:
        open_ledger(server.url("nothing"), writing=False)
    assert "database" in caught.value.todo


def test_a_user_without_the_right(server_ledger: URL, server: Server) -> None:
    theirs = server.url(str(server_ledger.database), server.new_user())
    error = _refused(open_engine(theirs, writing=True))
    assert "permission denied" in error.message
    assert "db grant" in error.todo


def test_a_server_that_only_reads(server_ledger: URL) -> None:
    with plain_client(server_ledger) as client:
        name = server_ledger.database
        client.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    error = _refused(open_engine(server_ledger, writing=True))
    assert "read-only" in error.message
    assert "replica" in error.todo


def test_a_server_on_which_somebody_records(
    server_ledger: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.ledger.server.WAIT_SECONDS", 0.05)
    first = open_engine(server_ledger, writing=True)
    with first.begin():
        error = _refused(open_engine(server_ledger, writing=True))
    first.dispose()
    assert "lock timeout" in error.message
    assert "wait for them" in error.todo


def _end_others(url: URL) -> None:
    with plain_client(url) as client:
        client.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_connection_that_is_ended_while_rows_are_recorded(server_ledger: URL) -> None:
    put(server_ledger, [held(1)])
    engine = open_engine(server_ledger, writing=True)

    @event.listens_for(engine, "after_cursor_execute")
    def _end(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO submission"):
            _end_others(server_ledger)

    error = _refused(engine)
    assert "run the command again" in error.todo
    assert counts(server_ledger) == (1, 1, 0)
    assert put(server_ledger, [held(2)]).id == 2


def test_a_connection_that_is_ended_while_a_ledger_is_rehearsed(server_ledger: URL) -> None:
    engine = open_engine(server_ledger, writing=True)
    with (
        pytest.raises(LedgerError, match="the database refused"),
        rehearsed(engine, ROWS) as connection,
    ):
        _end_others(server_ledger)
        verify(connection)
    engine.dispose()
    assert counts(server_ledger) == (0, 0, 0)


def test_a_connection_that_is_ended_while_a_ledger_is_made(server: Server) -> None:
    url = server.new_database()

    def fill(engine: Engine) -> None:
        record(engine, [held(1)], recorded_by="x", command="test")
        _end_others(url)

    with pytest.raises(LedgerError, match="the connection was lost at the end") as caught:
        create(url, resources.folder("migrations"), fill)
    assert "db status" in caught.value.todo

    def end_then_record(engine: Engine) -> None:
        _end_others(url)
        record(engine, [held(1)], recorded_by="x", command="test")

    with pytest.raises(LedgerError, match="nothing was recorded"):
        create(url, resources.folder("migrations"), end_then_record)
    create(url, resources.folder("migrations"), lambda _engine: None)
    assert counts(url) == (0, 0, 0)


class _Line:
    """Stands between the program and the server, and breaks the line at the commit.

    With ``hand_over`` the server still hears of the commit, though not the program of the answer;
    with ``then_dead`` nobody is let through any more.
    """

    def __init__(self, server: Path, folder: Path, *, hand_over: bool, then_dead: bool) -> None:
        self._server = server / ".s.PGSQL.5432"
        self._hand_over = hand_over
        self._then_dead = then_dead
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / ".s.PGSQL.5432"))
        self._listener.listen()
        self.broken = False
        self._closed = False
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._closed = True
        with socket.socket(socket.AF_UNIX) as last:
            last.connect(self._listener.getsockname())
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            program, _ = self._listener.accept()
            with program, socket.socket(socket.AF_UNIX) as server:
                if self._closed:
                    return
                if self.broken and self._then_dead:
                    continue
                server.connect(str(self._server))
                self._carry(program, server)

    def _carry(self, program: socket.socket, server: socket.socket) -> None:
        back = threading.Thread(target=_pump, args=(server, program))
        back.start()
        while sent := program.recv(65536):
            if b"COMMIT" in sent and not self.broken:
                self.broken = True
                # The program hears no more, whatever the server answers.
                program.shutdown(socket.SHUT_RDWR)
                if self._hand_over:
                    server.sendall(sent)
                break
            server.sendall(sent)
        server.shutdown(socket.SHUT_WR)
        back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    while received := source.recv(65536):
        try:
            target.sendall(received)
        except OSError:
            continue  # read on, so that the server can finish what it heard


@pytest.fixture
def line(server: Server, server_ledger: URL) -> Iterator[Callable[..., Engine]]:
    """Return a function that gives a writing engine over such a line."""
    lines: list[_Line] = []
    # A socket's path may not be long.
    with tempfile.TemporaryDirectory(prefix="line-") as folder:

        def make(*, hand_over: bool, then_dead: bool) -> Engine:
            lines.append(
                _Line(server.socket, Path(folder), hand_over=hand_over, then_dead=then_dead)
            )
            return open_engine(server_ledger.set(query={"host": folder}), writing=True)

        yield make
        for item in lines:
            item.close()
            assert item.broken


def test_a_commit_whose_answer_is_lost_is_looked_up(
    server_ledger: URL, line: Callable[..., Engine]
) -> None:
    engine = line(hand_over=True, then_dead=False)
    receipt = record(engine, ROWS, recorded_by="x", command="test")
    assert receipt.id == 1
    assert counts(server_ledger) == (1, 0, len(ROWS))


def test_a_commit_that_is_lost_is_looked_up(
    server_ledger: URL, line: Callable[..., Engine]
) -> None:
    error = _refused(line(hand_over=False, then_dead=False))
    assert "the connection to the server was lost" in error.todo
    assert counts(server_ledger) == (0, 0, 0)


@pytest.mark.parametrize("recorded", [True, False])
def test_what_cannot_be_looked_up_is_not_claimed(
    server_ledger: URL, line: Callable[..., Engine], recorded: bool
) -> None:
    engine = line(hand_over=recorded, then_dead=True)
    with pytest.raises(LedgerError, match="whether submission 1 was recorded is not known") as told:
        record(engine, ROWS, recorded_by="x", command="test")
    assert "run the same command again" in told.value.todo
    with open_engine(server_ledger, writing=True).begin():
        pass  # whoever writes waits until the lost transaction has ended
    assert counts(server_ledger) == ((1, 0, len(ROWS)) if recorded else (0, 0, 0))
