"""The reconciliation as CSV, and as JSON ``compliance.reconcile/1``."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from compliance.assess.book_words import answers_in_words
from compliance.assess.reconcile import Reconciled, Reconciliation, Statement
from compliance.assess.result import EvidenceRow, Finding
from compliance.report import cells
from compliance.report.json_head import head
from compliance.values.json_text import indented
from compliance.values.span import Span, total

SCHEMA = "compliance.reconcile/1"


def as_csv(found: Reconciliation) -> str:
    """Return one line for each comparison."""
    header = ["party", "category", "type", "from", "to", "basis_from", "basis_to", "if"]
    header += [
        f"{name}_{side}"
        for name in ("opening", "in", "out", "book", "declared", "unexplained")
        for side in ("low", "high")
    ]
    header += ["increases", "decreases", "result", "source_from", "source_to", "movements"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in found.rows:
        balance = row.balance
        spans = (
            balance.opening,
            total(balance.increases.values()),
            total(balance.decreases.values()),
            balance.book,
            balance.declared,
            balance.unexplained,
        )
        writer.writerow(
            [
                row.party,
                row.category,
                cells.guarded(row.type),
                str(row.opened.as_of),
                str(row.closed.as_of),
                row.opened.basis.value,
                row.closed.basis.value,
                answers_in_words(balance),
                *(bound for span in spans for bound in cells.bounds(span)),
                _kinds(balance.increases),
                _kinds(balance.decreases),
                balance.outcome.value,
                cells.guarded(row.opened.source),
                cells.guarded(row.closed.source),
                " ".join(item.row.ref for item in balance.moved),
            ]
        )
    return text.getvalue().rstrip("\n")


def _kinds(kinds: Mapping[str, Span]) -> str:
    return "; ".join(f"{kind} {span}" for kind, span in kinds.items())


def as_json(found: Reconciliation) -> str:
    """Return everything, with the rows behind it."""
    document = {
        **head(SCHEMA, found.law),
        "from": found.start.isoformat() if found.start else None,
        "to": found.until.isoformat() if found.until else None,
        "known_at": found.known_at,
        "basis": found.basis,
        "readings": dict(found.readings),
        "rows": [_row(row) for row in found.rows],
        "mirrored": found.mirrored,
        "findings": [_finding(item) for item in found.findings],
        "not_compared": list(found.notes),
    }
    return indented(document)


def _row(row: Reconciled) -> dict[str, Any]:
    balance = row.balance
    return {
        "party": row.party,
        "category": row.category,
        "type": row.type or None,
        "from": _statement(row.opened),
        "to": _statement(row.closed),
        "if": [dict(case) for case in balance.answers],
        "opening": balance.opening.as_json(),
        "increases": {kind: span.as_json() for kind, span in balance.increases.items()},
        "decreases": {kind: span.as_json() for kind, span in balance.decreases.items()},
        "book": balance.book.as_json(),
        "declared": balance.declared.as_json(),
        "unexplained": balance.unexplained.as_json(),
        "result": balance.outcome.value,
        "movements": [
            {
                **_evidence(item.row),
                "kind": item.kind,
                "increase": item.increase.as_json(),
                "decrease": item.decrease.as_json(),
                "uncertain_because": item.why or None,
            }
            for item in balance.moved
        ],
        "party_name": row.party_name,
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "as_of": str(statement.as_of),
        "basis": statement.basis.value,
        "stated_by": statement.stated_by or None,
        "source": statement.source,
        "rows": [_evidence(row) for row in statement.rows],
    }


def _evidence(row: EvidenceRow) -> dict[str, str]:
    return {"ref": row.ref, "text": row.text, "source": row.source, "marking": row.marking}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "kind": finding.kind.value,
        "severity": finding.kind.severity.value,
        "party": finding.party,
        "category": finding.category,
        "message": finding.message,
        "citation": None,
        "rows": [row.ref for row in finding.rows],
        "todo": finding.todo,
    }
