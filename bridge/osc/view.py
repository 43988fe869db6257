"""What every address reports at this moment."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple

from bridge.controls import normalised
from bridge.desk import Desk
from bridge.errors import BridgeError
from bridge.osc.codec import Argument, Message
from bridge.osc.dispatch import Addresses
from bridge.parameters import Kind
from bridge.protocols import ControlTarget
from bridge.readings import Reading, SeedReading

__all__ = ["READERS", "View"]

logger = logging.getLogger(__name__)

READERS: dict[str, Callable[[ControlTarget], Reading]] = {
    "status": lambda target: target.status(),
    "status/engine": lambda target: target.engine_counters(),
    "status/audio": lambda target: target.audio(),
    "latency": lambda target: target.latency(),
    "seed/actual": lambda target: SeedReading(seed=target.seed()),
    "meter/in": lambda target: target.meters()[0],
    "meter/out": lambda target: target.meters()[1],
}
"""Where each reading of the table comes from."""


class View:
    """The desk's values and the target's readings, by address.

    Args:
        desk: Where they come from.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.addresses = Addresses(desk.controls.table)

    def arguments(self, address: str) -> tuple[Argument, ...]:
        """Return what a readable address reports now.

        Raises:
            KeyError: There is no such address.
            BridgeError: The target cannot tell at present.
        """
        spot = self.addresses.spots[address]
        row = spot.row
        if row.kind is Kind.READING:
            return astuple(READERS[row.name](self.desk.target))
        value = self.desk.controls[row.name]
        return (normalised(row, value) if spot.mirror else value,)

    def message(self, address: str) -> Message:
        """Return ``arguments`` as the message that reports them."""
        return Message(address, self.arguments(address))

    def known(self, addresses: Iterable[str]) -> Iterator[Message]:
        """Yield the messages of those addresses whose value the target can tell now."""
        for address in addresses:
            try:
                yield self.message(address)
            except BridgeError as error:
                logger.debug("%s is not known now: %s", address, error)
