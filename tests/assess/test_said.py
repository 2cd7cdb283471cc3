"""What people read of an assessment knows its parts, so that it can be said in any language.

Whatever a result holds is walked through, to the last part of the last sentence. A text that knows
no parts may only be data: of the ledger, of the law, of the catalogue; or a field named here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from compliance.agreement.law import Agreement
from compliance.assess.diff import compare
from compliance.assess.dossier import Profile
from compliance.assess.explain import explain
from compliance.assess.reconcile import reconcile
from compliance.assess.sources import sources
from compliance.assess.standing import Request
from compliance.assess.walk import View
from compliance.cli import options
from compliance.cli.dossier import dossier
from compliance.cli.explain import on_record
from compliance.cli.world import World
from compliance.values.evidence import Declaration, Evidence, RecordedHolding, RecordedMovement
from compliance.values.said import Said, Sentences, joined, said

DAYS = (date(2019, 12, 31), date(2026, 11, 20))

# What holds data as they are: nobody translates an id, a reference, a type, a source.
DATA = {
    *("party", "category", "id", "ref", "refs", "type", "type_id", "types", "source", "note"),
    *("basis", "stated_by", "questions", "grade", "grades", "predecessor", "marking", "sha256"),
    *(
        "version",
        "QuestionNote.how",
        "answer",
        "answers",
        "choices",
        "sources",
        "readings",
        "known_at",
    ),
    *("ledger_sha256", "command", "catalogue", "tool", "names{}", "types{}", "holder", "extends"),
    *("designations", "FigureSource.text", "OutsideType.name", "type_name"),
}
LAW = (Agreement, Evidence, View, Declaration, RecordedHolding, RecordedMovement)
"""What a result only refers to: it is data itself."""


def _texts(value: Any, where: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a result with the class and the field it stands in."""
    if isinstance(value, LAW) or type(value).__module__.startswith(
        ("compliance.agreement", "compliance.equipment", "compliance.values.citation")
    ):
        return
    if isinstance(value, str):
        if not isinstance(value, Enum):
            yield where, value
    elif isinstance(value, Mapping):
        for key, held in value.items():
            yield from _texts(key, f"{where}{{}}")
            yield from _texts(held, where)
    elif isinstance(value, tuple | list | frozenset | Sentences):
        for held in value:
            yield from _texts(held, where)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name), f"{type(value).__name__}.{field.name}")


def _unsaid(text: str, known: frozenset[str]) -> Iterator[str]:
    """Yield what is in a text that knows no parts and is no data."""
    if isinstance(text, Said):
        for part in text.parts.values():
            if isinstance(part, str):
                yield from _unsaid(part, known)
    elif any(map(str.isalpha, text)) and text not in known:
        yield text


def _known(world: World, evidence: Evidence) -> frozenset[str]:
    """Return the data of the ledger, the law and the catalogue that sentences name."""
    law = world.law
    found = {holder.id for holder in law.holders} | {category.id for category in law.categories}
    for question in law.questions:
        ids = [reading.id for reading in question.readings]
        found |= {question.id, "|".join(ids), *ids, *(f"{question.id}={id_}" for id_ in ids)}
        found.add(f"'{question.id}'")
        found |= {f"'{id_}'" for id_ in ids}
    found |= {rule.id for rule in law.counting} | set("ABC")
    found |= {item.name for item in world.catalogue.types}
    for declaration in evidence.declarations:
        for item in declaration.rows:
            more = item.row.more
            found |= {item.row.type, item.row.source, more.stated_by, more.unit, more.site}
    for moved in evidence.movements:
        found |= {moved.row.type, str(moved.row.origin), str(moved.row.destination)}
    return frozenset(found)


def _results(world: World, day: date) -> Iterator[Any]:
    """Yield what the commands that read show of a day."""
    law = world.law
    request = _request(law, day)
    evidence = on_record(world, request)
    view = View(law, world.lookup, request.readings, evidence)
    serbia = law.party("serbia")
    assert serbia is not None
    yield dossier(world, request, until=None, title="", profile=Profile.FULL)
    yield compare(view, view, date(2006, 6, 1), day, request).periods
    yield reconcile(law, world.lookup, evidence, request, None)
    yield sources(law, world.lookup, evidence, request, serbia)
    for category in law.categories:
        if category.id in ("armoured_combat_vehicle", "combat_aircraft"):
            yield explain(law, world.lookup, world.catalogue, evidence, request, serbia, category)


def _request(law: Agreement, day: date) -> Request:
    return options.request(
        law,
        as_of=day,
        known_at=None,
        parties=(),
        categories=(),
        basis=None,
        readings=(),
        accept_stale=False,
    )


def test_every_sentence_of_an_assessment_knows_its_parts(ledger: Path) -> None:
    world = World(db=str(ledger), agreement="florence-1996")
    known = _known(world, on_record(world, _request(world.law, date.max)))
    seen, unsaid = set(), set()
    results = [result for day in DAYS for result in _results(world, day)]
    for where, text in (found for result in results for found in _texts(result, "")):
        seen.add(where)
        if where not in DATA and where.partition(".")[2] not in DATA:
            unsaid |= {(where, part) for part in _unsaid(text, known)}
    assert sorted(unsaid) == []
    assert {
        *("AuditRow.reasons", "AuditRow.summary", "AuditRow.tipping", "Finding.message"),
        *("Finding.todo", "Answer.headline", "Answer.why", "Answers.why", "Line.events"),
        *("Course.doubts", "QuestionNote.effects", "Cause.detail", "DiffRow.left_open"),
        *("RowStep.why", "MovementStep.why", "Explanation.comparison", "SumLine.text"),
        *("Figure.why", "MovedSince.how", "EvidenceRow.text", "PassedDeclaration.why"),
    } <= seen


def test_a_text_that_knows_no_parts_is_found() -> None:
    inner = said("{quantity} {what}", quantity=3, what="tanks of some kind")
    text = joined("; ", [said("On record: {row}.", row=inner)])
    assert list(_unsaid(text, frozenset())) == ["tanks of some kind"]
    assert list(_unsaid(text, frozenset({"tanks of some kind"}))) == []
    assert list(_unsaid("Within: 3 of 4.", frozenset())) == ["Within: 3 of 4."]
