"""Killed, cut off, or out of room in a recording: the ledger holds all of it or none."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest
from import_files import LOSS, TANKS, stored, transfers, write
from sqlalchemy import Engine, event

from compliance.ledger.connect import locate, open_engine

if TYPE_CHECKING:
    from conftest import Run
    from postgres_fixture import Server

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs the signals and limits of POSIX")

# What an import shows of the headroom is not asked for here, and took longer than the recording.
EARLY = ("--as-of", "2000-01-01")

# Imports the file again and again, each time in a process of its own that tells how far it is.
IMPORTER = """
import json, os, sys
from sqlalchemy import Engine, Pool, event
from compliance.cli import import_
from compliance.cli.main import _run

told = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

def tell(step):
    told.write(step + chr(10))

@event.listens_for(Engine, "before_cursor_execute")
def insert(connection, cursor, statement, *rest):
    if statement.startswith("INSERT INTO recording"):
        tell("insert")

@event.listens_for(Engine, "commit")
def commit(connection):
    tell("commit")
    event.listen(Pool, "checkin", lambda connection, record: tell("done"), once=True)

for line in sys.stdin:
    wanted = json.loads(line)
    process = os.fork()
    if not process:
        tell(f"began {os.getpid()}")
        code = _run(["--db", wanted["db"], "import", wanted["file"], *sys.argv[1:]])
        tell("end")
        os._exit(code)
    # Not before it is said that nobody will kill it any more: its number could be another's.
    sys.stdin.readline()
    _, status = os.waitpid(process, 0)
    tell(f"ended {os.waitstatus_to_exitcode(status)}")
"""
# Runs the program under a limit on how large a file may become.
LIMITED = """
import resource, sys
from compliance.cli.main import run
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
run(sys.argv[2:])
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """A file of so many rows, made once."""
    folder = tmp_path_factory.mktemp("large")

    def made(rows: int) -> Path:
        path = folder / f"{rows}.csv"
        return path if path.exists() else transfers(path, rows)

    return made


@pytest.fixture
def declared(run: Run, empty_ledger: Path, tmp_path: Path) -> Path:
    """A ledger with one submission in it."""
    path = write(tmp_path / "tanks.csv", TANKS)
    assert run("import", path, db=empty_ledger).code == 0
    return empty_ledger


