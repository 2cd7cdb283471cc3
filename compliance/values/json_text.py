"""JSON as it is shown and handed on: indented by two, every letter as it is.

The bytes are those of ``json.dumps(value, indent=2, ensure_ascii=False)``. That goes piece by piece
through generators once an indent is asked for; this takes a third of its time, which a comparison
of many years notices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from json.encoder import encode_basestring as quoted
from typing import Any

_CONSTANTS = {None: "null", True: "true", False: "false"}


class Repeated(dict[str, Any]):
    """A mapping that stands in a document more than once: its text is kept where it was made."""

    def __init__(self, value: dict[str, Any]) -> None:
        super().__init__(value)
        self.written: dict[str, str] = {}


def indented(value: Any, inside: str = "") -> str:
    """Return plain values as JSON text.

    Args:
        value: text, whole numbers, finite fractions, truths, nothing, and lists and mappings of
            these with text for keys.
        inside: what its lines but the first begin with, where it stands inside other values.

    Raises:
        TypeError: there is anything else in it.
        ValueError: a fraction is no number.
    """
    return _text(value, f"\n{inside}")


def streamed(value: dict[str, Any], key: str, items: Iterable[Any]) -> Iterator[str]:
    """Yield the pieces of a mapping with one key more, the last, whose items come one by one."""
    head = indented({**value, key: []})
    yield head[: -len("]\n}")]
    between = "\n    "
    for item in items:
        yield between + indented(item, "    ")
        between = ",\n    "
    yield "]\n}" if between.startswith("\n") else "\n  ]\n}"


def _text(value: Any, start: str) -> str:
    """Return a value; its inner lines begin with ``start`` and two spaces more."""
    # Text above all, also in kinds of its own, such as sentences and the words of enumerations.
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Repeated):
        if start not in value.written:
            value.written[start] = _listed("{}", _members(value, start + "  "), start)
        return value.written[start]
    if isinstance(value, dict):
        return _listed("{}", _members(value, start + "  "), start)
    if isinstance(value, (list, tuple)):
        inner = start + "  "
        return _listed("[]", [_text(item, inner) for item in value], start)
    return _scalar(value)


def _members(value: dict[str, Any], inner: str) -> list[str]:
    found = []
    for key, item in value.items():
        # What occurs most is not asked in turn what it is.
        if isinstance(item, str):
            found.append(f"{quoted(key)}: {quoted(item)}")
        elif item.__class__ is int:
            found.append(f"{quoted(key)}: {item}")
        elif item is None:
            found.append(f"{quoted(key)}: null")
        else:
            found.append(f"{quoted(key)}: {_text(item, inner)}")
    return found


def _listed(brackets: str, items: Iterable[str], start: str) -> str:
    if not items:
        return brackets
    inner = start + "  "
    return f"{brackets[0]}{inner}{(',' + inner).join(items)}{start}{brackets[1]}"


def _scalar(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return _CONSTANTS[value]
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        if value - value != 0:
            raise ValueError(f"{value} is no number, and JSON has no other")
        return float.__repr__(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
