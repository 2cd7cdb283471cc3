"""Checks of a catalogue beyond its schema: within itself, and against an agreement."""

from __future__ import annotations

from compliance.agreement.law import Agreement
from compliance.equipment import schema
from compliance.equipment.attributes import check_value
from compliance.equipment.catalogue import Catalogue, EquipmentType
from compliance.values.errors import Problem
from compliance.values.names import did_you_mean, fold
from compliance.values.vocabulary import NONE_CATEGORY

HEAD_FILE = "catalogue.toml"


def against(catalogue: Catalogue, agreement: Agreement) -> list[Problem]:
    """Return what the catalogue speaks of and the agreement does not know.

    A question that the agreement does not ask is a warning: its readings then all stay open.
    """
    problems: list[Problem] = []
    for item in catalogue.types:
        where = f"type '{item.id}'"
        for attribute, value in item.attributes.items():
            defect = check_value(attribute, value, agreement)
            if defect:
                problems.append(Problem(catalogue.id, f"{where}.attributes.{attribute}", defect))
        categories = {item.category} if not item.disputed else {r.category for r in item.readings}
        problems.extend(
            Problem(
                catalogue.id,
                where,
                f"'{category}' is no category of '{agreement.id}'",
                suggestion=agreement.suggest_category(category),
            )
            for category in sorted(categories - {NONE_CATEGORY})
            if agreement.category(category) is None
        )
        problems.extend(_question(catalogue, item, agreement))
    return problems


def _question(catalogue: Catalogue, item: EquipmentType, agreement: Agreement) -> list[Problem]:
    if not item.disputed:
        return []
    where = f"type '{item.id}'.question"
    question = agreement.question(item.question)
    if question is None:
        message = f"'{agreement.id}' does not ask '{item.question}'; every reading stays open"
        asked = did_you_mean(item.question, [entry.id for entry in agreement.questions])
        return [Problem(catalogue.id, where, message, suggestion=asked, severity="warning")]
    allowed = [reading.id for reading in question.readings]
    return [
        Problem(
            catalogue.id,
            where,
            f"'{entry.reading}' is no reading of '{item.question}'",
            "one of " + ", ".join(allowed),
            did_you_mean(entry.reading, allowed),
        )
        for entry in item.readings
        if question.reading(entry.reading) is None
    ]


def check_types(types: list[tuple[str, schema.RawType]], problems: list[Problem]) -> None:
    """Report ids and names used twice, and readings that do not fit their question."""
    seen: set[str] = set()
    owners: dict[str, str] = {}
    for file, item in types:

        def report(
            message: str, expected: str = "", *, file: str = file, id: str = item.id
        ) -> None:
            problems.append(Problem(file, f"type '{id}'", message, expected))

        if item.id in seen:
            report(f"the id '{item.id}' is used twice", "an id of its own")
        seen.add(item.id)
        for name in (item.name, *item.aliases):
            if not fold(name):
                report(f"'{name}' holds no letter or digit", "a name that can be compared")
            elif owners.setdefault(fold(name), item.id) != item.id:
                report(f"'{name}' is also a name of '{owners[fold(name)]}'", "a name of one type")
        if bool(item.category) == bool(item.question):
            report("has both a category and a question, or neither", "one of the two")
        if item.question and len(item.readings) < 2:
            report(f"depends on '{item.question}' with fewer than two readings", "two or more")
        if item.question and item.default_reading not in item.readings:
            report(f"default_reading '{item.default_reading}' is none of its readings")
        if not item.question and (item.readings or item.default_reading or item.reading_reasons):
            report("has readings and no question", "a question, or no readings")
        if item.reading_reasons.keys() != item.readings.keys():
            report("reading_reasons and readings name different readings", "a reason for each")
        unknown = [name for name in item.inferred if name not in item.attributes]
        if unknown:
            report(f"inferred names attributes it does not have: {', '.join(unknown)}")


def check_vocabulary(
    head: schema.RawCatalogue, types: list[tuple[str, schema.RawType]], problems: list[Problem]
) -> None:
    """Report a basis or grade that ``catalogue.toml`` does not declare."""
    bases = [item.id for item in head.basis]
    grades = [item.id for item in head.grade]
    for file, item in types:
        for key, value, allowed in (
            ("basis", item.basis, bases),
            ("confidence", item.confidence, grades),
        ):
            if value not in allowed:
                problems.append(
                    Problem(
                        file,
                        f"type '{item.id}'.{key}",
                        f"'{value}' is not declared in {HEAD_FILE}",
                        "one of " + ", ".join(allowed),
                        did_you_mean(value, allowed),
                    )
                )


def check_tokens(
    head: schema.RawCatalogue,
    types: list[tuple[str, schema.RawType]],
    file: str,
    problems: list[Problem],
) -> None:
    """Report ambiguous and watched designations that contradict the names of types."""
    ids = {item.id for _, item in types}
    owners = {fold(name): item.id for _, item in types for name in (item.name, *item.aliases)}
    seen: set[str] = set()
    for token in head.ambiguous:
        where = f"ambiguous '{token.token}'"
        if fold(token.token) in owners:
            owner = owners[fold(token.token)]
            problems.append(
                Problem(file, where, f"is also a name of '{owner}'", "one or the other")
            )
        if fold(token.token) in seen:
            problems.append(Problem(file, where, "stands here twice", "one entry"))
        seen.add(fold(token.token))
        problems.extend(
            Problem(file, where, f"unknown type '{name}'", suggestion=did_you_mean(name, ids))
            for name in token.candidates
            if name not in ids
        )
        if len(token.candidates) + len(token.other_meanings) < 2:
            problems.append(Problem(file, where, "has one meaning only", "two or more"))
    for watched in head.watch:
        owner = owners.get(fold(watched.token), "")
        if owner != watched.type:
            problems.append(
                Problem(
                    file,
                    f"watch '{watched.token}'",
                    f"is given to '{watched.type}' but is "
                    + (f"a name of '{owner}'" if owner else "nobody's name"),
                    "a name of the type it is given to",
                )
            )


def check_differences(
    differences: schema.RawDifferences,
    types: list[tuple[str, schema.RawType]],
    file: str,
    problems: list[Problem],
) -> None:
    """Report differences of types that do not exist, are disputed or stand there twice."""
    by_id = {item.id: item for _, item in types}
    seen: set[str] = set()
    for entry in differences.difference:
        where = f"difference '{entry.type}'"
        if entry.type not in by_id:
            suggestion = did_you_mean(entry.type, by_id)
            problems.append(Problem(file, where, "is no type", "a type id", suggestion))
        elif by_id[entry.type].question:
            problems.append(Problem(file, where, "is disputed: it has no one category to differ"))
        if entry.type in seen:
            problems.append(Problem(file, where, "stands here twice", "one entry"))
        seen.add(entry.type)
