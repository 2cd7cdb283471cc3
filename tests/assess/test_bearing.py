"""What of a body of evidence bears on a count, and what of it is told as one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from small_law import ACV, TANK, TYPES, law, limit

from compliance.agreement.select import Readings
from compliance.assess import words
from compliance.assess.bearing import Bearing
from compliance.assess.count import Counter
from compliance.assess.tipping import drivers
from compliance.values.dates import DateSpan
from compliance.values.evidence import OTHERS, Evidence, RecordedMovement
from compliance.values.records import Account, Movement
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State

YEAR = DateSpan(date(2019, 1, 1), date(2019, 12, 31))


def moved(
    ref: str, origin: str, destination: str, *, many: int = 2, basis: Basis = Basis.DECLARED
) -> RecordedMovement:
    row = Movement(
        date=YEAR,
        type="M-84",
        category=TANK,
        quantity=Span(3, 4),
        origin=Account.parse(origin),
        destination=Account.parse(destination),
        state=State.DONE,
        basis=basis,
        source="synthetic",
    )
    return RecordedMovement(ref, row, many=many)


COUNTER = Counter(law(limit("serbia", TANK, 12)), TYPES.get, Readings())


def bearing(*items: RecordedMovement, folded: bool = False) -> tuple[RecordedMovement, ...]:
    found = Bearing(Evidence((), items, folded=folded), COUNTER)
    assert not found.on(["serbia"], ACV).movements
    return found.on(["serbia"], TANK).movements


def told(items: tuple[RecordedMovement, ...]) -> list[tuple[str, str, int, str]]:
    rows = [(item.row, item.many) for item in items]
    return [(str(r.origin), str(r.destination), many, str(r.quantity)) for r, many in rows]


def test_what_was_exchanged_with_different_holders_is_told_as_one() -> None:
    found = bearing(
        moved("1", "serbia", "croatia"),
        moved("2", "@production", "serbia"),
        moved("3", "serbia", "montenegro", many=5),
        moved("4", "montenegro", "serbia"),
    )
    assert told(found) == [
        ("serbia", str(OTHERS), 7, "6..8"),
        ("@production", "serbia", 2, "3..4"),
        ("montenegro", "serbia", 2, "3..4"),
    ]


def test_what_differs_in_what_bears_on_the_count_stays_apart() -> None:
    items = (
        moved("1", "serbia", "croatia"),
        moved("2", "serbia", "montenegro", basis=Basis.PRESS),
        moved("3", "serbia:stored", "montenegro"),
        moved("4", "serbia", "@export"),
        moved("5", "serbia", "@lost"),
    )
    assert bearing(*items) == items


def test_of_folded_groups_only_what_weighs_differently_stays_apart() -> None:
    found = bearing(
        moved("1", "serbia", "@export"),
        moved("2", "serbia", "@reduced:destroyed", basis=Basis.OBSERVED),
        moved("3", "serbia", "croatia", basis=Basis.OFFICIAL),
        moved("4", "@import", "serbia", basis=Basis.OFFICIAL),
        moved("5", "@import", "serbia", basis=Basis.NOTIFIED),
        moved("6", "@production", "serbia", basis=Basis.PRESS),
        folded=True,
    )
    assert told(found) == [
        ("serbia", str(OTHERS), 4, "6..8"),
        ("serbia", "croatia", 2, "3..4"),
        ("@import", "serbia", 4, "6..8"),
        ("@production", "serbia", 2, "3..4"),
    ]
    assert [item.bases for item in found] == [
        (Basis.DECLARED, Basis.OBSERVED),
        (),
        (Basis.NOTIFIED, Basis.OFFICIAL),
        (),
    ]
    assert [item.row.basis for item in found] == [
        *(Basis.OBSERVED, Basis.OFFICIAL, Basis.OFFICIAL, Basis.PRESS)
    ]
    assert [item.parts for item in found] == [
        (("@export", Span(3, 4)), ("@reduced:destroyed", Span(3, 4))),
        *((), (), ()),
    ]
    assert words.movement(found[0]).endswith(
        "6 to 8 in all: @export 3 to 4, @reduced:destroyed 3 to 4 (declared and observed)"
    )


def test_of_what_is_put_together_each_kind_of_other_side_keeps_its_part() -> None:
    several = moved("1", "@import", "serbia")
    several = replace(several, row=replace(several.row, origin=OTHERS))
    first = replace(several, parts=(("@import", Span(1, 2)), ("@production", Span(2, 2))))
    last = replace(several, ref="4", row=replace(several.row, quantity=Span(3, None)))
    (found,) = bearing(
        first,
        moved("2", "@production", "serbia"),
        moved("3", "croatia", "serbia"),
        last,
        folded=True,
    )
    assert found.parts == (
        *(("@import", Span(1, 2)), ("@production", Span(5, 6)), ("", Span(6, None))),
    )
    assert words.movement(found).endswith(
        "at least 12 in all: @import 1 to 2, @production 5 to 6, other holders at least 6 "
        "(declared)"
    )
    # Several holders are one kind.
    (alike,) = bearing(moved("3", "croatia", "serbia"), last, folded=True)
    assert alike.parts == ()
    assert words.movement(alike).endswith("at least 6 in all (declared)")


def test_movements_that_stand_for_themselves_are_never_put_together() -> None:
    items = (moved("1", "serbia", "croatia", many=0), moved("2", "serbia", "croatia", many=0))
    assert bearing(*items) == items


def test_what_stands_for_several_types_is_named_as_that() -> None:
    """A number that turns a verdict must not be said of items that nobody named."""
    items = [moved(str(n), "serbia", "@lost", basis=Basis.PRESS) for n in range(2)]
    items[1] = replace(items[1], row=replace(items[1].row, type="T-55"))
    (group,) = bearing(*items, folded=True)
    assert group.row.type == ""
    for item, name in (
        (group, "Items of types that are not told apart"),
        (replace(group, many=0), "Items of no named type"),
    ):
        tally = COUNTER.tail("serbia", TANK, None, [item], YEAR.last)
        assert [driver.name for driver in drivers(tally)] == [name]
