"""However a pack is damaged, checking it gives problems and never a crash."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from small_pack import fresh, small_case, small_pack, write_pack

from compliance.agreement.load import check

JUNK: list[Any] = [
    0,
    -1,
    10**30,
    10**400,
    1.5,
    float("inf"),
    float("nan"),
    True,
    "",
    "x",
    "union",
    "62..",
    "9..1",
    [],
    [[]],
    [1, "a"],
    [{}],
    [{"id": 1}],
    {},
    {"id": "east"},
    {"value": {}},
    date(1, 1, 1),
    date(9999, 12, 31),
    datetime(2001, 1, 1, 1, 1, 1, tzinfo=UTC),
]


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [here] if here else []
    children = value.items() if isinstance(value, dict) else []
    if isinstance(value, list):
        children = list(enumerate(value))
    for key, child in children:
        found += paths(child, (*here, key))
    return found


def full_pack() -> dict[str, Any]:
    return {**small_pack(), "cases/some.toml": {"case": [small_case()]}}


PLACES = [path for path in paths(full_pack()) if len(path) > 1]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from([*JUNK, None])), min_size=1, max_size=3
    )
)
def test_damage_gives_problems_and_no_crash(damage: list[tuple[tuple[Any, ...], Any]]) -> None:
    pack = full_pack()
    for path, junk in damage:
        holder: Any = pack
        try:
            for key in path[:-1]:
                holder = holder[key]
            if junk is None:
                del holder[path[-1]]
            else:
                holder[path[-1]] = fresh(junk)
        except (KeyError, IndexError, TypeError):
            continue
    with tempfile.TemporaryDirectory() as place:
        result = check(write_pack(Path(place) / "testing", pack))
    if not result.errors:
        assert result.agreement is not None
    for problem in result.problems:
        assert problem.file
        assert problem.message
