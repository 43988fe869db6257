"""What a message can ask for."""

from dataclasses import dataclass

from bridge.controls.controls import Coerced
from bridge.controls.parameters import ROOT, Parameter
from bridge.controls.table import numbered
from bridge.osc.codec import Argument
from bridge.osc.commands import Command
from bridge.osc.failures import Reject

__all__ = ["Action", "Call", "Fire", "Put", "Read", "Refuse", "Spot"]


@dataclass(frozen=True, slots=True)
class Spot:
    """One address: a row of one player, in its own units or mirrored to 0..1."""

    address: str
    row: Parameter
    mirror: bool = False
    player: int = 1

    @property
    def name(self) -> str:
        """As the first player's desk calls it, e.g. ``stem`` or ``player/2/stem``."""
        return numbered(self.player, self.row.name)

    @property
    def shown_at(self) -> str:
        """The address at which registered clients are told of it."""
        return self.row.address if self.player == 1 else self.address


@dataclass(frozen=True, slots=True)
class Read:
    """Report what is there."""

    spot: Spot

    @property
    def address(self) -> str:
        """Where it was asked for."""
        return self.spot.address


@dataclass(frozen=True, slots=True)
class Put:
    """Set a control."""

    spot: Spot
    coerced: Coerced

    @property
    def address(self) -> str:
        """Where it was asked for."""
        return self.spot.address


@dataclass(frozen=True, slots=True)
class Fire:
    """Pull a trigger."""

    spot: Spot

    @property
    def address(self) -> str:
        """Where it was asked for."""
        return self.spot.address


@dataclass(frozen=True, slots=True)
class Call:
    """Carry out a command of the protocol."""

    command: Command
    arguments: tuple[Argument, ...]

    @property
    def address(self) -> str:
        """Where it was asked for."""
        return f"{ROOT}/{self.command.name}"


@dataclass(frozen=True, slots=True)
class Refuse:
    """Tell the sender why not."""

    address: str
    reject: Reject


Action = Read | Put | Fire | Call | Refuse
