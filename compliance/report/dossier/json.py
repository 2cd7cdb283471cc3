"""The report as JSON, ``compliance.report/1``: stable, keys are only ever added."""

from __future__ import annotations

from datetime import date
from typing import Any

from compliance.assess.answer import Answers
from compliance.assess.dossier import Dossier, Profile
from compliance.assess.fleet import FleetBeside
from compliance.assess.past import Past, Stretch
from compliance.report import audit_json, project_json
from compliance.values.json_text import indented
from compliance.values.names import printable
from compliance.values.span import Span

SCHEMA = "compliance.report/1"


def render(dossier: Dossier) -> str:
    """Return the report as JSON text; characters that could deceive a reader are escaped."""
    text = indented(document(dossier))
    if printable(text) == text:
        return text
    return "".join(
        letter if printable(letter) == letter else f"\\u{ord(letter):04x}" for letter in text
    )


def document(dossier: Dossier) -> dict[str, Any]:
    """Return the report as plain values."""
    public = dossier.profile is Profile.PUBLIC
    made = dossier.made
    start = {
        "schema": SCHEMA,
        "title": dossier.title,
        "profile": dossier.profile.value,
        "as_of": dossier.audit.as_of.isoformat(),
        "known_at": dossier.audit.known_at,
        "answer": _answer(dossier.answers),
        "made": {
            "tool": made.tool,
            "command": made.command,
            "catalogue": made.catalogue or None,
            "ledger": {"submission": made.ledger_number, "sha256": made.ledger_sha256 or None},
        },
    }
    judged = audit_json.document(dossier.audit)
    if public:
        kept = ("schema", "tool", "agreement", "as_of", "known_at", "basis", "readings")
        return {
            **start,
            "audit": {
                **{key: judged[key] for key in kept},
                "rows": [_total(row) for row in judged["rows"]],
            },
        }
    return {
        **start,
        "audit": judged,
        "fleet": [_fleet(item) for item in dossier.fleets],
        "history": [_past(item) for item in dossier.history],
        "ahead": project_json.document(dossier.ahead),
        "sources": {
            "law": [
                {
                    "instrument": item.instrument,
                    "grade": item.grade,
                    "provisions": list(item.provisions),
                    "sources": list(item.sources),
                    "note": item.note or None,
                }
                for item in dossier.law_sources
            ],
            "figures": [
                {
                    "source": item.text,
                    "grade": item.grade or None,
                    "used_for": list(item.used_for),
                    "rows": list(item.refs),
                }
                for item in dossier.figure_sources
            ],
        },
        "marked": [
            {"ref": row.ref, "marking": row.marking, "text": row.text} for row in dossier.marked
        ],
    }


_TOTALS = (
    *("party", "party_name", "category", "counted", "ceiling", "ceiling_derived", "headroom"),
    *("verdict", "conditional", "stale", "declared_as_of"),
)


def _total(row: dict[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in _TOTALS}


def _answer(found: Answers) -> dict[str, Any]:
    return {
        "limits": found.total,
        "within": found.within,
        "exceeds": found.exceeds,
        "without_verdict": found.without,
        "headline": found.headline,
        "why": found.why,
        "parties": [
            {
                "party": item.party,
                "party_name": item.party_name,
                "headline": item.headline,
                "why": list(item.why),
                "last": item.last or None,
            }
            for item in found.parties
        ],
    }


def _fleet(item: FleetBeside) -> dict[str, Any]:
    return {
        "party": item.party,
        "category": item.category,
        "counted": item.counted.as_json(),
        "declared_as_of": str(item.figure_of),
        "basis": item.basis,
        "stale": item.stale,
        "in_service": [
            {
                "type": one.type or None,
                "quantity": one.quantity.as_json(),
                "as_of": str(one.as_of),
                "basis": one.basis.value,
                "source": one.row.source,
                "ref": one.row.ref,
            }
            for one in item.fleets
        ],
    }


def _past(one: Past) -> dict[str, Any]:
    return {
        "party": one.party,
        "party_name": one.party_name,
        "category": one.category,
        "stretches": [_stretch(item) for item in one.stretches],
    }


def _stretch(item: Stretch) -> dict[str, Any]:
    return {
        "from": _day(item.first),
        "until": _day(item.until),
        "counted": _span(item.counted),
        "ceiling": _span(item.ceiling),
        "ceiling_derived": _span(item.ceiling_derived),
        "headroom": _span(item.headroom),
        "verdict": item.verdict.value,
        "conditional": item.conditional,
        "basis": item.basis,
        "declared_as_of": None if item.figure_of is None else str(item.figure_of),
        "stale": item.stale,
        "rows": [row.ref for row in item.rows],
    }


def _span(span: Span | None) -> dict[str, int | None] | None:
    return None if span is None else span.as_json()


def _day(day: date) -> str:
    return day.isoformat()
