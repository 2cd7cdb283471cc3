"""Turns raw TOML into the tables of the schema, and every mismatch into a plain problem."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from compliance.agreement.packfiles import Location, RawPack
from compliance.agreement.schema import (
    ARRAYS,
    REQUIRED_FILES,
    AgreementTable,
    SourceTable,
)
from compliance.agreement.schema_types import Cited, Model, PartlyCited
from compliance.values.errors import Problem
from compliance.values.names import did_you_mean

M = TypeVar("M", bound=Model)
_LONGEST_VALUE = 60
_EXPECTED = {
    "string_type": "text in quotes",
    "string_too_short": "text that is not empty",
    "date_type": "a date without quotes, such as 1996-06-14",
    "date_from_datetime_inexact": "a date without a time, such as 1996-06-14",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "list_type": "a list in square brackets, or [[tables]]",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}


@dataclass(frozen=True)
class Item:
    """One valid table with its place in the pack."""

    file: str
    path: Location
    table: Model


@dataclass
class Tables:
    """Everything in a pack that has the right shape.

    Attributes:
        arrays: per file and array, the valid tables.
        broken: the files and arrays that lost at least one table to a mistake; checks that need
            all of them must not run.
        ids: per array, every id written, those of broken tables included, so that one mistake
            does not make each reference to it look wrong too.
    """

    raw: RawPack
    problems: list[Problem]
    agreement: AgreementTable | None = None
    sources: dict[str, SourceTable] = field(default_factory=dict)
    arrays: dict[tuple[str, str], list[Item]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    ids: dict[str, list[str]] = field(default_factory=dict)

    def items(self, file: str, array: str) -> list[Item]:
        """Return the valid tables of an array, with their places."""
        return self.arrays.get((file, array), [])

    def of(self, kind: type[M]) -> Iterator[tuple[Item, M]]:
        """Yield the valid tables of one shape."""
        for items in self.arrays.values():
            for item in items:
                if isinstance(item.table, kind):
                    yield item, item.table

    def report(
        self,
        file: str,
        path: Location,
        message: str,
        expected: str = "",
        suggestion: str = "",
        *,
        severity: str = "error",
    ) -> None:
        """Add a problem at a place."""
        shown, where = self.raw.origin(file, path)
        self.problems.append(Problem(shown, where, message, expected, suggestion, severity))


def parse(raw: RawPack, problems: list[Problem]) -> Tables:
    """Read every table of the pack; what does not fit is reported and left out."""
    tables = Tables(raw, problems)
    for name in REQUIRED_FILES:
        missing = name not in raw.files
        if missing:
            tables.broken.add(name)
        if missing and not (raw.folder / name).exists():
            tables.report(name, (), "the file is missing from the rule pack")
    if "sources.toml" not in raw.files and (raw.folder / "sources.toml").exists():
        tables.broken.add("sources.toml")
    if "agreement.toml" in raw.files:
        tables.agreement = _table(
            tables, "agreement.toml", (), raw.files["agreement.toml"], AgreementTable
        )
    for key, value in raw.files.get("sources.toml", {}).items():
        source = _table(tables, "sources.toml", (key,), value, SourceTable)
        tables.ids.setdefault("source", []).append(key)
        if source is not None:
            tables.sources[key] = source
    for file, shapes in ARRAYS.items():
        content = raw.files.get(file)
        if content is None:
            if (raw.folder / file).exists():
                tables.broken.add(file)
            continue
        for key in content:
            if key not in shapes:
                tables.broken.add(file)
                tables.report(
                    file, (key,), f"unknown key '{key}'", suggestion=_other_keys(key, list(shapes))
                )
        for array, shape in shapes.items():
            _read_array(tables, file, array, content.get(array, []), shape)
    return tables


def _read_array(tables: Tables, file: str, array: str, content: Any, shape: type[Model]) -> None:
    if not isinstance(content, list):
        tables.broken.add(file)
        tables.report(file, (array,), f"{_shown(content)} is no array", f"[[{array}]] tables")
        return
    items: list[Item] = []
    for index, value in enumerate(content):
        written = value.get("id") if isinstance(value, dict) else None
        if isinstance(written, str):
            tables.ids.setdefault(array, []).append(written)
        table = _table(tables, file, (array, index), value, shape)
        if table is not None:
            items.append(Item(file, (array, index), table))
    tables.arrays[(file, array)] = items


def _table(tables: Tables, file: str, path: Location, value: Any, shape: type[M]) -> M | None:
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        tables.broken.add(file)
        for message in schema_messages(error, shape):
            tables.report(file, (*path, *message[0]), *message[1:])
        return None


def schema_messages(
    error: ValidationError, shape: type[BaseModel]
) -> list[tuple[Location, str, str, str]]:
    """Return, per mismatch, the key path inside the table, message, expectation, suggestion."""
    return [_message(dict(detail), shape) for detail in error.errors(include_url=False)]


def _message(detail: dict[str, Any], shape: type[BaseModel]) -> tuple[Location, str, str, str]:
    path: Location = tuple(detail["loc"])
    kind, value = detail["type"], detail.get("input")
    if kind == "extra_forbidden":
        keys = keys_at(shape, path[:-1])
        return path, f"unknown key '{path[-1]}'", "", _other_keys(str(path[-1]), keys)
    if kind == "missing":
        return path, "is missing", "", ""
    if kind in ("enum", "literal_error"):
        allowed = str(detail["ctx"]["expected"])
        words = [word.strip("' ") for word in allowed.replace(" or ", ", ").split(",")]
        return path, f"{_shown(value)} is not allowed", allowed, did_you_mean(str(value), words)
    if kind == "string_pattern_mismatch":
        return (
            path,
            f"{_shown(value)} is not well formed",
            _PATTERNS_IN_WORDS.get(
                detail["ctx"]["pattern"], f"text like {detail['ctx']['pattern']}"
            ),
            "",
        )
    if kind in _EXPECTED:
        return path, f"{_shown(value)} has the wrong type", _EXPECTED[kind], ""
    if kind == "too_short":
        return path, "is empty", f"at least {detail['ctx']['min_length']}", ""
    return path, str(detail["msg"]).removeprefix("Value error, "), "", ""


_PATTERNS_IN_WORDS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "lower-case letters and digits joined by single hyphens",
    r"^[a-z0-9]+(_[a-z0-9]+)*$": "lower-case letters and digits joined by single underscores",
    r"^[a-z0-9]+([-_.][a-z0-9]+)*$": "lower-case letters and digits joined by -, _ or .",
    r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$": "a day of the year, MM-DD",
}


def _other_keys(key: str, keys: list[str]) -> str:
    return did_you_mean(key, keys) or (f"the keys here are: {', '.join(keys)}" if keys else "")


def _shown(value: Any) -> str:
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def keys_at(shape: type[BaseModel], path: Location) -> list[str]:
    """Return the keys that a table may hold at a place inside another."""
    here: Any = shape
    for step in path:
        here = _step(here, step)
        if here is None:
            return []
    here = _model_in(here)
    return [info.alias or name for name, info in here.model_fields.items()] if here else []


def _step(annotation: Any, step: str | int) -> Any:
    model = _model_in(annotation)
    if model is not None and isinstance(step, str):
        for name, info in model.model_fields.items():
            if step == (info.alias or name):
                return info.annotation
        return None
    for plain in _unwrapped(annotation):
        if get_origin(plain) in (list, dict):
            return get_args(plain)[-1]
    return None


def _model_in(annotation: Any) -> type[BaseModel] | None:
    return next(
        (a for a in _unwrapped(annotation) if isinstance(a, type) and issubclass(a, BaseModel)),
        None,
    )


def _unwrapped(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        yield from _unwrapped(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _unwrapped(part)
    else:
        yield annotation


def cited_parts(
    table: Model, path: Location = ()
) -> Iterator[tuple[Location, Cited | PartlyCited]]:
    """Yield every part of a table that carries an authority, with its place inside the table."""
    if isinstance(table, Cited | PartlyCited):
        yield path, table
    for name, info in type(table).model_fields.items():
        value, key = getattr(table, name), info.alias or name
        if isinstance(value, Model):
            yield from cited_parts(value, (*path, key))
        elif isinstance(value, list):
            for index, part in enumerate(value):
                if isinstance(part, Model):
                    yield from cited_parts(part, (*path, key, index))
        elif isinstance(value, dict):
            for inner, part in value.items():
                if isinstance(part, Model):
                    yield from cited_parts(part, (*path, key, inner))
