"""What recording a movement changes, for people and as JSON ``compliance.effect/1``."""

from __future__ import annotations

from typing import Any

from compliance.assess.effect import Course, Effect, Point
from compliance.report import cells, phrases
from compliance.report.audit_json import row_of
from compliance.report.json_head import head
from compliance.report.style import Style
from compliance.values.json_text import indented
from compliance.values.said import Said, joined, said
from compliance.values.vocabulary import Verdict

SCHEMA = "compliance.effect/1"

_COLUMNS = (
    said("From"),
    said("Ceiling"),
    said("Counted\nbefore"),
    said("\nafter"),
    said("Headroom\nbefore"),
    said("\nafter"),
    said("Verdict\nbefore"),
    said("\nafter"),
)
_IN_ONE_LINE = (
    said("From"),
    said("Ceiling"),
    said("Counted before"),
    said("Counted after"),
    said("Headroom before"),
    said("Headroom after"),
    said("Verdict before"),
    said("Verdict after"),
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
            phrases.sentences(
                [
                    said("{row}. Source: {source}.", row=row.text, source=row.source),
                    said("Marking: {marking}.", marking=row.marking) if row.marking else "",
                ]
            )
        )
        for row in effect.rows
    ]


def _course(course: Course, style: Style) -> str:
    title = style.title(
        said(
            "{limit}: before and after",
            limit=phrases.limit(course.party_name, course.category_name),
        )
    )
    columns = _IN_ONE_LINE if style.markdown else _COLUMNS
    lines = [_line(point, style) for point in course.points]
    table = style.table(columns, lines, _ALIGN, _WIDTHS)
    return "\n\n".join([title, table, "\n".join(_in_words(course, style))])


def _line(point: Point, style: Style) -> list[str]:
    before, after = point.before, point.after
    ceilings = list(dict.fromkeys([cells.ceiling(before), cells.ceiling(after)]))
    return [
        phrases.day(point.day),
        joined(" -> ", ceilings),
        cells.span(before.counted),
        cells.span(after.counted),
        cells.span(before.headroom),
        cells.span(after.headroom),
        style.paint(cells.verdict(before), before.verdict),
        style.paint(cells.verdict(after), after.verdict),
    ]


def _in_words(course: Course, style: Style) -> list[str]:
    lines = [] if course.changed else [style.item(said("No count changes on any day."))]
    lines += [
        style.item(said("From {day}: {text}.", day=weight.since, text=weight.text))
        for weight in course.weights
    ]
    lines += [
        style.item(said("{remedy}.", remedy=phrases.capital(text))) for text in course.remedies
    ]
    for point in course.telling:
        row = point.after
        told = [said("After, from {day}: {summary}", day=point.day, summary=row.summary)]
        if row.citation:
            told.append(said("Law: {law}.", law=row.citation.short()))
        lines.append(style.item(phrases.sentences(told)))
    return lines


def _outside(effect: Effect, style: Style) -> str:
    if not effect.outside:
        return ""
    lines = [style.item(text) for text in effect.outside]
    if not effect.courses:
        lines.append(style.item(said("It is kept on record, and no count changes by it.")))
    return f"{style.title(said('Outside the limits'))}\n\n" + "\n".join(lines)


def _remarks(effect: Effect, style: Style) -> str:
    remarks: list[Said] = []
    if effect.courses:
        remarks.append(
            said(
                "Each line holds until the next; a day means its end. After the last, nothing on "
                "record changes any more."
            )
        )
    if effect.ahead:
        remarks.append(
            said(
                "For later days the age of declarations is judged on {day}: nobody can have "
                "declared the future.",
                day=effect.judged_on,
            )
        )
    if Verdict.EXCEEDS in effect.verdicts:
        remarks.append(
            said(
                "An excess is computed; whether an obligation was breached only the Parties "
                "determine."
            )
        )
    conditions = [phrases.rule_pack(effect.law), *phrases.readings(effect.readings)]
    if effect.accept_stale:
        conditions.append(said("old figures accepted"))
    remarks.append(said("{conditions}.", conditions=phrases.clauses(conditions)))
    return style.wrap(phrases.sentences(remarks))


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
    return indented(document)


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
