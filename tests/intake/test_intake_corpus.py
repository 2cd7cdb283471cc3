"""Files that once broke the importers, and others that might: all are read as promised.

``tools/fuzz_intake.py`` begins with them; what it finds is added to them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from intake_promises import keeps_promises

from compliance.cli.world import World
from compliance.intake.files import READERS
from compliance.intake.rows import Vocabulary

CORPUS = sorted((Path(__file__).parents[1] / "fixtures" / "corpus").iterdir())


@pytest.fixture(scope="module")
def full_vocabulary() -> Vocabulary:
    return World().vocabulary()


def test_the_corpus_has_files_of_every_format() -> None:
    assert len(CORPUS) >= 40
    assert {path.suffix[1:] for path in CORPUS} == set(READERS)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_every_file_is_read_as_promised(path: Path, full_vocabulary: Vocabulary) -> None:
    keeps_promises(path.read_bytes(), path.suffix[1:], full_vocabulary)
