"""``undo``: a submission is taken back by another, and every figure is as before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from import_files import LOSS, TANKS, write
from recorded import CROATIAN_TANKS, TODAY, counted, dump, load, rows, synthetic

from compliance.cli import options

if TYPE_CHECKING:
    from conftest import Run


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "today", lambda: TODAY)


@pytest.fixture
def db(run: Run, empty_ledger: Path) -> Path:
    """Croatia's tanks of 2019 in submission 1, 30 of them gone in submission 2."""
    load(run, empty_ledger, CROATIAN_TANKS)
    gone = ("--to", "export:Ukraine", "--on", "2024-11-01", "--basis", "notified")
    outcome = run("reduce", "croatia", "M-84", "30", *gone, "--source", "x", db=empty_ledger)
    assert outcome.code == 0
    return empty_ledger


def answers(run: Run, db: Path) -> list[Any]:
    """Return the audits of three days, without the names of rows."""
    return [
        _nameless(run("audit", "--as-of", day, "--format", "json", db=db).json)
        for day in ("2019-12-31", "2025-06-30", "2031-01-01")
    ]


def _nameless(found: Any) -> Any:
    if isinstance(found, dict):
        return {k: _nameless(v) for k, v in found.items() if k not in ("ref", "id")}
    if isinstance(found, list):
        return [None if isinstance(v, str) and ":" in v[12:13] else _nameless(v) for v in found]
    return found


def test_what_was_recorded_is_taken_back(
    run: Run, db: Path, golden: Callable[[str, str], None]
) -> None:
    assert counted(run, db, "2026-01-01") == "202"
    outcome = run("undo", "2", "--note", "not yet", db=db)
    assert outcome.code == 0, outcome.stderr
    golden("undo-reduction.txt", outcome.stdout)
    assert "is undone by submission 3, 1 row" in outcome.stderr
    assert counted(run, db, "2026-01-01") == "232"
    (row,) = rows(run, db, 3)
    assert row["content"]["kind"] == "withdrawal"
    assert row["corrects"] == rows(run, db, 2)[0]["ref"]
    assert run("history", "verify", db=db).code == 0
    (_, _, last) = run("history", "--format", "json", db=db).json["submissions"]
    assert (last["command"], last["note"]) == ("undo 2", "not yet")
    assert last["sha256"] in outcome.stderr


def test_an_undo_can_be_undone_and_that_again(run: Run, db: Path) -> None:
    expected = ["232", "202", "232", "202"]
    for number, figure in enumerate(expected, start=2):
        assert run("undo", str(number), db=db).code == 0
        assert counted(run, db, "2026-01-01") == figure
    assert run("undo", "2", db=db).code == 0, "in force again, as if never touched"
    assert counted(run, db, "2026-01-01") == "232"


def test_a_correction_is_undone_and_what_it_corrected_is_in_its_declaration_again(
    run: Run, empty_ledger: Path
) -> None:
    artillery = {**TANKS, "category": "artillery", "quantity": "50"}
    load(run, empty_ledger, TANKS, artillery)
    before = answers(run, empty_ledger)
    name = rows(run, empty_ledger, 1)[0]["ref"]
    load(run, empty_ledger, {**TANKS, "quantity": "220", "corrects": name})
    assert counted(run, empty_ledger, "2025-06-30", "serbia") == "220"
    assert run("undo", "2", db=empty_ledger).code == 0
    assert counted(run, empty_ledger, "2025-06-30", "serbia") == "212"
    assert answers(run, empty_ledger) == before


def test_a_replacement_of_a_whole_submission_is_undone(run: Run, db: Path, tmp_path: Path) -> None:
    before = answers(run, db)
    path = write(tmp_path / "new.csv", {**CROATIAN_TANKS, "quantity": "240"})
    assert run("import", path, "--corrects", "1", db=db).code == 0
    assert counted(run, db, "2019-12-31") == "240"
    assert run("undo", "3", db=db).code == 0
    assert answers(run, db) == before


def test_a_withdrawal_is_taken_back(run: Run, db: Path, tmp_path: Path) -> None:
    before = answers(run, db)
    path = write(tmp_path / "w.csv", {"withdraws": rows(run, db, 1)[0]["ref"], "note": ""})
    assert run("import", path, db=db).code == 0
    assert answers(run, db) != before
    assert run("undo", "3", db=db).code == 0
    assert answers(run, db) == before


