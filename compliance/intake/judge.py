"""Judges the rows of one sheet as they come, and keeps what is to be told of it."""

from __future__ import annotations

from compliance.intake import sheet as limits
from compliance.intake.cells import Vocabulary
from compliance.intake.columns import header_notes
from compliance.intake.kinds import HOLDINGS, MOVEMENTS, Kind
from compliance.intake.memory import Key, Memory
from compliance.intake.result import Intake, Note, Origin
from compliance.intake.rows import judged_header, judged_row, origin_of
from compliance.intake.sheet import Sheet, SheetRow, too_many_problems
from compliance.values.errors import Problem
from compliance.values.lines import Line
from compliance.values.records import Entry

_MOST_LAYOUTS = 4
"""Different headers whose sound rows are remembered at a time."""


class Memories:
    """The memories of several files: those with the same header share one."""

    def __init__(self) -> None:
        self._by_layout: dict[tuple[tuple[str, ...], str], Memory] = {}

    def of(self, columns: tuple[str, ...], kind: Kind) -> Memory:
        """Return the memory of a layout."""
        found = self._by_layout.get((columns, kind.name))
        if found is None:
            if len(self._by_layout) >= _MOST_LAYOUTS:
                self._by_layout.clear()
            found = self._by_layout[columns, kind.name] = Memory(columns, kind)
        return found


class Judge:
    """The validator of a sheet whose rows come one by one.

    It says of each row what ``rows.validate`` would say, and asks the validator only where memory
    does not tell.

    Attributes:
        memory: what is known of sound rows; none where the header alone refuses the sheet.
        rows: how many rows were judged.
        full: whether there are more problems than anybody reads, so that reading must stop.
    """

    def __init__(self, sheet: Sheet, vocabulary: Vocabulary, memories: Memories) -> None:
        self._sheet = sheet
        self._vocabulary = vocabulary
        self._kind, self._fatal = judged_header(sheet)
        self.memory: Memory | None = None
        if (self._kind is HOLDINGS or self._kind is MOVEMENTS) and not self._fatal:
            self.memory = memories.of(sheet.columns, self._kind)
        self._problems: list[Problem] = []
        self._left_out: list[Origin] = []
        self._notes: list[Note] = [*sheet.notes, *header_notes(sheet)]
        self._more_notes = 0
        self.rows = 0
        self.full = False

    @property
    def sound(self) -> bool:
        """True where no problem was found yet."""
        return not (self._fatal or self._problems)

    @property
    def refused(self) -> bool:
        """True where no row of the sheet is taken, as far as is known yet."""
        return bool(self._fatal)

    def refuse(self, problem: Problem) -> None:
        """Keep a problem of the whole."""
        self._fatal.append(problem)

    def row(self, row: SheetRow, key: Key) -> Line | Entry | None:
        """Return a row if it is sound; keep its problems or its notes.

        Args:
            row: the row.
            key: what tells its shape from others; see ``Memory.line``.
        """
        self.rows += 1
        plain = self.memory is not None and not row.problems and not row.faulty
        if plain and self.memory is not None:
            known = self.memory.line(row.values, key)
            if known is not None:
                self._again(known[1], row.number)
                return known[0]
        read, problems, notes = judged_row(self._sheet, row, self._kind, self._vocabulary)
        self._problems += problems
        if read is None:
            if problems:
                self._left_out.append(origin_of(self._sheet, row))
            if len(self._problems) > limits.MAX_PROBLEMS:
                self.refuse(too_many_problems(self._sheet.place))
                self.full = True
            return None
        kept = max(0, limits.MAX_NOTES - len(self._notes))
        self._notes += notes[:kept]
        self._more_notes += len(notes[kept:])
        if plain and self.memory is not None:
            self.memory.learn(row.values, read, notes)
            known = self.memory.line(row.values, key)
            if known is not None:
                return known[0]
        return read

    def _again(self, notes: tuple[Note, ...], number: int) -> None:
        for note in notes:
            if len(self._notes) < limits.MAX_NOTES:
                place = self._sheet.place
                self._notes.append(place.read_as(note.column, note.value, note.read_as, number))
            else:
                self._more_notes += 1

    def told(self) -> Intake:
        """Return all but the rows."""
        problems = tuple(
            sorted([*self._fatal, *self._problems], key=lambda problem: problem.row or 0)
        )
        left_out = tuple(self._left_out)
        if self._fatal:
            refused = (self._sheet.place.file,)
            return Intake(problems=problems, left_out=left_out, refused=refused)
        return Intake(
            notes=tuple(self._notes),
            problems=problems,
            left_out=left_out,
            more_notes=self._more_notes,
        )
