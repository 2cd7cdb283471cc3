"""What ``import`` does with hostile names and with standard input that never ends."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compliance.intake import blocks, csv_stream, reading, sheet

if TYPE_CHECKING:
    from conftest import Run

HOLDING = (
    "party,as_of,basis,category,quantity,source\n"
    "serbia,2025-01-01,declared,battle_tank,212,synthetic\n"
)


@pytest.fixture
def empty(run: Run, tmp_path: Path) -> Path:
    path = tmp_path / "empty.db"
    assert run("db", "init", "--empty", db=path).code == 0
    return path


class _Endless(io.RawIOBase):
    """A stream of the same again and again, that counts what was taken of it."""

    def __init__(self, content: bytes, before: bytes = b"") -> None:
        self.taken = 0
        self._content = content
        self._before = before

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        size = max(1, len(buffer) // len(self._content)) * len(self._content)
        data = (self._before + self._content * size)[: len(buffer)]
        self._before = b""
        buffer[:] = data
        self.taken += len(data)
        return len(data)


@pytest.mark.parametrize("format", ["json", "xlsx"])
def test_no_more_of_standard_input_is_read_than_may_be(
    format: str, run: Run, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 100_000
    monkeypatch.setattr(sheet, "MAX_BYTES", most)
    monkeypatch.setattr(reading, "MAX_BYTES", most)
    endless = _Endless(b" ")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(endless)))
    outcome = run("import", "-", "--input-format", format, db=empty)
    assert outcome.code == 2
    assert f"standard input: the file has {most + 1} bytes; expected at most" in outcome.stderr
    assert endless.taken < 2 * most


@pytest.mark.parametrize("format", ["csv", "jsonl"])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b" ", "; the rest of the file was not read|a line of more than 200000 bytes"),
        (b"\n", "more than 1000000 bytes; the rest was not read"),
        (b'"\n",', "a row of more than 200000 characters|more than 1000000 bytes"),
    ],
    ids=["a line", "lines", "a row"],
)
def test_a_pipe_without_end_is_cut_off_and_said(
    content: bytes,
    says: str,
    format: str,
    run: Run,
    empty: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blocks, "MAX_STREAM", 1_000_000)
    monkeypatch.setattr(blocks, "MAX_LINE", 200_000)
    monkeypatch.setattr(csv_stream, "MAX_LINE", 200_000)
    before = empty.read_bytes()
    endless = _Endless(content, HOLDING.encode() if format == "csv" else b"")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(endless)))
    outcome = run("import", "-", "--input-format", format, db=empty)
    assert outcome.code == 2
    assert re.search(says, outcome.stderr)
    assert endless.taken < 2_000_000
    assert empty.read_bytes() == before


@pytest.mark.parametrize("name", [b"\xff.csv", b"two\nlines.csv", b"\x1b[31mred.csv"])
def test_a_file_by_any_name_is_recorded_and_its_name_is_safe_to_show(
    name: bytes, run: Run, empty: Path, tmp_path: Path
) -> None:
    path = tmp_path / name.decode("utf-8", errors="surrogateescape")
    try:
        path.write_text(HOLDING, encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("no file can have such a name here")
    outcome = run("import", path, db=empty)
    assert outcome.code == 0, outcome.stderr
    (submission,) = run("history", "--format", "json", db=empty).json["submissions"]
    assert submission["command"].startswith("import ")
    assert submission["command"].isprintable()
    path.write_text(HOLDING.replace("serbia", "Serbja"), encoding="utf-8")
    outcome = run("import", path, db=empty)
    assert outcome.code == 2
    assert "row 2, party: 'Serbja' is no party" in outcome.stderr
    assert "\x1b" not in outcome.stderr


def test_an_unknown_party_is_told_with_ids_only(run: Run, empty: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HOLDING.replace("serbia", "Bosna"), encoding="utf-8")
    line = run("import", path, db=empty).stderr.splitlines()[0]
    assert "expected one of bosnia-herzegovina, croatia, " in line
    assert "Herzegovina" not in line
    assert len(line) < 400
