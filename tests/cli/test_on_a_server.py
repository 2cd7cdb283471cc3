"""The program on a PostgreSQL server: every command that meets the ledger, as on a file."""

from __future__ import annotations

import csv
import json
import re
import shlex
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from import_files import LOSS, TANKS, stored, write
from sqlalchemy import make_url

if TYPE_CHECKING:
    from conftest import Run
    from postgres_fixture import Server

Make = Callable[[str], str]

HOLDINGS = """\
party,as_of,basis,category,type,status,quantity,source,note,site,stated_by
serbia,2019-01-01,declared,battle_tank,M-84,,212,synthetic,,,a desk
serbia,2019-01-01,declared,battle_tank,T-55,stored,30..35,synthetic,,depot,
serbia,2019-01-01,declared,combat_aircraft,,,withheld,synthetic,,,
croatia,2018-12-01..2019-01-31,declared,battle_tank,M-84,,75,synthetic: Đuro,,,
croatia,2019-01-01,declared,none,"Strange; ""name"" (x)",,15..,synthetic,,,
croatia,2019-01-01,observed,artillery,,,10..,synthetic,,one site,
kosovo,2019-01-01,press,attack_helicopter,,,2,synthetic,no Party,,
"""
MOVEMENTS = """\
date,type,category,quantity,from,to,state,basis,source
2019-03-01,M-84,battle_tank,5,@import:France,serbia,,notified,synthetic
2018-11-01..2019-04-30,M-84,battle_tank,2..4,serbia,@reduced:destroyed,,observed,synthetic
2028-01-01..2030-12-31,M-84,battle_tank,20,@import,serbia,planned,official,synthetic
2020-02-02,T-55,battle_tank,15..,serbia:stored,@export:Ukraine,,notified,synthetic
"""
LATER = "party,as_of,basis,category,quantity,source\nserbia,2021-01-01,declared,battle_tank,{},{}\n"

# A day, and what was known when: before and after each correction, and today.
ASKED = (
    ("2019-12-31", "2021-06-01"),
    ("2019-12-31", "2022-06-01"),
    ("2020-12-31", "2023-06-01"),
    ("2021-12-31", "2024-06-01"),
    ("2029-06-01", "2026-01-01"),
)


@pytest.fixture
def empty(server: Server, tmp_path: Path, run: Run) -> Make:
    """Return a function that gives a place of some kind in which there is no ledger yet."""
    made = 0

    def make(kind: str) -> str:
        nonlocal made
        made += 1
        if kind == "sqlite":
            return str(tmp_path / f"{made}.db")
        return server.new_database().render_as_string(hide_password=False)

    return make


@pytest.fixture
def there(empty: Make, run: Run) -> str:
    """A ledger on a server with the published figures."""
    db = empty("postgresql")
    assert run("db", "init", db=db).code == 0
    return db


def _good(outcome: Any) -> Any:
    assert outcome.code == 0, outcome.stderr
    return outcome


def _audit(run: Run, db: Path | str, day: str, *more: str) -> bytes:
    asked = ("audit", "--as-of", day, "--format", "json", "--exit-zero", *more)
    raw: bytes = _good(run(*asked, db=db)).raw
    return raw


def test_the_published_figures_give_the_same_audit_as_in_a_file(
    run: Run, ledger: Path, there: str
) -> None:
    for day in ("2012-01-01", "2019-12-31", "2026-11-20"):
        assert _audit(run, there, day) == _audit(run, ledger, day)
    for command in (("history",), ("history", "show", "1")):
        on_both = [_good(run(*command, "--format", "json", db=db)).json for db in (there, ledger)]
        if command == ("history",):
            on_both = [[item["content_sha256"] for item in x["submissions"]] for x in on_both]
        else:
            on_both = [found["rows"] for found in on_both]
        assert on_both[0] == on_both[1]
    said = _good(run("db", "status", db=there)).stdout
    head = said.split("Head:")[1].strip()
    assert f"Head:  {head}" in _good(run("history", "verify", "--head", head, db=there)).stdout


