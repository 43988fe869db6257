"""The beat is where it should be, however the ticks come."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.midi.clock_in import ClockFollower
from bridge.midi.event import EventKind, MidiEvent

RATE = 48_000
JITTER_S = 0.002


class Sender:
    """A clock that sends jittery ticks to a follower and knows where the beat truly is."""

    def __init__(self, bpm, seed=0, jitter_s=JITTER_S):
        self.follower = ClockFollower(RATE)
        self.random = random.Random(seed)
        self.jitter_s = jitter_s
        self.time, self.tick, self.newest = 5000.0, 0, 0
        self.set_tempo(bpm)

    def set_tempo(self, bpm):
        self.bpm, self.period = bpm, RATE * 60 / bpm / 24

    def say(self, kind, value=0):
        self.follower.feed(MidiEvent(self.newest, kind, value=value))

    def send(self, ticks, lost=()):
        """Send ticks but for the ``lost``; return the greatest error in ms of the beat."""
        worst = 0.0
        for index in range(ticks):
            jitter = self.random.uniform(-self.jitter_s, self.jitter_s) * RATE
            if index not in lost:
                self.newest = max(self.newest, round(self.time + jitter))
                self.say(EventKind.CLOCK)
                worst = max(worst, self.error_ms(self.newest))
                worst = max(worst, self.error_ms(self.newest + round(self.period / 2)))
            self.time, self.tick = self.time + self.period, self.tick + 1
        return worst

    def error_ms(self, frame):
        position = self.follower.position(frame)
        if position is None:
            return 0.0
        true = (self.tick + (frame - self.time) / self.period) / 24
        return abs(position.beats - true) * 60_000 / self.bpm


@settings(max_examples=150, deadline=None)
@given(bpm=st.floats(60, 240), seed=st.integers(0, 2**32))
def test_after_two_bars_the_beat_is_within_5_ms(bpm, seed):
    sender = Sender(bpm, seed)
    sender.say(EventKind.START)
    sender.send(8 * 24)
    assert sender.send(16 * 24) < 5.0
    tempo = sender.follower.position(sender.newest).tempo_bpm
    assert tempo == pytest.approx(bpm, rel=0.03)


@settings(max_examples=80, deadline=None)
@given(
    bpm=st.floats(60, 240),
    seed=st.integers(0, 2**32),
    lost=st.lists(st.integers(1, 22), max_size=16),
    gap=st.integers(0, 20),
)
def test_lost_ticks_do_not_move_the_song(bpm, seed, lost, gap):
    sender = Sender(bpm, seed)
    sender.say(EventKind.START)
    sender.send(8 * 24)
    single = {24 * index + tick for index, tick in enumerate(lost)}
    gap = min(gap, round(0.8 * RATE / sender.period))
    sender.send(16 * 24, lost=single)
    sender.send(gap + 1, lost=range(gap))
    sender.send(2 * 24)
    assert sender.send(24) < 5.0


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(
    ("before", "after"),
    [(120, 126), (120, 107), (120, 90), (120, 60), (90, 140), (60, 240), (240, 60), (120, 121)],
)
def test_a_new_tempo_is_followed_within_two_beats(before, after, seed):
    sender = Sender(before, seed)
    sender.say(EventKind.START)
    sender.send(8 * 24)
    sender.set_tempo(after)
    sender.send(2 * 24)
    assert sender.send(4 * 24) < 5.0
    assert sender.follower.position(sender.newest).tempo_bpm == pytest.approx(after, rel=0.04)


def test_a_steady_clock_is_met_exactly():
    sender = Sender(120, jitter_s=0.0)
    sender.say(EventKind.START)
    assert sender.send(4 * 24) < 1e-6
    position = sender.follower.position(round(sender.time))
    assert (position.beats, position.tempo_bpm) == pytest.approx((4.0, 120.0))


def test_stop_holds_continue_goes_on_and_start_begins_again():
    sender = Sender(120, jitter_s=0.0)
    sender.send(30)
    follower = sender.follower
    assert follower.position(sender.newest).rolling is False
    sender.say(EventKind.START)
    assert follower.position(sender.newest + 10).beats == 0.0
    sender.send(36)
    sender.say(EventKind.STOP)
    assert follower.position(sender.newest).beats == 1.5
    sender.send(48)
    assert follower.position(sender.newest).beats == 1.5
    sender.say(EventKind.CONTINUE)
    sender.send(13)
    assert follower.position(sender.newest).beats == pytest.approx(2.0)
    sender.say(EventKind.CONTINUE)  # once more changes nothing
    sender.send(12)
    assert follower.position(sender.newest).beats == pytest.approx(2.5)
    sender.say(EventKind.START)
    sender.send(1)
    assert follower.position(sender.newest).beats == pytest.approx(0.0, abs=1e-9)


def test_a_song_position_is_counted_in_sixteenths():
    sender = Sender(100, jitter_s=0.0)
    sender.send(30)
    sender.say(EventKind.SONG, 18)
    assert sender.follower.position(sender.newest).beats == 4.5
    sender.say(EventKind.CONTINUE)
    sender.send(25)
    assert sender.follower.position(sender.newest).beats == pytest.approx(5.5)
    sender.say(EventKind.SONG, 0)  # as a sequencer that loops
    sender.send(1)
    assert sender.follower.position(sender.newest).beats == pytest.approx(0.0, abs=1e-9)


def test_without_ticks_the_beat_goes_on_for_a_second_and_then_nothing_is_known():
    sender = Sender(120, jitter_s=0.0)
    sender.say(EventKind.START)
    sender.send(49)
    at = sender.follower.position
    assert at(sender.newest + RATE // 2).beats == pytest.approx(3.0)
    assert at(sender.newest + RATE + 1) is None
    sender.time += 5 * RATE
    sender.set_tempo(90)
    sender.send(24)
    assert at(sender.newest).tempo_bpm == pytest.approx(90, rel=1e-4)


def test_nothing_is_known_before_a_tempo_is():
    sender = Sender(120)
    assert sender.follower.position(0) is None
    sender.send(3)
    assert sender.follower.position(sender.newest) is None
    sender.send(1)
    assert sender.follower.position(sender.newest) is not None
