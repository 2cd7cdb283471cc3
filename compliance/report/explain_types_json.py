"""How a designation leads to a category, as plain values for JSON."""

from __future__ import annotations

from typing import Any

from compliance.assess.explained import TypeStep
from compliance.equipment.outcome import CriterionOutcome, DefinitionOutcome


def as_json(step: TypeStep) -> dict[str, Any]:
    """Return a type with its classification and every criterion tested."""
    item, found = step.item, step.classification
    return {
        "name": item.name,
        "found_by": dict(step.designations),
        "category": found.category or None,
        "question": found.question or None,
        "answer": found.answer or None,
        "readings": {reading.reading: reading.category for reading in item.readings},
        "basis": item.basis,
        "basis_meaning": item.basis_text,
        "listed_as": item.listed_as or None,
        "confidence": item.confidence,
        "reasons": list(found.reasons),
        "sources": list(item.sources),
        "definitions_say": step.result.says,
        "definitions": [_definition(outcome) for outcome in step.tests],
        "difference": step.difference or None,
    }


def _definition(outcome: DefinitionOutcome) -> dict[str, Any]:
    definition = outcome.definition
    return {
        "id": definition.id,
        "category": definition.category,
        "title": definition.title,
        "outcome": outcome.outcome.value,
        "criteria": [_criterion(test) for test in outcome.tests],
        "only_if": None if definition.only_if is None else "=".join(definition.only_if),
        "citation": definition.citation.as_json(),
    }


def _criterion(test: CriterionOutcome) -> dict[str, Any]:
    return {
        "attribute": test.criterion.attribute,
        "label": test.label,
        "test": test.criterion.text,
        "excludes": test.excludes,
        "value": test.value or None,
        "outcome": test.outcome.value,
    }
