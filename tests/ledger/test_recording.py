"""What is recorded is read back as it was, hangs in one chain, and is there whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from ledger_rows import LATE, PARTICULARS, ROWS, ask, counts, get, held, moved, plain_client, put
from sqlalchemy import URL, event, text

from compliance.ledger.append import record
from compliance.ledger.connect import open_engine
from compliance.values.errors import ComplianceError, LedgerError
from compliance.values.records import Holding, Movement, Particulars, Row, Withdrawal

SOME = settings(max_examples=8, deadline=None, database=None, derandomize=True)


def _read(url: URL) -> list[Row]:
    """Return every row as the ledger hands it out, a declaration of ``none`` included."""
    found = list(get(url).declarations)
    rows: list[tuple[str, Row]] = [(item.ref, item.row) for d in found for item in d.rows]
    rows += [(item.ref, item.row) for item in get(url).movements]
    return [row for _, row in sorted(rows, key=lambda pair: int(pair[0].partition(":")[2]))]


@SOME
@given(rows=ROWS)
def test_rows_are_read_back_as_they_were_recorded(
    new_ledger: Callable[[], URL], rows: list[Row]
) -> None:
    # Of each party, category and basis only the newest declaration is handed out, and those of
    # ``none`` only beside another: so one submission for each row, and a companion for each.
    for row in rows:
        url = new_ledger()
        if isinstance(row, Holding):
            companion = held(1, row.as_of, party=row.party, basis=row.basis, source=row.source)
            put(url, [row, companion])
            assert _read(url) == [row, companion]
        else:
            put(url, [row])
            reached = {row.origin.party, row.destination.party} - {""}
            assert _read(url) == ([row] if reached and row.date.first <= LATE else [])


_PLACE = {"submission_id", "line", "declaration_id", "corrects_submission", "corrects_line"}


def _span(low: Any, high: Any) -> str:
    if low == high:
        return str(low)
    return f"{low}..{'' if high is None else high}"


def _account(row: dict[str, Any], side: str) -> str:
    if row[f"{side}_place"]:
        return str(row[f"{side}_place"])
    status = row[f"{side}_status"]
    return str(row[f"{side}_party"]) + ("" if status == "overall" else f":{status}")


def _chain(url: URL) -> list[str]:
    """Find every hash again from the database's bare columns; return the links."""
    submissions = {row["id"]: row for row in ask(url, "SELECT * FROM submission ORDER BY id")}
    lines: dict[int, dict[int, dict[str, Any]]] = {number: {} for number in submissions}
    for kind in ("holding", "movement"):
        for row in ask(url, f"SELECT * FROM {kind}"):
            content: dict[str, Any] = {
                name: row[name]
                for name in ("category", "type", "basis", "source", "status", "party", "state")
                if name in row
            }
            content["kind"] = kind
            content["quantity"] = _span(row["quantity_low"], row["quantity_high"])
            if kind == "holding":
                content["as_of"] = _span(row["as_of_first"], row["as_of_last"])
                if row["withheld"]:
                    content["quantity"] = "withheld"
            else:
                content["date"] = _span(row["date_first"], row["date_last"])
                content["from"], content["to"] = _account(row, "from"), _account(row, "to")
            for name in ("note", "ref", "stated_by", "subcategory", "unit", "site", "marking"):
                if row[name]:
                    content[name] = row[name]
            if row["corrects_submission"] is not None:
                target = submissions[row["corrects_submission"]]["content_sha256"][:12]
                content["corrects"] = f"{target}:{row['corrects_line']}"
            lines[row["submission_id"]][row["line"]] = content
    for row in ask(url, "SELECT * FROM withdrawal"):
        target = submissions[row["corrects_submission"]]["content_sha256"][:12]
        taken_back = {"kind": "withdrawal", "corrects": f"{target}:{row['corrects_line']}"}
        if row["note"]:
            taken_back["note"] = row["note"]
        lines[row["submission_id"]][row["line"]] = taken_back
    links: list[str] = []
    previous = ""
    for number, row in submissions.items():
        rows = lines[number]
        assert sorted(rows) == list(range(1, row["row_count"] + 1))
        assert row["content_sha256"] == _hash([rows[line] for line in sorted(rows)])
        assert row["previous_sha256"] == previous
        said = {name: row[name] for name in ("recorded_at", "recorded_by", "command", "note")}
        link = {**said, "id": number, "previous": previous, "content": row["content_sha256"]}
        assert row["sha256"] == _hash(link)
        previous = row["sha256"]
        links.append(previous)
    assert list(submissions) == list(range(1, len(submissions) + 1))
    return links


