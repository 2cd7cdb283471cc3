"""What the tutorial shows is what the program does, for every purchase of the newspaper."""

from __future__ import annotations

import csv
import re
import shlex
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pages
import pytest

from compliance.cli import options

if TYPE_CHECKING:
    from conftest import Run

TUTORIAL = pages.ROOT / "docs" / "from-a-newspaper-to-an-answer.md"
NEWSPAPER = Path(__file__).parents[1] / "open_data" / "newspaper.csv"
TODAY = date(2026, 11, 20)
"""The day the page speaks of, whatever the clock says."""


def _text() -> str:
    return TUTORIAL.read_text("utf-8")


def _newspaper() -> list[dict[str, str]]:
    with NEWSPAPER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_command_prints_what_the_page_shows(
    program: Run,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(options, "today", lambda: TODAY)
    monkeypatch.chdir(tmp_path)
    pages.check(TUTORIAL, program, update=request.config.getoption("--update-golden"))


def test_nothing_that_looks_like_a_run_is_left_out() -> None:
    found = len(pages.shown(_text()))
    assert found == _text().count("```console") == len(re.findall(r"^\$ compliance", _text(), re.M))


@pytest.mark.parametrize("line", sorted(set(re.findall(r"`compliance ([^`]+)`", _text()))))
def test_commands_in_the_text_exist(line: str) -> None:
    pages.must_exist(line)


@pytest.mark.parametrize("item", _newspaper(), ids=lambda item: item["words"])
def test_every_purchase_has_its_words_its_command_and_its_line(item: dict[str, str]) -> None:
    text = _text()
    body, table = text.split("\n## All twenty-one\n")
    quoted = f'"{item["words"]}"'
    assert quoted in body
    assert len([line for line in table.splitlines() if line.startswith(f"| {quoted} ")]) == 1
    asked = [shlex.split(shown.command)[1:] for shown in pages.shown(body)]
    if item["asked"]:
        assert ["classify", item["asked"]] in asked


def test_the_table_has_the_purchases_and_no_others() -> None:
    table = _text().split("\n## All twenty-one\n")[1]
    assert len(re.findall(r'^\| "', table, re.M)) == len(_newspaper()) == 21
