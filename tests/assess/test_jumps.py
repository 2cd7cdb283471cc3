"""A change from one declaration to the next that nothing on record explains, and only then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_law import START, TANK, audited, cited, held, law, limit, moved

from compliance.agreement.provisions import Obligation, Period
from compliance.assess.cases import evidence_of
from compliance.assess.jumps import exceeds
from compliance.assess.result import Finding, FindingKind
from compliance.values.records import Holding, Row
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, LawStatus, Status

DUTY = Obligation(
    id="change",
    title="Change",
    text="Changes are notified.",
    rhythm="event",
    due="",
    valid="",
    period=Period(START),
    citation=cited(LawStatus.DERIVED),
    change_percent=10,
)
LAW = replace(law(limit("serbia", TANK, 900)), obligations=(DUTY,))


def jumps(rows: Sequence[Row], *, duties: Iterable[Obligation] = (DUTY,)) -> list[Finding]:
    agreement = replace(LAW, obligations=tuple(duties))
    found = audited(agreement, evidence_of(rows, name="synthetic")).findings
    return [item for item in found if item.kind is FindingKind.UNEXPLAINED_JUMP]


def before(quantity: int | str, type: str = "", **changed: object) -> Holding:
    return held(quantity, type, **{"as_of": "2019-01-01", **changed})  # type: ignore[arg-type]


def test_a_jump_is_found_with_its_law_its_rows_and_what_would_settle_it() -> None:
    (found,) = jumps([before(100), held(111)])
    assert found.message == (
        "Serbia, battle tanks: rose from 100 (1 January 2019) to 111 (1 January 2020), by 11 %, "
        "and no movement on record explains it."
    )
    assert found.citation == DUTY.citation
    assert [row.ref for row in found.rows] == ["synthetic:1", "synthetic:2"]
    assert "movements" in found.todo


@pytest.mark.parametrize(
    ("was", "now", "jump"),
    [
        (100, 110, False),
        (100, 90, False),
        (100, 111, True),
        (100, 89, True),
        (0, 1, True),
        (0, 0, False),
        (5, 6, True),
        ("100..105", 115, False),
        ("100..105", 116, True),
        (100, "111..130", True),
        (100, "105..130", False),
        ("100..", 300, False),
        ("100..", 89, True),
        (100, "80..", False),
    ],
)
def test_only_what_is_surely_more_than_ten_per_cent_is_a_jump(
    was: int | str, now: int | str, jump: bool
) -> None:
    assert bool(jumps([before(was), held(now)])) is jump


def test_the_threshold_is_the_agreements() -> None:
    rows = [before(100), held(111)]
    assert not jumps(rows, duties=[replace(DUTY, change_percent=11)])
    assert not jumps(rows, duties=[replace(DUTY, change_percent=None)])
    assert not jumps(rows, duties=[])
    ended = Period(START, before(1).as_of.first)
    assert not jumps(rows, duties=[replace(DUTY, period=ended)])
    assert jumps(rows, duties=[replace(DUTY, change_percent=50), DUTY])


@pytest.mark.parametrize(
    ("what", "explains"),
    [
        (moved(1, date="2019-06-01"), True),
        (moved(1, "M-84", date="2019-06-01", category=""), True),
        (moved(1, "Light", date="2019-06-01", category=""), True),
        (moved(1, date="2019-06-01", basis=Basis.PRESS), True),
        (moved("0..", date="2019-06-01"), True),
        (moved(1, date="2019-12-31..2020-02-01"), True),
        (moved(1, date="2018-06-01..2019-02-01"), True),
        (moved(1, date="2019-06-01", origin="serbia:decommissioned"), True),
        (moved(1, date="2019-06-01", origin="serbia:stored"), False),
        (moved(1, date="2019-06-01", destination="serbia:decommissioned"), False),
        (moved(1, date="2019-06-01", origin="serbia", destination="@lost"), False),
        (moved(1, date="2019-06-01", destination="croatia"), False),
        (moved(1, "M-80", date="2019-06-01", category="armoured_combat_vehicle"), False),
        (moved(1, "M-80", date="2019-06-01", category=""), False),
        (moved(1, date="2018-06-01"), False),
        (moved(1, date="2019-01-01"), False),
        (moved(1, date="2020-01-02"), False),
    ],
)
def test_what_may_have_moved_in_between_explains(what: Row, explains: bool) -> None:
    assert bool(jumps([before(100), held(111), what])) is not explains


def test_what_moved_too_little_is_named() -> None:
    (found,) = jumps([before(100), held(130), moved(5, date="2019-06-01")])
    assert "movements on record explain at most 5 of it" in found.message
    lost = moved(5, date="2019-06-01", origin="serbia", destination="@lost")
    (found,) = jumps([before(100), held(70), lost])
    assert "fell from 100" in found.message
    assert "explain at most 5 of it" in found.message


@pytest.mark.parametrize("basis", list(Basis))
def test_only_declared_figures_are_compared(basis: Basis) -> None:
    found = jumps([before(100, basis=basis), held(150, basis=basis)])
    assert bool(found) is (basis in {Basis.DECLARED, Basis.RELAYED})
    if basis is Basis.RELAYED:
        assert "published figures, as relayed" in found[0].message
    other = Basis.RELAYED if basis is Basis.DECLARED else Basis.DECLARED
    assert not jumps([before(100, basis=other), held(150, basis=basis)])


@pytest.mark.parametrize(
    ("then", "compared"),
    [
        ("2018-12-01", True),
        ("2018-11-30", False),
        ("2018-11-30..2019-01-01", False),
        ("2019-12-31", True),
        ("2019-12-01..2020-01-01", False),
    ],
)
def test_only_declarations_about_a_year_apart_are_compared(then: str, compared: bool) -> None:
    assert bool(jumps([before(100, as_of=then), held(150)])) is compared


def test_the_one_just_before_is_compared() -> None:
    assert not jumps([before(100), before(150, as_of="2019-06-01"), held(150)])
    assert jumps([before(150), before(100, as_of="2019-06-01"), held(150)])


def test_a_change_that_was_notified_needs_no_movement() -> None:
    notified = held(150, as_of="2019-06-01", basis=Basis.NOTIFIED)
    assert not jumps([before(100), notified, held(150)])
    assert jumps([before(100), held(150, as_of="2018-06-01", basis=Basis.NOTIFIED), held(150)])


def test_of_a_type_both_must_name_it() -> None:
    old = [before(200), before(100, "M-84")]
    (found,) = jumps([*old, held(200), held(120, "M-84")])
    assert "M-84 rose from 100" in found.message
    assert found.citation is None, "the duty is on categories"
    assert not jumps([*old, held(200), held(120, "T-55")])
    assert not jumps([*old, held(200), held(110, "M-84")])
    assert not jumps([*old, held(200), held(120, "M-84"), moved(10, "M-84", date="2019-06-01")])
    assert jumps([*old, held(200), held(120, "M-84"), moved(10, "T-55", date="2019-06-01")])


def test_types_are_added_up_only_where_the_party_itself_lists_them() -> None:
    old, new = [before(100, "M-84")], [held(100, "M-84"), held(50, "T-55")]
    assert jumps([*old, *new])
    relayed = [replace(row, basis=Basis.RELAYED) for row in (*old, *new)]
    assert not jumps(relayed), "what is relayed may be a part of the list"


def test_items_reported_apart_are_no_part_of_the_holding() -> None:
    apart = held(50, status=Status.HISTORICAL_COLLECTION)
    assert not jumps([before(100), held(100), apart])


@given(
    was=st.integers(0, 60),
    width=st.integers(0, 5),
    now=st.integers(0, 80),
    more=st.integers(0, 5),
    out=st.integers(-9, 0),
    into=st.integers(0, 9),
    percent=st.integers(1, 30),
)
def test_a_jump_holds_for_every_possible_figure(
    was: int, width: int, now: int, more: int, out: int, into: int, percent: int
) -> None:
    """Said of spans: one direction, whatever was, is and moved. Checked one by one."""
    left = [
        (b, n - e - b)
        for b in range(was, was + width + 1)
        for n in range(now, now + more + 1)
        for e in range(out, into + 1)
    ]
    expected = all(100 * rest > percent * b for b, rest in left) or all(
        -100 * rest > percent * b for b, rest in left
    )
    spans = Span(was, was + width), Span(now, now + more), Span(out, into)
    assert exceeds(*spans, percent) is expected


def test_where_the_category_jumped_its_types_are_not_told_apart() -> None:
    rows = [before(100), before(50, "M-84"), held(150), held(100, "M-84")]
    (found,) = jumps(rows)
    assert found.citation is not None
