"""Files made to do harm are refused with a clear word, before they can do any."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula
from test_intake_formats import COLUMNS, GOOD, one, saved, workbook

from compliance.intake import sheet, xlsx_archive
from compliance.intake.files import examine_files, examine_source
from compliance.intake.result import Intake
from compliance.intake.rows import Vocabulary
from compliance.intake.write import write_csv

PLAIN = workbook(COLUMNS, GOOD, GOOD)
SHEET = "xl/worksheets/sheet1.xml"


def _xlsx(content: bytes, vocabulary: Vocabulary) -> Intake:
    return examine_source("in.xlsx", content, vocabulary)


def _refusal(content: bytes, vocabulary: Vocabulary) -> str:
    read = _xlsx(content, vocabulary)
    (problem,) = read.problems
    assert (read.rows, read.refused, problem.row) == ((), ("in.xlsx",), None)
    assert problem.expected
    return problem.message


def repacked(
    content: bytes,
    change: Callable[[str, bytes], bytes] = lambda _, data: data,
    **more: bytes,
) -> bytes:
    """Return a workbook with its parts changed, and others added."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
        for name, data in more.items():
            new.writestr(name, data)
    return stream.getvalue()


def in_sheet(old: bytes, new: bytes) -> bytes:
    def change(name: str, data: bytes) -> bytes:
        if name != SHEET:
            return data
        assert old in data
        return data.replace(old, new, 1)

    return repacked(PLAIN, change)


def test_repacking_changes_nothing(vocabulary: Vocabulary) -> None:
    assert _xlsx(repacked(PLAIN), vocabulary).rows == (one(), one())


def test_a_part_that_unpacks_to_a_thousand_times_its_size(vocabulary: Vocabulary) -> None:
    bomb = repacked(PLAIN, bomb=b" " * 50_000_000)
    assert len(bomb) < 100_000
    assert "unpacks to 50000000 bytes" in _refusal(bomb, vocabulary)


def test_parts_that_unpack_to_too_much_together(
    vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        total = sum(entry.file_size for entry in archive.infolist())
    monkeypatch.setattr(xlsx_archive, "MAX_UNPACKED", total)
    assert len(_xlsx(PLAIN, vocabulary).rows) == 2
    monkeypatch.setattr(xlsx_archive, "MAX_UNPACKED", total - 1)
    assert f"unpacks to {total} bytes" in _refusal(PLAIN, vocabulary)


def test_a_size_that_lies_is_found_out(vocabulary: Vocabulary) -> None:
    # The directory says that every part is ten bytes long.
    lying = bytearray(PLAIN)
    for match in re.finditer(rb"PK\x01\x02", PLAIN):
        lying[match.start() + 24 : match.start() + 28] = struct.pack("<I", 10)
    assert "no workbook, or damaged" in _refusal(bytes(lying), vocabulary)


def test_too_many_parts(vocabulary: Vocabulary) -> None:
    crowd = repacked(PLAIN, **{f"x{number}": b"" for number in range(1001)})
    assert "parts, more than 1000" in _refusal(crowd, vocabulary)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name(vocabulary: Vocabulary) -> None:
    assert "two parts of one name" in _refusal(repacked(PLAIN, **{SHEET: b"<x/>"}), vocabulary)


LAUGHS = b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declared", [LAUGHS, OUTSIDE, b'<!DOCTYPE x SYSTEM "https://x.invalid/">'])
@pytest.mark.parametrize(
    "part", [SHEET, "xl/workbook.xml", "[Content_Types].xml", "docProps/core.xml"]
)
def test_document_types_and_entities(declared: bytes, part: str, vocabulary: Vocabulary) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        head = re.match(rb"(<\?xml[^>]*\?>)?\s*", data)
        assert head is not None
        return head.group() + declared + data[head.end() :]

    assert "document type or entities" in _refusal(repacked(PLAIN, change), vocabulary)


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "[Content_Types].xml"])
def test_entities_behind_blank_space(part: str, vocabulary: Vocabulary) -> None:
    def change(name: str, data: bytes) -> bytes:
        return b"\n" * 100 + LAUGHS + data.partition(b"?>")[2] if name == part else data

    assert "document type or entities" in _refusal(repacked(PLAIN, change), vocabulary)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("before", ["", "  "])
