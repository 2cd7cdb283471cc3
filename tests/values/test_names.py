"""Names are compared without case, accents, spaces and punctuation, whatever their letters."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from compliance.values.names import fold, printable


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_letters_are_folded_as_all_others_are(text: str) -> None:
    assert fold(text) + "d" == fold(text + "đ")


def test_accents_case_and_punctuation_make_no_difference() -> None:
    assert fold("Miloš_M-84 A/B") == fold("milos m84ab") == "milosm84ab"


@given(st.text())
def test_what_is_shown_is_text_and_keeps_its_letters(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    for letter, as_shown in zip(text, shown, strict=True):
        assert as_shown in (letter, "\N{REPLACEMENT CHARACTER}")
        assert as_shown == letter or not letter.isprintable()
        assert unicodedata.category(as_shown) != "Cc" or as_shown in "\t\n"
