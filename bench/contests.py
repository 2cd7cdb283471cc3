"""Every contest by its name."""

from __future__ import annotations

from collections.abc import Callable

from bench.engines import ceilings, one_day, scenarios
from bench.loading import imports, startup, text_journals
from bench.measure import Contest
from bench.reading import audit, diff, project, series, verify
from bench.stage import END_OF_YEAR, OTHER_DAY, Bench

ALL: dict[str, Callable[[Bench], Contest]] = {
    "startup": startup,
    "import": imports,
    "audit": lambda bench: audit(bench, "audit", END_OF_YEAR, "audit at a 31 December", 1),
    "other-day": lambda bench: audit(bench, "other-day", OTHER_DAY, "audit at any other day", 3),
    "diff": diff,
    "series": series,
    "project": project,
    "verify": verify,
    "journals": text_journals,
    "day": one_day,
    "ceilings": ceilings,
    "scenarios": scenarios,
}
"""Every contest by the name that ``--only`` takes, in the order in which they are run."""
