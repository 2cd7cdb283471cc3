"""``compliance diff``: what the published figures must tell, and what each option does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from import_files import LOSS, TANKS, write

if TYPE_CHECKING:
    from conftest import Run

HELICOPTERS = ("diff", "2023", "2024", "--party", "serbia", "--category", "attack_helicopter")
YUGOSLAVIA = ("diff", "1995", "1999-01-31", "--party", "fr-yugoslavia")
MONTENEGRO = ("--party", "montenegro", "--category", "battle_tank")
CROATIA = ("diff", "2023", "2025", "--party", "croatia", "--category", "combat_aircraft")
SERBIAN_TANKS = ("--party", "serbia", "--category", "battle_tank")
CATEGORIES = (
    "battle_tank",
    "armoured_combat_vehicle",
    "artillery",
    "combat_aircraft",
    "attack_helicopter",
)


def _row(run: Run, *arguments: str, db: Path | str | None = None) -> Any:
    named = {} if db is None else {"db": db}
    (row,) = run(*arguments, "--format", "json", **named).json["rows"]
    return row


def _told(row: Any) -> list[tuple[str, str, int | None, int | None]]:
    return [(c["kind"], c["day"], c["low"], c["high"]) for c in row["causes"]]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def test_serbia_eleven_helicopters_less_room_and_one_cause(run: Run) -> None:
    row = _row(run, *HELICOPTERS)
    assert row["before"]["counted"] == {"low": 4, "high": None}
    assert row["after"]["counted"] == {"low": 15, "high": None}
    assert row["change"] == {"low": None, "high": -11}
    assert _told(row) == [("movement", "2023-11-23", None, -11)]
    (cause,) = row["causes"]
    assert cause["detail"].startswith("11 Mi-35P, @import:Cyprus to serbia, 19 November 2023")
    (source,) = {r["source"] for r in cause["rows"]}
    assert source.startswith("Kathimerini and Reuters, 24 November 2023")
    assert [r["ref"] for r in cause["rows"]] == cause["refs"]


def test_serbia_what_the_published_lists_leave_out_is_named_as_open(run: Run) -> None:
    text = _one_line(run(*HELICOPTERS).stdout)
    assert "11 less room, by the most there may be; the least is open." in text
    assert "On the upper bound the causes add up to -11, its change" in text
    assert "armed Gazelles and the H145M with weapons are not in it" in text
    assert "10 H145M" in text and "planned, not reported as done" in text
    assert "--reading armed-light-helicopters=combat-support|attack" in text
    assert "Kathimerini and Reuters, 24 November 2023: Serbia buys helicopter gunships" in text


def test_yugoslavia_from_before_the_agreement_to_its_ceilings(run: Run) -> None:
    """Estimates of 1995, the Agreement of 1996, and the figures of December 1998 at the limits."""
    rows = run(*YUGOSLAVIA, "--format", "json").json["rows"]
    assert [row["category"] for row in rows] == list(CATEGORIES)
    estimated, declared = (1300, 1000, 4000, 280, 110), (1025, 850, 3750, 155, 53)
    for row, was, now in zip(rows, estimated, declared, strict=True):
        assert row["before"]["counted"] is None
        assert row["after"]["counted"] == row["after"]["ceiling"] == {"low": now, "high": now}
        assert row["change"] == {"low": None, "high": None}, "nothing was known on the first day"
        assert _told(row) == [
            ("declaration", "1995-12-31", None, None),
            ("membership", "1996-06-14", None, None),
            ("declaration", "1998-12-31", was - now, was - now),
        ]
        estimate, membership, relayed = row["causes"]
        assert "(estimate): " in estimate["detail"]
        assert "became a Party" in membership["detail"]
        assert membership["citation"]["instrument"].startswith("Florence Agreement")
        assert "(relayed): " in relayed["detail"]
    text = _one_line(run(*YUGOSLAVIA).stdout)
    assert text.count("so the causes have no sum") == 5
    assert "Arms Control Today, October 1997" in text


def test_montenegro_sixty_one_tanks_to_none(run: Run) -> None:
    """61 surplus T-55 from 3 July 2007 on, none declared on 12 September 2019."""
    row = _row(run, "diff", "2007-07-02", "2019-12-31", *MONTENEGRO)
    assert row["before"]["counted"] is None
    assert row["after"]["counted"] == {"low": 0, "high": 0}
    surplus, destroyed, ceiling, none = row["causes"]
    assert (surplus["kind"], surplus["day"]) == ("declaration", "2007-07-03")
    assert "at least 61; before it nothing was on record" in surplus["detail"]
    assert "OSCE Mission to Montenegro, 3 July 2007" in surplus["rows"][0]["source"]
    assert "Whether there were others is not said" in surplus["rows"][0]["note"]
    assert destroyed["detail"].startswith("61 T-55, montenegro to @reduced:destroyed, 3 July 2007")
    assert (destroyed["kind"], destroyed["low"], destroyed["high"]) == ("movement", None, 61)
    assert ceiling["detail"] == "ceiling unknown until then, 77 from this day on"
    assert (none["day"], none["detail"][:45]) == (
        "2019-09-12",
        "figure as of 12 September 2019 (relayed): 0; ",
    )


def test_montenegro_the_years_as_such_end_before_the_figure_of_none(run: Run) -> None:
    row = _row(run, "diff", "2007", "2019", *MONTENEGRO)
    assert row["after"]["counted"] == {"low": 0, "high": None}
    assert row["after"]["verdict"] == "indeterminate"
    assert "on record and not used" not in str(row["causes"])
    later = [text for text in row["left_open"] if text.startswith("On record and not used")]
    assert later == [
        "On record and not used, dated after 1 January 2019: "
        "0 battle tank, 12 September 2019 (relayed)."
    ]
    assert any(
        "61 T-55" in text and "may not have happened by then" in text for text in row["left_open"]
    )


def test_croatia_withdrawn_is_not_removed(run: Run) -> None:
    row = _row(run, *CROATIA)
    assert row["before"]["counted"] == {"low": 20, "high": 25}
    assert row["after"]["counted"] == {"low": 14, "high": 35}
    assert row["change"] == {"low": -10, "high": 6}
    assert _told(row) == [
        ("movement", "2024-04-25", -6, -6),
        ("movement", "2024-11-21", -1, 0),
        ("movement", "2024-11-22", -3, 0),
        ("movement", "2024-12-01", 0, 12),
    ]
    withdrawn = row["causes"][-1]
    assert "12 MiG-21, croatia to croatia:decommissioned" in withdrawn["detail"]
    assert "not yet removal" in withdrawn["rows"][0]["note"]
    text = _one_line(run(*CROATIA).stdout)
    assert "The least room there may be is 10 less, the most 6 more." in text
    assert "Together low -10, high +6: that is the change." in text
    assert "--reading counting-exclusions=cfe|none" in text


@pytest.mark.parametrize("days", [("2019-12-31", "2024-01-01"), ("1997-01-01", "2006-12-31")])
def test_both_sides_are_the_rows_of_the_audit(run: Run, days: tuple[str, str]) -> None:
    audits = [
        {(r["party"], r["category"]): r for r in found["rows"]}
        for day in days
        for found in [run("audit", "--as-of", day, "--format", "json").json]
    ]
    rows = run("diff", *days, "--format", "json").json["rows"]
    seen = 0
    for row in rows:
        place = (row["party"], row["category"])
        for side, audit in zip(("before", "after"), audits, strict=True):
            if place in audit:
                assert row[side] == audit[place]
                seen += 1
    assert seen == sum(map(len, audits))


def test_where_both_bounds_are_closed_the_causes_add_up(run: Run) -> None:
    closed = 0
    for row in run("diff", "2000", "2026", "--format", "json").json["rows"]:
        for bound in ("low", "high"):
            if row["change"][bound] is not None:
                closed += 1
                assert sum(c[bound] or 0 for c in row["causes"]) == row["change"][bound]
    assert closed > 5


def test_a_day_against_itself_is_empty(run: Run) -> None:
    outcome = run("diff", "2019-12-31", "2019-12-31", "--category", "battle_tank")
    assert outcome.code == 0
    assert "4 limits compared, 0 changed." in outcome.stdout
    assert "Because of" not in outcome.stdout
    rows = run("diff", "2024", "2024", "--format", "json").json["rows"]
    assert len(rows) == 20
    assert all(not row["changed"] and not row["causes"] for row in rows)


def test_a_year_means_its_first_of_january(run: Run) -> None:
    by_year = run(*CROATIA, "--format", "json")
    by_day = run("diff", "2023-01-01", "2025-01-01", *CROATIA[3:], "--format", "json")
    assert by_year.raw == by_day.raw


def test_the_later_day_first_is_refused_with_the_right_order(run: Run) -> None:
    outcome = run("diff", "2024", "2023-06-01")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "FROM 2024-01-01 is later than TO 2023-06-01" in outcome.stderr
    assert "compliance diff 2023-06-01 2024-01-01" in outcome.stderr


@pytest.mark.parametrize("text", ["2O24", "24", "2024-02-30", "0000", "01.02.2024"])
def test_what_is_no_day_is_refused(run: Run, text: str) -> None:
    outcome = run("diff", text, "2025")
    assert outcome.code == 2
    assert f"'{text}' is neither a year nor a day: write YYYY or YYYY-MM-DD" in outcome.stderr


def test_without_a_ledger_it_is_a_matter_of_the_database(run: Run, tmp_path: Path) -> None:
    assert run("diff", "2023", "2024", db=tmp_path / "none.db").code == 4


def test_the_last_day_is_judged(run: Run) -> None:
    tanks = ("--category", "battle_tank")
    assert run("diff", "1995", "2019-12-31", *tanks).code == 0, "Yugoslavia is no Party any more"
    assert run("diff", "2019-12-31", "2022", *tanks).code == 3
    estimates = ("diff", "1996", "1999", *tanks, "--basis", "estimate", "--accept-stale")
    assert run(*estimates).code == 1
    assert run(*estimates, "--exit-zero").code == 0


def test_unchanged_rows_are_named_and_shown_on_request(run: Run) -> None:
    days = ("diff", "2023", "2024", "--party", "croatia")
    short, whole = run(*days).stdout, run(*days, "--all").stdout
    assert "Croatia, battle tanks\n-" not in short
    assert "Nothing changed" in short and "With their numbers: --all." in short
    assert "Croatia, battle tanks\n-" in whole and "Nothing changed" not in whole
    assert run(*days, "--format", "csv").stdout.count("\n") == 6, "CSV and JSON have them all"


def test_a_successor_is_compared_only_when_asked(run: Run) -> None:
    alone = run("diff", "2000", "2010", *SERBIAN_TANKS)
    row = _row(run, "diff", "2000", "2010", *SERBIAN_TANKS)
    assert row["predecessor"] is None
    assert (row["before"]["party"], row["before"]["ceiling"]) == ("serbia", None)
    note = "they are not compared with each other. --succession does that."
    assert note in _one_line(alone.stdout)
    asked = run("diff", "2000", "2010", *SERBIAN_TANKS, "--succession")
    row = _row(run, "diff", "2000", "2010", *SERBIAN_TANKS, "--succession")
    assert row["predecessor"] == row["before"]["party"] == "fr-yugoslavia"
    assert row["before"]["ceiling"] == {"low": 1025, "high": 1025}
    assert row["change"] == {"low": None, "high": 948 - 1025}
    assert [c["kind"] for c in row["causes"]].count("membership") == 1
    text = _one_line(asked.stdout)
    assert "as asked by --succession, it is compared with Serbia and Montenegro" in text
    assert "Serbia, battle tanks (before: Federal Republic of Yugoslavia)" in text


def test_a_reading_is_a_cause_of_its_own(run: Run) -> None:
    same_day = ("diff", "1997-01-01", "1997-01-01", "--party", "croatia", "--accept-stale")
    closed = ("--reading-to", "counting-exclusions=none")
    outcome = run("diff", *CROATIA[2:3] * 2, *CROATIA[3:], *closed, "--format", "json")
    (row,) = outcome.json["rows"]
    assert row["change"] == {"low": 0, "high": -12}
    assert _told(row) == [("reading", "2025-01-01", 0, -12)]
    assert outcome.json["readings"] == {"from": {}, "to": {"counting-exclusions": "none"}}
    twice = run(*same_day, "--reading", "counting-exclusions=cfe", *closed)
    assert twice.code == 2
    assert "is answered twice" in twice.stderr


@pytest.fixture
def corrected(run: Run, empty_ledger: Path, tmp_path: Path) -> Path:
    """212 declared in December 2024, corrected to 220 in March 2025; five lost on 1 March."""
    declared = write(tmp_path / "declared.csv", TANKS)
    better = write(tmp_path / "better.csv", {**TANKS, "quantity": "220"})
    lost = write(tmp_path / "lost.csv", LOSS)
    for moment, *arguments in (
        ("2024-12-15T09:00:00Z", declared),
        ("2025-03-10", better, "--corrects", "1"),
        ("2025-03-11", lost),
    ):
        outcome = run("import", *arguments, "--recorded-at", moment, db=empty_ledger)
        assert outcome.code == 0, outcome.stderr
    return empty_ledger


def test_our_knowledge_changed_or_the_world(run: Run, corrected: Path) -> None:
    days = ("diff", "2025-01-01", "2025-06-01", *SERBIAN_TANKS)
    world = _row(run, *days, db=corrected)
    assert _told(world) == [("movement", "2025-03-01", 5, 5)]
    both = _row(run, *days, "--known-at-from", "2025-01-01", db=corrected)
    assert _told(both) == [
        ("correction", "2025-01-01", -8, -8),
        ("movement", "2025-03-01", 5, 5),
    ]
    assert both["change"] == {"low": -3, "high": -3}
    correction = both["causes"][0]
    assert [r["text"] for r in correction["rows"]] == [
        "212 battle tank, 1 January 2025 (declared)",
        "220 battle tank, 1 January 2025 (declared)",
    ]
    assert "no longer counted on: 212 battle tank" in correction["detail"]
    then = _row(run, *days, "--known-at", "2025-03-10", db=corrected)
    assert _told(then) == [], "the loss was recorded a day later"
    only = ("diff", "2025-01-01", "2025-01-01", *SERBIAN_TANKS)
    moments = ("--known-at-from", "2025-01-01", "--known-at-to", "2025-03-10")
    assert _told(_row(run, *only, *moments, db=corrected)) == [("correction", "2025-01-01", -8, -8)]
    text = _one_line(run(*only, *moments, db=corrected).stdout)
    assert "what was recorded in between is told first, as a correction" in text


def test_one_moment_for_both_days_does_not_go_with_two(run: Run) -> None:
    outcome = run("diff", "2023", "2024", "--known-at", "2024-01-01", "--known-at-to", "2025-01-01")
    assert outcome.code == 2
    assert "use --known-at alone" in outcome.stderr


def test_the_same_content_gives_the_same_bytes(run: Run, program: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    assert program("--db", other, "db", "init").code == 0
    for format_ in ("table", "csv", "json", "markdown"):
        arguments = ("diff", "2000", "2025", "--format", format_, "--succession")
        assert run(*arguments).raw == run(*arguments, db=other).raw


def test_the_report_goes_to_a_file_whole(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "diff.json"
    outcome = run(*HELICOPTERS, "--format", "json", "-o", path)
    assert (outcome.code, outcome.stdout) == (3, "")
    assert path.read_text(encoding="utf-8") == run(*HELICOPTERS, "--format", "json").stdout


@pytest.mark.parametrize(
    ("file", "arguments"),
    [
        ("diff-helicopters.txt", HELICOPTERS),
        ("diff-helicopters.json", (*HELICOPTERS, "--format", "json")),
        ("diff-yugoslavia.txt", YUGOSLAVIA),
        ("diff-croatia.txt", CROATIA),
        ("diff-croatia.md", (*CROATIA, "--format", "markdown")),
        ("diff-croatia.csv", (*CROATIA, "--format", "csv")),
        ("diff-montenegro.txt", ("diff", "2007", "2019-12-31", *MONTENEGRO)),
        ("diff-succession.txt", ("diff", "2000", "2010", *SERBIAN_TANKS, "--succession")),
    ],
)
def test_output_is_as_recorded(
    run: Run, golden: Callable[[str, str], None], file: str, arguments: tuple[str, ...]
) -> None:
    golden(file, run(*arguments).stdout)
