"""What is to be scattered."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scattered:
    """kind: of `kinds.KINDS`; colour: "#rrggbb", None as the kind has it; amount: 1 is as much as usual;
    room: of `stock.ROOMS`, where text is to stand and nothing may lie.
    """

    kind: str
    colour: str | None = None
    amount: float = 1.0
    room: str | None = None
