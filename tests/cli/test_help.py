"""Help and documents show only commands that there are."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from compliance.cli import exits
from compliance.cli.main import cli

if TYPE_CHECKING:
    from conftest import Run

ROOT = Path(__file__).parents[2]
# The gallery of errors shows wrong commands; tests/docs runs them.
DOCUMENTS = (
    ROOT / "README.md",
    *sorted(page for page in (ROOT / "docs").rglob("*.md") if page.name != "errors.md"),
)


def _commands(
    command: click.Command = cli, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _commands(inner, (*path, name))


COMMANDS = dict(_commands())


def parse(line: str) -> None:
    """Read a command line to its end as the program would, without running it.

    Raises:
        click.UsageError: a command, option or value in it does not exist.
    """
    # What stands after two spaces, a hash, a pipe or a bracket is no part of the command.
    line = re.split(r"\s{2,}|\s#|\s[|>;]|\s&&", line.strip())[0]
    words = shlex.split(line)
    assert words[0] == "compliance"
    command: click.Command = cli
    context: click.Context | None = None
    rest = words[1:]
    try:
        while True:
            context = command.make_context(command.name or words[0], rest, parent=context)
            if not isinstance(command, click.Group):
                return
            left = [*context._protected_args, *context.args]
            if not left:
                return
            _, found, rest = command.resolve_command(context, left)
            assert found is not None
            command = found
    except click.exceptions.Exit:  # --help and --version end here
        return


def _lines(text: str) -> list[str]:
    """Return the lines of code blocks, fenced or indented, that call the program."""
    found = []
    fenced = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        match = re.match(r"(?:\$ )?(?:\.venv/bin/)?(compliance .*)", line.strip())
        if match and (fenced or line.startswith("    ")):
            found.append(match[1])
    return found


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(("compliance", *path)))
def test_every_command_has_help_with_an_example_that_works(path: tuple[str, ...], run: Run) -> None:
    for option in ("--help", "-h"):
        outcome = run(*path, option, db=None)
        assert outcome.code == 0
        assert outcome.stderr == ""
        assert outcome.stdout.startswith(f"Usage: {' '.join(('compliance', *path))} ")
    command = COMMANDS[path]
    assert command.help, "it says what it does"
    if isinstance(command, click.Group) and path:
        for name in command.list_commands(click.Context(command)):
            assert re.search(rf"^  {name}\b", outcome.stdout, re.MULTILINE)
        return
    assert re.search(r"^ *Examples?:$", outcome.stdout, re.MULTILINE)
    after = re.split(r"Examples?:\n", outcome.stdout)[1]
    examples = [line.strip() for line in after.splitlines() if "compliance" in line]
    assert examples
    for example in examples:
        parse(example)
    if path:
        assert any(" ".join(path) in example for example in examples)


def test_every_option_says_what_it_does() -> None:
    for path, command in COMMANDS.items():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{' '.join(path)} {parameter.opts}"


def test_the_exit_codes_stand_in_the_help(run: Run) -> None:
    for path in ((), ("audit",)):
        text = run(*path, "--help", db=None).stdout
        for code in (
            exits.OK,
            exits.EXCEEDS,
            exits.CANNOT_RUN,
            exits.NO_VERDICT,
            exits.DATABASE,
            exits.BUG,
            exits.INTERRUPTED,
        ):
            assert re.search(rf"\b{code}\b", text.split("Exit codes:")[1])


def test_the_version_is_told(run: Run) -> None:
    from compliance import __version__

    assert run("--version", db=None).stdout == f"compliance, version {__version__}\n"


def test_help_needs_neither_ledger_nor_law(run: Run, tmp_path: Path) -> None:
    outcome = run("--agreement", "nowhere", "audit", "--help", db=tmp_path / "absent.db")
    assert outcome.code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_shown_in_documents_exist(document: Path) -> None:
    for line in _lines(document.read_text(encoding="utf-8")):
        try:
            parse(line)
        except click.UsageError as error:
            pytest.fail(f"{document.name}: {line}: {error.format_message()}", pytrace=False)


def test_the_readme_shows_how_the_program_is_used() -> None:
    shown = " ".join(_lines((ROOT / "README.md").read_text(encoding="utf-8")))
    for name in {path[0] for path in COMMANDS if path}:
        assert f"compliance {name} " in shown, f"no example of '{name}'"


@pytest.mark.parametrize(
    "line",
    [
        "compliance adit",
        "compliance audit --frmat json",
        "compliance audit --format pdf",
        "compliance audit --as-of 03/04/2025",
        "compliance --dbb x audit",
        "compliance rules chek",
        "compliance rules show cielings  # a comment",
    ],
)
def test_a_wrong_line_would_be_noticed(line: str) -> None:
    assert _lines(f"Text.\n\n    {line}\n\n```\n$ {line}\n```\n") == [line, line]
    with pytest.raises(click.UsageError):
        parse(line)


def test_a_right_line_is_read_to_its_end() -> None:
    parse("compliance --db my.db audit --party RS --format json -o x.json | head -1")
    parse("compliance db init                 make a ledger with the published figures")
    parse("compliance audit --help")
    parse("compliance --version")
