"""A cell for machines: its two bounds, and what of it is only to be said in words."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from compliance.report.dossier.parts import Cell, Days, Number, Share

Bound = int | float | date | None


class Flat(NamedTuple):
    """The bounds, empty where open or not known, and the text that they do not say."""

    low: Bound
    high: Bound
    text: str


def flat(cell: Cell) -> Flat:
    """Return a cell as bounds and text."""
    if isinstance(cell, Number):
        known = cell.value is not None and (cell.value.low, cell.value.high) != (None, None)
        if known and cell.value is not None:
            return Flat(cell.value.low, cell.value.high, "")
        return Flat(None, None, cell.text)
    if isinstance(cell, Share):
        return Flat(cell.low, cell.high, "")
    if isinstance(cell, Days):
        if cell.value is None:
            return Flat(None, None, cell.none)
        return Flat(cell.value.first, cell.value.last, "old" if cell.old else "")
    return Flat(None, None, cell if isinstance(cell, str) else cell.text)
