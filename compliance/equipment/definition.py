"""The three-valued test of attributes against an agreement's definitions."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Criterion, Definition, Op
from compliance.equipment.attributes import attribute, value_in_words
from compliance.equipment.outcome import (
    Alternative,
    CriterionOutcome,
    DefinitionOutcome,
    DefinitionResult,
    DefinitionVerdict,
    Outcome,
)
from compliance.equipment.types import AttributeValue
from compliance.values.frozen import frozen
from compliance.values.vocabulary import NONE_CATEGORY

__all__ = [
    "Alternative",
    "Answer",
    "CriterionOutcome",
    "DefinitionOutcome",
    "DefinitionResult",
    "DefinitionVerdict",
    "Outcome",
    "test",
]

Answer = Callable[[str], str | None]
"""What a reader, or the pack's applied default, answers to a question; ``None`` leaves it open."""

_Readings = tuple[tuple[str, str], ...]


@frozen
class _Walk:
    """The definitions in their order under one set of readings, up to the first that holds."""

    candidates: tuple[DefinitionOutcome, ...]

    @property
    def deciding(self) -> DefinitionOutcome | None:
        last = self.candidates[-1] if self.candidates else None
        return last if last is not None and last.outcome is Outcome.HOLDS else None

    @property
    def final(self) -> str:
        """The category where every definition not yet known turns out to fail."""
        return self.deciding.definition.category if self.deciding else NONE_CATEGORY

    @property
    def rivals(self) -> tuple[DefinitionOutcome, ...]:
        """Return the definitions that would give another category if they turned out to hold."""
        return tuple(o for o in self.candidates if o.definition.category != self.final)

    @property
    def categories(self) -> tuple[str, ...]:
        rivals = (item.definition.category for item in self.rivals)
        return tuple(dict.fromkeys((*rivals, self.final)))


def test(
    attributes: Mapping[str, AttributeValue], agreement: Agreement, answer: Answer | None = None
) -> DefinitionResult:
    """Test attributes against the definitions; the first that holds decides.

    A definition that is not known to fail leaves its category possible, so an earlier unknown
    definition and a later one that holds decide together only where they agree.

    Args:
        attributes: values by attribute id; what is absent is unknown, never false.
        agreement: the agreement that defines.
        answer: closes questions on which definitions depend; by default all stay open.
    """
    outcomes = tuple(
        _definition(definition, attributes, agreement)
        for category in agreement.categories
        for definition in category.definitions
    )
    questions = _questions(outcomes)
    choices = {question: _choices(question, outcomes, agreement, answer) for question in questions}
    walks = _walks(outcomes, choices)
    possible = tuple(dict.fromkeys(c for walk in walks.values() for c in walk.categories))
    assumed = tuple((q, options[0]) for q, options in choices.items() if len(options) == 1)
    if len(possible) == 1:
        deciding = next((walk.deciding for walk in walks.values() if walk.deciding), None)
        met = {item.definition.subcategory for walk in walks.values() for item in walk.candidates}
        return DefinitionResult(
            verdict=DefinitionVerdict.DECIDED,
            category=possible[0],
            subcategory=met.pop() if len(met) == 1 else "",
            possible=possible,
            deciding=deciding,
            assumed=assumed,
            outcomes=outcomes,
        )
    # A question matters where two answers to it, all else equal, lead to different categories.
    relevant = tuple(q for q in questions if _matters(q, walks))
    alternatives = dict.fromkeys(
        Alternative(tuple(pair for pair in readings if pair[0] in relevant), walk.categories)
        for readings, walk in walks.items()
    )
    certain = all(len(walk.categories) == 1 for walk in walks.values())
    unknown = (name for walk in walks.values() for rival in walk.rivals for name in rival.unknown)
    return DefinitionResult(
        verdict=DefinitionVerdict.DEPENDS if certain else DefinitionVerdict.CANNOT_TELL,
        possible=possible,
        missing=tuple(dict.fromkeys(unknown)),
        questions=relevant,
        alternatives=tuple(alternatives) if relevant else (),
        assumed=assumed,
        outcomes=outcomes,
    )


