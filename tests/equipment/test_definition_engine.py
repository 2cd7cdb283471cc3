"""The three-valued test of attributes against definitions, on a small agreement."""

from __future__ import annotations

from dataclasses import replace

import pytest
from equipment_stub import SILENT, SMALL
from hypothesis import given
from hypothesis import strategies as st

from compliance.equipment import definition
from compliance.equipment.definition import DefinitionVerdict, Outcome

TANK = {"kind": "vehicle", "weight_t": 40.0, "main_gun_mm": 125.0}
DRONE = {"kind": "aeroplane", "armed": True, "crewed": False}


def test_the_first_definition_that_holds_decides() -> None:
    result = definition.test(TANK, SMALL)
    assert result.verdict is DefinitionVerdict.DECIDED
    assert (result.category, result.subcategory) == ("battle_tank", "tank")
    assert result.deciding is not None
    assert result.deciding.definition.id == "tank"
    assert [t.criterion.attribute for t in result.deciding_tests] == [
        "kind",
        "weight_t",
        "main_gun_mm",
    ]
    assert result.reasons()[0] == "Meets the definition 'Definition tank'."


def test_a_light_vehicle_is_kept_out_of_the_tanks_by_its_weight() -> None:
    result = definition.test({**TANK, "weight_t": 14.0}, SMALL)
    assert result.category == "armoured_combat_vehicle"
    (missed,) = result.nearest
    assert missed.definition.id == "tank"
    assert [t.criterion.attribute for t in missed.failing] == ["weight_t"]
    assert "Weight: 14 t; this keeps it out of 'Definition tank'." in result.reasons()


def test_kind_and_calibre_are_enough_for_a_howitzer() -> None:
    result = definition.test({"kind": "howitzer", "calibre_mm": 152.0}, SMALL)
    assert result.category == "artillery"
    assert [t.sentence() for t in result.deciding_tests] == [
        "kind: howitzer; the test 'kind is howitzer or mortar' is met",
        "calibre: 152 mm; the test 'calibre_mm above 75' is met",
    ]


def test_a_calibre_alone_cannot_tell_and_names_what_would() -> None:
    result = definition.test({"calibre_mm": 152.0}, SMALL)
    assert result.verdict is DefinitionVerdict.CANNOT_TELL
    assert result.says == "cannot tell"
    assert set(result.possible) == {
        "battle_tank",
        "armoured_combat_vehicle",
        "artillery",
        "combat_aircraft",
        "none",
    }
    assert "kind" in result.missing
    assert "calibre_mm" not in result.missing


def test_an_unknown_earlier_definition_leaves_both_categories_possible() -> None:
    heavy = replace(SMALL.categories[1].definitions[0], criteria=())
    always = replace(
        SMALL,
        categories=(SMALL.categories[0], replace(SMALL.categories[1], definitions=(heavy,))),
    )
    result = definition.test({"kind": "vehicle", "main_gun_mm": 90.0}, always)
    assert result.verdict is DefinitionVerdict.CANNOT_TELL
    assert result.possible == ("battle_tank", "armoured_combat_vehicle")
    assert result.missing == ("weight_t",)


def test_an_unknown_earlier_definition_of_the_same_category_does_not_matter() -> None:
    artillery = SMALL.categories[2]
    above, _ = artillery.definitions
    anything = replace(above, id="any", subcategory="any", criteria=above.criteria[:1])
    both = replace(SMALL, categories=(replace(artillery, definitions=(above, anything)),))
    result = definition.test({"kind": "mortar"}, both)
    assert result.category == "artillery"
    assert result.subcategory == ""
    alone = replace(SMALL, categories=(replace(artillery, definitions=(above,)),))
    assert definition.test({"kind": "mortar"}, alone).verdict is DefinitionVerdict.CANNOT_TELL


def test_none_says_on_what_the_nearest_definitions_fail() -> None:
    result = definition.test({"kind": "howitzer", "calibre_mm": 60.0}, SMALL)
    assert result.category == "none"
    assert result.deciding is None
    assert [t.criterion.attribute for t in result.deciding_tests] == ["calibre_mm"] * 2
    assert "Meets no definition." in result.reasons()


def test_a_missile_is_none_whatever_else_is_unknown() -> None:
    result = definition.test({"kind": "missile"}, SMALL)
    assert result.category == "none"
    assert result.missing == ()
    assert {t.criterion.attribute for t in result.deciding_tests} == {"kind"}
    assert "Kind: missile; this keeps it out of every definition." in result.reasons()


