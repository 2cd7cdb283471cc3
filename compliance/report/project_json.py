"""A look ahead as JSON, ``compliance.project/1``: stable, keys are only ever added."""

from __future__ import annotations

from datetime import date
from typing import Any

from compliance.assess.projection import Course, Line, Offset, Projection
from compliance.report.json_head import head
from compliance.values.json_text import indented
from compliance.values.span import Span

SCHEMA = "compliance.project/1"


def render(result: Projection) -> str:
    """Return the look ahead as JSON text, the same bytes for the same ledger content anywhere."""
    return indented(document(result))


def document(result: Projection) -> dict[str, Any]:
    """Return the look ahead as plain values."""
    request = result.request
    return {
        **head(SCHEMA, result.law, in_full=True),
        "from": result.start.isoformat(),
        "until": result.until.isoformat(),
        "known_at": request.known_at,
        "basis": request.basis.value if request.basis else None,
        "readings": dict(sorted(request.readings.closed.items())),
        "accept_stale": request.accept_stale,
        "carried_out": list(result.carried_out),
        "plans": [
            {
                "text": plan.text,
                "basis": plan.basis.value,
                "certain": plan.needs is None,
                "certain_on": plan.needs.value if plan.needs else None,
            }
            for plan in result.plans
        ],
        "plans_outside": list(result.plans_outside),
        "assumed": list(result.assumed),
        "warnings": list(result.warnings),
        "overdue": [
            {
                "id": finding.id,
                "party": finding.party,
                "category": finding.category,
                "message": finding.message,
                "rows": [row.ref for row in finding.rows],
                "todo": finding.todo,
            }
            for finding in result.overdue
        ],
        "rows": [_course(course) for course in result.courses],
    }


def _course(course: Course) -> dict[str, Any]:
    return {
        "party": course.party,
        "category": course.category,
        "party_name": course.party_name,
        "changes": course.changes,
        "stale": course.stale,
        "peak": _dated(course.peak),
        "may_exceed_from": _day(course.may_exceed),
        "exceeds_from": _day(course.exceeds),
        "least_headroom": _dated(course.least_room),
        "offset": _offset(course.offset),
        "offsets": [_offset(offset) for offset in course.offsets],
        "break_even": course.break_even,
        "doubts": list(course.doubts),
        "outside": list(course.outside),
        "days": [_line(line) for line in course.lines],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "day": line.day.isoformat(),
        "counted": _span(line.counted),
        "judged": _span(line.judged),
        "ceiling": _span(line.ceiling),
        "ceiling_derived": _span(line.ceiling_derived),
        "headroom": _span(line.headroom),
        "room": line.room,
        "verdict": line.verdict.value,
        "conditional": line.conditional,
        "peak": line.peak,
        "events": list(line.events),
    }


def _offset(offset: Offset | None) -> dict[str, Any] | None:
    if offset is None:
        return None
    return {
        "from": offset.first.isoformat(),
        "to": offset.last.isoformat(),
        "low": offset.least,
        "high": offset.certain,
    }


def _dated(pair: tuple[date, Span] | None) -> dict[str, Any] | None:
    return None if pair is None else {"day": pair[0].isoformat(), **pair[1].as_json()}


def _span(span: Span | None) -> dict[str, int | None] | None:
    return None if span is None else span.as_json()


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
