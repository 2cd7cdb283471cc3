"""The report as Markdown: for wikis, mail and version control. A chart stands in words."""

from __future__ import annotations

from compliance.assess.dossier import Dossier
from compliance.report import cells
from compliance.report.dossier.arrange import arranged
from compliance.report.dossier.parts import (
    Block,
    Card,
    Cards,
    Chart,
    Charts,
    Items,
    Kind,
    Table,
    text_of,
)
from compliance.report.language import current
from compliance.report.style import Style
from compliance.values.said import name, said
from compliance.values.vocabulary import Verdict

_STYLE = Style(markdown=True)


def render(dossier: Dossier) -> str:
    """Return the report."""
    document = arranged(dossier, current())
    parts = [_STYLE.title(document.title, level=1), _STYLE.wrap(document.subtitle)]
    if document.notice:
        parts.append(_STYLE.wrap(document.notice))
    if document.marking:
        marking = said("Rests on rows marked: {marks}", marks=document.marking)
        parts.append(_STYLE.strong(marking).rstrip())
    for section in document.sections:
        parts.append(_STYLE.title(section.title))
        parts += [_block(block) for block in section.blocks]
    return "\n\n".join(parts)


def _block(block: Block) -> str:
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Items):
        title = _STYLE.title(block.title, level=3)
        return f"{title}\n\n{_STYLE.terms(block.entries)}"
    if isinstance(block, Cards):
        return "\n\n".join(_card(card) for card in block.cards)
    if isinstance(block, Charts):
        return "\n".join(_chart(chart) for chart in block.charts)
    text = _STYLE.wrap(block.text)
    return f"**{text}**" if block.role == "lead" else text


def _card(card: Card) -> str:
    verdict = cells.VERDICTS[Verdict(card.verdict)]
    heading = said("{party}: {verdict}", party=name(card.name), verdict=verdict)
    title = _STYLE.title(heading, level=3)
    lines = "\n".join(_STYLE.item(line) for line in (card.headline, *card.lines))
    return f"{title}\n\n{lines}"


def _chart(chart: Chart) -> str:
    return _STYLE.item(said("Chart, {title}. {text}", title=chart.title, text=chart.alt))


def _table(table: Table) -> str:
    right = (Kind.NUMBER, Kind.SHARE)
    text = _STYLE.table(
        [_STYLE.escape(column.title) for column in table.columns],
        [[text_of(cell) for cell in row.cells] for row in table.rows],
        ["right" if column.kind in right else "left" for column in table.columns],
    )
    return f"{_STYLE.title(table.caption, level=3)}\n\n{text}"
