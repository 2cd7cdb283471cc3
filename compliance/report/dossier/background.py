"""What stands behind the numbers: findings, what is outside, questions, sources, how to repeat."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.assess.dossier import Dossier
from compliance.assess.result import Finding, FindingKind, QuestionNote
from compliance.report import finding_words, phrases
from compliance.report.dossier.parts import (
    Column,
    Items,
    Kind,
    Row,
    Section,
    Table,
    Text,
)
from compliance.values.said import english, joined, name, said

_OUTSIDE = (FindingKind.OUTSIDE, FindingKind.NOT_A_PARTY)
_NONE_FOUND = said("Nothing was found.")

_FINDINGS_COLUMNS = (
    Column(said("Finding"), "kind"),
    Column(said("Weight"), "severity"),
    Column(said("What was found"), "message", Kind.LONG),
    Column(said("Law"), "law", Kind.LONG),
    Column(said("What would help"), "todo", Kind.LONG),
    Column(said("Rows"), "rows", Kind.LONG),
)


def findings(dossier: Dossier) -> Section:
    """Return what was found, with its law."""
    found = [item for item in dossier.audit.findings if item.kind not in _OUTSIDE]
    note = Text(
        said("Excess over ceilings is computed here: no determination of non-compliance."), "note"
    )
    if not found:
        return Section("findings", said("Findings"), (note, Text(_NONE_FOUND)))
    table = Table(
        id="findings",
        caption=said("Findings, the weightiest first"),
        columns=_FINDINGS_COLUMNS,
        groups=(("", tuple(_finding(item) for item in found)),),
    )
    return Section("findings", said("Findings"), (note, table))


def _finding(finding: Finding) -> Row:
    return Row(
        (
            finding_words.word(finding.kind),
            finding.kind.severity.word,
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
    title = said("Outside the limits, and why")
    found = [item for item in dossier.audit.findings if item.kind in _OUTSIDE]
    if not found:
        return Section("outside", title, (Text(said("Nothing on record is outside the limits.")),))
    table = Table(
        id="outside",
        caption=said("What is on record and counted in no limit"),
        columns=(
            Column(said("Why"), "kind"),
            Column(said("What"), "message", Kind.LONG),
            Column(said("Law"), "law", Kind.LONG),
        ),
        groups=(
            (
                "",
                tuple(
                    Row(
                        (
                            said("outside the limits")
                            if f.kind is FindingKind.OUTSIDE
                            else said("no Party"),
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
    title = said("Open questions, and the answers in force")
    found = dossier.audit.questions
    if not found:
        return Section(
            "questions", title, (Text(said("No count and no ceiling here turns on one.")),)
        )
    table = Table(
        id="questions",
        caption=said("What the law leaves open, and what turns on it"),
        columns=(
            Column(said("Question"), "question"),
            Column(said("State"), "state"),
            Column(said("What is asked"), "title", Kind.LONG),
            Column(said("Answers"), "answers"),
            Column(said("Why"), "because", Kind.LONG),
            Column(said("What turns on it"), "effects", Kind.LONG),
        ),
        groups=(("", tuple(_question(item) for item in found)),),
    )
    how = Text(said("An answer is chosen with --reading QUESTION=ANSWER."), "note")
    return Section("questions", title, (table, how))


def _question(note: QuestionNote) -> Row:
    if note.how == "open":
        state = said("open")
    elif note.how == "closed":
        state = said("closed by the reader: {answer}", answer=note.answer)
    else:
        state = said("default applied: {answer}", answer=note.answer)
    choices, effects = ", ".join(note.choices), joined("; ", note.effects)
    return Row((note.id, state, english(note.title), choices, english(note.because), effects))


def sources(dossier: Dossier) -> Section:
    """Return the sources of law and figures with their grades."""
    law = Table(
        id="law-sources",
        caption=said("Sources of the law"),
        columns=(
            Column(said("Instrument"), "instrument", Kind.LONG),
            Column(said("Grade"), "grade"),
            Column(said("Provisions"), "provisions", Kind.LONG),
            Column(said("Read in"), "sources", Kind.LONG),
            Column(said("Note"), "note", Kind.LONG),
        ),
        groups=(
            (
                "",
                tuple(
                    Row(
                        (
                            name(item.instrument),
                            item.grade,
                            joined("; ", [english(text) for text in item.provisions]),
                            "; ".join(item.sources),
                            english(item.note),
                        )
                    )
                    for item in dossier.law_sources
                ),
            ),
        ),
    )
    figures = Table(
        id="figure-sources",
        caption=said("Sources of the figures"),
        columns=(
            Column(said("Source"), "source", Kind.LONG),
            Column(said("Grade"), "grade"),
            Column(said("Used for"), "used_for", Kind.LONG),
            Column(said("Rows"), "rows", Kind.LONG),
        ),
        groups=(
            (
                "",
                tuple(
                    Row(
                        (
                            item.text,
                            item.grade or said("not given"),
                            joined("; ", item.used_for),
                            refs(item.refs),
                        )
                    )
                    for item in dossier.figure_sources
                ),
            ),
        ),
    )
    marked = tuple(
        (row.marking, said("{row} [{ref}]", row=row.text, ref=row.ref)) for row in dossier.marked
    )
    marks = (Items("marked", said("Rows with a handling mark"), marked),) if marked else ()
    return Section(
        "sources", said("Sources, with their grades"), (Text(_GRADES), law, figures, *marks)
    )


_GRADES = said(
    "Grade A is primary or official, B a reliable second source, C weaker or inferred. Law: 'text' "
    "was read in the instrument itself, 'reported' is given by a reliable second source, 'derived' "
    "is arithmetic or inference and gives no verdict by itself. Rows are named as they stand in "
    "the ledger: submission:line."
)


def reproduce(dossier: Dossier, command: str) -> Section:
    """Return with what the report was made, and the command that makes it again."""
    law, made = dossier.audit.law, dossier.made
    entries: list[tuple[str, str]] = [
        (said("Command"), command),
        (said("Program"), made.tool),
        (said("Rule pack"), f"{law.id} {law.version}, SHA-256 {law.sha256}"),
    ]
    if law.extends:
        entries.append((said("Extends"), law.extends))
    entries += [(said("Replaced in it"), item) for item in law.replaced]
    if made.catalogue:
        entries.append((said("Equipment catalogue"), made.catalogue))
    head = said("nothing is recorded")
    if made.ledger_number:
        head = said(
            "submission {number}, SHA-256 {hash}",
            number=str(made.ledger_number),
            hash=made.ledger_sha256,
        )
    entries.append((said("Head of the ledger"), head))
    text = said(
        "The command gives the same report, byte for byte, on a ledger with the same head, with "
        "the same rule pack and the same versions of the program and its libraries."
    )
    return Section(
        "reproduce",
        said("How to reproduce it"),
        (Text(text), Items("made", said("Made with"), tuple(entries))),
    )


def short(dossier: Dossier, command: str) -> Section:
    """Return for one page what the numbers are and how to check them."""
    law, made = dossier.audit.law, dossier.made
    text = said(
        "A verdict is given only where it holds for every possible count and every possible "
        "ceiling. {pack}; head of the ledger {head}; {tool}. Every reason, law and source: the "
        "full report.",
        pack=phrases.rule_pack(law),
        head=made.ledger_sha256[:12] or said("none"),
        tool=made.tool,
    )
    return Section(
        "method", said("How to read and check it"), (Text(text), Text(command, "command"))
    )
