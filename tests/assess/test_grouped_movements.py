"""Movements told in groups give the same answers as the same movements row by row."""

from __future__ import annotations

import itertools
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from random_rows import EVERYBODY
from small_law import ACV, PARTS, TANK, TYPES, WHOLE, audited, law, limit
from sqlalchemy import URL, event

from compliance import resources
from compliance.agreement.select import Readings
from compliance.assess import jumps
from compliance.assess.bearing import Bearing
from compliance.assess.compared import Every
from compliance.assess.count import Counter as Count
from compliance.assess.diff import compare, series
from compliance.assess.folding import folding
from compliance.assess.overlay import Ground
from compliance.assess.project import project
from compliance.assess.result import FindingKind
from compliance.assess.standing import Request
from compliance.assess.walk import View
from compliance.ledger import tails
from compliance.ledger.append import record
from compliance.ledger.background import background
from compliance.ledger.balances import evidence
from compliance.ledger.connect import open_engine
from compliance.ledger.history import changes
from compliance.ledger.reading import Reading, reading
from compliance.ledger.schema import create
from compliance.values.dates import DateSpan
from compliance.values.evidence import OTHERS, Evidence, Folding
from compliance.values.records import (
    Account,
    Entry,
    Holding,
    Movement,
    Particulars,
    Withdrawal,
)
from compliance.values.span import ZERO, Span, total
from compliance.values.vocabulary import Basis, State, Status

LAW = law(limit("serbia", TANK, 12), limit("croatia", TANK, 5), limit(WHOLE, TANK, 20))
CATEGORIES = (TANK, ACV)
# Days about which years and declarations turn, and some in between.
_DAYS = st.sampled_from(
    [
        *(date(2018, 1, 1), date(2018, 12, 31), date(2019, 1, 1), date(2019, 3, 15)),
        *(date(2019, 7, 1), date(2019, 12, 30), date(2019, 12, 31), date(2020, 1, 1)),
        *(date(2020, 1, 2), date(2020, 6, 30), date(2020, 12, 31), date(2021, 2, 1)),
    ]
)
_DATES = st.one_of(
    _DAYS.map(DateSpan.on),
    _DAYS.map(DateSpan.on),
    st.tuples(_DAYS, _DAYS).map(lambda pair: DateSpan(min(pair), max(pair))),
)
_QUANTITIES = st.sampled_from(["1", "2", "3", "5", "2..4", "1.."]).map(Span.parse)
_PARTIES = st.sampled_from(["serbia", "serbia", "serbia", "croatia", WHOLE, *PARTS])
_STATUSES = st.sampled_from([Status.OVERALL, Status.OVERALL, Status.RESEARCH_DEVELOPMENT])
_ACCOUNTS = st.one_of(
    st.builds(Account, _PARTIES, _STATUSES),
    st.sampled_from(["@import:France", "@import:Chad", "@lost", "@reduced:destroyed"]).map(
        Account.parse
    ),
)
_MOVEMENTS = st.builds(
    Movement,
    date=_DATES,
    type=st.sampled_from(["M-84", "Light", "Mystery"]),
    category=st.sampled_from([TANK, ""]),
    quantity=_QUANTITIES,
    origin=_ACCOUNTS,
    destination=_ACCOUNTS,
    state=st.sampled_from([State.DONE, State.DONE, State.DONE, State.PLANNED]),
    basis=st.sampled_from([Basis.DECLARED, Basis.DECLARED, Basis.PRESS]),
    source=st.sampled_from(["synthetic", "synthetic, another"]),
    more=st.sampled_from([Particulars(), Particulars(), Particulars(marking="restricted")]),
)
_HOLDINGS = st.builds(
    Holding,
    party=_PARTIES,
    as_of=_DATES,
    basis=st.sampled_from([Basis.DECLARED, Basis.DECLARED, Basis.PRESS, Basis.OBSERVED]),
    category=st.sampled_from([TANK, TANK, ACV]),
    type=st.sampled_from(["", "M-84"]),
    status=st.just(Status.OVERALL),
    quantity=_QUANTITIES.map(lambda span: span + Span.exactly(4)),
    source=st.just("synthetic"),
)
_STEPS = st.lists(
    st.one_of(
        st.lists(_MOVEMENTS, min_size=1, max_size=6),
        st.lists(_HOLDINGS, min_size=1, max_size=2),
        st.tuples(st.integers(0, 99), st.one_of(st.none(), _QUANTITIES)),
    ),
    min_size=1,
    max_size=6,
)
Step = Any
Recorder = Callable[[Sequence[Step]], tuple[URL, list[str]]]


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Recorder:
    """Return a function that makes a ledger of steps, and the moments at which they were known."""
    folder = tmp_path_factory.mktemp("ledgers")
    template = folder / "template.db"
    create(
        URL.create("sqlite", database=str(template)),
        resources.folder("migrations"),
        lambda _engine: None,
    )
    numbers = itertools.count()

    def make(steps: Sequence[Step]) -> tuple[URL, list[str]]:
        path = folder / f"{next(numbers)}.db"
        shutil.copy(template, path)
        url = URL.create("sqlite", database=str(path))
        return url, fill(url, steps)

    return make


