"""Every count of a large ledger, against a recomputation from its files."""

from __future__ import annotations

import pytest
from independent import Asked, Recomputed
from large_ledger import LIMITS, Large, spans

pytestmark = pytest.mark.long

LAST = "2025-12-31"
ASKED = (
    Asked("1991-05-17"),  # the first year, inside the span of a movement
    Asked("1991-12-31"),
    Asked("2008-06-30"),  # the day of a declaration in the middle of a year
    Asked("2008-09-14"),
    Asked("2020-02-29"),
    Asked("2023-10-01"),  # declarations of two days in use for the categories of one Party
    Asked("2024-06-15"),  # inside the days that one declaration may be of
    Asked("2024-08-17"),
    Asked("2024-12-31"),
    Asked(LAST),
    Asked("2026-06-30"),  # some of what is planned may have happened
    Asked("2009-05-15", known_at="2009-06-01"),
    Asked("2009-08-17", known_at="2010-02-01"),  # before the corrections of the year
    Asked("2009-08-17", known_at="2010-03-01"),  # after them
    Asked("2024-08-17", known_at="2026-02-20"),  # before the doubtful rows
    Asked("2024-08-17", basis="declared"),
    Asked("2024-08-17", basis="declared", known_at="2025-02-01"),
)
OTHER_FIGURES = (
    Asked("2024-08-17", basis="notified"),
    Asked("2024-08-17", basis="estimate"),
    Asked("2024-10-01", basis="relayed"),
)


@pytest.fixture(scope="module")
def recomputed(large: Large) -> Recomputed:
    return large.recomputed([*ASKED, *OTHER_FIGURES])


@pytest.mark.parametrize("question", ASKED, ids=lambda asked: "-".join(filter(None, asked)))
def test_every_count_is_the_recomputed_one(
    large: Large, recomputed: Recomputed, question: Asked
) -> None:
    found = spans(large.audit(question))
    assert len(found) == len(LIMITS) == 150
    assert found == recomputed.counted(question)


def test_the_days_asked_about_are_not_all_alike(large: Large, recomputed: Recomputed) -> None:
    """Guards the test above: on them the doubts and corrections do matter."""
    counts = {asked: recomputed.counted(asked) for asked in ASKED}
    for one, other in (
        (("2009-08-17", "2010-02-01"), ("2009-08-17", "2010-03-01")),
        (("2024-08-17", "2026-02-20"), ("2024-08-17",)),
        (("2024-08-17", "", "declared"), ("2024-08-17",)),
        (("2024-06-15",), ("2024-08-17",)),
    ):
        assert counts[Asked(*one)] != counts[Asked(*other)]
    wide = [low != high for low, high in counts[Asked("2024-08-17")].values()]
    assert sum(wide) > 20
    assert counts[Asked("2024-08-17")]["party-14", _category("party-14")][1] is None


def _category(party: str) -> str:
    from large_ledger import CATEGORY_OF, parties

    return CATEGORY_OF[next(p for p in parties() if p.id == party).types[0]]


def test_one_party_is_counted_as_among_all(large: Large, recomputed: Recomputed) -> None:
    for party in ("party-03", "party-11"):
        for question in (Asked("2024-08-17"), Asked("2008-09-14")):
            _is_counted(large, recomputed, question, party)


def test_figures_of_a_basis_are_carried_forward_by_all_that_moved(
    large: Large, recomputed: Recomputed
) -> None:
    """Of ``party-01`` there is none: it holds at least what surely came in all years."""
    for question, party in zip(OTHER_FIGURES, ("party-07", "party-06", "party-09"), strict=True):
        _is_counted(large, recomputed, question, party)
    _is_counted(large, recomputed, OTHER_FIGURES[0], "party-01")


def _is_counted(large: Large, recomputed: Recomputed, question: Asked, party: str) -> None:
    found = spans(large.audit(question, "--party", party))
    every = recomputed.counted(question)
    assert found == {limit: span for limit, span in every.items() if limit[0] == party}
    assert len(found) == 5


@pytest.mark.parametrize(
    ("question", "party"),
    [(Asked("2024-08-17"), "party-03"), (Asked("2024-12-31"), "party-09")],
    ids=lambda value: "-".join(filter(None, value)) if isinstance(value, tuple) else value,
)
def test_every_type_of_a_party_is_counted_as_recomputed(
    large: Large, recomputed: Recomputed, question: Asked, party: str
) -> None:
    compared = 0
    for limit in [limit for limit in LIMITS if limit[0] == party]:
        found = large.call("explain", *limit, *question.options, "--all", "--format", "json").json
        types: dict[str, list[int]] = {}
        account = found["account"]
        for row in (*account["rows"], *account["movements"]):
            total = types.setdefault(row["recorded"]["type"], [0, 0])
            for bound, name in enumerate(("low", "high")):
                total[bound] += row["adds"][name]
        wanted = recomputed.by_type(question, limit)
        assert {name: tuple(total) for name, total in types.items()} == {
            name: span for name, span in wanted.items() if name in types or span != (0, 0)
        }
        compared += len(types)
    assert compared == 12
