"""Frozen values as plain JSON values, and back: nothing but the classes named is ever made.

A value that JSON has (text, number, truth, nothing) stands for itself; every other one is a list
of a number and what it is made of. The number says what to make, from a list that reader and
writer share; a value that occurs often is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Any

_AGAIN, _TUPLE, _DATE, _MAPPING, _FIRST_CLASS = range(5)


class Plain:
    """Writes and reads values made of tuples, dates, mappings with text keys, and some classes."""

    def __init__(self, *classes: type[Any]) -> None:
        """Take the dataclasses and enumerations that may occur; their order is part of the form."""
        self._numbers = {kind: number for number, kind in enumerate(classes, _FIRST_CLASS)}
        self._makers: tuple[Callable[..., Any], ...] = (
            _never,
            _never,
            date.fromisoformat,
            lambda *pairs: MappingProxyType(dict(pairs)),
            *classes,
        )
        self._kept = {n for kind, n in self._numbers.items() if not issubclass(kind, Enum)}

    def written(self, value: Any) -> Any:
        """Return a value in JSON's own kinds.

        Raises:
            TypeError: something in it is of a class that was not named.
        """
        places: dict[int, int] = {}

        def plain(item: Any) -> Any:
            if item is None or type(item) in (str, int, float, bool):
                return item
            if type(item) is tuple:
                return [_TUPLE, *map(plain, item)]
            if type(item) is date:
                return [_DATE, item.isoformat()]
            if isinstance(item, Mapping):
                return [_MAPPING, *([_TUPLE, key, plain(held)] for key, held in item.items())]
            number = self._numbers.get(type(item))
            if number is None:
                raise TypeError(f"{type(item).__name__} has no plain form")
            if isinstance(item, Enum):
                return [number, item.value]
            if not is_dataclass(item):
                raise TypeError(f"{type(item).__name__} is no dataclass")
            if id(item) in places:
                return [_AGAIN, places[id(item)]]
            made = [number, *(plain(getattr(item, field.name)) for field in fields(item))]
            places[id(item)] = len(places)
            return made

        return plain(value)

    def read(self, value: Any) -> Any:
        """Return the value that was written.

        Raises:
            ValueError, TypeError, LookupError, AttributeError: this is nothing that was written.
        """
        makers, kept = self._makers, self._kept
        made: list[Any] = []

        def make(number: int, *parts: Any) -> Any:
            if number == _AGAIN:
                return made[parts[0]]
            # Most parts stand for themselves; a call for each would take as long as all the rest.
            if list in map(type, parts):
                parts = tuple(make(*part) if type(part) is list else part for part in parts)
            if number == _TUPLE:
                return parts
            result = makers[number](*parts)
            if number in kept:
                made.append(result)
            return result

        return make(*value) if type(value) is list else value


def _never(*_: Any) -> Any:
    raise ValueError("neither a tuple nor a value that occurs again is made by a class")
