"""A ledger with everything an export has to carry, made through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Run

HOLDINGS = "party,as_of,basis,category,type,status,quantity,source,note,site,marking,stated_by\n"
MOVEMENTS = "date,type,category,quantity,from,to,state,basis,source,note\n"

DECLARED = (
    HOLDINGS
    + """\
serbia,2019-01-01,declared,battle_tank,M-84,,212,made up,,,restricted,a desk
serbia,2019-01-01,declared,battle_tank,T-55,stored,30..35,made up,,depot,,
serbia,2019-01-01,declared,combat_aircraft,,,withheld,made up,,,,
serbia,2018-06-30,estimate,battle_tank,,,200,made up: a yearbook,,,,
serbia,2020-06-30,estimate,battle_tank,,,900,made up: later and weaker,,,,
croatia,2018-12-01..2019-01-31,declared,battle_tank,M-84,,75,made up,,,,
croatia,2019-01-01,declared,none,"Strange; ""name""  of %22 (x)",,15..,made up,,,,
croatia,2019-01-01,observed,artillery,,,10..,made up,,one site,,
kosovo,2019-01-01,press,attack_helicopter,"=HYPERLINK(""x"")",,2,+date:2019-99-99 ;,@note,,,
"""
)
MOVED = (
    MOVEMENTS
    + """\
2019-03-01,M-84,battle_tank,5,@import:France,serbia,,notified,made up,
2019-01-01,M-84,battle_tank,7,@production,serbia,,notified,on the day of the declaration,
2018-11-01..2019-04-30,M-84,battle_tank,2..4,serbia,@reduced:destroyed,,observed,made up,
2019-06-01..2020-06-01,T-55,battle_tank,0..6,serbia:stored,croatia,,press,made up,
2019-07-01,Rafale,,6,@import:a -- b;c (d) 50%,croatia,,press,the catalogue knows it,
2028-01-01..2030-12-31,M-84,battle_tank,20,@import,serbia,planned,official,made up,
2020-02-02,T-55,battle_tank,15..,serbia:stored,@export:Ukraine,,notified,at least,
2020-03-03,"(type not stated)",battle_tank,1,serbia:historical_collection,serbia,,notified,odd,
"""
)


def replies(outcome: object) -> None:
    code, said = outcome.code, outcome.stderr  # type: ignore[attr-defined]
    assert code == 0, said


@pytest.fixture(scope="session")
def rich(program: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five submissions: rows, a mixture with a correction and a withdrawal, one replaced whole.

    For reading only.
    """
    folder = tmp_path_factory.mktemp("rich")
    db = folder / "rich.db"
    replies(program("--db", db, "db", "init", "--empty"))
    made = 0

    def record(name: str, text: str, *options: str) -> None:
        nonlocal made
        made += 1
        (folder / name).write_text(text, encoding="utf-8")
        at = f"202{made}-01-01T00:00:00.{made:06}Z"
        replies(program("--db", db, "import", folder / name, "--recorded-at", at, *options))

    record("declared.csv", DECLARED)
    (first,) = program("--db", db, "history", "--format", "json").json["submissions"]
    name = first["content_sha256"][:12]
    mixed = [
        {"date": "2019-05-05", "type": "M-84", "category": "battle_tank", "quantity": 1}
        | {"from": "@production", "to": "serbia", "basis": "notified", "source": "first"},
        {"party": "serbia", "as_of": "2019-01-01", "basis": "declared", "type": "M-84"}
        | {
            "category": "battle_tank",
            "quantity": 214,
            "source": "made up",
            "corrects": f"{name}:1",
        },
        {"withdraws": f"{name}:9", "note": "=never said"},
        {"date": "2019-05-06", "type": "M-84", "category": "battle_tank", "quantity": "1..2"}
        | {"from": "@production", "to": "croatia", "basis": "notified", "source": "last"},
    ]
    record("mixed.jsonl", "".join(json.dumps(row) + "\n" for row in mixed), "--note", "=1+1\n,")
    record("moved.csv", MOVED)
    later = "serbia,2021-01-01,declared,battle_tank,M-84,,220,made up,,,,\n"
    record("later.csv", HOLDINGS + later)
    record("right.csv", HOLDINGS + later.replace("220", "221"), "--corrects", "4")
    return db
