"""Which rows bear on a day: the declaration in use, its tail, and what was known when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from ledger_rows import days, get, held, moved, put
from sqlalchemy import URL

from compliance.values.evidence import Evidence
from compliance.values.records import Account, Row
from compliance.values.vocabulary import Basis, State


def _at(monkeypatch: pytest.MonkeyPatch, url: URL, moment: str, rows: Sequence[Row]) -> str:
    """Record rows at a moment of our choice; return the content hash."""
    monkeypatch.setattr("compliance.ledger.append.instant", lambda _moment: moment)
    return put(url, rows).content_sha256[:12]


def _declared(found: Evidence) -> list[tuple[str, int | None]]:
    return [(str(d.as_of), d.rows[0].row.quantity.low) for d in found.declarations]


def _moved(found: Evidence) -> list[int | None]:
    return sorted(item.row.quantity.low or 0 for item in found.movements)


def test_what_was_known_at_a_moment_is_what_was_recorded_by_then(
    ledger: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    jan, feb, mar = (f"2020-0{month}-01T00:00:00.000000Z" for month in (1, 2, 3))
    first = _at(monkeypatch, ledger, jan, [held(1), moved(10)])
    _at(monkeypatch, ledger, feb, [moved(20)])
    _at(
        monkeypatch, ledger, mar, [held(2, corrects=f"{first}:1"), moved(11, corrects=f"{first}:2")]
    )
    before = "2019-12-31T23:59:59.999999Z"
    assert get(ledger, known_at=before) == Evidence((), ())
    known = {
        moment: (_declared(found), _moved(found))
        for moment in (jan, feb, mar, "2020-02-29T23:59:59.999999Z")
        for found in [get(ledger, known_at=moment)]
    }
    day = "2020-01-01"
    assert known == {
        jan: ([(day, 1)], [10]),
        feb: ([(day, 1)], [10, 20]),
        "2020-02-29T23:59:59.999999Z": ([(day, 1)], [10, 20]),
        mar: ([(day, 2)], [11, 20]),
    }
    found = get(ledger)
    assert (_declared(found), _moved(found)) == known[mar]


def test_a_correction_stays_in_the_declaration_it_corrects(ledger: URL) -> None:
    first = put(ledger, [held(1), held(7, category="artillery")]).content_sha256[:12]
    put(ledger, [held(2, corrects=f"{first}:1")])
    (declaration,) = get(ledger).declarations
    assert sorted(i.row.quantity.low or 0 for i in declaration.rows) == [2, 7]
    assert declaration.order == 1


def test_a_correction_of_the_date_takes_the_row_to_its_own_day(ledger: URL) -> None:
    first = put(ledger, [held(1, "2020-01-01")]).content_sha256[:12]
    put(ledger, [held(1, "2021-01-01", corrects=f"{first}:1")])
    assert _declared(get(ledger, as_of=date(2020, 12, 31))) == []
    assert _declared(get(ledger, as_of=date(2021, 1, 1))) == [("2021-01-01", 1)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2019-12-31", []),
        ("2020-01-01", [("2020-01-01", 1)]),
        ("2020-12-31", [("2020-01-01", 1)]),
        ("2021-01-01", [("2021-01-01", 2)]),
        ("2021-06-30", [("2021-01-01", 2)]),
        ("2021-07-01", [("2020-06-01..2021-07-01", 3)]),
    ],
)
def test_the_latest_declaration_by_its_last_day_is_in_use(
    ledger: URL, day: str, expected: list[tuple[str, int]]
) -> None:
    put(ledger, [held(3, days("2020-06-01", "2021-07-01"))])
    put(ledger, [held(2, "2021-01-01")])
    put(ledger, [held(1, "2020-01-01")])
    assert _declared(get(ledger, as_of=date.fromisoformat(day))) == expected


def test_of_two_declarations_of_one_day_the_last_recorded_is_in_use(ledger: URL) -> None:
    put(ledger, [held(9)])
    put(ledger, [held(1)])
    put(ledger, [held(5)])
    assert _declared(get(ledger)) == [("2020-01-01", 5)]


def test_the_latest_of_each_basis_is_handed_out_and_of_a_basis_only_on_demand(
    ledger: URL,
) -> None:
    put(ledger, [held(1, "2020-01-01"), held(2, "2022-01-01", basis=Basis.PRESS)])
    put(ledger, [held(3, "2021-01-01", basis=Basis.PRESS)])
    put(ledger, [held(4, "2021-01-01", basis=Basis.OBSERVED)])
    put(ledger, [held(5, "2019-01-01", basis=Basis.OBSERVED)])
    assert sorted(n or 0 for _, n in _declared(get(ledger))) == [1, 2, 4, 5]
    # What inspectors saw stands beside every figure.
    assert sorted(n or 0 for _, n in _declared(get(ledger, basis=Basis.PRESS))) == [2, 4, 5]
    best = max(get(ledger).declarations, key=lambda d: d.preference)
    assert best.basis is Basis.DECLARED


def test_each_category_has_its_own_declaration_in_use(ledger: URL) -> None:
    put(ledger, [held(1, "2020-01-01"), held(2, "2020-01-01", category="artillery")])
    put(ledger, [held(3, "2021-01-01")])
    found = get(ledger)
    assert [(str(d.as_of), d.covers("artillery")) for d in found.declarations] == [
        ("2020-01-01", True),
        ("2021-01-01", False),
    ]
    # The whole declaration is handed out, so that each row can be read beside the others.
    assert len(found.declarations[0].rows) == 2


def test_two_dates_or_sources_in_one_submission_are_two_declarations(ledger: URL) -> None:
    put(
        ledger,
        [
            held(1, "2020-01-01"),
            held(2, "2021-01-01", category="artillery"),
            held(3, "2021-01-01", category="artillery", source="another"),
            held(4, "2021-01-01", party="croatia"),
        ],
    )
    found = get(ledger).declarations
    assert all(len(d.rows) == 1 for d in found)
    assert [d.party for d in found] == ["croatia", "serbia", "serbia"]


@pytest.mark.parametrize("category", ["battle_tank", "artillery"])
@pytest.mark.parametrize(
    ("when", "kept"),
    [
        (days("2020-01-01"), False),
        (days("2019-01-01", "2020-01-01"), False),
        (days("2019-01-01", "2020-01-02"), True),
        (days("2020-01-02"), True),
        (days("2021-01-01"), True),
        (days("2021-01-02"), False),
        (days("2021-01-01", "2022-01-01"), True),
    ],
)
def test_a_movement_is_left_out_only_where_it_is_surely_contained_or_surely_later(
    ledger: URL, category: str, when: object, kept: bool
) -> None:
    assert isinstance(when, type(days("2020-01-01")))
    put(ledger, [held(1, "2020-01-01"), held(1, "2020-06-01", category="artillery")])
    put(ledger, [moved(7, when, category=category)])
    assert _moved(get(ledger, as_of=date(2021, 1, 1))) == ([7] if kept else [])


def test_where_one_category_was_never_declared_the_whole_past_is_in_view(ledger: URL) -> None:
    put(ledger, [held(1, "2020-01-01")])
    put(ledger, [moved(7, "1999-01-01", category="artillery")])
    assert _moved(get(ledger)) == [7]
    assert _moved(get(ledger, categories=["battle_tank"])) == []


def test_a_declaration_over_some_days_contains_only_what_was_before_the_first(
    ledger: URL,
) -> None:
    put(ledger, [held(1, days("2020-01-01", "2020-12-31"))])
    put(ledger, [moved(1, "2020-01-01"), moved(2, "2020-01-02"), moved(3, "2020-12-31")])
    assert _moved(get(ledger, categories=["battle_tank"])) == [2, 3]


def test_both_sides_of_a_movement_see_it_by_their_own_declarations(ledger: URL) -> None:
    put(ledger, [held(1, "2022-01-01"), held(1, "2020-01-01", party="croatia")])
    put(ledger, [moved(7, "2021-01-01", origin="serbia", destination="croatia")])
    tanks = ["battle_tank"]
    assert _moved(get(ledger, categories=tanks, parties=["serbia"])) == []
    assert _moved(get(ledger, categories=tanks, parties=["croatia"])) == [7]
    assert _moved(get(ledger, categories=tanks, parties=["serbia", "croatia"])) == [7]
    assert _moved(get(ledger, categories=tanks, parties=["montenegro"])) == []


def test_accounts_states_and_statuses_come_back(ledger: URL) -> None:
    put(
        ledger,
        [
            moved(
                1,
                origin="serbia:research_development",
                destination="@reduced:static_display",
                state=State.PLANNED,
            )
        ],
    )
    (item,) = get(ledger).movements
    assert item.row.origin == Account.parse("serbia:research_development")
    assert item.row.destination == Account.parse("@reduced:static_display")
    assert item.row.state is State.PLANNED


def test_many_observations_stay_in_view_and_not_all(ledger: URL) -> None:
    seen = [held(year, f"{year}-01-01", basis=Basis.OBSERVED) for year in range(1900, 2020)]
    put(ledger, seen)
    assert [n for _, n in _declared(get(ledger))] == list(range(1920, 2020))


@pytest.mark.long
def test_a_long_list_of_declarations_is_read_whole(ledger: URL) -> None:
    """More submissions than one statement asks for at once."""
    parties = [f"party-{number}" for number in range(30)]
    expected = set()
    for number in range(18):
        for party in parties:
            put(ledger, [held(1, party=party, category=f"category-{number}")])
            expected.add((party, f"category-{number}"))
    found = get(ledger, parties=parties).declarations
    assert {(d.party, d.rows[0].row.category) for d in found} == expected
