"""Reading as a stream gives exactly what reading the whole gives, in whatever batches."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from intake_promises import streamed

from compliance.intake import blocks, csv_stream, memory
from compliance.intake.files import examine_source
from compliance.intake.kinds import HOLDINGS, MOVEMENTS
from compliance.intake.reading import STANDARD_INPUT, Reading
from compliance.intake.result import Intake
from compliance.intake.rows import Vocabulary
from compliance.values.errors import ComplianceError


def whole(content: bytes, vocabulary: Vocabulary, format: str) -> Intake:
    return replace(examine_source(STANDARD_INPUT, content, vocabulary, format), origins=())


# Cells of which most are sound: a row that is sound in every cell but one is the interesting one.
DAYS = ["2019-09-12", "2019-01-01..2019-12-31", "2020-01-01..2019-01-01", "12/09/2019", "", "soon"]
QUANTITIES = ["464", "0", "62..89", "15..", "withheld", "nije objavljeno", "-3", "", "٤", "9..5"]
PARTIES = ["serbia", "RS", "croatia", "Serbja", ""]
BASES = ["declared", "press", "prijavljeno", "declard", ""]
TEXTS = ["", "x", "Klix, 2019", 'said "so"', "a\u00a0b", "bell\x07", "line\nbreak", "y" * 4001]
PLAINS = ["x", "", "Klix, 2019", "x" * 4001]
ACCOUNTS = ["serbia", "RS", "croatia:stored", "serbia:u skladištu", "@import:France", "@lost", ""]
TYPES = ["Rafale", "M-84", "unheard of", "", "T\u2028"]
CATEGORIES = ["tanks", "battle_tank", "none", "", "artilery"]
CORRECTS = ["", "", "", "3f9a2b7c:2", "row 3"]
CELLS = {
    "holdings": {
        "party": PARTIES,
        "as_of": DAYS,
        "basis": BASES,
        "category": CATEGORIES,
        "type": TYPES,
        "status": ["", "stored", "u skladištu", "storred"],
        "quantity": QUANTITIES,
        "source": PLAINS,
    },
    "movements": {
        "date": DAYS,
        "type": TYPES,
        "category": CATEGORIES,
        "quantity": QUANTITIES,
        "from": ACCOUNTS,
        "to": ACCOUNTS,
        "state": ["", "done", "planned", "izvršeno", "perhaps"],
        "basis": BASES,
        "source": PLAINS,
    },
}
MORE = {
    "ref": TEXTS,
    "note": TEXTS,
    "site": TEXTS[:5],
    "marking": TEXTS[:3],
    "corrects": CORRECTS,
}
SPACES = ["", "", "", " ", "\t"]
HEADINGS = {"quantity": "količina", "basis": "Basis", "ref": "redni broj"}


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """A file of rows that repeat each other but for a few cells, in any order of columns."""
    kind = draw(st.sampled_from(sorted(CELLS)))
    extra = draw(st.lists(st.sampled_from(sorted(MORE)), unique=True))
    cells = {**CELLS[kind], **{name: MORE[name] for name in extra}}
    columns = draw(st.permutations(sorted(cells)))
    omissible = (HOLDINGS if kind == "holdings" else MOVEMENTS).omissible
    columns = [c for c in columns if c not in omissible or draw(st.booleans())]
    sound = [[cells[column][0] or cells[column][-1] for column in columns]]
    if kind == "movements" and "to" in columns:
        sound[0][columns.index("to")] = "croatia"
    for _ in range(draw(st.integers(1, 12))):
        row = list(draw(st.sampled_from(sound)))
        for column in draw(st.lists(st.sampled_from(columns), max_size=2)):
            row[columns.index(column)] = draw(st.sampled_from(cells[column]))
        if draw(st.integers(0, 3)) == 0:
            row = [draw(st.sampled_from(SPACES)) + cell for cell in row]
        sound.append(row)
    if draw(st.integers(0, 4)) == 0:
        sound.append(sound[-1][: draw(st.integers(0, len(columns)))])
        sound.append(sound[0])
    buffer = io.StringIO(newline="")
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quoted = draw(st.integers(0, 2)) == 0
    writer = csv.writer(
        buffer, lineterminator=end, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    )
    local = draw(st.booleans())
    writer.writerow([HEADINGS.get(column, column) if local else column for column in columns])
    writer.writerows(sound)
    text = buffer.getvalue()
    if draw(st.integers(0, 9)) == 0:
        text = text.rstrip("\r\n")
    return text.encode("utf-8")


@pytest.fixture(params=["as it is", "little of everything"])
def room(request: pytest.FixtureRequest) -> Iterator[None]:
    """What is remembered and read at a time: as it is, and so little that it never suffices."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param != "as it is":
            for name in ("MOST_SHAPES", "MOST_CELLS"):
                patch.setattr(memory, name, 2)
            patch.setattr(csv_stream, "BATCH", 2)
            patch.setattr(blocks, "_BLOCK", 8)
        yield


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize("kind", sorted(CELLS))
@pytest.mark.parametrize("turn", range(0, 14, 3))
def test_every_cell_that_one_row_has_otherwise_is_judged(
    kind: str, turn: int, vocabulary: Vocabulary
) -> None:
    """Each text of each column in turn, in a row that is known but for it, and then again."""
    cells = {**CELLS[kind], **MORE}
    names = sorted(cells)
    columns = names[turn % len(names) :] + names[: turn % len(names)]
    sound = {column: cells[column][0] or cells[column][-1] for column in cells}
    sound |= dict.fromkeys(MORE, "")
    if kind == "movements":
        sound |= {"from": "serbia", "to": "croatia", "state": "done"}
    others = [{**sound, column: text} for column in columns for text in cells[column]]
    # What makes a row of another quantity or source is known as well: not as a whole, but by parts.
    others += [{**row, "quantity": "withheld", "source": "y"} for row in others]
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns, lineterminator="\n")
    writer.writeheader()
    for row in others:
        writer.writerows([sound, row, row])
    content = buffer.getvalue().encode()
    assert streamed(content, vocabulary, "csv") == whole(content, vocabulary, "csv")


