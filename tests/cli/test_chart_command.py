"""``compliance chart``: SVG and PNG files, the same bytes always, their text kept as text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import fromstring

import pytest

if TYPE_CHECKING:
    from conftest import Run

AS_OF = ("--as-of", "2026-11-20")
SERBIA = (*AS_OF, "--party", "serbia", "--until", "2030")
KINDS = ("headroom", "history", "pipeline")


@pytest.mark.parametrize("kind", KINDS)
def test_svg_is_printed_or_written_the_same(kind: str, run: Run, tmp_path: Path) -> None:
    printed = run("chart", kind, *SERBIA)
    path = tmp_path / "chart.svg"
    written = run("chart", kind, *SERBIA, "-o", path)
    assert printed.code == written.code == 0, printed.stderr
    assert printed.raw == path.read_bytes()
    assert written.stdout == ""
    root = fromstring(printed.stdout)
    assert root.tag.endswith("svg")
    texts = [e.text for e in root.iter() if e.tag.endswith("}text")]
    assert any(text and "Serbia" in text for text in texts)
    assert "Date" not in printed.stdout
    assert "matplotlib" not in printed.stdout.lower()


@pytest.mark.parametrize("kind", KINDS)
def test_png_is_a_picture(kind: str, run: Run, tmp_path: Path) -> None:
    paths = [tmp_path / "one.png", tmp_path / "other.PNG"]
    for path in paths:
        assert run("chart", kind, *SERBIA, "-o", path).code == 0
    first, second = (path.read_bytes() for path in paths)
    assert first == second
    assert first.startswith(b"\x89PNG\r\n")
    assert b"tEXt" not in first[:200], "no program and no time in it"


def test_headroom_says_in_words_what_it_draws(run: Run) -> None:
    rows = run("audit", *SERBIA[:4], "--format", "json").json["rows"]
    texts = [e.text or "" for e in fromstring(run("chart", "headroom", *SERBIA).stdout).iter()]
    assert len(rows) == 5
    assert "494 of 948: cannot tell, old" in texts
    assert "14.. of (143?): cannot tell, old" in texts


def test_a_users_own_settings_of_the_library_change_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import matplotlib as mpl

    plain = run("chart", "history", *SERBIA).raw
    own = {"font.size": 20, "svg.fonttype": "path", "xtick.major.size": 20, "axes.grid": True}
    with mpl.rc_context(own):
        assert run("chart", "history", *SERBIA).raw == plain


def test_a_file_that_says_no_format_is_refused(run: Run, tmp_path: Path) -> None:
    for name in ("chart.pdf", "chart"):
        refused = run("chart", "headroom", *AS_OF, "-o", tmp_path / name)
        assert refused.code == 2
        assert "says neither SVG nor PNG" in refused.stderr
        assert ".svg or .png" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_draw_is_said(run: Run) -> None:
    refused = run("chart", "pipeline", *AS_OF, "--party", "montenegro")
    assert refused.code == 2
    assert "nothing changes in the look ahead" in refused.stderr
    assert refused.stdout == ""


def test_unknown_years_are_drawn_as_unknown(run: Run) -> None:
    from compliance.report.dossier import ink

    tanks = ("chart", "history", *AS_OF, "--party", "montenegro", "--category", "battle_tank")
    drawn = run(*tanks, "--basis", "declared").stdout
    assert ink.UNKNOWN in drawn
    assert ink.COUNTED not in drawn, "no figure is on record, and nothing is drawn as if one were"
    assert ink.COUNTED in run(*tanks).stdout
