"""Killed, or out of room, in the middle of a recording: the ledger holds all of it or none."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from import_files import LOSS, TANKS, stored, transfers, write

if TYPE_CHECKING:
    from conftest import Run

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs the signals and limits of POSIX")

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


def _start(db: Path, file: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "compliance", "--db", str(db), "import", str(file)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _writes(process: subprocess.Popen[bytes], db: Path) -> bool:
    """Wait until the program has begun to write; false where it ended first."""
    journal = db.with_name(f"{db.name}-journal")
    while process.poll() is None:
        if journal.exists():
            return True
        time.sleep(0.001)
    return False


def _sound(run: Run, db: Path) -> None:
    outcome = run("history", "verify", db=db)
    assert outcome.code == 0, outcome.stderr


def _moments(count: int, whole: float, writing: float) -> Iterator[tuple[bool, float]]:
    """Give moments to kill at: the first as writing begins, then anywhere and while it writes."""
    chance = random.Random()
    yield True, 0.0
    for number in range(1, count):
        while_writing = bool(number % 2)
        yield while_writing, chance.uniform(0, writing if while_writing else whole)


def _killed(db: Path, file: Path, while_writing: bool, wait: float) -> int:
    process = _start(db, file)
    try:
        if not while_writing or _writes(process, db):
            time.sleep(wait)
        process.kill()
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode in {0, -9}, errors
    return process.returncode


@pytest.mark.parametrize(
    ("rows", "moments", "whole", "writing"),
    [
        (20_000, 3, 2.0, 0.5),
        pytest.param(200_000, 6, 30.0, 10.0, marks=pytest.mark.long),
    ],
)
def test_a_kill_leaves_all_of_a_submission_or_none(
    rows: int,
    moments: int,
    whole: float,
    writing: float,
    run: Run,
    declared: Path,
    large: Callable[[int], Path],
    tmp_path: Path,
) -> None:
    file = large(rows)
    for number, (while_writing, wait) in enumerate(_moments(moments, whole, writing)):
        db = Path(shutil.copy(declared, tmp_path / f"{number}.db"))
        code = _killed(db, file, while_writing, wait)
        where = f"killed {wait:.3f} s after {'writing' if while_writing else 'it'} began"
        if number == 0:
            assert code == -9, "it had ended before it could be killed"
        _sound(run, db)
        found = stored(db)
        assert found in ([(1, 1)], [(1, 1), (2, rows)]), where
        if code == 0:
            assert len(found) == 2, "it said that it had recorded"
        # And the ledger goes on taking in.
        assert run("import", write(tmp_path / "loss.csv", LOSS), db=db).code == 0
        assert len(stored(db)) == len(found) + 1
        db.unlink()


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
