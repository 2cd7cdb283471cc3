"""The pages on the commands, made from the commands themselves, and the index of all pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pages

from compliance.cli import main

if TYPE_CHECKING:
    from conftest import Run

DOCS = pages.ROOT / "docs"
MADE = "<!-- Made from the program by `make golden`: change the program, not this page. -->\n"
_MOST_LINES = 40

GUIDES = (
    ("from-a-newspaper-to-an-answer.md", "twenty-one purchases from the news, and what to ask"),
    ("method.md", "spans, basis, readings, verdicts, movements, corrections, exit codes"),
    ("data.md", "what has been published, what has not, and how sure it is"),
    ("writing-a-rule-pack.md", "another agreement, or a better text of this one, step by step"),
    ("running-for-a-team.md", "a server, rights, backups, several people at once"),
    (
        "languages.md",
        "tables and reports in five more languages, their legal terms, and how to improve them",
    ),
    ("performance.md", "ratios measured side by side, and how the cost grows"),
    ("errors.md", "every message that the program can end with"),
    ("schemas/README.md", "one schema for each output, for other programs"),
)
"""Pages written by hand or made elsewhere, in the order of reading."""

RUNS = {
    "audit": "compliance audit --as-of 2019-12-31 --category battle_tank",
    "explain": "compliance explain montenegro battle_tank --as-of 2019-12-31",
    "sources": "compliance sources montenegro --category battle_tank --as-of 2019-12-31",
    "acquire": 'compliance acquire croatia "Leopard 2A8" 12 --on 2031 --planned '
    '--basis press --source "synthetic example" --dry-run',
    "reduce": "compliance reduce serbia T-55 30 --to destruction --on 2026-05-04 "
    '--basis notified --source "synthetic example" --dry-run',
    "deliver": "compliance deliver --list --party croatia",
    "whatif": 'compliance whatif --party croatia --add "62..89 M2A2 Bradley" '
    '--remove "30 M-80A BVP"',
    "project": "compliance project --party croatia --until 2031 --category battle_tank",
    "diff": "compliance diff 2023 2024 --party serbia --category attack_helicopter",
    "reconcile": "compliance reconcile --party montenegro",
    "calendar": "compliance calendar --year 2027 --party montenegro",
    "classify": "compliance classify PULS",
    "rules": "compliance rules list",
}
"""One run for each command whose output says something, and is the same on every day and machine.

They change nothing: what records is run with ``--dry-run``.
"""


@dataclass(frozen=True)
class Block:
    """A part of what stands below the options of a command's help."""

    title: str
    text: str


def commands() -> Iterator[tuple[str, str, str, click.Command]]:
    """Yield each command of the program: task, name, what it is for, and itself."""
    context = click.Context(main.cli)
    for task, entries in main._COMMANDS.items():
        for name, (_, text) in entries.items():
            command = main.cli.get_command(context, name)
            assert command is not None
            yield task, name, text, command


