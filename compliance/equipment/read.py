"""Reads and checks the files of a catalogue: every defect of every file in one run."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from compliance.equipment import checks, schema
from compliance.equipment.checks import HEAD_FILE
from compliance.equipment.types import (
    AmbiguousToken,
    Difference,
    EquipmentType,
    Meaning,
    Operator,
    TypeReading,
    WatchedToken,
)
from compliance.values.canonical import sha256
from compliance.values.errors import InvalidInput, Problem
from compliance.values.names import did_you_mean

DIFFERENCES_FILE = "differences.toml"

_Model = TypeVar("_Model", bound=BaseModel)


def read(folder: Path) -> Mapping[str, Any]:
    """Return what a ``Catalogue`` is made of, by the names it has there.

    ``catalogue.toml`` and ``differences.toml`` have a meaning of their own; every other TOML file
    holds types.

    Raises:
        InvalidInput: the folder is no valid catalogue; every defect is in ``problems``.
    """
    problems: list[Problem] = []
    raw: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.toml")):
        data = _read(path, problems)
        if data is not None:
            raw[path.name] = data
    if not (folder / HEAD_FILE).is_file():
        problems.append(
            Problem(str(folder / HEAD_FILE), "", "there is no such file", "a catalogue folder")
        )
        raise _invalid(folder, problems)
    head = _validate(schema.RawCatalogue, raw.get(HEAD_FILE), folder / HEAD_FILE, problems)
    differences = _validate(
        schema.RawDifferences, raw.get(DIFFERENCES_FILE), folder / DIFFERENCES_FILE, problems
    )
    types: list[tuple[str, schema.RawType]] = []
    complete = True
    for name, data in raw.items():
        if name in (HEAD_FILE, DIFFERENCES_FILE):
            continue
        file = _validate(schema.RawTypes, data, folder / name, problems)
        complete = complete and file is not None
        types.extend((str(folder / name), item) for item in (file.type if file else ()))
    checks.check_types(types, problems)
    if head is not None:
        checks.check_vocabulary(head, types, problems)
    # Where types could not be read, references to them would only seem wrong.
    if complete and head is not None:
        checks.check_tokens(head, types, str(folder / HEAD_FILE), problems)
    if complete and differences is not None:
        checks.check_differences(differences, types, str(folder / DIFFERENCES_FILE), problems)
    if problems or head is None:
        raise _invalid(folder, problems)
    bases = {item.id: item.text for item in head.basis}
    grades = {item.id: item.text for item in head.grade}
    return {
        "id": head.id,
        "version": head.version,
        "title": head.title,
        "note": head.note,
        "sha256": _hash(raw),
        "types": tuple(_type(item, bases, grades) for _, item in types),
        "ambiguous": tuple(
            AmbiguousToken(
                item.token,
                item.question,
                tuple(item.candidates),
                tuple(item.other_meanings),
                item.note,
            )
            for item in head.ambiguous
        ),
        "watched": tuple(WatchedToken(item.token, item.type, item.hint) for item in head.watch),
        "bases": tuple(Meaning(item.id, item.text) for item in head.basis),
        "grades": tuple(Meaning(item.id, item.text) for item in head.grade),
        "differences": tuple(
            Difference(item.type, item.definitions_say, item.reason)
            for item in (differences.difference if differences else ())
        ),
    }


def _invalid(folder: Path, problems: list[Problem]) -> InvalidInput:
    return InvalidInput(
        f"the equipment catalogue in {folder} cannot be used: {len(problems)} problem(s)",
        sorted(problems, key=lambda item: (item.file, item.where)),
        todo="correct the places named; nothing was loaded",
    )


def _read(path: Path, problems: list[Problem]) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        problems.append(Problem(str(path), "", f"cannot be read: {error}", "a TOML file in UTF-8"))
        return None


def _validate(
    model: type[_Model], data: dict[str, Any] | None, path: Path, problems: list[Problem]
) -> _Model | None:
    if data is None:
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems.extend(_problem(model, data, path, item) for item in error.errors())
        return None


def _problem(
    model: type[BaseModel], data: dict[str, Any], path: Path, error: ErrorDetails
) -> Problem:
    location, message = error["loc"], error["msg"]
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    if len(location) > 1 and location[0] == "type" and isinstance(location[1], int):
        entry = data["type"][location[1]]
        if isinstance(entry, dict) and "id" in entry:
            where += f" ({entry['id']})"
        model = schema.RawType
    suggestion = ""
    if error["type"] == "extra_forbidden":
        message = f"unknown key '{location[-1]}'"
        suggestion = did_you_mean(str(location[-1]), model.model_fields)
    return Problem(str(path), where.lstrip("."), message, suggestion=suggestion)


def _hash(raw: dict[str, dict[str, Any]]) -> str:
    """Hash what the catalogue says; how the types are spread over files does not matter."""
    types = [
        item
        for name, data in raw.items()
        if name not in (HEAD_FILE, DIFFERENCES_FILE)
        for item in data["type"]
    ]
    return sha256(
        {
            "catalogue": raw[HEAD_FILE],
            "differences": raw.get(DIFFERENCES_FILE, {}),
            "types": sorted(types, key=lambda item: str(item["id"])),
        }
    )


def _type(item: schema.RawType, bases: dict[str, str], grades: dict[str, str]) -> EquipmentType:
    return EquipmentType(
        id=item.id,
        name=item.name,
        aliases=tuple(item.aliases),
        alias_notes=tuple(item.alias_notes),
        origin=item.origin,
        operators=tuple(Operator(entry.party, entry.note) for entry in item.operators),
        category=item.category,
        subcategory=item.subcategory,
        basis=item.basis,
        basis_text=bases[item.basis],
        listed_as=item.listed_as,
        confidence=item.confidence,
        confidence_text=grades[item.confidence],
        reasoning=item.reasoning,
        sources=tuple(item.sources),
        attributes=MappingProxyType(dict(item.attributes)),
        inferred=tuple(item.inferred),
        weight_basis=item.weight_basis,
        calibres_mm=tuple(item.calibres_mm),
        tubes=item.tubes,
        question=item.question,
        readings=tuple(
            TypeReading(reading, category, item.reading_reasons[reading])
            for reading, category in item.readings.items()
        ),
        default_reading=item.default_reading,
    )
