"""Counting, case by case: what stands in a declaration, what moves, on whose word."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from possible_worlds import count
from small_law import (
    ACV,
    DAY,
    QUESTIONS,
    TANK,
    TYPES,
    audited,
    counted,
    gathered,
    held,
    known,
    law,
    moved,
    question,
    row,
    row_of,
)

from compliance.agreement.select import Readings
from compliance.assess.audit import audit
from compliance.assess.count import Counter
from compliance.assess.standing import Request
from compliance.values.evidence import Evidence
from compliance.values.records import Holding, Movement, Row
from compliance.values.vocabulary import Basis, State, Status

HELD = [held(100)]
RELAYED = {"basis": Basis.RELAYED}


@pytest.mark.parametrize(
    ("rows", "category", "expected"),
    [
        pytest.param([held(100), held(60, "T-55")], TANK, "100", id="types explain the total"),
        pytest.param([held(60, "T-55"), held(40, "M-84")], TANK, "100", id="types alone add up"),
        pytest.param([held("60..62", "T-55"), held("1..", "M-84")], TANK, "61..", id="spans add"),
        pytest.param([held(0, withheld=True)], TANK, "0..", id="withheld"),
        pytest.param(
            [held(5, "T-55"), held("7..", withheld=True)], TANK, "0..", id="total withheld"
        ),
        pytest.param([held(50, status=Status.IN_SERVICE)], TANK, "50..", id="in service: at least"),
        pytest.param(
            [held(50, status=Status.IN_SERVICE), held(30, "T-55", status=Status.STORED)],
            TANK,
            "80",
            id="a total in service does not explain what is stored",
        ),
        pytest.param(
            [held(50, status=Status.IN_SERVICE), held(30, "T-55", status=Status.IN_SERVICE)],
            TANK,
            "50..",
            id="a total in service explains types in service",
        ),
        pytest.param(
            [held(50, status=Status.IN_SERVICE), held(80, "T-55")],
            TANK,
            "80..130",
            id="a total in service beside a type held overall",
        ),
        pytest.param(
            [held(100), held(30, status=Status.STORED), held(70, status=Status.IN_SERVICE)],
            TANK,
            "100",
            id="stored and in service are inside the total",
        ),
        pytest.param(
            [held(100), held(10, status=Status.HISTORICAL_COLLECTION)], TANK, "100", id="by text"
        ),
        pytest.param(
            [held(100), held(10, status=Status.AWAITING_EXPORT)], TANK, "100..110", id="not by text"
        ),
        pytest.param([held(100), held(10, status=Status.IN_TRANSIT)], TANK, "110", id="no rule"),
        pytest.param(
            [held(9, status=Status.DECOMMISSIONED, category=ACV)], ACV, "9..", id="rule elsewhere"
        ),
        pytest.param([held(9, "Truck")], TANK, "9", id="against itself: stands"),
        pytest.param([held(9, "T-55", category="none"), held(1)], TANK, "1..10", id="claim"),
        pytest.param([held(9, "Truck", category="none"), held(1)], TANK, "1", id="agreed claim"),
        pytest.param([held(9, "T-55", category=ACV), held(1)], TANK, "1..10", id="claim elsewhere"),
        pytest.param([held(9, "T-55", category=ACV), held(1)], ACV, "9", id="and where it is put"),
        pytest.param([held(9, "Truck", **RELAYED)], TANK, "0..9", id="row and catalogue disagree"),
        pytest.param([held(9, "Mystery", **RELAYED)], TANK, "0..9", id="nothing confirms"),
        pytest.param([held(9, **RELAYED)], TANK, "9", id="a bare total needs no catalogue"),
        pytest.param([held(9, "Light", **RELAYED)], TANK, "0..9", id="disputed"),
        pytest.param([held(9, "Light")], TANK, "9", id="disputed, against itself"),
        pytest.param([held(100, **RELAYED), held(9, "Truck", **RELAYED)], TANK, "91..100", id="in"),
        pytest.param(
            [held(100), held(20, unit="1st brigade"), held(5, "T-55", site="Zemun")],
            TANK,
            "100",
            id="units and sites beside the state's own",
        ),
        pytest.param(
            [held(60, "T-55"), held(10, unit="1st brigade")], TANK, "60", id="a unit's bare total"
        ),
        pytest.param(
            [held(10, unit="1st brigade"), held(20, unit="2nd brigade")], TANK, "30", id="units add"
        ),
        pytest.param(
            [
                held(1),
                held(9, "T-55", category="none"),
                held(4, "T-55", category="none", site="Zemun"),
            ],
            TANK,
            "1..10",
            id="a site beside a claim is not counted twice",
        ),
        pytest.param(
            [held(15, basis=Basis.OBSERVED, site="Zemun")], TANK, "15..", id="seen at one site"
        ),
        pytest.param([held(15, basis=Basis.OBSERVED)], TANK, "15", id="seen everywhere"),
    ],
)
def test_what_a_declaration_comes_to(rows: list[Row], category: str, expected: str) -> None:
    assert counted(rows, category=category) == expected
    if not any(item.more.site or item.more.unit for item in rows):
        low, high = count([rows], "serbia", category, DAY, {})
        assert expected in (
            f"{low}..{'' if high is None else high}",
            str(low) if low == high else "",
        )


IN, OUT = {}, {"origin": "serbia", "destination": "@export:France"}  # type: ignore[var-annotated]
OVER = {"origin": "serbia:historical_collection", "destination": "serbia"}
BACK = {"origin": "serbia", "destination": "serbia:historical_collection"}


@pytest.mark.parametrize(
    ("basis", "came", "went"),
    [
        (Basis.DECLARED, "105", "95"),
        (Basis.NOTIFIED, "105", "95"),
        (Basis.RELAYED, "105", "95"),
        (Basis.OBSERVED, "105", "95"),
        (Basis.OFFICIAL, "105", "95..100"),
        (Basis.ESTIMATE, "100..105", "95..100"),
        (Basis.PRESS, "100..105", "95..100"),
    ],
)
def test_on_whose_word_a_movement_is_certain(basis: Basis, came: str, went: str) -> None:
    def after(way: dict[str, str]) -> str:
        return counted([*HELD, moved(5, basis=basis, **way)])  # type: ignore[arg-type]

    assert (after(IN), after(OUT)) == (came, went)
    # Out of a museum is into the count, and the reverse.
    assert (after(OVER), after(BACK)) == (came, went)


@pytest.mark.parametrize(("way", "certain"), [(OVER, True), (BACK, False)])
def test_a_change_of_status_that_can_only_raise_the_count_is_called_certain(
    way: dict[str, str], certain: bool
) -> None:
    evidence = gathered([[moved(5, basis=Basis.OFFICIAL, **way)]])  # type: ignore[arg-type]
    counter = Counter(law(), TYPES.get, Readings())
    (change,) = counter.tally("serbia", TANK, None, evidence.movements, DAY).changes
    assert change.certain is certain
    assert bool(change.why) is not certain


def test_a_change_of_status_is_judged_by_its_direction_under_the_reading() -> None:
    """Out of a museum into trials: by the reader's answer it raises the count, or does nothing."""
    tried = moved(
        5,
        origin="serbia:historical_collection",
        destination="serbia:research_development",
        basis=Basis.OFFICIAL,
    )
    assert counted([*HELD, tried], readings=["rd=counted"]) == "105"
    assert counted([*HELD, tried], readings=["rd=excluded"]) == "100"
    assert counted([*HELD, tried]) == "100..105"


