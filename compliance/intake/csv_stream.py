"""Reads CSV of any length: rows in batches, and of what was read no more is kept than is told.

A line whose pieces were all found sound before is not even taken apart into cells. What such a
line means is settled: it is cut at the commas before and after the longest run of columns that are
part of its shape; outside of that run it has no quotes, and the run is, character by character, one
that was read before in the same place.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, groupby, islice
from operator import itemgetter

from compliance.intake.blocks import MAX_LINE, Text
from compliance.intake.cells import Vocabulary
from compliance.intake.columns import column_of
from compliance.intake.csv_reader import broken, header, no_rows, row, table
from compliance.intake.errors_file import ADDED
from compliance.intake.judge import Judge, Memories
from compliance.intake.memory import OWN, Key, ordinary
from compliance.intake.result import Intake
from compliance.intake.rows import validate
from compliance.intake.sheet import HEADER_ROW, Place, Sheet
from compliance.values.errors import Problem
from compliance.values.lines import Line
from compliance.values.records import Entry, Holding, Movement

BATCH = 2_000
"""Lines that are read before their rows are handed on."""

Batch = list[Line | Entry]


class CsvStream:
    """One CSV text, read once."""

    def __init__(self, place: Place, vocabulary: Vocabulary, memories: Memories) -> None:
        self._place = place
        self._vocabulary = vocabulary
        self._memories = memories
        self._judge: Judge | None = None
        self._whole = Intake()

    @property
    def sound(self) -> bool:
        """True where no problem was found yet."""
        return not self._whole.problems if self._judge is None else self._judge.sound

    def told(self) -> Intake:
        """Return what there is to tell of it beside its rows, complete when these are read."""
        return self._whole if self._judge is None else self._judge.told()

    def refuse(self, problem: Problem) -> None:
        """Keep a problem of the text as a whole."""
        if self._judge is not None:
            self._judge.refuse(problem)
        else:
            problems = (*self._whole.problems, problem)
            self._whole = replace(self._whole, problems=problems, refused=(self._place.file,))

    def batches(self, text: Text) -> Iterator[Batch]:
        """Yield the sound rows, some at a time, in their order.

        What refuses the text as a whole may be found last, when rows of it have been handed on.
        """
        feed = _Feed(text.lines)
        records = csv.reader(feed, strict=True)
        try:
            record = next(records, None)
        except csv.Error as error:
            self.refuse(broken(self._place, HEADER_ROW, error))
            return
        if record is None:
            self.refuse(no_rows(self._place, None))
            return
        headings, problems = header(self._place, record)
        for problem in problems:
            self.refuse(problem)
        if problems:
            return
        columns = tuple(column_of(heading) for heading in headings)
        if set(ADDED) <= set(columns):
            # A file of errors is short, and has to be seen as a whole to be restored.
            whole = validate(table(self._place, chain(feed.taken, text.lines)), self._vocabulary)
            self._whole = replace(whole, rows=(), origins=())
            yield list(whole.rows)
            return
        sheet = Sheet(self._place, headings, columns)
        judge = self._judge = Judge(sheet, self._vocabulary, self._memories)
        lines = _Lines(judge, sheet, feed, records)
        more = True
        any_rows = False
        while more:
            batch, more = lines.read(text.lines, BATCH)
            any_rows = any_rows or bool(batch)
            if batch and not judge.refused:
                yield batch
        if text.cut is not None and not lines.broken:
            judge.refuse(text.cut)
        elif not (any_rows or judge.rows or lines.broken):
            judge.refuse(no_rows(self._place, headings))


class _Feed:
    """Lines for a CSV reader: one that was looked at already, and as many more as its row needs.

    Attributes:
        taken: the lines of the row that is read.
    """

    def __init__(self, text: Iterator[str]) -> None:
        self.taken: list[str] = []
        self._text = text
        self._waiting: list[str] = []
        self._size = 0

    def put(self, line: str) -> None:
        """Begin a row with this line."""
        self.taken = []
        self._waiting.append(line)
        self._size = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._waiting.pop() if self._waiting else next(self._text)
        self.taken.append(line)
        self._size += len(line)
        if self._size > MAX_LINE:
            raise csv.Error(f"a row of more than {MAX_LINE} characters")
        return line


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where a line is cut: into cells before and after a run of columns that is kept whole.

    Attributes:
        before: cells before the run.
        after: cells after it.
        shape: takes from the pieces those that make the shape.
        date: which piece is the date; likewise of ``quantity``, ``ref`` and ``note``. A column that
            is not there is the empty piece that is put behind the last.
        size: how many pieces there are.
        source: which column of the run is the source; negative where it is outside.
        columns: how many columns the run has.
        others: the pieces beside the run that are part of the shape.
    """

    before: int
    after: int
    shape: Callable[[list[str]], Key]
    date: int
    quantity: int
    ref: int
    note: int
    size: int
    source: int
    columns: int
    others: tuple[int, ...]

    @classmethod
    def of(cls, columns: tuple[str, ...]) -> _Cut:
        """Return where lines under these columns are cut."""
        runs = groupby(range(len(columns)), lambda index: columns[index] not in OWN)
        run = max((list(some) for shared, some in runs if shared), key=len)
        before, after = run[0], len(columns) - run[-1] - 1
        piece = {
            column: index if index < before else index - len(run) + 1
            for index, column in enumerate(columns)
            if index not in run
        }
        others = tuple(index for column, index in piece.items() if column not in OWN)
        source = columns.index("source")
        return cls(
            before,
            after,
            itemgetter(before, *others) if others else lambda pieces: (pieces[before],),
            piece["as_of"] if "as_of" in piece else piece["date"],
            piece["quantity"],
            piece.get("ref", before + after + 1),
            piece.get("note", before + after + 1),
            before + after + 2,
            source - before if source in run else -1,
            len(run),
            others,
        )

    def pieces(self, line: str) -> list[str] | None:
        """Return the pieces of a line, and an empty one; nothing where it has too few."""
        pieces = line.split(",", self.before)
        pieces += pieces.pop().rsplit(",", self.after)
        pieces.append("")
        return pieces if len(pieces) == self.size else None

    def stem(self, pieces: list[str]) -> tuple[Key, str] | None:
        """Return a shape without its source, and the source; nothing where the run has quotes."""
        run = pieces[self.before]
        cells = run.split(",")
        if self.source < 0 or '"' in run or len(cells) != self.columns:
            return None
        source = cells.pop(self.source)
        return (*cells, *[pieces[index] for index in self.others]), source


