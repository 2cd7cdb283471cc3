"""Reading and writing: what is written reads back the same, however the file was saved."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake_rows import ANY_HOLDINGS, ANY_MOVEMENTS

from compliance.intake import sheet
from compliance.intake.csv_reader import read_csv
from compliance.intake.files import read_files
from compliance.intake.rows import Vocabulary, validate
from compliance.intake.sheet import bad_character
from compliance.intake.write import write_csv
from compliance.values.dates import DateSpan
from compliance.values.errors import InvalidInput
from compliance.values.records import Account, Holding, Movement, Particulars, Row
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status

HOLDING = "party,as_of,basis,category,quantity,source\nserbia,2019-09-12,relayed,tanks,464,x\n"


def _rows(text: str | bytes, vocabulary: Vocabulary) -> list[Row]:
    read = validate(read_csv("in.csv", text), vocabulary)
    assert read.problems == ()
    return list(read.rows)


def test_a_holding_is_read_with_names_resolved(vocabulary: Vocabulary) -> None:
    text = (
        "source,Party,as_of,basis,category,type,status,quantity,note,stated_by\n"
        '"Klix, <https://example.org>",RS,2019-09-12..2019-09-30,relayed,Tanks,,,62..89,'
        "seen,a ministry\n"
    )
    assert _rows(text, vocabulary) == [
        Holding(
            party="serbia",
            as_of=DateSpan(date(2019, 9, 12), date(2019, 9, 30)),
            basis=Basis.RELAYED,
            category="battle_tank",
            type="",
            status=Status.OVERALL,
            quantity=Span(62, 89),
            source="Klix, <https://example.org>",
            more=Particulars(note="seen", stated_by="a ministry"),
        )
    ]


def test_withheld_is_at_least_zero_and_says_so(vocabulary: Vocabulary) -> None:
    (row,) = _rows(HOLDING.replace("464", "Withheld"), vocabulary)
    assert isinstance(row, Holding)
    assert row.withheld
    assert row.quantity == Span(0, None)


def test_none_held_is_a_declaration(vocabulary: Vocabulary) -> None:
    (row,) = _rows(HOLDING.replace("464", "0"), vocabulary)
    assert isinstance(row, Holding)
    assert row.quantity == Span(0, 0)
    assert not row.withheld


def test_a_movement_is_read_with_its_accounts(vocabulary: Vocabulary) -> None:
    text = (
        "date,type,quantity,from,to,basis,source\n"
        "2028-01-01..2030-12-31,Rafale,12,@import:France,RS:in_service,press,x\n"
    )
    (row,) = _rows(text, vocabulary)
    assert row == Movement(
        date=DateSpan(date(2028, 1, 1), date(2030, 12, 31)),
        type="Rafale",
        category="",
        quantity=Span(12, 12),
        origin=Account(place="@import:France"),
        destination=Account("serbia", Status.IN_SERVICE),
        state=State.DONE,
        basis=Basis.PRESS,
        source="x",
    )


@pytest.mark.parametrize(
    "saved",
    [
        HOLDING.encode(),
        b"\xef\xbb\xbf" + HOLDING.encode(),
        HOLDING.replace("\n", "\r\n").encode(),
        HOLDING.replace("\n", "\r").encode(),
        HOLDING.rstrip("\n").encode(),
        HOLDING.replace(",", " , ").encode(),
        (HOLDING + "\n,,,,,\n").encode(),
    ],
)
def test_how_the_file_was_saved_does_not_matter(saved: bytes, vocabulary: Vocabulary) -> None:
    assert _rows(saved, vocabulary) == _rows(HOLDING, vocabulary)


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    read = read_csv("in.csv", HOLDING + "\n" + HOLDING.partition("\n")[2])
    assert [row.number for row in read.rows] == [2, 4]


def test_a_file_of_too_many_rows_is_cut_and_told(
    vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.intake.sheet.MAX_ROWS", 2)
    line = HOLDING.partition("\n")[2]
    assert validate(read_csv("in.csv", HOLDING + line), vocabulary).problems == ()
    (problem,) = validate(read_csv("in.csv", HOLDING + line + line + line), vocabulary).problems
    assert problem.row == 4
    assert "more than 2 rows" in problem.message


@given(st.one_of(ANY_HOLDINGS, ANY_MOVEMENTS))
def test_what_is_written_reads_back_the_same(vocabulary: Vocabulary, rows: list[Row]) -> None:
    assert _rows(write_csv(rows), vocabulary) == rows
    assert _rows(write_csv(rows).encode(), vocabulary) == rows


_HEADER = HOLDING.partition("\n")[0] + "\n"


@given(st.one_of(st.text(), st.binary(), st.text().map(_HEADER.__add__), st.text('a1,"\n.- \0;')))
def test_any_content_gives_rows_or_problems_and_no_crash(
    vocabulary: Vocabulary, content: str | bytes
) -> None:
    read = validate(read_csv("in.csv", content), vocabulary)
    assert bool(read.rows) != bool(read.problems)
    assert not any(bad_character(problem.line()) for problem in read.problems)


def test_writing_refuses_what_reading_would_refuse() -> None:
    row = _one_holding(source="two\nlines")
    with pytest.raises(ValueError, match=r"source 'two.lines' holds a line break"):
        write_csv([row])


def test_writing_refuses_a_mixture_and_nothing() -> None:
    movement = Movement(
        date=DateSpan.on(date(2024, 4, 25)),
        type="Rafale",
        category="",
        quantity=Span.exactly(6),
        origin=Account(place="@import:France"),
        destination=Account("croatia"),
        state=State.DONE,
        basis=Basis.PRESS,
        source="x",
    )
    for rows in ([], [_one_holding(), movement]):
        with pytest.raises(ValueError, match="rows of one kind"):
            write_csv(rows)


def _one_holding(source: str = "x") -> Holding:
    return Holding(
        party="serbia",
        as_of=DateSpan.on(date(2019, 9, 12)),
        basis=Basis.RELAYED,
        category="battle_tank",
        type="",
        status=Status.OVERALL,
        quantity=Span.exactly(464),
        source=source,
    )


def test_files_are_read_in_their_order(tmp_path: Path, vocabulary: Vocabulary) -> None:
    first, second = tmp_path / "z.csv", tmp_path / "a.CSV"
    first.write_text(HOLDING)
    second.write_text(HOLDING.replace("464", "465"))
    rows = read_files([first, str(second)], vocabulary).rows
    assert [str(row.quantity) for row in rows] == ["464", "465"]


def test_all_problems_of_all_files_come_sorted_by_file_and_row(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    line = HOLDING.partition("\n")[2]
    late, early, good = tmp_path / "b.csv", tmp_path / "a.csv", tmp_path / "c.csv"
    late.write_text(HOLDING + line.replace("464", "many"))
    early.write_text(HOLDING.replace("serbia", "atlantis") + line.replace("tanks", "ships"))
    good.write_text(HOLDING)
    absent, other = tmp_path / "d.csv", tmp_path / "e.pdf"
    with pytest.raises(InvalidInput) as caught:
        read_files([good, late, early, other, absent, good], vocabulary)
    places = [(Path(p.file).name, p.row, p.column) for p in caught.value.problems]
    assert places == [
        ("a.csv", 2, "party"),
        ("a.csv", 3, "category"),
        ("b.csv", 3, "quantity"),
        ("c.csv", None, None),
        ("d.csv", None, None),
        ("e.pdf", None, None),
    ]
    messages = [problem.message for problem in caught.value.problems]
    assert "named twice" in messages[3]
    assert "No such file" in messages[4]
    assert "'.pdf'" in messages[5]
    assert caught.value.message == "6 problems in 5 files; nothing was read in"


def test_a_file_too_large_is_not_read(
    tmp_path: Path, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HOLDING)
    monkeypatch.setattr(sheet, "MAX_BYTES", len(HOLDING))
    assert len(read_files([path], vocabulary).rows) == 1
    monkeypatch.setattr(sheet, "MAX_BYTES", len(HOLDING) - 1)
    with pytest.raises(InvalidInput) as caught:
        read_files([path], vocabulary)
    assert f"{len(HOLDING)} bytes" in caught.value.problems[0].message
