"""A language that nobody speaks: whatever is not translated by it still has Latin letters."""

from __future__ import annotations

import csv
import gettext
import html
import io
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl

from compliance.assess.result import FindingKind
from compliance.report.language.spoken import Speaker
from compliance.resources import folder

ROOT = Path(__file__).parents[2]
_LATIN = "abcdefghijklmnopqrstuvwxyz"
# Georgian letters, small and large: one column wide each, and mistaken for nothing.
_GEORGIAN = {
    **{ord(letter): 0x10D0 + place for place, letter in enumerate(_LATIN)},
    **{ord(letter): 0x10A0 + place for place, letter in enumerate(_LATIN.upper())},
}
_PART = re.compile(r"(\{[^{}]*\})")


def written(template: str) -> str:
    """Return a template with Georgian letters for the Latin ones; what stands for parts stays."""
    return "".join(
        piece if place % 2 else piece.translate(_GEORGIAN)
        for place, piece in enumerate(_PART.split(template))
    )


class _Written(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return written(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return written(msgid1 if n == 1 else msgid2)


def pseudo_speaker(_tag: str = "") -> Speaker:
    """Return who speaks it; the names of its months have no Latin letter either."""
    return Speaker("sr-Cyrl", _Written())


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._quiet = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._quiet += tag == "style"
        read_out = ("data-label", "aria-label", "alt", "title")
        self.found += [f"\n{value}\n" for name, value in attrs if name in read_out]

    def handle_endtag(self, tag: str) -> None:
        self._quiet -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.found.append(data)


def texts_of_page(page: str) -> str:
    """Return whatever of a page is read by somebody."""
    parser = _Texts()
    parser.feed(page)
    return "".join(parser.found)


def texts_of_workbook(content: bytes) -> str:
    """Return the cells of a workbook that are text."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = (cell for sheet in book for row in sheet.values for cell in row)
    return "\n".join(cell for cell in cells if isinstance(cell, str))


def texts_of_markdown(text: str) -> str:
    """Return Markdown as it is read."""
    return html.unescape(re.sub(r"\\([\\|*_`\[\]#])", r"\1", text))


def latin_words(text: str) -> set[str]:
    """Return the words in Latin letters that are neither of the data nor addresses or codes."""
    text = " ".join(text.split())
    for known in _known():
        text = text.replace(known, " ")
    text = re.sub(r"https?://\S+", " ", text)
    text = re.sub(r"\bcompliance (?:report )?(?=--|[0-9])|--[a-z-]+|\b[0-9a-f]{12,}\b", " ", text)
    return set(re.findall(r"[A-Za-z][A-Za-z']+", text)) - CODES


CODES = {"ANSWER", "CSV", "Cyrl", "JSON", "QUESTION", "SHA", "sr"}


_AS_RECORDED = ("source", "note", "ref", "stated_by", "type", "from", "to")


@cache
def _known() -> list[str]:
    """Return what stands as it was recorded, the longest first."""
    return sorted({" ".join(text.split()) for text in _data() if len(text) > 1}, key=len)[::-1]


def _data() -> Iterator[str]:
    yield from (f"[{kind.value}]" for kind in FindingKind)
    for path in folder("data").joinpath("open").glob("*.csv"):
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            yield from (row.get(key) or "" for key in _AS_RECORDED)
            yield re.sub(r" \(grade [ABC]\)$", "", row["source"])
    for path in folder("data").joinpath("catalogue").glob("*.toml"):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        yield from (item["name"] for item in content.get("type", ()))
    for path in folder("rules").glob("*/*.toml"):
        yield from _ids(tomllib.loads(path.read_text(encoding="utf-8")), "", path.stem)


def _ids(value: Any, key: str, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        for inner, item in value.items():
            yield from _ids(item, inner, place)
    elif isinstance(value, list):
        for item in value:
            yield from _ids(item, key, place)
    elif isinstance(value, str) and (place == "sources" or key in ("id", "catalogue", "version")):
        yield value
