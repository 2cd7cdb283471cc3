"""Which share of what was declared inspectors have seen."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_law import ACV, TANK, WHOLE, audited, gathered, held, law, limit, row_of

from compliance.assess.coverage import CoverageRow, coverage
from compliance.values.records import Holding, Row
from compliance.values.vocabulary import Basis, Status

LAW = law(limit("serbia", TANK, 900), limit("croatia", TANK, 50))


def rows(found: Sequence[Row], **asked: object) -> list[CoverageRow]:
    return list(coverage(LAW, gathered([found]).declarations, **asked).rows)  # type: ignore[arg-type]


def row(*found: Row, year: int = 2020, party: str = "serbia", category: str = TANK) -> CoverageRow:
    (only,) = rows(found, parties=[party], categories=[category], first=year, last=year)
    return only


def seen(quantity: int | str, site: str = "", **changed: object) -> Holding:
    values = {"as_of": "2020-03-01", "basis": Basis.OBSERVED, **changed}
    return held(quantity, site=site, **values)  # type: ignore[arg-type]


def figures(found: CoverageRow) -> tuple[str, str, tuple[float | None, float | None] | None]:
    return str(found.declared), str(found.seen.items) if found.seen else "none", found.share


@pytest.mark.parametrize(
    ("observed", "items", "places", "inspections"),
    [
        ([seen(30, "A"), seen(20, "A", as_of="2020-09-01")], "30", 1, 2),
        ([seen(30, "A"), seen(20, "a ", as_of="2020-09-01")], "30", 1, 2),
        ([seen(30, "A"), seen(20, "B", as_of="2020-09-01")], "50", 2, 2),
        ([seen(30, "A"), seen(20, "B")], "50", 2, 1),
        ([seen("30..35", "A"), seen("20..40", "A", as_of="2020-09-01")], "30..40", 1, 2),
        ([seen("30..", "A"), seen(20, "B")], "50..", 2, 1),
        ([seen(30, "A", type="M-84"), seen(5, "A", type="T-55")], "35", 1, 1),
        ([seen(36, "A"), seen(30, "A", type="M-84"), seen(5, "A", type="T-55")], "36", 1, 1),
        (
            [seen(3, "A", status=Status.IN_SERVICE), seen(4, "A", status=Status.STORED)],
            "7",
            1,
            1,
        ),
        ([seen(30, "A"), seen(9, "A", status=Status.HISTORICAL_COLLECTION)], "30", 1, 1),
        ([seen(30, "A"), seen(7, "A", category=ACV)], "30", 1, 1),
        ([seen(30, unit="1st battalion"), seen(20, unit="2nd battalion")], "50", 2, 1),
        ([seen(30), seen(20, as_of="2020-09-01")], "30..50", 0, 2),
        ([seen(30, "A"), seen(20, as_of="2020-09-01")], "30..50", 1, 2),
        ([seen(30, "A"), seen(40, as_of="2020-09-01")], "40..70", 1, 2),
        ([seen(0, "A")], "0", 1, 1),
    ],
)
def test_what_is_seen_twice_counts_once(
    observed: list[Row], items: str, places: int, inspections: int
) -> None:
    found = row(held(100), *observed).seen
    assert found is not None
    assert (str(found.items), found.places, found.inspections) == (items, places, inspections)


def test_the_share_is_seen_of_declared() -> None:
    assert figures(row(held(100), seen(40, "A"))) == ("100", "40", (0.4, 0.4))
    assert figures(row(held("100..200"), seen("40..50", "A")))[2] == (0.2, 0.5)
    assert figures(row(held("100.."), seen(40, "A")))[2] == (None, 0.4)
    assert figures(row(held(3), seen(1, "A")))[2] == (0.3333, 0.3333)


def test_more_than_declared_is_shown_and_not_cut() -> None:
    found = row(held(30), seen(20, "A"), seen(16, "B"))
    assert figures(found) == ("30", "36", (1.2, 1.2))
    assert found.discrepancy
    assert not row(held(36), seen(36, "A")).discrepancy
    assert not row(held("30.."), seen(36, "A")).discrepancy
    none = row(held(0), seen(1, "A"))
    assert none.discrepancy
    assert none.share is None


def test_what_is_not_known_is_not_zero() -> None:
    assert figures(row(held(100))) == ("100", "none", None)
    assert figures(row(seen(40, "A"))) == ("None", "40", None)
    assert figures(row(held(100), year=2025)) == ("None", "none", None)


@pytest.mark.parametrize(
    ("declared", "figure"),
    [
        ([held(1, as_of="2020-01-01")], "1"),
        ([held(1, as_of="2019-09-12")], "1"),
        ([held(1, as_of="2018-12-01")], "1"),
        ([held(1, as_of="2018-11-30")], "None"),
        ([held(1, as_of="2020-06-01")], "1"),
        ([held(1, as_of="2021-01-01")], "None"),
        ([held(1, as_of="2020-01-01"), held(2, as_of="2020-06-01")], "1"),
        ([held(1, as_of="2019-01-01"), held(2, as_of="2020-01-01")], "2"),
        ([held(1, as_of="2020-06-01"), held(2, as_of="2020-03-01")], "2"),
        ([held(1, as_of="2020-01-01"), held(2, basis=Basis.RELAYED)], "1"),
        ([held(2, basis=Basis.RELAYED)], "2"),
        ([held(2, basis=Basis.OFFICIAL)], "None"),
        ([held(2, basis=Basis.PRESS)], "None"),
        ([held(2, "M-84"), held(3, "T-55")], "5"),
        ([held(2, status=Status.IN_SERVICE)], "2.."),
        ([held(2, withheld=True)], "0.."),
        ([held(2, status=Status.HISTORICAL_COLLECTION)], "None"),
        ([held(2), held(1, unit="1st battalion")], "2"),
    ],
)
def test_declared_is_the_figure_of_the_new_year_or_the_first_in_it(
    declared: list[Row], figure: str
) -> None:
    assert str(row(*declared).declared) == figure


def test_a_state_is_the_sum_of_its_parts_unless_it_declared_itself() -> None:
    parts = [held(10, party="federation"), held(20, party="srpska", basis=Basis.RELAYED)]
    sites = [seen(5, "A", party="federation"), seen(6, "B", party="srpska")]
    whole = row(*parts, *sites, party=WHOLE)
    assert (str(whole.declared), whole.basis) == ("30", "mixed")
    assert whole.seen is not None
    assert str(whole.seen.items) == "11"
    assert str(row(held(31, party=WHOLE), *parts, party=WHOLE).declared) == "31"
    assert row(parts[0], party=WHOLE).declared is None, "one part says nothing of the other"
    assert str(row(*parts, *sites, party="srpska").declared) == "20"


def test_the_years_on_record_are_listed_or_all_that_were_asked_for() -> None:
    found = [held(1), seen(1, "A", as_of="2022-05-01")]
    listed = coverage(LAW, gathered([found]).declarations)
    assert (listed.first, listed.last) == (2020, 2022)
    assert {r.party for r in listed.rows} == {"serbia"}
    # On 1 January 2021 the figure of a year before still speaks.
    assert [(r.year, str(r.declared), r.seen is not None) for r in listed.rows] == [
        (2020, "1", False),
        (2021, "1", False),
        (2022, "None", True),
    ]
    # Five holders, two categories and three years, but for these.
    assert listed.left_out == 5 * 2 * 3 - 3
    asked = rows(found, parties=["serbia"], categories=[TANK], first=2019, last=2021)
    assert [r.year for r in asked] == [2019, 2020, 2021]
    assert [r.year for r in rows(found, categories=[TANK], parties=["serbia"], last=2020)] == [2020]
    assert rows([]) == []
    assert rows([held(1, basis=Basis.PRESS)]) == []


def test_the_rows_behind_are_named() -> None:
    found = row(held(100), held(9, category=ACV), seen(40, "A"))
    assert [item.ref for item in found.rows] == ["submission-1:1", "submission-1:3"]


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from("ABC")), min_size=1, max_size=8))
def test_seen_lies_between_the_best_inspection_and_their_sum(found: list[tuple[int, str]]) -> None:
    observed = [
        seen(many, site, as_of=f"2020-03-{day:02d}") for day, (many, site) in enumerate(found, 1)
    ]
    what = row(*observed).seen
    assert what is not None
    assert what.items.exact
    low = what.items.low or 0
    assert max(many for many, _ in found) <= low <= sum(many for many, _ in found)
    assert low == sum(max((m for m, s in found if s == site), default=0) for site in "ABC")


@pytest.mark.parametrize(
    ("observed", "said"),
    [
        ([], "As declared, not verified."),
        ([seen(40, "A")], "As declared; 40 of 100 seen by inspections in 2020."),
        ([seen(40, "A", as_of="2019-12-01")], "As declared, not verified."),
        ([seen(40, "A", as_of="2021-01-01")], "As declared, not verified."),
        ([seen(40, "A", category=ACV)], "As declared, not verified."),
    ],
)
def test_an_audit_says_what_its_figure_is_worth(observed: list[Row], said: str) -> None:
    result = audited(LAW, [[held(100)], observed])
    assert row_of(result).reasons[-1] == said


def test_an_excess_says_so_too() -> None:
    found = audited(LAW, [[held(60, party="croatia"), seen(4, "A", party="croatia")]]).findings
    excess = next(f for f in found if f.kind.value == "exceeds")
    assert "as declared; 4 of 60 seen by inspections in 2020)" in excess.message
