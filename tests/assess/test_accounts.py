"""An account of which more left than was in it, though the category's count is above zero."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from small_law import ACV, TANK, audited, held, law, limit, moved

from compliance.assess.cases import evidence_of
from compliance.assess.result import Finding, FindingKind
from compliance.values.records import Holding, Movement, Row
from compliance.values.vocabulary import Basis, State, Status

LAW = law(limit("serbia", TANK, 900))
TOTAL = held(500)
M84 = held(20, "M-84")


def overdrawn(rows: Sequence[Row]) -> list[Finding]:
    found = audited(LAW, evidence_of(rows, name="synthetic")).findings
    assert not any(item.kind is FindingKind.BELOW_ZERO for item in found)
    return [item for item in found if item.kind is FindingKind.ACCOUNT_BELOW_ZERO]


def left(quantity: int | str, type: str = "M-84", **changed: object) -> Movement:
    values = {"origin": "serbia", "destination": "@export:Elsewhere", **changed}
    return moved(quantity, type, **values)  # type: ignore[arg-type]


def test_the_finding_names_account_day_and_movements() -> None:
    first, second = left(15, date="2020-02-01"), left(6, date="2020-05-01")
    (found,) = overdrawn([TOTAL, M84, second, first, left(1, date="2020-06-01")])
    assert found.message.startswith(
        "Serbia, battle tanks: the account serbia of M-84 is below zero from 1 May 2020: "
        "20 declared, 21 left since (15 M-84, serbia to @export:Elsewhere, 1 February 2020"
    )
    assert [row.ref for row in found.rows] == ["synthetic:2", "synthetic:4", "synthetic:3"]
    assert found.todo


@pytest.mark.parametrize(
    "rows",
    [
        [left(20)],
        [left("15..30")],
        [left(21, date="2019-12-31")],
        [left(21, date="2019-12-01..2020-02-01")],
        [left(21, date="2020-12-01..2021-02-01")],
        [left(21, state=State.PLANNED)],
        [left(21, type="T-55")],
        [left(21), moved(1, "M-84", date="2020-05-01")],
        [left(21), moved("0..", "M-84", date="2020-05-01")],
        [left(21), moved(1, "M-84", date="2020-06-01..2020-12-31", state=State.PLANNED)],
        [left(21, destination="serbia:stored")],
        [left(21, destination="serbia"), moved(1, "M-84", origin="serbia:stored")],
        [left(21, origin="serbia:decommissioned")],
        [left(21, origin="croatia")],
    ],
)
def test_only_what_is_surely_below_zero_is_found(rows: list[Row]) -> None:
    assert not overdrawn([TOTAL, M84, *rows])


def test_what_came_later_does_not_help() -> None:
    late = moved(1, "M-84", date="2020-07-01")
    (found,) = overdrawn([TOTAL, M84, left(21), late])
    assert "1 June 2020" in found.message
    early = moved(1, "M-84", date="2020-05-01")
    (found,) = overdrawn([TOTAL, M84, left(22), early])
    assert "20 declared, at most 1 came since, 22 left since" in found.message


@pytest.mark.parametrize(
    ("declared", "gone"),
    [
        (M84, left(21, origin="serbia:stored")),
        (M84, left(21, basis=Basis.PRESS)),
        (held(20, "M-84", status=Status.STORED), left(21, origin="serbia:stored")),
        (
            held(20, "M-84", status=Status.DECOMMISSIONED),
            left(21, origin="serbia:decommissioned"),
        ),
        (
            held(20, "M-84", status=Status.STORED),
            left(21, origin="serbia:stored", destination="serbia:in_service"),
        ),
    ],
)
def test_an_account_is_a_type_and_a_status(declared: Holding, gone: Movement) -> None:
    assert len(overdrawn([TOTAL, declared, gone])) == 1


@pytest.mark.parametrize(
    ("declared", "gone"),
    [
        (held("20..", "M-84"), left(21)),
        (held(0, "M-84", withheld=True), left(21)),
        (held("20..21", "M-84"), left(21)),
        (held(20, "M-84", status=Status.STORED), left(21)),
        (held(20, "M-80", category=ACV), left(21)),
    ],
)
def test_what_is_not_stated_is_not_known(declared: Holding, gone: Movement) -> None:
    assert not overdrawn([TOTAL, declared, gone])


def test_what_arrived_without_a_status_may_be_in_any() -> None:
    stored = held(20, "M-84", status=Status.STORED)
    gone = left(21, origin="serbia:stored")
    assert not overdrawn([TOTAL, stored, gone, moved(1, "M-84", date="2020-05-01")])
    apart = moved(1, "M-84", date="2020-05-01", destination="serbia:decommissioned")
    assert overdrawn([TOTAL, stored, gone, apart])
