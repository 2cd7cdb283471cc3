"""The page in a pack that a person reads first."""

from __future__ import annotations

import shlex
from textwrap import fill

from compliance.pack.manifest import CATALOGUE, CHAIN, LAW, LINES, MANIFEST, OUTPUTS, ROWS, Manifest

_WIDE = 78


def text(manifest: Manifest) -> str:
    """Return README.txt: what was asked, what came out, what is in the pack, how to check it."""
    first = next(command for command in manifest.commands if command.arguments[0] == "audit")
    asked = shlex.join(["compliance", *first.arguments[: -len(("--format", "json"))]])
    law, ledger, made = manifest.agreement, manifest.ledger, manifest.made_with
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in manifest.verdicts.items())
    catalogue = manifest.catalogue
    libraries = ", ".join(f"{name} {version}" for name, version in made.libraries.items())
    parts = [
        manifest.title or "Audit pack",
        "=" * min(len(manifest.title or "Audit pack"), _WIDE),
        "",
        _para(
            f"This pack holds an answer under the agreement {law.id}, version {law.version}, as of "
            f"{manifest.question.as_of}, and everything that the answer was computed from. Anybody "
            "can compute it again."
        ),
        "",
        f"The question    {asked}",
        f"The verdicts    {verdicts or 'none: there are no rows'}",
        f"The ledger      {many(ledger.submissions, 'submission')}, {many(ledger.rows, 'row')}, "
        f"the last recorded at {ledger.recorded_at}",
        f"Its head        {ledger.head}",
        f"The law         {law.sha256}",
        *([f"The catalogue   {catalogue.sha256}"] if catalogue else []),
        "",
        _para(
            "A verdict is the result of arithmetic on figures as declared or published, not "
            "verified; only the Parties determine whether somebody complies."
        ),
        "",
        "What is in it",
        "-------------",
        "",
        f"{OUTPUTS}/       the answer: as text, Markdown, CSV and JSON; the steps behind each row;",
        "               report.html, to be read first: all of it on one page",
        f"{ROWS}/          every submission of the ledger, and the chain of their hashes",
        f"{LAW}/           the rule pack as it was used, and what it extends",
        *([f"{CATALOGUE}/     the equipment catalogue as it was used"] if catalogue else []),
        f"{MANIFEST}  what was asked, every command, and the SHA-256 of every file",
        f"{LINES}      checks of the lines of law, catalogue and rows: they tell where",
        "              a file was changed",
        "",
        _para(
            "The ledger is packed whole up to that submission, the rows of other Parties and "
            "earlier, since corrected figures too: each submission's hash covers the one before "
            f"it, and nobody could check a part. {CHAIN} also names who recorded each submission, "
            "by which command, with which note. Left out are later submissions, and the program."
        ),
        "",
        *_marks(manifest),
        "How to check it",
        "---------------",
        "",
        "    compliance pack verify FILE.zip",
        "",
        _para(
            "makes a new ledger from the rows in the pack, takes law and catalogue from the pack, "
            "runs every command again and compares each output byte by byte. It needs the "
            "program, the pack and nothing else: no network, no other ledger. The SHA-256 of the "
            "pack, kept elsewhere, tells whether it is the very pack that was made."
        ),
        "",
        _para(f"Made with compliance {made.compliance}, Python {made.python}; {libraries}."),
    ]
    return "\n".join(parts) + "\n"


def many(count: int, what: str) -> str:
    """Return ``1 row`` or ``2 rows``."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def _marks(manifest: Manifest) -> list[str]:
    if not manifest.ledger.marked:
        return []
    marks = ", ".join(
        f"{many(count, 'row')} marked '{mark}'" for mark, count in manifest.ledger.marked.items()
    )
    return [
        _para(f"HANDLING: this pack holds {marks}. Hand it on only to those who may have it."),
        "",
    ]


def _para(words: str) -> str:
    return fill(words, _WIDE, break_long_words=False, break_on_hyphens=False)
