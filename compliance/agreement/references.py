"""Checks that ids and names mean one thing each, and that references lead somewhere."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.agreement import schema
from compliance.agreement.build import ALL
from compliance.agreement.packfiles import Location
from compliance.agreement.parse import Item, Tables, cited_parts
from compliance.agreement.schema_types import Cited, PartlyCited
from compliance.values.names import did_you_mean, fold
from compliance.values.vocabulary import NONE_CATEGORY

_FILE_OF = {
    "source": "sources.toml",
    "party": "parties.toml",
    "actor": "parties.toml",
    "category": "categories.toml",
    "attribute": "categories.toml",
    "question": "questions.toml",
    "schedule": "ceilings.toml",
}


def check(tables: Tables) -> None:
    """Run every check of this module; problems are added to the tables."""
    _ids(tables)
    _names(tables)
    _sources(tables)


def _ids(tables: Tables) -> None:
    for array in ("attribute", "category", "schedule", "rule", "question", "obligation"):
        _unique(tables, [(item, (), item.table.id) for item in _items(tables, array)])  # type: ignore[attr-defined]
    holders = [*_items(tables, "party"), *_items(tables, "actor")]
    _unique(tables, [(item, (), item.table.id) for item in holders])  # type: ignore[attr-defined]
    _unique(
        tables,
        [
            (item, ("definition", index), definition.id)
            for item, category in tables.of(schema.CategoryTable)
            for index, definition in enumerate(category.definition)
        ],
    )
    for item, schedule in tables.of(schema.ScheduleTable):
        _unique(tables, [(item, ("party", i), p.id) for i, p in enumerate(schedule.party)])
    for item, question in tables.of(schema.QuestionTable):
        _unique(tables, [(item, ("reading", i), r.id) for i, r in enumerate(question.reading)])


def _items(tables: Tables, array: str) -> list[Item]:
    return [i for (_, name), items in tables.arrays.items() if name == array for i in items]


def _unique(tables: Tables, entries: list[tuple[Item, Location, str]]) -> None:
    seen: set[str] = set()
    for item, inner, entry in entries:
        if entry in seen:
            tables.report(item.file, (*item.path, *inner, "id"), f"the id '{entry}' is used twice")
        seen.add(entry)


def _names(tables: Tables) -> None:
    """No name or alias may mean two holders, or two categories: RS is one of the two only."""
    holders = [
        (item, t.id, [t.id, t.name, *t.aliases, *(n.name for n in t.name_period)])
        for item, t in tables.of(schema.PartyTable)
    ]
    holders += [(i, t.id, [t.id, t.name, *t.aliases]) for i, t in tables.of(schema.ActorTable)]
    categories = [
        (item, t.id, [t.id, t.name, t.plural, *t.aliases])
        for item, t in tables.of(schema.CategoryTable)
    ]
    for group in (holders, categories):
        owner: dict[str, str] = {}
        for item, holder, names in group:
            for name in names:
                other = owner.setdefault(fold(name), holder)
                if other != holder:
                    tables.report(
                        item.file,
                        (*item.path, "aliases"),
                        f"the name '{name}' of '{holder}' also means '{other}'",
                        "names and aliases that mean one only",
                    )
    for item, t in tables.of(schema.CategoryTable):
        if t.id == NONE_CATEGORY:
            tables.report(item.file, (*item.path, "id"), "'none' means 'limited by nothing'")


def _sources(tables: Tables) -> None:
    parts: list[tuple[str, Location, Cited | PartlyCited]] = []
    if tables.agreement is not None:
        parts += [("agreement.toml", path, part) for path, part in cited_parts(tables.agreement)]
    for items in tables.arrays.values():
        for item in items:
            parts += [
                (item.file, (*item.path, *path), part) for path, part in cited_parts(item.table)
            ]
    for file, path, part in parts:
        for index, source in enumerate(part.sources or []):
            known(tables, "source", source, file, (*path, "sources", index))


def known(tables: Tables, kind: str, wanted: str, file: str, path: Location) -> bool:
    """Report a reference to something the pack does not have; True where it has it."""
    ids = tables.ids.get(kind, [])
    if wanted in ids:
        return True
    if not ids and _FILE_OF[kind] in tables.broken:
        return False
    tables.report(
        file,
        path,
        f"there is no {kind} '{wanted}' in {_FILE_OF[kind]}",
        suggestion=did_you_mean(wanted, ids),
    )
    return False


def known_categories(
    tables: Tables, categories: Iterable[str], file: str, path: Location, *, or_all: bool = False
) -> None:
    """Report the categories the pack does not have."""
    for index, category in enumerate(categories):
        if not (or_all and category == ALL):
            known(tables, "category", category, file, (*path, index))


def known_reading(
    tables: Tables, question: str, reading: str, file: str, paths: tuple[Location, Location]
) -> None:
    """Report a question the pack does not ask, or an answer it does not allow."""
    if not known(tables, "question", question, file, paths[0]):
        return
    table = next((t for _, t in tables.of(schema.QuestionTable) if t.id == question), None)
    allowed = [r.id for r in table.reading] if table else []
    if table is not None and reading not in allowed:
        tables.report(
            file,
            paths[1],
            f"'{reading}' is no reading of the question '{question}'",
            ", ".join(allowed),
            did_you_mean(reading, allowed),
        )
