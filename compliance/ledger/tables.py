"""The ledger's tables. The schema is made by the migrations; a test holds the two together."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
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
from sqlalchemy.types import TypeEngine

from compliance.ledger.stored import COLUMNS
from compliance.values.records import Entry, Holding, Movement

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(length: int | None = None) -> TypeEngine[str]:
    """Text that sorts by code point on every database, whatever its locale."""
    kind = Text if length is None else String
    return kind(length).with_variant(kind(length, collation="C"), "postgresql")


submission = Table(
    "submission",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    # UTC, ISO 8601 with microseconds and a Z: text sorts as time does, on every database.
    Column("recorded_at", _text(27), nullable=False),
    Column("recorded_by", _text(), nullable=False),
    Column("command", _text(), nullable=False),
    Column("note", _text(), nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("content_sha256", _text(64), nullable=False),
    Column("previous_sha256", _text(64), nullable=False, unique=True),
    Column("sha256", _text(64), nullable=False, unique=True),
    CheckConstraint("id >= 1", name="id_positive"),
    Index(None, "content_sha256"),
)


def _place() -> list[Column[int]]:
    return [
        # Rows come before their submission, whose hash is theirs: at the end both are there.
        Column(
            "submission_id",
            ForeignKey("submission.id", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        ),
        Column("line", Integer, primary_key=True, autoincrement=False),
    ]


def _texts(*names: str) -> list[Column[str]]:
    return [Column(name, _text(), nullable=False) for name in names]


def _correction() -> list[Column[int]]:
    return [
        Column("corrects_submission", Integer),
        Column("corrects_line", Integer),
    ]


def _index(*columns: str, only: str) -> Index:
    """Return an index that keeps only the rows that are looked for by it.

    Which these are stands in its ``info``: as an option of each database it would load the code
    for all of them.
    """
    return Index(None, *columns, info={"only": only})


holding = Table(
    "holding",
    metadata,
    *_place(),
    # The submission that first made the declaration this row belongs to; a correction joins it.
    Column("declaration_id", Integer, nullable=False),
    Column("party", _text(), nullable=False),
    Column("as_of_first", Date, nullable=False),
    Column("as_of_last", Date, nullable=False),
    Column("basis", _text(16), nullable=False),
    Column("category", _text(), nullable=False),
    Column("type", _text(), nullable=False),
    Column("status", _text(32), nullable=False),
    Column("quantity_low", Integer, nullable=False),
    Column("quantity_high", Integer),
    Column("withheld", Boolean, nullable=False),
    Column("source", _text(), nullable=False),
    *_texts("note", "ref", "stated_by", "subcategory", "unit", "site", "marking"),
    *_correction(),
    CheckConstraint("quantity_low >= 0", name="quantity_not_negative"),
    CheckConstraint("quantity_high IS NULL OR quantity_high >= quantity_low", name="quantity_span"),
    CheckConstraint("as_of_last >= as_of_first", name="as_of_span"),
    # A withheld row is hashed without its quantity, so there is only one it can have.
    CheckConstraint(
        "NOT withheld OR (quantity_low = 0 AND quantity_high IS NULL)", name="withheld_quantity"
    ),
    Index(None, "party", "as_of_last"),
    _index("corrects_submission", "corrects_line", only="corrects_submission IS NOT NULL"),
    sqlite_with_rowid=False,
)

# What movements have in common, stored once; each row says which of these it is of.
movement_shape = Table(
    "movement_shape",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    # Of all the others, so that the same is stored once however long its texts are.
    Column("sha256", _text(64), nullable=False, unique=True),
    # An account is a party and a status, or an outside place; the other columns are empty.
    Column("from_party", _text(), nullable=False),
    Column("from_status", _text(32), nullable=False),
    Column("from_place", _text(), nullable=False),
    Column("to_party", _text(), nullable=False),
    Column("to_status", _text(32), nullable=False),
    Column("to_place", _text(), nullable=False),
    Column("type", _text(), nullable=False),
    Column("category", _text(), nullable=False),
    Column("state", _text(16), nullable=False),
    *_texts("stated_by", "subcategory", "unit", "site", "marking"),
    CheckConstraint("id >= 1", name="id_positive"),
    CheckConstraint("(from_party = '') <> (from_place = '')", name="from_account"),
    CheckConstraint("(to_party = '') <> (to_place = '')", name="to_account"),
    Index(None, "from_party"),
    Index(None, "to_party"),
    _index("state", only="state <> 'done'"),
)

movement_row = Table(
    "movement_row",
    metadata,
    *_place(),
    Column("shape_id", ForeignKey("movement_shape.id"), nullable=False),
    Column("date_first", Date, nullable=False),
    Column("date_last", Date, nullable=False),
    Column("quantity_low", Integer, nullable=False),
    Column("quantity_high", Integer),
    Column("basis", _text(16), nullable=False),
    *_texts("source", "note", "ref"),
    *_correction(),
    CheckConstraint("quantity_low >= 0", name="quantity_not_negative"),
    CheckConstraint("quantity_high IS NULL OR quantity_high >= quantity_low", name="quantity_span"),
    CheckConstraint("date_last >= date_first", name="date_span"),
    Index(None, "shape_id", "date_last"),
    # A stretch of days is added up from this one alone.
    Index(None, "date_last", "date_first", "shape_id", "basis", "quantity_low", "quantity_high"),
    # The few that may have happened on more than one day.
    _index("date_last", "date_first", only="date_first <> date_last"),
    _index("corrects_submission", "corrects_line", only="corrects_submission IS NOT NULL"),
    sqlite_with_rowid=False,
)

withdrawal = Table(
    "withdrawal",
    metadata,
    *_place(),
    # The declaration that the row taken back belongs to, if it is a holding's.
    Column("declaration_id", Integer),
    Column("note", _text(), nullable=False),
    Column("corrects_submission", Integer, nullable=False),
    Column("corrects_line", Integer, nullable=False),
    Index(None, "corrects_submission", "corrects_line"),
    sqlite_with_rowid=False,
)

# The submission whose rows are being recorded. It is there for the time of one transaction: rows
# that belong to no announced submission are refused, and what is recorded is announced no more.
recording = Table(
    "recording",
    metadata,
    Column(
        "submission_id",
        ForeignKey("submission.id", deferrable=True, initially="DEFERRED"),
        primary_key=True,
        autoincrement=False,
    ),
    sqlite_with_rowid=False,
)

# The kept balances: what moved in a calendar year, added up over all movements of one shape and
# basis that are in force, done and lie in that year. They repeat what the movements say, change
# with them in the same transaction, and are no part of what is recorded: `turnover.recomputed`
# finds them again.
turnover = Table(
    "turnover",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("shape_id", ForeignKey("movement_shape.id"), primary_key=True),
    Column("basis", _text(16), primary_key=True),
    Column("movements", Integer, nullable=False),
    Column("quantity_low", BigInteger, nullable=False),
    # The sum of those that have an upper bound; `open` counts the others.
    Column("quantity_high", BigInteger, nullable=False),
    Column("open", Integer, nullable=False),
    sqlite_with_rowid=False,
)

movement = Table(
    "movement",
    MetaData(),
    *(
        Column(name, (movement_shape if name in movement_shape.c else movement_row).c[name].type)
        for name in COLUMNS["movement"]
    ),
)
"""A view: each movement with its shape. It is read and never written."""

TABLES: tuple[Table, ...] = (holding, movement_row, withdrawal)
"""The tables that hold rows. A submission's lines count through all of them."""

WHOLE_ROWS: tuple[Table, ...] = (holding, movement, withdrawal)
"""What rows are read from with all that is said of them, in the same order."""


def table_of(entry: Entry) -> Table:
    """Return the table that holds rows of this kind."""
    if isinstance(entry, Holding):
        return holding
    return movement_row if isinstance(entry, Movement) else withdrawal
