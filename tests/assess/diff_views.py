"""What the tests of ``diff`` share: an agreement with an amended ceiling, and comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from small_law import ACV, START, TANK, TYPES, WHOLE, gathered, law, limit

from compliance.agreement.provisions import Period
from compliance.agreement.select import Readings
from compliance.assess.compared import Diff, DiffRow
from compliance.assess.diff import diff
from compliance.assess.standing import Request
from compliance.assess.walk import View
from compliance.values.records import Row

AMENDED = date(2020, 6, 15)
LAW = law(
    replace(limit("serbia", TANK, 12), period=Period(START, AMENDED)),
    replace(limit("serbia", TANK, "9..10"), period=Period(AMENDED)),
    replace(limit("serbia", ACV, 20), period=Period(START, AMENDED)),
    limit("croatia", TANK, 7),
    limit(WHOLE, TANK, 30),
)
ALL = Request(as_of=START, readings=Readings(), parties=("serbia", "croatia", WHOLE))


def view(submissions: Sequence[Sequence[Row]], closed: dict[str, str] | None = None) -> View:
    answers = [f"{q}={a}" for q, a in (closed or {}).items()]
    return View(LAW, TYPES.get, Readings.from_options(LAW, answers), gathered(submissions))


def between(submissions: Sequence[Sequence[Row]], *days: date, **closed: str) -> list[Diff]:
    seen = view(submissions, closed)
    return list(diff(seen, seen, days, ALL))


def row(result: Diff, party: str = "serbia", category: str = TANK) -> DiffRow:
    return next(r for r in result.rows if (r.after.party, r.after.category) == (party, category))
