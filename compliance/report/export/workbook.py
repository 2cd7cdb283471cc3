"""An XLSX workbook of everything recorded, for auditors: also what was corrected since."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import IO, Any

from compliance.report.export.rows import ExportedRow, ExportedSubmission
from compliance.values.dates import DateSpan
from compliance.values.names import printable
from compliance.values.records import Entry, Holding, Movement, Particulars, Withdrawal
from compliance.values.span import Span

MOST_ROWS = 1_048_575
"""As many rows as a sheet can have under its header."""

_Cell = str | int | date | datetime | None

_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# Spreadsheets count a 29 February 1900 that never was; earlier days are written as text.
_FIRST_DAY = date(1900, 3, 1)
_STYLES: dict[type, str] = {int: "0", date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm:ss"}
_WIDE = {"source": 60, "note": 40, "row": 20, "corrects": 20, "corrected_by": 20, "command": 30}

_PLACE = ("row", "submission", "line", "recorded_at", "in_force", "corrected_by")
_SUBMISSION = (
    "number",
    "recorded_at",
    "recorded_by",
    "command",
    "rows",
    "note",
    "content_sha256",
    "sha256",
)


def write_workbook(
    rows: Sequence[ExportedRow], submissions: Iterable[ExportedSubmission], file: IO[bytes]
) -> None:
    """Write the workbook: holdings, movements, withdrawals and submissions, a sheet each.

    Days and numbers are typed; all other cells are text and marked as text, so that no spreadsheet
    takes one for a formula. A span stands in two columns, an open bound is an empty cell.

    Raises:
        ValueError: there are more rows of one kind than a sheet can have.
    """
    # Loading openpyxl takes longer than most commands do.
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    workbook.properties.creator = "compliance"
    for title, kind in (
        ("holdings", Holding),
        ("movements", Movement),
        ("withdrawals", Withdrawal),
    ):
        chosen = [row for row in rows if isinstance(row.entry, kind)]
        if len(chosen) > MOST_ROWS:
            raise ValueError(f"there are {len(chosen)} {title}; a sheet has {MOST_ROWS} rows")
        table = [{**_place(row), **_content(row.entry)} for row in chosen]
        if table or kind is not Withdrawal:
            _write_sheet(workbook, title, tuple(table[0]) if table else _PLACE, table)
    _write_sheet(
        workbook,
        "submissions",
        _SUBMISSION,
        [{name: getattr(item, name, item.id) for name in _SUBMISSION} for item in submissions],
    )
    workbook.save(file)


def _place(row: ExportedRow) -> dict[str, _Cell]:
    return {
        "row": row.ref,
        "submission": row.submission,
        "line": row.line,
        "recorded_at": datetime.fromisoformat(row.recorded_at).replace(tzinfo=None),
        "in_force": "yes" if row.in_force else "no",
        "corrected_by": " ".join(row.corrected_by),
    }


def _content(entry: Entry) -> dict[str, _Cell]:
    if isinstance(entry, Withdrawal):
        return {"withdraws": entry.corrects, "note": entry.note}
    if isinstance(entry, Holding):
        cells: dict[str, _Cell] = {
            "party": entry.party,
            **_days("as_of", entry.as_of),
            "basis": entry.basis.value,
            "category": entry.category,
            "type": entry.type,
            "status": entry.status.value,
            **_quantity(entry.quantity),
            "withheld": "yes" if entry.withheld else "",
        }
    else:
        cells = {
            **_days("date", entry.date),
            "type": entry.type,
            "category": entry.category,
            **_quantity(entry.quantity),
            "from": str(entry.origin),
            "to": str(entry.destination),
            "state": entry.state.value,
            "basis": entry.basis.value,
        }
    cells["source"] = entry.source
    return cells | {field.name: getattr(entry.more, field.name) for field in fields(Particulars)}


def _days(column: str, days: DateSpan) -> dict[str, _Cell]:
    return {
        f"{column}_{end}": day if day >= _FIRST_DAY else day.isoformat()
        for end, day in (("first", days.first), ("last", days.last))
    }


def _quantity(quantity: Span) -> dict[str, _Cell]:
    return {"quantity_low": quantity.low, "quantity_high": quantity.high}


def _write_sheet(
    workbook: Any, title: str, columns: Sequence[str], table: Sequence[dict[str, _Cell]]
) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    letters = [get_column_letter(index) for index in range(1, len(columns) + 1)]
    sheet.auto_filter.ref = f"A1:{letters[-1]}{len(table) + 1}"
    for letter, column in zip(letters, columns, strict=True):
        sheet.column_dimensions[letter].width = _WIDE.get(column, 16)

    def cell(value: Any) -> Any:
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            made = WriteOnlyCell(sheet, value=value)
            made.number_format = _STYLES[type(value)]
            return made
        made = WriteOnlyCell(sheet, value=_ESCAPED.sub("_x005F_", printable(value)))
        made.data_type = "s"  # also where it begins like a formula or reads like an error value
        made.number_format = "@"
        made.quotePrefix = value.startswith(("=", "+", "-", "@"))
        return made

    header = [cell(column) for column in columns]
    for made in header:
        made.font = Font(bold=True)
    sheet.append(header)
    for line in table:
        sheet.append([cell(line[column]) for column in columns])