def test_a_part_in_utf16(before: str, encoding: str, vocabulary: Vocabulary) -> None:
    def change(name: str, data: bytes) -> bytes:
        return (before + data.decode()).encode(encoding) if name == SHEET else data

    assert "UTF-16" in _refusal(repacked(PLAIN, change), vocabulary)


def test_encrypted_old_and_broken_files(vocabulary: Vocabulary) -> None:
    encrypted = bytearray(PLAIN)
    for match in re.finditer(rb"PK\x01\x02", PLAIN):
        encrypted[match.start() + 8] |= 1
    assert "encrypted" in _refusal(bytes(encrypted), vocabulary)
    assert "password" in _refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, vocabulary)
    for content in (b"", b"PK\x03\x04", PLAIN[: len(PLAIN) // 2], b"party,as_of\n"):
        assert "no workbook, or damaged" in _refusal(content, vocabulary)
    assert "damaged" in _refusal(in_sheet(b"</sheetData>", b"</sheetDato>"), vocabulary)
    assert "damaged" in _refusal(repacked(PLAIN, lambda *_: b"<x/>"), vocabulary)


def test_rows_out_of_order_and_beyond_the_last(vocabulary: Vocabulary) -> None:
    (problem,) = _xlsx(in_sheet(b'r="3"', b'r="2"'), vocabulary).problems
    assert "row 2 stands after row 2" in problem.message
    assert (problem.sheet, problem.expected != "") == ("Sheet", True)
    assert "damaged" in _refusal(in_sheet(b'r="3"', b'r="999999999"'), vocabulary)
    far = _xlsx(in_sheet(b'r="3"', b'r="1048576"'), vocabulary)
    assert [origin.row for origin in far.origins] == [2, 1_048_576]


def test_a_cell_far_to_the_right_has_no_column(vocabulary: Vocabulary) -> None:
    cell = b'<c r="XFD2" t="inlineStr"><is><t>hidden here</t></is></c></row>'
    read = _xlsx(in_sheet(b'</row><row r="3"', cell + b'<row r="3"'), vocabulary)
    (problem,) = read.problems
    assert problem.row == 2
    assert "hidden here" in problem.message


@pytest.mark.parametrize(
    "endless",
    [b"<x " + b"a" * 600_000, b"<!--" + b"<x/>" * 300_000 + b"-->", b"<x>" + b"a" * 600_000],
)
def test_a_piece_of_xml_without_end(
    endless: bytes, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_archive, "MAX_RATIO", 10_000)
    content = in_sheet(b"</sheetData>", endless + b"</sheetData>")
    assert "one endless piece" in _refusal(content, vocabulary)


def test_too_many_cells_and_tags(vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_ROWS", 1)
    read = _xlsx(PLAIN, vocabulary)
    assert "more than 1 rows" in read.problems[0].message
    assert read.refused == ("in.xlsx",)
    monkeypatch.setattr(sheet, "MAX_COLUMNS", 10)
    assert "more than 10 cells" in _xlsx(PLAIN, vocabulary).problems[0].message
    monkeypatch.setattr(xlsx_archive, "MAX_TAGS", 20)
    assert "too many cells" in _refusal(PLAIN, vocabulary)


def test_no_formula_is_trusted(vocabulary: Vocabulary) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for line in (COLUMNS, GOOD, GOOD, GOOD):
        page.append(line)
    page["G2"] = "=400+64"
    page["H3"] = '=HYPERLINK("https://x.invalid","source")'
    page["G4"] = ArrayFormula("G4:G4", "=SUM(A1:A9)")
    content = saved(book)
    # A cached value beside the formula does not make it any better.
    cached = repacked(content, lambda _, data: data.replace(b"<v />", b"<v>464</v>"))
    for each in (content, cached):
        read = _xlsx(each, vocabulary)
        assert [(problem.row, problem.column) for problem in read.problems] == [
            (2, "quantity"),
            (3, "source"),
            (4, "quantity"),
        ]
        assert [problem.value for problem in read.problems][::2] == ["=400+64", "=SUM(A1:A9)"]
        assert read.problems[0].message == "quantity '=400+64' is a formula"
        assert all("formula" in problem.message for problem in read.problems)
        assert read.problems[0].suggestion == "copy the cell and paste its value"
        assert read.rows == ()


def test_a_formula_in_the_header_refuses_the_file(vocabulary: Vocabulary) -> None:
    content = workbook((*COLUMNS, '="no"&"te"'), (*GOOD, "x"))
    assert any("formula" in problem.message for problem in _xlsx(content, vocabulary).problems)
    assert _xlsx(content, vocabulary).refused == ("in.xlsx",)


def test_formulas_without_number_or_end(
    vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = workbook(COLUMNS, (*GOOD[:6], "=" + "1+" * 5_000 + "1", "x"))
    assert "formulas, or one that is too long" in _refusal(long, vocabulary)
    assert _xlsx(long, vocabulary).problems[0].sheet == "Sheet"
    monkeypatch.setattr(xlsx_archive, "MAX_FORMULAS", 1)
    many = workbook(COLUMNS, (*GOOD[:6], "=1", "=2"))
    assert "more than 1 formulas" in _refusal(many, vocabulary)


def test_error_and_truth_cells(vocabulary: Vocabulary) -> None:
    content = workbook(COLUMNS, (*GOOD[:6], "#REF!", "x"), (*GOOD[:6], 1, True))
    problems = _xlsx(content, vocabulary).problems
    assert [(problem.row, problem.column, problem.value) for problem in problems] == [
        (2, "quantity", "#REF!"),
        (3, "source", "TRUE"),
    ]


def test_merged_cells_are_a_problem_and_hidden_ones_are_noted(vocabulary: Vocabulary) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for line in (COLUMNS, GOOD, GOOD, GOOD):
        page.append(line)
    page.row_dimensions[3].hidden = True
    page.column_dimensions["H"].hidden = True
    page.sheet_state = "hidden"
    book.create_sheet("Cover")
    read = _xlsx(saved(book), vocabulary)
    assert len(read.rows) == 3
    told = " ".join(note.message for note in read.notes)
    assert "1 hidden rows were read as well: 3" in told
    assert "hidden columns" in told
    assert "the sheet is hidden" in told
    page.merge_cells("F2:F4")
    (problem,) = _xlsx(saved(book), vocabulary).problems
    assert problem.where == "sheet 'Sheet', cells F2:F4"
    assert "merged" in problem.message


def test_a_long_cell_of_a_workbook(vocabulary: Vocabulary) -> None:
    (problem,) = _xlsx(workbook(COLUMNS, (*GOOD[:7], "x" * 4_001)), vocabulary).problems
    assert (problem.row, problem.column, problem.sheet) == (2, "source", "Sheet")
    assert "4001 characters" in problem.message
    assert len(problem.line()) < 300


def test_control_characters_of_a_workbook(vocabulary: Vocabulary) -> None:
    content = in_sheet(b"<t>serbia</t>", b"<t>serbia_x0007_</t>")
    (problem,) = _xlsx(content, vocabulary).problems
    assert (problem.row, problem.column) == (2, "party")
    assert "U+0007" in problem.message


def test_a_workbook_by_the_wrong_name(vocabulary: Vocabulary) -> None:
    for name in ("a.csv", "a.json", "a.jsonl"):
        (problem,) = examine_source(name, PLAIN, vocabulary).problems
        assert "workbook" in problem.message
        (problem,) = examine_source(name, b"%PDF-1.7", vocabulary).problems
        assert "PDF" in problem.message


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.jsonl"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_named(name: str, encoding: str, vocabulary: Vocabulary) -> None:
    text = write_csv([one()]) if name == "a.csv" else '[{"party": "serbia"}]'
    (problem,) = examine_source(name, text.encode(encoding), vocabulary).problems
    assert "UTF-16" in problem.message


OBJECT = json.dumps(dict(zip(COLUMNS, GOOD, strict=True)))
JSON = [
    ('"serbia"', '"serbia", "party": "croatia"', "party", "stands twice"),
    ('"serbia"', '"serbia", "Strana": "croatia"', "party", "stands twice"),
    ("464", "NaN", "quantity", "no number to count with"),
    ("464", "-Infinity", "quantity", "no number to count with"),
    ("464", "1e999", "quantity", "no number to count with"),
    ("464", "9" * 5_000, "quantity", "no number to count with"),
    ("464", "9" * 15, "quantity", "no quantity"),
    ("464", "true", "quantity", "the truth value true"),
    ("464", "[464]", "quantity", "a list"),
    ("464", '{"low": 1}', "quantity", "an object"),
    ('"serbia"', '"serbia\\u0007"', "party", "U+0007"),
    ('"serbia"', '"serbia\x07"', "party", "U+0007"),
    ('"serbia"', '"serbia\\ud800"', "party", "half a character"),
    ('"x"', '"two\\nlines"', "source", "a line break"),
    ('"x"', '"' + "x" * 4_001 + '"', "source", "4001 characters"),
]


@pytest.mark.parametrize(("old", "new", "column", "says"), JSON)
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_what_json_can_hold_and_no_cell_may(
    name: str, old: str, new: str, column: str, says: str, vocabulary: Vocabulary
) -> None:
    lines = [OBJECT, OBJECT.replace(old, new, 1)]
    text = "\n".join(lines) if name == "a.jsonl" else f"[{','.join(lines)}]"
    read = examine_source(name, text.encode(), vocabulary)
    (problem,) = read.problems
    assert (problem.row, problem.column) == (2, column)
    assert says in problem.message
    assert len(problem.line()) < 500
    assert len(read.rows) == 1


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_bytes_that_are_not_utf8_in_json(name: str, vocabulary: Vocabulary) -> None:
    content = OBJECT.encode().replace(b"serbia", b"serb\xe8a")
    content = content if name == "a.jsonl" else b"[" + content + b"]"
    (problem,) = examine_source(name, content, vocabulary).problems
    assert (problem.row, problem.column) == (1, "party")
    assert "not UTF-8" in problem.message


@pytest.mark.parametrize("deep", ["[" * 100_000, '{"a":' * 100_000, f'[{{"a":{"[" * 9_999}'])
def test_nesting_without_end(deep: str, vocabulary: Vocabulary) -> None:
    for name in ("a.json", "a.jsonl"):
        read = examine_source(name, deep.encode(), vocabulary)
        (problem,) = read.problems
        assert "no JSON" in problem.message or "deeply" in problem.message


def test_more_objects_than_rows(vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_ROWS", 3)
    for name, text in (
        ("a.json", f"[{','.join([OBJECT] * 4)}]"),
        ("b.json", f"[{','.join([OBJECT] * 9)}]"),
        ("a.jsonl", "\n".join([OBJECT] * 9)),
    ):
        read = examine_source(name, text.encode(), vocabulary)
        assert "more than 3" in read.problems[0].message
        assert read.refused == (name,)


def test_keys_without_number(vocabulary: Vocabulary) -> None:
    lines = [OBJECT[:-1] + f', "k{number}": 1}}' for number in range(200)]
    (problem,) = examine_source("a.json", f"[{','.join(lines)}]".encode(), vocabulary).problems
    assert "208 columns" in problem.message


def test_a_device_is_not_read_without_end(vocabulary: Vocabulary) -> None:
    endless = Path("/dev/zero")
    if not endless.exists():
        pytest.skip("there is no /dev/zero")
    read = examine_files([endless], vocabulary, "csv")
    assert "at most" in read.problems[0].expected


def test_links_in_a_circle_are_no_file(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "a.csv"
    try:
        path.symlink_to(path)
    except OSError:
        pytest.skip("no links can be made here")
    (problem,) = examine_files([path], vocabulary).problems
    assert "cannot be read" in problem.message
