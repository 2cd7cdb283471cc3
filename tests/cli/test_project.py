"""``compliance project``: what is planned carried out, day by day."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from scenario_ledgers import ASKED, BRADLEYS, files, held, lasting, moved

from compliance.cli import project as command

if TYPE_CHECKING:
    from conftest import Run

ACV = "armoured_combat_vehicle"
LEOPARDS = moved(
    44, "Leopard 2A8", date="2028-01-01..2030-12-31", state="planned", basis="official"
)
LEFT = {
    **moved(30, "M-84", date="2024-11-01..2025-08-31"),
    "from": "croatia",
    "to": "@export:Ukraine",
}
TANKS_2019 = held("battle_tank", 232, as_of="2019-12-31")


@pytest.fixture
def ledger_of(empty_ledger: Path, run: Run, tmp_path: Path) -> Callable[..., Path]:
    def make(holdings: list[dict[str, str]], *movements: dict[str, str]) -> Path:
        outcome = run("import", *files(tmp_path, holdings, list(movements)), db=empty_ledger)
        assert outcome.code == 0, outcome.stderr
        return empty_ledger

    return make


@pytest.fixture
def project(run: Run) -> Callable[..., Any]:
    def call(db: Path, *arguments: str | Path, party: str = "croatia") -> Any:
        return run("project", "--party", party, *arguments, db=db)

    return call


def row(outcome: Any, category: str) -> Any:
    return next(row for row in outcome.json["rows"] if row["category"] == category)


def days(found: Any, key: str = "counted") -> dict[str, str]:
    """Return a measure by day, as it is written."""

    def written(span: dict[str, int | None] | None) -> str:
        if span is None:
            return "?"
        low, high = ("" if v is None else str(v) for v in (span["low"], span["high"]))
        return low if low == high else f"{low}..{high}"

    return {line["day"]: written(line[key]) for line in found["days"]}


def test_croatias_tanks_until_2031(
    project: Callable[..., Any],
    ledger_of: Callable[..., Path],
    golden: Callable[[str, str], None],
) -> None:
    db = ledger_of([TANKS_2019], LEOPARDS, LEFT)
    asked = ("--until", "2031", "--as-of", "2026-11-20")
    outcome = project(db, *asked)
    assert outcome.code == 3, "the figure of 2019 is too old for a verdict"
    golden("project-croatia.txt", lasting(outcome.stdout))
    found = row(project(db, *asked, "--format", "json"), "battle_tank")
    assert days(found) == {
        "2026-11-20": "202",
        "2026-12-31": "202",
        "2027-12-31": "202",
        "2028-01-01": "202..246",
        "2028-12-31": "202..246",
        "2029-12-31": "202..246",
        "2030-12-31": "246",
        "2031-12-31": "246",
    }
    assert days(found, "headroom")["2031-12-31"] == "164"
    assert {line["verdict"] for line in found["days"]} == {"indeterminate"}
    assert found["stale"] is True
    accepted = project(db, *asked, "--accept-stale", "--category", "battle_tank")
    assert accepted.code == 0, accepted.stdout


def test_a_departure_that_only_the_press_reports_widens(
    project: Callable[..., Any], ledger_of: Callable[..., Path]
) -> None:
    db = ledger_of([TANKS_2019], LEOPARDS, {**LEFT, "basis": "press"})
    asked = ("--until", "2031", "--as-of", "2026-11-20", "--category", "battle_tank")
    found = row(project(db, *asked, "--format", "json"), "battle_tank")
    assert days(found)["2031-12-31"] == "246..276"
    assert any(
        "30 M-84" in text and "certain on the basis 'observed' or a better one" in text
        for text in found["doubts"]
    )


def test_an_arrival_that_only_the_press_reports_widens(
    project: Callable[..., Any], ledger_of: Callable[..., Path]
) -> None:
    db = ledger_of([TANKS_2019], {**LEOPARDS, "basis": "press"})
    asked = ("--until", "2031", "--as-of", "2026-11-20", "--format", "json")
    found = row(project(db, *asked), "battle_tank")
    assert days(found)["2031-12-31"] == "232..276"
    assert any("certain on the basis 'official' or a better one" in t for t in found["doubts"])


def test_a_new_fleet_before_the_old_one_leaves_is_a_peak(
    project: Callable[..., Any],
    ledger_of: Callable[..., Path],
    golden: Callable[[str, str], None],
) -> None:
    db = ledger_of([held(ACV, 300)])
    lines = (*BRADLEYS, "--remove", "30 BVP M-80A@2027-06-01", "--category", ACV)
    asked = ("--until", "2028", *ASKED)
    outcome = project(db, *asked, *lines)
    assert outcome.code == 1
    golden("project-bradleys.txt", lasting(outcome.stdout))
    golden(
        "project-bradleys.md", lasting(project(db, *asked, *lines, "--format", "markdown").stdout)
    )
    golden("project-bradleys.json", lasting(project(db, *asked, *lines, "--format", "json").stdout))
    golden("project-bradleys.csv", lasting(project(db, *asked, *lines, "--format", "csv").stdout))
    found = row(project(db, *asked, *lines, "--format", "json"), ACV)
    assert days(found) == {
        "2026-06-01": "362..389",
        "2026-12-31": "362..389",
        "2027-06-01": "332..359",
        "2027-12-31": "332..359",
        "2028-12-31": "332..359",
    }
    text = " ".join(outcome.stdout.split())
    assert "Offset 22..49 from 2026-06-01" in text
    assert found["offsets"][0] == {"from": "2026-06-01", "to": "2027-05-31", "low": 22, "high": 49}


def test_the_peak_is_marked_and_the_breach_dated(
    project: Callable[..., Any], ledger_of: Callable[..., Path]
) -> None:
    db = ledger_of([held(ACV, 300)])
    lines = ("--add", "62..89 M2A2 Bradley@2027-03-01", "--remove", "30 BVP M-80A@2028-03-01")
    asked = ("--until", "2029-06-30", *ASKED, "--category", ACV)
    found = row(project(db, *asked, *lines, "--format", "json"), ACV)
    assert days(found)["2027-03-01"] == "362..389"
    assert [line["day"] for line in found["days"] if line["peak"]] == ["2027-03-01"]
    assert found["peak"] == {"day": "2027-03-01", "low": 362, "high": 389}
    assert (found["may_exceed_from"], found["exceeds_from"]) == ("2027-03-01", "2027-03-01")
    assert found["offsets"] == [
        {"from": "2027-03-01", "to": "2028-02-29", "low": 22, "high": 49},
        {"from": "2028-03-01", "to": "2029-06-30", "low": 0, "high": 19},
    ]
    assert found["offset"] == {"from": "2027-03-01", "to": "2029-06-30", "low": 22, "high": 49}
    assert found["break_even"] == 389
    verdicts = {line["day"]: line["verdict"] for line in found["days"]}
    assert verdicts["2026-12-31"] == "within"
    assert verdicts["2027-03-01"] == "exceeds"
    assert verdicts["2028-03-01"] == "indeterminate"


@pytest.mark.parametrize(("gone", "code"), [(21, 1), (22, 3), (48, 3), (49, 0)])
def test_the_offset_is_the_smallest_that_keeps_the_party_within(
    project: Callable[..., Any], ledger_of: Callable[..., Path], gone: int, code: int
) -> None:
    db = ledger_of([held(ACV, 300)])
    lines = ("--add", "62..89 M2A2 Bradley@2027-03-01", "--remove", "30 BVP M-80A@2028-03-01")
    offset = ("--remove", f"{gone} BTR-50@2027-03-01")
    outcome = project(db, "--until", "2028", *ASKED, "--category", ACV, *lines, *offset)
    assert outcome.code == code, outcome.stdout


def test_twelve_rafales_change_nothing_then_widen_then_count(
    project: Callable[..., Any], ledger_of: Callable[..., Path]
) -> None:
    db = ledger_of([held("combat_aircraft", 60, party="serbia")])
    line = ("--add", "12 Rafale@2028-03-01..2029-09-30")
    asked = ("--until", "2030", *ASKED, "--category", "combat_aircraft")
    found = row(project(db, *asked, *line, "--format", "json", party="serbia"), "combat_aircraft")
    assert days(found) == {
        "2026-06-01": "60",
        "2026-12-31": "60",
        "2027-12-31": "60",
        "2028-03-01": "60..72",
        "2028-12-31": "60..72",
        "2029-09-30": "72",
        "2029-12-31": "72",
        "2030-12-31": "72",
    }
    assert found["break_even"] == 72
    text = project(db, *asked, *line, party="serbia").stdout
    assert "Within on every day for any ceiling of at least 72." in text


def test_the_room_is_what_may_still_come_and_stay(
    project: Callable[..., Any], ledger_of: Callable[..., Path]
) -> None:
    db = ledger_of([held(ACV, 300)])
    lines = ("--add", "25 M2A2 Bradley@2027-03-01", "--remove", "30 BVP M-80A@2028-03-01")
    asked = ("--until", "2028", *ASKED, "--category", ACV)
    found = row(project(db, *asked, *lines, "--format", "json"), ACV)
    assert {line["day"]: line["room"] for line in found["days"]} == {
        "2026-06-01": 15,
        "2026-12-31": 15,
        "2027-03-01": 15,
        "2027-12-31": 15,
        "2028-03-01": 45,
        "2028-12-31": 45,
    }
    assert found["least_headroom"] == {"day": "2027-03-01", "low": 15, "high": 15}
    for more, code in ((15, 0), (16, 1)):
        outcome = project(db, *asked, *lines, "--add", f"{more} BTR-50@2026-12-31")
        assert outcome.code == code


def test_a_plan_whose_last_day_has_passed_stays_uncertain(
    project: Callable[..., Any], ledger_of: Callable[..., Path]
) -> None:
    late = {**LEOPARDS, "date": "2026-02-01..2026-05-31"}
    on_the_day = {**LEOPARDS, "quantity": "3", "date": "2026-06-01"}
    db = ledger_of([held("battle_tank", 100)], late, on_the_day)
    outcome = project(
        db, "--until", "2027", *ASKED, "--category", "battle_tank", "--format", "json"
    )
    found = outcome.json
    assert days(found["rows"][0])["2027-12-31"] == "103..147"
    assert [item["category"] for item in found["overdue"]] == ["battle_tank"]
    assert [text[:13] for text in found["carried_out"]] == ["3 Leopard 2A8"]
    text = project(db, "--until", "2027", *ASKED, "--category", "battle_tank").stdout
    assert "[overdue] Croatia, battle tanks: planned for" in text
    assert "Report it as done, or correct its date." in " ".join(text.split())


def test_an_assumed_ceiling_is_dated(
    project: Callable[..., Any], ledger_of: Callable[..., Path]
) -> None:
    db = ledger_of([held(ACV, 300)])
    lines = ("--ceiling", f"{ACV}=299@2027-05-05", "--category", ACV)
    outcome = project(db, "--until", "2027", *ASKED, *lines)
    assert outcome.code == 1
    assert "ceiling 340 -> 299" in outcome.stdout
    found = row(project(db, "--until", "2027", *ASKED, *lines, "--format", "json"), ACV)
    assert found["exceeds_from"] == "2027-05-05"


def test_scenario_files_are_laid_over_together(
    project: Callable[..., Any], ledger_of: Callable[..., Path], tmp_path: Path
) -> None:
    db = ledger_of([held(ACV, 300)])
    for name, lines in (
        (
            "a",
            '[[add]]\nparty = "croatia"\ntype = "M2A2 Bradley"\nquantity = 20\non = 2026-07-01\n',
        ),
        ("b", '[[ceiling]]\nparty = "croatia"\ncategory = "acv"\nvalue = 330\n'),
        ("c", '[[ceiling]]\nparty = "croatia"\ncategory = "acv"\nvalue = 331\n'),
    ):
        (tmp_path / f"{name}.toml").write_text(f'version = "0.0.1"\n{lines}')
    a, b, c = (str(tmp_path / f"{name}.toml") for name in "abc")
    asked = ("--until", "2026", *ASKED, "--category", ACV)
    outcome = project(db, *asked, "--scenario", a, "--scenario", b, "--add", "5 BTR-50")
    assert outcome.code == 0
    assert "325 " in outcome.stdout
    assert "a: it was written for rule pack 0.0.1" in outcome.stderr
    assert "it was written for rule pack 0.0.1" in " ".join(outcome.stdout.split())
    outcome = project(db, *asked, "--scenario", b, "--scenario", c)
    assert outcome.code == 2
    assert "two scenarios assume different ceilings of croatia" in outcome.stderr


def test_every_reading_of_the_stretch_shows_what_another_party_does_not(
    run: Run, ledger_of: Callable[..., Path]
) -> None:
    db = ledger_of([held(ACV, 300)], moved(5, "M2A2 Bradley", date="2027-01-01"))
    outcome = run("project", "--until", "2027", *ASKED, "--format", "csv", db=db)
    lines = list(csv.DictReader(io.StringIO(outcome.stdout)))
    assert {line["party"] for line in lines} == {
        *("croatia", "serbia", "montenegro", "bosnia-herzegovina")
    }
    changed = [line for line in lines if line["changes"]]
    assert [(line["day"], line["party"], line["counted_low"]) for line in changed] == [
        ("2027-01-01", "croatia", "305")
    ]


def test_the_first_day_is_today_unless_one_is_named(run: Run) -> None:
    found = run("project", "--until", "2100-01-01", "--party", "montenegro", "--format", "json")
    today = run("audit", "--format", "json").json["as_of"]
    assert (found.json["from"], found.json["until"]) == (today, "2100-01-01")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing option '--until'"),
        (("--until", "soon"), "'soon' is neither a year nor a day"),
        (("--until", "2027-02-30"), "'2027-02-30' is neither a year nor a day"),
        (("--until", "0000"), "neither a year nor a day"),
        (("--until", "2025"), "the look ahead would end on 2025-12-31, before it begins on 2026"),
        (("--until", "9999"), "is longer than 100 years"),
        (
            ("--until", "2030", "--party", "serba", "--add", "x"),
            "--add 'x': this names no quantity",
        ),
        (("--until", "2030", "--party", "serba"), "unknown party 'serba'"),
        (("--until", "2030", "--scenario", "absent.toml"), "absent.toml: cannot be read"),
    ],
)
def test_what_cannot_be_looked_at_is_refused(
    run: Run, arguments: tuple[str, ...], said: str
) -> None:
    outcome = run("project", *ASKED, *arguments)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert said in outcome.stderr


def test_a_year_means_its_last_day(run: Run) -> None:
    asked = ("project", *ASKED, "--party", "montenegro", "--format", "json")
    assert run(*asked, "--until", "2027").raw == run(*asked, "--until", "2027-12-31").raw
    assert command.LastDay().convert("2027", None, None).isoformat() == "2027-12-31"


def test_the_last_day_of_the_shipped_look_ahead_is_the_audit_of_what_is_known(run: Run) -> None:
    """On a stretch of one day with nothing planned for it, the numbers are the audit's."""
    day = "2019-12-31"
    audited = run("audit", "--as-of", day, "--format", "json").json["rows"]
    found = run("project", "--as-of", day, "--until", day, "--format", "json").json["rows"]
    assert [(r["party"], r["category"], r["days"][0]["verdict"]) for r in found] == [
        (r["party"], r["category"], r["verdict"]) for r in audited
    ]
    assert [r["days"][0]["counted"] for r in found] == [r["counted"] for r in audited]
    assert all(len(r["days"]) == 1 for r in found)


