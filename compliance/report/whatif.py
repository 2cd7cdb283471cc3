"""What if, for people: the baseline beside each scenario. Plain text or Markdown."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from compliance.assess.result import AuditRow
from compliance.assess.whatif import Shift, Side, WhatIf
from compliance.assess.words import small
from compliance.report import cells, phrases
from compliance.report.style import Style
from compliance.values.said import Brief, Said, english, name, said, said_many

_WIDEST = 18
"""A scenario's name makes its column no wider than this."""
_SIDES = 2
"""So many scenarios stand beside the baseline in plain text; more stand in further tables."""


def render(result: WhatIf, style: Style) -> str:
    """Return the comparison as text."""
    parts = [
        _heading(result, style),
        *(_assumed(side, style) for side in result.sides),
        f"{style.title(said('Side by side'))}\n\n{_tables(result, style)}",
        _verdicts(result, style),
        _in_words(result, style),
        *(_findings(side, style) for side in result.sides),
        _reproduce(result, style),
    ]
    return "\n\n".join(part for part in parts if part)


def _heading(result: WhatIf, style: Style) -> str:
    law, day = result.baseline.law, result.baseline.as_of
    title = style.title(
        said("{agreement}: what if, on {day}", agreement=name(law.title), day=day), level=1
    )
    text = [
        said_many(
            "{count} scenario laid over what is on record; nothing of it is recorded.",
            "{count} scenarios laid over what is on record; nothing of it is recorded.",
            len(result.sides),
        )
    ]
    limits = phrases.limits(len(result.rows))
    if result.others:
        text.append(said("{limits} shown; {others}.", limits=limits, others=_others(result)))
    else:
        text.append(said("{limits} shown.", limits=limits))
    return f"{title}\n\n{style.wrap(phrases.sentences(text))}"


def _others(result: WhatIf) -> Said:
    shown = {(row.party, row.category) for row in result.rows}
    before = {(row.party, row.category): row for row in result.baseline.rows}
    changed = {
        (row.party, row.category)
        for side in result.sides
        for row in side.audit.rows
        if row != before[row.party, row.category]
    }
    left = len(changed - shown)
    if left:
        return said_many(
            "the {count} other is not shown: {changed} of them change",
            "the {count} others are not shown: {changed} of them change",
            result.others,
            changed=left,
        )
    return said_many(
        "the {count} other is not shown: unchanged",
        "the {count} others are not shown: unchanged",
        result.others,
    )


def _assumed(side: Side, style: Style) -> str:
    lines = [style.item(text) for text in side.assumptions]
    if not lines:
        lines = [style.item(said("nothing: it is the baseline"))]
    if side.scenario.note:
        lines.append(style.item(said("Note: {note}", note=english(side.scenario.note))))
    lines += [style.item(said("Moved since: {text}.", text=text)) for text in side.moved]
    lines += [style.item(said("Warning: {text}", text=text)) for text in side.warnings]
    title = style.title(said("Assumed by {scenario}", scenario=side.scenario.name))
    return f"{title}\n\n" + "\n".join(lines)


def _tables(result: WhatIf, style: Style) -> str:
    """Return one table, or several where a line of plain text would be too long."""
    most = len(result.sides) if style.markdown else _SIDES
    groups = [result.sides[n : n + most] for n in range(0, len(result.sides), most)]
    return "\n\n".join(_table(result, group, style) for group in groups)


def _table(result: WhatIf, sides: tuple[Side, ...], style: Style) -> str:
    one = len(result.sides) == 1
    measures: list[tuple[str, Callable[[AuditRow], str]]] = [
        (said("counted"), lambda row: cells.span(row.counted)),
        (said("ceiling"), cells.ceiling),
        (said("headroom"), lambda row: cells.span(row.headroom)),
        (said("verdict"), lambda row: style.paint(cells.verdict(row), row.verdict)),
        (said("valid on"), cells.valid_on),
    ]
    lines: list[list[str]] = []
    for place, base in enumerate(result.rows):
        rows = [side.rows[place] for side in sides]
        heads = _heads(base, style)
        for measure, write in measures:
            line = [*next(heads), measure, write(base), *(write(row) for row in rows)]
            lines.append([*line, _difference(measure, base, rows[0])] if one else line)
        if not one:
            shifts = [_shift(Shift.between(base.headroom, row.headroom)) for row in rows]
            lines.append([*next(heads), said("difference"), "", *shifts])
        if not style.markdown:
            lines.append([""] * len(lines[-1]))
    scenarios: list[str] = [side.scenario.name for side in sides]
    if one:
        scenarios = [said("Scenario"), said("Difference")]
    limit = [said("Party"), said("Category")] if style.markdown else [said("Limit")]
    headers = [*limit, "", said("Baseline"), *scenarios]
    align = [*["left"] * len(limit), "left", *["right"] * (len(headers) - len(limit) - 1)]
    widths = [*[None] * (len(limit) + 2), *[None if one else _WIDEST] * len(scenarios)]
    return style.table(headers, lines[: None if style.markdown else -1], align, widths)


