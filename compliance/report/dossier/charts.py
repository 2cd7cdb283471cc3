"""The charts: bars of the counted span, steps over the years, what is planned. Drawn from results.

What is uncertain is hatched, what is not known is grey and crossed, a ceiling is a heavy
line and a dashed one where it is only derived. The scale of each panel is its own.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from compliance.assess.dossier import Dossier
from compliance.assess.past import Past, Stretch
from compliance.assess.projection import Course, Line
from compliance.assess.result import AuditRow
from compliance.report import cells
from compliance.report.dossier import ink
from compliance.report.dossier.parts import Chart, Number
from compliance.report.language import number, speak
from compliance.values.errors import ComplianceError
from compliance.values.names import printable
from compliance.values.said import Said, name, said
from compliance.values.span import Span

KINDS = ("headroom", "history", "pipeline")

KEY = said(
    "Solid is certain, hatched may be, grey and crossed is not known, an arrow is 'at least'; the "
    "heavy line is the ceiling, dashed where it is only derived. Each panel has its own scale."
)

_ROOM = 1.25
"""So much higher than the highest number is the scale."""
_WIDEST = 560
"""Two labels on a line are set smaller beyond this; by their letters, ten and seven for each."""
_ROW = 0.52
_PANEL = 1.0
_PANELS_TOP = 0.55


def inline(dossier: Dossier, chart: Chart, labelled: str) -> str:
    """Return one chart of the report as SVG to stand inside a page."""
    with ink.drawing():
        height, draw = _one(dossier, chart)
        made = ink.figure(height)
        draw(made)
        return ink.inline(ink.svg(made), chart.id, labelled)


def alone(dossier: Dossier, kind: str, format_: str) -> bytes:
    """Return all charts of a kind on one sheet.

    Args:
        dossier: the report.
        kind: ``headroom``, ``history`` or ``pipeline``.
        format_: ``svg`` or ``png``.

    Raises:
        ComplianceError: there is nothing to draw.
    """
    from compliance.report.dossier.arrange import charts_of

    charts = charts_of(dossier, kind)
    if not charts:
        raise ComplianceError(
            "there is nothing to draw: "
            + ("nothing changes in the look ahead" if kind == "pipeline" else "no limit is asked"),
            todo="name a later --until, other Parties or another --as-of",
        )
    with ink.drawing():
        drawn = [_one(dossier, chart) for chart in charts]
        columns = 1 if len(drawn) == 1 else 2
        lines = [drawn[place : place + columns] for place in range(0, len(drawn), columns)]
        heights = [max(height for height, _ in line) + 0.35 for line in lines]
        sheet = ink.figure(sum(heights) + 0.7, ink.WIDTH * columns)
        places = sheet.subfigures(len(lines), columns, height_ratios=heights, squeeze=False)
        sheet.suptitle(_heading(dossier), fontsize=11, x=0.01, ha="left")
        sheet.supxlabel(textwrap.fill(speak(KEY), 80 * columns), fontsize=8, x=0.01, ha="left")
        titles = iter(charts)
        for line, here in zip(lines, places, strict=True):
            for (_, draw), place in zip(line, here, strict=False):
                title = textwrap.fill(printable(speak(next(titles).title)), 46)
                place.suptitle(title, fontsize=10, x=0.02, ha="left", weight="bold")
                draw(place)
        return ink.svg(sheet).encode("utf-8") if format_ == "svg" else ink.png(sheet)


def _heading(dossier: Dossier) -> str:
    title = name(dossier.title) if dossier.title == dossier.audit.law.title else dossier.title
    heading = said("{title}, as of {day}", title=title, day=dossier.audit.as_of)
    return textwrap.fill(printable(speak(heading)), 60)


def _one(dossier: Dossier, chart: Chart) -> tuple[float, Callable[[Any], None]]:
    """Return how high a chart is, in inches, and what draws it on a figure."""
    if chart.kind == "headroom":
        rows = [row for row in dossier.audit.rows if row.party == chart.party]
        return _ROW * len(rows) + 0.1, lambda place: _bars(place, rows)
    if chart.kind == "history":
        found = [one for one in dossier.history if one.party == chart.party]
        height = _PANEL * len(found) + _PANELS_TOP
        return height, lambda place: _years(place, found)
    course = next(
        item
        for item in dossier.ahead.courses
        if (item.party, item.category) == (chart.party, chart.category)
    )
    return 2.1, lambda place: _planned(place, course, dossier.ahead.until)


def _bars(place: Any, rows: Sequence[AuditRow]) -> None:
    axes = place.subplots()
    axes.set_xlim(0, 1)
    axes.set_ylim(len(rows), 0)
    axes.set_axis_off()
    for line, row in enumerate(rows):
        ceiling = row.ceiling or row.ceiling_derived
        scale = _ROOM * max(1, *_bounds([row.judged, row.counted, ceiling]))
        category, told = printable(speak(name(row.category_name))), printable(speak(_told(row)))
        smaller = min(1.0, _WIDEST / (10 * len(category) + 7 * len(told)))
        axes.text(0, line + 0.3, category, va="center", ha="left", fontsize=10 * smaller)
        axes.text(
            1,
            line + 0.3,
            told,
            va="center",
            ha="right",
            fontsize=9 * smaller,
        )
        middle, high = line + 0.7, 0.34
        if row.counted is None:
            _unknown(axes, (0, middle - high / 2), 1, high)
        else:
            _bar(axes, row.counted, scale, middle, high)
        if ceiling is not None:
            _mark(axes, ceiling, scale, middle, derived=row.ceiling is None)


def _told(row: AuditRow) -> Said:
    told = said(
        "{counted} of {ceiling}: {verdict}",
        counted=Number(row.counted).text,
        ceiling=Number(row.ceiling, derived=row.ceiling_derived).text,
        verdict=cells.verdict(row),
    )
    return said("{told}, old", told=told) if row.stale else told


def _bar(axes: Any, counted: Span, scale: float, middle: float, high: float) -> None:
    low = (counted.low or 0) / scale
    end = 1.0 if counted.high is None else counted.high / scale
    axes.plot([0, 1], [middle, middle], color=ink.MUTED, linewidth=0.5, zorder=0)
    axes.barh(middle, max(low, 0.002), height=high, color=ink.COUNTED, zorder=2)
    if end > low:
        _hatched(axes, (low, middle - high / 2), end - low, high)
    if counted.high is None:
        axes.annotate(
            "",
            xy=(1.0, middle),
            xytext=(0.9, middle),
            arrowprops={"arrowstyle": "->", "color": ink.INK, "linewidth": 1.2},
            zorder=4,
        )


def _mark(axes: Any, ceiling: Span, scale: float, middle: float, *, derived: bool) -> None:
    for bound in dict.fromkeys((ceiling.low, ceiling.high)):
        if bound is not None:
            axes.plot(
                [bound / scale] * 2,
                [middle - 0.25, middle + 0.25],
                color=ink.CEILING,
                linewidth=1.4 if derived else 2.6,
                linestyle=(0, (2, 1.5)) if derived else "-",
                solid_capstyle="butt",
                zorder=5,
            )


def _hatched(
    axes: Any, corner: tuple[float, float], wide: float, high: float, *, outlined: bool = True
) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle(
            corner,
            wide,
            high,
            facecolor=ink.MAYBE,
            edgecolor=ink.COUNTED,
            hatch="////",
            linewidth=0.5 if outlined else 0,
            zorder=1,
        )
    )


def _unknown(axes: Any, corner: tuple[float, float], wide: float, high: float) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle(
            corner,
            wide,
            high,
            facecolor=ink.UNKNOWN,
            hatchcolor=ink.CROSS,
            hatch="xx",
            linewidth=0,
            zorder=0,
        )
    )


def _bounds(spans: Iterable[Span | None]) -> list[int]:
    return [bound for s in spans if s is not None for bound in (s.low, s.high) if bound is not None]


def _year(day: date) -> float:
    """Return a day as a place on an axis of years."""
    first = date(day.year, 1, 1)
    return day.year + (day - first).days / (date(day.year, 12, 31) - first).days


def _years(place: Any, found: Sequence[Past]) -> None:
    panels = place.subplots(len(found), 1, sharex=True, squeeze=False)[:, 0]
    for axes, one in zip(panels, found, strict=True):
        limits = [s.ceiling or s.ceiling_derived for s in one.stretches]
        top = _ROOM * max(1, *_bounds([*limits, *(s.counted for s in one.stretches)]))
        _panel(axes, name(one.category_name), top)
        for stretch in one.stretches:
            _stretch(axes, stretch, top)
    ends = [day for one in found for s in one.stretches for day in (s.first, s.until)]
    panels[-1].set_xlim(_year(min(ends)) - 0.1, _year(max(ends)) + 0.6)
    first, last = min(ends).year, max(ends).year
    step = 1 if last - first < 8 else 5
    marks = [year for year in range(first, last + 1) if year % step == 0] or [first]
    panels[-1].set_xticks(marks, [str(year) for year in marks])


def _panel(axes: Any, title: str, top: float) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_title(printable(speak(title)), loc="left", fontsize=10, pad=3)
    axes.set_ylim(0, top)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(round(value))))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _stretch(axes: Any, stretch: Stretch, top: float) -> None:
    left, right = _year(stretch.first), _year(stretch.until)
    if stretch.counted is None:
        _unknown(axes, (left, 0), right - left, top)
    else:
        _span(axes, stretch.counted, (left, right), top)
    _step(axes, stretch.ceiling, (left, right), derived=False)
    _step(axes, stretch.ceiling_derived, (left, right), derived=True)


def _span(axes: Any, counted: Span, ends: tuple[float, float], top: float) -> None:
    left, right = ends
    low = counted.low or 0
    high = top if counted.high is None else counted.high
    if high > low:
        _hatched(axes, (left, low), right - left, high - low, outlined=False)
    for bound in dict.fromkeys((low, counted.high)):
        if bound is not None:
            axes.plot(ends, [bound] * 2, color=ink.COUNTED, linewidth=2.4, zorder=3)
    if counted.high is None:
        axes.plot([(left + right) / 2], [top * 0.9], marker="^", color=ink.COUNTED, markersize=4)


def _step(axes: Any, ceiling: Span | None, ends: tuple[float, float], *, derived: bool) -> None:
    for bound in dict.fromkeys((ceiling.low, ceiling.high)) if ceiling is not None else ():
        if bound is not None:
            axes.plot(
                ends,
                [bound] * 2,
                color=ink.CEILING,
                linewidth=1.2 if derived else 1.8,
                linestyle=(0, (3, 2)) if derived else "-",
                zorder=4,
            )


def _planned(place: Any, course: Course, until: date) -> None:
    axes = place.subplots()
    spans = [line.counted for line in course.lines]
    limits = [line.ceiling or line.ceiling_derived for line in course.lines]
    top = _ROOM * max(1, *_bounds([*spans, *limits]))
    _panel(axes, said("Items counted, and the ceiling"), top)
    lines = [
        line
        for before, line in zip([None, *course.lines], course.lines, strict=False)
        if before is None or _drawn(before) != _drawn(line)
    ]
    days = [line.day for line in lines]
    for line, after in zip(lines, [*days[1:], until], strict=True):
        _day(axes, line, (_year(line.day), max(_year(after), _year(line.day) + 0.05)), top)
    first, last = days[0].year, until.year
    axes.set_xlim(_year(days[0]) - 0.05, _year(until) + 0.1)
    step = max(1, (last - first + 8) // 8)
    marks = [year for year in range(first, last + 2) if (year - first) % step == 0]
    axes.set_xticks(marks, [str(year) for year in marks])


def _drawn(line: Line) -> tuple[object, ...]:
    return line.counted, line.ceiling, line.ceiling_derived


def _day(axes: Any, line: Line, ends: tuple[float, float], top: float) -> None:
    if line.counted is None:
        _unknown(axes, (ends[0], 0), ends[1] - ends[0], top)
    else:
        _span(axes, line.counted, ends, top)
        if line.peak and line.counted.high is not None:
            axes.annotate(
                speak(said("peak {count}", count=cells.span(line.counted))),
                xy=(ends[0], line.counted.high),
                xytext=(0, 6),
                textcoords="offset points",
                fontsize=9,
                ha="left",
            )
    _step(axes, line.ceiling, ends, derived=False)
    _step(axes, None if line.ceiling is not None else line.ceiling_derived, ends, derived=True)