def test_no_line_is_longer_than_the_screen(run: Run) -> None:
    outcome = run("project", "--as-of", "2026-11-20", "--until", "2032")
    assert max(map(len, outcome.stdout.splitlines())) <= 100


SERBIA = ("project", "--party", "serbia", "--as-of", "2026-11-20", "--until", "2031")
DRONES = ("CH-92A", "CH-95", "Hermes 900")


def test_what_an_answer_keeps_outside_is_said_once_and_changes_no_day(run: Run) -> None:
    asked = (*SERBIA, "--category", "combat_aircraft", "--format", "json")
    found = row(run(*asked), "combat_aircraft")
    told = [text for line in found["days"] for text in line["events"]] + found["doubts"]
    assert any("12 Rafale" in text for text in told)
    assert not any(name in text for name in DRONES for text in told)
    (outside,) = found["outside"]
    assert all(name in outside for name in DRONES)
    assert outside.endswith("armed-drones=outside (default applied).")
    closed = row(run(*asked, "--reading", "armed-drones=outside"), "combat_aircraft")
    assert closed["outside"][0].endswith("armed-drones=outside (closed by the reader).")
    counted = row(run(*asked, "--reading", "armed-drones=counted"), "combat_aircraft")
    assert counted["outside"] == []
    assert all(any(name in text for text in counted["doubts"]) for name in DRONES)
    assert "2028-06-30" in days(counted), "the last day of the Hermes 900"
    assert "2028-06-30" not in days(found)
    text = " ".join(run(*SERBIA, "--category", "combat_aircraft").stdout.split())
    assert text.count("CH-92A") == 1


