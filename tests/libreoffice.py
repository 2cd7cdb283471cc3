"""The real LibreOffice for tests: converts files, and tells what it holds in a workbook."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, parse

import pytest

Convert = Callable[..., Path]


@pytest.fixture(scope="module")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """Convert files in one start of LibreOffice, and return the folder with what it wrote."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is not installed; it must read our workbooks", pytrace=False)
        pytest.skip("NOT RUN: LibreOffice is not installed, so it has read and written no workbook")
    profile = tmp_path_factory.mktemp("profile")

    def call(to: str, *paths: Path, read_as: str = "") -> Path:
        written = tmp_path_factory.mktemp("office")
        how = [f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", to]
        how += [f"--infilter={read_as}"] if read_as else []
        done = subprocess.run(
            [program, *how, "--outdir", str(written), *map(str, paths)],
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        # It tells of a file that it cannot open or that needs repair, and converts the others.
        refused = done.stderr.count("could not be loaded")
        assert len(list(written.iterdir())) + refused == len(paths), done.stderr
        return written

    return call


_NAMES = "{{urn:oasis:names:tc:opendocument:xmlns:{}:1.0}}{}"


def _name(space: str, name: str) -> str:
    return _NAMES.format(space, name)


def tables(path: Path) -> Iterator[tuple[str, list[list[Any]]]]:
    """Return the sheets as LibreOffice holds them: numbers, days and text, and no formula."""
    for table in parse(path).iter(_name("table", "table")):
        lines = []
        for row in table.iter(_name("table", "table-row")):
            cells: list[Any] = []
            for cell in row:
                assert _name("table", "formula") not in cell.attrib
                often = int(cell.get(_name("table", "number-columns-repeated"), 1))
                cells += [_value(cell)] * (often if len(cell) else min(often, 99))
            lines.append(cut(cells))
        while lines and not lines[-1]:
            lines.pop()
        yield str(table.get(_name("table", "name"))), lines


def _value(cell: Element) -> Any:
    match cell.get(_name("office", "value-type")):
        case None:
            return None
        case "float" | "percentage":
            return float(cell.get(_name("office", "value"), ""))
        case "date":
            return cell.get(_name("office", "date-value"), "").removesuffix("T00:00:00")
        case "string":
            return "\n".join(_text(line) for line in cell.iter(_name("text", "p")))
        case other:
            return other


def _text(line: Element) -> str:
    found = line.text or ""
    for inner in line:
        if inner.tag == _name("text", "s"):
            found += " " * int(inner.get(_name("text", "c"), 1))
        found += _text(inner) + (inner.tail or "")
    return found


def plain(value: Any) -> Any:
    """Return what openpyxl gives for a cell as ``_value`` gives it."""
    if isinstance(value, datetime):
        return value.isoformat().removesuffix("T00:00:00")
    return float(value) if isinstance(value, int) else value


def cut(cells: list[Any]) -> list[Any]:
    while cells and cells[-1] is None:
        cells.pop()
    return cells
