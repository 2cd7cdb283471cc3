"""Names are compared without case, accents, spaces and punctuation, whatever their letters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from compliance.values.names import fold


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_letters_are_folded_as_all_others_are(text: str) -> None:
    assert fold(text) + "d" == fold(text + "đ")


def test_accents_case_and_punctuation_make_no_difference() -> None:
    assert fold("Miloš_M-84 A/B") == fold("milos m84ab") == "milosm84ab"
