"""Values compare, hash, show and are replaced as the standard library's frozen dataclasses do."""

from __future__ import annotations

import copy
import pickle
from dataclasses import dataclass, field, fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.values.frozen import frozen


@frozen
class Ours:
    """Some fields of every sort."""

    name: str
    low: int = 0
    more: tuple[int, ...] = ()
    note: str = field(default="", compare=False)
    parts: dict[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Theirs:
    """The same, made by the standard library."""

    name: str
    low: int = 0
    more: tuple[int, ...] = ()
    note: str = field(default="", compare=False)
    parts: dict[str, int] = field(default_factory=dict, hash=False)


@frozen
class Another:
    name: str


@frozen
class Longer(Another):
    low: int = 0


@frozen
class Placed:
    """Knows better what makes it another."""

    ref: str
    row: list[int]

    def __hash__(self) -> int:
        return hash(self.ref)

    def __repr__(self) -> str:
        return f"<{self.ref}>"


few = st.integers(0, 1)
arguments = st.fixed_dictionaries(
    {"name": st.sampled_from("ab")},
    optional={
        "low": few,
        "more": st.tuples(few),
        "note": st.sampled_from("xy"),
        "parts": st.dictionaries(st.just("k"), few),
    },
)


@given(arguments, arguments)
def test_equal_and_hashed_as_the_standard_library_has_it(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert (Ours(**one) == Ours(**other)) is (Theirs(**one) == Theirs(**other))
    assert (Ours(**one) != Ours(**other)) is (Theirs(**one) != Theirs(**other))
    assert hash(Ours(**one)) == hash(Theirs(**one))
    assert repr(Ours(**one)) == repr(Theirs(**one)).replace("Theirs", "Ours")
    assert repr(replace(Ours(**one), **other)) == repr(Ours(**{**one, **other}))
    assert copy.deepcopy(Ours(**one)) == pickle.loads(pickle.dumps(Ours(**one))) == Ours(**one)


def test_another_class_is_never_equal() -> None:
    assert Ours("a") != Theirs("a")
    assert Another("a") != Longer("a") and Another("a") != "a"
    assert Longer("a", 1) != Longer("b", 1) and Longer("a", 1) == Longer("a", 1)
    assert [each.name for each in fields(Longer)] == ["name", "low"]


def test_what_a_class_does_in_its_own_way_it_does() -> None:
    assert hash(Placed("a", [1])) == hash("a") and repr(Placed("a", [])) == "<a>"
    assert Placed("a", [1]) != Placed("a", [2]) and Placed("a", [1]) == Placed("a", [1])


def test_there_is_room_for_its_fields_only() -> None:
    with pytest.raises(AttributeError):
        Ours("a").nowhere = 1


def test_what_is_missing_is_told_by_name() -> None:
    with pytest.raises(TypeError, match=r"Ours\.__init__\(\) missing .* argument: 'name'"):
        Ours()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"Wrong\.low has no default and follows one that has"):

        @frozen
        class Wrong:
            name: str = ""
            low: int  # type: ignore[misc]


@frozen
class Checked(Another):
    low: int
    high: int

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(self.name)


def test_a_value_is_checked_when_it_is_made() -> None:
    assert Checked("a", 1, high=2) == replace(Checked("a", 0, 2), low=1)
    with pytest.raises(ValueError, match="a"):
        Checked("a", 2, 1)
