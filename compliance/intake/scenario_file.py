"""Reads a scenario: a TOML file, or the same said in options. Strict, every mistake at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from compliance.intake.scenario_values import Complaint, Place, ScenarioNames, Table
from compliance.values.dates import DateSpan
from compliance.values.errors import InvalidInput, Problem
from compliance.values.records import Account, Movement, Particulars
from compliance.values.scenario import AssumedCeiling, Scenario, WrittenFor
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State

MAX_BYTES = 1_000_000
"""No scenario that a person writes is larger; a larger file is another kind of file."""

_KEYS = (
    *("name", "note", "agreement", "version", "ledger_head"),
    *("readings", "add", "remove", "move", "ceiling"),
)
_ADD = ("party", "type", "quantity", "on", "category", "status", "from", "note")
_REMOVE = ("party", "type", "quantity", "on", "category", "status", "to", "note")
_MOVE = ("type", "quantity", "on", "category", "from", "to", "note")
_CEILING = ("party", "category", "value", "since")


def examine_files(
    paths: Iterable[Path], names: ScenarioNames, day: date
) -> tuple[tuple[Scenario, ...], list[Problem]]:
    """Read scenario files.

    Args:
        paths: the files.
        names: what law and catalogue know.
        day: the day on which a line happens that names none.

    Returns:
        The scenarios without a mistake, and the mistakes of all files.
    """
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for path in paths:
        document = _load(path, problems)
        if document is not None:
            found = examine(document, Place(str(path)), names, day, problems, name=path.stem)
            if found is not None:
                scenarios.append(found)
    return tuple(scenarios), problems


def checked(problems: list[Problem]) -> None:
    """Refuse to go on where there are mistakes.

    Raises:
        InvalidInput: there is at least one.
    """
    if problems:
        count = len(problems)
        raise InvalidInput(
            f"{count} mistake{'' if count == 1 else 's'} in what is assumed; nothing was computed",
            problems,
            todo="correct what is listed above; the form is shown by: compliance whatif --help",
        )


def examine(
    document: Mapping[str, Any],
    place: Place,
    names: ScenarioNames,
    day: date,
    problems: list[Problem],
    *,
    name: str,
) -> Scenario | None:
    """Read what a scenario says; add every mistake to ``problems``.

    Args:
        document: the plain values of the file, or of the options.
        place: where they stand, for messages.
        names: what law and catalogue know.
        day: the day on which a line happens that names none.
        problems: the mistakes found so far.
        name: the scenario's name where it gives itself none.

    Returns:
        The scenario; ``None`` where it holds a mistake.
    """
    before = len(problems)
    reader = _Reader(place, names, day, problems)
    scenario = reader.read(document, name)
    return scenario if len(problems) == before else None


class _Reader:
    def __init__(
        self, place: Place, names: ScenarioNames, day: date, problems: list[Problem]
    ) -> None:
        self._place = place
        self._names = names
        self._day = day
        self._problems = problems

    def read(self, document: Mapping[str, Any], name: str) -> Scenario:
        top = self._table(document, "", _KEYS)
        lines = [
            *(self._added(table) for table in self._tables(top, "add", _ADD)),
            *(self._removed(table) for table in self._tables(top, "remove", _REMOVE)),
            *(self._moved(table) for table in self._tables(top, "move", _MOVE)),
        ]
        found = [self._ceiling(table) for table in self._tables(top, "ceiling", _CEILING)]
        self._contradictions(found)
        ceilings = [ceiling for ceiling in found if ceiling is not None]
        readings = self._readings(top)
        return Scenario(
            name=top.text("name") or name,
            movements=tuple(line for line in lines if line is not None),
            ceilings=tuple(dict.fromkeys(ceilings)),
            readings=MappingProxyType(readings),
            written_for=WrittenFor(
                top.text("agreement"), top.text("version"), top.text("ledger_head")
            ),
            note=top.text("note"),
        )

    def _table(self, values: Mapping[str, Any], path: str, keys: tuple[str, ...]) -> Table:
        return Table(values, path, keys, self._place, self._problems)

    def _tables(self, top: Table, key: str, keys: tuple[str, ...]) -> Iterator[Table]:
        for number, values in top.tables(key, f"[[{key}]]"):
            yield self._table(values, f"{key}[{number}]", keys)

    def _readings(self, top: Table) -> dict[str, str]:
        values = top.mapping("readings", "[readings]")
        table = self._table(values, "readings", tuple(values))
        readings: dict[str, str] = {}
        for question in values:
            answer = table.text(question, required=True)
            complaint = self._names.about_reading(question, answer) if answer else None
            if complaint is not None:
                table.wrong(question, complaint)
            readings[question] = answer
        return dict(sorted(readings.items()))

    def _added(self, table: Table) -> Movement | None:
        destination = self._holder(table)
        origin = _outside(table, "from", "import", "")
        return self._movement(table, origin, destination)

    def _removed(self, table: Table) -> Movement | None:
        origin = self._holder(table)
        destination = _outside(table, "to", "export", "@reduced:unspecified")
        return self._movement(table, origin, destination)

    def _moved(self, table: Table) -> Movement | None:
        origin, destination = self._account(table, "from"), self._account(table, "to")
        if origin is not None and origin == destination:
            table.wrong("to", Complaint(f"'{origin}' is where it comes from", "another account"))
        return self._movement(table, origin, destination)

    def _movement(
        self, table: Table, origin: Account | None, destination: Account | None
    ) -> Movement | None:
        designation = table.text("type", required=True)
        category = self._category(table, required=False)
        quantity = table.quantity("quantity")
        dates = table.dates("on") or DateSpan.on(self._day)
        note = table.text("note")
        if quantity is not None and quantity.high == 0:
            table.wrong("quantity", Complaint("a quantity of 0 assumes nothing", "at least 1"))
        if designation and category is not None:
            complaint = self._names.about_type(designation, category)
            if complaint is not None:
                table.wrong("type", complaint)
        if not designation or None in (category, quantity, origin, destination):
            return None
        assert category is not None
        assert quantity is not None
        assert origin is not None
        assert destination is not None
        return Movement(
            date=dates,
            type=designation,
            category=category,
            quantity=quantity,
            origin=origin,
            destination=destination,
            state=State.DONE,
            basis=Basis.DECLARED,
            source="assumed for the sake of argument",
            more=Particulars(note=note),
        )

    def _ceiling(self, table: Table) -> AssumedCeiling | None:
        party = self._party(table, "party")
        category = self._category(table, required=True)
        value = table.quantity("value")
        since = table.day("since") or self._day
        if party is None or not category or value is None:
            return None
        return AssumedCeiling(party, category, value, since)

    def _contradictions(self, ceilings: list[AssumedCeiling | None]) -> None:
        seen: dict[tuple[str, str, date | None], Span] = {}
        for number, ceiling in enumerate(ceilings, start=1):
            if ceiling is None:
                continue
            key = (ceiling.party, ceiling.category, ceiling.since)
            if seen.setdefault(key, ceiling.value) != ceiling.value:
                self._problems.append(
                    self._place.problem(
                        f"ceiling[{number}].value",
                        Complaint(
                            f"{ceiling.value} for {ceiling.party}, {ceiling.category} from the "
                            f"same day as {seen[key]}",
                            "one ceiling for one party and category from one day on",
                        ),
                    )
                )

    def _holder(self, table: Table) -> Account | None:
        party, status = self._party(table, "party"), table.status("status")
        return Account(party, status) if party is not None else None

    def _party(self, table: Table, key: str) -> str | None:
        text = table.text(key, required=True)
        return self._resolved(table, key, text) if text else None

    def _resolved(self, table: Table, key: str, text: str) -> str | None:
        party = self._names.resolve_party(text)
        if party is None:
            table.unknown(key, text, "party", self._names.party_names)
        return party

    def _category(self, table: Table, *, required: bool) -> str | None:
        """Return the id, empty where left out; ``None`` where there is no such category."""
        text = table.text("category", required=required)
        if not text:
            return ""
        category = self._names.resolve_category(text)
        if category is None:
            table.unknown("category", text, "category", self._names.category_ids)
        return category

    def _account(self, table: Table, key: str) -> Account | None:
        text = table.text(key, required=True)
        if not text:
            return None
        if text.startswith("@"):
            table.wrong(
                key,
                Complaint(
                    f"'{text}' is outside the agreement",
                    "a party, or party:status",
                    "write what comes in under [[add]], what goes out under [[remove]]",
                ),
            )
            return None
        name, _, status = (part.strip() for part in text.partition(":"))
        party = self._resolved(table, key, name)
        meant = table.status_named(key, status)
        return Account(party, meant) if party is not None and meant is not None else None


def _outside(table: Table, key: str, place: str, otherwise: str) -> Account | None:
    """Return the outside place that a free text names: ``France`` is ``@import:France``."""
    text = table.text(key)
    if not text:
        return Account(place=otherwise or f"@{place}")
    try:
        account = Account.parse(text if text.startswith("@") else f"@{place}:{text}")
    except ValueError as error:
        table.wrong(key, Complaint(str(error), f"the name of a country, or such as @{place}:NAME"))
        return None
    return account


def _load(path: Path, problems: list[Problem]) -> dict[str, Any] | None:
    """Return the values of a TOML file; ``None`` where it cannot be read."""
    place = Place(str(path))
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        problems.append(place.problem("", Complaint(f"cannot be read: {error.strerror or error}")))
        return None
    if len(content) > MAX_BYTES:
        message = f"holds more than {MAX_BYTES} bytes: no scenario"
        problems.append(place.problem("", Complaint(message)))
        return None
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        problems.append(place.problem("", Complaint("is no UTF-8 text", "a TOML file in UTF-8")))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(place.problem("", Complaint(f"is no TOML: {error}", "a TOML file")))
    return None