@pytest.mark.parametrize(
    ("date", "state", "expected"),
    [
        ("2019-12-31", State.DONE, "100"),
        ("2020-01-01", State.DONE, "100"),
        ("2019-06-01..2020-01-01", State.DONE, "100"),
        ("2019-12-31..2020-01-02", State.DONE, "100..105"),
        ("2020-01-01..2020-01-02", State.DONE, "100..105"),
        ("2020-01-02", State.DONE, "105"),
        ("2020-12-31", State.DONE, "105"),
        ("2020-12-31..2021-01-01", State.DONE, "100..105"),
        ("2021-01-01", State.DONE, "100"),
        ("2020-06-01", State.PLANNED, "100..105"),
        ("2020-12-31", State.PLANNED, "100..105"),
        ("2021-01-01", State.PLANNED, "100"),
        ("2020-12-31..2030-01-01", State.PLANNED, "100..105"),
    ],
)
def test_when_a_movement_is_certain(date: str, state: State, expected: str) -> None:
    assert counted([*HELD, moved(5, date=date, state=state)]) == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2019-03-01", "100"),
        ("2019-02-01..2019-03-01", "100"),
        ("2019-03-01..2019-03-02", "100..105"),
        ("2019-05-31", "100..105"),
        ("2019-05-31..2019-06-01", "100..105"),
        ("2019-06-01", "105"),
    ],
)
def test_a_movement_within_the_days_of_a_declaration_may_be_in_it_already(
    date: str, expected: str
) -> None:
    stated = held(100, as_of="2019-03-01..2019-05-31")
    assert counted([stated, moved(5, date=date)]) == expected


def test_a_movement_between_two_parties_is_counted_at_both() -> None:
    rows: list[Row] = [*HELD, held(50, party="croatia")]
    rows.append(moved("5..7", origin="serbia", destination="croatia", basis=Basis.OFFICIAL))
    assert counted(rows) == "93..100"
    assert counted(rows, party="croatia") == "55..57"


@pytest.mark.parametrize("basis", Basis)
def test_a_movement_between_two_counted_accounts_of_one_party_cancels(basis: Basis) -> None:
    rows = [*HELD, moved("5..", origin="serbia", destination="serbia:stored", basis=basis)]
    assert counted(rows) == "100"


