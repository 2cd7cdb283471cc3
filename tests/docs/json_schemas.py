"""The schemas of the program's JSON: read, compared with real output, and widened by new keys.

The schemas in ``docs/schemas`` are kept by hand. ``--update-golden`` adds to them a key that the
program writes and they do not name, and a schema that is not there; it takes nothing away, since
keys are only added. What stands in several of them is in ``common.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pages
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

FOLDER = pages.ROOT / "docs" / "schemas"
COMMON = "common.json"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"

# Recognised by the keys that each of them has.
_SHAPES = {
    "row": {"counted", "ceiling", "headroom", "utilisation", "tipping", "reasons", "basis"},
    "finding": {"id", "kind", "severity", "message", "citation"},
    "citation": {"instrument", "provision", "status", "grade", "sources"},
    "source": {"id", "title", "publisher", "url"},
    "question": {"id", "title", "state", "choices"},
    "agreement": {"id", "version", "sha256", "replaced"},
    "pack": {"id", "version", "sha256"},
    "ledger_row": {"ref", "text", "source"},
}
_BY_KEY = {
    "verdict": "verdict", "basis": "basis", "severity": "severity", "status": "law_status",
    "grade": "grade", "sha256": "sha256",
}  # fmt: skip


_COMMON: dict[str, Any] = json.loads((FOLDER / COMMON).read_text("utf-8"))["$defs"]


class Book:
    """All schemas, by the name of their file."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self.schemas: dict[str, Any] = {
            path.name: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))
        }

    def validator(self, name: str) -> Draft202012Validator:
        """Return what checks an output against a schema."""
        pairs = [(key, Resource.from_contents(value)) for key, value in self.schemas.items()]
        return Draft202012Validator(
            self.schemas[name],
            registry=Registry().with_resources(pairs),
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )

    def resolved(self, schema: dict[str, Any], home: str) -> tuple[dict[str, Any], str]:
        """Follow references, and choose what is not null; with the file where it stands."""
        while "$ref" in schema:
            file, _, path = schema["$ref"].partition("#/")
            home = file or home
            schema = self.schemas[home]
            for key in path.split("/") if path else ():
                schema = schema[key]
        for choice in schema.get("anyOf", ()):
            if choice.get("type") != "null":
                return self.resolved(choice, home)
        return schema, home

    def unnamed(
        self, schema: dict[str, Any], home: str, value: object, path: str = ""
    ) -> Iterator[tuple[dict[str, Any], str, str, Any]]:
        """Yield each key of an output that no schema names: where it belongs, itself, its value."""
        schema, home = self.resolved(schema, home)
        if isinstance(value, list):
            for item in value:
                yield from self.unnamed(schema.get("items", {}), home, item, f"{path}[]")
        elif isinstance(value, dict):
            named = schema.get("properties", {})
            others = schema.get("additionalProperties", {})
            for key, inner in value.items():
                if key in named:
                    yield from self.unnamed(named[key], home, inner, f"{path}.{key}")
                elif others:
                    yield from self.unnamed(others, home, inner, f"{path}.*")
                elif not schema.get("x-open"):
                    yield schema, f"{path}.{key}", key, inner

    def widen(self, name: str, outputs: list[Any]) -> None:
        """Add what real outputs have and the schemas do not name."""
        if name not in self.schemas:
            title = f"Output of compliance: {name.removesuffix('.json')}"
            drafted = draft(outputs)
            self.schemas[name] = {"$schema": _DIALECT, "$id": name, "title": title, **drafted}
            schema = outputs[0]["schema"]
            self.schemas[name]["properties"]["schema"] = {"const": schema}
        while found := [
            item for output in outputs for item in self.unnamed(self.schemas[name], name, output)
        ]:
            place, _, key, _ = found[0]
            values = [value for where, _, name_, value in found if where is place and name_ == key]
            place.setdefault("properties", {})[key] = draft(values, key)

    def write(self) -> None:
        """Write every schema."""
        for name, schema in self.schemas.items():
            text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
            (self.folder / name).write_text(text, "utf-8", newline="\n")


def draft(values: list[Any], key: str = "") -> dict[str, Any]:
    """Return a schema of values that stand at one place; to be read and bettered by hand."""
    some = [value for value in values if value is not None]
    if not some:
        return {"type": ["string", "null"]}
    schema = _draft(some, key)
    if len(some) == len(values):
        return schema
    if "$ref" in schema or "anyOf" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def _draft(values: list[Any], key: str) -> dict[str, Any]:
    if all(isinstance(value, dict) for value in values):
        return _object(values)
    if all(isinstance(value, list) for value in values):
        items = [item for value in values for item in value]
        return {"type": "array", "items": draft(items)} if items else {"type": "array"}
    if all(isinstance(value, bool) for value in values):
        return {"type": "boolean"}
    if all(isinstance(value, int) for value in values):
        return {"type": "integer"}
    if all(isinstance(value, int | float) for value in values):
        return {"type": "number"}
    if all(isinstance(value, str) for value in values):
        known = _COMMON.get(_BY_KEY.get(key, ""), {})
        if known and all(_fits(known, value) for value in values):
            return {"$ref": f"{COMMON}#/$defs/{_BY_KEY[key]}"}
        return {"type": "string"}
    return {}


def _fits(known: dict[str, Any], value: str) -> bool:
    if "enum" in known:
        return value in known["enum"]
    return re.search(known["pattern"], value) is not None


def _object(values: list[dict[str, Any]]) -> dict[str, Any]:
    keys = list(dict.fromkeys(key for value in values for key in value))
    if set(keys) == {"low", "high"}:
        whole = all(not isinstance(side, float) for value in values for side in value.values())
        return {"$ref": f"{COMMON}#/$defs/{'span' if whole else 'ratio'}"}
    for name, shape in _SHAPES.items():
        if all(shape <= set(value) for value in values):
            return {"$ref": f"{COMMON}#/$defs/{name}"}
    if not keys:
        return {"type": "object", "additionalProperties": {"type": "string"}}
    if any(re.fullmatch("[a-z][a-z0-9_]*", key) is None for key in keys):  # names, not keys
        return {
            "type": "object",
            "additionalProperties": draft([inner for value in values for inner in value.values()]),
        }
    always = [key for key in keys if all(key in value for value in values)]
    return {
        "type": "object",
        "required": always,
        "properties": {
            key: draft([value[key] for value in values if key in value], key) for key in keys
        },
    }
