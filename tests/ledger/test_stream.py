"""A long stream is recorded exactly as the same rows one by one, and its sums are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_rows import HOLDINGS, MOVEMENTS, ask, days, everything, held, moved, put, sums
from sqlalchemy import URL

from compliance.ledger import bulk, many_rows, prepared, shapes, turnover
from compliance.ledger.append import Receipt, record
from compliance.ledger.connect import open_engine
from compliance.ledger.history import submissions
from compliance.ledger.reading import over
from compliance.ledger.reversal import reversal
from compliance.ledger.turnover import kept, recomputed
from compliance.values.errors import ComplianceError
from compliance.values.lines import Line
from compliance.values.records import Entry, Holding, Movement, Particulars, Withdrawal
from compliance.values.vocabulary import Basis, State

SOME = settings(max_examples=6, deadline=None, database=None, derandomize=True)
AT = datetime(2020, 1, 1, tzinfo=UTC)


def _line(row: Holding | Movement, made: dict[Any, Any]) -> Line:
    """Return a row as a line that shares its parts with those made before."""
    dates = row.as_of if isinstance(row, Holding) else row.date
    more = replace(row.more, ref="", note="")
    shape = replace(row, basis=Basis.DECLARED, source="", more=more)
    parts = (made.setdefault((type(part), part), part) for part in (shape, dates, row.quantity))
    return Line(*parts, row.basis, row.source, row.more.ref, row.more.note)


def _recorded(url: URL, rows: Iterable[Line | Entry], at: datetime = AT) -> Receipt:
    engine = open_engine(url, writing=True)
    try:
        return record(engine, rows, recorded_by="tester", command="test", recorded_at=at)
    finally:
        engine.dispose()


def _sums_are_right(url: URL) -> None:
    engine = open_engine(url, writing=False)
    with engine.connect() as connection:
        assert kept(connection) == recomputed(connection)
    engine.dispose()


# Few values of each kind, so that rows share shapes, dates and quantities.
_POOL = st.lists(st.one_of(HOLDINGS, MOVEMENTS), min_size=1, max_size=4)


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every limit be reached by few rows."""
    for module, name, most in (
        (prepared, "_BATCH", 3),
        (shapes, "_BATCH", 2),
        (prepared, "_MOST", 2),
        (prepared, "_MOST_CELLS", 2),
        (prepared, "_MOST_SUMS", 2),
        (many_rows, "_TOGETHER", 2),
        (turnover, "_MOST", 2),
        (bulk, "_LONG", 4),
    ):
        monkeypatch.setattr(module, name, most)


@pytest.mark.usefixtures("narrow")
@SOME
@given(pool=_POOL, data=st.data())
def test_lines_are_recorded_as_the_same_rows_one_by_one(
    new_ledger: Callable[[], URL], pool: list[Holding | Movement], data: st.DataObject
) -> None:
    mixed = [
        replace(row, as_of=other.as_of)
        if isinstance(row, Holding)
        else replace(row, date=other.date)
        for row in pool
        for other in pool
        if type(row) is type(other)
    ]
    rows = data.draw(st.lists(st.sampled_from([*pool, *mixed]), min_size=1, max_size=14))
    plain, quick = new_ledger(), new_ledger()
    first = [_recorded(url, iter([held(1), moved(2), moved(3)])) for url in (plain, quick)]
    assert first[0] == first[1]
    entries: list[Entry] = list(rows)
    named = first[0].content_sha256[:12]
    for line, kind in ((2, moved), (1, held)):
        place = data.draw(st.integers(0, len(entries)))
        entries.insert(place, kind(7, corrects=f"{named}:{line}"))
    entries.insert(data.draw(st.integers(0, len(entries))), Withdrawal(f"{named}:3", "why"))
    made: dict[Any, Any] = {}
    lines = [
        _line(entry, made)
        if isinstance(entry, Holding | Movement)
        and not entry.more.corrects
        and data.draw(st.booleans())
        else entry
        for entry in entries
    ]
    assert _recorded(quick, iter(lines)) == _recorded(plain, iter(entries))
    assert everything(quick) == everything(plain)
    assert sums(quick) == sums(plain)
    _sums_are_right(quick)


@pytest.mark.usefixtures("narrow")
@SOME
@given(rows=st.lists(MOVEMENTS, min_size=1, max_size=5), data=st.data())
def test_the_sums_stay_right_through_corrections_withdrawals_and_undoing(
    new_ledger: Callable[[], URL], rows: list[Movement], data: st.DataObject
) -> None:
    url = new_ledger()
    living = [
        f"{_recorded(url, iter(rows)).content_sha256[:12]}:{line + 1}" for line in range(len(rows))
    ]
    for _ in range(3):
        name = data.draw(st.sampled_from(living))
        new = data.draw(st.lists(MOVEMENTS, max_size=2))
        corrections: list[Entry] = [
            replace(row, more=Particulars(corrects=name)) for row in new
        ] or [Withdrawal(name)]
        corrections.append(data.draw(MOVEMENTS))
        receipt = put(url, corrections)
        living.remove(name)
        living += [
            f"{receipt.content_sha256[:12]}:{line}"
            for line, entry in enumerate(corrections, start=1)
            if isinstance(entry, Movement)
        ]
        _sums_are_right(url)
    engine = open_engine(url, writing=True)
    with engine.connect() as connection:
        newest = next(submissions(over(connection), newest_first=True))
        undoing = reversal(connection, newest, "why")
    engine.dispose()
    put(url, undoing)
    _sums_are_right(url)


