"""Causes of a changed headroom add up to the change, on both bounds, whatever the ledger holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import random_rows as made
from diff_views import ALL, AMENDED, LAW, between, row, view
from hypothesis import given
from hypothesis import strategies as st
from small_law import PARTS, TANK, TYPES, WHOLE, gathered, held, law, limit, moved

from compliance.agreement.select import Readings
from compliance.assess.audit import audit
from compliance.assess.cause import Cause, CauseKind, Change
from compliance.assess.compared import DiffRow, Every
from compliance.assess.diff import diff, series
from compliance.assess.walk import View
from compliance.values.records import Row
from compliance.values.span import Span
from compliance.values.vocabulary import Basis


def check(found: DiffRow) -> None:
    for bound in ("low", "high"):
        change = getattr(found.change, bound)
        if change is not None:
            parts = [getattr(cause.change, bound) or 0 for cause in found.causes]
            assert sum(parts) == change, (bound, found)


PAIRS = st.tuples(made.DAYS, made.DAYS).map(sorted)


@given(made.ledgers(made.EVERYBODY), PAIRS, made.READINGS)
def test_causes_add_up_on_both_bounds(ledger, days, closed) -> None:
    (result,) = between(ledger, *days, **closed)
    for found in result.rows:
        check(found)


@given(made.ledgers(made.EVERYBODY), PAIRS)
def test_both_sides_are_the_audits_of_their_days(ledger, days) -> None:
    (result,) = between(ledger, *days)
    for day, side in zip(days, ("before", "after"), strict=True):
        request = replace(ALL, as_of=day, readings=view(ledger).readings)
        whole = audit(LAW, TYPES.get, gathered(ledger), request)
        for found in result.rows:
            shown = getattr(found, side)
            wanted = next(
                r for r in whole.rows if (r.party, r.category) == (shown.party, shown.category)
            )
            assert (shown.counted, shown.ceiling, shown.verdict, shown.basis) == (
                wanted.counted,
                wanted.ceiling,
                wanted.verdict,
                wanted.basis,
            )


@given(made.ledgers(made.EVERYBODY), made.DAYS)
def test_a_day_differs_in_nothing_from_itself(ledger, day) -> None:
    (result,) = between(ledger, day, day)
    assert all(found.same for found in result.rows)


@given(made.ledgers(), st.tuples(made.DAYS, made.DAYS, made.DAYS).map(sorted))
def test_two_stretches_are_the_whole_cause_by_cause(ledger, days) -> None:
    first, middle, last = days
    (whole,) = between(ledger, first, last)
    halves = between(ledger, first, middle, last)
    apart = [*between(ledger, first, middle), *between(ledger, middle, last)]
    for found in whole.rows:
        place = (found.after.party, found.after.category)
        assert [row(h, *place).causes for h in halves] == [row(h, *place).causes for h in apart]
        closed = [
            r.counted is not None and r.counted.high is not None
            for h in halves
            for r in (row(h, *place).before, row(h, *place).after)
        ]
        if all(closed):
            assert _sums([found]) == _sums([row(h, *place) for h in halves])


@given(made.ledgers(), made.ledgers(), made.DAYS, made.READINGS)
def test_what_is_known_and_how_it_is_read_are_causes_of_their_own(old, new, day, closed) -> None:
    (result,) = diff(view(old), view([*old, *new], closed), [day, day], ALL)
    for found in result.rows:
        check(found)
        assert {c.kind for c in found.causes} <= {
            CauseKind.CORRECTION,
            CauseKind.READING,
            CauseKind.CUT,
        }


@given(made.ledgers(), PAIRS, st.integers(0, 20))
def test_another_rule_pack_is_a_cause_of_its_own(ledger, days, ceiling) -> None:
    other = replace(LAW, limits=(limit("serbia", TANK, ceiling),), counting=())
    seen = view(ledger)
    (result,) = diff(seen, replace(seen, law=other), days, ALL)
    for found in result.rows:
        check(found)
        if found.after.party == "serbia" and found.after.category == TANK:
            kinds = [c.kind for c in found.causes if c.kind is not CauseKind.CUT]
            assert CauseKind.CEILING not in kinds


def test_a_declaration_is_told_against_the_book() -> None:
    rows = [
        held(464, as_of="2020-01-01"),
        held(480, as_of="2021-01-01"),
        moved(30, "M-84", date="2020-03-01"),
        moved(10, "M-84", date="2020-09-01", origin="serbia", destination="@export:Cyprus"),
    ]
    seen = View(law(limit("serbia", TANK, 948)), TYPES.get, Readings(), gathered([rows]))
    (result,) = diff(seen, seen, [date(2020, 1, 1), date(2021, 1, 1)], ALL)
    found = row(result)
    assert found.change == Change(-16, -16)
    assert [(c.kind.value, c.change.low, c.change.high) for c in found.causes] == [
        ("movement", -30, -30),
        ("movement", 10, 10),
        ("declaration", 4, 4),
    ]
    assert "by the figure before it and what moved since, 484" in found.causes[-1].detail


def test_a_movement_of_uncertain_date_is_one_cause() -> None:
    rows = [
        held(10, party="croatia"),
        moved(5, "M-84", date="2020-03-01..2020-09-01", destination="croatia"),
    ]
    halves = between([rows], date(2020, 1, 1), date(2020, 6, 1), date(2020, 10, 1))
    (whole,) = between([rows], date(2020, 1, 1), date(2020, 10, 1))
    told = [_told(row(part, "croatia")) for part in (*halves, whole)]
    assert told == [[("movement", -5, 0)], [("movement", 0, -5)], [("movement", -5, -5)]]


def test_an_open_bound_has_no_number() -> None:
    rows = [held("4.."), moved(11, "M-84", date="2020-03-01")]
    (result,) = between([rows], date(2020, 1, 1), date(2020, 5, 1))
    found = row(result)
    assert found.change == Change(None, -11)
    assert _told(found) == [("movement", None, -11)]


def test_a_bound_open_for_a_while_still_adds_up() -> None:
    rows = [
        held(4, as_of="2020-01-01"),
        held("6..", as_of="2020-03-01"),
        held(9, as_of="2020-05-01"),
    ]
    (result,) = between([rows], date(2020, 1, 1), date(2020, 5, 2))
    assert row(result).change == Change(-5, -5)
    assert _told(row(result)) == [("declaration", None, -2), ("declaration", -5, -3)]


def test_what_moves_where_nobody_can_say_how_many_are_left_changes_no_lowest_count() -> None:
    rows = [
        held(100),
        moved("15..", date="2020-05-05", origin="serbia", destination="@lost"),
        moved(3, date="2020-05-10"),
        moved(2, date="2020-05-12", origin="serbia", destination="@export"),
    ]
    found = row(between([rows], date(2020, 1, 2), date(2020, 5, 31))[0])
    assert found.after.counted == Span(0, 86)
    check(found)


def test_an_amended_ceiling_is_told_from_its_day() -> None:
    (result,) = between([[held(4)]], date(2020, 6, 14), date(2020, 6, 15))
    (cause,) = row(result).causes
    assert (cause.kind, cause.change) == (CauseKind.CEILING, Change(-3, -2))
    assert cause.day == AMENDED


def test_without_any_ceiling_the_count_is_told_with_its_sign_turned() -> None:
    bare = law()
    rows = [held(4), moved(3, "M-84", date="2020-03-01")]
    seen = View(bare, TYPES.get, Readings(), gathered([rows]))
    (result,) = diff(seen, seen, [date(2020, 1, 1), date(2020, 5, 1)], ALL)
    assert row(result).change == Change(-3, -3)


def test_what_leaves_where_nothing_was_on_record_is_told_after_the_figure_of_the_day() -> None:
    rows = [
        held("61..", "T-55", as_of="2020-03-01", basis=Basis.OFFICIAL),
        moved(
            61,
            "T-55",
            date="2020-03-01..2020-09-01",
            origin="serbia",
            destination="@reduced:destroyed",
            basis=Basis.OFFICIAL,
        ),
    ]
    (result,) = between([rows], date(2020, 1, 1), date(2020, 5, 1))
    first, second = row(result).causes
    assert (first.kind, first.change) == (CauseKind.DECLARATION, Change(None, None))
    assert first.detail.endswith("at least 61; before it nothing was on record")
    assert (second.kind, second.change) == (CauseKind.MOVEMENT, Change(None, 61))


def test_a_correction_lists_the_rows_that_the_two_counts_rest_on() -> None:
    (result,) = diff(
        view([[held(10)]]), view([[held(12), moved(1, "T-55", date="2020-03-01")]]),
        [date(2020, 2, 1)] * 2, ALL,
    )  # fmt: skip
    (cause,) = row(result).causes
    assert (cause.kind, cause.change) == (CauseKind.CORRECTION, Change(-2, -2))
    assert [r.text for r in cause.rows] == [
        "10 battle tank, 1 January 2020 (declared)",
        "12 battle tank, 1 January 2020 (declared)",
    ], "and not the movement, which is later"


def test_every_cause_names_its_rows_with_their_source_or_its_law() -> None:
    rows = [held(4, as_of="2020-01-01"), held(9, as_of="2020-05-01"), moved(3, date="2020-03-01")]
    (result,) = between([rows], date(2020, 1, 1), date(2020, 7, 1))
    movement, declaration, ceiling = row(result).causes
    assert [(r.ref, r.source) for r in movement.rows] == [("submission-1:3", "a source")]
    assert [(r.ref, r.source) for r in declaration.rows] == [("submission-1:2", "a source")]
    assert ceiling.citation == LAW.ceiling("serbia", TANK, AMENDED).limit.citation


def test_what_a_count_leaves_open_is_said_of_the_later_day() -> None:
    rows = [
        held("4..", "T-55", note="One type only."),
        moved(2, "T-55", date="2020-03-01", basis=Basis.PRESS),
        moved(3, "Light", date="2020-03-02", category=""),
    ]
    (result,) = between([rows], date(2020, 3, 1), date(2020, 5, 1))
    assert row(result).left_open == (
        "Only this is stated: at least 4 T-55, 1 January 2020 (declared). One type only.",
        "2 T-55, @production to serbia, 1 March 2020 (press): an arrival on the basis 'press' is "
        "not certain.",
        "Open question: What of light-tanks? Close it: --reading light-tanks=tank|other.",
    )


def test_movements_complete_on_one_day_are_told_each_by_itself() -> None:
    rows = [
        held(10),
        moved(3, "T-55", date="2020-02-01..2020-05-01"),
        moved(4, "M-84", date="2020-03-01..2020-05-01"),
    ]
    (result,) = between([rows], date(2020, 4, 30), date(2020, 5, 1))
    assert [(c.detail[:6], c.change) for c in row(result).causes] == [
        ("3 T-55", Change(0, -3)),
        ("4 M-84", Change(0, -4)),
    ]


def test_a_later_figure_of_an_uncertain_day_may_reach_back_further() -> None:
    """What the figure in use contained is not forgotten while a later one may not contain it."""
    rows = [
        moved(3, "T-55", date="2020-02-01"),
        held(10, as_of="2020-03-01"),
        held(20, as_of="2020-01-15..2020-06-01"),
    ]
    _ends_as_audited(rows, "serbia", Span(20, 23))


def test_what_moved_to_a_whole_stays_while_its_parts_count() -> None:
    """The whole's own figure is newer, but weaker than its parts': it is their sum and the tail."""
    rows = [
        *(held(10, party=part, as_of="2020-01-01") for part in PARTS),
        moved(3, "T-55", date="2020-02-01", destination=WHOLE),
        held(50, party=WHOLE, as_of="2020-03-01", basis=Basis.PRESS),
        held(60, party=WHOLE, as_of="2020-04-01", basis=Basis.PRESS),
        moved(1, "T-55", date="2020-05-01", destination=PARTS[0]),
    ]
    _ends_as_audited(rows, WHOLE, Span(24, 24))


def _ends_as_audited(rows: Sequence[Row], party: str, counted: Span) -> None:
    end = date(2020, 7, 1)
    (result,) = between([rows], date(2020, 1, 1), end)
    found = row(result, party)
    request = replace(ALL, as_of=end, readings=view([rows]).readings)
    whole = audit(LAW, TYPES.get, gathered([rows]), request)
    wanted = next(r for r in whole.rows if (r.party, r.category) == (party, TANK))
    assert found.after.counted == wanted.counted == counted
    check(found)


@given(st.dates(date(1996, 1, 1), date(2030, 1, 1)), st.integers(0, 2000), st.sampled_from(Every))
def test_the_days_of_a_series_run_from_the_first_to_the_last(start, length, every) -> None:
    end = start + timedelta(days=length)
    days = series(start, end, every)
    assert (days[0], days[-1]) == (start, end)
    assert list(days[1:-1]) == sorted(set(days[1:-1])) and all(start < d < end for d in days[1:-1])
    most = 366 if every is Every.YEAR else 93
    assert all((b - a).days <= most for a, b in pairwise(days))
    assert all(day.day == start.day or (day + timedelta(days=1)).day == 1 for day in days[:-1])


def _told(found: DiffRow) -> list[tuple[str, int | None, int | None]]:
    return [(c.kind.value, c.change.low, c.change.high) for c in found.causes]


def _sums(rows: Sequence[DiffRow]) -> dict[tuple[object, ...], tuple[int, int]]:
    found: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0])
    for cause in (cause for r in rows for cause in r.causes):
        both = found[_name(cause)]
        both[0] += cause.change.low or 0
        both[1] += cause.change.high or 0
    return {name: (low, high) for name, (low, high) in found.items() if (low, high) != (0, 0)}


def _name(cause: Cause) -> tuple[object, ...]:
    if cause.kind in (CauseKind.MOVEMENT, CauseKind.CUT):
        return (cause.kind, cause.refs)
    return (cause.kind, cause.day, cause.refs)
