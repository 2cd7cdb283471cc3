"""Reads the sheets of an XLSX workbook. Takes no formula's word for its value."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook

from compliance.intake import sheet as limits
from compliance.intake.columns import column_of
from compliance.intake.csv_reader import ragged, too_many_columns
from compliance.intake.kinds import DATES, KINDS, Kind, kind_of
from compliance.intake.sheet import HEADER_ROW, Place, Rows, Sheet, SheetRow, shown
from compliance.intake.xlsx_archive import SheetFacts, UnsafeWorkbook, inspect
from compliance.values.errors import Problem
from compliance.values.names import fold

_ENOUGH = 3
"""Required columns of a kind that make a sheet one of it; a list of Parties has fewer."""

_HEADER_LOOKED_FOR = 10
_MERGED_TOLD = 20
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LONGEST_NUMBER = 18
_FIRST_SURE_DAY = "1900-03-01"
"""Some spreadsheets count a 29 February 1900 that never was, and others none."""


def read_xlsx(file: str, content: bytes) -> tuple[Sheet, ...]:
    """Read the sheets of a workbook whose first row is the header of holdings or movements.

    Sheets of another kind are left out with a note; so is a sheet that has a header only.
    Hidden sheets, rows and columns are read and noted. Formulas, error values, merged cells,
    truth values, times of day, and dates where none is wanted are problems.
    """
    place = Place(file)
    try:
        facts = inspect(place, content)
    except UnsafeWorkbook as refusal:
        return (Sheet(place, problems=(refusal.problem,)),)
    try:
        # openpyxl warns of drawings, validations and styles that it leaves out; we want none.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheets = tuple(_sheets(place, content, facts))
    except Exception as error:  # noqa: BLE001 - openpyxl meets damage with whatever it runs into
        problem = place.problem(
            f"the workbook is damaged and cannot be read ({type(error).__name__})",
            expected="a workbook that a spreadsheet opens without repair",
            hint="open it in a spreadsheet and save it again",
        )
        return (Sheet(place, problems=(problem,)),)
    if not any(sheet.columns or sheet.problems for sheet in sheets):
        names = ", ".join(f"'{shown(title)}'" for title in facts) or "none"
        wanted = " or ".join(f"{kind.name} ({','.join(kind.columns)})" for kind in KINDS)
        problem = place.problem(
            f"no sheet has rows of holdings or movements; there are {shown(names, most=200)}",
            expected=f"a sheet whose first row is the header of {wanted}",
        )
        return (*sheets, Sheet(place, problems=(problem,)))
    return sheets


def _sheets(place: Place, content: bytes, facts: dict[str, SheetFacts]) -> Iterator[Sheet]:
    workbook = load_workbook(
        io.BytesIO(content), read_only=True, data_only=False, keep_links=False, rich_text=False
    )
    try:
        for worksheet in workbook.worksheets:
            title = str(worksheet.title)
            yield _Worksheet(Place(place.file, sheet=title), worksheet, facts[title]).read()
    finally:
        workbook.close()


class _Worksheet:
    def __init__(self, place: Place, worksheet: Any, facts: SheetFacts) -> None:
        self._place = place
        self._facts = facts
        self._hidden = worksheet.sheet_state != "visible"
        worksheet.reset_dimensions()  # the size that a file states of itself may be wrong
        self._lines: Iterator[tuple[int, Sequence[Any]]] = enumerate(
            worksheet.iter_rows(), start=HEADER_ROW
        )
        self._cells = 0

    def read(self) -> Sheet:
        _, first = next(self._lines, (HEADER_ROW, ()))
        cells = [_text(cell) for cell in first]
        while cells and cells[-1] == ("", ""):
            cells.pop()
        headings = tuple(text for text, _ in cells)
        columns = tuple(column_of(heading) for heading in headings)
        kind = self._kind(columns)
        if kind is None:
            return self._left_out()
        if len(headings) > limits.MAX_COLUMNS:
            return Sheet(self._place, problems=(too_many_columns(self._place, len(headings)),))
        problems = [
            self._place.header_problem(
                text, f"the heading '{shown(text)}' is {defect}", expected="text"
            )
            for text, defect in cells
            if defect
        ]
        rows = self._rows(headings, columns)
        problems += [*self._merged(), *rows.problems]
        if not rows.kept and not problems:
            note = self._place.note("left out: the sheet has a header and no rows")
            return Sheet(self._place, notes=(note,))
        return Sheet(
            self._place,
            headings,
            columns,
            tuple(rows.kept),
            tuple(problems),
            tuple(self._place.note(message) for message in self._unseen()),
            kind,
        )

    def _kind(self, columns: tuple[str, ...]) -> Kind | None:
        for named in KINDS:
            if fold(self._place.sheet) == named.name and any(columns):
                return named
        kind = kind_of(columns)
        if kind is None or len(set(columns) & set(kind.required)) < min(
            _ENOUGH, len(kind.required)
        ):
            return None
        return kind

    def _left_out(self) -> Sheet:
        for number, line in self._lines:
            if number > _HEADER_LOOKED_FOR:
                break
            columns = tuple(column_of(_text(cell)[0]) for cell in line[: limits.MAX_COLUMNS])
            kind = self._kind(columns)
            if kind is not None:
                problem = self._place.problem(
                    f"the header of {kind.name} stands in row {number}",
                    expected="the header in row 1",
                    hint="delete the rows above it",
                    number=number,
                )
                return Sheet(self._place, problems=(problem,))
        note = self._place.note("left out: its first row is no header of holdings or movements")
        return Sheet(self._place, notes=(note,))

    def _rows(self, headings: tuple[str, ...], columns: tuple[str, ...]) -> Rows:
        rows = Rows(self._place)
        most = limits.MAX_ROWS * limits.MAX_COLUMNS
        for number, line in self._lines:
            self._cells += len(line)
            if self._cells > most:
                rows.problems.append(
                    self._place.problem(
                        f"the sheet has more than {most} cells, empty ones included",
                        expected="a sheet without formatting beyond its table",
                    )
                )
                break
            cells = [_text(cell) for cell in line]
            if not any(text for text, _ in cells):
                continue
            if not rows.add(self._row(number, cells, headings, columns)):
                break
        return rows

    def _row(
        self,
        number: int,
        cells: list[tuple[str, str]],
        headings: tuple[str, ...],
        columns: tuple[str, ...],
    ) -> SheetRow:
        while len(cells) > len(headings) and cells[-1] == ("", ""):
            cells.pop()
        cells += [("", "")] * (len(headings) - len(cells))
        values = tuple(text for text, _ in cells)
        if len(values) > len(headings):
            hint = "name the column, or clear the cell"
            problem = ragged(self._place, number, values, headings, hint)
            return SheetRow(number, values, (problem,), readable=False)
        problems: list[Problem] = []
        faulty = set()
        for column, (text, defect) in zip(columns, cells, strict=True):
            if not defect or (defect == _A_DATE and column in DATES):
                continue
            faulty.add(column)
            problems.append(
                self._place.problem(
                    f"{shown(column)} '{shown(text)}' is {defect}",
                    expected=_WANTED.get(defect, "a value"),
                    hint=_HINTS.get(defect, ""),
                    number=number,
                    column=column,
                    value=text,
                )
            )
        return SheetRow(number, values, tuple(problems), frozenset(faulty))

    def _merged(self) -> Iterable[Problem]:
        for cells in self._facts.merged[:_MERGED_TOLD]:
            yield self._place.problem(
                f"the cells {cells} are merged, so that only the first of them has a value",
                expected="a value in every cell",
                hint="take the cells apart and fill each",
                value=cells,
                at=f"cells {cells}",
            )
        more = len(self._facts.merged) - _MERGED_TOLD
        if more > 0:
            yield self._place.problem(
                f"{more} more ranges of cells are merged", expected="a value in every cell"
            )

    def _unseen(self) -> Iterable[str]:
        if self._hidden:
            yield "the sheet is hidden; it was read as well"
        if self._facts.hidden_rows:
            numbers = ", ".join(str(number) for number in self._facts.hidden_rows[:10])
            count = len(self._facts.hidden_rows)
            dots = ", ..." if count > 10 else ""
            yield f"{count} hidden rows were read as well: {numbers}{dots}"
        if self._facts.hidden_columns:
            yield "the sheet has hidden columns; they were read as well"


_FORMULA = "a formula"
_ERROR = "an error of the spreadsheet"
_TRUTH = "a truth value"
_TIME = "a time of day"
_EARLY = "a day before March 1900, which spreadsheets count in two ways"
_A_DATE = "a date"
_WANTED = {
    _FORMULA: "the value itself",
    _A_DATE: "text or a number",
    _TIME: "a day as YYYY-MM-DD, text or a number",
    _EARLY: "YYYY-MM-DD, as text",
}
_HINTS = {
    _FORMULA: "copy the cell and paste its value",
    _ERROR: "write the value, or clear the cell",
    _TRUTH: "write a number or text",
    _TIME: "write the value anew",
    _EARLY: "format the cell as text and write the day anew",
    _A_DATE: "a spreadsheet may have made it of a designation; format the cell as text, "
    "write it again",
}


def _text(cell: Any) -> tuple[str, str]:
    """Return a cell as text, and what is wrong with it."""
    value, kind = cell.value, cell.data_type
    if value is None:
        return ("=", _FORMULA) if kind == "f" else ("", "")
    if kind == "f":
        # Array and table formulas are objects that hold their text.
        return str(getattr(value, "text", None) or getattr(value, "ref", None) or value), _FORMULA
    if kind == "e":
        return str(value), _ERROR
    if isinstance(value, bool):
        return str(value).upper(), _TRUTH
    if isinstance(value, date) and str(value) < _FIRST_SURE_DAY:
        return str(value), _EARLY
    if isinstance(value, datetime):
        at_midnight = value.time() == time()
        return (value.date().isoformat() if at_midnight else value.isoformat(" ")), _A_DATE
    if isinstance(value, date):
        return value.isoformat(), _A_DATE
    if isinstance(value, time | timedelta):
        return str(value), _TIME
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**_LONGEST_NUMBER:
        return str(int(value)), ""
    return _unescaped(str(value)).strip(), ""


def _unescaped(text: str) -> str:
    """Return text with ``_x000D_``, as workbooks write control characters, taken back."""
    return _ESCAPE.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    if code == ord("_"):
        return "_"
    return chr(code) if code < ord(" ") else match[0]
