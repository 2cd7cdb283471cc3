"""The same rows come out of every format, with cells typed or as text."""

from __future__ import annotations

import io
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from intake_rows import ANY_HOLDINGS, ANY_MOVEMENTS

from compliance.intake.files import examine_source, read_files, read_source
from compliance.intake.result import Intake
from compliance.intake.rows import Vocabulary
from compliance.intake.write import write_csv, write_jsonl, write_xlsx
from compliance.values.dates import DateSpan
from compliance.values.errors import InvalidInput
from compliance.values.records import Holding, Movement, Particulars, Row
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, Status

COLUMNS = ("party", "as_of", "basis", "category", "type", "status", "quantity", "source")
GOOD: tuple[Any, ...] = ("serbia", "2019-09-12", "relayed", "battle_tank", "", "", 464, "x")


def workbook(*lines: tuple[Any, ...], title: str = "Sheet", **more: list[tuple[Any, ...]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for line in lines:
        sheet.append(line)
    for name, others in more.items():
        added = book.create_sheet(name)
        for line in others:
            added.append(line)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def written(rows: list[Row]) -> bytes:
    stream = io.BytesIO()
    write_xlsx(rows, stream)
    return stream.getvalue()


def as_json(rows: list[Row]) -> bytes:
    return json.dumps([json.loads(line) for line in write_jsonl(rows).splitlines()]).encode()


LISTED = Span.exactly(464)


def one(quantity: Span = LISTED, **more: Any) -> Holding:
    return Holding(
        **{
            "party": "serbia",
            "as_of": DateSpan.on(date(2019, 9, 12)),
            "basis": Basis.RELAYED,
            "category": "battle_tank",
            "type": "",
            "status": Status.OVERALL,
            "quantity": quantity,
            "source": "x",
        }
        | more
    )


RISKY = [
    one(type=text, source=text)
    for text in ("=1+1", "+1", "-1", "@SUM(A1)", "#REF!", "'=1", "TRUE", "2019-01-01", "007", "1e3")
]
ESCAPES = [one(type="_x000D_", source="a_x0041_b", more=Particulars(note="_x005F_x000D_"))]


@given(st.one_of(ANY_HOLDINGS, ANY_MOVEMENTS))
@example(RISKY)
@example(ESCAPES)
@settings(deadline=None, max_examples=60)
def test_every_format_gives_the_same_rows(vocabulary: Vocabulary, rows: list[Row]) -> None:
    contents = {
        "csv": write_csv(rows).encode(),
        "jsonl": write_jsonl(rows).encode(),
        "json": as_json(rows),
        "xlsx": written(rows),
    }
    for format, content in contents.items():
        read = read_source("-", content, vocabulary, format)
        assert list(read.rows) == rows, format
        assert read.notes == (), format
        assert len(read.origins) == len(rows)


@given(ANY_HOLDINGS, ANY_MOVEMENTS, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=30)
def test_holdings_and_movements_share_a_file(
    vocabulary: Vocabulary, holdings: list[Row], movements: list[Row], random: Any
) -> None:
    rows = [*holdings, *movements]
    random.shuffle(rows)
    assert list(read_source("a.jsonl", write_jsonl(rows).encode(), vocabulary).rows) == rows
    assert list(read_source("a.json", as_json(rows), vocabulary).rows) == rows
    by_kind = sorted(rows, key=lambda row: isinstance(row, Movement))
    assert list(read_source("a.xlsx", written(rows), vocabulary).rows) == by_kind


def test_typed_cells_of_a_workbook_are_taken_as_such(vocabulary: Vocabulary) -> None:
    line = ("serbia", date(2019, 9, 12), "relayed", "battle_tank", 72, None, 464.0, "x")
    (row,) = read_source("a.xlsx", workbook(COLUMNS, line), vocabulary).rows
    assert row == one(type="72")


def test_typed_values_of_json_are_taken_as_such(vocabulary: Vocabulary) -> None:
    values = dict(zip(COLUMNS, GOOD, strict=True))
    for quantity in (464, 464.0, "464", " 464 "):
        content = json.dumps([values | {"quantity": quantity, "type": None}]).encode()
        assert read_source("a.json", content, vocabulary).rows == (one(),)


@pytest.mark.parametrize("format", ["xlsx", "json", "jsonl"])
@pytest.mark.parametrize("quantity", [12.5, -3, 1e300, True])
def test_what_is_no_whole_number_is_a_problem(
    vocabulary: Vocabulary, format: str, quantity: Any
) -> None:
    bad = (*GOOD[:6], quantity, "x")
    content = workbook(COLUMNS, GOOD, bad)
    if format != "xlsx":
        objects = [json.dumps(dict(zip(COLUMNS, line, strict=True))) for line in (GOOD, bad)]
        content = ("\n".join(objects) if format == "jsonl" else f"[{','.join(objects)}]").encode()
    read = examine_source("-", content, vocabulary, format)
    (problem,) = read.problems
    assert (problem.row, problem.column) == ({"xlsx": 3}.get(format, 2), "quantity")
    assert read.rows == (one(),)


def test_a_date_where_none_is_wanted_is_a_problem(vocabulary: Vocabulary) -> None:
    line = (*GOOD[:4], date(2019, 5, 12), *GOOD[5:])
    (problem,) = examine_source("a.xlsx", workbook(COLUMNS, line), vocabulary).problems
    assert (problem.row, problem.column, problem.value) == (2, "type", "2019-05-12")
    assert "designation" in problem.suggestion


@pytest.mark.parametrize("day", [date(1900, 2, 28), date(1900, 1, 15)])
def test_a_day_that_spreadsheets_count_in_two_ways_is_a_problem(
    day: date, vocabulary: Vocabulary
) -> None:
    line = (GOOD[0], day, *GOOD[2:])
    (problem,) = examine_source("a.xlsx", workbook(COLUMNS, line), vocabulary).problems
    assert (problem.row, problem.column) == (2, "as_of")
    assert "in two ways" in problem.message
    late = (GOOD[0], date(1900, 3, 1), *GOOD[2:])
    assert examine_source("a.xlsx", workbook(COLUMNS, late), vocabulary).problems == ()


def test_a_time_of_day_is_a_problem(vocabulary: Vocabulary) -> None:
    moment = datetime(2019, 9, 12, 14, 30)  # noqa: DTZ001 - spreadsheets know no time zones
    line = (GOOD[0], moment, *GOOD[2:])
    (problem,) = examine_source("a.xlsx", workbook(COLUMNS, line), vocabulary).problems
    assert (problem.column, problem.suggestion) == ("as_of", "write 2019-09-12")


def test_rows_are_numbered_in_the_manner_of_each_format(vocabulary: Vocabulary) -> None:
    bad = (*GOOD[:7], "")
    keyed = [json.dumps(dict(zip(COLUMNS, line, strict=True))) for line in (GOOD, bad)]
    places = {
        "a.xlsx": workbook(COLUMNS, GOOD, (None,), bad, title="Tanks"),
        "a.json": f"[{','.join(keyed)}]".encode(),
        "b.json": ('{"holdings": [' + ",".join(keyed) + "]}").encode(),
        "a.jsonl": ("\n\n" + "\n".join(keyed)).encode(),
    }
    told = {
        name: examine_source(name, content, vocabulary).problems[0].where
        for name, content in places.items()
    }
    assert told == {
        "a.xlsx": "sheet 'Tanks', row 4, source",
        "a.json": "item 2 (counted from 1), source",
        "b.json": "'holdings', item 2 (counted from 1), source",
        "a.jsonl": "line 4, source",
    }


def test_origins_name_file_sheet_row_and_cells(vocabulary: Vocabulary) -> None:
    content = workbook(COLUMNS, GOOD, title="Tanks")
    (origin,) = read_source("a.xlsx", content, vocabulary).origins
    assert (origin.file, origin.sheet, origin.row) == ("a.xlsx", "Tanks", 2)
    assert origin.cells == dict(zip(COLUMNS, [*map(str, GOOD)], strict=True))


def test_sheets_of_another_kind_are_left_out_with_a_note(vocabulary: Vocabulary) -> None:
    content = workbook(
        ("name", "party"),
        ("Serbia", "serbia"),
        title="Parties",
        Tanks=[COLUMNS, GOOD],
        movements=[("date", "type", "quantity", "from", "to", "basis", "source")],
    )
    read = read_source("a.xlsx", content, vocabulary)
    assert read.rows == (one(),)
    notes = {note.sheet: note.message for note in read.notes}
    assert list(notes) == ["Parties", "movements"]
    assert "left out" in notes["Parties"]
    assert "header and no rows" in notes["movements"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (workbook(("a", "b"), (1, 2), title="Other"), "no sheet has rows"),
        (workbook(COLUMNS), "no sheet has rows"),
        (workbook(("Holdings of Serbia",), (), COLUMNS, GOOD), "stands in row 3"),
        (b'{"holding": []}', "'holding' is unknown"),
        (b'{"holdings": {}}', "holds an object"),
        (b'{"holdings": [], "movements": []}', "no rows"),
        (b'{"holdings": [], "holdings": []}', "2 times"),
        (b'{"party": "serbia", "as_of": "2019-09-12"}', "one row outside a list"),
        (b"[]", "no rows"),
        (b" ", "no rows"),
        (b"3", "holds a number"),
        (b"null", "holds nothing"),
        (b'[{"a": 1}]', "does not tell"),
        (b"[1]", "is no row"),
    ],
)
def test_a_file_without_rows_is_refused(vocabulary: Vocabulary, content: bytes, says: str) -> None:
    read = examine_source("-", content, vocabulary, "json" if content[:1] != b"P" else "xlsx")
    assert read.rows == ()
    assert says in read.problems[0].message, read.problems
    assert "[" in read.problems[0].suggestion or b'"party"' not in content


def test_a_sheet_named_as_a_kind_is_read_however_wrong_its_header(vocabulary: Vocabulary) -> None:
    content = workbook(("partty", "quantity"), ("serbia", 1), title="Holdings")
    read = examine_source("a.xlsx", content, vocabulary)
    assert ("partty", "did you mean 'party'?") in [(p.column, p.suggestion) for p in read.problems]
    assert read.refused == ("a.xlsx",)


def test_a_misspelt_key_of_one_object_is_one_problem(vocabulary: Vocabulary) -> None:
    good = dict(zip(COLUMNS, GOOD, strict=True))
    bad = {("quantitty" if key == "quantity" else key): value for key, value in good.items()}
    read = examine_source("a.json", json.dumps([good, bad]).encode(), vocabulary)
    (problem,) = read.problems
    assert (problem.row, problem.column) == (2, "quantitty")
    assert problem.suggestion == "did you mean 'quantity'?"
    assert len(read.rows) == 1
    # In every object, it is the header that is wrong: one problem, and the file is refused.
    read = examine_source("a.json", json.dumps([bad, bad]).encode(), vocabulary)
    (problem,) = read.problems
    assert (problem.row, problem.column) == (None, "quantitty")
    assert read.refused == ("a.json",)


def test_the_ending_or_the_caller_tells_the_format(tmp_path: Path, vocabulary: Vocabulary) -> None:
    rows: list[Row] = [one()]
    for name, content in (
        ("a.csv", write_csv(rows).encode()),
        ("a.NDJSON", write_jsonl(rows).encode()),
        ("a.Xlsx", written(rows)),
    ):
        (tmp_path / name).write_bytes(content)
    read = read_files(sorted(tmp_path.iterdir()), vocabulary)
    assert read.rows == (one(),) * 3
    (tmp_path / "plain.txt").write_bytes(written(rows))
    assert read_files([tmp_path / "plain.txt"], vocabulary, "xlsx").rows == (one(),)
    for name, format, says in (
        ("-", "", "does not tell its format"),
        ("a.xls", "", "'.xls' cannot be read"),
        ("-", "cvs", "no format 'cvs'"),
    ):
        with pytest.raises(InvalidInput) as caught:
            read_source(name, b"", vocabulary, format)
        assert says in caught.value.problems[0].message


def test_what_is_written_as_a_workbook_is_typed_and_holds_no_formula() -> None:
    rows: list[Row] = [one(type="=1+1", source="#REF!"), one(Span(62, 89))]
    book = openpyxl.load_workbook(io.BytesIO(written(rows)))
    sheet = book["holdings"]
    assert book.sheetnames == ["holdings"]
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    first = {COLUMNS[index]: cell for index, cell in enumerate(sheet[2])}
    assert str(first["as_of"].value) == "2019-09-12 00:00:00"
    assert first["as_of"].is_date
    assert (first["quantity"].value, first["quantity"].data_type) == (464, "n")
    assert (first["type"].data_type, first["type"].quotePrefix) == ("s", True)
    assert first["source"].data_type == "s"
    assert sheet["G3"].value == "62..89"


@pytest.mark.parametrize("write", [write_jsonl, written])
def test_writing_refuses_what_reading_would_refuse(write: Any) -> None:
    with pytest.raises(ValueError, match="line break"):
        write([one(source="two\nlines")])
    with pytest.raises(ValueError, match="4001 characters"):
        write([one(source="x" * 4001)])
    with pytest.raises(ValueError, match="no rows"):
        write([])


def test_nothing_is_both_read_and_refused(vocabulary: Vocabulary) -> None:
    content = workbook(COLUMNS, GOOD, title="holdings", movements=[("from", "to"), ("a", "b")])
    read: Intake = examine_source("a.xlsx", content, vocabulary)
    assert (read.rows, read.origins, read.refused) == ((), (), ("a.xlsx",))
