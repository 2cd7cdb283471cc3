"""Writes holdings or movements as CSV in our own file format, so that they read back the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from compliance.intake.columns import HOLDINGS, MOVEMENTS, OPTIONAL
from compliance.intake.sheet import bad_character, shown
from compliance.values.records import Holding, Row


def write_csv(rows: Sequence[Row]) -> str:
    """Return the rows as CSV text with a header line; optional columns only where one is used.

    Raises:
        ValueError: there are no rows, holdings and movements are mixed, or a text holds a
            control character or a line break, which no reader of the format would accept.
    """
    kinds = {HOLDINGS if isinstance(row, Holding) else MOVEMENTS for row in rows}
    if len(kinds) != 1:
        raise ValueError("one file holds either holdings or movements, and at least one row")
    contents = [row.content() for row in rows]
    used = [column for column in OPTIONAL if any(column in content for content in contents)]
    columns = [*kinds.pop().columns, *used]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for content in contents:
        cells = [str(content.get(column, "")) for column in columns]
        for column, cell in zip(columns, cells, strict=True):
            defect = bad_character(cell)
            if defect:
                raise ValueError(f"{column} '{shown(cell)}' holds {defect}")
        writer.writerow(cells)
    return buffer.getvalue()
