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
    text,
)
from sqlalchemy.types import TypeEngine

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


def _particulars() -> list[Column[str]]:
    names = ("note", "ref", "stated_by", "subcategory", "unit", "site", "marking")
    return [Column(name, _text(), nullable=False) for name in names]


def _correction() -> list[Column[int]]:
    return [
        Column("corrects_submission", Integer),
        Column("corrects_line", Integer),
    ]


def _index(*columns: str, only: str) -> Index:
    """Return an index that keeps only the rows that are looked for by it."""
    return Index(None, *columns, sqlite_where=text(only), postgresql_where=text(only))


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
    *_particulars(),
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

movement = Table(
    "movement",
    metadata,
    *_place(),
    Column("date_first", Date, nullable=False),
    Column("date_last", Date, nullable=False),
    Column("type", _text(), nullable=False),
    Column("category", _text(), nullable=False),
    Column("quantity_low", Integer, nullable=False),
    Column("quantity_high", Integer),
    # An account is a party and a status, or an outside place; the other columns are empty.
    Column("from_party", _text(), nullable=False),
    Column("from_status", _text(32), nullable=False),
    Column("from_place", _text(), nullable=False),
    Column("to_party", _text(), nullable=False),
    Column("to_status", _text(32), nullable=False),
    Column("to_place", _text(), nullable=False),
    Column("state", _text(16), nullable=False),
    Column("basis", _text(16), nullable=False),
    Column("source", _text(), nullable=False),
    *_particulars(),
    *_correction(),
    CheckConstraint("quantity_low >= 0", name="quantity_not_negative"),
    CheckConstraint("quantity_high IS NULL OR quantity_high >= quantity_low", name="quantity_span"),
    CheckConstraint("date_last >= date_first", name="date_span"),
    CheckConstraint("(from_party = '') <> (from_place = '')", name="from_account"),
    CheckConstraint("(to_party = '') <> (to_place = '')", name="to_account"),
    _index("from_party", "date_last", only="from_party <> ''"),
    _index("to_party", "date_last", only="to_party <> ''"),
    _index("corrects_submission", "corrects_line", only="corrects_submission IS NOT NULL"),
    # The few that may have happened on more than one day, or not at all.
    _index("state", "date_last", "date_first", only="state <> 'done' OR date_first <> date_last"),
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

# The kept balances: what moved in a calendar year, added up over all movements in force and done
# that lie in that year and are alike in all that bears on a count. It repeats what `movement` says,
# changes with it in the same transaction, and is no part of what is recorded: `turnover.recomputed`
# finds it again at any time.
turnover = Table(
    "turnover",
    metadata,
    Column("to_party", _text(), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("to_status", _text(32), primary_key=True),
    # Of an outside place only its kind, `@import`; `@reduced:METHOD` whole.
    Column("to_place", _text(), primary_key=True),
    Column("from_party", _text(), primary_key=True),
    Column("from_status", _text(32), primary_key=True),
    Column("from_place", _text(), primary_key=True),
    Column("type", _text(), primary_key=True),
    Column("category", _text(), primary_key=True),
    Column("basis", _text(16), primary_key=True),
    Column("marking", _text(), primary_key=True),
    Column("movements", Integer, nullable=False),
    Column("quantity_low", BigInteger, nullable=False),
    # The sum of those that have an upper bound; `open` counts the others.
    Column("quantity_high", BigInteger, nullable=False),
    Column("open", Integer, nullable=False),
    # By `to_party` and year the primary key serves.
    Index(None, "from_party", "year"),
    sqlite_with_rowid=False,
)

TABLES: tuple[Table, ...] = (holding, movement, withdrawal)
"""The tables that hold rows. A submission's lines count through all of them."""


def table_of(entry: Entry) -> Table:
    """Return the table that holds rows of this kind."""
    if isinstance(entry, Holding):
        return holding
    return movement if isinstance(entry, Movement) else withdrawal
