"""stdout is the report and nothing else; files are written whole; colour only on a terminal."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import select
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Run

TANKS = ("audit", "--as-of", "2019-12-31", "--category", "battle_tank")
TODAY = ("audit", "--as-of", "2026-11-20")
EVERYTHING = (
    *("--accept-stale", "--details", "--report", "both", "--by", "category"),
    *("--reading", "post-2006-ceilings=derived", "--reading", "armed-drones=counted"),
    *("--known-at", "2099-12-31", "--basis", "press", "--exit-zero"),
)
ESCAPE = b"\x1b"
posix = pytest.mark.skipif(os.name == "nt", reason="needs the terminals and pipes of POSIX")


def test_json_is_all_there_is_on_stdout_with_everything_on(run: Run) -> None:
    outcome = run(*TODAY, *EVERYTHING, "--format", "json")
    assert outcome.code == 0
    assert json.loads(outcome.stdout)["readings"] == {
        "armed-drones": "counted",
        "post-2006-ceilings": "derived",
    }
    assert outcome.raw.endswith(b"}\n")


@pytest.mark.parametrize("report", ["both", "headroom", "violations"])
def test_csv_is_one_table_on_stdout(report: str, run: Run) -> None:
    outcome = run(*TODAY, "--format", "csv", "--report", report)
    lines = list(csv.reader(io.StringIO(outcome.stdout)))
    assert len(lines) > 1
    assert {len(line) for line in lines} == {len(lines[0])}
    assert lines[0][0] == "as_of"
    assert {line[0] for line in lines[1:]} == {"2026-11-20"}
    said = "--report violations" in outcome.stderr
    assert said == (report == "both"), "what one CSV cannot hold is said on stderr"


def test_csv_and_json_tell_the_same(run: Run) -> None:
    rows = run(*TODAY, "--format", "json").json["rows"]
    table = list(csv.DictReader(io.StringIO(run(*TODAY, "--format", "csv").stdout)))
    assert len(table) == len(rows) == 20
    for line, row in zip(table, rows, strict=True):
        assert (line["party"], line["category"]) == (row["party"], row["category"])
        assert line["verdict"] == row["verdict"]
        assert line["basis"] == (row["basis"] or "")
        for name in ("counted", "ceiling", "headroom", "utilisation"):
            for side in ("low", "high"):
                value = (row[name] or {}).get(side)
                assert line[f"{name}_{side}"] == ("" if value is None else str(value))


def test_what_is_said_beside_the_report_goes_to_stderr(run: Run, tmp_path: Path) -> None:
    made = run("db", "init", db=tmp_path / "new.db")
    assert made.stdout == ""
    assert "new.db" in made.stderr
    checked = run("rules", "check", "--no-cases")
    assert checked.stdout == ""
    assert "0 errors" in checked.stderr
    assert run(*TANKS).stderr == ""


@pytest.mark.parametrize("format_", ["table", "csv", "json", "markdown"])
def test_a_file_holds_what_the_screen_would_show(format_: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "report.out"
    outcome = run(*TANKS, "--format", format_, "--report", "headroom", "-o", path)
    assert outcome.code == 0
    assert outcome.stdout == ""
    assert str(path) in outcome.stderr
    assert path.read_bytes() == run(*TANKS, "--format", format_, "--report", "headroom").raw
    assert [p.name for p in tmp_path.iterdir()] == ["report.out"]


def test_a_file_is_there_whatever_the_verdict(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    assert run(*TODAY, "--format", "json", "-o", path).code == 3
    assert json.loads(path.read_text(encoding="utf-8"))["rows"]


@posix
def test_a_new_file_has_the_usual_permissions(run: Run, tmp_path: Path) -> None:
    path, usual = tmp_path / "report.txt", tmp_path / "usual.txt"
    usual.touch()
    run(*TANKS, "-o", path)
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)


def test_a_file_is_never_half_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.txt"
    path.write_text("the report of last year\n", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    outcome = run(*TANKS, "-o", path)
    assert outcome.code == 2
    assert "report.txt cannot be written: No space left on device" in outcome.stderr
    assert path.read_text(encoding="utf-8") == "the report of last year\n"
    assert [p.name for p in tmp_path.iterdir()] == ["report.txt"]


def test_an_old_file_is_replaced_whole(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("the report of last year\n" * 10_000, encoding="utf-8")
    assert run(*TANKS, "-o", path).code == 0
    assert path.read_bytes() == run(*TANKS).raw


def test_a_report_that_cannot_be_made_leaves_the_old_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("the report of last year\n", encoding="utf-8")
    assert run(*TANKS, "--party", "Atlantis", "-o", path).code == 2
    assert run(*TANKS, "-o", path, db=tmp_path / "absent.db").code == 4
    assert path.read_text(encoding="utf-8") == "the report of last year\n"


@pytest.mark.parametrize("target", ["absent/report.txt", "file/report.txt", "folder"])
def test_a_place_that_takes_no_file_is_named(target: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    outcome = run(*TANKS, "-o", tmp_path / target)
    assert outcome.code == 2
    assert outcome.stdout == ""
    assert target in outcome.stderr
    assert "bug" not in outcome.stderr
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["file", "folder"]


@posix
def test_a_folder_without_leave_to_write_is_named(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    path = folder / "report.txt"
    path.write_text("the report of last year\n", encoding="utf-8")
    folder.chmod(0o555)
    if os.access(folder, os.W_OK):  # an administrator may write everywhere but in the kernel's own
        folder.chmod(0o755)
        path = Path("/proc/report.txt")
        if not path.parent.is_dir():
            pytest.skip("this user may write everywhere")
    outcome = run(*TANKS, "-o", path)
    folder.chmod(0o755)
    assert outcome.code == 2
    assert f"{path} cannot be written" in outcome.stderr
    kept = folder / "report.txt"
    assert kept.read_text(encoding="utf-8") == "the report of last year\n"
    assert [p.name for p in folder.iterdir()] == ["report.txt"]


@posix
def test_a_device_or_pipe_is_never_replaced_by_a_file(run: Run, tmp_path: Path) -> None:
    """``-o /dev/null`` must leave the machine its /dev/null."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        run(*TANKS, "-o", pipe)
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.lstat().st_mode)


