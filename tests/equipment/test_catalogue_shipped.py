"""The shipped catalogue, by itself and against the shipped rules."""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import replace

import pytest

from compliance.agreement.law import Agreement
from compliance.agreement.load import load as load_agreement
from compliance.equipment import definition
from compliance.equipment.attributes import parse_attributes
from compliance.equipment.catalogue import Catalogue, EquipmentType, Found
from compliance.equipment.checks import against
from compliance.equipment.classify import classification
from compliance.equipment.load import load
from compliance.resources import folder


@functools.cache
def catalogue() -> Catalogue:
    return load(folder("data") / "catalogue")


@functools.cache
def florence() -> Agreement:
    return load_agreement(folder("rules") / "florence-1996")


def item(designation: str) -> EquipmentType:
    match = catalogue().find(designation)
    assert isinstance(match, Found)
    return match.type


def test_all_types_are_there() -> None:
    types = catalogue().types
    assert len(types) == 239
    assert len({entry.id for entry in types}) == 239
    assert Counter(entry.category or "disputed" for entry in types) == {
        "battle_tank": 16,
        "armoured_combat_vehicle": 34,
        "artillery": 62,
        "combat_aircraft": 9,
        "attack_helicopter": 5,
        "none": 91,
        "disputed": 22,
    }


def test_every_type_has_sources_and_says_what_is_inferred() -> None:
    for entry in catalogue().types:
        assert entry.sources, entry.id
        assert entry.confidence in "ABCD"
        assert "kind" in entry.inferred, entry.id
        assert not (entry.disputed and entry.confidence == "A"), entry.id


def test_an_alias_taken_from_a_publication_is_an_alias() -> None:
    noted = [(entry, note) for entry in catalogue().types for note in entry.alias_notes]
    assert len(noted) > 20
    for entry, note in noted:
        alias, _, source = note.removeprefix("'").partition("': ")
        assert alias in entry.aliases
        assert source


def test_the_catalogue_and_the_rules_speak_of_the_same_things() -> None:
    assert florence().catalogue == catalogue().id
    assert against(catalogue(), florence()) == []


@pytest.mark.parametrize(
    ("designation", "category"),
    [
        ("Nora B-52 NG", "artillery"),
        ("PULS", "artillery"),
        ("82 mm M69", "artillery"),
        ("60 mm mortars", "none"),
        ("HQ-22", "none"),
        ("Javelin", "none"),
        ("BRDM-2MS", "none"),
        ("M-60P", "armoured_combat_vehicle"),
        ("Rafale", "combat_aircraft"),
        ("Mi-35M", "attack_helicopter"),
        ("Gazelle GAMA", "attack_helicopter"),
        ("T-55", "battle_tank"),
    ],
)
def test_well_known_types_stand_where_they_should(designation: str, category: str) -> None:
    assert classification(item(designation), florence()).category == category


@pytest.mark.parametrize(
    ("designation", "question", "default"),
    [
        ("CH-92A", "armed-drones", "none"),
        ("Bayraktar TB2", "armed-drones", "none"),
        ("G-4 Super Galeb", "combat-trainers", "combat_aircraft"),
        ("G-2 Galeb", "combat-trainers", "none"),
        ("M18 Hellcat", "tank-destroyers", "armoured_combat_vehicle"),
        ("M36 tank destroyer", "tank-destroyers", "battle_tank"),
        ("T-12", "anti-tank-guns", "none"),
        ("H145M", "armed-light-helicopters", "none"),
        ("Gazelle", "gazelle-versions", "none"),
        ("Kirpi", "protected-vehicles", "armoured_combat_vehicle"),
        ("MaxxPro", "protected-vehicles", "none"),
        ("M-80A KC", "command-versions", "armoured_combat_vehicle"),
        ("75 mm M1 pack howitzer", "exactly-75-mm", "artillery"),
        ("SM-4-1", "coastal-guns", "artillery"),
        ("M71 Partizan", "single-launchers", "none"),
    ],
)
def test_disputed_types_point_to_their_question(
    designation: str, question: str, default: str
) -> None:
    entry = item(designation)
    result = classification(entry, florence())
    assert (result.question, result.settled) == (question, False)
    assert result.under(entry.default_reading) == default
    for reading in result.readings:
        answered = classification(entry, florence(), {question: reading.reading}.get)
        assert answered.category == reading.category


def _computed_differences() -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in catalogue().types:
        says = definition.test(entry.attributes, florence()).says
        if not entry.disputed and says != entry.category:
            found[entry.id] = says
    return found


def test_where_the_definitions_differ_from_the_catalogue_is_recorded_exactly() -> None:
    recorded = {entry.type: entry.definitions_say for entry in catalogue().differences}
    assert _computed_differences() == recorded
    assert all(entry.reason for entry in catalogue().differences)


@pytest.mark.parametrize(
    ("given", "category", "deciding"),
    [
        ({"calibre": "152", "kind": "howitzer"}, "artillery", {"kind", "calibre_mm"}),
        ({"calibre": "82 mm", "kind": "mortar"}, "artillery", {"kind", "calibre_mm"}),
        ({"calibre": "60 mm", "kind": "mortar"}, "none", {"calibre_mm"}),
        ({"kind": "anti_aircraft_missile"}, "none", {"kind"}),
        ({"kind": "loitering_munition"}, "none", {"kind"}),
    ],
)
def test_attributes_of_an_unlisted_type_decide_and_say_why(
    given: dict[str, str], category: str, deciding: set[str]
) -> None:
    result = definition.test(parse_attributes(given, florence()), florence())
    assert result.says == category
    assert {test.criterion.attribute for test in result.deciding_tests} == deciding


def test_a_tank_by_its_numbers() -> None:
    numbers = {
        "kind": "armoured_vehicle",
        "drive": "tracked",
        "weight": "46 t",
        "main_gun": "120",
        "turret_360": "yes",
    }
    assert definition.test(parse_attributes(numbers, florence()), florence()).says == "battle_tank"
    light = definition.test(
        parse_attributes({**numbers, "weight": "14 t", "carries_squad": "no"}, florence()),
        florence(),
    )
    assert light.category != "battle_tank"
    assert "weight_t" in {t.criterion.attribute for o in light.nearest for t in o.failing}


def test_what_the_rules_do_not_know_is_named() -> None:
    def lines(agreement: Agreement) -> list[str]:
        return [f"{p.severity}: {p.line()}" for p in against(catalogue(), agreement)]

    rules = florence()
    fewer = replace(rules, categories=rules.categories[1:])
    assert any("'battle_tank' is no category" in line for line in lines(fewer))
    narrower = replace(rules, attributes=tuple(a for a in rules.attributes if a.id != "drive"))
    assert any("'drive' is no attribute" in line for line in lines(narrower))
    silent = replace(rules, questions=())
    assert all(line.startswith("warning: ") for line in lines(silent))
    assert len(lines(silent)) == 22
    drones = replace(
        rules,
        questions=tuple(
            replace(q, readings=q.readings[:1]) if q.id == "armed-drones" else q
            for q in rules.questions
        ),
    )
    assert len([line for line in lines(drones) if "no reading of 'armed-drones'" in line]) == 5
