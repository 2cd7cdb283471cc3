"""Reads what a program found out, in the form in which the reckoning has it."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.measure import Output
from bench.reckon import Reckoned

Named = dict[str, list[int]]
"""The lowest and the highest count, by ``party/category``."""


def audit(output: Output) -> Named:
    """Return the counts of ``audit --format json``."""
    return _counted(json.loads(output.text())["rows"])


_BEFORE = re.compile(r"Party (\d\d) \(synthetic\) +(\w+(?: \w+)*) +before ")
_AFTER = re.compile(r" +after +([\d,]+)(?:\.\.([\d,]+))? ")
_CATEGORY = {
    "Battle tanks": "battle_tank",
    "Armoured combat vehicles": "armoured_combat_vehicle",
    "Artillery pieces": "artillery",
    "Combat aircraft": "combat_aircraft",
    "Attack helicopters": "attack_helicopter",
}


def changed(output: Output) -> Named:
    """Return the counts after an import, from the table that tells what it changed."""
    found: Named = {}
    name = ""
    for line in output.text().splitlines():
        if before := _BEFORE.match(line):
            name = f"party-{before[1]}/{_CATEGORY[before[2]]}"
        elif after := _AFTER.match(line):
            low, high = after[1], after[2] or after[1]
            found[name] = [int(bound.replace(",", "")) for bound in (low, high)]
    return found


def verdicts(output: Output) -> dict[str, str]:
    """Return the verdicts of ``audit --format json``."""
    rows = json.loads(output.text())["rows"]
    return {f"{row['party']}/{row['category']}": row["verdict"] for row in rows}


def diff(output: Output) -> dict[str, list[int]]:
    """Return the counts of ``diff --format json``, by ``day party/category``."""
    found: dict[str, list[int]] = {}
    document = json.loads(output.text())
    for period in document.get("periods", [document]):
        for side, day in (("before", period["from"]), ("after", period["to"])):
            counts = _counted([row[side] for row in period["rows"]])
            found |= {f"{day} {name}": span for name, span in counts.items()}
    return found


def project(output: Output) -> Named:
    """Return the counts of ``project --format json`` on its first day."""
    rows = json.loads(output.text())["rows"]
    return _counted([{**row, **row["days"][0]} for row in rows])


def verified(output: Output) -> int:
    """Return how many rows ``history verify`` found to be sound; 0 where it did not say so."""
    said = re.match(r"Sound: [\d,]+ submissions?, ([\d,]+) rows", output.text())
    return int(said[1].replace(",", "")) if said else 0


def printed(output: Output) -> Any:
    """Return the JSON that a peer printed."""
    return json.loads(output.text())


def journal(output: Output) -> Named:
    """Return the counts of hledger's ``bal --layout=bare -O csv``."""
    found: Named = {}
    for line in output.text().splitlines()[1:]:
        account, _, quantity = (cell.strip('"') for cell in line.split('","'))
        span = found.setdefault(account.replace(":", "/"), [0, 0])
        span[:] = [bound + int(quantity) for bound in span]
    return found


def imported(database: Path) -> dict[str, list[int]]:
    """Return how many rows a database holds of each kind, and the sum of their quantities."""
    connection = sqlite3.connect(database)
    try:
        return {kind: _table(connection, kind) for kind in ("movement", "holding")}
    finally:
        connection.close()


def _table(connection: sqlite3.Connection, kind: str) -> list[int]:
    columns = {row[1] for row in connection.execute(f"PRAGMA table_info({kind})")}
    quantity = "quantity_low" if "quantity_low" in columns else "CAST(quantity AS INTEGER)"
    asked = f"SELECT count(*), sum({quantity}) FROM {kind}"  # noqa: S608 - our own names
    return list(connection.execute(asked).fetchone())


def wanted_import(reckoned: Reckoned) -> dict[str, list[int]]:
    """Return what ``imported`` must find after all files but the corrections."""
    return {
        "movement": [reckoned["movements"]["rows"], reckoned["movements"]["quantity"]],
        "holding": [reckoned["holdings"]["rows"], reckoned["holdings"]["quantity"]],
    }


def wanted_counts(reckoned: Reckoned, day: str) -> Named:
    """Return the counts on a day."""
    return {name: list(span) for name, span in reckoned["counts"][day].items()}


def wanted_series(reckoned: Reckoned, days: list[str]) -> dict[str, list[int]]:
    """Return what ``diff`` must find on all these days."""
    return {
        f"{day} {name}": list(span)
        for day in days
        for name, span in reckoned["counts"][day].items()
    }


def wanted_group(reckoned: Reckoned) -> dict[str, int]:
    """Return what one GROUP BY pass over all movement rows must find."""
    parts = (reckoned["movements"], reckoned["corrections"])
    return {
        "groups": reckoned["groups"],
        "quantity": sum(part["quantity"] for part in parts),
        "rows": sum(part["rows"] for part in parts),
    }


def wanted_rows(reckoned: Reckoned) -> int:
    """Return how many rows of all kinds a whole ledger holds."""
    return sum(reckoned[kind]["rows"] for kind in ("movements", "corrections", "holdings"))


def _counted(rows: list[Mapping[str, Any]]) -> Named:
    return {
        f"{row['party']}/{row['category']}": [row["counted"]["low"], row["counted"]["high"]]
        for row in rows
    }