@posix
def test_a_link_goes_on_pointing_to_its_file(run: Run, tmp_path: Path) -> None:
    path, link = tmp_path / "report.txt", tmp_path / "latest.txt"
    path.touch()
    link.symlink_to(path)
    assert run(*TANKS, "-o", link).code == 0
    assert link.is_symlink()
    assert path.read_bytes() == run(*TANKS).raw


def _on_a_terminal(ledger: Path, *arguments: str, **environment: str) -> bytes:
    """Return what the program prints to a terminal."""
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "compliance", "--db", str(ledger), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
        env={**os.environ, "TERM": "xterm-256color", **environment},
    ) as process:
        os.close(theirs)
        printed = b""
        try:
            while select.select([ours], [], [], 60)[0]:
                piece = os.read(ours, 65536)
                if not piece:
                    break
                printed += piece
        except OSError:  # Linux: the other side is closed
            pass
        os.close(ours)
        process.communicate(timeout=60)
    return printed.replace(b"\r\n", b"\n")


@posix
def test_colour_only_on_a_terminal_that_wants_it(ledger: Path, run: Run) -> None:
    plain = run(*TANKS).raw
    assert ESCAPE not in plain
    coloured = _on_a_terminal(ledger, *TANKS)
    assert re.search(rb"\x1b\[32m(\x1b\[\d+m)*within\x1b\[0m", coloured), "a verdict is coloured"
    assert b"within" in plain, "colour is never the only signal"
    assert _on_a_terminal(ledger, *TANKS, NO_COLOR="1") == plain


@posix
def test_colour_moves_no_column(ledger: Path, run: Run) -> None:
    coloured = _on_a_terminal(ledger, *TODAY)
    assert ESCAPE in coloured
    assert re.sub(rb"\x1b\[[0-9;]*m", b"", coloured) == run(*TODAY).raw


@posix
def test_no_format_is_coloured_in_a_file(ledger: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    _on_a_terminal(ledger, *TANKS, "-o", str(path))
    assert ESCAPE not in path.read_bytes()
    assert ESCAPE not in _on_a_terminal(ledger, *TANKS, "--format", "markdown")
    assert ESCAPE not in _on_a_terminal(ledger, *TANKS, "--format", "json")


@posix
@pytest.mark.parametrize("lines", [0, 1], ids=["none read", "one read"])
@pytest.mark.parametrize(
    "arguments", [(*TODAY, "--format", "json"), TODAY, ("--help",)], ids=["long", "short", "help"]
)
def test_a_reader_who_has_seen_enough_gets_no_complaint(
    lines: int, arguments: tuple[str, ...], ledger: Path
) -> None:
    """As in ``compliance audit | head -1``."""
    with subprocess.Popen(
        [sys.executable, "-m", "compliance", "--db", str(ledger), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for _ in range(lines):
            assert process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
        process.wait(timeout=60)
    assert errors == b""
    assert process.returncode != 1, "1 says that a ceiling is exceeded, and none is"
    assert process.returncode not in (2, 4, 70)


def _full() -> Path:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    return full


def test_a_full_disk_is_no_bug_and_no_verdict(ledger: Path) -> None:
    with _full().open("wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "compliance", "--db", str(ledger), *TANKS],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert result.returncode == 2
    assert b"No space left" in result.stderr
    assert b"bug" not in result.stderr
    assert b"Traceback" not in result.stderr


def test_an_error_that_cannot_be_told_is_still_no_verdict(ledger: Path, tmp_path: Path) -> None:
    """The exit code stands though stderr takes nothing: 1 would say that a ceiling is exceeded."""
    absent = str(tmp_path / "absent.db")
    for arguments, code in ((("--db", absent, "audit"), 4), (("audit", "--party", "Atlantis"), 2)):
        with _full().open("wb") as full:
            result = subprocess.run(
                [sys.executable, "-m", "compliance", *arguments],
                stdout=subprocess.DEVNULL,
                stderr=full,
                check=False,
            )
        assert result.returncode == code


def test_a_screen_without_the_letters_gets_substitutes(ledger: Path) -> None:
    result = subprocess.run(
        [
            *(sys.executable, "-m", "compliance", "--db", str(ledger)),
            *("classify", "--kind", "mortar", "--calibre", "82", "Minobacač Ђорђе"),
        ],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    )
    assert result.returncode == 0, result.stderr
    assert b"Minobaca? ?????" in result.stdout
    assert b"Traceback" not in result.stderr
