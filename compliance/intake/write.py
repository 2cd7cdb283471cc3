"""Writes rows in our own file formats, so that they read back the same."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any

from compliance.intake.kinds import HOLDINGS, KINDS, MOVEMENTS, WITHDRAWALS, Kind
from compliance.intake.sheet import MAX_CELL, bad_character, shown
from compliance.values.records import Entry, Holding, Movement, Withdrawal

_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FIRST_DAY = date(1900, 3, 1)
"""Spreadsheets count a 29 February 1900 that never was; earlier days are written as text."""

_WIDTHS = {"source": 60, "note": 40, "type": 24, "from": 24, "to": 24, "as_of": 24, "date": 24}


def write_csv(rows: Sequence[Entry]) -> str:
    """Return the rows as CSV text with a header line; optional columns only where one is used.

    Raises:
        ValueError: there are no rows, rows of several kinds are mixed, or a text holds a
            control character or a line break, which no reader of the format would accept.
    """
    kinds = {_kind(row) for row in rows}
    if len(kinds) != 1:
        raise ValueError("one file holds rows of one kind, and at least one row")
    contents = [_content(row) for row in rows]
    columns = _columns(kinds.pop(), contents)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for content in contents:
        writer.writerow([content.get(column, "") for column in columns])
    return buffer.getvalue()


def write_jsonl(rows: Sequence[Entry]) -> str:
    """Return the rows as JSON Lines, in their order; rows of all kinds may be mixed.

    A quantity that is one number is a JSON number; everything else is text. Columns that may be
    left out and are empty are left out.

    Raises:
        ValueError: there are no rows, or a text that no reader of the format would accept.
    """
    if not rows:
        raise ValueError("there are no rows to write")
    lines = []
    for row in rows:
        kind, content = _kind(row), _content(row)
        cells: dict[str, Any] = {
            column: content[column]
            for column in (*kind.columns, *kind.optional)
            if content.get(column) or column in kind.required
        }
        if not isinstance(row, Withdrawal) and row.quantity.exact:
            cells["quantity"] = row.quantity.low
        lines.append(json.dumps(cells, ensure_ascii=False) + "\n")
    return "".join(lines)


def write_xlsx(rows: Sequence[Entry], file: Path | str | IO[bytes]) -> None:
    """Write the rows as a workbook: a sheet for each kind, its header frozen, its cells typed.

    A day is a date and a quantity that is one number is a number. All other cells are text and
    marked as text, so that no spreadsheet takes one for a formula.

    Args:
        rows: of any kinds; each kind keeps its order.
        file: where to write: a path, or a binary stream.

    Raises:
        ValueError: there are no rows, or a text that no reader of the format would accept.
    """
    # Loading openpyxl takes longer than most commands do.
    from openpyxl import Workbook

    if not rows:
        raise ValueError("there are no rows to write")
    workbook = Workbook(write_only=True)
    workbook.properties.creator = "compliance"
    for kind in KINDS:
        chosen = [row for row in rows if _kind(row) is kind]
        if chosen:
            _write_sheet(workbook.create_sheet(kind.name), kind, chosen)
    workbook.save(file)


def _write_sheet(worksheet: Any, kind: Kind, rows: Sequence[Entry]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    contents = [_content(row) for row in rows]
    columns = _columns(kind, contents)
    worksheet.freeze_panes = "A2"
    for index, column in enumerate(columns, start=1):
        worksheet.column_dimensions[get_column_letter(index)].width = _WIDTHS.get(column, 16)

    def text(value: str) -> Any:
        cell = WriteOnlyCell(worksheet, value=_ESCAPED.sub("_x005F_", value))
        cell.data_type = "s"  # also where it begins like a formula or reads like an error value
        cell.number_format = "@"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
        return cell

    def typed(value: Any, style: str) -> Any:
        cell = WriteOnlyCell(worksheet, value=value)
        cell.number_format = style
        return cell

    header = [text(column) for column in columns]
    for cell in header:
        cell.font = Font(bold=True)
    worksheet.append(header)
    for row, content in zip(rows, contents, strict=True):
        figures = _figures(row)
        cells: list[Any] = []
        for column in columns:
            value = content.get(column, "")
            if column in figures:
                style = "0" if column == "quantity" else "yyyy-mm-dd"
                cells.append(typed(figures[column], style))
            else:
                cells.append(text(value) if value else None)
        worksheet.append(cells)


def _figures(row: Entry) -> dict[str, date | int]:
    """Return the cells of a row that are a day or a number."""
    if isinstance(row, Withdrawal):
        return {}
    column, days = ("as_of", row.as_of) if isinstance(row, Holding) else ("date", row.date)
    figures: dict[str, date | int] = {}
    if days.exact and days.first >= _FIRST_DAY:
        figures[column] = days.first
    if row.quantity.exact and row.quantity.low is not None:
        figures["quantity"] = row.quantity.low
    return figures


def _kind(row: Entry) -> Kind:
    if isinstance(row, Holding):
        return HOLDINGS
    return MOVEMENTS if isinstance(row, Movement) else WITHDRAWALS


def _columns(kind: Kind, contents: Sequence[dict[str, str]]) -> list[str]:
    used = [column for column in kind.optional if any(column in content for content in contents)]
    return [*kind.columns, *used]


def _content(row: Entry) -> dict[str, str]:
    """Return the cells of a row as text, each as a reader accepts it."""
    content = {column: str(value) for column, value in row.content().items() if column != "kind"}
    if isinstance(row, Withdrawal):
        content["withdraws"] = content.pop("corrects")
    for column, cell in content.items():
        defect = bad_character(cell)
        if not defect and len(cell) > MAX_CELL:
            defect = f"{len(cell)} characters, more than {MAX_CELL}"
        if defect:
            raise ValueError(f"{column} '{shown(cell)}' holds {defect}")
    return content
