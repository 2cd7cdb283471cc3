"""A small agreement built by hand, so that the tests of the engine depend on no rule pack."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import (
    Attribute,
    Category,
    Criterion,
    Definition,
    Op,
    Question,
    Reading,
)
from compliance.values.citation import Citation
from compliance.values.vocabulary import Grade, LawStatus

CITATION = Citation("A small agreement", "Art. 1", LawStatus.TEXT, Grade.A, ())


def _is(attribute: str, *values: float | bool | str) -> Criterion:
    op = Op.IS if len(values) == 1 else Op.IN
    return Criterion(attribute, op, values, f"{attribute} is {' or '.join(map(str, values))}")


def _number(attribute: str, op: Op, value: float) -> Criterion:
    return Criterion(attribute, op, (value,), f"{attribute} {op.value} {value:g}")


def _definition(
    id: str,
    category: str,
    *criteria: Criterion,
    unless: tuple[Criterion, ...] = (),
    only_if: tuple[str, str] | None = None,
) -> Definition:
    return Definition(id, category, id, f"Definition {id}", criteria, unless, only_if, CITATION)


def _category(id: str, *definitions: Definition) -> Category:
    return Category(id, id, id + "s", (), definitions, CITATION)


def _question(id: str, *readings: str) -> Question:
    return Question(
        id,
        id,
        "not decided",
        tuple(Reading(reading, reading, None) for reading in readings),
        readings[0],
        False,
        "",
        "",
        CITATION,
    )


KINDS = ("vehicle", "howitzer", "mortar", "aeroplane", "missile")

ATTRIBUTES = (
    Attribute("kind", "kind", "word", "", KINDS, ""),
    Attribute("weight_t", "weight", "number", "t", (), ""),
    Attribute("main_gun_mm", "main gun", "number", "mm", (), ""),
    Attribute("calibre_mm", "calibre", "number", "mm", (), ""),
    Attribute("armed", "armed", "yes_no", "", (), ""),
    Attribute("crewed", "crewed", "yes_no", "", (), ""),
    Attribute("trainer", "primary trainer", "yes_no", "", (), ""),
)

CATEGORIES = (
    _category(
        "battle_tank",
        _definition(
            "tank",
            "battle_tank",
            _is("kind", "vehicle"),
            _number("weight_t", Op.AT_LEAST, 16.5),
            _number("main_gun_mm", Op.AT_LEAST, 75),
        ),
    ),
    _category(
        "armoured_combat_vehicle",
        _definition(
            "heavy",
            "armoured_combat_vehicle",
            _is("kind", "vehicle"),
            _number("weight_t", Op.AT_LEAST, 6),
            _number("main_gun_mm", Op.AT_LEAST, 75),
        ),
    ),
    _category(
        "artillery",
        _definition(
            "above",
            "artillery",
            _is("kind", "howitzer", "mortar"),
            _number("calibre_mm", Op.ABOVE, 75),
        ),
        _definition(
            "exact",
            "artillery",
            _is("kind", "howitzer", "mortar"),
            _is("calibre_mm", 75.0),
            only_if=("exactly-75-mm", "included"),
        ),
    ),
    _category(
        "combat_aircraft",
        _definition(
            "crewed",
            "combat_aircraft",
            _is("kind", "aeroplane"),
            _is("armed", True),
            _is("crewed", True),
            unless=(_is("trainer", True),),
        ),
        _definition(
            "uncrewed",
            "combat_aircraft",
            _is("kind", "aeroplane"),
            _is("armed", True),
            _is("crewed", False),
            only_if=("armed-drones", "counted"),
        ),
    ),
)

SMALL = Agreement(
    id="small",
    version="1",
    title="A small agreement",
    short_title="small",
    signed=date(1996, 6, 14),
    in_force=date(1996, 6, 14),
    current_months=13,
    current_citation=CITATION,
    catalogue="",
    note="",
    extends="",
    sha256="",
    parties=(),
    actors=(),
    attributes=ATTRIBUTES,
    categories=CATEGORIES,
    limits=(),
    ceiling_gaps=(),
    counting=(),
    questions=(
        _question("exactly-75-mm", "included", "excluded"),
        _question("armed-drones", "outside", "counted"),
    ),
    obligations=(),
    reporting_gaps=(),
    replaced=(),
)

SILENT = replace(SMALL, id="silent", questions=())
"""The same agreement, which asks no question."""
