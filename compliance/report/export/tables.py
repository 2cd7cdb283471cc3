"""CSV that a spreadsheet may open: no cell of it is taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from compliance.report.cells import guarded
from compliance.report.export.rows import ExportedSubmission

# An outside place begins with @ in the files' own format. Only a plain one is left as it is.
_PLAIN_PLACE = re.compile(r"@(?:import|export|production|reduced|lost)(?::[\w .,-]*)?")


def submissions_csv(
    found: Iterable[ExportedSubmission], files: Mapping[int, Sequence[str]] | None = None
) -> str:
    """Return the list of submissions.

    What people wrote stands in the last columns, so that a script can split the first ones at the
    commas. Line breaks in it are spaces.

    Args:
        found: the submissions, the oldest first.
        files: the names of the files with the rows of each, if they are named.
    """
    named = ["files"] if files is not None else []
    header = ["number", "recorded_at", *named, "rows", "content_sha256", "sha256"]
    lines = [[*header, "recorded_by", "command", "note"]]
    for item in found:
        names = [" ".join(files[item.id])] if files is not None else []
        cells = [str(item.id), item.recorded_at, *names, str(item.rows)]
        said = [_one_line(text) for text in (item.recorded_by, item.command, item.note)]
        lines.append([*cells, item.content_sha256, item.sha256, *said])
    return _written(lines)


def guarded_csv(text: str) -> tuple[str, int]:
    """Return CSV text with an apostrophe before what looks like a formula, and how often."""
    lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    safe = [[_guarded(cell) for cell in line] for line in lines]
    changed = sum(
        before != after
        for one, other in zip(lines, safe, strict=True)
        for before, after in zip(one, other, strict=True)
    )
    return _written(safe), changed


def _guarded(cell: str) -> str:
    return cell if _PLAIN_PLACE.fullmatch(cell) else guarded(cell)


def _one_line(text: str) -> str:
    return guarded(" ".join(text.split()))


def _written(lines: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(lines)
    return buffer.getvalue()
