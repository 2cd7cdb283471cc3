"""Phrases that several reports share, each made in one place so that it is translated once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from compliance.assess.words import small
from compliance.report.language import speak
from compliance.values.said import Brief, Said, joined, name, said, said_many


class _Law(Protocol):
    """What is told of a rule pack."""

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def sha256(self) -> str: ...


def limit(party: str, limited: str) -> Said:
    """Return whose limit on what: the names of a Party and of a category."""
    return said("{party}, {category}", party=name(party), category=small(limited))


def limits(count: int) -> Said:
    """Return a number of limits in words."""
    return said_many("{count} limit", "{count} limits", count)


def number(value: int) -> Said:
    """Return a number by itself."""
    return said("{number}", number=value)


def signed(value: int) -> Said:
    """Return a number with its sign; zero has none."""
    if value > 0:
        return said("+{number}", number=value)
    return number(value)


def day(value: date) -> Said:
    """Return a day by itself, in figures."""
    return said("{day}", day=Brief.of(value))


def sentences(texts: Iterable[str]) -> Said:
    """Return sentences one after the other; empty ones left out."""
    return joined(" ", [text for text in texts if text])


def capital(text: str) -> str:
    """Return a text, said in the language spoken now, with a capital at its beginning."""
    spoken = speak(text)
    return f"{spoken[:1].upper()}{spoken[1:]}"


def rule_pack(law: _Law) -> Said:
    """Return which rule pack was used."""
    return said(
        "Rule pack {id} {version}, SHA-256 {sha256}",
        id=law.id,
        version=law.version,
        sha256=law.sha256[:12],
    )


def readings(closed: Mapping[str, str]) -> list[Said]:
    """Return the answers given to open questions as a clause, or nothing where there are none."""
    if not closed:
        return []
    given = " ".join(f"--reading {question}={answer}" for question, answer in closed.items())
    return [said("readings: {options}", options=given)]


def clauses(texts: Sequence[str]) -> Said:
    """Return clauses that stand beside one another."""
    return joined("; ", texts)


def either(texts: Sequence[str]) -> Said:
    """Return what may be the one or the other."""
    found = joined("", texts[:1])
    for text in texts[1:]:
        found = said("{first} or {second}", first=found, second=text)
    return found


def both(texts: Sequence[str]) -> Said:
    """Return what is the one and the other."""
    found = joined("", texts[:1])
    for text in texts[1:]:
        found = said("{first} and {second}", first=found, second=text)
    return found
