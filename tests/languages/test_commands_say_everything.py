"""Every command that tells people something tells all of it in their language."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from pseudo import latin_words, texts_of_markdown, written

from compliance.cli.main import cli

if TYPE_CHECKING:
    from conftest import Run

# The units, the places and the ids that stand as they were recorded.
_RECORDED = {"mm", "import", "gazelle", "versions", "listed", "judgment", "synthetic", "Leopard"}

_ARRIVES = "--on 2028-01-01..2030-12-31 --planned --dry-run --source synthetic"


@pytest.mark.parametrize(
    ("command", "heading"),
    [
        ("diff 2006 2019-12-31 --succession --party montenegro", "Because of:"),
        ("diff 2014 2019 --every year --party serbia", "How to read it"),
        ("diff 2014 2019 --every quarter --party croatia --format markdown", "Left open:"),
        ('whatif --party croatia --add "12 Leopard 2A8@2027-01-01"', "Side by side"),
        ("project --until 2031 --accept-stale", "What is planned or assumed"),
        ("project --until 2031 --format markdown --party croatia", "The same on every day"),
        ("reconcile", "Not compared"),
        ("sources serbia --as-of 2019-12-31", "What moved since:"),
        ("calendar", "What the duties are, and their law"),
        ("calendar --from 1997 --to 2019 --format markdown", "Reporting gaps"),
        ("explain serbia artillery", "The arithmetic"),
        ("explain bosnia-herzegovina battle_tank --as-of 1999-01-01 --all", "its rows"),
        ("classify CH-92A", "By the definitions alone:"),
        ("classify --attribute role=combat", "the definitions, tested criterion by criterion"),
        ("rules list", "Agreement"),
        ("rules show questions", "why open"),
        ("rules show definitions", "Definitions"),
        ("history coverage --party serbia", "Inspections"),
        (f'acquire croatia "Leopard 2A8" 44 {_ARRIVES}', "Acquisition"),
        (
            "reduce serbia T-55 10 --to destroyed --on 2020-01-01 --dry-run --source synthetic",
            "Reduction",
        ),
        ("undo 1 --dry-run --as-of 2019-12-31", "before"),
    ],
)
def test_a_command_says_everything(
    command: str, heading: str, run: Run, pseudo: str, own_ledger: Path
) -> None:
    outcome = run(*shlex.split(command), "--lang", pseudo, db=own_ledger)
    assert outcome.code in (0, 1, 3), outcome.stderr
    told = texts_of_markdown(outcome.stdout)
    assert written(heading) in " ".join(told.split())
    # Where a type is said to be listed stands in its catalogue, as recorded.
    told = told.partition(written("Sources:"))[0]
    assert latin_words(told) - _RECORDED == set()


def test_a_row_is_shown_as_the_files_write_it(run: Run, pseudo: str) -> None:
    assert written("Recorded at (UTC)") in run("history", "--lang", pseudo).stdout
    told = run("history", "show", "1", "--lang", pseudo).stdout
    assert written("Recorded at") in told
    assert "stated_by" in told


def test_a_group_hands_its_language_on_and_a_command_has_its_own(run: Run, pseudo: str) -> None:
    heading = "Inspections"
    asked = ("coverage", "--party", "serbia")
    assert written(heading) in run("history", "--lang", pseudo, *asked).stdout
    assert heading in run("history", "--lang", pseudo, *asked, "--lang", "en").stdout


@pytest.mark.parametrize(
    "command",
    [
        "diff 2018 2019 --party serbia --format csv",
        "reconcile --format json",
        "calendar --from 2015 --to 2019 --format csv",
        "explain serbia artillery --format json",
        "rules show counting --format json",
        "history coverage --format csv",
    ],
)
def test_a_machine_is_told_the_same_in_every_language(
    command: str, run: Run, pseudo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = run(*command.split())
    monkeypatch.setenv("COMPLIANCE_LANG", pseudo)
    assert run(*command.split()) == plain


def test_no_command_of_a_group_is_cut_off_in_its_list() -> None:
    for group in cli.commands.values():
        if isinstance(group, click.Group):
            shown = {name: item.get_short_help_str(57) for name, item in group.commands.items()}
            assert {name: text for name, text in shown.items() if text.endswith("...")} == {}
