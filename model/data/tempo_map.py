"""Beats and bars of a MIDI file, and whether its notes keep to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.data.midifile import MidiFile

__all__ = ["MidiBar", "bars_of", "keeps_time", "quarters_of"]

_ON_GRID, _OFF_CENTRE = 0.8, 0.1


@dataclass(frozen=True, slots=True)
class MidiBar:
    """A bar of a file; times in quarters."""

    start: float
    above: int
    """Numerator of its time signature."""
    below: int

    @property
    def length(self) -> float:
        """Quarters in it."""
        return 4 * self.above / self.below

    @property
    def felt_beats(self) -> int:
        """Beats a listener counts: 2, 3 and 4 in 6/8, 9/8 and 12/8."""
        compound = self.below == 8 and self.above in (6, 9, 12)
        return self.above // 3 if compound else self.above

    @property
    def beats(self) -> list[float]:
        """Beats of the bar, in quarters."""
        step = self.length / self.felt_beats
        return [self.start + number * step for number in range(self.felt_beats)]


def bars_of(midi: MidiFile) -> list[MidiBar]:
    """Return the bars of a file with notes, and the one after its end."""
    return list(_bars(midi))


def _bars(midi: MidiFile) -> Iterator[MidiBar]:
    end = max(note.start + note.length for note in midi.notes)
    ends = [beat for beat, _, _ in midi.meters[1:]]
    for meter, until in zip(midi.meters, [*ends, end], strict=True):
        bar = MidiBar(*meter)
        while bar.start < min(until, end):
            yield bar
            bar = replace(bar, start=bar.start + bar.length)
    yield bar


def quarters_of(midi: MidiFile) -> NDArray[np.float64]:
    """Return the time of every quarter of a file, a bar beyond its end, in seconds."""
    last = max((note.start + note.length for note in midi.notes), default=0.0)
    beyond = max(4 * above / below for _, above, below in midi.meters)
    starts = np.array([beat for beat, _ in midi.tempos])
    beat_s = 60 / np.array([tempo for _, tempo in midi.tempos])
    changes = np.concatenate(([0.0], np.cumsum(np.diff(starts) * beat_s[:-1])))
    quarters = np.arange(int(np.ceil(last + beyond)) + 2)
    span = np.searchsorted(starts, quarters, "right") - 1
    times: NDArray[np.float64] = changes[span] + (quarters - starts[span]) * beat_s[span]
    return times


def keeps_time(midi: MidiFile) -> bool:
    """Return whether the drums, or all notes where there are none, fall on parts of the beat.

    Thirds or quarters of the beat must hold most onsets, and hold them in their middle; a
    file that was played in freely, or begins beside its own grid, does not.
    """
    drums = [note.start for note in midi.notes if note.drum]
    onsets = np.array(drums or [note.start for note in midi.notes])
    for division in (3, 4):
        centre = np.mean(np.exp(2j * np.pi * division * onsets))
        if abs(centre) > _ON_GRID and abs(np.angle(centre)) < 2 * np.pi * _OFF_CENTRE:
            return True
    return False
