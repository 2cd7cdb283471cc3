"""What is said of a pack that is not as it was made."""

from __future__ import annotations

from compliance.values.errors import ComplianceError


class PackBroken(ComplianceError):  # noqa: N818 - names what it is
    """The archive can be read, and is not what was packed, or comes out otherwise."""

    exit_code = 4
