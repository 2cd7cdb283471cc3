"""The explanation of one number for people: indented text, each step after the one it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from compliance.agreement.provisions import Limit, Period
from compliance.assess.explained import Account, Explanation
from compliance.assess.words import span as in_numbers
from compliance.report import cells, layout, phrases
from compliance.report.explain_account import account_lines
from compliance.report.explain_rows import folded, more
from compliance.report.explain_sums import arithmetic
from compliance.report.explain_types import outside
from compliance.values.citation import Citation
from compliance.values.said import Brief, Said, english, joined, name, said
from compliance.values.vocabulary import Basis


def render(found: Explanation, *, everything: bool) -> str:
    """Return the explanation as text.

    Args:
        found: the explanation.
        everything: print long lists whole, and every criterion of every definition.
    """
    row = found.row
    limit = phrases.limit(row.party_name, row.category_name)
    title = said("{limit}, {day}", limit=limit, day=found.audit.as_of)
    told: set[str] = set()
    sections: list[tuple[str, str]] = [
        (said("The ceiling"), _ceiling(found)),
        *_accounts(found, found.account, told, everything=everything),
        (said("What is uncertain, the widest first"), _drivers(found, everything=everything)),
        (said("Open questions, and the answers in force"), _questions(found)),
        (said("The arithmetic"), arithmetic(found, everything=everything)),
        (said("The verdict"), _verdict(found)),
        (said("On record, and not counted here"), outside(found, everything=everything)),
    ]
    parts = [layout.title(title, mark="="), _answer(found)]
    parts += [f"{layout.title(heading)}\n{text}" for heading, text in sections if text]
    parts.append(_reproduce(found))
    return "\n\n".join(parts)


def _answer(found: Explanation) -> str:
    row = found.row
    used = in_numbers(row.ceiling)
    if row.ceiling is None and row.ceiling_derived is not None:
        used = said("not known (only derived: {span})", span=in_numbers(row.ceiling_derived))
    return layout.wrap(
        said(
            "Verdict: {verdict}. Counted: {counted}. Ceiling: {ceiling}. Headroom: {headroom}.",
            verdict=cells.verdict(row),
            counted=in_numbers(row.counted),
            ceiling=used,
            headroom=in_numbers(row.headroom),
        )
    )


def _ceiling(found: Explanation) -> str:
    limit, gap = found.ceiling.limit, found.ceiling.gap
    entries: list[tuple[str, str]] = []
    if limit is None:
        why = english(gap.reason) if gap else ""
        entries.append((said("Value"), phrases.sentences([said("not known."), why])))
        if gap is not None:
            entries += [(said("Gap"), _period(gap.period)), *_citation(gap.citation)]
    else:
        entries += [(said("Value"), _value(found, limit)), *_citation(limit.citation)]
        entries.append((said("Holds"), _period(limit.period)))
        entries.append((said("Binding"), said("from {day}", day=limit.binding_from)))
        entries.append((said("Note"), joined(" ", map(english, limit.notes))))
        if found.ceiling.derived and not found.judgement.accepted:
            entries.append((said("To use it"), f"--reading {limit.question}={limit.accepting}"))
    entries += [(said("Before"), _former(item, found)) for item in found.former]
    entries += _membership(found)
    return layout.terms(entries)


def _value(found: Explanation, limit: Limit) -> Said:
    value = in_numbers(limit.value)
    if not found.ceiling.derived:
        return value
    if found.judgement.accepted:
        return said("{ceiling}, only derived: accepted by the reader", ceiling=value)
    return said("{ceiling}, only derived: not used for a verdict", ceiling=value)


def _citation(citation: Citation) -> Iterable[tuple[str, str]]:
    yield said("Instrument"), citation.place()
    yield (
        said("Status"),
        said(
            "{status} ({meaning}), grade {grade}",
            status=citation.status.word,
            meaning=citation.status.meaning,
            grade=citation.grade.value,
        ),
    )
    for place, source in enumerate(citation.sources):
        who = f", {source.publisher}" if source.publisher else ""
        where = f" <{source.url}>" if source.url else ""
        yield (said("Sources") if place == 0 else " "), f"{source.title}{who}{where}"
    yield said("Of the law"), english(citation.note)


def _former(limit: Limit, found: Explanation) -> Said:
    parts = {
        "party": name(found.names.get(limit.party, limit.party)),
        "ceiling": in_numbers(limit.value),
        "law": limit.citation.short(),
    }
    if limit.period.end is None:
        return said("the joint ceiling of {party} was {ceiling} ({law})", **parts)
    return said(
        "the joint ceiling of {party} was {ceiling} until {day} ({law})",
        **parts,
        day=limit.period.end,
    )


def _membership(found: Explanation) -> Iterable[tuple[str, str]]:
    held, gap = found.membership, found.membership_gap
    if held is not None:
        member = said("{period}: {law}", period=_period(held.period), law=held.citation.short())
    elif gap is not None:
        member = said(
            "not certain on the day: {why} ({law})",
            why=english(gap.reason),
            law=gap.citation.short(),
        )
    elif found.party.part_of:
        whole = name(found.names[found.party.part_of])
        member = said("part of {party}, not a Party by itself", party=whole)
    else:
        member = said("not a Party on the day")
    yield said("Party"), member


def _period(period: Period) -> Said:
    if period.end is None:
        return said("since {day}", day=period.start)
    return said("{first} to {last}", first=period.start, last=period.end - timedelta(days=1))


def _accounts(
    found: Explanation, account: Account, told: set[str], *, everything: bool
) -> Iterable[tuple[str, str]]:
    """Yield the sections of an account; those of its parts after its own, each by name."""
    holder = None if account is found.account else name(account.name)
    for heading, text in account_lines(found, account, told, everything=everything):
        title = heading.alone
        if holder is not None:
            title = said("{holder}: {heading}", holder=holder, heading=heading.after)
        yield title, text
    for part in account.parts:
        yield from _accounts(found, part, told, everything=everything)


def _drivers(found: Explanation, *, everything: bool) -> str:
    lines = []
    for driver in found.drivers:
        what = said(
            "{driver}, {span} ({why})",
            driver=driver.name,
            span=in_numbers(driver.part),
            why=driver.why,
        )
        if driver.width is None:
            lines.append(said("without limit: {driver}", driver=what))
        else:
            lines.append(said("by {number}: {driver}", number=driver.width, driver=what))
    return folded(lines, 8, more, _item, everything=everything)


def _questions(found: Explanation) -> str:
    lines = []
    for note in found.audit.questions:
        title, answer = english(note.title), f"{note.id}={note.answer}"
        more_of_it: list[str] = []
        if note.how == "open":
            text = said("Open: {question} - {title}", question=note.id, title=title)
            more_of_it.append(said("Answers: {answers}.", answers=", ".join(note.choices)))
            if note.effects:
                more_of_it.append(said("Turns: {what}.", what=phrases.clauses(note.effects)))
        elif note.how == "closed":
            text = said("Closed by the reader: {answer} - {title}", answer=answer, title=title)
        else:
            text = said("Default applied: {answer} - {title}", answer=answer, title=title)
        if note.citation:
            more_of_it.append(said("Law: {law}.", law=note.citation.short()))
        lines.append(_item(phrases.sentences([text, english(note.because), *more_of_it])))
    return "\n".join(lines)


def _verdict(found: Explanation) -> str:
    row = found.row
    return "\n".join(_item(text) for text in (*found.comparison, row.summary))


def _reproduce(found: Explanation) -> str:
    audit = found.audit
    day = said("as of the end of {day}", day=Brief.of(audit.as_of))
    if audit.known_at:
        day = said("{day}, as known at {moment}", day=day, moment=audit.known_at)
    parts = [phrases.rule_pack(audit.law), day]
    if audit.basis:
        parts.append(said("only figures of basis '{basis}'", basis=Basis(audit.basis).word))
    parts += phrases.readings(audit.readings)
    return layout.wrap(
        said(
            "{conditions}. Rows are named submission:line; see: compliance history.",
            conditions=phrases.clauses(parts),
        )
    )


def _item(text: str) -> str:
    return layout.item(text, indent="  ")