def fill(url: URL, steps: Sequence[Step]) -> list[str]:
    """Record steps: rows, or a correction or withdrawal of a row of the submission before."""
    engine = open_engine(url, writing=True)
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", lambda c, _: c.execute("PRAGMA synchronous = OFF").close())
    known: list[str] = []
    for step in steps:
        rows = _correction(url, len(known), *step) if isinstance(step, tuple) else step
        if rows:
            known.append(record(engine, rows, recorded_by="tester", command="test").recorded_at)
    engine.dispose()
    return known


def _correction(url: URL, last: int, number: int, quantity: Span | None) -> list[Entry]:
    if not last:
        return []
    with _reading(url) as ledger:
        found = [c for c in changes(ledger, last) if isinstance(c.entry, Movement)]
    if not found:
        return []
    chosen = found[number % len(found)]
    if quantity is None:
        return [Withdrawal(chosen.ref)]
    more = Particulars(corrects=chosen.ref)
    assert isinstance(chosen.entry, Movement)
    return [replace(chosen.entry, quantity=quantity, more=more)]


@contextmanager
def _reading(url: URL) -> Iterator[Reading]:
    with reading(url.render_as_string(hide_password=False)) as opened:
        yield opened


def _request(day: date, known_at: str | None, basis: Basis | None) -> Request:
    return Request(as_of=day, readings=Readings(), known_at=known_at, basis=basis)


def _folding(*, by_type: bool) -> Folding:
    return folding(LAW, Count(LAW, TYPES.get, Readings()), by_type=by_type)


def _selected(ledger: Reading, request: Request, **stretch: Any) -> Evidence:
    return evidence(
        ledger,
        as_of=stretch.pop("until", request.as_of),
        known_at=request.known_at,
        parties=EVERYBODY,
        wholes=(WHOLE,) if "since" in stretch else (),
        categories=CATEGORIES,
        basis=request.basis,
        **stretch,
    )


def audit_answers(ledger: Reading, request: Request) -> list[object]:
    """Return what an audit says, but for the rows it rests on and their words."""
    found = _selected(ledger, request, folding=_folding(by_type=True))
    around = background(
        ledger,
        found,
        as_of=request.as_of,
        months=LAW.current_months,
        known_at=request.known_at,
        parties=EVERYBODY,
        compared=jumps.COMPARED,
        changed=jumps.unexplained(LAW, TYPES.get),
        basis=request.basis,
    )
    result = audited(LAW, replace(found, background=around), day=request.as_of, basis=request.basis)
    kinds = {
        *(FindingKind.EXCEEDS, FindingKind.DISCREPANCY, FindingKind.BELOW_ZERO),
        *(FindingKind.UNEXPLAINED_JUMP, FindingKind.OVERDUE, FindingKind.STALE_DECLARATION),
    }
    return [
        *(
            (row.party, row.category, row.held, row.not_counted, row.counted, row.judged,
             row.headroom, row.verdict, row.declared_as_of, row.tipping, row.questions)
            for row in result.rows
        ),
        *sorted((f.kind.value, f.message) for f in result.findings if f.kind in kinds),
        # It tells the movements behind it.
        *sorted(
            (f.party, f.category)
            for f in result.findings
            if f.kind is FindingKind.ACCOUNT_BELOW_ZERO
        ),
        *(note.effects for note in result.questions),
    ]  # fmt: skip