class _Importer:
    """Imports a file in a process of its own, and kills it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._process = subprocess.Popen(
            [sys.executable, "-c", IMPORTER, *EARLY], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def run(self, db: str, *, until: str = "", wait: float = 0.0) -> tuple[int, dict[str, float]]:
        """Import, killed so many seconds after a step; return the exit code and when each began."""
        steps: dict[str, float] = {}
        process = 0
        over = False
        self._say(json.dumps({"db": db, "file": str(self._file)}))
        for step, value in self._told():
            steps[step] = time.monotonic()
            if step == "ended":
                return int(value), steps
            if step == "began":
                process = int(value)
            if step == until:
                time.sleep(wait)
                os.kill(process, 9)
            if step in {until, "end"} and not over:
                over = True
                self._say("over")
        raise AssertionError("the importer ended")

    def _say(self, text: str) -> None:
        told: IO[bytes] | None = self._process.stdin
        assert told is not None
        told.write(text.encode() + b"\n")
        told.flush()

    def _told(self) -> Iterator[tuple[str, str]]:
        told: IO[bytes] | None = self._process.stdout
        assert told is not None
        for line in told:
            step, _, value = line.decode().strip().partition(" ")
            yield step, value


@contextmanager
def _importing(file: Path) -> Iterator[_Importer]:
    importer = _Importer(file)
    try:
        yield importer
    finally:
        importer.close()


def _copied(db: str, request: pytest.FixtureRequest, folder: Path) -> str:
    """Return a copy of a ledger, wherever it is."""
    url = locate(db)
    if url.get_backend_name() == "sqlite":
        return str(shutil.copy(db, folder / "copy.db"))
    copy = request.getfixturevalue("server").new_database(f"TEMPLATE {url.database}")
    text: str = copy.render_as_string(hide_password=False)
    return text


def _settled(db: str) -> None:
    """Wait until a server has noticed that a program is gone: till then it keeps others off."""
    engine = open_engine(locate(db), writing=True)
    with engine.begin():
        pass


def _sound(run: Run, db: Path | str) -> None:
    outcome = run("history", "verify", db=db)
    assert outcome.code == 0, outcome.stderr


@pytest.fixture
def each_declared(run: Run, each_ledger: str, tmp_path: Path) -> str:
    """A ledger with one submission in it, on each kind of database."""
    path = write(tmp_path / "tanks.csv", TANKS)
    assert run("import", path, db=each_ledger).code == 0
    return each_ledger


_FEW = {"reading": 1, "recording": 1, "commit": 1}
_THIRTY = {"reading": 10, "recording": 15, "commit": 5}


@pytest.mark.parametrize(
    ("each_ledger", "rows", "moments"),
    [
        ("sqlite", 5_000, _FEW),
        ("postgresql", 5_000, _FEW),
        pytest.param("sqlite", 200_000, _THIRTY, marks=pytest.mark.long),
        # What is read is the same; the recording is the server's.
        pytest.param("postgresql", 20_000, _THIRTY, marks=pytest.mark.long),
    ],
    indirect=["each_ledger"],
    ids=["few, file", "few, server", "thirty, file", "thirty, server"],
)
def test_a_kill_leaves_all_of_a_submission_or_none(
    rows: int,
    moments: dict[str, int],
    run: Run,
    each_declared: str,
    large: Callable[[int], Path],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    """At random moments of the reading, of the recording and of the commit, as each takes here."""
    chance = random.Random()
    loss = write(tmp_path / "loss.csv", LOSS)
    left: set[tuple[str, int]] = set()
    with _importing(large(rows)) as importer:
        whole = _copied(each_declared, request, tmp_path)
        code, at = importer.run(whole)
        assert (code, stored(whole)) == (0, [(1, 1), (2, rows)])
        lasting = {
            "reading": ("began", at["insert"] - at["began"]),
            "recording": ("insert", at["commit"] - at["insert"]),
            "commit": ("commit", 1.5 * (at["done"] - at["commit"])),
        }
        for phase, (step, longest) in lasting.items():
            for number in range(moments[phase]):
                # The first at once: on a slow day a random one may come after the end.
                wait = chance.uniform(0, longest) if number else 0.0
                where = f"killed {wait:.4f} s after '{step}'"
                db = _copied(each_declared, request, tmp_path)
                code, steps = importer.run(db, until=step, wait=wait)
                assert code in {0, -9}, where
                _settled(db)
                _sound(run, db)
                found = stored(db)
                assert found in ([(1, 1)], [(1, 1), (2, rows)]), where
                if "commit" not in steps:
                    assert found == [(1, 1)], where
                if "done" in steps:
                    assert len(found) == 2, f"{where}: it went on as if it had recorded"
                # And the ledger goes on taking in.
                assert run("import", loss, *EARLY, db=db).code == 0
                assert len(stored(db)) == len(found) + 1
                left.add((phase, len(found)))
    assert {("reading", 1), ("recording", 1)} <= left, "all had ended before they could be killed"


@pytest.mark.parametrize("room", ["not even a journal", "no growth", "a part of it"])
def test_a_full_disk_is_said_and_nothing_is_recorded(
    room: str, run: Run, declared: Path, large: Callable[[int], Path]
) -> None:
    size = declared.stat().st_size
    limit = {"not even a journal": 256, "no growth": size, "a part of it": size + 600_000}[room]
    file = large(8_000 if room == "a part of it" else 500)
    before = declared.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(limit), "--db", str(declared), "import", str(file)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 4, done.stderr
    assert done.stdout == ""
    assert "Error: nothing was recorded: " in done.stderr
    assert "Traceback" not in done.stderr
    _sound(run, declared)
    assert stored(declared) == [(1, 1)]
    assert declared.read_bytes() == before
    # There is room again.
    assert run("import", write(declared.parent / "loss.csv", LOSS), db=declared).code == 0
    assert stored(declared) == [(1, 1), (2, 1)]


@contextmanager
def _cut_off(act: Callable[[], None]) -> Iterator[None]:
    """Do something once, as a submission has begun and before its rows are handed over."""
    done: list[bool] = []

    def call(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO recording") and not done:
            done.append(True)
            act()

    event.listen(Engine, "after_cursor_execute", call)
    try:
        yield
    finally:
        event.remove(Engine, "after_cursor_execute", call)
    assert done


@pytest.fixture
def declared_there(run: Run, server: Server, tmp_path: Path) -> str:
    """A ledger on a server with one submission in it."""
    db = server.new_ledger().render_as_string(hide_password=False)
    assert run("import", write(tmp_path / "tanks.csv", TANKS), db=db).code == 0
    return db


@pytest.mark.parametrize("how", ["the connection is ended", "the server crashes"])
def test_a_server_lost_while_rows_are_recorded_leaves_nothing(
    how: str,
    run: Run,
    server: Server,
    declared_there: str,
    large: Callable[[int], Path],
    tmp_path: Path,
) -> None:
    db = declared_there
    name = locate(db).database
    ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    crashes = how == "the server crashes"
    file = large(8_000)
    with _cut_off(server.stop if crashes else lambda: server.run(ended)):
        outcome = run("import", file, db=db)
    try:
        assert outcome.code == 4
        assert outcome.stdout == ""
        assert outcome.stderr.startswith("Error: nothing was recorded: ")
        assert "the connection to the server was lost: see that the server runs" in outcome.stderr
        if crashes:
            outcome = run("audit", db=db)
            assert outcome.code == 4
            assert "see that the server runs" in outcome.stderr
    finally:
        if crashes:
            server.start()
    _sound(run, db)
    assert stored(db) == [(1, 1)]
    assert run("import", file, db=db).code == 0
    assert stored(db) == [(1, 1), (2, 8_000)]


def test_a_connection_ended_from_outside_is_one_clear_error(
    run: Run, server: Server, declared_there: str, large: Callable[[int], Path]
) -> None:
    """Seen as a user sees it, in a process of its own: nothing else is on the screen."""
    name = locate(declared_there).database
    end = (
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        " AND (query LIKE 'COPY%' OR query LIKE 'INSERT INTO recording%')"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "compliance", "import", str(large(8_000))],
        env={**os.environ, "COMPLIANCE_DB": declared_there},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    while process.poll() is None:
        server.run(end)
    out, errors = process.communicate()
    assert (process.returncode, out) == (4, "")
    message, todo = errors.splitlines()
    assert message.startswith("Error: nothing was recorded: ")
    assert "the connection to the server was lost" in todo
    assert stored(declared_there) == [(1, 1)]
    _sound(run, declared_there)