def test_only_the_plans_that_bear_on_what_is_shown_are_listed(run: Run) -> None:
    def plans(*categories: str) -> tuple[set[str], list[str]]:
        asked = [text for category in categories for text in ("--category", category)]
        found = run(*SERBIA, *asked, "--format", "json").json
        names = {plan["text"].split(",")[0] for plan in found["plans"]}
        assert [plan["text"] for plan in found["plans"]] == found["carried_out"]
        return names, found["plans_outside"]

    aircraft, outside = plans("combat_aircraft")
    assert aircraft == {"12 Rafale"}
    assert [text.split(",")[0] for text in outside] == ["at least 1 Hermes 900"]
    pieces, _ = plans("artillery")
    assert pieces == {"6 to 8 Nora B-52", "at least 1 PULS"}
    assert plans()[0] >= aircraft | pieces
    counted = run(
        *SERBIA, "--category", "combat_aircraft", "--reading", "armed-drones=counted"
    ).stdout
    assert "and in no limited category" not in counted


def test_a_plan_on_a_weak_word_is_never_said_to_be_carried_out(
    project: Callable[..., Any], ledger_of: Callable[..., Path]
) -> None:
    leaves = {**LEFT, "date": "2027-01-01..2027-06-30", "state": "planned", "basis": "official"}
    db = ledger_of(
        [TANKS_2019], {**LEOPARDS, "basis": "press"}, leaves, {**LEOPARDS, "quantity": "3"}
    )
    asked = ("--until", "2031", "--as-of", "2026-11-20", "--category", "battle_tank")
    text = " ".join(project(db, *asked).stdout.split())
    assert (
        "- Planned, on the word of the press: possible, and not certain before an official one: "
        "44 Leopard 2A8" in text
    )
    assert (
        "- Planned, on a public statement: possible, and not certain before one that is observed "
        "or declared: 30 M-84" in text
    )
    assert "- Taken as carried out: 3 Leopard 2A8" in text
    found = project(db, *asked, "--format", "json").json["plans"]
    assert {
        (plan["text"].split(" ")[0], plan["certain"], plan["certain_on"]) for plan in found
    } == {
        ("44", False, "official"),
        ("30", False, "observed"),
        ("3", True, None),
    }