def test_what_is_there_is_not_made_again(run: Run, there: str) -> None:
    before = stored(there)
    outcome = run("db", "init", db=there)
    assert outcome.code == 4
    assert "holds a ledger already" in outcome.stderr
    assert stored(there) == before


def _record_all(run: Run, db: str, folder: Path) -> None:
    """Record rows, a row corrected and one withdrawn, movements, and a submission replaced."""
    made = 0
    folder.mkdir()

    def add(name: str, text: str, *options: str) -> None:
        nonlocal made
        made += 1
        (folder / name).write_text(text, "utf-8")
        at = f"202{made}-01-01T00:00:00.{made:06}Z"
        _good(run("import", folder / name, "--recorded-at", at, *options, db=db))

    _good(run("db", "init", "--empty", db=db))
    add("holdings.csv", HOLDINGS)
    (first,) = run("history", "--format", "json", db=db).json["submissions"]
    name = first["content_sha256"][:12]
    right = {"party": "serbia", "as_of": "2019-01-01", "basis": "declared", "type": "M-84"}
    right |= {"category": "battle_tank", "quantity": 214, "source": "synthetic"}
    rows = [right | {"corrects": f"{name}:1"}, {"withdraws": f"{name}:7", "note": "never said"}]
    add("right.jsonl", "".join(json.dumps(row) + "\n" for row in rows), "--note", "it's so")
    add("movements.csv", MOVEMENTS)
    add("later.csv", LATER.format(220, "synthetic"), "--again")
    add("better.csv", LATER.format(221, "synthetic"), "--corrects", "4")


