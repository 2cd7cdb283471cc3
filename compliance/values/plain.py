"""Frozen values as plain JSON values, and back: nothing but the classes named is ever made.

A value that JSON has (text, number, truth, nothing) stands for itself; every other one is a list
of a number and what it is made of. The number says what to make, from a list that reader and
writer share; a value that occurs often is written once. Of a long list of which few are asked for,
each is made when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeVar, overload

T = TypeVar("T")

_AGAIN, _TUPLE, _DATE, _MAPPING, _LATER, _FIRST_CLASS = range(6)


class Later(Sequence[T]):
    """Values of which each is made when it is first asked for; equal to a tuple of the same."""

    def __init__(self, written: Sequence[Any], read: Callable[[Any], T]) -> None:
        """Take what the values are made from, and what makes one."""
        self._written = written
        self._read = read
        self._made: dict[int, T] = {}

    def __len__(self) -> int:
        return len(self._written)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            return tuple(self)[place]
        place = range(len(self._written))[place]
        if place not in self._made:
            self._made[place] = self._read(self._written[place])
        return self._made[place]

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, tuple | Later) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))


class Plain:
    """Writes and reads values made of tuples, dates, mappings with text keys, and some classes."""

    def __init__(self, *classes: type[Any], later: type[Any] | None = None) -> None:
        """Say what may occur.

        Args:
            classes: the dataclasses and enumerations; their order is part of the form.
            later: one of them: a tuple of nothing but these is read as ``Later``.
        """
        self._numbers = {kind: number for number, kind in enumerate(classes, _FIRST_CLASS)}
        self._makers: tuple[Callable[..., Any], ...] = (
            _never,
            _never,
            date.fromisoformat,
            lambda keys, held: MappingProxyType(dict(zip(keys, held, strict=True))),
            _never,
            *classes,
        )
        self._later = -1 if later is None else self._numbers[later]
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
                if {self._numbers.get(type(held)) for held in item} == {self._later}:
                    return [_LATER, *map(self.written, item)]
                return [_TUPLE, *map(plain, item)]
            if type(item) is date:
                return [_DATE, item.isoformat()]
            if isinstance(item, Mapping):
                return [_MAPPING, plain(tuple(item)), plain(tuple(item.values()))]
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
            if number == _LATER:
                if {part[0] for part in parts} != {self._later}:
                    raise ValueError("not all of these are made later")
                return Later(parts, self.read)
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
    raise ValueError("neither tuples nor values that occur again or later are made by a class")
