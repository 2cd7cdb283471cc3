"""The history of a ledger, for people and as JSON ``compliance.history/1``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from compliance.report import layout, phrases
from compliance.report.language import speak
from compliance.report.style import Style
from compliance.values.json_text import indented
from compliance.values.names import printable
from compliance.values.said import said

SCHEMA = "compliance.history/1"

_COLUMNS = (
    said("No."),
    said("Recorded at (UTC)"),
    said("By"),
    said("Command"),
    said("Rows"),
    said("Hash"),
    said("Note"),
)
_ALIGN = ("right", "left", "left", "left", "right", "left", "left")
_WIDTHS = (None, None, None, 30, None, None, 30)


class _Submission(Protocol):
    """What is shown of a submission."""

    @property
    def id(self) -> int: ...
    @property
    def recorded_at(self) -> str: ...
    @property
    def recorded_by(self) -> str: ...
    @property
    def command(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def content_sha256(self) -> str: ...
    @property
    def sha256(self) -> str: ...


class _Entry(Protocol):
    def content(self) -> dict[str, Any]: ...


class _Recorded(Protocol):
    @property
    def ref(self) -> str: ...


class _Change(Protocol):
    """What is shown of a row."""

    @property
    def ref(self) -> str: ...
    @property
    def entry(self) -> _Entry: ...
    @property
    def corrects(self) -> _Recorded | None: ...
    @property
    def corrected_by(self) -> Sequence[_Recorded]: ...


def submissions(found: Sequence[_Submission], format_: str) -> str:
    """Return the list of submissions, the oldest first."""
    if format_ == "json":
        return _json({"submissions": [_head(item) for item in found]})
    lines = [
        [
            str(item.id),
            item.recorded_at,
            printable(item.recorded_by),
            printable(item.command),
            str(item.rows),
            item.sha256[:12],
            printable(item.note),
        ]
        for item in found
    ]
    return Style().table(_COLUMNS, lines, _ALIGN, _WIDTHS)


def submission(found: _Submission, rows: Sequence[_Change], format_: str) -> str:
    """Return one submission with its rows."""
    if format_ == "json":
        return _json({"submission": _head(found), "rows": [_row(row) for row in rows]})
    parts = [
        layout.title(said("Submission {number}", number=str(found.id)), mark="="),
        layout.terms(
            [
                (said("Recorded at"), found.recorded_at),
                (said("By"), found.recorded_by),
                (said("Command"), found.command),
                (said("Note"), found.note),
                (said("Rows"), phrases.number(found.rows)),
                (said("Content"), found.content_sha256),
                (said("Hash"), found.sha256),
            ]
        ),
    ]
    parts += [_paragraph(row) for row in rows]
    return "\n\n".join(parts)


def _paragraph(row: _Change) -> str:
    content = row.entry.content()
    kind = content.pop("kind")
    content.pop("corrects", None)  # said below
    # The row as the files write it, with their columns.
    lines = [f"{row.ref}  {kind}", layout.terms([(k, str(v)) for k, v in content.items()])]
    if row.corrects is not None:
        lines.append(speak(said("  corrects {ref}", ref=row.corrects.ref)))
    lines += [speak(said("  corrected by {ref}", ref=later.ref)) for later in row.corrected_by]
    return "\n".join(lines)


def _head(item: _Submission) -> dict[str, Any]:
    return {
        "id": item.id,
        "recorded_at": item.recorded_at,
        "recorded_by": item.recorded_by,
        "command": item.command,
        "note": item.note,
        "rows": item.rows,
        "content_sha256": item.content_sha256,
        "sha256": item.sha256,
    }


def _row(row: _Change) -> dict[str, Any]:
    return {
        "ref": row.ref,
        # Apart: a row has a `ref` of its own, its number in its source.
        "content": row.entry.content(),
        "corrects": row.corrects.ref if row.corrects else None,
        "corrected_by": [later.ref for later in row.corrected_by],
    }


def _json(content: dict[str, Any]) -> str:
    return indented({"schema": SCHEMA, **content})
