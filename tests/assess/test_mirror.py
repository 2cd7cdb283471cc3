"""What one says it sent to another, the other should say it received: one row with one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_law import TANK, TYPES, gathered, law, moved

from compliance.assess.mirror import Mirror, check
from compliance.assess.result import FindingKind
from compliance.values.records import Movement
from compliance.values.vocabulary import State

LAW = law()


def sent(quantity: int | str = 10, type: str = "T-55", date: str = "2020-06-01") -> Movement:
    return moved(quantity, type, date=date, origin="serbia", destination="@export:Croatia")


def received(quantity: int | str = 10, type: str = "T-55", date: str = "2020-06-01") -> Movement:
    return moved(quantity, type, date=date, origin="@import:Serbia", destination="croatia")


def checked(*rows: Movement, **asked: object) -> Mirror:
    return check(LAW, TYPES.get, gathered([rows]).movements, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [
        received(),
        received("8..12"),
        received("5.."),
        received(date="2020-05-01..2020-07-01"),
        moved(10, "T-55", origin="@import:SERBIA", destination="croatia:stored"),
    ],
    ids=["same", "quantity overlaps", "at least", "date overlaps", "name and status"],
)
def test_what_both_sides_tell_alike_is_matched(other: Movement) -> None:
    assert checked(sent(), other) == Mirror(1, ())


def test_what_only_one_side_tells_is_a_finding_with_its_words() -> None:
    for row, missing in (
        (sent(), "no import that matches"),
        (received(), "no export that matches"),
    ):
        (finding,) = checked(row).findings
        assert finding.kind is FindingKind.MIRROR_MISSING
        assert finding.category == TANK
        assert f"{missing} is on record of" in finding.message
        assert "10 T-55" in finding.message
    assert finding.message.startswith("Serbia to Croatia: ")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (received(12), "the quantity (10 against 12)"),
        (received(date="2020-08-01"), "the date (1 June 2020 against 1 August 2020)"),
        (received(12, date="2020-08-01"), "and the date (1 June 2020 against 1 August 2020)"),
        (received(type=""), "only one names a type"),
    ],
    ids=["quantity", "date", "both", "type"],
)
def test_a_near_miss_is_one_finding_with_both_sides_words(other: Movement, said: str) -> None:
    (finding,) = checked(sent(), other).findings
    assert finding.kind is FindingKind.MIRROR_MISSING
    assert said in finding.message
    assert len(finding.rows) == 2
    assert "@export:Croatia" in finding.message
    assert "@import:Serbia" in finding.message


@pytest.mark.parametrize(
    "other", [received(type="M-84"), received(date="2023-06-01")], ids=["type", "years later"]
)
def test_what_is_not_near_is_missing_on_both_sides(other: Movement) -> None:
    assert len(checked(sent(), other).findings) == 2


def test_matching_is_one_with_one() -> None:
    found = checked(sent(), sent(), received())
    assert (found.matched, len(found.findings)) == (1, 1)


def test_a_row_gives_way_where_that_matches_more() -> None:
    wide, narrow = sent("5..15"), sent(10)
    # The wide one would do with either import, the narrow one only with the first.
    assert checked(wide, narrow, received(10), received(15)).matched == 2


def test_one_row_for_both_sides_needs_no_mirror() -> None:
    assert checked(moved(10, "T-55", origin="serbia", destination="croatia")) == Mirror(0, ())


def test_a_row_for_both_sides_beside_one_of_one_side_may_be_double() -> None:
    both = moved(10, "T-55", origin="serbia", destination="croatia")
    for row in (sent(), received()):
        (finding,) = checked(row, both).findings
        assert finding.kind is FindingKind.POSSIBLE_DOUBLE
        assert len(finding.rows) == 2


def test_a_part_is_matched_where_the_other_side_names_the_whole() -> None:
    row = moved(10, "T-55", origin="federation", destination="@export:Croatia")
    other = moved(10, "T-55", origin="@import:Bosnia", destination="croatia")
    assert checked(row, other).matched == 1


def test_who_is_not_named_by_the_agreement_needs_no_mirror() -> None:
    assert checked(
        moved(10, "T-55", origin="serbia", destination="@export:Chad"),
        moved(10, "T-55", origin="@import:Canada and Serbia", destination="croatia"),
        moved(10, "T-55", origin="serbia", destination="@export"),
    ) == Mirror(0, ())


def test_a_plan_is_told_as_a_plan() -> None:
    plan = moved(1, "T-55", origin="serbia", destination="@export:Croatia", state=State.PLANNED)
    (finding,) = checked(plan).findings
    assert "A plan need not be on record on both sides." in finding.message


def test_only_what_is_asked_about_is_told() -> None:
    assert len(checked(sent(), parties=("croatia",)).findings) == 1
    assert checked(sent(), parties=("bosnia",)).findings == ()
    assert checked(sent(), categories=("armoured_combat_vehicle",)).findings == ()
    assert checked(sent(), start=date(2020, 6, 2)).findings == ()


@pytest.mark.long
def test_many_rows_alike_are_matched() -> None:
    many = 1500
    assert checked(*[sent()] * many, *[received()] * many).matched == many


_SPANS = st.tuples(st.integers(0, 4), st.integers(0, 2)).map(lambda p: (p[0], p[0] + p[1]))


@settings(max_examples=100)
@given(exports=st.lists(_SPANS, max_size=4), imports=st.lists(_SPANS, max_size=4))
def test_no_way_of_pairing_matches_more(
    exports: Sequence[tuple[int, int]], imports: Sequence[tuple[int, int]]
) -> None:
    found = checked(
        *(sent(f"{low}..{high}") for low, high in exports),
        *(received(f"{low}..{high}") for low, high in imports),
    )
    few, many = sorted((exports, imports), key=len)
    most = max(
        sum(a[0] <= b[1] and b[0] <= a[1] for a, b in zip(few, order, strict=False))
        for order in itertools.permutations(many)
    )
    assert found.matched == most
