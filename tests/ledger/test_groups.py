"""Movements told in groups add up to the movements themselves, whatever was recorded and asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from ledger_rows import PARTIES, put
from sqlalchemy import URL

from compliance.ledger import legs, tails
from compliance.ledger.periods import Periods
from compliance.ledger.reading import Reading, reading
from compliance.ledger.tails import movements
from compliance.values.dates import DateSpan
from compliance.values.evidence import OTHERS, Folding, RecordedMovement
from compliance.values.records import Account, Entry, Movement, Particulars, Withdrawal
from compliance.values.span import Span, total
from compliance.values.vocabulary import Basis, State, Status

# The ends of years, and days that divide them.
_DAYS = (
    *(date(2018, 12, 31), date(2019, 1, 1), date(2019, 2, 3), date(2019, 7, 1)),
    *(date(2019, 12, 30), date(2019, 12, 31), date(2020, 1, 1), date(2020, 6, 30)),
    *(date(2020, 12, 31), date(2021, 1, 1), date(2021, 5, 5)),
    # Years that few days divide.
    *(date(2022, 3, 3), date(2023, 1, 2), date(2023, 12, 31), date(2024, 9, 9)),
)
_PLACES = ("@import:France", "@import:Chad", "@import", "@reduced:destroyed", "@reduced:display")
_QUANTITIES = (Span(1, 1), Span(2, 5), Span(3, None), Span(0, 0))
_MORE = (
    Particulars(),
    Particulars(note="a note", ref="a ref"),
    Particulars(unit="1st", site="Niš"),
    Particulars(stated_by="serbia", subcategory="heavy"),
    Particulars(marking="restricted"),
)


def _account(pick: Random) -> Account:
    if pick.random() < 0.4:
        return Account.parse(pick.choice(_PLACES))
    return Account(pick.choice(PARTIES), pick.choice((Status.OVERALL, Status.STORED)))


def _movement(pick: Random) -> Movement:
    first, last = sorted((pick.choice(_DAYS), pick.choice(_DAYS)))
    return Movement(
        DateSpan(first, last) if pick.random() < 0.4 else DateSpan.on(first),
        pick.choice(("", "M-84")),
        "battle_tank",
        pick.choice(_QUANTITIES),
        _account(pick),
        _account(pick),
        pick.choice((State.DONE, State.DONE, State.DONE, *State)),
        pick.choice(tuple(Basis)),
        pick.choice(("synthetic", "synthetic, another")),
        more=pick.choice(_MORE),
    )


def _question(pick: Random, moments: Sequence[str]) -> dict[str, Any]:
    some = pick.sample(PARTIES, pick.randint(1, len(PARTIES)))
    return {
        "as_of": pick.choice(_DAYS),
        "single_after": pick.choice((None, *_DAYS)),
        "starts": {party: pick.choice((date.min, *_DAYS[:6])) for party in some},
        "cuts": pick.choices(_DAYS, k=pick.randrange(4)),
        "known_at": pick.choice((None, None, *pick.choices(moments))),
    }


def _fill(url: URL, pick: Random) -> list[str]:
    """Record movements, and after each submission correct some, split some, withdraw some."""
    living: list[str] = []
    moments = []
    for _ in range(4):
        rows: list[Entry] = [_movement(pick) for _ in range(25)]
        for _ in range(6 if living else 0):
            name = living.pop(pick.randrange(len(living)))
            new = [_movement(pick) for _ in range(pick.randrange(3))]
            rows += [replace(row, more=replace(row.more, corrects=name)) for row in new] or [
                Withdrawal(name)
            ]
        done = put(url, rows)
        moments.append(done.recorded_at)
        living += [
            f"{done.content_sha256[:12]}:{line}"
            for line, row in enumerate(rows, start=1)
            if isinstance(row, Movement)
        ]
    return moments


_Sums = Mapping[tuple[object, ...], list[int]]


def _added_up(found: Iterable[RecordedMovement], periods: Periods) -> _Sums:
    """Add movements up by all that bears on a count, written down apart from the program's way."""
    sums: dict[tuple[object, ...], Counter[str]] = {}
    years: dict[tuple[object, ...], set[int]] = {}
    for item in found:
        key = _named(item, periods)
        years.setdefault(key, set()).update((item.row.date.first.year, item.row.date.last.year))
        low, high = item.row.quantity.low or 0, item.row.quantity.high
        some = sums.setdefault(key, Counter())
        some.update({"many": item.many or 1, "low": low})
        # Of a group with one that is unbounded no upper bound is told.
        some.update({"high": high or 0, "open": high is None})
    return {
        key: [
            *(some["many"], some["low"], 0 if some["open"] else some["high"], bool(some["open"])),
            *(min(years[key]), max(years[key])),
        ]
        for key, some in sums.items()
    }


