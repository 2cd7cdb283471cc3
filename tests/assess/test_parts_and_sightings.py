"""A Party that is the sum of its parts, and what inspectors saw beyond a declaration."""

from __future__ import annotations

from datetime import date

import pytest
from small_law import PARTS, TANK, WHOLE, audited, held, law, limit, moved, row, row_of

from compliance.assess.result import AuditRow, FindingKind
from compliance.values.records import Row
from compliance.values.vocabulary import Basis, Verdict

FEDERATION, SRPSKA = PARTS
LAW = law(limit(WHOLE, TANK, 300), limit("serbia", TANK, 105))


def _whole(*rows: Row, day: date = date(2020, 12, 31)) -> AuditRow:
    return row(LAW, rows, party=WHOLE, day=day)


FED, SRP = held(200, party=FEDERATION), held(90, party=SRPSKA)


def test_a_party_with_parts_is_their_sum() -> None:
    found = _whole(FED, SRP)
    assert (str(found.counted), found.verdict) == ("290", Verdict.WITHIN)
    assert (found.basis, str(found.headroom)) == ("declared", "10")


def test_a_missing_part_leaves_the_sum_open() -> None:
    found = _whole(FED)
    assert (str(found.counted), found.verdict) == ("200..", Verdict.INDETERMINATE)
    found = _whole(held(301, party=FEDERATION))
    assert (str(found.counted), found.verdict) == ("301..", Verdict.EXCEEDS)
    found = _whole()
    assert (found.counted, found.verdict) == (None, Verdict.INDETERMINATE)


@pytest.mark.parametrize("accept_stale", [True, False])
def test_a_missing_part_is_a_finding_and_no_stale_part_a_pass(accept_stale: bool) -> None:
    result = audited(LAW, [[FED]], accept_stale=accept_stale)
    missing = [f for f in result.findings if f.kind is FindingKind.NO_DECLARATION]
    assert any(SRPSKA.title() in finding.message for finding in missing)
    old = held(9, party=SRPSKA, as_of="2015-01-01")
    found = row_of(audited(LAW, [[FED, old]], accept_stale=accept_stale), WHOLE)
    assert found.stale
    expected = Verdict.WITHIN if accept_stale else Verdict.INDETERMINATE
    assert found.verdict is expected


def test_parts_on_different_bases_are_mixed_and_name_both_dates() -> None:
    found = _whole(FED, held(90, party=SRPSKA, as_of="2020-03-01", basis=Basis.RELAYED))
    assert found.basis == "mixed"
    assert str(found.declared_as_of) == "2020-01-01..2020-03-01"


def test_a_whole_that_declared_itself_is_not_summed() -> None:
    found = _whole(FED, SRP, held(250, party=WHOLE, as_of="2020-02-01"))
    assert (str(found.counted), found.basis) == ("250", "declared")


def test_a_movement_between_two_parts_changes_nothing_for_the_whole() -> None:
    between = moved(20, origin=FEDERATION, destination=SRPSKA)
    assert str(_whole(FED, SRP, between).counted) == "290"
    assert str(row(LAW, [FED, SRP, between], party=WHOLE).headroom) == "10"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        # The parts declared on 1 January and on 1 March.
        ("2020-01-01", "290"),
        ("2020-01-02", "290..300"),
        ("2020-02-01..2020-02-28", "290..300"),
        ("2020-03-01", "290..300"),
        ("2020-02-01..2020-04-01", "290..300"),
        ("2020-03-02", "300"),
        ("2020-12-31..2021-01-02", "290..300"),
    ],
)
def test_what_came_to_the_whole_may_be_in_a_part_declared_since(date: str, expected: str) -> None:
    srp = held(90, party=SRPSKA, as_of="2020-03-01")
    found = _whole(FED, srp, moved(10, date=date, destination=WHOLE))
    assert str(found.counted) == expected


def test_what_left_the_whole_is_taken_from_the_sum() -> None:
    gone = moved(10, origin=WHOLE, destination="@export:France")
    assert str(_whole(FED, SRP, gone).counted) == "280"
    maybe = moved(10, origin=WHOLE, destination="@export:France", basis=Basis.PRESS)
    assert str(_whole(FED, SRP, maybe).counted) == "280..290"


# --- Observations --------------------------------------------------------------------------------


def _seen(quantity: int | str, as_of: str = "2020-06-01", party: str = "serbia") -> Row:
    return held(quantity, party=party, as_of=as_of, basis=Basis.OBSERVED, site="Zemun")


def _kinds(*rows: Row) -> set[str]:
    return {finding.kind.value for finding in audited(LAW, [rows]).findings}


def test_an_observation_above_the_figure_widens_the_row_and_is_a_finding() -> None:
    rows = [held(100), _seen(104)]
    found = row(LAW, rows)
    assert (str(found.counted), str(found.judged)) == ("100", "100..104")
    assert found.verdict is Verdict.WITHIN
    assert "discrepancy" in _kinds(*rows)
    found = row(LAW, [held(100), _seen(106)])
    assert (str(found.judged), found.verdict) == ("100..106", Verdict.INDETERMINATE)


@pytest.mark.parametrize(
    ("rows", "judged"),
    [
        pytest.param([held(100), _seen(100)], "100", id="not above"),
        pytest.param([held(100), _seen("90..")], "100", id="at least, not above"),
        pytest.param([held(100), _seen("103..")], "100..103", id="at least, above"),
        pytest.param([held(100), _seen(104, "2019-12-31")], "100", id="before the figure"),
        pytest.param([held(100), _seen(104, "2020-01-01")], "100..104", id="the same day"),
        pytest.param([held(100), _seen(104, "2021-01-01")], "100", id="after the day"),
        pytest.param([held(100), moved(4), _seen(104)], "104", id="explained by what came"),
        pytest.param(
            [held(100), moved(4, date="2020-07-01"), _seen(104)], "104..108", id="came later"
        ),
        pytest.param([held("100..110"), _seen(104)], "100..110", id="within the span"),
        pytest.param([held(100), _seen(102), _seen(104, "2020-07-01")], "100..104", id="the most"),
    ],
)
def test_how_far_an_observation_widens(rows: list[Row], judged: str) -> None:
    assert str(row(LAW, rows).judged) == judged
    assert ("discrepancy" in _kinds(*rows)) is (judged not in ("100", "104", "100..110"))


def test_what_was_seen_in_two_parts_adds_up() -> None:
    found = _whole(FED, SRP, _seen(205, party=FEDERATION), _seen(97, party=SRPSKA))
    assert (str(found.counted), str(found.judged)) == ("290", "290..302")
    assert found.verdict is Verdict.INDETERMINATE


def test_two_observations_of_one_part_do_not_add_up() -> None:
    more = [_seen(203, party=FEDERATION), _seen(205, "2020-07-01", party=FEDERATION)]
    found = _whole(FED, SRP, *more)
    assert (str(found.judged), found.verdict) == ("290..295", Verdict.WITHIN)