def _hash(value: Any) -> str:
    plain = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


@SOME
@given(rows=ROWS, more=PARTICULARS)
def test_every_hash_can_be_found_again_from_the_database(
    new_ledger: Callable[[], URL], rows: list[Row], more: Particulars
) -> None:
    url = new_ledger()
    first = put(url, rows, recorded_by=more.note, command=more.ref, note=more.unit)
    second = put(url, [held(3), moved(1)])
    assert _chain(url) == [first.sha256, second.sha256]
    assert (first.id, second.id, first.rows, second.rows) == (1, 2, len(rows), 2)


def test_a_change_behind_the_triggers_breaks_the_hashes(ledger: URL) -> None:
    put(ledger, [held(3), moved(1)])
    with plain_client(ledger) as client:
        where = " ON holding" if client.dialect.name == "postgresql" else ""
        client.exec_driver_sql(f"DROP TRIGGER holding_no_update{where}")
        client.exec_driver_sql("UPDATE holding SET quantity_low = 2")
    with pytest.raises(AssertionError):
        _chain(ledger)


@pytest.mark.parametrize("length", [8, 12, 20, 64])
def test_a_correction_is_hashed_and_read_under_one_name_however_it_was_written(
    ledger: URL, length: int
) -> None:
    first = put(ledger, [moved(1), held(3), moved(2)])
    put(
        ledger,
        [
            held(4, corrects=f"{first.content_sha256[:length]}:2"),
            moved(5, corrects=f"{first.content_sha256[:length]}:3"),
        ],
    )
    _chain(ledger)
    found = get(ledger)
    (declaration,) = found.declarations
    name = first.content_sha256[:12]
    assert [(i.row.quantity.low, i.row.more.corrects) for i in declaration.rows] == [
        (4, f"{name}:2")
    ]
    assert {(i.row.quantity.low, i.row.more.corrects) for i in found.movements} == {
        (1, ""),
        (5, f"{name}:3"),
    }


@pytest.mark.parametrize(
    "named",
    [
        "{sha:.7}:1",
        "{sha:.12}:2",
        "{sha:.12}:3",
        "{sha:.12}",
        "{sha:.12}:",
        "{sha:.12}:x",
        "{sha:.12}:99999999999999999999",
        "000000000000:1",
        ":1",
        "1",
    ],
)
def test_a_correction_of_nothing_is_refused(ledger: URL, named: str) -> None:
    first = put(ledger, [held(3), moved(1)])
    with pytest.raises(ComplianceError, match="names no row") as caught:
        put(ledger, [held(9), held(4, corrects=named.format(sha=first.content_sha256))])
    assert caught.value.todo
    assert counts(ledger) == (1, 1, 1)


def test_a_row_is_corrected_once_and_then_its_correction(ledger: URL) -> None:
    first = put(ledger, [held(3), moved(1)])
    second = put(ledger, [held(4, corrects=f"{first.content_sha256[:12]}:1")])
    with pytest.raises(ComplianceError, match="corrected already"):
        put(ledger, [held(5, corrects=f"{first.content_sha256[:12]}:1")])
    put(ledger, [held(6, corrects=f"{second.content_sha256[:12]}:1")])
    (declaration,) = get(ledger).declarations
    assert [item.row.quantity.low for item in declaration.rows] == [6]
    _chain(ledger)


def test_one_row_may_be_corrected_into_two(ledger: URL) -> None:
    first = put(ledger, [moved(10)])
    name = f"{first.content_sha256[:12]}:1"
    put(ledger, [moved(4, corrects=name), moved(6, corrects=name)])
    assert sorted(item.row.quantity.low or 0 for item in get(ledger).movements) == [4, 6]


