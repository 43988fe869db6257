"""The running band as its control surfaces see it, and what commands answer."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

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

__all__ = ["CommandHandler", "ControlTarget", "Position", "Reply"]

Reply = tuple[str, tuple[float | int | str, ...]]
"""Path below the root, and arguments: one message of what a command answers."""

CommandHandler = Callable[..., Awaitable[Sequence[Reply]]]
"""Carries out a command with its arguments; raises what ``ControlTarget`` may raise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """How far the audio host has come."""

    frame: int
    """Frames since the bridge joined it; never goes back."""
    rate: int
    """Frames per second of music; while freewheeling they pass at another pace."""


class ControlTarget(Protocol):
    """The running band as its control surfaces see it.

    :class:`bridge.controls.store.ControlStore` holds the values in force and is the only
    caller of ``apply`` and ``fire``; OSC, MIDI and presets go through it. All is called in the
    control process's asyncio loop: the plain methods return at once from what is known, the
    coroutines may wait for the engine's acknowledgement while the loop goes on.

    A method that cannot do what it was asked raises ``ParameterError`` or ``RefusedError`` with
    the OSC failure code that fits (7 unavailable, 20 JACK refused, 21 JACK not running ...);
    any other ``BridgeError`` is told as 7, any other exception as 99. The client gets the
    message; the desk returns the refused control to its old value.
    """

    @property
    def commands(self) -> Mapping[str, CommandHandler]:
        """What other rooms than OSC carry out, e.g. ``midi/learn``, by name below the root."""

    @property
    def readings(self) -> Mapping[str, Callable[[], Reading]]:
        """What other rooms have to tell, e.g. ``midi/monitor``, by name of the row."""

    async def apply(self, controls: Controls, changed: frozenset[str]) -> None:
        """Put changed values into force and return once they are.

        Args:
            controls: Every value, as of after the change.
            changed: Names (``"gain/in"``) of those that differ from the last call. Names the
                target has no use for are to be ignored.
        """

    async def fire(self, name: str, controls: Controls) -> None:
        """Carry out the trigger ``name``, e.g. ``reset``, and return when it is done."""

    def position(self) -> Position | None:
        """Return where the audio host is, None while there is none."""

    def stems(self) -> tuple[str, ...]:
        """Return the stem classes the loaded checkpoint plays."""

    def status(self) -> StatusReading:
        """Return whether it plays, and if not, why."""

    def engine_counters(self) -> EngineReading:
        """Return the counters and step times of late."""

    def audio(self) -> AudioReading:
        """Return rates, block and back end."""

    def latency(self) -> LatencyReading:
        """Return the latency now in force, term by term."""

    def seed(self) -> int:
        """Return the seed of the take now playing, 0..2**31 - 1."""

    def groove(self) -> GrooveReading:
        """Return the feel of the take now playing."""

    def meters(self) -> tuple[MeterReading, MeterReading]:
        """Return the levels of input and output."""

    def ports(self) -> tuple[str, ...]:
        """Return every audio port of the host as ``client:port``, ours included."""

    async def connect(self, source: str, destination: str) -> None:
        """Wire an output port to an input port; wired already is fine."""

    async def disconnect(self, source: str, destination: str) -> None:
        """Take a wire away."""

    def quit(self) -> None:
        """Ask the program to end; returns at once, the answer still goes out."""
