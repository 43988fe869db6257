"""Interface between the control surfaces and the running band."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bridge.controls.controls import Controls
from bridge.controls.readings import Reading
from bridge.controls.table import ROOT, ControlKey

__all__ = [
    "IN_FORCE",
    "CommandHandler",
    "ControlTarget",
    "Position",
    "Reader",
    "Reply",
    "Trigger",
    "WaitingParts",
    "done",
]

Reply = tuple[str, tuple[float | int | str, ...]]
"""Path below the root, and arguments: one message of what a command answers."""

CommandHandler = Callable[..., Awaitable[Sequence[Reply]]]
"""Carries out a command with its arguments; raises what ``ControlTarget`` may raise."""

Reader = Callable[[int], Reading]
"""Returns a reading of a player, from 1; what the band has in common is player 1's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingParts:
    """Parts of a change that were taken but wait for a line of the beat."""

    parts: Mapping[ControlKey, "asyncio.Future[None]"] = field(default_factory=dict)
    """Each completes when it is in force; raises ``SupersededError`` when a later change of the
    same control took its place."""
    line: str = ""
    """The line: ``beat`` or ``bar``."""
    within_s: float = 0.0
    """Longest time until the last of them is in force, in seconds."""

    def joined(self, other: "WaitingParts") -> "WaitingParts":
        """Return the parts of two changes that wait for the same line."""
        return WaitingParts(
            parts={**self.parts, **other.parts},
            line=other.line or self.line,
            within_s=max(self.within_s, other.within_s),
        )


IN_FORCE = WaitingParts()
"""Nothing waits."""

Trigger = Callable[[int, Controls], Awaitable[WaitingParts | None]]
"""Carries out a trigger of a player with the values in force, as that player sees them; returns
what of it waits for the beat, if anything does."""


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
    control process's asyncio loop: readings return at once what is known, the coroutines may
    wait for the engine's acknowledgement while the loop goes on.

    A method that cannot do what it was asked raises ``ParameterError`` or ``RefusedError`` with
    the OSC failure code that fits (7 unavailable, 20 JACK refused, 21 JACK not running ...);
    any other ``BridgeError`` is told as 7, any other exception as 99. The client gets the
    message; the store returns the refused control to its old value.
    """

    @property
    def commands(self) -> Mapping[str, CommandHandler]:
        """Commands beyond those of the OSC protocol, e.g. ``midi/learn``, by their path."""

    @property
    def readings(self) -> Mapping[str, Reader]:
        """Source of each reading, by name of its row."""

    async def apply(self, controls: Controls, changed: frozenset[ControlKey]) -> WaitingParts:
        """Put changed values into force and return once they are, or wait for the beat.

        Args:
            controls: Every value, as of after the change.
            changed: Those that differ from the last call; the ones the target has no use for
                are to be ignored.

        Returns:
            Those that are taken but wait for a line of the beat.
        """

    async def fire(self, key: ControlKey, controls: Controls) -> WaitingParts:
        """Carry out a trigger, e.g. ``reset``; return when it is done, or what of it waits."""

    def position(self) -> Position | None:
        """Return where the audio host is, None while there is none."""


def done(command: str, *results: float | int | str) -> Reply:
    """Return the reply that ends a command: ``/liveband/done``, its address, and results.

    Example:
        >>> done("record/stop", "take 1")
        ('done', ('/liveband/record/stop', 'take 1'))
    """
    return "done", (f"{ROOT}/{command}", *results)
