"""The explanation of one number as JSON, ``compliance.explain/1``: keys are only ever added."""

from __future__ import annotations

from typing import Any

from compliance.agreement.provisions import CountingRule, Gap, Limit, Period
from compliance.assess.explained import (
    Account,
    Explanation,
    MovementStep,
    Observation,
    PassedDeclaration,
    RowStep,
    Sum,
)
from compliance.assess.result import QuestionNote
from compliance.report.explain_types_json import as_json
from compliance.report.json_head import head
from compliance.values.evidence import Declaration, RecordedHolding, RecordedMovement
from compliance.values.json_text import indented
from compliance.values.span import Span

SCHEMA = "compliance.explain/1"


def render(found: Explanation) -> str:
    """Return the explanation as JSON text, the same bytes for the same ledger content anywhere."""
    return indented(document(found))


def document(found: Explanation) -> dict[str, Any]:
    """Return the explanation as plain values."""
    audit, row = found.audit, found.row
    return {
        **head(SCHEMA, audit.law, in_full=True),
        "as_of": audit.as_of.isoformat(),
        "known_at": audit.known_at,
        "basis": audit.basis,
        "readings": dict(audit.readings),
        "accept_stale": audit.accept_stale,
        "party": row.party,
        "party_name": row.party_name,
        "category": row.category,
        "answer": {
            "verdict": row.verdict.value,
            "conditional": row.conditional,
            "stale": row.stale,
            "held": _span(row.held),
            "not_counted": _span(row.not_counted),
            "counted": _span(row.counted),
            "judged": _span(row.judged),
            "ceiling": _span(row.ceiling),
            "headroom": _span(row.headroom),
            "summary": row.summary,
        },
        "ceiling": _ceiling(found),
        "membership": _membership(found),
        "account": _account(found.account),
        "drivers": [
            {"name": d.name, "part": d.part.as_json(), "width": d.width, "why": d.why}
            for d in found.drivers
        ],
        "questions": [_question(note) for note in audit.questions],
        "verdict": {"comparison": list(found.comparison), "tipping": list(row.tipping)},
        "outside": [
            {
                "name": item.name,
                "type": item.type_id or None,
                "why": item.why,
                "quantities": list(item.quantities),
                "rows": list(item.refs),
            }
            for item in found.outside
        ],
        "elsewhere": [
            {"category": item.category, "types": list(item.types)} for item in found.elsewhere
        ],
        "types": {name: as_json(step) for name, step in found.types.items()},
    }


def _span(span: Span | None) -> dict[str, int | None] | None:
    return None if span is None else span.as_json()


def _ceiling(found: Explanation) -> dict[str, Any]:
    limit, gap = found.ceiling.limit, found.ceiling.gap
    return {
        "known": limit is not None and not found.ceiling.derived,
        "used": _span(found.judgement.ceiling),
        "limit": None if limit is None else _limit(limit),
        "derived": found.ceiling.derived,
        "accepted": found.judgement.accepted,
        "gap": None if gap is None else _gap(gap),
        "former": [_limit(item) for item in found.former],
    }


def _limit(limit: Limit) -> dict[str, Any]:
    return {
        "party": limit.party,
        "value": limit.value.as_json(),
        "schedule": limit.schedule,
        "period": _period(limit.period),
        "binding_from": limit.binding_from.isoformat(),
        "question": limit.question or None,
        "accepting": limit.accepting or None,
        "note": limit.note,
        "citation": limit.citation.as_json(),
    }


def _period(period: Period) -> dict[str, str | None]:
    return {
        "from": period.start.isoformat(),
        "until": None if period.end is None else period.end.isoformat(),
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "period": _period(gap.period),
        "reason": gap.reason,
        "citation": gap.citation.as_json(),
    }


def _membership(found: Explanation) -> dict[str, Any]:
    held = found.membership
    return {
        "certain": held is not None,
        "period": None if held is None else _period(held.period),
        "citation": None if held is None else held.citation.as_json(),
        "gap": None if found.membership_gap is None else _gap(found.membership_gap),
        "succeeds": list(found.party.succeeds),
    }


