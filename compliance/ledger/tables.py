"""The ledger's tables. The schema is made by the migrations; a test holds the two together."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

submission = Table(
    "submission",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    # UTC, ISO 8601 with microseconds and a Z: text sorts as time does, on every database.
    Column("recorded_at", String(27), nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Column("previous_sha256", String(64), nullable=False, unique=True),
    Column("sha256", String(64), nullable=False, unique=True),
    CheckConstraint("id >= 1", name="id_positive"),
)


def _place() -> list[Column[int]]:
    return [
        Column("submission_id", ForeignKey("submission.id"), primary_key=True),
        Column("line", Integer, primary_key=True, autoincrement=False),
    ]


def _particulars() -> list[Column[str]]:
    names = ("note", "ref", "stated_by", "subcategory", "unit", "site", "marking")
    return [Column(name, Text, nullable=False) for name in names]


def _correction() -> list[Column[int]]:
    return [
        Column("corrects_submission", Integer),
        Column("corrects_line", Integer),
    ]


holding = Table(
    "holding",
    metadata,
    *_place(),
    # The submission that first made the declaration this row belongs to; a correction joins it.
    Column("declaration_id", Integer, nullable=False),
    Column("party", Text, nullable=False),
    Column("as_of_first", Date, nullable=False),
    Column("as_of_last", Date, nullable=False),
    Column("basis", String(16), nullable=False),
    Column("category", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("status", String(32), nullable=False),
    Column("quantity_low", Integer, nullable=False),
    Column("quantity_high", Integer),
    Column("withheld", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    *_particulars(),
    *_correction(),
    CheckConstraint("quantity_low >= 0", name="quantity_not_negative"),
    CheckConstraint("quantity_high IS NULL OR quantity_high >= quantity_low", name="quantity_span"),
    CheckConstraint("as_of_last >= as_of_first", name="as_of_span"),
    Index(None, "party", "as_of_last"),
    Index(None, "corrects_submission", "corrects_line"),
    sqlite_with_rowid=False,
)

movement = Table(
    "movement",
    metadata,
    *_place(),
    Column("date_first", Date, nullable=False),
    Column("date_last", Date, nullable=False),
    Column("type", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("quantity_low", Integer, nullable=False),
    Column("quantity_high", Integer),
    # An account is a party and a status, or an outside place; the other columns are empty.
    Column("from_party", Text, nullable=False),
    Column("from_status", String(32), nullable=False),
    Column("from_place", Text, nullable=False),
    Column("to_party", Text, nullable=False),
    Column("to_status", String(32), nullable=False),
    Column("to_place", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("basis", String(16), nullable=False),
    Column("source", Text, nullable=False),
    *_particulars(),
    *_correction(),
    CheckConstraint("quantity_low >= 0", name="quantity_not_negative"),
    CheckConstraint("quantity_high IS NULL OR quantity_high >= quantity_low", name="quantity_span"),
    CheckConstraint("date_last >= date_first", name="date_span"),
    CheckConstraint("(from_party = '') <> (from_place = '')", name="from_account"),
    CheckConstraint("(to_party = '') <> (to_place = '')", name="to_account"),
    Index(None, "from_party", "date_last"),
    Index(None, "to_party", "date_last"),
    Index(None, "corrects_submission", "corrects_line"),
    sqlite_with_rowid=False,
)
