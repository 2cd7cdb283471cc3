"""Runs the worked cases that stand beside the law: the rows of a case, audited, and compared."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.agreement.cases import Case, Expectation
from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.assess.audit import Request, audit
from compliance.assess.overlay import evidence_of
from compliance.assess.result import Audit, AuditRow
from compliance.assess.types import TypeLookup
from compliance.values.errors import Problem
from compliance.values.span import Span


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
    said = (row.summary, *row.reasons, *row.tipping)
    for phrase in expected.reason_contains:
        if not any(phrase in text for text in said):
            yield f"no reason contains '{phrase}'"
