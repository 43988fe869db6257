"""What every address reports at this moment."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple

from bridge.common.errors import BridgeError
from bridge.controls.controls import normalised
from bridge.controls.parameters import Kind
from bridge.controls.readings import Reading, SeedReading
from bridge.controls.store import ControlStore
from bridge.controls.target import ControlTarget
from bridge.osc.actions import Spot
from bridge.osc.codec import Argument, Message
from bridge.osc.dispatch import Addresses

__all__ = ["PLAYERS", "READERS", "View"]

PLAYERS = "players"
"""The control that says how many players there are."""

logger = logging.getLogger(__name__)

READERS: dict[str, Callable[[ControlTarget], Reading]] = {
    "status": lambda target: target.status(),
    "status/engine": lambda target: target.engine_counters(),
    "status/audio": lambda target: target.audio(),
    "latency": lambda target: target.latency(),
    "midi/monitor": lambda target: target.readings["midi/monitor"](),
    "midi/takeover/state": lambda target: target.readings["midi/takeover/state"](),
    "quantize/pending": lambda target: target.readings["quantize/pending"](),
    "bank": lambda target: target.readings["bank"](),
    "model/info": lambda target: target.readings["model/info"](),
    "record/state": lambda target: target.readings["record/state"](),
    "transport": lambda target: target.readings["transport"](),
    "beat": lambda target: target.readings["beat"](),
    "groove/actual": lambda target: target.groove(),
    "preset": lambda target: target.readings["preset"](),
    "seed/actual": lambda target: SeedReading(seed=target.seed()),
    "meter/in": lambda target: target.meters()[0],
    "meter/out": lambda target: target.meters()[1],
}
"""Where each reading of the table comes from."""


class View:
    """The desks' values and the target's readings, by address.

    Args:
        desks: One for each player there may be; the first says how many there are, and has the
            others for mates.
        own: What the OSC server tells of itself, by name of the reading.
    """

    def __init__(
        self,
        desks: Sequence[ControlStore],
        own: Mapping[str, Callable[[], Reading]] | None = None,
    ) -> None:
        self.desks = tuple(desks)
        self._own = dict(own or {})
        self._table = self.desks[0].controls.table
        self._by_count = self._counted()

    @property
    def target(self) -> ControlTarget:
        """What is asked where it is not about one player."""
        return self.desks[0].target

    @property
    def addresses(self) -> Addresses:
        """Every address there is while the band has as many players as now."""
        return self.addresses_of(self._players)

    def addresses_of(self, players: int) -> Addresses:
        """Return every address there is while the band has that many players."""
        table = self.desks[0].controls.table
        if table is not self._table:  # another checkpoint plays, with choices of its own
            self._table = table
            self._by_count = self._counted()
        return self._by_count[min(players, len(self.desks)) - 1]

    def _counted(self) -> list[Addresses]:
        """Return the addresses of a band of one, of two, and so on."""
        return [Addresses(self._table, count + 1) for count in range(len(self.desks))]

    @property
    def _players(self) -> int:
        controls = self.desks[0].controls
        return controls.whole(PLAYERS) if PLAYERS in controls.table.by_name else 1

    def desk(self, spot: Spot) -> ControlStore:
        """Return the desk that holds what is at ``spot``."""
        return self.desks[spot.player - 1]

    def arguments(self, address: str) -> tuple[Argument, ...]:
        """Return what a readable address reports now, even if its player is not playing.

        Raises:
            KeyError: There is no such address.
            BridgeError: The target cannot tell at present.
        """
        spot = self._by_count[-1].spots[address]
        row = spot.row
        if row.name in self._own:
            return astuple(self._own[row.name]())
        if row.kind is Kind.READING:
            return astuple(READERS[row.name](self.desk(spot).target))
        value = self.desk(spot).controls[row.name]
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
