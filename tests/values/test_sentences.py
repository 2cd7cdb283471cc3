"""Sentences that are written when somebody asks for them are like those that always were."""

from __future__ import annotations

from compliance.values.said import Sentences


def test_they_are_written_once_and_not_before_somebody_asks() -> None:
    written: list[int] = []

    def write() -> tuple[str, ...]:
        written.append(1)
        return "One.", "Two.", "Three."

    found = Sentences(write)
    assert written == []
    assert (len(found), found[0], found[1:], list(found)) == (
        3,
        "One.",
        ("Two.", "Three."),
        ["One.", "Two.", "Three."],
    )
    assert written == [1]


def test_they_equal_what_says_the_same() -> None:
    found, same, other = (Sentences(lambda n=n: ("One.", n)) for n in ("Two.", "Two.", "Three."))
    assert found == same == ("One.", "Two.") == found != other
    assert hash(found) == hash(same) == hash(("One.", "Two."))
    assert found != ["One.", "Two."]
    assert repr(found) == repr(("One.", "Two."))
