"""A timebase that contradicts its frames is not believed, and the next source keeps time."""

import re
from dataclasses import replace
from math import inf, nan

import numpy as np
import pytest

from bridge.midi.clock_in import ClockPosition
from bridge.tempo import BarBeat, TempoEstimate
from bridge.transport.timebase_watch import TimebaseWatch
from tests.bridge.transport_stage import Stage, straight

RATE = 48000
LOOK = 960
"""Frames between two updates of the sources."""


def at(frame, tempo_bpm=120.0, beats_per_bar=4.0, start=0.0):
    """Return what a timebase tells that is right, at a beat ``start`` at frame 0."""
    beats = start + frame * tempo_bpm / 60 / RATE
    bar, beat = divmod(beats, beats_per_bar)
    return BarBeat(
        frame=frame, bar=int(bar), beat=beat, tempo_bpm=tempo_bpm, beats_per_bar=beats_per_bar
    )


def first_fault(watch, readings):
    """Return the index of the first reading that is not believed, and why; else None."""
    for index, reading in enumerate(readings):
        fault = watch.update(reading, RATE)
        if fault:
            return index, fault
    return None


def steady(seconds, begin=0, **values):
    return [at(begin + look * LOOK, **values) for look in range(round(seconds * RATE / LOOK))]


@pytest.mark.parametrize("tempo_bpm", [12.0, 60.0, 97.3, 240.0, 960.0])
@pytest.mark.parametrize("beats_per_bar", [1.0, 3.5, 4.0, 15.0])
@pytest.mark.parametrize("ticks", [24, 96, 1920, None])
def test_an_honest_timebase_is_believed_however_coarse_its_ticks(
    tempo_bpm, beats_per_bar, ticks
):
    readings = steady(60, tempo_bpm=tempo_bpm, beats_per_bar=beats_per_bar)
    if ticks:
        readings = [replace(each, beat=int(each.beat * ticks) / ticks) for each in readings]
    assert first_fault(TimebaseWatch(), readings) is None


def test_tempo_curves_stops_relocations_and_loops_are_no_contradiction():
    watch, readings, frame, beats = TimebaseWatch(), [], 0.0, 0.0
    for bpm in np.linspace(60, 180, 200):
        bar, beat = divmod(beats, 4.0)
        readings.append(
            BarBeat(frame=frame, bar=int(bar), beat=beat, tempo_bpm=bpm, beats_per_bar=4.0)
        )
        frame, beats = frame + LOOK, beats + LOOK * bpm / 60 / RATE
    readings += [readings[-1]] * 100  # it stands
    for place in (100.0, 100.5, 3.0, 2.9, 300.0):  # moved while it rolls
        readings += steady(1, begin=place * RATE)
    readings += steady(0.5, begin=RATE) * 20  # half a second, round and round
    assert first_fault(watch, readings) is None


@pytest.mark.parametrize(("before", "after"), [(4.0, 3.0), (3.0, 7.0)])
def test_a_metre_may_change_where_a_bar_begins(before, after):
    bars = 10
    line = bars * before * RATE // 2
    first = [each for each in steady(40, beats_per_bar=before) if each.frame < line]
    second = steady(5, begin=first[-1].frame + LOOK - line, beats_per_bar=after)
    second = [replace(each, frame=each.frame + line, bar=each.bar + bars) for each in second]
    assert first_fault(TimebaseWatch(), first + second) is None


def test_a_metre_that_changes_within_a_bar_is_one():
    flapping = [
        replace(each, beats_per_bar=4.0 if look % 2 else 3.0)
        for look, each in enumerate(steady(3, start=8.5))
    ]
    assert first_fault(TimebaseWatch(), flapping) is not None


@pytest.mark.parametrize("tempo_bpm", [12.0, 60.0, 120.0, 300.0])
def test_a_beat_that_stands_while_frames_go_on_is_noticed_within_a_beat(tempo_bpm):
    readings = [replace(at(0, tempo_bpm=tempo_bpm), frame=look * LOOK) for look in range(500)]
    index, fault = first_fault(TimebaseWatch(), readings)
    assert "stands still" in fault
    assert index * LOOK / RATE < 60 / tempo_bpm


@pytest.mark.parametrize("real_bpm", [90.0, 115.0, 125.0, 240.0, -120.0])
def test_beats_that_run_at_another_tempo_than_is_told_are_noticed(real_bpm):
    readings = [
        replace(at(look * LOOK, tempo_bpm=abs(real_bpm), start=400.0), tempo_bpm=120.0)
        for look in range(250)
    ]
    if real_bpm < 0:
        readings = [
            replace(each, frame=(250 - look) * LOOK) for look, each in enumerate(readings)
        ][::-1]
    _, fault = first_fault(TimebaseWatch(), readings)
    assert "do not go on" in fault


