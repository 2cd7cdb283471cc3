"""Every link inside the project leads to a file that is there, and to a heading that it has."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pages
import pytest

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(<?([^)\s>]+)>?\)|^\[[^\]]+\]:\s+(\S+)", re.MULTILINE)
_FENCE = re.compile(r"^(> )?```.*?^(> )?```$", re.MULTILINE | re.DOTALL)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:")


def _pages() -> list[Path]:
    """Return every page of the project, and none of what tools leave in the folder."""
    try:
        said = subprocess.run(
            ["git", "ls-files", "-z", "-co", "--exclude-standard", "*.md"],
            cwd=pages.ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        found = [pages.ROOT / name for name in said.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):  # a source distribution has no git
        found = [*pages.ROOT.glob("*.md"), *(pages.ROOT / "docs").rglob("*.md")]
        found += [*(pages.ROOT / "data").rglob("*.md"), *(pages.ROOT / "rules").rglob("*.md")]
    golden = pages.ROOT / "tests" / "golden"
    return sorted(path for path in found if path.is_file() and not path.is_relative_to(golden))


def links(text: str) -> list[str]:
    """Return where the links of a page lead, those to other sites left out."""
    found = (a or b for a, b in _LINK.findall(_FENCE.sub("", text)))
    return [link for link in found if not _ELSEWHERE.match(link)]


@cache
def anchors(path: Path) -> frozenset[str]:
    """Return what the headings of a page are called in links, as code hosts call them."""
    found: list[str] = []
    for heading in re.findall(r"^#{1,6} +(.*)$", _FENCE.sub("", path.read_text("utf-8")), re.M):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        name = re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")
        again = found.count(name)
        found.append(name)
        if again:
            found.append(f"{name}-{again}")
    return frozenset(found)


def broken(page: Path) -> list[str]:
    """Return the links of a page that lead nowhere."""
    wrong = []
    for link in links(page.read_text("utf-8")):
        file, _, anchor = unquote(link).partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.exists() or not target.is_relative_to(pages.ROOT.resolve()):
            wrong.append(f"{link}: no such file")
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            wrong.append(f"{link}: no such heading")
    return wrong


@pytest.mark.parametrize("page", _pages(), ids=lambda path: str(path.relative_to(pages.ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert not broken(page), "\n".join(broken(page))


def test_pages_of_every_folder_are_looked_at() -> None:
    names = {path.relative_to(pages.ROOT).as_posix() for path in _pages()}
    assert {"README.md", "docs/method.md", "data/open/README.md"} <= names


def test_a_broken_link_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    (tmp_path / "other.md").write_text("# A heading, `here`\n\n# Twice\n\n# Twice\n", "utf-8")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](other.md) [b](other.md#a-heading-here) [c](#own) [d](https://example.org/x)\n"
        "[e](absent.md) [f](other.md#absent) [g](other.md#twice-1)\n\n# Own\n\n"
        "```\n[h](in-a-block.md)\n```\n\n[i]: gone.md\n",
        "utf-8",
    )
    assert broken(page) == [
        "absent.md: no such file",
        "other.md#absent: no such heading",
        "gone.md: no such file",
    ]
