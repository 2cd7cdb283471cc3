"""Measurable properties of a piece of equipment, checked against what the agreement declares."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Attribute
from compliance.equipment.types import AttributeValue
from compliance.values.errors import InvalidInput, Problem
from compliance.values.names import did_you_mean, fold
from compliance.values.said import Said, english, said

_YES = frozenset({"yes", "y", "true"})
_NO = frozenset({"no", "n", "false"})


def attribute(agreement: Agreement, attribute_id: str) -> Attribute | None:
    """Return the declared attribute of that id, if there is one."""
    return next((item for item in agreement.attributes if item.id == attribute_id), None)


def resolve_attribute(agreement: Agreement, text: str) -> Attribute | None:
    """Return the attribute a person means: by id, by label, or by id without its unit."""
    wanted = fold(text)
    for item in agreement.attributes:
        if wanted in {fold(item.id), fold(item.label)}:
            return item
    short = [
        item
        for item in agreement.attributes
        if item.unit and fold(item.id.removesuffix(f"_{item.unit}")) == wanted
    ]
    return short[0] if len(short) == 1 else None


def check_value(attribute_id: str, value: AttributeValue, agreement: Agreement) -> str:
    """Return what is wrong with a value of an attribute, or nothing."""
    declared = attribute(agreement, attribute_id)
    if declared is None:
        return f"'{attribute_id}' is no attribute of '{agreement.id}'"
    match declared.kind:
        case "number":
            if isinstance(value, bool) or not isinstance(value, int | float):
                return f"'{value}' is no number"
            if not math.isfinite(value) or value < 0:
                return f"{value} is no measure: it must be finite and not below zero"
        case "yes_no":
            if not isinstance(value, bool):
                return f"'{value}' is neither yes nor no"
        case _:
            if not isinstance(value, str) or value not in declared.words:
                return f"'{value}' is no {declared.label} the agreement knows"
    return ""


def parse_attributes(
    given: Mapping[str, str], agreement: Agreement, *, place: str = "attributes"
) -> dict[str, AttributeValue]:
    """Read attributes as people write them: ``calibre`` = ``152 mm``, ``armed`` = ``yes``.

    Args:
        given: text by attribute id, label, or id without its unit.
        agreement: the agreement whose attributes are meant.
        place: where the attributes come from, for the messages.

    Raises:
        InvalidInput: with every attribute or value that cannot be used.
    """
    problems: list[Problem] = []
    result: dict[str, AttributeValue] = {}
    for name, text in given.items():
        declared = resolve_attribute(agreement, name)
        if declared is None:
            known = [item.id for item in agreement.attributes]
            problems.append(
                Problem(
                    place,
                    name,
                    f"'{name}' is no attribute of '{agreement.id}'",
                    "one of " + ", ".join(known),
                    did_you_mean(name, known),
                    value=text,
                )
            )
            continue
        value = _value(declared, text)
        defect = check_value(declared.id, value, agreement)
        if not defect and declared.id in result:
            defect = f"'{declared.id}' is given twice"
        if defect:
            problems.append(
                Problem(
                    place,
                    declared.id,
                    defect,
                    _expected(declared),
                    did_you_mean(text, declared.words),
                    value=text,
                )
            )
        else:
            result[declared.id] = value
    if problems:
        raise InvalidInput("the attributes cannot be used", problems)
    return result


def value_in_words(declared: Attribute, value: AttributeValue) -> Said:
    """Return a value for people: ``152 mm``, ``yes``, ``gun-howitzer``."""
    if isinstance(value, bool):
        return said("yes") if value else said("no")
    if isinstance(value, str):
        return english(value.replace("_", " "))
    # Written out unless it is very large or very small.
    text = f"{value:g}"
    number = text if "e" in text else Decimal(text)
    if declared.unit:
        return said("{number} {unit}", number=number, unit=declared.unit)
    return said("{number}", number=number)


def _value(declared: Attribute, text: str) -> AttributeValue:
    """Return the text as the attribute's kind, or as it stands where it is none."""
    plain = text.strip()
    if declared.kind == "yes_no":
        lowered = plain.casefold()
        return True if lowered in _YES else False if lowered in _NO else plain
    if declared.kind == "number":
        try:
            return float(plain.removesuffix(declared.unit).strip())
        except ValueError:
            return plain
    return next((word for word in declared.words if fold(word) == fold(plain)), plain)


def _expected(declared: Attribute) -> str:
    match declared.kind:
        case "number":
            return f"a number in {declared.unit}" if declared.unit else "a number"
        case "yes_no":
            return "yes or no"
        case _:
            return "one of " + ", ".join(declared.words)
