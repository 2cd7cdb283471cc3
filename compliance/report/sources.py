"""Every figure side by side: for people, as CSV, and as JSON ``compliance.sources/1``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from compliance.assess.figures import Figure, MovedSince, Outlook, Section, Sources
from compliance.assess.result import EvidenceRow
from compliance.report import cells
from compliance.report.json_head import head
from compliance.report.style import Style
from compliance.values.dates import in_words
from compliance.values.span import Span

SCHEMA = "compliance.sources/1"

_COLUMNS = (
    "No.",
    "Basis",
    "Valid on",
    "Stated",
    "Grade",
    "Moved\nsince",
    "Would\ncount",
    "Headroom",
    "Verdict",
)
_ALIGN = ("left", "left", "left", "right", "left", "right", "right", "right", "left")
_PARTS = (
    "The figures are of different holders, a whole and its parts; count, headroom and verdict are "
    "of the whole, with the other parts' figures as they are."
)
_NO_FIGURE = "No figure is on record up to that day."


def render(found: Sources, format_: str) -> str:
    """Return the figures as ``table``, ``markdown``, ``csv`` or ``json``."""
    if format_ == "json":
        return _json(found)
    return _csv(found) if format_ == "csv" else _text(found, Style(markdown=format_ == "markdown"))


def _text(found: Sources, style: Style) -> str:
    what = f", {found.type}" if found.type else ""
    title = f"{found.party_name}{what}: every figure on record up to {in_words(found.as_of)}"
    parts = [style.title(title, level=1)]
    if found.known_at:
        parts.append(style.wrap(f"As known at {found.known_at}."))
    if found.wording:
        parts.append(style.wrap(found.wording))
    filled = [section for section in found.sections if not section.empty]
    parts += [_section(section, style, of_type=bool(found.type)) for section in filled]
    empty = [s.category_name.lower() for s in found.sections if s.empty and s.outlook]
    if empty:
        parts.append(style.wrap(f"Nothing is on record up to that day of: {', '.join(empty)}."))
    elif not filled:
        parts.append(style.wrap("Nothing is on record up to that day."))
        parts += [style.wrap(section.note) for section in found.sections if section.note]
    if any(section.figures for section in filled):
        parts.append(
            style.wrap(
                "'*': the audit uses it. 'Would count', headroom and verdict: with this figure in "
                "use, and what moved since its date; '(old)' is too old to speak for the day. "
                "Nothing is averaged. Grade of the source: A primary or official, B a reliable "
                "second source, C weaker or inferred."
            )
        )
    readings = "".join(f" --reading {q}={a}" for q, a in found.readings.items())
    parts.append(
        style.wrap(
            f"Rule pack {found.law.id} {found.law.version}, SHA-256 {found.law.sha256[:12]}"
            + (f"; readings:{readings}" if readings else "")
            + (". Old figures are accepted" if found.accept_stale else "")
            + ". As declared or published, not verified."
        )
    )
    return "\n\n".join(parts)


def _section(section: Section, style: Style, *, of_type: bool) -> str:
    parts = [style.title(section.category_name)]
    if section.note:
        parts.append(style.wrap(section.note))
    if section.outlook is not None:
        parts.append(style.wrap(_standing(section.outlook, of_type=of_type)))
    if section.figures:
        parts.append(style.table(_COLUMNS, [_cells(f) for f in section.figures], _ALIGN))
        if any(figure.holder != section.figures[0].holder for figure in section.figures):
            parts.append(style.wrap(_PARTS))
        parts.append("\n".join(style.item(_in_words(figure)) for figure in section.figures))
    else:
        parts.append(style.wrap(_NO_FIGURE))
    if section.movements:
        heading = "What moved:" if section.outlook is None else "What moved since:"
        parts.append(_listed(heading, map(_moved, section.movements), style))
    if section.ahead:
        heading = "Planned after that day; day by day: compliance project"
        parts.append(_listed(heading, map(_evidenced, section.ahead), style))
    if section.conflicts:
        parts.append(_listed("Figures that cannot both be right:", section.conflicts, style))
    return "\n\n".join(parts)


def _listed(heading: str, items: Iterable[str], style: Style) -> str:
    return "\n".join([style.strong(heading), *(style.item(text) for text in items)])


def _standing(outlook: Outlook, *, of_type: bool) -> str:
    old = ", on a figure that is too old to speak for the day" if outlook.stale else ""
    return (
        f"The audit{', of the whole category' if of_type else ''}: counted "
        f"{cells.span(outlook.counted)}, ceiling "
        f"{cells.span(outlook.ceiling)}, headroom {cells.span(outlook.headroom)}, "
        f"{cells.VERDICTS[outlook.verdict]}{old}."
    )


def _cells(figure: Figure) -> list[str]:
    outlook = figure.outlook
    verdict = cells.VERDICTS[outlook.verdict] if outlook else ""
    return [
        f"{figure.number}{' *' if figure.used else ''}",
        figure.basis.value,
        cells.brief(figure.as_of),
        "withheld" if figure.quantity is None else cells.span(figure.quantity),
        ", ".join(figure.grades),
        "" if figure.moved is None else _signed(figure.moved),
        "" if outlook is None else cells.span(outlook.counted),
        "" if outlook is None else cells.span(outlook.headroom),
        f"{verdict} (old)" if outlook and outlook.stale else verdict,
    ]


def _signed(moved: Span) -> str:
    """Return what moved with its sign; a span goes from what left to what came."""
    if moved.exact and moved.low:
        return f"{moved.low:+,}"
    return cells.span(moved)


def _in_words(figure: Figure) -> str:
    use = "Used" if figure.used else "Not used"
    said = f" Stated by {figure.stated_by}." if figure.stated_by else ""
    texts = "; ".join(row.text for row in figure.rows)
    named = "; ".join(dict.fromkeys(row.source for row in figure.rows))
    refs = ", ".join(row.ref for row in figure.rows)
    return (
        f"[{figure.number}] {use}: {figure.why}. {figure.holder_name}: {texts}.{said} "
        f"Source: {named} [{refs}]"
    )


def _moved(item: MovedSince) -> str:
    return _evidenced(item.row, f": {item.how}" if item.how else "")


def _evidenced(row: EvidenceRow, how: str = "") -> str:
    return f"{row.text}{how}. Source: {row.source} [{row.ref}]"


def _csv(found: Sources) -> str:
    header = ["as_of", "category", "no", "party", "basis", "valid_on", "stated_low", "stated_high"]
    header += ["withheld", "stated_by", "grade", "used", "why"]
    header += [
        f"{name}_{side}"
        for name in ("moved", "counted", "ceiling", "headroom")
        for side in ("low", "high")
    ]
    header += ["verdict", "stale", "source", "rows"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for section in found.sections:
        for figure in section.figures:
            outlook = figure.outlook
            spans = (
                (figure.moved, outlook.counted, outlook.ceiling, outlook.headroom)
                if outlook
                else (figure.moved, None, None, None)
            )
            writer.writerow(
                [
                    found.as_of.isoformat(),
                    section.category,
                    figure.number,
                    figure.holder,
                    figure.basis.value,
                    str(figure.as_of),
                    *cells.bounds(figure.quantity),
                    str(figure.quantity is None).lower(),
                    cells.guarded(figure.stated_by),
                    " ".join(figure.grades),
                    str(figure.used).lower(),
                    cells.guarded(figure.why),
                    *(bound for span in spans for bound in cells.bounds(span)),
                    outlook.verdict.value if outlook else "",
                    str(bool(outlook and outlook.stale)).lower(),
                    cells.guarded("; ".join(dict.fromkeys(row.source for row in figure.rows))),
                    " ".join(row.ref for row in figure.rows),
                ]
            )
    return text.getvalue().rstrip("\n")


def _json(found: Sources) -> str:
    document = {
        **head(SCHEMA, found.law),
        "party": found.party,
        "party_name": found.party_name,
        "type": found.type or None,
        "wording": found.wording or None,
        "as_of": found.as_of.isoformat(),
        "known_at": found.known_at,
        "readings": dict(found.readings),
        "accept_stale": found.accept_stale,
        "sections": [
            {
                "category": section.category,
                "category_name": section.category_name,
                "note": section.note or None,
                "audit": _outlook(section.outlook),
                "figures": [_figure(figure) for figure in section.figures],
                "movements": [
                    {**_evidence(item.row), "how": item.how} for item in section.movements
                ],
                "ahead": [_evidence(row) for row in section.ahead],
                "conflicts": list(section.conflicts),
            }
            for section in found.sections
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "no": figure.number,
        "party": figure.holder,
        "basis": figure.basis.value,
        "as_of": str(figure.as_of),
        "stated": figure.quantity.as_json() if figure.quantity else None,
        "withheld": figure.quantity is None,
        "stated_by": figure.stated_by or None,
        "grades": [grade.value for grade in figure.grades],
        "used": figure.used,
        "why": figure.why,
        "moved": figure.moved.as_json() if figure.moved else None,
        "if_used": _outlook(figure.outlook),
        "rows": [_evidence(row) for row in figure.rows],
    }


def _outlook(outlook: Outlook | None) -> dict[str, Any] | None:
    if outlook is None:
        return None
    return {
        "counted": outlook.counted.as_json() if outlook.counted else None,
        "ceiling": outlook.ceiling.as_json() if outlook.ceiling else None,
        "headroom": outlook.headroom.as_json() if outlook.headroom else None,
        "verdict": outlook.verdict.value,
        "stale": outlook.stale,
    }


def _evidence(row: EvidenceRow) -> dict[str, str]:
    return {"ref": row.ref, "text": row.text, "source": row.source, "marking": row.marking}
