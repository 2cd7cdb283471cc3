"""Opening plus what came minus what left is the book; declared minus book is unexplained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import pytest
from small_law import ACV, TANK, TYPES, WHOLE, gathered, held, law, moved

from compliance.agreement.select import Readings
from compliance.assess.book import Outcome
from compliance.assess.reconcile import Reconciled, Reconciliation, reconcile
from compliance.assess.result import FindingKind
from compliance.assess.standing import Request
from compliance.values.records import Row
from compliance.values.vocabulary import Basis, State, Status

LAW = law()


def compared(
    submissions: Iterable[Sequence[Row]],
    *,
    readings: Iterable[str] = (),
    basis: Basis | None = None,
    start: date | None = None,
    parties: tuple[str, ...] | None = ("serbia",),
) -> Reconciliation:
    request = Request(
        as_of=date.max,
        readings=Readings.from_options(LAW, readings),
        parties=parties,
        categories=(TANK,),
        basis=basis,
    )
    return reconcile(LAW, TYPES.get, gathered(submissions), request, start)


def only(*rows: Row, **asked: object) -> Reconciled:
    """Return the one row for the whole category of rows recorded one by one."""
    found = compared([[row] for row in rows], **asked)  # type: ignore[arg-type]
    (row,) = [row for row in found.rows if not row.type]
    return row


def sums(row: Reconciled) -> dict[str, str]:
    balance = row.balance
    return {
        "opening": str(balance.opening),
        "book": str(balance.book),
        "declared": str(balance.declared),
        "unexplained": f"{balance.unexplained.low}..{balance.unexplained.high}",
        **{f"+{kind}": str(span) for kind, span in balance.increases.items()},
        **{f"-{kind}": str(span) for kind, span in balance.decreases.items()},
    }


OPENING = held(464, as_of="2020-01-01")
IN = moved(30, date="2020-03-01", origin="@import:France")
OUT = moved(10, date="2020-04-01", origin="serbia", destination="@reduced:static_display")
CLOSING = held(480, as_of="2021-01-01")


def test_what_is_not_explained_is_a_finding_that_names_the_period() -> None:
    found = compared([[OPENING], [IN], [OUT], [CLOSING]])
    (row,) = found.rows
    assert sums(row) == {
        "opening": "464",
        "+import": "30",
        "-reduced: static display": "10",
        "book": "484",
        "declared": "480",
        "unexplained": "-4..-4",
    }
    assert row.balance.outcome is Outcome.UNEXPLAINED
    (finding,) = found.findings
    assert finding.kind is FindingKind.UNEXPLAINED
    assert "between 1 January 2020 and 1 January 2021: 4 fewer declared" in finding.message
    assert "opening 464; +30 import, -10 reduced: static display; book 484" in finding.message
    assert {r.ref for r in finding.rows} == {f"submission-{n}:1" for n in (1, 2, 3, 4)}


def test_what_adds_up_is_explained_and_no_finding() -> None:
    found = compared([[OPENING], [IN], [OUT], [held(484, as_of="2021-01-01")]])
    assert [row.balance.outcome for row in found.rows] == [Outcome.EXPLAINED]
    assert found.findings == ()


@pytest.mark.parametrize(
    ("movement", "kind"),
    [
        (moved(5, origin="@import:France"), "+import"),
        (moved(5, origin="@production"), "+production"),
        (moved(5, origin="croatia"), "+from croatia"),
        (moved(5, origin="@lost"), "+from lost"),
        (moved(5, origin="serbia:historical_collection"), "+change of status"),
        (moved(5, origin="serbia", destination="croatia"), "-to croatia"),
        (moved(5, origin="serbia", destination="@export:Chad"), "-export"),
        (moved(5, origin="serbia", destination="@lost"), "-lost"),
        (moved(5, origin="serbia", destination="@reduced:destroyed"), "-reduced: destroyed"),
        (moved(5, origin="serbia", destination="serbia:decommissioned"), "-change of status"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_kind_of_movement_has_its_line(movement: Row, kind: str) -> None:
    row = only(OPENING, movement, CLOSING)
    assert sums(row)[kind] == "5"
    (line,) = row.balance.moved
    assert (line.row.ref, line.why) == ("submission-2:1", "")


@pytest.mark.parametrize(
    ("movement", "book"),
    [
        (moved(10, date="2019-06-01..2020-06-01"), "464..474"),
        (moved(10, date="2020-06-01..2021-06-01"), "464..474"),
        (moved(10, state=State.PLANNED), "464..474"),
        (moved(10, basis=Basis.PRESS), "464..474"),
        (moved(10, origin="serbia", destination="@lost", basis=Basis.OFFICIAL), "454..464"),
        (moved("5..10"), "469..474"),
        (moved(10, date="2020-01-01"), "464"),
        (moved(10, date="2021-01-01"), "474"),
        (moved(10, date="2021-01-02"), "464"),
    ],
    ids=["over-first", "over-second", "plan", "press", "leaves", "span", "on-1", "on-2", "after"],
)
def test_the_book_is_as_the_count_has_it(movement: Row, book: str) -> None:
    assert str(only(OPENING, movement, CLOSING).balance.book) == book


def test_where_zero_is_in_the_span_nothing_can_be_told() -> None:
    maybe = moved(16, date="2020-03-01", basis=Basis.PRESS)
    row = only(OPENING, maybe, CLOSING)
    assert sums(row)["unexplained"] == "0..16"
    assert row.balance.outcome is Outcome.CANNOT_TELL
    assert compared([[OPENING], [maybe], [CLOSING]]).findings == ()
    less = moved(15, date="2020-03-01", basis=Basis.PRESS)
    assert only(OPENING, less, CLOSING).balance.outcome is Outcome.UNEXPLAINED


def test_what_moved_while_the_later_figure_was_taken_may_not_be_in_it() -> None:
    closing = held(470, as_of="2020-12-01..2021-01-31")
    assert str(only(OPENING, moved(10, date="2021-01-10"), closing).balance.book) == "464..474"
    assert str(only(OPENING, moved(10, date="2020-11-30"), closing).balance.book) == "474"


def test_of_two_overlapping_figures_either_may_be_the_earlier() -> None:
    whole_year = held(400, as_of="2020-01-01..2020-12-31")
    summer = held(390, as_of="2020-06-01..2020-06-30")
    row = only(whole_year, moved(10, date="2020-06-15"), summer)
    assert row.opened.as_of.last == date(2020, 6, 30)
    assert sums(row)["unexplained"] == "0..20"
    # Certainly before the summer, and so in its figure; the year's may be older than it.
    assert sums(only(whole_year, moved(10, date="2020-03-01"), summer))["unexplained"] == "10..20"


def test_declared_and_notified_are_one_chain_and_other_bases_their_own() -> None:
    rows = (
        held(10, as_of="2020-01-01"),
        held(12, as_of="2020-07-01", basis=Basis.NOTIFIED),
        held(12, as_of="2021-01-01"),
        held(99, as_of="2020-03-01", basis=Basis.PRESS),
        held(5, as_of="2020-04-01", basis=Basis.ESTIMATE),
        held(5, as_of="2022-04-01", basis=Basis.ESTIMATE),
    )
    found = compared([[row] for row in rows])
    assert [(str(r.opened.as_of), str(r.closed.as_of)) for r in found.rows] == [
        ("2020-01-01", "2020-07-01"),
        ("2020-07-01", "2021-01-01"),
        ("2020-04-01", "2022-04-01"),
    ]
    alone = compared([[row] for row in rows], basis=Basis.DECLARED)
    assert [str(r.closed.as_of) for r in alone.rows] == ["2021-01-01"]


def test_two_figures_for_one_day_are_compared_in_the_order_of_recording() -> None:
    row = only(held(12), held(15, source="another"))
    assert (sums(row)["opening"], sums(row)["declared"]) == ("12", "15")
    assert row.balance.outcome is Outcome.UNEXPLAINED


def test_what_ended_earlier_is_left_out() -> None:
    rows = [[held(n, as_of=f"20{n}-01-01")] for n in (10, 11, 12, 13)]
    found = compared(rows, start=date(2012, 1, 1))
    assert [str(r.closed.as_of) for r in found.rows] == ["2012-01-01", "2013-01-01"]


def by_type(found: Reconciliation) -> dict[str, tuple[str, str]]:
    return {row.type: (str(row.balance.book), str(row.balance.declared)) for row in found.rows}


def test_types_that_both_name_are_compared_however_spelled() -> None:
    found = compared(
        [
            [held(10, "T-55"), held(5, "Mystery")],
            [moved(2, "T-55"), moved(9, "M-84")],
            [held(12, "T-55", as_of="2021-01-01"), held(5, "MYSTERY", as_of="2021-01-01")],
        ]
    )
    assert by_type(found)["T-55"] == ("12", "12")
    assert by_type(found)["MYSTERY"] == ("5", "5")
    assert "M-84" not in by_type(found)
    # The category has the M-84 as well: nine that nobody declared.
    assert by_type(found)[""][1] == "17"


def test_a_type_not_named_is_zero_only_where_the_others_add_up_to_the_total() -> None:
    first = [held(15), held(10, "T-55"), held(5, "M-84")]
    gone = [held(10, as_of="2021-01-01"), held(10, "T-55", as_of="2021-01-01")]
    found = compared([first, gone])
    assert by_type(found)["M-84"] == ("5", "0")
    assert [f.message for f in found.findings if "M-84" in f.message]
    some = [held(12, as_of="2021-01-01"), held(10, "T-55", as_of="2021-01-01")]
    assert "M-84" not in by_type(compared([first, some]))
    elsewhere = [*gone, held(5, "M-84", as_of="2021-01-01", category="none")]
    assert "M-84" not in by_type(compared([first, elsewhere]))


def test_a_movement_that_names_no_type_may_be_of_any() -> None:
    found = compared(
        [[held(10, "T-55")], [moved(3)], [held(12, "T-55", as_of="2021-01-01")]],
    )
    assert by_type(found)["T-55"] == ("10..13", "12")


def test_somebody_elses_list_of_other_types_is_not_compared_as_a_whole() -> None:
    rows = [
        [held(10, "T-55", basis=Basis.RELAYED)],
        [held(7, "M-84", as_of="2021-01-01", basis=Basis.RELAYED)],
    ]
    found = compared(rows)
    assert found.rows == ()
    assert "need not be complete" in found.notes[0], found.notes
    own = [[held(10, "T-55")], [held(7, "M-84", as_of="2021-01-01")]]
    assert by_type(compared(own)) == {"": ("10", "7")}


def test_an_open_question_gives_a_row_for_each_answer_and_each_adds_up() -> None:
    rows = [
        [held(10, "Light", basis=Basis.RELAYED)],
        [held(10, "Light", as_of="2021-01-01", basis=Basis.RELAYED)],
    ]
    cases = [r.balance for r in compared(rows).rows if not r.type]
    assert {case.answers: str(case.opening) for case in cases} == {
        ((("light-tanks", "tank"),),): "10",
        ((("light-tanks", "other"),),): "0",
    }
    # Whatever the answer, nothing is unexplained: the spans of 0 to 10 are not subtracted.
    assert {case.outcome for case in cases} == {Outcome.EXPLAINED}
    (closed,) = [r for r in compared(rows, readings=["light-tanks=tank"]).rows if not r.type]
    assert (closed.balance.answers, str(closed.balance.opening)) == ((), "10")


def test_a_question_decides_whether_something_is_unexplained() -> None:
    rows = [
        [held(10, "Light", basis=Basis.RELAYED)],
        [held(8, "Light", as_of="2021-01-01", basis=Basis.RELAYED)],
    ]
    found = compared(rows)
    assert {r.balance.outcome for r in found.rows} == {Outcome.EXPLAINED, Outcome.UNEXPLAINED}
    assert found.findings == ()
    assert compared(rows, readings=["light-tanks=tank"]).findings != ()


def test_a_withheld_figure_explains_nothing_and_is_no_finding() -> None:
    row = only(OPENING, held(0, as_of="2021-01-01", withheld=True))
    assert row.balance.outcome is Outcome.CANNOT_TELL


def test_a_category_that_a_declaration_does_not_mention_is_skipped() -> None:
    row = only(OPENING, held(9, category=ACV, as_of="2020-06-01"), CLOSING)
    assert (str(row.opened.as_of), str(row.closed.as_of)) == ("2020-01-01", "2021-01-01")


def test_a_whole_and_its_parts_are_not_compared_and_that_is_said() -> None:
    found = compared(
        [[held(5, party="federation")], [held(9, party=WHOLE, as_of="2021-01-01")]], parties=None
    )
    assert found.rows == ()
    assert any("not reconciled with its parts (Federation)" in note for note in found.notes)


def test_stored_items_beside_the_total_are_not_counted_twice() -> None:
    first = [held(20), held(4, status=Status.HISTORICAL_COLLECTION)]
    second = [held(16, as_of="2021-01-01"), held(8, as_of="2021-01-01", status=Status.STORED)]
    row = next(r for r in compared([first, second]).rows)
    assert sums(row)["unexplained"] == "-4..-4"
