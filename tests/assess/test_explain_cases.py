"""What an explanation says of each kind of row, movement and declaration."""

from __future__ import annotations

from datetime import date

import pytest
from explained_small import bounds, explained
from small_law import ACV, PARTS, TANK, WHOLE, held, law, limit, moved

from compliance.agreement.provisions import Ceiling
from compliance.assess.explained import MovementStep, Outcome, RowStep, WhyNot
from compliance.assess.weighed import Passed, Place
from compliance.values.records import Row
from compliance.values.vocabulary import Basis, LawStatus, State, Status, Verdict

LAW = law(limit("serbia", TANK, 100), limit(WHOLE, TANK, 100))
FEDERATION, SRPSKA = PARTS


def _rows(*rows: Row, **asked: object) -> tuple[RowStep, ...]:
    return explained(LAW, [rows], **asked).account.rows  # type: ignore[arg-type]


def _movement(*rows: Row, **asked: object) -> MovementStep:
    (found,) = explained(LAW, [rows], **asked).account.movements  # type: ignore[arg-type]
    return found


def _says(step: RowStep | MovementStep) -> str:
    return " ".join([step.catalogue, *step.why])


def test_a_total_counts_and_its_types_are_inside_it() -> None:
    total, typed = _rows(held(10), held(4, "T-55"))
    assert (total.place, total.outcome, bounds(total.adds)) == (
        Place.TOTAL,
        Outcome.COUNTS,
        (10, 10),
    )
    assert (typed.outcome, bounds(typed.adds)) == (Outcome.INSIDE, (0, 0))
    assert typed.type_id == "T-55"
    assert "In the catalogue: battle tanks." in _says(typed)
    assert "inside the declared total" in _says(typed)


def test_a_status_excluded_by_the_text_does_not_count_and_names_its_rule() -> None:
    _, kept = _rows(held(10), held(3, "T-55", status=Status.HISTORICAL_COLLECTION))
    assert (kept.outcome, bounds(kept.adds)) == (Outcome.DOES_NOT_COUNT, (0, 0))
    assert kept.rule is not None
    assert kept.rule.id == "rule-historical_collection"
    assert "rule-historical_collection" in _says(kept)
    assert "Law: A small agreement, Art. 1 (text, grade A)" in _says(kept)


def test_a_rule_only_reported_turns_on_its_question() -> None:
    rows = (held(10), held(3, "T-55", status=Status.RESEARCH_DEVELOPMENT))
    found = explained(LAW, [rows])
    step = found.account.rows[1]
    assert (step.outcome, bounds(step.adds), step.questions) == (Outcome.DEPENDS, (0, 3), ("rd",))
    assert "Open question 'rd'" in _says(step)
    assert "counts if 'counted'." in _says(step)
    assert [s.answers for s in found.account.sums] == [
        (("rd", "excluded"),),
        (("rd", "counted"),),
    ]
    assert [bounds(s.counted) for s in found.account.sums] == [(10, 10), (13, 13)]
    closed = explained(LAW, [rows], readings=["rd=excluded"])
    assert closed.account.rows[1].outcome is Outcome.DOES_NOT_COUNT
    assert "closed by the reader" in _says(closed.account.rows[1])
    assert len(closed.account.sums) == 1


def test_a_rule_without_a_question_stays_open_both_ways() -> None:
    (_, step) = _rows(held(10), held(3, "T-55", status=Status.AWAITING_EXPORT))
    assert step.outcome is Outcome.DEPENDS
    assert "was not read in the text" in _says(step)


def test_stored_items_are_inside_the_overall_figure_of_their_type() -> None:
    overall, stored = _rows(held(10, "T-55"), held(4, "T-55", status=Status.STORED))
    assert (overall.outcome, stored.outcome) == (Outcome.COUNTS, Outcome.INSIDE)
    assert "the overall figure of T-55" in _says(stored)


def test_a_unit_beside_the_state_is_left_out() -> None:
    state, unit = _rows(held(10, "T-55"), held(4, "T-55", unit="1st Brigade"))
    assert (state.outcome, unit.outcome) == (Outcome.COUNTS, Outcome.LEFT_OUT)
    assert bounds(unit.adds) == (0, 0)
    assert "counted twice" in _says(unit)


def test_a_disputed_type_shows_its_readings() -> None:
    (step,) = _rows(held(5, "Light", basis=Basis.PRESS))
    assert (step.outcome, step.questions) == (Outcome.DEPENDS, ("light-tanks",))
    assert "battle tanks if 'tank'; no limited category if 'other'" in _says(step)


def test_a_party_s_own_figure_stands_against_the_catalogue() -> None:
    (own,) = _rows(held(5, "M-80"))
    assert own.outcome is Outcome.COUNTS
    assert "stands, whatever the catalogue says" in _says(own)
    (press,) = _rows(held(5, "M-80", basis=Basis.PRESS))
    assert (press.outcome, press.questions) == (Outcome.DEPENDS, ("row-or-catalogue",))


