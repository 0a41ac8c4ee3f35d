"""Money in whole fen: never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, order=True)
class Fen:
    amount: int

    @classmethod
    def from_yuan(cls, yuan: Decimal | str) -> Fen:
        """:raises ValueError: the sum has a part smaller than one fen."""
        fen = Decimal(yuan) * 100
        if fen != fen.to_integral_value():
            raise ValueError(f"{yuan} yuan is not a whole number of fen; round it to two decimals first")
        return cls(int(fen))

    @property
    def yuan(self) -> Decimal:
        return Decimal(self.amount) / 100

    def __add__(self, other: Fen) -> Fen:
        return Fen(self.amount + other.amount)

    def __sub__(self, other: Fen) -> Fen:
        return Fen(self.amount - other.amount)

    def __str__(self) -> str:
        return f"{self.yuan:.2f}"
