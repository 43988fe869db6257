"""One of the further players of a band, as its desk sees it."""

from collections.abc import Callable, Mapping

from bridge.controls.controls import Controls
from bridge.controls.readings import (
    AudioReading,
    EngineReading,
    GrooveReading,
    LatencyReading,
    MeterReading,
    Reading,
    StatusReading,
)
from bridge.controls.target import CommandHandler, Position
from bridge.live.band import LiveBand

__all__ = ["Bandmate"]


class Bandmate:
    """Implements ``ControlTarget`` for a player with a number; the rest is the band's.

    Args:
        band: Whose player it is.
        player: From 2; the band itself is the target of player 1.
    """

    def __init__(self, band: LiveBand, player: int) -> None:
        self._band = band
        self._player = player

    async def apply(self, controls: Controls, changed: frozenset[str]) -> None:
        """Put what is the player's own into force; kept until it joins."""
        own = {row.name for row in controls.table if row.each}
        await self._band.players.apply(self._player, controls, changed & own)

    async def fire(self, name: str, controls: Controls) -> None:
        """Carry out a trigger of the player's own: a new seed."""
        if name == "reseed":
            await self._band.players.reseed(self._player)

    def seed(self) -> int:
        """Return the seed of the take the player now plays."""
        return self._band.players.seed(self._player)

    def groove(self) -> GrooveReading:
        """Return the feel of the take the player now plays."""
        return GrooveReading(groove=self._band.players.groove(self._player))

    def meters(self) -> tuple[MeterReading, MeterReading]:
        """Return the levels of the band's input and of the player's output."""
        return self._band.meters(self._player)

    # -- what is the band's -------------------------------------------------------------------

    @property
    def commands(self) -> Mapping[str, CommandHandler]:
        """What other rooms carry out."""
        return self._band.commands

    @property
    def readings(self) -> Mapping[str, Callable[[], Reading]]:
        """What other rooms have to tell."""
        return self._band.readings

    def position(self) -> Position | None:
        """Return where the audio host is."""
        return self._band.position()

    def stems(self) -> tuple[str, ...]:
        """Return the stem classes the loaded checkpoint plays."""
        return self._band.stems()

    def status(self) -> StatusReading:
        """Return whether the band plays, and if not, why."""
        return self._band.status()

    def engine_counters(self) -> EngineReading:
        """Return the counters and step times of late."""
        return self._band.engine_counters()

    def audio(self) -> AudioReading:
        """Return rates, block and back end."""
        return self._band.audio()

    def latency(self) -> LatencyReading:
        """Return the latency now in force, the same for all."""
        return self._band.latency()

    def ports(self) -> tuple[str, ...]:
        """Return every port of the host."""
        return self._band.ports()

    async def connect(self, source: str, destination: str) -> None:
        """Wire an output port to an input port."""
        await self._band.connect(source, destination)

    async def disconnect(self, source: str, destination: str) -> None:
        """Take a wire away."""
        await self._band.disconnect(source, destination)

    def quit(self) -> None:
        """Ask the program to end."""
        self._band.quit()
