"""Reads files and streams, each in its format; all defects of all of them in one error."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from compliance.intake.csv_reader import read_csv
from compliance.intake.json_reader import read_json, read_jsonl
from compliance.intake.result import Intake, together
from compliance.intake.rows import Vocabulary, validate
from compliance.intake.sheet import MAX_BYTES, Place, Sheet, too_large
from compliance.values.errors import Problem
from compliance.values.names import did_you_mean


def _read_xlsx(file: str, content: bytes) -> tuple[Sheet, ...]:
    from compliance.intake.xlsx_reader import read_xlsx  # only a workbook waits for its library

    return read_xlsx(file, content)


READERS: Mapping[str, Callable[[str, bytes], tuple[Sheet, ...]]] = {
    "csv": lambda file, content: (read_csv(file, content),),
    "xlsx": _read_xlsx,
    "json": read_json,
    "jsonl": read_jsonl,
}
"""The reader of each format."""

ENDINGS: Mapping[str, str] = {
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
"""The format of a file by the ending of its name, in lower case."""

_SAVE_AS_XLSX = frozenset({".xls", ".xlsm", ".xlsb", ".ods"})


def read_files(paths: Iterable[Path | str], vocabulary: Vocabulary, format: str = "") -> Intake:
    """Read holdings and movements from files; all or nothing.

    Args:
        paths: the files, each of any format and kind.
        vocabulary: the names of parties, categories and types.
        format: one of ``READERS``; where it is empty, the ending of each file's name tells.

    Returns:
        The rows of all files, in the order of the files and of their lines, with their origins
        and notes. There are no problems in it.

    Raises:
        InvalidInput: at least one file has a defect; every defect of every file is in it, sorted
            by file and row.
    """
    return examine_files(paths, vocabulary, format).checked()


def read_source(name: str, content: bytes, vocabulary: Vocabulary, format: str = "") -> Intake:
    """Read holdings and movements from bytes, such as standard input; all or nothing.

    Args:
        name: what messages call it; its ending tells the format where ``format`` is empty.
        content: the bytes.
        vocabulary: the names of parties, categories and types.
        format: one of ``READERS``, or empty.

    Raises:
        InvalidInput: it has a defect; every defect is in it.
    """
    return examine_source(name, content, vocabulary, format).checked()


def examine_files(paths: Iterable[Path | str], vocabulary: Vocabulary, format: str = "") -> Intake:
    """Read files as ``read_files`` does, and return sound rows and problems side by side.

    A row is left out when any of its cells has a problem; a file that has a problem as a whole
    gives no row. ``checked()`` on the result raises where there is any problem.
    """
    parts: list[Intake] = []
    seen: set[str] = set()
    for path in map(Path, paths):
        again = named_again(path, seen)
        if again is not None:
            parts.append(Intake(problems=(again,)))
            continue
        content = _content(path, format)
        if isinstance(content, Problem):
            parts.append(_refused(content))
        else:
            parts.append(examine_source(str(path), content, vocabulary, format))
    return together(parts)


def examine_source(name: str, content: bytes, vocabulary: Vocabulary, format: str = "") -> Intake:
    """Read bytes as ``read_source`` does, and return sound rows and problems side by side."""
    chosen = format_of(name, format)
    if isinstance(chosen, Problem):
        return _refused(chosen)
    sheets = READERS[chosen](name, content)
    return one_file(name, [validate(sheet, vocabulary) for sheet in sheets])


def named_again(path: Path, seen: set[str]) -> Problem | None:
    """Return the problem of a file that was seen before, or note that it was seen now."""
    real = os.path.realpath(path)  # unlike Path.resolve(), says nothing of links in a circle
    if real in seen:
        # The same movements twice would be counted twice.
        return Place(str(path)).problem("the file is named twice", expected="each file once")
    seen.add(real)
    return None


def format_of(name: str, format: str = "") -> str | Problem:
    """Return the format to read something in, or why there is none."""
    place, known = Place(name), ", ".join(READERS)
    if format:
        if format in READERS:
            return format
        hint = did_you_mean(format, READERS)
        return place.problem(f"there is no format '{format}'", expected=known, hint=hint)
    ending = Path(name).suffix.lower()
    if ending in ENDINGS:
        return ENDINGS[ending]
    if not ending:
        return place.problem("its name does not tell its format", expected=f"a format: {known}")
    hint = "save it as .xlsx" if ending in _SAVE_AS_XLSX else ""
    return place.problem(
        f"files ending in '{ending}' cannot be read", expected=", ".join(ENDINGS), hint=hint
    )


def one_file(name: str, parts: list[Intake]) -> Intake:
    """Return the parts of one file together; where one is refused, the file is."""
    whole = together(parts)
    problems = tuple(sorted(whole.problems, key=lambda problem: problem.row or 0))
    if len({problem.sheet for problem in problems}) > 1:
        problems = whole.problems  # sheet by sheet
    if whole.refused:
        return Intake(problems=problems, left_out=whole.left_out, refused=(name,))
    if len({origin.sheet for origin in whole.origins}) == 1:
        # Holdings and movements of one list were told apart; their order is that of the list.
        order = sorted(range(len(whole.rows)), key=lambda index: whole.origins[index].row)
        whole = replace(
            whole,
            rows=tuple(whole.rows[index] for index in order),
            origins=tuple(whole.origins[index] for index in order),
        )
    return replace(whole, problems=problems)


def _refused(problem: Problem) -> Intake:
    return Intake(problems=(problem,), refused=(problem.file,))


def _content(path: Path, format: str) -> bytes | Problem:
    place = Place(str(path))
    chosen = format_of(str(path), format)
    if isinstance(chosen, Problem):
        return chosen
    try:
        large = too_large(place, path.stat().st_size)
        if large is not None:
            return large
        with path.open("rb") as file:
            # No more than may be read, even of what has no size: a pipe, a device.
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        return unreadable(place, error)


def unreadable(place: Place, error: OSError) -> Problem:
    """Return the problem of a file that the system does not hand out."""
    reason = error.strerror or str(error)
    return place.problem(f"cannot be read: {reason}", expected="a readable file")
