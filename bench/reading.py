"""Contests of reading ledgers of several sizes."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

from bench import answers
from bench.invented import LAST_YEAR
from bench.measure import Contest, Subject, watched
from bench.reckon import Reckoned
from bench.stage import LAST_DAY, NEW_YEARS, Bench


def audit(bench: Bench, key: str, day: str, title: str, seconds: float) -> Contest:
    """Audit of all limits on a day, on each ledger."""
    subjects = bench.on_each(
        f"audit --as-of {day}",
        answers.audit,
        partial(_counts, day),
        *("audit", "--as-of", day, "--format", "json"),
    )
    return Contest(key, title, subjects, guess=bench.guess(seconds))


def _counts(day: str, reckoned: Reckoned) -> Any:
    return answers.wanted_counts(reckoned, day)


def diff(bench: Bench) -> Contest:
    """Thirty-five years, year by year, with their causes; against a single pass of the ledger."""
    first, last = NEW_YEARS[0][:4], NEW_YEARS[-1][:4]
    subjects = bench.on_each(
        "diff --every year",
        answers.diff,
        lambda reckoned: answers.wanted_series(reckoned, NEW_YEARS),
        *("diff", first, last, "--every", "year", "--all", "--format", "json"),
    )
    built, reckoned = bench.built(bench.largest)
    database = bench.folder / f"{built.db.stem}-copy.db"
    if not database.is_file():
        part = database.with_suffix(".part")
        part.unlink(missing_ok=True)
        copied = bench.script(sys.executable, "with_sqlite.py", "copy", str(built.db), str(part))
        watched(copied, bench.folder / "output" / "copy", bench.environment, "copying")
        part.replace(database)
    subjects.append(
        Subject(
            "group",
            f"one GROUP BY pass, {built.name} movements",
            [bench.script(sys.executable, "with_sqlite.py", "group", str(database))],
            answer=answers.printed,
            expected=partial(answers.wanted_group, reckoned),
            note="sums by from, to, type and year over a copy with a covering index; no spans, "
            "corrections, declarations or causes",
        )
    )
    return Contest("diff", "diff --every year over 35 years", subjects, guess=bench.guess(10))


def series(bench: Bench) -> Contest:
    """What a series costs beside one comparison, on the smallest ledger."""
    built, reckoned = bench.built(next(iter(bench.sizes)))

    def subject(key: str, name: str, days: list[str], *more: str) -> Subject:
        span = days[0][:4], days[-1][:4]
        return Subject(
            key,
            name,
            [bench.ours(built.db, "diff", *span, *more, "--all", "--format", "json")],
            answer=answers.diff,
            expected=partial(answers.wanted_series, reckoned, days),
        )

    return Contest(
        "series",
        f"diff: a series and its parts, {built.name} movements",
        [
            subject("one", "`compliance diff` over one year", NEW_YEARS[-2:]),
            subject("whole", "`compliance diff` over 35 years", [NEW_YEARS[0], NEW_YEARS[-1]]),
            subject("every", "`compliance diff --every year`", NEW_YEARS, "--every", "year"),
        ],
        guess=6,
    )


def project(bench: Bench) -> Contest:
    """Looking ahead from the last day with what is planned."""
    subjects = bench.on_each(
        f"project --as-of {LAST_DAY} --until {LAST_YEAR + 5}",
        answers.project,
        partial(_counts, LAST_DAY),
        *("project", "--as-of", LAST_DAY, "--until", str(LAST_YEAR + 5), "--format", "json"),
    )
    return Contest("project", "project over five years", subjects, guess=bench.guess(5))


def verify(bench: Bench) -> Contest:
    """Every hash found again, against reading the movements once and hashing them."""
    subjects = bench.on_each(
        "history verify", answers.verified, answers.wanted_rows, "history", "verify", codes=(0,)
    )
    built, reckoned = bench.built(bench.largest)
    subjects.append(
        Subject(
            "hash",
            f"the table read and hashed, {built.name} movements",
            [bench.script(sys.executable, "with_sqlite.py", "hash", str(built.db))],
            answer=lambda output: answers.printed(output)["rows"],
            expected=lambda: answers.wanted_group(reckoned)["rows"],
            note="every stored movement row in its order through `repr` into one SHA-256; what "
            "movements share, stored once, is not read again with each; no declarations, chain, "
            "corrections or balances",
        )
    )
    return Contest("verify", "verify", subjects, guess=bench.guess(60))
