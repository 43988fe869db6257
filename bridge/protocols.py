"""Protocols and type aliases shared by the parts of the bridge."""

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
"""State of a model or beat tracker, opaque to everything else."""

Arrays = Mapping[str, NDArray[Any]]
"""A saved state as named arrays, as it is written to files."""

Audio = NDArray[np.float32]
"""Mono samples, float32, nominally in -1..1, shape ``(frames,)``."""

BandAudio = NDArray[np.float32]
"""Samples of several players, shape ``(players, frames)``."""


class HopModel(Protocol):
    """Causal model of a band: hears the mix hop by hop and plays a stem hop per player.

    The mix is heard once for all players; one ``play`` is one step of every player. Players
    have numbers from 1. Players may be added and removed between any two hops; at first there
    are none.

    Call order for stem hop ``k`` with anticipation ``n``, the same for all players: mix hops
    ``0 .. k - 1 - n`` have been heard. ``play`` returns stem hop 0 first and may be called
    ``n + 1`` times before anything was heard. The audio of ``play`` number ``k`` covers the
    frames ``k * hop - overlap .. (k + 1) * hop - overlap`` of the music's timeline.
    """

    name: str
    """Name for people: the folder of its checkpoint."""
    identity: str
    """Identifies its weights: only models of the same identity can use each other's states."""
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
    """Grooves it can be asked for besides ``any``; may be empty."""
    likely_grooves: LikelyGrooves
    """Grooves that ``auto`` chooses from; may be empty."""

    def condition(self, player: int, conditions: Conditions, /) -> None:
        """Set the conditions of a player, effective with the next ``play``.

        A new player is added with them: it has played nothing yet, and hears what the band
        hears. The caller gives all players the same anticipation.
        """

    def dismiss(self, player: int, /) -> None:
        """Remove a player; if it is added again, it starts from an empty state."""

    def follow(self, phase: Phase | None) -> None:
        """Set the phase in the bar at which the next hop begins; None if it is not known.

        It holds for the next ``play`` only. The model decides how far to trust it, by its
        ``confidence``.
        """

    def listen(self, mix: Audio) -> None:
        """Hear one hop of the mix, shape ``(hop,)``."""

    def play(self) -> BandAudio:
        """Return every player's next stem hop, shape ``(players, hop)``.

        Rows are in the order of the players' numbers. Each depends on the mix and on its own
        player's conditions, seed and past, never on other rows.
        """

    def skip(self, hops: int) -> None:
        """Skip ``hops`` hops of the mix and the stems, which were lost in an overload."""

    def reset(self) -> None:
        """Clear everything heard and played; sounding notes fade out.

        Mix and stem hops keep their positions: the next mix hop heard is as far behind the next
        stem hop played as before.
        """

    def state(self) -> SavedState:
        """Return a copy of the state, for ``restore`` at any time."""

    def restore(self, memory: SavedState, /) -> None:
        """Replace the present state by one of ``state``.

        Conditions, hop counts, players and the sound now fading out stay. A player that the
        state lacks starts from an empty one.
        """

    def packed(self, memory: SavedState, /) -> Arrays:
        """Return a state as named arrays for a file."""

    def unpacked(self, arrays: Arrays, /) -> SavedState:
        """Return the state that ``packed``, of any model of this identity, made arrays of.

        Raises:
            ValueError: The arrays do not fit; the message says why.
        """

    def restart(self) -> None:
        """Start a fresh take: from here on it plays what a newly loaded model would play.

        Nothing sounds on, and the hops of the mix and the stems count from 0 again; the players
        and their conditions stay.
        """


class BeatEstimate(Protocol):
    """Estimate of a beat tracker at one moment."""

    @property
    def beat(self) -> float:
        """Phase in the beat, 0 up to but excluding 1."""

    @property
    def bar(self) -> float:
        """Phase in the bar, 0 up to but excluding 1."""

    @property
    def tempo_bpm(self) -> float:
        """Beats per minute."""

    @property
    def beats_per_bar(self) -> int:
        """Number of beats in a bar."""

    @property
    def confidence(self) -> float:
        """Confidence of the estimate, 0..1."""


class BeatTracker(Protocol):
    """Causal beat tracker; :mod:`model.beat_tracker` implements it."""

    identity: str
    """Identifies its weights: states can be exchanged between trackers of one identity only."""
    sample_rate: int
    """Sample rate of its input, in Hz."""

    @property
    def silence_s(self) -> float:
        """Duration of the present silence in seconds; 0 while there is sound."""

    def listen(self, mix: Audio) -> None:
        """Process the next samples of the mix, any number of them."""

    def skip(self, samples: int) -> None:
        """Skip samples of the mix that were not heard."""

    def estimate(self, ahead_s: float) -> BeatEstimate | None:
        """Return the beat ``ahead_s`` seconds after the newest sample; None at first."""

    def restrict(self, slowest_bpm: float, fastest_bpm: float, *, hold: bool) -> None:
        """Restrict the tempo to a range; with ``hold`` to the present tempo."""

    def halve(self) -> None:
        """Halve the tempo from here on, until a reset.

        Raises:
            ValueError: That is slower than it can or may follow.
        """

    def double(self) -> None:
        """Double the tempo from here on, until a reset.

        Raises:
            ValueError: That is faster than it can or may follow.
        """

    def begin_bar(self, ahead_s: float) -> None:
        """Make the beat nearest to a moment the first of its bar, and count on from there."""

    def tap(self, ahead_s: float, tempo_bpm: float | None, beat_in_bar: int | None) -> None:
        """Assume that a beat lies near a moment.

        Args:
            ahead_s: Seconds after the newest sample; below 0 for the past.
            tempo_bpm: Tempo of the taps; None if not known.
            beat_in_bar: Which beat it is, from 0; None if not known.
        """

    def reset(self) -> None:
        """Clear the state and all corrections; the restriction of the tempo stays."""

    def state(self) -> SavedState:
        """Return a copy of the state, for ``restore`` at any time."""

    def restore(self, memory: SavedState, /) -> None:
        """Replace the present state by one of ``state``."""

    def packed(self, memory: SavedState, /) -> Arrays:
        """Return a state as named arrays."""

    def unpacked(self, arrays: Arrays, /) -> SavedState:
        """Return the state that ``packed`` made arrays of.

        Raises:
            ValueError: The arrays do not fit.
        """
