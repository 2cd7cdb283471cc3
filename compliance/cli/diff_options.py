"""The options of ``compliance diff`` that say what each side of the comparison is judged on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from compliance.cli import options, suggest

_F = TypeVar("_F", bound=Callable[..., Any])

_OPTIONS = (
    options.party,
    options.category,
    options.basis,
    options.accept_stale,
    click.option(
        "--reading",
        "readings",
        multiple=True,
        metavar="QUESTION=ANSWER",
        shell_complete=suggest.readings,
        help="Close an open question on both days. May be repeated.",
    ),
    click.option(
        "--reading-from",
        "readings_from",
        multiple=True,
        metavar="QUESTION=ANSWER",
        shell_complete=suggest.readings,
        help="Close an open question on the first day only.",
    ),
    click.option(
        "--reading-to",
        "readings_to",
        multiple=True,
        metavar="QUESTION=ANSWER",
        shell_complete=suggest.readings,
        help="Close an open question after the first day only.",
    ),
    options.known_at,
    click.option(
        "--known-at-from",
        type=options.Moment(),
        metavar="DATE",
        help="The same, for the first day only. Default: all that is recorded.",
    ),
    click.option(
        "--known-at-to",
        type=options.Moment(),
        metavar="DATE",
        help="The same, for every later day. Default: all that is recorded.",
    ),
)


def sides(command: _F) -> _F:
    """Add the options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
