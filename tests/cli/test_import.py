"""``compliance import``: all or nothing, every error at once, and nothing recorded twice."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from import_files import LOSS, TANKS, stored, write

if TYPE_CHECKING:
    from conftest import Outcome, Run

MISTAKES = (
    ("party", "Serbja"),
    ("party", ""),
    ("as_of", "12/09/2019"),
    ("as_of", "2019-02-30"),
    ("as_of", "2020-01-01..2019-01-01"),
    ("basis", "declard"),
    ("basis", ""),
    ("category", "artilery"),
    ("category", ""),
    ("status", "storred"),
    ("quantity", "-3"),
    ("quantity", "about 5"),
    ("quantity", "9..5"),
    ("quantity", "1,5"),
    ("quantity", ""),
    ("source", ""),
    ("corrects", "row 3"),
)
EVERY = 11
ROWS = 199


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A file of 200 lines, every eleventh row of which has a mistake of its own kind."""
    rows = [{**TANKS, "corrects": "", "ref": str(number)} for number in range(ROWS)]
    for number, (column, value) in enumerate(MISTAKES, start=1):
        rows[number * EVERY][column] = value
    path = write(tmp_path / "faulty.csv", *rows)
    assert len(path.read_text(encoding="utf-8").splitlines()) == 200
    return path


def _errors(outcome: Outcome) -> list[str]:
    return [line for line in outcome.stderr.splitlines() if line.startswith("error: ")]


def _tanks(run: Run, db: Path, *more: str, party: str = "serbia") -> int:
    """Return how many battle tanks count on 31 May 2025."""
    arguments = ("--category", "battle_tank", "--format", "json", *more)
    day = () if "--as-of" in more else ("--as-of", "2025-05-31")
    (row,) = run("audit", "--party", party, *day, *arguments, db=db).json["rows"]
    assert row["counted"]["low"] == row["counted"]["high"]
    return int(row["counted"]["low"])


def test_seventeen_mistakes_are_told_in_one_run_and_nothing_is_recorded(
    run: Run, empty_ledger: Path, faulty: Path
) -> None:
    before = empty_ledger.read_bytes()
    outcome = run("import", faulty, db=empty_ledger)
    assert outcome.code == 2
    assert outcome.stdout == ""
    errors = _errors(outcome)
    assert len(errors) == len(MISTAKES) == 17
    for number, ((column, value), line) in enumerate(zip(MISTAKES, errors, strict=True), start=1):
        assert line.startswith(f"error: {faulty}: row {number * EVERY + 2}, {column}: ")
        assert value in line
        assert "; expected " in line
    assert "Error: 17 problems in 1 file; nothing was read in" in outcome.stderr
    assert "left out" not in outcome.stderr, "nothing was kept that something could be left out of"
    assert empty_ledger.read_bytes() == before


