"""How a designation leads to a category, criterion by criterion; and what stands outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from compliance.assess.explained import Explanation, OutsideType, TypeStep
from compliance.assess.words import small
from compliance.equipment.outcome import CriterionOutcome, DefinitionOutcome, Outcome
from compliance.report import layout, phrases
from compliance.values.said import Said, english, joined, name, said

_PLAIN = {
    Outcome.HOLDS: said("met"),
    Outcome.FAILS: said("not met"),
    Outcome.UNKNOWN: said("not known"),
}
_EXCLUSION = {
    Outcome.HOLDS: said("excluded"),
    Outcome.FAILS: said("not excluded"),
    Outcome.UNKNOWN: said("not known"),
}


def of_type(
    step: TypeStep,
    category: str,
    indent: str,
    *,
    named: Callable[[str], str],
    everything: bool,
) -> list[str]:
    """Return the lines that lead from a designation to a category.

    Args:
        step: the type.
        category: the name of the category asked about, in a sentence.
        indent: before each line.
        named: names a category, or none, by its id.
        everything: print every criterion of every definition.
    """
    item, found = step.item, step.classification
    where = phrases.either([named(category) for category in found.categories])
    if not found.settled:
        where = said("{categories}, disputed", categories=where)
    spelt = " / ".join(text for text, by in step.designations.items() if by != "name")
    written = said("{type} (written {spelt})", type=item.name, spelt=spelt) if spelt else item.name
    lines = [
        layout.item(
            said(
                "{type}, in the catalogue: {categories}. Basis: {basis}; grade {grade}, {sure}.",
                type=written,
                categories=where,
                basis=english(item.basis_text),
                grade=item.confidence,
                sure=english(item.confidence_text),
            ),
            indent=indent,
        )
    ]
    # The first reason repeats basis and grade.
    lines += [layout.item(english(reason), indent=indent) for reason in found.reasons[1:]]
    lines += against(step.tests, category, indent, everything=everything)
    if step.difference:
        lines.append(
            layout.item(
                said("The catalogue stands: {why}", why=english(step.difference)), indent=indent
            )
        )
    return lines


def against(
    tests: Sequence[DefinitionOutcome], category: str, indent: str, *, everything: bool
) -> list[str]:
    """Return how the attributes of a type stand against the definitions of a category."""
    inner = f"{indent}  "
    decided = [test for test in tests if test.outcome is Outcome.HOLDS]
    shown = tests if everything or not all(t.outcome is Outcome.FAILS for t in tests) else ()
    lines: list[str] = []
    for outcome in shown:
        told = _met(outcome)
        if outcome.definition.only_if:
            condition = "=".join(outcome.definition.only_if)
            told = said("{met}, which applies only if {condition}", met=told, condition=condition)
        if outcome in decided:
            law = outcome.definition.citation.short()
            told = said("{met}. Law: {law}", met=told, law=law)
        lines.append(layout.item(said("{met}:", met=told), indent=indent))
        lines += [layout.item(criterion(test), indent=inner) for test in outcome.tests]
    if shown or not tests:
        return lines
    lines.append(
        layout.item(
            said("By its attributes, no definition of {category} is met:", category=category),
            indent=indent,
        )
    )
    causes: dict[tuple[tuple[str, str], ...], list[DefinitionOutcome]] = {}
    for outcome in tests:
        cause = tuple((test.label, test.value) for test in outcome.decisive)
        causes.setdefault(cause, []).append(outcome)
    lines += [layout.item(_cause(missed), indent=inner) for missed in causes.values()]
    return lines


def _met(outcome: DefinitionOutcome) -> Said:
    title = english(outcome.definition.title)
    if outcome.outcome is Outcome.HOLDS:
        return said("Meets the definition '{definition}'", definition=title)
    if outcome.outcome is Outcome.FAILS:
        return said("Does not meet the definition '{definition}'", definition=title)
    return said("May meet the definition '{definition}'", definition=title)


def _cause(missed: Sequence[DefinitionOutcome]) -> Said:
    """Return what keeps a type out of definitions that miss it by the same attributes."""
    if any(len(outcome.decisive) != 1 or outcome.decisive[0].excludes for outcome in missed):
        tests = dict.fromkeys(criterion(t) for outcome in missed for t in outcome.decisive)
        titles = [
            said("'{definition}'", definition=english(outcome.definition.title))
            for outcome in missed
        ]
        return said(
            "{tests}. So not: {definitions}.",
            tests=phrases.clauses(list(tests)),
            definitions=phrases.both(titles),
        )
    test = missed[0].decisive[0]
    asked = dict.fromkeys(outcome.decisive[0].criterion.text for outcome in missed)
    return said(
        "[not met] {attribute}: {value}. Asked for: {criteria}.",
        attribute=english(test.label),
        value=english(test.value),
        criteria=_alternatives([english(text) for text in asked]),
    )


def _alternatives(texts: Sequence[str]) -> Said:
    found = joined("", texts[:1])
    for text in texts[1:]:
        found = said("{first}; or {second}", first=found, second=text)
    return found


def criterion(test: CriterionOutcome) -> Said:
    """Return one test, its value and how it came out."""
    words = _EXCLUSION if test.excludes else _PLAIN
    what = english(test.criterion.text)
    return said(
        "[{outcome}] {criterion} - {attribute}: {value}",
        outcome=words[test.outcome],
        criterion=said("unless {criterion}", criterion=what) if test.excludes else what,
        attribute=english(test.label),
        value=english(test.value) if test.value else said("not known"),
    )


def outside(found: Explanation, *, everything: bool) -> str:
    """Return what is on record and counts in another category, or in none, and why."""
    parts: list[str] = []
    category = small(found.row.category_name)
    if found.outside:
        parts.append(
            layout.wrap(
                said(
                    "On record and in no limited category. A definition is met only where every "
                    "criterion is: one that is not met is enough to keep a type out of it."
                ),
                indent="  ",
            )
        )
    for group in _alike(found):
        parts.append("\n".join(_group(found, group, category, everything=everything)))
    if found.elsewhere:
        parts.append(
            "\n".join(
                [
                    layout.wrap(
                        said("On record and in another category, where it is counted:"),
                        indent="  ",
                    ),
                    *(
                        layout.item(
                            said(
                                "{category}: {types}",
                                category=name(item.category_name),
                                types=", ".join(item.types),
                            ),
                            indent="  ",
                        )
                        for item in found.elsewhere
                    ),
                ]
            )
        )
    return "\n\n".join(parts)


def _alike(found: Explanation) -> Iterable[list[OutsideType]]:
    """Group the types that the same criteria keep out, so that each cause is told once."""
    groups: dict[object, list[OutsideType]] = {}
    for item in found.outside:
        step = found.types.get(item.type_id)
        key = (step.tests, item.why) if step and step.classification.question else None
        groups.setdefault(key or (step.tests if step else item.name), []).append(item)
    return groups.values()


def _group(
    found: Explanation, group: list[OutsideType], category: str, *, everything: bool
) -> Iterable[str]:
    for item in group:
        yield layout.item(
            said(
                "{type}: {why} On record: {quantities}. Rows: {rows}.",
                type=item.name,
                why=item.why,
                quantities=phrases.clauses(item.quantities),
                rows=", ".join(item.refs),
            ),
            indent="  ",
        )
    step = found.types.get(group[0].type_id)
    if step is not None:
        yield from against(step.tests, category, "    ", everything=everything)
