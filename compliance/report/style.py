"""How a report for people is set, in the language spoken: plain text or Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from compliance.report import layout
from compliance.report.language import speak
from compliance.report.tabulated import tabulate
from compliance.values.frozen import frozen
from compliance.values.names import printable
from compliance.values.vocabulary import Verdict


@frozen
class Style:
    """Plain text or Markdown.

    Attributes:
        paint: colours a verdict, or leaves it as it is.
        details: print every reason, law and source, not only the summary of a row.
    """

    markdown: bool = False
    paint: Callable[[str, Verdict], str] = lambda text, _verdict: text
    details: bool = False

    def title(self, text: str, *, level: int = 2) -> str:
        """Return a title."""
        if self.markdown:
            return f"{'#' * level} {self.escape(text)}"
        return layout.title(text, mark="=" if level == 1 else "-")

    def item(self, text: str) -> str:
        """Return one entry of a list."""
        return f"- {self.escape(text)}" if self.markdown else layout.item(text)

    def wrap(self, text: str) -> str:
        """Return a paragraph."""
        return self.escape(text) if self.markdown else layout.wrap(text)

    def strong(self, text: str) -> str:
        """Return a line that heads a list."""
        return f"**{self.escape(text)}**\n" if self.markdown else printable(speak(text))

    def terms(self, entries: Sequence[tuple[str, str]]) -> str:
        """Return terms with their meaning."""
        if not self.markdown:
            return layout.terms(entries)
        return "\n".join(
            f"- **{self.escape(term)}**: {self.escape(meaning)}" for term, meaning in entries
        )

    def table(
        self,
        headers: Sequence[str],
        lines: Sequence[Sequence[str]],
        align: Sequence[str],
        widths: Sequence[int | None] | None = None,
    ) -> str:
        """Return a table.

        Args:
            headers: one for each column; a line break in one holds in plain text only.
            lines: the cells.
            align: ``left`` or ``right`` for each column.
            widths: where plain text breaks a cell; ``None`` for nowhere.
        """
        if not self.markdown:
            return tabulate(
                [[speak(cell) for cell in line] for line in lines],
                headers=[speak(header) for header in headers],
                tablefmt="simple",
                colalign=align if lines else None,
                disable_numparse=True,
                maxcolwidths=widths if lines else None,
            )
        return tabulate(
            [[self.escape(cell) for cell in line] for line in lines],
            headers=[speak(header).replace("\n", " ") for header in headers],
            tablefmt="pipe",
            colalign=align if lines else None,
            disable_numparse=True,
        )

    def escape(self, text: str) -> str:
        """Return a text that is not read as Markdown or HTML."""
        safe = printable(speak(text)).replace("\n", " ").replace("\\", "\\\\")
        for mark in "|*_`[]#":
            safe = safe.replace(mark, f"\\{mark}")
        return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