def every(
    command: click.Command = main.cli, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield a command and all below it, with the words that name each."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from every(inner, (*path, name))


def blocks(command: click.Command) -> list[Block]:
    """Return what stands below a command's options, part by part."""
    found: list[Block] = []
    for paragraph in cleandoc(command.epilog or "").split("\n\n"):
        lines = [line.rstrip() for line in paragraph.strip("\n").splitlines() if line != "\b"]
        if not lines:
            continue
        title = re.match(r"([A-Z][^:]{1,40}):(?: |$)", lines[0])
        if title:
            first = lines[0][title.end() :]
            found.append(Block(title[1], "\n".join([first] * bool(first) + lines[1:])))
        elif found:
            last = found.pop()
            found.append(Block(last.title, last.text + "\n\n" + "\n".join(lines)))
        else:
            found.append(Block("Notes", "\n".join(lines)))
    return found


def examples(command: click.Command) -> list[str]:
    """Return the lines of a command's help that show how it is used."""
    return [
        line.strip()
        for block in blocks(command)
        if block.title in ("Example", "Examples")
        for line in block.text.splitlines()
    ]


def page(name: str, purpose: str, command: click.Command, run: Run) -> str:
    """Return the page on one command, with those below it."""
    text = f"# compliance {name}\n\n{MADE}\n{purpose[0].upper()}{purpose[1:]}.\n"
    for path, inner in every(command, (name,)):
        if len(path) > 1:
            text += f"\n## compliance {' '.join(path)}\n"
        text += _described(path, inner, "##" if len(path) == 1 else "###")
        if path == (name,) and name in RUNS:
            text += _run(RUNS[name], run)
    return text + "\n[All commands](../README.md)\n"


def index() -> str:
    """Return the page that lists all others."""
    text = f"# Documentation\n\n{MADE}\n"
    text += "".join(f"- [{_heading(file)}]({file}): {what}\n" for file, what in GUIDES)
    text += "\n## Commands\n\n"
    text += "`compliance COMMAND --help` shows the same on the screen.\n"
    last = ""
    for task, name, purpose, _ in commands():
        if task != last:
            text += f"\n### {task}\n\n| command | what for |\n|---|---|\n"
            last = task
        text += f"| [`{name}`](commands/{name}.md) | {_cell(purpose)} |\n"
    return text


def _heading(file: str) -> str:
    path = DOCS / file
    first = path.read_text("utf-8").partition("\n")[0] if path.is_file() else ""
    return first.removeprefix("# ") or file


def _described(path: tuple[str, ...], command: click.Command, level: str) -> str:
    context = _context(path)
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    text = f"\n{_prose(command.help or '')}\n\n**Usage:** `{usage}`\n"
    if isinstance(command, click.Group):
        text += f"\n{level} Its commands\n\n| command | what for |\n|---|---|\n"
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            full = " ".join((*path, name))
            anchor = "compliance-" + full.replace(" ", "-")
            text += f"| [`{full}`](#{anchor}) | {_cell(inner.get_short_help_str(200))} |\n"
    text += f"\n{level} Arguments and options\n\n| write | meaning |\n|---|---|\n"
    for parameter in command.get_params(context):
        if isinstance(parameter, click.Argument):
            text += f"| `{_cell(parameter.make_metavar(context))}` | {_asked(parameter)} |\n"
            continue
        record = parameter.get_help_record(context)
        if record is not None:
            text += f"| `{_cell(record[0])}` | {_cell(record[1])} |\n"
    for block in blocks(command):
        if block.title in ("Example", "Examples"):
            continue
        # Quoted, since what stands here may be a form with gaps and no command to copy.
        quoted = "\n".join(f"> {line}".rstrip() for line in _outdented(block.text).splitlines())
        text += f"\n{level} {block.title}\n\n> ```text\n{quoted}\n> ```\n"
    shown = "\n".join(examples(command))
    return text + f"\n{level} Examples\n\n```sh\n{shown}\n```\n"


def _context(path: tuple[str, ...]) -> click.Context:
    """Return the context that the program itself would make for a command."""
    context = main.cli.make_context("compliance", [], resilient_parsing=True)
    for name in path:
        assert isinstance(context.command, click.Group)
        command = context.command.get_command(context, name)
        assert command is not None
        context = command.make_context(name, [], parent=context, resilient_parsing=True)
    return context


def _asked(argument: click.Argument) -> str:
    """Return how an argument is given; what it means is said above."""
    many = "one or more" if argument.required else "any number of them"
    text = many if argument.nargs == -1 else "needed" if argument.required else "may be left out"
    if isinstance(argument.type, click.Choice):
        text += ": " + ", ".join(f"`{choice}`" for choice in argument.type.choices)
    return text


def _run(line: str, run: Run) -> str:
    item = pages.Shown(line, 0, 0, "", None, None, False)
    words = item.words
    outcome = run(*words)
    lines = (outcome.stdout + outcome.stderr).rstrip("\n").splitlines()
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], pages.CUT]
    printed = "\n".join(line.rstrip() for line in lines)
    return (
        "\n## One run\n\nOn the figures that are shipped:\n\n```console\n"
        f"$ {line}\n{printed}\n$ echo $?\n{outcome.code}\n```\n"
    )


def _prose(text: str) -> str:
    """Return help text as Markdown: each paragraph on lines of its own."""
    return "\n\n".join(" ".join(part.split()) for part in cleandoc(text).split("\n\n"))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _outdented(text: str) -> str:
    lines = text.splitlines()
    # The first line may have stood beside its title.
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    least = min(indents, default=0)
    return "\n".join(line[least:] for line in lines)


def written(path: Path) -> str:
    """Return what stands in a page; nothing where there is none."""
    return path.read_bytes().decode("utf-8") if path.is_file() else ""
