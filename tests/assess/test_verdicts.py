"""The verdict: for the whole of both spans or not at all, and never a pass by default."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_rows import DAYS, READINGS, ledgers
from small_law import (
    ACV,
    DAY,
    TANK,
    TYPES,
    audited,
    cited,
    gathered,
    held,
    law,
    limit,
    moved,
    row,
    row_of,
)

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import CeilingGap, Gap, Period
from compliance.agreement.select import Readings
from compliance.assess.count import Counter
from compliance.assess.judge import compare, judge
from compliance.assess.position import Positions
from compliance.values.dates import add_months
from compliance.values.records import Row
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, LawStatus, Status, Verdict

TOP = 6
SPANS = [
    Span(low, high)
    for low in (None, *range(TOP))
    for high in (None, *range(TOP))
    if low is None or high is None or low <= high
]


def _numbers(span: Span) -> range:
    """All numbers of a span, as far as they can matter below ``TOP``."""
    low = -1 if span.low is None else span.low
    high = TOP + 1 if span.high is None else span.high
    return range(low, high + 1)


@pytest.mark.parametrize("counted", SPANS, ids=str)
def test_a_verdict_holds_for_every_count_and_every_ceiling_or_there_is_none(
    counted: Span,
) -> None:
    for ceiling in SPANS:
        pairs = list(itertools.product(_numbers(counted), _numbers(ceiling)))
        if all(count <= most for count, most in pairs):
            expected = Verdict.WITHIN
        elif all(count > most for count, most in pairs):
            expected = Verdict.EXCEEDS
        else:
            expected = Verdict.INDETERMINATE
        assert compare(counted, ceiling) is expected, (counted, ceiling)


@pytest.mark.parametrize("low", range(4))
@pytest.mark.parametrize("high", [*range(4), None])
@pytest.mark.parametrize("ceiling", range(4))
def test_the_audit_judges_as_the_table_says(low: int, high: int | None, ceiling: int) -> None:
    if high is not None and low > high:
        low, high = high, low
    stated = held(f"{low}..{'' if high is None else high}")
    found = row(law(limit("serbia", TANK, ceiling)), [stated], day=date(2020, 6, 1))
    within = high is not None and high <= ceiling
    expected = Verdict.WITHIN if within else Verdict.INDETERMINATE
    if low > ceiling:
        expected = Verdict.EXCEEDS
    assert found.verdict is expected
    assert not found.conditional
    assert found.counted == Span(low, high)
    assert found.headroom == Span(None if high is None else ceiling - high, ceiling - low)


CEILED = law(limit("serbia", TANK, 100), limit("serbia", ACV, 100))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([held(100)], Verdict.WITHIN),
        ([held(101)], Verdict.EXCEEDS),
        ([held("100..101")], Verdict.INDETERMINATE),
        ([held("101..")], Verdict.EXCEEDS),
        ([held("1..")], Verdict.INDETERMINATE),
        ([held(1, withheld=True)], Verdict.INDETERMINATE),
        ([held(1, status=Status.IN_SERVICE)], Verdict.INDETERMINATE),
        ([held(1, category=ACV)], Verdict.INDETERMINATE),
        ([], Verdict.INDETERMINATE),
        ([moved(1)], Verdict.INDETERMINATE),
        ([moved(101)], Verdict.EXCEEDS),
        ([moved(101, basis=Basis.PRESS)], Verdict.INDETERMINATE),
    ],
)
def test_what_is_not_known_is_never_a_pass(rows: list[Row], expected: Verdict) -> None:
    assert row(CEILED, rows).verdict is expected


def test_a_figure_speaks_for_thirteen_months_and_not_a_day_longer() -> None:
    rows = [held(1, as_of="2019-01-31")]
    last = date(2020, 2, 29)
    assert add_months(date(2019, 1, 31), 13) == last
    found = row(CEILED, rows, day=last)
    assert (found.verdict, found.stale) == (Verdict.WITHIN, False)
    found = row(CEILED, rows, day=date(2020, 3, 1))
    assert (found.verdict, found.stale) == (Verdict.INDETERMINATE, True)
    assert found.counted == Span(1, 1)
    found = row(CEILED, rows, day=date(2020, 3, 1), accept_stale=True)
    assert (found.verdict, found.stale) == (Verdict.WITHIN, True)


def test_an_old_figure_over_the_ceiling_is_no_excess_of_today() -> None:
    rows = [held(101, as_of="2015-01-01")]
    assert row(CEILED, rows).verdict is Verdict.INDETERMINATE
    assert row(CEILED, rows, accept_stale=True).verdict is Verdict.EXCEEDS


def test_a_figure_over_some_days_speaks_from_its_last() -> None:
    rows = [held(1, as_of="2018-01-01..2019-12-01")]
    assert row(CEILED, rows).verdict is Verdict.WITHIN


@pytest.mark.parametrize(
    ("quantity", "excess", "finding"),
    [(99, "-1", False), (100, "0", False), (104, "4", True), ("99..104", "-1..4", True)],
)
def test_a_limit_that_does_not_bind_yet_shows_the_excess_to_be_reduced(
    quantity: int | str, excess: str, finding: bool
) -> None:
    agreement = law(limit("serbia", TANK, 100, binding_from=date(2021, 1, 1)))
    result = audited(agreement, [[held(quantity)]], day=date(2020, 12, 31))
    found = row_of(result)
    assert found.verdict is Verdict.NOT_BINDING
    assert found.headroom is not None
    assert str(-found.headroom) == excess
    assert ("excess_to_be_reduced" in {f.kind.value for f in result.findings}) is finding
    bound = row(agreement, [held(104)], day=date(2021, 1, 1))
    assert bound.verdict is Verdict.EXCEEDS


def test_a_derived_ceiling_gives_a_verdict_only_by_consent_and_conditionally() -> None:
    derived = limit(
        "serbia", TANK, "40..60", status=LawStatus.DERIVED, question="derived", accepting="use"
    )
    agreement = law(derived)
    for readings in [(), ("derived=wait",)]:
        found = row(agreement, [held(10)], readings=readings)
        assert (found.verdict, found.ceiling, found.headroom) == (Verdict.INDETERMINATE, None, None)
        assert found.ceiling_derived == Span(40, 60)
    for quantity, verdict in [(40, "within"), (41, "indeterminate"), (61, "exceeds")]:
        found = row(agreement, [held(quantity)], readings=["derived=use"])
        assert found.verdict.value == verdict
        assert found.conditional is (verdict != "indeterminate")
        assert found.ceiling == Span(40, 60)


def test_a_default_that_the_pack_applies_is_no_consent_to_a_derived_ceiling() -> None:
    derived = limit(
        "serbia", TANK, 60, status=LawStatus.DERIVED, question="derived", accepting="use"
    )
    applied = tuple(
        replace(q, default="use", applied=True) if q.id == "derived" else q for q in law().questions
    )
    found = row(law(derived, questions=applied), [held(10)])
    assert (found.verdict, found.ceiling) == (Verdict.INDETERMINATE, None)


def test_a_verdict_by_a_reading_of_the_reader_is_conditional_and_by_a_default_is_not() -> None:
    rows = [held(95), held(10, status=Status.RESEARCH_DEVELOPMENT)]
    assert row(CEILED, rows).verdict is Verdict.INDETERMINATE
    closed = row(CEILED, rows, readings=["rd=excluded"])
    assert (closed.verdict, closed.conditional) == (Verdict.WITHIN, True)
    closed = row(CEILED, rows, readings=["rd=counted"])
    assert (closed.verdict, closed.conditional) == (Verdict.EXCEEDS, True)
    unrelated = row(CEILED, [held(95)], readings=["rd=counted"])
    assert (unrelated.verdict, unrelated.conditional) == (Verdict.WITHIN, False)
    applied = tuple(replace(q, applied=True) if q.id == "rd" else q for q in CEILED.questions)
    by_default = audited(replace(CEILED, questions=applied), [rows])
    assert row_of(by_default).verdict is Verdict.WITHIN
    assert not row_of(by_default).conditional
    assert [(q.id, q.how) for q in by_default.questions] == [("rd", "applied")]


def test_without_a_ceiling_there_is_no_verdict_and_the_break_even_is_said() -> None:
    found = row(law(), [held("7..9")])
    assert (found.verdict, found.ceiling, found.headroom) == (Verdict.INDETERMINATE, None, None)
    said = " ".join(found.tipping)
    assert "any ceiling of at least 9" in said
    assert "any ceiling below 7" in said
    gap = CeilingGap(Period(date(1996, 1, 1)), "not known.", cited(), ("serbia",), (TANK,))
    result = audited(replace(law(), ceiling_gaps=(gap,)), [[held(9)]])
    assert "law_not_known" in {f.kind.value for f in result.findings}


def test_where_membership_is_not_certain_there_is_no_verdict() -> None:
    first = CEILED.parties[0]
    unsure = replace(
        first, memberships=(), gaps=(Gap(Period(date(1996, 1, 1)), "not certain", cited()),)
    )
    agreement = replace(CEILED, parties=(unsure, *CEILED.parties[1:]))
    for quantity in (1, 1000):
        assert row(agreement, [held(quantity)]).verdict is Verdict.INDETERMINATE


def test_an_incomplete_count_is_never_within_even_if_it_looks_closed() -> None:
    counter = Counter(CEILED, TYPES.get, Readings())
    position = Positions(CEILED, counter, gathered([[held(9)]]), None).at("serbia", TANK, DAY)
    for complete, stale, expected in [
        (True, False, Verdict.WITHIN),
        (False, False, Verdict.INDETERMINATE),
        (True, True, Verdict.INDETERMINATE),
        (False, True, Verdict.INDETERMINATE),
    ]:
        judgement = judge(
            replace(position, complete=complete, stale=stale),
            CEILED.ceiling("serbia", TANK, DAY),
            Readings(),
            day=DAY,
            accept_stale=False,
            membership_certain=True,
        )
        assert judgement.verdict is expected


# --- Over random ledgers -------------------------------------------------------------------------

RANDOM = settings(max_examples=100, deadline=None, database=None, derandomize=True)
CEILINGS = st.sampled_from(["0", "5", "20", "3..12", "10..40"])


def _random_law(ceiling: str, *, derived: bool, binding: bool) -> Agreement:
    return law(
        limit(
            "serbia",
            TANK,
            ceiling,
            status=LawStatus.DERIVED if derived else LawStatus.TEXT,
            question="derived" if derived else "",
            accepting="use" if derived else "",
            binding_from=date(1996, 1, 1) if binding else date(2030, 1, 1),
        )
    )


@RANDOM
@given(
    submissions=ledgers(most=4),
    day=st.one_of(DAYS, st.just(date(2022, 6, 1))),
    closed=READINGS,
    ceiling=CEILINGS,
    derived=st.booleans(),
    binding=st.booleans(),
    consent=st.booleans(),
    accept_stale=st.booleans(),
)
def test_within_is_only_said_with_everything_it_needs(
    submissions: Sequence[Sequence[Row]],
    day: date,
    closed: dict[str, str],
    ceiling: str,
    derived: bool,
    binding: bool,
    consent: bool,
    accept_stale: bool,
) -> None:
    readings = [f"{q}={a}" for q, a in closed.items()] + ["derived=use"] * consent
    agreement = _random_law(ceiling, derived=derived, binding=binding)
    result = audited(agreement, submissions, day=day, readings=readings, accept_stale=accept_stale)
    declared = [
        item
        for rows in submissions
        for item in rows
        if hasattr(item, "as_of")
        and (item.party, item.category) == ("serbia", TANK)
        and item.as_of.last <= day
    ]
    for found in result.rows:
        if found.verdict is not Verdict.WITHIN:
            continue
        assert (found.party, found.category) == ("serbia", TANK)
        assert declared
        assert accept_stale or any(add_months(i.as_of.last, 13) >= day for i in declared)
        assert binding
        assert consent or not derived
        assert found.conditional or not derived
        assert found.counted is not None
        assert found.counted.high is not None
        assert found.counted.high <= (Span.parse(ceiling).low or 0)
    if not binding and (consent or not derived):
        assert row_of(result).verdict is Verdict.NOT_BINDING


def test_a_day_stands_for_its_end() -> None:
    assert row(CEILED, [held(1, as_of=str(DAY))]).verdict is Verdict.WITHIN
    assert row(CEILED, [held(1, as_of="2021-01-01")]).verdict is Verdict.INDETERMINATE
