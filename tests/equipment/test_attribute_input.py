"""Attributes as people give them."""

from __future__ import annotations

import pytest
from equipment_stub import SMALL

from compliance.equipment.attributes import parse_attributes, resolve_attribute, value_in_words
from compliance.values.errors import InvalidInput


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("calibre_mm", "152", {"calibre_mm": 152.0}),
        ("calibre", "152 mm", {"calibre_mm": 152.0}),
        ("Calibre", "82mm", {"calibre_mm": 82.0}),
        ("weight", "16.5 t", {"weight_t": 16.5}),
        ("kind", "Howitzer", {"kind": "howitzer"}),
        ("armed", "Yes", {"armed": True}),
        ("primary trainer", "no", {"trainer": False}),
    ],
)
def test_attributes_are_read_as_people_write_them(
    name: str, text: str, expected: dict[str, object]
) -> None:
    assert parse_attributes({name: text}, SMALL) == expected


def test_every_mistake_is_reported_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_attributes(
            {"calibr": "152", "kind": "howitser", "armed": "perhaps", "weight": "heavy"}, SMALL
        )
    problems = {p.where: p for p in caught.value.problems}
    assert set(problems) == {"calibr", "kind", "armed", "weight_t"}
    assert "calibre_mm" in problems["calibr"].suggestion
    assert "howitzer" in problems["kind"].suggestion
    assert problems["armed"].expected == "yes or no"
    assert problems["weight_t"].expected == "a number in t"
    assert problems["weight_t"].value == "heavy"


@pytest.mark.parametrize("text", ["nan", "inf", "-1", ""])
def test_a_measure_is_a_finite_number(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_attributes({"calibre_mm": text}, SMALL)
    assert len(caught.value.problems) == 1


def test_the_same_attribute_under_two_names_is_refused() -> None:
    with pytest.raises(InvalidInput, match="cannot be used") as caught:
        parse_attributes({"calibre": "120", "calibre_mm": "152"}, SMALL)
    assert "given twice" in caught.value.problems[0].message


def test_values_are_said_in_words() -> None:
    calibre = resolve_attribute(SMALL, "calibre")
    armed = resolve_attribute(SMALL, "armed")
    kind = resolve_attribute(SMALL, "kind")
    assert calibre is not None and armed is not None and kind is not None
    assert value_in_words(calibre, 76.2) == "76.2 mm"
    assert value_in_words(armed, False) == "no"
    assert value_in_words(kind, "gun_howitzer") == "gun howitzer"
