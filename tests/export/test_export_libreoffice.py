"""The real LibreOffice: it opens what we write and finds the same in it; we read what it writes."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from export_ledger import DECLARED, MOVED
from libreoffice import Convert, convert, cut, plain, tables

from compliance.cli.world import World
from compliance.intake.files import examine_files
from compliance.intake.rows import Vocabulary
from compliance.intake.write import write_xlsx
from compliance.values.dates import DateSpan
from compliance.values.records import Account, Entry, Holding, Movement, Particulars, Withdrawal
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status

if TYPE_CHECKING:
    from conftest import Run

__all__ = ["convert"]

# Commas, double quotes, UTF-8, and the first row on; numbers and days as English writes them.
CSV = "CSV:44,34,76,1,,1033"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return World().vocabulary()


RISKY = ("=1+1", "+1", "-1", "@SUM(A1)", "#REF!", "'=1", "TRUE", "2019-01-01", "007", "1e3", "1/2")


def _rows() -> list[Entry]:
    """Return rows of every kind: all that a workbook can spoil, and all that cells can hold."""

    def holding(
        type: str, quantity: Span, *, withheld: bool = False, days: DateSpan | None = None
    ) -> Holding:
        return Holding(
            party="serbia",
            as_of=days or DateSpan.on(date(2019, 9, 12)),
            basis=Basis.RELAYED,
            category="battle_tank",
            type=type,
            status=Status.STORED,
            quantity=quantity,
            source=f'Дневник, č š ž đ: "{type}"',
            withheld=withheld,
            more=Particulars(ref=type, note="two  spaces", site="Niš"),
        )

    return [
        *(holding(text, Span.exactly(464)) for text in RISKY),
        holding("T-55", Span(62, 89), days=DateSpan(date(2018, 12, 1), date(2019, 1, 31))),
        holding("T-72", Span.at_least(15), days=DateSpan.on(date(1899, 12, 31))),
        holding("M-84", Span.at_least(0), withheld=True),
        Movement(
            date=DateSpan(date(2028, 1, 1), date(2030, 12, 31)),
            type="М-84АС1",
            category="battle_tank",
            quantity=Span.exactly(999_999_999),
            origin=Account(place="@import:Bosna i Hercegovina"),
            destination=Account("serbia", Status.STORED),
            state=State.PLANNED,
            basis=Basis.OFFICIAL,
            source="synthetic",
        ),
        Withdrawal("3f9a2b7c81d0:4", "=synthetic"),
    ]


@pytest.fixture(scope="module")
def from_csv(convert: Convert, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """CSV files, and the workbooks that LibreOffice made of them."""
    folder = tmp_path_factory.mktemp("csv")
    (folder / "holdings.csv").write_text(DECLARED.replace('"=HYPER', '"HYPER'), encoding="utf-8")
    (folder / "movements.csv").write_text(MOVED, encoding="utf-8")
    line = "serbia,2019-09-12,relayed,battle_tank,{},,{},synthetic\n"
    header = "party,as_of,basis,category,type,status,quantity,source\n"
    cells = (("M-84", "=400+64"), ("M-84", "464"), ("2019-05-12", "1"), ("M-84", "=1/0"))
    lines = (line.format(*pair) for pair in cells)
    (folder / "computed.csv").write_text(header + "".join(lines), encoding="utf-8")
    return folder, convert("xlsx", *sorted(folder.iterdir()), read_as=CSV)


@pytest.mark.parametrize("name", ["holdings", "movements"])
def test_a_workbook_of_libreoffice_reads_as_the_csv_it_was_made_of(
    name: str, from_csv: tuple[Path, Path], vocabulary: Vocabulary
) -> None:
    plain, made = (folder / name for folder in from_csv)
    expected = examine_files([plain.with_suffix(".csv")], vocabulary).checked().rows
    read = examine_files([made.with_suffix(".xlsx")], vocabulary)
    assert read.problems == ()
    assert read.rows == expected
    assert len(expected) >= 8


def test_libreoffice_types_days_and_numbers_and_leaves_spans_as_text(
    from_csv: tuple[Path, Path],
) -> None:
    page = openpyxl.load_workbook(from_csv[1] / "holdings.xlsx").active
    assert page is not None
    header, *lines = page.iter_rows()
    place = {str(cell.value): index for index, cell in enumerate(header)}
    days = [line[place["as_of"]] for line in lines]
    assert [cell.is_date for cell in days].count(False) == 1, "the span of days"
    quantities = [line[place["quantity"]].value for line in lines]
    assert quantities[:3] == [212, "30..35", "withheld"]


def test_no_formula_of_libreoffice_is_trusted(
    from_csv: tuple[Path, Path], vocabulary: Vocabulary
) -> None:
    path = from_csv[1] / "computed.xlsx"
    with zipfile.ZipFile(path) as archive:
        content = archive.read("xl/worksheets/sheet1.xml")
    assert b">400+64</f><v>464</v>" in content, "the value stands beside the formula"
    read = examine_files([path], vocabulary)
    assert [(problem.row, problem.column) for problem in read.problems] == [
        *((2, "quantity"), (4, "type"), (5, "quantity"))
    ]
    messages = [problem.message for problem in read.problems]
    assert messages[0] == "quantity '=400+64' is a formula"
    assert messages[1] == "type '2019-05-12' is a date"
    assert [origin.row for origin in read.origins] == [3]


def test_a_workbook_of_ours_that_libreoffice_saved_reads_the_same(
    convert: Convert, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    rows = _rows()
    write_xlsx(rows, tmp_path / "ours.xlsx")
    saved = convert("xlsx", tmp_path / "ours.xlsx") / "ours.xlsx"
    assert saved.read_bytes() != (tmp_path / "ours.xlsx").read_bytes()
    read = examine_files([saved], vocabulary)
    assert read.problems == ()
    assert list(read.rows) == rows


def test_libreoffice_finds_in_an_export_what_we_wrote(
    convert: Convert, run: Run, rich: Path, tmp_path: Path
) -> None:
    path, torn = tmp_path / "ledger.xlsx", tmp_path / "torn.xlsx"
    assert run("export", "--format", "xlsx", "-o", path, db=rich).code == 0
    torn.write_bytes(path.read_bytes()[:-200])
    opened = convert("fods", path, torn)
    assert [found.name for found in opened.iterdir()] == ["ledger.fods"], "what is torn is refused"
    book = openpyxl.load_workbook(path)
    found = dict(tables(opened / "ledger.fods"))
    assert list(found) == book.sheetnames
    for sheet in book:
        written = [[plain(cell.value) for cell in line] for line in sheet.iter_rows()]
        assert found[sheet.title] == [cut(line) for line in written], sheet.title
    risky = [
        cell for line in found["holdings"] for cell in line if str(cell).startswith(("=", "+"))
    ]
    assert risky == ['=HYPERLINK("x")', "+date:2019-99-99 ;"]