@pytest.mark.usefixtures("room")
@given(tables())
def test_what_is_remembered_is_what_the_validator_says(
    vocabulary: Vocabulary, content: bytes
) -> None:
    assert streamed(content, vocabulary, "csv") == whole(content, vocabulary, "csv")


def as_jsonl(content: bytes, chance: random.Random) -> bytes:
    """The rows of a file of CSV as JSON Lines, some without what is empty in them."""
    lines = []
    for row in csv.DictReader(io.StringIO(content.decode(), newline="")):
        cells: dict[str, object] = {
            str(name): value
            for name, value in row.items()
            if value or (name is not None and chance.random() < 0.5)
        }
        if str(cells.get("quantity", "")).isdecimal() and chance.random() < 0.5:
            cells["quantity"] = int(str(cells["quantity"]))
        if chance.random() < 0.1:
            cells[chance.choice(["kvantity", "error", "note"])] = chance.choice(["x", None, [1]])
        lines.append(json.dumps(cells, ensure_ascii=chance.random() < 0.5))
    return "\n".join(lines).encode()


@pytest.mark.usefixtures("room")
@given(st.lists(tables(), min_size=1, max_size=2), st.randoms(use_true_random=False))
def test_json_lines_read_the_same(
    vocabulary: Vocabulary, contents: list[bytes], chance: random.Random
) -> None:
    lines = [line for each in contents for line in as_jsonl(each, chance).split(b"\n")]
    chance.shuffle(lines)
    content = b"\n".join(lines)
    assert streamed(content, vocabulary, "jsonl") == whole(content, vocabulary, "jsonl")


_HEADER = b"party,as_of,basis,category,quantity,source,ref\n"
_LINE = b"serbia,2019-09-12,relayed,tanks,464,x,1\n"
_CONTENT = st.one_of(
    st.binary(), st.text().map(str.encode), st.text('a1,"\n\r.- \0;').map(str.encode)
)


@pytest.mark.usefixtures("room")
@given(_CONTENT, _CONTENT, st.sampled_from([b"", _HEADER, _HEADER + _LINE + _LINE]))
@example(b"", b"", b"\xef\xbb\xbf" + _HEADER + _LINE)
@example(b'serbia,2019-09-12,relayed,tanks,464,"x', b"", _HEADER + _LINE)
@example(_LINE.replace(b"x,1", b'"x,1'), b"", _HEADER + _LINE)
def test_any_content_reads_the_same(
    vocabulary: Vocabulary, content: bytes, more: bytes, before: bytes
) -> None:
    content = before + content + _LINE + more
    assert streamed(content, vocabulary, "csv") == whole(content, vocabulary, "csv")
    assert streamed(content, vocabulary, "jsonl") == whole(content, vocabulary, "jsonl")


def test_a_file_that_somebody_writes_to_meanwhile_is_found_out(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    path = tmp_path / "figures.csv"
    sound = "party,as_of,basis,category,type,status,quantity,source\n"
    sound += "serbia,2020-01-01,declared,battle_tank,,,470,synthetic\n"
    path.write_text(sound)
    reading = Reading([path], vocabulary, twice=True)
    assert sum(map(len, reading.batches())) == 1
    path.write_text(sound + "nobody,2020-01-01,declared,battle_tank,,,470,synthetic\n")
    with pytest.raises(ComplianceError, match=r"figures\.csv was changed while it was read"):
        list(reading.again())
