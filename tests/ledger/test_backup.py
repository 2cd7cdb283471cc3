"""A ledger is copied while others write, and put back only where nothing is lost by it.

This is about files: a server has backups of its own, and those are tested through the program.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from ledger_rows import ask, counts, get, held, moved, put
from sqlalchemy import URL, event

from compliance.ledger.append import record
from compliance.ledger.backup import backup, restore
from compliance.ledger.connect import open_engine
from compliance.ledger.schema import open_ledger
from compliance.ledger.verify import verify
from compliance.values.errors import LedgerError


def _path(url: URL) -> Path:
    return Path(str(url.database))


def _url(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def filled(file_ledger: URL, tmp_path: Path) -> URL:
    """A ledger of two submissions in a folder of its own."""
    path = tmp_path / "mine" / "a.db"
    path.parent.mkdir()
    shutil.copy(_path(file_ledger), path)
    put(_url(path), [held(1), moved(2)])
    put(_url(path), [held(3)])
    return _url(path)


@pytest.fixture
def kept(filled: URL, tmp_path: Path) -> Path:
    """A backup of it."""
    file = tmp_path / "kept" / "b.db"
    file.parent.mkdir()
    backup(filled, file)
    return file


def test_a_backup_is_the_ledger_and_nothing_else_is_left(filled: URL, kept: Path) -> None:
    assert _files(kept.parent) == ["b.db"]
    assert get(_url(kept)) == get(filled)
    assert ask(_url(kept), "SELECT * FROM submission") == ask(filled, "SELECT * FROM submission")
    put(_url(kept), [held(9)])
    assert counts(filled)[0] == 2


def test_a_backup_says_what_it_verified(filled: URL, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    found = backup(filled, tmp_path / "b.db", progress=lambda done, all_: told.append((done, all_)))
    head = ask(filled, "SELECT sha256 FROM submission WHERE id = 2")[0]["sha256"]
    assert (found.submissions, found.rows, found.head, found.sound) == (2, 3, head, True)
    assert told == [(3, 3)]


def test_a_file_is_not_overwritten_unless_asked_for(filled: URL, tmp_path: Path) -> None:
    target = tmp_path / "b.db"
    target.write_bytes(b"something else")
    with pytest.raises(LedgerError, match="left as it is"):
        backup(filled, target)
    assert target.read_bytes() == b"something else"
    backup(filled, target, replace=True)
    assert counts(_url(target)) == (2, 2, 1)
    put(filled, [held(4)])
    backup(filled, target, replace=True)
    assert counts(_url(target)) == (3, 3, 1)
    assert _files(tmp_path) == ["b.db", "mine"]


def test_a_ledger_is_no_backup_of_itself(filled: URL) -> None:
    with pytest.raises(LedgerError, match="the ledger itself"):
        backup(filled, _path(filled), replace=True)
    with pytest.raises(LedgerError, match="the backup itself"):
        restore(_path(filled), filled, discard=True)
    assert counts(filled) == (2, 2, 1)


def _alter(url: URL) -> None:
    with closing(sqlite3.connect(_path(url), isolation_level=None)) as client:
        ((sql,),) = client.execute("SELECT sql FROM sqlite_master WHERE name = 'holding_no_update'")
        client.execute("DROP TRIGGER holding_no_update")
        client.execute("UPDATE holding SET quantity_low = 0 WHERE submission_id = 2")
        client.execute(sql)


def test_a_damaged_ledger_does_not_take_the_place_of_a_good_backup(filled: URL, kept: Path) -> None:
    before = kept.read_bytes()
    _alter(filled)
    with pytest.raises(LedgerError, match=r"no backup was made: .* submission 2 ") as caught:
        backup(filled, kept, replace=True)
    assert caught.value.exit_code == 4
    assert kept.read_bytes() == before
    assert _files(kept.parent) == ["b.db"]


def test_a_ledger_without_its_guards_is_not_backed_up(filled: URL, tmp_path: Path) -> None:
    with closing(sqlite3.connect(_path(filled))) as client:
        client.execute("DROP TRIGGER holding_no_delete")
    with pytest.raises(LedgerError, match="lacks holding_no_delete"):
        backup(filled, tmp_path / "b.db")
    assert _files(tmp_path) == ["mine"]


@pytest.mark.parametrize("content", [None, b"", b"no database" * 1000])
def test_only_a_ledger_is_backed_up_or_restored(
    filled: URL, tmp_path: Path, content: bytes | None
) -> None:
    other = tmp_path / "other.db"
    if content is not None:
        other.write_bytes(content)
    with pytest.raises(LedgerError):
        backup(_url(other), tmp_path / "b.db")
    with pytest.raises(LedgerError):
        restore(other, filled, discard=True)
    assert counts(filled) == (2, 2, 1)
    assert _files(_path(filled).parent) == ["a.db"]
    assert not (tmp_path / "b.db").exists()


def test_a_place_that_cannot_be_written_is_an_error_of_the_ledger(
    filled: URL, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(LedgerError):
        backup(filled, tmp_path / "file" / "b.db")
    with pytest.raises(LedgerError):
        restore(_path(filled), _url(tmp_path / "file" / "b.db"))


def test_a_backup_is_put_back_where_nothing_is(filled: URL, kept: Path) -> None:
    _path(filled).unlink()
    done = restore(kept, filled)
    assert (done.kept, done.verification.submissions) == (None, 2)
    assert counts(filled) == (2, 2, 1)
    assert _files(_path(filled).parent) == ["a.db"]
    put(filled, [held(4)])


def test_a_backup_that_holds_all_and_more_replaces_the_ledger(
    filled: URL, kept: Path, tmp_path: Path
) -> None:
    earlier = tmp_path / "earlier.db"
    shutil.copy(_path(filled), earlier)
    put(filled, [held(4)])
    backup(filled, kept, replace=True)
    done = restore(kept, _url(earlier))
    assert done.kept is None
    assert counts(_url(earlier)) == (3, 3, 1)
    assert _files(tmp_path) == ["earlier.db", "kept", "mine"]


def test_altered_rows_are_put_right_by_the_backup(filled: URL, kept: Path) -> None:
    _alter(filled)
    assert restore(kept, filled).kept is None
    engine = open_ledger(filled, writing=False)
    with engine.connect() as connection:
        assert verify(connection).sound
    engine.dispose()


def test_what_the_backup_lacks_is_not_lost_unless_asked_for_and_then_it_is_kept(
    filled: URL, kept: Path
) -> None:
    put(filled, [held(4)])
    put(filled, [held(5)])
    with pytest.raises(LedgerError, match="what the backup lacks: submissions 3-4") as caught:
        restore(kept, filled)
    assert caught.value.todo
    assert counts(filled) == (4, 4, 1)
    done = restore(kept, filled, discard=True)
    assert counts(filled) == (2, 2, 1)
    assert done.kept is not None
    assert counts(_url(done.kept)) == (4, 4, 1)
    assert _files(_path(filled).parent) == ["a.db", "a.db.replaced-1"]
    put(filled, [held(6)])
    assert restore(kept, filled, discard=True).kept == _path(filled).with_name("a.db.replaced-2")


def test_a_ledger_with_another_past_is_not_replaced(
    filled: URL, kept: Path, file_ledger: URL
) -> None:
    put(file_ledger, [held(1), moved(2)])
    put(file_ledger, [held(8)])
    with pytest.raises(LedgerError, match="what the backup lacks: submissions 1-2"):
        restore(kept, file_ledger)
    assert counts(file_ledger) == (2, 2, 1)


def test_what_cannot_be_read_is_kept_and_its_journal_does_not_reach_the_backup(
    filled: URL, kept: Path
) -> None:
    _path(filled).write_bytes(b"ruined" * 1000)
    journal = Path(f"{filled.database}-journal")
    journal.write_bytes(b"half of something")
    with pytest.raises(LedgerError, match="cannot be read as a ledger"):
        restore(kept, filled)
    done = restore(kept, filled, discard=True)
    assert done.kept is not None
    assert done.kept.read_bytes() == b"ruined" * 1000
    assert counts(filled) == (2, 2, 1)
    assert {"a.db", "a.db.replaced-1"} == {
        name for name in _files(_path(filled).parent) if not name.startswith("a.db.replaced-1-")
    }


def test_a_log_left_beside_a_ledger_is_not_played_into_the_backup(filled: URL, kept: Path) -> None:
    client = sqlite3.connect(_path(filled))
    client.execute("PRAGMA journal_mode = WAL")
    client.close()
    put(_url(kept), [held(7)])
    restore(kept, filled)
    assert counts(filled) == (3, 3, 1)
    assert _files(_path(filled).parent) == ["a.db"]


def test_a_ledger_in_use_is_not_replaced(
    filled: URL, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.ledger.backup.WAIT_SECONDS", 0.05)
    engine = open_engine(filled, writing=True)
    with engine.begin(), pytest.raises(LedgerError, match="is in use"):
        restore(kept, filled)
    engine.dispose()
    assert _files(_path(filled).parent) == ["a.db"]


def test_who_waited_while_the_ledger_was_replaced_records_nothing_into_the_void(
    filled: URL, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file has lost its name; what it wrote would be gone with it."""
    engine = open_engine(filled, writing=True)

    @event.listens_for(engine, "connect")
    def _overtaken(_client: object, _record: object) -> None:
        restore(kept, filled)

    with pytest.raises(LedgerError, match="replaced by another process") as caught:
        record(engine, [held(9)], recorded_by="x", command="test")
    assert "again" in caught.value.todo
    engine.dispose()
    put(filled, [held(9)])
    assert counts(filled) == (3, 3, 1)


_WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from ledger_rows import moved, put
from sqlalchemy import URL
url = URL.create("sqlite", database=sys.argv[1])
print("ready", flush=True)
number = 0
while not sys.stdin.readline().startswith("stop") if number and number % 10 == 0 else True:
    number += 1
    put(url, [moved(number), moved(number, category="artillery")])
    if number % 10 == 0:
        print(number, flush=True)
"""


def test_backups_while_others_write_are_whole_and_of_the_ledgers_past(
    new_file_ledger: Callable[[], URL], tmp_path: Path
) -> None:
    url = new_file_ledger()
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(url.database), str(Path(__file__).parent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdin is not None
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    made = []
    for turn in range(4):
        # The writer records ten submissions from here on, while the backups are made.
        if turn:
            writer.stdin.write("go\n")
            writer.stdin.flush()
        for number in range(3):
            made.append(backup(url, tmp_path / f"{turn}-{number}.db"))
        assert writer.stdout.readline() == f"{10 * (turn + 1)}\n"
    writer.stdin.write("stop\n")
    writer.stdin.flush()
    assert writer.wait() == 0
    writer.stdin.close()
    writer.stdout.close()
    chain = [row["sha256"] for row in ask(url, "SELECT sha256 FROM submission ORDER BY id")]
    assert len(chain) == 40
    for found in made:
        assert found.sound
        assert found.rows == 2 * found.submissions
        assert found.submissions == 0 or chain[found.submissions - 1] == found.head


def test_a_server_has_backups_of_its_own(server_ledger: URL, tmp_path: Path) -> None:
    url = server_ledger
    with pytest.raises(LedgerError, match="own backups") as caught:
        backup(url, tmp_path / "b.db")
    assert "pg_dump" in caught.value.todo
    with pytest.raises(LedgerError, match="own backups"):
        restore(tmp_path / "b.db", url)
