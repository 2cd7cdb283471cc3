"""The ledger: submissions in a chain, holdings, movements; append-only by trigger."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _text(length: int | None = None) -> sa.types.TypeEngine[str]:
    """Text that sorts by code point on every database, whatever its locale."""
    kind = sa.Text if length is None else sa.String
    return kind(length).with_variant(kind(length, collation="C"), "postgresql")


def _place() -> list[sa.Column]:
    return [
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
    ]


def _particulars() -> list[sa.Column]:
    names = ("note", "ref", "stated_by", "subcategory", "unit", "site", "marking")
    return [sa.Column(name, _text(), nullable=False) for name in names]


def _correction() -> list[sa.Column]:
    return [
        sa.Column("corrects_submission", sa.Integer(), nullable=True),
        sa.Column("corrects_line", sa.Integer(), nullable=True),
    ]


def upgrade() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", _text(27), nullable=False),
        sa.Column("recorded_by", _text(), nullable=False),
        sa.Column("command", _text(), nullable=False),
        sa.Column("note", _text(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("content_sha256", _text(64), nullable=False),
        sa.Column("previous_sha256", _text(64), nullable=False),
        sa.Column("sha256", _text(64), nullable=False),
        sa.CheckConstraint("id >= 1", name=op.f("ck_submission_id_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        # The first has the empty text: so there is one first, and no submission has two successors.
        sa.UniqueConstraint("previous_sha256", name=op.f("uq_submission_previous_sha256")),
        sa.UniqueConstraint("sha256", name=op.f("uq_submission_sha256")),
    )
    op.create_index(op.f("ix_submission_content_sha256"), "submission", ["content_sha256"])
    op.create_table(
        "holding",
        *_place(),
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        sa.Column("party", _text(), nullable=False),
        sa.Column("as_of_first", sa.Date(), nullable=False),
        sa.Column("as_of_last", sa.Date(), nullable=False),
        sa.Column("basis", _text(16), nullable=False),
        sa.Column("category", _text(), nullable=False),
        sa.Column("type", _text(), nullable=False),
        sa.Column("status", _text(32), nullable=False),
        sa.Column("quantity_low", sa.Integer(), nullable=False),
        sa.Column("quantity_high", sa.Integer(), nullable=True),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("source", _text(), nullable=False),
        *_particulars(),
        *_correction(),
        sa.CheckConstraint("quantity_low >= 0", name=op.f("ck_holding_quantity_not_negative")),
        sa.CheckConstraint(
            "quantity_high IS NULL OR quantity_high >= quantity_low",
            name=op.f("ck_holding_quantity_span"),
        ),
        sa.CheckConstraint("as_of_last >= as_of_first", name=op.f("ck_holding_as_of_span")),
        # A withheld row is hashed without its quantity, so there is only one it can have.
        sa.CheckConstraint(
            "NOT withheld OR (quantity_low = 0 AND quantity_high IS NULL)",
            name=op.f("ck_holding_withheld_quantity"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_holding_submission_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", "line", name=op.f("pk_holding")),
        # A hidden row id would be a second key, by which a row could be replaced.
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_holding_party_as_of_last"), "holding", ["party", "as_of_last"])
    op.create_index(
        op.f("ix_holding_corrects_submission_corrects_line"),
        "holding",
        ["corrects_submission", "corrects_line"],
    )
    op.create_table(
        "movement",
        *_place(),
        sa.Column("date_first", sa.Date(), nullable=False),
        sa.Column("date_last", sa.Date(), nullable=False),
        sa.Column("type", _text(), nullable=False),
        sa.Column("category", _text(), nullable=False),
        sa.Column("quantity_low", sa.Integer(), nullable=False),
        sa.Column("quantity_high", sa.Integer(), nullable=True),
        sa.Column("from_party", _text(), nullable=False),
        sa.Column("from_status", _text(32), nullable=False),
        sa.Column("from_place", _text(), nullable=False),
        sa.Column("to_party", _text(), nullable=False),
        sa.Column("to_status", _text(32), nullable=False),
        sa.Column("to_place", _text(), nullable=False),
        sa.Column("state", _text(16), nullable=False),
        sa.Column("basis", _text(16), nullable=False),
        sa.Column("source", _text(), nullable=False),
        *_particulars(),
        *_correction(),
        sa.CheckConstraint("quantity_low >= 0", name=op.f("ck_movement_quantity_not_negative")),
        sa.CheckConstraint(
            "quantity_high IS NULL OR quantity_high >= quantity_low",
            name=op.f("ck_movement_quantity_span"),
        ),
        sa.CheckConstraint("date_last >= date_first", name=op.f("ck_movement_date_span")),
        sa.CheckConstraint(
            "(from_party = '') <> (from_place = '')", name=op.f("ck_movement_from_account")
        ),
        sa.CheckConstraint(
            "(to_party = '') <> (to_place = '')", name=op.f("ck_movement_to_account")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_movement_submission_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", "line", name=op.f("pk_movement")),
        # A hidden row id would be a second key, by which a row could be replaced.
        sqlite_with_rowid=False,
    )
    for columns in (
        ["from_party", "date_last"],
        ["to_party", "date_last"],
        ["corrects_submission", "corrects_line"],
    ):
        op.create_index(op.f(f"ix_movement_{'_'.join(columns)}"), "movement", columns)
    op.create_table(
        "withdrawal",
        *_place(),
        sa.Column("declaration_id", sa.Integer(), nullable=True),
        sa.Column("note", _text(), nullable=False),
        sa.Column("corrects_submission", sa.Integer(), nullable=False),
        sa.Column("corrects_line", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_withdrawal_submission_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", "line", name=op.f("pk_withdrawal")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_withdrawal_corrects_submission_corrects_line"),
        "withdrawal",
        ["corrects_submission", "corrects_line"],
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
    if op.get_bind().dialect.name == "postgresql":
        _append_only_postgresql()
    else:
        _append_only_sqlite()


_REFUSED = "the ledger is append-only: correct by a new submission"
_NOT_NEXT = "a submission must follow the last one recorded"
_TOO_LATE = "rows are recorded with their submission, not after it"
_ROWS = ("holding", "movement", "withdrawal")


def _append_only_sqlite() -> None:
    """Refuse every change of what is recorded, whoever asks for it by whatever client."""
    place = "submission_id = NEW.submission_id AND line = NEW.line"
    keys = {
        "submission": "id = NEW.id OR sha256 = NEW.sha256 OR previous_sha256 = NEW.previous_sha256",
        **dict.fromkeys(_ROWS, place),
    }
    for table, same in keys.items():
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
            CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
            WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
            BEGIN
              SELECT RAISE(ABORT, 'the ledger is append-only: that row is recorded already');
            END
            """
        )
    op.execute(
        f"""
        CREATE TRIGGER submission_follows_head BEFORE INSERT ON submission
        WHEN NEW.previous_sha256 <> COALESCE(
          (SELECT sha256 FROM submission ORDER BY id DESC LIMIT 1), '')
          OR NEW.id <> COALESCE((SELECT MAX(id) FROM submission), 0) + 1
        BEGIN
          SELECT RAISE(ABORT, '{_NOT_NEXT}');
        END
        """
    )
    for table in _ROWS:
        elsewhere = " ".join(
            f"OR EXISTS (SELECT 1 FROM {other} WHERE {place})" for other in _ROWS if other != table
        )
        op.execute(
            f"""
            CREATE TRIGGER {table}_with_its_submission BEFORE INSERT ON {table}
            WHEN NEW.submission_id <> COALESCE((SELECT MAX(id) FROM submission), 0)
              OR NEW.line NOT BETWEEN 1 AND (
                SELECT row_count FROM submission WHERE id = NEW.submission_id)
              {elsewhere}
            BEGIN
              SELECT RAISE(ABORT, '{_TOO_LATE}');
            END
            """
        )


