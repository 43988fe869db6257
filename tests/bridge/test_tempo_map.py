"""Tempo maps: lines, phases, what makes no sense, and how far two agree."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bridge.common.errors import ConfigError
from bridge.tempo import QuantizeGrid, TempoMap
from tests.bridge.transport_stage import straight

HOUR = 3600 * 48000

maps = st.builds(
    TempoMap,
    frame=st.floats(-HOUR, HOUR),
    beat=st.floats(-16, 16),
    tempo_bpm=st.floats(20, 300),
    beats_per_bar=st.integers(1, 16).map(float),
    rate=st.sampled_from([44100, 48000, 96000]),
)


@given(maps, st.integers(-HOUR, HOUR), st.sampled_from([QuantizeGrid.BEAT, QuantizeGrid.BAR]))
@example(straight(20.0, frame=1e-4, rate=44100), 0, QuantizeGrid.BEAT)
def test_the_next_line_is_the_first_frame_on_or_after_it(tempo, frame, grid):
    line = tempo.next_line(frame, grid)
    step = tempo.beats_per_bar if grid is QuantizeGrid.BAR else 1.0
    per_line = step * tempo.frames_per_beat
    assert frame <= line < frame + per_line + 1
    past = tempo.beats(line) / step
    assert (past - round(past)) * per_line == pytest.approx(0.5, abs=0.5 + 1e-3)
    assert tempo.next_line(line, grid) == line


@given(maps, st.integers(-HOUR, HOUR))
def test_phases_are_parts_of_a_turn_and_agree(tempo, frame):
    phase = tempo.phase(frame)
    assert 0.0 <= phase.beat < 1.0
    assert 0.0 <= phase.bar < 1.0
    turn = phase.bar * tempo.beats_per_bar - phase.beat
    assert turn == pytest.approx(round(turn), abs=1e-6)
    assert tempo.moved(1000).phase(frame + 1000).beat == pytest.approx(phase.beat, abs=1e-6)


def test_no_phase_while_the_transport_stands():
    assert straight(rolling=False).phase(0) is None


@pytest.mark.parametrize(
    "wrong", [{"tempo_bpm": 0.0}, {"beats_per_bar": -4.0}, {"beat": float("nan")}, {"rate": 0}]
)
def test_a_tempo_map_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ConfigError, match="tempo map"):
        straight(**{"tempo_bpm": 120.0, **wrong})


def test_maps_agree_up_to_whole_bars_and_as_long_as_anybody_plays_ahead():
    tempo = straight()
    assert tempo.agrees(straight(frame=-96000.0 * 7), 0, 0.002)
    assert not tempo.agrees(straight(frame=24000.0), 0, 0.002)
    assert not tempo.agrees(straight(120.1), 0, 0.002)
    assert tempo.agrees(straight(120.01), 0, 0.002)
    assert not tempo.agrees(straight(rolling=False), 0, 0.002)
