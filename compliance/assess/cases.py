"""Runs the worked cases that stand beside the law: the rows of a case, audited, and compared."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.agreement.cases import Case, Expectation
from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.assess.audit import audit
from compliance.assess.result import Audit, AuditRow
from compliance.assess.standing import Request
from compliance.assess.types import TypeLookup
from compliance.values.errors import Problem
from compliance.values.evidence import (
    Background,
    Declaration,
    Evidence,
    RecordedHolding,
    RecordedMovement,
)
from compliance.values.records import Holding, Row
from compliance.values.span import Span


def evidence_of(rows: Iterable[Row], *, name: str) -> Evidence:
    """Return rows as the ledger would hand them over, had they been recorded as one submission.

    Args:
        rows: holdings and movements, in their order.
        name: what names the submission in the rows' references.
    """
    declarations: dict[tuple[object, ...], list[RecordedHolding]] = {}
    movements: list[RecordedMovement] = []
    for line, row in enumerate(rows, start=1):
        ref = f"{name}:{line}"
        if isinstance(row, Holding):
            key = (row.party, row.as_of, row.basis, row.source)
            declarations.setdefault(key, []).append(RecordedHolding(ref, row))
        else:
            movements.append(RecordedMovement(ref, row))
    stated = tuple(
        Declaration(
            party=items[0].row.party,
            as_of=items[0].row.as_of,
            basis=items[0].row.basis,
            source=items[0].row.source,
            order=number,
            rows=tuple(items),
        )
        for number, items in enumerate(declarations.values(), start=1)
    )
    return Evidence(stated, tuple(movements), Background(stated, tuple(movements)))


def run(case: Case, law: Agreement, lookup: TypeLookup) -> list[Problem]:
    """Return where a case comes out otherwise than it says; nothing where it holds."""
    request = Request(
        as_of=case.as_of,
        readings=Readings.from_options(law, case.readings),
        parties=tuple(dict.fromkeys(e.party for e in case.expected)),
        basis=case.basis,
        accept_stale=case.accept_stale,
    )
    result = audit(law, lookup, evidence_of(case.rows, name="case"), request)
    problems: list[Problem] = []
    for expected in case.expected:
        row = next(
            (
                r
                for r in result.rows
                if r.party == expected.party and r.category == expected.category
            ),
            None,
        )
        wrong = (
            ["no such row in the audit"]
            if row is None
            else list(_differences(expected, row, result))
        )
        problems += [
            Problem(
                case.file,
                f"{case.where} ({case.name})",
                f"{expected.party}, {expected.category}: {text}",
            )
            for text in wrong
        ]
    return problems


def _differences(expected: Expectation, row: AuditRow, result: Audit) -> Iterable[str]:
    spans: list[tuple[str, Span | None, Span | None]] = [
        ("counted", expected.counted, row.counted),
        ("ceiling", expected.ceiling, row.ceiling),
        ("headroom", expected.headroom, row.headroom),
    ]
    for name, wanted, found in spans:
        if name in expected.unknown:
            if found is not None:
                yield f"{name} is {found}, the case says unknown"
        elif wanted is not None and found != wanted:
            yield f"{name} is {found}, the case says {wanted}"
    if row.verdict is not expected.verdict:
        yield f"the verdict is {row.verdict.value}, the case says {expected.verdict.value}"
    if expected.conditional is not None and row.conditional is not expected.conditional:
        yield f"conditional is {row.conditional}, the case says {expected.conditional}"
    kinds = {
        finding.kind.value
        for finding in result.findings
        if finding.party == row.party and finding.category in (row.category, "none")
    }
    for kind in expected.findings:
        if kind not in kinds:
            yield f"there is no finding '{kind}', only {', '.join(sorted(kinds)) or 'none'}"
    for kind in expected.no_findings:
        if kind in kinds:
            yield f"there is a finding '{kind}', the case says there is none"
    said = (row.summary, *row.reasons, *row.tipping)
    for phrase in expected.reason_contains:
        if not any(phrase in text for text in said):
            yield f"no reason contains '{phrase}'"
