"""A comparison as JSON, ``compliance.diff/1``: stable, keys are only ever added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from compliance.assess.cause import Cause, Change
from compliance.assess.compared import Comparison, Diff, DiffRow, Succession
from compliance.report.audit_json import row_of
from compliance.report.json_head import head
from compliance.values.json_text import Repeated, streamed

SCHEMA = "compliance.diff/1"


def render(found: Comparison) -> Iterator[str]:
    """Yield the pieces of the comparison's JSON text: the same bytes for the same ledger content.

    A series has ``periods`` in place of ``rows``.
    """
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
    if found.every is None:
        return streamed(shared, "rows", next(_periods(found.periods))["rows"])
    more = {"every": found.every.value, "last_shorter": found.last_shorter}
    return streamed({**shared, **more}, "periods", _periods(found.periods))


def _succession(item: Succession) -> dict[str, Any]:
    return {
        "party": item.party,
        "predecessor": item.predecessor,
        "since": item.since.isoformat(),
        "compared": item.compared,
        "citation": item.citation.as_json() if item.citation else None,
    }


def _periods(periods: Iterable[Diff]) -> Iterator[dict[str, Any]]:
    """Yield the periods; what stood where one ends, and the next begins, is written once."""
    standing: dict[int, Repeated] = {}
    for period in periods:
        sides = [side for row in period.rows for side in (row.before, row.after)]
        standing = {id(side): standing.get(id(side)) or Repeated(row_of(side)) for side in sides}
        yield {
            "from": period.start.isoformat(),
            "to": period.end.isoformat(),
            "rows": [_row(row, standing) for row in period.rows],
        }


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
