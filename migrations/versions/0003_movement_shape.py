"""What movements share is stored once; kept balances by it. `movement` becomes a view of both."""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_REFUSED = "the ledger is append-only: correct by a new submission"
_RECORDED = "the ledger is append-only: that row is recorded already"
_TOO_LATE = "rows are recorded with their submission, not after it"
_NOT_NEXT = "a movement shape must follow the last one: its number is another"
_NOT_WHOLE = "a submission must follow its rows: it says another number of them than there are"

_ROWS = ("holding", "movement_row", "withdrawal")

# In this order they are hashed.
_SHAPE = (
    *("from_party", "from_status", "from_place", "to_party", "to_status", "to_place"),
    *("type", "category", "state"),
    *("stated_by", "subcategory", "unit", "site", "marking"),
)
_WIDTHS = {"from_status": 32, "to_status": 32, "state": 16}

_ROW = (
    *("submission_id", "line", "shape_id", "date_first", "date_last"),
    *("quantity_low", "quantity_high", "basis", "source", "note", "ref"),
    *("corrects_submission", "corrects_line"),
)

# As it was a table, so that whoever asks it by SQL finds the same.
_MOVEMENT = (
    *("submission_id", "line", "date_first", "date_last", "type", "category"),
    *("quantity_low", "quantity_high", "from_party", "from_status", "from_place"),
    *("to_party", "to_status", "to_place", "state", "basis", "source"),
    *("note", "ref", "stated_by", "subcategory", "unit", "site", "marking"),
    *("corrects_submission", "corrects_line"),
)

_BATCH = 1000


def _text(length: int | None = None) -> sa.types.TypeEngine[str]:
    """Text that sorts by code point on every database, whatever its locale."""
    kind = sa.Text if length is None else sa.String
    return kind(length).with_variant(kind(length, collation="C"), "postgresql")


def upgrade() -> None:
    _tables()
    _fill()
    server = op.get_bind().dialect.name == "postgresql"
    op.execute("DROP VIEW posting")
    op.drop_table("movement")  # with its triggers and indexes
    op.drop_table("turnover")
    _indexes()
    _views()
    _turnover()
    if server:
        _append_only_postgresql()
    else:
        _append_only_sqlite()


def _tables() -> None:
    op.create_table(
        "movement_shape",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        # Of all the others, so that the same is stored once however long its texts are.
        sa.Column("sha256", _text(64), nullable=False),
        *(sa.Column(name, _text(_WIDTHS.get(name)), nullable=False) for name in _SHAPE),
        sa.CheckConstraint("id >= 1", name=op.f("ck_movement_shape_id_positive")),
        sa.CheckConstraint(
            "(from_party = '') <> (from_place = '')", name=op.f("ck_movement_shape_from_account")
        ),
        sa.CheckConstraint(
            "(to_party = '') <> (to_place = '')", name=op.f("ck_movement_shape_to_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement_shape")),
        sa.UniqueConstraint("sha256", name=op.f("uq_movement_shape_sha256")),
    )
    op.create_table(
        "movement_row",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shape_id", sa.Integer(), nullable=False),
        sa.Column("date_first", sa.Date(), nullable=False),
        sa.Column("date_last", sa.Date(), nullable=False),
        sa.Column("quantity_low", sa.Integer(), nullable=False),
        sa.Column("quantity_high", sa.Integer(), nullable=True),
        sa.Column("basis", _text(16), nullable=False),
        *(sa.Column(name, _text(), nullable=False) for name in ("source", "note", "ref")),
        sa.Column("corrects_submission", sa.Integer(), nullable=True),
        sa.Column("corrects_line", sa.Integer(), nullable=True),
        sa.CheckConstraint("quantity_low >= 0", name=op.f("ck_movement_row_quantity_not_negative")),
        sa.CheckConstraint(
            "quantity_high IS NULL OR quantity_high >= quantity_low",
            name=op.f("ck_movement_row_quantity_span"),
        ),
        sa.CheckConstraint("date_last >= date_first", name=op.f("ck_movement_row_date_span")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_movement_row_submission_id"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["shape_id"], ["movement_shape.id"], name=op.f("fk_movement_row_shape_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", "line", name=op.f("pk_movement_row")),
        sqlite_with_rowid=False,
    )


def _fill() -> None:
    """Part what is recorded into shapes and rows."""
    bind = op.get_bind()
    columns = ", ".join(_SHAPE)
    found = bind.execute(
        sa.text(f"SELECT DISTINCT {columns} FROM movement ORDER BY {columns}"),
        execution_options={"yield_per": _BATCH},
    )
    marks = ", ".join(f":{name}" for name in ("id", "sha256", *_SHAPE))
    into = sa.text(f"INSERT INTO movement_shape (id, sha256, {columns}) VALUES ({marks})")
    number = 0
    for part in list(found.partitions()):
        rows = []
        for values in part:
            number += 1
            told = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))
            sha256 = hashlib.sha256(told.encode()).hexdigest()
            rows.append(
                {"id": number, "sha256": sha256, **dict(zip(_SHAPE, values, strict=True))}
            )
        bind.execute(into, rows)
    # To find each row's shape at once. A server needs none, and none of its own holds a long text.
    if bind.dialect.name == "sqlite":
        op.create_index("filling", "movement_shape", ["to_party", "from_party", "type", "to_place"])
    said = ", ".join("movement_shape.id" if n == "shape_id" else f"movement.{n}" for n in _ROW)
    alike = " AND ".join(f"movement_shape.{name} = movement.{name}" for name in _SHAPE)
    op.execute(
        f"""
        INSERT INTO movement_row ({", ".join(_ROW)})
        SELECT {said} FROM movement JOIN movement_shape ON {alike}
        ORDER BY movement.submission_id, movement.line
        """
    )
    if bind.dialect.name == "sqlite":
        op.drop_index("filling", "movement_shape")
    if bind.dialect.name == "postgresql":
        # No table is altered while something is still to be asked about its rows.
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
        op.execute("SET CONSTRAINTS ALL DEFERRED")
    count = "SELECT COUNT(*) FROM "
    before, after = (
        bind.scalar(sa.text(count + table)) for table in ("movement", "movement_row")
    )
    if before != after:
        raise RuntimeError(f"{before} movements became {after}: the upgrade is taken back")


