"""Augmentation: a target and its mix as in a live set, with annotations of the take.

The mix is a subset of the other stems, retuned together with the target, preceded and followed
by talk and applause, with a count-in, rests and stops, and degraded as by a stage microphone.
All of it is random, seeded by the names of song and target. Some takes are not augmented.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from model.array_types import Audio
from model.data.ambient_sounds import SOUNDS, count_strokes
from model.data.audiofile import SAMPLE_RATE
from model.data.charts import Chord
from model.data.index import Song
from model.data.mix_degradation import degraded
from model.data.pairing import draw_mix
from model.data.take_plan import SOFT, PlayedPart, TakePlan, draw_plan, plain_plan
from model.networks.annotation import chord_track, count_track, join_annotation

__all__ = ["AugmentedTake", "FrameGrid", "annotate", "augmented_take", "perform"]

PLAIN_SHARE = 0.15
"""Share of takes that are the song as it was rendered, but for the level of the mix."""
TUNED_SHARE = 0.5
"""Share of the others that are tuned higher or lower."""
MOST_CENTS = 30.0
"""How much higher or lower they are tuned, at most."""
SOUND_DB = {"talk": (-15.0, 3.0), "applause": (-6.0, 6.0), "murmur": (-30.0, -10.0)}
"""Levels of what is heard while nobody plays, relative to the RMS of the mix."""
STROKE_DB = (-15.0, 0.0)
"""Peak of a count-in relative to the peak of the mix."""

_TUNING = 1000
"""Steps in which the rate of a tuned take is told: 1.7 cents each."""
_REST_RELEASE = round(0.1 * SAMPLE_RATE)

Track = NDArray[np.float32]
Chords = Sequence[tuple[float, int, frozenset[int]]]


@dataclass(frozen=True, slots=True)
class FrameGrid:
    """Beats, bars and chords of a song, in frames."""

    beats: NDArray[np.float64] | None
    """None where they are not known, or are too few to count."""
    downbeats: NDArray[np.float64] | None
    chords: Chords | None
    """Onset, root 0..11 and pitch classes of each."""

    @classmethod
    def of(cls, song: Song, scale: float) -> FrameGrid:
        """Return the grid of a song.

        Args:
            song: The song.
            scale: How much longer it is than it was rendered.
        """
        frames_per_s = SAMPLE_RATE * scale
        beats, downbeats, chords = song.beats_s, song.downbeats_s, song.chords
        known = (
            beats is not None and downbeats is not None and min(len(beats), len(downbeats)) > 1
        )
        return cls(
            beats * frames_per_s if known and beats is not None else None,
            downbeats * frames_per_s if known and downbeats is not None else None,
            None
            if chords is None
            else [
                (onset * frames_per_s, root, Chord(root, quality).pitch_classes)
                for onset, root, quality in chords
            ],
        )


@dataclass(frozen=True, slots=True)
class AugmentedTake:
    """A target and its mix, augmented."""

    stem: Audio
    """The target, ``(frames,)``, a whole number of hops; silent where it does not play."""
    heard: Audio
    """The mix as it is heard, ``(frames,)``."""
    mix: Audio
    """The mix as it is on stage: no noise, no room, no codec, but as loud; ``(frames,)``."""
    annotation: Track
    """``(hops, ANNOTATION)``; unknown where nobody counts or plays."""


def augmented_take(song: Song, target: str, hop: int) -> AugmentedTake:
    """Return an augmented take of a target of a song.

    Args:
        song: The song.
        target: Class of the stem to learn.
        hop: Frames of a hop.

    Returns:
        The same take for the same names of song and target.
    """
    rng = Random(f"{song.path.name} {target}")
    stem, mix = song.read(target, 0, song.frames), np.zeros(song.frames, np.float32)
    heard, gain = draw_mix(rng, song.stems, target)
    for name in heard:
        mix += song.read(name, 0, song.frames)
    plain = rng.random() < PLAIN_SHARE
    down = _TUNING
    if not plain and rng.random() < TUNED_SHARE:
        down = round(_TUNING * 2 ** (rng.uniform(-MOST_CENTS, MOST_CENTS) / 1200))
        stem, mix = (_resampled(audio, down) for audio in (stem, mix))
    grid = FrameGrid.of(song, _TUNING / down)
    plan = (
        plain_plan(len(stem))
        if plain
        else draw_plan(rng, len(stem), grid.downbeats, grid.beats)
    )
    frames = plan.frames // hop * hop
    played = perform(plan, stem, target=True)[:frames]
    staged = perform(plan, mix, target=False)
    _add_sounds(rng, plan, staged, reference=mix if mix.any() else stem)
    staged = np.float32(gain) * staged[:frames]
    return AugmentedTake(
        played,
        staged if plain else degraded(rng, staged),
        staged,
        annotate(plan, grid, frames // hop, hop),
    )


def _resampled(audio: Audio, down: int) -> Audio:
    resampled: Audio = resample_poly(audio, _TUNING, down).astype(np.float32)
    return resampled


def perform(plan: TakePlan, audio: Audio, *, target: bool) -> Audio:
    """Return audio of a song rearranged as a plan says.

    Args:
        plan: Of the take.
        audio: Of the song, ``(frames of the song,)``.
        target: Whether it is the target, which plays on where the mix rests alone.

    Returns:
        ``(frames of the take,)``, silent where nobody plays.
    """
    resting = audio
    rests = [rest for rest in plan.rests if not (target and rest.alone)]
    if rests:
        resting = audio.copy()
        for rest in rests:
            _fade_out(resting[rest.start : rest.stop], _REST_RELEASE)
            resting[rest.stop : rest.stop + SOFT] *= _ramp(
                len(resting[rest.stop : rest.stop + SOFT])
            )
    take = np.zeros(plan.frames, np.float32)
    for part in plan.parts:
        piece = resting[part.start : part.stop + part.fade_out].copy()
        _fade_out(piece[part.stop - part.start :], part.fade_out)
        piece[: part.fade_in] *= _ramp(len(piece[: part.fade_in]))
        take[part.at : part.at + len(piece)] += piece[: plan.frames - part.at]
    return take


def _fade_out(audio: Audio, length: int) -> None:
    """Fade a sound out within so many frames, and be silent for the rest of it."""
    length = min(length, len(audio))
    audio[:length] *= _ramp(length)[::-1] ** 2
    audio[length:] = 0.0


def _ramp(length: int) -> Audio:
    ramp = (np.arange(length) + 0.5) / max(1, length)
    return ramp.astype(np.float32)


def _add_sounds(rng: Random, plan: TakePlan, mix: Audio, *, reference: Audio) -> None:
    """Add ambient sounds to a mix."""
    rms = math.sqrt(float(np.mean(np.square(reference))))
    for gap in plan.gaps:
        if gap.sound in SOUNDS and gap.stop > gap.start:
            gain = rms * 10 ** (rng.uniform(*SOUND_DB[gap.sound]) / 20)
            sound = SOUNDS[gap.sound](rng, gap.stop - gap.start)
            for edge in (sound, sound[::-1]):
                edge[:SOFT] *= _ramp(len(edge[:SOFT]))
            mix[gap.start : gap.stop] += np.float32(gain) * sound
    peak = float(np.abs(reference).max(initial=0.0))
    for count_in in plan.count_ins:
        gain = peak * 10 ** (rng.uniform(*STROKE_DB) / 20)
        strokes = count_strokes(rng, len(count_in.beats))
        for beat, stroke in zip(count_in.beats, strokes, strict=True):
            at = max(0, round(beat))
            room = mix[at : at + len(stroke)]
            room += np.float32(gain) * stroke[: len(room)]


def annotate(plan: TakePlan, grid: FrameGrid, hops: int, hop: int) -> Track:
    """Return beat, bar and chord of every hop of a take.

    Args:
        plan: Of the take.
        grid: Of the song.
        hops: How many hops of the take.
        hop: Frames of a hop.

    Returns:
        ``(hops, ANNOTATION)``. A count-in counts as known; where nobody plays nothing does.
    """
    annotation = join_annotation(None, None, hops)
    starts = np.arange(hops) * hop
    for number, part in enumerate(plan.parts):
        counted = [each.beats for each in plan.count_ins if each.part == number]
        end = part.at + part.stop + part.fade_out - part.start
        begin = counted[0][0] if counted else part.at
        count = chord = None
        if grid.beats is not None and grid.downbeats is not None:
            beats, downbeats = _counted(part, counted, grid.beats, grid.downbeats)
            values, known = count_track(
                beats / SAMPLE_RATE, downbeats / SAMPLE_RATE, hops, hop / SAMPLE_RATE
            )
            here = ((starts >= begin) & (starts < end))[:, None]
            count = values * here, known * here
        if grid.chords is not None:
            chord = _chords(plan, part, grid.chords, hops, hop)
        annotation += join_annotation(count, chord, hops)
    return annotation


def _counted(
    part: PlayedPart,
    counted: list[tuple[float, ...]],
    beats: NDArray[np.float64],
    downbeats: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return beats and bar lines in frames of the take, with those of counted bars."""
    shift = part.at - part.start
    if not counted:
        return beats + shift, downbeats + shift
    first = counted[0]
    line = first[-1] + (first[-1] - first[0]) / max(1, len(first) - 1) / 2
    own = [marks[marks + shift > line] + shift for marks in (beats, downbeats)]
    return np.concatenate([first, own[0]]), np.concatenate([first[:1], own[1]])


def _chords(
    plan: TakePlan, part: PlayedPart, chords: Chords, hops: int, hop: int
) -> tuple[Track, Track]:
    """Return the chords of a part, and where they begin and end."""
    shift = part.at - part.start
    seconds = [
        ((onset + shift) / SAMPLE_RATE, root, classes) for onset, root, classes in chords
    ]
    track, known = chord_track(seconds, hops, hop / SAMPLE_RATE)
    middle = (np.arange(hops) + 0.5) * hop
    here = (middle >= part.at) & (middle < part.at + part.stop - part.start)
    for rest in plan.rests:
        if not rest.alone:
            here &= (middle < rest.start + shift) | (middle >= rest.stop + shift)
    return track * here[:, None], known * here[:, None]
