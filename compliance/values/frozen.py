"""What a value of this program is: named fields, the same for good, equal to what holds the same.

``@frozen`` is ``@dataclass(frozen=True, slots=True)`` at a quarter of its price. Every command
makes some eighty such classes before it answers, and the standard library compiles six functions
for each. Here only ``__init__`` is compiled. The others are the same few for every class; and that
no field is set again is held by the type checker (``make types``), not while the program runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(kind: type[T], /) -> type[T]:
    """Make a class of values of one with annotated fields; ``replace`` and ``fields`` know it."""
    made: Any = dataclass(eq=False, repr=False, slots=True)(kind)
    told = fields(made)
    compared = attrgetter(*(f.name for f in told if f.compare))
    hashed = attrgetter(*(f.name for f in told if (f.compare if f.hash is None else f.hash)))

    def same(one: object, other: object) -> bool:
        return compared(one) == compared(other) if type(one) is type(other) else NotImplemented

    def shown(one: object) -> str:
        held = (f"{f.name}={getattr(one, f.name)!r}" for f in told)
        return f"{made.__qualname__}({', '.join(held)})"

    made.__eq__, made.__repr__ = same, shown
    if "__hash__" not in vars(kind):  # one of its own is cheaper than all fields
        made.__hash__ = lambda one: hash(hashed(one))
    return made  # type: ignore[no-any-return]