def test_a_condition_makes_the_answer_depend_on_the_question() -> None:
    result = definition.test(DRONE, SMALL)
    assert result.verdict is DefinitionVerdict.DEPENDS
    assert result.says == "depends on armed-drones"
    assert {a.readings[0][1]: a.categories for a in result.alternatives} == {
        "outside": ("none",),
        "counted": ("combat_aircraft",),
    }


@pytest.mark.parametrize(
    ("answer", "category"), [("outside", "none"), ("counted", "combat_aircraft")]
)
def test_an_answer_closes_the_question_and_is_named(answer: str, category: str) -> None:
    result = definition.test(DRONE, SMALL, {"armed-drones": answer}.get)
    assert result.category == category
    assert result.assumed == (("armed-drones", answer),)
    assert f"Read with armed-drones = {answer}." in result.reasons()


def test_a_question_the_agreement_does_not_ask_stays_open() -> None:
    result = definition.test(DRONE, SILENT)
    assert result.verdict is DefinitionVerdict.DEPENDS
    assert [a.readings for a in result.alternatives] == [
        (("armed-drones", "counted"),),
        (("armed-drones", "otherwise"),),
    ]


def test_a_question_that_changes_nothing_is_not_named() -> None:
    result = definition.test(
        {
            "kind": "howitzer",
            "calibre_mm": 75.0,
        },
        SMALL,
    )
    assert result.questions == ("exactly-75-mm",)
    unarmed = definition.test({**DRONE, "armed": False}, SMALL)
    assert unarmed.category == "none"
    assert unarmed.questions == ()


def test_an_exclusion_keeps_out_and_an_unknown_one_leaves_it_open() -> None:
    fighter = {"kind": "aeroplane", "armed": True, "crewed": True}
    assert definition.test({**fighter, "trainer": False}, SMALL).category == "combat_aircraft"
    trainer = definition.test({**fighter, "trainer": True}, SMALL)
    assert trainer.category == "none"
    assert any(t.excludes and t.against for t in trainer.deciding_tests)
    open_result = definition.test(fighter, SMALL)
    assert open_result.verdict is DefinitionVerdict.CANNOT_TELL
    assert open_result.missing == ("trainer",)


def test_true_is_not_the_number_one() -> None:
    outcome = definition.test({"kind": "aeroplane", "armed": 1.0, "crewed": True}, SMALL)
    armed = next(
        t
        for o in outcome.outcomes
        if o.definition.id == "crewed"
        for t in o.tests
        if t.criterion.attribute == "armed"
    )
    assert armed.outcome is Outcome.FAILS


@pytest.mark.parametrize(
    ("weight", "category"),
    [
        (16.5, "battle_tank"),
        (16.49, "armoured_combat_vehicle"),
        (6.0, "armoured_combat_vehicle"),
        (5.99, "none"),
    ],
)
def test_the_thresholds_include_their_own_value(weight: float, category: str) -> None:
    assert definition.test({**TANK, "weight_t": weight}, SMALL).category == category


_ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(SMALL.attributes[0].words),
        "weight_t": st.sampled_from([1.0, 10.0, 30.0]),
        "main_gun_mm": st.sampled_from([12.7, 90.0]),
        "calibre_mm": st.sampled_from([60.0, 75.0, 152.0]),
        "armed": st.booleans(),
        "crewed": st.booleans(),
        "trainer": st.booleans(),
    },
)
_MORE = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(SMALL.attributes[0].words),
        "weight_t": st.sampled_from([1.0, 10.0, 30.0]),
        "main_gun_mm": st.sampled_from([12.7, 90.0]),
        "calibre_mm": st.sampled_from([60.0, 75.0, 152.0]),
        "armed": st.booleans(),
        "crewed": st.booleans(),
        "trainer": st.booleans(),
    }
)


@given(_ATTRIBUTES, _MORE)
def test_learning_more_never_leaves_what_was_possible(
    known: dict[str, float | bool | str], rest: dict[str, float | bool | str]
) -> None:
    before = definition.test(known, SMALL)
    after = definition.test({**rest, **known}, SMALL)
    assert set(after.possible) <= set(before.possible)
    assert after.verdict is not DefinitionVerdict.CANNOT_TELL


@given(_MORE, st.sampled_from(["included", "excluded"]), st.sampled_from(["outside", "counted"]))
def test_an_answer_gives_what_its_alternative_announced(
    known: dict[str, float | bool | str], exact: str, drones: str
) -> None:
    answers = {"exactly-75-mm": exact, "armed-drones": drones}
    before = definition.test(known, SMALL)
    after = definition.test(known, SMALL, answers.get)
    assert after.verdict is DefinitionVerdict.DECIDED
    announced = [
        a.categories for a in before.alternatives if all(answers[q] == r for q, r in a.readings)
    ]
    assert (announced or [before.possible]) == [(after.category,)]
