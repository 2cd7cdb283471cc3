"""Withdrawals are read from files as they are written: in every format, with every defect told."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import openpyxl
import pytest

from compliance.intake.cells import Vocabulary
from compliance.intake.files import examine_source, read_source
from compliance.intake.write import write_csv, write_jsonl, write_xlsx
from compliance.values.records import Withdrawal

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

ROWS = [Withdrawal("3fa4c1d2e5b6:12", "never said"), Withdrawal("3fa4c1d2e5b6:13")]


@pytest.fixture
def vocabulary() -> Vocabulary:
    """Withdrawals name neither parties nor categories."""
    return Vocabulary(lambda _: None, (), (), lambda _: None, (), lambda _: False)


def test_withdrawals_read_back_in_every_format(vocabulary: Vocabulary) -> None:
    workbook = io.BytesIO()
    write_xlsx(ROWS, workbook)
    listed = [json.loads(line) for line in write_jsonl(ROWS).splitlines()]
    for name, content in {
        "a.csv": write_csv(ROWS).encode(),
        "a.jsonl": write_jsonl(ROWS).encode(),
        "a.xlsx": workbook.getvalue(),
        "a.json": json.dumps({"withdrawals": listed}).encode(),
    }.items():
        assert list(read_source(name, content, vocabulary).rows) == ROWS, name
    assert openpyxl.load_workbook(workbook).sheetnames == ["withdrawals"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("row 7,x", "'row 7' names no recorded row"),
        (",x", "withdraws is empty"),
        ("3fa4c1d2e5b6:0,x", "names no recorded row"),
        ("3fa4c1d2e5b6:1,two\x07", "control character"),
    ],
)
def test_a_faulty_withdrawal_is_told(vocabulary: Vocabulary, row: str, message: str) -> None:
    text = f"withdraws,note\n{row}\n3fa4c1d2e5b6:1,x\n"
    read = examine_source("a.csv", text.encode(), vocabulary)
    assert [message in problem.message for problem in read.problems] == [True]
    assert list(read.rows) == [Withdrawal("3fa4c1d2e5b6:1", "x")]


def test_a_withdrawal_has_no_other_columns(vocabulary: Vocabulary) -> None:
    read = examine_source("a.csv", b"withdraws,quantity\n3fa4c1d2e5b6:1,2\n", vocabulary)
    assert [problem.column for problem in read.problems] == ["quantity"]
    assert read.rows == ()


def test_a_row_that_is_not_there_cannot_be_withdrawn(run: Run, rich: Path, tmp_path: Path) -> None:
    path = tmp_path / "taken-back.csv"
    path.write_text("withdraws\n3fa4c1d2e5b6:1\n", encoding="utf-8")
    before = rich.read_bytes()
    outcome = run("import", path, "--dry-run", db=rich)
    assert outcome.code == 2
    assert "names no row" in outcome.stderr
    assert rich.read_bytes() == before