def test_what_does_not_show_in_an_open_count_says_why(
    project: Callable[..., Any], ledger_of: Callable[..., Path]
) -> None:
    open_above = {**TANKS_2019, "quantity": "232.."}
    db = ledger_of([open_above], {**LEOPARDS, "basis": "press"})
    asked = ("--until", "2031", "--as-of", "2026-11-20", "--format", "json")
    found = row(project(db, *asked), "battle_tank")
    assert set(days(found).values()) == {"232.."}
    assert [line["events"] for line in found["days"] if line["events"]] == [
        ["+44 Leopard 2A8: possible from now; the count is open above already"],
        ["+44 Leopard 2A8: possible, not certain; the count is open above already"],
    ]


def test_nothing_is_said_to_be_hidden_where_it_shows(
    project: Callable[..., Any], ledger_of: Callable[..., Path]
) -> None:
    db = ledger_of([TANKS_2019], {**LEOPARDS, "quantity": "1..", "basis": "press"})
    found = row(
        project(db, "--until", "2031", "--as-of", "2026-11-20", "--format", "json"), "battle_tank"
    )
    assert days(found)["2028-01-01"] == "232.."
    first = next(line for line in found["days"] if line["day"] == "2028-01-01")
    assert first["events"] == ["+1.. Leopard 2A8: possible from now"]
