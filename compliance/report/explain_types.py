"""How a designation leads to a category, criterion by criterion; and what stands outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from compliance.assess.explained import Explanation, OutsideType, TypeStep
from compliance.equipment.outcome import CriterionOutcome, DefinitionOutcome, Outcome
from compliance.report import layout

_PLAIN = {Outcome.HOLDS: "met", Outcome.FAILS: "not met", Outcome.UNKNOWN: "not known"}
_EXCLUSION = {
    Outcome.HOLDS: "excluded",
    Outcome.FAILS: "not excluded",
    Outcome.UNKNOWN: "not known",
}


def of_type(
    step: TypeStep,
    category: str,
    indent: str,
    *,
    name: Callable[[str], str],
    everything: bool,
) -> list[str]:
    """Return the lines that lead from a designation to a category.

    Args:
        step: the type.
        category: the name of the category asked about, in a sentence.
        indent: before each line.
        name: names a category, or none, by its id.
        everything: print every criterion of every definition.
    """
    item, found = step.item, step.classification
    where = " or ".join(name(category) for category in found.categories)
    disputed = "" if found.settled else ", disputed"
    spelt = " / ".join(text for text, by in step.designations.items() if by != "name")
    lines = [
        layout.item(
            f"{item.name}{f' (written {spelt})' if spelt else ''}, in the catalogue: {where}"
            f"{disputed}. Basis: {item.basis_text}; grade {item.confidence}, "
            f"{item.confidence_text}.",
            indent=indent,
        )
    ]
    # The first reason repeats basis and grade.
    lines += [layout.item(reason, indent=indent) for reason in found.reasons[1:]]
    lines += against(step.tests, category, indent, everything=everything)
    if step.difference:
        lines.append(layout.item(f"The catalogue stands: {step.difference}", indent=indent))
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
        word = {
            Outcome.HOLDS: "Meets",
            Outcome.FAILS: "Does not meet",
            Outcome.UNKNOWN: "May meet",
        }[outcome.outcome]
        title = outcome.definition.title
        only = outcome.definition.only_if
        under = f", which applies only if {only[0]}={only[1]}" if only else ""
        law = f". Law: {outcome.definition.citation.short()}" if outcome in decided else ""
        lines.append(layout.item(f"{word} the definition '{title}'{under}{law}:", indent=indent))
        lines += [layout.item(criterion(test), indent=inner) for test in outcome.tests]
    if shown or not tests:
        return lines
    lines.append(
        layout.item(f"By its attributes, no definition of {category} is met:", indent=indent)
    )
    causes: dict[tuple[tuple[str, str], ...], list[DefinitionOutcome]] = {}
    for outcome in tests:
        cause = tuple((test.label, test.value) for test in outcome.decisive)
        causes.setdefault(cause, []).append(outcome)
    lines += [layout.item(_cause(missed), indent=inner) for missed in causes.values()]
    return lines


def _cause(missed: Sequence[DefinitionOutcome]) -> str:
    """Return what keeps a type out of definitions that miss it by the same attributes."""
    if any(len(outcome.decisive) != 1 or outcome.decisive[0].excludes for outcome in missed):
        tests = dict.fromkeys(criterion(t) for outcome in missed for t in outcome.decisive)
        titles = " and ".join(f"'{outcome.definition.title}'" for outcome in missed)
        return f"{'; '.join(tests)}. So not: {titles}."
    test = missed[0].decisive[0]
    asked = dict.fromkeys(outcome.decisive[0].criterion.text for outcome in missed)
    return f"[not met] {test.label}: {test.value}. Asked for: {'; or '.join(asked)}."


def criterion(test: CriterionOutcome) -> str:
    """Return one test, its value and how it came out."""
    words = _EXCLUSION if test.excludes else _PLAIN
    what = f"unless {test.criterion.text}" if test.excludes else test.criterion.text
    return f"[{words[test.outcome]}] {what} - {test.label}: {test.value or 'not known'}"


def outside(found: Explanation, *, everything: bool) -> str:
    """Return what is on record and counts in another category, or in none, and why."""
    parts: list[str] = []
    category = found.row.category_name.lower()
    if found.outside:
        parts.append(
            layout.wrap(
                "On record and in no limited category. A definition is met only where every "
                "criterion is: one that is not met is enough to keep a type out of it.",
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
                        "On record and in another category, where it is counted:", indent="  "
                    ),
                    *(
                        layout.item(f"{item.category_name}: {', '.join(item.types)}", indent="  ")
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
            f"{item.name}: {item.why} On record: {'; '.join(item.quantities)}. "
            f"Rows: {', '.join(item.refs)}.",
            indent="  ",
        )
    step = found.types.get(group[0].type_id)
    if step is not None:
        yield from against(step.tests, category, "    ", everything=everything)
