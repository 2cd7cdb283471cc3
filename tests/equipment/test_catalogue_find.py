"""Finding a type by designation in the shipped catalogue."""

from __future__ import annotations

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.agreement.law import Agreement
from compliance.agreement.load import load as load_agreement
from compliance.equipment.catalogue import Ambiguous, Catalogue, Found, Unknown
from compliance.equipment.classify import whichever
from compliance.equipment.load import load
from compliance.resources import folder


@functools.cache
def catalogue() -> Catalogue:
    return load(folder("data") / "catalogue")


@functools.cache
def agreement() -> Agreement:
    return load_agreement(folder("rules") / "florence-1996")


def found(designation: str) -> Found:
    match = catalogue().find(designation)
    assert isinstance(match, Found), match
    return match


def candidates(designation: str) -> set[str]:
    match = catalogue().find(designation)
    assert isinstance(match, Ambiguous), match
    return {item.id for item in match.candidates}


@pytest.mark.parametrize(
    ("designation", "type_id", "by"),
    [
        ("Nora B-52", "nora-b-52", "name"),
        ("nora b52 ng", "nora-b-52-ng", "name"),
        ("Nora B-52 NG/M15 155 mm SP", "nora-b-52", "alias"),
        ("M-84", "m-84", "name"),
        ("M-84 / M-84A/AB", "m-84", "part"),
        ("M-84 Nora", "152-mm-m-84-nora-a", "alias"),
        ("M-84 (152 mm)", "152-mm-m-84-nora-a", "alias"),
        ("M-84 (125 mm)", "m-84", "part"),
        ("T-72B1MS 'White Eagle'", "t-72b1ms", "alias"),
        ("T-72B1MS “Beli soko”", "t-72b1ms", "part"),
        ("T-72M/M1 (legacy)", "t-72m", "part"),
        ("Leopard 2A4HRV", "leopard-2a4", "alias"),
        ("M2A2 ODS Bradley", "m2a2-bradley", "alias"),
        ("Lazar 3 8x8", "lazar-3-12-7-mm", "alias"),
        ("M113 APC", "m113a2", "alias"),
        ("BOV-1 M83", "bov-1-polo", "alias"),
        ("Miloš", "milos-bov-m16", "alias"),
        ("Milos II 4x4", "milos-bov-m16", "alias"),
        ("Kirpi MRAP", "bmc-kirpi", "alias"),
        ("JLTV 4x4", "oshkosh-l-atv", "alias"),
        ("M1117 ASV", "m1117-asv", "name"),
        ("PzH 2000", "pzh-2000", "name"),
        ("CAESAR 6x6 Mk2", "caesar-155-mm", "alias"),
        ("PULS rocket launcher", "puls", "alias"),
        (
            "120 mm vehicle-mounted mortar (Elbit Spear class)",
            "120-mm-spear-vehicle-mortar",
            "part",
        ),
        ("T-12/MT-12", "100-mm-t-12-mt-12", "part"),
        ("MiG-29SM/UB", "mig-29", "alias"),
        ("MiG-21bisD/UMD", "mig-21", "alias"),
        ("Rafale F3-R", "dassault-rafale", "alias"),
        ("J-22 Orao (ex-VRS)", "j-22-orao", "part"),
        ("G-4 Super Galeb (ex-VRS)", "g-4-super-galeb", "part"),
        ("Mi-35P (ex-Cyprus)", "mi-35p", "part"),
        ("H145M with HForce", "h145m", "alias"),
        ("UH-1H-II Huey II", "uh-1h-huey", "alias"),
        ("SA341/342 Gazelle", "gazelle-ho-42-hi-42-hera-no-guided-weapons", "alias"),
        ("CH-92A", "ch-92a", "name"),
        ("RQ-20 Puma LE", "rq-20-puma", "alias"),
        ("HQ-22", "hq-22-fk-3", "alias"),
        ("FK-3 (HQ-22) SAM", "hq-22-fk-3", "alias"),
        ("Javelin", "fgm-148-javelin", "alias"),
    ],
)
def test_designations_as_the_sources_write_them(designation: str, type_id: str, by: str) -> None:
    match = found(designation)
    assert (match.type.id, match.by) == (type_id, by)


def test_a_partial_find_says_what_it_left_out() -> None:
    match = found("Mi-35P (ex-Cyprus)")
    assert (match.matched, match.left_out) == ("Mi-35P", "ex-Cyprus")
    assert found("Mi-35P").left_out == ""


def test_a_watched_designation_comes_with_its_hint() -> None:
    assert "Nora-A" in found("M-84").hint
    assert "Nora-A" in found("m 84 (active)").hint
    assert found("M-84AS").hint == ""


