"""What the parts of the bridge promise each other, as types."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bridge.conditions import ANY_GROOVE, AUTO_GROOVE, Conditions, LikelyGrooves, Phase
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

__all__ = [
    "ANY_GROOVE",
    "AUTO_GROOVE",
    "Arrays",
    "Audio",
    "BandAudio",
    "BeatEstimate",
    "BeatTracker",
    "CommandHandler",
    "Conditions",
    "ControlTarget",
    "HopModel",
    "Memory",
    "Phase",
    "Position",
    "Reply",
]

Reply = tuple[str, tuple[float | int | str, ...]]
"""Path below the root, and arguments: one message of what a command answers."""

CommandHandler = Callable[..., Awaitable[Sequence[Reply]]]
"""Carries out a command with its arguments; raises what ``ControlTarget`` may raise."""

Memory = Any
"""What a model has heard, as it keeps it; nobody else looks into it."""

Arrays = Mapping[str, NDArray[Any]]
"""A memory taken apart."""

Audio = NDArray[np.float32]
"""Mono samples, float32, nominally in -1..1, shape ``(frames,)``."""

BandAudio = NDArray[np.float32]
"""The same of several players, shape ``(players, frames)``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """How far the audio host has come."""

    frame: int
    """Frames since the bridge joined it; never goes back."""
    rate: int
    """Frames per second of music; while freewheeling they pass at another pace."""


class HopModel(Protocol):
    """A causal band that hears the mix hop by hop and plays a stem hop for each of its players.

    The mix is heard once for all; one ``play`` is one step of every player. Players have
    numbers from 1; who is in the band may change between any two hops, and nobody is at first.

    Call order for stem hop ``k`` with anticipation ``n``, the same for all: mix hops
    ``0 .. k - 1 - n`` have been heard. ``play`` returns stem hop 0 first and may be called
    ``n + 1`` times before anything was heard. The audio of ``play`` number ``k`` covers the
    frames ``k * hop - overlap .. (k + 1) * hop - overlap`` of the music's timeline.
    """

    name: str
    """What people call it: the folder of its checkpoint."""
    identity: str
    """Names its weights: only models of one identity can remember what another has heard."""
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
    grooves: tuple[str, ...]
    """Feels it can be asked for besides ``any``; none is fine."""
    likely_grooves: LikelyGrooves
    """What ``auto`` chooses from; none is fine."""

    def condition(self, player: int, conditions: Conditions, /) -> None:
        """Take new conditions for a player, effective with the next ``play``.

        One who is not in the band joins it with them: it has played nothing yet, and hears
        what the band hears. Whoever calls gives all players the same anticipation.
        """

    def dismiss(self, player: int, /) -> None:
        """Let a player leave the band; if it joins again, it begins afresh."""

    def follow(self, phase: Phase | None) -> None:
        """Be told where in the bar the hop to be played next begins; None where nobody knows.

        It holds for the next ``play`` only. The model decides how far to trust it, by its
        ``confidence``.
        """

    def listen(self, mix: Audio) -> None:
        """Hear one hop of the mix, shape ``(hop,)``."""

    def play(self) -> BandAudio:
        """Return every player's next hop of the stem, shape ``(players, hop)``.

        The rows are in the order of the players' numbers. Each depends on the mix, and on its
        own player's conditions, seed and past; never on the other rows.
        """

    def skip(self, hops: int) -> None:
        """Pass over ``hops`` hops of the mix and the stems that were lost in an overload."""

    def reset(self) -> None:
        """Forget everything heard and played; the sound fades rather than stops short.

        Mix and stem hops keep their places: the next hop of the mix heard is as far behind the
        next one played as before.
        """

    def state(self) -> Memory:
        """Return a copy of what was heard and played so far, for ``restore`` at any time."""

    def restore(self, memory: Memory, /) -> None:
        """Remember what ``state`` kept instead of what was heard and played since.

        Conditions, the count of hops, who is in the band and the sound now ringing stay. A
        player that was not there then begins afresh.
        """

    def packed(self, memory: Memory, /) -> Arrays:
        """Return what ``state`` kept as named arrays that can be kept in a file."""

    def unpacked(self, arrays: Arrays, /) -> Memory:
        """Return the memory that ``packed``, of any model of this identity, made arrays of.

        Raises:
            ValueError: They are none; the message says what is amiss.
        """

    def restart(self) -> None:
        """Begin a fresh take: from here on it plays what a model just loaded would play.

        Nothing sounds on, and the hops of the mix and the stems count from 0 again; the
        players and their conditions stay.
        """


class BeatEstimate(Protocol):
    """What a beat tracker makes out of one moment."""

    @property
    def beat(self) -> float:
        """How much of the beat has passed, 0 up to but without 1."""

    @property
    def bar(self) -> float:
        """How much of the bar has passed, likewise."""

    @property
    def tempo_bpm(self) -> float:
        """Beats per minute."""

    @property
    def beats_per_bar(self) -> int:
        """Beats in the bar."""

    @property
    def confidence(self) -> float:
        """How sure it is, 0..1."""


class BeatTracker(Protocol):
    """Hears a mix and makes out the beat, causally; see :mod:`model.beat_tracker`."""

    identity: str
    """Names its weights: only trackers of one identity can remember what another has heard."""
    sample_rate: int
    """Samples per second that it listens at."""

    @property
    def silence_s(self) -> float:
        """For how long nothing has been heard, in seconds; 0 while there is sound."""

    def listen(self, mix: Audio) -> None:
        """Hear what comes next of the mix, any number of samples."""

    def skip(self, samples: int) -> None:
        """Let samples of the mix pass that nobody heard."""

    def estimate(self, ahead_s: float) -> BeatEstimate | None:
        """Return the beat so many seconds after the newest sample; None before any frame."""

    def restrict(self, slowest_bpm: float, fastest_bpm: float, *, hold: bool) -> None:
        """Consider only tempi between two; with ``hold`` only the one there is."""

    def halve(self) -> None:
        """Count half as fast from here on, until a reset.

        Raises:
            ValueError: That is slower than it can or may follow.
        """

    def double(self) -> None:
        """Count twice as fast from here on, until a reset.

        Raises:
            ValueError: That is faster than it can or may follow.
        """

    def begin_bar(self, ahead_s: float) -> None:
        """Let the beat nearest to a moment be the first of its bar, and count on from there."""

    def tap(self, ahead_s: float, tempo_bpm: float | None, beat_in_bar: int | None) -> None:
        """Take it that a beat lies near a moment.

        Args:
            ahead_s: Seconds after the newest sample; below 0 for the past.
            tempo_bpm: Tempo of the taps; None if not known.
            beat_in_bar: Which beat it is, from 0; None if not known.
        """

    def reset(self) -> None:
        """Forget all that was heard, and corrections; what it is restricted to stays."""

    def state(self) -> Memory:
        """Return a copy of what was heard, for ``restore`` at any time."""

    def restore(self, memory: Memory, /) -> None:
        """Remember what ``state`` kept."""

    def packed(self, memory: Memory, /) -> Arrays:
        """Return what ``state`` kept as named arrays."""

    def unpacked(self, arrays: Arrays, /) -> Memory:
        """Return the memory that ``packed`` made arrays of.

        Raises:
            ValueError: They are none.
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