def _replay(run: Run, archive: Path, db: str) -> None:
    _good(run("db", "init", "--empty", db=db))
    with (archive / "submissions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            files = [archive / name for name in row["files"].split(" ")]
            at = ("--recorded-at", row["recorded_at"])
            _good(run("import", "--again", *at, *files, db=db))


@pytest.mark.parametrize("source", ["sqlite", "postgresql"])
def test_an_export_taken_in_again_gives_the_same_audit_on_either_database(
    source: str, run: Run, empty: Make, tmp_path: Path
) -> None:
    first = empty(source)
    _record_all(run, first, tmp_path / "files")
    archive = tmp_path / "archive"
    _good(run("export", "--format", "jsonl", "-o", archive, db=first))
    expected = [_audit(run, first, day, "--known-at", known) for day, known in ASKED]
    assert len(set(expected)) == len(ASKED), "the audits compared must differ among themselves"
    shown = run("history", "--format", "json", db=first).json["submissions"]
    contents = [(item["content_sha256"], item["recorded_at"]) for item in shown]
    for target in ("sqlite", "postgresql"):
        again = empty(target)
        _replay(run, archive, again)
        found = [_audit(run, again, day, "--known-at", known) for day, known in ASKED]
        assert found == expected
        listed = run("history", "--format", "json", db=again).json["submissions"]
        assert [(item["content_sha256"], item["recorded_at"]) for item in listed] == contents
        _good(run("history", "verify", db=again))
        second = tmp_path / f"again-{target}"
        _good(run("export", "--format", "jsonl", "-o", second, db=again))
        for path in sorted(archive.glob("*.jsonl")):
            assert (second / path.name).read_bytes() == path.read_bytes()


def test_an_import_says_what_it_says_for_a_file(run: Run, each_ledger: str, tmp_path: Path) -> None:
    tanks = write(tmp_path / "tanks.csv", TANKS)
    _good(run("import", tanks, db=each_ledger))
    outcome = _good(run("import", tanks, db=each_ledger))
    assert "recorded already, by submission 1" in outcome.stderr
    loss = write(tmp_path / "loss.csv", LOSS)
    outcome = _good(run("import", loss, "--dry-run", "--as-of", "2025-05-31", db=each_ledger))
    assert "207" in outcome.stdout
    assert stored(each_ledger) == [(1, 1)]
    _good(run("import", loss, db=each_ledger))
    wrong = write(tmp_path / "wrong.csv", {**LOSS, "quantity": "many"})
    assert run("import", wrong, db=each_ledger).code == 2
    assert stored(each_ledger) == [(1, 1), (2, 1)]


def test_each_role_may_do_its_own_and_no_more(
    run: Run, server: Server, there: str, tmp_path: Path
) -> None:
    loss = write(tmp_path / "loss.csv", LOSS)
    who = {role: server.new_user() for role in ("reader", "recorder", "owner")}
    for role, user in who.items():
        _good(run("db", "grant", role, user, db=there))
    name = str(make_url(there).database)
    db = {
        role: server.url(name, user).render_as_string(hide_password=False)
        for role, user in who.items()
    }
    before = stored(there)
    for role in ("reader", "recorder", "owner"):
        _good(run("audit", "--exit-zero", "--as-of", "2019-12-31", db=db[role]))
        _good(run("history", "verify", db=db[role]))
    outcome = run("import", loss, db=db["reader"])
    assert outcome.code == 4
    assert "nothing was recorded: permission denied" in outcome.stderr
    assert "compliance db grant" in outcome.stderr
    assert stored(there) == before
    _good(run("import", loss, db=db["recorder"]))
    assert stored(there) == [*before, (len(before) + 1, 1)]
    outcome = run("db", "grant", "owner", who["recorder"], db=db["recorder"])
    assert outcome.code == 4
    assert "nothing was granted" in outcome.stderr


def test_a_password_is_taken_from_where_passwords_are_kept_and_never_shown(
    run: Run, server: Server, there: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.ask_for_a_password("guarded", "hush-hush")
    _good(run("db", "grant", "reader", "guarded", db=there))
    url = server.url(str(make_url(there).database), "guarded")
    db = url.render_as_string(hide_password=False)
    read = ("audit", "--exit-zero", "--as-of", "2019-12-31", "--format", "json")
    expected = _good(run(*read, db=there)).raw
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    outcome = run(*read, db=db)
    assert outcome.code == 4
    assert "PGPASSWORD" in outcome.stderr
    for given in ("wrong-word", "hush-hush"):
        named = url.set(password=given).render_as_string(hide_password=False)
        outcome = run("db", "init", db=named)
        assert outcome.code == 4
        assert given not in outcome.stdout + outcome.stderr
    assert run("db", "status", db=named).code == 0
    assert "hush-hush" not in run("db", "status", db=named).stdout
    with monkeypatch.context() as environment:
        environment.setenv("PGPASSWORD", "hush-hush")
        assert _good(run(*read, db=db)).raw == expected
    kept = tmp_path / "pgpass"
    kept.write_text("*:*:*:guarded:hush-hush\n")
    kept.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(kept))
    monkeypatch.setenv("COMPLIANCE_DB", db)
    assert _good(run(*read, db=None)).raw == expected


def test_the_servers_own_backup_is_the_ledger_and_the_head_proves_it(
    run: Run, server: Server, there: str, tmp_path: Path
) -> None:
    def call(name: str, *arguments: str | Path) -> None:
        done = server.program(name, "-h", str(server.socket), "-U", "administrator", *arguments)
        assert done.returncode == 0, done.stderr

    def named(db: str) -> str:
        return str(make_url(db).database)

    file = tmp_path / "ledger.dump"
    _good(run("import", write(tmp_path / "tanks.csv", TANKS), db=there))
    call("pg_dump", "--format=custom", f"--file={file}", named(there))
    _good(run("import", write(tmp_path / "loss.csv", LOSS), db=there))
    heads = [x["sha256"] for x in run("history", "--format", "json", db=there).json["submissions"]]
    again = server.new_database().render_as_string(hide_password=False)
    call("pg_restore", "--exit-on-error", f"--dbname={named(again)}", file)
    kept, newest = heads[-2:]
    assert kept in _good(run("history", "verify", "--head", kept, db=again)).stdout
    outcome = run("history", "verify", "--head", newest, db=again)
    assert outcome.code == 4
    assert "the head kept elsewhere is not in this ledger" in outcome.stderr
    # The guards came back with it, and the ledger goes on.
    _good(run("import", tmp_path / "loss.csv", db=again))
    assert _audit(run, again, "2025-05-31") == _audit(run, there, "2025-05-31")
    for command in (("backup", tmp_path / "b.db"), ("restore", tmp_path / "b.db")):
        outcome = run("db", *command, db=there)
        assert outcome.code == 4
        assert "own backups" in outcome.stderr


def test_a_replica_is_read_and_never_written(
    run: Run, server: Server, there: str, tmp_path: Path
) -> None:
    loss = write(tmp_path / "loss.csv", LOSS)
    with server.replica() as place:
        url = make_url(there).set(query={"host": str(place)})
        replica = url.render_as_string(hide_password=False)
        assert _audit(run, replica, "2019-12-31") == _audit(run, there, "2019-12-31")
        _good(run("history", "verify", db=replica))
        for refused in (("import", loss), ("import", loss, "--dry-run")):
            outcome = run(*refused, db=replica)
            assert outcome.code == 4
            assert "name the one that takes writes" in outcome.stderr
        # What is recorded on the one that takes writes is there soon after.
        _good(run("import", loss, db=there))
        until = time.monotonic() + 60
        while stored(replica) != stored(there):
            assert time.monotonic() < until
            time.sleep(0.05)
        assert _audit(run, replica, "2025-05-31") == _audit(run, there, "2025-05-31")


# Every command that reads the ledger, asked of the published figures.
READING = (
    "explain serbia artillery --as-of 2026-11-20 --format json",
    "diff 2019 2024 --party serbia --format json",
    "diff 1996 2020 --every year --category battle_tank --format json",
    "reconcile --format json",
    "sources croatia --as-of 2026-11-20 --format json",
    "calendar --from 1997 --to 2019 --as-of 2026-11-20 --format json",
    "project --party croatia --as-of 2026-11-20 --until 2031 --format json",
    "whatif --party croatia --as-of 2026-11-20 --add '89 M2A2 Bradley' --format json",
    "history coverage --format json",
    "deliver --list",
)
# What records, in this order; then the audit must still be the same on both.
RECORDING = (
    "acquire croatia 'Leopard 2A8' 44 --on 2028-01-01..2030-12-31 --planned --source synthetic",
    "deliver {ref} --on 2026-10-01 --quantity 4 --source synthetic",
    "reduce croatia M-84 30 --to export:Ukraine --on 2025-02-01 --basis notified --source made-up",
    "acquire serbia HQ-22 1 --on 2024-01-01 --source synthetic --dry-run",
    "undo 3",
    "undo 2",
)


@pytest.mark.parametrize("command", READING)
def test_every_reading_command_answers_as_on_a_file(
    run: Run, ledger: Path, there: str, command: str
) -> None:
    file, server = (run(*shlex.split(command), db=db) for db in (ledger, there))
    assert file.code in (0, 1, 3), file.stderr
    assert (server.code, _alike(server.stdout)) == (file.code, _alike(file.stdout))


def test_recording_and_undoing_is_the_same_on_both(run: Run, own_ledger: Path, there: str) -> None:
    told: dict[str, list[str]] = {}
    for kind, db in (("file", str(own_ledger)), ("server", there)):
        ref, said = "", []
        for command in RECORDING:
            outcome = run(*shlex.split(command.format(ref=ref)), db=db)
            assert outcome.code == 0, outcome.stderr
            ref = ref or outcome.stderr.split("submission 2:")[1].split()[0]
            said.append(_alike(outcome.stdout))
        said.append(_audit(run, db, "2031-12-31").decode())
        told[kind] = said
    assert told["server"] == told["file"]


def _alike(text: str) -> str:
    """Leave out the head of the chain, which holds the moment of recording."""
    return re.sub(r"\b[0-9a-f]{64}\b|ledger head \w{12}", "HASH", text)
