"""BLAKE2, for fingerprints that stay on this machine: of what is kept to be read again sooner.

It is the same function as ``hashlib.blake2b``. ``hashlib`` loads OpenSSL for its other functions,
which takes as long as to read the law; so it is asked only where an interpreter keeps this one in
another place than CPython's do.
"""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

__all__ = ["blake2b", "fingerprint"]


def fingerprint(content: bytes, *, secret: bytes = b"") -> str:
    """Return the fingerprint of some content, in hexadecimal.

    Args:
        content: whatever is to be known again.
        secret: makes it a signature, which only who knows the secret can make.
    """
    return blake2b(content, key=secret, digest_size=32).hexdigest()
