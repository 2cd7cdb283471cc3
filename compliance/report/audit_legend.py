"""The legend of an audit: only what occurs in it is explained."""

from __future__ import annotations

from compliance.assess.result import Audit
from compliance.report import cells
from compliance.report.style import Style
from compliance.values.said import said
from compliance.values.vocabulary import Basis, Verdict

_AUTHORITY = (
    (
        said("Law"),
        said(
            "'text' was read in the instrument itself, 'reported' is given by a reliable second "
            "source, 'derived' is arithmetic or inference and gives no verdict by itself"
        ),
    ),
    (
        said("Grade"),
        said("A is primary or official, B a reliable second source, C weaker or inferred"),
    ),
    (
        said("Question"),
        said("what the law leaves open; --reading QUESTION=ANSWER chooses an answer"),
    ),
    (said("Rows"), said("where a figure stands in the ledger: submission:line")),
)


def legend(audit: Audit, style: Style) -> str:
    """Return what the marks and words of the table mean."""
    if not audit.rows:
        return ""
    entries = [*_verdicts(audit), *_marks(audit), *_bases(audit), *_AUTHORITY]
    return f"{style.title(said('How to read it'))}\n\n{style.terms(entries)}"


def _verdicts(audit: Audit) -> list[tuple[str, str]]:
    entries: list[tuple[str, str]] = [
        (cells.VERDICTS[v], v.meaning) for v in Verdict if v in audit.verdicts
    ]
    if any(row.conditional for row in audit.rows):
        entries.append(
            (said("conditional"), said("holds only under the readings listed below as closed"))
        )
    return entries


def _marks(audit: Audit) -> list[tuple[str, str]]:
    spans = [s for r in audit.rows for s in (r.held, r.counted, r.headroom) if s is not None]
    texts = {cells.span(span) for span in spans}
    entries: list[tuple[str, str]] = [
        (
            said("Counted"),
            said("what the agreement counts of what is held; the rest is 'Not counted'"),
        ),
        (said("Headroom"), said("ceiling minus counted; negative is an excess")),
    ]
    if any(text.endswith("..") for text in texts):
        entries.append(("15..", said("at least 15: the figures published are not the whole")))
    if any(text.startswith("..") for text in texts):
        entries.append(("..131", said("at most 131")))
    if any(not span.exact and span.closed for span in spans):
        entries.append(("62..89", said("anywhere from 62 to 89")))
    if any(row.counted is None or row.headroom is None for row in audit.rows):
        entries.append((cells.UNKNOWN, said("not known from any source on record")))
    if any(row.ceiling is None and row.ceiling_derived for row in audit.rows):
        entries.append(
            (
                "(143?)",
                said("a ceiling only derived by arithmetic: shown, and not used for a verdict"),
            )
        )
    if any(row.stale for row in audit.rows):
        entries.append(
            (said("(old)"), said("that figure is too old to speak for the day asked about"))
        )
    return entries


def _bases(audit: Audit) -> list[tuple[str, str]]:
    used = {row.basis for row in audit.rows}
    entries: list[tuple[str, str]] = [
        (basis.word, basis.meaning) for basis in Basis if basis.value in used
    ]
    if "mixed" in used:
        entries.append(
            (said("mixed"), said("a sum of parts whose figures stand on different bases"))
        )
    return entries