def _append_only_postgresql() -> None:
    """The same on PostgreSQL, where the truncation of a table is one more way to lose it."""
    bind = op.get_bind()
    schema = bind.dialect.identifier_preparer.quote(bind.scalar(sa.text("SELECT current_schema()")))

    def function(name: str, body: str) -> None:
        # With its own search path: a temporary table must not stand in for one of the ledger's.
        op.execute(
            f"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
            SET search_path = {schema}, pg_temp AS $$
            BEGIN
              {body}
            END $$
            """
        )

    def refuse(message: str) -> str:
        return f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"

    function("ledger_refuse_change", refuse(_REFUSED))
    for table in ("submission", *_ROWS):
        for action in ("UPDATE", "DELETE", "TRUNCATE"):
            op.execute(
                f"""
                CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()
                """
            )
    function(
        "submission_follows_head",
        f"""
        IF NEW.previous_sha256 <> COALESCE(
          (SELECT sha256 FROM submission ORDER BY id DESC LIMIT 1), '')
          OR NEW.id <> COALESCE((SELECT MAX(id) FROM submission), 0) + 1
        THEN {refuse(_NOT_NEXT)} END IF;
        RETURN NEW;
        """,
    )
    op.execute(
        """
        CREATE TRIGGER submission_follows_head BEFORE INSERT ON submission
        FOR EACH ROW EXECUTE FUNCTION submission_follows_head()
        """
    )
    places = " UNION ALL ".join(f"SELECT submission_id, line FROM {table}" for table in _ROWS)
    function(
        "row_with_its_submission",
        f"""
        IF NOT EXISTS (
          SELECT 1 FROM submission
          WHERE id = NEW.submission_id AND id = (SELECT MAX(id) FROM submission)
            AND NEW.line BETWEEN 1 AND row_count)
          OR EXISTS (
          SELECT 1 FROM ({places}) AS recorded
          WHERE submission_id = NEW.submission_id AND line = NEW.line)
        THEN {refuse(_TOO_LATE)} END IF;
        RETURN NEW;
        """,
    )
    for table in _ROWS:
        op.execute(
            f"""
            CREATE TRIGGER {table}_with_its_submission BEFORE INSERT ON {table}
            FOR EACH ROW EXECUTE FUNCTION row_with_its_submission()
            """
        )
