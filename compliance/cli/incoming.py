"""The rows of an import: read while they are recorded, so that they are never all in memory."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

from compliance.intake.reading import Reading
from compliance.intake.result import Intake
from compliance.ledger.prepared import Prepared, prepared
from compliance.values.lines import Batch, Line
from compliance.values.records import Entry

AHEAD = 5_000
"""Rows that are read before anything is recorded. Most files have fewer: all of their errors are
known before the ledger is touched, and other writers wait for none of the reading."""

_PATIENCE = 2.0
"""Seconds after which a work is long."""

_AT_MOST_EVERY = 0.5
"""Seconds between two words about it."""


class Unsound(Exception):  # noqa: N818 - what is wrong is told from the files
    """A row that is to be recorded is wrong, so that nothing is."""


class Incoming:
    """All rows of an import; read ahead as soon as it is made.

    Attributes:
        ended: whether all files have been read, so that all is known of them.
    """

    def __init__(self, reading: Reading, *, accept_good: bool) -> None:
        """Read ahead.

        Args:
            reading: the files; prepared to be read twice with ``accept_good``.
            accept_good: record sound rows although others are wrong. Then it has to be known which
                files are refused as wholes before a row of any is recorded: all of them are read
                now, and once more while they are recorded.
        """
        self._reading = reading
        self._accept_good = accept_good
        self._progress = Progress(reading)
        self._batches = reading.batches()
        self._held: list[Batch] = []
        self._again = False
        self.ended = False
        if accept_good:
            self._look_through()
        else:
            self._look_ahead()

    @property
    def count(self) -> int:
        """How many rows are sound, and of no file that is refused as a whole, so far."""
        return self._reading.rows

    @property
    def sound(self) -> bool:
        """True where no problem was found yet."""
        return self._reading.sound

    def rows(self) -> Prepared:
        """Return the rows to be recorded, once.

        Raises, while they are taken:
            Unsound: a row is wrong, and not only the good ones are wanted.
            ComplianceError: a file was changed between two looks at it.
        """
        return prepared(self._all())

    def entries(self) -> list[Entry]:
        """Return the same rows whole."""
        rows = chain.from_iterable(self._all())
        return [row.entry() if isinstance(row, Line) else row for row in rows]

    def _all(self) -> Iterator[Batch]:
        held, self._held = self._held, []
        rest = self._reading.again() if self._again else self._batches
        return chain(held, self._while_sound(rest))

    def finish(self) -> Intake:
        """Read what is left, and return all that there is to tell of the files."""
        for _ in self._batches:
            self._progress.show()
        self._progress.clear()
        return self._reading.told()

    def _look_ahead(self) -> None:
        for batch in self._batches:
            self._progress.show()
            self._held.append(batch)
            if sum(map(len, self._held)) >= AHEAD or not self._reading.sound:
                return
        self.ended = True

    def _look_through(self) -> None:
        for batch in self._batches:
            self._progress.show()
            if not self._again:
                self._held.append(batch)
                self._again = sum(map(len, self._held)) > AHEAD
        self._again = self._again or bool(self._reading.told().refused)
        if self._again:
            self._held = []
        self.ended = True

    def _while_sound(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        for batch in batches:
            self._check()
            yield batch
            self._progress.show()
        self._check()
        self._progress.clear()

    def _check(self) -> None:
        if not (self._accept_good or self._reading.sound):
            raise Unsound


class Progress:
    """Tells on a terminal how far a long reading is; says nothing elsewhere."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._began = time.monotonic()
        self._next = self._began + _PATIENCE
        self._shown = 0
        self._wanted = sys.stderr is not None and sys.stderr.isatty()

    def show(self) -> None:
        """Tell, if it is time to."""
        if not self._wanted:
            return
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _AT_MOST_EVERY
            self._write(self._words(now - self._began))

    def clear(self) -> None:
        """Leave nothing of it on the screen."""
        if self._shown:
            self._write("")
            self._shown = 0
            self._next = time.monotonic() + _AT_MOST_EVERY

    def _words(self, seconds: float) -> str:
        reading = self._reading
        words = f"{reading.rows:,} rows, {reading.rows / seconds:,.0f} a second"
        if reading.size and reading.bytes:
            left = int(seconds * max(0, reading.size - reading.bytes) / reading.bytes)
            words += f", about {left // 60}:{left % 60:02} left"
        return words

    def _write(self, words: str) -> None:
        with suppress(OSError):
            sys.stderr.write(f"\r{words.ljust(self._shown)}" + ("" if words else "\r"))
            sys.stderr.flush()
        self._shown = len(words)