def test_without_a_declaration_what_came_is_a_lower_bound() -> None:
    assert counted([moved(5)]) == "5.."
    assert counted([moved(5, basis=Basis.PRESS)]) == "0.."
    assert counted([]) == "unknown"


def test_a_count_below_zero_is_cut_and_said() -> None:
    rows = [held(3), moved(5, **OUT)]  # type: ignore[arg-type]
    result = audited(law(), [rows])
    assert str(row_of(result).counted) == "0"
    assert "below_zero" in {f.kind.value for f in result.findings}
    rows = [held(3), moved("1..5", **OUT)]  # type: ignore[arg-type]
    result = audited(law(), [rows])
    assert str(row_of(result).counted) == "0..2"
    assert "below_zero" not in {f.kind.value for f in result.findings}


def test_a_plan_past_its_last_day_is_overdue() -> None:
    def overdue(date: str, state: State) -> bool:
        result = audited(law(), [[*HELD, moved(5, date=date, state=state)]])
        return "overdue" in {f.kind.value for f in result.findings}

    assert overdue("2020-06-01", State.PLANNED)
    assert not overdue("2020-06-01", State.DONE)
    assert not overdue("2020-12-31", State.PLANNED)
    assert not overdue("2020-06-01..2021-01-01", State.PLANNED)


def test_the_best_basis_is_in_use_then_the_latest_then_the_last_recorded() -> None:
    declared = [held(1, as_of="2019-01-01")]
    later_press = [held(2, as_of="2020-01-01", basis=Basis.PRESS)]
    same_day = [held(3, as_of="2019-01-01")]
    notified = [held(4, as_of="2019-06-01", basis=Basis.NOTIFIED)]
    other_category = [held(5, as_of="2020-06-01", category=ACV)]

    def found(*submissions: Sequence[Row], basis: Basis | None = None) -> str:
        return str(row_of(audited(law(), submissions, basis=basis)).counted)

    assert found(declared, later_press, other_category) == "1"
    assert found(declared, later_press, basis=Basis.PRESS) == "2"
    assert found(declared, same_day) == "3"
    assert found(same_day, declared) == "1"
    assert found(notified, declared, same_day) == "4"
    assert found(later_press, other_category) == "2"


def test_a_pack_without_a_catalogue_counts_as_stated() -> None:
    plain = law(catalogue="")
    rows = [held(9, "Truck", **RELAYED), held(9, "T-55", category="none", **RELAYED)]  # type: ignore[arg-type]
    assert str(row(plain, rows).counted) == "9"


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ((), "100..118"),
        (("rd=excluded",), "100..109"),
        (("rd=counted",), "109..118"),
        (("party-claims=accepted",), "100..109"),
        (("party-claims=accepted", "rd=counted"), "109"),
    ],
)
def test_a_reading_closes_its_question_and_nothing_else(
    readings: tuple[str, ...], expected: str
) -> None:
    rows = [
        held(100),
        held(9, status=Status.RESEARCH_DEVELOPMENT),
        held(9, "T-55", category="none"),
    ]
    assert counted(rows, readings=readings) == expected


def test_more_questions_than_can_be_combined_widen_and_never_narrow() -> None:
    """Beyond some thousand combinations each row is taken at its own widest."""
    many = tuple(question(f"q{n}", "tank", "other") for n in range(14))
    types = {f"T{n}": known(f"T{n}", "", f"q{n}", tank=TANK, other="none") for n in range(14)}
    rows = [held(1, f"T{n}", basis=Basis.RELAYED) for n in range(14)]
    agreement = law(questions=(*QUESTIONS, *many))
    evidence: Evidence = gathered([rows])

    def found(*readings: str) -> str:
        request = Request(as_of=DAY, readings=Readings.from_options(agreement, readings))
        return str(row_of(audit(agreement, types.get, evidence, request)).counted)

    assert found() == "0..14"
    assert found("q0=tank") == "1..14"
    assert found(*(f"q{n}=other" for n in range(13))) == "0..1"


@settings(max_examples=60, deadline=None, database=None, derandomize=True)
@given(low=st.integers(0, 50), width=st.integers(0, 20), out=st.integers(0, 60))
def test_a_batch_is_never_low_in_one_row_and_high_in_another(
    low: int, width: int, out: int
) -> None:
    """The disputed type is declared on another's word and leaves: one answer for both rows."""
    rows: list[Holding | Movement] = [
        held(f"{low}..{low + width}", "Light", **RELAYED),  # type: ignore[arg-type]
        held(70, "T-55", **RELAYED),  # type: ignore[arg-type]
    ]
    gone = moved(out, "Light", origin="serbia", destination="@lost", basis=Basis.RELAYED)
    rows.append(gone)
    tank = (70 + low - out, 70 + low + width - out)
    expected = (max(0, min(70, tank[0])), max(70, tank[1]))
    found = row(law(), rows).counted
    assert found is not None
    assert (found.low, found.high) == expected
