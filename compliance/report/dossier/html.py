"""The report as one HTML file: nothing outside it is needed, and nothing in it runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from compliance.assess.dossier import Dossier
from compliance.report import cells
from compliance.report.dossier import charts
from compliance.report.dossier.arrange import arranged
from compliance.report.dossier.parts import (
    Cards,
    Cell,
    Chart,
    Charts,
    Days,
    Items,
    Judged,
    Kind,
    Table,
    text_of,
)
from compliance.report.language import MARK, current, pieces, speak
from compliance.values.names import printable
from compliance.values.said import name, said
from compliance.values.vocabulary import Verdict

# An address ends before the bracket or quote that closes it; only these two schemes are links.
_ADDRESS = re.compile(r"https?://[^\s<>\"'`{}|\\^]+")

_FOREIGN = Markup('<span lang="en"><span class="mark">{}</span>{}</span>')


def render(dossier: Dossier) -> str:
    """Return the page."""
    document = arranged(dossier, current())

    def chart(found: Chart) -> Markup:
        return _chart(dossier, found)

    template = _environment().get_template("page.html.j2")
    page = template.render(document=document, chart=chart, lang=current())
    return re.sub(r"\n\s*\n+", "\n", page).strip()


@lru_cache(1)
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("compliance.report.dossier"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["speak"] = speak
    made.filters["linked"] = _linked
    made.filters["cell"] = _cell
    made.filters["tone"] = _tone
    made.filters["css"] = _class
    made.tests["table"] = lambda block: isinstance(block, Table)
    made.tests["items"] = lambda block: isinstance(block, Items)
    made.tests["cards"] = lambda block: isinstance(block, Cards)
    made.tests["charts"] = lambda block: isinstance(block, Charts)
    made.globals["said"] = said
    made.globals["name"] = name
    made.globals["key"] = charts.KEY
    made.globals["words"] = {verdict.value: cells.VERDICTS[verdict] for verdict in Verdict}
    return made


def _finalized(value: object) -> object:
    """Let no direction override and no control character into the page, whoever wrote it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _told(value, lambda text: escape(printable(text)))
    return value


def _told(text: str, write: Callable[[str], Markup]) -> Markup:
    """Return a text in the language spoken; what is English for want of a translation says so."""
    made = Markup()
    for piece in pieces(text):
        written = write(piece.text)
        made += _FOREIGN.format(MARK, written) if piece.foreign else written
    return made


def _linked(text: str) -> Markup:
    """Return a text with its addresses as links, everything else escaped."""
    return _told(text, _with_links)


def _with_links(text: str) -> Markup:
    made, place = Markup(), 0
    text = printable(text)
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(".,;:)")
        made += escape(text[place : found.start()])
        made += Markup('<a href="{0}" rel="noreferrer noopener">{0}</a>').format(address)
        place = found.start() + len(address)
    return made + escape(text[place:])


def _cell(cell: Cell) -> Markup:
    """Return a cell's text; a day is not broken, a span of days only between its ends."""
    if not isinstance(cell, Days):
        return _linked(text_of(cell))
    return _told(cell.text, _unbroken)


def _unbroken(text: str) -> Markup:
    words = [
        Markup("<wbr>").join(Markup('<span class="nb">{}</span>').format(end) for end in ends)
        for ends in (_with_dots(word) for word in text.split(" "))
    ]
    return Markup(" ").join(words)


def _with_dots(word: str) -> list[str]:
    first, dots, last = word.partition("..")
    return [first + dots, last] if dots else [word]


def _tone(cell: Cell) -> str:
    return f" {cell.verdict.value}" if isinstance(cell, Judged) else ""


def _class(kind: Kind) -> str:
    return "number" if kind is Kind.SHARE else kind.value


def _chart(dossier: Dossier, found: Chart) -> Markup:
    named = Markup(
        'aria-labelledby="{0}-title {0}-desc"><title id="{0}-title">{1}</title>'
        '<desc id="{0}-desc">{2}</desc>'
    ).format(found.id, printable(speak(found.title)), printable(speak(found.alt)))
    # The library escapes what it writes; what we add before it is escaped here.
    return Markup(charts.inline(dossier, found, str(named)))  # noqa: S704
