"""Actions: what one message asks of the bridge at one address."""

from dataclasses import dataclass

from bridge.common.errors import BridgeError
from bridge.controls.controls import Coerced
from bridge.controls.parameters import ROOT, Parameter
from bridge.controls.table import ControlKey
from bridge.osc.codec import Argument
from bridge.osc.commands import Command

__all__ = [
    "Action",
    "AddressTarget",
    "FireTrigger",
    "ReadAddress",
    "RefuseMessage",
    "RunCommand",
    "SetControl",
    "SingleAction",
]


@dataclass(frozen=True, slots=True)
class AddressTarget:
    """A row of the control table as one address reaches it."""

    address: str
    row: Parameter
    mirror: bool = False
    """Whether the address carries the value mapped to 0..1 instead of its own unit."""
    player: int = 1

    @property
    def key(self) -> ControlKey:
        """Key in the control store."""
        return ControlKey(self.player, self.row.name)

    @property
    def shown_at(self) -> str:
        """The address under which registered clients are sent its changes."""
        return self.row.address if self.player == 1 else self.address


@dataclass(frozen=True, slots=True)
class _TargetAction:
    target: AddressTarget

    @property
    def address(self) -> str:
        """The address the message was sent to, or one that its pattern covers."""
        return self.target.address


@dataclass(frozen=True, slots=True)
class ReadAddress(_TargetAction):
    """Report the value at an address."""


@dataclass(frozen=True, slots=True)
class SetControl(_TargetAction):
    """Set a control."""

    coerced: Coerced


@dataclass(frozen=True, slots=True)
class FireTrigger(_TargetAction):
    """Fire a trigger."""


@dataclass(frozen=True, slots=True)
class RunCommand:
    """Run a command of the protocol."""

    command: Command
    arguments: tuple[Argument, ...]

    @property
    def address(self) -> str:
        """The address of the command."""
        return f"{ROOT}/{self.command.name}"


@dataclass(frozen=True, slots=True)
class RefuseMessage:
    """Tell the sender why the message is not carried out."""

    address: str
    error: BridgeError


SingleAction = ReadAddress | FireTrigger | RunCommand | RefuseMessage
"""An action that is carried out by itself; controls are set several at a time."""

Action = SetControl | SingleAction
