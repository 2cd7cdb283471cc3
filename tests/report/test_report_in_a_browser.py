"""The report in a real browser: alone, silent, complete, readable, accessible, and on paper."""

from __future__ import annotations

import gettext
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser import Browser, browser
from report_readers import bounds

from compliance.report.language import spoken

if TYPE_CHECKING:
    from conftest import Run

__all__ = ["browser"]

AS_OF = ("--as-of", "2026-11-20")
SCREENS = [(1280, 800), (390, 844)]
# What A4 leaves between the margins of the page's own style, at 96 dots to the inch.
PAPER = (703, 1009)
SECTIONS = {
    "answer": "The answer",
    "headroom": "Headroom",
    "side-by-side": "The Parties side by side",
    "fleet": "Treaty count and active fleet",
    "history": "Headroom over the years",
    "ahead": "Planned deliveries ahead",
    "findings": "Findings",
    "outside": "Outside the limits, and why",
    "questions": "Open questions, and the answers in force",
    "sources": "Sources, with their grades",
    "reproduce": "How to reproduce it",
}
# Everything that is wider than its place: tables, cells, and the page itself.
TOO_WIDE = """
const page = document.documentElement;
// On a narrow screen the heads of the columns are there for screen readers only.
const wide = [...document.querySelectorAll('table, td, th, caption, svg, p, li, pre, code')].filter(
  e => !(e.closest('thead') && page.clientWidth < 500) && (
    e.getBoundingClientRect().right > page.clientWidth + 1 || (
      e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')));
const said = wide.map(e => e.tagName + ': ' + e.textContent.slice(0, 60));
if (page.scrollWidth > page.clientWidth) said.push('the page: ' + page.scrollWidth);
return said;
"""
SEEN = """
return [...document.querySelectorAll('h1, #answer p, #answer h3, #answer li')].filter(
  e => { const box = e.getBoundingClientRect();
         return box.width > 1 && box.bottom <= window.innerHeight && box.top >= 0; }
).map(e => e.textContent).join('\\n');
"""


