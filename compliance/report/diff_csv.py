"""A comparison as CSV in long form: one line for each period, Party and category."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from compliance.assess.compared import Comparison, DiffRow
from compliance.assess.result import AuditRow
from compliance.report import diff_words
from compliance.report.cells import guarded
from compliance.values.span import Span

_FIGURES = ("counted", "ceiling", "headroom", "utilisation")


def render(found: Comparison) -> str:
    """Return every row, changed or not; bounds are empty where open or unknown."""
    header = ["from", "to", "party", "category", "predecessor", "changed"]
    for side in ("before", "after"):
        header += [f"{name}_{side}_{bound}" for name in _FIGURES for bound in ("low", "high")]
        header += [f"{name}_{side}" for name in ("verdict", "conditional", "stale", "basis")]
        header.append(f"declared_as_of_{side}")
    header += ["change_low", "change_high", "causes", "refs", "agreement"]
    law = f"{found.law.id} {found.law.version}"
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for period in found.periods:
        for row in period.rows:
            days = [period.start.isoformat(), period.end.isoformat()]
            writer.writerow([*days, *_cells(row), law])
    return text.getvalue().rstrip("\n")


def _cells(row: DiffRow) -> Iterator[str]:
    yield from (row.after.party, row.after.category, row.predecessor, str(not row.same).lower())
    yield from _side(row.before)
    yield from _side(row.after)
    yield from _numbers((row.change.low, row.change.high))
    yield guarded(
        "; ".join(
            f"{cause.day.isoformat()} {cause.kind.value} "
            f"{diff_words.change(cause.change)}: {cause.detail}"
            for cause in row.causes
        )
    )
    yield " ".join(ref for cause in row.causes for ref in cause.refs)


def _side(row: AuditRow) -> Iterator[str]:
    for span in (row.counted, row.ceiling, row.headroom):
        yield from _numbers(_bounds(span))
    yield from _numbers(row.utilisation or (None, None))
    yield from (row.verdict.value, str(row.conditional).lower(), str(row.stale).lower())
    yield row.basis or ""
    yield "" if row.declared_as_of is None else str(row.declared_as_of)


def _bounds(span: Span | None) -> tuple[int | None, int | None]:
    return (None, None) if span is None else (span.low, span.high)


def _numbers(pair: tuple[float | None, float | None]) -> Iterator[str]:
    yield from ("" if bound is None else str(bound) for bound in pair)
