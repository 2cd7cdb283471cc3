"""Two days compared, for people: each limit before and after, and why. Plain text or Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from compliance.assess.compared import Comparison, DiffRow
from compliance.assess.words import small
from compliance.report import cells, diff_words, phrases
from compliance.report.style import Style
from compliance.values.said import Said, joined, said
from compliance.values.said import name as named


def render(found: Comparison, style: Style, *, everything: bool) -> str:
    """Return the comparison as text.

    Args:
        found: a comparison of one period.
        style: plain text or Markdown.
        everything: show what did not change as well.
    """
    rows = list(found.periods[0].rows)
    shown = [row for row in rows if everything or not row.same]
    parts = [
        _heading(found, rows, style),
        *(_row(found, row, style) for row in shown),
        same([row for row in rows if row not in shown], style),
        legend(shown, style),
        style.wrap(diff_words.reproduce(found)),
    ]
    return "\n\n".join(part for part in parts if part)


def _heading(found: Comparison, rows: list[DiffRow], style: Style) -> str:
    title = style.title(
        said(
            "{agreement}: headroom from {start} to {end}",
            agreement=named(found.law.short_title),
            start=found.start,
            end=found.end,
        ),
        level=1,
    )
    changed = sum(not row.same for row in rows)
    text = said(
        "{limits} compared, {changed} changed.", limits=phrases.limits(len(rows)), changed=changed
    )
    notes = phrases.sentences([text, *diff_words.heading_notes(found)])
    return f"{title}\n\n{style.wrap(notes)}"


def name(row: DiffRow) -> Said:
    """Return whose limit a row is about, with the predecessor it is compared with."""
    whose = phrases.limit(row.after.party_name, row.after.category_name)
    if not row.predecessor:
        return whose
    return said(
        "{limit} (before: {predecessor})", limit=whose, predecessor=named(row.before.party_name)
    )


def _row(found: Comparison, row: DiffRow, style: Style) -> str:
    before, after = row.before, row.after
    lines: list[list[str]] = [
        [said("counted"), cells.span(before.counted), cells.span(after.counted), ""],
        [said("ceiling"), cells.ceiling(before), cells.ceiling(after), ""],
        [
            said("headroom"),
            cells.span(before.headroom),
            cells.span(after.headroom),
            diff_words.change_of(row),
        ],
        ["%", cells.percent(before), cells.percent(after), ""],
        [
            said("verdict"),
            style.paint(cells.verdict(before), before.verdict),
            style.paint(cells.verdict(after), after.verdict),
            "" if cells.verdict(before) == cells.verdict(after) else said("changes"),
        ],
        [said("figure of"), cells.valid_on(before), cells.valid_on(after), ""],
        [said("basis"), cells.basis(before), cells.basis(after), ""],
    ]
    headers = ("", phrases.day(found.start), phrases.day(found.end), said("Change"))
    kept = [line for line in lines if line[1] or line[2]]
    table = style.table(headers, kept, ("left", "right", "right", "right"))
    on = said("On {day}: {summary}", day=found.end, summary=after.summary)
    parts = [
        style.title(name(row)),
        table,
        style.wrap(phrases.sentences([diff_words.room(row), on])),
    ]
    if row.causes:
        lines_ = [*diff_words.cause_lines(row.causes, style)]
        lines_.append(style.item(diff_words.sums(row)))
        parts.append("\n".join([style.strong(said("Because of:")), *lines_]))
    parts.append(left_open(row, style))
    return "\n\n".join(part for part in parts if part)


def left_open(row: DiffRow, style: Style) -> str:
    """Return what nobody may take for settled on the last day."""
    if not row.left_open:
        return ""
    return "\n".join([style.strong(said("Left open:")), *map(style.item, row.left_open)])


def same(rows: list[DiffRow], style: Style) -> str:
    """Return what did not change, by name."""
    if not rows:
        return ""
    lines = [
        style.item(
            said(
                "{party}: {categories}",
                party=named(party),
                categories=joined(", ", [small(row.after.category_name) for row in group]),
            )
        )
        for party, group in groupby(rows, key=lambda row: row.after.party_name)
    ]
    lines.append(style.item(said("With their numbers: --all.")))
    return f"{style.title(said('Nothing changed'))}\n\n" + "\n".join(lines)


def legend(rows: list[DiffRow], style: Style, drawn: Sequence[tuple[str, str]] = ()) -> str:
    """Return what the marks and words mean, and the drawings where there are any."""
    if not rows:
        return ""
    entries = [*diff_words.legend(rows), *drawn]
    return f"{style.title(said('How to read it'))}\n\n{style.terms(entries)}"
