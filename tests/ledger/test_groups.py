"""Movements told in groups add up to the movements themselves, whatever was recorded and asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_rows import PARTIES, put
from sqlalchemy import URL

from compliance.ledger import balances, groups
from compliance.ledger.balances import movements
from compliance.ledger.periods import Periods
from compliance.ledger.reading import Reading, reading
from compliance.values.dates import DateSpan
from compliance.values.evidence import RecordedMovement
from compliance.values.records import Account, Entry, Movement, Particulars, Withdrawal
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status

# The ends of years, and days that divide them.
_DAYS = st.sampled_from(
    [
        *(date(2018, 12, 31), date(2019, 1, 1), date(2019, 2, 3), date(2019, 7, 1)),
        *(date(2019, 12, 30), date(2019, 12, 31), date(2020, 1, 1), date(2020, 6, 30)),
        *(date(2020, 12, 31), date(2021, 1, 1), date(2021, 5, 5)),
    ]
)
_DATES = st.one_of(
    _DAYS.map(DateSpan.on),
    _DAYS.map(DateSpan.on),
    st.tuples(_DAYS, _DAYS).map(lambda pair: DateSpan(min(pair), max(pair))),
)
_PLACES = ("@import:France", "@import:Chad", "@import", "@reduced:destroyed", "@reduced:display")
_ACCOUNTS = st.one_of(
    st.builds(Account, st.sampled_from(PARTIES), st.sampled_from([Status.OVERALL, Status.STORED])),
    st.sampled_from(_PLACES).map(Account.parse),
)
_MOVEMENTS = st.builds(
    Movement,
    date=_DATES,
    type=st.sampled_from(["", "M-84"]),
    category=st.just("battle_tank"),
    quantity=st.sampled_from([Span(1, 1), Span(2, 5), Span(3, None), Span(0, 0)]),
    origin=_ACCOUNTS,
    destination=_ACCOUNTS,
    state=st.sampled_from([State.DONE, State.DONE, State.DONE, *State]),
    basis=st.sampled_from([Basis.DECLARED, Basis.PRESS]),
    source=st.sampled_from(["synthetic", "synthetic, another"]),
    more=st.sampled_from(
        [
            Particulars(),
            Particulars(note="a note", ref="a ref"),
            Particulars(unit="1st", site="Niš"),
            Particulars(stated_by="serbia", subcategory="heavy"),
            Particulars(marking="restricted"),
        ]
    ),
)
_STEP = st.tuples(
    st.lists(_MOVEMENTS, min_size=1, max_size=8),
    # Which rows are corrected after it, and by what: another date, another shape, nothing.
    st.lists(st.tuples(st.integers(0, 30), st.one_of(st.none(), _MOVEMENTS)), max_size=3),
)
_QUESTIONS = st.lists(
    st.fixed_dictionaries(
        {
            "as_of": _DAYS,
            "single_after": st.one_of(st.none(), _DAYS),
            "starts": st.dictionaries(
                st.sampled_from(PARTIES), st.one_of(_DAYS, st.just(date.min)), min_size=1
            ),
            "cuts": st.lists(_DAYS, max_size=3),
            "known": st.one_of(st.none(), st.none(), st.integers(0, 9)),
        }
    ),
    min_size=4,
    max_size=8,
)


def _fill(
    url: URL, steps: Iterable[tuple[list[Movement], list[tuple[int, Movement | None]]]]
) -> list[str]:
    """Record steps; return when each submission was recorded."""
    living: list[str] = []
    moments = []

    def add(rows: list[Entry]) -> None:
        done = put(url, rows)
        moments.append(done.recorded_at)
        living.extend(
            f"{done.content_sha256[:12]}:{line}"
            for line, row in enumerate(rows, start=1)
            if isinstance(row, Movement)
        )

    for rows, changes in steps:
        add(list(rows))
        later: list[Entry] = []
        for number, row in changes:
            if living:
                name = living.pop(number % len(living))
                if row is None:
                    later.append(Withdrawal(name))
                else:
                    later.append(replace(row, more=replace(row.more, corrects=name)))
        if later:
            add(later)
    return moments


_Sums = Mapping[tuple[object, ...], list[int]]


def _added_up(found: Iterable[RecordedMovement], periods: Periods) -> _Sums:
    """Add movements up by all that bears on a count, written down apart from the program's way."""
    sums: dict[tuple[object, ...], Counter[str]] = {}
    for item in found:
        row = item.row
        sides = tuple(
            (side.party, side.status if side.party else "", _kind(side.place))
            for side in (row.origin, row.destination)
        )
        between = periods.of(row.date.first), periods.of(row.date.last)
        key = (*between, *sides, row.type, row.category, row.state, row.basis, row.more.marking)
        low, high = row.quantity.low or 0, row.quantity.high
        some = sums.setdefault(key, Counter())
        some.update({"many": item.many or 1, "low": low})
        # Of a group with one that is unbounded no upper bound is told.
        some.update({"high": high or 0, "open": high is None})
    return {
        key: [some["many"], some["low"], 0 if some["open"] else some["high"], bool(some["open"])]
        for key, some in sums.items()
    }


def _kind(place: str) -> str:
    return place if place.startswith("@reduced:") else place.split(":", maxsplit=1)[0]


def _told(
    opened: Reading, many: int, asked: Mapping[str, Any], near: int = balances._NEAR
) -> tuple[RecordedMovement, ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(balances, "_NEAR", near)
        patch.setattr(balances, "MANY", many)
        patch.setattr(groups, "_BATCH", 2)
        return movements(opened, **asked)


def _answers(
    url: URL, moments: list[str], questions: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[_Sums, _Sums, Mapping[str, Any]]]:
    """Yield what groups add up to, and what the rows do, for each question."""
    with reading(url.render_as_string(hide_password=False)) as opened:
        for question in questions:
            asked = dict(question)
            known = asked.pop("known")
            asked["known_at"] = None if known is None else moments[known % len(moments)]
            day, after = asked["as_of"], asked["single_after"]
            until = day if after is None else min(day, after)
            periods = Periods({until, *asked["starts"].values(), *asked["cuts"]} - {date.min})
            single = _told(opened, 10**9, asked)
            assert not any(item.many for item in single)
            # By their days, where these are few, or by their holders: the same, in one order.
            assert single == _told(opened, 10**9, asked, near=0)
            grouped = _told(opened, -1, asked)
            yield _added_up(grouped, periods), _added_up(single, periods), asked


def _compare(url: URL, steps: Any, questions: Any) -> None:
    moments = _fill(url, steps)
    for grouped, single, asked in _answers(url, moments, questions):
        assert grouped == single, asked


_ASKED = {"steps": st.lists(_STEP, min_size=1, max_size=4), "questions": _QUESTIONS}
_QUIETLY = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(
    max_examples=12, deadline=None, database=None, derandomize=True, suppress_health_check=_QUIETLY
)
@given(**_ASKED)
def test_groups_add_up_to_their_rows(
    new_ledger: Callable[[], URL], steps: Any, questions: Any
) -> None:
    _compare(new_ledger(), steps, questions)


@pytest.mark.long
@settings(max_examples=400, deadline=None, database=None, suppress_health_check=_QUIETLY)
@given(**_ASKED)
def test_groups_add_up_to_their_rows_again_and_again(
    new_ledger: Callable[[], URL], steps: Any, questions: Any
) -> None:
    _compare(new_ledger(), steps, questions)
