"""A minimal valid rule pack as plain values, and how to write any such pack to a folder."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

CITE: dict[str, Any] = {
    "instrument": "Treaty of Testing",
    "status": "text",
    "grade": "A",
    "sources": ["treaty"],
}
DERIVED: dict[str, Any] = {**CITE, "status": "derived", "grade": "C"}
SIGNED = date(2000, 1, 1)


def small_pack() -> dict[str, dict[str, Any]]:
    """Return a fresh valid pack: a state with two entities, one neighbour, two categories."""
    pack = {
        "agreement.toml": {
            "id": "testing",
            "version": "1.0.0",
            "title": "Treaty of Testing",
            "short_title": "Testing",
            "signed": SIGNED,
            "in_force": SIGNED,
            "identity": dict(CITE),
            "currency": {"months": 13, **CITE},
        },
        "sources.toml": {"treaty": {"title": "The Treaty", "url": "https://example.org/treaty"}},
        "parties.toml": {
            "party": [
                _party("union", aliases=["UN1"]),
                _party("east", kind="entity", part_of="union", part_from=SIGNED),
                _party("west", kind="entity", part_of="union", part_from=SIGNED),
                _party("neighbour", aliases=["NB"]),
            ],
            "actor": [
                {"id": "guest", "name": "Guest", "wording": "The guest is no Party.", **CITE}
            ],
        },
        "categories.toml": {
            "attribute": [
                {"id": "kind", "label": "kind", "kind": "word", "words": ["gun", "vehicle"]},
                {"id": "calibre_mm", "label": "calibre", "kind": "number", "unit": "mm"},
                {"id": "tracked", "label": "tracked", "kind": "yes_no"},
            ],
            "category": [
                {
                    "id": "tank",
                    "name": "Tank",
                    "plural": "Tanks",
                    "aliases": ["tenk"],
                    **CITE,
                    "definition": [
                        {
                            "id": "tank",
                            "title": "Tank",
                            **CITE,
                            "criterion": [
                                {"attribute": "kind", "is": "vehicle", "text": "a vehicle"},
                                {"attribute": "tracked", "is": True, "text": "tracked"},
                            ],
                        }
                    ],
                },
                {
                    "id": "artillery",
                    "name": "Artillery",
                    "plural": "Artillery",
                    **CITE,
                    "definition": [
                        {
                            "id": "gun",
                            "title": "Gun",
                            **CITE,
                            "only_if": {"question": "small-guns", "reading": "included"},
                            "criterion": [
                                {"attribute": "kind", "in": ["gun"], "text": "a gun"},
                                {"attribute": "calibre_mm", "at_least": 75, "text": "75 mm"},
                            ],
                        }
                    ],
                },
            ],
        },
        "ceilings.toml": {
            "schedule": [
                {
                    "id": "first",
                    "title": "First ceilings",
                    "from": SIGNED,
                    "binding_from": date(2001, 1, 1),
                    **CITE,
                    "party": [
                        {"id": "union", "limits": {"tank": 30, "artillery": 60}},
                        {"id": "east", "limits": {"tank": 20, "artillery": 40}},
                        {"id": "west", "limits": {"tank": 10, "artillery": 20}},
                        {"id": "neighbour", "limits": {"tank": 30, "artillery": 60}},
                    ],
                }
            ],
            "proportion": [
                {
                    "schedule": "first",
                    "parties": ["east", "west"],
                    "ratio": [2, 1],
                    "text": "two to one",
                    **CITE,
                }
            ],
        },
        "counting.toml": {
            "rule": [
                {
                    "id": "research",
                    "holding_status": "research_development",
                    "counted": False,
                    "question": "exclusions",
                    "accepting": "apply",
                    "text": "Research items are not counted.",
                    **DERIVED,
                }
            ]
        },
        "questions.toml": {
            "question": [
                _question("small-guns", "included", "excluded", applied=True),
                _question("exclusions", "apply", "none"),
            ]
        },
        "obligations.toml": {
            "obligation": [
                {
                    "id": "annual",
                    "title": "Annual exchange",
                    "text": "Every year.",
                    "rhythm": "annual",
                    "due": "12-15",
                    "valid": "01-01",
                    "from": SIGNED,
                    **CITE,
                }
            ],
            "reporting_gap": [
                {"party": "union", "began": date(2005, 1, 1), "text": "Silence.", **CITE}
            ],
        },
    }
    return cast("dict[str, dict[str, Any]]", fresh(pack))


def fresh(value: Any) -> Any:
    """Return a copy that shares no table or list, not even within itself."""
    if isinstance(value, dict):
        return {key: fresh(child) for key, child in value.items()}
    return [fresh(child) for child in value] if isinstance(value, list) else value


def small_case() -> dict[str, Any]:
    """Return one valid worked case of the small pack."""
    return {
        "name": "A synthetic case",
        "why": "To show a case.",
        "as_of": date(2002, 1, 1),
        "holding": [
            {
                "party": "neighbour",
                "as_of": "2001-06-01..2001-06-30",
                "basis": "declared",
                "category": "tank",
                "quantity": 31,
                "source": "Synthetic",
            }
        ],
        "movement": [
            {
                "date": date(2001, 7, 1),
                "type": "T-1",
                "quantity": "1..2",
                "from": "neighbour",
                "to": "@export:Elsewhere",
                "basis": "press",
                "source": "Synthetic",
            }
        ],
        "expect": [
            {
                "party": "neighbour",
                "category": "tank",
                "counted": "29..31",
                "headroom": {"low": -1, "high": 1},
                "verdict": "indeterminate",
            }
        ],
    }


def _party(party: str, **more: Any) -> dict[str, Any]:
    table = {"id": party, "name": f"The {party}", "kind": "state", **more}
    return {**table, "membership": [{"from": SIGNED, **CITE}]}


def _question(question: str, default: str, other: str, *, applied: bool = False) -> dict[str, Any]:
    return {
        "id": question,
        "title": "Which?",
        "why_open": "The text was not seen.",
        "default": default,
        "applied": applied,
        **({"applied_because": "It is practice."} if applied else {}),
        **DERIVED,
        "reading": [{"id": default, "text": "This."}, {"id": other, "text": "That."}],
    }


def write_pack(folder: Path, files: dict[str, Any]) -> Path:
    """Write a pack; a file given as text is written as it stands."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        text = content if isinstance(content, str) else toml(content)
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder


def toml(tables: dict[str, Any]) -> str:
    """Return TOML that reads back as these tables; nested ones are written inline."""
    return "".join(f"{json.dumps(key)} = {_value(value)}\n" for key, value in tables.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value)
