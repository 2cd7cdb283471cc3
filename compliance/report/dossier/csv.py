"""The report as one CSV table: a line for each cell and each text, for scripts and pivots."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from compliance.assess.dossier import Dossier
from compliance.report.cells import guarded
from compliance.report.dossier.arrange import arranged
from compliance.report.dossier.flat import Bound, flat
from compliance.report.dossier.parts import Block, Cards, Charts, Document, Items, Table

HEADER = ("section", "part", "row", "party", "category", "column", "low", "high", "text")


def render(dossier: Dossier) -> str:
    """Return the table: bounds are empty where open or not known, days are ISO."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(_lines(arranged(dossier)))
    return text.getvalue().rstrip("\n")


def _lines(document: Document) -> Iterator[list[str]]:
    yield _said("title", "", 1, document.title)
    yield _said("title", "", 2, document.subtitle)
    if document.marking:
        yield _said("title", "marking", 1, document.marking)
    for section in document.sections:
        for place, block in enumerate(section.blocks, start=1):
            yield from _block(section.id, place, block)


def _said(section: str, part: str, row: int, text: str, party: str = "") -> list[str]:
    return [section, part, str(row), party, "", "text", "", "", _one_line(text)]


def _block(section: str, place: int, block: Block) -> Iterable[list[str]]:
    if isinstance(block, Table):
        return _table(section, block)
    if isinstance(block, Items):
        return [
            [section, block.id, str(row), "", "", _one_line(term), "", "", _one_line(meaning)]
            for row, (term, meaning) in enumerate(block.entries, start=1)
        ]
    if isinstance(block, Cards):
        return [
            _said(section, "parties", row, line, card.party)
            for card in block.cards
            for row, line in enumerate((card.headline, *card.lines), start=1)
        ]
    if isinstance(block, Charts):
        return [_said(section, chart.id, 1, chart.alt, chart.party) for chart in block.charts]
    return [_said(section, "", place, block.text)]


def _table(section: str, table: Table) -> Iterator[list[str]]:
    for number, row in enumerate(table.rows, start=1):
        for column, cell in zip(table.columns, row.cells, strict=True):
            low, high, text = flat(cell)
            yield [
                *(section, table.id, str(number), guarded(row.party), guarded(row.category)),
                *(column.name, _bound(low), _bound(high), _one_line(text)),
            ]


def _bound(value: Bound) -> str:
    return "" if value is None else str(value)


def _one_line(text: str) -> str:
    return guarded(" ".join(text.split()))
