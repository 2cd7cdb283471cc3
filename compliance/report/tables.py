"""Setting tables: in columns for a terminal, and as Markdown has them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from compliance.report.layout import broken

_Cell = Sequence[str]
"""The lines of a cell."""
_BETWEEN = "  "
_SPARE = 2
"""By so much at least a column is wider than its heading."""
_COLOUR = r"\x1b\[[0-9;]*m"
"""What a terminal takes for a colour and not for text."""


def plain(
    headers: Sequence[str],
    lines: Sequence[Sequence[str]],
    align: Sequence[str],
    widths: Sequence[int | None] | None = None,
) -> str:
    """Return a table for a terminal.

    Args:
        headers: one for each column; they may have line breaks.
        lines: the cells; they may have line breaks, and colours.
        align: ``left`` or ``right`` for each column.
        widths: how wide a column may be before its cells are broken; ``None`` for any width.
    """
    headings = [header.split("\n") for header in headers]
    cells = [
        [_broken(cell, most) for cell, most in zip_longest(line, (widths or ())[: len(line)])]
        for line in lines
    ]
    room = _room(headings, cells)
    text = [*_set(headings, align, room), _BETWEEN.join("-" * width for width in room)]
    for line in cells:
        text += _set(line, align, room)
    return "\n".join(text)


def markdown(headers: Sequence[str], lines: Sequence[Sequence[str]], align: Sequence[str]) -> str:
    """Return a table that Markdown reads, and people can read as it stands.

    Args:
        headers: one for each column.
        lines: the cells, without line breaks.
        align: ``left`` or ``right`` for each column.
    """
    headings = [[header] for header in headers]
    cells = [[[cell.strip()] for cell in line] for line in lines]
    room = _room(headings, cells)
    marks = [
        f"{'-' * (width + 1)}:" if side == "right" else f":{'-' * (width + 1)}"
        for width, side in zip(room, align, strict=True)
    ]
    first, *rest = (
        f"| {' | '.join(map(_padded, texts, align, room))} |"
        for line in (headings, *cells)
        for texts in zip(*line, strict=True)
    )
    return "\n".join([first, f"|{'|'.join(marks)}|", *rest])


def _room(headings: Sequence[_Cell], lines: Sequence[Sequence[_Cell]]) -> list[int]:
    """Return how wide each column is."""
    return [
        max(
            *(len(text) + _SPARE for text in heading),
            *(_width(text) for cell in column for text in cell),
            0,
        )
        for heading, *column in zip(headings, *lines, strict=True)
    ]


def _set(line: Sequence[_Cell], align: Sequence[str], room: Sequence[int]) -> list[str]:
    """Return a line of cells, as many lines of text as the longest of them has."""
    return [
        _BETWEEN.join(map(_padded, texts, align, room)).rstrip()
        for texts in zip_longest(*line, fillvalue="")
    ]


def _padded(text: str, side: str, width: int) -> str:
    space = " " * (width - _width(text))
    return space + text if side == "right" else text + space


def _width(text: str) -> int:
    return len(re.sub(_COLOUR, "", text) if "\x1b" in text else text)


def _broken(cell: str, most: int | None) -> _Cell:
    """Return a cell's lines, where it is broken if it is wider than it may be."""
    lines = cell.strip().split("\n")
    # A colour would have to be taken back at the end of a line and given again in the next.
    if most is None or "\x1b" in cell or all(len(line) <= most for line in lines):
        return lines
    parts = [part for line in lines for part in broken(line, most)]
    if "-" in cell or any(len(part) > most for part in parts):
        import textwrap  # breaks words, too

        parts = [part for line in lines for part in textwrap.wrap(line, most)]
    return parts or [""]
