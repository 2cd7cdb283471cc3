"""Whatever the bytes, reading ends in rows or problems: no other error, and nothing unprintable."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intake_promises import damaged, damaged_inside, keeps_promises
from test_intake_formats import COLUMNS, GOOD, one, workbook

from compliance.intake.files import READERS
from compliance.intake.rows import Vocabulary
from compliance.intake.write import write_csv, write_jsonl

BOUND = 60_000
"""Milliseconds that no small file may take, however it is damaged: generous, for a busy machine."""

ROWS = [one(type="M-84"), one()]
XLSX = workbook(COLUMNS, GOOD, (*GOOD[:6], "=1", True), title="holdings")
VALID = {
    "csv": write_csv(ROWS).encode(),
    "xlsx": XLSX,
    "json": json.dumps([json.loads(line) for line in write_jsonl(ROWS).splitlines()]).encode(),
    "jsonl": write_jsonl(ROWS).encode(),
}


@pytest.mark.parametrize("format", READERS)
@given(
    content=st.one_of(
        st.binary(), st.text().map(str.encode), st.text('{}[]":,1a\n').map(str.encode)
    )
)
@settings(deadline=BOUND)
def test_any_bytes(format: str, content: bytes, vocabulary: Vocabulary) -> None:
    keeps_promises(content, format, vocabulary)


SEEDS = st.integers(0, 2**32)


@pytest.mark.parametrize("format", READERS)
@given(seed=SEEDS)
@settings(deadline=BOUND)
def test_a_valid_file_that_was_damaged(format: str, seed: int, vocabulary: Vocabulary) -> None:
    keeps_promises(damaged(VALID[format], seed), format, vocabulary)


@given(seed=SEEDS)
@settings(max_examples=150, deadline=BOUND)
def test_a_workbook_damaged_inside(seed: int, vocabulary: Vocabulary) -> None:
    keeps_promises(damaged_inside(XLSX, seed), "xlsx", vocabulary)


@pytest.mark.long
@given(seed=SEEDS)
@settings(max_examples=10_000, deadline=BOUND)
def test_a_workbook_damaged_inside_many_times(seed: int, vocabulary: Vocabulary) -> None:
    keeps_promises(damaged_inside(XLSX, seed), "xlsx", vocabulary)


WORDS = st.sampled_from(
    ["[", "]", "{", "}", ":", ",", '"party"', '"x"', "1", "NaN", "null", "\n", "-", "1e9"]
)


@pytest.mark.parametrize("format", ["json", "jsonl"])
@given(words=st.lists(WORDS, max_size=30))
@settings(deadline=BOUND)
def test_pieces_of_json(format: str, words: list[str], vocabulary: Vocabulary) -> None:
    keeps_promises("".join(words).encode(), format, vocabulary)
