"""Where the program makes its error messages, and which of those places a run comes by.

A place is a call in the source that says something to the user: of an exception or a ``Problem``,
or of a function that hands its parameter ``message`` on to one.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pages
import pytest

from compliance.intake.scenario_values import Complaint
from compliance.values.errors import ComplianceError, Problem

SOURCE = pages.ROOT / "compliance"
_MADE = {"ComplianceError", "Problem", "Complaint", "UsageError"}
"""And every class that is made from one of them."""
_NEVER = ("assess", "report")
"""Rooms that speak of findings, which are no errors; one module there is the exception."""
_YET = ("assess/cases.py",)


@dataclass(frozen=True)
class Site:
    """One place: the file below ``compliance/``, its first and last line, and what it says."""

    file: str
    first: int
    last: int
    source: str

    def __str__(self) -> str:
        return f"{self.file}:{self.first}: {self.source[:160]}"


def sites() -> list[Site]:
    """Return every place of the source that makes an error message."""
    trees = {}
    for path in sorted(SOURCE.rglob("*.py")):
        file = path.relative_to(SOURCE).as_posix()
        if file.split("/")[0] not in _NEVER or file in _YET:
            trees[file] = ast.parse(path.read_text("utf-8"))
    made = _classes(trees)
    helpers: set[tuple[str, str]] = set()
    handed_on: set[tuple[str, int]] = set()
    while True:
        before = len(helpers)
        for file, tree in trees.items():
            for function in ast.walk(tree):
                if not isinstance(function, ast.FunctionDef) or function.name == "__init__":
                    continue
                if "message" not in [item.arg for item in function.args.args]:
                    continue
                for call in _tellers(function, file, made, helpers):
                    if any(isinstance(a, ast.Name) and a.id == "message" for a in _given(call)):
                        helpers.add((_room(file), function.name))
                        handed_on.add((file, call.lineno))
        if len(helpers) == before:
            break
    return [
        Site(file, call.lineno, call.end_lineno or call.lineno, ast.unparse(call))
        for file, tree in trees.items()
        for call in _tellers(tree, file, made, helpers)
        if (file, call.lineno) not in handed_on
    ]


@contextmanager
def watched() -> Iterator[set[tuple[str, int]]]:
    """Collect the lines of ``compliance/`` that are at work whenever a message is made."""
    lines: set[tuple[str, int]] = set()
    with pytest.MonkeyPatch.context() as patch:
        for kind in (ComplianceError, Problem, Complaint, click.UsageError):
            patch.setattr(kind, "__init__", _noting(kind.__init__, lines))
        yield lines


def _noting(init: Any, lines: set[tuple[str, int]]) -> Any:
    def noted(self: Any, *given: Any, **named: Any) -> None:
        frame = sys._getframe(1)
        while frame is not None:
            path = Path(frame.f_code.co_filename)
            if path.is_relative_to(SOURCE):
                lines.add((path.relative_to(SOURCE).as_posix(), frame.f_lineno))
            frame = frame.f_back  # type: ignore[assignment]
        init(self, *given, **named)

    return noted


def _classes(trees: dict[str, ast.Module]) -> set[str]:
    made = set(_MADE)
    while True:
        found = {
            node.name
            for tree in trees.values()
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            and any(isinstance(base, ast.Name) and base.id in made for base in node.bases)
        }
        if found <= made:
            return made
        made |= found


def _tellers(
    tree: ast.AST, file: str, made: set[str], helpers: set[tuple[str, str]]
) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _name(node)
            to_click = name == "fail" and file.startswith("cli/")
            if name in made or to_click or (_room(file), name) in helpers:
                yield node


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(item.value for item in call.keywords)]


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _room(file: str) -> str:
    return file.split("/")[0]
