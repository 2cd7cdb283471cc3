"""What tests of the pages share: the commands a page shows, and what stands under each.

A page shows a command in one of two ways. In a block of its own, with the exit code where the
reader should know it:

    ```console until "Subcategory"; paragraph "Why:"
    $ compliance classify PULS
    ...
    $ echo $?
    0
    ```

or, where only the output should be seen, named in a comment: ``<!-- shown: compliance audit -->``
before a plain block. What follows ``console``, which no reader sees, says which parts of a long
output are shown; each anchor is how a line begins, and ``...`` stands for what is left out.
"""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compliance.cli import exits
from compliance.cli.main import cli

if TYPE_CHECKING:
    from conftest import Run

ROOT = Path(__file__).parents[2]
CUT = "..."
_BLOCK = re.compile(
    r"```console(?: (?P<part>.+))?\n\$ (?P<command>.*)\n(?P<body>(?:.*\n)*?)```\n"
    r"|<!-- shown: (?P<named>.*?) -->\n```\n(?P<plain>(?:.*\n)*?)```\n"
)
_CODE = re.compile(r"\$ echo \$\?\n(\d+)\n\Z")
_PART = re.compile(
    r'paragraph "(?P<paragraph>[^"]+)"'
    r'|(?:from "(?P<start>[^"]+)")? ?(?:until "(?P<end>[^"]+)")?'
)
_NEVER_SHOWN = (exits.DATABASE, exits.BUG, exits.INTERRUPTED, exits.READER_LEFT)


@dataclass(frozen=True)
class Shown:
    """A command of a page, and where in the page's text its output stands."""

    command: str
    """With the name of the program, as the reader types it."""
    start: int
    end: int
    output: str
    """What stands between them; no exit code."""
    code: int | None
    """The exit code shown; none where the page shows none."""
    part: str | None
    """Which parts of the output are shown; all of it where there is none."""
    plain: bool
    """Only the output is seen: it ends before the legend, and nothing marks that."""

    @property
    def codes(self) -> tuple[int, ...]:
        """The exit codes that the page allows: the one it shows, or what it shows speaks for."""
        if self.code is not None:
            return (self.code,)
        if self.output.startswith("Error: "):
            return (exits.CANNOT_RUN,)
        return exits.OK, exits.NO_VERDICT

    @property
    def words(self) -> list[str]:
        """What the program is started with."""
        return shlex.split(self.command)[1:]


def shown(text: str) -> list[Shown]:
    """Return every command that a page shows with its output, in order."""
    found = []
    for match in _BLOCK.finditer(text):
        plain = match["named"] is not None
        kind = "plain" if plain else "body"
        body = match[kind]
        code = None if plain else _CODE.search(body)
        output = body[: code.start()] if code else body
        begin = match.start(kind)
        found.append(
            Shown(
                match["named"] or match["command"],
                begin,
                begin + len(output),
                output,
                int(code[1]) if code else None,
                match["part"],
                plain,
            )
        )
    return found


def check(page: Path, run: Run, *, update: bool) -> None:
    """Run what a page shows, in order, and compare, or record anew what stands under it.

    Raises:
        AssertionError: a command prints something else, or ends with another exit code.
    """
    text = page.read_text("utf-8")
    wrong, recorded, done = [], "", 0
    for item in shown(text):
        outcome = run(*item.words)
        assert outcome.code not in _NEVER_SHOWN, f"{item.command}: {outcome.stderr}"
        if outcome.code not in item.codes:
            said = " or ".join(map(str, item.codes))
            wrong.append(f"$ {item.command}\nexit code {outcome.code}, the page says {said}")
        printed = _seen(item, outcome.stdout if item.plain else outcome.stdout + outcome.stderr)
        recorded += text[done : item.start] + printed
        done = item.end
        if printed != item.output and not update:
            wrong.append(f"$ {item.command}\n{_difference(item.output, printed)}")
    if update:
        page.write_text(recorded + text[done:], "utf-8", newline="\n")
    assert not wrong, f"{page.name}: make golden records it anew\n\n" + "\n\n".join(wrong)


def must_exist(line: str) -> None:
    """Check that the program has the command and the options of a line that a page mentions.

    Raises:
        AssertionError: it has not.
    """
    words = shlex.split(line)
    context = click.Context(cli)
    command: click.Command = cli
    while words and words[0] == "--db":
        words = words[2:]
    while isinstance(command, click.Group) and words:
        found = command.get_command(context, words[0])
        if found is None and hasattr(command, "meant"):
            found, words = command.get_command(context, command.meant), ["", *words]
        assert found is not None, f"no command '{words[0]}' in: {line}"
        command, words = found, words[1:]
    known = {name for parameter in command.params for name in parameter.opts}
    used = {word for word in words if word.startswith("-") and not word.lstrip("-").isdigit()}
    assert used <= known, line


def _seen(item: Shown, printed: str) -> str:
    lines = printed.splitlines()
    if item.plain:
        lines = lines[: _line(item, lines, "How to read it", 0, len(lines))]
    elif item.part:
        lines = _parts(item, lines)
    return "\n".join(lines).rstrip() + "\n"


def _parts(item: Shown, lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    done = 0
    for part in (item.part or "").split("; "):
        match = _PART.fullmatch(part)
        assert match and part, f"$ {item.command}\nwhich part is meant by: {part}"
        start = match["paragraph"] or match["start"]
        first = _line(item, lines, start, done, None) if start else done
        if match["paragraph"]:
            last = _line(item, lines, "", first, len(lines))
        elif match["end"]:
            last = _line(item, lines, match["end"], first, None)
        else:
            last = len(lines)
        if first > done:
            kept.append(CUT)
        kept += "\n".join(lines[first:last]).rstrip().splitlines()
        done = last
    return [*kept, CUT] if done < len(lines) else kept


def _line(item: Shown, lines: Sequence[str], anchor: str, first: int, otherwise: int | None) -> int:
    """Return where, from a line on, a line begins with an anchor; an empty one is a blank line."""
    for number in range(first, len(lines)):
        line = lines[number].lstrip()
        if line.startswith(anchor) if anchor else not line:
            return number
    assert otherwise is not None, f"$ {item.command}\nprints no line that begins: {anchor}"
    return otherwise


def _difference(stands: str, printed: str) -> str:
    return "\n".join(
        difflib.unified_diff(
            stands.splitlines(), printed.splitlines(), "in the page", "printed now", lineterm=""
        )
    )
