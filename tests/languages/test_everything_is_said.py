"""What people read can all be translated; what has no translation is seen to be English."""

from __future__ import annotations

import gettext
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from pseudo import (
    latin_words,
    texts_of_markdown,
    texts_of_page,
    texts_of_workbook,
    written,
)

from compliance.assess.dossier import Dossier, Profile
from compliance.assess.result import FindingKind
from compliance.report import audit_table, finding_words
from compliance.report.dossier import charts, html, markdown, xlsx
from compliance.report.language import pieces, speak, speaking, spoken
from compliance.report.language.spoken import Speaker
from compliance.report.style import Style
from compliance.values.said import english, name, said

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


@pytest.mark.parametrize(("asked", "by"), [("whole", "party"), ("early", "category")])
def test_an_audit_says_everything(
    asked: str, by: str, pseudo: str, request: pytest.FixtureRequest
) -> None:
    audit = request.getfixturevalue(asked).audit
    with speaking(pseudo):
        for style in (Style(details=True), Style(markdown=True)):
            told = audit_table.render(audit, report="both", by=by, style=style)
            assert written("Headroom") in told
            assert latin_words(texts_of_markdown(told)) == set()


def test_a_report_says_everything(whole: Dossier, pseudo: str) -> None:
    with speaking(pseudo):
        told = markdown.render(whole)
    assert latin_words(texts_of_markdown(told)) == set()
    # A test that would pass whatever is told shows nothing.
    assert latin_words(texts_of_markdown(f"{told} | plainly | ")) == {"plainly"}


def test_a_workbook_says_everything(early: Dossier, pseudo: str) -> None:
    with speaking(pseudo):
        book = xlsx.render(early)
    assert latin_words(texts_of_workbook(book)) == set()


def test_a_page_and_its_charts_say_everything(early: Dossier, pseudo: str) -> None:
    with speaking(pseudo):
        page = html.render(early)
        sheet = charts.alone(early, "headroom", "svg").decode("utf-8")
    assert f'<html lang="{pseudo}"' in page
    assert written("Skip to the report") in page
    assert latin_words(texts_of_page(page)) == set()
    assert latin_words(texts_of_page(sheet)) == set()


def test_each_kind_of_finding_has_a_word() -> None:
    assert {kind for kind in FindingKind if finding_words.word(kind)} == set(FindingKind)


class _Little(gettext.NullTranslations):
    """A catalogue with two texts."""

    def gettext(self, message: str) -> str:
        return {"{what}, old": "{what}, staro", "Verdict": "Zaključak"}.get(message, message)


@pytest.fixture
def _little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken, "speaker", lambda tag: Speaker(tag, _Little()))


@pytest.mark.usefixtures("_little")
def test_what_is_not_translated_is_marked_and_names_are_not() -> None:
    text = said("{what}, old", what=said("a figure of {number}", number=1234))
    with speaking("hr"):
        assert speak(text) == "[en] a figure of 1,234, staro"
        assert [(piece.text, piece.foreign) for piece in pieces(text)] == [
            ("a figure of 1,234", True),
            (", staro", False),
        ]
        assert speak(name("Montenegro")) == "Montenegro"
        assert speak(english("The text was not seen.")) == "[en] The text was not seen."
        assert speak("M-84") == "M-84"
        # The full stop of a day is that of its sentence too.
        ended = said("{law}.", law=said("{day}", day=date(2019, 12, 31)))
        assert speak(ended) == "31. prosinca 2019."
        assert speak(said("{law}.", law=name("M-84"))) == "M-84."
        assert Style().item(text) == "- [en] a figure of 1,234, staro"
        assert Style(markdown=True).item(text) == r"- \[en\] a figure of 1,234, staro"
        table = Style().table([said("Verdict"), said("Held")], [[text, "M-84"]], ["left", "left"])
        assert table.splitlines()[0].split() == ["Zaključak", "[en]", "Held"]


@pytest.mark.usefixtures("_little")
def test_a_page_marks_what_is_not_translated_for_eyes_and_for_screen_readers(
    early: Dossier,
) -> None:
    with speaking("hr"):
        page = html.render(replace(early, profile=Profile.PUBLIC))
    mark = '<span class="mark">[en] </span>'
    assert f'<span lang="en">{mark}The answer</span></h2>' in page
    assert '<html lang="hr"' in page
    assert ">Zaključak</th>" in page
    assert f"{mark}Serbia" not in page


def test_a_report_tells_its_language_and_how_to_make_it_again(run: Run, tmp_path: Path) -> None:
    asked = ("report", "--as-of", "2019-12-31", "--party", "montenegro", "--profile", "public")
    outcome = run(*asked, "--lang", "hr", "--format", "markdown", "--exit-zero")
    assert outcome.code == 0, outcome.stderr
    assert "hrvatski" in outcome.stdout
    assert "--lang hr" in outcome.stdout
    assert "12.\xa009.\xa02019." in outcome.stdout
    plain = run(*asked, "--format", "markdown", "--exit-zero")
    assert "hrvatski" not in plain.stdout
    assert "--lang" not in plain.stdout
    assert "2019-09-12" in plain.stdout


def test_the_charts_have_the_letters_of_every_language() -> None:
    from matplotlib import font_manager

    font = font_manager.get_font(font_manager.findfont("DejaVu Sans"))
    for letter in "čćđšžśźČĆĐŠŽŚŹабвгдђежзијклљмнњопрстћуфхцчџшЂЉЊЋЏ":
        assert font.get_char_index(ord(letter)), letter
