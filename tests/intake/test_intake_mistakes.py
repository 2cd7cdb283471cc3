"""Each mistake gives one problem that names file, row, column, value and what was expected."""

from __future__ import annotations

import pytest

from compliance.intake.csv_reader import read_csv
from compliance.intake.rows import Vocabulary, validate
from compliance.intake.sheet import MAX_CELL
from compliance.values.errors import Problem

HOLDINGS = {
    "party": "serbia",
    "as_of": "2019-09-12",
    "basis": "relayed",
    "category": "battle_tank",
    "type": "",
    "status": "",
    "quantity": "464",
    "source": "a ministry's reply",
}
MOVEMENTS = {
    "date": "2024-04-25",
    "type": "Rafale",
    "category": "",
    "quantity": "6",
    "from": "@import:France",
    "to": "croatia",
    "state": "",
    "basis": "press",
    "source": "a newspaper",
}


def _line(row: dict[str, str]) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in row.values())


def _text(*rows: dict[str, str]) -> str:
    return "\n".join([",".join(rows[0]), *map(_line, rows)]) + "\n"


def _problems(text: str | bytes, vocabulary: Vocabulary) -> list[Problem]:
    return list(validate(read_csv("in.csv", text), vocabulary).problems)


_EARLIER = "write the earlier day first"
_SMALLER = "write the smaller number first"
_ANEW = "write the cell anew"
_SHORTEN = "shorten it, or put what is long beside the file"
_NEGATIVE = "write what left a party as a movement from it"
_NONE_GIVEN = "write 0 where none are held, withheld where the number was not published"
_YEAR = "write the day, or 2024-01-01..2024-12-31 if it is not known"
_UNDO = "if it undoes a row recorded earlier, take that row back or correct it"
CELLS = [
    (HOLDINGS, "party", "Serbja", "no party", "serbia", "did you mean 'serbia'?"),
    (HOLDINGS, "party", "", "empty", "one of serbia", ""),
    (
        HOLDINGS,
        "as_of",
        "12/09/2019",
        "either way round",
        "YYYY-MM-DD",
        "write 2019-09-12 or 2019-12-09",
    ),
    (HOLDINGS, "as_of", "2019-02-30", "calendar", "YYYY-MM-DD", ""),
    (HOLDINGS, "as_of", "2020-01-01..2019-01-01", "backwards", "YYYY-MM-DD", _EARLIER),
    (HOLDINGS, "basis", "declard", "no basis", "declared, notified", "did you mean 'declared'?"),
    (HOLDINGS, "basis", "", "empty", "declared, notified", ""),
    (HOLDINGS, "category", "artilery", "no category", "none", "did you mean 'artillery'?"),
    (HOLDINGS, "category", "", "empty", "battle_tank", ""),
    (HOLDINGS, "status", "storred", "no status", "in_service", "did you mean 'stored'?"),
    (HOLDINGS, "quantity", "-3", "no quantity", "withheld", _NEGATIVE),
    (HOLDINGS, "quantity", "about 5", "no quantity", "62..89", ""),
    (HOLDINGS, "quantity", "9..5", "backwards", "62..89", _SMALLER),
    (HOLDINGS, "quantity", "1,5", "no quantity", "whole number", ""),
    (HOLDINGS, "quantity", "", "empty", "whole number", _NONE_GIVEN),
    (MOVEMENTS, "quantity", "", "empty", "whole number", ""),
    (HOLDINGS, "source", "", "empty", "citation", ""),
    (HOLDINGS, "type", "M-84\x1b[2J", "control character U+001B", "plain", _ANEW),
    (HOLDINGS, "type", "M-84\x00", "control character U+0000", "plain", _ANEW),
    (HOLDINGS, "type", "M-\u202e84", "control character U+202E", "plain", _ANEW),
    (HOLDINGS, "source", "two\nlines", "line break", "plain", _ANEW),
    (
        HOLDINGS,
        "source",
        "x" * (MAX_CELL + 1),
        f"{MAX_CELL + 1} characters",
        f"{MAX_CELL}",
        _SHORTEN,
    ),
    (MOVEMENTS, "date", "2024", "no date", "YYYY-MM-DD", _YEAR),
    (MOVEMENTS, "category", "submarine", "no category", "combat_aircraft", ""),
    (MOVEMENTS, "quantity", "0", "nothing moves", "1 or more", ""),
    (MOVEMENTS, "quantity", "withheld", "no quantity", "whole number", ""),
    (MOVEMENTS, "from", "Frankreich", "no party", "serbia", ""),
    (MOVEMENTS, "from", "@imports:France", "no outside place", "outside place", ""),
    (MOVEMENTS, "from", "serbia:storred", "no status", "in_service", "did you mean 'stored'?"),
    (MOVEMENTS, "from", "croatia", "from and to", "two different", ""),
    (MOVEMENTS, "from", "@lost", "nothing comes from", "@production", _UNDO),
    (MOVEMENTS, "from", "", "empty", "outside place", ""),
    (MOVEMENTS, "to", "@export:Ukraine", "both outside", "at least one side", ""),
    (MOVEMENTS, "to", "@production", "nothing goes to", "@export", _UNDO),
    (MOVEMENTS, "to", "", "empty", "outside place", ""),
    (MOVEMENTS, "state", "plannd", "no state", "planned", "did you mean 'planned'?"),
    (MOVEMENTS, "basis", "rumour", "no basis", "press", ""),
    (MOVEMENTS, "source", "", "empty", "URL", ""),
]


