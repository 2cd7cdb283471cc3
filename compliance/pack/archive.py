"""The archive itself: one fixed form to write, and a reader that trusts nothing in it.

A pack is a ZIP archive in which nothing is compressed: compression gives other bytes with other
versions of a library, and a stored file cannot unpack to more than it weighs.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from compliance.pack.errors import PackBroken
from compliance.values.errors import ComplianceError
from compliance.values.names import printable

MAX_BYTES = 1024 * 1024 * 1024
"""Of the whole archive. Thirty years of annual exchanges take about 20 MB with all outputs."""

MAX_FILES = 60_000
"""Files of one archive: what the plain form of a ZIP directory holds, with some room."""

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}(?:/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}){0,5}")
# Names that Windows keeps for devices, whatever their ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_FIRST = (1980, 1, 1, 0, 0, 0)  # the first day a ZIP archive can name
_PLAIN_FILE = (stat.S_IFREG | 0o644) << 16
_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_ENTRY = 46 + 700
_CHUNK = 1024 * 1024
_AS_MADE = "ask for the file as 'compliance pack' wrote it; packing it anew makes another file"


def safe_name(name: str) -> bool:
    """True for a relative name that is the same file, and a harmless one, on every system."""
    return _NAME.fullmatch(name) is not None and not any(
        part.endswith(".") or _DEVICE.fullmatch(part) for part in name.split("/")
    )


def write(target: IO[bytes], names: Iterable[str], content: Callable[[str], bytes]) -> None:
    """Write files as an archive: the same bytes for the same files, wherever and whenever.

    Args:
        target: an empty file, open for writing and seeking.
        names: in the order in which they are to stand.
        content: gives the bytes of a file.

    Raises:
        ComplianceError: there is more than an archive may hold.
    """
    names = tuple(names)
    if len(names) > MAX_FILES:
        raise ComplianceError(
            f"the pack would hold {len(names)} files, more than {MAX_FILES}",
            todo="name an earlier --known-at, or hand on the archive: compliance export",
        )
    total = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name in names:
            assert safe_name(name), name
            data = content(name)
            total += len(data)
            if total > MAX_BYTES // 2:
                raise ComplianceError(
                    f"the pack would hold more than {MAX_BYTES // 2} bytes",
                    todo="name an earlier --known-at, or hand on the archive: compliance export",
                )
            entry = zipfile.ZipInfo(name, _FIRST)
            entry.create_system = 3
            entry.external_attr = _PLAIN_FILE
            archive.writestr(entry, data)


class Archive:
    """An archive that is open, every entry of it examined. Nothing is ever unpacked by its name.

    Attributes:
        names: of its files, in their order.
    """

    def __init__(self, path: Path, handle: IO[bytes], entries: list[zipfile.ZipInfo]) -> None:
        self.names = tuple(entry.filename for entry in entries)
        self._path = path
        self._handle = handle
        self._entries = {entry.filename: entry for entry in entries}

    def read(self, name: str) -> bytes:
        """Return a file's bytes as they stand, whether or not they fit their check sum.

        Raises:
            PackBroken: the place of the file in the archive is damaged.
        """
        entry = self._entries[name]
        self._handle.seek(entry.header_offset)
        header = self._handle.read(_LOCAL.size)
        if len(header) == _LOCAL.size:
            mark, *_, name_size, extra_size = _LOCAL.unpack(header)
            named = self._handle.read(name_size)
            self._handle.seek(extra_size, os.SEEK_CUR)
            if mark == b"PK\x03\x04" and named == name.encode("ascii"):
                data = self._handle.read(entry.file_size)
                if len(data) == entry.file_size:
                    return data
        raise PackBroken(
            f"{self._path}: the archive is damaged where {name} begins",
            todo="ask for the file once more",
        )

    def first_oddity(self) -> int | None:
        """Return the first byte, from 0, that is not as this program writes the same files."""
        self._handle.seek(0)
        with tempfile.TemporaryFile() as again:
            write(again, self.names, self.read)
            again.seek(0)
            self._handle.seek(0)
            at = 0
            while True:
                ours, theirs = again.read(_CHUNK), self._handle.read(_CHUNK)
                if ours != theirs:
                    pairs = enumerate(zip(ours, theirs, strict=False))
                    return at + next(
                        (n for n, (a, b) in pairs if a != b), min(map(len, (ours, theirs)))
                    )
                if not ours:
                    return None
                at += len(ours)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open an archive and examine its directory.

    Raises:
        ComplianceError: it cannot be read, is no archive of the form that ``write`` gives, is too
            large, or holds a name that is not safe.
    """
    try:
        with path.open("rb") as handle:
            size = os.fstat(handle.fileno()).st_size
            if size > MAX_BYTES:
                raise _refused(path, f"the file has {size} bytes, more than {MAX_BYTES}")
            _check_end(path, handle, size)
            yield Archive(path, handle, _entries(path, handle, size))
    except OSError as error:
        raise ComplianceError(f"{path} cannot be read: {error.strerror or error}") from None


def _check_end(path: Path, handle: IO[bytes], size: int) -> None:
    """Refuse an archive whose directory would be large, or that is more than an archive."""
    handle.seek(max(0, size - _END.size))
    tail = handle.read(_END.size)
    if len(tail) < _END.size or not tail.startswith(b"PK\x05\x06"):
        raise _refused(path, "it is no ZIP archive, was cut off, or something follows its end")
    _, _, _, _, count, length, start, comment = _END.unpack(tail)
    if count > MAX_FILES or length > MAX_FILES * _LONGEST_ENTRY:
        raise _refused(path, f"it holds more than {MAX_FILES} files")
    if comment or start + length + _END.size != size:
        raise _refused(path, "something stands before, between or after its parts")


def _entries(path: Path, handle: IO[bytes], size: int) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(handle) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, EOFError) as error:
        raise _refused(path, f"its directory is damaged: {printable(str(error))}") from None
    if len(entries) > MAX_FILES:
        raise _refused(path, f"it holds more than {MAX_FILES} files")
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        shown = printable(name[:100])
        if not safe_name(name):
            raise _refused(path, f"the name '{shown}' is not one that a pack has")
        if name.lower() in seen:
            raise _refused(path, f"the name '{shown}' stands in it twice")
        seen.add(name.lower())
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise _refused(path, f"'{shown}' is a link or another thing that is no file")
        if entry.flag_bits & 0x41:
            raise _refused(path, f"'{shown}' is encrypted")
        if entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size:
            raise _refused(path, f"'{shown}' is compressed, and nothing in a pack is")
    for name in seen:
        parents = name.split("/")[:-1]
        if any("/".join(parents[:end]) in seen for end in range(1, len(parents) + 1)):
            raise _refused(path, f"'{printable(name)}' stands below a file")
    if sum(entry.file_size for entry in entries) > size:
        raise _refused(path, "its files lie over one another")
    return entries


def _refused(path: Path, why: str) -> ComplianceError:
    return ComplianceError(f"{path} is not opened: {why}", todo=_AS_MADE)
