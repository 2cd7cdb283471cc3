"""Shows where the time of one of our commands goes: the profile of a goal that is not met."""

from __future__ import annotations

import pstats
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.contests import ALL
from bench.measure import Failed, Step, Subject, watched
from bench.stage import Bench

PROFILED = {
    "startup": "audit",
    "import": "ours",
    "audit": "ours",
    "other-day": "ours",
    "diff": "ours",
    "project": "ours",
    "verify": "ours",
    "journals": "ours",
}
"""The contests with a subject of ours that can be profiled; of several the one on most rows."""
_MOST = 15


def profile(bench: Bench, name: str) -> str:
    """Run our side of a contest once under the profiler and return its costs as Markdown.

    Raises:
        Failed: there is no such contest, or the command failed.
    """
    if name not in PROFILED:
        raise Failed(f"there is no profile '{name}'; there are: {', '.join(PROFILED)}")
    contest = ALL[name](bench)
    subject = [item for item in contest.subjects if item.key.startswith(PROFILED[name])][-1]
    for _warm_up_first in range(2):
        blocks = [f"#### {contest.title}: {subject.name}", *_profiled(bench, name, subject)]
    return "\n\n".join(blocks)


def _profiled(bench: Bench, name: str, subject: Subject) -> list[str]:
    if subject.prepare is not None:
        subject.prepare()
    blocks = []
    for number, step in enumerate(subject.steps):
        kept = bench.folder / "output" / f"profile-{name}-{number}"
        begin = "from compliance.cli.main import run; run()"
        code = "import cProfile, sys; cProfile.run(sys.argv.pop(1), sys.argv.pop(1))"
        command = [sys.executable, "-c", code, begin, str(kept), *step.command[1:]]
        taken, _ = watched(Step(command, step.codes), kept.with_suffix(""), bench.environment, name)
        blocks.append(_text(kept, taken))
    return blocks


def _text(kept: Path, taken: float) -> str:
    stats: dict[Any, Any] = pstats.Stats(str(kept)).stats  # type: ignore[attr-defined]
    total = sum(row[2] for row in stats.values()) or 1.0
    rooms: dict[str, float] = defaultdict(float)
    for place, row in stats.items():
        rooms[_room(place)] += row[2]
    parts = sorted(rooms.items(), key=lambda item: -item[1])[:_MOST]
    functions = sorted(stats.items(), key=lambda item: -item[1][2])[:_MOST]
    return "\n".join(
        [
            f"{taken:.2f} s under the profiler, which itself makes calls dearer.",
            "",
            "| where | of the time |",
            "|---|---|",
            *(f"| {room} | {spent / total:.1%} |" for room, spent in parts),
            "",
            "| function | calls | of the time |",
            "|---|---|---|",
            *(f"| `{_named(p)}` | {row[1]:,} | {row[2] / total:.1%} |" for p, row in functions),
        ]
    )


def _room(place: Sequence[Any]) -> str:
    """Return to what a function belongs: a room of ours, a library, or the interpreter."""
    file, _, function = place
    if file == "~":
        told = re.search(r"'([\w.]+)' objects>|<built-in method ([\w]+)\.", function)
        return f"built in: {next(part for part in told.groups() if part)}" if told else "built in"
    path = Path(file).as_posix()
    found = re.search(r"/(compliance/\w+)", path) or re.search(r"site-packages/(\w+)", path)
    return found[1] if found else "standard library"


def _named(place: Sequence[Any]) -> str:
    file, line, function = place
    if file == "~":
        return re.sub(r" (of type object )?at 0x[0-9a-f]+", "", str(function).strip("<>"))
    return f"{'/'.join(Path(file).parts[-2:])}:{line} {function}"