def _named(item: RecordedMovement, periods: Periods) -> tuple[object, ...]:
    row = item.row
    sides = tuple(
        (side.party, side.status if side.party else "", _kind(side.place))
        for side in (row.origin, row.destination)
    )
    between = periods.of(row.date.first), periods.of(row.date.last)
    return (*between, *sides, row.type, row.category, row.state, row.basis, row.more.marking)


def _kind(place: str) -> str:
    return place if place.startswith("@reduced:") else place.split(":", maxsplit=1)[0]


def _weight(way: str, basis: Basis) -> str:
    """Tell apart what the law of no agreement does: that press reports weigh less."""
    return f"{way} {basis is Basis.PRESS}"


def _folding(*, by_type: bool) -> Folding:
    return Folding(lambda _, stated, __: stated, _weight, lambda a, b: a == b != "", by_type)


def _by_holder(
    found: Iterable[RecordedMovement], periods: Periods, holders: Iterable[str], *, by_type: bool
) -> _Sums:
    """Add up what came to each holder, what left it and what stayed, as far as it is folded."""
    sums: dict[tuple[object, ...], Counter[str]] = {}
    for key, item, _ in _ways(found, periods, holders, by_type=by_type):
        row = item.row
        low, high = row.quantity.low or 0, row.quantity.high
        some = sums.setdefault(key, Counter())
        some.update({"many": item.many or 1, "low": low, "high": high or 0})
        some.update({"open": high is None})
        some.update(dict.fromkeys((item.bases or (row.basis,)), 1))
    return {
        key: [
            *(some["many"], some["low"], 0 if some["open"] else some["high"], bool(some["open"])),
            *(bool(some[basis]) for basis in Basis),
        ]
        for key, some in sums.items()
    }


def _ways(
    found: Iterable[RecordedMovement], periods: Periods, holders: Iterable[str], *, by_type: bool
) -> Iterator[tuple[tuple[object, ...], RecordedMovement, Account]]:
    """Yield what came to each holder, left it or stayed: its key, and who was on the other side."""
    for item in found:
        row, (origin, destination) = item.row, (item.row.origin, item.row.destination)
        stays = origin.party == destination.party
        for way, side, other in (("out", origin, destination), ("in", destination, origin)):
            if side.party not in holders or (stays and way == "in"):
                continue
            key = (
                *(periods.of(row.date.first), periods.of(row.date.last), row.state),
                *(side, other if stays else "", _weight("" if stays else way, row.basis)),
                *(way, row.category, row.type if by_type else "", row.more.marking),
            )
            yield key, item, other


def _by_kind(
    found: Iterable[RecordedMovement], periods: Periods, holders: Iterable[str], *, by_type: bool
) -> _Sums:
    """Add up the same by the kind of the other side, too."""
    sums: dict[tuple[object, ...], list[int]] = {}
    for key, item, other in _ways(found, periods, holders, by_type=by_type):
        kind = "" if other == OTHERS else _kind(other.place)
        for place, quantity in item.parts or ((kind, item.row.quantity),):
            some = sums.setdefault((*key, place), [0, 0, False])
            some[0] += quantity.low or 0
            some[1] += quantity.high or 0
            some[2] = some[2] or quantity.high is None
    return {key: [low, 0 if open_ else high, open_] for key, (low, high, open_) in sums.items()}


def _once(
    single: Sequence[RecordedMovement],
    folded: Sequence[RecordedMovement],
    periods: Periods,
    holders: Iterable[str],
    *,
    by_type: bool,
) -> int:
    """Check that what is all that one gave and another got is told once; return how often."""
    rows: dict[tuple[object, ...], set[RecordedMovement]] = {}
    for key, item, _ in _ways(single, periods, holders, by_type=by_type):
        rows.setdefault(key, set()).add(item)
    told: dict[tuple[object, ...], set[str]] = {}
    for key, item, _ in _ways(folded, periods, holders, by_type=by_type):
        told.setdefault(key, set()).add(item.ref)
    same: dict[frozenset[RecordedMovement], list[tuple[object, ...]]] = {}
    for key, of in rows.items():
        if len({(item.row.type, item.row.basis) for item in of}) == 1:
            same.setdefault(frozenset(of), []).append(key)
    pairs = [keys for keys in same.values() if len(keys) == 2]
    for one, other in pairs:
        assert told[one] == told[other]
    return len(pairs)


