"""The gallery of errors: cases in ``errors/*.toml``, run to make the page ``docs/errors.md``.

A file of cases is a chapter: ``title``, ``text``, and its ``[[error]]`` tables in the order of the
page. Each has

    title   what the user sees happen
    run     the command that meets the error (a list: each meets it)
    cause   why; and ``cure``: what to do. Sentences.
    code    the exit code; 2 where it is left out

and, where the command needs something to work on:

    ledger  "shipped" (the default), "empty", or "none"
    setup   commands run before it, which must succeed
    files   a table: name = text; in texts and commands {1} is the name of submission 1
    corpus  files of tests/fixtures/corpus to be copied
    hex     a table: name = bytes in hexadecimal
    damage  a list of {file, find, replace}: bytes changed behind the program's back, after setup
    sql     statements that damage the SQLite ledger behind the program's back
    packs   a table: folder = "river-treaty" or "florence-1996", copied to be edited
    edits   a list of {file, find, replace}; without ``find``, ``replace`` is put at the end; a
            line ``@cite`` in it stands for instrument, status, grade and sources

``unreached.toml`` lists the places of the source whose message no case shows, with the reason.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import sqlite3
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pages

from compliance.cli import exits

if TYPE_CHECKING:
    from conftest import Run

CASES = Path(__file__).parent / "errors"
UNREACHED = CASES / "unreached.toml"
PAGE = pages.ROOT / "docs" / "errors.md"
_FIXTURES = Path(__file__).parents[1] / "fixtures"
_PACKS = {
    "river-treaty": _FIXTURES / "river-treaty",
    "florence-1996": pages.ROOT / "rules" / "florence-1996",
}
_MOST_LINES = 12
_MOST_SHOWN = 45
_CITE = """\
instrument = "River Treaty (synthetic)"
status = "text"
grade = "A"
sources = ["invention"]"""
_KEYS = {
    "title", "run", "cause", "cure", "code", "ledger", "setup", "files", "corpus", "hex", "damage",
    "sql", "packs", "edits",
}  # fmt: skip

_HEAD = """\
# Errors, their causes and their cures

