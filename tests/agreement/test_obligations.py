"""A duty says when it is due in a way that fits its rhythm, or the pack is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_pack import small_pack, write_pack

from compliance.agreement.load import check, load
from compliance.agreement.provisions import ShownBy
from compliance.resources import folder
from compliance.values.span import Span

EVENT = {"rhythm": "event", "due": "within five days", "valid": None}


def _pack(tmp_path: Path, **changes: Any) -> Path:
    pack = small_pack()
    duty = pack["obligations.toml"]["obligation"][0]
    duty.update(changes)
    for name in [name for name, value in changes.items() if value is None]:
        del duty[name]
    return write_pack(tmp_path / "testing", pack)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"due": "15 December"}, "MM-DD"),
        ({"due": "12-32"}, "MM-DD"),
        ({"due": "02-30"}, "MM-DD"),
        ({"valid": "13-01"}, "MM-DD"),
        ({"rhythm": "once", "due": "12-15"}, "YYYY-MM-DD"),
        ({"rhythm": "event"}, "annual duty only"),
        ({**EVENT, "shown_by": "declaration"}, "annual duty only"),
        ({"change_percent": 10}, "'event' only"),
        ({"within_days": 5}, "'event' only"),
        ({"shown_by": "declaration", "valid": None}, "needs the day"),
        ({"shown_by": "exclusions", "valid": None}, "needs the day"),
        ({"shown_by": "hearsay"}, "not allowed"),
    ],
)
def test_a_duty_that_does_not_fit_is_refused(
    tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    (problem,) = check(_pack(tmp_path, **changes)).problems
    assert problem.where.startswith("obligation[0]")
    assert says in problem.message


@pytest.mark.parametrize(
    "changes",
    [
        {"due": "02-29"},
        {"rhythm": "once", "due": "2002-05-01"},
        {**EVENT, "change_percent": 10, "within_days": "5..7"},
        {**EVENT, "shown_by": "losses"},
    ],
)
def test_a_duty_that_fits_is_taken(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert check(_pack(tmp_path, **changes)).problems == ()


def test_the_shipped_duties_say_where_to_look() -> None:
    duties = {d.id: d for d in load(folder("rules") / "florence-1996").obligations}
    assert duties["annual-exchange"].shown_by is ShownBy.DECLARATION
    assert duties["change-of-ten-per-cent"].within_days == Span(5, 7)
    assert duties["proof-of-losses"].shown_by is ShownBy.LOSSES
    assert duties["inspection"].shown_by is None
