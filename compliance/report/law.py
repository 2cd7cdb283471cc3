"""A rule pack for people and as JSON ``compliance.rules/1``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from compliance.agreement.law import Agreement
from compliance.report import layout, phrases
from compliance.report.language import speak
from compliance.report.law_rows import SECTIONS
from compliance.report.style import Style
from compliance.values.json_text import indented
from compliance.values.said import Said, english, name, said, said_many
from compliance.values.vocabulary import LawStatus

SCHEMA = "compliance.rules/1"

_LONG = ("sources", "title", "note", "text", "wording", "url")
_TITLES = {
    "parties": said("Parties"),
    "actors": said("Actors"),
    "ceilings": said("Ceilings"),
    "definitions": said("Definitions"),
    "counting": said("Counting"),
    "questions": said("Questions"),
    "duties": said("Duties"),
    "silences": said("Silences"),
    "sources": said("Sources"),
}
_HEADINGS = {
    "id": said("id"),
    "name": said("name"),
    "part_of": said("part of"),
    "party": said("party"),
    "status": said("status"),
    "grade": said("grade"),
    "sources": said("sources"),
    "wording": said("wording"),
    "category": said("category"),
    "ceiling": said("ceiling"),
    "holds": said("holds"),
    "binding_from": said("binding from"),
    "only_if": said("only if"),
    "law": said("law"),
    "status_of_holding": said("status of holding"),
    "counted": said("counted"),
    "where": said("where"),
    "turns_on": said("turns on"),
    "text": said("text"),
    "why open": said("why open"),
    "default": said("default"),
    "duty": said("duty"),
    "due": said("due"),
    "began": said("began"),
    "ended": said("ended"),
    "title": said("title"),
    "publisher": said("publisher"),
    "date": said("date"),
    "url": said("url"),
}


def packs(found: Sequence[Agreement]) -> str:
    """Return a list of rule packs."""
    headers = (
        said("Id"),
        said("Version"),
        said("Agreement"),
        said("Parties"),
        said("Categories"),
        "SHA-256",
    )
    lines = [
        [
            law.id,
            law.version,
            name(law.title),
            phrases.number(len(law.parties)),
            phrases.number(len(law.categories)),
            law.sha256[:12],
        ]
        for law in found
    ]
    return Style().table(headers, lines, ("left",) * len(headers))


def show(law: Agreement, section: str | None, as_of: date | None, format_: str) -> str:
    """Return a rule pack, or one section of it, for all time or for one day."""
    names = tuple(SECTIONS) if section is None else (section,)
    content = {key: SECTIONS[key](law, as_of) for key in names}
    if format_ == "json":
        head: dict[str, Any] = {
            "schema": SCHEMA,
            "agreement": {"id": law.id, "version": law.version, "sha256": law.sha256},
            "as_of": as_of.isoformat() if as_of else None,
        }
        return indented({**head, **content})
    parts = [layout.title(_title(law), mark="=")]
    if section is None:
        parts.append(_head(law))
    parts += [f"{layout.title(_TITLES[key])}\n\n{_set(rows)}" for key, rows in content.items()]
    return "\n\n".join(parts)


def _title(law: Agreement) -> Said:
    return said(
        "{agreement} ({id} {version})", agreement=name(law.title), id=law.id, version=law.version
    )


def _head(law: Agreement) -> str:
    entries: list[tuple[str, str]] = [
        (said("Signed"), phrases.day(law.signed)),
        (said("In force"), phrases.day(law.in_force)),
        (
            said("A figure speaks"),
            said_many(
                "for {count} month: {law}",
                "for {count} months: {law}",
                law.current_months,
                law=law.current_citation.short(),
            ),
        ),
        (said("Extends"), law.extends),
        (said("Replaces"), "; ".join(f"{r.path}: {r.old} -> {r.new}" for r in law.replaced)),
        ("SHA-256", law.sha256),
        *((status.word, status.meaning) for status in LawStatus if status is not LawStatus.ASSUMED),
    ]
    if not law.note:
        return layout.terms(entries)
    return f"{layout.terms(entries)}\n\n{layout.wrap(english(law.note))}"


def _set(rows: list[dict[str, Any]]) -> str:
    """Set short rows as a table and long ones as paragraphs."""
    if not rows:
        return speak(said("(none)"))
    if any(isinstance(value, list) for row in rows for value in row.values()):
        return "\n\n".join(_paragraph(row) for row in rows)
    headers = [_HEADINGS[key] for key in rows[0]]
    lines = [[_cell(value) for value in row.values()] for row in rows]
    widths = [44 if key in _LONG else None for key in rows[0]]
    return Style().table(headers, lines, ("left",) * len(headers), widths)


def _paragraph(row: dict[str, Any]) -> str:
    first, *rest = row.items()
    entries = [(_HEADINGS[key], _cell(value)) for key, value in rest if not isinstance(value, list)]
    parts = [speak(first[1]), layout.terms(entries)]
    for _, value in rest:
        if isinstance(value, list):
            parts += [layout.item(line, indent="  ") for line in value]
    return "\n".join(part for part in parts if part)


def _cell(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value)