@pytest.fixture(scope="module")
def report(program: Run, ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    made = program("--db", ledger, "report", *AS_OF, "-o", path)
    assert made.code == 3, made.stderr
    return path


@pytest.fixture(scope="module")
def small(program: Run, ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All sections of the report, of one limit: axe needs its time for each cell."""
    path = tmp_path_factory.mktemp("small") / "small.html"
    one = ("--party", "serbia", "--category", "combat_aircraft")
    made = program("--db", ledger, "report", *AS_OF, *one, "-o", path)
    assert made.code == 3, made.stderr
    return path


@pytest.fixture(scope="module")
def sheet(program: Run, ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sheet") / "sheet.html"
    made = program("--db", ledger, "report", *AS_OF, "--profile", "public", "-o", path)
    assert made.code == 3, made.stderr
    return path


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS, ids=["1280", "390"])
def test_it_opens_alone_and_in_silence(
    screen: tuple[int, int], dark: bool, browser: Browser, report: Path, sheet: Path
) -> None:
    for path in (report, sheet):
        browser.open(path, width=screen[0], height=screen[1], dark=dark)
        assert browser.requests() == [path.as_uri()]
        assert browser.complaints() == []
        assert browser.ask(TOO_WIDE) == []


def test_a_request_and_a_complaint_would_be_seen(
    browser: Browser, report: Path, tmp_path: Path
) -> None:
    page = report.read_text(encoding="utf-8")
    outside = "http://127.0.0.1:9/picture.png"
    policy = re.search(r"<meta http-equiv[^>]*>", page)
    assert policy is not None
    loose = page.replace(policy[0], "").replace("<main", f'<img alt="" src="{outside}"><main', 1)
    (tmp_path / "loose.html").write_text(loose, encoding="utf-8")
    browser.open(tmp_path / "loose.html", width=1280, height=800)
    assert outside in browser.requests()
    assert browser.complaints()
    # With the page's own policy not even that is asked for.
    strict = page.replace("<main", f'<img alt="" src="{outside}"><main', 1)
    (tmp_path / "strict.html").write_text(strict, encoding="utf-8")
    browser.open(tmp_path / "strict.html", width=1280, height=800)
    assert any("Content Security Policy" in text for text in browser.complaints())


def test_every_section_and_chart_is_there(browser: Browser, report: Path) -> None:
    browser.open(report, width=1280, height=800)
    found = browser.ask(
        "return [...document.querySelectorAll('main > section')].map("
        "s => [s.id, s.querySelector('h2').textContent]);"
    )
    assert dict(found) == SECTIONS
    assert [name for name, _ in found] == list(SECTIONS)
    charts = browser.ask(
        "return [...document.querySelectorAll('figure')].map(f => [f.id,"
        " f.querySelector('svg').getBoundingClientRect().height,"
        " f.querySelectorAll('svg text').length,"
        " f.querySelector('svg > title').textContent,"
        " f.querySelector('svg > desc').textContent.length]);"
    )
    names = [name.split("-")[0] for name, *_ in charts]
    assert {kind: names.count(kind) for kind in ("headroom", "history", "pipeline")} == {
        "headroom": 4,
        "history": 7,
        "pipeline": 6,
    }
    for name, height, texts, title, described in charts:
        assert height > 80, name
        assert texts >= 5, f"{name}: its text is text"
        assert title, name
        assert described > 60, name


def test_its_values_are_those_of_the_audit(browser: Browser, report: Path, run: Run) -> None:
    browser.open(report, width=390, height=844)
    shown = browser.ask(
        "return [...document.querySelectorAll('#table-headroom tbody tr')].map("
        "r => [...r.children].map(c => c.textContent));"
    )
    rows = run("audit", *AS_OF, "--format", "json").json["rows"]
    assert len(rows) == len(shown) == 20
    for row, cells in zip(rows, shown, strict=True):
        assert cells[0] == row["party_name"]
        for place, name in ((2, "held"), (4, "counted"), (5, "ceiling"), (6, "headroom")):
            span = row[name]
            expected = (None, None) if span is None else (span["low"], span["high"])
            assert bounds(cells[place]) == expected, (cells, name)


@pytest.mark.parametrize("screen", SCREENS, ids=["1280", "390"])
def test_the_first_screen_says_who_is_within_who_is_not_known_and_why(
    screen: tuple[int, int], browser: Browser, report: Path
) -> None:
    browser.open(report, width=screen[0], height=screen[1])
    seen = browser.ask(SEEN)
    for name in ("Bosnia and Herzegovina", "Croatia", "Serbia", "Montenegro"):
        assert name in seen
    assert "0 within, 0 exceeded, 20 not known" in seen
    assert "A figure speaks for 13 months" in seen
    assert "12 September 2019" in seen
    if screen[0] > 500:
        assert seen.count("Known last:") == 4, "on a wide screen all of it"


@pytest.mark.parametrize(
    ("screen", "dark"),
    [
        pytest.param(SCREENS[0], False, id="1280-light"),
        pytest.param(SCREENS[1], True, id="390-dark"),
        pytest.param(SCREENS[0], True, id="1280-dark", marks=pytest.mark.long),
        pytest.param(SCREENS[1], False, id="390-light", marks=pytest.mark.long),
    ],
)
def test_axe_finds_no_fault(
    screen: tuple[int, int], dark: bool, browser: Browser, small: Path, sheet: Path
) -> None:
    from axe_core_python.selenium import Axe

    for path in (small, sheet):
        browser.open(path, width=screen[0], height=screen[1], dark=dark)
        assert _faults(Axe().run(browser.driver)) == []


@pytest.mark.long
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_no_fault_in_the_whole(browser: Browser, report: Path, dark: bool) -> None:
    from axe_core_python.selenium import Axe

    browser.open(report, width=1280, height=800, dark=dark)
    assert _faults(Axe().run(browser.driver)) == []


def test_axe_would_find_one(browser: Browser, sheet: Path, tmp_path: Path) -> None:
    from axe_core_python.selenium import Axe

    page = (
        sheet.read_text(encoding="utf-8")
        .replace('lang="en"', "")
        .replace(
            "<main", '<p style="color:#ccc;background:#fff">pale</p><img src="data:,"><main', 1
        )
    )
    (tmp_path / "poor.html").write_text(page, encoding="utf-8")
    browser.open(tmp_path / "poor.html", width=1280, height=800)
    found = {name for name, *_ in _faults(Axe().run(browser.driver))}
    assert {"html-has-lang", "color-contrast", "image-alt"} <= found


def _faults(result: Any) -> list[tuple[str, str, str]]:
    return [
        (fault["id"], fault["impact"], node["html"][:120])
        for fault in result["violations"]
        if fault["impact"] in ("serious", "critical", "moderate")
        for node in fault["nodes"][:3]
    ]


def test_keys_reach_everything_that_can_be_followed(browser: Browser, report: Path) -> None:
    browser.open(report, width=1280, height=800)
    first = browser.ask(
        "const a = document.querySelector('a'); a.focus();"
        " return [a.textContent, a.getBoundingClientRect().left >= 0, a.getAttribute('href')];"
    )
    assert first == ["Skip to the report", True, "#main"]
    running = "return document.querySelectorAll('script, iframe, object, form').length"
    assert browser.ask(running) == 0
    broken = browser.ask(
        "return [...document.querySelectorAll('a[href^=\"#\"]')]"
        ".filter(a => !document.querySelector(a.getAttribute('href'))).length;"
    )
    assert broken == 0
    twice = browser.ask(
        "const ids = [...document.querySelectorAll('[id]')].map(e => e.id);"
        " return ids.filter((id, place) => ids.indexOf(id) !== place);"
    )
    assert twice == []
    levels = browser.ask(
        "return [...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1]);"
    )
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_no_table_is_cut_off_on_paper(browser: Browser, report: Path, sheet: Path) -> None:
    for path in (report, sheet):
        browser.open(path, width=PAPER[0], height=PAPER[1], media="print")
        tables = browser.ask(
            "return [...document.querySelectorAll('table')].map("
            "t => [t.id, t.getBoundingClientRect().width]);"
        )
        assert tables
        assert [(name, wide) for name, wide in tables if wide > PAPER[0] + 1] == []
        assert browser.ask(TOO_WIDE) == []
        heads = browser.ask(
            "return [...document.querySelectorAll('thead')].map(h => getComputedStyle(h).display);"
        )
        assert set(heads) == {"table-header-group"}, "repeated on every page"


def test_it_prints_on_a4_and_the_fact_sheet_on_one_page(
    browser: Browser, report: Path, sheet: Path
) -> None:
    pages = {}
    for path in (report, sheet):
        browser.open(path, width=1280, height=800)
        pdf = browser.pdf()
        sizes = set(re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)[.\d]*\]", pdf))
        assert sizes <= {(b"594", b"841"), (b"595", b"842"), (b"595", b"841"), (b"594", b"842")}
        assert sizes
        pages[path] = len(re.findall(rb"/Type /Page\b", pdf))
    assert pages[sheet] == 1
    assert 10 < pages[report] < 40


def test_it_is_light(report: Path, sheet: Path) -> None:
    assert report.stat().st_size < 1_000_000
    assert sheet.stat().st_size < 60_000


class _Longer(gettext.NullTranslations):
    """A language whose words are longer by two fifths."""

    def gettext(self, message: str) -> str:
        pieces = re.split(r"(\{[^{}]*\})", message)
        return "".join(
            piece if place % 2 else re.sub(r"[A-Za-z]{2,}", self._longer, piece)
            for place, piece in enumerate(pieces)
        )

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    @staticmethod
    def _longer(found: re.Match[str]) -> str:
        return found[0] + "enjšima"[: max(1, round(len(found[0]) * 0.4))]


@pytest.mark.long
def test_longer_words_of_another_language_fit(
    browser: Browser,
    program: Run,
    ledger: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spoken, "speaker", lambda tag: spoken.Speaker(tag, _Longer()))
    path = tmp_path / "longer.html"
    made = program("--db", ledger, "report", *AS_OF, "--lang", "hr", "-o", path)
    assert made.code == 3, made.stderr
    assert "Headroomenj" in path.read_text(encoding="utf-8")
    for width, height in SCREENS:
        browser.open(path, width=width, height=height)
        assert browser.ask(TOO_WIDE) == []
        assert browser.complaints() == []
    browser.open(path, width=PAPER[0], height=PAPER[1], media="print")
    assert browser.ask(TOO_WIDE) == []
