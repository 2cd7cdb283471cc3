"""A pack comes from others: archives that would do harm are not opened, and say why."""

from __future__ import annotations

import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packs import zipped

import compliance.pack.archive as archive_module
from compliance.pack.archive import safe_name

if TYPE_CHECKING:
    from conftest import Run


def _named(name: str) -> Callable[[zipfile.ZipFile], None]:
    return lambda archive: archive.writestr(zipfile.ZipInfo(name), b"x")


def _compressed(archive: zipfile.ZipFile) -> None:
    archive.writestr("manifest.json", b"0" * 50_000_000, zipfile.ZIP_DEFLATED, 9)


def _twice(archive: zipfile.ZipFile) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("README.txt", b"one")
        archive.writestr("README.txt", b"two")


def _case(archive: zipfile.ZipFile) -> None:
    archive.writestr("README.txt", b"one")
    archive.writestr("readme.TXT", b"two")


def _below_a_file(archive: zipfile.ZipFile) -> None:
    archive.writestr("rows", b"one")
    archive.writestr("rows/0001.jsonl", b"two")


def _link(archive: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("README.txt")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(entry, b"/etc/passwd")


def _overlapping() -> bytes:
    """Two entries of the directory that share one large file."""
    plain = zipped(lambda archive: archive.writestr("a.txt", b"0" * 5000))
    start = plain.index(b"PK\x01\x02")
    entry = plain[start : plain.index(b"PK\x05\x06")]
    more = entry + entry.replace(b"a.txt", b"b.txt")
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(more), start, 0)
    return plain[:start] + more + end


def _many() -> bytes:
    content = bytearray(zipped(_named("README.txt")))
    content[-14:-10] = struct.pack("<2H", 0xFFFF, 0xFFFF)
    return bytes(content)


PLAIN = zipped(_named("README.txt"))
HOSTILE = {
    "no archive": (b"PK? no", "it is no ZIP archive"),
    "nothing": (b"", "it is no ZIP archive"),
    "cut off": (PLAIN[:-9], "it is no ZIP archive, was cut off"),
    "added at its end": (PLAIN + b"#!/bin/sh", "something follows its end"),
    "added before": (b"#!/bin/sh\n" + PLAIN, "something stands before"),
    "damaged": (PLAIN.replace(b"PK\x01\x02", b"PK\x01\x03"), "its directory is damaged"),
    "bomb": (zipped(_compressed), "is compressed"),
    "overlapping": (_overlapping(), "lie over one another"),
    "too many": (_many(), "holds more than"),
    "twice": (zipped(_twice), "stands in it twice"),
    "case": (zipped(_case), "stands in it twice"),
    "below a file": (zipped(_below_a_file), "stands below a file"),
    "link": (zipped(_link), "is a link"),
    "up": (zipped(_named("../README.txt")), "is not one that a pack has"),
    "up inside": (zipped(_named("rows/../../x.txt")), "is not one that a pack has"),
    "absolute": (zipped(_named("/etc/passwd")), "is not one that a pack has"),
    "drive": (zipped(_named("C:/x.txt")), "is not one that a pack has"),
    "backslash": (zipped(_named("rows\\x.txt")), "is not one that a pack has"),
    "device": (zipped(_named("rows/nul.txt")), "is not one that a pack has"),
    "folder": (zipped(_named("rows/")), "is not one that a pack has"),
    "hidden": (zipped(_named(".profile")), "is not one that a pack has"),
    "escape": (zipped(_named("\x1b[2J")), "is not one that a pack has"),
    "script": (zipped(_named("ime\u0161.txt")), "is not one that a pack has"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_it_is_not_opened_and_nothing_is_written(
    kind: str, program: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, words = HOSTILE[kind]
    folder = tmp_path / "in" / "deep"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    Path("pack.zip").write_bytes(content)
    outcome = program("pack", "verify", "pack.zip")
    assert outcome.code == 2, outcome.stderr
    assert words in outcome.stderr
    assert "pack.zip is not opened" in outcome.stderr
    assert "\x1b" not in outcome.stderr
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["pack.zip"]


def test_encrypted(program: Run, tmp_path: Path) -> None:
    content = bytearray(PLAIN)
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "pack.zip").write_bytes(content)
    outcome = program("pack", "verify", tmp_path / "pack.zip")
    assert (outcome.code, "is encrypted" in outcome.stderr) == (2, True)


def test_absent_a_folder_and_too_large(
    program: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert program("pack", "verify", tmp_path / "absent.zip").code == 2
    assert program("pack", "verify", tmp_path).code == 2
    (tmp_path / "pack.zip").write_bytes(PLAIN)
    monkeypatch.setattr(archive_module, "MAX_BYTES", len(PLAIN) - 1)
    outcome = program("pack", "verify", tmp_path / "pack.zip")
    assert (outcome.code, "more than" in outcome.stderr) == (2, True)


def test_an_entry_whose_own_name_is_another(program: Run, tmp_path: Path) -> None:
    content = zipped(lambda archive: archive.writestr("manifest.json", b"{}"))
    (tmp_path / "pack.zip").write_bytes(content.replace(b"manifest", b"mannifst", 1))
    outcome = program("pack", "verify", tmp_path / "pack.zip")
    assert outcome.code == 4
    assert "damaged where manifest.json begins" in outcome.stderr


def test_another_archive_is_no_pack(program: Run, tmp_path: Path) -> None:
    (tmp_path / "pack.zip").write_bytes(PLAIN)
    outcome = program("pack", "verify", tmp_path / "pack.zip")
    assert (outcome.code, "there is no manifest.json" in outcome.stderr) == (4, True)


def test_names_of_a_pack_are_safe() -> None:
    for name in ("README.txt", "rows/0001-2.jsonl", "law/florence-1996/cases/tanks-2019.toml"):
        assert safe_name(name)
    assert not safe_name("a/" * 40 + "b")
    assert not safe_name("a" * 101)
    assert not safe_name("rows/x.")
