"""Details: what is no part of a line and told as long as it is one, kept in mind as bits."""

from __future__ import annotations

from compliance.ledger.kinds import BASES, MANY
from compliance.ledger.told import Side, Told
from compliance.values.vocabulary import Basis

_OF_BASES = (1 << MANY) - 1


class Details:
    """Gives each type, basis and other side a bit, and reads them."""

    def __init__(self) -> None:
        self._bits: dict[str | Side, int] = {}
        self._values: list[str | Side] = [""] * MANY
        self._of_types = self._of_sides = 0
        self._bases: dict[int, tuple[Basis, ...]] = {}

    def of_basis(self, basis: Basis) -> int:
        """Return the bit of a basis."""
        return 1 << BASES.index(basis)

    def of_type(self, designation: str) -> int:
        """Return the bit of a type."""
        bit = self._bit(designation)
        self._of_types |= bit
        return bit

    def of_side(self, side: Side) -> int:
        """Return the bit of who is on the other side."""
        bit = self._bit(side)
        self._of_sides |= bit
        return bit

    def _bit(self, value: str | Side) -> int:
        bit = self._bits.get(value)
        if bit is None:
            bit = self._bits[value] = 1 << len(self._values)
            self._values.append(value)
        return bit

    def read(self, bits: int) -> Told:
        """Return what is told of bits."""
        bases = bits & _OF_BASES
        if bases not in self._bases:
            self._bases[bases] = tuple(
                basis for place, basis in enumerate(BASES) if bases >> place & 1
            )
        designation, side = self._one(bits & self._of_types), self._one(bits & self._of_sides)
        return Told(
            designation if isinstance(designation, str) else "",
            self._bases[bases],
            side if isinstance(side, tuple) else None,
        )

    def _one(self, bits: int) -> str | Side | None:
        """Return the value of a bit; ``None`` where there is none, or several."""
        if not bits or bits & (bits - 1):
            return None
        return self._values[bits.bit_length() - 1]
