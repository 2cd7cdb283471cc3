"""Files of any size, read one after the other: sound rows in batches, and all that is to be told.

CSV and JSON Lines are read as they come, and not held. The other formats are read as wholes, and
may be no larger than what memory holds.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Protocol

from compliance.intake.blocks import Blocks, Text
from compliance.intake.cells import Vocabulary
from compliance.intake.csv_stream import BATCH, CsvStream
from compliance.intake.files import (
    examine_files,
    examine_source,
    format_of,
    named_again,
    unreadable,
)
from compliance.intake.jsonl_stream import JsonlStream
from compliance.intake.judge import Memories
from compliance.intake.result import Intake, together
from compliance.intake.sheet import MAX_BYTES, Place
from compliance.values.errors import ComplianceError, Problem
from compliance.values.frozen import frozen
from compliance.values.lines import Batch

STANDARD_INPUT = "standard input"
"""What messages call it."""

_IN_MEMORY = 8 * 1024**2
"""Bytes of a pipe that are kept in memory to be read once more; the rest goes to a file."""

_Open = Callable[[], AbstractContextManager[IO[bytes]]]


@frozen
class _Kind:
    """How a format is read as a stream: what ends its lines, what they are called, how often."""

    stream: type[CsvStream] | type[JsonlStream]
    newline: str
    unit: str
    once: bool


_STREAMS = {
    "csv": _Kind(CsvStream, "", "row", once=True),
    "jsonl": _Kind(JsonlStream, "\n", "line", once=False),
}


class Reading(ExitStack):
    """Rows of several files, in the order of the files and of their lines.

    To be entered, and left when nothing more is wanted of it.

    Attributes:
        rows: how many rows were handed on; when a file turns out to be refused, its rows are
            taken off again.
        bytes: how many bytes were read of what is not read as a whole.
        size: how many bytes there are; ``None`` where that is not known.
    """

    def __init__(
        self,
        paths: Iterable[Path | str],
        vocabulary: Vocabulary,
        format: str = "",
        *,
        standard_input: IO[bytes] | None = None,
        twice: bool = False,
    ) -> None:
        """Prepare to read.

        Args:
            paths: the files, each of any format and kind.
            vocabulary: the names of parties, categories and types.
            format: one of ``files.READERS``; where it is empty, the ending of each name tells.
            standard_input: is read before the files; needs a format.
            twice: ``again`` may be asked for, so that what a pipe gives has to be kept.
        """
        super().__init__()
        self.rows = 0
        self.bytes = 0
        self.size: int | None = 0
        self._vocabulary = vocabulary
        self._memories = Memories()
        self._twice = twice
        self._told: list[Intake] = []
        self._current: _Source | None = None
        self._sources: list[_Source] = []
        if standard_input is not None:
            self._sources.append(self._standard_input(standard_input, format))
        seen: set[str] = set()
        for path in map(Path, paths):
            again = named_again(path, seen)
            if again is not None:
                self._sources.append(_Whole(str(path), _told(again)))
                continue
            chosen = format_of(str(path), format)
            if isinstance(chosen, str) and chosen in _STREAMS:
                self._sources.append(self._file(path, chosen))
            else:
                self._sources.append(self._whole(path, format))

    @property
    def sound(self) -> bool:
        """True where no problem was found yet."""
        return not any(told.problems for told in self._told) and (
            self._current is None or self._current.sound
        )

    def batches(self) -> Iterator[Batch]:
        """Yield the rows that are sound, some at a time, whether others are or not.

        What refuses a file as a whole may be found last, when rows of it have been handed on.
        """
        for source in self._sources:
            self._current, before = source, self.rows
            for batch in source.batches():
                self.rows += len(batch)
                yield batch
            told = source.told()
            if told.refused:
                self.rows = before
            self._current = None
            self._told.append(told)

    def told(self) -> Intake:
        """Return all but the rows: notes, problems, what is left out of the files read so far."""
        return together(self._told)

    def again(self) -> Iterator[Batch]:
        """Yield the sound rows of all files once more, but none of a file that is refused.

        Raises:
            ComplianceError: a file is not any more what it was.
        """
        self.rows = self.bytes = 0
        for source, told in zip(self._sources, self._told, strict=True):
            if told.refused:
                continue
            for batch in source.batches():
                self.rows += len(batch)
                yield batch
            if source.told() != told:
                raise ComplianceError(
                    f"{source.name} was changed while it was read; nothing was recorded",
                    todo="run the same command again when nobody writes to it",
                )

    def _standard_input(self, stream: IO[bytes], format: str) -> _Source:
        self.size = None
        if format in _STREAMS:
            once = _STREAMS[format].once and not self._twice

            def opened() -> AbstractContextManager[IO[bytes]]:
                return nullcontext(stream)

            return self._streamed(STANDARD_INPUT, opened if once else self._kept(opened), format)

        def whole() -> Intake:
            content = stream.read(MAX_BYTES + 1)  # one more tells that it is too large
            return examine_source(STANDARD_INPUT, content, self._vocabulary, format)

        return _Whole(STANDARD_INPUT, whole)

    def _file(self, path: Path, format: str) -> _Source:
        def opened() -> IO[bytes]:
            return path.open("rb")

        regular = os.path.isfile(path)  # noqa: PTH113 - says nothing of what may not be looked at
        once = _STREAMS[format].once and not self._twice
        with suppress(OSError):
            size = path.stat().st_size * (1 if _STREAMS[format].once else 2) if regular else None
            self.size = None if size is None or self.size is None else self.size + size
        return self._streamed(str(path), opened if regular or once else self._kept(opened), format)

    def _whole(self, path: Path, format: str) -> _Source:
        self.size = None
        return _Whole(str(path), lambda: examine_files([path], self._vocabulary, format))

    def _streamed(self, name: str, opened: _Open, format: str) -> _Source:
        def count(more: int) -> None:
            self.bytes += more

        kind = _STREAMS[format]

        def stream() -> CsvStream | JsonlStream:
            return kind.stream(Place(name, unit=kind.unit), self._vocabulary, self._memories)

        return _Streamed(name, opened, stream, kind.newline, count)

    def _kept(self, opened: _Open) -> _Open:
        """Return something that opens a pipe as often as is wanted."""
        copies: list[IO[bytes]] = []

        @contextmanager
        def copied() -> Iterator[IO[bytes]]:
            if not copies:
                copy = self.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115
                with opened() as pipe:
                    # Cut off where there is no end, and then cut off again when it is read.
                    shutil.copyfileobj(Blocks(Place(""), pipe, lambda _: None, "\n"), copy)
                copies.append(copy)
            copies[0].seek(0)
            yield copies[0]

        return copied


class _Source(Protocol):
    """One file, that can be read again if that was said before."""

    name: str

    @property
    def sound(self) -> bool:
        """True where no problem was found yet."""
        ...

    def batches(self) -> Iterator[Batch]:
        """Yield its sound rows, some at a time."""
        ...

    def told(self) -> Intake:
        """Return all but the rows, when these have been read."""
        ...


class _Whole:
    """A file that is read as a whole, once."""

    def __init__(self, name: str, read: Callable[[], Intake]) -> None:
        self.name = name
        self._read = read
        self._intake: Intake | None = None

    @property
    def sound(self) -> bool:
        return self._intake is None or not self._intake.problems

    def batches(self) -> Iterator[Batch]:
        if self._intake is None:
            self._intake = replace(self._read(), origins=())
        rows = self._intake.rows
        for start in range(0, len(rows), BATCH):
            yield list(rows[start : start + BATCH])

    def told(self) -> Intake:
        return Intake() if self._intake is None else replace(self._intake, rows=())


class _Streamed:
    """A file that is read as it comes."""

    def __init__(
        self,
        name: str,
        opened: _Open,
        new_stream: Callable[[], CsvStream | JsonlStream],
        newline: str,
        count: Callable[[int], None],
    ) -> None:
        self.name = name
        self._opened = opened
        self._new_stream = new_stream
        self._newline = newline
        self._count = count
        self._stream = new_stream()

    @property
    def sound(self) -> bool:
        return self._stream.sound

    def told(self) -> Intake:
        return self._stream.told()

    def batches(self) -> Iterator[Batch]:
        stream = self._stream = self._new_stream()
        try:
            if isinstance(stream, JsonlStream):
                with self._text(stream) as text:
                    if text is not None:
                        stream.survey(text)
                if not stream.readable:
                    return
            with self._text(stream) as text:
                if text is not None:
                    yield from stream.batches(text)
        except OSError as error:
            stream.refuse(unreadable(Place(self.name), error))

    @contextmanager
    def _text(self, stream: CsvStream | JsonlStream) -> Iterator[Text | None]:
        place = Place(self.name)
        with self._opened() as content:
            text = Text.of(Blocks(place, content, self._count, self._newline), place)
            if isinstance(text, Problem):
                stream.refuse(text)
            yield None if isinstance(text, Problem) else text


def _told(problem: Problem) -> Callable[[], Intake]:
    return lambda: Intake(problems=(problem,))
