"""How every JSON document begins: what it is, what wrote it, under which law."""

from __future__ import annotations

from typing import Any

from compliance import __version__
from compliance.assess.result import LawUsed


def head(schema: str, law: LawUsed, *, in_full: bool = False) -> dict[str, Any]:
    """Return the first keys of a document.

    Args:
        schema: its name and version, ``compliance.audit/1``.
        law: what it was judged under.
        in_full: with the title of the agreement, and what an extending pack replaced.
    """
    agreement: dict[str, Any] = {"id": law.id, "version": law.version, "sha256": law.sha256}
    if in_full:
        agreement |= {
            "title": law.title,
            "extends": law.extends or None,
            "replaced": list(law.replaced),
        }
    return {"schema": schema, "tool": f"compliance {__version__}", "agreement": agreement}
