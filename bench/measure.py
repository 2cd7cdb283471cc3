"""Runs commands in turn (A B A B), one process at a time, and keeps what each run cost."""

from __future__ import annotations

import hashlib
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FEWEST_RUNS = 5
_WATCH = Path(__file__).with_name("watch.py")


class Failed(Exception):  # noqa: N818 - told as it is
    """A command did not do its work, or an answer is wrong: no time of it means anything."""


@dataclass(frozen=True)
class Step:
    """One command of a subject.

    Attributes:
        codes: the exit codes that mean it did its work.
        given: the file that it reads as standard input, if any.
    """

    command: Sequence[str]
    codes: tuple[int, ...] = (0,)
    given: Path | None = None


@dataclass(frozen=True)
class Output:
    """What one run of a subject left: the path of each step's standard output."""

    paths: tuple[Path, ...]

    def text(self, step: int = -1) -> str:
        """Return what a step printed."""
        return self.paths[step].read_text(encoding="utf-8")


@dataclass
class Subject:
    """Who does the work of a contest, and what each counted run of it cost.

    Attributes:
        key: names it within its contest.
        name: what stands in the table.
        steps: the commands, run one after the other; their times are added.
        prepare: called before each run, not timed.
        answer: returns what a run found out, in a form that can be compared.
        expected: returns what the answer must be.
        told: returns the seconds where a program measures a part of its own run, and not the whole.
        note: in what its work differs.
        absent: why it cannot be measured here; empty where it can.
        seconds: wall-clock time of the counted runs, process start and end included.
        peaks: the most memory of any of its steps in each counted run, in bytes.
    """

    key: str
    name: str
    steps: Sequence[Step] = ()
    prepare: Callable[[], None] | None = None
    answer: Callable[[Output], Any] | None = None
    expected: Callable[[], Any] | None = None
    told: Callable[[Output], float] | None = None
    note: str = ""
    absent: str = ""
    seconds: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median of the counted runs, in seconds."""
        return statistics.median(self.seconds)

    @property
    def peak(self) -> float:
        """The most memory in any counted run, in bytes; nan where it is not measured."""
        return max(self.peaks, default=math.nan)


@dataclass
class Contest:
    """Subjects that do the same work, or the same work on ledgers of other sizes.

    Attributes:
        guess: about how long one turn of all subjects takes, in seconds, before it is known.
    """

    key: str
    title: str
    subjects: list[Subject]
    guess: float = 1.0

    def subject(self, key: str) -> Subject:
        """Return the subject of that key."""
        return next(subject for subject in self.subjects if subject.key == key)

    def present(self) -> Iterator[Subject]:
        """Yield the subjects that can be measured here."""
        return (subject for subject in self.subjects if not subject.absent)


def compared(name: str, found: Any, expected: Any) -> None:
    """Refuse an answer that is not the expected one.

    Raises:
        Failed: they differ; the message names the first differences.
    """
    if found == expected:
        return
    if isinstance(found, Mapping) and isinstance(expected, Mapping):
        names = sorted({*found, *expected}, key=str)
        differ = [name for name in names if found.get(name) != expected.get(name)]
        told = "; ".join(
            f"{name}: {found.get(name)}, not {expected.get(name)}" for name in differ[:5]
        )
        raise Failed(f"{name}: {len(differ)} answers are wrong, such as {told}")
    raise Failed(f"{name}: the answer is {found!r:.300}, not {expected!r:.300}")


class Runner:
    """Runs contests and says on stderr what runs now and about how long all of it still takes."""

    def __init__(self, folder: Path, environment: Mapping[str, str], runs: int) -> None:
        self._folder = folder / "output"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._environment = dict(environment)
        self.runs = runs
        self._left = 0.0

    def all(self, contests: Sequence[Contest]) -> None:
        """Run all contests, each of its subjects once uncounted and then so many times.

        Raises:
            Failed: a command failed, or an answer differs from what was expected.
        """
        turns = self.runs + 1
        ahead = {contest.key: contest.guess * turns for contest in contests}
        for number, contest in enumerate(contests, 1):
            begun = time.perf_counter()
            for turn in range(turns):
                left = sum(ahead.values())
                what = f"run {turn} of {self.runs}" if turn else "warm-up and check of the answers"
                say(f"[{number}/{len(contests)}] {contest.title}: {what}; about {_long(left)} left")
                self._turn(contest, counted=turn > 0)
                taken = time.perf_counter() - begun
                ahead[contest.key] = taken / (turn + 1) * (turns - turn - 1)
            ahead[contest.key] = 0

    def _turn(self, contest: Contest, *, counted: bool) -> None:
        for subject in contest.present():
            if subject.prepare is not None:
                subject.prepare()
            cost, output = self._run(f"{contest.key}-{subject.key}", subject)
            if subject.answer is not None:
                self._check(contest, subject, output, anew=not counted)
            if counted:
                subject.seconds.append(subject.told(output) if subject.told else cost[0])
                subject.peaks.append(cost[1])

    def _check(self, contest: Contest, subject: Subject, output: Output, *, anew: bool) -> None:
        """Compare an answer; one that was printed byte for byte as before is the same."""
        assert subject.answer is not None
        assert subject.expected is not None
        digest = hashlib.sha256()
        for path in output.paths:
            digest.update(path.read_bytes())
        seen = output.paths[-1].with_suffix(".seen")
        size = sum(path.stat().st_size for path in output.paths)
        if anew or not size or seen.read_text("ascii") != digest.hexdigest():
            name = f"{contest.title}: {subject.name}"
            try:
                answer = subject.answer(output)
            except (LookupError, ValueError) as error:
                raise Failed(f"{name}: its answer cannot be read: {error!r}") from error
            compared(name, answer, subject.expected())
        seen.write_text(digest.hexdigest(), "ascii")

    def _run(self, key: str, subject: Subject) -> tuple[tuple[float, float], Output]:
        seconds, peaks, paths = 0.0, [], []
        for number, step in enumerate(subject.steps):
            base = self._folder / f"{key}-{number}"
            seconds_, peak = watched(step, base, self._environment, subject.name)
            seconds += seconds_
            peaks.append(peak)
            paths.append(base.with_suffix(".out"))
        return (seconds, max(peaks)), Output(tuple(paths))


def watched(
    step: Step, base: Path, environment: Mapping[str, str], name: str
) -> tuple[float, float]:
    """Run a command; return its seconds and its peak memory in bytes, nan where not measured.

    Args:
        step: the command.
        base: where its output goes: BASE.out, BASE.err.
        environment: its surroundings.
        name: who it is, for the message.

    Raises:
        Failed: it did not do its work.
    """
    report, out, err = (base.with_suffix(f".{end}") for end in ("cost", "out", "err"))
    command = [sys.executable, "-I", "-S", str(_WATCH), str(report), str(step.given or "")]
    subprocess.run(  # noqa: S603
        [*command, str(out), str(err), *step.command], env=dict(environment), check=True
    )
    taken, _, peak, code = report.read_text(encoding="ascii").split()
    if int(code) not in step.codes:
        said = err.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise Failed(f"{name}: exit code {code} of {' '.join(step.command)[:300]}\n{said}")
    return float(taken), float(peak)


def say(text: str) -> None:
    """Print progress."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def _long(seconds: float) -> str:
    if seconds < 90:
        return f"{math.ceil(seconds)} s"
    return f"{round(seconds / 60)} min"