def _walks(
    outcomes: Iterable[DefinitionOutcome], choices: Mapping[str, list[str]]
) -> dict[_Readings, _Walk]:
    """Go through the definitions once for each set of readings."""
    combinations = itertools.product(*choices.values())
    every = (tuple(zip(choices, combination, strict=True)) for combination in combinations)
    return {readings: _walk(outcomes, dict(readings)) for readings in every}


def _matters(question: str, walks: Mapping[_Readings, _Walk]) -> bool:
    seen: dict[_Readings, tuple[str, ...]] = {}
    for readings, walk in walks.items():
        others = tuple(pair for pair in readings if pair[0] != question)
        if seen.setdefault(others, walk.categories) != walk.categories:
            return True
    return False


def _questions(outcomes: Iterable[DefinitionOutcome]) -> list[str]:
    """Return the questions that matter: of definitions that may apply and can still be reached."""
    found: list[str] = []
    for item in outcomes:
        if item.outcome is Outcome.FAILS:
            continue
        if item.definition.only_if is not None:
            found.append(item.definition.only_if[0])
        elif item.outcome is Outcome.HOLDS:
            break
    return list(dict.fromkeys(found))


def _choices(
    question_id: str,
    outcomes: Iterable[DefinitionOutcome],
    agreement: Agreement,
    answer: Answer | None,
) -> list[str]:
    """Return the readings to go through: the answer alone, or all."""
    given = answer(question_id) if answer is not None else None
    if given is not None:
        return [given]
    question = agreement.question(question_id)
    if question is not None:
        return [reading.id for reading in question.readings]
    conditions = (o.definition.only_if for o in outcomes if o.definition.only_if is not None)
    named = dict.fromkeys(reading for asked, reading in conditions if asked == question_id)
    return [*named, "otherwise"]


def _walk(outcomes: Iterable[DefinitionOutcome], readings: Mapping[str, str]) -> _Walk:
    candidates: list[DefinitionOutcome] = []
    for item in outcomes:
        condition = item.definition.only_if
        if condition is not None and readings.get(condition[0]) != condition[1]:
            continue
        if item.outcome is not Outcome.FAILS:
            candidates.append(item)
        if item.outcome is Outcome.HOLDS:
            break
    return _Walk(tuple(candidates))


def _definition(
    definition: Definition, attributes: Mapping[str, AttributeValue], agreement: Agreement
) -> DefinitionOutcome:
    tests = tuple(
        _criterion(criterion, attributes, agreement, excludes)
        for excludes, criteria in ((False, definition.criteria), (True, definition.unless))
        for criterion in criteria
    )
    if any(item.against for item in tests):
        outcome = Outcome.FAILS
    elif any(item.outcome is Outcome.UNKNOWN for item in tests):
        outcome = Outcome.UNKNOWN
    else:
        outcome = Outcome.HOLDS
    return DefinitionOutcome(definition, outcome, tests)


def _criterion(
    criterion: Criterion,
    attributes: Mapping[str, AttributeValue],
    agreement: Agreement,
    excludes: bool,
) -> CriterionOutcome:
    declared = attribute(agreement, criterion.attribute)
    label = declared.label if declared is not None else criterion.attribute
    value = attributes.get(criterion.attribute)
    if value is None:
        return CriterionOutcome(criterion, label, "", Outcome.UNKNOWN, excludes)
    words = value_in_words(declared, value) if declared is not None else str(value)
    outcome = Outcome.HOLDS if _holds(criterion, value) else Outcome.FAILS
    return CriterionOutcome(criterion, label, words, outcome, excludes)


def _holds(criterion: Criterion, value: AttributeValue) -> bool:
    if criterion.op in (Op.IS, Op.IN):
        return any(_same(value, wanted) for wanted in criterion.values)
    if isinstance(value, bool | str):
        return False
    limits = [float(v) for v in criterion.values if not isinstance(v, bool | str)]
    match criterion.op:
        case Op.AT_LEAST:
            return all(value >= limit for limit in limits)
        case Op.ABOVE:
            return all(value > limit for limit in limits)
        case _:
            return all(value < limit for limit in limits)


def _same(value: AttributeValue, wanted: AttributeValue) -> bool:
    """Compare without taking ``True`` for 1."""
    return isinstance(value, bool) == isinstance(wanted, bool) and value == wanted
