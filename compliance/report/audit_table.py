"""The audit for people: tables, what they say in words, findings. Plain text or Markdown."""

from __future__ import annotations

from collections.abc import Callable

from compliance.assess.result import Audit, AuditRow, Finding, FindingKind, QuestionNote
from compliance.report import cells, phrases
from compliance.report.audit_legend import legend
from compliance.report.language import current, notice, speak
from compliance.report.style import Style
from compliance.values.said import Brief, Said, english, joined, name, said, said_many
from compliance.values.vocabulary import Basis, Severity, Verdict

EXCESS_TITLE = said("Excess over ceilings: computed, no determination of non-compliance")

_EXCESS = (FindingKind.EXCEEDS, FindingKind.EXCESS_TO_BE_REDUCED)
_DECLARED = (Basis.DECLARED.value, Basis.NOTIFIED.value, Basis.RELAYED.value)
_COLUMNS = (
    said("Party"),
    said("Category"),
    said("Held"),
    said("Not\ncounted"),
    said("Counted"),
    said("Ceiling"),
    said("Headroom"),
    said("%"),
    said("Verdict"),
    said("Basis\n(stated by)"),
    said("Valid on"),
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
    title = style.title(
        said("{law}: headroom on {day}", law=name(audit.law.title), day=audit.as_of), level=1
    )
    say = [
        said("{name} is not a Party: no limit applies to it.", name=name(who))
        for who in audit.no_parties
    ]
    if not audit.rows and not say:
        say = [said("No limit is asked about.")]
    if audit.rows:
        within = sum(row.verdict is Verdict.WITHIN for row in audit.rows)
        exceeds = sum(row.verdict is Verdict.EXCEEDS for row in audit.rows)
        unknown = len(audit.rows) - within - exceeds
        say.insert(
            0,
            said_many(
                "{count} limit checked: {within} within, {exceeds} exceeded, "
                "{unknown} without a verdict.",
                "{count} limits checked: {within} within, {exceeds} exceeded, "
                "{unknown} without a verdict.",
                len(audit.rows),
                within=within,
                exceeds=exceeds,
                unknown=unknown,
            ),
        )
    if any(row.stale for row in audit.rows):
        say.append(said("Figures marked '(old)' are too old to speak for the day."))
        declared = [
            row.declared_as_of.last
            for row in audit.rows
            if row.declared_as_of and row.basis in _DECLARED
        ]
        if declared:
            say.append(
                said(
                    "The newest figure here that a Party declared to the others is of {day}.",
                    day=max(declared),
                )
            )
    if audit.known_at:
        say.append(said("As known at {moment}.", moment=audit.known_at))
    return f"{title}\n\n{style.wrap(joined(' ', say))}"


def _table(audit: Audit, style: Style) -> str:
    lines = []
    last = ""
    speakers = _speakers(audit)
    for row in audit.rows:
        basis = cells.basis(row)
        if row.basis and row.stated_by:
            who = str(speakers.index(row.stated_by) + 1)
            basis = said("{basis} [{who}]", basis=basis, who=who)
        lines.append(
            [
                name(row.party_name) if row.party != last or style.markdown else "",
                name(row.category_name),
                cells.span(row.held),
                cells.span(row.not_counted),
                cells.span(row.counted),
                cells.ceiling(row),
                cells.span(row.headroom),
                cells.percent(row),
                style.paint(cells.verdict(row), row.verdict),
                basis,
                cells.valid_on(row),
            ]
        )
        last = row.party
    table = style.table(_COLUMNS, lines, _RIGHT, (16, 17, *[None] * 9))
    notes = [style.item(f"[{n}] {who}") for n, who in enumerate(speakers, start=1)]
    return "\n".join([table, *(["", speak(said("Stated by:")), *notes] if notes else [])])


def _speakers(audit: Audit) -> list[str]:
    return list(dict.fromkeys(row.stated_by for row in audit.rows if row.stated_by))


def _side_by_side(audit: Audit, style: Style) -> str:
    parties = list(dict.fromkeys((row.party, name(row.party_name)) for row in audit.rows))
    categories = list(dict.fromkeys((row.category, name(row.category_name)) for row in audit.rows))
    by_place = {(row.category, row.party): row for row in audit.rows}
    measures: list[tuple[str, Callable[[AuditRow], str]]] = [
        (said("counted"), lambda row: cells.span(row.counted)),
        (said("ceiling"), cells.ceiling),
        (said("headroom"), lambda row: cells.span(row.headroom)),
        (said("verdict"), lambda row: style.paint(cells.verdict(row), row.verdict)),
        (said("valid on"), cells.valid_on),
    ]
    lines = []
    for category, category_name in categories:
        for place, (measure, write) in enumerate(measures):
            found = [by_place.get((category, party)) for party, _ in parties]
            lines.append(
                [
                    category_name if place == 0 or style.markdown else "",
                    measure,
                    *("" if row is None else write(row) for row in found),
                ]
            )
        if not style.markdown:
            lines.append([""] * (2 + len(parties)))
    headers = (said("Category"), "", *(party_name for _, party_name in parties))
    align = ("left", "left", *("right",) * len(parties))
    return style.table(headers, lines[: None if style.markdown else -1], align)


def _rows_in_words(audit: Audit, style: Style) -> str:
    parts = []
    for row in audit.rows:
        subject = phrases.limit(row.party_name, row.category_name)
        if style.details:
            lines = [row.summary, *row.reasons]
            body = "\n".join(style.item(text) for text in lines)
            parts.append(f"{style.strong(subject)}\n{body}")
        else:
            line = said("{subject}: {summary}", subject=subject, summary=row.summary)
            parts.append(style.item(line))
    if not parts:
        return ""
    return f"{style.title(said('In words'))}\n\n" + ("\n\n" if style.details else "\n").join(parts)


def _excess(audit: Audit, style: Style) -> str:
    if not audit.rows:
        return ""
    found = [finding for finding in audit.findings if finding.kind in _EXCESS]
    title = style.title(EXCESS_TITLE)
    if not found:
        unknown = sum(row.verdict is Verdict.INDETERMINATE for row in audit.rows)
        text = said("No ceiling is exceeded on what is on record.")
        if unknown:
            doubt = said_many(
                "Nothing can be said either way for {unknown} of {count} limit.",
                "Nothing can be said either way for {unknown} of {count} limits.",
                len(audit.rows),
                unknown=unknown,
            )
            text = joined(" ", [text, doubt])
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
                said(
                    "And {left} more: declarations missing, old, incomplete or dated later, law "
                    "only derived, and what lies outside the limits. All of them: --report "
                    "violations.",
                    left=left,
                )
            )
        )
    if not lines:
        return ""
    return f"{style.title(said('Findings'))}\n\n" + "\n".join(lines)