def test_content_recorded_twice_can_still_be_corrected(ledger: URL) -> None:
    first = put(ledger, [moved(10)])
    assert put(ledger, [moved(10)]).content_sha256 == first.content_sha256
    name = f"{first.content_sha256[:12]}:1"
    put(ledger, [moved(0, corrects=name)])
    assert sorted(item.row.quantity.low or 0 for item in get(ledger).movements) == [0, 10]
    put(ledger, [moved(1, corrects=name)])
    assert sorted(item.row.quantity.low or 0 for item in get(ledger).movements) == [0, 1]
    with pytest.raises(ComplianceError, match="corrected already"):
        put(ledger, [moved(2, corrects=name)])
    _chain(ledger)


def test_a_withdrawal_hangs_in_the_chain_and_takes_the_row_back(ledger: URL) -> None:
    first = put(ledger, [moved(1), held(3), moved(2)])
    name = first.content_sha256
    put(ledger, [Withdrawal(f"{name[:8]}:1", "typed twice"), Withdrawal(f"{name}:2")])
    _chain(ledger)
    found = get(ledger)
    assert found.declarations == ()
    assert [item.row.quantity.low for item in found.movements] == [2]
    with pytest.raises(ComplianceError, match="withdrawn already"):
        put(ledger, [moved(9, corrects=f"{name[:12]}:1")])
    assert counts(ledger) == (2, 1, 2)


def test_what_was_judged_on_an_older_state_is_refused(ledger: URL) -> None:
    put(ledger, [held(1)])
    engine = open_engine(ledger, writing=True)
    with pytest.raises(ComplianceError, match="submission 1 was recorded meanwhile"):
        record(engine, [held(2)], recorded_by="x", command="test", follows=0)
    assert counts(ledger)[0] == 1
    record(engine, [held(2)], recorded_by="x", command="test", follows=1)
    assert counts(ledger)[0] == 2


def test_nothing_cannot_be_recorded(ledger: URL) -> None:
    with pytest.raises(ComplianceError, match="nothing to record"):
        put(ledger, [])
    assert counts(ledger) == (0, 0, 0)


