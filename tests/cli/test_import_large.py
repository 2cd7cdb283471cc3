"""Large files: read while they are recorded, every error told in one run, and memory flat."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from import_files import LOSS, TANKS, stored, transfers, write

from compliance.cli import incoming
from compliance.intake import csv_stream

if TYPE_CHECKING:
    from conftest import Run


@pytest.fixture
def soon_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few rows are many."""
    monkeypatch.setattr(incoming, "AHEAD", 4)
    monkeypatch.setattr(csv_stream, "BATCH", 3)


def _errors(stderr: str) -> list[str]:
    return [line for line in stderr.splitlines() if line.startswith("error: ")]


@pytest.mark.usefixtures("soon_long")
def test_errors_found_while_rows_are_recorded_are_all_told_and_nothing_is_recorded(
    run: Run, empty_ledger: Path, tmp_path: Path
) -> None:
    path, before = transfers(tmp_path / "many.csv", 40), empty_ledger.read_bytes()
    lines = path.read_text(encoding="utf-8").splitlines()
    for number in (11, 26, 41):
        lines[number - 1] = lines[number - 1].replace("2010-", "2010/")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    wrong = tmp_path / "wrong.csv"
    outcome = run("import", path, "--errors", wrong, db=empty_ledger)
    assert outcome.code == 2
    assert [line.split(",")[0] for line in _errors(outcome.stderr)] == [
        f"error: {path}: row {number}" for number in (11, 26, 41)
    ]
    assert "Error: 3 problems in 1 file; nothing was read in" in outcome.stderr
    assert empty_ledger.read_bytes() == before
    assert len(wrong.read_text(encoding="utf-8").splitlines()) == 4


@pytest.mark.usefixtures("soon_long")
def test_errors_of_the_files_come_before_those_of_the_ledger(
    run: Run, empty_ledger: Path, tmp_path: Path
) -> None:
    absent = write(tmp_path / "absent.csv", {**LOSS, "corrects": "3f9a2b7c81d0:1"})
    late = write(tmp_path / "late.csv", *[LOSS] * 20, {**LOSS, "basis": "declard"})
    outcome = run("import", absent, late, db=empty_ledger)
    assert outcome.code == 2
    assert [line.split(";")[0] for line in _errors(outcome.stderr)] == [
        f"error: {late}: row 22, basis: 'declard' is no basis"
    ]
    assert stored(empty_ledger) == []


@pytest.mark.usefixtures("soon_long")
def test_good_rows_of_long_files_are_recorded_and_none_of_a_refused_one(
    run: Run, empty_ledger: Path, tmp_path: Path
) -> None:
    rows = [{**LOSS, "ref": str(number)} for number in range(20)]
    rows[12]["quantity"] = "many"
    good = write(tmp_path / "good.csv", *rows)
    torn = write(tmp_path / "torn.csv", *[{**TANKS, "ref": str(n)} for n in range(20)])
    torn.write_text(torn.read_text(encoding="utf-8") + '"open', encoding="utf-8")
    outcome = run("import", torn, good, "--accept-good", db=empty_ledger)
    assert outcome.code == 0, outcome.stderr
    assert "Recorded 19 rows as submission 1." in outcome.stderr
    assert f"left out: {torn}, the whole file" in outcome.stderr
    assert f"left out: {good}, row 14" in outcome.stderr
    assert stored(empty_ledger) == [(1, 19)]
    shown = run("history", "show", "1", "--format", "json", db=empty_ledger).json["rows"]
    assert [row["content"]["ref"] for row in shown] == [str(n) for n in range(20) if n != 12]


@pytest.mark.usefixtures("soon_long")
def test_a_terminal_is_told_how_far_it_is(
    run: Run, empty_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = transfers(tmp_path / "many.csv", 40)
    assert " a second" not in run("import", path, "--dry-run", db=empty_ledger).stderr
    made = incoming.Progress.__init__

    def on_a_terminal(self: incoming.Progress, reading: incoming.Reading) -> None:
        made(self, reading)
        self._wanted = True

    monkeypatch.setattr(incoming.Progress, "__init__", on_a_terminal)
    monkeypatch.setattr(incoming, "_PATIENCE", 0.0)
    monkeypatch.setattr(incoming, "_AT_MOST_EVERY", 0.0)
    told = run("import", path, db=empty_ledger).stderr
    assert " rows, " in told
    assert " a second, about 0:00 left" in told
    assert told.index(" a second") < told.index("Recorded 40 rows as submission 1.")


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent otherwise on Windows")
def test_ctrl_c_while_rows_are_recorded_leaves_nothing_behind(
    empty_ledger: Path, tmp_path: Path
) -> None:
    """The rows come through a pipe that stays open: the program waits for more of them."""
    rows = transfers(tmp_path / "many.csv", 2 * incoming.AHEAD).read_bytes()
    before = empty_ledger.read_bytes()
    command = [sys.executable, "-m", "compliance", "--db", str(empty_ledger)]
    process = subprocess.Popen(
        [*command, "import", "-", "--input-format", "csv"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    journal = empty_ledger.with_name(empty_ledger.name + "-journal")
    try:
        process.stdin.write(rows)
        process.stdin.flush()
        until = time.monotonic() + 60
        while not journal.exists() and process.poll() is None:
            assert time.monotonic() < until, "nothing is being recorded"
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130, errors
    assert b"Interrupted" in errors
    assert b"Traceback" not in errors
    assert out == b""
    assert empty_ledger.read_bytes() == before
    assert not journal.exists()


# A process's peak begins at that of the one that starts it: this one has loaded next to nothing.
MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return transfers(tmp_path_factory.mktemp("million") / "million.csv", 1_000_000)


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="there is no getrusage")
def test_three_errors_in_a_million_rows(
    run: Run, million: Path, empty_ledger: Path, tmp_path: Path
) -> None:
    wrong = (3, 500_001, 1_000_001)
    path = tmp_path / "wrong.csv"

    def lines() -> Iterator[str]:
        with million.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                yield line.replace("2010-", "2010/", 1) if number in wrong else line

    with path.open("w", encoding="utf-8") as file:
        file.writelines(lines())
    before = empty_ledger.read_bytes()
    ours = [sys.executable, "-m", "compliance", "--db", str(empty_ledger), "import", str(path)]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", MEASURED, *ours],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert [line.split(",")[0] for line in _errors(done.stderr)] == [
        f"error: {path}: row {number}" for number in wrong
    ]
    assert empty_ledger.read_bytes() == before
    assert int(done.stdout.split()[-1]) < 100_000 * (1024 if sys.platform == "darwin" else 1)
