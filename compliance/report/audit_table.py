"""The audit for people: tables, what they say in words, findings. Plain text or Markdown."""

from __future__ import annotations

from collections.abc import Callable

from compliance.assess.result import Audit, AuditRow, Finding, FindingKind
from compliance.report import cells
from compliance.report.audit_legend import legend
from compliance.report.style import Style
from compliance.values.dates import in_words
from compliance.values.vocabulary import Basis, Severity, Verdict

EXCESS_TITLE = "Excess over ceilings: computed, no determination of non-compliance"

_EXCESS = (FindingKind.EXCEEDS, FindingKind.EXCESS_TO_BE_REDUCED)
_DECLARED = (Basis.DECLARED.value, Basis.NOTIFIED.value, Basis.RELAYED.value)
_COLUMNS = (
    "Party",
    "Category",
    "Held",
    "Not\ncounted",
    "Counted",
    "Ceiling",
    "Headroom",
    "%",
    "Verdict",
    "Basis\n(stated by)",
    "Valid on",
)
_RIGHT = ("left", "left", *("right",) * 6, "left", "left", "left")


def render(audit: Audit, *, report: str, by: str, style: Style) -> str:
    """Return the audit as text.

    Args:
        audit: the audit.
        report: ``headroom``, ``violations`` or ``both``.
        by: ``party`` or ``category``.
        style: plain text or Markdown.
    """
    parts: list[str] = [_heading(audit, style)]
    if audit.rows and report in ("headroom", "both"):
        parts.append(_side_by_side(audit, style) if by == "category" else _table(audit, style))
        parts += [legend(audit, style), _rows_in_words(audit, style)]
    if report in ("violations", "both"):
        everything = report == "violations" or style.details or not audit.rows
        parts += [_excess(audit, style), _findings(audit, style, everything=everything)]
    parts.append(_questions(audit, style))
    parts.append(_reproduce(audit, style))
    return "\n\n".join(part for part in parts if part)


def _heading(audit: Audit, style: Style) -> str:
    title = style.title(f"{audit.law.title}: headroom on {in_words(audit.as_of)}", level=1)
    say = [f"{name} is not a Party: no limit applies to it." for name in audit.no_parties]
    if not audit.rows and not say:
        say = ["No limit is asked about."]
    if audit.rows:
        within = sum(row.verdict is Verdict.WITHIN for row in audit.rows)
        exceeds = sum(row.verdict is Verdict.EXCEEDS for row in audit.rows)
        unknown = len(audit.rows) - within - exceeds
        say.insert(
            0,
            f"{_limits(len(audit.rows))} checked: {within} within, {exceeds} exceeded, "
            f"{unknown} without a verdict.",
        )
    if any(row.stale for row in audit.rows):
        say.append("Figures marked '(old)' are too old to speak for the day.")
        declared = [
            row.declared_as_of.last
            for row in audit.rows
            if row.declared_as_of and row.basis in _DECLARED
        ]
        if declared:
            say.append(
                "The newest figure here that a Party declared to the others is of "
                f"{in_words(max(declared))}."
            )
    if audit.known_at:
        say.append(f"As known at {audit.known_at}.")
    return f"{title}\n\n{style.wrap(' '.join(say))}"


def _limits(count: int) -> str:
    return f"{count} limit{'' if count == 1 else 's'}"


def _table(audit: Audit, style: Style) -> str:
    lines = []
    last = ""
    speakers = _speakers(audit)
    for row in audit.rows:
        stated = f" [{speakers.index(row.stated_by) + 1}]" if row.stated_by else ""
        lines.append(
            [
                row.party_name if row.party != last or style.markdown else "",
                row.category_name,
                cells.span(row.held),
                cells.span(row.not_counted),
                cells.span(row.counted),
                cells.ceiling(row),
                cells.span(row.headroom),
                cells.percent(row),
                style.paint(cells.verdict(row), row.verdict),
                f"{row.basis}{stated}" if row.basis else "none",
                cells.valid_on(row),
            ]
        )
        last = row.party
    table = style.table(_COLUMNS, lines, _RIGHT, (16, 17, *[None] * 9))
    notes = [style.item(f"[{n}] {who}") for n, who in enumerate(speakers, start=1)]
    return "\n".join([table, *(["", "Stated by:", *notes] if notes else [])])


def _speakers(audit: Audit) -> list[str]:
    return list(dict.fromkeys(row.stated_by for row in audit.rows if row.stated_by))


