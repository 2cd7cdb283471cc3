"""Keeps what was read from a folder of TOML files, so that it need not be read and checked again.

Only a copy of what the files give: without it every answer is the same, and comes later. So
nothing here fails. A copy is used only where all of this holds:

- whoever could make a false one needs none. Copies in the user's cache folder, which may be shared
  or restored from elsewhere, are signed with a secret of this user, kept beside the user's ledger
  and not beside the copies: whoever can read that folder can alter the ledger. Copies of what is
  shipped stand among this program's compiled modules, which Python runs as they are: whoever can
  write there can alter the program. Those have a fingerprint that shows damage, and no secret;
- the files still have the content it was made from, those of every base pack included;
- this very code made it.

And it is plain JSON: reading it makes provisions and runs nothing.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from os import PathLike
from typing import Any, TypeVar

from compliance.values.errors import ComplianceError
from compliance.values.fingerprint import blake2b, fingerprint
from compliance.values.frozen import frozen
from compliance.values.plain import Plain

T = TypeVar("T")
StrPath = str | PathLike[str]
Find = Callable[[str], StrPath]

_SECRET_BYTES = 32
_LONGEST = 16 * 1024 * 1024
_MOST_FILES = 16
_SUFFIX = ".json"
# What damaged, foreign or vanished files, and packs that cannot be looked up, can lead to.
_NOT_THERE = (
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
    ComplianceError,
)


@frozen
class Cache:
    """Copies of what folders of TOML files gave.

    Attributes:
        folder: where the copies are kept; it is made when there is one to keep.
        secret: the file with which they are signed; made likewise, for its owner alone. ``None``
            where whoever can write to the folder can alter this program as well.
        made_by: names the code that reads the files, to the byte.
        otherwise: returns where copies are kept that this folder does not take.
    """

    folder: StrPath
    secret: StrPath | None
    made_by: str
    otherwise: Callable[[], Cache] | None = None

    def through(
        self,
        source: StrPath,
        form: Plain,
        read: Callable[[Find | None], T],
        find: Find | None = None,
    ) -> T:
        """Return what is kept of a folder; if nothing is, read it, and keep that.

        Args:
            source: the folder of TOML files.
            form: how the value is written.
            read: reads the folder, given a look-up of base packs; what it raises is raised.
            find: turns the id of a base pack into its folder.
        """
        kept: T | None = self._kept(source, form, find)
        if kept is not None:
            return kept
        content, bases = _content(source), list[tuple[str, StrPath, str | None]]()

        def noting(name: str) -> StrPath:
            assert find is not None
            folder = find(name)
            bases.append((name, folder, _content(folder)))
            return folder

        value = read(noting if find is not None else None)
        with suppress(*_NOT_THERE):
            if all(before == _content(at) for _, at, before in (("", source, content), *bases)):
                self._keep(source, form, value, content, {name: text for name, _, text in bases})
        return value

    def _kept(self, source: StrPath, form: Plain, find: Find | None) -> Any | None:
        try:
            return form.read(self._copy(source, find)[1]["value"])
        except _NOT_THERE:
            return None

    def _copy(self, source: StrPath, find: Find | None) -> tuple[bytes, Any]:
        """Return the copy of a folder that may be used, and what it says.

        Raises:
            LookupError: there is none; and whatever else damaged files lead to.
        """
        try:
            body = self._signed(self._place(source))
            kept = json.loads(body)
            if kept["made_by"] != self.made_by or kept["content"] != _content(source):
                raise LookupError
            for name, content in kept["bases"].items():
                if find is None or content != _content(find(name)):
                    raise LookupError
        except _NOT_THERE:
            if self.otherwise is None:
                raise
            body, kept = self.otherwise()._copy(source, find)
            with suppress(OSError):  # it may take it by now
                self._put(source, body)
        return body, kept

    def _keep(
        self,
        source: StrPath,
        form: Plain,
        value: Any,
        content: str | None,
        bases: dict[str, str | None],
    ) -> None:
        written = form.written(value)
        # A form that did not give back what it took would change answers.
        if content is None or None in bases.values() or form.read(written) != value:
            return
        kept = {"made_by": self.made_by, "content": content, "bases": bases, "value": written}
        self._write(source, json.dumps(kept, separators=(",", ":")).encode())

    def _write(self, source: StrPath, body: bytes) -> None:
        try:
            self._put(source, body)
        except OSError:
            if self.otherwise is not None:
                self.otherwise()._write(source, body)

    def _put(self, source: StrPath, body: bytes) -> None:
        secret = self._known() or self._new_secret()
        os.makedirs(self.folder, exist_ok=True)
        _write(self._place(source), _signature(secret, body) + b"\n" + body)
        self._tidy()

    def _place(self, source: StrPath) -> str:
        name = fingerprint(os.fsencode(os.path.realpath(source)))[:32]
        return os.path.join(self.folder, f"{name}{_SUFFIX}")

    def _signed(self, place: str) -> bytes:
        """Return a file's content without its signature.

        Raises:
            LookupError: the signature is not this user's.
        """
        secret = self._known()
        signature, _, body = _bytes(place, _LONGEST).partition(b"\n")
        if secret is None or signature != _signature(secret, body):
            raise LookupError
        return body

    def _known(self) -> bytes | None:
        """Return the secret, empty where none is needed, or ``None`` where it is not there."""
        if self.secret is None:
            return b""
        with suppress(OSError):
            secret = _bytes(self.secret, _SECRET_BYTES)
            return secret if len(secret) == _SECRET_BYTES else None
        return None

    def _new_secret(self) -> bytes:
        if self.secret is None:
            return b""
        # Of two processes that make one at once the last one's stays: what the other signed with
        # its own is not used, and is kept anew.
        secret = os.urandom(_SECRET_BYTES)
        os.makedirs(os.path.dirname(self.secret), exist_ok=True)
        _write(self.secret, secret)
        return secret

    def _tidy(self) -> None:
        """Remove the oldest copies where there are many: of packs that were tried and are gone."""
        with os.scandir(self.folder) as found:
            files = [file for file in found if file.name.endswith(_SUFFIX)]
        files.sort(key=lambda file: file.stat().st_mtime)
        for file in files[:-_MOST_FILES]:
            with suppress(FileNotFoundError):
                os.unlink(file)


def _content(source: StrPath) -> str | None:
    """Return a hash of all that a reading of the folder looks at, or ``None`` if it is not sure."""
    digest = blake2b(digest_size=32)
    try:
        for name in sorted(os.listdir(source)):
            path = os.path.join(source, name)
            if name.endswith(".toml") and os.path.isfile(path):
                with open(path, "rb") as file:
                    text = file.read()
                digest.update(f"{name!r}: {len(text)}\n".encode() + text)
            elif os.path.isdir(path):
                held = sorted(held for held in os.listdir(path) if held.lower().endswith(".toml"))
                digest.update(f"{name!r}/ {held}\n".encode())
    except OSError:
        return None
    return digest.hexdigest()


def _bytes(path: StrPath, most: int) -> bytes:
    """Return what an ordinary file of no more than so many bytes holds.

    Raises:
        OSError: it is no such file; a pipe, which would be waited for, is none.
    """
    found = os.stat(path)
    if not stat.S_ISREG(found.st_mode) or found.st_size > most:
        raise OSError(errno.EINVAL, "not a file that was kept here")
    with open(path, "rb") as file:
        return file.read()


def _signature(secret: bytes, body: bytes) -> bytes:
    return fingerprint(body, secret=secret).encode()


def _write(path: StrPath, content: bytes) -> None:
    """Write a file whole or not at all, for its owner alone."""
    import tempfile

    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".", suffix=".partial")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
