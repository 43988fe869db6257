"""What the parts of the bridge promise each other, as types."""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from model.formats.conditions import ANY_GROOVE, AUTO_GROOVE, Conditions, LikelyGrooves, Phase

__all__ = [
    "ANY_GROOVE",
    "AUTO_GROOVE",
    "Arrays",
    "Audio",
    "BandAudio",
    "BeatEstimate",
    "BeatTracker",
    "Conditions",
    "HopModel",
    "Phase",
    "SavedState",
]

SavedState = Any
"""What a model has heard, as it keeps it; nobody else looks into it."""

Arrays = Mapping[str, NDArray[Any]]
"""A memory taken apart."""

Audio = NDArray[np.float32]
"""Mono samples, float32, nominally in -1..1, shape ``(frames,)``."""

BandAudio = NDArray[np.float32]
"""The same of several players, shape ``(players, frames)``."""


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

    def state(self) -> SavedState:
        """Return a copy of what was heard and played so far, for ``restore`` at any time."""

    def restore(self, memory: SavedState, /) -> None:
        """Remember what ``state`` kept instead of what was heard and played since.

        Conditions, the count of hops, who is in the band and the sound now ringing stay. A
        player that was not there then begins afresh.
        """

    def packed(self, memory: SavedState, /) -> Arrays:
        """Return what ``state`` kept as named arrays that can be kept in a file."""

    def unpacked(self, arrays: Arrays, /) -> SavedState:
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

    def state(self) -> SavedState:
        """Return a copy of what was heard, for ``restore`` at any time."""

    def restore(self, memory: SavedState, /) -> None:
        """Remember what ``state`` kept."""

    def packed(self, memory: SavedState, /) -> Arrays:
        """Return what ``state`` kept as named arrays."""

    def unpacked(self, arrays: Arrays, /) -> SavedState:
        """Return the memory that ``packed`` made arrays of.

        Raises:
            ValueError: They are none.
        """
