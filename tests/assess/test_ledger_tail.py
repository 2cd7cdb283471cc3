"""The few rows that the ledger picks for a day give the same audit as all rows there are."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from random_rows import DAYS, EVERYBODY, ledgers
from small_law import ACV, TANK, WHOLE, audited, gathered, law, limit
from sqlalchemy import URL, event

from compliance import resources
from compliance.assess.result import Audit, FindingKind
from compliance.ledger.append import record
from compliance.ledger.balances import evidence
from compliance.ledger.connect import open_engine
from compliance.ledger.reading import reading
from compliance.ledger.schema import create
from compliance.values.evidence import Evidence
from compliance.values.records import Row
from compliance.values.vocabulary import Basis

LAW = law(limit("serbia", TANK, 12), limit("croatia", TANK, 5), limit(WHOLE, TANK, 20))
Recorder = Callable[[Sequence[Sequence[Row]]], URL]


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Recorder:
    """Return a function that records submissions in a new ledger."""
    folder = tmp_path_factory.mktemp("ledgers")
    template = folder / "template.db"
    url = URL.create("sqlite", database=str(template))
    create(url, resources.folder("migrations"), lambda _engine: None)
    numbers = itertools.count()

    def make(submissions: Sequence[Sequence[Row]]) -> URL:
        path: Path = folder / f"{next(numbers)}.db"
        shutil.copy(template, path)
        made = url.set(database=str(path))
        engine = open_engine(made, writing=True)
        # These ledgers need not outlive a power cut.
        event.listen(engine, "connect", lambda c, _: c.execute("PRAGMA synchronous = OFF").close())
        for rows in submissions:
            record(engine, rows, recorded_by="tester", command="test")
        engine.dispose()
        return made

    return make


def _selected(url: URL, day: date, categories: Sequence[str], basis: Basis | None) -> Evidence:
    with reading(url.render_as_string(hide_password=False)) as ledger:
        return evidence(ledger, as_of=day, parties=EVERYBODY, categories=categories, basis=basis)


def _figures(result: Audit, categories: Sequence[str]) -> list[object]:
    rows = [
        (
            (row.party, row.category, row.held, row.not_counted, row.counted, row.judged),
            (row.headroom, row.verdict, row.conditional, row.stale, row.basis, row.stated_by),
            (row.declared_as_of, row.tipping, row.questions),
        )
        for row in result.rows
        if row.category in categories
    ]
    # What lies outside the limits is shown of the rows in view; the rest is of the rows in use.
    findings = sorted(
        {
            (f.kind.value, f.party, f.category, f.message)
            for f in result.findings
            if f.category in categories and f.kind is not FindingKind.OUTSIDE
        }
    )
    return [rows, findings]


def _compare(
    recorder: Recorder,
    submissions: Sequence[Sequence[Row]],
    day: date,
    categories: Sequence[str],
    basis: Basis | None,
) -> None:
    url = recorder(submissions)
    selected = _selected(url, day, categories, basis)
    few = audited(LAW, selected, day=day, basis=basis)
    every = audited(LAW, gathered(submissions), day=day, basis=basis)
    assert _figures(few, categories) == _figures(every, categories)
    Path(str(url.database)).unlink()


CATEGORIES = st.sampled_from([(TANK, ACV), (TANK,), (ACV,)])
BASES = st.one_of(st.none(), st.none(), st.sampled_from(Basis))


# A ledger for each example takes its time: a failure is made smaller, not explained.
PHASES = (Phase.explicit, Phase.generate, Phase.shrink)


@settings(max_examples=80, deadline=None, database=None, derandomize=True, phases=PHASES)
@given(submissions=ledgers(EVERYBODY, most=6), day=DAYS, categories=CATEGORIES, basis=BASES)
def test_the_rows_selected_are_all_that_matter(
    recorder: Recorder,
    submissions: list[list[Row]],
    day: date,
    categories: tuple[str, ...],
    basis: Basis | None,
) -> None:
    _compare(recorder, submissions, day, categories, basis)


@pytest.mark.long
@settings(max_examples=1500, deadline=None, database=None, phases=PHASES)
@given(submissions=ledgers(EVERYBODY, most=10), day=DAYS, categories=CATEGORIES, basis=BASES)
def test_the_rows_selected_are_all_that_matter_at_length(
    recorder: Recorder,
    submissions: list[list[Row]],
    day: date,
    categories: tuple[str, ...],
    basis: Basis | None,
) -> None:
    _compare(recorder, submissions, day, categories, basis)