<!-- Made from tests/docs/errors/*.toml by `make golden`: change those, not this page. -->

An error says what is wrong, where, and what to do next; nothing is recorded by a command that ends
with one. Here every one of them is met by a real command, with its cause and its cure. Search this
page for a few words of the message that you see: names, numbers and dates in it will be others.

Mistakes in files are shown all at once, one on each line, each with file, row and column. Where a
list is long, `...` stands for the rest of it here. Exit codes are 2 unless another is given.
"""


@dataclass(frozen=True)
class Case:
    """One error: how it is met, why, and what to do."""

    title: str
    run: tuple[str, ...]
    cause: str
    cure: str
    code: int = exits.CANNOT_RUN
    ledger: str = "shipped"
    setup: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    corpus: tuple[str, ...] = ()
    hex: dict[str, str] = field(default_factory=dict)
    damage: tuple[dict[str, str], ...] = ()
    sql: tuple[str, ...] = ()
    packs: dict[str, str] = field(default_factory=dict)
    edits: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True)
class Chapter:
    """One file of cases."""

    title: str
    text: str
    cases: tuple[Case, ...]


@dataclass
class Ground:
    """Where cases are run: a folder, the shipped ledger, and an empty one."""

    folder: Path
    shipped: Path
    empty: Path
    program: Run
    wrong: list[str] = field(default_factory=list)
    """Commands that end otherwise than their case says."""

    @cached_property
    def _own(self) -> Path:
        return self.folder / "compliance.db"

    def prepare(self, case: Case) -> None:
        """Put into the folder, which is the working folder, what the case needs.

        Raises:
            AssertionError: a command that should prepare the ground fails.
        """
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if case.ledger != "none":
            shutil.copy(self.shipped if case.ledger == "shipped" else self.empty, self._own)
        for name, pack in case.packs.items():
            shutil.copytree(_PACKS[pack], self.folder / name)
        for edit in case.edits:
            text = edit["replace"].replace("@cite", _CITE)
            _edit(self.folder / edit["file"], edit.get("find"), text)
        self._write(case, named=False)
        for name in case.corpus:
            shutil.copy(_FIXTURES / "corpus" / name, self.folder)
        for name, digits in case.hex.items():
            (self.folder / name).write_bytes(bytes.fromhex(digits))
        for line in case.setup:
            outcome = self.program(*self.words(line))
            assert outcome.code in (exits.OK, exits.EXCEEDS, exits.NO_VERDICT), outcome.stderr
        self._write(case, named=True)  # by now there are the submissions that they speak of
        for item in case.damage:
            path, before = self.folder / item["file"], item["find"].encode()
            whole = path.read_bytes()
            assert before in whole, f"{path.name} has no: {item['find']}"
            path.write_bytes(whole.replace(before, item["replace"].encode(), 1))
        if case.sql:
            with contextlib.closing(sqlite3.connect(self._own)) as connection, connection:
                for statement in case.sql:
                    connection.execute(statement)

    def _write(self, case: Case, *, named: bool) -> None:
        for name, text in case.files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.named(text) if named else text, "utf-8", newline="\n")

    def words(self, line: str) -> list[str]:
        """Return what the program is started with."""
        return shlex.split(self.named(line))[1:]

    def named(self, text: str) -> str:
        """Return a text with the name of submission N in place of ``{N}``."""

        def name(found: re.Match[str]) -> str:
            with contextlib.closing(sqlite3.connect(self._own)) as connection:
                query = "SELECT content_sha256 FROM submission WHERE id = ?"
                row = connection.execute(query, (int(found[1]),)).fetchone()
            assert row, f"no submission {found[1]}"
            return str(row[0][:12])

        return re.sub(r"\{(\d+)\}", name, text)

    def show(self, case: Case, line: str) -> str:
        """Run a command of a case and return what it says on the screen."""
        words = self.words(line)
        outcome = self.program(*words)
        if outcome.code != case.code or not outcome.stderr:
            self.wrong.append(f"{case.title}: {line}: exit {outcome.code}\n{outcome.stderr}")
        lines = outcome.stderr.rstrip("\n").splitlines()
        if len(lines) > _MOST_LINES:
            # The end tells what to do.
            lines = [*lines[: _MOST_LINES - 3], pages.CUT, *lines[-2:]]
        said = "\n".join(item.rstrip() for item in lines)
        return f"$ {shlex.join(['compliance', *words])}\n{_plain(said)}\n"


def chapters() -> list[Chapter]:
    """Read every case.

    Raises:
        AssertionError: a table has a key that means nothing, or lacks one.
    """
    found = []
    for path in sorted(CASES.glob("*.toml")):
        if path == UNREACHED:
            continue
        data = tomllib.loads(path.read_text("utf-8"))
        found.append(
            Chapter(data["title"], data["text"], tuple(_case(item) for item in data["error"]))
        )
    return found


def unreached() -> list[dict[str, str]]:
    """Return the places whose message no case shows: file, some of its source, and why."""
    listed: list[dict[str, str]] = tomllib.loads(UNREACHED.read_text("utf-8"))["place"]
    return listed


def page(ground: Ground) -> str:
    """Run every case and return the page."""
    text = _HEAD
    found = chapters()
    for chapter in found:
        anchor = re.sub(r"[^\w -]", "", chapter.title.lower()).replace(" ", "-")
        text += f"\n- [{chapter.title}](#{anchor})"
    text += "\n"
    for chapter in found:
        text += f"\n## {chapter.title}\n\n{chapter.text.strip()}\n"
        for case in chapter.cases:
            text += f"\n### {case.title}\n\n"
            ground.prepare(case)
            said = [ground.show(case, line) for line in case.run]
            text += _given(case, ground.named)
            text += f"```console\n{''.join(said)}```\n\n"
            if case.code != exits.CANNOT_RUN:
                text += f"Exit code {case.code}. "
            text += f"**Cause.** {case.cause.strip()}\n\n**Cure.** {case.cure.strip()}\n"
    return text


def _given(case: Case, named: Callable[[str], str]) -> str:
    """Return what went before: commands, and the files that show what is wrong."""
    text = ""
    shown = dict(case.files)
    for edit in case.edits:
        shown[edit["file"]] = shown.get(edit["file"], "") + edit["replace"].strip("\n") + "\n"
    for name, content in shown.items():
        if content.strip() and content.count("\n") < _MOST_SHOWN and len(content) < 2000:
            plain = content.strip("\n").replace("@cite", "# instrument, status, grade, sources")
            text += f"In `{name}`:\n\n```text\n{named(plain)}\n```\n\n"
    if case.setup:
        before = "\n".join(named(line) for line in case.setup)
        text += f"After:\n\n```sh\n{before}\n```\n\n"
    for item in case.damage:
        text += f"and with '{item['find']}' made '{item['replace']}' in `{item['file']}`:\n\n"
    for statement in case.sql:
        text += f"After somebody else's program did: `{statement}`\n\n"
    return text


def _case(table: dict[str, Any]) -> Case:
    assert set(table) <= _KEYS, f"{table.get('title')}: {set(table) - _KEYS}"
    run = table["run"]
    lists = {
        key: tuple(table[key])
        for key in ("setup", "corpus", "damage", "sql", "edits")
        if key in table
    }
    return Case(**{**table, **lists, "run": (run,) if isinstance(run, str) else tuple(run)})


def _edit(path: Path, find: str | None, replace: str) -> None:
    if find is None:
        before = path.read_text("utf-8") if path.exists() else ""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(before + replace, "utf-8", newline="\n")
        return
    before = path.read_text("utf-8")
    assert find in before, f"{path.name} has no: {find}"
    path.write_text(before.replace(find, replace, 1), "utf-8", newline="\n")


def _plain(text: str) -> str:
    """Return what was said without what is another on every machine and day."""
    text = text.replace(str(Path.cwd()) + "/", "").replace(str(Path.cwd()), ".")
    text = text.replace(str(pages.ROOT), "/where/it/is/installed")
    text = re.sub(r"\.\d+\.partial", ".part", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "2026-11-20T12:00:00Z", text)
    return re.sub(r"\b[0-9a-f]{64}\b", "5f2c" + "…", text)
