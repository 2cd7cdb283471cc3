"""A pack is the same bytes whatever language its maker reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Run


@pytest.mark.long
def test_a_pack_is_english_whatever_the_surroundings_say(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("--as-of", "2019-12-31", "--party", "montenegro")
    english, croatian = tmp_path / "english.zip", tmp_path / "croatian.zip"
    outcome = run("pack", english, *asked)
    assert outcome.code == 0, outcome.stderr
    monkeypatch.setenv("COMPLIANCE_LANG", "hr")
    assert run("pack", croatian, *asked).code == 0
    assert croatian.read_bytes() == english.read_bytes()
    assert run("pack", "verify", croatian).code == 0
