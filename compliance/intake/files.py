"""Reads files from disk: each in its format, all defects of all files in one error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from compliance.intake.csv_reader import read_csv
from compliance.intake.rows import Vocabulary, validate
from compliance.intake.sheet import MAX_BYTES, Sheet
from compliance.values.errors import InvalidInput, Problem
from compliance.values.records import Row

READERS: Mapping[str, Callable[[str, bytes], Sheet]] = {".csv": read_csv}
"""The reader of each format, by the ending of the file's name in lower case."""


def read_files(paths: Iterable[Path | str], vocabulary: Vocabulary) -> list[Row]:
    """Read holdings and movements from files.

    Args:
        paths: the files, each of either kind.
        vocabulary: the names of parties, categories and types.

    Returns:
        The rows of all files, in the order of the files and of their lines.

    Raises:
        InvalidInput: at least one file has a defect; every defect of every file is in it, sorted
            by file and row. No row of any file is to be used then.
    """
    rows: list[Row] = []
    problems: list[Problem] = []
    seen: set[Path] = set()
    for path in map(Path, paths):
        if path.resolve() in seen:
            # The same movements twice would be counted twice.
            problems.append(Problem(str(path), "", "the file is named twice", "each file once"))
            continue
        seen.add(path.resolve())
        sheet = _read(path)
        file_rows, file_problems = validate(sheet, vocabulary)
        rows += file_rows
        problems += file_problems
    if problems:
        problems.sort(key=lambda problem: (problem.file, problem.row or 0))
        files = len({problem.file for problem in problems})
        many = "s" if len(problems) != 1 else ""
        raise InvalidInput(
            f"{len(problems)} problem{many} in {files} file{'s' if files != 1 else ''}; "
            "nothing was read in",
            problems,
            todo="correct the cells named and read the files in again",
        )
    return rows


def _read(path: Path) -> Sheet:
    name = str(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        formats = ", ".join(READERS)
        problem = Problem(name, "", f"files ending in '{path.suffix}' cannot be read", formats)
        return Sheet(name, (), (), (problem,))
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            problem = Problem(
                name, "", f"the file has {size} bytes", f"at most {MAX_BYTES} bytes", "split it"
            )
            return Sheet(name, (), (), (problem,))
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        problem = Problem(name, "", f"cannot be read: {reason}", "a readable file")
        return Sheet(name, (), (), (problem,))
    return reader(name, content)
