"""A ledger is made whole or not at all, and opened only where it is one of this revision."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from ledger_rows import counts, held
from sqlalchemy import URL, Engine, text
from sqlalchemy.exc import DatabaseError

from compliance import resources
from compliance.ledger.append import record
from compliance.ledger.connect import locate
from compliance.ledger.schema import create, open_ledger, upgrade
from compliance.values.errors import LedgerError

MIGRATIONS = resources.folder("migrations")


def _url(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))


def _fill(engine: Engine) -> None:
    record(engine, [held()], recorded_by="tester", command="test")


def test_a_new_ledger_holds_what_it_was_filled_with_and_leaves_no_other_file(
    tmp_path: Path,
) -> None:
    create(_url(tmp_path / "new" / "a.db"), MIGRATIONS, _fill)
    assert counts(_url(tmp_path / "new" / "a.db")) == (1, 1, 0)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.db"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, OSError])
def test_an_exception_while_filling_leaves_no_file(
    tmp_path: Path, error: type[BaseException]
) -> None:
    def fail(engine: Engine) -> None:
        _fill(engine)
        raise error("halfway")

    with pytest.raises((error, LedgerError), match="halfway"):
        create(_url(tmp_path / "a.db"), MIGRATIONS, fail)
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_left_byte_for_byte_as_it_is(tmp_path: Path) -> None:
    target = tmp_path / "a.db"
    target.write_bytes(b"whatever this was")
    filled: list[Engine] = []
    with pytest.raises(LedgerError, match="is there already") as caught:
        create(_url(target), MIGRATIONS, filled.append)
    assert target.read_bytes() == b"whatever this was"
    assert not filled
    assert caught.value.todo
    assert [path.name for path in tmp_path.iterdir()] == ["a.db"]


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_second_creator_loses_cleanly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    target = tmp_path / "a.db"
    if not links:

        def refuse(_source: Path, _target: Path) -> None:
            raise OSError("this file system has no links")

        monkeypatch.setattr(os, "link", refuse)

    def overtaken(engine: Engine) -> None:
        _fill(engine)
        target.write_bytes(b"the first")

    with pytest.raises(LedgerError, match="another process"):
        create(_url(target), MIGRATIONS, overtaken)
    assert target.read_bytes() == b"the first"
    assert [path.name for path in tmp_path.iterdir()] == ["a.db"]


def test_a_file_system_without_links_still_gets_its_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_source: Path, _target: Path) -> None:
        raise OSError("this file system has no links")

    monkeypatch.setattr(os, "link", refuse)
    create(_url(tmp_path / "a.db"), MIGRATIONS, _fill)
    assert counts(_url(tmp_path / "a.db")) == (1, 1, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["a.db"]


def test_two_processes_creating_at_once_make_one_ledger(tmp_path: Path) -> None:
    script = (
        "import sys; from sqlalchemy import URL; from compliance import resources;"
        "from compliance.ledger.schema import create; from compliance.values.errors import *\n"
        "url = URL.create('sqlite', database=sys.argv[1]); input()\n"
        "try: create(url, resources.folder('migrations'), lambda e: None)\n"
        "except LedgerError as error: print(error); sys.exit(4)\n"
    )
    target = tmp_path / "a.db"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(target)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    ended = []
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in running:
        said, wrong = process.communicate()
        assert "Traceback" not in wrong
        ended.append((process.returncode, said))
    assert sorted(code for code, _ in ended) == [0, 4], ended
    assert [path.name for path in tmp_path.iterdir()] == ["a.db"]
    assert counts(_url(target)) == (0, 0, 0)


def test_what_a_killed_process_of_the_same_number_left_is_not_built_upon(tmp_path: Path) -> None:
    remains = tmp_path / f"a.db.{os.getpid()}.partial"
    create(_url(remains), MIGRATIONS, _fill)
    create(_url(tmp_path / "a.db"), MIGRATIONS, _fill)
    assert counts(_url(tmp_path / "a.db")) == (1, 1, 0)
    assert not remains.exists()


def test_a_place_that_cannot_be_written_is_an_error_of_the_ledger(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(LedgerError) as caught:
        create(_url(tmp_path / "file" / "a.db"), MIGRATIONS, _fill)
    assert caught.value.exit_code == 4
    assert "file" in str(caught.value)


def test_a_reading_engine_cannot_write(ledger: URL) -> None:
    engine = open_ledger(ledger, writing=False)
    with engine.connect() as connection, pytest.raises(DatabaseError, match=r"read-?only"):
        connection.execute(text("CREATE TABLE more (x INTEGER)"))
    with pytest.raises(LedgerError, match="nothing was recorded"):
        record(engine, [held()], recorded_by="tester", command="test")
    engine.dispose()
    assert counts(ledger) == (0, 0, 0)


def _absent(_path: Path) -> None:
    pass


def _folder(path: Path) -> None:
    path.mkdir()


def _garbage(path: Path) -> None:
    path.write_bytes(b"this is no database at all" * 100)


def _empty(path: Path) -> None:
    path.touch()


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE shopping (item TEXT)")


def _revision(version: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
            connection.execute("INSERT INTO alembic_version VALUES (?)", [version])

    return make


def _no_revision(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")


@pytest.mark.parametrize("writing", [True, False], ids=["writing", "reading"])
@pytest.mark.parametrize(
    ("make", "said", "todo"),
    [
        (_absent, "there is no database", "compliance db init"),
        (_folder, "there is no database", "compliance db init"),
        (_garbage, "cannot be read as a database", ""),
        (_empty, "not a ledger", "compliance db init"),
        (_foreign, "not a ledger", "compliance db init"),
        (_no_revision, "not a ledger", "compliance db init"),
        (_revision("0000"), "is at revision 0000", "compliance db upgrade"),
        (_revision("9999"), "is at revision 9999", "newer version"),
    ],
)
def test_only_a_ledger_of_this_revision_is_opened(
    tmp_path: Path, make: Callable[[Path], None], said: str, todo: str, writing: bool
) -> None:
    path = tmp_path / "a.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(LedgerError, match=said) as caught:
        open_ledger(_url(path), writing=writing)
    assert caught.value.exit_code == 4
    assert str(path) in caught.value.message
    assert todo in caught.value.todo
    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_absent, "there is no database"),
        (_garbage, "cannot be upgraded"),
        (_empty, "not a ledger"),
        (_foreign, "not a ledger"),
        (_revision("0000"), "cannot be upgraded"),
        (_revision("9999"), "newer than this program"),
    ],
)
def test_only_a_ledger_is_upgraded(tmp_path: Path, make: Callable[[Path], None], said: str) -> None:
    path = tmp_path / "a.db"
    make(path)
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(LedgerError, match=said):
        upgrade(_url(path), MIGRATIONS)
    assert (path.read_bytes() if path.exists() else None) == before


@pytest.mark.parametrize(
    "given", ["postgresql://u:secret@host/db", "sqlite://", "a://b://c", "://"]
)
def test_a_database_that_cannot_be_used_is_refused_without_telling_its_password(
    given: str,
) -> None:
    with pytest.raises(LedgerError) as caught:
        locate(given)
    assert caught.value.todo
    assert "secret" not in caught.value.message


def test_the_database_is_the_one_given_then_the_environment_then_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COMPLIANCE_DB", raising=False)
    assert Path(str(locate(None).database)).parent != tmp_path
    (tmp_path / "compliance.db").touch()
    assert locate(None).database == str(tmp_path / "compliance.db")
    monkeypatch.setenv("COMPLIANCE_DB", "other.db")
    assert locate(None).database == str(tmp_path / "other.db")
    assert locate("given.db").database == str(tmp_path / "given.db")
