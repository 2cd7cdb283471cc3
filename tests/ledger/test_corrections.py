"""What was recorded stands until it is corrected or taken back, and what was said stays known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_rows import LATE, get, held, moved, put
from sqlalchemy import URL, event

from compliance.ledger.append import AlreadyRecorded, Receipt, record
from compliance.ledger.chain import head, instant
from compliance.ledger.connect import open_engine
from compliance.ledger.reading import over
from compliance.ledger.schema import open_ledger
from compliance.ledger.verify import verify
from compliance.values.errors import ComplianceError
from compliance.values.evidence import Evidence
from compliance.values.records import Entry, Holding, Movement, Withdrawal
from compliance.values.vocabulary import Basis

START = datetime(2020, 1, 1, tzinfo=UTC)


def _record(
    url: URL, entries: Sequence[Entry], *, at: datetime | None = None, once: bool = False
) -> Receipt:
    engine = open_engine(url, writing=True)
    try:
        return record(
            engine, entries, recorded_by="tester", command="test", recorded_at=at, once=once
        )
    finally:
        engine.dispose()


def _submissions(url: URL) -> int:
    engine = open_ledger(url, writing=False)
    try:
        with engine.connect() as connection:
            assert verify(connection).sound
            return head(over(connection)).id
    finally:
        engine.dispose()


def _moved(found: Evidence) -> list[int | None]:
    return sorted(item.row.quantity.low or 0 for item in found.movements)


def _name(receipt: Receipt, line: int = 1) -> str:
    return f"{receipt.content_sha256[:12]}:{line}"


def test_what_is_withdrawn_is_neither_held_nor_moved_but_stays_known(ledger: URL) -> None:
    first = _record(ledger, [held(1, "2019-01-01"), held(7, "2020-01-01"), moved(3)], at=START)
    later = START + timedelta(days=1)
    _record(ledger, [Withdrawal(_name(first, 2)), Withdrawal(_name(first, 3))], at=later)
    now = get(ledger)
    assert [d.rows[0].row.quantity.low for d in now.declarations] == [1]
    assert now.movements == ()
    before = get(ledger, known_at=instant(later - timedelta(microseconds=1)))
    assert [d.rows[0].row.quantity.low for d in before.declarations] == [7]
    assert _moved(before) == [3]


def test_a_withdrawal_is_not_a_declared_zero(ledger: URL) -> None:
    first = put(ledger, [held(7)])
    put(ledger, [Withdrawal(_name(first))])
    assert get(ledger) == Evidence((), ())
    put(ledger, [held(0)])
    (declaration,) = get(ledger).declarations
    assert declaration.covers("battle_tank")


def test_what_was_withdrawn_can_be_said_again_in_its_own_declaration(ledger: URL) -> None:
    first = put(ledger, [held(7), held(5, category="artillery")])
    second = put(ledger, [Withdrawal(_name(first))])
    put(ledger, [held(8, corrects=_name(second))])
    (declaration,) = get(ledger).declarations
    assert declaration.order == 1
    assert sorted(item.row.quantity.low or 0 for item in declaration.rows) == [5, 8]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda first, second: Withdrawal(_name(second, 1)), "names no row"),
        (lambda first, second: Withdrawal(""), "names no row"),
        (lambda first, second: moved(1, corrects=_name(second, 1)), "names no row"),
        (lambda first, second: held(1, corrects=_name(second, 2)), "names no row"),
        (lambda first, second: Withdrawal(_name(first, 1)), "withdrawn already, by '{}:1'"),
        (lambda first, second: held(1, corrects=_name(first, 1)), "withdrawn already, by '{}:1'"),
        (lambda first, second: Withdrawal(_name(first, 3)), "corrected already, by '{}:3'"),
        (lambda first, second: moved(9, corrects=_name(first, 3)), "corrected already, by '{}:3'"),
    ],
)
def test_only_what_is_in_force_is_corrected_or_withdrawn(
    ledger: URL, make: Callable[[Receipt, Receipt], Entry], said: str
) -> None:
    first = put(ledger, [held(1), moved(2), moved(3)])
    withdrawals = [Withdrawal(_name(first, 1)), Withdrawal(_name(first, 2))]
    second = put(ledger, [*withdrawals, moved(4, corrects=_name(first, 3))])
    with pytest.raises(ComplianceError, match=said.format(second.content_sha256[:12])) as caught:
        put(ledger, [moved(99), make(first, second)])
    assert caught.value.todo
    assert _submissions(ledger) == 2


def test_the_end_of_a_chain_of_corrections_is_named(ledger: URL) -> None:
    receipts = [put(ledger, [held(1)])]
    for quantity in (2, 3, 4):
        receipts.append(put(ledger, [held(quantity, corrects=_name(receipts[-1]))]))
    for earlier in receipts[:-1]:
        with pytest.raises(ComplianceError, match=f"by '{_name(receipts[-1])}'"):
            put(ledger, [held(9, corrects=_name(earlier))])
    (declaration,) = get(ledger).declarations
    assert [item.row.quantity.low for item in declaration.rows] == [4]


def test_a_row_is_not_withdrawn_and_corrected_at_once(ledger: URL) -> None:
    first = put(ledger, [moved(1)])
    for other in (moved(2, corrects=_name(first)), Withdrawal(_name(first), "again")):
        with pytest.raises(ComplianceError, match="withdrawn and corrected in one submission"):
            put(ledger, [Withdrawal(_name(first)), other])
    assert _submissions(ledger) == 1


def test_the_same_content_is_recognised_and_the_earlier_submission_named(ledger: URL) -> None:
    rows = [held(1), moved(2)]
    first = _record(ledger, rows, once=True)
    put(ledger, [moved(3)])
    with pytest.raises(AlreadyRecorded, match="by submission 1 at") as caught:
        _record(ledger, rows, once=True)
    assert caught.value.earlier == first
    assert _submissions(ledger) == 2
    # Another order or one row more is other content; and who asks for it may repeat himself.
    _record(ledger, rows[::-1], once=True)
    _record(ledger, rows)
    assert _submissions(ledger) == 4


def test_content_that_was_corrected_is_not_recorded_beside_its_correction(ledger: URL) -> None:
    first = put(ledger, [moved(1), moved(2)])
    second = put(ledger, [moved(5, corrects=_name(first)), Withdrawal(_name(first, 2))])
    with pytest.raises(AlreadyRecorded):
        _record(ledger, [moved(1), moved(2)], once=True)
    third = put(ledger, [moved(6, corrects=_name(second))])
    with pytest.raises(AlreadyRecorded):
        _record(ledger, [moved(1), moved(2)], once=True)
    put(ledger, [Withdrawal(_name(third))])
    _record(ledger, [moved(1), moved(2)], once=True)
    assert _moved(get(ledger)) == [1, 2]


def test_what_was_undone_may_be_done_again_and_undone_again(ledger: URL) -> None:
    for _ in range(3):
        done = _record(ledger, [moved(1), held(2)], once=True)
        assert _moved(get(ledger)) == [1]
        undo = [Withdrawal(_name(done, 1)), Withdrawal(_name(done, 2))]
        _record(ledger, undo, once=True)
        assert get(ledger) == Evidence((), ())
    assert _submissions(ledger) == 6


def test_what_was_withdrawn_and_said_again_stands_recorded(ledger: URL) -> None:
    first = put(ledger, [moved(1)])
    second = put(ledger, [Withdrawal(_name(first))])
    put(ledger, [moved(1, corrects=_name(second))])
    with pytest.raises(AlreadyRecorded):
        _record(ledger, [moved(1)], once=True)


def test_a_correction_repeated_is_recognised(ledger: URL) -> None:
    first = put(ledger, [moved(1)])
    second = _record(ledger, [moved(2, corrects=_name(first))], once=True)
    with pytest.raises(AlreadyRecorded) as caught:
        _record(ledger, [moved(2, corrects=_name(first))], once=True)
    assert caught.value.earlier == second


def test_a_correction_of_many_rows_asks_for_many_at_once(ledger: URL) -> None:
    """Not for each row by itself: that took a quarter of a minute for 20,000 rows."""
    count = 1000
    first = put(ledger, [moved(n) if n % 2 else held(n, source=f"{n}") for n in range(count)])
    engine = open_engine(ledger, writing=True)
    statements: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def _count(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    withdrawals = [Withdrawal(_name(first, line)) for line in range(1, count + 1)]
    for entries in (withdrawals, [moved(1)]):
        record(engine, entries, recorded_by="tester", command="test", once=True)
    second = get(ledger)
    assert [item.row for item in second.movements] == [moved(1)]
    with pytest.raises(ComplianceError, match=f"'{_name(first, 8)}' was withdrawn already"):
        record(engine, [moved(2), moved(1, corrects=_name(first, 8))], recorded_by="x", command="x")
    engine.dispose()
    assert len(statements) < 80


def test_one_submission_may_correct_rows_of_very_many(ledger: URL) -> None:
    receipts = [put(ledger, [moved(number), moved(1)]) for number in range(60)]
    put(ledger, [moved(100 + n, corrects=_name(r)) for n, r in enumerate(receipts)])
    assert _moved(get(ledger)) == [1] * 60 + list(range(100, 160))
    assert _submissions(ledger) == 61


def test_an_archive_keeps_its_times_in_their_order(ledger: URL) -> None:
    first = _record(ledger, [moved(1)], at=START)
    assert first.recorded_at == "2020-01-01T00:00:00.000000Z"
    again = _record(ledger, [moved(2)], at=START)
    assert again.recorded_at == first.recorded_at
    for wrong, said in (
        (START - timedelta(microseconds=1), "cannot follow the last one"),
        (datetime(9999, 1, 1, tzinfo=UTC), "in the future"),
        (START.replace(tzinfo=None), "time zone is missing"),
    ):
        with pytest.raises(ComplianceError, match=said):
            _record(ledger, [moved(3)], at=wrong)
    assert _submissions(ledger) == 2
    assert _record(ledger, [moved(3)]).recorded_at > again.recorded_at


@dataclass
class _Row:
    """A row in the plain replay: what, since when, until when, and in whose declaration."""

    ref: str
    entry: Entry
    since: int
    root: int
    until: int = 10**9


@dataclass
class _Replay:
    """The ledger as a list, for comparison."""

    rows: list[_Row] = field(default_factory=list)

    def in_force(self, at: int) -> list[_Row]:
        return [row for row in self.rows if row.since <= at < row.until]

    def evidence(self, at: int, day: date) -> tuple[set[object], set[object]]:
        """Return the declarations and the movements that bear on a day, as known then."""
        known = self.in_force(at)
        declared: dict[object, list[_Row]] = {}
        newest: dict[object, tuple[date, int, object]] = {}
        moves: set[object] = set()
        for row in known:
            entry = row.entry
            if isinstance(entry, Holding):
                whole = (row.root, entry.as_of, entry.basis)
                declared.setdefault(whole, []).append(row)
                if entry.as_of.last <= day and entry.category != "none":
                    about = (entry.category, entry.basis)
                    candidate = (entry.as_of.last, row.root, whole)
                    newest[about] = max(
                        newest.get(about, candidate), candidate, key=lambda item: item[:2]
                    )
            elif isinstance(entry, Movement) and entry.date.first <= day:
                moves.add((row.ref, entry))
        heads = {item[2] for item in newest.values()}
        return {
            (head, frozenset((row.ref, row.entry) for row in declared[head])) for head in heads
        }, moves


_Act = tuple[str, int, int, str, str, Basis]
_DAYS = st.sampled_from(["2020-01-01", "2020-02-01", "2020-03-01"])
_ACTS = st.tuples(
    st.sampled_from(["hold", "move", "correct", "correct", "correct", "withdraw"]),
    st.integers(0, 50),
    st.integers(0, 9),
    _DAYS,
    st.sampled_from(["battle_tank", "armoured_combat_vehicle", "none"]),
    st.sampled_from([Basis.DECLARED, Basis.PRESS]),
)


def _some(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, database=None, derandomize=True)


_SUBMISSIONS = st.lists(st.lists(_ACTS, min_size=1, max_size=4), min_size=1, max_size=7)


@_some(8)
@given(acts=_SUBMISSIONS)
def test_any_corrections_come_to_what_a_plain_replay_comes_to(
    new_ledger: Callable[[], URL], acts: list[list[_Act]]
) -> None:
    _compare(new_ledger(), acts)


@pytest.mark.long
@_some(150)
@given(acts=_SUBMISSIONS)
def test_very_many_corrections_come_to_what_a_plain_replay_comes_to(
    new_ledger: Callable[[], URL], acts: list[list[_Act]]
) -> None:
    _compare(new_ledger(), acts)


def _compare(url: URL, acts: list[list[_Act]]) -> None:
    replay = _Replay()
    count = 0
    for act in acts:
        number = count + 1
        entries: list[Entry] = []
        targets: list[_Row | None] = []
        for what, pick, quantity, day, category, basis in act:
            kind, target = what, None
            if what in {"correct", "withdraw"}:
                standing = [r for r in replay.in_force(count) if r not in targets]
                if what == "withdraw":
                    standing = [r for r in standing if not isinstance(r.entry, Withdrawal)]
                if not standing:
                    continue
                target = standing[pick % len(standing)]
                original = target
                while isinstance(original.entry, Withdrawal):
                    name = original.entry.corrects
                    original = next(r for r in replay.rows if r.ref == name)
                kind = "hold" if isinstance(original.entry, Holding) else "move"
            name = target.ref if target else ""
            # No two rows alike, so that each reference means one row.
            if what == "withdraw":
                entries.append(Withdrawal(name, f"{number}"))
            elif kind == "hold":
                row = held(quantity, day, category=category, basis=basis, corrects=name)
                entries.append(replace(row, more=replace(row.more, ref=f"{number}.{len(entries)}")))
            else:
                move = moved(quantity, day, category=category, corrects=name)
                more = replace(move.more, ref=f"{number}.{len(entries)}")
                entries.append(replace(move, more=more))
            targets.append(target)
        if not entries:
            continue
        receipt = _record(url, entries, at=START + timedelta(days=number))
        count = number
        for line, (entry, target) in enumerate(zip(entries, targets, strict=True), start=1):
            root = number
            if target is not None:
                target.until = number
                root = target.root
            replay.rows.append(_Row(_name(receipt, line), entry, number, root))
    for at in range(count + 1):
        for day in (date(2020, 1, 31), LATE):
            moment = instant(START + timedelta(days=at))
            # One category was never declared: so the whole past of the movements is in view.
            found = get(url, as_of=day, known_at=moment, categories=["battle_tank", "never"])
            declarations: set[object] = {
                (
                    (item.order, item.as_of, item.basis),
                    frozenset((row.ref, row.row) for row in item.rows),
                )
                for item in found.declarations
            }
            movements: set[object] = {(item.ref, item.row) for item in found.movements}
            assert (declarations, movements) == replay.evidence(at, day)
    assert count == 0 or get(url) == get(url, known_at=instant(START + timedelta(days=count)))
    assert _submissions(url) == count
