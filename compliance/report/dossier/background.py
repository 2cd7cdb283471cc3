"""What stands behind the numbers: findings, what is outside, questions, sources, how to repeat."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.assess.dossier import Dossier
from compliance.assess.result import Finding, FindingKind, QuestionNote
from compliance.report.dossier.parts import (
    Column,
    Items,
    Kind,
    Row,
    Section,
    Table,
    Text,
)

_OUTSIDE = (FindingKind.OUTSIDE, FindingKind.NOT_A_PARTY)
_NONE_FOUND = "Nothing was found."

_FINDINGS_COLUMNS = (
    Column("Finding", "kind"),
    Column("Weight", "severity"),
    Column("What was found", "message", Kind.LONG),
    Column("Law", "law", Kind.LONG),
    Column("What would help", "todo", Kind.LONG),
    Column("Rows", "rows", Kind.LONG),
)


def findings(dossier: Dossier) -> Section:
    """Return what was found, with its law."""
    found = [item for item in dossier.audit.findings if item.kind not in _OUTSIDE]
    note = Text(
        "Excess over ceilings is computed here: no determination of non-compliance.", "note"
    )
    if not found:
        return Section("findings", "Findings", (note, Text(_NONE_FOUND)))
    table = Table(
        id="findings",
        caption="Findings, the weightiest first",
        columns=_FINDINGS_COLUMNS,
        groups=(("", tuple(_finding(item) for item in found)),),
    )
    return Section("findings", "Findings", (note, table))


def _finding(finding: Finding) -> Row:
    return Row(
        (
            finding.kind.value.replace("_", " "),
            finding.kind.severity.value,
            finding.message,
            finding.citation.short() if finding.citation else "",
            finding.todo,
            refs(row.ref for row in finding.rows),
        ),
        finding.party,
        finding.category,
    )


def refs(found: Iterable[str]) -> str:
    """Return places in the ledger, those of a submission together: ``3f9a2b7c81d0:4, 7``."""
    lines: dict[str, list[str]] = {}
    for ref in found:
        submission, _, line = ref.partition(":")
        lines.setdefault(submission, []).append(line)
    return "; ".join(f"{name}:{', '.join(these)}" for name, these in lines.items())


def outside(dossier: Dossier) -> Section:
    """Return what is outside the limits, and why."""
    title = "Outside the limits, and why"
    found = [item for item in dossier.audit.findings if item.kind in _OUTSIDE]
    if not found:
        return Section("outside", title, (Text("Nothing on record is outside the limits."),))
    table = Table(
        id="outside",
        caption="What is on record and counted in no limit",
        columns=(
            Column("Why", "kind"),
            Column("What", "message", Kind.LONG),
            Column("Law", "law", Kind.LONG),
        ),
        groups=(
            (
                "",
                tuple(
                    Row(
                        (
                            "outside the limits" if f.kind is FindingKind.OUTSIDE else "no Party",
                            f.message,
                            f.citation.short() if f.citation else "",
                        ),
                        f.party,
                        f.category,
                    )
                    for f in found
                ),
            ),
        ),
    )
    return Section("outside", title, (table,))


def questions(dossier: Dossier) -> Section:
    """Return the open questions and how the counts turn on them."""
    title = "Open questions, and the answers in force"
    found = dossier.audit.questions
    if not found:
        return Section("questions", title, (Text("No count and no ceiling here turns on one."),))
    table = Table(
        id="questions",
        caption="What the law leaves open, and what turns on it",
        columns=(
            Column("Question", "question"),
            Column("State", "state"),
            Column("What is asked", "title", Kind.LONG),
            Column("Answers", "answers"),
            Column("Why", "because", Kind.LONG),
            Column("What turns on it", "effects", Kind.LONG),
        ),
        groups=(("", tuple(_question(item) for item in found)),),
    )
    how = Text("An answer is chosen with --reading QUESTION=ANSWER.", "note")
    return Section("questions", title, (table, how))


def _question(note: QuestionNote) -> Row:
    state = {
        "open": "open",
        "closed": f"closed by the reader: {note.answer}",
        "applied": f"default applied: {note.answer}",
    }[note.how]
    effects = "; ".join(note.effects)
    return Row((note.id, state, note.title, ", ".join(note.choices), note.because, effects))


def sources(dossier: Dossier) -> Section:
    """Return the sources of law and figures with their grades."""
    law = Table(
        id="law-sources",
        caption="Sources of the law",
        columns=(
            Column("Instrument", "instrument", Kind.LONG),
            Column("Grade", "grade"),
            Column("Provisions", "provisions", Kind.LONG),
            Column("Read in", "sources", Kind.LONG),
            Column("Note", "note", Kind.LONG),
        ),
        groups=(
            (
                "",
                tuple(
                    Row(
                        (
                            item.instrument,
                            item.grade,
                            "; ".join(item.provisions),
                            "; ".join(item.sources),
                            item.note,
                        )
                    )
                    for item in dossier.law_sources
                ),
            ),
        ),
    )
    figures = Table(
        id="figure-sources",
        caption="Sources of the figures",
        columns=(
            Column("Source", "source", Kind.LONG),
            Column("Grade", "grade"),
            Column("Used for", "used_for", Kind.LONG),
            Column("Rows", "rows", Kind.LONG),
        ),
        groups=(
            (
                "",
                tuple(
                    Row(
                        (
                            item.text,
                            item.grade or "not given",
                            "; ".join(item.used_for),
                            refs(item.refs),
                        )
                    )
                    for item in dossier.figure_sources
                ),
            ),
        ),
    )
    marked = tuple((row.marking, f"{row.text} [{row.ref}]") for row in dossier.marked)
    marks = (Items("marked", "Rows with a handling mark", marked),) if marked else ()
    return Section("sources", "Sources, with their grades", (Text(_GRADES), law, figures, *marks))


_GRADES = (
    "Grade A is primary or official, B a reliable second source, C weaker or inferred. Law: 'text' "
    "was read in the instrument itself, 'reported' is given by a reliable second source, 'derived' "
    "is arithmetic or inference and gives no verdict by itself. Rows are named as they stand in "
    "the ledger: submission:line."
)


def reproduce(dossier: Dossier) -> Section:
    """Return with what the report was made, and the command that makes it again."""
    law, made = dossier.audit.law, dossier.made
    entries = [
        ("Command", made.command),
        ("Program", made.tool),
        ("Rule pack", f"{law.id} {law.version}, SHA-256 {law.sha256}"),
    ]
    if law.extends:
        entries.append(("Extends", law.extends))
    entries += [("Replaced in it", item) for item in law.replaced]
    if made.catalogue:
        entries.append(("Equipment catalogue", made.catalogue))
    head = f"submission {made.ledger_number}, SHA-256 {made.ledger_sha256}"
    entries.append(("Head of the ledger", head if made.ledger_number else "nothing is recorded"))
    text = Text(
        "The command gives the same report, byte for byte, on a ledger with the same head, with "
        "the same rule pack and the same versions of the program and its libraries."
    )
    return Section(
        "reproduce", "How to reproduce it", (text, Items("made", "Made with", tuple(entries)))
    )


def short(dossier: Dossier) -> Section:
    """Return for one page what the numbers are and how to check them."""
    law, made = dossier.audit.law, dossier.made
    head = made.ledger_sha256[:12] or "none"
    text = (
        f"A verdict is given only where it holds for every possible count and every possible "
        f"ceiling. Rule pack {law.id} {law.version}, SHA-256 {law.sha256[:12]}; head of the ledger "
        f"{head}; {made.tool}. Every reason, law and source: the full report."
    )
    return Section(
        "method", "How to read and check it", (Text(text), Text(made.command, "command"))
    )
