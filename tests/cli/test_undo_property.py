"""Whatever was recorded before: after undo every figure is as if it had not been recorded."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from compliance.agreement.select import Readings
from compliance.assess.audit import audit
from compliance.assess.standing import Request
from compliance.cli.world import World
from compliance.ledger.append import record
from compliance.ledger.balances import evidence
from compliance.ledger.chain import head
from compliance.ledger.connect import locate
from compliance.ledger.history import changes, find, submissions
from compliance.ledger.reading import over
from compliance.ledger.reversal import reversal
from compliance.ledger.schema import open_ledger
from compliance.report.audit_json import document
from compliance.values.dates import DateSpan
from compliance.values.errors import ComplianceError
from compliance.values.records import Account, Entry, Holding, Movement, Particulars, Withdrawal
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status

WORLD = World()
_NAME = re.compile(r"[0-9a-f]{12}:[0-9]+")
PARTIES = ("serbia", "croatia")
DAYS = (date(2020, 6, 30), date(2021, 6, 30), date(2031, 1, 1))
_DATE = st.sampled_from(["2020-01-01", "2020-03-01", "2020-01-01..2020-12-31", "2021-01-01"])
_DATES = _DATE.map(DateSpan.parse)
_QUANTITIES = st.sampled_from(["5", "7", "20", "3..9", "15.."]).map(Span.parse)
_BASES = st.sampled_from([Basis.DECLARED, Basis.NOTIFIED, Basis.OFFICIAL, Basis.PRESS])
_TYPES = st.sampled_from(["M-84", "T-55", "CH-92A"])
_HOLDINGS = st.builds(
    Holding,
    party=st.sampled_from(PARTIES),
    as_of=_DATES,
    basis=_BASES,
    category=st.sampled_from(["battle_tank", "artillery", "none"]),
    type=st.one_of(st.just(""), _TYPES),
    status=st.sampled_from([Status.OVERALL, Status.STORED, Status.RESEARCH_DEVELOPMENT]),
    quantity=_QUANTITIES,
    source=st.sampled_from(["synthetic", "synthetic, another"]),
)
_MOVEMENTS = st.builds(
    Movement,
    date=_DATES,
    type=_TYPES,
    category=st.just(""),
    quantity=_QUANTITIES,
    origin=st.sampled_from(["@import", "serbia"]).map(Account.parse),
    destination=st.sampled_from(["croatia", "croatia:stored"]).map(Account.parse),
    state=st.sampled_from(State),
    basis=_BASES,
    source=st.just("synthetic"),
)
_ROWS = st.lists(st.one_of(_HOLDINGS, _MOVEMENTS), min_size=1, max_size=3)
# What is done in turn: rows recorded; rows in force corrected, split or withdrawn; an undo.
_STEPS = st.lists(
    st.one_of(
        _ROWS,
        st.tuples(
            st.sampled_from(["correct", "split", "withdraw", "mixed"]),
            st.integers(0, 99),
            _QUANTITIES,
        ),
        st.tuples(st.just("undo"), st.integers(0, 99), _QUANTITIES),
    ),
    min_size=2,
    max_size=7,
)


@pytest.fixture(scope="module")
def template(program: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("property") / "template.db"
    assert program("--db", path, "db", "init", "--empty").code == 0
    return path


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_after_undo_every_figure_is_as_before(template: Path, steps: list[Any]) -> None:
    _try(template, steps)


@pytest.mark.long
@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_after_undo_every_figure_is_as_before_at_length(template: Path, steps: list[Any]) -> None:
    _try(template, steps)


def _try(template: Path, steps: list[Any]) -> None:
    """Take each step, undo it, undo the undo: back to before, and back to after."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(template, Path(folder) / "ledger.db"))
        engine = open_ledger(locate(str(path)), writing=True)
        try:
            for step in steps:
                entries = _entries(engine, step)
                if not entries:
                    continue
                before = _answers(engine)
                _record(engine, entries)
                after = _answers(engine)
                _undo(engine)
                assert _answers(engine) == before
                _undo(engine)
                assert _answers(engine) == after
        finally:
            engine.dispose()


def _entries(engine: Engine, step: Any) -> list[Entry]:
    """Return what a step records, or nothing where it has nothing to do."""
    if isinstance(step, list):
        return step
    kind, pick, quantity = step
    with engine.connect() as connection:
        if kind == "undo":
            last = head(over(connection)).id
            if last == 0:
                return []
            try:
                return reversal(connection, find(over(connection), str(1 + pick % last)), "")
            except ComplianceError:
                return []
        standing = {
            change.ref: change.entry
            for item in submissions(over(connection))
            for change in changes(over(connection), item.id)
            if not change.corrected_by and not isinstance(change.entry, Withdrawal)
        }
    if not standing:
        return []
    names = list(standing)
    ref = names[pick % len(names)]
    if kind == "withdraw":
        return [Withdrawal(ref)]
    corrected = _corrected(standing[ref], ref, quantity)
    if kind == "correct":
        return [corrected]
    if kind == "split":
        return [corrected, _corrected(standing[ref], ref, Span.exactly(1))]
    other = names[(pick + 1) % len(names)]
    return [corrected, *([Withdrawal(other)] if other != ref else [])]


def _corrected(entry: Entry, ref: str, quantity: Span) -> Entry:
    assert not isinstance(entry, Withdrawal)
    return replace(entry, quantity=quantity, more=Particulars(corrects=ref))


def _record(engine: Engine, entries: list[Entry]) -> None:
    record(engine, entries, recorded_by="tests", command="a step")


def _undo(engine: Engine) -> None:
    """Undo the last submission."""
    with engine.connect() as connection:
        entries = reversal(connection, find(over(connection), str(head(over(connection)).id)), "")
    _record(engine, entries)


def _answers(engine: Engine) -> str:
    """Return the audits of some days without the names of rows, which are their own."""
    law = WORLD.law
    found = []
    with engine.connect() as connection:
        for day in DAYS:
            asked = Request(as_of=day, readings=Readings.from_options(law), parties=PARTIES)
            bearing = evidence(
                over(connection),
                as_of=day,
                parties=PARTIES,
                categories=[category.id for category in law.categories],
            )
            found.append(_nameless(document(audit(law, WORLD.lookup, bearing, asked))))
    return json.dumps(found, indent=1)


def _nameless(value: Any) -> Any:
    """Leave out the names of rows, and of findings, which are made of them.

    Rows that say the same and were recorded twice have one name, until one of them is corrected;
    what stands under one name is listed once. So everything listed is compared without repetition.
    """
    if isinstance(value, dict):
        return {k: _nameless(v) for k, v in value.items() if k not in ("ref", "id")}
    if isinstance(value, list):
        found: list[Any] = []
        for item in value:
            shown = "a row" if _NAME.fullmatch(str(item)) else _nameless(item)
            if shown not in found:
                found.append(shown)
        return found
    return value
