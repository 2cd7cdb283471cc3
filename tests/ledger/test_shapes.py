"""What movements share is stored once, and an altered one is no longer recorded with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from ledger_rows import ask, days, everything, get, held, moved, put
from sqlalchemy import URL, text
from unguarded import unguarded

from compliance.ledger import shapes
from compliance.ledger.connect import open_engine
from compliance.ledger.stored import SHAPE
from compliance.ledger.verify import verify
from compliance.values.errors import ComplianceError, LedgerError
from compliance.values.lines import Line
from compliance.values.records import Account, Movement, Particulars
from compliance.values.vocabulary import Basis, State, Status

Put = Callable[[URL, Movement], object]


def _as_line(url: URL, row: Movement) -> object:
    """Record a row as an import does that gives millions."""
    own = row.more.ref, row.more.note
    line = Line(row, row.date, row.quantity, row.basis, row.source, *own)
    return put(url, [line])  # type: ignore[list-item]


def _as_entry(url: URL, row: Movement) -> object:
    return put(url, [row])


WAYS = pytest.mark.parametrize("way", [_as_line, _as_entry], ids=["line", "entry"])


def _stored(url: URL) -> list[tuple[int, int, int]]:
    """Return of every movement its submission, line and shape."""
    query = "SELECT submission_id, line, shape_id FROM movement_row ORDER BY submission_id, line"
    return [(row["submission_id"], row["line"], row["shape_id"]) for row in ask(url, query)]


def test_the_same_shape_has_one_number_whatever_else_the_rows_say(ledger: URL) -> None:
    row = moved(1, type="M-84")
    others = [
        replace(row, quantity=moved("2..").quantity),
        replace(row, date=days("2019-01-01", "2021-01-01")),
        replace(row, basis=Basis.PRESS),
        replace(row, source="another"),
        replace(row, more=Particulars(note="a note", ref="a ref")),
    ]
    first = put(ledger, [row, *others, row])
    for other in others:
        _as_line(ledger, other)
    put(ledger, [replace(row, more=Particulars(corrects=f"{first.content_sha256[:12]}:1"))])
    assert len(_stored(ledger)) == 13
    assert {shape for _, _, shape in _stored(ledger)} == {1}
    ((said),) = ask(ledger, "SELECT * FROM movement_shape")
    columns = ["", "", "@import:France", "serbia", "overall", "", "M-84", "battle_tank", "done"]
    assert [said[name] for name in SHAPE] == [*columns, "", "", "", "", ""]
    told = json.dumps([*columns, "", "", "", "", ""], separators=(",", ":"))
    assert said["sha256"] == hashlib.sha256(told.encode()).hexdigest()


# Each differs from the first in one column.
_PLAIN = moved(1, origin="serbia:stored", destination="croatia:stored")
_OTHERS = {
    "": _PLAIN,
    "from_party": replace(_PLAIN, origin=Account("montenegro", Status.STORED)),
    "from_status": replace(_PLAIN, origin=Account("serbia", Status.OVERALL)),
    "to_party": replace(_PLAIN, destination=Account("montenegro", Status.STORED)),
    "to_status": replace(_PLAIN, destination=Account("croatia", Status.OVERALL)),
    "type": replace(_PLAIN, type="x"),
    "category": replace(_PLAIN, category="artillery"),
    "state": replace(_PLAIN, state=State.PLANNED),
    **{
        name: replace(_PLAIN, more=Particulars(**{name: "x"}))
        for name in ("stated_by", "subcategory", "unit", "site", "marking")
    },
    "to_place": replace(_PLAIN, destination=Account.parse("@export:Ukraine")),
    "another to_place": replace(_PLAIN, destination=Account.parse("@export:France")),
    "from_place": replace(_PLAIN, origin=Account.parse("@import:Ukraine")),
    "another from_place": replace(_PLAIN, origin=Account.parse("@import:France")),
}


@WAYS
def test_shapes_that_differ_in_one_column_have_numbers_of_their_own(
    ledger: URL, way: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _OTHERS.keys() >= set(SHAPE)
    monkeypatch.setattr(shapes, "_BATCH", 3)
    for row in _OTHERS.values():
        way(ledger, row)
    many = len(_OTHERS)
    assert _stored(ledger) == [(number, 1, number) for number in range(1, many + 1)]
    # Together they are found as they are.
    put(ledger, [*reversed(_OTHERS.values()), moved(7, type="new"), *_OTHERS.values()])
    again = [shape for submission, _, shape in _stored(ledger) if submission > many]
    assert again == [*range(many, 0, -1), many + 1, *range(1, many + 1)]


def test_shapes_of_what_is_not_recorded_are_not_kept(ledger: URL) -> None:
    put(ledger, [moved(1)])
    before = everything(ledger)
    with pytest.raises(ComplianceError):
        put(ledger, [moved(1, type="new"), held(1, corrects="000000000000:1")])
    assert everything(ledger) == before
    put(ledger, [moved(1, type="another")])
    assert _stored(ledger) == [(1, 1, 1), (2, 1, 2)]


def _first_broken(url: URL) -> int | None:
    """Return the submission that a verification names, which the error leads to."""
    engine = open_engine(url, writing=False)
    with engine.connect() as connection:
        found = verify(connection).broken
    engine.dispose()
    return found and found.submission


def _altered(url: URL, change: str) -> None:
    with unguarded(url, keep=True) as connection:
        assert connection.execute(text(f"UPDATE movement_shape SET {change}")).rowcount == 1


@WAYS
@pytest.mark.parametrize("name", ["from_place", "to_party", "state", "unit"])
def test_an_altered_shape_is_not_recorded_with(ledger: URL, way: Put, name: str) -> None:
    put(ledger, [moved(1)])
    _altered(ledger, f"{name} = 'x'")
    before = everything(ledger)
    with pytest.raises(LedgerError, match="movement shape 1 was altered: ") as caught:
        way(ledger, moved(2))
    assert caught.value.exit_code == 4
    assert "history verify" in caught.value.todo
    assert everything(ledger) == before
    assert ask(ledger, "SELECT * FROM recording") == []
    # What else there is goes on.
    way(ledger, moved(2, type="another"))
    assert _first_broken(ledger) == 1


def test_a_shape_that_took_anothers_hash_is_not_recorded_with(ledger: URL) -> None:
    put(ledger, [moved(1), moved(1, type="x")])
    query = "SELECT sha256 FROM movement_shape ORDER BY id"
    ones, others = (row["sha256"] for row in ask(ledger, query))
    with unguarded(ledger, keep=True) as connection:
        for number, sha256 in ((2, "none"), (1, others), (2, ones)):
            connection.execute(
                text("UPDATE movement_shape SET sha256 = :sha256 WHERE id = :number"),
                {"sha256": sha256, "number": number},
            )
    before = everything(ledger)
    for row in (moved(2), moved(2, type="x")):
        with pytest.raises(LedgerError, match=r"movement shape [12] was altered: "):
            put(ledger, [row])
    assert everything(ledger) == before
    assert _first_broken(ledger) == 1


def test_a_shape_whose_hash_was_altered_is_recorded_anew(ledger: URL) -> None:
    """It is not found any more; what is counted stays right, and a verification names it."""
    put(ledger, [moved(1)])
    _altered(ledger, "sha256 = 'x'")
    put(ledger, [moved(2)])
    assert _stored(ledger) == [(1, 1, 1), (2, 1, 2)]
    assert [item.row.quantity.low for item in get(ledger).movements] == [1, 2]
    assert _first_broken(ledger) == 1


@pytest.mark.parametrize("other", ["x'31'", "CAST(x'ff' AS TEXT)"])
def test_a_shape_that_holds_no_text_is_not_recorded_with(file_ledger: URL, other: str) -> None:
    """Only a file keeps such a value."""
    put(file_ledger, [moved(1)])
    _altered(file_ledger, f"unit = {other}")
    with pytest.raises(LedgerError) as caught:
        put(file_ledger, [moved(2)])
    assert caught.value.exit_code == 4
    assert ask(file_ledger, "SELECT id FROM submission") == [{"id": 1}]
    assert _first_broken(file_ledger) == 1
