"""The reconciliation for people, as CSV, and as JSON ``compliance.reconcile/1``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from compliance.assess.book import Moved, Outcome
from compliance.assess.book_words import answers_in_words
from compliance.assess.reconcile import Reconciled, Reconciliation, Statement
from compliance.assess.result import EvidenceRow, Finding
from compliance.report import cells
from compliance.report.json_head import head
from compliance.report.style import Style
from compliance.values.dates import in_words
from compliance.values.span import ZERO, Span, total

SCHEMA = "compliance.reconcile/1"

_COLUMNS = (
    "From, to; type",
    "Opening",
    "In",
    "Out",
    "Book",
    "Declared",
    "Unexplained",
    "Result",
)
_ALIGN = ("left", *("right",) * 6, "left")
_RESULTS = {
    Outcome.EXPLAINED: "explained",
    Outcome.UNEXPLAINED: "UNEXPLAINED",
    Outcome.CANNOT_TELL: "cannot tell",
}
_LEGEND = (
    ("Book", "opening + in - out: what the count makes of the earlier figure on the later day"),
    ("Unexplained", "declared - book: above zero, more is declared than the record explains"),
    ("explained", "the difference is zero"),
    ("UNEXPLAINED", "the difference is surely not zero; a finding"),
    ("cannot tell", "it may be zero and may be not: a span, or one open at an end"),
    ("if", "an open question moves the figures; one line for each answer"),
)


def render(found: Reconciliation, format_: str) -> str:
    """Return the reconciliation as ``table``, ``markdown``, ``csv`` or ``json``."""
    if format_ == "json":
        return _json(found)
    return _csv(found) if format_ == "csv" else _text(found, Style(markdown=format_ == "markdown"))


def _text(found: Reconciliation, style: Style) -> str:
    parts = [style.title(f"{found.law.title}: does the record add up?", level=1)]
    parts.append(style.wrap(" ".join(_summary(found))))
    for _, group in groupby(found.rows, key=lambda r: (r.party, r.category, r.closed.basis.rank)):
        parts.append(_group(list(group), style))
    if found.rows:
        parts.append(f"{style.title('How to read it')}\n\n{style.terms(_LEGEND)}")
    if found.findings:
        lines = [_finding_line(item, style) for item in found.findings]
        parts.append("\n".join([style.title("Findings"), "", *lines]))
    if found.notes:
        lines = [style.item(note) for note in found.notes]
        parts.append("\n".join([style.title("Not compared"), "", *lines]))
    readings = "".join(f" --reading {q}={a}" for q, a in found.readings.items())
    parts.append(
        style.wrap(
            f"Rule pack {found.law.id} {found.law.version}, SHA-256 {found.law.sha256[:12]}"
            + (f"; readings:{readings}" if readings else "")
            + ". Every row behind it: --format json."
        )
    )
    return "\n\n".join(parts)


def _summary(found: Reconciliation) -> Iterable[str]:
    pairs = [list(group) for _, group in groupby(found.rows, key=_pair)]
    if pairs:
        outcomes = [{row.balance.outcome for row in pair} for pair in pairs]
        explained = sum(o == {Outcome.EXPLAINED} for o in outcomes)
        unexplained = sum(o == {Outcome.UNEXPLAINED} for o in outcomes)
        yield (
            f"{len(pairs)} comparison{'' if len(pairs) == 1 else 's'} of successive declarations: "
            f"{explained} explained, {unexplained} unexplained, "
            f"{len(pairs) - explained - unexplained} cannot be told."
        )
    else:
        yield (
            "No two declarations of one rank of basis, of one holder in one category, are there "
            "to compare."
        )
    missing = sum(finding.kind.value == "mirror_missing" for finding in found.findings)
    if found.mirrored or missing:
        yield (
            f"Mirror check: {found.mirrored} movement{'' if found.mirrored == 1 else 's'} told "
            f"alike by both sides, {missing} not."
        )
    else:
        yield "Mirror check: no export or import between holders of the agreement is on record."
    if found.basis:
        yield f"Only declarations on the basis '{found.basis}'."
    if found.start:
        yield f"Nothing that ended before {in_words(found.start)}."
    if found.until:
        yield f"Nothing dated after {in_words(found.until)}."
    if found.known_at:
        yield f"As known at {found.known_at}."


def _pair(row: Reconciled) -> tuple[object, ...]:
    return (row.party, row.category, row.type, row.opened, row.closed)


def _group(rows: list[Reconciled], style: Style) -> str:
    """Return a party's chain of declarations in a category: a table, and what moved."""
    first = rows[0]
    bases = sorted({s.basis for row in rows for s in (row.opened, row.closed)})
    title = style.title(
        f"{first.party_name}, {first.category_name.lower()} "
        f"({', '.join(basis.value for basis in bases)})",
        level=3,
    )
    lines: list[list[str]] = []
    moved: dict[str, Moved] = {}
    for row in rows:
        balance = row.balance
        for item in balance.moved:
            moved.setdefault(item.row.ref, item)
        line = [
            _label(row),
            cells.span(balance.opening),
            cells.span(total(balance.increases.values())),
            cells.span(total(balance.decreases.values())),
            cells.span(balance.book),
            cells.span(balance.declared),
            cells.span(balance.unexplained),
            _RESULTS[balance.outcome],
        ]
        lines.append(line)
    table = style.table(_COLUMNS, lines, _ALIGN, (30, *[None] * 7))
    listed = [style.item(_movement(item)) for item in moved.values()]
    if not listed:
        return f"{title}\n\n{table}"
    heading = style.strong("What moved:")
    return "\n".join([title, "", table, "", heading, *listed])


def _label(row: Reconciled) -> str:
    dates = f"{cells.brief(row.opened.as_of)} to {cells.brief(row.closed.as_of)}"
    label = f"{dates}; {row.type}" if row.type else dates
    return f"{label}; if {answers_in_words(row.balance)}" if row.balance.answers else label


def _movement(item: Moved) -> str:
    sides = [("+", item.increase), ("-", item.decrease)]
    effect = ", ".join(f"{sign}{cells.span(span)}" for sign, span in sides if span != ZERO)
    why = f" Not certain: {item.why}." if item.why else ""
    return f"{effect} {item.kind}: {item.row.text}.{why} Source: {item.row.source} [{item.row.ref}]"


def _finding_line(finding: Finding, style: Style) -> str:
    rows = [row.ref for row in finding.rows]
    named = ", ".join(rows) if len(rows) <= 4 else f"{', '.join(rows[:3])} and others"
    return style.item(
        f"[{finding.kind.value}] {finding.message} Rows: {named}. What would help: {finding.todo}."
    )


def _csv(found: Reconciliation) -> str:
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


def _json(found: Reconciliation) -> str:
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
    return json.dumps(document, indent=2, ensure_ascii=False)


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