def test_a_type_claimed_not_to_count_turns_on_the_claim() -> None:
    rows = _rows(held(10), held(2, "T-55", category="none"))
    assert [step.outcome for step in rows] == [Outcome.COUNTS, Outcome.DEPENDS]
    assert rows[1].questions == ("party-claims",)
    assert "The row itself says no category." in _says(rows[1])


def test_what_is_withheld_or_only_in_service_is_said_to_be_partial() -> None:
    (withheld,) = _rows(held(0, withheld=True))
    assert "withheld" in _says(withheld)
    found = explained(LAW, [[held(4, status=Status.IN_SERVICE)]])
    assert found.account.open_why == "only what is in service is stated"
    assert bounds(found.row.counted) == (4, None)
    assert "only what is in service" in found.account.sums[0].lines[0].text


@pytest.mark.parametrize(
    ("row", "certain", "adds", "doubt"),
    [
        (moved(3), True, (3, 3), ""),
        (moved(3, basis=Basis.PRESS), False, (0, 3), "'press' is not certain"),
        (moved(3, state=State.PLANNED), False, (0, 3), "planned"),
        (moved(3, date="2019-12-01..2020-02-01"), False, (0, 3), "already"),
        (moved(3, origin="serbia", destination="@lost"), True, (-3, -3), ""),
        (moved("2..4", origin="serbia", destination="@lost"), True, (-4, -2), ""),
    ],
)
def test_a_movement_says_what_it_adds_and_whether_it_is_certain(
    row: Row, certain: bool, adds: tuple[int, int], doubt: str
) -> None:
    step = _movement(held(10), row)
    assert (step.certain, bounds(step.adds), step.outcome) == (certain, adds, Outcome.COUNTS)
    assert doubt in step.doubt
    assert bool(doubt) == bool(step.doubt)


def test_a_movement_into_an_excluded_status_names_the_rule() -> None:
    step = _movement(held(10), moved(3, origin="serbia", destination="serbia:decommissioned"))
    assert (bounds(step.adds), [rule.id for rule in step.rules]) == (
        (-3, -3),
        ["rule-decommissioned"],
    )


def test_movements_that_change_nothing_are_named_with_the_reason() -> None:
    rows = [
        held(10),
        moved(1, date="2019-06-01"),
        moved(2, origin="serbia", destination="serbia:stored"),
        moved(4, date="2021-06-01"),
        moved(5, "M-80", category=ACV),
    ]
    found = explained(LAW, [rows]).account
    assert found.movements == ()
    assert {item.item.row.quantity.low: item.reason for item in found.left_out} == {
        1: Passed.BEFORE,
        2: Passed.UNMOVED,
        4: Passed.AHEAD,
    }


def test_every_declaration_that_is_not_used_says_why() -> None:
    submissions = [
        [held(1, as_of="2019-01-01")],
        [held(2, basis=Basis.PRESS, as_of="2020-06-01")],
        [held(3)],
        [held(4, source="another")],
        [held(5, as_of="2022-01-01")],
        [held(6, category=ACV, as_of="2020-03-01")],
    ]
    found = explained(LAW, submissions).account
    assert found.used is not None
    assert found.used.rows[0].row.quantity.low == 4
    assert {(item.stated or held(0).quantity).low: item.reason for item in found.passed} == {
        1: WhyNot.OLDER,
        2: WhyNot.WEAKER_BASIS,
        3: WhyNot.RECORDED_EARLIER,
        5: WhyNot.DATED_AFTER,
    }
    assert [item.reason for item in found.silent] == [WhyNot.OTHER_CATEGORY]
    press = explained(LAW, submissions, basis=Basis.PRESS).account
    assert bounds(press.position.counted) == (2, 2)
    assert {item.reason for item in press.passed} == {WhyNot.BASIS_NOT_ASKED, WhyNot.DATED_AFTER}


def test_parts_are_explained_each_by_itself_and_added_up() -> None:
    rows = [
        held(20, party=FEDERATION),
        moved(5, destination=FEDERATION),
        held(9, party=SRPSKA),
        moved(2, destination=WHOLE),
        held(50, party=WHOLE, basis=Basis.PRESS),
    ]
    found = explained(LAW, [rows], party=WHOLE)
    whole = found.account
    assert [bounds(part.position.counted) for part in whole.parts] == [(25, 25), (9, 9)]
    assert [bounds(step.adds) for step in whole.movements] == [(2, 2)]
    (only,) = whole.sums
    assert [line.adds.low for line in only.lines] == [25, 9, 2]
    assert bounds(found.row.counted) == (36, 36)
    assert [item.reason for item in whole.passed] == [WhyNot.WEAKER_THAN_PARTS]


