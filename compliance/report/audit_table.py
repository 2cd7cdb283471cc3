"""The audit for people: tables, a legend, the doubts, the findings. Plain text or Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tabulate import tabulate

from compliance.assess.result import Audit, AuditRow, Finding, FindingKind
from compliance.report import cells
from compliance.values.dates import in_words
from compliance.values.names import printable
from compliance.values.vocabulary import Basis, Severity, Verdict

EXCESS_TITLE = "Excess over ceilings: computed, no determination of non-compliance"

_WIDTH = 100
_EXCESS = (FindingKind.EXCEEDS, FindingKind.EXCESS_TO_BE_REDUCED)
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


@dataclass(frozen=True, slots=True)
class Style:
    """How the text is set.

    Attributes:
        markdown: set as Markdown instead of plain text.
        paint: colours a verdict, or leaves it as it is.
        details: print every reason, law and source, not only the summary of a row.
    """

    markdown: bool = False
    paint: Callable[[str, Verdict], str] = lambda text, _verdict: text
    details: bool = False


def render(audit: Audit, *, report: str, by: str, style: Style) -> str:
    """Return the audit as text.

    Args:
        audit: the audit.
        report: ``headroom``, ``violations`` or ``both``.
        by: ``party`` or ``category``.
        style: plain text or Markdown.
    """
    parts: list[str] = [_heading(audit, style)]
    if report in ("headroom", "both"):
        parts.append(_side_by_side(audit, style) if by == "category" else _table(audit, style))
        parts += [_legend(audit, style), _rows_in_words(audit, style)]
    if report in ("violations", "both"):
        parts.append(_excess(audit, style))
        parts.append(_findings(audit, style, everything=report == "violations" or style.details))
    parts.append(_questions(audit, style))
    parts.append(_reproduce(audit, style))
    return "\n\n".join(part for part in parts if part)


def _title(text: str, style: Style, *, level: int = 2) -> str:
    if style.markdown:
        return f"{'#' * level} {text}"
    return f"{text}\n{('=' if level == 1 else '-') * len(text)}"


def _heading(audit: Audit, style: Style) -> str:
    title = _title(f"{audit.law.title}: headroom on {in_words(audit.as_of)}", style, level=1)
    within = sum(row.verdict is Verdict.WITHIN for row in audit.rows)
    exceeds = sum(row.verdict is Verdict.EXCEEDS for row in audit.rows)
    unknown = len(audit.rows) - within - exceeds
    say = [
        f"{len(audit.rows)} limits checked: {within} within, {exceeds} exceeded, "
        f"{unknown} without a verdict."
    ]
    if audit.rows and any(row.stale for row in audit.rows):
        newest = max(row.declared_as_of.last for row in audit.rows if row.declared_as_of)
        say.append(
            "Figures on record are too old to speak for the day where marked '(old)'; the newest "
            f"of all is of {in_words(newest)}."
        )
    if audit.known_at:
        say.append(f"As known at {audit.known_at}.")
    return f"{title}\n\n{_wrap(' '.join(say), style)}"


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
    table = _tabulate(_COLUMNS, lines, _RIGHT, style, widths=(16, 17, *[None] * 9))
    notes = [_item(f"[{n}] {who}", style) for n, who in enumerate(speakers, start=1)]
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
    return _tabulate(headers, lines[: None if style.markdown else -1], align, style)


def _tabulate(
    headers: Iterable[str],
    lines: list[list[str]],
    align: Iterable[str],
    style: Style,
    widths: Sequence[int | None] | None = None,
) -> str:
    if style.markdown:
        lines = [[_escape(cell) for cell in line] for line in lines]
    return tabulate(
        lines,
        headers=tuple(h.replace("\n", " ") for h in headers) if style.markdown else tuple(headers),
        tablefmt="pipe" if style.markdown else "simple",
        colalign=tuple(align) if lines else None,
        disable_numparse=True,
        maxcolwidths=None if style.markdown or not lines else widths,
    )


def _legend(audit: Audit, style: Style) -> str:
    verdicts = {row.verdict for row in audit.rows}
    names = {
        Verdict.WITHIN: "within",
        Verdict.EXCEEDS: "EXCEEDS",
        Verdict.INDETERMINATE: "cannot tell",
        Verdict.NOT_BINDING: "not binding",
    }
    entries = [(names[v], v.meaning) for v in Verdict if v in verdicts]
    entries.append(("Counted", "what the agreement counts of what is held (Held, Not counted)"))
    entries.append(("Headroom", "ceiling minus counted; negative is an excess"))
    texts = [cells.span(s) for r in audit.rows for s in (r.held, r.counted, r.headroom)]
    if any(t.endswith("..") for t in texts):
        entries.append(("15..", "at least 15: the figures published are not the whole"))
    if any(t.startswith("..") for t in texts):
        entries.append(("..131", "at most 131"))
    if any(".." in t and not t.startswith("..") and not t.endswith("..") for t in texts):
        entries.append(("62..89", "anywhere from 62 to 89"))
    if cells.UNKNOWN in texts:
        entries.append(("?", "not known from any source on record"))
    if any(cells.ceiling(row).startswith("(") for row in audit.rows):
        entries.append(
            ("(143?)", "a ceiling only derived by arithmetic: shown, and not used for a verdict")
        )
    if any(row.conditional for row in audit.rows):
        entries.append(("conditional", "holds only under the readings listed below as closed"))
    if any(row.stale for row in audit.rows):
        entries.append(("(old)", "that figure is too old to speak for the day asked about"))
    used = {row.basis for row in audit.rows}
    entries += [(basis.value, basis.meaning) for basis in Basis if basis.value in used]
    if "mixed" in used:
        entries.append(("mixed", "a sum of parts whose figures stand on different bases"))
    return f"{_title('How to read it', style)}\n\n{_definitions(entries, style)}"


def _definitions(entries: list[tuple[str, str]], style: Style) -> str:
    if style.markdown:
        return "\n".join(f"- **{_escape(term)}**: {_escape(text)}" for term, text in entries)
    width = max(len(term) for term, _ in entries)
    return "\n".join(
        textwrap.fill(
            text,
            _WIDTH,
            initial_indent=f"  {term:<{width}}  ",
            subsequent_indent=" " * (width + 4),
        )
        for term, text in entries
    )


def _rows_in_words(audit: Audit, style: Style) -> str:
    parts = []
    for row in audit.rows:
        name = f"{row.party_name}, {row.category_name.lower()}"
        if style.details:
            lines = [row.summary, *row.reasons]
            body = "\n".join(_item(text, style) for text in lines)
            parts.append(f"{_strong(name, style)}\n{body}")
        else:
            parts.append(_item(f"{name}: {row.summary}", style))
    if not parts:
        return ""
    return f"{_title('In words', style)}\n\n" + ("\n\n" if style.details else "\n").join(parts)


def _excess(audit: Audit, style: Style) -> str:
    found = [finding for finding in audit.findings if finding.kind in _EXCESS]
    title = _title(EXCESS_TITLE, style)
    if not found:
        unknown = sum(row.verdict is Verdict.INDETERMINATE for row in audit.rows)
        text = "No ceiling is exceeded on what is on record."
        if unknown:
            text += f" For {unknown} of {len(audit.rows)} limits nothing can be said either way."
        return f"{title}\n\n{_wrap(text, style)}"
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
            _item(
                f"And {left} more: declarations missing, old or incomplete, law only derived, "
                "and what lies outside the limits. All of them: --report violations.",
                style,
            )
        )
    if not lines:
        return ""
    return f"{_title('Findings', style)}\n\n" + "\n".join(lines)


def _finding(finding: Finding, style: Style) -> str:
    law = f" Law: {finding.citation.short()}." if finding.citation else ""
    rows = f" Rows: {', '.join(row.ref for row in finding.rows)}." if finding.rows else ""
    if len(finding.rows) > 4:
        rows = f" Rows: {', '.join(row.ref for row in finding.rows[:3])} and others."
    todo = f" What would help: {finding.todo}." if finding.todo else ""
    return _item(f"[{finding.kind.value}] {finding.message}{law}{rows}{todo}", style)


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
            text = f"Closed by the reader: {note.id}={note.answer} - {note.title}"
        else:
            text = f"Default applied: {note.id}={note.answer} - {note.title} {note.because}"
        lines.append(_item(text, style))
    title = _title("Open questions, and the answers in force", style)
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
    return _wrap(text, style)


def _strong(text: str, style: Style) -> str:
    return f"**{_escape(text)}**\n" if style.markdown else text


def _item(text: str, style: Style) -> str:
    if style.markdown:
        return f"- {_escape(text)}"
    return textwrap.fill(
        printable(text), _WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False
    )


def _wrap(text: str, style: Style) -> str:
    if style.markdown:
        return _escape(text)
    return textwrap.fill(printable(text), _WIDTH, break_on_hyphens=False)


def _escape(text: str) -> str:
    """Keep a text from being read as Markdown or HTML."""
    safe = printable(text).replace("\\", "\\\\").replace("\n", " ")
    for mark in "|*_`[]<>#":
        safe = safe.replace(
            mark, f"\\{mark}" if mark not in "<>" else f"&{'lt' if mark == '<' else 'gt'};"
        )
    return safe
