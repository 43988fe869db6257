"""A SoundFont of few instruments, with a full General MIDI font for all the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from model.data.midifile import Note
from model.data.synth import FontPlayer

__all__ = ["RECORDED_INSTRUMENTS", "LayeredPlayer", "Layering"]


@dataclass(frozen=True, slots=True)
class Layering:
    """Instruments that a font of few instruments plays; programmes are numbers from 0."""

    programmes: Mapping[int, int]
    """General MIDI programmes, and the font's own that play them."""
    gains_db: Mapping[int, float] = field(default_factory=dict)
    """Gain of the font's own programmes that brings them to the level of other fonts."""
    kits: Mapping[int, int] = field(default_factory=dict)
    """General MIDI kits, and the font's own that play them."""
    keys: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """Drum keys that each of its own kits has; another kit of its own lends what one lacks."""
    touch: Mapping[int, float] = field(default_factory=dict)
    """Factors of the velocity of drum keys that are too loud or too quiet beside others."""

    def voice(self, note: Note) -> Note | None:
        """Return a note on the font's own programme or kit; None where it lacks the sound."""
        if not note.drum:
            own = self.programmes.get(note.programme)
            return None if own is None else replace(note, programme=own)
        kit = self.kits.get(note.programme)
        if kit is None:
            return None
        kits = [own for own in (kit, *self.keys) if note.pitch in self.keys[own]]
        if not kits:
            return None
        velocity = round(note.velocity * self.touch.get(note.pitch, 1))
        return replace(note, programme=kits[0], velocity=min(127, max(1, velocity)))


_PIANO_DB, _GUITAR_DB, _BASS_DB = -8.0, 5.0, 6.0

RECORDED_INSTRUMENTS = Layering(
    programmes={
        **{0: 0, 1: 1, 2: 2, 3: 1, 4: 4, 5: 5},
        **{24: 25, 25: 25, 26: 26, 27: 27, 28: 27},
        **{32: 32, 33: 33, 34: 34, 35: 35, 36: 36, 37: 37},
    },
    gains_db={
        **dict.fromkeys((0, 1, 2, 4, 5), _PIANO_DB),
        **dict.fromkeys((25, 26, 27), _GUITAR_DB),
        **dict.fromkeys((32, 33, 34, 35, 36, 37), _BASS_DB),
    },
    kits={0: 0, 8: 0, 16: 16},
    keys={
        0: frozenset({*range(35, 39), *range(40, 54), 55, 57, 59}),
        16: frozenset({*range(35, 39), *range(40, 49), 50}),
    },
    touch={51: 1.2, 59: 1.2, 53: 0.65},
)
"""Layering of ``liveband_real.sf3``: two grand and three electric pianos, three guitars, six
basses, two kits, all of them recorded.

Nylon strings play on the steel-string guitar, muted ones on the clean electric one, a
honky-tonk on the second grand, the room kit on the standard one; the power kit borrows its
cymbals. Distorted guitars, synthesised basses and the kits of machines, jazz and brushes come
from the other font, as do hand drums. Gains are the median difference to three General MIDI
fonts, which differ as much between each other; the ride is 8 dB quieter than its bell, and
they meet half way."""


class LayeredPlayer:
    """Renders notes on a font of few instruments, and the rest on another font."""

    def __init__(self, own: FontPlayer, layering: Layering, rest: FontPlayer) -> None:
        """Join two loaded fonts.

        Args:
            own: The font of few instruments.
            layering: What it plays.
            rest: A General MIDI font, which plays everything else.
        """
        self._own = own
        self._layering = layering
        self._rest = rest

    def render(self, notes: Sequence[Note], frames: int) -> NDArray[np.float32]:
        """Return the sound of some notes, as `FontPlayer.render` does.

        Args:
            notes: Times in seconds, any order.
            frames: Length of the result.

        Returns:
            Mono audio, shape ``(frames,)``.
        """
        layers: dict[tuple[bool, int, float], list[Note]] = {}
        rest = []
        for note in notes:
            voiced = self._layering.voice(note)
            if voiced is None:
                rest.append(note)
                continue
            kit = voiced.programme if note.drum else 0
            gain_db = 0.0 if note.drum else self._layering.gains_db.get(voiced.programme, 0.0)
            layers.setdefault((note.drum, kit, gain_db), []).append(voiced)
        audio = np.zeros(frames, np.float32)
        for (_, _, gain_db), layer in sorted(layers.items()):
            audio += np.float32(10 ** (gain_db / 20)) * self._own.render(layer, frames)
        if rest:
            audio += self._rest.render(rest, frames)
        return audio
