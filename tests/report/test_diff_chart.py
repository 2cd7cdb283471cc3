"""The drawing of a limit: to scale, readable without colour, nothing unknown drawn as none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.report.diff_chart import bar, scale
from compliance.values.span import Span


def _bar(counted: str | None, ceiling: str | None, most: int) -> str:
    spans = [None if text is None else Span.parse(text) for text in (counted, ceiling)]
    return bar(*spans, most)


@pytest.mark.parametrize(
    ("counted", "ceiling", "drawn"),
    [
        ("10", "20", "##########..........|"),
        ("10..15", "20", "##########~~~~~.....|"),
        ("10..", "15", "##########~~~~~|~~~>"),
        ("20", "10", "##########|#########"),
        ("0", "20", "....................|"),
        ("1", None, "#"),
        ("5", "10..13", "#####.....|  |"),
        (None, "20", "?...................|"),
        (None, "0", "?|"),
        (None, None, "?"),
        ("0", None, ""),
        ("0", "0", "|"),
    ],
)
def test_each_case_is_drawn_so(counted: str | None, ceiling: str | None, drawn: str) -> None:
    assert _bar(counted, ceiling, 20) == drawn


SPANS = st.one_of(
    st.none(),
    st.tuples(st.integers(0, 9000), st.integers(0, 500)).map(lambda p: Span(p[0], sum(p))),
    st.integers(0, 9000).map(Span.at_least),
)


@given(SPANS, SPANS)
def test_no_drawing_is_wider_than_its_column_and_one_item_is_seen(counted, ceiling) -> None:
    drawn = bar(counted, ceiling, scale([counted, ceiling]))
    assert len(drawn) <= 21
    assert ("?" in drawn) == (counted is None)
    if counted is not None and counted.low:
        assert drawn.startswith(("#", "|"))
    assert ("|" in drawn) == (ceiling is not None)
