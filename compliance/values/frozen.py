"""What a value of this program is: named fields, the same for good, equal to what holds the same.

``@frozen`` is ``@dataclass(frozen=True, slots=True)`` at a tenth of its price. Every command makes
some eighty such classes before it answers, and the standard library compiles six functions for
each. Here only ``__init__`` is compiled, once for all classes with as many fields, and each class
has a copy of it with its own names. The other functions are the same few for every class; and that
no field is set again is held by the type checker (``make types``), not while the program runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field
from functools import cache, cached_property
from operator import attrgetter
from types import CodeType, FunctionType
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")

_FIELDS = "__dataclass_fields__"
"""Where the standard library's ``fields`` and ``replace`` look."""


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(kind: type[T], /) -> type[T]:
    """Make a class of values of one with annotated fields; ``replace`` and ``fields`` know it."""
    space = {n: held for n, held in vars(kind).items() if n not in ("__dict__", "__weakref__")}
    own = {name: space.pop(name, MISSING) for name in kind.__annotations__}
    told = _Fields(kind, own)
    metaclass: Any = type(kind)
    return metaclass(  # type: ignore[no-any-return]
        kind.__name__,
        kind.__bases__,
        {
            **_comparing(told.given),
            **space,  # what the class does in its own way, it does
            "__qualname__": kind.__qualname__,
            "__slots__": tuple(own),
            "__match_args__": tuple(told.given),
            "__init__": _init(kind, told.given),
            _FIELDS: told,
        },
    )


class _Fields:
    """The fields of a class, its bases' first; made as the library's when somebody asks for them.

    Attributes:
        annotations: of each field.
        given: by each field its default, what ``field`` returned, or ``MISSING`` for nothing.
    """

    def __init__(self, kind: type[Any], own: Mapping[str, Any]) -> None:
        """Take a class, and what its body gives to its own fields."""
        self.annotations: dict[str, Any] = {}
        self.given: dict[str, Any] = {}
        for base in reversed(kind.__mro__):
            told = vars(base).get(_FIELDS)
            if isinstance(told, _Fields):
                self.annotations |= told.annotations
                self.given |= told.given
        self.annotations |= kind.__annotations__
        self.given |= own

    def __get__(self, _one: object, _kind: type[Any]) -> dict[str, Field[Any]]:
        return self._theirs

    @cached_property
    def _theirs(self) -> dict[str, Field[Any]]:
        defaults = {name: held for name, held in self.given.items() if held is not MISSING}
        # With a text of its own: to make one of its signature takes longer than all the rest.
        space = {"__doc__": "As told.", "__annotations__": self.annotations, **defaults}
        kind = type("_", (), space)
        theirs: Any = dataclass(init=False, repr=False, eq=False, match_args=False)(kind)
        return theirs.__dataclass_fields__  # type: ignore[no-any-return]


def _comparing(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what compares, hashes and shows values with these fields."""
    names = tuple(given)
    unlike = {n: held for n, held in given.items() if isinstance(held, Field)}
    passed = {n for n, held in unlike.items() if not held.compare}
    compared = attrgetter(*(n for n in names if n not in passed))
    passed |= {n for n, held in unlike.items() if held.hash is False}
    hashed = attrgetter(*(n for n in names if n not in passed))

    def same(one: object, other: object) -> bool:
        return compared(one) == compared(other) if type(one) is type(other) else NotImplemented

    def shown(one: object) -> str:
        held = (f"{name}={getattr(one, name)!r}" for name in names)
        return f"{type(one).__qualname__}({', '.join(held)})"

    return {"__eq__": same, "__hash__": lambda one: hash(hashed(one)), "__repr__": shown}


def _init(kind: type[Any], given: Mapping[str, Any]) -> FunctionType:
    """Return what fills a new value, as if it had been written out for this class."""
    defaults: list[Any] = []
    makers: dict[int, Any] = {}
    for place, (name, held) in enumerate(given.items()):
        default = held
        if isinstance(held, Field):
            default = held.default
            if held.default_factory is not MISSING:
                makers[place] = held.default_factory
        if default is not MISSING or place in makers:
            defaults.append(default)
        elif defaults:
            raise TypeError(f"{kind.__qualname__}.{name} has no default and follows one that has")
    pattern = _pattern(len(given), tuple(makers), hasattr(kind, "__post_init__"))
    named = {f"_{place}": name for place, name in enumerate(given)}
    surroundings = {"__name__": kind.__module__, "MISSING": MISSING}
    surroundings |= {f"make_{place}": make for place, make in makers.items()}
    code = pattern.replace(
        co_names=tuple(named.get(name, name) for name in pattern.co_names),
        co_varnames=tuple(named.get(name, name) for name in pattern.co_varnames),
        co_qualname=f"{kind.__qualname__}.__init__",
    )
    return FunctionType(code, surroundings, argdefs=tuple(defaults))


@cache
def _pattern(count: int, made: tuple[int, ...], finishes: bool) -> CodeType:
    """Compile what fills so many fields, which are called by their places.

    Args:
        count: of the fields.
        made: the places of those that are made anew where they are not given.
        finishes: the class has something to do with a value that is filled.
    """
    lines = [f"def __init__(self, {', '.join(f'_{place}' for place in range(count))}):"]
    lines += [f" if _{place} is MISSING: _{place} = make_{place}()" for place in made]
    lines += [f" self._{place} = _{place}" for place in range(count)]
    lines += [" self.__post_init__()"] * finishes
    held: dict[str, Any] = {}
    exec("\n".join(lines), held)  # noqa: S102 - nothing in it but numbers
    code = held["__init__"].__code__
    assert isinstance(code, CodeType)
    return code
