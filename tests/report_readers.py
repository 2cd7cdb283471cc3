"""Reads the tables of a report back from every format, each cell as two bounds and words."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl

Lines = list[dict[str, str]]

_SPAN = re.compile(r"(-?[\d,]+)?(\.\.)?(-?[\d,]+)?")


def bounds(text: str) -> tuple[int | None, int | None]:
    """Return the bounds that a cell for people tells; none of what is not known or only derived."""
    found = _SPAN.fullmatch(text)
    if found is None or not text:
        return None, None
    low, dots, high = (part and part.replace(",", "") for part in found.groups())
    if not dots:
        return int(low or ""), int(low or "")
    return int(low) if low else None, int(high) if high else None


@dataclass
class _Table:
    caption: str = ""
    lines: list[list[str]] = field(default_factory=list)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, _Table] = {}
        self.attributes: list[tuple[str, str, str | None]] = []
        self.tags: list[str] = []
        self._table: _Table | None = None
        self._into: str = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        named = dict(attrs)
        if tag == "table":
            self._table = self.tables.setdefault(str(named["id"]).removeprefix("table-"), _Table())
        elif self._table is not None and tag == "tr":
            self._table.lines.append([])
        elif self._table is not None and tag in ("td", "th"):
            self._table.lines[-1].append("")
            self._into = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._table = None
        if tag == self._into:
            self._into = ""

    def handle_data(self, data: str) -> None:
        if self._table is not None and self._into:
            self._table.lines[-1][-1] += data


def page(text: str) -> _Page:
    """Return a parsed page."""
    found = _Page()
    found.feed(text)
    return found


def html_tables(text: str) -> dict[str, Lines]:
    """Return the tables of the page, by id, each line by its columns' headings."""
    return {
        name: [dict(zip(table.lines[0], line, strict=True)) for line in table.lines[1:]]
        for name, table in page(text).tables.items()
    }


def markdown_tables(text: str) -> list[Lines]:
    """Return the tables in their order."""
    found: list[Lines] = []
    header: list[str] = []
    for line in text.splitlines():
        if not line.startswith("|"):
            header = []
            continue
        cells = [_unescaped(cell.strip()) for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not header:
            header = cells
            found.append([])
        elif not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            found[-1].append(dict(zip(header, cells, strict=True)))
    return found


def _unescaped(text: str) -> str:
    text = re.sub(r"\\([|*_`\[\]#\\])", r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def csv_tables(text: str) -> dict[str, list[dict[str, tuple[str, str, str]]]]:
    """Return the tables by id, each line by column names: low, high and text."""
    tables: dict[str, dict[int, dict[str, tuple[str, str, str]]]] = {}
    for line in csv.DictReader(io.StringIO(text)):
        row = tables.setdefault(line["part"], {}).setdefault(int(line["row"]), {})
        row[line["column"]] = (line["low"], line["high"], line["text"])
    return {part: list(rows.values()) for part, rows in tables.items()}


def xlsx_tables(content: bytes | Path) -> dict[str, list[dict[str, Any]]]:
    """Return the sheets, each line by its columns' headings."""
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    book = openpyxl.load_workbook(source)
    found = {}
    for sheet in book:
        header, *lines = ([_day(cell.value) for cell in line] for line in sheet.iter_rows())
        found[sheet.title] = [dict(zip(header, line, strict=True)) for line in lines]
    return found


def _day(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value


def xlsx_bounds(line: dict[str, Any], column: str) -> tuple[int | None, int | None]:
    """Return the bounds that a sheet has of a column."""
    return line[f"{column}, low"], line[f"{column}, high"]
