"""The calendar of duties as CSV, and as JSON ``compliance.calendar/1``."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import Any

from compliance.agreement.provisions import Obligation, ReportingGap
from compliance.assess.duty_rows import Calendar, DutyRow
from compliance.report import cells
from compliance.report.json_head import head
from compliance.values.json_text import indented

SCHEMA = "compliance.calendar/1"

_COLUMNS = (
    "due",
    "valid_on",
    "happened",
    "duty",
    "title",
    "party",
    "membership",
    "category",
    "when",
    "result",
    "days_after",
    "recorded",
    "submissions",
    "bases",
    "missing",
    "reason",
    "law_status",
    "law_grade",
    "instrument",
    "provision",
    "rows",
)


def as_csv(found: Calendar) -> str:
    """Return one line for each due date and party, and for each event that called for a duty.

    A list of what is due also has a line for each duty that waits for an event.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in (*found.rows, *found.called_for):
        writer.writerow(
            {
                **_duty_cells(row.duty),
                "due": row.due or "",
                "valid_on": row.valid_on or "",
                "happened": row.happened or "",
                "party": row.party,
                "membership": _membership(row),
                "category": row.category,
                "result": row.outcome.value if row.outcome else "",
                "days_after": "" if row.days is None else row.days,
                "recorded": " ".join(str(handed.on) for handed in row.handed),
                "submissions": " ".join(handed.submission for handed in row.handed),
                "bases": " ".join(handed.basis for handed in row.handed),
                "missing": " ".join(row.missing),
                "reason": cells.guarded(row.reason),
                "rows": " ".join(evidence.ref for evidence in row.rows),
            }
        )
    if found.as_of is None:
        for event in found.events:
            for party in event.parties:
                writer.writerow({**_duty_cells(event.duty), "party": party})
    return text.getvalue().rstrip("\n")


def _duty_cells(duty: Obligation) -> dict[str, str]:
    return {
        "duty": duty.id,
        "title": cells.guarded(duty.title),
        "when": cells.guarded(duty.due),
        "law_status": duty.citation.status.value,
        "law_grade": duty.citation.grade.value,
        "instrument": cells.guarded(duty.citation.instrument),
        "provision": cells.guarded(duty.citation.provision),
    }


def as_json(found: Calendar) -> str:
    """Return everything. Duties stand once, with their law; rows name them by id."""
    shown = [
        *(row.duty for row in (*found.rows, *found.called_for)),
        *(event.duty for event in found.events),
    ]
    document = {
        **head(SCHEMA, found.law),
        "from": found.first,
        "to": found.last,
        "as_of": found.as_of.isoformat() if found.as_of else None,
        "known_at": found.known_at,
        "duties": [_duty(duty) for duty in dict.fromkeys(shown)],
        "rows": [_row(row) for row in found.rows],
        "called_for": [_row(row) for row in found.called_for],
        "events": [
            {"duty": event.duty.id, "parties": list(event.parties)} for event in found.events
        ],
        "summary": None if found.as_of is None else _summary(found),
        "reporting_gaps": [_gap(gap) for _, gap in found.gaps],
        "notes": list(found.notes),
    }
    return indented(document)


def _duty(duty: Obligation) -> dict[str, Any]:
    return {
        "id": duty.id,
        "title": duty.title,
        "text": duty.text,
        "rhythm": duty.rhythm,
        "when": duty.due,
        "change_percent": duty.change_percent,
        "within_days": duty.within_days.as_json() if duty.within_days else None,
        "citation": duty.citation.as_json(),
    }


def _row(row: DutyRow) -> dict[str, Any]:
    return {
        "duty": row.duty.id,
        "due": row.due.isoformat() if row.due else None,
        "valid_on": row.valid_on.isoformat() if row.valid_on else None,
        "happened": str(row.happened) if row.happened else None,
        "party": row.party,
        "party_name": row.party_name,
        "membership": _membership(row),
        "category": row.category or None,
        "derived": row.derived,
        "result": row.outcome.value if row.outcome else None,
        "days_after": row.days,
        "recorded": [
            {
                "submission": handed.submission,
                "on": handed.on.isoformat(),
                "basis": handed.basis,
                "categories": list(handed.categories),
            }
            for handed in row.handed
        ],
        "missing": list(row.missing),
        "reason": row.reason,
        "in_reporting_gap": row.gap is not None,
        "rows": [
            {"ref": r.ref, "text": r.text, "source": r.source, "marking": r.marking}
            for r in row.rows
        ],
    }


def _membership(row: DutyRow) -> str:
    return "certain" if row.certain else "not_certain"


def _summary(found: Calendar) -> dict[str, Any]:
    """Return how often each result occurs, apart for law that is derived."""
    everything = [*found.rows, *found.called_for]

    def counted(rows: Sequence[DutyRow]) -> dict[str, int]:
        counts = Counter(row.outcome.value for row in rows if row.outcome)
        return dict(sorted(counts.items()))

    return {
        "text_or_reported": counted([row for row in everything if not row.derived]),
        "derived": counted([row for row in everything if row.derived]),
    }


def _gap(gap: ReportingGap) -> dict[str, Any]:
    return {
        "party": gap.party,
        "began": str(gap.began),
        "ended": str(gap.ended) if gap.ended else None,
        "text": gap.text,
        "citation": gap.citation.as_json(),
    }
