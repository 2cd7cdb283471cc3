"""The history of a ledger, for people and as JSON ``compliance.history/1``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Protocol

from tabulate import tabulate

from compliance.report import layout
from compliance.values.names import printable

SCHEMA = "compliance.history/1"


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
    return tabulate(
        [
            [
                item.id,
                item.recorded_at,
                printable(item.recorded_by),
                printable(item.command),
                item.rows,
                item.sha256[:12],
                printable(item.note),
            ]
            for item in found
        ],
        headers=["No.", "Recorded at (UTC)", "By", "Command", "Rows", "Hash", "Note"],
        disable_numparse=True,
        colalign=("right", "left", "left", "left", "right", "left", "left") if found else None,
        maxcolwidths=[None, None, None, 30, None, None, 30] if found else None,
    )


def submission(found: _Submission, rows: Sequence[_Change], format_: str) -> str:
    """Return one submission with its rows."""
    if format_ == "json":
        return _json({"submission": _head(found), "rows": [_row(row) for row in rows]})
    parts = [
        layout.title(f"Submission {found.id}", mark="="),
        layout.terms(
            [
                ("Recorded at", found.recorded_at),
                ("By", found.recorded_by),
                ("Command", found.command),
                ("Note", found.note),
                ("Rows", str(found.rows)),
                ("Content", found.content_sha256),
                ("Hash", found.sha256),
            ]
        ),
    ]
    parts += [_paragraph(row) for row in rows]
    return "\n\n".join(parts)


def _paragraph(row: _Change) -> str:
    content = row.entry.content()
    kind = content.pop("kind")
    content.pop("corrects", None)  # said below
    lines = [f"{row.ref}  {kind}", layout.terms([(k, str(v)) for k, v in content.items()])]
    if row.corrects is not None:
        lines.append(f"  corrects {row.corrects.ref}")
    lines += [f"  corrected by {later.ref}" for later in row.corrected_by]
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
    return json.dumps({"schema": SCHEMA, **content}, indent=2, ensure_ascii=False)
