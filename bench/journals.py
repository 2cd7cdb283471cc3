"""Writes the files of a ledger as text journals: for hledger, and for beancount.

The commodity is the type, the account the party and category. A movement is booked at its lowest
quantity and on its first day; a change of status stays within its account. A declaration makes
each account equal to it, with an assertion of the balance (hledger) or the directive ``balance``.
Planned movements and corrections are left out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TextIO

from bench.invented import CATEGORY_OF, FIRST_YEAR, LAST_YEAR

_Row = dict[str, str]


def rows(path: Path) -> Iterator[_Row]:
    """Yield the rows of a CSV file by column."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def write(folder: Path) -> None:
    """Write ``ledger.journal`` and ``ledger.beancount`` into a ledger's folder."""
    with (
        (folder / "ledger.journal").open("w", encoding="utf-8", newline="\n") as hledger,
        (folder / "ledger.beancount").open("w", encoding="utf-8", newline="\n") as beancount,
    ):
        _Writer(hledger, beancount).all(folder)


class _Writer:
    """Keeps the books that tell by how much a declaration differs from them."""

    def __init__(self, hledger: TextIO, beancount: TextIO) -> None:
        self._hledger, self._beancount = hledger, beancount
        self._books: dict[tuple[str, str], int] = {}
        self._opened: set[str] = set()

    def all(self, folder: Path) -> None:
        self._hledger.write("; synthetic, made for the benchmark\n\n")
        self._beancount.write('option "title" "synthetic, made for the benchmark"\n')
        self._beancount.write(f"{FIRST_YEAR - 1}-01-01 open Equity:Declarations\n\n")
        for year in range(FIRST_YEAR - 1, LAST_YEAR + 1):
            moved = folder / f"movements-{year}.csv"
            if moved.is_file():
                for row in rows(moved):
                    if row["state"] == "done":
                        self._movement(row)
            declared = rows(folder / f"declarations-{year}.csv")
            for party, of in groupby(declared, lambda row: row["party"]):
                self._declaration(party, year, list(of))

    def _movement(self, row: _Row) -> None:
        day, low = row["date"][:10], int(row["quantity"].partition("..")[0])
        origin, destination = (self._account(row[end], row["type"]) for end in ("from", "to"))
        named, plain = _commodities(row["type"])
        for account, sign in ((row["from"], -1), (row["to"], 1)):
            if not account.startswith("@"):
                key = account.partition(":")[0], row["type"]
                self._books[key] = self._books.get(key, 0) + sign * low
        self._hledger.write(
            f"{day} {row['ref']}\n    {destination[0]}  {low} {named}\n"
            f"    {origin[0]}  -{low} {named}\n\n"
        )
        self._beancount.write(
            f'{day} * "{row["ref"]}"\n  {destination[1]}  {low} {plain}\n'
            f"  {origin[1]}  -{low} {plain}\n\n"
        )

    def _declaration(self, party: str, year: int, of: list[_Row]) -> None:
        self._hledger.write(f"{year}-12-31 declaration of {party}\n")
        postings, balances = [], []
        for row in of:
            account, plain_account = self._account(party, row["type"])
            named, plain = _commodities(row["type"])
            held = int(row["quantity"])
            more = held - self._books.get((party, row["type"]), 0)
            self._books[party, row["type"]] = held
            self._hledger.write(
                f"    {account}  {more} {named} = {held} {named}\n"
                f"    equity:declarations  {-more} {named}\n"
            )
            if more:
                postings.append(f"  {plain_account}  {more} {plain}\n")
                postings.append(f"  Equity:Declarations  {-more} {plain}\n")
            balances.append(f"{year + 1}-01-01 balance {plain_account}  {held} {plain}\n")
        self._hledger.write("\n")
        if postings:
            self._beancount.write(f'{year}-12-31 * "declaration of {party}"\n')
            self._beancount.writelines(postings)
        self._beancount.write("\n")
        self._beancount.writelines([*balances, "\n"])

    def _account(self, account: str, type_: str) -> tuple[str, str]:
        """Return an account's name in both journals; open it where it is new."""
        if account.startswith("@"):
            name = "outside:" + account[1:]
            plain = "Equity:" + ":".join(part.capitalize() for part in account[1:].split(":"))
        else:
            name = f"{account.partition(':')[0]}:{CATEGORY_OF[type_]}"
            plain = "Assets:" + ":".join(
                part.replace("_", "-").capitalize() for part in name.split(":")
            )
        if plain not in self._opened:
            self._opened.add(plain)
            self._beancount.write(f"{FIRST_YEAR - 1}-01-01 open {plain}\n")
        return name, plain


def _commodities(type_: str) -> tuple[str, str]:
    """Return a type as a commodity of hledger, in quotes, and of beancount, in capitals."""
    plain = "".join(letter if letter.isalnum() else "-" for letter in type_.upper())
    return f'"{type_}"', f"T-{plain}"
