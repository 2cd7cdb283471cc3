"""Text of any length, read block by block: lines without the whole, and never without end."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import IO, TextIO

from compliance.intake.sheet import Place
from compliance.intake.text import misfit
from compliance.values.errors import Problem
from compliance.values.frozen import frozen

MAX_STREAM = 16 * 1024**3
"""Bytes of one file or pipe that is read as a stream: over a hundred million movements. More is a
pipe that does not end."""

MAX_LINE = 4 * 1024**2
"""Bytes without a line break. A row with every column, each as long as may be, has less."""

_BLOCK = 128 * 1024
_BOM = b"\xef\xbb\xbf"


class Blocks(io.RawIOBase):
    """The bytes of a stream, cut off where they go beyond what any honest file has.

    Attributes:
        cut: what was wrong, where it was cut off.
        newline: what ends a line: ``""`` for any of the usual, or the line feed alone.
    """

    def __init__(
        self, place: Place, stream: IO[bytes], read: Callable[[int], None], newline: str
    ) -> None:
        super().__init__()
        self.cut: Problem | None = None
        self._place = place
        self._stream = stream
        self._told = read
        self.newline = newline
        self._total = 0
        self._unbroken = 0

    def readable(self) -> bool:
        """Return true, as what is buffered must."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read up to as many bytes as there is room for; 0 at the end."""
        if self.cut is not None:
            return 0
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._total += len(data)
        self._told(len(data))
        end = data.rfind(b"\n")
        if not self.newline:
            end = max(end, data.rfind(b"\r"))
        self._unbroken = self._unbroken + len(data) if end < 0 else len(data) - end - 1
        if self._total > MAX_STREAM:
            self.cut = self._place.problem(
                f"more than {MAX_STREAM} bytes; the rest was not read",
                expected="a file or pipe that ends",
                hint="see what is written into the pipe; split a file",
            )
        elif self._unbroken > MAX_LINE:
            self.cut = self._place.problem(
                f"a line of more than {MAX_LINE} bytes; the rest was not read",
                expected="lines of text, one for each row",
            )
        return len(data)


@frozen
class Text:
    """A text, line by line.

    Attributes:
        lines: its lines with their line ends as they are. Bytes that are not UTF-8 go through as
            lone surrogates, so that the validator can name the row and column of each.
    """

    lines: TextIO
    _blocks: Blocks

    @property
    def cut(self) -> Problem | None:
        """What is wrong where it was cut off, as soon as that was reached."""
        return self._blocks.cut

    @classmethod
    def of(cls, blocks: Blocks, place: Place) -> Text | Problem:
        """Return the text of a stream of bytes, or why it has none."""
        buffered = io.BufferedReader(blocks, _BLOCK)
        start = buffered.peek(8)[:8]
        problem = misfit(place, start)
        if problem is not None:
            return problem
        if start.startswith(_BOM):
            buffered.read(len(_BOM))
        return cls(
            io.TextIOWrapper(buffered, "utf-8", "surrogateescape", newline=blocks.newline), blocks
        )
