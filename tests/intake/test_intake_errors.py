"""Every mistake in one run, good rows beside them, and a file to correct and read in again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_intake_formats import COLUMNS, GOOD, one, workbook

from compliance.intake import sheet
from compliance.intake.errors_file import ADDED, errors_csv
from compliance.intake.files import examine_files, examine_source
from compliance.intake.hints import about_date, about_quantity
from compliance.intake.result import together
from compliance.intake.rows import Vocabulary
from compliance.values.errors import InvalidInput

Table = list[tuple[Any, ...]]

MISTAKES = {
    5: {"party": "Atlantis"},
    17: {"party": ""},
    23: {"as_of": "03/04/2025"},
    31: {"as_of": "2019-02-30"},
    42: {"as_of": ""},
    58: {"as_of": "43720"},
    60: {"basis": "hearsay"},
    77: {"basis": ""},
    81: {"category": "submarine"},
    99: {"category": "artilery"},
    100: {"status": "storred"},
    111: {"quantity": "many"},
    128: {"quantity": "12.5"},
    150: {"quantity": "9..5"},
    173: {"quantity": ""},
    188: {"source": ""},
    200: {"type": "M\u202e84"},
}
"""Row of the file (the header is row 1) and the cell that is wrong in it."""


def table(rows: int = 199) -> Table:
    lines: Table = []
    for number in range(2, rows + 2):
        line = dict(zip(COLUMNS, GOOD, strict=True)) | MISTAKES.get(number, {})
        lines.append(tuple(line[column] for column in COLUMNS))
    return lines


def as_csv(lines: Table) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([COLUMNS, *lines])
    return buffer.getvalue().encode()


def as_xlsx(lines: Table) -> bytes:
    return workbook(COLUMNS, *lines, title="holdings")


def as_jsonl(lines: Table) -> bytes:
    objects = (json.dumps(dict(zip(COLUMNS, line, strict=True))) for line in lines)
    return "\n".join(objects).encode()


def as_json(lines: Table) -> bytes:
    return ("[" + as_jsonl(lines).decode().replace("\n", ",") + "]").encode()


@pytest.mark.parametrize(
    ("format", "made", "before_first"),
    [("csv", as_csv, 1), ("xlsx", as_xlsx, 1), ("json", as_json, 0), ("jsonl", as_jsonl, 0)],
)
def test_two_hundred_lines_with_seventeen_mistakes_give_seventeen_problems(
    format: str, made: Callable[[Table], bytes], before_first: int, vocabulary: Vocabulary
) -> None:
    assert len(MISTAKES) == 17
    read = examine_source("in", made(table()), vocabulary, format)
    places = [(problem.row, problem.column) for problem in read.problems]
    assert places == [
        (number - 1 + before_first, column) for number, cell in MISTAKES.items() for column in cell
    ]
    for problem in read.problems:
        assert problem.file == "in"
        assert problem.expected
        assert problem.message
        assert problem.sheet == ("holdings" if format == "xlsx" else None)
        assert problem.row is not None and problem.column is not None
        wrong = MISTAKES[problem.row + 1 - before_first][problem.column]
        assert problem.value == sheet.shown(wrong)
    suggestions = [problem.suggestion for problem in read.problems if problem.suggestion]
    assert suggestions == [
        "write 2025-04-03 or 2025-03-04",
        "write 2019-09-12 if that day is meant",
        "did you mean 'artillery'?",
        "did you mean 'stored'?",
        "write the smaller number first",
        "write 0 where none are held, withheld where the number was not published",
        "write the cell anew",
    ]
    # A row is left out where one of its cells is wrong; the others are there.
    assert read.rows == (one(),) * 182
    assert [origin.row for origin in read.left_out] == [row for row, _ in places]
    assert len(read.origins) == 182
    with pytest.raises(InvalidInput) as caught:
        read.checked()
    assert caught.value.problems == list(read.problems)
    assert caught.value.message == "17 problems in 1 file; nothing was read in"


def test_the_errors_file_has_the_original_cells_beside_what_is_wrong(
    vocabulary: Vocabulary,
) -> None:
    text = errors_csv(examine_source("in.csv", as_csv(table()), vocabulary))
    lines = list(csv.DictReader(io.StringIO(text)))
    assert len(lines) == 17
    assert list(lines[0]) == [*COLUMNS, *ADDED]
    assert lines[0]["party"] == "Atlantis"
    assert lines[0]["error"] == "party: 'Atlantis' is no party"
    assert lines[0]["where"] == "in.csv: 5"
    assert lines[9]["suggestion"] == "did you mean 'artillery'?"
    assert all(line["expected"] and line["error"] for line in lines)


def test_the_errors_file_corrected_reads_in_again(vocabulary: Vocabulary) -> None:
    header = "date,type,category,quantity,from,to,state,basis,source,note\n"
    line = "2024-04-25,Rafale,,6,@import:France,croatia,,press,-x,'=y\n"
    original = examine_source("in.csv", (header + line).encode(), vocabulary)
    text = header + line.replace("press", "presss")
    errors = errors_csv(examine_source("in.csv", text.encode(), vocabulary))
    assert "'@import:France" in errors
    again = examine_source(
        "errors.csv", errors.replace("presss,'-x", "press,'-x").encode(), vocabulary
    )
    assert again.problems == ()
    assert again.rows == original.rows
    assert [note.message for note in again.notes] == [
        "the columns error, expected, suggestion, where are left aside"
    ]


@given(st.lists(st.text(max_size=8), min_size=8, max_size=8))
def test_no_cell_of_the_errors_file_is_taken_for_a_formula(
    vocabulary: Vocabulary, cells: list[str]
) -> None:
    cells[0] = "=HYPERLINK(1)" + cells[0]
    read = examine_source("=in.csv", as_jsonl([tuple(cells)]), vocabulary, "jsonl")
    for line in csv.reader(io.StringIO(errors_csv(read))):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in line)


def test_problems_of_a_file_as_a_whole_stand_in_the_errors_file_too(
    vocabulary: Vocabulary,
) -> None:
    read = examine_files(["/nowhere/a.csv"], vocabulary)
    (line,) = csv.DictReader(io.StringIO(errors_csv(read)))
    assert line["where"] == "/nowhere/a.csv"
    assert "cannot be read" in line["error"]


def test_the_errors_of_a_file_as_a_whole_are_no_rows(vocabulary: Vocabulary) -> None:
    whole = examine_files(["/nowhere/a.csv"], vocabulary)
    (problem,) = examine_source("e.csv", errors_csv(whole).encode(), vocabulary).problems
    assert "files as a whole" in problem.message
    assert "correct the files" in problem.suggestion
    rows = examine_source("b.csv", as_csv([(*GOOD[:7], "")]), vocabulary)
    both = errors_csv(together([whole, rows])).replace(",464,,", ",464,x,")
    read = examine_source("e.csv", both.encode(), vocabulary)
    assert (read.rows, read.problems) == ((one(),), ())
    assert "as a whole are left aside" in read.notes[1].message


def test_a_file_with_a_problem_as_a_whole_gives_no_row(vocabulary: Vocabulary) -> None:
    good, broken = as_csv(table(3)), as_csv(table(3)) + b'serbia,"2019'
    assert len(examine_source("a.csv", good, vocabulary).rows) == 3
    read = examine_source("a.csv", broken, vocabulary)
    assert (read.rows, read.refused) == ((), ("a.csv",))


def test_a_row_with_too_many_cells_is_left_out_alone(vocabulary: Vocabulary) -> None:
    read = examine_source("a.csv", as_csv(table(2)) + b"1,2,3,4,5,6,7,8,9\n", vocabulary)
    assert len(read.rows) == 2
    (left_out,) = read.left_out
    assert left_out.cells["(cell 9)"] == "9"


def test_more_problems_than_anybody_reads_refuse_the_file(
    vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet, "MAX_PROBLEMS", 5)
    for format, made in (
        ("csv", as_csv),
        ("xlsx", as_xlsx),
        ("json", as_json),
        ("jsonl", as_jsonl),
    ):
        read = examine_source("a", made([*table(1), *[("x",) * 8] * 20]), vocabulary, format)
        assert read.rows == ()
        assert any("more than 5 problems" in problem.message for problem in read.problems)
        assert len(read.problems) < 15


DATES = [
    ("03/04/2025", "3 April 2025 or 4 March 2025", "write 2025-04-03 or 2025-03-04"),
    ("3.4.2025.", "3 April 2025 or 4 March 2025", "write 2025-04-03 or 2025-03-04"),
    ("13/04/2025", "", "write 2025-04-13"),
    ("04/13/2025", "", "write 2025-04-13"),
    ("04-04-2025", "", "write 2025-04-04"),
    ("31/31/2025", "", ""),
    ("03/04/25", "two digits", ""),
    ("2019-9-12", "", "write 2019-09-12"),
    ("2019/09/12", "", "write 2019-09-12"),
    ("20190912", "", "write 2019-09-12"),
    ("2019-09-12T00:00:00Z", "time of day", "write 2019-09-12"),
    ("43720", "12 September 2019", "write 2019-09-12 if that day is meant"),
    ("43720.0", "12 September 2019", "write 2019-09-12 if that day is meant"),
    ("10000", "", ""),
    ("99999", "", ""),
    ("soon", "", ""),
    ("2019", "", "write the day, or 2019-01-01..2019-12-31 if it is not known"),
    ("2019-02", "", "write the day, or 2019-02-01..2019-02-28 if it is not known"),
    ("12/2019", "", "write the day, or 2019-12-01..2019-12-31 if it is not known"),
    ("9999-12", "", "write the day, or 9999-12-01..9999-12-31 if it is not known"),
    ("2019-13", "", ""),
    ("0000", "", ""),
]


@pytest.mark.parametrize(("text", "says", "suggests"), DATES)
def test_what_a_date_may_mean_is_told_and_not_guessed(
    text: str, says: str, suggests: str, vocabulary: Vocabulary
) -> None:
    what, hint = about_date(text)
    assert says in what
    assert bool(says) == bool(what)
    assert hint == suggests
    line = (GOOD[0], text, *GOOD[2:])
    (problem,) = examine_source("a.csv", as_csv([line]), vocabulary).problems
    assert (problem.column, problem.value, problem.suggestion) == ("as_of", text, suggests)
    assert says in problem.message


@pytest.mark.parametrize(
    ("text", "suggests"),
    [
        ("62-89", "write 62..89 if a span is meant"),
        ("62 – 89", "write 62..89 if a span is meant"),
        ("89-62", ""),
        ("15+", "write 15.. if 'at least' is meant"),
        ("≥ 15", "write 15.. if 'at least' is meant"),
        ("1,025", "write 1025 if thousands are separated, which is not guessed"),
        ("1.025", "write 1025 if thousands are separated, which is not guessed"),
        ("٤٦٤", "write it in the digits 0 to 9"),
        ("-3", "write what left a party as a movement from it"),
        ("12.5", ""),
        ("1e3", ""),
    ],
)
def test_what_a_quantity_may_mean_is_told_and_not_guessed(
    text: str, suggests: str, vocabulary: Vocabulary
) -> None:
    assert about_quantity(text) == suggests
    line = (*GOOD[:6], text, "x")
    (problem,) = examine_source("a.csv", as_csv([line]), vocabulary).problems
    assert (problem.column, problem.suggestion) == ("quantity", suggests)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("3f9a2b7c:1", True),
        ("0" * 64 + ":120", True),
        ("3f9a2b7:1", False),
        ("0" * 65 + ":1", False),
        ("3F9A2B7C:1", False),
        ("3f9a2b7c:0", False),
        ("3f9a2b7c:01", False),
        ("3f9a2b7c", False),
        ("12:3", False),
        ("3f9a2b7c:1:1", False),
    ],
)
def test_corrects_names_a_recorded_row(text: str, good: bool, vocabulary: Vocabulary) -> None:
    content = (",".join(COLUMNS) + ",corrects\n" + ",".join(map(str, GOOD)) + f",{text}\n").encode()
    read = examine_source("a.csv", content, vocabulary)
    assert [problem.column for problem in read.problems] == ([] if good else ["corrects"])
