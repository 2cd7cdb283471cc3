"""The audit as CSV: headroom rows, or findings. Plain numbers, ISO dates, one header line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from compliance.assess.result import Audit
from compliance.report.cells import bounds, guarded


def headroom(audit: Audit) -> str:
    """Return the rows; bounds in columns of their own, empty where open or unknown."""
    header = ["as_of", "party", "category"]
    header += [
        f"{name}_{side}"
        for name in ("held", "not_counted", "counted", "ceiling", "headroom", "utilisation")
        for side in ("low", "high")
    ]
    header += ["verdict", "conditional", "stale", "basis", "stated_by", "declared_as_of"]
    header += ["agreement", "law_status", "law_source", "summary"]
    lines = []
    for row in audit.rows:
        used = row.utilisation or (None, None)
        citation = row.citation
        lines.append(
            [
                audit.as_of.isoformat(),
                row.party,
                row.category,
                *bounds(row.held),
                *bounds(row.not_counted),
                *bounds(row.counted),
                *bounds(row.ceiling),
                *bounds(row.headroom),
                *("" if part is None else str(part) for part in used),
                row.verdict.value,
                str(row.conditional).lower(),
                str(row.stale).lower(),
                row.basis or "",
                guarded(row.stated_by),
                "" if row.declared_as_of is None else str(row.declared_as_of),
                f"{audit.law.id} {audit.law.version}",
                citation.status.value if citation else "",
                guarded(citation.sources[0].title) if citation and citation.sources else "",
                guarded(row.summary),
            ]
        )
    return _write(header, lines)


def findings(audit: Audit) -> str:
    """Return the findings, with their law and the rows behind them."""
    header = ["as_of", "id", "kind", "severity", "party", "category", "message"]
    header += ["instrument", "provision", "law_status", "rows", "todo"]
    lines = []
    for item in audit.findings:
        citation = item.citation
        lines.append(
            [
                audit.as_of.isoformat(),
                item.id,
                item.kind.value,
                item.kind.severity.value,
                item.party,
                item.category,
                guarded(item.message),
                guarded(citation.instrument) if citation else "",
                guarded(citation.provision) if citation else "",
                citation.status.value if citation else "",
                " ".join(row.ref for row in item.rows),
                guarded(item.todo),
            ]
        )
    return _write(header, lines)


def _write(header: list[str], lines: Iterable[list[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return text.getvalue().rstrip("\n")
