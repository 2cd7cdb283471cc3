"""Looks at a workbook before it is opened: is it safe to open, and what would its cells hide?

A workbook is a ZIP archive of XML. What can do harm is found here, from the archive's directory
and the bytes of its parts: archives that unpack to far more than they weigh, XML that declares
entities, encryption, numbers of rows or formulas that no person made.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from compliance.intake.sheet import Place, shown, too_large
from compliance.values.errors import Problem
from compliance.values.frozen import frozen

MAX_PARTS = 1_000
"""Entries of the archive. A workbook of a few sheets has about a dozen."""

MAX_UNPACKED = 100 * 1024 * 1024
"""Bytes of all parts together. A sheet of 100 000 rows with all columns takes about 60 MB."""

MAX_RATIO = 200
"""Times that a part of over 1 MB may grow. Sheets grow ten to fifty times, bombs a thousand."""

MAX_TAGS = 8_000_000
"""Tags of all parts together. 30 000 rows with all columns need three million."""

MAX_FORMULAS = 1_000
"""Formulas of one sheet that are told cell by cell. None is read, and each takes long to parse."""

_LAST_ROW = 1_048_576
_LONGEST_FORMULA = 8_192
_LARGE_PART = 1024 * 1024
_WINDOW = 256 * 1024
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe \t\r\n\0"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# All patterns stop at the next tag, so that no text makes them run over the rest again and again.
_PREFIX = rb"(?:[^\s<>/!?:]+:)?"
_ROW = re.compile(rb"<" + _PREFIX + rb"row(\s[^<>]*)?/?>")
_ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d{1,9})["']""")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']""")
_HIDDEN_COLUMN = re.compile(
    rb"<" + _PREFIX + rb"""col\s[^<>]*\bhidden\s*=\s*["'](?:1|true)["'][^<>]*>"""
)
_MERGED = re.compile(
    rb"<" + _PREFIX + rb"""mergeCell\s[^<>]*\bref\s*=\s*["']([A-Z0-9:]{3,40})["']"""
)
_FORMULA = re.compile(rb"<" + _PREFIX + rb"f(?:\s[^<>]*)?/?>([^<]*)")
_WORKBOOK = "a workbook as a spreadsheet saves it: .xlsx, without password"


class UnsafeWorkbook(Exception):  # noqa: N818 - names what it is
    """The workbook is not opened; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@frozen
class SheetFacts:
    """What a sheet holds beside its values.

    Attributes:
        merged: the ranges of merged cells.
        hidden_rows: the numbers of the rows that the spreadsheet does not show.
        hidden_columns: whether there are columns that it does not show.
    """

    merged: tuple[str, ...]
    hidden_rows: tuple[int, ...]
    hidden_columns: bool


def inspect(place: Place, content: bytes) -> dict[str, SheetFacts]:
    """Return what is to be known of each sheet, by its title.

    Raises:
        UnsafeWorkbook: the file is no workbook, is encrypted, or is not safe to open.
    """
    large = too_large(place, len(content))
    if large is not None:
        raise UnsafeWorkbook(large)
    if content.startswith(_OLE):
        raise _unsafe(
            place,
            "the file is encrypted with a password, or in the old .xls format",
            "save it as .xlsx without a password",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_directory(place, archive)
            checked = set()
            tags = 0
            for name, data in _parts(place, archive):
                tags += data.count(b"<")
                if tags > MAX_TAGS:
                    raise _unsafe(place, "the workbook has far too many cells", "split the file")
                checked.add(name)
            return {
                title: _examine(Place(place.file, sheet=title), archive.read(path))
                for title, path in _sheets(archive)
                if path in checked
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        message = f"the file is no workbook, or damaged ({shown(str(error), most=200)})"
        raise _unsafe(place, message, "open it in a spreadsheet and save it again") from None
    except (ParseError, KeyError, ValueError, RuntimeError) as error:
        raise _unsafe(place, f"the workbook is damaged ({type(error).__name__})") from None


def _unsafe(
    place: Place, message: str, hint: str = "copy its tables into a new workbook"
) -> UnsafeWorkbook:
    return UnsafeWorkbook(place.problem(message, expected=_WORKBOOK, hint=hint))


def _check_directory(place: Place, archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_PARTS:
        raise _unsafe(place, f"the workbook has {len(entries)} parts, more than {MAX_PARTS}")
    if len({entry.filename for entry in entries}) < len(entries):
        raise _unsafe(place, "the workbook has two parts of one name")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise _unsafe(place, "the workbook is encrypted", "save it without a password")
    if any(
        entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries
    ):
        raise _unsafe(place, "the workbook is packed in a way that no spreadsheet uses")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED:
        raise _unsafe(place, f"the workbook unpacks to {unpacked} bytes, more than {MAX_UNPACKED}")
    for entry in entries:
        if entry.file_size > max(_LARGE_PART, MAX_RATIO * entry.compress_size):
            raise _unsafe(
                place,
                f"a part of the workbook unpacks to {entry.file_size} bytes "
                f"from {entry.compress_size}",
            )


def _parts(place: Place, archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Return the parts that are XML, each checked for entities and for a readable encoding."""
    for entry in archive.infolist():
        data = archive.read(entry)
        start = data.find(b"<")
        if start < 0 or data[:start].strip(_BEFORE_XML):
            continue  # no XML: an image, the settings of a printer
        if b"\0" in data[: start + 2] or data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise _unsafe(place, "a part of the workbook is UTF-16, which is not read")
        if _has_endless_piece(data):
            raise _unsafe(place, "a part of the workbook is one endless piece of text")
        try:
            # A document type stands before the first element, so nothing more is parsed here.
            next(iter(iterparse(io.BytesIO(data), events=("start",), forbid_dtd=True)))
        except DefusedXmlException:
            raise _unsafe(
                place, "the workbook declares a document type or entities, which is not safe"
            ) from None
        yield entry.filename, data


