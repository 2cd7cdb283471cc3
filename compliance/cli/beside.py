"""Long files are read, judged and made ready in a process beside the one that records them.

Nothing is decided there: what comes back is what ``Incoming`` would have given, and in what order.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import IO, Any, NamedTuple

from compliance.cli.incoming import Incoming
from compliance.cli.world import World
from compliance.intake.reading import Reading
from compliance.intake.result import Intake
from compliance.ledger.prepared import Block, Prepared
from compliance.values.errors import ComplianceError

LONG = 4 * 1024**2
"""Bytes from which on another process is worth its start: some forty thousand movements."""

# So many answers wait to be read where reading is ahead of recording.
_MOST_WAITING = 16

_ROWS, _FINISH = b"rows\n", b"finish\n"

# What is asked of another process is told as it is here: where modules are found, and where not.
_PROGRAM = "import sys; sys.path[:] = {path!r}; from compliance.cli.beside import main; main()"


class _Wanted(NamedTuple):
    agreement: str
    files: tuple[str, ...]
    input_format: str
    accept_good: bool


class _Ahead(NamedTuple):
    """What is known when some rows were read."""

    ended: bool
    sound: bool
    rows: int


class _Told(NamedTuple):
    """All files were read, and all rows, if they were asked for, handed on."""

    intake: Intake
    rows: int


class _Failed(NamedTuple):
    error: BaseException
    trace: str


def worth_it(size: int | None) -> bool:
    """Return whether files of so many bytes are read beside: ``None`` is not known."""
    if size is None or size < LONG or not sys.executable or getattr(sys, "frozen", False):
        return False
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) > 1
    return (os.cpu_count() or 1) > 1


class Beside:
    """Reads as ``Incoming`` does, in another process. To be entered, and left when all is done.

    Attributes:
        count: how many rows are sound, and of no file that is refused as a whole; when all were
            handed on, or ``finish`` was asked.
    """

    def __init__(
        self, world: World, files: Sequence[str], input_format: str, *, accept_good: bool
    ) -> None:
        """Begin to read; see ``Incoming``."""
        self.count = 0
        self._wanted = _Wanted(world.agreement, tuple(files), input_format, accept_good)
        self._ahead: _Ahead | None = None
        self._under_way = False
        self._told: _Told | None = None

    def __enter__(self) -> Beside:
        command = [sys.executable, "-P", "-c", _PROGRAM.format(path=sys.path)]
        self._process = subprocess.Popen(  # noqa: S603 - this program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._ask(pickle.dumps(self._wanted))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # It may be in the middle of a word that nobody wants any more.
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()
        self._process.wait()

    @property
    def ended(self) -> bool:
        """True where all files were read before any row was asked for."""
        return self._first().ended

    @property
    def sound(self) -> bool:
        """True where no problem had been found by then."""
        return self._first().sound

    def rows(self) -> Prepared:
        """Return the rows to be recorded, once; see ``Incoming.rows``."""
        return Prepared(self._blocks())

    def finish(self) -> Intake:
        """Have read what is left, and return all that there is to tell of the files.

        Where all rows were taken it is known by then: what was recorded waits for nobody.
        """
        self._first()
        while self._under_way:
            with suppress(Exception):  # what was raised meanwhile was raised, or is of no interest
                self._next()
        if self._told is None:
            self._ask(_FINISH)
            told = self._receive()
            assert isinstance(told, _Told)
            self._take(told)
            return told.intake
        return self._told.intake

    def _take(self, told: _Told) -> None:
        self._told, self.count = told, told.rows

    def _first(self) -> _Ahead:
        if self._ahead is None:
            ahead = self._receive()
            assert isinstance(ahead, _Ahead)
            self._ahead, self.count = ahead, ahead.rows
        return self._ahead

    def _blocks(self) -> Iterator[Block]:
        self._first()
        self._under_way = True
        self._ask(_ROWS)
        while (block := self._next()) is not None:
            yield block

    def _next(self) -> Block | None:
        try:
            told = self._receive()
        except BaseException:
            self._under_way = False
            raise
        if isinstance(told, _Told):
            self._under_way = False
            self._take(told)
            return None
        assert isinstance(told, Block)
        return told

    def _ask(self, what: bytes) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        with suppress(OSError):  # it ended: that is told where its answer is missing
            pipe.write(what)
            pipe.flush()

    def _receive(self) -> Any:
        pipe = self._process.stdout
        assert pipe is not None
        try:
            told = pickle.load(pipe)  # noqa: S301 - written by this program
        except (EOFError, OSError, pickle.UnpicklingError):
            raise ComplianceError(
                "the process that reads the files ended before it had read them; "
                "nothing was recorded",
                todo="run the same command again; if it ends again, with fewer rows in a file",
            ) from None
        if isinstance(told, _Failed):
            told.error.add_note(told.trace)
            raise told.error
        return told


def main() -> None:
    """Be the other process: answer on standard output what is asked on standard input."""
    # Who is interrupted is the process that records; this one ends with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # None of what is read stands in a cycle; see ``garbage.unsearched``.
    gc.disable()
    # So that what is ready is soon on its way.
    sys.setswitchinterval(0.0005)
    answers = _Answers(os.fdopen(os.dup(1), "wb"))
    # Nothing else may get between the answers.
    os.dup2(2, 1)
    try:
        _answer(sys.stdin.buffer, answers.tell)
    except Exception as error:  # noqa: BLE001 - it is raised there
        answers.tell(_failed(error))
    answers.end()


class _Answers(Thread):
    """Writes answers while the next ones are made: a pipe alone holds less than one of them."""

    def __init__(self, pipe: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self._pipe = pipe
        self._waiting: Queue[bytes] = Queue(_MOST_WAITING)
        self.start()

    def tell(self, what: Any) -> None:
        """Have an answer written; wait while many are not yet."""
        self._waiting.put(pickle.dumps(what, pickle.HIGHEST_PROTOCOL))

    def end(self) -> None:
        """Wait until all is written."""
        self._waiting.put(b"")
        self.join()

    def run(self) -> None:
        """Write until the end."""
        while some := self._waiting.get():
            try:
                self._pipe.write(some)
                self._pipe.flush()
            except OSError:
                os._exit(1)  # nobody listens any more


def _answer(asked: IO[bytes], tell: Callable[[Any], None]) -> None:
    wanted: _Wanted = pickle.load(asked)  # noqa: S301 - written by this program
    vocabulary = World(agreement=wanted.agreement).vocabulary()
    again = wanted.accept_good
    with Reading(wanted.files, vocabulary, wanted.input_format, twice=again) as reading:
        incoming = Incoming(reading, accept_good=wanted.accept_good)
        tell(_Ahead(incoming.ended, incoming.sound, incoming.count))
        for question in asked:
            try:
                if question == _ROWS:
                    for block in incoming.rows().blocks:
                        tell(block)
                intake = incoming.finish()
                tell(_Told(intake, incoming.count))
                if question == _ROWS:
                    return  # nothing else can be asked
            except Exception as error:  # noqa: BLE001 - it is raised there
                tell(_failed(error))


def _failed(error: Exception) -> _Failed:
    return _Failed(error, "".join(traceback.format_exception(error)))
