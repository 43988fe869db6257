"""What the parts of the bridge promise each other, as types."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bridge.controls import Controls
from bridge.readings import (
    AudioReading,
    EngineReading,
    LatencyReading,
    MeterReading,
    StatusReading,
)

__all__ = ["Audio", "Conditions", "ControlTarget", "HopModel"]

Audio = NDArray[np.float32]
"""Mono samples, float32, nominally in -1..1, shape ``(frames,)``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Conditions:
    """What the player is asked to be; may change between any two hops."""

    stem: str
    """One of the model's stem classes."""
    anticipation_hops: int = 2
    """Whole hops by which the stem runs ahead of what was heard; one of the model's."""
    noise: float = 1.0
    """Scale of the noise that drives the generator; 0 is the most predictable take."""
    seed: int = 0
    """Names the take: same seed, same mix, same stem. 0..2**31 - 1."""


class HopModel(Protocol):
    """A causal accompanist that hears the mix hop by hop and plays a stem hop by hop.

    Call order for stem hop ``k`` with anticipation ``n``: mix hops ``0 .. k - 1 - n`` have
    been heard. ``play`` returns stem hop 0 first and may be called ``n + 1`` times before
    anything was heard. The audio of ``play`` number ``k`` covers the frames
    ``k * hop - overlap .. (k + 1) * hop - overlap`` of the music's timeline.
    """

    sample_rate: int
    """Frames per second inside the model."""
    hop: int
    """Frames per model step."""
    overlap: int
    """Frames by which the decoder's output trails the latent it was made from."""
    stems: tuple[str, ...]
    """Stem classes it can play."""
    anticipations: tuple[int, ...]
    """Anticipations it can play with, in hops, ascending."""

    def condition(self, conditions: Conditions) -> None:
        """Take new conditions, effective with the next ``play``."""

    def listen(self, mix: Audio) -> None:
        """Hear one hop of the mix, shape ``(hop,)``."""

    def play(self) -> Audio:
        """Return the next hop of the stem, shape ``(hop,)``."""

    def skip(self, hops: int) -> None:
        """Pass over ``hops`` hops of the mix and the stem that were lost in an overload."""

    def reset(self) -> None:
        """Forget everything heard and played; the sound fades rather than stops short."""

    def restart(self) -> None:
        """Begin a fresh take: from here on it plays what a model just loaded would play.

        Nothing sounds on, and the hops of the mix and the stem count from 0 again; the
        conditions stay.
        """


class ControlTarget(Protocol):
    """The running band as its control surfaces see it.

    ``bridge.desk.Desk`` holds the values in force and is the only caller of ``apply`` and
    ``fire``; OSC, and later MIDI and presets, go through the desk. Everything is called in
    the control process's asyncio loop: the plain methods return at once from what is known,
    the coroutines may wait for the engine's acknowledgement while the loop goes on.

    A method that cannot do what it was asked raises ``ParameterError`` or ``RefusedError`` with
    the OSC failure code that fits (7 unavailable, 20 JACK refused, 21 JACK not running ...);
    any other ``BridgeError`` is told as 7, any other exception as 99. The client gets the
    message; the desk returns the refused control to its old value.
    """

    async def apply(self, controls: Controls, changed: frozenset[str]) -> None:
        """Put changed values into force and return once they are.

        Args:
            controls: Every value, as of after the change.
            changed: Names (``"gain/in"``) of those that differ from the last call. Names the
                target has no use for are to be ignored.
        """

    async def fire(self, name: str, controls: Controls) -> None:
        """Carry out the trigger ``name``, e.g. ``reset``, and return when it is done."""

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