@pytest.mark.parametrize(
    ("token", "some"),
    [
        ("M-60", {"m60a3", "m-60p", "82-mm-m60-m79-recoilless-gun"}),
        ("m60", {"m60a3", "m-60p"}),
        ("M-48", {"76-mm-m48-b-1-mountain-gun"}),
        ("M-18", {"m18-hellcat", "105-mm-m18-61", "lrsvm-m-18-oganj"}),
        ("M-56", {"105-mm-m56"}),
        ("M-65", {"155-mm-m65", "105-mm-m65-recoilless-gun"}),
        ("M-87", {"m-87-orkan", "100-mm-topaz"}),
        ("M-94", {"m-94-plamen-s", "122-mm-d-30"}),
        ("M-91", {"m91-vulkan", "rak-12"}),
        ("M-20", {"m-20-mrap", "75-mm-m20-recoilless-gun"}),
        ("M-59", {"155-mm-m59-long-tom"}),
        ("M1", {"155-mm-m1-m114", "75-mm-m1-pack-howitzer"}),
        ("M2", {"m2a2-bradley", "m2-m3-half-track"}),
        ("BOV", {"bov-vp", "bov-1-polo", "bov-3"}),
        ("M-60 (stored)", {"m60a3", "m-60p"}),
    ],
)
def test_an_ambiguous_token_asks(token: str, some: set[str]) -> None:
    assert some <= candidates(token)


def test_a_meaning_without_an_entry_is_named() -> None:
    match = catalogue().find("M-48")
    assert isinstance(match, Ambiguous)
    assert any("Patton" in meaning for meaning in match.other_meanings)
    assert whichever(match, agreement()) == ()


def test_several_types_in_one_designation_ask() -> None:
    assert candidates("Bell 412EPI / Bell 505") == {"bell-412", "bell-505"}
    match = catalogue().find("M-84/M-84A4")
    assert isinstance(match, Ambiguous)
    assert [item.category for item in whichever(match, agreement())] == ["battle_tank"] * 2


def test_several_types_are_alike_under_the_answer_that_is_in_force() -> None:
    match = catalogue().find("combat drones from China")
    assert isinstance(match, Ambiguous)
    for answer, category in (("outside", "none"), ("counted", "combat_aircraft")):
        found = whichever(match, agreement(), {"armed-drones": answer}.get)
        assert [(item.type.id, item.category) for item in found] == [
            ("ch-92a", category),
            ("ch-95", category),
        ]
    assert whichever(match, agreement()) == (), "open, so that nothing is settled"


def test_an_aside_that_names_another_version_asks() -> None:
    assert candidates("M-80A (ambulance)") == {"m-80a-bvp", "m-80a-sn-ambulance"}
    assert candidates("Gazelle (GAMA 2)") >= {"gazelle-gama-hn-42m-hn-45m"}


def test_an_aside_with_another_calibre_is_not_guessed_away() -> None:
    match = catalogue().find("Lazar 3 (20 mm)")
    assert isinstance(match, Unknown)
    assert "Lazar 3 (12.7 mm)" in match.near


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Leopard 2A9", "Leopard 2A8"),
        ("Gvozdikka", "Gvozdika"),
        ("Kiowa", "OH-58D Kiowa Warrior"),
        ("T-55 / any tank", "T-55"),
    ],
)
def test_an_unknown_designation_offers_what_is_near(text: str, near: str) -> None:
    match = catalogue().find(text)
    assert isinstance(match, Unknown)
    assert near in match.near


@pytest.mark.parametrize("text", ["", "???", "zzzz qqqq xxxx", "tank"])
def test_nothing_is_guessed(text: str) -> None:
    assert isinstance(catalogue().find(text), Unknown)


_NAMES = [(item.id, name) for item in catalogue().types for name in item.names]


def test_every_name_and_alias_finds_its_own_type() -> None:
    for type_id, name in _NAMES:
        assert found(name).type.id == type_id
    for item in catalogue().types:
        assert found(item.name).by == "name"


@given(st.sampled_from(_NAMES), st.data())
def test_case_spacing_and_punctuation_do_not_matter(
    pair: tuple[str, str], data: st.DataObject
) -> None:
    type_id, name = pair
    written = ""
    for letter in name:
        if letter in " -./":
            letter = data.draw(st.sampled_from(["", " ", "-", ".", "_", "\u00a0", "\u2013"]))
        written += data.draw(st.sampled_from([letter.lower(), letter.upper(), letter]))
    assert found(written).type.id == type_id