def test_no_recording_is_dated_before_the_last_one_whatever_the_clock_says(
    ledger: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter(["2030-01-01T00:00:00.000000Z", "2020-01-01T00:00:00.000000Z"])
    monkeypatch.setattr("compliance.ledger.append.instant", lambda _moment: next(times))
    first, second = put(ledger, [held(1)]), put(ledger, [held(2)])
    assert first.recorded_at == second.recorded_at == "2030-01-01T00:00:00.000000Z"
    _chain(ledger)


_PROLOGUE = """
import os, signal, sqlite3, sys
from datetime import date
from sqlalchemy import event, make_url
from compliance.ledger.append import record
from compliance.ledger.connect import open_engine
from compliance.values.dates import DateSpan
from compliance.values.errors import LedgerError
from compliance.values.records import Account, Movement
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State

def row(number):
    return Movement(DateSpan.on(date(2020, 1, 1)), "", "battle_tank", Span.exactly(number),
                    Account.parse("@production"), Account.parse("serbia"), State.DONE,
                    Basis.DECLARED, "x" * 200)

engine = open_engine(make_url(sys.argv[1]), writing=True)
"""


def _python(body: str, url: URL, *arguments: str) -> subprocess.Popen[str]:
    given = url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-c", _PROLOGUE + body, given, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_recording_at_once_make_one_chain(ledger: URL) -> None:
    body = """
print("ready", flush=True); input()
for number in range(50):
    record(engine, [row(number), row(number)], recorded_by=sys.argv[2], command="test")
"""
    running = [_python(body, ledger, name) for name in ("one", "two")]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in running:
        assert (*process.communicate(), process.returncode) == ("", "", 0)
    assert len(_chain(ledger)) == 100
    assert counts(ledger) == (100, 0, 200)
    by = [row["recorded_by"] for row in ask(ledger, "SELECT recorded_by FROM submission")]
    assert (by.count("one"), by.count("two")) == (50, 50)


# Killed at a step of SQLite's own; a server lives on, and is tested through the program.
_KILLED = """
# A small cache makes SQLite write unfinished pages into the database file itself.
@event.listens_for(engine, "connect")
def prepare(connection, _record):
    connection.execute("PRAGMA cache_size = 10")
    steps = 0
    def count(statement):
        global steps
        if statement.startswith("COMMIT"):
            if sys.argv[2] == "commit":
                os.kill(os.getpid(), signal.SIGKILL)
        elif statement.startswith("INSERT"):
            steps += 1
            if str(steps) == sys.argv[2]:
                os.kill(os.getpid(), signal.SIGKILL)
    globals()["steps"] = 0
    connection.set_trace_callback(count)
record(engine, [row(n) for n in range(3000)], recorded_by="x", command="test")
if sys.argv[2] == "end":
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system knows no kill -9")
@pytest.mark.parametrize("moment", ["1", "2", "1234", "3001", "commit", "end"])
def test_a_process_killed_while_recording_leaves_all_or_nothing(
    file_ledger: URL, moment: str
) -> None:
    first = put(file_ledger, [held(1)])
    process = _python(_KILLED, file_ledger, moment)
    _, wrong = process.communicate()
    assert process.returncode == -signal.SIGKILL, wrong
    expected = (2, 1, 3000) if moment == "end" else (1, 1, 0)
    assert counts(file_ledger) == expected
    assert _chain(file_ledger)[0] == first.sha256
    put(file_ledger, [held(2)])
    assert len(_chain(file_ledger)) == expected[0] + 1


@pytest.mark.long
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system knows no kill -9")
@pytest.mark.parametrize("step", range(1, 3002, 150))
def test_a_process_killed_at_any_step_leaves_nothing(file_ledger: URL, step: int) -> None:
    put(file_ledger, [held(1)])
    process = _python(_KILLED, file_ledger, str(step))
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert counts(file_ledger) == (1, 1, 0)
    put(file_ledger, [held(2)])
    assert len(_chain(file_ledger)) == 2


def test_a_full_database_records_nothing_and_says_so(file_ledger: URL) -> None:
    put(file_ledger, [held(1)])
    engine = open_engine(file_ledger, writing=True)

    @event.listens_for(engine, "connect")
    def _limit(connection: Any, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")

    rows = [moved(number) for number in range(2000)]
    with pytest.raises(LedgerError, match="nothing was recorded: database or disk is full") as full:
        record(engine, rows, recorded_by="x", command="test")
    assert full.value.exit_code == 4
    engine.dispose()
    assert counts(file_ledger) == (1, 1, 0)
    put(file_ledger, [held(2)])
    assert len(_chain(file_ledger)) == 2


_LIMITED = """
import resource
size = os.path.getsize(engine.url.database) + 20_000
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
try:
    record(engine, [row(n) for n in range(2000)], recorded_by="x", command="test")
except LedgerError as error:
    print(error)
    sys.exit(error.exit_code)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of file size are set the POSIX way")
def test_a_disk_that_takes_no_more_leaves_nothing_recorded(file_ledger: URL) -> None:
    put(file_ledger, [held(1)])
    process = _python(_LIMITED, file_ledger)
    said, wrong = process.communicate()
    assert (process.returncode, wrong) == (4, "")
    assert said.startswith("nothing was recorded: ")
    assert counts(file_ledger) == (1, 1, 0)
    put(file_ledger, [held(2)])
    assert len(_chain(file_ledger)) == 2


def test_a_missing_table_is_an_error_of_the_ledger(ledger: URL) -> None:
    engine = open_engine(ledger, writing=True)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE holding"))
    with pytest.raises(LedgerError, match="nothing was recorded"):
        record(engine, [held(1)], recorded_by="x", command="test")
    engine.dispose()


def test_rows_keep_their_order_and_their_place(ledger: URL) -> None:
    rows: list[Row] = [moved(1), held(2), moved(3), held(4, type="T-55")]
    receipt = put(ledger, rows)
    found = get(ledger)
    names = {item.ref: item.row for item in (*found.declarations[0].rows, *found.movements)}
    assert names == {
        f"{receipt.content_sha256[:12]}:{line}": row for line, row in enumerate(rows, start=1)
    }
    assert [type(row) for row in rows] == [Movement, Holding, Movement, Holding]
