"""Setting text for people, in the language spoken: titles, wrapped lines, terms, meanings."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.report.language import speak
from compliance.values.names import printable

WIDTH = 100


def title(text: str, *, mark: str = "-") -> str:
    """Return an underlined title."""
    text = printable(speak(text))
    return f"{text}\n{mark * len(text)}"


def broken(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Return a text in lines of whole words; one that is longer than a line has a line of its own.

    Args:
        text: what is broken at its spaces and line breaks, but at none that binds.
        width: how long a line may be, with what it begins with.
        first: what the first line begins with.
        rest: what the others begin with.
    """
    lines: list[str] = []
    line, begun = first, False
    for word in text.replace("\n", " ").replace("\t", " ").split(" "):
        if not word:
            continue
        if begun and len(line) + 1 + len(word) > width:
            lines.append(line)
            line, begun = rest, False
        line = f"{line} {word}" if begun else line + word
        begun = True
    return [*lines, line] if begun else lines


def wrap(text: str, *, indent: str = "") -> str:
    """Return a paragraph."""
    return "\n".join(broken(printable(speak(text)), WIDTH, indent, indent))


def item(text: str, *, indent: str = "") -> str:
    """Return one entry of a list."""
    return "\n".join(broken(printable(speak(text)), WIDTH, f"{indent}- ", f"{indent}  "))


def terms(entries: Sequence[tuple[str, str]], *, indent: str = "  ") -> str:
    """Return terms with their meaning, aligned."""
    pairs = [(printable(speak(term)), printable(speak(text))) for term, text in entries if text]
    width = max((len(term) for term, _ in pairs), default=0)
    rest = " " * (len(indent) + width + 2)
    return "\n".join(
        "\n".join(broken(text, WIDTH, f"{indent}{term:<{width}}  ", rest)) for term, text in pairs
    )
