"""What an event on record called for, or may have: changes to be notified, losses to be proved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from duties_small import CHANGE, LOSS, change, exchange, found
from small_law import held, moved

from compliance.assess.duty_rows import Calendar, Outcome
from compliance.values.records import Holding, Movement
from compliance.values.vocabulary import Basis

BASE = ("2019-12-01", exchange())


@pytest.mark.parametrize(
    ("quantity", "listed"), [("9", False), ("10", True), ("8..10", True), ("8..9", False)]
)
def test_ten_per_cent_of_what_was_declared_may_have_had_to_be_notified(
    quantity: str, listed: bool
) -> None:
    moves = [moved(quantity, basis=Basis.PRESS)]
    rows = change(BASE, ("2020-06-01", moves))
    assert bool(rows) is listed
    if rows:
        assert rows[0].outcome is Outcome.NOT_ON_RECORD, "the unit is not known: never 'missing'"
        assert "may have had to be notified" in rows[0].reason
        assert rows[0].due == date(2020, 6, 8)


@pytest.mark.parametrize(
    ("recorded", "outcome", "after"),
    [
        ("2020-06-06", Outcome.GIVEN, None),
        ("2020-06-07", Outcome.CANNOT_TELL, None),
        ("2020-06-08", Outcome.CANNOT_TELL, None),
        ("2020-06-09", Outcome.RECORDED_AFTER, 1),
    ],
)
def test_a_notice_is_in_time_if_it_is_by_every_meaning_of_the_days(
    recorded: str, outcome: Outcome, after: int | None
) -> None:
    (row,) = change(BASE, (recorded, [moved(10, basis=Basis.NOTIFIED)]))
    assert (row.outcome, row.days) == (outcome, after)
    notice = (recorded, [held(110, as_of="2020-06-02", basis=Basis.NOTIFIED)])
    (row,) = change(BASE, ("2020-06-01", [moved(10, basis=Basis.PRESS)]), notice)
    assert (row.outcome, row.days) == (outcome, after), "a notified figure is a notice as well"
    earlier = (recorded, [held(110, as_of="2020-05-31", basis=Basis.NOTIFIED)])
    (row,) = change(BASE, ("2020-06-01", [moved(11, basis=Basis.PRESS)]), earlier)
    assert row.outcome is Outcome.NOT_ON_RECORD


def test_where_the_unit_is_known_the_change_had_to_be_notified() -> None:
    def base(unit: str) -> list[Holding]:
        return [*exchange(), held(40, as_of="2020-01-01", unit=unit)]

    def row(basis: Basis, unit: str, quantity: int = 4) -> Movement:
        item = moved(quantity, basis=basis)
        return replace(item, more=replace(item.more, unit=unit))

    (missing,) = change(("2019-12-01", base("1st")), ("2020-06-01", [row(Basis.PRESS, "1ST")]))
    assert missing.outcome is Outcome.MISSING
    assert ": had to be notified by" in missing.reason
    (late,) = change(("2019-12-01", base("1st")), ("2020-06-10", [row(Basis.NOTIFIED, "1st")]))
    assert (late.outcome, late.days) == (Outcome.LATE, 2)
    assert change(("2019-12-01", base("1st")), ("2020-06-01", [row(Basis.PRESS, "2nd")])) == []
    assert change(("2019-12-01", base("1st")), ("2020-06-01", [row(Basis.PRESS, "1st", 3)])) == []


def test_each_update_is_the_base_of_the_next() -> None:
    def on(day: str, quantity: int) -> Movement:
        return moved(quantity, date=day, origin="serbia", destination="@export:Elsewhere")

    # 100 -10 = 90; then 9 of 90 is ten per cent again, in two steps; 8 of 81 is not.
    moves = [on("2020-02-01", 10), on("2020-03-01", 4), on("2020-04-01", 5), on("2020-05-01", 8)]
    rows = change(BASE, ("2020-06-01", moves))
    assert [str(row.happened) for row in rows] == ["2020-02-01", "2020-04-01"]
    assert "in all 9, 10 % of 90" in rows[1].reason
    new = ("2020-04-20", [held(79, as_of="2020-04-15", basis=Basis.NOTIFIED)])
    rows = change(BASE, ("2020-06-01", moves), new)
    assert [str(row.happened) for row in rows] == ["2020-02-01", "2020-04-01", "2020-05-01"]


def test_what_a_declaration_already_holds_is_compared_with_the_one_before() -> None:
    same_day = ("2020-06-02", [held(1000, as_of="2020-06-01"), moved(10, basis=Basis.PRESS)])
    (row,) = change(BASE, same_day)
    assert "10 % of 100" in row.reason


def test_what_cannot_be_compared_is_counted_and_not_listed() -> None:
    moves = ("2020-06-01", [moved(50, basis=Basis.PRESS)])
    for before in (
        [],
        [("2019-01-01", exchange("2019-01-01"))],
        [("2019-12-01", [held("0..", withheld=True)])],
        [("2019-12-01", [held(100, "M-84", basis=Basis.RELAYED)])],
    ):
        calendar = found(*before, moves, duties=(CHANGE,), years=(2020, 2020))
        assert calendar.called_for == ()
        assert "1 movement could not be compared" in calendar.notes[0]
    out = ("2020-06-01", [moved(50, destination="serbia:stored", origin="serbia")])
    assert found(BASE, out, duties=(CHANGE,), years=(2020, 2020)).notes == ()


def test_changes_outside_the_years_asked_for_only_move_the_base() -> None:
    moves = ("2020-06-01", [moved(50, basis=Basis.PRESS)])
    assert found(BASE, moves, duties=(CHANGE,), years=(2021, 2021)).called_for == ()
    assert change(BASE, moves, as_of=date(2020, 5, 31)) == [], "it had not happened"
    (row,) = change(BASE, moves, as_of=date(2020, 6, 3))
    assert row.outcome is Outcome.NOT_YET_DUE


def test_a_loss_on_a_partys_own_word_is_to_be_proved() -> None:
    def of(basis: Basis, note: str = "") -> Calendar:
        item = moved(2, basis=basis, origin="serbia", destination="@lost")
        item = replace(item, more=replace(item.more, note=note))
        return found(("2020-06-02", [item]), duties=(LOSS,), years=(2020, 2020))

    (owed,) = of(Basis.DECLARED, "said to be proved").called_for
    assert owed.outcome is Outcome.PROOF_OWED
    (proved,) = of(Basis.NOTIFIED, "Proof: seen by inspectors").called_for
    assert proved.outcome is Outcome.GIVEN
    assert of(Basis.PRESS).called_for == ()
    assert "1 loss on others' word only" in of(Basis.PRESS).notes[0]