def _told(
    opened: Reading, many: int, asked: Mapping[str, Any], near: int = tails._NEAR
) -> tuple[RecordedMovement, ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tails, "_NEAR", near)
        patch.setattr(tails, "MANY", many)
        patch.setattr(legs, "_BATCH", 2)
        return movements(opened, **asked)


def _compare(url: URL, seed: int, questions: int) -> None:
    pick = Random(seed)
    moments = _fill(url, pick)
    grouped_rows = parted = paired = 0
    with reading(url.render_as_string(hide_password=False)) as opened:
        for _ in range(questions):
            asked = _question(pick, moments)
            day, after = asked["as_of"], asked["single_after"]
            until = day if after is None else min(day, after)
            since = min(asked["starts"].values())
            days = {until, *asked["starts"].values(), *asked["cuts"]} - {date.min}
            # What is not asked about divides nothing.
            periods = Periods(cut for cut in days if since <= cut <= until)
            single = _told(opened, 10**9, asked)
            assert not any(item.many for item in single)
            # By their days, where these are few, or by their holders: the same, in one order.
            assert single == _told(opened, 10**9, asked, near=0)
            grouped = _told(opened, -1, asked)
            assert _added_up(grouped, periods) == _added_up(single, periods), asked
            named = Counter(_named(item, periods) for item in grouped if item.many)
            assert max(named.values(), default=1) == 1, "what is alike is told as one"
            grouped_rows += sum(item.many for item in grouped)
            by_type = pick.random() < 0.5
            folded = _told(opened, -1, {**asked, "folding": _folding(by_type=by_type)})
            added = [
                _by_holder(items, periods, asked["starts"], by_type=by_type)
                for items in (folded, single)
            ]
            assert added[0] == added[1], asked
            assert len(folded) <= 2 * len(grouped)
            refs = [item.ref for item in folded]
            assert len(set(refs)) == len(refs), "what is one is told once"
            for item in folded:
                assert not item.bases or item.row.basis is item.bases[-1]
            paired += _once(single, folded, periods, asked["starts"], by_type=by_type)
            assert not any(item.parts for item in (*grouped, *single))
            kinds = [
                _by_kind(items, periods, asked["starts"], by_type=by_type)
                for items in (folded, single)
            ]
            assert kinds[0] == kinds[1], asked
            for item in folded:
                if item.parts:
                    parted += 1
                    assert OTHERS in (item.row.origin, item.row.destination)
                    assert total(part for _, part in item.parts) == item.row.quantity
                    places = [place for place, _ in item.parts]
                    assert len(places) > 1
                    assert places == [*sorted({*places} - {""}), *[""][: places.count("")]]
    assert grouped_rows > 5 * questions
    assert parted > questions // 5
    assert paired > questions // 5


def test_groups_add_up_to_their_rows(ledger: URL) -> None:
    _compare(ledger, 5, 40)


def test_years_put_together_tell_the_first_and_the_last_of_them(ledger: URL) -> None:
    pick = Random(1)
    one = replace(_movement(pick), state=State.DONE, quantity=Span(2, 3), type="M-84")
    one = replace(one, origin=Account("serbia"), destination=Account(place="@export:Chad"))
    days = [date(year, 5, 5) for year in (2019, 2020, 2023)]
    put(ledger, [replace(one, date=DateSpan.on(day)) for day in days])
    asked: dict[str, Any] = {"starts": {"serbia": date.min}, "cuts": (), "known_at": None}
    with reading(ledger.render_as_string(hide_password=False)) as opened:
        (found,) = _told(opened, -1, {**asked, "as_of": date(2024, 12, 31), "single_after": None})
    assert found.row.date == DateSpan(date(2019, 1, 1), date(2023, 12, 31))
    assert (found.many, found.row.quantity) == (3, Span(6, 9))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 130))
def test_groups_add_up_to_their_rows_again_and_again(ledger: URL, seed: int) -> None:
    _compare(ledger, seed, 150)
