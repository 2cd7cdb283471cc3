"""The goals, as data: who against whom, in which contest, and what the ratio must be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """A bound on a ratio of medians, or on memory.

    Attributes:
        what: the row's name.
        contest: in which it is measured.
        ours: the subject that is bounded.
        other: what it is measured against; empty for memory.
        at_most: the highest ratio of our median to the other's.
        faster: the lowest ratio of the other's median to ours.
        memory: the most bytes at any time.
        sizes: the ledgers without which it cannot be judged.
    """

    what: str
    contest: str
    ours: str
    other: str = ""
    at_most: float | None = None
    faster: float | None = None
    memory: int | None = None
    sizes: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """The goal in words."""
        if self.at_most is not None:
            return f"at most {self.at_most:g}"
        if self.faster is not None:
            return f"at least {self.faster:g} times faster"
        return f"at most {self.memory // 1_000_000} MB" if self.memory else "none set"


SMALL, MIDDLE, LARGE = "10k", "1m", "10m"
SIZES = {SMALL: 10_000, MIDDLE: 1_000_000, LARGE: 10_000_000}
JOURNAL, JOURNAL_MOVEMENTS = "100k", 100_000

GOALS = (
    Goal("`compliance --help` against `python -c pass`", "startup", "help", "python", 4.5),
    Goal(
        "`compliance audit` on the shipped data against the import of sqlalchemy, click, tabulate",
        *("startup", "audit", "imports", 1.25),
    ),
    Goal("the same against `sqlite-utils query` of one SELECT", "startup", "audit", "query", 0.75),
    Goal(
        "import of 1 million movements, everything on, against `csv` and `executemany`",
        *("import", "ours", "floor", 2.5),
        sizes=(MIDDLE,),
    ),
    Goal(
        "the same against `sqlite-utils insert --csv`",
        *("import", "ours", "utils"),
        faster=5,
        sizes=(MIDDLE,),
    ),
    Goal("peak memory of that import", "import", "ours", memory=100_000_000, sizes=(MIDDLE,)),
    Goal(
        "audit at a 31 December, whole process, 10 million movements against 10 thousand",
        *("audit", "ours 10m", "ours 10k", 1.3),
        sizes=(SMALL, LARGE),
    ),
    Goal(
        "audit at any other day, 10 million against 10 thousand",
        *("other-day", "ours 10m", "ours 10k", 1.6),
        sizes=(SMALL, LARGE),
    ),
    Goal(
        "`diff --every year` over 35 years, 10 million, against one plain GROUP BY pass",
        *("diff", "ours 10m", "group", 0.05),
        sizes=(LARGE,),
    ),
    Goal(
        "100 thousand movements, load and check, against `hledger bal`",
        *("journals", "ours", "hledger"),
        faster=4,
        sizes=(JOURNAL,),
    ),
    Goal(
        "the same against `bean-check`",
        *("journals", "ours", "beancount"),
        faster=4,
        sizes=(JOURNAL,),
    ),
    Goal(
        "verify of 10 million movements against reading the table once and hashing it",
        *("verify", "ours 10m", "hash", 3),
        sizes=(LARGE,),
    ),
    Goal(
        "single purchases judged by the screen against a plain loop over the years",
        *("scenarios", "screen", "loop"),
        faster=8,
    ),
    Goal("`diff --every year` over 35 years against one year", "series", "every", "one"),
    Goal("`diff --every year` over 35 years against one diff over all", "series", "every", "whole"),
    Goal("counts of one day against DuckDB on the CSV files", "day", "ours", "duckdb"),
    Goal("counts of one day against pandas on the CSV files", "day", "ours", "pandas"),
    Goal("150 limits checked against `openfisca-core`", "ceilings", "ours", "openfisca"),
)
"""The last ones, without a bound, are for comparison: nothing was set for them."""

GROWTH = (
    ("audit", "audit at a 31 December"),
    ("other-day", "audit at any other day"),
    ("diff", "diff --every year over 35 years"),
    ("project", "project over five years"),
    ("verify", "history verify"),
)
"""The contests of which the table of growth shows our subjects."""
