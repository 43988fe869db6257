"""Values of all addresses: controls of the store and readings of its target."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping

from bridge.common.background import TaskErrors
from bridge.common.errors import BridgeError
from bridge.controls.controls import normalised
from bridge.controls.parameters import MAX_PLAYERS, Kind
from bridge.controls.readings import Reading
from bridge.controls.store import ControlStore
from bridge.osc.codec import Argument, Message
from bridge.osc.dispatch import Addresses

__all__ = ["PLAYERS", "AddressValues"]

PLAYERS = "players"
"""Name of the control with the number of players."""

logger = logging.getLogger(__name__)


class AddressValues:
    """The values of the control store and the readings of its target, by address.

    Args:
        store: The values, among them the number of players.
        own: Readings of the OSC server itself, by name of the row.
        errors: Told of a reading that raises what nobody expected.
    """

    def __init__(
        self,
        store: ControlStore,
        own: Mapping[str, Callable[[], Reading]] | None = None,
        errors: TaskErrors | None = None,
    ) -> None:
        self._errors = errors or TaskErrors()
        self.store = store
        self._own = dict(own or {})
        self._table = store.controls.table
        self._by_count = self._counted()

    @property
    def addresses(self) -> Addresses:
        """All addresses with the present number of players."""
        return self.addresses_of(self._players)

    def addresses_of(self, players: int) -> Addresses:
        """Return all addresses with that number of players."""
        table = self.store.controls.table
        if table is not self._table:  # another checkpoint plays, which has other choices
            self._table = table
            self._by_count = self._counted()
        return self._by_count[players - 1]

    def _counted(self) -> list[Addresses]:
        """Return the addresses with one player, with two, and so on."""
        return [Addresses(self._table, count + 1) for count in range(MAX_PLAYERS)]

    @property
    def _players(self) -> int:
        controls = self.store.controls
        return controls.whole(PLAYERS) if PLAYERS in controls.table.by_name else 1

    def arguments(self, address: str) -> tuple[Argument, ...]:
        """Return what a readable address reports now, even if its player is not playing.

        Raises:
            KeyError: There is no such address.
            BridgeError: The value is not known at present.
        """
        target = self._by_count[-1].targets[address]
        row = target.row
        if row.name in self._own:
            return self._own[row.name]().values
        if row.kind is Kind.READING:
            return self.store.target.readings[row.name](target.player).values
        value = self.store.value(target.key)
        return (normalised(row, value) if target.mirror else value,)

    def message(self, address: str) -> Message:
        """Return ``arguments`` as the message that reports them."""
        return Message(address, self.arguments(address))

    def known(self, addresses: Iterable[str]) -> Iterator[Message]:
        """Yield the messages of those addresses whose value is known now."""
        for address in addresses:
            try:
                yield self.message(address)
            except BridgeError as error:
                logger.debug("%s is not known now: %s", address, error)
            except Exception as error:  # the others are known all the same
                self._errors.tell(address, error)
