"""A ledger of any earlier revision is upgraded with all that is in it, or left as it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from ledger_rows import (
    TABLES,
    ask,
    days,
    everything,
    get,
    held,
    moved,
    plain_client,
    put,
    sums,
)
from postgres_fixture import Server
from sqlalchemy import URL, inspect, text
from sqlalchemy.exc import IntegrityError

from compliance import resources
from compliance.ledger import revision as ledger_revision
from compliance.ledger import schema
from compliance.ledger.append import record
from compliance.ledger.connect import open_engine
from compliance.ledger.damage import Verification
from compliance.ledger.grant import Role, grant
from compliance.ledger.schema import HEAD, open_ledger, upgrade
from compliance.ledger.tables import metadata
from compliance.ledger.verify import verify
from compliance.values.errors import LedgerError
from compliance.values.records import Entry, Movement, Particulars, Withdrawal
from compliance.values.vocabulary import Basis, State

MIGRATIONS = resources.folder("migrations")
KEPT = Path(__file__).parent / "revisions"


def _revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    found = ScriptDirectory.from_config(config).walk_revisions()
    return sorted(script.revision for script in found)


REVISIONS = _revisions()


def _record_some(url: URL) -> None:
    """Record what the kept ledgers hold: every kind of row, corrected and withdrawn."""
    engine = open_engine(url, writing=True)
    done: list[str] = []

    def add(*entries: Entry) -> None:
        at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=len(done))
        receipt = record(
            engine, entries, recorded_by="synthetic", command="test", note="it's", recorded_at=at
        )
        done.append(receipt.content_sha256[:12])

    add(
        held("3..5", days("2019-12-01", "2020-01-01"), source="synthetic: Ä 'quoted'"),
        held("15..", category="artillery", type="D-30"),
        moved("2..4", days("2020-02-01", "2020-06-30"), state=State.PLANNED),
        moved(1, origin="serbia:stored", destination="@reduced:destroyed"),
    )
    add(held(4, corrects=f"{done[0]}:1"), Withdrawal(f"{done[0]}:4", "typed twice"))
    add(Withdrawal(f"{done[1]}:1"), moved(7, corrects=f"{done[1]}:2"))
    engine.dispose()


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value).lower()  # a bool is one: false, true
    quoted = str(value).replace("'", "''")
    return f"'{quoted}'"


def _as_sql(url: URL) -> str:
    """Return the statements that put a ledger's content into an empty one, on any database."""
    lines = []
    shapes = ask(url, "SELECT * FROM movement_shape ORDER BY id")
    for said in ask(url, "SELECT * FROM submission ORDER BY id"):
        rows: list[tuple[str, dict[str, Any]]] = [("recording", {"submission_id": said["id"]})]
        for table in TABLES[1:]:
            where = f"submission_id = {said['id']} ORDER BY line"
            found = ask(url, f"SELECT * FROM {table} WHERE {where}")
            # They are recorded with the first row that is of them.
            last = max((row["shape_id"] for row in found if "shape_id" in row), default=0)
            while shapes and shapes[0]["id"] <= last:
                rows.append(("movement_shape", shapes.pop(0)))
            rows += [(table, row) for row in found]
        rows.append(("submission", said))
        lines += ["BEGIN;\n", *(_inserted(table, row) for table, row in rows), "COMMIT;\n"]
    kept = ask(url, "SELECT * FROM turnover ORDER BY year, shape_id, basis")
    return "".join([*lines, *(_inserted("turnover", row) for row in kept)])


def _inserted(table: str, row: dict[str, Any]) -> str:
    if "withheld" in row:
        row["withheld"] = bool(row["withheld"])
    values = ", ".join(map(_literal, row.values()))
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values});\n"