def _indexes() -> None:
    def index(table: str, *columns: str, only: str | None = None) -> None:
        where = None if only is None else sa.text(only)
        name = op.f(f"ix_{table}_{'_'.join(columns)}")
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)

    index("movement_shape", "from_party")
    index("movement_shape", "to_party")
    index("movement_shape", "state", only="state <> 'done'")
    index("movement_row", "shape_id", "date_last")
    # A stretch of days is added up from this one alone.
    index(
        *("movement_row", "date_last", "date_first", "shape_id", "basis"),
        *("quantity_low", "quantity_high"),
    )
    index("movement_row", "date_last", "date_first", only="date_first <> date_last")
    correction = ("corrects_submission", "corrects_line")
    index("movement_row", *correction, only="corrects_submission IS NOT NULL")


def _views() -> None:
    said = ", ".join(
        f"{'movement_shape' if name in _SHAPE else 'movement_row'}.{name}" for name in _MOVEMENT
    )
    op.execute(
        f"""
        CREATE VIEW movement AS
        SELECT {said}
        FROM movement_row JOIN movement_shape ON movement_shape.id = movement_row.shape_id
        """
    )
    # Double entry for anybody with an SQL client: each movement leaves one account, enters another.
    op.execute(
        """
        CREATE VIEW posting AS
        SELECT submission_id, line, date_first, date_last, type, category, state, basis,
               from_party AS party, from_status AS status, from_place AS place, -1 AS sign,
               quantity_low, quantity_high
        FROM movement
        UNION ALL
        SELECT submission_id, line, date_first, date_last, type, category, state, basis,
               to_party, to_status, to_place, 1, quantity_low, quantity_high
        FROM movement
        """
    )


