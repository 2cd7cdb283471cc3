"""The same numbers in every language, in local form for people and never for machines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pytest
from babel.dates import get_month_names

from compliance.assess.dossier import Dossier
from compliance.report import audit_csv, audit_json, audit_table
from compliance.report.dossier import csv, json, markdown
from compliance.report.language import LANGUAGES, day, number, speaking
from compliance.report.style import Style
from compliance.values.said import Brief, BriefMonth

if TYPE_CHECKING:
    from conftest import Run

LOCAL = [tag for tag in LANGUAGES if tag != "en"]
_LOCALES = {"en": "en", "bs": "bs", "hr": "hr", "cnr": "sr_Latn_ME"}
_LOCALES |= {"sr-Latn": "sr_Latn", "sr-Cyrl": "sr_Cyrl"}


def _undone(text: str, tag: str) -> str:
    """Return a text with its days as ISO writes them and its numbers as English does."""
    text = re.sub(r"https?://\S+", "", text)
    # What is not translated is told in English, with English numbers and days.
    months = _months(tag)
    text = re.sub(
        rf"\b(?:(\d+)\.? )?({'|'.join(months)}) (\d{{4}})",
        lambda found: f"{found[3]}-{months[found[2]]}-{found[1] or ''}",
        text,
    )
    if tag != "en":
        text = re.sub(r"(\d+)\.\xa0(\d+)\.\xa0(\d{4})\.", r"\3-\2-\1", text)
        text = re.sub(r"\b(\d\d?)(?:\.\xa0|/)(\d{4})\b\.?", r"\2-\1", text)
        text = re.sub(r"(?<=\d)\.(?=\d{3}\b)", "", text)
        text = re.sub(r"(?<=\d),(?=(?:\d{1,2}|\d{4,})\b)", ".", text)
    return re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)


@cache
def _months(tag: str) -> dict[str, int]:
    return {
        name: place
        for locale in ("en", _LOCALES[tag])
        for width in ("format", "stand-alone")
        for place, name in get_month_names("wide", width, locale).items()
    }


def _numbers(text: str, tag: str) -> Counter[str]:
    """Return the numbers of a text; where they stand may differ from language to language."""
    found = re.findall(r"\d+(?:\.\d+)?", _undone(text, tag))
    return Counter(each.lstrip("0") for each in found if each.strip("0."))


Render = Callable[[Dossier], str]
RENDERED: dict[str, Render] = {
    "report": markdown.render,
    "audit": lambda found: audit_table.render(
        found.audit, report="both", by="party", style=Style(markdown=True, details=True)
    ),
}


@pytest.mark.parametrize("what", RENDERED)
def test_every_language_tells_the_same_numbers(what: str, whole: Dossier) -> None:
    expected = _numbers(RENDERED[what](whole), "en")
    assert len(expected) > 100
    for tag in LOCAL:
        with speaking(tag):
            told = RENDERED[what](whole)
        told = told.replace(f"--lang {tag}", "")
        assert _numbers(told, tag) == expected, tag


@pytest.mark.parametrize(
    ("english", "croatian", "same"),
    [
        ("1,234 on 2019-12-31", "1.234 na dan 31.\xa012.\xa02019.", True),
        ("1,234 on 2019-12-31", "1.243 na dan 31.\xa012.\xa02019.", False),
        ("1,234 on 31 December 2019", "na dan 31. prosinca 2019.: 1.234", True),
        ("1,234 on 31 December 2019", "na dan 30. prosinca 2019.: 1.234", False),
        ("93.5 in September 2019", "rujan 2019.: 93,5", True),
        ("93.5 in September 2019", "rujan 2019.: 935", False),
    ],
)
def test_a_wrong_number_would_be_found(english: str, croatian: str, same: bool) -> None:
    assert (_numbers(english, "en") == _numbers(croatian, "hr")) is same


@pytest.mark.parametrize("tag", LOCAL)
def test_numbers_and_days_have_their_local_form(tag: str) -> None:
    with speaking(tag):
        assert number(1234567) == "1.234.567"
        assert number(-1234) == "-1.234"
        assert re.fullmatch(r"12\.\s0?9\.\s2019\.", day(Brief(2019, 9, 12)))
        assert re.fullmatch(r"0?9(\.\s|/)2019\.?", day(BriefMonth(2019, 9, 1)))
        assert re.fullmatch(r"12\. \w+ 2019\.", day(date(2019, 9, 12)))
    assert number(1234567) == "1,234,567"
    assert day(Brief(2019, 9, 12)) == "2019-09-12"
    assert day(BriefMonth(2019, 9, 1)) == "2019-09"
    assert day(date(2019, 9, 12)) == "12 September 2019"


def test_machine_formats_are_the_same_in_every_language(whole: Dossier) -> None:
    def machine() -> list[str]:
        audit = whole.audit
        return [
            csv.render(whole),
            json.render(whole),
            audit_csv.headroom(audit),
            audit_csv.findings(audit),
            audit_json.render(audit, with_findings=True),
        ]

    expected = machine()
    for tag in LOCAL:
        with speaking(tag):
            assert machine() == expected, tag


def test_the_command_line_takes_the_language_from_an_option_or_from_the_surroundings(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("audit", "--as-of", "2019-12-31", "--party", "montenegro", "--exit-zero")
    table, machine = run(*asked), run(*asked, "--format", "json")
    croatian = run(*asked, "--lang", "hr")
    assert croatian.stdout != table.stdout
    assert run(*asked, "--format", "json", "--lang", "hr").raw == machine.raw
    monkeypatch.setenv("COMPLIANCE_LANG", "hr")
    assert run(*asked).raw == croatian.raw
    assert run(*asked, "--format", "json").raw == machine.raw
    assert run(*asked, "--lang", "en").raw == table.raw
    monkeypatch.delenv("COMPLIANCE_LANG")
    assert run(*asked).raw == table.raw
    wrong = run(*asked, "--lang", "xx")
    assert wrong.code == 2
    assert "sr-Cyrl" in wrong.stderr.replace("cyrl", "Cyrl")
