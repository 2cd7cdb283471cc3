"""The indexes that keep only some rows keep on both databases those that ``tables`` says."""

from __future__ import annotations

import re

from sqlalchemy import URL, Connection, text

from compliance.ledger.connect import open_engine
from compliance.ledger.tables import metadata

_ASKED = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'",
    "postgresql": (
        "SELECT indexname, indexdef FROM pg_indexes"
        " WHERE schemaname = current_schema() AND indexdef LIKE '% WHERE %'"
    ),
}
_CAST = re.compile(r"::\w+|[()]")


def _condition(definition: str) -> str:
    """Return the condition, without what PostgreSQL adds to it."""
    return _CAST.sub("", definition.partition(" WHERE ")[2]).strip()


def _found(connection: Connection) -> dict[str, str]:
    asked = connection.execute(text(_ASKED[connection.dialect.name]))
    return {name[:60]: _condition(definition) for name, definition in asked}


def test_each_keeps_the_rows_it_is_for(ledger: URL) -> None:
    said = {
        str(index.name)[:60]: index.info["only"]
        for table in metadata.tables.values()
        for index in table.indexes
        if index.info
    }
    engine = open_engine(ledger, writing=False)
    with engine.connect() as connection:
        assert _found(connection) == said
    engine.dispose()
    assert len(said) == 4