def _failing() -> Iterator[Line | Entry]:
    yield from (moved(number) for number in range(1, 9))
    raise ComplianceError("found late")


@pytest.mark.usefixtures("narrow")
def test_an_error_found_late_leaves_nothing_behind(ledger: URL) -> None:
    put(ledger, [held(1), moved(2)])
    indexes = [row["sql"] for row in _indexes(ledger)]
    before = everything(ledger), sums(ledger)
    with pytest.raises(ComplianceError, match="found late"):
        _recorded(ledger, _failing())
    assert (everything(ledger), sums(ledger)) == before
    assert [row["sql"] for row in _indexes(ledger)] == indexes
    assert ask(ledger, "SELECT * FROM recording") == []


@pytest.mark.usefixtures("narrow")
def test_the_indexes_are_there_after_a_long_stream(ledger: URL) -> None:
    before = _indexes(ledger)
    assert _recorded(ledger, (moved(number) for number in range(1, 20))).rows == 19
    made: dict[Any, Any] = {}
    lines = (_line(moved(number), made) for number in range(40, 80))
    assert _recorded(ledger, lines).rows == 40
    assert _indexes(ledger) == before
    _sums_are_right(ledger)


def _indexes(url: URL) -> list[dict[str, Any]]:
    query = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' ORDER BY name",
        "postgresql": "SELECT indexdef AS sql FROM pg_indexes WHERE schemaname = 'public'"
        " ORDER BY indexname",
    }
    return ask(url, query[url.get_backend_name()])


@pytest.mark.usefixtures("narrow")
def test_a_row_is_split_into_many_however_long_the_stream_is(ledger: URL) -> None:
    first = _recorded(ledger, [moved(9), moved(8)]).content_sha256[:12]
    parts = [moved(number, corrects=f"{first}:1") for number in range(8)]
    assert _recorded(ledger, iter(parts)).rows == 8
    _sums_are_right(ledger)
    mixed = [Withdrawal(f"{first}:2"), *map(moved, range(8)), moved(1, corrects=f"{first}:2")]
    with pytest.raises(ComplianceError, match=f"'{first}:2' is withdrawn and corrected"):
        _recorded(ledger, iter(mixed))
    with pytest.raises(ComplianceError, match=f"'{first}:2' is withdrawn and corrected"):
        _recorded(ledger, reversed(mixed))
    with pytest.raises(ComplianceError, match=f"'{first}:1' was corrected already"):
        _recorded(ledger, iter([*map(moved, range(8)), moved(1, corrects=f"{first}:1")]))


def test_a_text_that_is_none_is_refused_in_a_line_too(ledger: URL) -> None:
    row = moved(1)
    for ref, source in (("\ud800", "x"), ("", "a \udcff")):
        with pytest.raises(ComplianceError, match="no valid UTF-8"):
            _recorded(ledger, iter([Line(row, row.date, row.quantity, row.basis, source, ref)]))


def test_texts_that_a_copy_could_misread_are_stored_as_they_are(ledger: URL) -> None:
    made: dict[Any, Any] = {}
    texts = ["\\N", "\\", "\t", "a\nb\r\n", "\\.", "'", '"', "", "%s", "Ä\\t", ":x", "?"]
    lines = [_line(replace(moved(1), source=t, more=Particulars(t, t)), made) for t in texts]
    _recorded(ledger, iter(lines))
    found = ask(ledger, "SELECT source, note, ref FROM movement ORDER BY line")
    assert found == [{"source": text, "note": text, "ref": text} for text in texts]


def test_what_is_kept_is_the_sum_of_what_is_alike(ledger: URL) -> None:
    made: dict[Any, Any] = {}
    rows = [
        moved(5, "2020-01-01"),
        moved("2..4", days("2020-02-01", "2020-12-31")),
        moved("3..", "2020-12-31"),
        # What differs in a word is kept apart, whatever a question would make of it.
        moved(17, "2020-12-31", origin="@import:Italy"),
        moved(7, "2021-01-01"),
        # Of these nothing is kept: not in one year, and not done.
        moved(11, days("2020-12-31", "2021-01-01")),
        moved(13, "2020-06-01", state=State.PLANNED),
    ]
    _recorded(ledger, [_line(row, made) for row in rows])
    query = "FROM turnover JOIN movement_shape ON movement_shape.id = shape_id"
    found = ask(ledger, f"SELECT * {query} ORDER BY year, from_place")
    names = ("year", "from_place", "to_party", "movements", "quantity_low", "quantity_high", "open")
    assert [tuple(row[name] for name in names) for row in found] == [
        (2020, "@import:France", "serbia", 3, 10, 9, 1),
        (2020, "@import:Italy", "serbia", 1, 17, 17, 0),
        (2021, "@import:France", "serbia", 1, 7, 7, 0),
    ]
    _sums_are_right(ledger)
    lost = moved(1, "2020-01-01", origin="serbia:stored", destination="@reduced:static_display")
    _recorded(ledger, [_line(lost, made)])
    found = ask(ledger, f"SELECT from_status, to_place {query} WHERE from_party <> ''")
    assert found == [{"from_status": "stored", "to_place": "@reduced:static_display"}]
    _sums_are_right(ledger)
