"""The audit as JSON, ``compliance.audit/1``: stable, keys are only ever added."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from compliance.assess.result import Audit, AuditRow, Finding, QuestionNote
from compliance.report.json_head import head
from compliance.values.citation import Citation
from compliance.values.json_text import Repeated, indented
from compliance.values.span import Span

SCHEMA = "compliance.audit/1"


def render(audit: Audit, *, with_findings: bool = True) -> str:
    """Return the audit as JSON text, the same bytes for the same ledger content anywhere."""
    return indented(document(audit, with_findings=with_findings))


def document(audit: Audit, *, with_findings: bool = True) -> dict[str, Any]:
    """Return the audit as plain values."""
    return {
        **head(SCHEMA, audit.law, in_full=True),
        "as_of": audit.as_of.isoformat(),
        "known_at": audit.known_at,
        "basis": audit.basis,
        "readings": dict(audit.readings),
        "accept_stale": audit.accept_stale,
        "rows": [row_of(row) for row in audit.rows],
        "findings": [_finding(item) for item in audit.findings] if with_findings else [],
        "questions": [_question(item) for item in audit.questions],
    }


# Most numbers of a row stand in it several times, and all rows of a series cite the same law.
@lru_cache(maxsize=4096)
def _span(span: Span | None) -> Repeated | None:
    return None if span is None else Repeated(span.as_json())


def _citation(citation: Citation | None) -> Repeated | None:
    if citation is None:
        return None
    # By identity: it has many parts. It is held on to, so that its identity stays its own.
    known = _CITATIONS.get(id(citation))
    if known is None or known[0] is not citation:
        known = _CITATIONS[id(citation)] = citation, Repeated(citation.as_json())
    return known[1]


_CITATIONS: dict[int, tuple[Citation, Repeated]] = {}


def row_of(row: AuditRow) -> dict[str, Any]:
    """Return one row as plain values."""
    used = row.utilisation
    return {
        "party": row.party,
        "category": row.category,
        "counted": _span(row.counted),
        "ceiling": _span(row.ceiling),
        "headroom": _span(row.headroom),
        "utilisation": None if used is None else {"low": used[0], "high": used[1]},
        "verdict": row.verdict.value,
        "conditional": row.conditional,
        "stale": row.stale,
        "basis": row.basis,
        "declared_as_of": None if row.declared_as_of is None else str(row.declared_as_of),
        "reasons": list(row.reasons),
        "party_name": row.party_name,
        "summary": row.summary,
        "tipping": list(row.tipping),
        "held": _span(row.held),
        "not_counted": _span(row.not_counted),
        "judged": _span(row.judged),
        "ceiling_derived": _span(row.ceiling_derived),
        "stated_by": row.stated_by or None,
        "citation": _citation(row.citation),
        "questions": list(row.questions),
        "rows": [{"ref": r.ref, "text": r.text, "source": r.source} for r in row.rows],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "kind": finding.kind.value,
        "severity": finding.kind.severity.value,
        "party": finding.party,
        "category": finding.category,
        "message": finding.message,
        "citation": finding.citation.as_json() if finding.citation else None,
        "rows": [row.ref for row in finding.rows],
        "todo": finding.todo,
    }


def _question(note: QuestionNote) -> dict[str, Any]:
    return {
        "id": note.id,
        "title": note.title,
        "state": note.how,
        "answer": note.answer or None,
        "choices": list(note.choices),
        "because": note.because,
        "effects": list(note.effects),
    }
