"""Every figure side by side: for people, as CSV, and as JSON ``compliance.sources/1``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from compliance.assess.figures import Figure, MovedSince, Outlook, Section, Sources
from compliance.assess.result import EvidenceRow
from compliance.assess.words import small
from compliance.report import cells, phrases
from compliance.report.json_head import head
from compliance.report.style import Style
from compliance.values.json_text import indented
from compliance.values.said import Said, english, joined, name, said
from compliance.values.span import Span

SCHEMA = "compliance.sources/1"

_COLUMNS = (
    said("No."),
    said("Basis"),
    said("Valid on"),
    said("Stated"),
    said("Grade"),
    said("Moved\nsince"),
    said("Would\ncount"),
    said("Headroom"),
    said("Verdict"),
)
_ALIGN = ("left", "left", "left", "right", "left", "right", "right", "right", "left")
_PARTS = said(
    "The figures are of different holders, a whole and its parts; count, headroom and verdict are "
    "of the whole, with the other parts' figures as they are."
)
_NO_FIGURE = said("No figure is on record up to that day.")


def render(found: Sources, format_: str) -> str:
    """Return the figures as ``table``, ``markdown``, ``csv`` or ``json``."""
    if format_ == "json":
        return _json(found)
    return _csv(found) if format_ == "csv" else _text(found, Style(markdown=format_ == "markdown"))


def _text(found: Sources, style: Style) -> str:
    whose = joined(", ", [name(found.party_name), *([found.type] if found.type else [])])
    title = said("{holder}: every figure on record up to {day}", holder=whose, day=found.as_of)
    parts = [style.title(title, level=1)]
    if found.known_at:
        parts.append(style.wrap(said("As known at {moment}.", moment=found.known_at)))
    if found.wording:
        parts.append(style.wrap(english(found.wording)))
    filled = [section for section in found.sections if not section.empty]
    parts += [_section(section, style, of_type=bool(found.type)) for section in filled]
    empty = [small(s.category_name) for s in found.sections if s.empty and s.outlook]
    if empty:
        nothing = said(
            "Nothing is on record up to that day of: {categories}.", categories=joined(", ", empty)
        )
        parts.append(style.wrap(nothing))
    elif not filled:
        parts.append(style.wrap(said("Nothing is on record up to that day.")))
        parts += [style.wrap(section.note) for section in found.sections if section.note]
    if any(section.figures for section in filled):
        parts.append(
            style.wrap(
                said(
                    "'*': the audit uses it. 'Would count', headroom and verdict: with this figure "
                    "in use, and what moved since its date; '(old)' is too old to speak for the "
                    "day. Nothing is averaged. Grade of the source: A primary or official, B a "
                    "reliable second source, C weaker or inferred."
                )
            )
        )
    conditions = [phrases.rule_pack(found.law), *phrases.readings(found.readings)]
    parts.append(
        style.wrap(
            phrases.sentences(
                [
                    said("{conditions}.", conditions=phrases.clauses(conditions)),
                    said("Old figures are accepted.") if found.accept_stale else "",
                    said("As declared or published, not verified."),
                ]
            )
        )
    )
    return "\n\n".join(parts)


def _section(section: Section, style: Style, *, of_type: bool) -> str:
    parts = [style.title(name(section.category_name))]
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
        since = section.outlook is not None
        heading = said("What moved since:") if since else said("What moved:")
        parts.append(_listed(heading, map(_moved, section.movements), style))
    if section.ahead:
        heading = said("Planned after that day; day by day: compliance project")
        parts.append(_listed(heading, map(_evidenced, section.ahead), style))
    if section.conflicts:
        heading = said("Figures that cannot both be right:")
        parts.append(_listed(heading, section.conflicts, style))
    return "\n\n".join(parts)


def _listed(heading: str, items: Iterable[str], style: Style) -> str:
    return "\n".join([style.strong(heading), *(style.item(text) for text in items)])


def _standing(outlook: Outlook, *, of_type: bool) -> Said:
    figures = said(
        "counted {counted}, ceiling {ceiling}, headroom {headroom}, {verdict}",
        counted=cells.span(outlook.counted),
        ceiling=cells.span(outlook.ceiling),
        headroom=cells.span(outlook.headroom),
        verdict=cells.VERDICTS[outlook.verdict],
    )
    if outlook.stale:
        figures = said(
            "{figures}, on a figure that is too old to speak for the day", figures=figures
        )
    if of_type:
        return said("The audit, of the whole category: {figures}.", figures=figures)
    return said("The audit: {figures}.", figures=figures)


def _cells(figure: Figure) -> list[str]:
    outlook = figure.outlook
    verdict = cells.VERDICTS[outlook.verdict] if outlook else said("")
    return [
        f"{figure.number}{' *' if figure.used else ''}",
        figure.basis.word,
        cells.brief(figure.as_of),
        said("withheld") if figure.quantity is None else cells.span(figure.quantity),
        ", ".join(figure.grades),
        "" if figure.moved is None else _signed(figure.moved),
        "" if outlook is None else cells.span(outlook.counted),
        "" if outlook is None else cells.span(outlook.headroom),
        said("{verdict} (old)", verdict=verdict) if outlook and outlook.stale else verdict,
    ]


def _signed(moved: Span) -> Said:
    """Return what moved with its sign; a span goes from what left to what came."""
    if moved.exact and moved.low:
        return phrases.signed(moved.low)
    return cells.span(moved)


def _in_words(figure: Figure) -> Said:
    number = str(figure.number)
    if figure.used:
        use = said("[{number}] Used: {why}.", number=number, why=figure.why)
    else:
        use = said("[{number}] Not used: {why}.", number=number, why=figure.why)
    named = "; ".join(dict.fromkeys(row.source for row in figure.rows))
    refs = ", ".join(row.ref for row in figure.rows)
    return phrases.sentences(
        [
            use,
            said(
                "{holder}: {rows}.",
                holder=name(figure.holder_name),
                rows=phrases.clauses([row.text for row in figure.rows]),
            ),
            said("Stated by {who}.", who=figure.stated_by) if figure.stated_by else "",
            said("Source: {source} [{refs}]", source=named, refs=refs),
        ]
    )


def _moved(item: MovedSince) -> Said:
    return _evidenced(item.row, item.how)


def _evidenced(row: EvidenceRow, how: str = "") -> Said:
    told = said("{row}: {how}.", row=row.text, how=how) if how else said("{row}.", row=row.text)
    source = said("Source: {source} [{ref}]", source=row.source, ref=row.ref)
    return phrases.sentences([told, source])


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
    return indented(document)


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
