"""Figures that disagree with one another are findings, and never refused."""

from __future__ import annotations

from datetime import date

import pytest

from compliance.assess.consistency import doubles
from compliance.values.dates import DateSpan
from compliance.values.evidence import RecordedMovement
from compliance.values.records import Account, Movement
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State


def _movement(ref: str, **changed: object) -> RecordedMovement:
    values: dict[str, object] = {
        "date": DateSpan.parse("2024-01-01..2024-03-31"),
        "type": "M-84",
        "category": "",
        "quantity": Span.exactly(30),
        "origin": Account("croatia"),
        "destination": Account(place="@export:Ukraine"),
        "state": State.DONE,
        "basis": Basis.PRESS,
        "source": f"source of {ref}",
    }
    return RecordedMovement(ref, Movement(**{**values, **changed}))  # type: ignore[arg-type]


def test_the_same_movement_from_two_sources_is_noticed() -> None:
    found = list(doubles([_movement("a:1"), _movement("b:1", date=DateSpan.on(date(2024, 2, 2)))]))
    assert len(found) == 1
    assert [row.ref for row in found[0][1]] == ["a:1", "b:1"]


@pytest.mark.parametrize(
    "changed",
    [
        {"source": "source of a:1"},
        {"quantity": Span.exactly(31)},
        {"date": DateSpan.on(date(2024, 4, 1))},
        {"type": "T-55"},
        {"destination": Account(place="@lost")},
    ],
)
def test_movements_that_differ_are_not_doubles(changed: dict[str, object]) -> None:
    assert not list(doubles([_movement("a:1"), _movement("b:1", **changed)]))