@pytest.mark.parametrize(("good", "column", "value", "says", "expects", "suggests"), CELLS)
def test_a_bad_cell_gives_exactly_one_problem(
    good: dict[str, str],
    column: str,
    value: str,
    says: str,
    expects: str,
    suggests: str,
    vocabulary: Vocabulary,
) -> None:
    problems = _problems(_text(good, good | {column: value}, good), vocabulary)
    assert len(problems) == 1, problems
    (problem,) = problems
    # "from and to are the same" is told of the second of the two cells.
    told = "to" if says == "from and to" else column
    assert (problem.file, problem.row, problem.column) == ("in.csv", 3, told)
    assert says in problem.message
    assert expects in problem.expected
    assert problem.suggestion == suggests
    assert problem.value is not None
    if len(value) < 60 and value.isprintable():
        assert problem.value == value or told != column
    assert problem.line().startswith(f"in.csv: row 3, {told}: ")


def test_the_good_rows_have_no_problem(vocabulary: Vocabulary) -> None:
    assert _problems(_text(HOLDINGS), vocabulary) == []
    assert _problems(_text(MOVEMENTS), vocabulary) == []


def test_a_category_may_be_left_out_only_where_the_catalogue_knows_the_type(
    vocabulary: Vocabulary,
) -> None:
    (problem,) = _problems(_text(MOVEMENTS | {"type": "Rafael"}), vocabulary)
    assert problem.column == "category"
    assert "'Rafael'" in problem.message
    (problem,) = _problems(_text(MOVEMENTS | {"type": ""}), vocabulary)
    assert problem.column == "type"
    with_category = MOVEMENTS | {"type": "", "category": "combat_aircraft"}
    assert _problems(_text(with_category), vocabulary) == []


def test_corrects_names_a_submission_and_a_line(vocabulary: Vocabulary) -> None:
    assert _problems(_text(HOLDINGS | {"corrects": "3f9a2b7c81d0:3"}), vocabulary) == []
    (problem,) = _problems(_text(HOLDINGS | {"corrects": "row 3"}), vocabulary)
    assert (problem.column, problem.value) == ("corrects", "row 3")
    assert "compliance history show" in problem.suggestion


def test_what_is_accepted_is_told_by_ids_and_a_name_is_suggested(vocabulary: Vocabulary) -> None:
    (problem,) = _problems(_text(HOLDINGS | {"party": "Kroatia"}), vocabulary)
    assert problem.expected == "one of serbia, croatia, montenegro, kosovo"
    assert problem.suggestion == "did you mean 'croatia'?"


def _header(old: str, new: str) -> str:
    head, _, rest = _text(HOLDINGS).partition("\n")
    return head.replace(old, new) + "\n" + rest


def test_a_misspelt_column_is_one_mistake_with_a_suggestion(vocabulary: Vocabulary) -> None:
    (problem,) = _problems(_header("quantity", "quantitty"), vocabulary)
    assert (problem.row, problem.column) == (1, "quantitty")
    assert problem.suggestion == "did you mean 'quantity'?"


