"""The demo mix that ships with the bridge: 30 s of drums, piano and guitar, no bass.

Twelve bars at 96 beats a minute, so that it also loops. The music is written out below and
played on Fluid R3, whose MIT licence lets everybody pass the result on::

    python -m tools.assets.demo_mix bridge/assets/mix.ogg
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np
import soundfile
from numpy.typing import NDArray

from model.data.charts import Chord, read_bars
from model.data.midifile import Note
from model.data.synth import DEFAULT_FONT, SAMPLE_RATE, FontPlayer

__all__ = ["BEAT_S", "FRAMES", "main", "make_mix"]

_TEMPO_BPM = 96
_BEATS = 4
_CHART = "vi7 IVmaj7 I V vi7 IVmaj7 ii7 V7sus4,V7 ii7 IVmaj7 I V7sus4,V7"
_TONIC = 0
BEAT_S = 60 / _TEMPO_BPM
"""Seconds from beat to beat; the first is at 0."""
FRAMES = round(len(_CHART.split()) * _BEATS * BEAT_S * SAMPLE_RATE)
"""Length of the mix: 30 s."""

_KICK, _SNARE, _CLOSED_HAT, _OPEN_HAT, _CRASH = 36, 38, 42, 46, 49
_TOMS = (50, 48, 45)
_PIANO, _CLEAN_GUITAR = 0, 27
_ROOM_S = 0.35
_RMS = 10 ** (-16.5 / 20)
_CEILING = 0.8
_VORBIS_COMPRESSION = 0.5


def make_mix(player: FontPlayer) -> NDArray[np.float32]:
    """Return the mix, shape ``(FRAMES, 2)``: about -16 dB RMS, peaks within 0.8.

    Args:
        player: The font to play on.
    """
    rng = Random(96)
    bars = read_bars(_CHART, _TONIC)
    stems = [
        (_drums(), -19.0, 0.0),
        (_piano(bars), -20.0, -0.25),
        (_guitar(bars), -23.0, 0.45),
    ]
    stereo = np.zeros((FRAMES, 2), np.float32)
    for notes, level_db, pan in stems:
        # A second pass plays what rang past the end into the beginning, for the loop.
        sound = player.render(_human(rng, notes), 2 * FRAMES)
        sound = sound[:FRAMES] + sound[FRAMES:]
        sound *= np.float32(10 ** (level_db / 20) / np.sqrt(np.mean(np.square(sound))))
        angle = (pan + 1) * np.pi / 4
        stereo += sound[:, None] * np.array([np.cos(angle), np.sin(angle)], np.float32)
    return _master(stereo + 0.12 * _room(stereo))


def _human(rng: Random, notes: Iterator[Note]) -> list[Note]:
    """Return the notes with small deviations of time and velocity, times in seconds."""
    return [
        Note(
            start=max(0.0, note.start * BEAT_S + rng.gauss(0, 0.003)),
            length=note.length * BEAT_S,
            pitch=note.pitch,
            velocity=note.velocity + round(rng.gauss(0, 3)),
            programme=note.programme,
            track=note.track,
            drum=note.drum,
        )
        for note in notes
    ]


def _drums() -> Iterator[Note]:
    for bar in range(len(_CHART.split())):
        fill = bar % 4 == 3
        pattern = [(0, _KICK, 112), (1, _SNARE, 100), (2.5, _KICK, 100)]
        pattern += [(3, _SNARE, 104)] if not fill else []
        pattern += [(1.5, _KICK, 84)] if bar % 2 else [(2, _KICK, 92)]
        pattern += [(0, _CRASH, 92)] if bar % 4 == 0 else []
        for eighth in range(6 if fill else 8):
            pattern.append((eighth / 2, _CLOSED_HAT, 84 if eighth % 2 == 0 else 64))
        if fill:
            pattern += [(3, _SNARE, 104), (3.25, _TOMS[0], 96), (3.5, _TOMS[1], 100)]
            pattern += [(3.75, _TOMS[2], 106)]
        elif bar % 4 == 1:
            pattern.append((3.5, _OPEN_HAT, 76))
        for beat, key, velocity in pattern:
            yield _note(bar, beat, 1.0, key, velocity, 0, drum=True)


def _piano(bars: Sequence[tuple[Chord, ...]]) -> Iterator[Note]:
    """Yield syncopated chords, each voiced as near as possible to the last one."""
    voicing = [60, 64, 69]
    for number, bar in enumerate(bars):
        halves = [bar[0], bar[-1]]
        for beat, length, velocity in ((0, 1.4, 84), (1.5, 0.9, 74), (2.5, 1.4, 80)):
            voicing = _lead_voices(voicing, halves[beat >= 2])
            for pitch in voicing:
                yield _note(number, beat, length, pitch, velocity, _PIANO)


def _lead_voices(voicing: list[int], chord: Chord) -> list[int]:
    """Return three or four chord tones near ``voicing``, between E3 and C5."""
    centre = sum(voicing) / len(voicing)
    centre = min(67, max(61, centre))
    tones = [pitch for pitch in range(52, 73) if pitch % 12 in chord.pitch_classes]
    nearest: dict[int, int] = {}
    for pitch in sorted(tones, key=lambda tone: abs(tone - centre)):
        nearest.setdefault(pitch % 12, pitch)
    return sorted(nearest.values())


def _guitar(bars: Sequence[tuple[Chord, ...]]) -> Iterator[Note]:
    """Yield broken chords in eighth notes."""
    order = (0, 2, 3, 1, 2, 3, 1, 2)
    for number, bar in enumerate(bars):
        for eighth, step in enumerate(order):
            chord = bar[-1] if eighth >= 4 else bar[0]
            tones = [pitch for pitch in range(55, 77) if pitch % 12 in chord.pitch_classes]
            velocity = 86 if eighth % 4 == 0 else 72
            yield _note(number, eighth / 2, 0.9, tones[step + 1], velocity, _CLEAN_GUITAR)


def _note(
    bar: int,
    beat: float,
    length: float,
    pitch: int,
    velocity: int,
    programme: int,
    *,
    drum: bool = False,
) -> Note:
    return Note(
        start=bar * _BEATS + beat,
        length=length,
        pitch=pitch,
        velocity=velocity,
        programme=programme,
        track="demo",
        drum=drum,
    )


def _room(stereo: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the sound of a small room around the mix, wrapped around its ends."""
    length = round(_ROOM_S * SAMPLE_RATE)
    noise = np.random.default_rng(96).standard_normal((length, 2))
    response = noise * np.exp(-6.9 * np.arange(length) / length)[:, None]
    response /= np.sqrt(np.sum(response**2, axis=0))
    spectrum = np.fft.rfft(stereo, axis=0) * np.fft.rfft(response, len(stereo), axis=0)
    return np.fft.irfft(spectrum, len(stereo), axis=0).astype(np.float32)


def _master(stereo: NDArray[np.float32]) -> NDArray[np.float32]:
    """Set the level of the mix, and limit its peaks softly."""
    driven = stereo * np.float32(_RMS * 1.14 / np.sqrt(np.mean(np.square(stereo))))
    limited: NDArray[np.float32] = np.float32(_CEILING) * np.tanh(driven / np.float32(_CEILING))
    return limited


def main(argv: Sequence[str] | None = None) -> int:
    """Write the mix to the file named on the command line, as Ogg Vorbis."""
    parser = argparse.ArgumentParser(description="Make the mix that ships with the bridge.")
    parser.add_argument("out", type=Path, help="Ogg file to write")
    parser.add_argument("--font", type=Path, default=DEFAULT_FONT, help="SoundFont to play on")
    args = parser.parse_args(argv)
    soundfile.write(
        args.out,
        make_mix(FontPlayer(args.font)),
        SAMPLE_RATE,
        format="OGG",
        subtype="VORBIS",
        compression_level=_VORBIS_COMPRESSION,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
