"""``compliance history``: what was recorded, and the proof that nothing of it was changed."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from import_files import LOSS, TANKS, write

if TYPE_CHECKING:
    from conftest import Run

_QUANTITIES = ("quantity_low", "quantity_high")
RECORDED = ("2024-12-15", "2025-03-10", "2025-04-01")


@pytest.fixture(scope="module")
def filled(program: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of three submissions. For reading only."""
    folder = tmp_path_factory.mktemp("history")
    path = folder / "three.db"
    assert program("--db", path, "db", "init", "--empty").code == 0
    files = [
        write(folder / "tanks.csv", TANKS, {**TANKS, "category": "artillery"}),
        write(folder / "loss.csv", LOSS),
        write(folder / "more.csv", {**LOSS, "date": "2025-03-20"}),
    ]
    for file, moment in zip(files, RECORDED, strict=True):
        command = ("import", file, "--recorded-at", moment, "--note", f"file {file.stem}")
        outcome = program("--db", path, *command)
        assert outcome.code == 0, outcome.stderr
    return path


@pytest.fixture
def own(filled: Path, tmp_path: Path) -> Path:
    """A copy that the test may change."""
    return Path(shutil.copy(filled, tmp_path / "own.db"))


def _triggers(client: sqlite3.Connection) -> list[tuple[str, str]]:
    return client.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()


def _change(db: Path, sql: str) -> None:
    """Change the database with a plain client that takes the triggers away for the while."""
    with closing(sqlite3.connect(db, isolation_level=None)) as client:
        triggers = _triggers(client)
        assert triggers
        for name, _ in triggers:
            client.execute(f"DROP TRIGGER {name}")
        assert client.execute(sql).rowcount == 1
        for _, made in triggers:
            client.execute(made)


def test_submissions_are_listed_the_oldest_first(run: Run, filled: Path) -> None:
    listed = run("history", "--format", "json", db=filled).json
    assert listed["schema"] == "compliance.history/1"
    submissions = listed["submissions"]
    assert [item["id"] for item in submissions] == [1, 2, 3]
    assert [item["rows"] for item in submissions] == [2, 1, 1]
    assert [item["recorded_at"] for item in submissions] == [
        f"{day}T00:00:00.000000Z" for day in RECORDED
    ]
    assert [item["note"] for item in submissions] == ["file tanks", "file loss", "file more"]
    table = run("history", db=filled).stdout.splitlines()
    assert table[0].split()[:2] == ["No.", "Recorded"]
    for line, item in zip(table[2:], submissions, strict=True):
        assert line.split()[:2] == [str(item["id"]), item["recorded_at"]]
        assert item["sha256"][:12] in line
        assert item["command"] in line


def test_a_ledger_of_which_nothing_is_recorded(run: Run, empty_ledger: Path) -> None:
    assert run("history", "--format", "json", db=empty_ledger).json["submissions"] == []
    assert run("history", db=empty_ledger).code == 0
    assert "0 submissions, 0 rows" in run("history", "verify", db=empty_ledger).stdout
    assert run("history", "show", "1", db=empty_ledger).code == 2


def test_one_submission_is_shown_by_number_or_hash(run: Run, filled: Path) -> None:
    shown = run("history", "show", "1", "--format", "json", db=filled).json
    assert shown["schema"] == "compliance.history/1"
    head = shown["submission"]
    assert [row["ref"] for row in shown["rows"]] == [
        f"{head['content_sha256'][:12]}:{line}" for line in (1, 2)
    ]
    assert shown["rows"][0]["content"]["quantity"] == "212"
    assert shown["rows"][0]["corrects"] is None
    assert shown["rows"][0]["corrected_by"] == []
    text = run("history", "show", "1", db=filled).raw
    for name in (head["sha256"], head["sha256"][:8], head["content_sha256"][:12].upper()):
        assert run("history", "show", name, db=filled).raw == text
    assert b"Submission 1\n" in text
    for word in (head["sha256"], "file tanks", "import tanks.csv", "annual exchange"):
        assert word.encode() in text


@pytest.mark.parametrize("name", ["4", "0", "abc", "0123456789ab", "%"])
def test_a_submission_that_is_not_there(name: str, run: Run, filled: Path) -> None:
    outcome = run("history", "show", name, db=filled)
    assert outcome.code == 2
    assert outcome.stdout == ""
    assert f"'{name}'" in outcome.stderr


def test_a_report_can_be_kept_in_a_file(run: Run, filled: Path, tmp_path: Path) -> None:
    path = tmp_path / "history.json"
    outcome = run("history", "--format", "json", "-o", path, db=filled)
    assert outcome.stdout == ""
    assert path.read_bytes() == run("history", "--format", "json", db=filled).raw


