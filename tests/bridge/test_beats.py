"""Beats are told once each."""

from dataclasses import replace

import numpy as np
import pytest

from bridge.tempo import TempoMap
from bridge.transport.beat_events import Beat, BeatCounter

RATE = 48000
LOOK = 960


def tempo_of(bpm, **others):
    values = {"frame": 0, "beat": 0.0, "beats_per_bar": 4.0, "rate": RATE, **others}
    return TempoMap(tempo_bpm=bpm, **values)


def told(maps):
    """Look every 20 ms, each time at the next of the maps."""
    counter, beats = BeatCounter(), []
    for look, tempo in enumerate(maps):
        beats += counter.due(tempo, look * LOOK, look * LOOK + 2 * LOOK)
    return beats


@pytest.mark.parametrize("bpm", [40.0, 97.3, 240.0])
@pytest.mark.parametrize("per_bar", [3.0, 4.0, 7.0])
def test_every_beat_of_a_steady_map_is_told_once_and_numbered(bpm, per_bar):
    beats = told([tempo_of(bpm, beats_per_bar=per_bar)] * 1000)
    assert len(beats) == pytest.approx(20 * bpm / 60, abs=1.1)
    for count, beat in enumerate(beats):
        assert beat.frame == pytest.approx(count * 60 * RATE / bpm, abs=1)
        assert (beat.beat, beat.bar) == (count % per_bar + 1, count // per_bar + 1)


def test_a_map_that_trembles_neither_doubles_nor_loses_a_beat():
    random = np.random.default_rng(5)
    maps = [
        tempo_of(120.0 + random.normal(0, 0.8), frame=look * LOOK, beat=look * LOOK / 24000
                 + random.normal(0, 0.015))
        for look in range(3000)
    ]  # fmt: skip
    beats = told(maps)
    assert len(beats) == pytest.approx(120, abs=1)
    spacing = np.diff([beat.frame for beat in beats])
    assert spacing.min() > 0.8 * 24000
    assert spacing.max() < 1.2 * 24000


def test_nothing_is_told_while_it_stands_and_the_first_beat_when_it_rolls():
    counter = BeatCounter()
    rolling = tempo_of(60.0, frame=48000)
    assert counter.due(None, 0, 48001) == []
    assert counter.due(replace(rolling, rolling=False), 0, 48001) == []
    assert counter.due(rolling, 47000, 48001) == [Beat(48000, 1, 1)]
