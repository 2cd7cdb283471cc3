"""Writes what was measured as Markdown: goals, medians, growth, versions and machine."""

from __future__ import annotations

import math
import os
import platform
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from bench.goals import GOALS, GROWTH, Goal
from bench.measure import Contest, Failed, Subject
from bench.places import Peer

_OURS = ("compliance", "sqlalchemy", "click", "tabulate", "platformdirs")
NOT_RUN = "not run"


def report(
    contests: Sequence[Contest],
    *,
    sizes: Mapping[str, int] | None,
    databases: Mapping[str, int],
    peers: Iterable[Peer],
    runs: int,
    about: str,
) -> str:
    """Return all tables.

    Args:
        contests: those that were run.
        sizes: the movements of each ledger, and of the journals, by name; ``None``: judge nothing.
        databases: the bytes of each ledger's database, by name.
        peers: those that were asked for, absent ones as well.
        runs: how many counted runs.
        about: what stands above the tables.
    """
    by_key = {contest.key: contest for contest in contests}
    blocks = [about, _machine(peers, runs), "### Goals", goals(by_key, sizes)]
    blocks += ["### Medians", *(_contest(contest) for contest in contests)]
    if any(key in by_key for key, _ in GROWTH):
        blocks += ["### How the cost grows", growth(by_key, databases)]
    return "\n\n".join(blocks)


def goals(contests: Mapping[str, Contest], sizes: Mapping[str, int] | None) -> str:
    """Return the table of goals: ratio, goal, met or not."""
    rows = [(goal.what, *_judged(goal, contests, sizes)) for goal in GOALS]
    return _table(("what", "measured", "goal", "result", "ours", "other"), rows)


def _judged(
    goal: Goal, contests: Mapping[str, Contest], sizes: Mapping[str, int] | None
) -> tuple[str, ...]:
    contest = contests.get(goal.contest)
    keys = [key for key in (goal.ours, goal.other) if key]
    there = {subject.key: subject for subject in contest.subjects} if contest else {}
    found = [there[key] for key in keys if key in there]
    absent = [subject.absent for subject in found if subject.absent]
    if absent:
        return "", goal.said, f"NOT MEASURED: {absent[0]}", "", ""
    if contest is None or len(found) < len(keys):
        return "", goal.said, NOT_RUN, "", ""
    ours, other = found[0], found[-1]
    measured, met = _measured(goal, ours, other)
    missing = [name for name in goal.sizes if name not in (sizes or ())]
    if met is None:
        result = ""
    elif sizes is None:
        result = "not judged: a smoke run"
    elif missing:
        result = f"not judged: it needs {' and '.join(missing)}"
    else:
        result = "met" if met else "**not met**"
    costs = [_seconds(subject.median) for subject in found] if not goal.memory else ["", ""]
    return measured, goal.said, result, *costs


def _measured(goal: Goal, ours: Subject, other: Subject) -> tuple[str, bool | None]:
    """Return what was measured in words, and whether the goal is met; ``None``: none, unknown."""
    if goal.memory is not None:
        if math.isnan(ours.peak):
            return "not measured on this system", None
        return _megabytes(ours.peak), ours.peak <= goal.memory
    if goal.faster is not None:
        times = other.median / ours.median
        return f"{times:.2f} times faster", times >= goal.faster
    ratio = ours.median / other.median
    return f"{ratio:.3f}", None if goal.at_most is None else ratio <= goal.at_most


def _contest(contest: Contest) -> str:
    rows = []
    for subject in contest.subjects:
        if subject.absent:
            cells = ("NOT MEASURED", subject.absent, "")
        else:
            low, high = min(subject.seconds), max(subject.seconds)
            span = f"{_seconds(low)}..{_seconds(high)}"
            cells = (_seconds(subject.median), span, _megabytes(subject.peak))
        rows.append((subject.name, *cells, subject.note))
    heading = f"{contest.title[0].upper()}{contest.title[1:]}:"
    columns = ("command", "median", "range", "peak memory", "what differs")
    return f"{heading}\n\n{_table(columns, rows)}"


def growth(contests: Mapping[str, Contest], databases: Mapping[str, int]) -> str:
    """Return the table of our medians by the size of the ledger."""
    names = list(databases)
    rows: list[tuple[str, ...]] = []
    for key, title in GROWTH:
        if key not in contests:
            continue
        contest = contests[key]
        found = [contest.subject(f"ours {name}") for name in names]
        ratio = found[-1].median / found[0].median
        cells = [f"{_seconds(item.median)}, {_megabytes(item.peak)}" for item in found]
        rows.append((f"`{title}`", *cells, f"{ratio:.2f}"))
    sizes = [_megabytes(databases[name]) for name in names]
    rows.append(
        ("size of the database", *sizes, f"{databases[names[-1]] / databases[names[0]]:.2f}")
    )
    return _table(("median and peak memory", *names, "last to first"), rows)


def _machine(peers: Iterable[Peer], runs: int) -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in _OURS)
    others = ", ".join(f"{peer.name} {peer.version}" for peer in peers if not peer.absent)
    return (
        f"{runs} counted runs of each after one warm-up, in turn. {platform.platform()}, "
        f"{_processor()}, {os.cpu_count()} cores; CPython {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}; {libraries}. Peers: {others or 'none'}."
    )


def _processor() -> str:
    try:
        found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine()


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.1f} s"


def _megabytes(size: float) -> str:
    return "not measured" if math.isnan(size) else f"{size / 1_000_000:,.0f} MB"


def put(page: Path, name: str, text: str) -> None:
    """Write text between the two markers of that name on a page; the rest stays.

    Raises:
        Failed: the page does not hold both markers.
    """
    begin, end = f"<!-- {name}: made by make bench -->", f"<!-- {name}: end -->"
    whole = page.read_text(encoding="utf-8")
    before, found, rest = whole.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise Failed(f"{page} does not hold the lines {begin} and {end}")
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8", newline="\n")
