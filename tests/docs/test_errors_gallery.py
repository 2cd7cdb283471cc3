"""Every error that a user can meet is in the gallery, as it is printed, with cause and cure."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import command_pages
import error_gallery
import error_sites
import pages
import pytest

from compliance.cli import options

if TYPE_CHECKING:
    from conftest import Run


def test_the_gallery_shows_every_error_as_it_is_printed(
    ledger: Path,
    program: Run,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    empty = tmp_path / "empty.db"
    assert program("--db", empty, "db", "init", "--empty").code == 0
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(options, "today", lambda: date(2026, 11, 20))
    with error_sites.watched() as lines:
        ground = error_gallery.Ground(folder, ledger, empty, program)
        text = error_gallery.page(ground)
    assert not ground.wrong, "\n".join(ground.wrong)
    if request.config.getoption("--update-golden"):
        error_gallery.PAGE.write_text(text, "utf-8", newline="\n")
    # First what is missing: it tells whoever adds a message what to do.
    missing = [
        site
        for site in error_sites.sites()
        if not any(file == site.file and site.first <= line <= site.last for file, line in lines)
        and not _excused(site)
    ]
    assert not missing, (
        f"{len(missing)} messages stand in no case of tests/docs/errors/*.toml; add one that meets "
        "them, or say in unreached.toml why no user can:\n" + "\n".join(map(str, missing))
    )
    stands = command_pages.written(error_gallery.PAGE)
    assert stands == text, "make golden writes docs/errors.md anew\n" + pages._difference(
        stands, text
    )


def _excused(site: error_sites.Site) -> bool:
    return any(
        place["file"] == site.file and place.get("says", "") in site.source
        for place in error_gallery.unreached()
    )


def test_every_excuse_is_about_a_place_that_is_there() -> None:
    there = error_sites.sites()
    for place in error_gallery.unreached():
        says = place.get("says", "")
        found = [site for site in there if site.file == place["file"] and says in site.source]
        assert found, f"nothing in {place['file']} says: {says}"
        assert len(place["why"]) > 15


def test_titles_are_unlike() -> None:
    titles = [case.title for chapter in error_gallery.chapters() for case in chapter.cases]
    assert len(titles) == len(set(titles))


def test_places_are_found_in_every_room_that_speaks_to_users() -> None:
    found = error_sites.sites()
    assert {site.file.split("/")[0] for site in found} >= {
        "agreement", "assess", "cli", "equipment", "intake", "ledger",
    }  # fmt: skip
    assert any("there is no submission" in site.source for site in found)
    assert any("'none' means 'limited by nothing'" in site.source for site in found)