@pytest.mark.parametrize(
    ("nonsense", "told"),
    [
        ({"tempo_bpm": nan}, "nan bpm"),
        ({"tempo_bpm": inf}, "inf bpm"),
        ({"tempo_bpm": 0.0}, "0 bpm"),
        ({"tempo_bpm": -120.0}, "-120 bpm"),
        ({"tempo_bpm": 1e12}, r"1e\+12 bpm, expected 10 to 1000"),
        ({"tempo_bpm": 1e-30}, "1e-30 bpm"),
        ({"beats_per_bar": 0.0}, "bars of 0 beats"),
        ({"beats_per_bar": 3e38}, r"bars of 3e\+38 beats, expected 1 to 64"),
        ({"beats_per_bar": nan}, "bars of nan beats"),
        ({"beat": nan}, "beat nan"),
        ({"beat": 2.0**31}, "in a bar of 4"),
        ({"beat": -1.0}, "beat 0 in a bar of 4"),
    ],
)
def test_what_no_music_has_is_not_believed_at_first_sight(nonsense, told):
    watch = TimebaseWatch()
    assert re.search(told, watch.update(replace(at(0), **nonsense), RATE))
    assert watch.update(at(LOOK), RATE) != ""
    assert first_fault(TimebaseWatch(), steady(1)) is None


def seconds_of_distrust(watch, begin):
    """Let an honest timebase roll until it is believed; return how long that took."""
    for look in range(100_000):
        if not watch.update(at(begin + look * LOOK), RATE):
            return look * LOOK / RATE
    raise AssertionError("it was never believed again")


def test_who_was_wrong_must_be_right_for_longer_each_time():
    watch, frame, waits = TimebaseWatch(), 0.0, []
    for _ in range(7):
        watch.update(at(frame), RATE)
        assert watch.update(at(frame + LOOK, start=37.0), RATE)
        waits.append(seconds_of_distrust(watch, frame + 2 * LOOK))
        frame += 200 * RATE
    assert waits == pytest.approx([2, 4, 8, 16, 32, 32, 32], abs=0.1)
    for reading in steady(61, begin=frame):
        watch.update(reading, RATE)
    assert watch.update(at(frame + 61 * RATE, start=37.0), RATE)
    assert seconds_of_distrust(watch, frame + 61 * RATE + LOOK) == pytest.approx(2, abs=0.1)


# -- the sources -------------------------------------------------------------------------------


def ear(stage):
    """Have the engine say what it hears."""
    tempo = straight(101.0, frame=float(stage.share.frame), beat=5.25)
    stage.share.publish_beat(TempoEstimate(tempo, 0.7))


def roll(stage, seconds, tell):
    """Let time pass; return which source was in force at each cycle.

    The timebase tells ``tell(frame)`` of the transport.
    """
    sources = []
    for _ in range(round(seconds * RATE / stage.block)):
        stage.timebase = tell(stage.transport)
        stage.cycles(1)
        ear(stage)
        sources.append(stage.sync.reading.source)
    return sources


def stuck(frame):
    return replace(at(0), frame=frame)


def test_the_next_source_keeps_time_and_the_status_says_why(caplog):
    with Stage() as stage:
        stage.rolling = True
        assert set(roll(stage, 1, at)) == {"jack"}
        assert stage.fault == ""
        assert roll(stage, 1, stuck)[-1] == "ear"
        assert stage.followed.tempo is None
        assert stage.followed.use_tracker
        assert "the DAW's timebase is not believed, ear keeps time instead" in stage.fault
        assert "stands still" in stage.fault
        assert "/liveband/transport/source" in stage.fault
        stage.clock = ClockPosition(beats=9.0, tempo_bpm=100.0, rolling=True)
        assert roll(stage, 0.1, stuck)[-1] == "midi"
        assert "midi keeps time instead" in stage.fault
        sources = roll(stage, 3, at)
        assert sources[0] == "midi"
        assert sources[-1] == "jack"
        assert stage.fault == ""
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 2
    assert "is believed again" in caplog.text


def test_where_jack_was_asked_for_its_frames_count_at_the_tempo_of_the_controls():
    with Stage(transport_in_source="jack", tempo=75.0) as stage:
        stage.rolling = True
        roll(stage, 1, stuck)
        reading = stage.sync.reading
        assert (reading.source, reading.tempo_bpm, reading.rolling) == ("jack", 75.0, True)
        assert "jack keeps time instead" in stage.fault


def test_who_chose_another_source_hears_of_no_fault():
    with Stage(transport_in_source="ear") as stage:
        stage.rolling = True
        roll(stage, 1, stuck)
        assert stage.fault == ""


def test_a_midi_clock_of_no_musics_tempo_is_not_believed():
    with Stage() as stage:
        ear(stage)
        stage.clock = ClockPosition(beats=9.0, tempo_bpm=1e5, rolling=True)
        stage.cycles(1)
        assert stage.sync.reading.source == "ear"
        assert "the MIDI clock is not believed" in stage.fault


def test_a_timebase_that_says_nothing_for_a_moment_is_waited_for():
    with Stage() as stage:
        stage.rolling = True
        roll(stage, 0.5, at)
        assert set(roll(stage, 0.2, lambda frame: None)) == {"jack"}
        assert roll(stage, 0.2, lambda frame: None)[-1] == "ear"


def test_it_is_waited_for_also_where_nobody_looked_for_a_while():
    with Stage() as stage:
        stage.rolling = True
        roll(stage, 0.5, at)
        stage.host.process(*np.zeros((2, RATE), np.float32))
        assert set(roll(stage, 0.2, lambda frame: None)) == {"jack"}
