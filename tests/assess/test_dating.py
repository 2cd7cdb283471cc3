"""Declarations dated after the day asked about, or after the day they were recorded on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from small_law import ACV, DAY, START, TANK, WHOLE, audited, cited, held, law, limit

from compliance.agreement.provisions import Obligation, Period
from compliance.assess.cases import evidence_of
from compliance.assess.result import Finding, FindingKind
from compliance.values.evidence import Background
from compliance.values.records import Holding, Row
from compliance.values.vocabulary import Basis, Severity

EXCHANGE = Obligation(
    id="annual",
    title="Annual exchange",
    text="Holdings are exchanged.",
    rhythm="annual",
    due="12-15",
    valid="01-01",
    period=Period(START),
    citation=cited(),
)
LAW = replace(law(limit("serbia", TANK, 900)), obligations=(EXCHANGE,))
IN_USE = held(100)


def found(
    kind: FindingKind, *rows: Row, recorded: str = "", as_of: date = DAY, party: str = "serbia"
) -> list[Finding]:
    evidence = evidence_of(rows, name="synthetic")
    if recorded:
        day = date.fromisoformat(recorded)
        orders = {d.order: day for d in evidence.declarations}
        around = Background(evidence.declarations, (), orders)
        evidence = replace(evidence, background=around)
    result = audited(LAW, evidence, day=as_of)
    return [f for f in result.findings if f.kind is kind and f.party == party]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (held(90, as_of="2021-01-01"), True),
        (held(90, as_of="2020-12-31..2021-01-01"), True),
        (held(90, as_of="2022-01-31"), True),
        (held(90, as_of="2022-02-01"), False),
        (held(90, as_of="2020-12-31"), False),
        (held(90, as_of="2021-01-01", category=ACV), False),
        (held(90, as_of="2021-01-01", party="croatia"), False),
        (held(90, as_of="2021-01-01", basis=Basis.PRESS), False),
        (held(90, as_of="2021-01-01", basis=Basis.OBSERVED), False),
    ],
)
def test_what_is_dated_soon_after_the_day_is_told(row: Holding, told: bool) -> None:
    remarks = [f for f in found(FindingKind.LATER_DECLARATION, IN_USE, row) if f.category == TANK]
    assert bool(remarks) is told


def test_all_later_ones_are_one_finding() -> None:
    rows = [held(90, as_of="2021-06-01"), held(95, as_of="2021-01-01")]
    (only,) = found(FindingKind.LATER_DECLARATION, IN_USE, *rows)
    assert only.kind.severity is Severity.INFO
    assert only.message == (
        "Serbia, battle tanks: on record and not used, dated after 31 December 2020: "
        "95 battle tank, 1 January 2021 (declared); 90 battle tank, 1 June 2021 (declared)."
    )
    assert [row.ref for row in only.rows] == ["synthetic:3", "synthetic:2"]


def test_where_nothing_is_in_use_anything_later_is_told() -> None:
    assert found(FindingKind.LATER_DECLARATION, held(9, as_of="2021-01-01", basis=Basis.PRESS))


def test_what_a_part_declares_later_is_told_of_the_whole() -> None:
    parts = [held(5, party=part) for part in ("federation", "srpska")]
    next_one = held(6, party="srpska", as_of="2021-01-01")
    assert found(FindingKind.LATER_DECLARATION, *parts, next_one, party=WHOLE)


@pytest.mark.parametrize(
    ("as_of", "basis", "recorded", "odd"),
    [
        ("2020-01-01", Basis.DECLARED, "2019-12-15", False),
        ("2020-01-01", Basis.RELAYED, "2019-01-02", False),
        ("2020-01-01", Basis.DECLARED, "2018-12-31", True),
        ("2020-01-01", Basis.PRESS, "2019-12-15", True),
        ("2020-01-02", Basis.DECLARED, "2019-12-15", True),
        ("2020-01-01..2020-01-02", Basis.DECLARED, "2019-12-15", True),
        ("2020-01-01..2020-01-31", Basis.DECLARED, "2020-01-01", False),
        ("2020-01-01", Basis.DECLARED, "2020-01-01", False),
        ("2020-01-01", Basis.DECLARED, "", False),
    ],
)
def test_a_declaration_dated_ahead_of_its_recording_is_found(
    as_of: str, basis: Basis, recorded: str, odd: bool
) -> None:
    row = held(100, as_of=as_of, basis=basis)
    remarks = found(FindingKind.DATED_AHEAD, row, recorded=recorded)
    assert bool(remarks) is odd
    if odd:
        assert [item.ref for item in remarks[0].rows] == ["synthetic:1"]


def test_one_that_is_not_yet_used_is_looked_at_too() -> None:
    rows = [IN_USE, held(90, as_of="2021-06-01")]
    (only,) = found(FindingKind.DATED_AHEAD, *rows, recorded="2020-12-20")
    assert "recorded on (20 December 2020)" in only.message
    assert [item.ref for item in only.rows] == ["synthetic:2"]


def test_a_day_at_the_end_of_the_calendar_can_be_asked_about() -> None:
    assert not found(FindingKind.LATER_DECLARATION, IN_USE, as_of=date.max)
