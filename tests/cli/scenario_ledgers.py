"""Synthetic ledgers to ask what-if of, and to look ahead from."""

from __future__ import annotations

import re
from pathlib import Path

from import_files import Row, write

SYNTHETIC = "synthetic base, made up for this test"
ASKED = ("--as-of", "2026-06-01")
BRADLEYS = ("--add", "62..89 M2A2 Bradley")
M80A = ("--remove", "30 BVP M-80A")


def held(category: str, quantity: int | str, party: str = "croatia", **more: str) -> Row:
    """Return a declared total."""
    return {
        "party": party,
        "as_of": "2026-01-01",
        "basis": "declared",
        "category": category,
        "type": "",
        "quantity": str(quantity),
        "source": SYNTHETIC,
        **more,
    }


def moved(quantity: int | str, type: str, **more: str) -> Row:
    """Return a movement to Croatia that is done."""
    return {
        "date": "2026-03-01",
        "type": type,
        "quantity": str(quantity),
        "from": "@import",
        "to": "croatia",
        "state": "done",
        "basis": "notified",
        "source": SYNTHETIC,
        **more,
    }


def files(folder: Path, holdings: list[Row], movements: list[Row] = []) -> list[Path]:  # noqa: B006
    """Write the rows as files to import."""
    found = [write(folder / "holdings.csv", *holdings)]
    if movements:
        found.append(write(folder / "movements.csv", *movements))
    return found


def lasting(text: str) -> str:
    """Leave out the hashes of law and ledger, which tell of every change of either."""
    text = re.sub(r"SHA-256\s+[0-9a-f]{12}", "SHA-256 0123456789ab", text)
    text = re.sub(r"ledger\s+head [0-9a-f]{12}", "ledger head 0123456789ab", text)
    return re.sub(r'"(ledger_head|sha256)": "[0-9a-f]{64}"', r'"\1": "0123456789ab"', text)
