"""Local spellings are read, and every one that was is told. None means two things."""

from __future__ import annotations

import pytest

from compliance.intake import spellings
from compliance.intake.columns import column_of
from compliance.intake.files import examine_source, read_source
from compliance.intake.kinds import HOLDINGS, MOVEMENTS, OPTIONAL, WITHDRAWALS
from compliance.intake.rows import Vocabulary
from compliance.intake.spellings import Words
from compliance.values.names import fold
from compliance.values.records import Account, Holding, Movement
from compliance.values.vocabulary import WITHHELD, Basis, State, Status

TABLES = {
    "columns": (
        spellings.COLUMNS,
        {*HOLDINGS.columns, *MOVEMENTS.columns, *WITHDRAWALS.columns, *OPTIONAL},
    ),
    "bases": (spellings.BASES, {basis.value for basis in Basis}),
    "statuses": (spellings.STATUSES, {status.value for status in Status}),
    "states": (spellings.STATES, {state.value for state in State}),
    "quantities": (spellings.QUANTITIES, {WITHHELD}),
}


@pytest.mark.parametrize("name", TABLES)
def test_each_table_has_every_word_and_no_spelling_twice(name: str) -> None:
    words, wanted = TABLES[name]
    assert set(words.table) == wanted
    spelled = [fold(text) for word, others in words.table.items() for text in (word, *others)]
    assert len(spelled) == len(set(spelled))
    assert all(fold(text) for text in spelled)


SERBIAN = """\
Страна,Стање на дан,Основ,Категорија,Тип,Статус,Количина,Извор,Напомена
RS,2019-09-12,декларисано,tanks,М-84,ускладиштено,212,а,б
"""
CROATIAN = """\
Stranka,Na dan,Osnova,Kategorija,Tip,Status,Količina,Izvor,Napomena
RS,2019-09-12,deklarirano,Tanks,M-84,uskladišteno,212,a,b
"""
MOVED = """\
datum,tip,količina,iz,u,realizacija,osnova,izvor
2024-04-25,Rafale,6,RS:istraživanje i razvoj,serbia,izvršeno,tisak,x
"""


@pytest.mark.parametrize("text", [SERBIAN, CROATIAN])
def test_holdings_in_local_words(text: str, vocabulary: Vocabulary) -> None:
    read = read_source("in.csv", text.encode(), vocabulary)
    (row,) = read.rows
    assert isinstance(row, Holding)
    assert (row.party, row.basis, row.status) == ("serbia", Basis.DECLARED, Status.STORED)
    noted = {(note.row, note.column): (note.value, note.read_as) for note in read.notes}
    line = dict(zip(text.splitlines()[0].split(","), text.splitlines()[1].split(","), strict=True))
    headings = {heading: column_of(heading) for heading in line}
    expected = {
        (None, heading): (heading, column)
        for heading, column in headings.items()
        if heading.lower() != column
    }
    given = {column: line[heading] for heading, column in headings.items()}
    for column, meaning in (
        ("party", "serbia"),
        ("basis", "declared"),
        ("category", "battle_tank"),
        ("status", "stored"),
    ):
        expected[(2, column)] = (given[column], meaning)
    assert noted == expected


def test_movements_in_local_words(vocabulary: Vocabulary) -> None:
    read = read_source("in.csv", MOVED.encode(), vocabulary)
    (row,) = read.rows
    assert isinstance(row, Movement)
    assert row.origin == Account("serbia", Status.RESEARCH_DEVELOPMENT)
    assert (row.destination, row.state, row.basis) == (Account("serbia"), State.DONE, Basis.PRESS)
    lines = [note.line() for note in read.notes if note.row]
    assert lines == [
        "in.csv: row 2, from: 'RS:istraživanje i razvoj' read as 'serbia:research_development'",
        "in.csv: row 2, state: 'izvršeno' read as 'done'",
        "in.csv: row 2, basis: 'tisak' read as 'press'",
    ]


def test_plain_words_need_no_note_whatever_their_case(vocabulary: Vocabulary) -> None:
    text = (
        "Party,AS_OF,basis,category,status,quantity,source\n"
        "Serbia,2019-09-12,Declared,Battle_Tank,In_Service,Withheld,x\n"
    )
    assert read_source("in.csv", text.encode(), vocabulary).notes == ()
    spaced = text.replace("In_Service", "in service").replace("AS_OF", "as of")
    notes = read_source("in.csv", spaced.encode(), vocabulary).notes
    assert [(note.value, note.read_as) for note in notes] == [
        ("as of", "as_of"),
        ("in service", "in_service"),
    ]


def test_withheld_in_local_words(vocabulary: Vocabulary) -> None:
    read = read_source("in.csv", CROATIAN.replace("212", "nije objavljeno").encode(), vocabulary)
    (row,) = read.rows
    assert isinstance(row, Holding)
    assert row.withheld
    assert ("nije objavljeno", "withheld") in [(note.value, note.read_as) for note in read.notes]


@pytest.mark.parametrize(
    ("words", "text", "meaning"),
    [
        (spellings.STATUSES, "у служби", "in_service"),
        (spellings.STATUSES, "u inozemstvu", "abroad"),
        (spellings.STATUSES, "У ИНОСТРАНСТВУ", "abroad"),
        (spellings.STATUSES, "rezervni delovi", "spares"),
        (spellings.STATUSES, "резервни дијелови", "spares"),
        (spellings.STATUSES, "povijesna zbirka", "historical_collection"),
        (spellings.STATUSES, "историјска збирка", "historical_collection"),
        (spellings.STATUSES, "R&D", "research_development"),
        (spellings.STATUSES, "unutrasnja bezbednost", "internal_security"),
        (spellings.BASES, "процена", "estimate"),
        (spellings.BASES, "procjena", "estimate"),
        (spellings.BASES, "обавештење", "notified"),
        (spellings.STATES, "планирано", "planned"),
        (spellings.COLUMNS, "Ознака тајности", "marking"),
        (spellings.COLUMNS, "Поткатегорија", "subcategory"),
        (spellings.COLUMNS, "stanje", None),
        (spellings.COLUMNS, "broj", None),
        (spellings.STATUSES, "", None),
    ],
)
def test_words_of_the_region(words: Words, text: str, meaning: str | None) -> None:
    assert words.read(text) == meaning


def test_the_same_column_in_two_spellings_is_refused(vocabulary: Vocabulary) -> None:
    text = CROATIAN.replace("Napomena", "party")
    (problem,) = examine_source("in.csv", text.encode(), vocabulary).problems
    assert problem.message == "columns 'Stranka' and 'party' both mean 'party'"


def test_a_misspelt_local_word_is_suggested_and_not_taken(vocabulary: Vocabulary) -> None:
    text = CROATIAN.replace("uskladišteno", "uskladištenoo").replace("Količina", "Količinaa")
    problems = examine_source("in.csv", text.encode(), vocabulary).problems
    assert [(problem.column, problem.suggestion) for problem in problems] == [
        ("Količinaa", "did you mean 'količina'?"),
        ("status", "did you mean 'uskladišteno'?"),
    ]
