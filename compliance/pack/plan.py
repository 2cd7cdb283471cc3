"""Which commands answer a question: the outputs of a pack, in a fixed order.

Nothing is ever run because a pack says so. Its manifest is compared with what stands here.
"""

from __future__ import annotations

from collections.abc import Iterable

from compliance.pack.manifest import OUTPUTS, Question
from compliance.values.frozen import frozen

ANSWER = f"{OUTPUTS}/audit.json"
"""The output of which the rest is planned: it says which rows there are."""

_AUDIT = {
    "audit.json": ("--format", "json"),
    "audit.txt": (),
    "audit-details.txt": ("--details",),
    "audit-by-category.txt": ("--by", "category"),
    "audit.md": ("--format", "markdown"),
    "audit.csv": ("--format", "csv", "--report", "headroom"),
    "findings.csv": ("--format", "csv", "--report", "violations"),
}
# No workbook: how it is compressed differs between machines. The others hold its cells.
_REPORT = {
    "report.html": (),
    "report.md": ("--format", "markdown"),
    "report.csv": ("--format", "csv"),
    "report.json": ("--format", "json"),
}
_TABLES = {"txt": (), "json": ("--format", "json"), "csv": ("--format", "csv")}


@frozen
class Planned:
    """A command to run: its arguments, and the file that takes what it prints."""

    file: str
    arguments: tuple[str, ...]


def answers(question: Question) -> list[Planned]:
    """Return the audits of a question, the one that says which rows there are first."""
    asked = ("audit", *_day(question), *_selection(question), *_reading(question))
    return [Planned(f"{OUTPUTS}/{file}", (*asked, *more)) for file, more in _AUDIT.items()]


def explanations(question: Question, rows: Iterable[tuple[str, str]]) -> list[Planned]:
    """Return what explains the rows of the answer, the report, what compares and looks ahead.

    Args:
        question: what was asked.
        rows: Party and category of each row.
    """
    found = []
    shared = (*_day(question), *_reading(question))
    for party, category in rows:
        place = f"{OUTPUTS}/explain/{party}-{category}"
        asked = ("explain", party, category, *shared)
        found.append(Planned(f"{place}.txt", (*asked, "--all")))
        found.append(Planned(f"{place}.json", (*asked, "--format", "json")))
    day = question.as_of.isoformat()
    if question.since is not None:
        between = ("diff", question.since.isoformat(), day)
        known = ("--known-at", question.known_at) if question.known_at else ()
        asked = (*between, *known, *_selection(question), *_reading(question))
        found.extend(_tables("diff", asked))
    until = ("--until", question.until.isoformat()) if question.until else ()
    asked = ("report", *_day(question), *_selection(question), *_reading(question), *until)
    found.extend(Planned(f"{OUTPUTS}/{file}", (*asked, *more)) for file, more in _REPORT.items())
    if question.until is not None:
        asked = ("project", "--until", question.until.isoformat(), *_day(question))
        found.extend(_tables("project", (*asked, *_selection(question), *_reading(question))))
    return found


def _tables(name: str, asked: tuple[str, ...]) -> Iterable[Planned]:
    for ending, more in _TABLES.items():
        yield Planned(f"{OUTPUTS}/{name}.{ending}", (*asked, *more))


def _day(question: Question) -> tuple[str, ...]:
    known = ("--known-at", question.known_at) if question.known_at else ()
    return ("--as-of", question.as_of.isoformat(), *known)


def _selection(question: Question) -> tuple[str, ...]:
    parties = [word for party in question.parties for word in ("--party", party)]
    categories = [word for item in question.categories for word in ("--category", item)]
    return (*parties, *categories)


def _reading(question: Question) -> tuple[str, ...]:
    basis = ("--basis", question.basis.value) if question.basis else ()
    readings = [word for item in question.readings for word in ("--reading", item)]
    stale = ("--accept-stale",) if question.accept_stale else ()
    return (*basis, *readings, *stale)
