"""What the tests of this folder share."""

from __future__ import annotations

from export_ledger import rich

__all__ = ["rich"]
