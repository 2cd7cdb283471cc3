"""Several people record at the same time: everything is recorded, in one chain."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from import_files import LOSS, stored, write

if TYPE_CHECKING:
    from conftest import Run

# Imports file after file, as soon as the others are ready as well.
IMPORTER = """
import sys, time
from pathlib import Path
from compliance.cli import import_
from compliance.cli.main import _run
db, folder, go = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
(folder / "ready").touch()
while not go.exists():
    time.sleep(0.001)
sys.exit(max(_run(["--db", db, "import", str(path)]) for path in sorted(folder.glob("*.csv"))))
"""
NAMES = ("ana", "boris")


@pytest.mark.parametrize("count", [10, pytest.param(50, marks=pytest.mark.long)])
def test_all_that_two_record_at_once_is_recorded(
    count: int, run: Run, each_ledger: str, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    importers = []
    for name in NAMES:
        folder = tmp_path / name
        folder.mkdir()
        for number in range(count):
            rows = ({**LOSS, "source": f"{name} {number}", "ref": ref} for ref in "123")
            write(folder / f"{name}-{number:02d}.csv", *rows)
        command = [sys.executable, "-c", IMPORTER, each_ledger, str(folder), str(go)]
        importers.append(
            subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        )
    try:
        while not all((tmp_path / name / "ready").exists() for name in NAMES):
            assert all(process.poll() is None for process in importers)
            time.sleep(0.01)
        go.touch()
        said = [process.communicate(timeout=600)[1].decode() for process in importers]
    finally:
        for process in importers:
            process.kill()
    assert [process.returncode for process in importers] == [0, 0], said
    for text in said:
        assert text.count("Recorded 3 rows as submission ") == count
        assert "Error" not in text
        assert "Traceback" not in text
    total = len(NAMES) * count
    assert stored(each_ledger) == [(number, 3) for number in range(1, total + 1)]
    verified = run("history", "verify", db=each_ledger)
    assert verified.code == 0
    assert f"Sound: {total} submissions, {3 * total} rows." in verified.stdout
    listed = run("history", "--format", "json", db=each_ledger).json["submissions"]
    assert sorted(item["command"] for item in listed) == sorted(
        f"import {name}-{number:02d}.csv" for name in NAMES for number in range(count)
    )
    for name in NAMES:  # each in its own order
        own = [item["command"] for item in listed if name in item["command"]]
        assert own == sorted(own)
