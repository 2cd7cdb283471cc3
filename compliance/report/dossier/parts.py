"""What a report is made of: sections of paragraphs, lists, tables with typed cells, charts."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from compliance.report import cells
from compliance.values.dates import DateSpan
from compliance.values.frozen import frozen
from compliance.values.said import Said, said
from compliance.values.span import Span
from compliance.values.vocabulary import Verdict

NOT_KNOWN = said("not known")
_NOTHING = said("")


@frozen
class Number:
    """A span of whole numbers.

    Attributes:
        value: ``None`` where it is not known.
        derived: for a ceiling that is not known, what derivation gives: shown, and not used.
        none: how a value that is not known is told.
    """

    value: Span | None
    derived: Span | None = None
    none: Said = NOT_KNOWN

    @property
    def text(self) -> Said:
        """The span as it is written for people."""
        if self.value is not None and (self.value.low, self.value.high) != (None, None):
            return cells.span(self.value)
        return self.none if self.derived is None else cells.only_derived(self.derived)


@frozen
class Share:
    """A share of one, low and high, with how it is written for people, in percent."""

    low: float | None
    high: float | None
    text: Said


@frozen
class Days:
    """A day or a span of days.

    Attributes:
        old: the figure of that day is too old to speak for the day asked about.
        none: how it is told that there is none.
    """

    value: DateSpan | None
    old: bool = False
    none: Said = _NOTHING

    @property
    def text(self) -> Said:
        """The days as they are written for people."""
        return self.none if self.value is None else cells.dated(self.value, old=self.old)


@frozen
class Judged:
    """A verdict; its word is the signal, and colour only repeats it."""

    verdict: Verdict
    conditional: bool = False

    @property
    def text(self) -> Said:
        """The verdict as it is written for people."""
        return cells.verdict_in_words(self.verdict, conditional=self.conditional)


Cell = str | Number | Share | Days | Judged


def text_of(cell: Cell) -> str:
    """Return a cell as it is written for people."""
    return cell if isinstance(cell, str) else cell.text


def number(value: int | None, *, none: Said = NOT_KNOWN) -> Number:
    """Return the cell of one whole number."""
    return Number(None if value is None else Span.exactly(value), none=none)


def day(value: date | None, *, none: Said = _NOTHING) -> Days:
    """Return the cell of one day."""
    return Days(None if value is None else DateSpan.on(value), none=none)


class Kind(StrEnum):
    """What the cells of a column are; the text columns are of different widths."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    SHARE = "share"
    DAYS = "days"
    VERDICT = "verdict"


@frozen
class Column:
    """A column: its heading for people, and its name for machines."""

    title: str
    name: str
    kind: Kind = Kind.TEXT


@frozen
class Row:
    """A line of a table, and whom and what it is about: ids, or empty."""

    cells: tuple[Cell, ...]
    party: str = ""
    category: str = ""


@frozen
class Table:
    """A table.

    Attributes:
        id: its name in every format; in a workbook that of its sheet.
        heads: so many of the first columns head the row.
        groups: rows that belong together, each with what heads them; the text may be empty.
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    heads: int = 1

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows."""
        return tuple(row for _, rows in self.groups for row in rows)


@frozen
class Text:
    """A paragraph.

    Attributes:
        role: ``lead`` for what must be read first, ``note`` for small print, or empty.
    """

    text: str
    role: str = ""


@frozen
class Items:
    """A list; each entry a text, or a term with its meaning."""

    id: str
    title: str
    entries: tuple[tuple[str, str], ...]


@frozen
class Card:
    """What can be said of one Party.

    Attributes:
        verdicts: what occurs, in the order of the categories.
    """

    party: str
    name: str
    verdict: str
    headline: str
    lines: tuple[str, ...]


@frozen
class Chart:
    """A chart.

    Attributes:
        id: its name.
        kind: ``headroom``, ``history`` or ``pipeline``.
        party: whose.
        category: of which category, where it is of one.
        alt: what it shows, in words; the numbers stand in the table beside it.
    """

    id: str
    kind: str
    title: str
    party: str
    category: str
    alt: str


@frozen
class Cards:
    """One card for each Party."""

    cards: tuple[Card, ...]


@frozen
class Charts:
    """Charts side by side."""

    charts: tuple[Chart, ...]


Block = Text | Items | Table | Cards | Charts


@frozen
class Section:
    """A part of the report."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@frozen
class Document:
    """The whole report, arranged.

    Attributes:
        notice: what a reader must know of its language; empty in English.
        marking: the handling marks of the rows it rests on; empty where there are none.
    """

    title: str
    subtitle: str
    notice: str
    marking: str
    public: bool
    sections: tuple[Section, ...]
