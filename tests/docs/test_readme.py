"""What the README shows is what the program does."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from compliance.cli.main import cli

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
_SHOWN = re.compile(r"<!-- shown: (?P<command>.*?) -->\n```\n(?P<output>.*?)```", re.DOTALL)


def _shown() -> list[tuple[str, str]]:
    return [(m["command"], m["output"]) for m in _SHOWN.finditer(README.read_text("utf-8"))]


def test_the_readme_shows_output() -> None:
    assert _shown()


def test_output_shown_is_what_the_command_prints(run, request: pytest.FixtureRequest) -> None:
    text = README.read_text("utf-8")
    for command, output in _shown():
        result = run(*shlex.split(command)[1:])
        # The README shows the table and stops before the legend.
        printed = result.stdout.split("\nHow to read it")[0].rstrip() + "\n"
        if request.config.getoption("--update-golden"):
            start = f"{command} -->\n```\n"
            text = text.replace(f"{start}{output}```", f"{start}{printed}```")
            README.write_text(text, "utf-8", newline="\n")
        else:
            assert output == printed, "make golden records it anew"


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
    words = shlex.split(line)
    context = click.Context(cli)
    command: click.Command = cli
    while isinstance(command, click.Group) and words:
        found = command.get_command(context, words[0])
        assert found is not None, f"no command '{words[0]}' in: {line}"
        command, words = found, words[1:]
    known = {name for parameter in command.params for name in parameter.opts}
    used = {word for word in words if word.startswith("-") and not word.lstrip("-").isdigit()}
    assert used <= known, line


def test_exit_codes_in_the_readme_are_those_of_the_program() -> None:
    from compliance.cli import exits

    text = README.read_text("utf-8")
    for code in (exits.OK, exits.EXCEEDS, exits.NO_VERDICT, exits.CANNOT_RUN, exits.DATABASE):
        assert f"| {code} |" in text
    assert f"| {exits.BUG}, {exits.INTERRUPTED}, {exits.READER_LEFT} |" in text
