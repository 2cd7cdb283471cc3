"""The floor: what the standard library's ``sqlite3``, ``csv`` and ``hashlib`` need for the work.

python with_sqlite.py load DATABASE CSV...    the files into a new database, text as it is
python with_sqlite.py copy LEDGER DATABASE    movements of a ledger, with a covering index
python with_sqlite.py group DATABASE          one GROUP BY pass over that copy
python with_sqlite.py hash LEDGER             every stored movement row, read once and hashed
"""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

COPIED = "from_party, to_party, type, date_first, quantity_low"
BY = "from_party, to_party, type, strftime('%Y', date_first)"


def load(database: str, *files: str) -> Any:
    """Insert CSV files into a table for each kind of header, one column for each of theirs."""
    connection = sqlite3.connect(database)
    with connection:
        for name in files:
            with Path(name).open(encoding="utf-8", newline="") as file:
                rows = csv.reader(file)
                columns = [f'"{column}"' for column in next(rows)]
                table = "movement" if '"from"' in columns else "holding"
                connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({', '.join(columns)})")
                marks = ", ".join("?" * len(columns))
                connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
    connection.close()
    return None


def copy(ledger: str, database: str) -> Any:
    """Copy the movements of a ledger into a table with an index that covers the question."""
    connection = sqlite3.connect(database)
    connection.execute("ATTACH ? AS ledger", (ledger,))
    columns = f"{COPIED}, date_last, category, quantity_high, state, basis, source, ref"
    with connection:
        connection.execute(f"CREATE TABLE moved AS SELECT {columns} FROM ledger.movement")  # noqa: S608
        connection.execute(f"CREATE INDEX covering ON moved ({COPIED})")
    connection.close()
    return None


def group(database: str) -> Any:
    """Return how many groups there are, and how much moved in all of them."""
    asked = f"SELECT {BY}, sum(quantity_low), count(*) FROM moved GROUP BY {BY}"  # noqa: S608
    found = sqlite3.connect(database).execute(asked).fetchall()
    return {
        "groups": len(found),
        "quantity": sum(row[-2] for row in found),
        "rows": sum(row[-1] for row in found),
    }


def hashed(ledger: str) -> Any:
    """Return how many movement rows are stored, and the hash of all of them in their order.

    What movements share is stored once, beside them; it is not read again with each row.
    """
    digest, count = hashlib.sha256(), 0
    asked = "SELECT * FROM movement_row ORDER BY submission_id, line"
    for row in sqlite3.connect(ledger).execute(asked):
        digest.update(repr(row).encode())
        count += 1
    return {"rows": count, "sha256": digest.hexdigest()}


WORK: dict[str, Callable[..., Any]] = {"load": load, "copy": copy, "group": group, "hash": hashed}

if __name__ == "__main__":
    print(json.dumps(WORK[sys.argv[1]](*sys.argv[2:])))  # noqa: T201
