"""Ledgers for the tests: made once by the migrations, then copied, which is quick."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from postgres_fixture import any_ledger, any_new_ledger, server
from sqlalchemy import URL

from compliance import resources
from compliance.ledger.schema import create

__all__ = ["any_ledger", "any_new_ledger", "server"]


@pytest.fixture(scope="session")
def new_ledger(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], URL]:
    """Return a function that makes one more empty ledger."""
    folder = tmp_path_factory.mktemp("ledgers")
    template = folder / "template.db"
    create(
        URL.create("sqlite", database=str(template)),
        resources.folder("migrations"),
        lambda _engine: None,
    )
    made = 0

    def make() -> URL:
        nonlocal made
        made += 1
        path: Path = folder / f"ledger-{made}.db"
        shutil.copy(template, path)
        return URL.create("sqlite", database=str(path))

    return make


@pytest.fixture
def ledger(new_ledger: Callable[[], URL]) -> URL:
    """An empty ledger."""
    return new_ledger()
