"""Reports to be told in other languages, each computed once."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pseudo import pseudo_speaker

from compliance.assess.dossier import Dossier
from compliance.cli import options
from compliance.cli.dossier import dossier
from compliance.cli.world import World
from compliance.report.language import spoken

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))


@pytest.fixture(scope="package")
def world(ledger: Path) -> World:
    return World(db=str(ledger))


def _made(world: World, day: date, **asked: Any) -> Dossier:
    given: dict[str, Any] = {"parties": (), "categories": (), "readings": (), **asked}
    request = options.request(
        world.law, as_of=day, known_at=None, basis=None, accept_stale=False, **given
    )
    return dossier(world, request, until=None)


@pytest.fixture(scope="package")
def whole(world: World) -> Dossier:
    """Everybody, with plans ahead, old figures and open questions."""
    return _made(world, date(2026, 11, 20))


@pytest.fixture(scope="package")
def early(world: World) -> Dossier:
    """Limits that do not bind yet, and closed questions; no Party, and somebody who is none."""
    closed = ("post-2006-ceilings=derived", "armed-drones=counted")
    parties, categories = ("republika-srpska", "kosovo"), ("artillery", "combat_aircraft")
    return _made(world, date(1997, 1, 1), parties=parties, categories=categories, readings=closed)


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the tag that is returned be of a language into which everything is translated."""
    monkeypatch.setattr(spoken, "speaker", pseudo_speaker)
    return "sr-Cyrl"
