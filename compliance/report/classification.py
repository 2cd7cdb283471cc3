"""Where a type stands, for people and as JSON ``compliance.classify/1``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.assess.words import small
from compliance.equipment.classify import Classification
from compliance.equipment.outcome import DefinitionResult
from compliance.equipment.types import Ambiguous, Found
from compliance.report import layout, phrases
from compliance.report.language import speak
from compliance.values.json_text import indented
from compliance.values.said import Said, english, joined, name, said
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
    entries: list[tuple[str, str]] = [(said("Category"), _category(law, found))]
    if found.question:
        entries.append((said("Turns on"), _question(law, found, readings)))
    entries += [
        (said("Subcategory"), _subcategory(found.subcategory)),
        (
            said("Basis"),
            said("{basis} - {text}", basis=item.basis, text=english(item.basis_text)),
        ),
        (
            said("How sure"),
            said(
                "grade {grade} - {text}",
                grade=item.confidence,
                text=english(item.confidence_text),
            ),
        ),
        (said("Found by"), _found_by(match)),
        (said("Also means"), english(match.hint)),
        (
            said("Operators"),
            joined(", ", [_operator(o.party, o.note) for o in item.operators]),
        ),
    ]
    parts = [layout.title(item.name, mark="="), layout.terms(entries)]
    # The first of the reasons repeats basis and grade, which stand above.
    parts.append(_section(said("Why:"), map(english, found.reasons[1:])))
    says = said("{category}.", category=_says(law, by_text))
    by_definitions = [says, *map(english, by_text.reasons())]
    parts.append(_section(said("By the definitions alone:"), by_definitions))
    if difference:
        stands = said("The catalogue stands all the same: {why}", why=english(difference))
        parts.append(layout.item(stands))
    parts.append(_section(said("Sources:"), found.sources))
    parts.append(
        layout.wrap(
            said(
                "Weights are combat weights where not said otherwise. Attributes for which no "
                "source was consulted: {attributes}. Operators are presence, not an inventory.",
                attributes=", ".join(item.inferred) or said("none"),
            )
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
    entries: list[tuple[str, str]] = [
        (said("Category"), _says(law, result)),
        (said("Subcategory"), _subcategory(result.subcategory)),
        (
            said("Decided by"),
            phrases.clauses([english(test.sentence()) for test in result.deciding_tests]),
        ),
        (said("Basis"), said("the definitions, tested criterion by criterion")),
    ]
    if result.deciding is not None:
        entries.append((said("Law"), result.deciding.definition.citation.short()))
    title = designation or said("Type by its attributes")
    parts = [layout.title(title, mark="="), layout.terms(entries)]
    parts.append(_section(said("Why:"), map(english, result.reasons())))
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
    entries: list[tuple[str, str]] = [
        (said("Category"), said("{category}, whichever it is", category=_name(law, category))),
        (said("Turns on"), phrases.sentences(questions)),
        (said("May mean"), "; ".join(item.type.name for item in found)),
    ]
    parts = [layout.title(designation, mark="="), layout.terms(entries)]
    # The first of the reasons is basis and grade, which belong to one type's own report.
    whys = [
        said(
            "{type}: {why}",
            type=item.type.name,
            why=phrases.sentences(map(english, item.reasons[1:])),
        )
        for item in found
    ]
    parts.append(_section(said("Why:"), whys))
    if match.note:
        parts.append(layout.wrap(english(match.note)))
    parts.append(
        layout.wrap(
            said(
                'Each by itself, with its sources, as in: compliance classify "{type}". What is '
                "recorded needs the name of the type that is meant.",
                type=found[0].type.name,
            )
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


def _category(law: Agreement, found: Classification) -> Said:
    if found.settled:
        return _name(law, found.category)
    names = phrases.either([_name(law, category) for category in found.categories])
    return said("disputed: {categories}", categories=names)


def _subcategory(text: str) -> Said:
    return name(text.replace("_", " "))


def _question(law: Agreement, found: Classification, readings: Readings) -> Said:
    question = law.question(found.question)
    asked = said(
        "{question} - {title}",
        question=found.question,
        title=english(question.title)
        if question
        else said("a question this agreement does not ask"),
    )
    if not found.answer:
        return phrases.sentences([asked, said("It is open.")])
    if found.question in readings.closed:
        how = said("Read as '{answer}' (closed by you).", answer=found.answer)
    else:
        how = said(
            "Read as '{answer}' (the default, applied by the rule pack).", answer=found.answer
        )
    return phrases.sentences([asked, how])


def _found_by(match: Found) -> str:
    if match.by == "name":
        return ""
    if match.by == "alias":
        return said("the alias '{alias}'", alias=match.matched)
    if match.left_out:
        return said(
            "'{matched}', leaving out '{left_out}'",
            matched=match.matched,
            left_out=match.left_out,
        )
    return f"'{match.matched}'"


def _operator(party: str, note: str) -> str:
    return said("{party} ({note})", party=party, note=english(note)) if note else party


def _says(law: Agreement, result: DefinitionResult) -> Said:
    if result.category:
        return _name(law, result.category)
    possible = phrases.either([_name(law, category) for category in result.possible])
    if result.questions:
        questions = ", ".join(result.questions)
        return said(
            "depends on {questions}: {categories}", questions=questions, categories=possible
        )
    return said("cannot tell: {categories}", categories=possible)


def _name(law: Agreement, category_id: str) -> Said:
    if category_id == NONE_CATEGORY:
        return said("none: not limited")
    category = law.category(category_id)
    if category is None:
        return name(category_id)
    return said("{category} ({id})", category=small(category.name), id=category_id)


def _section(heading: Said, lines: Iterable[str]) -> str:
    items = [layout.item(line, indent="  ") for line in lines]
    return "\n".join([speak(heading), *items]) if items else ""


def _json(law: Agreement, content: dict[str, Any]) -> str:
    document = {
        "schema": SCHEMA,
        "agreement": {"id": law.id, "version": law.version, "sha256": law.sha256},
        **content,
    }
    return indented(document)
