"""What if, for people: the baseline beside each scenario. Plain text or Markdown."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from compliance.assess.result import AuditRow
from compliance.assess.whatif import Shift, Side, WhatIf
from compliance.report import cells
from compliance.report.style import Style
from compliance.values.dates import in_words

_WIDEST = 18
"""A scenario's name makes its column no wider than this."""
_SIDES = 2
"""So many scenarios stand beside the baseline in plain text; more stand in further tables."""


def render(result: WhatIf, style: Style) -> str:
    """Return the comparison as text."""
    parts = [
        _heading(result, style),
        *(_assumed(side, style) for side in result.sides),
        f"{style.title('Side by side')}\n\n{_tables(result, style)}",
        _verdicts(result, style),
        _in_words(result, style),
        *(_findings(side, style) for side in result.sides),
        _reproduce(result, style),
    ]
    return "\n\n".join(part for part in parts if part)


def _heading(result: WhatIf, style: Style) -> str:
    law, day = result.baseline.law, result.baseline.as_of
    title = style.title(f"{law.title}: what if, on {in_words(day)}", level=1)
    count, shown = len(result.sides), len(result.rows)
    text = (
        f"{count} scenario{'' if count == 1 else 's'} laid over what is on record; nothing of it "
        f"is recorded. {shown} limit{'' if shown == 1 else 's'} shown"
    )
    if result.others:
        text += f"; the {result.others} others are not shown: {_others(result)}"
    return f"{title}\n\n{style.wrap(text + '.')}"


def _others(result: WhatIf) -> str:
    shown = {(row.party, row.category) for row in result.rows}
    before = {(row.party, row.category): row for row in result.baseline.rows}
    changed = {
        (row.party, row.category)
        for side in result.sides
        for row in side.audit.rows
        if row != before[row.party, row.category]
    }
    left = len(changed - shown)
    return f"{left} of them change" if left else "unchanged"


def _assumed(side: Side, style: Style) -> str:
    lines = [style.item(text) for text in side.assumptions]
    if not lines:
        lines = [style.item("nothing: it is the baseline")]
    if side.scenario.note:
        lines.append(style.item(f"Note: {side.scenario.note}"))
    lines += [style.item(f"Moved since: {text}.") for text in side.moved]
    lines += [style.item(f"Warning: {text}") for text in side.warnings]
    return f"{style.title(f'Assumed by {side.scenario.name}')}\n\n" + "\n".join(lines)


def _tables(result: WhatIf, style: Style) -> str:
    """Return one table, or several where a line of plain text would be too long."""
    most = len(result.sides) if style.markdown else _SIDES
    groups = [result.sides[n : n + most] for n in range(0, len(result.sides), most)]
    return "\n\n".join(_table(result, group, style) for group in groups)


def _table(result: WhatIf, sides: tuple[Side, ...], style: Style) -> str:
    one = len(result.sides) == 1
    measures: list[tuple[str, Callable[[AuditRow], str]]] = [
        ("counted", lambda row: cells.span(row.counted)),
        ("ceiling", cells.ceiling),
        ("headroom", lambda row: cells.span(row.headroom)),
        ("verdict", lambda row: style.paint(cells.verdict(row), row.verdict)),
        ("valid on", cells.valid_on),
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
            lines.append([*next(heads), "difference", "", *shifts])
        if not style.markdown:
            lines.append([""] * len(lines[-1]))
    scenarios = ["Scenario", "Difference"] if one else [side.scenario.name for side in sides]
    limit = ["Party", "Category"] if style.markdown else ["Limit"]
    headers = [*limit, "", "Baseline", *scenarios]
    align = [*["left"] * len(limit), "left", *["right"] * (len(headers) - len(limit) - 1)]
    widths = [*[None] * (len(limit) + 2), *[None if one else _WIDEST] * len(scenarios)]
    return style.table(headers, lines[: None if style.markdown else -1], align, widths)


def _heads(row: AuditRow, style: Style) -> Iterator[list[str]]:
    """Yield what stands at the head of each line: in plain text the category under the Party."""
    if style.markdown:
        yield from itertools.repeat([row.party_name, row.category_name])
    yield from ([row.party_name], [f"  {row.category_name.lower()}"])
    yield from itertools.repeat([""])


def _difference(measure: str, before: AuditRow, after: AuditRow) -> str:
    if measure == "verdict":
        return "" if cells.verdict(before) == cells.verdict(after) else "changes"
    spans = {
        "counted": (before.counted, after.counted),
        "ceiling": (before.ceiling, after.ceiling),
        "headroom": (before.headroom, after.headroom),
    }.get(measure)
    return "" if spans is None or spans[0] == spans[1] else _shift(Shift.between(*spans))


def _shift(shift: Shift | None) -> str:
    """Return by how much the bounds move: once where both do alike, else low and high."""
    if shift is None:
        return cells.UNKNOWN
    if shift.low == shift.high:
        return cells.UNKNOWN if shift.low is None else _signed(shift.low)
    return f"low {_signed(shift.low)}, high {_signed(shift.high)}"


def _signed(value: int | None) -> str:
    return cells.UNKNOWN if value is None else f"{value:+,}" if value else "0"


def _verdicts(result: WhatIf, style: Style) -> str:
    lines = [
        style.item(
            f"{row.party_name}, {row.category_name.lower()}"
            + (f", under {side.scenario.name}" if len(result.sides) > 1 else "")
            + f": {cells.verdict(base)} -> {cells.verdict(row)}"
        )
        for side in result.sides
        for base, row in zip(result.rows, side.rows, strict=True)
        if cells.verdict(base) != cells.verdict(row)
    ]
    title = style.title("Verdicts that change")
    return f"{title}\n\n" + ("\n".join(lines) or style.wrap("None."))


def _in_words(result: WhatIf, style: Style) -> str:
    parts = []
    for place, base in enumerate(result.rows):
        lines = [style.item(f"Baseline: {base.summary}")]
        for side in result.sides:
            row = side.rows[place]
            name = "Scenario" if len(result.sides) == 1 else side.scenario.name
            same = row.summary == base.summary
            lines.append(style.item(f"{name}: {'as the baseline.' if same else row.summary}"))
        name = f"{base.party_name}, {base.category_name.lower()}"
        parts.append("\n".join([style.strong(name), *lines]))
    return f"{style.title('In words')}\n\n" + "\n\n".join(parts)


def _findings(side: Side, style: Style) -> str:
    if not side.findings:
        return ""
    lines = [
        style.item(
            f"[{finding.kind.value}] {finding.message}"
            + (f" What would help: {finding.todo}." if finding.todo else "")
        )
        for finding in side.findings
    ]
    return f"{style.title(f'Findings brought by {side.scenario.name}')}\n\n" + "\n".join(lines)


def _reproduce(result: WhatIf, style: Style) -> str:
    audit = result.baseline
    readings = "".join(f" {q}={a}" for q, a in audit.readings.items())
    head = result.ledger_head[:12] if result.ledger_head else "none"
    return style.wrap(
        f"Rule pack {audit.law.id} {audit.law.version}, SHA-256 {audit.law.sha256[:12]}; ledger "
        f"head {head}; as of the end of {audit.as_of.isoformat()}"
        + (f"; as known at {audit.known_at}" if audit.known_at else "")
        + (f"; readings of the baseline:{readings}" if readings else "")
        + ". Every reason and source: --format json."
    )