def _account(account: Account) -> dict[str, Any]:
    position = account.position
    return {
        "party": account.party,
        "name": account.name,
        "counted": _span(position.counted),
        "uncut": _span(None if position.counted is None else position.uncut),
        "judged": _span(position.judged),
        "basis": position.basis,
        "stale": position.stale,
        "speaks_until": position.current_until.isoformat() if position.current_until else None,
        "declaration": None if account.used is None else _declaration(account.used),
        "open_because": account.open_why or None,
        "passed_over": [_passed(item) for item in (*account.passed, *account.silent)],
        "rows": [_row(step) for step in account.rows],
        "movements": [_movement(step) for step in account.movements],
        "movements_left_out": [
            {**_recorded(item.item), "reason": item.reason.value, "why": item.why}
            for item in account.left_out
        ],
        "observations": [_observation(item) for item in account.observations],
        "sums": [_sum(item) for item in account.sums],
        "unsummed": account.unsummed or None,
        "parts": [_account(part) for part in account.parts],
    }


def _declaration(declaration: Declaration) -> dict[str, Any]:
    speakers = dict.fromkeys(i.row.more.stated_by for i in declaration.rows if i.row.more.stated_by)
    return {
        "as_of": str(declaration.as_of),
        "basis": declaration.basis.value,
        "basis_meaning": declaration.basis.meaning,
        "stated_by": list(speakers),
        "source": declaration.source,
        "rows": [item.ref for item in declaration.rows],
    }


def _passed(item: PassedDeclaration) -> dict[str, Any]:
    return {
        **_declaration(item.declaration),
        "stated": _span(item.stated),
        "reason": item.reason.value,
        "why": item.why,
    }


def _recorded(item: RecordedHolding | RecordedMovement) -> dict[str, Any]:
    # As recorded: the file's own columns and spellings.
    return {"ref": item.ref, "recorded": item.row.content()}


def _row(step: RowStep) -> dict[str, Any]:
    return {
        **_recorded(step.item),
        "place": step.place.value,
        "outcome": step.outcome.value,
        "quantity": step.quantity.as_json(),
        "adds": step.adds.as_json(),
        "type": step.type_id or None,
        "catalogue": step.catalogue or None,
        "rules": [_rule(step.rule)] if step.rule else [],
        "questions": list(step.questions),
        "why": list(step.why),
    }


def _movement(step: MovementStep) -> dict[str, Any]:
    return {
        **_recorded(step.item),
        "outcome": step.outcome.value,
        "certain": step.certain,
        "doubt": step.doubt or None,
        "adds": step.adds.as_json(),
        "type": step.type_id or None,
        "catalogue": step.catalogue or None,
        "rules": [_rule(rule) for rule in step.rules],
        "questions": list(step.questions),
        "why": list(step.why),
    }


def _rule(rule: CountingRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "status": rule.status.value,
        "counted": rule.counted,
        "question": rule.question or None,
        "accepting": rule.accepting or None,
        "text": rule.text,
        "citation": rule.citation.as_json(),
    }


def _observation(item: Observation) -> dict[str, Any]:
    seen = item.sighting
    return {
        **_declaration(item.declaration),
        "stated": _span(item.stated),
        "seen": None if seen is None else seen.seen.as_json(),
        "expected": None if seen is None else seen.expected.as_json(),
        "excess": 0 if seen is None else seen.excess,
        "why": item.why,
    }


def _sum(item: Sum) -> dict[str, Any]:
    return {
        "answers": dict(item.answers),
        "lines": [
            {"text": line.text, "adds": line.adds.as_json(), "rows": list(line.refs)}
            for line in item.lines
        ],
        "uncut": item.uncut.as_json(),
        "counted": item.counted.as_json(),
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
        "citation": note.citation.as_json() if note.citation else None,
    }