def test_what_was_corrected_since_is_undone_first(run: Run, empty_ledger: Path) -> None:
    db = load(run, empty_ledger, TANKS, {**TANKS, "category": "artillery"})
    name = rows(run, db, 1)[0]["ref"]
    load(run, db, {**TANKS, "quantity": "220", "corrects": name})
    before = db.read_bytes()
    outcome = run("undo", "1", db=db)
    assert outcome.code == 2
    assert "1 of the 2 rows of submission 1" in outcome.stderr
    assert "compliance undo 2" in outcome.stderr
    assert db.read_bytes() == before
    assert run("undo", "2", db=db).code == 0
    assert run("undo", "1", db=db).code == 0
    assert counted(run, db, "2025-06-30", "serbia") == "unknown"


def test_what_was_undone_is_not_undone_twice(run: Run, db: Path) -> None:
    assert run("undo", "2", db=db).code == 0
    outcome = run("undo", "2", db=db)
    assert outcome.code == 2
    assert "compliance undo 3" in outcome.stderr


def test_the_right_one_of_two_that_say_the_same(run: Run, db: Path, tmp_path: Path) -> None:
    """The rows of both have the same names: only the newer can be taken back by them."""
    path = write(tmp_path / "again.csv", LOSS)
    assert run("import", path, db=db).code == 0
    assert run("import", path, "--again", db=db).code == 0
    outcome = run("undo", "3", db=db)
    assert outcome.code == 2
    assert "compliance undo 4" in outcome.stderr
    assert run("undo", "4", db=db).code == 0
    assert run("undo", "3", db=db).code == 0


def test_a_submission_is_named_by_its_hash_as_well(run: Run, db: Path) -> None:
    submissions = run("history", "--format", "json", db=db).json["submissions"]
    assert run("undo", submissions[1]["sha256"][:12], db=db).code == 0
    assert counted(run, db, "2026-01-01") == "232"


@pytest.mark.parametrize("name", ["9", "abcdef0123456789", "first"])
def test_a_submission_that_is_not_there(name: str, run: Run, db: Path) -> None:
    before = db.read_bytes()
    assert run("undo", name, db=db).code == 2
    assert db.read_bytes() == before


def test_a_dry_run_leaves_no_trace_and_shows_what_the_real_one_shows(run: Run, db: Path) -> None:
    before, content = db.read_bytes(), dump(db)
    outcome = run("undo", "2", "--dry-run", "--as-of", "2025-06-30", db=db)
    assert outcome.code == 0
    assert "Nothing was recorded: 1 row would be." in outcome.stderr
    assert (db.read_bytes(), dump(db)) == (before, content)
    real = run("undo", "2", "--as-of", "2025-06-30", db=db)
    assert real.stdout.splitlines()[2:] == outcome.stdout.splitlines()[2:]


def test_exact_and_back_is_as_if_nothing_had_been(run: Run, empty_ledger: Path) -> None:
    """12 come and 12 go on a basis that removes: the first answer, without any undo."""
    load(run, empty_ledger, synthetic("100"))
    more = ("--source", "synthetic", "--basis", "notified")
    assert run("acquire", "croatia", "M-84", "12", *more, db=empty_ledger).code == 0
    assert counted(run, empty_ledger, "2026-11-20") == "112"
    gone = run("reduce", "croatia", "M-84", "12", "--to", "lost", *more, db=empty_ledger)
    assert gone.code == 0
    assert counted(run, empty_ledger, "2026-11-20") == "100"


def test_a_row_that_was_split_is_one_again(run: Run, db: Path) -> None:
    plan = ("--on", "2026-01-01..2028-12-31", "--planned", "--source", "synthetic")
    assert run("acquire", "croatia", "Leopard 2A8", "44", *plan, db=db).code == 0
    before = answers(run, db)
    name = rows(run, db, 3)[0]["ref"]
    done = ("--on", "2026-10-31", "--quantity", "14", "--source", "synthetic")
    assert run("deliver", name, *done, db=db).code == 0
    assert answers(run, db) != before
    assert run("undo", "4", db=db).code == 0
    assert answers(run, db) == before
    planned = run("deliver", "--list", "--format", "json", db=db).json["rows"]
    assert [row["content"]["quantity"] for row in planned] == ["44"]
