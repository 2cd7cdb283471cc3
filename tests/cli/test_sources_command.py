"""``compliance sources``: every figure on record, which is used, and what each would give."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from import_files import LOSS, TANKS, write

if TYPE_CHECKING:
    from conftest import Run

TODAY = ("--as-of", "2026-11-20")
SHOWN = {
    "sources-serbia-tanks-2019.txt": (
        ("serbia", "--category", "battle_tank", "--as-of", "2019-12-31"),
    ),
    "sources-croatia-aircraft.txt": (("croatia", "--category", "combat_aircraft", *TODAY),),
    "sources-croatia-1996.txt": (
        ("croatia", "--category", "battle_tank", "--as-of", "1996-06-30"),
    ),
}


@pytest.mark.parametrize("name", SHOWN)
def test_the_shipped_figures(name: str, run: Run, golden: Callable[[str, str], None]) -> None:
    (arguments,) = SHOWN[name]
    outcome = run("sources", *arguments)
    assert (outcome.code, outcome.stderr) == (0, "")
    golden(name, outcome.stdout)
    for line in outcome.stdout.splitlines():
        assert len(line) <= 100 or "<http" in line


@pytest.mark.parametrize("day", ["1996-06-30", "1999-12-31", "2019-12-31", "2026-11-20"])
def test_what_stands_as_the_audits_is_the_audits(day: str, run: Run) -> None:
    rows = run("audit", "--as-of", day, "--format", "json").json["rows"]
    assert rows
    for party in {row["party"] for row in rows}:
        found = run("sources", party, "--as-of", day, "--format", "json").json
        of_party = {r["category"]: r for r in rows if r["party"] == party}
        for section in found["sections"]:
            row = of_party[section["category"]]
            for key in ("counted", "ceiling", "headroom", "verdict", "stale"):
                assert section["audit"][key] == row[key], (party, section["category"], key)
            used = [f for f in section["figures"] if f["used"]]
            assert bool(used) == (row["basis"] is not None)
            for figure in used:
                assert figure["if_used"]["counted"] == row["counted"]


def test_every_figure_recorded_is_there(run: Run) -> None:
    """The shipped file, read with nothing of ours, has as many rows of a party as are shown."""
    folder = Path(__file__).parents[2] / "data" / "open"
    with (folder / "holdings.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["party"] == "serbia"]
    found = run("sources", "serbia", *TODAY, "--format", "json").json
    shown = [r["text"] for s in found["sections"] for f in s["figures"] for r in f["rows"]]
    assert len(shown) == sum(row["category"] != "none" for row in rows) > 5


def test_a_type_is_found_under_any_of_its_names(run: Run) -> None:
    one = run("sources", "croatia", "MiG-21", *TODAY, "--format", "json").json
    other = run("sources", "HR", "mig 21", *TODAY, "--format", "json").json
    assert one == other
    assert one["schema"] == "compliance.sources/1"
    (section,) = one["sections"]
    assert section["category"] == "combat_aircraft"
    assert {r["text"].split(",")[0] for f in section["figures"] for r in f["rows"]} == {
        "at least 12 MiG-21"
    }
    assert any("decommissioned" in m["text"] for m in section["movements"])


def test_a_type_in_no_category_and_a_holder_that_is_no_party(run: Run) -> None:
    (section,) = run("sources", "serbia", "FK-3", *TODAY, "--format", "json").json["sections"]
    assert (section["category"], section["audit"]) == ("none", None)
    assert [m["how"] for m in section["movements"]] == ["in no limited category"]
    huey = run("sources", "BA", "UH-1H", *TODAY).stdout
    assert "at least 13 UH-1H Huey" in huey


def test_all_that_is_on_record_of_who_is_no_party(run: Run) -> None:
    text = " ".join(run("sources", "kosovo", *TODAY).stdout.split())
    wording = "Kosovo is not a Party to the Agreement; what it holds is counted against no Party."
    assert text.count(wording) == 1
    for name in ("Bayraktar TB2", "FGM-148 Javelin", "M1117", "RQ-20 Puma", "Skydagger"):
        assert name in text
    assert "The audit" not in text
    assert "ounted 0.." not in text
    (section,) = run("sources", "kosovo", *TODAY, "--format", "json").json["sections"]
    assert (section["audit"], len(section["movements"])) == (None, 5)
    drone = run("sources", "kosovo", *TODAY, "--category", "combat_aircraft").stdout
    assert "TB2" in drone
    assert "Javelin" not in drone
    (krajina,) = run("sources", "republic-of-serb-krajina", *TODAY, "--format", "json").json[
        "sections"
    ]
    assert krajina["figures"]
    assert {(f["used"], f["why"], f["if_used"] is None) for f in krajina["figures"]} == {
        (False, "counted against nobody", True)
    }
    assert "Nothing is on record up to that day." in run("sources", "slovenia", *TODAY).stdout


def test_what_is_only_planned_is_named_with_its_type_and_its_category(run: Run) -> None:
    for asked in (("Rafale",), ("--category", "combat_aircraft")):
        text = " ".join(run("sources", "serbia", *asked, *TODAY).stdout.split())
        assert "Nothing is on record" not in text
        ahead = text.split("Planned after that day; day by day: compliance project")[1]
        assert "12 Rafale, @import:France to serbia, 1 January 2028 to 31 December 2030" in ahead
        assert "Hermes" not in ahead
    (section,) = run("sources", "serbia", "Rafale", *TODAY, "--format", "json").json["sections"]
    assert (section["figures"], section["movements"], len(section["ahead"])) == ([], [], 1)
    # Once it may have begun, it has moved, as far as anybody can say.
    (then,) = run("sources", "serbia", "Rafale", "--as-of", "2028-01-01", "--format", "json").json[
        "sections"
    ]
    assert (len(then["movements"]), then["ahead"]) == (1, [])
    (tanks,) = run(
        "sources", "serbia", "--category", "battle_tank", *TODAY, "--format", "json"
    ).json["sections"]
    assert tanks["ahead"] == []


def test_a_type_stands_where_the_answer_in_force_puts_it(run: Run) -> None:
    asked = ("sources", "serbia", "CH-92A", *TODAY)
    (outside,) = run(*asked, "--format", "json").json["sections"]
    assert (outside["category"], outside["audit"]) == ("none", None)
    assert "Question 'armed-drones' is answered 'outside' (default" in outside["note"]
    assert outside["note"] in " ".join(run(*asked).stdout.split())
    counted = run(*asked, "--reading", "armed-drones=counted", "--format", "json").json
    (section,) = counted["sections"]
    assert (section["category"], section["note"]) == ("combat_aircraft", None)
    whole = run("sources", "serbia", "--category", "combat_aircraft", *TODAY, "--format", "json")
    hows = {m["text"]: m["how"] for m in whole.json["sections"][0]["movements"]}
    (drone,) = (how for text, how in hows.items() if "CH-92A" in text)
    assert drone == "not counted: armed-drones=outside"


def test_as_csv_and_markdown(run: Run) -> None:
    asked = ("sources", "serbia", "--category", "battle_tank", "--as-of", "2019-12-31")
    rows = list(csv.DictReader(io.StringIO(run(*asked, "--format", "csv").stdout)))
    best = rows[0]
    assert (best["basis"], best["used"], best["grade"]) == ("relayed", "true", "B")
    assert (best["counted_low"], best["verdict"]) == ("464", "within")
    assert "| 1 \\* " in run(*asked, "--format", "markdown").stdout


def test_figures_recorded_by_hand(run: Run, empty_ledger: Path, tmp_path: Path) -> None:
    held = write(
        tmp_path / "held.csv",
        {**TANKS, "source": "synthetic (grade A)"},
        {**TANKS, "basis": "press", "quantity": "230", "source": "synthetic"},
        {**TANKS, "category": "none", "type": "Zzyzx 9000", "quantity": "3", "source": "synthetic"},
    )
    loss = write(tmp_path / "loss.csv", {**LOSS, "source": "synthetic"})
    outcome = run("import", held, loss, "--recorded-at", "2025-04-01", db=empty_ledger)
    assert outcome.code == 0, outcome.stderr
    asked = ("sources", "serbia", "--as-of", "2025-06-01", "--format", "json")
    found = run(*asked, "--category", "battle_tank", db=empty_ledger).json
    best, press = found["sections"][0]["figures"]
    assert (best["used"], best["grades"], best["if_used"]["counted"]["low"]) == (True, ["A"], 207)
    assert (press["used"], press["grades"], press["if_used"]["counted"]["high"]) == (False, [], 225)
    (conflict,) = found["sections"][0]["conflicts"]
    assert "18 more stated than the record explains" in conflict
    # A type that only the ledger knows needs no catalogue.
    own = run("sources", "serbia", "zzyzx 9000", "--as-of", "2025-06-01", db=empty_ledger)
    assert "3 Zzyzx 9000" in own.stdout
    before = run(*asked, "--known-at", "2025-03-01", db=empty_ledger).json
    assert not any(section["figures"] for section in before["sections"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("serbai",), "did you mean 'serbia'?"),
        (("serbia", "Mig 92"), "names like it: MiG-29"),
        (("serbia", "--category", "battle_tnak"), "did you mean 'battle_tank'?"),
        (("serbia", "--reading", "nonsense=1"), "asks no question 'nonsense'"),
        ((), "Missing argument"),
    ],
)
def test_what_cannot_be_asked(run: Run, arguments: tuple[str, ...], said: str) -> None:
    outcome = run("sources", *arguments)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert said in outcome.stderr
