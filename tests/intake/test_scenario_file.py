"""Scenario files: read strictly, every mistake at once, and written so that they read back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.intake.scenario_file import MAX_BYTES, checked, examine_files
from compliance.intake.scenario_values import Complaint, ScenarioNames
from compliance.intake.scenario_write import write_scenario
from compliance.values.dates import DateSpan
from compliance.values.errors import InvalidInput
from compliance.values.records import Account, Movement, Particulars
from compliance.values.scenario import AssumedCeiling, Scenario, WrittenFor
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status

DAY = date(2027, 6, 30)
PARTIES = {"croatia": "croatia", "hr": "croatia", "serbia": "serbia"}
CATEGORIES = ("battle_tank", "armoured_combat_vehicle")


def _about_type(designation: str, category: str) -> Complaint | None:
    if designation == "Zzyzx" and not category:
        return Complaint("'Zzyzx' is not in the catalogue", hint="say where it belongs")
    return None


def _about_reading(question: str, answer: str) -> Complaint | None:
    if question != "armed-drones":
        return Complaint(f"nobody asks '{question}'")
    return None


NAMES = ScenarioNames(
    resolve_party=lambda text: PARTIES.get(text.lower()),
    party_names=("croatia", "serbia"),
    resolve_category=lambda text: text if text in CATEGORIES else None,
    category_ids=CATEGORIES,
    about_type=_about_type,
    about_reading=_about_reading,
)


def read(folder: Path, text: str | bytes, name: str = "swap.toml") -> Scenario:
    path = folder / name
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    scenarios, problems = examine_files([path], NAMES, DAY)
    checked(problems)
    return scenarios[0]


def mistakes(folder: Path, text: str | bytes) -> list[str]:
    path = folder / "bad.toml"
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    scenarios, problems = examine_files([path], NAMES, DAY)
    assert scenarios == ()
    assert {problem.file for problem in problems} == {str(path)}
    return [problem.line().removeprefix(f"{path}: ") for problem in problems]


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
        name = "Swap"
        note = "From the press."
        agreement = "florence-1996"
        version = "1.0.0"
        ledger_head = "abc"
        [readings]
        armed-drones = "counted"
        [[add]]
        party = "HR"
        type = "M2A2 Bradley"
        quantity = "62..89"
        on = 2027-03-01
        from = "United States"
        note = "offered"
        [[add]]
        party = "croatia"
        type = "Zzyzx"
        category = "battle_tank"
        quantity = 3
        status = "stored"
        on = "2028-01-01..2030-12-31"
        [[remove]]
        party = "croatia"
        type = "M-80A"
        quantity = "30"
        [[remove]]
        party = "croatia"
        type = "M-84"
        quantity = 5
        to = "@reduced:destroyed"
        [[move]]
        type = "M-84"
        quantity = 2
        from = "croatia:research development"
        to = "serbia"
        [[ceiling]]
        party = "croatia"
        category = "battle_tank"
        value = "300..310"
        since = 2028-01-01
        [[ceiling]]
        party = "serbia"
        category = "battle_tank"
        value = 900
        """,
    )
    assert (found.name, found.note) == ("Swap", "From the press.")
    assert found.written_for == WrittenFor("florence-1996", "1.0.0", "abc")
    assert dict(found.readings) == {"armed-drones": "counted"}
    assert [
        (str(m.quantity), m.type, str(m.origin), str(m.destination), str(m.date), m.category)
        for m in found.movements
    ] == [
        ("62..89", "M2A2 Bradley", "@import:United States", "croatia", "2027-03-01", ""),
        ("3", "Zzyzx", "@import", "croatia:stored", "2028-01-01..2030-12-31", "battle_tank"),
        ("30", "M-80A", "croatia", "@reduced:unspecified", "2027-06-30", ""),
        ("5", "M-84", "croatia", "@reduced:destroyed", "2027-06-30", ""),
        ("2", "M-84", "croatia:research_development", "serbia", "2027-06-30", ""),
    ]
    assert {m.state for m in found.movements} == {State.DONE}
    assert found.movements[0].more.note == "offered"
    assert found.ceilings == (
        AssumedCeiling("croatia", "battle_tank", Span(300, 310), date(2028, 1, 1)),
        AssumedCeiling("serbia", "battle_tank", Span(900, 900), DAY),
    )


