"""The numbers at which a verdict turns."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_law import ACV, TANK, held, law, limit, moved, row

from compliance.values.records import Row
from compliance.values.span import Span
from compliance.values.vocabulary import Verdict

BRADLEYS: list[Row] = [
    held(300, category=ACV),
    moved("62..89", "M2A2 Bradley", origin="@import:United States", category=ACV),
    moved(30, "M-80", origin="serbia", destination="@reduced:destroyed", category=ACV),
]


def test_an_uncertain_arrival_exceeds_from_a_number_on() -> None:
    found = row(law(limit("serbia", ACV, 340)), BRADLEYS, category=ACV)
    assert (str(found.counted), found.verdict) == ("332..359", Verdict.INDETERMINATE)
    assert str(found.headroom) == "-19..8"
    assert any("M2A2 Bradley: exceeds from 71 counted" in text for text in found.tipping)


def test_an_old_figure_says_how_many_unreported_would_be_needed() -> None:
    found = row(
        law(limit("serbia", TANK, 948)),
        [held(464, as_of="2019-09-12")],
        day=date(2024, 12, 31),
    )
    assert (found.verdict, found.stale) == (Verdict.INDETERMINATE, True)
    assert str(found.headroom) == "484"
    assert any("485 unreported" in text for text in found.tipping)


@settings(max_examples=80, deadline=None, database=None, derandomize=True)
@given(
    base=st.integers(0, 40),
    low=st.integers(0, 10),
    width=st.integers(1, 10),
    ceiling=st.integers(0, 60),
)
def test_the_number_said_is_the_first_that_exceeds(
    base: int, low: int, width: int, ceiling: int
) -> None:
    agreement = law(limit("serbia", ACV, ceiling))

    def found(quantity: str) -> tuple[Verdict, tuple[str, ...]]:
        rows = [held(base, category=ACV), moved(quantity, "M-80", category=ACV)]
        result = row(agreement, rows, category=ACV)
        return result.verdict, result.tipping

    verdict, said = found(f"{low}..{low + width}")
    first = next(
        (n for n in range(low, low + width + 1) if found(str(n))[0] is Verdict.EXCEEDS), None
    )
    if verdict is Verdict.INDETERMINATE:
        assert any(f"M-80: exceeds from {first} counted" in text for text in said)
    else:
        assert first in (None, low)
        assert not any("exceeds from" in text for text in said)


@pytest.mark.parametrize(("quantity", "needed"), [(0, 101), (99, 2), (100, 1)])
def test_within_says_how_many_more_would_exceed(quantity: int, needed: int) -> None:
    agreement = law(limit("serbia", TANK, 100))
    found = row(agreement, [held(quantity)])
    assert found.verdict is Verdict.WITHIN
    assert any(text.startswith(f"{needed} more ") for text in found.tipping)
    assert row(agreement, [held(quantity + needed)]).verdict is Verdict.EXCEEDS
    assert row(agreement, [held(quantity + needed - 1)]).verdict is Verdict.WITHIN


def test_an_excess_says_the_least_that_would_bring_it_within() -> None:
    agreement = law(limit("serbia", TANK, 100))
    found = row(agreement, [held("103..107")])
    assert found.verdict is Verdict.EXCEEDS
    said = " ".join(found.tipping)
    assert said.startswith("3 battle tanks fewer")
    assert "7 fewer would make it certain" in said


def test_utilisation_is_a_span_as_well() -> None:
    found = row(law(limit("serbia", TANK, 948)), [held(464)])
    assert found.utilisation == (0.4895, 0.4895)
    found = row(law(limit("serbia", TANK, "50..100")), [held("25..")])
    assert found.utilisation == (0.25, None)
    assert found.headroom == Span(None, 75)
    assert row(law(limit("serbia", TANK, 0)), [held(1)]).utilisation == (None, None)
