"""Whatever the ledger: an explanation ends in the audit's numbers, and its lines add up to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from explained_small import added, bounds, cut, every, explained, widest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_rows import DAYS, EVERYBODY, READINGS, ledgers
from small_law import ACV, PARTIES, TANK, TYPES, audited, held, law, limit

from compliance.assess.explained import Account, Outcome
from compliance.values.records import Row
from compliance.values.span import Span
from compliance.values.vocabulary import Basis

LAW = law(*(limit(p, c, "8..12") for p in EVERYBODY for c in (TANK, ACV)))
BASES = st.sampled_from([None, None, None, Basis.DECLARED, Basis.PRESS])
ALL_CLOSED = {
    "party-claims": "accepted",
    "row-or-catalogue": "row",
    "light-tanks": "tank",
    "rd": "excluded",
}


def _adds_up(account: Account) -> None:
    position = account.position
    if position.counted is None:
        assert account.sums == ()
        return
    assert account.sums, account.unsummed
    for case in account.sums:
        assert added(line.adds for line in case.lines) == bounds(case.uncut)
        assert cut(bounds(case.uncut)) == bounds(case.counted)
    assert widest([bounds(case.uncut) for case in account.sums]) == bounds(position.uncut)
    assert widest([bounds(case.counted) for case in account.sums]) == bounds(position.counted)
    by_ref = {ref: line.adds for s in account.sums for line in s.lines for ref in line.refs}
    if len(account.sums) == 1:
        # What a row is said to add is what its line adds; what has no line adds nothing.
        for step in (*account.rows, *account.movements):
            line = by_ref.get(step.item.ref)
            assert bounds(step.adds) == (bounds(line) if line else (0, 0))


def _check(
    submissions: Sequence[Sequence[Row]], day: date, basis: Basis | None, answers: dict[str, str]
) -> int:
    options = [f"{question}={answer}" for question, answer in answers.items()]
    result = audited(LAW, submissions, day=day, readings=options, basis=basis)
    opened = 0
    for row in result.rows:
        found = explained(
            LAW,
            submissions,
            party=row.party,
            category=row.category,
            day=day,
            readings=options,
            basis=basis,
        )
        assert found.row == row
        assert found.account.position.counted == row.counted
        for account in every(found.account):
            _adds_up(account)
            opened += len(account.sums) > 1
            shown = {step.item.ref for step in account.movements}
            shown |= {item.item.ref for item in account.left_out}
            assert len(shown) == len(account.movements) + len(account.left_out)
        if row.counted is not None and row.ceiling is not None:
            low, high = bounds(row.counted)
            assert row.headroom is not None
            assert bounds(row.headroom) == (
                None if high is None else 8 - high,
                12 - (low or 0),
            )
    return opened


@settings(max_examples=60)
@given(submissions=ledgers(EVERYBODY, most=4), day=DAYS, basis=BASES, closed=READINGS)
def test_the_lines_add_up_to_the_audit(
    submissions: list[list[Row]], day: date, basis: Basis | None, closed: dict[str, str]
) -> None:
    _check(submissions, day, basis, closed)


@settings(max_examples=40)
@given(submissions=ledgers(most=5), day=DAYS)
def test_with_every_question_closed_there_is_one_sum(
    submissions: list[list[Row]], day: date
) -> None:
    """The rule on items awaiting export is not read in the text and has no question to close."""
    held = [
        [row for row in rows if "awaiting_export" not in str(row.content())] for rows in submissions
    ]
    assert _check([rows for rows in held if rows], day, None, ALL_CLOSED) == 0


@pytest.mark.long
@settings(max_examples=1500)
@given(submissions=ledgers(EVERYBODY, most=6), day=DAYS, basis=BASES, closed=READINGS)
def test_the_lines_add_up_to_the_audit_at_length(
    submissions: list[list[Row]], day: date, basis: Basis | None, closed: dict[str, str]
) -> None:
    _check(submissions, day, basis, closed)


@settings(max_examples=60)
@given(submissions=ledgers(most=4), day=DAYS)
def test_every_row_of_the_category_is_explained_once(
    submissions: list[list[Row]], day: date
) -> None:
    for party in PARTIES:
        found = explained(LAW, submissions, party=party, day=day).account
        if found.used is None:
            assert found.rows == ()
            continue
        told = [step.item.ref for step in found.rows]
        assert len(told) == len(set(told))
        own = {item.ref for item in found.used.rows if item.row.category == TANK}
        assert own <= set(told)
        for step in found.rows:
            if step.item.ref in own:
                continue
            known = TYPES[step.item.row.type]
            assert known.may_be(TANK)
        for step in found.rows:
            if step.outcome in (Outcome.INSIDE, Outcome.DOES_NOT_COUNT, Outcome.LEFT_OUT):
                assert bounds(step.adds) == (0, 0)
            assert step.why or step.catalogue


def test_the_checks_see_a_wrong_line() -> None:
    """The proof above can fail: one line changed by one does not add up."""
    account = explained(LAW, [[held(7)]]).account
    _adds_up(account)
    (only,) = account.sums
    (line,) = only.lines
    wrong = replace(only, lines=(replace(line, adds=Span.exactly(8)),))
    with pytest.raises(AssertionError):
        _adds_up(replace(account, sums=(wrong,)))
