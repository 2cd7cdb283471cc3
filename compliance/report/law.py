"""A rule pack for people and as JSON ``compliance.rules/1``."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from tabulate import tabulate

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Period
from compliance.report import cells, layout
from compliance.values.citation import Citation
from compliance.values.vocabulary import LawStatus

SCHEMA = "compliance.rules/1"

_LONG = ("sources", "title", "note", "text", "wording", "url")


def packs(found: Sequence[Agreement]) -> str:
    """Return a list of rule packs."""
    return tabulate(
        [
            [law.id, law.version, law.title, len(law.parties), len(law.categories), law.sha256[:12]]
            for law in found
        ],
        headers=["Id", "Version", "Agreement", "Parties", "Categories", "SHA-256"],
        disable_numparse=True,
    )


def show(law: Agreement, section: str | None, as_of: date | None, format_: str) -> str:
    """Return a rule pack, or one section of it, for all time or for one day."""
    names = SECTIONS if section is None else (section,)
    content = {name: _SECTIONS[name](law, as_of) for name in names}
    if format_ == "json":
        head: dict[str, Any] = {
            "schema": SCHEMA,
            "agreement": {"id": law.id, "version": law.version, "sha256": law.sha256},
            "as_of": as_of.isoformat() if as_of else None,
        }
        return json.dumps({**head, **content}, indent=2, ensure_ascii=False)
    parts = [layout.title(f"{law.title} ({law.id} {law.version})", mark="=")]
    if section is None:
        parts.append(_head(law))
    parts += [
        f"{layout.title(name.capitalize())}\n\n{_set(rows)}" for name, rows in content.items()
    ]
    return "\n\n".join(parts)


def _head(law: Agreement) -> str:
    entries = [
        ("Signed", law.signed.isoformat()),
        ("In force", law.in_force.isoformat()),
        ("A figure speaks", f"for {law.current_months} months: {law.current_citation.short()}"),
        ("Extends", law.extends),
        ("Replaces", "; ".join(f"{r.path}: {r.old} -> {r.new}" for r in law.replaced)),
        ("SHA-256", law.sha256),
        *(
            (status.value, status.meaning)
            for status in LawStatus
            if status is not LawStatus.ASSUMED
        ),
    ]
    return (
        f"{layout.terms(entries)}\n\n{layout.wrap(law.note)}" if law.note else layout.terms(entries)
    )


def _set(rows: list[dict[str, Any]]) -> str:
    """Set short rows as a table and long ones as paragraphs."""
    if not rows:
        return "(none)"
    if any(isinstance(value, list) for row in rows for value in row.values()):
        return "\n\n".join(_paragraph(row) for row in rows)
    headers = [name.replace("_", " ") for name in rows[0]]
    lines = [[_cell(value) for value in row.values()] for row in rows]
    widths = [44 if name in _LONG else None for name in rows[0]]
    return tabulate(lines, headers=headers, disable_numparse=True, maxcolwidths=widths)


def _paragraph(row: dict[str, Any]) -> str:
    first, *rest = row.items()
    entries = [
        (name.replace("_", " "), _cell(value))
        for name, value in rest
        if not isinstance(value, list)
    ]
    parts = [str(first[1]), layout.terms(entries)]
    for _, value in rest:
        if isinstance(value, list):
            parts += [layout.item(str(line), indent="  ") for line in value]
    return "\n".join(part for part in parts if part)


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _period(period: Period | None) -> str:
    if period is None:
        return ""
    return f"{period.start} to {period.end}" if period.end else f"since {period.start}"


def _law(citation: Citation | None) -> dict[str, Any]:
    if citation is None:
        return {"status": None, "grade": None, "sources": None}
    return {
        "status": citation.status.value,
        "grade": citation.grade.value,
        "sources": ", ".join(source.id for source in citation.sources),
    }


def _on(period: Period, day: date | None) -> bool:
    return day is None or period.holds(day)


def _parties(law: Agreement, day: date | None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "id": party.id,
            "name": party.name if day is None else party.name_on(day),
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
            "name": party.name,
            "part_of": party.part_of or None,
            "party": f"not certain: {_period(gap.period)}",
            **_law(gap.citation),
        }
        for party in law.parties
        for gap in party.gaps
        if _on(gap.period, day)
    ]
    return rows


def _actors(law: Agreement, _day: date | None) -> list[dict[str, Any]]:
    return [
        {"id": a.id, "name": a.name, "wording": a.wording, **_law(a.citation)} for a in law.actors
    ]


def _ceilings(law: Agreement, day: date | None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "party": limit.party,
            "category": limit.category,
            "ceiling": cells.span(limit.value),
            "holds": _period(limit.period),
            "binding_from": limit.binding_from.isoformat(),
            **_law(limit.citation),
        }
        for limit in law.limits
        if _on(limit.period, day)
    ]
    rows += [
        {
            "party": ", ".join(gap.parties),
            "category": "all"
            if len(gap.categories) == len(law.categories)
            else ", ".join(gap.categories),
            "ceiling": "not known",
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
            "definition": f"{category.name}: {item.title} ({item.subcategory})",
            "only_if": "=".join(item.only_if) if item.only_if else None,
            "law": item.citation.short(),
            "tests": [
                *(criterion.text for criterion in item.criteria),
                *(f"not where {criterion.text}" for criterion in item.unless),
            ],
        }
        for category in law.categories
        for item in category.definitions
    ]


def _counting(law: Agreement, _day: date | None) -> list[dict[str, Any]]:
    return [
        {
            "status_of_holding": rule.status.value,
            "counted": "yes" if rule.counted else "no",
            "where": ", ".join(rule.categories) or "everywhere",
            "turns_on": f"{rule.question}={rule.accepting}" if rule.question else None,
            "text": rule.text,
            **_law(rule.citation),
        }
        for rule in law.counting
    ]


def _questions(law: Agreement, _day: date | None) -> list[dict[str, Any]]:
    return [
        {
            "question": f"{question.id}: {question.title}",
            "why open": question.why_open,
            "default": question.default
            + (f" (applied: {question.applied_because})" if question.applied else " (not applied)"),
            "law": question.citation.short(),
            "answers": [f"{reading.id}: {reading.text}" for reading in question.readings],
        }
        for question in law.questions
    ]


def _duties(law: Agreement, day: date | None) -> list[dict[str, Any]]:
    return [
        {
            "duty": item.title,
            "due": item.due,
            "text": item.text,
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
            "began": str(gap.began),
            "ended": str(gap.ended) if gap.ended else "not known",
            "text": gap.text,
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


_SECTIONS: dict[str, Callable[[Agreement, date | None], list[dict[str, Any]]]] = {
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
SECTIONS = tuple(_SECTIONS)
