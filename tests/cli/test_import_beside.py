"""Long files are read in a process of its own: what is recorded and told is the same."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from import_files import LOSS, TANKS, stored, transfers, write

from compliance.cli import beside, import_
from compliance.cli.beside import Beside, worth_it

if TYPE_CHECKING:
    from conftest import Outcome, Run

# More than are read ahead, so that the last are read while the first are recorded.
MANY = 12_000


@pytest.fixture
def other_process(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Read every file in another process; return the files so read."""
    read: list[str] = []

    def entered(self: Beside) -> Beside:
        read.extend(self._wanted.files)
        return made(self)

    made = Beside.__enter__
    monkeypatch.setattr(Beside, "__enter__", entered)
    monkeypatch.setattr(import_, "worth_it", lambda size: size is not None)
    return read


@pytest.fixture
def both_ways(
    run: Run, empty_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Outcome, Path]]:
    """Import in one process and in two, and see that both say and record the same."""

    def call(*arguments: str | Path) -> tuple[Outcome, Path]:
        found = []
        for two in (False, True):
            ledger = Path(shutil.copy(empty_ledger, tmp_path / f"ledger-{two}.db"))
            monkeypatch.setattr(import_, "worth_it", lambda _size, two=two: two)
            outcome = run("import", *arguments, db=ledger)
            told = outcome.stderr.partition("Head of the chain")[0]
            contents = [
                submission["content_sha256"]
                for submission in run("history", "--format", "json", db=ledger).json["submissions"]
            ]
            assert run("history", "verify", db=ledger).code == 0
            found.append((outcome.code, outcome.raw, told, contents, stored(ledger)))
        assert found[0] == found[1]
        return outcome, ledger

    return call


def test_what_is_recorded_is_the_same_in_one_process_and_in_two(
    both_ways: Callable[..., tuple[Outcome, Path]], tmp_path: Path
) -> None:
    held = [
        TANKS,
        {**TANKS, "quantity": "withheld", "as_of": "2024-12-31"},
        {**TANKS, "type": "M-84", "note": 'said "twice", ü'},
    ]
    files = [
        write(tmp_path / "held.csv", *held),
        transfers(tmp_path / "many.csv", MANY),
        write(tmp_path / "more.csv", *[{**LOSS, "quantity": text} for text in ("1..3", "5..")]),
    ]
    outcome, ledger = both_ways(*files)
    assert outcome.code == 0
    assert f"Recorded {MANY + 5} rows as submission 1." in outcome.stderr
    assert stored(ledger) == [(1, MANY + 5)]


def test_every_error_is_told_and_nothing_recorded(
    both_ways: Callable[..., tuple[Outcome, Path]], tmp_path: Path
) -> None:
    path = transfers(tmp_path / "many.csv", MANY)
    lines = path.read_text(encoding="utf-8").splitlines()
    for number in (9_000, MANY + 1):
        lines[number - 1] = lines[number - 1].replace("2010-", "2010/")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    wrong = tmp_path / "wrong.csv"
    outcome, ledger = both_ways(path, "--errors", wrong)
    assert outcome.code == 2
    assert f"{path}: row 9000, date" in outcome.stderr
    assert f"{path}: row {MANY + 1}, date" in outcome.stderr
    assert "Error: 2 problems in 1 file; nothing was read in" in outcome.stderr
    assert stored(ledger) == []
    with wrong.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == 3


def test_good_rows_are_recorded_and_none_of_a_refused_file(
    both_ways: Callable[..., tuple[Outcome, Path]], tmp_path: Path
) -> None:
    good = transfers(tmp_path / "good.csv", MANY)
    lines = good.read_text(encoding="utf-8").splitlines()
    lines[10_000] = lines[10_000].replace("2010-", "2010/")
    good.write_text("\n".join(lines) + "\n", encoding="utf-8")
    torn = write(tmp_path / "torn.csv", *[{**TANKS, "ref": str(n)} for n in range(20)])
    torn.write_text(torn.read_text(encoding="utf-8") + '"open', encoding="utf-8")
    outcome, ledger = both_ways(torn, good, "--accept-good")
    assert outcome.code == 0
    assert f"left out: {torn}, the whole file" in outcome.stderr
    assert f"left out: {good}, row 10001" in outcome.stderr
    assert stored(ledger) == [(1, MANY - 1)]


def test_a_correction_of_what_is_not_there_is_refused_after_the_files_are_read(
    both_ways: Callable[..., tuple[Outcome, Path]], tmp_path: Path
) -> None:
    many = transfers(tmp_path / "many.csv", MANY)
    absent = write(tmp_path / "absent.csv", {**LOSS, "corrects": "3f9a2b7c81d0:1"})
    outcome, ledger = both_ways(many, absent)
    assert outcome.code == 2
    assert "3f9a2b7c81d0" in outcome.stderr
    assert stored(ledger) == []


