"""Reads JSON Lines of any length, twice: which keys there are, and then row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from compliance.intake import sheet as limits
from compliance.intake.blocks import Text
from compliance.intake.cells import Vocabulary
from compliance.intake.columns import no_kind
from compliance.intake.csv_stream import BATCH
from compliance.intake.errors_file import ADDED
from compliance.intake.files import one_file
from compliance.intake.json_reader import (
    Item,
    JsonObject,
    empty,
    header,
    items_of,
    kind_of_item,
    read_jsonl,
    row_of,
    unreadable_row,
)
from compliance.intake.judge import Judge, Memories
from compliance.intake.kinds import KINDS, Kind
from compliance.intake.memory import OWN
from compliance.intake.result import Intake
from compliance.intake.rows import validate
from compliance.intake.sheet import Place, Sheet, SheetRow
from compliance.values.errors import Problem
from compliance.values.lines import Batch, Line
from compliance.values.records import Entry


class JsonlStream:
    """One text of JSON Lines."""

    def __init__(self, place: Place, vocabulary: Vocabulary, memories: Memories) -> None:
        self._place = place
        self._vocabulary = vocabulary
        self._memories = memories
        self._whole: list[Intake] = []
        self._judges: dict[str, Judge] = {}
        self._sheets: dict[str, Sheet] = {}
        self._restored = False

    @property
    def sound(self) -> bool:
        """True where no problem was found yet."""
        return not any(part.problems for part in self._whole) and all(
            judge.sound for judge in self._judges.values()
        )

    @property
    def readable(self) -> bool:
        """False where the text as a whole is none, so that its rows need not be looked at."""
        return not self._whole

    def told(self) -> Intake:
        """Return what there is to tell of it beside its rows, complete when these are read."""
        parts = [judge.told() for judge in self._judges.values()]
        return one_file(self._place.file, [*self._whole, *parts])

    def refuse(self, problem: Problem) -> None:
        """Keep a problem of the text as a whole."""
        self._whole.append(Intake(problems=(problem,), refused=(self._place.file,)))

    def survey(self, text: Text) -> None:
        """Find out which kinds of rows there are, and which keys these have."""
        counts: dict[str, Counter[str]] = {kind.name: Counter() for kind in KINDS}
        objects: Counter[str] = Counter()
        loose = False
        nameless: tuple[str, ...] | None = None
        for item in items_of(self._place, text.lines):
            kind = kind_of_item(item)
            if kind is None:
                loose = True
                if nameless is None and isinstance(item.value, JsonObject):
                    nameless = tuple(dict.fromkeys(key for key, _ in item.value.pairs))
                continue
            objects[kind.name] += 1
            if len(counts[kind.name]) <= limits.MAX_COLUMNS:
                counts[kind.name].update(list(dict.fromkeys(key for key, _ in item.value.pairs)))
        if text.cut is not None:
            self.refuse(text.cut)
        elif not objects and not loose:
            self.refuse(empty(self._place))
        elif not objects and nameless is not None:
            self.refuse(no_kind(self._place, nameless))
        else:
            for kind in KINDS:
                if objects[kind.name]:
                    self._prepare(kind, counts[kind.name], objects[kind.name])
            if loose:
                self._judged(Sheet(self._place))

    def _prepare(self, kind: Kind, counts: Counter[str], objects: int) -> None:
        sheet = header(self._place, kind, counts, objects)
        self._restored = self._restored or set(ADDED) <= set(sheet.columns)
        self._judged(sheet)

    def _judged(self, sheet: Sheet) -> None:
        name = sheet.kind.name if sheet.kind is not None else ""
        self._sheets[name] = sheet
        self._judges[name] = Judge(sheet, self._vocabulary, self._memories)

    def batches(self, text: Text) -> Iterator[Batch]:
        """Yield the sound rows, some at a time, in their order; after ``survey``."""
        if self._restored:
            yield list(self._read_whole(text).rows)
            return
        shared = {
            name: [i for i, column in enumerate(sheet.columns) if column not in OWN]
            for name, sheet in self._sheets.items()
        }
        found: list[Line | Entry] = []
        for item in items_of(self._place, text.lines):
            kind = kind_of_item(item)
            name = kind.name if kind is not None else ""
            if name not in self._judges:
                continue  # it was not there when the keys were looked for
            judge, sheet = self._judges[name], self._sheets[name]
            if sheet.problems:
                continue
            row = self._row(item, sheet)
            key = tuple([row.values[index] for index in shared[name]]) if row.readable else ()
            read = judge.row(row, key)
            if judge.full:
                break
            if read is not None:
                found.append(read)
            if len(found) >= BATCH:
                yield from self._unless_refused(found)
                found = []
        yield from self._unless_refused(found)

    def _row(self, item: Item, sheet: Sheet) -> SheetRow:
        if sheet.kind is None:
            return unreadable_row(self._place, item)
        return row_of(self._place, sheet.kind, item.number, item.value, sheet.columns)

    def _unless_refused(self, found: Batch) -> Iterator[Batch]:
        if found and not any(judge.refused for judge in self._judges.values()):
            yield found

    def _read_whole(self, text: Text) -> Intake:
        """Read what looks like a file of errors: short, and to be restored as a whole."""
        lines = list(islice(text.lines, limits.MAX_ROWS + 1))
        sheets = read_jsonl(self._place.file, "".join(lines))
        read = one_file(self._place.file, [validate(each, self._vocabulary) for each in sheets])
        self._judges.clear()
        self._whole = [replace(read, rows=(), origins=())]
        return read
