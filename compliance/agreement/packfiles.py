"""Reads the files of a rule pack, and lays an extending pack over its base."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from compliance.agreement.cache import Find
from compliance.agreement.provisions import Replacement
from compliance.agreement.schema import LAW_FILES
from compliance.values.errors import Problem
from compliance.values.names import did_you_mean

Key = str | int
Location = tuple[Key, ...]

CASES = "cases"
_AT_LINE = re.compile(r"\s*\(at line (?P<line>\d+), column \d+\)")
# What an extending pack is called is its own affair: no law of the base is replaced by it.
_OWN_IDENTITY = frozenset({"id", "version", "title", "short_title", "note", "extends"})


@dataclass
class RawPack:
    """The files of a pack as plain TOML values, and where each value was written.

    Attributes:
        files: per file name, its tables.
        origins: per file name and key path, the file and key path a person must look at.
        replaced: what an extending pack says otherwise than its base.
        unsourced: limits that it replaced without naming a source of its own.
    """

    folder: Path
    files: dict[str, dict[str, Any]]
    origins: dict[Location, tuple[str, Location]] = field(default_factory=dict)
    replaced: list[Replacement] = field(default_factory=list)
    unsourced: list[Location] = field(default_factory=list)

    def origin(self, file: str, path: Location) -> tuple[str, str]:
        """Return the file and the key path, as a person would name them, of a value."""
        full: Location = (file, *path)
        for length in range(len(full), 0, -1):
            known = self.origins.get(full[:length])
            if known is not None:
                return known[0], key_path((*known[1], *full[length:]))
        return str(self.folder / file), key_path(path)


def key_path(path: Location) -> str:
    """Return a key path as people write it: ``schedule[1].party[0].limits.artillery``."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else str(key)
    return text


