# ruff: noqa: T201, S311 - it prints what it measures, on numbers that need not be secret
"""Judges single purchases against a range of years, and tells how long that took.

    python -m bench.scenarios screen|loop

The same purchases are judged by ``compliance.assess.screen``, or by a plain loop over the years and
the days in them on which anything changes. The verdicts must be the same, and some are checked
against the full evaluation, which lays each purchase over the evidence and counts anew. The ledger
is synthetic; the law is the shipped one.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from compliance import resources
from compliance.agreement.load import load
from compliance.agreement.select import Readings
from compliance.assess.overlay import Ground, lay_over
from compliance.assess.screen import Screen
from compliance.assess.standing import Request, Standing, Standings
from compliance.assess.timeline import course, turning_days
from compliance.assess.types import no_catalogue
from compliance.values.dates import DateSpan
from compliance.values.evidence import Declaration, Evidence, RecordedHolding, RecordedMovement
from compliance.values.records import Account, Holding, Movement
from compliance.values.scenario import Scenario
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status, Verdict

PARTY, CATEGORY = "croatia", "armoured_combat_vehicle"
START = date(2026, 1, 2)
SEED, CHECKED = 4, 100

Purchase = tuple[int, int, date, date]


def movement(number: int, dates: DateSpan, quantity: Span, *, leaves: bool) -> RecordedMovement:
    """Return a synthetic movement of the party."""
    party, outside = Account(PARTY), Account(place="@export" if leaves else "@import")
    origin, destination = (party, outside) if leaves else (outside, party)
    row = Movement(
        dates,
        "",
        CATEGORY,
        quantity,
        origin,
        destination,
        State.DONE,
        Basis.DECLARED,
        "synthetic, for measuring",
    )
    return RecordedMovement(f"synthetic:{number}", row)


def ledger(years: int, chance: random.Random) -> Evidence:
    """Return a declaration and two movements for every year, one in and one out."""
    day = START - timedelta(days=1)
    total = Holding(
        PARTY,
        DateSpan.on(day),
        Basis.DECLARED,
        CATEGORY,
        "",
        Status.OVERALL,
        Span.exactly(250),
        "synthetic, for measuring",
    )
    declared = Declaration(
        PARTY,
        total.as_of,
        total.basis,
        total.source,
        1,
        (RecordedHolding("synthetic:0", total),),
    )
    moves = []
    for number in range(1, 2 * years + 1):
        first = START + timedelta(days=chance.randrange(365 * years))
        dates = DateSpan(first, first + timedelta(days=chance.choice([0, 90, 400])))
        low = chance.randrange(1, 12)
        quantity = Span(low, low + chance.choice([0, 0, 5]))
        moves.append(movement(number, dates, quantity, leaves=number % 2 == 0))
    return Evidence((declared,), tuple(moves))


def purchases(count: int, years: int, chance: random.Random) -> list[Purchase]:
    """Return purchases of any size and time in the range."""
    found = []
    for _ in range(count):
        low = chance.randrange(0, 120)
        first = START + timedelta(days=chance.randrange(365 * years))
        last = first + timedelta(days=chance.choice([0, 30, 365, 1000]))
        found.append((low, low + chance.choice([0, 0, 10, 40]), first, last))
    return found


def plain_loop(
    found: Sequence[Standing], until: date
) -> Callable[[Sequence[Purchase]], list[Verdict]]:
    """Return a judge that walks through every year, and every day in it that turns anything."""
    ends = [*(s.day - timedelta(days=1) for s in found[1:]), until]
    years: dict[int, list[tuple[date, int, int, int]]] = {}
    for standing, last in zip(found, ends, strict=True):
        ceiling = standing.judgement.ceiling
        counted = standing.position.uncut
        assert ceiling is not None
        assert ceiling.low is not None
        assert counted.low is not None
        assert counted.high is not None
        row = (last, counted.low, counted.high, ceiling.low)
        years.setdefault(standing.day.year, []).append(row)

    # Everything looked up once, as one would write it by hand.
    steps_of = [years.get(year, []) for year in range(START.year, until.year + 1)]

    def judge_all(asked: Sequence[Purchase]) -> list[Verdict]:
        return [judge(low, high, first, last) for low, high, first, last in asked]

    def judge(low: int, high: int, first: date, last: date) -> Verdict:
        verdict = Verdict.WITHIN
        for steps in steps_of:
            for end, least, most, ceiling in steps:
                if (least + low if last <= end else least) > ceiling:
                    return Verdict.EXCEEDS
                if (most + high if first <= end else most) > ceiling:
                    verdict = Verdict.INDETERMINATE
        return verdict

    return judge_all


def full_evaluation(ground: Ground, until: date, purchase: Purchase) -> Verdict:
    """Lay a purchase over the evidence and count anew."""
    low, high, first, last = purchase
    item = movement(0, DateSpan(first, last), Span(low, high), leaves=False)
    over = lay_over(ground, Scenario("purchase", (item.row,)))
    found = {standing.verdict for standing in _course(over, until)}
    if Verdict.EXCEEDS in found:
        return Verdict.EXCEEDS
    return Verdict.WITHIN if found == {Verdict.WITHIN} else Verdict.INDETERMINATE


def _course(ground: Ground, until: date) -> tuple[Standing, ...]:
    request = Request(as_of=START, readings=ground.readings, age_on=START)
    standings = Standings(ground.law, no_catalogue, ground.evidence, request)
    party, category = ground.law.party(PARTY), ground.law.category(CATEGORY)
    assert party is not None
    assert category is not None
    return course(standings, party, category, turning_days(standings, party, START, until))


def main(way: str, count: int = 100_000, years: int = 20) -> None:
    """Judge purchases one way, ``screen`` or ``loop``, and print the time and the verdicts."""
    chance = random.Random(SEED)
    law = load(
        resources.folder("rules") / "florence-1996",
        find=lambda name: resources.folder("rules") / name,
    )
    ground = Ground(law, Readings.from_options(law), ledger(years, chance))
    until = date(START.year + years - 1, 12, 31)
    found = _course(ground, until)
    judge_all: Callable[[Sequence[Purchase]], list[Verdict]]
    if way == "screen":
        judge_all = Screen(found, until, since=START, accept_stale=False).judge_all
    else:
        judge_all = plain_loop(found, until)
    asked = purchases(count, years, chance)
    begun = time.perf_counter()
    verdicts = judge_all(asked)
    taken = time.perf_counter() - begun
    some = zip(asked[:CHECKED], verdicts, strict=False)
    told = {
        "seconds": taken,
        "verdicts": Counter(verdict.value for verdict in verdicts),
        "digest": hashlib.sha256(" ".join(verdicts).encode()).hexdigest(),
        "right": all(full_evaluation(ground, until, one) is answer for one, answer in some),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
