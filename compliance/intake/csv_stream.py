"""Reads CSV of any length: rows in batches, and of what was read no more is kept than is told.

Rows are looked at column by column, some thousand at a time. Those of which every piece was found
sound before need no more than that; each of the others goes to the validator.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from types import NoneType
from typing import Any, TextIO

from compliance.intake.blocks import MAX_LINE, Text
from compliance.intake.cells import Vocabulary
from compliance.intake.columns import column_of
from compliance.intake.csv_reader import broken, header, no_rows, row, table
from compliance.intake.errors_file import ADDED
from compliance.intake.judge import Judge, Memories
from compliance.intake.memory import OWN, all_ordinary, ordinary
from compliance.intake.result import Intake
from compliance.intake.rows import validate
from compliance.intake.sheet import HEADER_ROW, Place, Sheet
from compliance.values.errors import Problem
from compliance.values.lines import Batch, Line, Lines
from compliance.values.records import Entry

BATCH = 1_000
"""Rows that are read before they are handed on, where they are of usual length."""

# Characters of a row: what is read at a time has a size, however long its lines are.
_USUAL = 100


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
        try:
            record = next(feed.records([]), None)
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
        rows = _Rows(judge, sheet, feed)
        any_rows = False
        for batch in rows.batches():
            any_rows = any_rows or bool(batch)
            if batch and not judge.refused:
                yield batch
        if text.cut is not None and not rows.broken:
            judge.refuse(text.cut)
        elif not (any_rows or judge.rows or rows.broken):
            judge.refuse(no_rows(self._place, headings))


class _Feed:
    """Lines for a CSV reader: some that were read already, and as many more as a row needs.

    Attributes:
        taken: the lines of the row that is read.
    """

    def __init__(self, text: TextIO) -> None:
        self.text = text
        self.taken: list[str] = []
        self._waiting: list[str] = []
        self._size = 0

    def some(self) -> str:
        """Return some lines, whole; nothing at the end."""
        text = self.text.read(BATCH * _USUAL)
        return text if not text or text.endswith("\n") else text + self.text.readline()

    def records(self, lines: list[str]) -> Iterator[list[str]]:
        """Yield the rows that begin in these lines; or the next one, where there are none.

        Raises, while they are taken:
            csv.Error: what follows is no row.
        """
        reader = csv.reader(self, strict=True)
        self._waiting = lines[::-1]
        while True:
            self.taken, self._size = [], 0
            record = next(reader, None)
            if record is not None:
                yield record
            if record is None or not self._waiting:
                return

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._waiting.pop() if self._waiting else next(self.text)
        self.taken.append(line)
        self._size += len(line)
        if self._size > MAX_LINE:
            raise csv.Error(f"a row of more than {MAX_LINE} characters")
        return line


class _Rows:
    """The rows under a header.

    Attributes:
        broken: whether the rest of the text is no CSV.
    """

    def __init__(self, judge: Judge, sheet: Sheet, feed: _Feed) -> None:
        self._judge = judge
        self._sheet = sheet
        self._feed = feed
        self._number = HEADER_ROW
        self.broken = False
        columns = sheet.columns
        self._shape = [index for index, column in enumerate(columns) if column not in OWN]
        self._own = {
            "date" if column == "as_of" else column: index
            for index, column in enumerate(columns)
            if column in OWN
        }

    def batches(self) -> Iterator[Batch]:
        """Yield the sound rows, some at a time."""
        while text := self._feed.some():
            cells = self._cells(text)
            if cells is not None:
                yield self._sound(cells)
                if self._judge.full:
                    return
                continue
            records: list[list[str]] = []
            error: csv.Error | None = None
            try:
                for record in self._feed.records(io.StringIO(text, newline="").readlines()):
                    records.append(record)
            except csv.Error as found:
                error = found
            if self._judge.memory is None or set(map(len, records)) != {len(self._sheet.columns)}:
                yield self._judged(records)
            else:
                yield self._sound(list(zip(*records, strict=True)))
            if self._judge.full:
                return
            if error is not None:
                self._judge.refuse(broken(self._sheet.place, self._number + 1, error))
                self.broken = True
                return

    def _cells(self, text: str) -> list[Sequence[str]] | None:
        """Return the cells of plain rows column by column: where nothing is quoted or amiss."""
        text = text.replace("\r\n", "\n")
        if '"' in text or "\r" in text or len(text) > csv.field_size_limit():
            return None
        if self._judge.memory is None:
            return None
        # The end of each line is a cell of its own, and stands where it should or not.
        cells = text.removesuffix("\n").replace("\n", ",\n,").split(",")
        cells.append("\n")
        width = len(self._sheet.columns) + 1
        columns: list[Sequence[str]] = [cells[start::width] for start in range(width)]
        if set(columns.pop()) != {"\n"} or len(cells) % width:
            return None
        return columns

    def _sound(self, cells: list[Sequence[str]]) -> Batch:
        """Return the sound ones of some rows, told column by column."""
        memory = self._judge.memory
        assert memory is not None
        many = len(cells[0])
        parts: list[list[Any]] = [
            list(
                map(memory.shapes.get, zip(*[cells[index] for index in self._shape], strict=True))
            ),
            list(map(memory.dates.__getitem__, cells[self._own["date"]])),
            list(map(memory.quantities.get, cells[self._own["quantity"]])),
            list(map(memory.bases.get, cells[self._own["basis"]])),
        ]
        texts = [
            list(map(str.strip, cells[self._own[name]])) if name in self._own else [""] * many
            for name in ("source", "ref", "note")
        ]
        # By their types: to compare each with ``None`` would ask each.
        lacking = (part for part in parts if NoneType in set(map(type, part)))
        unknown = {n for part in lacking for n, one in enumerate(part) if one is None}
        for column in texts:
            if not all_ordinary(column):
                unknown.update(n for n, text in enumerate(column) if not ordinary(text))
        if "" in texts[0]:
            unknown.update(n for n, text in enumerate(texts[0]) if not text)
        lines = Lines(*parts, *texts)
        if unknown:
            return self._completed(cells, lines, sorted(unknown))
        self._number += many
        return lines

    def _completed(self, cells: list[Sequence[str]], lines: Lines, unknown: list[int]) -> Batch:
        """Return the sound ones of some rows, after judging those that are not known."""
        before, end = self._number, len(lines)
        judged: dict[int, Line | Entry | None] = {}
        for n in unknown:
            self._number = before + n + 1
            judged[n] = self._row([column[n] for column in cells])
            if self._judge.full:
                end = n + 1
                break
        self._number = before + end
        found = {n: row for n, row in judged.items() if isinstance(row, Line)}
        if len(found) == len(judged):
            return lines.with_lines(found)
        rows = (judged.get(n, line) for n, line in zip(range(end), lines, strict=False))
        return [row for row in rows if row is not None]

    def _judged(self, records: Iterable[list[str]]) -> Batch:
        """Return the sound ones of some rows."""
        found: list[Line | Entry] = []
        for record in records:
            self._number += 1
            read = self._row(record)
            if read is not None:
                found.append(read)
            elif self._judge.full:
                break
        return found

    def _row(self, record: list[str]) -> Line | Entry | None:
        """Return a row if it is sound."""
        if not any(cell.strip() for cell in record):
            return None
        given = row(self._sheet.place, self._number, record, self._sheet.headings)
        read = self._judge.row(
            given, tuple([record[index] for index in self._shape]) if given.readable else ()
        )
        memory = self._judge.memory
        if read is not None and memory is not None:
            # As they stand in the file, outer spaces and all.
            memory.spell(record[self._own["quantity"]], record[self._own["basis"]])
        return read
