"""An archive read in again is the same ledger: submission by submission, to the byte."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Run

ROOT = Path(__file__).parents[2]

# A day, and what was known when: before and after each correction.
ASKED = (
    ("2019-12-31", "2021-06-01"),
    ("2019-12-31", "2022-06-01"),
    ("2020-12-31", "2023-06-01"),
    ("2021-12-31", "2024-06-01"),
    ("2021-12-31", "2025-06-01"),
    ("2029-06-01", "2026-01-01"),
)


def _replayed(run: Run, archive: Path, db: Path) -> None:
    assert run("db", "init", "--empty", db=db).code == 0
    with (archive / "submissions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            files = [archive / name for name in row["files"].split(" ")]
            at = ("--recorded-at", row["recorded_at"])
            outcome = run("import", "--again", *at, *files, db=db)
            assert outcome.code == 0, outcome.stderr


def _submissions(run: Run, db: Path) -> list[tuple[Any, ...]]:
    found = run("history", "--format", "json", db=db).json["submissions"]
    keys = ("id", "recorded_at", "rows", "content_sha256")
    return [tuple(item[key] for key in keys) for item in found]


def _rows(run: Run, db: Path) -> list[bytes]:
    numbers = range(1, len(_submissions(run, db)) + 1)
    shown = [run("history", "show", str(n), "--format", "json", db=db).json for n in numbers]
    return [item["rows"] for item in shown]


def test_an_archive_read_in_again_is_the_same_ledger(run: Run, rich: Path, tmp_path: Path) -> None:
    archive, again = tmp_path / "archive", tmp_path / "again.db"
    outcome = run("export", "--format", "jsonl", "-o", archive, db=rich)
    assert outcome.code == 0, outcome.stderr
    assert outcome.stdout == ""
    assert {path.name for path in archive.iterdir()} == {
        "submissions.csv",
        *(f"000{number}.jsonl" for number in range(1, 6)),
    }
    _replayed(run, archive, again)
    assert _submissions(run, again) == _submissions(run, rich)
    assert _rows(run, again) == _rows(run, rich)
    assert run("history", "verify", db=again).code == 0
    seen = set()
    for day, known in ASKED:
        asked = ("audit", "--as-of", day, "--known-at", known, "--format", "json", "--exit-zero")
        before, after = run(*asked, db=rich), run(*asked, db=again)
        assert (before.code, after.code) == (0, 0), before.stderr
        assert after.raw == before.raw
        seen.add(json.dumps(before.json["rows"]))
    assert len(seen) == len(ASKED), "the audits compared must differ among themselves"
    second = tmp_path / "second"
    assert run("export", "--format", "jsonl", "-o", second, db=again).code == 0
    for path in sorted(archive.glob("*.jsonl")):
        assert (second / path.name).read_bytes() == path.read_bytes()


def test_the_published_figures_come_back(run: Run, tmp_path: Path) -> None:
    archive, again = tmp_path / "archive", tmp_path / "again.db"
    assert run("export", "--format", "jsonl", "-o", archive).code == 0
    _replayed(run, archive, again)
    asked = ("audit", "--as-of", "2026-11-20", "--format", "json", "--exit-zero")
    assert run(*asked, db=again).raw == run(*asked).raw


def test_the_loop_in_the_help_works_and_repeats_what_was_repeated(
    run: Run, rich: Path, tmp_path: Path
) -> None:
    twice = tmp_path / "twice.db"
    assert run("db", "init", "--empty", db=twice).code == 0
    for _ in range(2):
        assert run("import", "--again", rich.parent / "moved.csv", db=twice).code == 0
    assert len(_submissions(run, twice)) == 2
    loop = run("export", "--help", db=None).stdout.split("by submission:\n")[1].split("\n\n")[0]
    assert run("export", "--format", "jsonl", "-o", tmp_path / "archive", db=twice).code == 0
    script = f'set -e\ncompliance() {{ "{sys.executable}" -m compliance "$@"; }}\n{loop}\n'
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert _submissions(run, tmp_path / "new.db") == _submissions(run, twice)


def test_an_archive_as_known_earlier_is_the_beginning_of_the_whole(
    run: Run, rich: Path, tmp_path: Path
) -> None:
    known = ("--known-at", "2022-06-01")
    assert run("export", "--format", "jsonl", "-o", tmp_path / "whole", db=rich).code == 0
    assert run("export", "--format", "jsonl", *known, "-o", tmp_path / "then", db=rich).code == 0
    then = {path.name: path.read_text("utf-8") for path in (tmp_path / "then").iterdir()}
    assert set(then) == {"0001.jsonl", "0002.jsonl", "submissions.csv"}
    for name, text in then.items():
        assert (tmp_path / "whole" / name).read_text("utf-8").startswith(text)


@pytest.mark.parametrize(("limit", "most"), [("MAX_ROWS", 2), ("MAX_BYTES", 600)])
def test_large_submissions_are_split_so_that_they_can_be_read(
    run: Run,
    rich: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    most: int,
) -> None:
    import compliance.cli.export as module

    whole, split, again = tmp_path / "whole", tmp_path / "split", tmp_path / "again.db"
    assert run("export", "--format", "jsonl", "-o", whole, db=rich).code == 0
    monkeypatch.setattr(module, limit, most)
    assert run("export", "--format", "jsonl", "-o", split, db=rich).code == 0
    with (split / "submissions.csv").open(encoding="utf-8", newline="") as file:
        parts = next(csv.DictReader(file))["files"].split(" ")
    assert parts[:3] == ["0001.jsonl", "0001-2.jsonl", "0001-3.jsonl"]
    texts = [(split / name).read_text("utf-8") for name in parts]
    sizes = [text.count("\n") if limit == "MAX_ROWS" else len(text.encode()) for text in texts]
    assert max(sizes) <= most
    assert "".join(texts) == (whole / "0001.jsonl").read_text("utf-8")
    assert run("db", "init", "--empty", db=again).code == 0
    assert run("import", *(split / name for name in parts), db=again).code == 0
    assert _submissions(run, again)[0][3] == _submissions(run, rich)[0][3]


def test_what_is_there_is_never_replaced(run: Run, rich: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    command = ("export", "--format", "jsonl", "-o", folder)
    assert run(*command, db=rich).code == 0
    before = {path: path.read_bytes() for path in folder.iterdir()}
    outcome = run(*command, db=rich)
    assert outcome.code == 2
    assert "is there already" in outcome.stderr
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_what_cannot_be_written_is_told_and_leaves_nothing(
    run: Run, rich: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.db"
    assert run("db", "init", "--empty", db=empty).code == 0
    target = tmp_path / "target"
    for arguments, db, word in (
        (("jsonl",), empty, "nothing to export"),
        (("jsonl", "--known-at", "2000-01-01"), rich, "nothing to export"),
        (("jsonl", "--party", "serbia"), rich, "holds all parties"),
        (("csv", "--party", "Atlantis"), rich, "unknown party"),
    ):
        outcome = run("export", "--format", *arguments, "-o", target, db=db)
        assert outcome.code == 2
        assert word in outcome.stderr
    outcome = run("export", "--format", "csv", "-o", tmp_path / "no" / "where", db=rich)
    assert outcome.code == 2
    assert "cannot be written" in outcome.stderr
    assert not target.exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