def test_options_of_the_list_are_not_lost_before_another_command(
    run: Run, filled: Path, tmp_path: Path
) -> None:
    for options in (("--format", "json"), ("-o", str(tmp_path / "x"))):
        outcome = run("history", *options, "show", "1", db=filled)
        assert outcome.code == 2
        assert "after 'show'" in outcome.stderr


def test_a_sound_ledger_is_said_to_be_sound(run: Run, filled: Path) -> None:
    before = filled.read_bytes()
    outcome = run("history", "verify", db=filled)
    assert outcome.code == 0
    last = run("history", "--format", "json", db=filled).json["submissions"][-1]
    assert outcome.stdout == f"Sound: 3 submissions, 4 rows.\nHead:  {last['sha256']}\n"
    assert filled.read_bytes() == before


def test_a_head_kept_elsewhere_is_found(run: Run, filled: Path) -> None:
    for item in run("history", "--format", "json", db=filled).json["submissions"]:
        outcome = run("history", "verify", "--head", item["sha256"].upper(), db=filled)
        assert outcome.code == 0
        told = {1: "2 submissions follow it", 2: "1 submission follows it"}
        follow = told.get(item["id"], "0 submissions follow it")
        assert f"The head given is in it; {follow}." in outcome.stdout


def test_the_head_of_another_ledger_is_not(run: Run, filled: Path, ledger: Path) -> None:
    other = run("history", "--format", "json", db=ledger).json["submissions"][-1]["sha256"]
    outcome = run("history", "verify", "--head", other, db=filled)
    assert outcome.code == 4
    assert outcome.stdout == ""
    assert "the head kept elsewhere is not in this ledger" in outcome.stderr


def test_what_was_cut_off_at_the_end_is_found_by_the_head(run: Run, own: Path) -> None:
    head = run("history", "--format", "json", db=own).json["submissions"][-1]["sha256"]
    _change(own, "DELETE FROM movement_row WHERE submission_id = 3")
    _change(own, "DELETE FROM submission WHERE id = 3")
    # As a forger would who does not want to be found: half of what two equal losses add up to.
    halves = ", ".join(f"{name} = {name} / 2" for name in ("movements", *_QUANTITIES))
    _change(own, f"UPDATE turnover SET {halves}")
    assert run("history", "verify", db=own).code == 0, "without the head there is no trace"
    assert run("history", "verify", "--head", head, db=own).code == 4


@pytest.mark.parametrize(
    ("sql", "number"),
    [
        ("UPDATE holding SET quantity_low = 211 WHERE submission_id = 1 AND line = 1", 1),
        ("UPDATE movement_row SET source = replace(source, 'n', 'm') WHERE submission_id = 2", 2),
        ("UPDATE movement_shape SET unit = 'x'", 2),
        ("UPDATE submission SET note = note || '.' WHERE id = 2", 2),
        ("UPDATE submission SET recorded_by = 'nobody' WHERE id = 3", 3),
        ("DELETE FROM movement_row WHERE submission_id = 3", 3),
        ("DELETE FROM holding WHERE line = 2", 1),
    ],
)
def test_a_change_by_another_program_is_found_and_its_submission_named(
    sql: str, number: int, run: Run, own: Path
) -> None:
    _change(own, sql)
    outcome = run("history", "verify", db=own)
    assert outcome.code == 4
    assert outcome.stdout == ""
    assert f"submission {number}" in outcome.stderr.split("Error: ")[1].splitlines()[0]
    assert f"Sound up to submission {number - 1}." in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_ledger_without_its_guards_is_not_sound(run: Run, own: Path) -> None:
    with closing(sqlite3.connect(own)) as client:
        names = [name for name, _ in _triggers(client)]
        client.execute(f"DROP TRIGGER {names[0]}")
    outcome = run("history", "verify", db=own)
    assert outcome.code == 4
    assert outcome.stdout == ""
    assert "no longer refuses changes" in outcome.stderr
    assert names[0] in outcome.stderr
    assert names[1] not in outcome.stderr


def test_another_program_is_refused_while_the_guards_are_there(own: Path) -> None:
    with closing(sqlite3.connect(own)) as client, pytest.raises(sqlite3.IntegrityError):
        client.execute("UPDATE holding SET quantity_low = 211")


def test_there_must_be_a_ledger_to_look_at(run: Run, tmp_path: Path) -> None:
    for arguments in ((), ("show", "1"), ("verify",)):
        assert run("history", *arguments, db=tmp_path / "absent.db").code == 4
