"""The pages on the commands say what the program does now; every command has an example."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
import command_pages
import pages
import pytest

from compliance.cli import main, options

if TYPE_CHECKING:
    from conftest import Run

FOLDER = command_pages.DOCS / "commands"
PAGES = {name: (purpose, command) for _, name, purpose, command in command_pages.commands()}
EVERY = dict(command_pages.every())


def _same(path: Path, text: str, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    stands = command_pages.written(path)
    assert stands == text, f"{path.name}: make golden writes it anew\n" + pages._difference(
        stands, text
    )


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_the_program_says(
    name: str,
    run: Run,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(options, "today", lambda: date(2026, 11, 20))
    monkeypatch.chdir(tmp_path)
    _same(FOLDER / f"{name}.md", command_pages.page(name, *PAGES[name], run), request)


def test_the_index_lists_every_page(request: pytest.FixtureRequest) -> None:
    _same(command_pages.DOCS / "README.md", command_pages.index(), request)
    listed = set(
        re.findall(r"\]\(([^)]+)\)", command_pages.written(command_pages.DOCS / "README.md"))
    )
    there = {
        path.relative_to(command_pages.DOCS).as_posix() for path in command_pages.DOCS.rglob("*.md")
    }
    assert listed == there - {"README.md"}


def test_no_page_is_about_a_command_that_is_gone(request: pytest.FixtureRequest) -> None:
    left = [path for path in FOLDER.glob("*.md") if path.stem not in PAGES]
    if request.config.getoption("--update-golden"):
        for path in left:
            path.unlink()
        left = []
    assert not left


@pytest.mark.parametrize("path", EVERY, ids=lambda path: " ".join(("compliance", *path)))
def test_every_command_and_group_has_an_example_of_itself(path: tuple[str, ...]) -> None:
    shown = command_pages.examples(EVERY[path])
    assert shown, "its help ends with examples"
    for line in shown:
        assert re.match(r"(compliance\b|[a-z].*\| *compliance\b)", line), line
    assert any(f" {' '.join(path)}" in line for line in shown)


def test_the_help_groups_every_command_by_what_one_wants_to_do(run: Run) -> None:
    text = run("--help", db=None).stdout
    tasks = list(main._COMMANDS)
    assert [text.index(f"\n{task}:\n") for task in tasks] == sorted(
        text.index(f"\n{task}:\n") for task in tasks
    )
    for task, name, purpose, _ in command_pages.commands():
        after = text.split(f"\n{task}:\n")[1].split("\n\n")[0]
        assert re.search(rf"^  {name} +{re.escape(purpose)}$", after, re.MULTILINE)
    names = main.cli.list_commands(click.Context(main.cli))
    assert len(names) == len(set(names)) == len(PAGES)


def test_a_page_shows_a_run_only_of_what_is_there() -> None:
    assert set(command_pages.RUNS) <= set(PAGES)
    for line in command_pages.RUNS.values():
        pages.must_exist(line.removeprefix("compliance "))
