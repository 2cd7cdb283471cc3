"""The JSON of ``audit``: the contract other programs rely on, key by key."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from compliance import __version__

if TYPE_CHECKING:
    from conftest import Run

CATEGORIES = [
    "battle_tank",
    "armoured_combat_vehicle",
    "artillery",
    "combat_aircraft",
    "attack_helicopter",
]
BASES = {"declared", "notified", "relayed", "observed", "official", "estimate", "press", "mixed"}
TOP = {"schema", "tool", "agreement", "as_of", "known_at", "basis", "readings", "rows", "findings"}
ROW = {
    "party",
    "category",
    "counted",
    "ceiling",
    "headroom",
    "utilisation",
    "verdict",
    "conditional",
    "stale",
    "basis",
    "declared_as_of",
    "reasons",
}
FINDING = {"id", "kind", "severity", "party", "category", "message", "citation", "rows"}
DAY = r"\d{4}-\d{2}-\d{2}"
AUDITS = {
    "today": ("--as-of", "2026-11-20"),
    "accept-stale": ("--as-of", "2026-11-20", "--accept-stale"),
    "derived": (
        *("--as-of", "2026-11-20", "--accept-stale"),
        *("--reading", "post-2006-ceilings=derived", "--reading", "armed-drones=counted"),
    ),
    "2019": ("--as-of", "2019-12-31"),
    "2005": ("--as-of", "2005-06-30", "--accept-stale"),
    "1999": ("--as-of", "1999-01-31"),
    "1998, on estimates": ("--as-of", "1998-01-01", "--basis", "estimate", "--accept-stale"),
    "1997": ("--as-of", "1997-01-01", "--basis", "estimate"),
    "nothing recorded": ("--as-of", "2019-12-31", "--known-at", "1999-12-31"),
}


@pytest.fixture(params=AUDITS.values(), ids=AUDITS)
def audit(request: pytest.FixtureRequest, run: Run) -> Any:
    return run("audit", *request.param, "--format", "json").json


def _is_span(value: Any) -> bool:
    return value is None or (
        isinstance(value, dict)
        and set(value) == {"low", "high"}
        and all(bound is None or type(bound) is int for bound in value.values())
        and value != {"low": None, "high": None}
        and (None in value.values() or value["low"] <= value["high"])
    )


def _minus(high: int | None, low: int | None) -> int | None:
    return None if high is None or low is None else high - low


def test_the_document_has_every_key_of_the_contract(audit: Any) -> None:
    assert set(audit) >= TOP
    assert audit["schema"] == "compliance.audit/1"
    assert audit["tool"] == f"compliance {__version__}"
    assert audit["agreement"]["id"] == "florence-1996"
    assert audit["agreement"]["version"]
    assert re.fullmatch(r"[0-9a-f]{64}", audit["agreement"]["sha256"])
    assert re.fullmatch(DAY, audit["as_of"])
    assert all(isinstance(x, str) for pair in audit["readings"].items() for x in pair)
    assert audit["rows"]


def test_every_row_has_every_key_and_its_kind_of_value(audit: Any) -> None:
    for row in audit["rows"]:
        assert set(row) >= ROW
        assert all(_is_span(row[key]) for key in ("counted", "ceiling", "headroom")), row
        assert row["category"] in CATEGORIES
        assert row["verdict"] in {"within", "exceeds", "indeterminate", "not_binding"}
        assert type(row["conditional"]) is bool
        assert type(row["stale"]) is bool
        assert row["basis"] is None or row["basis"] in BASES
        assert row["declared_as_of"] is None or re.fullmatch(
            rf"{DAY}(\.\.{DAY})?", row["declared_as_of"]
        )
        assert (row["basis"] is None) == (row["declared_as_of"] is None)
        assert row["reasons"]
        assert all(isinstance(reason, str) and reason for reason in row["reasons"])


def test_headroom_and_utilisation_follow_from_counted_and_ceiling(audit: Any) -> None:
    for row in audit["rows"]:
        counted, ceiling = row["counted"], row["ceiling"]
        if counted is None or ceiling is None:
            assert row["headroom"] is None
            assert row["utilisation"] is None
            continue
        low = _minus(ceiling["low"], counted["high"])
        high = _minus(ceiling["high"], counted["low"])
        assert row["headroom"] == {"low": low, "high": high}
        shares = [(counted["low"], ceiling["high"]), (counted["high"], ceiling["low"])]
        for used, (part, whole) in zip(row["utilisation"].values(), shares, strict=True):
            if part is None or not whole:
                assert used is None
            else:
                assert used == pytest.approx(part / whole, abs=0.00005001)
                assert used == round(used, 4)


def test_a_verdict_is_given_only_where_it_holds_for_the_whole_span(audit: Any) -> None:
    for row in audit["rows"]:
        if row["verdict"] in ("within", "exceeds"):
            judged, ceiling = row["judged"], row["ceiling"]
            fits = judged["high"] is not None and judged["high"] <= ceiling["low"]
            over = judged["low"] is not None and judged["low"] > ceiling["high"]
            assert (fits, over) == (row["verdict"] == "within", row["verdict"] == "exceeds")
            assert not row["stale"] or audit["accept_stale"]


def test_every_finding_has_every_key(audit: Any) -> None:
    refs = set()
    for finding in audit["findings"]:
        assert set(finding) >= FINDING
        assert all(isinstance(finding[k], str) for k in FINDING - {"citation", "rows"})
        assert finding["id"]
        assert finding["kind"]
        assert finding["message"]
        assert finding["severity"] in {"high", "medium", "low", "info"}
        assert finding["citation"] is None or finding["citation"]["status"] in {
            "text",
            "reported",
            "derived",
        }
        refs.update(finding["rows"])
    ids = [finding["id"] for finding in audit["findings"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[0-9a-f]{12,64}:\d+", ref) for ref in refs)


def test_the_kinds_of_value_all_occur_in_these_audits(run: Run) -> None:
    """What the tests above look at is there to be looked at."""
    rows = [
        row
        for arguments in AUDITS.values()
        for row in run("audit", *arguments, "--format", "json").json["rows"]
    ]
    assert {row["verdict"] for row in rows} == {
        "within",
        "exceeds",
        "indeterminate",
        "not_binding",
    }
    assert {row["stale"] for row in rows} == {True, False}
    assert any(row["counted"] is None for row in rows)
    assert any(row["ceiling"] is None for row in rows)
    assert any(row["basis"] is None for row in rows)
    assert any(row["counted"] and row["counted"]["high"] is None for row in rows)
    assert any(row["headroom"] and row["headroom"]["low"] is None for row in rows)
    assert any(row["headroom"] and (row["headroom"]["high"] or 0) < 0 for row in rows)
    assert any(".." in (row["declared_as_of"] or "") for row in rows)


def test_serbias_tanks_are_the_example_of_the_contract(run: Run) -> None:
    audit = run(
        *("audit", "--as-of", "2019-12-31", "--category", "battle_tank"), "--format", "json"
    ).json
    assert audit["as_of"] == "2019-12-31"
    assert audit["known_at"] is None
    assert audit["basis"] is None
    assert audit["readings"] == {}
    row = next(row for row in audit["rows"] if row["party"] == "serbia")
    expected = {
        "party": "serbia",
        "category": "battle_tank",
        "counted": {"low": 464, "high": 464},
        "ceiling": {"low": 948, "high": 948},
        "headroom": {"low": 484, "high": 484},
        "utilisation": {"low": 0.4895, "high": 0.4895},
        "verdict": "within",
        "conditional": False,
        "stale": False,
        "basis": "relayed",
        "declared_as_of": "2019-09-12",
    }
    assert {key: row[key] for key in expected} == expected
    assert any("as declared, not verified" in reason.lower() for reason in row["reasons"])


def test_what_was_asked_stands_in_the_answer(run: Run) -> None:
    audit = run(
        *("audit", "--as-of", "2019-12-31", "--known-at", "2031-05-06", "--basis", "relayed"),
        *("--reading", "armed-drones=counted", "--format", "json"),
    ).json
    assert audit["basis"] == "relayed"
    assert audit["readings"] == {"armed-drones": "counted"}
    assert audit["known_at"].startswith("2031-05-06T23:59:59")


def test_nothing_is_known_before_it_was_recorded(run: Run) -> None:
    before = run(
        *("audit", "--as-of", "2019-12-31", "--known-at", "1999-12-31", "--format"), "json"
    )
    assert before.code == 3
    for row in before.json["rows"]:
        assert row["counted"] is None
        assert row["verdict"] == "indeterminate"


def test_rows_stand_in_the_order_of_the_agreement_each_once(run: Run) -> None:
    rows = run("audit", "--as-of", "2026-11-20", "--format", "json").json["rows"]
    places = [(row["party"], row["category"]) for row in rows]
    parties = list(dict.fromkeys(party for party, _ in places))
    assert sorted(parties) == ["bosnia-herzegovina", "croatia", "montenegro", "serbia"]
    assert places == [(party, category) for party in parties for category in CATEGORIES]


def test_the_report_asked_for_leaves_the_keys_in_place(run: Run) -> None:
    day = ("--as-of", "2026-11-20", "--format", "json")
    both = run("audit", *day).json
    headroom = run("audit", *day, "--report", "headroom").json
    assert set(headroom) == set(both)
    assert headroom["rows"] == both["rows"]
    assert headroom["findings"] == []
    assert both["findings"]


def test_the_same_ledger_content_gives_the_same_bytes_anywhere(
    tmp_path: Path, program: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs = []
    recorders = []
    for user in ("ana", "boris"):
        for name in ("LOGNAME", "USER", "USERNAME"):
            monkeypatch.setenv(name, user)
        path = tmp_path / user / "elsewhere.db"
        assert program("--db", path, "db", "init").code == 0
        recorders.append(program("--db", path, "db", "status").stdout)
        outputs.append(
            program("--db", path, "audit", "--as-of", "2026-11-20", "--format", "json").raw
        )
    heads = [re.search(r"Head: +(\w+)", text) for text in recorders]
    assert heads[0] and heads[1]
    assert heads[0][1] != heads[1][1], "the two ledgers are two recordings"
    assert outputs[0] == outputs[1]
    assert json.loads(outputs[0])["findings"]
    assert str(tmp_path).encode() not in outputs[0]
