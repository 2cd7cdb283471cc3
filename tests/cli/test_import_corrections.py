"""What was recorded wrongly is replaced, and what was known before can still be asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from import_files import LOSS, TANKS, stored, write

if TYPE_CHECKING:
    from conftest import Run

IN_DECEMBER, IN_MARCH, IN_APRIL = "2024-12-15T09:00:00Z", "2025-03-10", "2025-04-01"


@pytest.fixture
def db(empty_ledger: Path) -> Path:
    return empty_ledger


def _counted(run: Run, db: Path, as_of: str, *more: str) -> int | None:
    arguments = ("--party", "serbia", "--category", "battle_tank", "--format", "json")
    (row,) = run("audit", "--as-of", as_of, *arguments, *more, db=db).json["rows"]
    if row["counted"] is None or row["counted"]["high"] is None:
        return None
    assert row["counted"]["low"] == row["counted"]["high"]
    return int(row["counted"]["low"])


def _refs(run: Run, db: Path, number: int) -> list[str]:
    rows = run("history", "show", str(number), "--format", "json", db=db).json["rows"]
    return [row["ref"] for row in rows]


def test_as_declared_then_and_as_we_know_it_today(run: Run, db: Path, tmp_path: Path) -> None:
    """1 January 2025 as declared in December 2024, against the same day as it is known now."""
    declared = write(tmp_path / "declared.csv", TANKS)
    corrected = write(tmp_path / "corrected.csv", {**TANKS, "quantity": "220"})
    assert run("import", declared, "--recorded-at", IN_DECEMBER, db=db).code == 0
    outcome = run("import", corrected, "--corrects", "1", "--recorded-at", IN_MARCH, db=db)
    assert outcome.code == 0, outcome.stderr
    day = "2025-01-01"
    assert _counted(run, db, day) == 220
    assert _counted(run, db, day, "--known-at", "2025-03-10") == 220
    assert _counted(run, db, day, "--known-at", "2025-03-09") == 212
    assert _counted(run, db, day, "--known-at", "2024-12-31") == 212
    assert _counted(run, db, day, "--known-at", "2024-12-14") is None
    assert run("history", "verify", db=db).code == 0


def test_a_correction_takes_back_the_whole_submission(run: Run, db: Path, tmp_path: Path) -> None:
    """A row that the correction does not repeat is gone: it is not still declared."""
    artillery = {**TANKS, "category": "artillery"}
    assert run("import", write(tmp_path / "a.csv", TANKS, artillery), db=db).code == 0
    assert run("import", write(tmp_path / "b.csv", artillery), "--corrects", "1", db=db).code == 0
    assert _counted(run, db, "2025-01-01") is None
    shown = run("history", "show", "1", db=db).stdout
    assert shown.count("corrected by ") == 2


def test_a_submission_is_named_by_its_hash_as_well(run: Run, db: Path, tmp_path: Path) -> None:
    assert run("import", write(tmp_path / "a.csv", TANKS), db=db).code == 0
    (found,) = run("history", "--format", "json", db=db).json["submissions"]
    path = write(tmp_path / "b.csv", {**TANKS, "quantity": "220"})
    assert run("import", path, "--corrects", found["sha256"][:12], db=db).code == 0
    assert _counted(run, db, "2025-01-01") == 220


@pytest.mark.parametrize("name", ["7", "abcdef0123456789", "first"])
def test_a_submission_that_is_not_there_is_not_corrected(
    name: str, run: Run, db: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", TANKS)
    outcome = run("import", path, "--corrects", name, db=db)
    assert outcome.code == 2
    assert f"'{name}'" in outcome.stderr
    assert stored(db) == []


def test_a_dry_run_of_a_correction(run: Run, db: Path, tmp_path: Path) -> None:
    assert run("import", write(tmp_path / "a.csv", TANKS), db=db).code == 0
    before = db.read_bytes()
    path = write(tmp_path / "b.csv", {**TANKS, "quantity": "220"})
    outcome = run("import", path, "--corrects", "1", "--dry-run", "--as-of", "2025-05-31", db=db)
    assert outcome.code == 0
    table = [line.split() for line in outcome.stdout.splitlines()]
    assert [x[x.index("before") + 1] for x in table if "before" in x] == ["212"]
    assert [x[x.index("after") + 1] for x in table if "after" in x] == ["220"]
    assert db.read_bytes() == before


def test_the_same_correction_twice_is_recognised(run: Run, db: Path, tmp_path: Path) -> None:
    assert run("import", write(tmp_path / "a.csv", LOSS), db=db).code == 0
    path = write(tmp_path / "b.csv", {**LOSS, "quantity": "6"})
    assert run("import", path, "--corrects", "1", db=db).code == 0
    before = db.read_bytes()
    for more in ((), ("--dry-run",)):
        outcome = run("import", path, "--corrects", "1", *more, db=db)
        assert outcome.code == 0
        assert outcome.stdout == ""
        assert "recorded already, by submission 2" in outcome.stderr
        assert db.read_bytes() == before


def test_what_was_replaced_already_is_not_replaced_beside_it(
    run: Run, db: Path, tmp_path: Path
) -> None:
    """Else both replacements would be counted, one beside the other."""
    assert run("import", write(tmp_path / "tanks.csv", TANKS), db=db).code == 0
    assert run("import", write(tmp_path / "a.csv", LOSS), db=db).code == 0
    six, seven = ({**LOSS, "quantity": number} for number in ("6", "7"))
    assert run("import", write(tmp_path / "b.csv", six), "--corrects", "2", db=db).code == 0
    path = write(tmp_path / "c.csv", seven)
    outcome = run("import", path, "--corrects", "2", db=db)
    assert outcome.code == 2
    assert "nothing that submission 2 recorded stands any more" in outcome.stderr
    assert "--corrects 3" in outcome.stderr
    assert _counted(run, db, "2025-05-31") == 206
    assert run("import", path, "--corrects", "3", db=db).code == 0
    assert _counted(run, db, "2025-05-31") == 205


def test_a_row_is_corrected_by_its_name(run: Run, db: Path, tmp_path: Path) -> None:
    first = write(tmp_path / "a.csv", {**LOSS, "ref": "1"}, {**LOSS, "ref": "2"})
    tanks = write(tmp_path / "tanks.csv", TANKS)
    assert run("import", tanks, "--recorded-at", IN_DECEMBER, db=db).code == 0
    assert run("import", first, "--recorded-at", IN_MARCH, db=db).code == 0
    name = _refs(run, db, 2)[1]
    path = write(tmp_path / "b.csv", {**LOSS, "quantity": "8", "corrects": name})
    assert run("import", path, "--recorded-at", IN_APRIL, db=db).code == 0
    assert _counted(run, db, "2025-05-31") == 212 - 5 - 8
    assert _counted(run, db, "2025-05-31", "--known-at", "2025-03-31") == 212 - 5 - 5
    old = run("history", "show", "2", "--format", "json", db=db).json["rows"]
    new = run("history", "show", "3", "--format", "json", db=db).json["rows"]
    assert [row["corrected_by"] for row in old] == [[], [new[0]["ref"]]]
    assert new[0]["corrects"] == name
    assert run("history", "show", "3", db=db).stdout.count(f"corrects {name}") == 1
    assert f"corrected by {new[0]['ref']}" in run("history", "show", "2", db=db).stdout

    other = write(tmp_path / "c.csv", {**LOSS, "quantity": "9", "corrects": name})
    before = db.read_bytes()
    outcome = run("import", other, db=db)
    assert outcome.code == 2
    assert f"was corrected already, by '{new[0]['ref']}'" in outcome.stderr
    assert db.read_bytes() == before


def test_what_corrected_a_submission_is_replaced_with_it(
    run: Run, db: Path, tmp_path: Path
) -> None:
    """The row of submission 2 stands as submission 3 corrected it: that is what is replaced."""
    assert run("import", write(tmp_path / "tanks.csv", TANKS), db=db).code == 0
    assert run("import", write(tmp_path / "a.csv", LOSS), db=db).code == 0
    (name,) = _refs(run, db, 2)
    path = write(tmp_path / "b.csv", {**LOSS, "quantity": "8", "corrects": name})
    assert run("import", path, db=db).code == 0
    path = write(tmp_path / "c.csv", {**LOSS, "quantity": "20"})
    assert run("import", path, "--corrects", "2", db=db).code == 0
    assert _counted(run, db, "2025-05-31") == 192
    outcome = run("import", path, "--corrects", "2", db=db)
    assert outcome.code == 0
    assert "recorded already, by submission 4" in outcome.stderr


@pytest.mark.parametrize("name", ["0123456789ab:1", "{0}:9"])
def test_a_name_of_no_row_is_refused(name: str, run: Run, db: Path, tmp_path: Path) -> None:
    assert run("import", write(tmp_path / "a.csv", LOSS), db=db).code == 0
    name = name.format(_refs(run, db, 1)[0].partition(":")[0])
    path = write(tmp_path / "b.csv", {**LOSS, "quantity": "8", "corrects": name})
    before = db.read_bytes()
    outcome = run("import", path, db=db)
    assert outcome.code == 2
    assert f"'{name}' names no row" in outcome.stderr
    assert db.read_bytes() == before


@pytest.mark.parametrize(("moment", "says"), [("2024-12-14", "last one"), ("2999-01-01", "future")])
def test_an_archive_is_loaded_in_its_order_and_not_from_the_future(
    moment: str, says: str, run: Run, db: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", TANKS)
    assert run("import", path, "--recorded-at", IN_DECEMBER, db=db).code == 0
    before = db.read_bytes()
    outcome = run("import", write(tmp_path / "b.csv", LOSS), "--recorded-at", moment, db=db)
    assert outcome.code == 2
    assert says in outcome.stderr
    assert db.read_bytes() == before
