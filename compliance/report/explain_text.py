"""The explanation of one number for people: indented text, each step after the one it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from compliance.agreement.provisions import Limit, Period
from compliance.assess.explained import Account, Explanation
from compliance.assess.words import span as in_numbers
from compliance.report import cells, layout
from compliance.report.explain_account import account_lines, folded
from compliance.report.explain_sums import arithmetic
from compliance.report.explain_types import outside
from compliance.values.citation import Citation
from compliance.values.dates import in_words


def render(found: Explanation, *, everything: bool) -> str:
    """Return the explanation as text.

    Args:
        found: the explanation.
        everything: print long lists whole, and every criterion of every definition.
    """
    row = found.row
    title = f"{row.party_name}, {row.category_name.lower()}, {in_words(found.audit.as_of)}"
    told: set[str] = set()
    sections = [
        ("The ceiling", _ceiling(found)),
        *_accounts(found, found.account, told, everything=everything),
        ("What is uncertain, the widest first", _drivers(found, everything=everything)),
        ("Open questions, and the answers in force", _questions(found)),
        ("The arithmetic", arithmetic(found, everything=everything)),
        ("The verdict", _verdict(found)),
        ("On record, and not counted here", outside(found, everything=everything)),
    ]
    parts = [layout.title(title, mark="="), _answer(found)]
    parts += [f"{layout.title(name)}\n{text}" for name, text in sections if text]
    parts.append(_reproduce(found))
    return "\n\n".join(parts)


def _answer(found: Explanation) -> str:
    row = found.row
    used = in_numbers(row.ceiling)
    if row.ceiling is None and row.ceiling_derived is not None:
        used = f"not known (only derived: {in_numbers(row.ceiling_derived)})"
    return layout.wrap(
        f"Verdict: {cells.verdict(row)}. Counted: {in_numbers(row.counted)}. Ceiling: {used}. "
        f"Headroom: {in_numbers(row.headroom)}."
    )


def _ceiling(found: Explanation) -> str:
    limit, gap = found.ceiling.limit, found.ceiling.gap
    entries: list[tuple[str, str]] = []
    if limit is None:
        entries.append(("Value", f"not known. {gap.reason if gap else ''}".strip()))
        if gap is not None:
            entries += [("Gap", _period(gap.period)), *_citation(gap.citation)]
    else:
        use = ""
        if found.ceiling.derived:
            how = "accepted by the reader" if found.judgement.accepted else "not used for a verdict"
            use = f", only derived: {how}"
        entries += [("Value", f"{in_numbers(limit.value)}{use}"), *_citation(limit.citation)]
        entries.append(("Holds", _period(limit.period)))
        entries.append(("Binding", f"from {in_words(limit.binding_from)}"))
        entries.append(("Note", limit.note))
        if found.ceiling.derived and not found.judgement.accepted:
            entries.append(("To use it", f"--reading {limit.question}={limit.accepting}"))
    entries += [("Before", _former(item, found)) for item in found.former]
    entries += _membership(found)
    return layout.terms(entries)


def _citation(citation: Citation) -> Iterable[tuple[str, str]]:
    yield (
        "Instrument",
        citation.instrument + (f", {citation.provision}" if citation.provision else ""),
    )
    yield (
        "Status",
        f"{citation.status.value} ({citation.status.meaning}), grade {citation.grade.value}",
    )
    for place, source in enumerate(citation.sources):
        who = f", {source.publisher}" if source.publisher else ""
        where = f" <{source.url}>" if source.url else ""
        yield ("Sources" if place == 0 else " "), f"{source.title}{who}{where}"
    yield "Of the law", citation.note


def _former(limit: Limit, found: Explanation) -> str:
    until = f" until {in_words(limit.period.end)}" if limit.period.end else ""
    name = found.names.get(limit.party, limit.party)
    return (
        f"the joint ceiling of {name} was {in_numbers(limit.value)}{until} "
        f"({limit.citation.short()})"
    )


def _membership(found: Explanation) -> Iterable[tuple[str, str]]:
    held, gap = found.membership, found.membership_gap
    if held is not None:
        yield "Party", f"{_period(held.period)}: {held.citation.short()}"
    elif gap is not None:
        yield "Party", f"not certain on the day: {gap.reason} ({gap.citation.short()})"
    elif found.party.part_of:
        yield "Party", f"part of {found.names[found.party.part_of]}, not a Party by itself"
    else:
        yield "Party", "not a Party on the day"


def _period(period: Period) -> str:
    if period.end is None:
        return f"since {in_words(period.start)}"
    return f"{in_words(period.start)} to {in_words(period.end - timedelta(days=1))}"


def _accounts(
    found: Explanation, account: Account, told: set[str], *, everything: bool
) -> Iterable[tuple[str, str]]:
    """Yield the sections of an account; those of its parts after its own, each by name."""
    name = "" if account is found.account else f"{account.name}: "
    for title, text in account_lines(found, account, told, everything=everything):
        yield (f"{name}{title}" if not name else f"{name}{title[:1].lower()}{title[1:]}"), text
    for part in account.parts:
        yield from _accounts(found, part, told, everything=everything)


def _drivers(found: Explanation, *, everything: bool) -> str:
    lines = []
    for driver in found.drivers:
        width = "without limit" if driver.width is None else f"by {driver.width:,}"
        lines.append(f"{width}: {driver.name}, {in_numbers(driver.part)} ({driver.why})")
    return folded(lines, 8, "more", _item, everything=everything)


def _questions(found: Explanation) -> str:
    lines = []
    for note in found.audit.questions:
        if note.how == "open":
            choices = f"Answers: {', '.join(note.choices)}."
            turns = f" Turns: {'; '.join(note.effects)}." if note.effects else ""
            text = f"Open: {note.id} - {note.title} {note.because} {choices}{turns}"
        elif note.how == "closed":
            text = f"Closed by the reader: {note.id}={note.answer} - {note.title} {note.because}"
        else:
            text = f"Default applied: {note.id}={note.answer} - {note.title} {note.because}"
        law = f" Law: {note.citation.short()}." if note.citation else ""
        lines.append(_item(f"{text.strip()}{law}"))
    return "\n".join(lines)


def _verdict(found: Explanation) -> str:
    row = found.row
    return "\n".join(_item(text) for text in (*found.comparison, row.summary))


def _reproduce(found: Explanation) -> str:
    audit = found.audit
    readings = "".join(f" --reading {q}={a}" for q, a in audit.readings.items())
    return layout.wrap(
        f"Rule pack {audit.law.id} {audit.law.version}, SHA-256 {audit.law.sha256[:12]}; "
        f"as of the end of {audit.as_of.isoformat()}"
        + (f", as known at {audit.known_at}" if audit.known_at else "")
        + (f"; only figures of basis '{audit.basis}'" if audit.basis else "")
        + (f"; readings:{readings}" if readings else "")
        + ". Rows are named submission:line; see: compliance history."
    )


def _item(text: str) -> str:
    return layout.item(text, indent="  ")
