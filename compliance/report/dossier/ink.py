"""Colours, fonts and paper of the charts, and making SVG and PNG of them, the same bytes always.

In a page the colours are CSS variables, so that a chart follows the reader's light or dark mode.
No colour is the only signal: what it says stands in a label, a pattern or a line style as well.
"""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Hundredths of a unit are enough on any screen, and halve the page.
_DECIMALS = re.compile(r"(\.\d\d)\d+")

WIDTH = 5.0
"""Inches of 72 units: as wide as a small telephone, where a unit is a pixel."""

INK = "#1f2329"
MUTED = "#565f6a"
COUNTED = "#1f5fa6"
MAYBE = "#c3daf2"
CEILING = "#a8231c"
UNKNOWN = "#eef0f3"
CROSS = "#bcc3cb"
PAPER = "#ffffff"

VARIABLES = {
    INK: "ink",
    MUTED: "muted",
    COUNTED: "counted",
    MAYBE: "maybe",
    CEILING: "ceiling",
    UNKNOWN: "unknown",
    CROSS: "cross",
    PAPER: "paper",
}

_SETTINGS: dict[Any, Any] = {
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10,
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "hatch.linewidth": 0.7,
    "hatch.color": COUNTED,
    "figure.facecolor": PAPER,
    "axes.facecolor": "none",
    "svg.fonttype": "none",
    "svg.hashsalt": "compliance",
    "svg.image_inline": True,
}


@contextmanager
def drawing() -> Iterator[None]:
    """Draw with our settings and nobody else's, and keep the library quiet."""
    # It tells of its font cache, and of letters that its own font lacks; the reader's has them.
    logging.getLogger("matplotlib").setLevel(logging.CRITICAL)
    import matplotlib as mpl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with mpl.rc_context():
            mpl.rcdefaults()
            mpl.rcParams.update(_SETTINGS)
            yield


def figure(height: float, width: float = WIDTH) -> Figure:
    """Return empty paper, so many inches high."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def svg(made: Figure) -> str:
    """Return a chart as an SVG file that stands alone."""
    text = io.StringIO()
    made.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return _renamed(_without_metadata(text.getvalue()), "part-")


def png(made: Figure) -> bytes:
    """Return a chart as a PNG file, 192 dots to the inch."""
    content = io.BytesIO()
    made.savefig(content, format="png", dpi=192, metadata={"Software": None})
    return content.getvalue()


def inline(text: str, name: str, labelled: str) -> str:
    """Return an SVG as it stands inside a page.

    Args:
        text: the SVG file.
        name: goes before every id, so that two charts of a page share none.
        labelled: SVG elements and attributes that name and describe it: see the template.
    """
    body = text[text.index("<svg") :]
    head = body[: body.index(">") + 1]
    box = re.search(r'viewBox="[^"]+"', head)
    assert box is not None
    body = re.sub(r"<style[^>]*>.*?</style>", "", body[len(head) :], flags=re.DOTALL)
    body = _renamed(body, f"{name}-part-")
    for colour, variable in VARIABLES.items():
        body = body.replace(colour, f"var(--{variable})")
    body = re.sub(r' d="[^"]+"', lambda d: _DECIMALS.sub(r"\1", d[0]), body)
    body = re.sub(r"font-family: [^;\"]+;? ?", "", body)
    body = re.sub(r"font: ([0-9.]+px) [^;\"]+", r"font-size: \1", body)
    return f'<svg class="chart" {box[0]} role="img" {labelled}{body}'


def _renamed(body: str, name: str) -> str:
    """Number the ids that something refers to, after a name, and leave out all others.

    The library makes them of what it knows while it draws, which is not the same in every run.
    """
    referred = re.compile(r'(url\(#|href="#)([^)"]+)')
    used = dict.fromkeys(found[2] for found in referred.finditer(body))
    new = {old: f"{name}{number}" for number, old in enumerate(used, start=1)}

    def replaced(found: re.Match[str]) -> str:
        return f' id="{new[found[1]]}"' if found[1] in new else ""

    body = re.sub(r' id="([^"]+)"', replaced, body)
    return referred.sub(lambda found: f"{found[1]}{new[found[2]]}", body)


def _without_metadata(text: str) -> str:
    return re.sub(r" *<metadata>.*?</metadata>\n?", "", text, flags=re.DOTALL)