def diff_answers(
    ledger: Reading, request: Request, start: date, every: Every | None
) -> list[object]:
    """Return what a comparison says, its causes added up by kind."""
    end = request.as_of
    days = (start, end) if every is None else series(start, end, every)
    found = _selected(ledger, request, since=start, days=days, folding=_folding(by_type=False))
    view = View(LAW, TYPES.get, request.readings, found, request.known_at)
    answers: list[object] = []
    for period in compare(view, view, start, end, request, every=every).periods:
        for row in period.rows:
            sums: dict[str, Counter[str]] = {}
            for cause in row.causes:
                of_kind = sums.setdefault(cause.kind.value, Counter())
                of_kind["low"] += cause.change.low or 0
                of_kind["high"] += cause.change.high or 0
            told = {kind: some for kind, some in sums.items() if any(some.values())}
            answers.append(
                (period.end, row.after.party, row.after.category, row.before.counted,
                 row.after.counted, row.after.headroom, row.after.verdict, row.change,
                 told if None not in (row.change.low, row.change.high) else None)
            )  # fmt: skip
    return answers


def project_answers(ledger: Reading, request: Request, until: date) -> list[object]:
    """Return what a look ahead says, day by day."""
    found = _selected(ledger, request, until=until, since=request.as_of)
    seen = project(Ground(LAW, request.readings, found), TYPES.get, request, until)
    return [
        (course.party, course.category, course.peak, course.may_exceed, course.exceeds,
         course.least_room, course.break_even,
         [(at.day, at.counted, at.headroom, at.verdict, at.room) for at in course.lines])
        for course in seen.courses
    ]  # fmt: skip


def sides_told(ledger: Reading, request: Request, *, by_type: bool) -> list[object]:
    """Return what each kind of other side gave to a holder with its parts, or took from it."""
    found = _selected(ledger, request, folding=_folding(by_type=by_type))
    bearing = Bearing(found, Count(LAW, TYPES.get, Readings()))
    told: list[object] = []
    for holders, category in itertools.product((["serbia"], [WHOLE, *PARTS]), CATEGORIES):
        sums: dict[tuple[object, ...], Span] = {}
        for item in bearing.movements(holders, category):
            row = item.row
            assert not item.parts or total(part for _, part in item.parts) == row.quantity
            sides = {"out": (row.origin, row.destination), "in": (row.destination, row.origin)}
            for way, (side, other) in sides.items():
                if side.party not in holders or other.party in holders:
                    continue
                place = "" if other == OTHERS else other.place
                kind = place if place.startswith("@reduced") else place.partition(":")[0]
                for at, quantity in item.parts or ((kind, row.quantity),):
                    key = way, at, str(side), row.state
                    sums[key] = sums.get(key, ZERO) + quantity
        told.append(sums)
    return told


def both_ways(
    ledger: Reading, days: tuple[date, date], known_at: str | None, basis: Basis | None
) -> tuple[list[list[object]], list[list[object]]]:
    """Return all answers with every movement told in groups, and with every one by itself."""
    start, end = min(days), max(days)
    request = _request(end, known_at, basis)
    found: list[list[list[object]]] = []
    for many in (-1, 1_000_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tails, "MANY", many)
            found.append(
                [
                    audit_answers(ledger, request),
                    sides_told(ledger, request, by_type=True),
                    sides_told(ledger, request, by_type=False),
                    diff_answers(ledger, request, start, None),
                    diff_answers(ledger, request, start, Every.YEAR),
                    project_answers(ledger, _request(start, known_at, basis), end),
                ]
            )
    return found[0], found[1]


