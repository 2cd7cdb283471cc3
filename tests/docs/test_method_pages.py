"""The pages that explain show files and commands: all are used and run as the page says."""

from __future__ import annotations

import re
import shlex
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pages
import pytest

from compliance.cli import exits, options

if TYPE_CHECKING:
    from conftest import Run

DOCS = pages.ROOT / "docs"
PAGES = [DOCS / name for name in ("method.md", "data.md", "writing-a-rule-pack.md")]
_GIVEN = re.compile(
    r"<!-- file: (?P<name>\S+) -->\n```\w+\n(?P<text>.*?)```\n"
    r"|<!-- copy: (?P<source>\S+) (?P<target>\S+) -->\n"
    r"|<!-- run -->\n```sh\n(?P<run>.*?)```\n",
    re.DOTALL,
)


def _lay_out(text: str, folder: Path, program: Run | None = None) -> None:
    """Do what a page says without showing output, and in a comment before a block or alone.

    ``file: NAME`` writes the block to a file, ``copy: A B`` copies a folder, ``run`` runs the
    commands of the block, which must succeed.
    """
    for given in _GIVEN.finditer(text):
        if given["run"]:
            for line in given["run"].splitlines() if program else ():
                assert program and program(*shlex.split(line)[1:]).code == exits.OK, line
            continue
        if given["source"]:
            shutil.copytree(folder / given["source"], folder / given["target"])
            continue
        path = folder / given["name"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(given["text"], "utf-8", newline="\n")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_prints_what_the_page_shows(
    page: Path,
    run: Run,
    program: Run,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(options, "today", lambda: date(2026, 11, 20))
    monkeypatch.chdir(tmp_path)
    _lay_out(page.read_text("utf-8"), tmp_path, program)

    def either(*words: str) -> object:
        # A page that makes a ledger of its own names it; else it speaks of the shipped figures.
        return program(*words) if "--db" in words else run(*words)

    pages.check(page, either, update=request.config.getoption("--update-golden"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nothing_that_looks_like_a_run_or_a_file_is_left_out(page: Path) -> None:
    text = page.read_text("utf-8")
    assert (
        len(pages.shown(text))
        == text.count("```console")
        == len(re.findall(r"^\$ compliance", text, re.M))
    )
    blocks = len(re.findall(r"^```(?:toml|csv)$", text, re.M))
    assert sum(given["name"] is not None for given in _GIVEN.finditer(text)) == blocks
    ran = sum(given["run"] is not None for given in _GIVEN.finditer(text))
    assert ran == len(re.findall(r"^```sh$", text, re.M))


def test_what_a_page_says_of_exit_codes_is_so() -> None:
    text = (DOCS / "method.md").read_text("utf-8")
    for code in (exits.OK, exits.EXCEEDS, exits.NO_VERDICT, exits.CANNOT_RUN, exits.DATABASE):
        assert f"| {code} |" in text
    assert f"| {exits.BUG}, {exits.INTERRUPTED}, {exits.READER_LEFT} |" in text


def test_the_pack_of_the_page_is_the_one_of_the_tests(tmp_path: Path) -> None:
    _lay_out((DOCS / "writing-a-rule-pack.md").read_text("utf-8"), tmp_path)
    for name in ("ceilings.toml", "parties.toml", "categories.toml"):
        fixture = Path(__file__).parents[1] / "fixtures" / "river-treaty" / name
        assert (tmp_path / "river" / name).read_text("utf-8") == fixture.read_text("utf-8")
