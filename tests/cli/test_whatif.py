"""``compliance whatif``: scenarios beside the baseline, and nothing of them in the ledger."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from scenario_ledgers import ASKED, BRADLEYS, M80A, files, held, lasting, moved

if TYPE_CHECKING:
    from conftest import Run

ACV = "armoured_combat_vehicle"


@pytest.fixture
def base(empty_ledger: Path, run: Run, tmp_path: Path) -> Path:
    """A ledger of 300 armoured combat vehicles and 60 aircraft, synthetic."""
    rows = [held(ACV, 300), held("combat_aircraft", 60)]
    outcome = run("import", *files(tmp_path, rows), db=empty_ledger)
    assert outcome.code == 0, outcome.stderr
    return empty_ledger


@pytest.fixture
def whatif(run: Run, base: Path) -> Callable[..., Any]:
    def call(*arguments: str | Path, party: str = "croatia") -> Any:
        return run("whatif", *ASKED, *(("--party", party) if party else ()), *arguments, db=base)

    return call


@pytest.fixture
def swap(tmp_path: Path) -> Path:
    path = tmp_path / "swap.toml"
    path.write_text(
        """
        name = "Bradleys for M-80A"
        [[add]]
        party = "croatia"
        type = "M2A2 Bradley"
        quantity = "62..89"
        [[remove]]
        party = "croatia"
        type = "BVP M-80A"
        quantity = 30
        """,
        encoding="utf-8",
    )
    return path


def test_the_bradleys_of_the_newspapers(
    whatif: Callable[..., Any], golden: Callable[[str, str], None]
) -> None:
    outcome = whatif(*BRADLEYS, *M80A)
    assert outcome.code == 3, outcome.stderr
    for words in (
        "332..359",
        "340",
        "-19..8",
        "cannot tell",
        "M2A2 Bradley: exceeds from 71 counted",
    ):
        assert words in " ".join(outcome.stdout.split())
    golden("whatif-bradleys.txt", lasting(outcome.stdout))
    golden("whatif-bradleys.md", lasting(whatif(*BRADLEYS, *M80A, "--format", "markdown").stdout))
    golden("whatif-bradleys.csv", lasting(whatif(*BRADLEYS, *M80A, "--format", "csv").stdout))
    golden("whatif-bradleys.json", lasting(whatif(*BRADLEYS, *M80A, "--format", "json").stdout))


@pytest.mark.parametrize(("quantity", "verdict", "code"), [(70, "within", 0), (71, "exceeds", 1)])
def test_the_tipping_point_is_the_number_at_which_the_verdict_turns(
    whatif: Callable[..., Any], quantity: int, verdict: str, code: int
) -> None:
    outcome = whatif("--add", f"{quantity} M2A2 Bradley", *M80A, "--format", "json")
    assert outcome.code == code
    assert outcome.json["scenarios"][0]["rows"][0]["verdict"] == verdict


def test_shipped_figures_and_scenarios_use_the_same_words(
    run: Run, base: Path, whatif: Callable[..., Any], tmp_path: Path
) -> None:
    assumed = whatif(*BRADLEYS, *M80A, "--format", "json").json["scenarios"][0]["rows"][0]
    (tmp_path / "recorded").mkdir()
    rows = [
        moved("62..89", "M2A2 Bradley"),
        {**moved(30, "BVP M-80A"), "from": "croatia", "to": "@reduced:destroyed"},
    ]
    recorded = files(tmp_path / "recorded", [held("attack_helicopter", 1)], rows)
    assert run("import", *recorded, db=base).code == 0
    row = run(
        *("audit", *ASKED, "--party", "croatia", "--category", ACV, "--format", "json"), db=base
    ).json["rows"][0]
    assert row["tipping"] == assumed["tipping"] == ["M2A2 Bradley: exceeds from 71 counted."]
    assert row["summary"] == assumed["summary"]


def test_baseline_rows_are_those_of_the_audit(
    run: Run, base: Path, whatif: Callable[..., Any]
) -> None:
    outcome = whatif(*BRADLEYS, "--format", "json")
    audited = run("audit", *ASKED, "--format", "json", db=base).json["rows"]
    assert outcome.json["baseline"]["rows"] == [
        row for row in audited if (row["party"], row["category"]) == ("croatia", ACV)
    ]
    assert outcome.json["others"] == len(audited) - 1


def test_an_empty_scenario_is_the_baseline_byte_for_byte(
    run: Run, base: Path, whatif: Callable[..., Any], tmp_path: Path
) -> None:
    empty = tmp_path / "empty.toml"
    empty.write_text('name = "Nothing"\n')
    outcome = whatif(empty, "--format", "json", party="")
    found = outcome.json
    audited = run("audit", *ASKED, "--format", "json", db=base).json["rows"]
    assert found["baseline"]["rows"] == found["scenarios"][0]["rows"] == audited
    text = outcome.stdout
    cut = text.index('"scenarios"')
    rows = text[text.index('"rows": [') : cut].rstrip().removesuffix("},").rstrip()
    again = text[cut:]
    again = (
        again[again.index('"rows": [') : again.index('"differences"')].rstrip().removesuffix(",")
    )
    assert [line.strip() for line in rows.splitlines()] == [
        line.strip() for line in again.splitlines()
    ]


def test_lines_in_any_order_give_the_same_bytes(
    whatif: Callable[..., Any], swap: Path, tmp_path: Path
) -> None:
    head, add, remove = swap.read_text(encoding="utf-8").replace("[[", "\f[[").split("\f")
    ceilings = [
        f'[[ceiling]]\nparty = "croatia"\ncategory = "{ACV}"\nvalue = {value}\nsince = {day}\n'
        for value, day in ((341, "2026-02-01"), (342, "2026-03-01"))
    ]
    for number, parts in enumerate(
        ([add, remove, *ceilings], [*reversed(ceilings), remove, add]), start=1
    ):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "s.toml").write_text("\n".join([head, *parts]))
    for format_ in ("json", "table", "csv", "markdown"):
        first, second = (
            whatif(tmp_path / number / "s.toml", "--format", format_, party="").raw
            for number in ("1", "2")
        )
        assert first == second
        assert b"342" in first


def test_nothing_of_a_scenario_reaches_the_database(
    whatif: Callable[..., Any], run: Run, base: Path, swap: Path, tmp_path: Path
) -> None:
    before = base.read_bytes()
    neighbours = {path.name for path in base.parent.iterdir()}
    assert whatif(*BRADLEYS, *M80A, swap, "--ceiling", f"{ACV}=1").code == 1
    until = ("project", "--until", "2030", *ASKED, "--party", "croatia", *BRADLEYS)
    assert run(*until, "--scenario", swap, db=base).code == 1
    assert base.read_bytes() == before
    assert {path.name for path in base.parent.iterdir()} == neighbours
    assert b"Bradley" not in before


def test_a_movement_and_its_reverse_give_the_first_answer_back(
    whatif: Callable[..., Any],
) -> None:
    outcome = whatif("--add", "7 M-84", "--remove", "7 M-84", "--format", "json")
    (difference,) = outcome.json["scenarios"][0]["differences"]
    assert difference["verdict"]["before"] == difference["verdict"]["after"]
    (difference,) = whatif(
        "--add", "7 BVP M-80A", "--remove", "7 BVP M-80A", "--format", "json"
    ).json["scenarios"][0]["differences"]
    assert difference["counted"] == difference["headroom"] == {"low": 0, "high": 0}


def test_several_scenarios_stand_side_by_side(
    whatif: Callable[..., Any],
    swap: Path,
    tmp_path: Path,
    golden: Callable[[str, str], None],
) -> None:
    paths = [swap]
    for number in (40, 41, 42):
        path = tmp_path / f"more-{number}.toml"
        path.write_text(f'[[add]]\nparty = "croatia"\ntype = "M2A2 Bradley"\nquantity = {number}\n')
        paths.append(path)
    outcome = whatif(*paths, party="")
    assert outcome.code == 1, "41 are too many in one of them"
    golden("whatif-several.txt", lasting(outcome.stdout))
    assert max(map(len, outcome.stdout.splitlines())) <= 100
    found = whatif(*paths, "--format", "json", party="").json
    assert [side["name"] for side in found["scenarios"]] == [
        *("Bradleys for M-80A", "more-40", "more-41", "more-42")
    ]
    assert [side["rows"][0]["verdict"] for side in found["scenarios"]] == [
        *("indeterminate", "within", "exceeds", "exceeds")
    ]
    lines = list(csv.DictReader(io.StringIO(whatif(*paths, "--format", "csv", party="").stdout)))
    assert [(line["side"], line["headroom_change_low"]) for line in lines] == [
        *(("baseline", "0"), ("Bradleys for M-80A", "-59")),
        *(("more-40", "-40"), ("more-41", "-41"), ("more-42", "-42")),
    ]


def test_an_assumed_ceiling_is_no_law(whatif: Callable[..., Any]) -> None:
    outcome = whatif("--ceiling", f"{ACV}=299", "--format", "json")
    (row,) = outcome.json["scenarios"][0]["rows"]
    assert (row["verdict"], row["conditional"], outcome.code) == ("exceeds", True, 1)
    assert row["citation"]["status"] == "assumed"
    assert outcome.json["baseline"]["rows"][0]["verdict"] == "within"
    later = whatif("--ceiling", f"{ACV}=299@2026-06-02", "--format", "json").json
    assert later["scenarios"][0]["rows"][0]["verdict"] == "within"


def test_a_reading_closes_a_question_in_the_scenario_only(run: Run) -> None:
    asked = ("whatif", "--as-of", "2026-06-01", "--party", "serbia", "--category", "artillery")
    reading = "post-2006-ceilings=derived"
    found = run(*asked, "--reading", reading, "--format", "json").json
    assert found["readings"] == {}
    assert found["scenarios"][0]["readings"] == {"post-2006-ceilings": "derived"}
    assert found["baseline"]["rows"][0]["ceiling"] is None
    assert found["scenarios"][0]["rows"][0]["ceiling"] is not None
    both = run(
        *asked, "--baseline-reading", reading, "--add", "1 Nora B-52", "--format", "json"
    ).json
    assert both["baseline"]["rows"][0]["ceiling"] is not None
    assert both["scenarios"][0]["rows"][0]["ceiling"] is not None


def test_a_line_for_later_is_said_to_show_nothing_yet(whatif: Callable[..., Any]) -> None:
    outcome = whatif("--add", "12 Rafale@2027-01-01")
    assert outcome.code == 0
    said = "12 Rafale: not before 1 January 2027, so nothing of it shows on 1 June 2026"
    assert said in outcome.stderr
    assert said in " ".join(outcome.stdout.split())


def test_what_counts_nowhere_is_said_with_the_reason(whatif: Callable[..., Any]) -> None:
    outcome = whatif("--add", "50 FGM-148 Javelin")
    assert "50 FGM-148 Javelin: counts in no category." in outcome.stderr


def test_a_line_before_the_figure_in_use_is_said_to_be_in_it(whatif: Callable[..., Any]) -> None:
    outcome = whatif("--add", "5 M2A2 Bradley@2025-01-01", "--format", "json")
    (side,) = outcome.json["scenarios"]
    assert side["rows"][0]["counted"] == {"low": 300, "high": 300}
    assert any("before the figure in use" in text for text in side["warnings"])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("--remove", "301 BVP M-80A"), "1 armoured combat vehicles more than could be held"),
        (("--remove", "300 BVP M-80A"), ""),
        (("--add", "5 BVP M-80A", "--remove", "305 BVP M-80A"), ""),
    ],
)
def test_removing_more_than_could_be_held_is_warned_of(
    whatif: Callable[..., Any], lines: tuple[str, ...], said: str
) -> None:
    outcome = whatif(*lines)
    if said:
        assert said in outcome.stderr
        assert said in " ".join(outcome.stdout.split())
    else:
        assert "warning" not in outcome.stderr


@pytest.mark.parametrize(
    ("removed", "said"), [(10, ""), (11, "1 more of that type than could be held")]
)
def test_so_is_removing_more_of_a_type_than_its_share_allows(
    run: Run, empty_ledger: Path, tmp_path: Path, removed: int, said: str
) -> None:
    rows = [
        held("battle_tank", 100),
        held("battle_tank", 90, type="T-55"),
        held("battle_tank", 8, type="M-84"),
    ]
    assert run("import", *files(tmp_path, rows), db=empty_ledger).code == 0
    lines = ("--party", "croatia", "--remove", f"{removed} M-84")
    outcome = run("whatif", *ASKED, *lines, db=empty_ledger)
    assert (said in outcome.stderr) if said else (outcome.stderr == "")


def test_the_options_can_be_saved_and_run_by_others(
    whatif: Callable[..., Any], run: Run, base: Path, tmp_path: Path
) -> None:
    saved = tmp_path / "swap.toml"
    first = whatif(*BRADLEYS, *M80A, "--save", saved, "--format", "json").json
    head = first["ledger_head"]
    text = saved.read_text(encoding="utf-8")
    assert 'agreement = "florence-1996"' in text
    assert f'ledger_head = "{head}"' in text
    again = whatif(saved, "--format", "json", party="").json
    for key in ("sha256", "rows", "differences"):
        assert again["scenarios"][0][key] == first["scenarios"][0][key]
    assert again["scenarios"][0]["moved"] == []
    (tmp_path / "later").mkdir()
    later = files(tmp_path / "later", [held("attack_helicopter", 1)])
    assert run("import", *later, db=base).code == 0
    saved.write_text(text.replace('version = "', 'version = "0.'), encoding="utf-8")
    moved_on = whatif(saved, party="")
    assert f"it was written for ledger head {head[:12]}; the ledger is now at" in moved_on.stderr
    assert "it was written for rule pack 0." in moved_on.stderr
    assert "Moved since: it was written for ledger head" in moved_on.stdout


def test_every_mistake_is_told_at_once(whatif: Callable[..., Any], tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('[[add]]\nparty = "croatai"\ntype = "Bradlee M2A2"\nquantity = 3\nmore = 1\n')
    outcome = whatif(
        *(bad, "--add", "12", "--add", "x Rafale", "--add", "5 Zzyzx 9000", "--ceiling", "foo=3"),
        *("--ceiling", ACV, "--remove", "3 M-84@2027-02-30", "--reading", "armed-drone=counted"),
        party="serba",
    )
    assert outcome.code == 2
    assert outcome.stdout == ""
    for words in (
        f"{bad}: add[1].party: unknown party 'croatai'; did you mean 'croatia'?",
        f"{bad}: add[1].more: there is no such key",
        f"{bad}: add[1].type: 'Bradlee M2A2' is not in the catalogue; names like it: ",
        "--party: unknown party 'serba'; did you mean 'serbia'?",
        "--add '12': this names no quantity and type",
        "--add 'x Rafale': quantity: 'x' is no quantity",
        "--add '5 Zzyzx 9000': type: 'Zzyzx 9000' is not in the catalogue",
        "--ceiling foo=3: category: unknown category 'foo'",
        f"--ceiling {ACV}: this is no ceiling",
        "--remove '3 M-84@2027-02-30': on: '2027-02-30' is not a day of the calendar",
        "--reading: armed-drone: 'florence-1996' asks no question 'armed-drone'; did you mean",
        "Error: 11 mistakes in what is assumed; nothing was computed",
    ):
        assert words in outcome.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--add", "12 Rafale"), "--add, --remove and --ceiling are about one Party, and none"),
        (
            ("--add", "12 Rafale", "--party", "serbia", "--party", "croatia"),
            "are about one Party, and 2 are named",
        ),
        (("--party", "serbia"), "nothing is assumed"),
        (("--add", "4 M-60", "--party", "serbia"), "'M-60' may mean several things: M60"),
        (("absent.toml",), "absent.toml: cannot be read"),
    ],
)
def test_a_scenario_that_cannot_be_read_is_refused(
    run: Run, arguments: tuple[str, ...], said: str
) -> None:
    outcome = run("whatif", *arguments)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert said in outcome.stderr


def test_a_category_is_for_types_that_the_catalogue_does_not_settle(
    whatif: Callable[..., Any], tmp_path: Path
) -> None:
    def assumed(type: str, category: str) -> Any:
        path = tmp_path / "s.toml"
        path.write_text(
            f'[[add]]\nparty = "croatia"\ntype = "{type}"\nquantity = 3\ncategory = "{category}"\n'
        )
        return whatif(path, "--format", "json", party="")

    (side,) = assumed("Zzyzx 9000", "combat_aircraft").json["scenarios"]
    assert [row["counted"] for row in side["rows"]] == [{"low": 63, "high": 63}]
    outcome = assumed("M2A2 Bradley", "combat_aircraft")
    assert outcome.code == 2
    assert "the catalogue has M2A2 Bradley as 'armoured_combat_vehicle'" in outcome.stderr
    outcome = assumed("CH-92A", "combat_aircraft")
    assert outcome.code == 2
    assert "is an open question: armed-drones" in outcome.stderr


def test_asking_for_a_party_and_category_shows_just_those(
    whatif: Callable[..., Any], swap: Path
) -> None:
    found = whatif(swap, "--category", "combat_aircraft", "--format", "json").json
    assert [(r["party"], r["category"]) for r in found["baseline"]["rows"]] == [
        ("croatia", "combat_aircraft")
    ]
    text = whatif(swap, "--category", "combat_aircraft").stdout
    assert "1 of them change" in text


def test_a_scenario_that_moves_between_parties_shows_both(
    whatif: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "sale.toml"
    path.write_text('[[move]]\ntype = "BVP M-80A"\nquantity = 9\nfrom = "croatia"\nto = "serbia"\n')
    (side,) = whatif(path, "--format", "json", party="").json["scenarios"]
    assert [(row["party"], row["counted"]) for row in side["rows"]] == [
        ("croatia", {"low": 291, "high": 291}),
        ("serbia", {"low": 9, "high": None}),
    ]


def test_what_is_on_record_already_is_warned_of(run: Run) -> None:
    lines = ("--party", "serbia", "--add", "12 Rafale@2028-06-01")
    outcome = run("whatif", "--as-of", "2028-12-31", *lines)
    assert "12 Rafale: comes on top of what is on record, 12 Rafale" in outcome.stderr


AIRCRAFT = ("--category", "combat_aircraft")
RAFALE = ("whatif", "--as-of", "2026-11-20", "--party", "serbia", "--add", "12 Rafale")


def test_with_a_category_too_only_the_party_named_is_shown(run: Run) -> None:
    def shown(*more: str) -> set[tuple[str, str]]:
        rows = run(*RAFALE, *more, "--format", "json").json["baseline"]["rows"]
        return {(row["party"], row["category"]) for row in rows}

    assert shown(*AIRCRAFT) == {("serbia", "combat_aircraft")}
    assert shown() == {("serbia", "combat_aircraft")}, "of its five the one that is touched"
    assert shown("--category", "artillery") == {("serbia", "artillery")}


def test_what_is_added_to_a_part_shows_in_the_whole(run: Run) -> None:
    outcome = run(
        *("whatif", "--as-of", "1999-12-31", "--party", "federation-bih"),
        *("--add", "3 M-84", "--format", "json"),
    )
    assert {row["party"] for row in outcome.json["baseline"]["rows"]} == {
        "bosnia-herzegovina",
        "federation-bih",
    }


@pytest.mark.parametrize("lines", [(), ("--add", "12 Rafale")], ids=["reading", "and lines"])
def test_findings_are_of_the_parties_asked_for(run: Run, lines: tuple[str, ...]) -> None:
    reading = ("--reading", "armed-drones=counted", "--format", "json")
    asked = ("whatif", "--as-of", "2026-11-20", *reading)

    def named(*more: str) -> set[str]:
        (side,) = run(*asked, *more).json["scenarios"]
        return {finding["party"] for finding in side["findings"]}

    assert "kosovo" in named()
    assert named("--party", "serbia", *lines) <= {"serbia"}


@pytest.mark.parametrize("command", [("whatif",), ("project", "--until", "2030")])
def test_an_unknown_party_is_told_once(run: Run, command: tuple[str, ...]) -> None:
    outcome = run(*command, "--party", "Serbja", "--add", "12 Rafale")
    assert outcome.code == 2
    assert outcome.stderr.count("Serbja") == 1
    assert "did you mean 'serbia'?" in outcome.stderr
