"""Offline synthesiser: notes on a SoundFont, one stem at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.data.audiofile import SAMPLE_RATE
from model.data.midifile import DRUM_CHANNEL, Note
from model.errors import MissingTool

__all__ = ["DEFAULT_FONT", "SAMPLE_RATE", "FontPlayer", "find_font"]

DEFAULT_FONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
"""Fluid R3, MIT licence, where Debian's ``fluid-soundfont-gm`` puts it."""

_HEADROOM_DB = -12.0
_VOICES = 512
_DRUM_BANK = 128
_SETTLE = 4096
"""Frames after which a stopped voice is silent."""
_MELODIC_CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)


def find_font(font: Path) -> Path:
    """Return ``font`` if it exists.

    Raises:
        MissingTool: It is not.
    """
    if not font.is_file():
        raise MissingTool(
            f"no SoundFont at {font}: apt-get install mma fluid-soundfont-gm, "
            "or name another one with --font"
        )
    return font


class FontPlayer:
    """A loaded SoundFont that renders notes to mono audio.

    The same notes always give the same samples, whatever was rendered before.
    """

    def __init__(self, font: Path = DEFAULT_FONT) -> None:
        """Load a font, which takes about a second for a large one.

        Args:
            font: An ``.sf2`` file.

        Raises:
            MissingTool: The file does not exist, or is no SoundFont.
        """
        import tinysoundfont  # not installed where nobody trains

        self._synth = tinysoundfont.Synth(gain=_HEADROOM_DB, samplerate=SAMPLE_RATE)
        try:
            self._font = self._synth.sfload(str(find_font(font)), max_voices=_VOICES)
        except (RuntimeError, tinysoundfont.SoundFontException) as error:
            raise MissingTool(f"{font} is not a SoundFont that can be read: {error}") from error

    def render(self, notes: Sequence[Note], frames: int) -> NDArray[np.float32]:
        """Return the sound of some notes.

        Velocity is squared on its way to the synthesiser, which reads it linearly where
        SoundFonts mean decibels; without that every performance is too loud and too flat.

        Args:
            notes: Times in seconds, any order; what begins before 0 is heard from 0 on.
                Programmes the font lacks play its first.
            frames: Length of the result; what rings beyond it is cut off.

        Returns:
            Mono audio, shape ``(frames,)``, dry, at a level that depends on the font.
        """
        early = min((note.start for note in notes), default=0.0)
        if early < 0:
            lead = math.ceil(-early)
            later = [replace(note, start=note.start + lead) for note in notes]
            return self.render(later, frames + lead * SAMPLE_RATE)[lead * SAMPLE_RATE :]
        audio = np.zeros(frames, np.float32)
        drums = [note for note in notes if note.drum]
        if drums:
            self._select(DRUM_CHANNEL, _DRUM_BANK, drums[0].programme)
            audio += self._play([(note, DRUM_CHANNEL) for note in drums], frames)
        voices = sorted({(note.track, note.programme) for note in notes if not note.drum})
        for first in range(0, len(voices), len(_MELODIC_CHANNELS)):
            band = dict(zip(voices[first:], _MELODIC_CHANNELS, strict=False))
            for (_, programme), channel in band.items():
                self._select(channel, 0, programme)
            part = [
                (note, band[note.track, note.programme])
                for note in notes
                if not note.drum and (note.track, note.programme) in band
            ]
            audio += self._play(part, frames)
        return audio

    def _select(self, channel: int, bank: int, programme: int) -> None:
        known = self._synth.sfpreset_name(self._font, bank, programme) is not None
        self._synth.program_select(
            channel, self._font, bank, programme if known else 0, bank == _DRUM_BANK
        )

    def _play(self, part: Sequence[tuple[Note, int]], frames: int) -> NDArray[np.float32]:
        events: list[tuple[int, int, int, Note]] = []
        for number, (note, _) in enumerate(part):
            start = round(note.start * SAMPLE_RATE)
            end = max(start + 1, round((note.start + note.length) * SAMPLE_RATE))
            events += [(start, 1, number, note), (end, 0, number, note)]
        events.sort(key=lambda event: event[:3])
        stereo = np.zeros((frames, 2), np.float32)
        position = 0
        for frame, is_start, number, note in events:
            position = self._advance(stereo, position, min(frame, frames))
            if position == frames:
                break
            channel = part[number][1]
            if is_start:
                self._synth.noteon(channel, note.pitch, max(1, round(note.velocity**2 / 127)))
            else:
                self._synth.noteoff(channel, note.pitch)
        self._advance(stereo, position, frames)
        self._synth.sounds_off()
        self._synth.generate(_SETTLE)
        mono: NDArray[np.float32] = stereo.mean(axis=1)
        return mono

    def _advance(self, stereo: NDArray[np.float32], start: int, stop: int) -> int:
        if stop > start:
            self._synth.generate(stop - start, stereo[start:stop].data.cast("B"))
        return stop