def _finding(finding: Finding, style: Style) -> str:
    pieces = [said("[{kind}] {message}", kind=finding.kind.value, message=finding.message)]
    if finding.citation:
        pieces.append(said("Law: {law}.", law=finding.citation.short()))
    refs = [row.ref for row in finding.rows]
    if len(refs) > 4:
        pieces.append(said("Rows: {rows} and others.", rows=", ".join(refs[:3])))
    elif refs:
        pieces.append(said("Rows: {rows}.", rows=", ".join(refs)))
    if finding.todo:
        pieces.append(said("What would help: {todo}.", todo=finding.todo))
    return style.item(joined(" ", pieces))


def _questions(audit: Audit, style: Style) -> str:
    if not audit.questions:
        return ""
    title = style.title(said("Open questions, and the answers in force"))
    return f"{title}\n\n" + "\n".join(style.item(_question(note)) for note in audit.questions)


def _question(note: QuestionNote) -> Said:
    asked = {"id": note.id, "title": english(note.title)}
    if note.how == "open":
        text = said(
            "Open: {id} - {title} Answers: {answers}.", **asked, answers=", ".join(note.choices)
        )
        if not note.effects:
            return text
        return joined(" ", [text, said("Turns: {effects}.", effects=joined("; ", note.effects))])
    answered = {**asked, "answer": note.answer, "because": english(note.because)}
    if note.how == "closed":
        return said("Closed by the reader: {id}={answer} - {title} {because}", **answered)
    return said("Default applied: {id}={answer} - {title} {because}", **answered)


def _reproduce(audit: Audit, style: Style) -> str:
    pieces = [
        phrases.rule_pack(audit.law),
        said("as of the end of {day}", day=Brief.of(audit.as_of)),
        *phrases.readings(audit.readings),
    ]
    if audit.law.replaced:
        pieces.append(said("replaces: {values}", values="; ".join(audit.law.replaced)))
    made = said("{made}.", made=phrases.clauses(pieces))
    more = said("Every reason, law and source: --details, or --format json.")
    return style.wrap(joined(" ", [made, more, *notice(current())]))
