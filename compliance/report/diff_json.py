"""A comparison as JSON, ``compliance.diff/1``: stable, keys are only ever added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from compliance.assess.cause import Cause, Change
from compliance.assess.compared import Comparison, Diff, DiffRow, Succession
from compliance.report.audit_json import row_of
from compliance.report.json_head import head
from compliance.values.json_text import Repeated, indented

SCHEMA = "compliance.diff/1"


def render(found: Comparison) -> str:
    """Return the comparison as JSON text, the same bytes for the same ledger content anywhere."""
    return indented(document(found))


def document(found: Comparison) -> dict[str, Any]:
    """Return the comparison as plain values: a series has ``periods`` in place of ``rows``."""
    law, request, before, after = found.law, found.request, found.before, found.after
    shared = {
        **head(SCHEMA, law, in_full=True),
        "from": found.start.isoformat(),
        "to": found.end.isoformat(),
        "known_at": {"from": before.known_at, "to": after.known_at},
        "basis": request.basis.value if request.basis else None,
        "readings": {
            "from": dict(sorted(before.readings.closed.items())),
            "to": dict(sorted(after.readings.closed.items())),
        },
        "accept_stale": request.accept_stale,
        "successions": [_succession(item) for item in found.successions],
    }
    standing = _standing(found.periods)
    if found.every is None:
        return {**shared, "rows": _rows(found.periods[0], standing)}
    periods = [
        {"from": p.start.isoformat(), "to": p.end.isoformat(), "rows": _rows(p, standing)}
        for p in found.periods
    ]
    return {
        **shared,
        "every": found.every.value,
        "last_shorter": found.last_shorter,
        "periods": periods,
    }


def _succession(item: Succession) -> dict[str, Any]:
    return {
        "party": item.party,
        "predecessor": item.predecessor,
        "since": item.since.isoformat(),
        "compared": item.compared,
        "citation": item.citation.as_json() if item.citation else None,
    }


def _standing(periods: Sequence[Diff]) -> dict[int, Repeated]:
    """Return by identity where each row stood: one period ends where the next begins."""
    rows = (side for period in periods for row in period.rows for side in (row.before, row.after))
    return {id(row): Repeated(row_of(row)) for row in {id(row): row for row in rows}.values()}


def _rows(period: Diff, standing: Mapping[int, Repeated]) -> list[dict[str, Any]]:
    return [_row(row, standing) for row in period.rows]


def _row(row: DiffRow, standing: Mapping[int, Repeated]) -> dict[str, Any]:
    return {
        "party": row.after.party,
        "category": row.after.category,
        "before": standing[id(row.before)],
        "after": standing[id(row.after)],
        "change": _change(row.change),
        "causes": [_cause(cause) for cause in row.causes],
        "predecessor": row.predecessor or None,
        "changed": not row.same,
        "judged": row.judged,
        "left_open": list(row.left_open),
    }


def _change(change: Change) -> dict[str, int | None]:
    return {"low": change.low, "high": change.high}


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "kind": cause.kind.value,
        **_change(cause.change),
        "detail": cause.detail,
        "refs": list(cause.refs),
        "day": cause.day.isoformat(),
        "rows": [
            {
                "ref": row.ref,
                "text": row.text,
                "source": row.source,
                "note": row.note,
                "marking": row.marking,
            }
            for row in cause.rows
        ],
        "citation": cause.citation.as_json() if cause.citation else None,
    }