def _at(revision: str, url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a ledger as a program of that revision left it."""
    with monkeypatch.context() as earlier:
        earlier.setattr(schema, "HEAD", revision)
        upgrade(url, MIGRATIONS, creating=True)
    with plain_client(url) as client:
        for statement in (KEPT / f"{revision}.sql").read_text("utf-8").split(";\n")[:-1]:
            client.exec_driver_sql(statement)


def _verified(url: URL) -> Verification:
    engine = open_ledger(url, writing=False)
    with engine.connect() as connection:
        found = verify(connection)
    engine.dispose()
    return found


def _drift(url: URL) -> list[Any]:
    """Return what `alembic check` finds different between the schema and its description."""
    engine = open_engine(url, writing=False)
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        found: list[Any] = compare_metadata(
            MigrationContext.configure(connection, opts=options), metadata
        )
    if url.get_backend_name() == "sqlite":
        # SQLite alters no key, so those of a file's first tables are not deferred; and the program
        # does without them there.
        found = [change for change in found if change[0] not in {"add_fk", "remove_fk"}]
    engine.dispose()
    return found


def test_this_program_works_with_the_newest_migration() -> None:
    assert REVISIONS[-1] == HEAD


def test_a_ledger_of_each_revision_is_kept(request: pytest.FixtureRequest, ledger: URL) -> None:
    """A new revision gets its kept ledger with it; those before are never written anew."""
    _record_some(ledger)
    newest = KEPT / f"{HEAD}.sql"
    if request.config.getoption("--update-golden"):
        newest.write_text(_as_sql(ledger), "utf-8")
    assert [path.stem for path in sorted(KEPT.iterdir())] == REVISIONS, "run with --update-golden"
    assert newest.read_text("utf-8") == _as_sql(ledger)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_ledger_of_an_earlier_revision_is_upgraded_with_all_that_is_in_it(
    revision: str, database: URL, new_ledger: Callable[[], URL], monkeypatch: pytest.MonkeyPatch
) -> None:
    _at(revision, database, monkeypatch)
    heads = [row["sha256"] for row in ask(database, "SELECT sha256 FROM submission ORDER BY id")]
    told: list[str] = []
    monkeypatch.setattr(schema, "_MANY_ROWS", 8)
    assert upgrade(database, MIGRATIONS, tell=told.append) == (revision, HEAD)
    assert [text[:16] for text in told] == ([] if revision == HEAD else ["upgrading 8 rows"])
    assert _drift(database) == []
    found = _verified(database)
    assert (found.sound, found.submissions, found.rows, found.head) == (True, 3, 8, heads[-1])
    today = new_ledger()
    _record_some(today)
    assert everything(database)[1:] == everything(today)[1:]
    assert sums(database) == sums(today)
    assert len(sums(today)) == 1
    for moment in (None, "2020-01-01T00:00:00.000000Z", "2020-01-02T00:00:00.000000Z"):
        assert get(database, known_at=moment) == get(today, known_at=moment)
    with plain_client(database) as client, pytest.raises(IntegrityError, match="append-only"):
        client.exec_driver_sql("UPDATE holding SET note = 'changed'")
    assert put(database, [held(9)]).id == 4
    assert _verified(database).sound


def _odd_rows() -> list[Movement]:
    """Return movements that could be lost, taken for another, or changed when they are parted."""
    random = Random(5)
    # Too long for any index, and not to be made shorter.
    long = "".join(chr(random.randrange(0x4E00, 0x9FFF)) for _ in range(9000))
    odd = ["\u00e9", "e\u0301", "\x01", "\uffff", "\U0001f600"]
    texts = ["", " ", "x", "X", "x ", *odd, "'\"\\", "[]"]
    plain = moved(1)
    rows = [
        *(replace(plain, type=text, source=text) for text in texts),
        # The same words in other columns.
        *(replace(plain, more=Particulars(**{name: "x"})) for name in ("unit", "site", "marking")),
        # On a server the kept balances of 0002 could not hold such a type of what is done.
        *(replace(moved(1, state=State.PLANNED), type=long + end) for end in ("", "x")),
        *(replace(plain, more=Particulars(*[long] * 6, long[:end])) for end in (0, 100)),
        # One shape, other bases, days, years.
        *(replace(plain, basis=basis) for basis in Basis),
        *(moved(n, date) for n in (1, 2) for date in ("2020-06-01", "2019-01-01", "2021-12-31")),
        moved("2..", days("2019-12-31", "2020-01-01")),
        moved("0..999999999", days("2020-01-01", "2020-12-31")),
    ]
    return [*rows, *rows[::7]]


def _copied(url: URL, rows: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Put rows into a ledger of an earlier revision as its program would have."""
    with plain_client(url) as client:
        client.exec_driver_sql("BEGIN")
        for table, row in rows:
            marks = ", ".join(f":{name}" for name in row)
            client.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"), row)
        client.exec_driver_sql("COMMIT")


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_odd_movements_are_parted_without_a_loss(
    revision: str, database: URL, new_ledger: Callable[[], URL], monkeypatch: pytest.MonkeyPatch
) -> None:
    today = new_ledger()
    put(today, _odd_rows())
    with monkeypatch.context() as earlier:
        earlier.setattr(schema, "HEAD", revision)
        upgrade(database, MIGRATIONS, creating=True)
    (said,) = ask(today, "SELECT * FROM submission")
    rows = [("movement", row) for row in ask(today, "SELECT * FROM movement ORDER BY line")]
    ends = [("recording", {"submission_id": 1}), ("submission", said)]
    before_rows, after_rows = (ends[1:], []) if revision == "0001" else (ends[:1], ends[1:])
    _copied(database, [*before_rows, *rows, *after_rows])
    assert upgrade(database, MIGRATIONS) == (revision, HEAD)
    assert everything(database) == everything(today)
    assert sums(database) == sums(today)
    assert _verified(database).sound
    # What is recorded next finds its shape where it is.
    before = ask(database, "SELECT COUNT(*) AS n FROM movement_shape")
    assert put(database, _odd_rows()[:12]).id == 2
    assert ask(database, "SELECT COUNT(*) AS n FROM movement_shape") == before
    assert _verified(database).sound


# What `db grant` gave out before there were shapes.
_GRANTED = """
GRANT USAGE ON SCHEMA public TO {user};
GRANT SELECT ON ALL TABLES IN SCHEMA public TO {user};
GRANT INSERT ON submission, holding, movement, withdrawal TO {user};
GRANT INSERT, DELETE ON recording TO {user};
GRANT INSERT, UPDATE, DELETE ON turnover TO {user};
"""


def test_rights_on_an_earlier_ledger_are_granted_again(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables are new, and rights are those of tables."""
    url, user = server.new_database(), server.new_user()
    _at("0002", url, monkeypatch)
    with plain_client(url) as client:
        for statement in _GRANTED.format(user=f'"{user}"').strip().splitlines():
            client.exec_driver_sql(statement)
    theirs = server.url(str(url.database), user)
    upgrade(url, MIGRATIONS)
    for attempt in (lambda: get(theirs), lambda: put(theirs, [moved(1)])):
        with pytest.raises(LedgerError, match="permission denied") as caught:
            attempt()
        print(caught.value.message, "|", caught.value.todo)
    engine = open_engine(url, writing=True)
    grant(engine, Role.RECORDER, user)
    engine.dispose()
    assert get(theirs) == get(url)
    assert put(theirs, [moved(1)]).id == 4
    assert _verified(url).sound


_LATER = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "later", "{before}"

def upgrade():
    op.add_column("submission", sa.Column("more", sa.Integer(), nullable=True))
    op.create_table("another", sa.Column("x", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO another VALUES (1)")
    {then}
"""


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Return a function that makes the migrations of a later program: one more than there are."""

    def make(then: str) -> Path:
        folder = tmp_path / "migrations"
        shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        text = _LATER.format(before=HEAD, then=then)
        (folder / "versions" / "later.py").write_text(text, "utf-8")
        for module in (schema, ledger_revision):
            monkeypatch.setattr(module, "HEAD", "later")
        return folder

    return make


def _schema(url: URL) -> list[Any]:
    """Return all that a migration could change: tables, columns, triggers, the revision."""
    triggers = {
        "sqlite": "SELECT name, sql FROM sqlite_master ORDER BY name",
        "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger ORDER BY tgname",
    }
    with plain_client(url) as client:
        found = inspect(client)
        columns = [
            (table, [(column["name"], str(column["type"])) for column in found.get_columns(table)])
            for table in sorted(found.get_table_names())
        ]
    return [
        columns,
        ask(url, triggers[url.get_backend_name()]),
        ask(url, "SELECT * FROM alembic_version"),
    ]


def test_a_later_migration_keeps_what_is_recorded(
    ledger: URL, later: Callable[[str], Path]
) -> None:
    _record_some(ledger)
    before = everything(ledger)[1:]
    assert upgrade(ledger, later("pass")) == (HEAD, "later")
    assert everything(ledger)[1:] == before
    assert _verified(ledger).sound
    # So the test of drift can fail.
    assert {change[0] for change in _drift(ledger)} == {"remove_table", "remove_column"}


@pytest.mark.parametrize(
    "then",
    [
        'op.execute("INSERT INTO another VALUES (1)")',
        'op.execute("UPDATE submission SET more = 1")',
        'op.execute("no statement at all")',
    ],
    ids=["a key twice", "against the guards", "no SQL"],
)
def test_a_migration_that_fails_leaves_the_ledger_as_it_was(
    ledger: URL, later: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    _record_some(ledger)
    before = _schema(ledger), everything(ledger)
    with pytest.raises(LedgerError, match="cannot be upgraded: ") as caught:
        upgrade(ledger, later(then))
    assert caught.value.exit_code == 4
    assert (_schema(ledger), everything(ledger)) == before
    for module in (schema, ledger_revision):
        monkeypatch.setattr(module, "HEAD", HEAD)
    assert put(ledger, [held(9)]).id == 4
    assert _verified(ledger).sound


def test_a_bug_in_a_migration_leaves_the_ledger_as_it_was(
    ledger: URL, later: Callable[[str], Path]
) -> None:
    _record_some(ledger)
    before = _schema(ledger), everything(ledger)
    with pytest.raises(ZeroDivisionError):
        upgrade(ledger, later("1 / 0"))
    assert (_schema(ledger), everything(ledger)) == before


def test_a_newer_ledger_is_refused_and_left_as_it_is(ledger: URL) -> None:
    _record_some(ledger)
    with plain_client(ledger) as client:
        client.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = _schema(ledger), everything(ledger)
    for call in (
        lambda: open_ledger(ledger, writing=True),
        lambda: open_ledger(ledger, writing=False),
        lambda: upgrade(ledger, MIGRATIONS),
    ):
        with pytest.raises(LedgerError, match="is at revision 9999") as caught:
            call()
        assert "newer version" in caught.value.todo
    assert (_schema(ledger), everything(ledger)) == before


def test_an_upgrade_of_a_current_ledger_changes_nothing(ledger: URL) -> None:
    _record_some(ledger)
    before = _schema(ledger), everything(ledger)
    assert upgrade(ledger, MIGRATIONS) == (HEAD, HEAD)
    assert (_schema(ledger), everything(ledger)) == before


def test_what_is_no_ledger_is_not_upgraded(database: URL) -> None:
    with plain_client(database) as client:
        client.exec_driver_sql("CREATE TABLE shopping (item INTEGER)")
    with pytest.raises(LedgerError, match="not a ledger"):
        upgrade(database, MIGRATIONS)
    with plain_client(database) as client:
        assert inspect(client).get_table_names() == ["shopping"]


def test_the_migrations_make_exactly_the_tables_that_the_program_describes(ledger: URL) -> None:
    assert _drift(ledger) == []


def test_the_migrations_make_the_constraints_that_the_program_describes(ledger: URL) -> None:
    """Alembic compares neither checks nor the names of keys."""
    described = {
        str(constraint.name)
        for table in metadata.tables.values()
        for constraint in table.constraints
    }
    assert len(described) > 10
    with plain_client(ledger) as client:
        found = inspect(client)
        made: set[Any] = set()
        for table in metadata.tables:
            made.add(found.get_pk_constraint(table)["name"])
            for constraints in (
                found.get_check_constraints(table),
                found.get_foreign_keys(table),
                found.get_unique_constraints(table),
            ):
                made |= {constraint["name"] for constraint in constraints}
    assert made == described
