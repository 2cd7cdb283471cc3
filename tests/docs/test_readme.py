"""What the README shows is what the program does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pages
import pytest

from compliance.cli import exits

if TYPE_CHECKING:
    from conftest import Run

README = pages.ROOT / "README.md"


def test_the_readme_shows_output() -> None:
    assert pages.shown(README.read_text("utf-8"))


def test_output_shown_is_what_the_command_prints(run: Run, request: pytest.FixtureRequest) -> None:
    pages.check(README, run, update=request.config.getoption("--update-golden"))


def _commands() -> list[str]:
    """Every line of a code block that calls the program."""
    found = []
    for line in README.read_text("utf-8").splitlines():
        match = re.match(r" {4}(?:\.venv/bin/)?compliance (.*)", line)
        if match:
            found.append(match[1].split("   #")[0].split("  #")[0].strip())
    return found


@pytest.mark.parametrize("line", _commands())
def test_commands_in_the_readme_exist(line: str) -> None:
    pages.must_exist(line)


def test_exit_codes_in_the_readme_are_those_of_the_program() -> None:
    text = README.read_text("utf-8")
    for code in (exits.OK, exits.EXCEEDS, exits.NO_VERDICT, exits.CANNOT_RUN, exits.DATABASE):
        assert f"| {code} |" in text
    assert f"| {exits.BUG}, {exits.INTERRUPTED}, {exits.READER_LEFT} |" in text
