"""The search for garbage is put off, and not made up for afterwards."""

from __future__ import annotations

import gc

import pytest

from compliance.cli.garbage import unsearched


def test_nothing_is_searched_inside_nor_at_the_end() -> None:
    searches: list[str] = []

    def note(phase: str, _about: dict[str, int]) -> None:
        searches.append(phase)

    gc.callbacks.append(note)
    try:
        with unsearched():
            assert not gc.isenabled()
            made = [[number] for number in range(2 * gc.get_threshold()[0])]
        made += [[]]
        assert not searches
    finally:
        gc.callbacks.remove(note)
    assert gc.isenabled()


def test_it_goes_on_after_an_error_too() -> None:
    with pytest.raises(ValueError, match="no"), unsearched():
        raise ValueError("no")
    assert gc.isenabled()
