"""Loading a catalogue folder: strict, and every defect in one run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from compliance.equipment.catalogue import Catalogue, EquipmentType
from compliance.equipment.load import load
from compliance.resources import folder
from compliance.values.errors import InvalidInput

HEAD = """
id = "test"
version = "1"
title = "A test catalogue"
note = "none"

[[basis]]
id = "listed"
text = "named in the list"

[[grade]]
id = "A"
text = "named"

[[ambiguous]]
token = "M-60"
question = "Which?"
candidates = ["tank-one", "tank-two"]

[[watch]]
token = "One"
type = "tank-one"
hint = "or another"
"""

TYPES = """
[[type]]
id = "tank-one"
name = "Tank 1"
aliases = ["One"]
category = "battle_tank"
subcategory = "mbt"
basis = "listed"
confidence = "A"
sources = ["a book"]
inferred = ["kind"]

[type.attributes]
kind = "armoured_vehicle"
weight_t = 40

[[type]]
id = "tank-two"
name = "Tank 2"
question = "open"
default_reading = "out"
subcategory = "mbt"
basis = "listed"
confidence = "A"
sources = ["a book"]

[type.readings]
out = "none"
in = "battle_tank"

[type.reading_reasons]
out = "It is out."
in = "It is in."
"""

DIFFERENCES = """
[[difference]]
type = "tank-one"
definitions_say = "none"
reason = "the list prevails"
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def _write(
        head: str = HEAD, types: str = TYPES, differences: str = DIFFERENCES, **more: str
    ) -> Path:
        (tmp_path / "catalogue.toml").write_text(head, encoding="utf-8")
        (tmp_path / "tanks.toml").write_text(types, encoding="utf-8")
        (tmp_path / "differences.toml").write_text(differences, encoding="utf-8")
        for name, text in more.items():
            (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return _write


def test_a_valid_folder_loads(write: Callable[..., Path]) -> None:
    catalogue = load(write())
    assert [item.id for item in catalogue.types] == ["tank-one", "tank-two"]
    one = catalogue.type("tank-one")
    assert one is not None
    assert one.attributes == {"kind": "armoured_vehicle", "weight_t": 40.0}
    assert one.basis_text == "named in the list"
    assert not one.disputed
    difference = catalogue.difference("tank-one")
    assert difference is not None and difference.definitions_say == "none"
    assert hash(one) == hash(load(write()).type("tank-one"))


@pytest.mark.parametrize(
    ("where", "old", "new", "message", "suggestion"),
    [
        ("types", "basis = ", "bases = ", "unknown key 'bases'", "did you mean 'basis'"),
        ("types", 'confidence = "A"', 'confidence = "Z"', "'Z' is not declared", ""),
        ("types", 'basis = "listed"', 'basis = "listd"', "'listd' is not declared", "'listed'"),
        ("types", 'id = "tank-two"', 'id = "tank-one"', "used twice", ""),
        ("types", 'name = "Tank 2"', 'name = "o-n-e"', "also a name of 'tank-one'", ""),
        ("types", 'name = "Tank 2"', 'name = "M 60"', "is also a name of 'tank-two'", ""),
        ("types", 'name = "Tank 2"', 'name = "--"', "holds no letter or digit", ""),
        ("types", 'category = "battle_tank"\n', "", "both a category and a question, or ne", ""),
        ("types", 'question = "open"\n', "", "both a category and a question, or neither", ""),
        ("types", 'default_reading = "out"', 'default_reading = "x"', "none of its readings", ""),
        ("types", 'in = "It is in."\n', "", "name different readings", ""),
        ("types", 'inferred = ["kind"]', 'inferred = ["drive"]', "does not have: drive", ""),
        ("types", 'sources = ["a book"]', "sources = []", "at least 1 item", ""),
        ("types", "weight_t = 40", 'weight_t = ["x"]', "valid", ""),
        ("types", 'id = "tank-two"', 'id = "Tank Two"', "should match pattern", ""),
        ("head", '"tank-two"]', '"tank-tow"]', "unknown type 'tank-tow'", "'tank-two'"),
        ("head", '["tank-one", "tank-two"]', '["tank-one"]', "one meaning only", ""),
        ("head", 'type = "tank-one"', 'type = "tank-two"', "a name of 'tank-one'", ""),
        ("head", 'token = "One"', 'token = "Three"', "nobody's name", ""),
        ("head", "title = ", "titel = ", "unknown key 'titel'", "did you mean 'title'"),
        ("differences", '"tank-one"', '"tank-on"', "is no type", "'tank-one'"),
        ("differences", '"tank-one"', '"tank-two"', "is disputed", ""),
        ("differences", "[[difference]]", "[[difference]", "cannot be read", ""),
    ],
)
def test_one_defect_gives_its_message(
    write: Callable[..., Path], where: str, old: str, new: str, message: str, suggestion: str
) -> None:
    texts = {"head": HEAD, "types": TYPES, "differences": DIFFERENCES}
    assert old in texts[where]
    texts[where] = texts[where].replace(old, new, 1)
    with pytest.raises(InvalidInput) as caught:
        load(write(**texts))
    lines = [problem.line() for problem in caught.value.problems]
    assert any(message in line and suggestion in line for line in lines), lines
    file = {"head": "catalogue.toml", "types": "tanks.toml", "differences": "differences.toml"}
    assert any(Path(p.file).name in (file[where], "catalogue.toml") for p in caught.value.problems)


def test_defects_of_several_files_are_reported_together(write: Callable[..., Path]) -> None:
    path = write(
        head=HEAD.replace("title = ", "titel = "),
        types=TYPES.replace('confidence = "A"', "", 1),
        more="[[type]",
    )
    with pytest.raises(InvalidInput) as caught:
        load(path)
    assert {Path(problem.file).name for problem in caught.value.problems} == {
        "catalogue.toml",
        "tanks.toml",
        "more.toml",
    }


def test_a_schema_error_names_the_type_it_is_in(write: Callable[..., Path]) -> None:
    with pytest.raises(InvalidInput) as caught:
        load(write(types=TYPES.replace('name = "Tank 2"', "name = 2")))
    assert "type[1].name (tank-two)" in [problem.where for problem in caught.value.problems]


def test_an_empty_folder_is_no_catalogue(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        load(tmp_path)
    assert "there is no such file" in caught.value.problems[0].message


def test_the_hash_is_of_what_is_said_not_of_how_it_is_written(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    first = load(write()).sha256
    assert load(write(types="# a comment\r\n" + TYPES.replace("\n", "\r\n"))).sha256 == first
    (tmp_path / "tanks.toml").rename(tmp_path / "renamed.toml")
    assert load(tmp_path).sha256 == first
    (tmp_path / "renamed.toml").unlink()
    assert load(write(types=TYPES.replace("a book", "another book"))).sha256 != first


def test_two_types_of_one_name_cannot_be_indexed() -> None:
    shipped = load(folder("data") / "catalogue")
    with pytest.raises(ValueError, match="is a name of both"):
        Catalogue(
            id="x",
            version="1",
            title="",
            note="",
            sha256="",
            types=(shipped.types[0], _renamed(shipped.types[1], shipped.types[0].name)),
        )


def test_a_copy_of_the_shipped_folder_loads_alike(tmp_path: Path) -> None:
    shipped = folder("data") / "catalogue"
    copy = Path(shutil.copytree(shipped, tmp_path / "copy"))
    assert load(copy).sha256 == load(shipped).sha256


def _renamed(item: EquipmentType, name: str) -> EquipmentType:
    return replace(item, name=name)