def test_a_part_of_which_nothing_is_known_is_the_widest_driver() -> None:
    found = explained(LAW, [[held(20, party=FEDERATION)]], party=WHOLE)
    assert (found.drivers[0].name, found.drivers[0].width) == ("Srpska", None)
    assert found.account.parts[1].sums == ()


def test_an_observation_says_what_it_does() -> None:
    rows = [
        held(90),
        held(103, basis=Basis.OBSERVED, as_of="2020-05-01", source="visit 1"),
        held(40, basis=Basis.OBSERVED, as_of="2020-06-01", source="visit 2"),
        held(40, basis=Basis.OBSERVED, as_of="2019-06-01", source="visit 0"),
    ]
    found = explained(LAW, [rows])
    says = {item.declaration.source: item for item in found.account.observations}
    above = says["visit 1"].sighting
    assert above is not None
    assert above.excess == 13
    assert "13 more than the figure in use allows" in says["visit 1"].why
    assert "not above the figure in use" in says["visit 2"].why
    assert "before the figure in use" in says["visit 0"].why
    assert found.row.verdict is Verdict.INDETERMINATE
    assert "with what inspectors saw above it, 90 to 103 is compared" in found.comparison[0]


def test_what_is_uncertain_is_ranked_widest_first() -> None:
    rows = [
        held("10..20"),
        moved(3, "T-55", basis=Basis.PRESS),
        moved(7, "M-84", basis=Basis.PRESS),
        held(5, "T-55", status=Status.RESEARCH_DEVELOPMENT),
    ]
    found = explained(LAW, [rows])
    assert [(driver.name, driver.width) for driver in found.drivers] == [
        ("declared total of Serbia", 10),
        ("M-84", 7),
        ("question 'rd'", 5),
        ("T-55", 3),
    ]


@pytest.mark.parametrize(
    ("count", "says", "verdict"),
    [
        (100, "Highest count 100 <= lowest ceiling 100: within.", Verdict.WITHIN),
        (101, "Lowest count 101 > highest ceiling 100: exceeds.", Verdict.EXCEEDS),
        ("99..101", "Highest count 101 > lowest ceiling 100: not surely", Verdict.INDETERMINATE),
        ("99..", "Highest count: not known", Verdict.INDETERMINATE),
    ],
)
def test_the_comparison_is_written_out(count: int | str, says: str, verdict: Verdict) -> None:
    found = explained(LAW, [[held(count)]])
    assert found.row.verdict is verdict
    assert says in found.comparison[0]


def test_numbers_without_a_verdict_say_that_something_stands_in_the_way() -> None:
    found = explained(LAW, [[held(10)]], day=date(2023, 1, 1))
    assert found.row.stale
    assert found.comparison[-1].startswith("Those numbers alone would be within")
    used = explained(LAW, [[held(10)]], day=date(2023, 1, 1), accept_stale=True)
    assert used.comparison == ("Highest count 10 <= lowest ceiling 100: within.",)


def test_nothing_on_record_is_said_so() -> None:
    found = explained(LAW, [])
    assert found.account.used is None
    assert found.account.sums == ()
    assert "nothing to compare" in found.comparison[0]


def test_a_derived_ceiling_is_shown_and_used_only_when_accepted() -> None:
    only = limit("serbia", TANK, 20, status=LawStatus.DERIVED, question="derived", accepting="use")
    derived = law(only)
    found = explained(derived, [[held(10)]])
    assert isinstance(found.ceiling, Ceiling)
    assert found.ceiling.derived
    assert found.judgement.ceiling is None
    assert "no ceiling that may be compared with" in found.comparison[0]
    used = explained(derived, [[held(10)]], readings=["derived=use"])
    assert used.comparison[0] == "Highest count 10 <= lowest ceiling 20: within."


def test_what_stands_elsewhere_or_nowhere_is_told_apart() -> None:
    rows = [
        held(10),
        held(3, "M-80", category=ACV),
        moved(2, "Truck", category="none"),
        moved(1, "Mystery", category="none"),
        moved(4, "Light", category=""),
    ]
    found = explained(LAW, [rows])
    assert [item.category for item in found.elsewhere] == [ACV]
    assert found.elsewhere[0].types == ("M-80",)
    assert {item.name: item.why for item in found.outside} == {
        "Truck": "by its attributes",
        "Mystery": "Not in the catalogue, and recorded as in no category.",
    }
    # In the other category the disputed type is outside only once the question says so.
    other = explained(LAW, [rows], category=ACV, readings=["light-tanks=other"])
    assert "Light" in {item.name for item in other.outside}
    still = explained(LAW, [rows], category=ACV)
    assert "Light" not in {item.name for item in still.outside}