class _Lines:
    """The lines under a header."""

    def __init__(
        self, judge: Judge, sheet: Sheet, feed: _Feed, records: Iterator[list[str]]
    ) -> None:
        self._judge = judge
        self._sheet = sheet
        self._feed = feed
        self._records = records
        self._number = HEADER_ROW
        self.broken = False
        self._cut = None if judge.memory is None else _Cut.of(sheet.columns)
        self._shared = [i for i, column in enumerate(sheet.columns) if column not in OWN]

    def read(self, text: Iterator[str], most: int) -> tuple[Batch, bool]:
        """Return the sound rows of so many lines, and whether there may be more lines."""
        memory, cut = self._judge.memory, self._cut
        found: Batch = []
        line = ""
        if memory is None or cut is None:
            for line in islice(text, most):
                if not self._judged(line, found):
                    return found, False
            return found, line != ""
        shapes, dates, quantities = memory.shapes, memory.dates, memory.quantities
        before, after, shape_of, size = cut.before, cut.after, cut.shape, cut.size
        date_at, quantity_at, ref_at, note_at = cut.date, cut.quantity, cut.ref, cut.note
        take, made = found.append, Line._make
        # Most lines of a large file go through here: what is written out twice is so for speed.
        for line in islice(text, most):
            pieces = line.split(",", before)
            pieces += pieces.pop().rsplit(",", after)
            pieces.append("")
            if len(pieces) == size:
                date, quantity = dates.get(pieces[date_at]), quantities.get(pieces[quantity_at])
                if date is not None and quantity is not None:
                    shape = shapes.get(shape_of(pieces)) or self._with_other_source(pieces)
                    ref, note = pieces[ref_at], pieces[note_at]
                    if ref:
                        ref = ref.strip()
                    if note:
                        note = note.strip()
                    if shape is not None and plain(ref) and (not note or plain(note)):
                        take(made((shape, date, quantity, ref, note)))
                        self._number += 1
                        continue
            if not self._judged(line, found):
                return found, False
        return found, line != ""

    def _with_other_source(self, pieces: list[str]) -> Holding | Movement | None:
        """Return the shape of a row that differs from a known one in its source."""
        memory, cut = self._judge.memory, self._cut
        if memory is None or cut is None:
            return None
        found = cut.stem(pieces)
        return None if found is None else memory.grown(*found, cut.shape(pieces))

    def _judged(self, line: str, found: Batch) -> bool:
        """Read the row that begins with a line. False: nothing more is to be read."""
        self._feed.put(line)
        try:
            record = next(self._records)
        except csv.Error as error:
            self._judge.refuse(broken(self._sheet.place, self._number + 1, error))
            self.broken = True
            return False
        self._number += 1
        if not any(cell.strip() for cell in record):
            return True
        given = row(self._sheet.place, self._number, record, self._sheet.headings)
        pieces = self._pieces(line) if given.readable else None
        if pieces is None or self._cut is None:
            # One more piece than any line has, so that the two are never taken for each other.
            key = ("", *(given.values[index] for index in self._shared if given.readable))
        else:
            key = self._cut.shape(pieces)
        read = self._judge.row(given, key)
        if read is not None:
            found.append(read)
            if pieces is not None:
                self._spell(pieces)
        return not self._judge.full

    def _spell(self, pieces: list[str]) -> None:
        """Remember what was read just now as it stands in the file, outer spaces and all."""
        memory, cut = self._judge.memory, self._cut
        if memory is not None and cut is not None:
            memory.spell(pieces[cut.date], pieces[cut.quantity])
            stem = cut.stem(pieces)
            if stem is not None:
                memory.plant(stem[0], cut.shape(pieces))

    def _pieces(self, line: str) -> list[str] | None:
        """Return the pieces of a row if it is one line, with quotes in its run alone."""
        if self._cut is None or len(self._feed.taken) > 1:
            return None
        pieces = self._cut.pieces(line)
        if pieces is None or any(
            '"' in piece for index, piece in enumerate(pieces) if index != self._cut.before
        ):
            return None
        return pieces


def plain(text: str) -> bool:
    """True where a text that stands outside of quotes is one that any row may have."""
    return '"' not in text and ordinary(text)
