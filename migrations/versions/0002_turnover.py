"""Kept balances; rows before their submission, so that a submission of any length is one stream."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ROWS = ("holding", "movement", "withdrawal")
_NOT_NEXT = "a submission must follow the last one recorded"
_TOO_LATE = "rows are recorded with their submission, not after it"
_NOT_WHOLE = "a submission must follow its rows: it says another number of them than there are"


def _text(length: int | None = None) -> sa.types.TypeEngine[str]:
    """Text that sorts by code point on every database, whatever its locale."""
    kind = sa.Text if length is None else sa.String
    return kind(length).with_variant(kind(length, collation="C"), "postgresql")


def upgrade() -> None:
    _indexes()
    # What is being recorded, in the transaction that does it; of no lasting content.
    op.create_table(
        "recording",
        sa.Column("submission_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_recording_submission_id"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_recording")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        _rows_before_their_submission_postgresql()
    else:
        _rows_before_their_submission_sqlite()
    _turnover()


def _indexes() -> None:
    """Keep in an index only the rows that are looked for by it."""
    for table, columns, only in (
        ("holding", ["corrects_submission", "corrects_line"], "corrects_submission IS NOT NULL"),
        ("movement", ["corrects_submission", "corrects_line"], "corrects_submission IS NOT NULL"),
        ("movement", ["from_party", "date_last"], "from_party <> ''"),
        ("movement", ["to_party", "date_last"], "to_party <> ''"),
    ):
        name = op.f(f"ix_{table}_{'_'.join(columns)}")
        op.drop_index(name, table_name=table)
        where = sa.text(only)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
    # The few that may have happened on more than one day, or not at all.
    where = sa.text("state <> 'done' OR date_first <> date_last")
    op.create_index(
        op.f("ix_movement_state_date_last_date_first"),
        "movement",
        ["state", "date_last", "date_first"],
        sqlite_where=where,
        postgresql_where=where,
    )


def _rows_before_their_submission_sqlite() -> None:
    place = "submission_id = NEW.id"
    op.execute(
        f"""
        CREATE TRIGGER recording_is_next BEFORE INSERT ON recording
        WHEN NEW.submission_id <> COALESCE((SELECT MAX(id) FROM submission), 0) + 1
        BEGIN
          SELECT RAISE(ABORT, '{_NOT_NEXT}');
        END
        """
    )
    op.execute(
        f"""
        CREATE TRIGGER recording_no_update BEFORE UPDATE ON recording
        BEGIN
          SELECT RAISE(ABORT, '{_NOT_NEXT}');
        END
        """
    )
    for table in _ROWS:
        # A row of what is recorded is not announced: it can be replaced no more than added to.
        op.execute(f"DROP TRIGGER {table}_no_replace")
        op.execute(f"DROP TRIGGER {table}_with_its_submission")
        op.execute(
            f"""
            CREATE TRIGGER {table}_with_its_submission BEFORE INSERT ON {table}
            WHEN NOT EXISTS (
              SELECT 1 FROM recording WHERE submission_id = NEW.submission_id) OR NEW.line < 1
            BEGIN
              SELECT RAISE(ROLLBACK, '{_TOO_LATE}');
            END
            """
        )
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
            ("withdrawal", "movement"),
            ("holding", "movement"),
        )
    )
    op.execute(
        f"""
        CREATE TRIGGER submission_has_its_rows BEFORE INSERT ON submission
        WHEN NEW.row_count <> {count} OR {beyond} OR {twice}
        BEGIN
          SELECT RAISE(ABORT, '{_NOT_WHOLE}');
        END
        """
    )
    op.execute(
        """
        CREATE TRIGGER submission_ends_recording AFTER INSERT ON submission
        BEGIN
          DELETE FROM recording;
        END
        """
    )


def _turnover() -> None:
    keys = (
        "to_party",
        "year",
        "to_status",
        "to_place",
        "from_party",
        "from_status",
        "from_place",
        "type",
        "category",
        "basis",
        "marking",
    )
    kinds = {"to_status": 32, "from_status": 32, "basis": 16}
    op.create_table(
        "turnover",
        *(
            sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)
            if name == "year"
            else sa.Column(name, _text(kinds.get(name)), nullable=False)
            for name in keys
        ),
        sa.Column("movements", sa.Integer(), nullable=False),
        sa.Column("quantity_low", sa.BigInteger(), nullable=False),
        sa.Column("quantity_high", sa.BigInteger(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*keys, name=op.f("pk_turnover")),
        sqlite_with_rowid=False,
    )
    # Filled from what is recorded already; the program's own way to find it is tested against this.
    if op.get_bind().dialect.name == "postgresql":
        first, last = (f"EXTRACT(YEAR FROM date_{end})::integer" for end in ("first", "last"))
        kind = "split_part({0}, ':', 1)"
    else:
        first, last = (f"CAST(SUBSTR(date_{end}, 1, 4) AS INTEGER)" for end in ("first", "last"))
        kind = "SUBSTR({0}, 1, INSTR({0} || ':', ':') - 1)"
    place = f"CASE WHEN {{0}} LIKE '@reduced:%' THEN {{0}} ELSE {kind} END"
    said = {"year": last, **{name: place.format(name) for name in ("to_place", "from_place")}}
    values = ", ".join(said.get(name, name) for name in keys)
    standing = " AND ".join(
        f"NOT EXISTS (SELECT 1 FROM {later} AS later WHERE later.corrects_submission ="
        " movement.submission_id AND later.corrects_line = movement.line)"
        for later in ("movement", "withdrawal")
    )
    op.execute(
        f"""
        INSERT INTO turnover ({", ".join(keys)}, movements, quantity_low, quantity_high, open)
        SELECT {values}, COUNT(*), SUM(quantity_low), COALESCE(SUM(quantity_high), 0),
               COUNT(*) - COUNT(quantity_high)
        FROM movement WHERE state = 'done' AND {first} = {last} AND {standing}
        GROUP BY {values}
        """
    )
    op.create_index(op.f("ix_turnover_from_party_year"), "turnover", ["from_party", "year"])


def _rows_before_their_submission_postgresql() -> None:
    """The same on PostgreSQL, where rows come in many at once and are looked at together."""
    bind = op.get_bind()
    schema = bind.dialect.identifier_preparer.quote(bind.scalar(sa.text("SELECT current_schema()")))

    def function(name: str, body: str) -> None:
        # With its own search path: a temporary table must not stand in for one of the ledger's.
        op.execute(
            f"""
            CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
            SET search_path = {schema}, pg_temp AS $$
            BEGIN
              {body}
            END $$
            """
        )

    def refuse(message: str) -> str:
        return f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"

    for table in _ROWS:
        op.execute(
            f"ALTER TABLE {table} ALTER CONSTRAINT fk_{table}_submission_id"
            " DEFERRABLE INITIALLY DEFERRED"
        )
    function(
        "recording_is_next",
        f"""
        IF NEW.submission_id <> COALESCE((SELECT MAX(id) FROM submission), 0) + 1
        THEN {refuse(_NOT_NEXT)} END IF;
        RETURN NEW;
        """,
    )
    op.execute(
        """
        CREATE TRIGGER recording_is_next BEFORE INSERT OR UPDATE ON recording
        FOR EACH ROW EXECUTE FUNCTION recording_is_next()
        """
    )
    # Nothing is recorded: then no row comes in, not even one that would change nothing.
    function(
        "rows_are_announced",
        f"""
        IF NOT EXISTS (SELECT 1 FROM recording) THEN {refuse(_TOO_LATE)} END IF;
        RETURN NULL;
        """,
    )
    function(
        "row_with_its_submission",
        f"""
        IF EXISTS (
          SELECT 1 FROM added
          WHERE line < 1 OR submission_id NOT IN (SELECT submission_id FROM recording))
        THEN {refuse(_TOO_LATE)} END IF;
        RETURN NULL;
        """,
    )
    for table in _ROWS:
        op.execute(f"DROP TRIGGER {table}_with_its_submission ON {table}")
        op.execute(
            f"""
            CREATE TRIGGER {table}_are_announced BEFORE INSERT ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION rows_are_announced()
            """
        )
        op.execute(
            f"""
            CREATE TRIGGER {table}_with_its_submission AFTER INSERT ON {table}
            REFERENCING NEW TABLE AS added
            FOR EACH STATEMENT EXECUTE FUNCTION row_with_its_submission()
            """
        )
    places = " UNION ALL ".join(
        f"SELECT line FROM {table} WHERE submission_id = NEW.id" for table in _ROWS
    )
    function(
        "submission_has_its_rows",
        f"""
        IF NEW.row_count <> (SELECT COUNT(*) FROM ({places}) AS place)
          OR NEW.row_count <> (
            SELECT COUNT(DISTINCT line) FROM ({places}) AS place
            WHERE line BETWEEN 1 AND NEW.row_count)
        THEN {refuse(_NOT_WHOLE)} END IF;
        RETURN NEW;
        """,
    )
    op.execute(
        """
        CREATE TRIGGER submission_has_its_rows BEFORE INSERT ON submission
        FOR EACH ROW EXECUTE FUNCTION submission_has_its_rows()
        """
    )
    function("submission_ends_recording", "DELETE FROM recording; RETURN NULL;")
    op.execute(
        """
        CREATE TRIGGER submission_ends_recording AFTER INSERT ON submission
        FOR EACH ROW EXECUTE FUNCTION submission_ends_recording()
        """
    )