def _heads(row: AuditRow, style: Style) -> Iterator[list[str]]:
    """Yield what stands at the head of each line: in plain text the category under the Party."""
    if style.markdown:
        yield from itertools.repeat([name(row.party_name), name(row.category_name)])
    yield [name(row.party_name)]
    yield [said("  {category}", category=small(row.category_name))]
    yield from itertools.repeat([""])


def _difference(measure: str, before: AuditRow, after: AuditRow) -> str:
    if measure == "verdict":
        return "" if cells.verdict(before) == cells.verdict(after) else said("changes")
    spans = {
        "counted": (before.counted, after.counted),
        "ceiling": (before.ceiling, after.ceiling),
        "headroom": (before.headroom, after.headroom),
    }.get(measure)
    return "" if spans is None or spans[0] == spans[1] else _shift(Shift.between(*spans))


def _shift(shift: Shift | None) -> Said:
    """Return by how much the bounds move: once where both do alike, else low and high."""
    if shift is None:
        return cells.UNKNOWN
    if shift.low == shift.high:
        return _signed(shift.low)
    return said("low {low}, high {high}", low=_signed(shift.low), high=_signed(shift.high))


def _signed(value: int | None) -> Said:
    return cells.UNKNOWN if value is None else phrases.signed(value)


def _verdicts(result: WhatIf, style: Style) -> str:
    lines = [
        style.item(
            said(
                "{limit}: {before} -> {after}",
                limit=_under(row, side if len(result.sides) > 1 else None),
                before=cells.verdict(base),
                after=cells.verdict(row),
            )
        )
        for side in result.sides
        for base, row in zip(result.rows, side.rows, strict=True)
        if cells.verdict(base) != cells.verdict(row)
    ]
    title = style.title(said("Verdicts that change"))
    return f"{title}\n\n" + ("\n".join(lines) or style.wrap(said("None.")))


def _under(row: AuditRow, side: Side | None) -> Said:
    """Return whose limit it is, and under which scenario where there are several."""
    limit = phrases.limit(row.party_name, row.category_name)
    if side is None:
        return limit
    return said("{limit}, under {scenario}", limit=limit, scenario=side.scenario.name)


def _in_words(result: WhatIf, style: Style) -> str:
    parts = []
    for place, base in enumerate(result.rows):
        lines = [style.item(said("Baseline: {summary}", summary=base.summary))]
        for side in result.sides:
            row = side.rows[place]
            scenario = said("Scenario") if len(result.sides) == 1 else side.scenario.name
            same = row.summary == base.summary
            summary = said("as the baseline.") if same else row.summary
            lines.append(
                style.item(said("{scenario}: {summary}", scenario=scenario, summary=summary))
            )
        limit = phrases.limit(base.party_name, base.category_name)
        parts.append("\n".join([style.strong(limit), *lines]))
    return f"{style.title(said('In words'))}\n\n" + "\n\n".join(parts)


def _findings(side: Side, style: Style) -> str:
    if not side.findings:
        return ""
    lines = [
        style.item(
            phrases.sentences(
                [
                    said("[{kind}] {message}", kind=finding.kind.value, message=finding.message),
                    said("What would help: {todo}.", todo=finding.todo) if finding.todo else "",
                ]
            )
        )
        for finding in side.findings
    ]
    title = style.title(said("Findings brought by {scenario}", scenario=side.scenario.name))
    return f"{title}\n\n" + "\n".join(lines)


def _reproduce(result: WhatIf, style: Style) -> str:
    audit = result.baseline
    parts = [
        phrases.rule_pack(audit.law),
        said("ledger head {head}", head=result.ledger_head[:12] or said("none")),
        said("as of the end of {day}", day=Brief.of(audit.as_of)),
    ]
    if audit.known_at:
        parts.append(said("as known at {moment}", moment=audit.known_at))
    if audit.readings:
        given = " ".join(f"{q}={a}" for q, a in audit.readings.items())
        parts.append(said("readings of the baseline: {readings}", readings=given))
    return style.wrap(
        said(
            "{conditions}. Every reason and source: --format json.",
            conditions=phrases.clauses(parts),
        )
    )
