"""The real LibreOffice opens the workbook of a report, and its cells come back equal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
from libreoffice import Convert, convert, cut, plain, tables

if TYPE_CHECKING:
    from conftest import Run

__all__ = ["convert"]


def test_libreoffice_finds_in_a_report_what_we_wrote(
    convert: Convert, run: Run, tmp_path: Path
) -> None:
    path, torn = tmp_path / "report.xlsx", tmp_path / "torn.xlsx"
    made = run("report", "--as-of", "2026-11-20", "--format", "xlsx", "-o", path)
    assert made.code == 3, made.stderr
    torn.write_bytes(path.read_bytes()[:-200])
    opened = convert("fods", path, torn)
    assert [found.name for found in opened.iterdir()] == ["report.fods"], "what is torn is refused"
    book = openpyxl.load_workbook(path)
    assert len(book.sheetnames) == 13
    found = dict(tables(opened / "report.fods"))
    assert list(found) == book.sheetnames
    for sheet in book:
        written = [[plain(cell.value) for cell in line] for line in sheet.iter_rows()]
        assert found[sheet.title] == [cut(line) for line in written], sheet.title
    numbers = [cell for line in found["headroom"] for cell in line if isinstance(cell, float)]
    assert len(numbers) > 100