def read_toml(path: Path, problems: list[Problem]) -> dict[str, Any] | None:
    """Read one TOML file; a file that cannot be read becomes one problem and ``None``."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(
            Problem(str(path), f"byte {error.start}", "is not UTF-8 text", "a file in UTF-8")
        )
        return None
    except OSError as error:
        problems.append(Problem(str(path), "", f"cannot be read: {error.strerror or error}"))
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        at = _AT_LINE.search(said)
        where = f"line {at['line']}" if at else f"line {text.count(chr(10)) + 1}"
        reason = _AT_LINE.sub("", said).replace(" (at end of document)", "")
        hint = ""
        if "overwrite" in reason or "twice" in reason:
            hint = "the same key or table is written twice; keep one"
        problems.append(Problem(str(path), where, f"is not valid TOML: {reason}", suggestion=hint))
    except (RecursionError, ValueError) as error:
        problems.append(Problem(str(path), "", f"is not valid TOML: {type(error).__name__}"))
    return None


def read_pack(folder: Path, find: Find | None, problems: list[Problem]) -> RawPack | None:
    """Read a pack and everything it extends; ``None`` where there is no pack to speak of."""
    return _read(folder, find, problems, [])


def _read(
    folder: Path, find: Find | None, problems: list[Problem], chain: list[Path]
) -> RawPack | None:
    place = folder.resolve()
    if place in chain:
        names = " -> ".join(step.name for step in [*chain[chain.index(place) :], place])
        problems.append(
            Problem(
                str(chain[-1] / "agreement.toml"), "extends", f"packs extend in a loop: {names}"
            )
        )
        return None
    pack = _read_folder(folder, problems)
    if pack is None:
        return None
    base_id = pack.files.get("agreement.toml", {}).get("extends")
    if base_id is None:
        return pack
    base_folder = _find_base(pack, base_id, find, problems)
    base = _read(base_folder, find, problems, [*chain, place]) if base_folder else None
    if base is None:
        return None
    _need_own_id(pack, base, problems)
    return _lay_over(base, pack)


def _read_folder(folder: Path, problems: list[Problem]) -> RawPack | None:
    if not folder.is_dir():
        problems.append(Problem(str(folder), "", "is no folder", "the folder of a rule pack"))
        return None
    files: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name != CASES and any(path.glob("*.toml")):
            problems.append(
                Problem(str(path), "", "unknown folder in a rule pack", "worked cases in 'cases'")
            )
        if path.suffix != ".toml" or not path.is_file():
            continue
        if path.name not in LAW_FILES:
            problems.append(
                Problem(
                    str(path),
                    "",
                    "unknown file in a rule pack",
                    ", ".join(LAW_FILES),
                    did_you_mean(path.name, LAW_FILES),
                )
            )
            continue
        content = read_toml(path, problems)
        if content is not None:
            files[path.name] = content
    origins: dict[Location, tuple[str, Location]] = {
        (name,): (str(folder / name), ()) for name in LAW_FILES
    }
    return RawPack(folder, files, origins)


def _find_base(
    pack: RawPack, base_id: object, find: Find | None, problems: list[Problem]
) -> Path | None:
    file = str(pack.folder / "agreement.toml")
    if not isinstance(base_id, str):
        problems.append(Problem(file, "extends", f"{base_id!r} is no pack id", "text in quotes"))
        return None
    if find is None:
        problems.append(
            Problem(file, "extends", f"the base pack '{base_id}' cannot be looked up here")
        )
        return None
    try:
        return Path(find(base_id))
    except (LookupError, OSError, ValueError) as error:
        problems.append(Problem(file, "extends", f"no base pack '{base_id}': {error}"))
        return None


def _need_own_id(pack: RawPack, base: RawPack, problems: list[Problem]) -> None:
    own = pack.files["agreement.toml"].get("id")
    if own is None or own == base.files.get("agreement.toml", {}).get("id"):
        problems.append(
            Problem(
                str(pack.folder / "agreement.toml"),
                "id",
                "an extending pack needs an id of its own, unlike its base's",
            )
        )


def _lay_over(base: RawPack, top: RawPack) -> RawPack:
    merged = RawPack(
        top.folder,
        {**base.files},
        dict(base.origins),
        list(base.replaced),
        list(base.unsourced),
    )
    overlay = _Overlay(top, merged)
    for name, tables in top.files.items():
        old = merged.files.get(name)
        if old is None:
            merged.files[name] = tables
            merged.origins[(name,)] = (str(top.folder / name), ())
        else:
            merged.files[name] = overlay.table(old, tables, (name,), (), name)
    return merged


class _Overlay:
    """Merges raw tables, writing down what was replaced and where each value comes from."""

    def __init__(self, top: RawPack, merged: RawPack) -> None:
        self.top = top
        self.merged = merged

    def table(
        self,
        old: dict[str, Any],
        new: dict[str, Any],
        at: Location,
        own: Location,
        shown: str,
        *,
        sourced: bool = False,
    ) -> dict[str, Any]:
        """Return the old table with the new one's keys laid over it."""
        result = dict(old)
        sourced = sourced or "sources" in new
        for key, value in new.items():
            here, mine = (*at, key), (*own, key)
            label = f"{shown}: {key}" if len(at) == 1 else f"{shown}.{key}"
            before = old.get(key)
            # A limit and its authority are one: the base's grade must not vouch for a new number.
            if isinstance(before, dict) and isinstance(value, dict) and at[-1] != "limits":
                result[key] = self.table(before, value, here, mine, label, sourced=sourced)
            elif _tables_with_ids(before) and _tables_with_ids(value):
                result[key] = self._array(before, value, here, mine, label, sourced=sourced)
            else:
                result[key] = value
                self.merged.origins[here] = self._written(mine, at)
                if key in old and before != value and not _own_identity(here):
                    self.merged.replaced.append(
                        Replacement(label, _in_words(before), _in_words(value))
                    )
                    own_source = isinstance(value, dict) and "sources" in value
                    if at[-1] == "limits" and not (sourced or own_source):
                        self.merged.unsourced.append(here)
        return result

    def _array(
        self,
        old: Any,
        new: list[dict[str, Any]],
        at: Location,
        own: Location,
        shown: str,
        *,
        sourced: bool,
    ) -> list[dict[str, Any]]:
        result = list(old)
        places = {item["id"]: index for index, item in enumerate(result)}
        for index, item in enumerate(new):
            place = places.get(item["id"])
            if place is None:
                self.merged.origins[(*at, len(result))] = self._written((*own, index), at)
                result.append(item)
                continue
            result[place] = self.table(
                result[place],
                item,
                (*at, place),
                (*own, index),
                f"{shown}[{item['id']}]",
                sourced=sourced,
            )
        return result

    def _written(self, own: Location, at: Location) -> tuple[str, Location]:
        return str(self.top.folder / str(at[0])), own


def _own_identity(at: Location) -> bool:
    return at[0] == "agreement.toml" and len(at) == 2 and at[1] in _OWN_IDENTITY


def _tables_with_ids(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, dict) and isinstance(item.get("id"), str) for item in value
    )


def _in_words(value: Any) -> str:
    if isinstance(value, dict) and "value" in value:
        standing = ", ".join(
            str(value[key]) for key in ("status", "grade") if isinstance(value.get(key), str)
        )
        return f"{value['value']} ({standing})" if standing else str(value["value"])
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return str(value) if not isinstance(value, bool) else str(value).lower()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
