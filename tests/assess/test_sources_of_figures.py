"""Every figure with what it would count: the same as an audit that knew no other figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from hypothesis import given, settings
from random_rows import DAYS, ledgers
from small_law import DAY, TANK, TYPES, WHOLE, audited, gathered, held, law, limit, moved, row_of

from compliance.agreement.select import Readings
from compliance.assess.figures import Figure, Section
from compliance.assess.sources import sources
from compliance.assess.standing import Request
from compliance.values.evidence import Evidence
from compliance.values.records import Row
from compliance.values.vocabulary import Basis, Grade, Verdict

LAW = law(limit("serbia", TANK, 20), limit(WHOLE, TANK, 40))


def section(
    submissions: Iterable[Sequence[Row]],
    *,
    party: str = "serbia",
    type: str = "",
    day: date = DAY,
) -> Section:
    request = Request(
        as_of=day, readings=Readings.from_options(LAW), categories=(TANK,), accept_stale=True
    )
    holder = LAW.party(party)
    assert holder is not None
    found = sources(LAW, TYPES.get, gathered(submissions), request, holder, type)
    return found.sections[0]


def whys(found: Section) -> list[tuple[str, bool, str]]:
    return [(f.basis.value, f.used, f.why) for f in found.figures]


def test_the_best_basis_comes_first_then_the_newest_and_each_says_why() -> None:
    found = section(
        [
            [held(30, basis=Basis.PRESS, as_of="2020-12-01")],
            [held(10, as_of="2019-01-01")],
            [held(11, as_of="2020-01-01", source="one")],
            [held(12, as_of="2020-01-01", source="another")],
            [held(13, basis=Basis.RELAYED)],
        ]
    )
    assert whys(found) == [
        ("declared", True, "the best basis on record, and the latest on it"),
        ("declared", False, "of the same day as the one in use, and recorded earlier"),
        ("declared", False, "older than the one in use"),
        ("relayed", False, "'relayed' is a weaker basis than 'declared'"),
        ("press", False, "'press' is a weaker basis than 'declared'"),
    ]
    assert [f.number for f in found.figures] == [1, 2, 3, 4, 5]


def test_count_and_verdict_are_those_of_the_figure_with_what_moved_since() -> None:
    found = section(
        [
            [held(12, as_of="2020-01-01")],
            [held(18, basis=Basis.PRESS, as_of="2020-02-01")],
            [held(14, basis=Basis.ESTIMATE, as_of="2020-12-01")],
            [moved(5, date="2020-06-01")],
        ]
    )
    seen = [(str(f.quantity), str(f.moved), _outlook(f)) for f in found.figures]
    assert seen == [
        ("12", "5", ("17", "3", Verdict.WITHIN)),
        ("14", "0", ("14", "6", Verdict.WITHIN)),
        ("18", "5", ("23", "-3", Verdict.EXCEEDS)),
    ]
    assert [m.how for m in found.movements] == ["counted"]


def _outlook(figure: Figure) -> tuple[str, str, Verdict | None]:
    assert figure.outlook is not None
    return str(figure.outlook.counted), str(figure.outlook.headroom), figure.outlook.verdict


def test_an_observation_stands_beside_the_figure_in_use() -> None:
    figure = [held(10)]
    above = [held(15, basis=Basis.OBSERVED, as_of="2020-03-01", site="North")]
    below = [held(8, basis=Basis.OBSERVED, as_of="2020-03-01", site="North")]
    assert "is 5 above it, so the count is widened" in section([figure, above]).figures[1].why
    assert "is not above it" in section([figure, below]).figures[1].why


def test_a_type_is_found_by_what_it_is_and_not_by_its_spelling() -> None:
    found = section(
        [
            [held(7, "T-55"), held(3, "M-84")],
            [held(20, basis=Basis.PRESS)],
            [moved(2, "T-55"), moved(4, "M-84")],
        ],
        type="T-55",
    )
    assert [(str(f.quantity), [r.text for r in f.rows]) for f in found.figures] == [
        ("7", ["7 T-55, 1 January 2020 (declared)"])
    ]
    assert [m.row.text.split(",")[0] for m in found.movements] == ["2 T-55"]


def test_a_withheld_figure_has_no_quantity() -> None:
    assert section([[held(0, withheld=True)]]).figures[0].quantity is None


def test_grades_are_read_from_the_source() -> None:
    found = section([[held(1, source="A book <https://example.org> (grade B)")]])
    assert found.figures[0].grades == (Grade.B,)
    assert section([[held(1, source="grade A paper")]]).figures[0].grades == ()


def test_the_figures_of_parts_stand_under_the_whole() -> None:
    found = section(
        [
            [held(10, party="federation")],
            [held(5, party="srpska")],
            [held(7, party="srpska", basis=Basis.PRESS)],
            [held(90, party=WHOLE, basis=Basis.PRESS)],
        ],
        party=WHOLE,
    )
    whole = {(f.holder, f.basis.value): (f.used, _outlook(f)[0]) for f in found.figures}
    assert whole == {
        ("federation", "declared"): (True, "15"),
        ("srpska", "declared"): (True, "15"),
        ("srpska", "press"): (False, "17"),
        (WHOLE, "press"): (False, "90"),
    }


def test_figures_of_near_dates_that_cannot_both_be_right_are_pointed_out() -> None:
    rows = [[held(10, as_of="2020-01-01")], [held(14, basis=Basis.PRESS, as_of="2020-03-01")]]
    (conflict,) = section(rows).conflicts
    assert conflict.startswith("[1] of 1 January 2020 (declared) and [2] of 1 March 2020 (press)")
    assert "4 more stated than the record explains" in conflict
    assert section([*rows, [moved(4, date="2020-02-01")]]).conflicts == ()
    years_apart = [rows[0], [held(14, basis=Basis.PRESS, as_of="2022-03-01")]]
    assert section(years_apart, day=date(2023, 1, 1)).conflicts == ()
    part = [rows[0], [held(14, "T-55", basis=Basis.PRESS, as_of="2020-03-01")]]
    assert section(part).conflicts == (), "somebody's list of types need not be complete"
    of_type = [[held(10, "T-55")], [held(8, "T-55", basis=Basis.PRESS, as_of="2020-03-01")]]
    assert len(section(of_type, type="T-55").conflicts) == 1


@settings(max_examples=100)
@given(submissions=ledgers(most=4), day=DAYS)
def test_each_figure_counts_what_an_audit_counts_that_knows_no_other(
    submissions: list[list[Row]], day: date
) -> None:
    every = gathered(submissions)
    found = section(submissions, day=day)
    whole = row_of(audited(LAW, every, day=day, accept_stale=True))
    assert found.outlook is not None
    assert (found.outlook.counted, found.outlook.verdict) == (whole.counted, whole.verdict)
    assert [f.used for f in found.figures].count(True) == min(1, len(found.figures))
    for figure in found.figures:
        refs = {row.ref for row in figure.rows}
        (own,) = [d for d in every.declarations if refs & {i.ref for i in d.rows}]
        # What inspectors saw widens the verdict, not the count, and is left out here.
        expected = row_of(
            audited(LAW, Evidence((own,), every.movements), day=day, accept_stale=True)
        )
        assert figure.outlook is not None
        assert figure.outlook.counted == expected.counted
        assert figure.outlook.headroom == expected.headroom
