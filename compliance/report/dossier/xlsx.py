"""The report as a workbook: a sheet for each table, and one for everything said in words."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from compliance.assess.dossier import Dossier
from compliance.report.dossier.arrange import arranged
from compliance.report.dossier.flat import Bound, Flat, flat
from compliance.report.dossier.parts import (
    Cards,
    Charts,
    Column,
    Document,
    Items,
    Kind,
    Table,
)
from compliance.report.language import ENGLISH, current, speak
from compliance.values.names import printable
from compliance.values.said import name, said

# What a sheet takes for an escaped character, a text may hold as it is.
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# Spreadsheets count a 29 February 1900 that never was; earlier days are written as text.
_FIRST_DAY = date(1900, 3, 1)
_LONGEST = 32_767
"""As many characters as a cell can hold."""
_ALWAYS = (1980, 1, 1, 0, 0, 0)
"""The oldest time a ZIP archive can name: the same workbook is the same bytes on any day."""
_STAMP = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_TWO = (Kind.NUMBER, Kind.SHARE, Kind.DAYS)


def render(dossier: Dossier) -> bytes:
    """Return the workbook's bytes.

    Numbers and days are typed, a span stands in two columns and an open bound is an empty cell.
    All other cells are text and marked as text, so that no spreadsheet takes one for a formula.
    """
    # Loading openpyxl takes longer than most commands do.
    from openpyxl import Workbook

    document = arranged(dossier, current())
    workbook = Workbook(write_only=True)
    workbook.properties.creator = "compliance"
    workbook.properties.title = printable(speak(document.title))
    _sheet(
        workbook,
        "answer",
        (said("Part"), said("Item"), said("Text")),
        list(_texts(document)),
        (24, 34, 110),
    )
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                _table(workbook, block)
    content = io.BytesIO()
    workbook.save(content)
    return _timeless(content.getvalue())


def _texts(document: Document) -> Iterator[list[str]]:
    title = said("Title")
    yield [title, "", document.title]
    yield [title, "", document.subtitle]
    if document.notice:
        yield [title, "", document.notice]
    if document.marking:
        yield [title, said("Rests on rows marked"), document.marking]
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Items):
                yield from ([block.title, term, text] for term, text in block.entries)
            elif isinstance(block, Cards):
                for card in block.cards:
                    yield from (
                        [section.title, name(card.name), line]
                        for line in (card.headline, *card.lines)
                    )
            elif isinstance(block, Charts):
                yield from (
                    [section.title, said("Chart: {title}", title=c.title), c.alt]
                    for c in block.charts
                )
            elif not isinstance(block, Table):
                yield [section.title, "", block.text]


def _table(workbook: Any, table: Table) -> None:
    """Write a table; the columns with bounds are two, and a third where words are needed."""
    columns = [
        [flat(row.cells[place]) for row in table.rows] for place in range(len(table.columns))
    ]
    header: list[str] = []
    made: list[list[Any]] = []
    widths: list[int] = []
    for column, found in zip(table.columns, columns, strict=True):
        for heading, values, width in _spread(column, found):
            header.append(heading)
            made.append(values)
            widths.append(width)
    lines = [list(line) for line in zip(*made, strict=True)]
    _sheet(workbook, table.id, header, lines, widths)


def _spread(column: Column, found: Sequence[Flat]) -> Iterator[tuple[str, list[Any], int]]:
    if column.kind not in _TWO:
        yield column.title, [item.text for item in found], 60 if column.kind is Kind.LONG else 20
        return
    title = column.title
    if column.kind is Kind.DAYS:
        ends = (said("{title}, first", title=title), said("{title}, last", title=title))
    else:
        ends = (said("{title}, low", title=title), said("{title}, high", title=title))
    if column.kind is Kind.DAYS and all(item.low == item.high for item in found):
        yield title, [item.low for item in found], 12
    else:
        yield ends[0], [item.low for item in found], 12
        yield ends[1], [item.high for item in found], 12
    if any(item.text for item in found):
        yield said("{title}, in words", title=title), [item.text for item in found], 18


def _sheet(
    workbook: Any,
    title: str,
    header: Sequence[str],
    lines: Sequence[Sequence[Any]],
    widths: Sequence[int],
) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{len(lines) + 1}"
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width

    day_format = "yyyy-mm-dd" if current() == ENGLISH else 'd". "m". "yyyy"."'

    def cell(value: str | Bound) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, date) and value < _FIRST_DAY:
            value = value.isoformat()
        made = WriteOnlyCell(sheet)
        made.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str))
        if isinstance(value, str):
            text = printable(speak(value))[:_LONGEST]
            made.value = _ESCAPED.sub("_x005F_", text)
            made.data_type = "s"  # also where it begins like a formula
            made.number_format = "@"
            made.quotePrefix = text.startswith(("=", "+", "-", "@"))
            return made
        made.value = value
        made.number_format = (
            day_format if isinstance(value, date) else "0" if isinstance(value, int) else "0.0%"
        )
        return made

    named = [cell(heading) for heading in header]
    for made in named:
        made.font = Font(bold=True)
    sheet.append(named)
    for line in lines:
        sheet.append([cell(value) for value in line])


def _timeless(content: bytes) -> bytes:
    """Return a workbook without the time of its making."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            part = before.read(name)
            if name == "docProps/core.xml":
                part = _STAMP.sub(b"", part)
            entry = zipfile.ZipInfo(name, _ALWAYS)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # the same on any system
            after.writestr(entry, part)
    return made.getvalue()
