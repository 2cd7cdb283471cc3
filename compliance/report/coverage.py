"""What inspectors saw of what was declared: for people, as CSV, JSON ``compliance.coverage/1``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from compliance.assess.coverage import Coverage, CoverageRow
from compliance.report import cells, phrases
from compliance.report.json_head import head
from compliance.report.style import Style
from compliance.values.json_text import indented
from compliance.values.said import Said, name, said, said_many

SCHEMA = "compliance.coverage/1"

_COLUMNS = (
    said("Party"),
    said("Category"),
    said("Year"),
    said("Declared"),
    said("Valid on"),
    said("Basis"),
    said("Inspections"),
    said("Places"),
    said("Seen"),
    said("Seen %"),
)
_RIGHT = ("left", "left", "right", "right", "left", "left", *("right",) * 4)
_NOT_DECLARED = said("not declared")
_NONE_SEEN = said("none seen")


def render(found: Coverage, format_: str) -> str:
    """Return the coverage as ``table``, ``markdown``, ``csv`` or ``json``."""
    if format_ == "json":
        return _json(found)
    return _csv(found) if format_ == "csv" else _text(found, Style(markdown=format_ == "markdown"))


def _text(found: Coverage, style: Style) -> str:
    title = said(
        "{agreement}: what inspections have seen of what was declared",
        agreement=name(found.law.title),
    )
    parts = [style.title(title, level=1)]
    if found.known_at:
        parts.append(style.wrap(said("As known at {moment}.", moment=found.known_at)))
    if not found.rows:
        parts.append(style.wrap(said("Neither a declaration nor an inspection is on record.")))
        return "\n\n".join(parts)
    parts.append(_table(found, style))
    above = [row for row in found.rows if row.discrepancy]
    if above:
        lines = [
            style.item(
                said(
                    "{limit}, {year}: {seen} seen, {declared} declared.",
                    limit=phrases.limit(row.party_name, row.category_name),
                    year=str(row.year),
                    seen=cells.span(row.seen.items if row.seen else None),
                    declared=cells.span(row.declared),
                )
            )
            for row in above
        ]
        title = said("More seen than declared: a discrepancy")
        parts.append("\n".join([style.title(title), "", *lines]))
    parts.append(style.wrap(phrases.sentences(_notes(found))))
    return "\n\n".join(parts)


def _table(found: Coverage, style: Style) -> str:
    lines: list[list[str]] = []
    last: tuple[str, str] = ("", "")
    for row in found.rows:
        place = (row.party, row.category)
        names = [
            name(row.party_name) if style.markdown or row.party != last[0] else "",
            name(row.category_name) if style.markdown or place != last else "",
        ]
        last = place
        seen = row.seen
        line: list[str] = [
            *names,
            str(row.year),
            _NOT_DECLARED if row.declared is None else cells.span(row.declared),
            cells.brief(row.declared_as_of) if row.declared_as_of else "",
            cells.basis_in_words(row.basis) if row.basis else "",
            phrases.number(seen.inspections if seen else 0),
            phrases.number(seen.places) if seen else "",
            cells.span(seen.items) if seen else _NONE_SEEN,
            _percent(row),
        ]
        lines.append(line)
    return style.table(_COLUMNS, lines, _RIGHT, (16, 17, *[None] * 8))


def _notes(found: Coverage) -> Iterable[Said]:
    yield said(
        "Declared: the figure in use on 1 January, or the first dated in the year; 'not declared' "
        "is not zero. Seen: what inspections of the year saw, at each place the most, places added "
        "up; what moved from one place to another may have been seen twice. An inspection that "
        "names no place may have been at any. Shares of different categories are not added."
    )
    if found.left_out:
        yield said_many(
            "Not listed: {count} with neither a declaration nor an inspection on record (--from "
            "and --to list them).",
            "Not listed: {count} with neither a declaration nor an inspection on record (--from "
            "and --to list them).",
            found.left_out,
        )
    yield said("{rule_pack}.", rule_pack=phrases.rule_pack(found.law))


def _percent(row: CoverageRow) -> str:
    """Return the share in percent, to one place; a span where it is one; empty without one."""
    if row.share is None:
        return ""
    low, high = ("" if part is None else _places(part) for part in row.share)
    return said("{share}", share=low) if low == high else said("{low}..{high}", low=low, high=high)


def _places(share: float) -> Decimal:
    return (Decimal(str(share)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _csv(found: Coverage) -> str:
    header = ["party", "category", "year", "declared_low", "declared_high", "declared_as_of"]
    header += ["basis", "inspections", "places", "seen_low", "seen_high", "share_low", "share_high"]
    header += ["discrepancy", "remark"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in found.rows:
        remarks = [_NOT_DECLARED] * (row.declared is None) + [_NONE_SEEN] * (row.seen is None)
        writer.writerow(
            [
                row.party,
                row.category,
                row.year,
                *cells.bounds(row.declared),
                row.declared_as_of or "",
                row.basis or "",
                row.seen.inspections if row.seen else 0,
                row.seen.places if row.seen else 0,
                *cells.bounds(row.seen.items if row.seen else None),
                *("" if part is None else part for part in row.share or (None, None)),
                str(row.discrepancy).lower(),
                "; ".join(remarks),
            ]
        )
    return text.getvalue().rstrip("\n")


def _json(found: Coverage) -> str:
    document = {
        **head(SCHEMA, found.law),
        "known_at": found.known_at,
        "from": found.first,
        "to": found.last,
        "left_out": found.left_out,
        "rows": [_row(row) for row in found.rows],
    }
    return indented(document)


def _row(row: CoverageRow) -> dict[str, Any]:
    share = row.share
    return {
        "party": row.party,
        "category": row.category,
        "year": row.year,
        "declared": row.declared.as_json() if row.declared else None,
        "declared_as_of": str(row.declared_as_of) if row.declared_as_of else None,
        "basis": row.basis,
        "inspections": row.seen.inspections if row.seen else 0,
        "places": row.seen.places if row.seen else 0,
        "seen": row.seen.items.as_json() if row.seen else None,
        "share": None if share is None else {"low": share[0], "high": share[1]},
        "discrepancy": row.discrepancy,
        "party_name": row.party_name,
        "category_name": row.category_name,
        "rows": [{"ref": r.ref, "text": r.text, "source": r.source} for r in row.rows],
    }
