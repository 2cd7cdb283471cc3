"""A fingerprint is BLAKE2, wherever the interpreter keeps that."""

from __future__ import annotations

import hashlib
import runpy
import sys

import pytest

from compliance.values import fingerprint as module
from compliance.values.fingerprint import fingerprint


@pytest.mark.parametrize("secret", [b"", b"secret"])
def test_it_is_what_the_library_gives(monkeypatch: pytest.MonkeyPatch, secret: bytes) -> None:
    expected = hashlib.blake2b(b"content", key=secret, digest_size=32).hexdigest()
    assert fingerprint(b"content", secret=secret) == expected
    monkeypatch.setitem(sys.modules, "_blake2", None)
    elsewhere = runpy.run_path(str(module.__file__))["fingerprint"]
    assert elsewhere(b"content", secret=secret) == expected