def test_the_errors_file_is_corrected_and_read_in_again(
    run: Run, empty_ledger: Path, faulty: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.csv"
    outcome = run("import", faulty, "--errors", wrong, db=empty_ledger)
    assert outcome.code == 2
    assert stored(empty_ledger) == []
    with wrong.open(encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    original = faulty.read_text(encoding="utf-8").splitlines()[0].split(",")
    assert list(told[0]) == [*original, "error", "expected", "suggestion", "where"]
    assert len(told) == 17
    for number, ((column, value), line) in enumerate(zip(MISTAKES, told, strict=True), start=1):
        assert line["ref"] == str(number * EVERY)
        assert line["error"].startswith(f"{column}: ")
        assert line["expected"]
        # A spreadsheet would take -3 for a formula.
        assert line[column] == ("'-3" if value == "-3" else value)
        line[column] = {**TANKS, "corrects": ""}[column]
    write(wrong, *told)
    assert run("import", wrong, db=empty_ledger).code == 0
    assert stored(empty_ledger) == [(1, 17)]
    rows = run("history", "show", "1", "--format", "json", db=empty_ledger).json["rows"]
    assert [row["content"]["ref"] for row in rows] == [str(n * EVERY) for n in range(1, 18)]
    assert {row["content"]["quantity"] for row in rows} == {"212"}


def test_the_good_rows_are_recorded_where_that_is_wished(
    run: Run, empty_ledger: Path, faulty: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.csv"
    outcome = run("import", faulty, "--accept-good", "--errors", wrong, db=empty_ledger)
    assert outcome.code == 0
    assert stored(empty_ledger) == [(1, ROWS - 17)]
    assert "Recorded 182 rows as submission 1." in outcome.stderr
    assert len(_errors(outcome)) == 17, "why they were left out"
    left = [line for line in outcome.stderr.splitlines() if line.startswith("left out: ")]
    assert left == [f"left out: {faulty}, row {n * EVERY + 2}" for n in range(1, 18)]
    assert len(wrong.read_text(encoding="utf-8").splitlines()) == 18


def test_a_file_that_is_wrong_as_a_whole_is_left_out_and_said(
    run: Run, empty_ledger: Path, tmp_path: Path
) -> None:
    good = write(tmp_path / "good.csv", TANKS)
    torn = write(tmp_path / "torn.csv", {k: v for k, v in TANKS.items() if k != "source"})
    absent = tmp_path / "absent.csv"
    assert run("import", good, torn, absent, db=empty_ledger).code == 2
    assert stored(empty_ledger) == []
    outcome = run("import", good, torn, absent, "--accept-good", db=empty_ledger)
    assert outcome.code == 0
    assert stored(empty_ledger) == [(1, 1)]
    for path in (torn, absent):
        assert f"left out: {path}, the whole file" in outcome.stderr
    assert [line.split(";")[0] for line in _errors(outcome)] == [
        f"error: {absent}: cannot be read: No such file or directory",
        f"error: {torn}: row 1: the column 'source' is missing",
    ]


def test_where_no_row_is_good_there_is_nothing_to_accept(
    run: Run, empty_ledger: Path, tmp_path: Path
) -> None:
    bad = write(tmp_path / "bad.csv", {**TANKS, "quantity": "many"})
    before = empty_ledger.read_bytes()
    assert run("import", bad, "--accept-good", db=empty_ledger).code == 2
    assert empty_ledger.read_bytes() == before


def test_a_dry_run_shows_the_change_and_makes_none(
    run: Run, own_ledger: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "tanks.csv", TANKS)
    before = own_ledger.read_bytes()
    would = run("import", path, "--dry-run", "--as-of", "2025-05-31", db=own_ledger)
    assert would.code == 0
    assert own_ledger.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["own.db", "tanks.csv"]
    assert "Nothing was recorded: 1 row would be." in would.stderr
    assert "What would change in the headroom on 31 May 2025" in would.stdout
    after = next(line for line in would.stdout.splitlines() if " after " in line)
    assert after.split()[1:4] == ["212", "948", "736"]
    done = run("import", path, "--as-of", "2025-05-31", db=own_ledger)
    assert done.code == 0
    table = would.stdout.split("\n", 2)[2]
    assert done.stdout.split("\n", 2)[2] == table, "what was foretold"
    assert _tanks(run, own_ledger) == 212


def test_what_changed_can_be_kept_in_a_file(run: Run, empty_ledger: Path, tmp_path: Path) -> None:
    path, kept = write(tmp_path / "tanks.csv", TANKS), tmp_path / "changed.txt"
    outcome = run("import", path, "--as-of", "2025-05-31", "-o", kept, db=empty_ledger)
    assert outcome.stdout == ""
    assert "Battle tanks" in kept.read_text(encoding="utf-8")


def test_the_same_content_twice_is_recognised_in_whatever_file(
    run: Run, empty_ledger: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "tanks.csv", TANKS)
    assert run("import", path, db=empty_ledger).code == 0
    before = empty_ledger.read_bytes()
    columns = {name: value for name, value in reversed(TANKS.items()) if value}
    other = tmp_path / "again.jsonl"
    other.write_text(json.dumps({**columns, "quantity": 212}) + "\n", encoding="utf-8")
    for file in (path, other):
        outcome = run("import", file, db=empty_ledger)
        assert outcome.code == 0
        assert outcome.stdout == ""
        assert "recorded already, by submission 1 at 20" in outcome.stderr
        assert empty_ledger.read_bytes() == before


def test_several_files_are_one_submission(run: Run, empty_ledger: Path, tmp_path: Path) -> None:
    holdings = write(tmp_path / "holdings.csv", TANKS, {**TANKS, "category": "artillery"})
    movements = tmp_path / "movements.json"
    movements.write_text(json.dumps([dict(LOSS)]), encoding="utf-8")
    assert run("import", holdings, movements, "--note", "two files", db=empty_ledger).code == 0
    (found,) = run("history", "--format", "json", db=empty_ledger).json["submissions"]
    assert (found["rows"], found["note"]) == (3, "two files")
    assert found["command"] == "import holdings.csv movements.json"
    rows = run("history", "show", "1", "--format", "json", db=empty_ledger).json["rows"]
    assert [row["content"]["kind"] for row in rows] == ["holding", "holding", "movement"]
    assert _tanks(run, empty_ledger) == 207


def _stdin(monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content.encode())))


@pytest.mark.parametrize("format_", ["csv", "json", "jsonl"])
def test_standard_input_is_read_in_the_format_named(
    format_: str, run: Run, empty_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = {
        "csv": write(tmp_path / "tanks.csv", TANKS).read_text(encoding="utf-8"),
        "json": json.dumps([dict(TANKS)]),
        "jsonl": json.dumps(dict(TANKS)),
    }[format_]
    _stdin(monkeypatch, content)
    assert run("import", "-", "--input-format", format_, db=empty_ledger).code == 0
    (found,) = run("history", "--format", "json", db=empty_ledger).json["submissions"]
    assert (found["rows"], found["command"]) == (1, "import -")
    assert _tanks(run, empty_ledger) == 212


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(("-",), "--input-format"), (("-", "-", "--input-format", "csv"), "named twice")],
)
def test_standard_input_needs_a_format_and_is_there_once(
    arguments: tuple[str, ...],
    says: str,
    run: Run,
    empty_ledger: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _stdin(monkeypatch, write(tmp_path / "tanks.csv", TANKS).read_text(encoding="utf-8"))
    outcome = run("import", *arguments, db=empty_ledger)
    assert outcome.code == 2
    assert says in outcome.stderr
    assert stored(empty_ledger) == []


def test_errors_of_standard_input_name_it(
    run: Run, empty_ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stdin(monkeypatch, json.dumps({**TANKS, "quantity": "many"}))
    outcome = run("import", "-", "--input-format", "jsonl", db=empty_ledger)
    assert outcome.code == 2
    assert _errors(outcome)[0].startswith("error: standard input: ")


SPELLINGS = [
    ("Србија", "пријављено", "тенкови", "у складишту"),
    ("Srbija", "deklarisano", "tenkovi", "uskladišteno"),
    ("Hrvatska", "prijavljeno", "tenkovi", "u skladištu"),
    ("Bosna i Hercegovina", "deklarirano", "tenkovi", "skladišteno"),
]


@pytest.mark.parametrize("cells", SPELLINGS, ids=lambda cells: cells[0])
def test_local_spellings_are_accepted_and_told(
    cells: tuple[str, ...], run: Run, empty_ledger: Path, tmp_path: Path
) -> None:
    columns = ("party", "basis", "category", "status")
    path = write(tmp_path / "local.csv", {**TANKS, **dict(zip(columns, cells, strict=True))})
    outcome = run("import", path, db=empty_ledger)
    assert outcome.code == 0
    (row,) = run("history", "show", "1", "--format", "json", db=empty_ledger).json["rows"]
    read = [row["content"][column] for column in columns]
    ids = {"Hrvatska": "croatia", "Bosna i Hercegovina": "bosnia-herzegovina"}
    assert read == [ids.get(cells[0], "serbia"), "declared", "battle_tank", "stored"]
    for column, given, meant in zip(columns, cells, read, strict=True):
        assert f"row 2, {column}: '{given}' read as '{meant}'" in outcome.stderr


def test_local_column_names_are_accepted_and_told(
    run: Run, empty_ledger: Path, tmp_path: Path
) -> None:
    names = ("država", "na dan", "osnov", "kategorija", "tip", "status", "količina", "izvor")
    path = write(tmp_path / "local.csv", dict(zip(names, TANKS.values(), strict=True)))
    outcome = run("import", path, db=empty_ledger)
    assert outcome.code == 0, outcome.stderr
    assert "'količina' read as 'quantity'" in outcome.stderr
    assert _tanks(run, empty_ledger) == 212


def test_optional_columns_are_kept_and_shown(run: Run, empty_ledger: Path, tmp_path: Path) -> None:
    more = {
        "note": "as agreed",
        "ref": "17",
        "stated_by": "Ministry of Defence",
        "subcategory": "main",
        "unit": "1. brigada",
        "site": "Niš",
        "marking": "OSCE restricted",
    }
    files = [write(tmp_path / f"{i}.csv", {**row, **more}) for i, row in enumerate((TANKS, LOSS))]
    assert run("import", *files, db=empty_ledger).code == 0
    shown = run("history", "show", "1", db=empty_ledger).stdout
    for name, value in more.items():
        assert len([x for x in shown.splitlines() if x.split() == [name, *value.split()]]) == 2
    for row in run("history", "show", "1", "--format", "json", db=empty_ledger).json["rows"]:
        assert {name: row["content"][name] for name in more} == more
        assert row["ref"].endswith((":1", ":2")), "the ledger's name, not the source's number"


def test_there_must_be_a_ledger(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "tanks.csv", TANKS)
    outcome = run("import", path, db=tmp_path / "absent.db")
    assert outcome.code == 4
    assert "compliance db init" in outcome.stderr


def test_a_note_that_is_no_text_is_refused(run: Run, empty_ledger: Path, tmp_path: Path) -> None:
    before = empty_ledger.read_bytes()
    rows = write(tmp_path / "tanks.csv", TANKS)
    outcome = run("import", rows, "--note", "caf\udce9 in Latin-1", db=empty_ledger)
    assert outcome.code == 2
    assert "bytes that are no valid UTF-8, near" in outcome.stderr
    assert empty_ledger.read_bytes() == before


def test_what_changes_is_told_in_another_language(
    run: Run, empty_ledger: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "tanks.csv", TANKS)
    day = ("--as-of", "2020-01-01", "--dry-run")
    told = run("import", path, *day, "--lang", "hr", db=empty_ledger).stdout
    assert told.startswith("Što bi se promijenilo")
    assert told.rstrip().endswith("Ništa.")
