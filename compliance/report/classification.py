"""Where a type stands, for people and as JSON ``compliance.classify/1``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.equipment.classify import Classification
from compliance.equipment.outcome import DefinitionResult
from compliance.equipment.types import Ambiguous, Found
from compliance.report import layout
from compliance.values.vocabulary import NONE_CATEGORY

SCHEMA = "compliance.classify/1"


def listed(
    law: Agreement,
    match: Found,
    found: Classification,
    by_text: DefinitionResult,
    difference: str,
    readings: Readings,
    format_: str,
) -> str:
    """Return where a type of the catalogue stands.

    Args:
        law: the agreement.
        match: how the designation was found.
        found: the classification.
        by_text: what the definitions alone give for its attributes.
        difference: the recorded reason where the two differ; else empty.
        readings: the answers in force, to say whose they are.
        format_: ``table`` or ``json``.
    """
    item = match.type
    if format_ == "json":
        return _json(
            law,
            {
                "designation": item.name,
                "type": item.id,
                "found_by": match.by,
                "category": found.category or None,
                "subcategory": found.subcategory,
                "question": found.question or None,
                "answer": found.answer or None,
                "readings": {r.reading: r.category for r in item.readings},
                "default_reading": item.default_reading or None,
                "basis": found.basis,
                "confidence": found.confidence,
                "reasons": list(found.reasons),
                "sources": list(found.sources),
                "attributes": dict(item.attributes),
                "attributes_inferred": list(item.inferred),
                "definitions_say": by_text.says,
                "definition_reasons": list(by_text.reasons()),
                "difference": difference or None,
            },
        )
    entries = [("Category", _category(law, found))]
    if found.question:
        entries.append(("Turns on", _question(law, found, readings)))
    entries += [
        ("Subcategory", found.subcategory.replace("_", " ")),
        ("Basis", f"{item.basis} - {item.basis_text}"),
        ("How sure", f"grade {item.confidence} - {item.confidence_text}"),
        ("Found by", _found_by(match)),
        ("Also means", match.hint),
        ("Operators", ", ".join(_operator(o.party, o.note) for o in item.operators)),
    ]
    parts = [layout.title(item.name, mark="="), layout.terms(entries)]
    # The first of the reasons repeats basis and grade, which stand above.
    parts.append(_section("Why", found.reasons[1:]))
    parts.append(
        _section("By the definitions alone", (f"{_says(law, by_text)}.", *by_text.reasons()))
    )
    if difference:
        parts.append(layout.item(f"The catalogue stands all the same: {difference}"))
    parts.append(_section("Sources", found.sources))
    parts.append(
        layout.wrap(
            "Weights are combat weights where not said otherwise. Attributes for which no source "
            f"was consulted: {', '.join(item.inferred) or 'none'}. Operators are presence, not an "
            "inventory."
        )
    )
    return "\n\n".join(part for part in parts if part)


def tested(law: Agreement, designation: str, result: DefinitionResult, format_: str) -> str:
    """Return what the definitions give for attributes."""
    if format_ == "json":
        return _json(
            law,
            {
                "designation": designation or None,
                "type": None,
                "category": result.category or None,
                "subcategory": result.subcategory or None,
                "definitions_say": result.says,
                "definition_reasons": list(result.reasons()),
                "deciding": [test.sentence() for test in result.deciding_tests],
                "missing": list(result.missing),
                "questions": list(result.questions),
            },
        )
    entries = [
        ("Category", _says(law, result)),
        ("Subcategory", result.subcategory.replace("_", " ")),
        ("Decided by", "; ".join(test.sentence() for test in result.deciding_tests)),
        ("Basis", "the definitions, tested criterion by criterion"),
    ]
    if result.deciding is not None:
        entries.append(("Law", result.deciding.definition.citation.short()))
    parts = [layout.title(designation or "Type by its attributes", mark="="), layout.terms(entries)]
    parts.append(_section("Why", result.reasons()))
    return "\n\n".join(part for part in parts if part)


def alike(
    law: Agreement,
    designation: str,
    match: Ambiguous,
    found: Sequence[Classification],
    readings: Readings,
    format_: str,
) -> str:
    """Return where every type that a designation may mean stands: all in one category.

    Args:
        law: the agreement.
        designation: as it was given.
        match: what it may mean.
        found: where each of these stands.
        readings: the answers in force, to say whose they are.
        format_: ``table`` or ``json``.
    """
    category = found[0].category
    if format_ == "json":
        return _json(
            law,
            {
                "designation": designation,
                "type": None,
                "category": category,
                "note": match.note or None,
                "candidates": [
                    {
                        "type": item.type.id,
                        "name": item.type.name,
                        "question": item.question or None,
                        "answer": item.answer or None,
                        "reasons": list(item.reasons),
                    }
                    for item in found
                ],
            },
        )
    questions = dict.fromkeys(_question(law, item, readings) for item in found if item.question)
    entries = [
        ("Category", f"{_name(law, category)}, whichever it is"),
        ("Turns on", " ".join(questions)),
        ("May mean", "; ".join(item.type.name for item in found)),
    ]
    parts = [layout.title(designation, mark="="), layout.terms(entries)]
    # The first of the reasons is basis and grade, which belong to one type's own report.
    parts.append(
        _section("Why", tuple(f"{i.type.name}: {' '.join(i.reasons[1:])}".strip() for i in found))
    )
    if match.note:
        parts.append(layout.wrap(match.note))
    parts.append(
        layout.wrap(
            f'Each by itself, with its sources, as in: compliance classify "{found[0].type.name}". '
            "What is recorded needs the name of the type that is meant."
        )
    )
    return "\n\n".join(part for part in parts if part)


def ambiguous_text(law: Agreement, match: Ambiguous) -> str:
    """Return the question that an ambiguous designation raises, with what it may mean."""
    lines = [f"'{match.token}' may mean several things. {match.question}"]
    for candidate in match.candidates:
        category = _name(law, candidate.category) if candidate.category else "disputed"
        lines.append(f"  - {candidate.name} ({category})")
    lines += [f"  - {meaning} (not in the catalogue)" for meaning in match.other_meanings]
    if match.note:
        lines.append(f"  {match.note}")
    return "\n".join(lines)


def _category(law: Agreement, found: Classification) -> str:
    if found.settled:
        return _name(law, found.category)
    names = " or ".join(_name(law, category) for category in found.categories)
    return f"disputed: {names}"


def _question(law: Agreement, found: Classification, readings: Readings) -> str:
    question = law.question(found.question)
    title = question.title if question else "a question this agreement does not ask"
    if not found.answer:
        return f"{found.question} - {title} It is open."
    how = (
        "closed by you"
        if found.question in readings.closed
        else "the default, applied by the rule pack"
    )
    return f"{found.question} - {title} Read as '{found.answer}' ({how})."


def _found_by(match: Found) -> str:
    if match.by == "name":
        return ""
    if match.by == "alias":
        return f"the alias '{match.matched}'"
    return f"'{match.matched}'" + (f", leaving out '{match.left_out}'" if match.left_out else "")


def _operator(party: str, note: str) -> str:
    return f"{party} ({note})" if note else party


def _says(law: Agreement, result: DefinitionResult) -> str:
    if result.category:
        return _name(law, result.category)
    possible = " or ".join(_name(law, category) for category in result.possible)
    return f"{result.says}: {possible}"


def _name(law: Agreement, category_id: str) -> str:
    if category_id == NONE_CATEGORY:
        return "none: not limited"
    category = law.category(category_id)
    return f"{category.name.lower()} ({category_id})" if category else category_id


def _section(name: str, lines: tuple[str, ...]) -> str:
    if not lines:
        return ""
    return f"{name}:\n" + "\n".join(layout.item(line, indent="  ") for line in lines)


def _json(law: Agreement, content: dict[str, Any]) -> str:
    document = {
        "schema": SCHEMA,
        "agreement": {"id": law.id, "version": law.version, "sha256": law.sha256},
        **content,
    }
    return json.dumps(document, indent=2, ensure_ascii=False)
