"""Small files to take in, and what is asked of a ledger afterwards."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from compliance.ledger.connect import locate

Row = Mapping[str, str]

TANKS: Row = {
    "party": "serbia",
    "as_of": "2025-01-01",
    "basis": "declared",
    "category": "battle_tank",
    "type": "",
    "status": "",
    "quantity": "212",
    "source": "annual exchange of December 2024",
}
LOSS: Row = {
    "date": "2025-03-01",
    "type": "M-84",
    "category": "battle_tank",
    "quantity": "5",
    "from": "serbia",
    "to": "@reduced:destroyed",
    "state": "",
    "basis": "notified",
    "source": "notification of reduction",
}


def write(path: Path, *rows: Row) -> Path:
    """Write rows of one kind as CSV; columns that some rows lack are empty there."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def transfers(path: Path, count: int) -> Path:
    """Write so many movements that change nobody's total."""
    rows = (
        {
            **LOSS,
            "date": f"2010-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
            "quantity": str(number % 9 + 1),
            "from": "serbia:in_service",
            "to": "serbia:stored",
            "source": f"transfer {number}",
        }
        for number in range(count)
    )
    return write(path, *rows)


def stored(db: Path | str) -> list[tuple[int, int]]:
    """Return for each submission its number and how many rows really stand in the tables."""
    query = """
        SELECT id, (SELECT count(*) FROM holding WHERE submission_id = id)
                 + (SELECT count(*) FROM movement WHERE submission_id = id)
                 + (SELECT count(*) FROM withdrawal WHERE submission_id = id)
        FROM submission ORDER BY id
    """
    engine = create_engine(locate(str(db)), poolclass=NullPool)
    with engine.connect() as connection:
        return [(number, rows) for number, rows in connection.exec_driver_sql(query)]
