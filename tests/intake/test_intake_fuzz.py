"""Whatever the bytes, reading ends in rows or problems: no other error, and nothing unprintable."""

from __future__ import annotations

import io
import json
import random
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_intake_formats import COLUMNS, GOOD, one, workbook

from compliance.intake.errors_file import errors_csv
from compliance.intake.files import READERS, examine_source
from compliance.intake.rows import Vocabulary
from compliance.intake.sheet import bad_character
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


def _holds(content: bytes, format: str, vocabulary: Vocabulary) -> None:
    read = examine_source("in", content, vocabulary, format)
    assert read.rows or read.problems
    assert len(read.rows) == len(read.origins)
    told = [problem.line() for problem in read.problems] + [note.line() for note in read.notes]
    assert not any(bad_character(line) for line in told)
    assert all(problem.expected for problem in read.problems)
    assert all(len(line) < 2_000 for line in told)
    errors_csv(read).encode("utf-8")


@pytest.mark.parametrize("format", READERS)
@given(
    content=st.one_of(
        st.binary(), st.text().map(str.encode), st.text('{}[]":,1a\n').map(str.encode)
    )
)
@settings(deadline=BOUND)
def test_any_bytes(format: str, content: bytes, vocabulary: Vocabulary) -> None:
    _holds(content, format, vocabulary)


def mutated(content: bytes, seed: int) -> bytes:
    """Return content with a few bytes changed, dropped, doubled or cut off."""
    chance = random.Random(seed)
    data = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        if not data:
            break
        at = chance.randrange(len(data))
        length = chance.choice((1, 1, 1, 4, 40))
        match chance.randrange(5):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = data[at : at + length] * chance.choice((1, 3))
            case 3:
                data[at : at + 1] = chance.choice(
                    (b'"', b"<", b">", b"\0", b"9" * 30, b"\xff", b"=")
                )
            case _:
                if chance.random() < 0.2:
                    del data[at:]
    return bytes(data)


SEEDS = st.integers(0, 2**32)


@pytest.mark.parametrize("format", READERS)
@given(seed=SEEDS)
@settings(deadline=BOUND)
def test_a_valid_file_that_was_damaged(format: str, seed: int, vocabulary: Vocabulary) -> None:
    _holds(mutated(VALID[format], seed), format, vocabulary)


def damaged_inside(content: bytes, seed: int) -> bytes:
    """Return a workbook with one of its parts damaged and packed again: the ZIP is sound."""
    chance = random.Random(seed)
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = old.namelist()
        chosen = chance.choice((*names, *["xl/worksheets/sheet1.xml"] * len(names)))
        for name in names:
            data = old.read(name)
            new.writestr(name, mutated(data, seed) if name == chosen else data)
    return stream.getvalue()


@given(seed=SEEDS)
@settings(max_examples=150, deadline=BOUND)
def test_a_workbook_damaged_inside(seed: int, vocabulary: Vocabulary) -> None:
    _holds(damaged_inside(XLSX, seed), "xlsx", vocabulary)


@pytest.mark.long
@given(seed=SEEDS)
@settings(max_examples=10_000, deadline=BOUND)
def test_a_workbook_damaged_inside_many_times(seed: int, vocabulary: Vocabulary) -> None:
    _holds(damaged_inside(XLSX, seed), "xlsx", vocabulary)


WORDS = st.sampled_from(
    ["[", "]", "{", "}", ":", ",", '"party"', '"x"', "1", "NaN", "null", "\n", "-", "1e9"]
)


@pytest.mark.parametrize("format", ["json", "jsonl"])
@given(words=st.lists(WORDS, max_size=30))
@settings(deadline=BOUND)
def test_pieces_of_json(format: str, words: list[str], vocabulary: Vocabulary) -> None:
    _holds("".join(words).encode(), format, vocabulary)
