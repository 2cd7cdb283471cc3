"""What if as JSON, ``compliance.whatif/1``: stable, keys are only ever added."""

from __future__ import annotations

from typing import Any

from compliance.assess.result import AuditRow
from compliance.assess.whatif import Shift, Side, WhatIf
from compliance.report import audit_json
from compliance.values.json_text import indented

SCHEMA = "compliance.whatif/1"


def render(result: WhatIf) -> str:
    """Return the comparison as JSON text, the same bytes for the same ledger content anywhere."""
    return indented(document(result))


def document(result: WhatIf) -> dict[str, Any]:
    """Return the comparison as plain values; rows are those of ``compliance.audit/1``."""
    head = audit_json.document(result.baseline, with_findings=False)
    kept = ("tool", "agreement", "as_of", "known_at", "basis", "readings", "accept_stale")
    return {
        "schema": SCHEMA,
        **{key: head[key] for key in kept},
        "ledger_head": result.ledger_head or None,
        "others": result.others,
        "baseline": {"rows": [audit_json.row_of(row) for row in result.rows]},
        "scenarios": [_side(result, side) for side in result.sides],
    }


def _side(result: WhatIf, side: Side) -> dict[str, Any]:
    scenario, wrote = side.scenario, side.scenario.written_for
    return {
        "name": scenario.name,
        "note": scenario.note,
        "sha256": scenario.sha256,
        "written_for": {
            "agreement": wrote.agreement or None,
            "version": wrote.version or None,
            "ledger_head": wrote.ledger_head or None,
        },
        "moved": list(side.moved),
        "assumptions": list(side.assumptions),
        "readings": dict(sorted(scenario.readings.items())),
        "warnings": list(side.warnings),
        "rows": [audit_json.row_of(row) for row in side.rows],
        "differences": [
            _difference(before, after) for before, after in zip(result.rows, side.rows, strict=True)
        ],
        "findings": [
            {
                "id": finding.id,
                "kind": finding.kind.value,
                "severity": finding.kind.severity.value,
                "party": finding.party,
                "category": finding.category,
                "message": finding.message,
                "todo": finding.todo,
            }
            for finding in side.findings
        ],
    }


def _difference(before: AuditRow, after: AuditRow) -> dict[str, Any]:
    return {
        "party": before.party,
        "category": before.category,
        "counted": _shift(Shift.between(before.counted, after.counted)),
        "ceiling": _shift(Shift.between(before.ceiling, after.ceiling)),
        "headroom": _shift(Shift.between(before.headroom, after.headroom)),
        "verdict": {"before": before.verdict.value, "after": after.verdict.value},
        "changed": before != after,
    }


def _shift(shift: Shift | None) -> dict[str, int | None] | None:
    return None if shift is None else {"low": shift.low, "high": shift.high}