def _side_by_side(audit: Audit, style: Style) -> str:
    parties = list(dict.fromkeys((row.party, row.party_name) for row in audit.rows))
    categories = list(dict.fromkeys((row.category, row.category_name) for row in audit.rows))
    by_place = {(row.category, row.party): row for row in audit.rows}
    measures: list[tuple[str, Callable[[AuditRow], str]]] = [
        ("counted", lambda row: cells.span(row.counted)),
        ("ceiling", cells.ceiling),
        ("headroom", lambda row: cells.span(row.headroom)),
        ("verdict", lambda row: style.paint(cells.verdict(row), row.verdict)),
        ("valid on", cells.valid_on),
    ]
    lines = []
    for category, name in categories:
        for place, (measure, write) in enumerate(measures):
            found = [by_place.get((category, party)) for party, _ in parties]
            lines.append(
                [
                    name if place == 0 or style.markdown else "",
                    measure,
                    *("" if row is None else write(row) for row in found),
                ]
            )
        if not style.markdown:
            lines.append([""] * (2 + len(parties)))
    headers = ("Category", "", *(name for _, name in parties))
    align = ("left", "left", *("right",) * len(parties))
    return style.table(headers, lines[: None if style.markdown else -1], align)


def _rows_in_words(audit: Audit, style: Style) -> str:
    parts = []
    for row in audit.rows:
        name = f"{row.party_name}, {row.category_name.lower()}"
        if style.details:
            lines = [row.summary, *row.reasons]
            body = "\n".join(style.item(text) for text in lines)
            parts.append(f"{style.strong(name)}\n{body}")
        else:
            parts.append(style.item(f"{name}: {row.summary}"))
    if not parts:
        return ""
    return f"{style.title('In words')}\n\n" + ("\n\n" if style.details else "\n").join(parts)


def _excess(audit: Audit, style: Style) -> str:
    if not audit.rows:
        return ""
    found = [finding for finding in audit.findings if finding.kind in _EXCESS]
    title = style.title(EXCESS_TITLE)
    if not found:
        unknown = sum(row.verdict is Verdict.INDETERMINATE for row in audit.rows)
        text = "No ceiling is exceeded on what is on record."
        if unknown:
            text += f" Nothing can be said either way for {unknown} of {_limits(len(audit.rows))}."
        return f"{title}\n\n{style.wrap(text)}"
    return f"{title}\n\n" + "\n".join(_finding(item, style) for item in found)


def _findings(audit: Audit, style: Style, *, everything: bool) -> str:
    rest = [finding for finding in audit.findings if finding.kind not in _EXCESS]
    shown = [f for f in rest if everything or f.kind.severity is not Severity.INFO]
    # Without --details what merely repeats the table's own marks is counted, not listed.
    repeated = {
        FindingKind.NO_DECLARATION,
        FindingKind.STALE_DECLARATION,
        FindingKind.OPEN_SPAN,
        FindingKind.DERIVED_LAW,
        FindingKind.LAW_NOT_KNOWN,
    }
    if not everything:
        shown = [f for f in shown if f.kind not in repeated]
    lines = [_finding(item, style) for item in shown]
    left = len(rest) - len(shown)
    if left:
        lines.append(
            style.item(
                f"And {left} more: declarations missing, old, incomplete or dated later, law only "
                "derived, and what lies outside the limits. All of them: --report violations."
            )
        )
    if not lines:
        return ""
    return f"{style.title('Findings')}\n\n" + "\n".join(lines)


def _finding(finding: Finding, style: Style) -> str:
    law = f" Law: {finding.citation.short()}." if finding.citation else ""
    rows = f" Rows: {', '.join(row.ref for row in finding.rows)}." if finding.rows else ""
    if len(finding.rows) > 4:
        rows = f" Rows: {', '.join(row.ref for row in finding.rows[:3])} and others."
    todo = f" What would help: {finding.todo}." if finding.todo else ""
    return style.item(f"[{finding.kind.value}] {finding.message}{law}{rows}{todo}")


def _questions(audit: Audit, style: Style) -> str:
    if not audit.questions:
        return ""
    lines = []
    for note in audit.questions:
        if note.how == "open":
            text = f"Open: {note.id} - {note.title} Answers: {', '.join(note.choices)}."
            if note.effects:
                text += f" Turns: {'; '.join(note.effects)}."
        elif note.how == "closed":
            text = f"Closed by the reader: {note.id}={note.answer} - {note.title} {note.because}"
        else:
            text = f"Default applied: {note.id}={note.answer} - {note.title} {note.because}"
        lines.append(style.item(text))
    title = style.title("Open questions, and the answers in force")
    return f"{title}\n\n" + "\n".join(lines)


def _reproduce(audit: Audit, style: Style) -> str:
    readings = "".join(f" --reading {q}={a}" for q, a in audit.readings.items())
    text = (
        f"Rule pack {audit.law.id} {audit.law.version}, SHA-256 {audit.law.sha256[:12]}; "
        f"as of the end of {audit.as_of.isoformat()}"
        + (f"; readings:{readings}" if readings else "")
        + (f"; replaces: {'; '.join(audit.law.replaced)}" if audit.law.replaced else "")
        + ". Every reason, law and source: --details, or --format json."
    )
    return style.wrap(text)
