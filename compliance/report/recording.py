"""What recording a movement changes, for people and as JSON ``compliance.effect/1``."""

from __future__ import annotations

import json
from typing import Any

from compliance.assess.effect import Course, Effect, Point
from compliance.report import cells
from compliance.report.audit_json import row_of
from compliance.report.json_head import head
from compliance.report.style import Style
from compliance.values.dates import in_words
from compliance.values.vocabulary import Verdict

SCHEMA = "compliance.effect/1"

_COLUMNS = (
    "From",
    "Ceiling",
    "Counted\nbefore",
    "\nafter",
    "Headroom\nbefore",
    "\nafter",
    "Verdict\nbefore",
    "\nafter",
)
_IN_ONE_LINE = (
    "From",
    "Ceiling",
    "Counted before",
    "Counted after",
    "Headroom before",
    "Headroom after",
    "Verdict before",
    "Verdict after",
)
_ALIGN = ("left", *("right",) * 5, "left", "left")
_WIDTHS = (None,) * 6 + (12, 12)


def render(effect: Effect, *, title: str, style: Style) -> str:
    """Return the effect as text.

    Args:
        effect: the effect.
        title: what is recorded: an acquisition, a reduction, ...
        style: plain text or Markdown.
    """
    parts = [
        style.title(title, level=1),
        "\n".join(_moved(effect, style)),
        *(_course(course, style) for course in effect.courses),
        _outside(effect, style),
        _remarks(effect, style),
    ]
    return "\n\n".join(part for part in parts if part)


def _moved(effect: Effect, style: Style) -> list[str]:
    return [
        style.item(
            f"{row.text}. Source: {row.source}."
            + (f" Marking: {row.marking}." if row.marking else "")
        )
        for row in effect.rows
    ]


def _course(course: Course, style: Style) -> str:
    title = style.title(f"{course.party_name}, {course.category_name.lower()}: before and after")
    columns = _IN_ONE_LINE if style.markdown else _COLUMNS
    lines = [_line(point, style) for point in course.points]
    table = style.table(columns, lines, _ALIGN, _WIDTHS)
    return "\n\n".join([title, table, "\n".join(_in_words(course, style))])


def _line(point: Point, style: Style) -> list[str]:
    before, after = point.before, point.after
    ceilings = list(dict.fromkeys([cells.ceiling(before), cells.ceiling(after)]))
    return [
        point.day.isoformat(),
        " -> ".join(ceilings),
        cells.span(before.counted),
        cells.span(after.counted),
        cells.span(before.headroom),
        cells.span(after.headroom),
        style.paint(cells.verdict(before), before.verdict),
        style.paint(cells.verdict(after), after.verdict),
    ]


def _in_words(course: Course, style: Style) -> list[str]:
    lines = [] if course.changed else [style.item("No count changes on any day.")]
    lines += [
        style.item(f"From {in_words(weight.since)}: {weight.text}.") for weight in course.weights
    ]
    lines += [style.item(f"{text[:1].upper()}{text[1:]}.") for text in course.remedies]
    for point in course.telling:
        row = point.after
        law = f" Law: {row.citation.short()}." if row.citation else ""
        lines.append(style.item(f"After, from {in_words(point.day)}: {row.summary}{law}"))
    return lines


def _outside(effect: Effect, style: Style) -> str:
    if not effect.outside:
        return ""
    lines = [style.item(text) for text in effect.outside]
    if not effect.courses:
        lines.append(style.item("It is kept on record, and no count changes by it."))
    return f"{style.title('Outside the limits')}\n\n" + "\n".join(lines)


def _remarks(effect: Effect, style: Style) -> str:
    remarks: list[str] = []
    if effect.courses:
        remarks.append(
            "Each line holds until the next; a day means its end. After the last, nothing on "
            "record changes any more."
        )
    if effect.ahead:
        remarks.append(
            f"For later days the age of declarations is judged on {in_words(effect.judged_on)}: "
            "nobody can have declared the future."
        )
    if Verdict.EXCEEDS in effect.verdicts:
        remarks.append(
            "An excess is computed; whether an obligation was breached only the Parties determine."
        )
    readings = "".join(f" --reading {q}={a}" for q, a in effect.readings.items())
    remarks.append(
        f"Rule pack {effect.law.id} {effect.law.version}, SHA-256 {effect.law.sha256[:12]}"
        + (f"; readings:{readings}" if readings else "")
        + ("; old figures accepted" if effect.accept_stale else "")
        + "."
    )
    return style.wrap(" ".join(remarks))


def as_json(effect: Effect, recorded: tuple[int, str] | None) -> str:
    """Return the effect as JSON.

    Args:
        effect: the effect.
        recorded: the number and the hash of the submission; ``None`` where nothing was recorded.
    """
    document = {
        **head(SCHEMA, effect.law),
        "recorded": (
            None if recorded is None else {"submission": recorded[0], "sha256": recorded[1]}
        ),
        "age_judged_on": effect.judged_on.isoformat(),
        "accept_stale": effect.accept_stale,
        "readings": effect.readings,
        "rows": [{"ref": row.ref, "text": row.text, "source": row.source} for row in effect.rows],
        "courses": [_course_json(course) for course in effect.courses],
        "outside": list(effect.outside),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _course_json(course: Course) -> dict[str, Any]:
    return {
        "party": course.party,
        "category": course.category,
        "changed": course.changed,
        "days": [
            {
                "from": point.day.isoformat(),
                "before": row_of(point.before),
                "after": row_of(point.after),
            }
            for point in course.points
        ],
        "certainty": [
            {"from": weight.since.isoformat(), "text": weight.text} for weight in course.weights
        ],
        "would_make_certain": list(course.remedies),
    }
