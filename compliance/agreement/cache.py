"""Keeps what was read from a folder of TOML files, so that it need not be read and checked again.

Only a copy of what the files give: without it every answer is the same, and comes later. So
nothing here fails. A copy is used only where all of this holds:

- it is signed with a secret of this user, kept beside the user's ledger and not beside the copies.
  Whoever can read that folder can alter the ledger, and needs no false copy; whoever can only
  write to the copies, which may be shared or restored from elsewhere, can make none that is used;
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
from pathlib import Path
from typing import Any, TypeVar

from compliance.values.errors import ComplianceError
from compliance.values.fingerprint import blake2b, fingerprint
from compliance.values.frozen import frozen
from compliance.values.plain import Plain

T = TypeVar("T")
Find = Callable[[str], Path]

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
        secret: the file with which they are signed; made likewise, for its owner alone.
        made_by: names the code that reads the files, to the byte.
    """

    folder: Path
    secret: Path
    made_by: str

    def through(
        self, source: Path, form: Plain, read: Callable[[Find | None], T], find: Find | None = None
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
        content, bases = _content(source), list[tuple[str, Path, str | None]]()

        def noting(name: str) -> Path:
            assert find is not None
            folder = find(name)
            bases.append((name, folder, _content(folder)))
            return folder

        value = read(noting if find is not None else None)
        with suppress(*_NOT_THERE):
            if all(before == _content(at) for _, at, before in (("", source, content), *bases)):
                self._keep(source, form, value, content, {name: text for name, _, text in bases})
        return value

    def _kept(self, source: Path, form: Plain, find: Find | None) -> Any | None:
        try:
            body = self._signed(self._place(source))
            if body is None:
                return None
            kept = json.loads(body)
            if kept["made_by"] != self.made_by or kept["content"] != _content(source):
                return None
            for name, content in kept["bases"].items():
                if find is None or content != _content(find(name)):
                    return None
            return form.read(kept["value"])
        except _NOT_THERE:
            return None

    def _keep(
        self,
        source: Path,
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
        body = json.dumps(kept, separators=(",", ":")).encode()
        secret = self._secret() or self._new_secret()
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self._place(source), _signature(secret, body) + b"\n" + body)
        self._tidy()

    def _place(self, source: Path) -> Path:
        name = fingerprint(os.fsencode(source.resolve()))[:32]
        return self.folder / f"{name}{_SUFFIX}"

    def _signed(self, place: Path) -> bytes | None:
        """Return a file's content without its signature, where that is this user's."""
        secret = self._secret()
        if secret is None:
            return None
        signature, _, body = _bytes(place, _LONGEST).partition(b"\n")
        return body if signature == _signature(secret, body) else None

    def _secret(self) -> bytes | None:
        with suppress(OSError):
            secret = _bytes(self.secret, _SECRET_BYTES)
            return secret if len(secret) == _SECRET_BYTES else None
        return None

    def _new_secret(self) -> bytes:
        # Of two processes that make one at once the last one's stays: what the other signed with
        # its own is not used, and is kept anew.
        secret = os.urandom(_SECRET_BYTES)
        self.secret.parent.mkdir(parents=True, exist_ok=True)
        _write(self.secret, secret)
        return secret

    def _tidy(self) -> None:
        """Remove the oldest copies where there are many: of packs that were tried and are gone."""
        files = [path for path in self.folder.iterdir() if path.suffix == _SUFFIX]
        files.sort(key=lambda path: path.stat().st_mtime)
        for path in files[:-_MOST_FILES]:
            path.unlink(missing_ok=True)


def _content(source: Path) -> str | None:
    """Return a hash of all that a reading of the folder looks at, or ``None`` if it is not sure."""
    digest = blake2b(digest_size=32)
    try:
        for path in sorted(source.iterdir()):
            if path.suffix == ".toml" and path.is_file():
                text = path.read_bytes()
                digest.update(f"{path.name!r}: {len(text)}\n".encode() + text)
            elif path.is_dir():
                held = sorted(p.name for p in path.iterdir() if p.suffix.lower() == ".toml")
                digest.update(f"{path.name!r}/ {held}\n".encode())
    except OSError:
        return None
    return digest.hexdigest()


def _bytes(path: Path, most: int) -> bytes:
    """Return what an ordinary file of no more than so many bytes holds.

    Raises:
        OSError: it is no such file; a pipe, which would be waited for, is none.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode) or found.st_size > most:
        raise OSError(errno.EINVAL, "not a file that was kept here")
    return path.read_bytes()


def _signature(secret: bytes, body: bytes) -> bytes:
    return fingerprint(body, secret=secret).encode()


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, for its owner alone."""
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".partial")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
