"""Writes a scenario as a TOML file that reads back the same."""

from __future__ import annotations

import json
import re

from compliance.values.records import Movement
from compliance.values.scenario import Scenario
from compliance.values.vocabulary import Status

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_OTHERWISE = ("@import", "@reduced:unspecified")
"""The outside places of a line that names none."""


def write_scenario(scenario: Scenario) -> str:
    """Return the scenario as TOML text, its lines in an order of their own."""
    wrote = scenario.written_for
    parts = [
        _lines(
            "",
            name=scenario.name,
            note=scenario.note,
            agreement=wrote.agreement,
            version=wrote.version,
            ledger_head=wrote.ledger_head,
        )
    ]
    if scenario.readings:
        parts.append(_lines("[readings]", **dict(sorted(scenario.readings.items()))))
    parts += [_movement(row) for row in scenario.ordered]
    for ceiling in sorted(
        scenario.ceilings, key=lambda c: (c.party, c.category, str(c.since or ""))
    ):
        parts.append(
            _lines(
                "[[ceiling]]",
                party=ceiling.party,
                category=ceiling.category,
                value=str(ceiling.value),
                since=str(ceiling.since or ""),
            )
        )
    return "\n\n".join(part for part in parts if part)


def _movement(row: Movement) -> str:
    common = {"type": row.type, "quantity": str(row.quantity), "on": str(row.date)}
    more = {"category": row.category, "note": row.more.note}
    if row.origin.party and row.destination.party:
        return _lines(
            "[[move]]", **common, **{"from": str(row.origin), "to": str(row.destination)}, **more
        )
    arrives = bool(row.destination.party)
    holder = row.destination if arrives else row.origin
    outside = row.origin.place if arrives else row.destination.place
    status = "" if holder.status is Status.OVERALL else holder.status.value
    return _lines(
        "[[add]]" if arrives else "[[remove]]",
        party=holder.party,
        **common,
        status=status,
        **{"from" if arrives else "to": "" if outside in _OTHERWISE else outside},
        **more,
    )


def _lines(header: str, **values: str) -> str:
    """Return a table; what is empty is left out."""
    lines = [
        f"{key if _BARE.fullmatch(key) else _text(key)} = {_text(value)}"
        for key, value in values.items()
        if value
    ]
    return "\n".join([*([header] if header else []), *lines])


def _text(value: str) -> str:
    # A JSON string is a TOML basic string, but for one character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