def test_the_same_rows_are_recognised_and_a_rehearsal_records_nothing(
    run: Run, empty_ledger: Path, tmp_path: Path, other_process: list[str]
) -> None:
    path = transfers(tmp_path / "many.csv", MANY)
    rehearsed = run("import", path, "--dry-run", db=empty_ledger)
    assert f"Nothing was recorded: {MANY} rows would be." in rehearsed.stderr
    assert stored(empty_ledger) == []
    assert run("import", path, db=empty_ledger).code == 0
    again = run("import", path, db=empty_ledger)
    assert again.code == 0
    assert "were recorded already, by submission 1" in again.stderr
    assert stored(empty_ledger) == [(1, MANY)]
    # Rows that take the place of others have to be seen together.
    assert other_process == [str(path)] * 3
    assert run("import", path, "--corrects", "1", db=empty_ledger).code == 0
    assert other_process == [str(path)] * 3


# What the other process does instead: it ends in the middle of the rows.
BREAKING = """
import os, sys
sys.path[:] = {path!r}
from compliance.cli import beside
from compliance.ledger.prepared import Block
tell = beside._Answers.tell
def told(self, what):
    if isinstance(what, Block) and what.rows and what.movements.lines[0] > 7000:
        END
    tell(self, what)
beside._Answers.tell = told
beside.main()
"""


@pytest.mark.parametrize("instead", ["import sys; sys.exit(3)", "END"])
@pytest.mark.usefixtures("other_process")
def test_where_the_other_process_ends_nothing_is_recorded(
    run: Run, empty_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instead: str
) -> None:
    if instead == "END":
        instead = BREAKING.replace("END", "os._exit(0)")
    monkeypatch.setattr(beside, "_PROGRAM", instead)
    outcome = run("import", transfers(tmp_path / "many.csv", MANY), db=empty_ledger)
    assert outcome.code == 2
    assert "the process that reads the files ended before it had read them" in outcome.stderr
    assert stored(empty_ledger) == []


@pytest.mark.usefixtures("other_process")
def test_what_fails_in_the_other_process_fails_here(
    run: Run, empty_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = BREAKING.replace("END", 'raise LookupError("synthetic")')
    monkeypatch.setattr(beside, "_PROGRAM", program)
    outcome = run("import", transfers(tmp_path / "many.csv", MANY), db=empty_ledger)
    assert "this is a bug in the program (LookupError: synthetic)" in outcome.stderr
    assert stored(empty_ledger) == []


@pytest.mark.usefixtures("other_process")
def test_what_was_recorded_waits_for_nobody(
    run: Run, empty_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other process ends as soon as it has handed on all rows, before they are recorded."""
    ending = (
        "tell = beside._Answers.tell",
        (
            "def tell(self, what):\n"
            "    self._waiting.put(beside.pickle.dumps(what))\n"
            "    if isinstance(what, beside._Told):\n"
            "        self.end()\n"
            "        os._exit(0)"
        ),
    )
    program = BREAKING.replace(*ending).replace("END", "pass")
    monkeypatch.setattr(beside, "_PROGRAM", program)
    outcome = run("import", transfers(tmp_path / "many.csv", MANY), db=empty_ledger)
    assert outcome.code == 0, outcome.stderr
    assert f"Recorded {MANY} rows as submission 1." in outcome.stderr


@pytest.mark.skipif(os.name == "nt", reason="needs the signals of POSIX")
@pytest.mark.parametrize("killed", [False, True])
def test_interrupted_or_killed_no_process_and_no_row_is_left(
    empty_ledger: Path, tmp_path: Path, *, killed: bool
) -> None:
    path = tmp_path / "long.csv"
    transfers(path, 60_000)
    assert path.stat().st_size > beside.LONG
    # On one processor all is done in one process: that is said where it is so.
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    if processors < 2:
        pytest.skip("there is one processor: nothing is read beside")
    process = subprocess.Popen(
        [sys.executable, "-m", "compliance", "--db", str(empty_ledger), "import", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    journal = empty_ledger.with_name(empty_ledger.name + "-journal")
    try:
        until = time.monotonic() + 60
        while not journal.exists() and process.poll() is None:
            assert time.monotonic() < until, "nothing is being recorded"
            time.sleep(0.005)
        assert process.poll() is None, "it ended before it could be interrupted"
        if killed:
            process.kill()
        else:
            # As a terminal does: to all processes of the command.
            os.killpg(process.pid, signal.SIGINT)
        # Not before the other process has ended, too: it holds the same standard error.
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert b"Traceback" not in errors
    assert process.returncode == (-signal.SIGKILL if killed else 130)
    assert stored(empty_ledger) == []


def test_short_files_and_pipes_are_read_in_the_same_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1}, raising=False)
    assert worth_it(beside.LONG)
    assert not worth_it(beside.LONG - 1)
    assert not worth_it(None)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0})
    assert not worth_it(beside.LONG)
