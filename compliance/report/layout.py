"""Setting text for people, in the language spoken: titles, wrapped lines, terms, meanings."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from compliance.report.language import speak
from compliance.values.names import printable

WIDTH = 100


def title(text: str, *, mark: str = "-") -> str:
    """Return an underlined title."""
    text = printable(speak(text))
    return f"{text}\n{mark * len(text)}"


def wrap(text: str, *, indent: str = "") -> str:
    """Return a paragraph."""
    return textwrap.fill(
        printable(speak(text)),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )


def item(text: str, *, indent: str = "") -> str:
    """Return one entry of a list."""
    return textwrap.fill(
        printable(speak(text)),
        WIDTH,
        initial_indent=f"{indent}- ",
        subsequent_indent=f"{indent}  ",
        break_on_hyphens=False,
        break_long_words=False,
    )


def terms(entries: Sequence[tuple[str, str]], *, indent: str = "  ") -> str:
    """Return terms with their meaning, aligned."""
    pairs = [(printable(speak(term)), printable(speak(text))) for term, text in entries if text]
    width = max((len(term) for term, _ in pairs), default=0)
    return "\n".join(
        textwrap.fill(
            text,
            WIDTH,
            initial_indent=f"{indent}{term:<{width}}  ",
            subsequent_indent=" " * (len(indent) + width + 2),
            break_on_hyphens=False,
            break_long_words=False,
        )
        for term, text in pairs
    )