def _turnover() -> None:
    op.create_table(
        "turnover",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shape_id", sa.Integer(), nullable=False),
        sa.Column("basis", _text(16), nullable=False),
        sa.Column("movements", sa.Integer(), nullable=False),
        sa.Column("quantity_low", sa.BigInteger(), nullable=False),
        sa.Column("quantity_high", sa.BigInteger(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shape_id"], ["movement_shape.id"], name=op.f("fk_turnover_shape_id")
        ),
        sa.PrimaryKeyConstraint("year", "shape_id", "basis", name=op.f("pk_turnover")),
        sqlite_with_rowid=False,
    )
    # Filled from what is recorded already; the program's own way to find it is tested against this.
    if op.get_bind().dialect.name == "postgresql":
        first, last = (f"EXTRACT(YEAR FROM date_{end})::integer" for end in ("first", "last"))
    else:
        first, last = (f"CAST(SUBSTR(date_{end}, 1, 4) AS INTEGER)" for end in ("first", "last"))
    standing = " AND ".join(
        f"NOT EXISTS (SELECT 1 FROM {later} AS later WHERE later.corrects_submission ="
        " movement_row.submission_id AND later.corrects_line = movement_row.line)"
        for later in ("movement_row", "withdrawal")
    )
    op.execute(
        f"""
        INSERT INTO turnover
          (year, shape_id, basis, movements, quantity_low, quantity_high, open)
        SELECT {last}, shape_id, basis, COUNT(*), SUM(quantity_low),
               COALESCE(SUM(quantity_high), 0), COUNT(*) - COUNT(quantity_high)
        FROM movement_row JOIN movement_shape ON movement_shape.id = movement_row.shape_id
        WHERE state = 'done' AND {first} = {last} AND {standing}
        GROUP BY {last}, shape_id, basis
        """
    )


def _append_only_sqlite() -> None:
    for table in ("movement_row", "movement_shape"):
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"""
                CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}
                BEGIN
                  SELECT RAISE(ABORT, '{_REFUSED}');
                END
                """
            )
    # INSERT OR REPLACE deletes without firing a delete trigger.
    op.execute(
        f"""
        CREATE TRIGGER movement_shape_no_replace BEFORE INSERT ON movement_shape
        WHEN EXISTS (SELECT 1 FROM movement_shape WHERE id = NEW.id OR sha256 = NEW.sha256)
        BEGIN
          SELECT RAISE(ABORT, '{_RECORDED}');
        END
        """
    )
    op.execute(
        f"""
        CREATE TRIGGER movement_shape_are_announced BEFORE INSERT ON movement_shape
        WHEN NOT EXISTS (SELECT 1 FROM recording)
        BEGIN
          SELECT RAISE(ROLLBACK, '{_TOO_LATE}');
        END
        """
    )
    # Without gaps, so that there is always a next number.
    op.execute(
        f"""
        CREATE TRIGGER movement_shape_is_next BEFORE INSERT ON movement_shape
        WHEN NEW.id > COALESCE((SELECT MAX(id) FROM movement_shape), 0) + 1
        BEGIN
          SELECT RAISE(ABORT, '{_NOT_NEXT}');
        END
        """
    )
    op.execute(
        f"""
        CREATE TRIGGER movement_row_with_its_submission BEFORE INSERT ON movement_row
        WHEN NOT EXISTS (
          SELECT 1 FROM recording WHERE submission_id = NEW.submission_id) OR NEW.line < 1
        BEGIN
          SELECT RAISE(ROLLBACK, '{_TOO_LATE}');
        END
        """
    )
    place = "submission_id = NEW.id"
    # Each line from 1 to the last once: so many rows, none beyond the last, none in two tables.
    count = " + ".join(f"(SELECT COUNT(*) FROM {table} WHERE {place})" for table in _ROWS)
    beyond = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {place} AND line > NEW.row_count)" for table in _ROWS
    )
    # The shorter one first, whatever the planner thinks.
    twice = " OR ".join(
        f"EXISTS (SELECT 1 FROM {one} CROSS JOIN {other} USING (submission_id, line)"
        f" WHERE {one}.{place})"
        for one, other in (
            ("withdrawal", "holding"),
            ("withdrawal", "movement_row"),
            ("holding", "movement_row"),
        )
    )
    op.execute("DROP TRIGGER submission_has_its_rows")
    op.execute(
        f"""
        CREATE TRIGGER submission_has_its_rows BEFORE INSERT ON submission
        WHEN NEW.row_count <> {count} OR {beyond} OR {twice}
        BEGIN
          SELECT RAISE(ABORT, '{_NOT_WHOLE}');
        END
        """
    )


def _append_only_postgresql() -> None:
    """The same on PostgreSQL, where rows come in many at once and are looked at together."""
    bind = op.get_bind()
    schema = bind.dialect.identifier_preparer.quote(bind.scalar(sa.text("SELECT current_schema()")))
    for table in ("movement_row", "movement_shape"):
        for action in ("UPDATE", "DELETE", "TRUNCATE"):
            op.execute(
                f"""
                CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()
                """
            )
        op.execute(
            f"""
            CREATE TRIGGER {table}_are_announced BEFORE INSERT ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION rows_are_announced()
            """
        )
    op.execute(
        """
        CREATE TRIGGER movement_row_with_its_submission AFTER INSERT ON movement_row
        REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION row_with_its_submission()
        """
    )
    op.execute(
        f"""
        CREATE FUNCTION movement_shape_is_next() RETURNS trigger LANGUAGE plpgsql
        SET search_path = {schema}, pg_temp AS $$
        BEGIN
          IF NEW.id > COALESCE((SELECT MAX(id) FROM movement_shape), 0) + 1
          THEN RAISE EXCEPTION '{_NOT_NEXT}' USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          RETURN NEW;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER movement_shape_is_next BEFORE INSERT ON movement_shape
        FOR EACH ROW EXECUTE FUNCTION movement_shape_is_next()
        """
    )
    places = " UNION ALL ".join(
        f"SELECT line FROM {table} WHERE submission_id = NEW.id" for table in _ROWS
    )
    # With its own search path: a temporary table must not stand in for one of the ledger's.
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION submission_has_its_rows() RETURNS trigger LANGUAGE plpgsql
        SET search_path = {schema}, pg_temp AS $$
        BEGIN
          IF NEW.row_count <> (SELECT COUNT(*) FROM ({places}) AS place)
            OR NEW.row_count <> (
              SELECT COUNT(DISTINCT line) FROM ({places}) AS place
              WHERE line BETWEEN 1 AND NEW.row_count)
          THEN RAISE EXCEPTION '{_NOT_WHOLE}' USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          RETURN NEW;
        END $$
        """
    )
