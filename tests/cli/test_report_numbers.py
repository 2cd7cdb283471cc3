"""One report, five formats, the same numbers: those of ``audit`` and ``project``."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from report_readers import (
    bounds,
    csv_tables,
    html_tables,
    markdown_tables,
    xlsx_bounds,
    xlsx_tables,
)

if TYPE_CHECKING:
    from conftest import Outcome, Run

# Days on which the answers differ: all old, fresh figures, limits that do not bind yet, an excess.
DAYS = (
    ("--as-of", "2026-11-20"),
    ("--as-of", "2019-12-31", "--party", "serbia", "--party", "croatia"),
    ("--as-of", "1997-01-01"),
    ("--as-of", "2026-11-20", "--accept-stale", "--reading", "post-2006-ceilings=derived"),
)
VERDICTS = {
    "within": "within",
    "EXCEEDS": "exceeds",
    "cannot tell": "indeterminate",
    "not binding": "not_binding",
}


@pytest.fixture(scope="module")
def run(program: Run, ledger: Path) -> Run:
    """Run on the shared ledger, each command once."""
    return cache(lambda *arguments: program("--db", ledger, *arguments))


NUMBERS = ("Held", "Not counted", "Counted", "Ceiling", "Headroom")
NAMES = ("held", "not_counted", "counted", "ceiling", "headroom")

Spans = dict[str, tuple[int | None, int | None]]
Line = tuple[str, str, Spans, str]


def _pair(span: dict[str, int | None] | None) -> tuple[int | None, int | None]:
    return (None, None) if span is None else (span["low"], span["high"])


def _expected(audit: Any) -> list[Line]:
    return [
        (
            row["party_name"],
            row["category"],
            {name: _pair(row[name]) for name in NAMES},
            row["verdict"],
        )
        for row in audit["rows"]
    ]


def _verdict(text: str) -> str:
    return VERDICTS[text.removesuffix(", conditional")]


def _category(name: str) -> str:
    return {
        "Battle tanks": "battle_tank",
        "Armoured combat vehicles": "armoured_combat_vehicle",
        "Artillery pieces": "artillery",
        "Combat aircraft": "combat_aircraft",
        "Attack helicopters": "attack_helicopter",
    }[name]


def _of_people(lines: list[dict[str, str]]) -> list[Line]:
    return [
        (
            line["Party"],
            _category(line["Category"]),
            {name: bounds(line[title]) for title, name in zip(NUMBERS, NAMES, strict=True)},
            _verdict(line["Verdict"]),
        )
        for line in lines
    ]


def _from_html(outcome: Outcome) -> list[Line]:
    return _of_people(html_tables(outcome.stdout)["headroom"])


def _from_markdown(outcome: Outcome) -> list[Line]:
    return _of_people(markdown_tables(outcome.stdout)[0])


def _from_csv(outcome: Outcome) -> list[Line]:
    def number(text: str) -> int | None:
        return int(text) if text else None

    return [
        (
            line["party_name"][2],
            _category(line["category_name"][2]),
            {name: (number(line[name][0]), number(line[name][1])) for name in NAMES},
            _verdict(line["verdict"][2]),
        )
        for line in csv_tables(outcome.stdout)["headroom"]
    ]


def _from_xlsx(outcome: Outcome) -> list[Line]:
    return [
        (
            line["Party"],
            _category(line["Category"]),
            {name: xlsx_bounds(line, title) for title, name in zip(NUMBERS, NAMES, strict=True)},
            _verdict(line["Verdict"]),
        )
        for line in xlsx_tables(outcome.raw)["headroom"]
    ]


def _from_json(outcome: Outcome) -> list[Line]:
    return _expected(outcome.json["audit"])


FORMATS: dict[str, Callable[[Any], list[Line]]] = {
    "html": _from_html,
    "markdown": _from_markdown,
    "csv": _from_csv,
    "xlsx": _from_xlsx,
    "json": _from_json,
}


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(day, id=" ".join(day), marks=[pytest.mark.long] if place % 2 else [])
        for place, day in enumerate(DAYS)
    ],
)
def test_every_format_has_the_numbers_of_the_audit(day: tuple[str, ...], run: Run) -> None:
    audit = run("audit", *day, "--format", "json")
    expected = _expected(audit.json)
    assert len(expected) >= 10
    for format_, read in FORMATS.items():
        report = run("report", *day, "--format", format_)
        assert report.stderr == ""
        assert report.code == audit.code
        assert read(report) == expected, format_


def test_the_report_holds_the_audit_and_the_look_ahead_as_they_are(run: Run) -> None:
    day = ("--as-of", "2026-11-20")
    report = run("report", *day, "--until", "2032", "--format", "json").json
    assert report["audit"] == run("audit", *day, "--format", "json").json
    ahead = run("project", *day, "--until", "2032", "--format", "json").json
    assert report["ahead"] == ahead


def test_the_look_ahead_is_the_same_in_every_format(run: Run) -> None:
    command = ("report", "--as-of", "2026-11-20", "--format")
    courses = run(*command, "json").json["ahead"]["rows"]
    expected = [
        (line["day"], _pair(line["counted"]), _pair(line["ceiling"]), _pair(line["headroom"]))
        for course in courses
        if course["changes"]
        for line in course["days"]
    ]
    assert len(expected) > 30
    shown = ("Counted", "Ceiling", "Headroom")

    def people(lines: list[dict[str, str]]) -> list[Any]:
        return [(line["Day"], *(bounds(line[name]) for name in shown)) for line in lines]

    assert people(html_tables(run(*command, "html").stdout)["ahead"]) == expected
    of_markdown = [t for t in markdown_tables(run(*command, "markdown").stdout) if "Room" in t[0]]
    assert people(of_markdown[0]) == expected
    assert [
        (line["Day"], *(xlsx_bounds(line, name) for name in shown))
        for line in xlsx_tables(run(*command, "xlsx").raw)["ahead"]
    ] == expected
    of_csv = csv_tables(run(*command, "csv").stdout)["ahead"]
    assert [line["day"][0] for line in of_csv] == [day for day, *_ in expected]
    assert [tuple(int(end) if end else None for end in line["counted"][:2]) for line in of_csv] == [
        counted for _, counted, *_ in expected
    ]


def test_every_table_has_the_same_cells_in_every_format(run: Run) -> None:
    command = ("report", "--as-of", "2026-11-20", "--format")
    of_html = html_tables(run(*command, "html").stdout)
    of_markdown = markdown_tables(run(*command, "markdown").stdout)
    assert len(of_html) == 12
    assert [
        [{name: " ".join(cell.split()) for name, cell in line.items()} for line in lines]
        for lines in of_html.values()
    ] == of_markdown
    of_csv = csv_tables(run(*command, "csv").stdout)
    of_xlsx = xlsx_tables(run(*command, "xlsx").raw)
    for name, lines in of_html.items():
        assert len(of_csv[name]) == len(of_xlsx[name]) == len(lines), name
        for people, machine, sheet in zip(lines, of_csv[name], of_xlsx[name], strict=True):
            assert len(people) == len(machine)
            for (title, text), (low, high, said) in zip(
                people.items(), machine.values(), strict=True
            ):
                if (low or high) and re.fullmatch(r"-?\d*,-?\d*", f"{low},{high}"):
                    shown = tuple("" if end is None else str(end) for end in bounds(text))
                    assert (low, high) == shown, (name, title)
                elif not low and not high:
                    assert said.removeprefix("'") == " ".join(text.split()), (name, title)
                if title in sheet and sheet[title] is not None and said and not low:
                    assert " ".join(str(sheet[title]).split()) == said.removeprefix("'")


def test_csv_is_one_table_of_nine_columns(run: Run) -> None:
    text = run("report", "--as-of", "2026-11-20", "--format", "csv").stdout
    assert text.splitlines()[0] == "section,part,row,party,category,column,low,high,text"
    headroom = csv_tables(text)["headroom"]
    assert headroom[0]["declared_as_of"] == ("2019-09-12", "2019-09-12", "old")
    assert headroom[0]["counted"] == ("325", "325", "")
    assert headroom[1]["counted"] == ("20", "", "")
    assert headroom[4]["counted"] == ("", "", "not known")


def test_what_only_derives_is_no_number_for_machines(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    run("report", "--as-of", "2026-11-20", "--format", "xlsx", "-o", path)
    line = next(
        line
        for line in xlsx_tables(path)["headroom"]
        if (line["Party"], line["Category"]) == ("Serbia", "Combat aircraft")
    )
    assert xlsx_bounds(line, "Ceiling") == (None, None)
    assert line["Ceiling, in words"] == "(143?)"