def _compare(
    recorder: Recorder,
    steps: Sequence[Step],
    days: tuple[date, date],
    known: int | None,
    basis: Basis | None,
) -> None:
    url, moments = recorder(steps)
    known_at = None if known is None or not moments else moments[known % len(moments)]
    with _reading(url) as ledger:
        told, single = both_ways(ledger, days, known_at, basis)
    assert told == single
    Path(str(url.database)).unlink()


_ASKED = {
    "steps": _STEPS,
    "days": st.tuples(_DAYS, _DAYS),
    "known": st.one_of(st.none(), st.none(), st.integers(0, 5)),
    "basis": st.sampled_from([None, None, None, Basis.DECLARED, Basis.PRESS]),
}
# A ledger for each example takes its time: a failure is made smaller, not explained.
PHASES = (Phase.explicit, Phase.generate, Phase.shrink)


@settings(max_examples=40, deadline=None, database=None, derandomize=True, phases=PHASES)
@given(**_ASKED)
def test_groups_give_the_answers_that_rows_give(
    recorder: Recorder,
    steps: list[Step],
    days: tuple[date, date],
    known: int | None,
    basis: Basis | None,
) -> None:
    _compare(recorder, steps, days, known, basis)


@pytest.mark.long
@settings(max_examples=1500, deadline=None, database=None, phases=PHASES)
@given(**_ASKED)
def test_groups_give_the_answers_that_rows_give_at_length(
    recorder: Recorder,
    steps: list[Step],
    days: tuple[date, date],
    known: int | None,
    basis: Basis | None,
) -> None:
    _compare(recorder, steps, days, known, basis)


def _many_steps() -> list[Step]:
    """Return a ledger of two hundred movements, some corrected, and declarations in between."""
    pick = random.Random(7)
    start = date(2018, 1, 1)
    steps: list[Step] = []
    for number in range(10):
        rows = []
        for _ in range(20):
            first = start + timedelta(days=pick.randrange(1200))
            last = first + timedelta(days=pick.choice((0, 0, 0, 40, 400)))
            party = Account(pick.choice(("serbia", "serbia", "croatia", *PARTS)))
            outside = Account.parse(pick.choice(("@import:Chad", "@lost", "@production")))
            sides = [party, outside]
            pick.shuffle(sides)
            rows.append(
                Movement(
                    DateSpan(first, last),
                    pick.choice(("M-84", "Light", "M-80")),
                    pick.choice((TANK, "")),
                    pick.choice((Span.exactly(1), Span.exactly(3), Span(1, 2))),
                    *sides,
                    pick.choice((State.DONE, State.DONE, State.DONE, State.PLANNED)),
                    pick.choice((Basis.DECLARED, Basis.DECLARED, Basis.PRESS)),
                    "synthetic",
                )
            )
        steps += [rows, (number, None), rows[:3], (number, Span.exactly(4))]
        as_of = DateSpan.on(start + timedelta(days=120 * number))
        for party in ("serbia", "croatia", *PARTS):
            row = Holding(
                party, as_of, Basis.DECLARED, TANK, "", Status.OVERALL, Span.exactly(9), "synthetic"
            )
            steps.append([row, replace(row, category=ACV)])
    return steps


@pytest.mark.long
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_so_they_do_for_many_rows_on_each_database(
    kind: str, recorder: Recorder, request: pytest.FixtureRequest
) -> None:
    if kind == "postgresql":
        url = request.getfixturevalue("server").new_ledger()
        moments = fill(url, _many_steps())
    else:
        url, moments = recorder(_many_steps())
    with _reading(url) as ledger:
        for days, known_at in (
            ((date(2019, 3, 15), date(2020, 6, 30)), None),
            ((date(2018, 12, 31), date(2020, 12, 31)), None),
            ((date(2019, 1, 1), date(2021, 2, 1)), moments[len(moments) // 2]),
        ):
            told, single = both_ways(ledger, days, known_at, None)
            assert told == single
