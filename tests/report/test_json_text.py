"""What is shown as JSON has the bytes that the standard library writes."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.values.json_text import indented, streamed
from compliance.values.said import said
from compliance.values.vocabulary import Basis

_SCALARS = st.one_of(
    *(st.text(), st.integers(), st.booleans(), st.none(), st.sampled_from(Basis)),
    *(st.floats(allow_nan=False, allow_infinity=False), st.text().map(said)),
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner), st.lists(inner).map(tuple), st.dictionaries(st.text(), inner)
    ),
)


@settings(database=None, derandomize=True)
@given(_VALUES)
def test_it_is_what_the_standard_library_writes(value: Any) -> None:
    assert indented(value) == json.dumps(value, indent=2, ensure_ascii=False)


@settings(database=None, derandomize=True, max_examples=30)
@given(st.dictionaries(st.text(min_size=1), _VALUES), st.lists(_VALUES))
def test_so_it_is_in_pieces(value: dict[str, Any], items: list[Any]) -> None:
    whole = json.dumps({**value, "": items}, indent=2, ensure_ascii=False)
    assert "".join(streamed(value, "", iter(items))) == whole


@pytest.mark.parametrize("value", [math.nan, -math.inf])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="is no number"):
        indented({"utilisation": [value]})


@pytest.mark.parametrize("value", [date(2019, 12, 31), {1: "key"}, {"set": {1}}])
def test_what_has_no_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        indented(value)
