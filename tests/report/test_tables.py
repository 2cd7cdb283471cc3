"""Tables are set as the best-known library for it sets them, with what it gets wrong put right."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tabulate import tabulate

from compliance.report import layout, tables
from compliance.report.style import Style
from compliance.values.vocabulary import Verdict

WORDS = ["a", "and", "Bosna", "12..", "(old)", "žčš", "|", "bb\xa0c"]
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
sides = st.sampled_from(["left", "right"])
columns = st.integers(1, 4).flatmap(
    lambda count: st.tuples(
        st.lists(texts, min_size=count, max_size=count),
        st.lists(st.lists(texts, min_size=count, max_size=count), min_size=1, max_size=4),
        st.lists(sides, min_size=count, max_size=count),
        st.lists(st.sampled_from([None, 6, 12]), min_size=count, max_size=count),
    )
)


@given(columns)
def test_tables_are_set_as_others_set_them(
    table: tuple[list[str], list[list[str]], list[str], list[int | None]],
) -> None:
    headers, lines, align, widths = table
    alike = {"colalign": align, "disable_numparse": True}
    assert tables.plain(headers, lines, align, widths) == tabulate(
        lines, headers, tablefmt="simple", maxcolwidths=widths, **alike
    )
    assert tables.markdown(headers, lines, align) == tabulate(
        lines, headers, tablefmt="pipe", **alike
    )


@given(st.lists(st.sampled_from([*WORDS, "x" * 30, "two-part"]), max_size=12), st.integers(4, 40))
def test_paragraphs_are_broken_as_the_standard_library_breaks_them(
    words: list[str], width: int
) -> None:
    text = " ".join(words)
    assert layout.broken(text, width, "- ", "  ") == textwrap.wrap(
        text,
        width,
        initial_indent="- ",
        subsequent_indent="  ",
        break_on_hyphens=False,
        break_long_words=False,
    )


def test_a_terminal_table_as_a_whole() -> None:
    lines = [
        ["Bosnia and Herzegovina", "1,600", "\x1b[32mwithin\x1b[0m"],
        ["", "", ""],
        ["", "-3", "exceeds"],
        ["two-part x" + "y" * 16, "15..", ""],
    ]
    shown = tables.plain(
        ["Party", "Not\ncounted", "Verdict"], lines, ("left", "right", "left"), (16, None, 4)
    )
    assert shown.replace("\x1b[32m", "").replace("\x1b[0m", "").split("\n") == [
        "Party                   Not  Verdict",
        "                    counted",
        "----------------  ---------  ---------",
        "Bosnia and            1,600  within",
        "Herzegovina",
        "",
        "                         -3  exce",
        "                             eds",
        "two-part xyyyyyy       15..",
        "yyyyyyyyyy",
    ]
    assert "\x1b[32mwithin\x1b[0m" in shown


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (False, "Party      Held\n-------  ------"),
        (True, "| Party   |   Held |\n|:--------|-------:|"),
    ],
)
def test_a_table_without_lines_has_its_headings(markdown: bool, expected: str) -> None:
    style = Style(markdown=markdown, paint=lambda text, _verdict: text)
    assert style.table(("Party", "Held"), [], ("left", "right"), (3, None)) == expected
    assert style.paint("within", Verdict.WITHIN) == "within"