def test_a_file_that_gives_no_name_has_its_own(tmp_path: Path) -> None:
    found = read(tmp_path, "\ufeff# nothing", "bradleys.toml")
    assert (found.name, found.empty) == ("bradleys", True)


def test_every_mistake_of_a_file_is_told_with_its_key(tmp_path: Path) -> None:
    assert mistakes(
        tmp_path,
        """
        nmae = "x"
        note = 3
        [readings]
        moon = "full"
        armed-drones = true
        [[add]]
        party = "croatai"
        type = "Zzyzx"
        quantity = "89..62"
        on = "03/04/2027"
        [[add]]
        type = "M-84"
        quantity = 0
        on = 2027-01-01T12:00:00
        colour = "red"
        status = "storde"
        from = "France@home"
        [[remove]]
        party = "croatia"
        category = "tanks"
        type = "M-84"
        quantity = 1.5
        [[move]]
        type = "M-84"
        quantity = 1
        from = "@import:France"
        to = "croatia"
        [[move]]
        type = "M-84"
        quantity = 1
        from = "croatia"
        to = "HR"
        [[ceiling]]
        party = "croatia"
        value = 3
        [[ceiling]]
        party = "croatia"
        category = "battle_tank"
        value = 3
        [[ceiling]]
        party = "HR"
        category = "battle_tank"
        value = 4
        """,
    ) == [
        "nmae: there is no such key; expected one of name, note, agreement, version, ledger_head, "
        "readings, add, remove, move, ceiling; did you mean 'name'?",
        "add[1].party: unknown party 'croatai'; did you mean 'croatia'?",
        "add[1].quantity: '89..62' runs backwards: write the smaller number first; "
        "expected a whole number such as 12, or '62..89' or '15..'",
        "add[1].on: '03/04/2027' is no date: write YYYY-MM-DD; day and month could be either way "
        "round, so it is not guessed; write 2027-04-03 or 2027-03-04",
        "add[1].type: 'Zzyzx' is not in the catalogue; say where it belongs",
        "add[2].colour: there is no such key; expected one of party, type, quantity, on, category, "
        "status, from, note",
        "add[2].party: party is missing",
        "add[2].status: 'storde' is no status of a holding; did you mean 'stored'?",
        "add[2].from: '@import:France@home' is no outside place: write @import:COUNTRY, "
        "@production, @export:COUNTRY, @reduced:METHOD or @lost; expected the name of a country, "
        "or such as @import:NAME",
        "add[2].on: 2027-01-01 12:00:00 cannot be read; expected YYYY-MM-DD, or "
        "'YYYY-MM-DD..YYYY-MM-DD'",
        "add[2].quantity: a quantity of 0 assumes nothing; expected at least 1",
        "remove[1].category: unknown category 'tanks'; expected one of battle_tank, "
        "armoured_combat_vehicle",
        "remove[1].quantity: 1.5 cannot be read; expected a whole number such as 12, or "
        "'62..89' or '15..'",
        "move[1].from: '@import:France' is outside the agreement; expected a party, or "
        "party:status; write what comes in under [[add]], what goes out under [[remove]]",
        "move[2].to: 'croatia' is where it comes from; expected another account",
        "ceiling[1].category: category is missing",
        "ceiling[3].value: 4 for croatia, battle_tank from the same day as 3; expected one ceiling "
        "for one party and category from one day on",
        "readings.moon: nobody asks 'moon'",
        "readings.armed-drones: true is no text; expected a text in quotes",
        "note: 3 is no text; expected a text in quotes",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name = ", "is no TOML"),
        (b"name = 'a'\nname = 'b'", "is no TOML"),
        (b"name = '\xff'", "is no UTF-8 text"),
        (b"#" * (MAX_BYTES + 1), "no scenario"),
        (b"add = 3", "add: this is no list of tables; expected [[add]]"),
        (b"add = [3]", "add: entry 1 is no table; expected [[add]]"),
        (b"readings = 3", "readings: 3 is no table; expected [readings]"),
        (b'name = "a\\u202eb"', "name: 'a\ufffdb' holds"),
        (b"[[add]]", "add[1].type: type is missing"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    assert any(line.startswith(message) or message in line for line in mistakes(tmp_path, content))


def test_mistakes_of_all_files_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("x = 1")
    (tmp_path / "b.toml").write_text("y = 1")
    paths = [tmp_path / name for name in ("a.toml", "absent.toml", "b.toml")]
    with pytest.raises(InvalidInput, match="3 mistakes in what is assumed") as error:
        checked(examine_files(paths, NAMES, DAY)[1])
    assert [Path(p.file).name for p in error.value.problems] == ["a.toml", "absent.toml", "b.toml"]


_TEXTS = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=12
).filter(lambda text: text == text.strip() and text)
_SPANS = st.tuples(st.integers(0, 99), st.integers(1, 99)).map(lambda p: Span(p[0], p[0] + p[1]))
_HELD = st.builds(Account, st.sampled_from(["croatia", "serbia"]), st.sampled_from(Status))
_IN = st.sampled_from(["@import", "@import:France", "@production"]).map(Account.parse)
_OUT = st.sampled_from(["@reduced:unspecified", "@export:Ukraine", "@lost"]).map(Account.parse)
_SIDES = st.one_of(
    st.tuples(_IN, _HELD),
    st.tuples(_HELD, _OUT),
    st.tuples(_HELD, _HELD).filter(lambda pair: pair[0] != pair[1]),
)
_DATES = st.tuples(st.dates(), st.dates()).map(lambda p: DateSpan(min(p), max(p)))
_LINES = st.builds(
    lambda sides, dates, type, category, quantity, note: Movement(
        dates,
        type,
        category,
        quantity,
        *sides,
        State.DONE,
        Basis.DECLARED,
        "assumed for the sake of argument",
        Particulars(note=note),
    ),
    _SIDES,
    _DATES,
    _TEXTS.filter(lambda text: text != "Zzyzx"),
    st.sampled_from(["", *CATEGORIES]),
    st.one_of(_SPANS, st.just(Span(15, None))),
    st.one_of(st.just(""), _TEXTS),
)
_CEILINGS = st.builds(
    AssumedCeiling,
    st.sampled_from(["croatia", "serbia"]),
    st.sampled_from(CATEGORIES),
    _SPANS,
    st.dates(),
)
SCENARIOS = st.builds(
    Scenario,
    name=_TEXTS,
    movements=st.lists(_LINES, max_size=3).map(tuple),
    ceilings=st.lists(_CEILINGS, max_size=2, unique_by=lambda c: (c.party, c.category)).map(tuple),
    readings=st.fixed_dictionaries({}, optional={"armed-drones": st.just("counted")}),
    written_for=st.builds(WrittenFor, *[st.one_of(st.just(""), _TEXTS)] * 3),
    note=st.one_of(st.just(""), _TEXTS),
)


@given(scenario=SCENARIOS)
def test_what_is_written_reads_back_the_same(
    scenario: Scenario, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("written")
    again = read(folder, write_scenario(scenario))
    assert again.sha256 == scenario.sha256
    assert again.movements == scenario.ordered or set(again.movements) == set(scenario.movements)
    assert (again.name, again.note) == (scenario.name, scenario.note)
    assert again.written_for == scenario.written_for
