"""Reads JSON and JSON Lines into sheets: each object is a row, its keys are the columns.

Values may be text, numbers or ``null``. A number without a fraction is a whole number, however
it is written. Everything else that JSON can hold is refused with its place.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from compliance.intake import sheet as limits
from compliance.intake.columns import column_of, no_kind, unknown_column
from compliance.intake.csv_reader import too_many_columns
from compliance.intake.kinds import KINDS, Kind, kind_of
from compliance.intake.sheet import Place, Rows, Sheet, SheetRow, shown
from compliance.intake.text import decoded
from compliance.values.errors import Problem
from compliance.values.frozen import frozen
from compliance.values.names import did_you_mean

_TOP = 'a list of objects, or {"holdings": [...], "movements": [...]}'
_OBJECT = 'an object such as {"party": "serbia", "as_of": "2019-09-12", ...}'
_LONGEST_NUMBER = 18
_BRACKETS = 2
"""Opening brackets for each row that may be read, those in texts included: more are refused
before the whole is taken apart in memory."""


@frozen
class JsonObject:
    """A JSON object as it stands, repeated keys and all."""

    pairs: tuple[tuple[str, Any], ...]


@frozen
class _NoNumber:
    text: str


@frozen
class Item:
    """One element of a list, or what could not be read of it."""

    number: int
    value: Any
    problem: Problem | None = None


def read_json(file: str, content: str | bytes) -> tuple[Sheet, ...]:
    """Read one JSON file: a list of objects, or lists under ``holdings`` and ``movements``.

    Rows are numbered by their place in the list, from 1.
    """
    place = Place(file, unit="item")
    text = decoded(place, content) if isinstance(content, bytes) else content.removeprefix("\ufeff")
    if isinstance(text, Problem):
        return (Sheet(place, problems=(text,)),)
    if not text.strip():
        return (Sheet(place, problems=(empty(place),)),)
    if max(text.count("{"), text.count("[")) > _BRACKETS * limits.MAX_ROWS:
        problem = place.problem(
            f"there are more than {limits.MAX_ROWS} objects",
            expected=f"at most {limits.MAX_ROWS}",
            hint="split the file",
        )
        return (Sheet(place, problems=(problem,)),)
    try:
        top = _loaded(text)
    except ValueError as error:
        problem = place.problem(f"the file is no JSON: {_defect(error)}", expected=_TOP)
        return (Sheet(place, problems=(problem,)),)
    if isinstance(top, list):
        items = _numbered(top)
        return _by_kind(place, items) if items else (Sheet(place, problems=(empty(place),)),)
    if isinstance(top, JsonObject):
        return _named_lists(place, top)
    problem = place.problem(f"the file holds {_called(top)}", expected=_TOP)
    return (Sheet(place, problems=(problem,)),)


def read_jsonl(file: str, content: str | bytes) -> tuple[Sheet, ...]:
    """Read JSON Lines: one object on each line. Rows are numbered by their line."""
    place = Place(file, unit="line")
    text = decoded(place, content) if isinstance(content, bytes) else content.removeprefix("\ufeff")
    if isinstance(text, Problem):
        return (Sheet(place, problems=(text,)),)
    # Not splitlines(): JSON text may hold U+2028 and others of its line breaks.
    items = list(islice(items_of(place, io.StringIO(text, newline="\n")), limits.MAX_ROWS + 1))
    return _by_kind(place, items) if items else (Sheet(place, problems=(empty(place),)),)


def items_of(place: Place, lines: Iterable[str]) -> Iterator[Item]:
    """Yield what stands on each line that is not empty."""
    for number, whole in enumerate(lines, start=1):
        line = whole.strip()
        if not line:
            continue
        try:
            yield Item(number, _loaded(line))
        except ValueError as error:
            problem = place.problem(
                f"the line is no JSON: {_defect(error)}",
                expected=_OBJECT,
                hint="name the file .json if it is one JSON text of several lines"
                if line in ("[", "{")
                else "",
                number=number,
                value=line,
            )
            yield Item(number, line, problem)


_DECODER = json.JSONDecoder(
    object_pairs_hook=lambda pairs: JsonObject(tuple(pairs)),
    parse_int=lambda digits: int(digits) if len(digits) <= _LONGEST_NUMBER else _NoNumber(digits),
    parse_constant=_NoNumber,
    # Control characters are named by cell, with everything else that is wrong.
    strict=False,
)


def _loaded(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _defect(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, at line {error.lineno}, character {error.colno}"
    return str(error)


def empty(place: Place) -> Problem:
    """Return the problem of a file that holds nothing."""
    return place.problem("the file has no rows", expected=_TOP if place.unit == "item" else _OBJECT)


def _named_lists(place: Place, top: JsonObject) -> tuple[Sheet, ...]:
    kinds = {kind.name: kind for kind in KINDS}
    problems = []
    counts = Counter(key for key, _ in top.pairs)
    if kind_of(tuple(column_of(name) for name in list(counts)[: limits.MAX_COLUMNS])) is not None:
        message, hint = "the file is one row outside a list", "put it into a list: [ ... ]"
        return (Sheet(place, problems=(place.problem(message, expected=_TOP, hint=hint),)),)
    for key, value in dict(top.pairs).items():
        if key not in kinds:
            hint = did_you_mean(key, kinds) if len(key) <= 100 else ""
            message = f"the key '{shown(key)}' is unknown"
        elif counts[key] > 1:
            message, hint = f"the key '{key}' stands {counts[key]} times", ""
        elif not isinstance(value, list):
            message, hint = f"'{key}' holds {_called(value)}", ""
        else:
            continue
        problems.append(place.problem(message, expected=_TOP, hint=hint, value=key))
        if len(problems) > limits.MAX_COLUMNS:
            break
    lists = {key: value for key, value in top.pairs if isinstance(value, list)}
    if not problems and not any(lists.values()):
        problems.append(empty(place))
    if problems:
        return (Sheet(place, problems=tuple(problems)),)
    return tuple(
        _sheet(
            Place(place.file, sheet=key, unit="item"),
            kinds[key],
            _numbered(values),
        )
        for key, values in lists.items()
        if values
    )


def _numbered(values: list[Any]) -> list[Item]:
    # One more than may be read: enough to tell that there are too many.
    return [Item(number, value) for number, value in enumerate(values[: limits.MAX_ROWS + 1], 1)]


def _by_kind(place: Place, items: list[Item]) -> tuple[Sheet, ...]:
    """Return a sheet for each kind of rows: every object tells its own kind."""
    groups: dict[str, list[Item]] = {kind.name: [] for kind in KINDS}
    loose: list[Item] = []
    for item in items:
        kind = kind_of_item(item)
        (groups[kind.name] if kind else loose).append(item)
    found = [(kind, groups[kind.name]) for kind in KINDS if groups[kind.name]]
    objects = [item.value for item in loose if isinstance(item.value, JsonObject)]
    if not found and objects:
        keys = tuple(dict.fromkeys(key for key, _ in objects[0].pairs))
        return (Sheet(place, problems=(no_kind(place, keys),)),)
    sheets = [_sheet(place, kind, group) for kind, group in found]
    if loose:
        rows = Rows(place)
        for item in loose:
            if not rows.add(unreadable_row(place, item)):
                break
        sheets.append(Sheet(place, rows=tuple(rows.kept), problems=tuple(rows.problems)))
    return tuple(sheets)


def kind_of_item(item: Item) -> Kind | None:
    """Return what kind of row an item is, if its keys tell."""
    if item.problem is not None or not isinstance(item.value, JsonObject):
        return None
    return kind_of(tuple(column_of(key) for key, _ in item.value.pairs[: limits.MAX_COLUMNS]))


def unreadable_row(place: Place, item: Item) -> SheetRow:
    """Return an item that is no row of any kind, with the reason."""
    problem = item.problem
    if problem is None and isinstance(item.value, JsonObject):
        keys = tuple(key for key, _ in item.value.pairs[: limits.MAX_COLUMNS])
        problem = no_kind(place, keys, number=item.number)
    if problem is None:
        message = f"{_called(item.value)} is no row"
        problem = place.problem(message, expected=_OBJECT, number=item.number)
    values = (shown(item.value, most=200),) if isinstance(item.value, str) else ()
    return SheetRow(item.number, values, (problem,), readable=False)


def header(place: Place, kind: Kind, counts: Mapping[str, int], objects: int) -> Sheet:
    """Return a sheet without rows: the columns that the keys of so many objects make.

    Args:
        place: where the objects stand.
        kind: what they are.
        counts: how many of them have each key.
        objects: how many they are.
    """
    if len(counts) > limits.MAX_COLUMNS:
        return Sheet(place, problems=(too_many_columns(place, len(counts)),))
    known = (*kind.columns, *kind.optional)
    by_column: dict[str, str] = {}
    for key, count in counts.items():
        # A key that every object has is judged once, as a header is; others with their row.
        if column_of(key) in known or count == objects:
            by_column.setdefault(column_of(key), key)
    return Sheet(place, tuple(by_column.values()), tuple(by_column), kind=kind)


def _sheet(place: Place, kind: Kind, items: Iterable[Item]) -> Sheet:
    listed = list(items)
    objects = [item.value for item in listed if isinstance(item.value, JsonObject)]
    counts = Counter(key for each in objects for key in dict.fromkeys(key for key, _ in each.pairs))
    sheet = header(place, kind, counts, len(objects))
    if sheet.problems:
        return sheet
    rows = Rows(place)
    for item in listed:
        if isinstance(item.value, JsonObject) and item.problem is None:
            row = row_of(place, kind, item.number, item.value, sheet.columns)
        else:
            row = unreadable_row(place, item)
        if not rows.add(row):
            break
    return replace(sheet, rows=tuple(rows.kept), problems=tuple(rows.problems))


def row_of(
    place: Place, kind: Kind, number: int, value: JsonObject, columns: tuple[str, ...]
) -> SheetRow:
    """Return an object as a row under columns that ``header`` made."""
    cells: dict[str, str] = {}
    problems: list[Problem] = []
    faulty: set[str] = set()
    unknown: list[str] = []
    for key, given in value.pairs:
        column = column_of(key)
        text, defect = _cell(given)
        if column not in columns:
            unknown.append(key)
        elif column in cells:
            message = f"'{shown(key)}' stands twice in the object"
            problems.append(_of_cell(place, number, column, text, message, "each key once"))
            faulty.add(column)
        elif defect:
            problems.append(
                _of_cell(
                    place, number, column, text, f"{shown(column)} is {defect}", "text or a number"
                )
            )
            faulty.add(column)
        cells.setdefault(column, text)
    given_columns = tuple(cells)
    for key in unknown:
        problem = unknown_column(place, key, given_columns, kind, number=number)
        problems.append(problem)
        # A misspelt key is one mistake: the cell it most likely stands for is not missing too.
        faulty |= {
            name for name in columns if name not in cells and f"'{name}'" in problem.suggestion
        }
    values = tuple(cells.get(column, "") for column in columns)
    return SheetRow(number, values, tuple(problems), frozenset(faulty))


def _of_cell(
    place: Place, number: int, column: str, value: str, message: str, expected: str
) -> Problem:
    return place.problem(message, expected=expected, number=number, column=column, value=value)


def _cell(value: Any) -> tuple[str, str]:
    """Return a value as the text of a cell, and what is wrong with it."""
    if value is None:
        return "", ""
    if isinstance(value, str):
        return value.strip(), ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _written(value), _called(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**_LONGEST_NUMBER:
        return str(int(value)), ""
    return str(value), "" if abs(value) < float("inf") else _called(_NoNumber(str(value)))


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.text if isinstance(value, _NoNumber) else _called(value)


def _called(value: Any) -> str:
    if isinstance(value, _NoNumber):
        return f"'{shown(value.text)}' (no number to count with)"
    if isinstance(value, bool):
        return f"the truth value {str(value).lower()}"
    names: dict[type, str] = {list: "a list", JsonObject: "an object", str: "a text"}
    return "nothing" if value is None else names.get(type(value), "a number")
