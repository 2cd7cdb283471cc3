"""What a rule pack says, section by section, as rows of named values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Period, Question
from compliance.report import cells, phrases
from compliance.values.citation import Citation
from compliance.values.dates import DateSpan
from compliance.values.said import Brief, Name, Said, english, name, said


def _period(period: Period | None) -> Said:
    if period is None:
        return said("")
    start = Brief.of(period.start)
    if period.end is None:
        return said("since {day}", day=start)
    return said("{first} to {last}", first=start, last=Brief.of(period.end))


def _law(citation: Citation | None) -> dict[str, Any]:
    if citation is None:
        return {"status": None, "grade": None, "sources": None}
    return {
        "status": citation.status.word,
        "grade": citation.grade.value,
        "sources": ", ".join(source.id for source in citation.sources),
    }


def _on(period: Period, day: date | None) -> bool:
    return day is None or period.holds(day)


def _parties(law: Agreement, day: date | None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "id": party.id,
            "name": name(party.name) if day is None else party.name_on(day),
            "part_of": party.part_of or None,
            "party": _period(membership.period),
            **_law(membership.citation),
        }
        for party in law.parties
        for membership in party.memberships
        if _on(membership.period, day)
    ]
    rows += [
        {
            "id": party.id,
            "name": name(party.name),
            "part_of": party.part_of or None,
            "party": said("not certain: {period}", period=_period(gap.period)),
            **_law(gap.citation),
        }
        for party in law.parties
        for gap in party.gaps
        if _on(gap.period, day)
    ]
    return rows


def _actors(law: Agreement, _day: date | None) -> list[dict[str, Any]]:
    return [
        {"id": a.id, "name": name(a.name), "wording": english(a.wording), **_law(a.citation)}
        for a in law.actors
    ]


def _ceilings(law: Agreement, day: date | None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "party": limit.party,
            "category": limit.category,
            "ceiling": cells.span(limit.value),
            "holds": _period(limit.period),
            "binding_from": phrases.day(limit.binding_from),
            **_law(limit.citation),
        }
        for limit in law.limits
        if _on(limit.period, day)
    ]
    rows += [
        {
            "party": ", ".join(gap.parties),
            "category": said("all")
            if len(gap.categories) == len(law.categories)
            else ", ".join(gap.categories),
            "ceiling": said("not known"),
            "holds": _period(gap.period),
            "binding_from": None,
            **_law(gap.citation),
        }
        for gap in law.ceiling_gaps
        if _on(gap.period, day)
    ]
    return rows


def _definitions(law: Agreement, _day: date | None) -> list[dict[str, Any]]:
    return [
        {
            "definition": said(
                "{category}: {definition} ({subcategory})",
                category=name(category.name),
                definition=english(item.title),
                # As the rule pack writes it.
                subcategory=Name(item.subcategory, item.subcategory.replace("_", " ")),
            ),
            "only_if": "=".join(item.only_if) if item.only_if else None,
            "law": item.citation.short(),
            "tests": [
                *(english(criterion.text) for criterion in item.criteria),
                *(
                    said("not where {criterion}", criterion=english(criterion.text))
                    for criterion in item.unless
                ),
            ],
        }
        for category in law.categories
        for item in category.definitions
    ]


def _counting(law: Agreement, _day: date | None) -> list[dict[str, Any]]:
    return [
        {
            "status_of_holding": rule.status.word,
            "counted": said("yes") if rule.counted else said("no"),
            "where": ", ".join(rule.categories) or said("everywhere"),
            "turns_on": f"{rule.question}={rule.accepting}" if rule.question else None,
            "text": english(rule.text),
            **_law(rule.citation),
        }
        for rule in law.counting
    ]


def _questions(law: Agreement, _day: date | None) -> list[dict[str, Any]]:
    return [
        {
            "question": said("{id}: {title}", id=question.id, title=english(question.title)),
            "why open": english(question.why_open),
            "default": _default(question),
            "law": question.citation.short(),
            "answers": [
                said("{id}: {text}", id=reading.id, text=english(reading.text))
                for reading in question.readings
            ],
        }
        for question in law.questions
    ]


def _days(span: DateSpan) -> Said:
    first, last = Brief.of(span.first), Brief.of(span.last)
    if span.exact:
        return said("{day}", day=first)
    return said("{first}..{last}", first=first, last=last)


def _default(question: Question) -> Said:
    if not question.applied:
        return said("{answer} (not applied)", answer=question.default)
    because = english(question.applied_because)
    return said("{answer} (applied: {why})", answer=question.default, why=because)


def _duties(law: Agreement, day: date | None) -> list[dict[str, Any]]:
    return [
        {
            "duty": english(item.title),
            "due": english(item.due),
            "text": english(item.text),
            "holds": _period(item.period),
            **_law(item.citation),
        }
        for item in law.obligations
        if _on(item.period, day)
    ]


def _silences(law: Agreement, day: date | None) -> list[dict[str, Any]]:
    return [
        {
            "party": gap.party,
            "began": _days(gap.began),
            "ended": _days(gap.ended) if gap.ended else said("not known"),
            "text": english(gap.text),
            **_law(gap.citation),
        }
        for gap in law.reporting_gaps
        if day is None or gap.covers(day)
    ]


def _sources(law: Agreement, _day: date | None) -> list[dict[str, Any]]:
    return [
        {
            "id": source.id,
            "title": source.title,
            "publisher": source.publisher,
            "date": source.date,
            "url": source.url,
        }
        for source in law.sources
    ]


SECTIONS: dict[str, Callable[[Agreement, date | None], list[dict[str, Any]]]] = {
    "parties": _parties,
    "actors": _actors,
    "ceilings": _ceilings,
    "definitions": _definitions,
    "counting": _counting,
    "questions": _questions,
    "duties": _duties,
    "silences": _silences,
    "sources": _sources,
}