def _has_endless_piece(data: bytes) -> bool:
    """True where one tag, text or comment is so long that a parser may stall on it.

    A parser that is fed in chunks may begin such a piece anew with every chunk. No cell may hold
    so much; and no spreadsheet writes comments, CDATA or instructions into large parts.
    """
    if len(data) > _LARGE_PART and (b"<!" in data or data.count(b"<?") > 1):
        return True
    starts = range(0, len(data) - _WINDOW, _WINDOW)
    return any(data.find(b"<", start, start + _WINDOW) < 0 for start in starts)


def _examine(place: Place, data: bytes) -> SheetFacts:
    for count, match in enumerate(_FORMULA.finditer(data), start=1):
        if count > MAX_FORMULAS or len(match[1]) > _LONGEST_FORMULA:
            raise UnsafeWorkbook(
                place.problem(
                    f"more than {MAX_FORMULAS} formulas, or one that is too long",
                    expected="values",
                    hint="copy the sheet and paste it as values",
                )
            )
    return SheetFacts(
        merged=tuple(match[1].decode() for match in _MERGED.finditer(data)),
        hidden_rows=tuple(_hidden_rows(place, data)),
        hidden_columns=_HIDDEN_COLUMN.search(data) is not None,
    )


def _hidden_rows(place: Place, data: bytes) -> Iterator[int]:
    number = 0
    for match in _ROW.finditer(data):
        attributes = match[1] or b""
        given = _ROW_NUMBER.search(attributes)
        before, number = number, int(given[1]) if given else number + 1
        if not before < number <= _LAST_ROW:
            raise _unsafe(place, f"the sheet is damaged: row {number} stands after row {before}")
        if _HIDDEN.search(attributes):
            yield number


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Return the titles of the sheets and the parts that hold them."""
    roots = [
        target
        for kind, target in _related(archive, "").values()
        if kind.endswith("/officeDocument")
    ]
    for path in roots:
        related = _related(archive, path)
        for element in fromstring(archive.read(path), forbid_dtd=True).iter():
            if _local(element.tag) == "sheet":
                attributes = {_local(name): value for name, value in element.attrib.items()}
                _, target = related[attributes["id"]]
                yield attributes["name"], target


def _related(archive: zipfile.ZipFile, path: str) -> dict[str, tuple[str, str]]:
    """Return the type and the target of each relationship of a part, by id."""
    folder, name = posixpath.split(path)
    root: Element = fromstring(
        archive.read(posixpath.join(folder, "_rels", f"{name}.rels")), forbid_dtd=True
    )
    found = {}
    for element in root:
        target = element.attrib["Target"]
        full = target[1:] if target.startswith("/") else posixpath.join(folder, target)
        found[element.attrib["Id"]] = (element.attrib["Type"], posixpath.normpath(full))
    return found


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
