"""The ledger: submissions in a chain, holdings, movements; append-only by trigger."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _place() -> list[sa.Column]:
    return [
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
    ]


def _particulars() -> list[sa.Column]:
    names = ("note", "ref", "stated_by", "subcategory", "unit", "site", "marking")
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _correction() -> list[sa.Column]:
    return [
        sa.Column("corrects_submission", sa.Integer(), nullable=True),
        sa.Column("corrects_line", sa.Integer(), nullable=True),
    ]


def upgrade() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.String(27), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.Column("previous_sha256", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.CheckConstraint("id >= 1", name=op.f("ck_submission_id_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        # The first has the empty text: so there is one first, and no submission has two successors.
        sa.UniqueConstraint("previous_sha256", name=op.f("uq_submission_previous_sha256")),
        sa.UniqueConstraint("sha256", name=op.f("uq_submission_sha256")),
    )
    op.create_table(
        "holding",
        *_place(),
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("as_of_first", sa.Date(), nullable=False),
        sa.Column("as_of_last", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(16), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("quantity_low", sa.Integer(), nullable=False),
        sa.Column("quantity_high", sa.Integer(), nullable=True),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        *_particulars(),
        *_correction(),
        sa.CheckConstraint("quantity_low >= 0", name=op.f("ck_holding_quantity_not_negative")),
        sa.CheckConstraint(
            "quantity_high IS NULL OR quantity_high >= quantity_low",
            name=op.f("ck_holding_quantity_span"),
        ),
        sa.CheckConstraint("as_of_last >= as_of_first", name=op.f("ck_holding_as_of_span")),
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
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("quantity_low", sa.Integer(), nullable=False),
        sa.Column("quantity_high", sa.Integer(), nullable=True),
        sa.Column("from_party", sa.Text(), nullable=False),
        sa.Column("from_status", sa.String(32), nullable=False),
        sa.Column("from_place", sa.Text(), nullable=False),
        sa.Column("to_party", sa.Text(), nullable=False),
        sa.Column("to_status", sa.String(32), nullable=False),
        sa.Column("to_place", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("basis", sa.String(16), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
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
    _append_only()


def _append_only() -> None:
    """Refuse every change of what is recorded, whoever asks for it by whatever client."""
    if op.get_bind().dialect.name != "sqlite":
        raise RuntimeError("this migration knows append-only triggers for SQLite only")
    keys = {
        "submission": "id = NEW.id OR sha256 = NEW.sha256 OR previous_sha256 = NEW.previous_sha256",
        "holding": "submission_id = NEW.submission_id AND line = NEW.line",
        "movement": "submission_id = NEW.submission_id AND line = NEW.line",
    }
    for table, same in keys.items():
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"""
                CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}
                BEGIN
                  SELECT RAISE(ABORT, 'the ledger is append-only: correct by a new submission');
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
        """
        CREATE TRIGGER submission_follows_head BEFORE INSERT ON submission
        WHEN NEW.previous_sha256 <> COALESCE(
          (SELECT sha256 FROM submission ORDER BY id DESC LIMIT 1), '')
          OR NEW.id <> COALESCE((SELECT MAX(id) FROM submission), 0) + 1
        BEGIN
          SELECT RAISE(ABORT, 'a submission must follow the last one recorded');
        END
        """
    )
    for table, other in (("holding", "movement"), ("movement", "holding")):
        op.execute(
            f"""
            CREATE TRIGGER {table}_with_its_submission BEFORE INSERT ON {table}
            WHEN NEW.submission_id <> COALESCE((SELECT MAX(id) FROM submission), 0)
              OR NEW.line NOT BETWEEN 1 AND (
                SELECT row_count FROM submission WHERE id = NEW.submission_id)
              OR EXISTS (SELECT 1 FROM {other}
                WHERE submission_id = NEW.submission_id AND line = NEW.line)
            BEGIN
              SELECT RAISE(ABORT, 'rows are recorded with their submission, not after it');
            END
            """
        )
