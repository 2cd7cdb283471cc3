"""Writing: the report to stdout or a file, everything else to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING

import click

from compliance.report.language import speak
from compliance.values.errors import ComplianceError, InvalidInput, Problem
from compliance.values.names import printable
from compliance.values.vocabulary import Verdict

if TYPE_CHECKING:
    from pathlib import Path

_COLOURS = {
    Verdict.WITHIN: "green",
    Verdict.EXCEEDS: "red",
    Verdict.INDETERMINATE: "yellow",
    Verdict.NOT_BINDING: "cyan",
}


def write_report(text: str | Iterable[str], path: Path | None) -> None:
    """Print the report, or write it to a file whole or not at all.

    Args:
        text: the report, or its pieces one after the other, each made when it is written.
        path: the file; ``None`` and ``-`` for stdout.

    Raises:
        ComplianceError: the file cannot be written.
    """
    pieces = chain([text] if isinstance(text, str) else text, ["\n"])
    if path is None or str(path) == "-":
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    # Which brings archives and chance; a report on the screen needs neither.
    import tempfile
    from pathlib import Path

    path = path.resolve()  # a link goes on pointing to its file
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8") as device:  # or a pipe
                device.writelines(pieces)
            return
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise ComplianceError(f"{path} cannot be written: {error.strerror}") from None
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(path)
    except OSError as error:
        raise ComplianceError(f"{path} cannot be written: {error.strerror}") from None
    finally:
        temporary.unlink(missing_ok=True)
    say(f"Written: {path}")


def say(text: str) -> None:
    """Tell the user something that is no part of the report."""
    with suppress(OSError):  # a full disk behind stderr changes nothing about the work
        click.echo(printable(text), err=True)


def paint(text: str, verdict: Verdict) -> str:
    """Colour a verdict where the output is a terminal that wants colour."""
    if sys.stdout is None or not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return click.style(speak(text), fg=_COLOURS[verdict], bold=verdict is Verdict.EXCEEDS)


def show_problems(problems: tuple[Problem, ...] | list[Problem]) -> None:
    """Print defects of an input, one a line."""
    for problem in problems:
        say(f"{problem.severity}: {problem.line()}")


def show_error(error: ComplianceError) -> None:
    """Print an error: what, where, why and what to do next."""
    if isinstance(error, InvalidInput):
        show_problems(error.problems)
    text = f"Error: {error.message}"
    if error.todo:
        text += f"\n  {error.todo}"
    say(text)