def test_an_unknown_column_is_refused(vocabulary: Vocabulary) -> None:
    (problem,) = _problems(_text(HOLDINGS | {"colour": "green"}), vocabulary)
    assert (problem.row, problem.column, problem.suggestion) == (1, "colour", "")


def test_a_missing_column_is_told_once_however_many_rows(vocabulary: Vocabulary) -> None:
    row = {name: value for name, value in HOLDINGS.items() if name != "source"}
    (problem,) = _problems(_text(row, row, row), vocabulary)
    assert (problem.row, problem.column) == (1, "source")
    assert "missing" in problem.message


def test_a_repeated_and_a_nameless_column_are_refused(vocabulary: Vocabulary) -> None:
    (problem,) = _problems(_header("status", "type"), vocabulary)
    assert problem.column == "type"
    assert "2 times" in problem.message
    (problem,) = _problems(_header("status", ""), vocabulary)
    assert "column 6 has no name" in problem.message


def test_a_header_of_neither_kind_is_told_with_both_kinds(vocabulary: Vocabulary) -> None:
    (problem,) = _problems("a,b\n1,2\n", vocabulary)
    assert "holdings (party,as_of" in problem.expected
    assert "movements (date,type" in problem.expected


@pytest.mark.parametrize(("cells", "says"), [(10, "has no column"), (3, "3 cells under 8")])
def test_a_row_with_another_number_of_cells_is_refused(
    cells: int, says: str, vocabulary: Vocabulary
) -> None:
    text = _text(HOLDINGS) + ",".join("x" * cells) + "\n"
    (problem,) = _problems(text, vocabulary)
    assert problem.row == 3
    assert says in problem.message
    assert "8 cells" in problem.expected


def test_bytes_that_are_not_utf8_are_named_by_cell(vocabulary: Vocabulary) -> None:
    text = _text(HOLDINGS | {"type": "Milos\u030c"}, HOLDINGS | {"source": "Ve\u010dernji"})
    content = text.encode().replace("c\u030c".encode(), b"x").replace("\u010d".encode(), b"\xe8")
    (problem,) = _problems(content, vocabulary)
    assert (problem.row, problem.column) == (3, "source")
    assert "not UTF-8" in problem.message
    assert problem.value == "Ve\N{REPLACEMENT CHARACTER}ernji"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n", "first line is empty"),
        (",".join(HOLDINGS).encode(), "no rows"),
        (_text(HOLDINGS).encode("utf-16"), "UTF-16"),
        (_text(HOLDINGS).replace(",", ";").encode(), "semicolons"),
        (_text(HOLDINGS).encode() + b'serbia,"2019', "quotes are broken"),
    ],
)
def test_a_file_that_is_no_table_is_told_once(
    content: bytes, says: str, vocabulary: Vocabulary
) -> None:
    (problem,) = _problems(content, vocabulary)
    assert says in problem.message


def test_seventeen_mistakes_in_one_file_give_seventeen_problems(vocabulary: Vocabulary) -> None:
    bad = [
        HOLDINGS | {"party": "Atlantis"},  # 1
        HOLDINGS | {"as_of": "yesterday", "basis": "hearsay"},  # 2, 3
        HOLDINGS | {"category": "submarine"},  # 4
        HOLDINGS,
        HOLDINGS | {"status": "lost", "quantity": "many", "source": ""},  # 5, 6, 7
        HOLDINGS | {"type": "M-84\x07"},  # 8
        HOLDINGS | {"quantity": "1.5"},  # 9
        HOLDINGS | {"quantity": ""},  # 10
        HOLDINGS | {"party": ""},  # 11
        HOLDINGS | {"as_of": ""},  # 12
        HOLDINGS | {"as_of": "2019-13-01"},  # 13
        HOLDINGS | {"basis": ""},  # 14
        HOLDINGS | {"category": ""},  # 15
    ]
    text = _text(*bad, HOLDINGS | {"basis": "x"}) + "one,two\n"  # 16, 17
    problems = _problems(text, vocabulary)
    assert len(problems) == 17
    assert [problem.row for problem in problems] == [
        *(2, 3, 3, 4, 6, 6, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
    ]
