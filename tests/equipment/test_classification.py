"""Where a type stands under an agreement, with the reason."""

from __future__ import annotations

from dataclasses import replace

from equipment_stub import SILENT, SMALL

from compliance.equipment.catalogue import EquipmentType, Found
from compliance.equipment.classify import classification
from compliance.equipment.load import load
from compliance.resources import folder

CATALOGUE = load(folder("data") / "catalogue")


def item(designation: str) -> EquipmentType:
    match = CATALOGUE.find(designation)
    assert isinstance(match, Found)
    return match.type


def test_an_undisputed_type_is_settled_with_its_reasons() -> None:
    result = classification(item("Nora B-52"), SMALL)
    assert (result.category, result.subcategory) == ("artillery", "gun_howitzer")
    assert (result.basis, result.confidence) == ("definitional", "A")
    assert result.categories == ("artillery",)
    assert result.question == ""
    assert "Truck-mounted 155/52." in result.reasons
    assert any("grade A" in reason for reason in result.reasons)
    assert "b92.net 14 Feb 2024" in result.sources


def test_the_wording_of_the_list_is_given() -> None:
    result = classification(item("M-46"), SMALL)
    assert "The list's wording: 'M-46 Gun'." in result.reasons


def test_a_disputed_type_keeps_every_reading() -> None:
    result = classification(item("CH-92A"), SMALL)
    assert not result.settled
    assert result.question == "armed-drones"
    assert {r.reading: r.category for r in result.readings} == {
        "outside": "none",
        "counted": "combat_aircraft",
    }
    assert set(result.categories) == {"none", "combat_aircraft"}
    assert result.under("counted") == "combat_aircraft"


def test_an_answer_settles_it() -> None:
    result = classification(item("CH-92A"), SMALL, {"armed-drones": "counted"}.get)
    assert (result.category, result.answer) == ("combat_aircraft", "counted")
    assert any(r.startswith("Read as armed-drones = counted: ") for r in result.reasons)
    other = classification(item("CH-92A"), SMALL, {"exactly-75-mm": "included"}.get)
    assert not other.settled


def test_a_question_that_is_not_asked_stays_open_and_says_so() -> None:
    result = classification(item("CH-92A"), SILENT, {"armed-drones": "counted"}.get)
    assert not result.settled
    assert len(result.readings) == 2
    assert any("does not ask; every reading stays open" in reason for reason in result.reasons)


def test_an_answer_that_says_nothing_of_the_type_leaves_it_open() -> None:
    result = classification(item("CH-92A"), SMALL, {"armed-drones": "perhaps"}.get)
    assert not result.settled
    assert any("says nothing of this type" in reason for reason in result.reasons)


def test_a_category_that_the_agreement_does_not_limit_is_none() -> None:
    fewer = replace(SMALL, categories=SMALL.categories[:2])
    result = classification(item("Nora B-52"), fewer)
    assert result.category == "none"
    assert "'small' limits no category 'artillery'." in result.reasons
    drone = classification(item("CH-92A"), fewer)
    assert drone.category == "none"
