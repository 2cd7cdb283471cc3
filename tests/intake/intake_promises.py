"""What reading must hold to whatever the bytes, and ways to damage a file. Used by
``tools/fuzz_intake.py`` too."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Sequence
from dataclasses import replace

from compliance.intake.errors_file import errors_csv
from compliance.intake.files import examine_source
from compliance.intake.reading import STANDARD_INPUT, Reading
from compliance.intake.result import Intake
from compliance.intake.rows import Vocabulary
from compliance.intake.sheet import bad_character
from compliance.intake.write import write_jsonl
from compliance.values.lines import Line

_TOKENS = (b'"', b"<", b">", b"\0", b"9" * 30, b"\xff", b"=")


def keeps_promises(content: bytes, format: str, vocabulary: Vocabulary) -> Intake:
    """Read bytes in a format, and fail where that does not end as promised.

    It ends in rows or problems and in no other error. All that is told can be shown on a screen,
    is short, and says what was expected. Rows that were read can be written, and read back the
    same; so can the file of errors be read. Read as a stream it gives the same.
    """
    read = examine_source(STANDARD_INPUT, content, vocabulary, format)
    assert streamed(content, vocabulary, format) == replace(read, origins=())
    assert read.rows or read.problems
    assert len(read.rows) == len(read.origins)
    assert not (read.refused and read.rows)
    told = [problem.line() for problem in read.problems] + [note.line() for note in read.notes]
    assert not any(bad_character(line) for line in told)
    assert all(problem.expected for problem in read.problems)
    assert all(len(line) < 2_000 for line in told)
    errors = errors_csv(read).encode("utf-8")
    if read.problems:
        again = examine_source("errors", errors, vocabulary, "csv")
        assert again.rows or again.problems
    if read.rows:
        written = write_jsonl(read.rows).encode("utf-8")
        again = examine_source("written", written, vocabulary, "jsonl")
        assert again.problems == ()
        assert again.rows == read.rows
    return read


def streamed(content: bytes, vocabulary: Vocabulary, format: str) -> Intake:
    """Read as a stream, and return what reading as a whole would, but for the origins."""
    with Reading([], vocabulary, format, standard_input=io.BytesIO(content)) as reading:
        rows = tuple(
            item.entry() if isinstance(item, Line) else item
            for batch in reading.batches()
            for item in batch
        )
        told = reading.told()
    return told if told.refused else replace(told, rows=rows)


def damaged(content: bytes, seed: int, tokens: Sequence[bytes] = _TOKENS) -> bytes:
    """Return content with a few bytes changed, dropped, doubled, cut off, or tokens put in."""
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
                data[at : at + 1] = chance.choice(tokens)
            case _:
                if chance.random() < 0.2:
                    del data[at:]
    return bytes(data)


def unpacked(content: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook by name.

    Raises:
        zipfile.BadZipFile: it is none.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    """Return parts as a sound archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def a_part(parts: dict[str, bytes], chance: random.Random) -> str:
    """Return the name of a part to damage: in one case of two a sheet."""
    sheets = [name for name in parts if name.startswith("xl/worksheets/")]
    return chance.choice(sheets if sheets and chance.random() < 0.5 else list(parts))


def damaged_inside(content: bytes, seed: int, tokens: Sequence[bytes] = _TOKENS) -> bytes:
    """Return a workbook with one of its parts damaged and packed again: the ZIP is sound."""
    parts = unpacked(content)
    name = a_part(parts, random.Random(seed))
    parts[name] = damaged(parts[name], seed, tokens)
    return packed(parts)
