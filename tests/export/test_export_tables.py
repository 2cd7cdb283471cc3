"""Tables for spreadsheets: what is in force, what was, and no formula among it."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from compliance.report.export.tables import guarded_csv

if TYPE_CHECKING:
    from conftest import Run


def _table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))


def _sheet(path: Path, title: str) -> list[dict[str, Any]]:
    header, *rows = openpyxl.load_workbook(path)[title].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def test_csv_holds_the_rows_in_force(run: Run, rich: Path, tmp_path: Path) -> None:
    folder, again = tmp_path / "tables", tmp_path / "again.db"
    outcome = run("export", "--format", "csv", "-o", folder, db=rich)
    assert outcome.code == 0, outcome.stderr
    assert "holdings: an apostrophe stands before" not in outcome.stderr, "that row was withdrawn"
    holdings, movements = _table(folder / "holdings.csv"), _table(folder / "movements.csv")
    # Nine rows, one of them corrected, one withdrawn; one that replaced another submission's.
    assert [row["quantity"] for row in holdings] == [
        *("30..35", "withheld", "200", "900", "75", "15..", "10..", "214", "221")
    ]
    assert [row["quantity"] for row in movements] == [
        *("1", "1..2", "5", "7", "2..4", "0..6", "6", "20", "15..", "1")
    ]
    assert "corrects" not in holdings[0]
    assert holdings[0]["site"] == "depot"
    assert movements[6]["from"] == "'@import:a -- b;c (d) 50%"
    serbian = tmp_path / "serbian"
    assert run("export", "--format", "csv", "--party", "RS", "-o", serbian, db=rich).code == 0
    assert run("db", "init", "--empty", db=again).code == 0
    paths = (serbian / "holdings.csv", serbian / "movements.csv")
    outcome = run("import", *paths, db=again)
    assert outcome.code == 0, outcome.stderr
    (one,) = run("history", "--format", "json", db=again).json["submissions"]
    assert one["rows"] == sum(len(_table(path)) for path in paths) == 6 + 8


def test_csv_as_known_earlier_and_of_one_party(run: Run, rich: Path, tmp_path: Path) -> None:
    folder = tmp_path / "then"
    known = ("--known-at", "2021-06-01")
    outcome = run("export", "--format", "csv", *known, "-o", folder, db=rich)
    assert "There are no movements." in outcome.stderr
    assert "holdings: an apostrophe stands before 3 cells" in outcome.stderr
    holdings = _table(folder / "holdings.csv")
    assert len(holdings) == 9
    assert holdings[-1]["type"] == '\'=HYPERLINK("x")'
    assert holdings[-1]["source"].startswith("'+date")
    assert holdings[-1]["note"] == "'@note"
    assert {path.name for path in folder.iterdir()} == {"holdings.csv", "submissions.csv"}
    only = tmp_path / "only"
    assert run("export", "--format", "csv", "--party", "HR", "-o", only, db=rich).code == 0
    assert {row["party"] for row in _table(only / "holdings.csv")} == {"croatia"}
    sides = [{row["from"], row["to"]} for row in _table(only / "movements.csv")]
    assert len(sides) == 3
    assert all("croatia" in side for side in sides)


def test_the_list_of_submissions(run: Run, rich: Path, tmp_path: Path) -> None:
    assert run("export", "--format", "csv", "-o", tmp_path / "tables", db=rich).code == 0
    listed = _table(tmp_path / "tables" / "submissions.csv")
    kept = run("history", "--format", "json", db=rich).json["submissions"]
    assert len(listed) == len(kept) == 5
    for row, item in zip(listed, kept, strict=True):
        for column in ("recorded_at", "recorded_by", "command", "content_sha256", "sha256"):
            assert row[column] == item[column]
        assert (row["number"], row["rows"]) == (str(item["id"]), str(item["rows"]))
    assert kept[1]["note"] == "=1+1\n,"
    assert listed[1]["note"] == "'=1+1 ,"


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("@import:cmd|' /C calc'!A0", "'@import:cmd|' /C calc'!A0"),
        ("@import:Bosna, i Hercegovina", "@import:Bosna, i Hercegovina"),
        ("@production", "@production"),
        ("@note", "'@note"),
        ("@reduced:static_display", "@reduced:static_display"),
        ("M-84", "M-84"),
        ("'quoted", "'quoted"),
    ],
)
def test_no_cell_is_taken_for_a_formula(cell: str, safe: str) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows([["a", "b"], [cell, "x"]])
    text, changed = guarded_csv(buffer.getvalue())
    assert list(csv.reader(io.StringIO(text))) == [["a", "b"], [safe, "x"]]
    assert changed == (cell != safe)


def test_the_workbook_tells_everything(run: Run, rich: Path, tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    assert run("export", "--format", "xlsx", "-o", path, db=rich).code == 0
    workbook = openpyxl.load_workbook(path)
    assert workbook.sheetnames == ["holdings", "movements", "withdrawals", "submissions"]
    assert {sheet.freeze_panes for sheet in workbook} == {"A2"}
    assert {cell.data_type for sheet in workbook for row in sheet for cell in row} <= set("snd")
    holdings, withdrawals = _sheet(path, "holdings"), _sheet(path, "withdrawals")
    first, shown = holdings[0], run("history", "show", "1", "--format", "json", db=rich).json
    assert first["row"] == shown["rows"][0]["ref"]
    assert first["corrected_by"] == shown["rows"][0]["corrected_by"][0]
    assert (first["submission"], first["line"], first["in_force"]) == (1, 1, "no")
    assert first["recorded_at"].isoformat() == "2021-01-01T00:00:00"
    assert first["as_of_first"].date() == date(2019, 1, 1)
    assert (first["quantity_low"], first["quantity_high"]) == (212, 212)
    assert (first["marking"], first["stated_by"]) == ("restricted", "a desk")
    assert holdings[2]["withheld"] == "yes"
    assert (holdings[2]["quantity_low"], holdings[2]["quantity_high"]) == (0, None)
    assert holdings[5]["as_of_last"].date() == date(2019, 1, 31)
    assert holdings[8]["type"] == '=HYPERLINK("x")'
    assert [row["in_force"] for row in holdings].count("no") == 3
    assert withdrawals[0]["withdraws"] == holdings[8]["row"]
    assert withdrawals[0]["note"] == "=never said"
    assert [row["number"] for row in _sheet(path, "submissions")] == [1, 2, 3, 4, 5]
    only = tmp_path / "only.xlsx"
    assert run("export", "--format", "xlsx", "--party", "RS", "-o", only, db=rich).code == 0
    assert {row["party"] for row in _sheet(only, "holdings")} == {"serbia"}
    # Kosovo's row is not there, so neither is what took it back.
    assert len(_sheet(only, "withdrawals")) == len(withdrawals) - 1
