"""Bytes to text: UTF-8 and nothing else, with a clear word about everything else."""

from __future__ import annotations

import codecs

from compliance.intake.sheet import Place, too_large
from compliance.values.errors import Problem

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"


def decoded(place: Place, content: bytes) -> str | Problem:
    """Return the text of a file, or why it has none.

    Bytes that are not UTF-8 go through as lone surrogates, so that the validator can name the
    row and column of each, beside all other defects.
    """
    large = too_large(place, len(content))
    if large is not None:
        return large
    problem = misfit(place, content[:8])
    if problem is not None:
        return problem
    return content.decode("utf-8", errors="surrogateescape").removeprefix("\ufeff")


def misfit(place: Place, start: bytes) -> Problem | None:
    """Return what is wrong with bytes that are no UTF-8 text by their first eight, or nothing."""
    # Without a byte order mark every second byte of Latin text in UTF-16 is zero.
    if start.startswith(_WIDE) or b"\0" in (start[:1], start[1:2]):
        return place.problem(
            "the file is UTF-16 or UTF-32, not UTF-8",
            expected="UTF-8 text",
            hint="save it from the spreadsheet as 'CSV UTF-8'",
        )
    if start.startswith(_ZIP):
        return place.problem(
            "the file is a ZIP archive or a workbook, no text",
            expected="UTF-8 text",
            hint="name it .xlsx if it is a workbook",
        )
    if start.startswith((_OLE, _PDF)):
        return place.problem(
            "the file is an office document or a PDF, no text", expected="UTF-8 text"
        )
    return None
