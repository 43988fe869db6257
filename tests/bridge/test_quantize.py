"""Tests of quantized changes: they apply in the very stem hop the beat or bar begins in."""

from dataclasses import replace

import numpy as np
import pytest

from bridge.protocols import Conditions
from bridge.stream.band_changes import LONGEST_WAIT_S
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.quantized_changes import QuantizedChanges
from bridge.tempo import QuantizeGrid, TempoMap, Timekeeping
from bridge.testing import PassThroughModel

DRUMS = Conditions(stem="drums")


class RecordingModel(PassThroughModel):
    """A wire that notes what it was asked to be at each hop, and before which it was reset."""

    def __init__(self):
        self.stems_played, self.noises, self.resets = [], [], []
        super().__init__()

    def play(self):
        self.stems_played.append(self.conditions.stem)
        self.noises.append(self.conditions.noise)
        return super().play()

    def reset(self):
        self.resets.append(self._played)
        super().reset()


def started(hops=2, tempo_bpm=110.0, rate=48000, rolling=True):
    model = RecordingModel()
    scheduler = HopScheduler(model, rate, Conditions(stem="drums", anticipation_hops=hops))
    tempo = TempoMap(
        frame=1234.0, beat=0.0, tempo_bpm=tempo_bpm, beats_per_bar=3.0, rate=rate,
        rolling=rolling,
    )  # fmt: skip
    scheduler.follow(Timekeeping(tempo=tempo))
    model.tempo = tempo
    list(scheduler.start())
    return scheduler, model


def feed(scheduler, hops):
    for _ in range(hops):
        list(scheduler.feed(np.zeros(scheduler.hop, np.float32)))


def wish(scheduler, *asked, grid=QuantizeGrid.BAR, **values):
    base = scheduler.changes.wanted(1)
    new = Conditions(**{name: getattr(base, name) for name in base.__slots__} | values)
    scheduler.condition(new, asked=frozenset(asked or values), grid=grid)


@pytest.mark.parametrize("hops", [0, 2, 20])
@pytest.mark.parametrize("grid", [QuantizeGrid.BEAT, QuantizeGrid.BAR])
@pytest.mark.parametrize("rate", [44100, 48000])
def test_a_change_lands_in_the_hop_that_holds_the_line(hops, grid, rate):
    scheduler, model = started(hops, rate=rate)
    feed(scheduler, 7)
    at = scheduler.played
    line = model.tempo.next_line(at * scheduler.hop, grid)
    wish(scheduler, stem="bass", grid=grid)
    assert scheduler.waiting == {"stem"}
    feed(scheduler, 60)
    assert model.stems_played.index("bass") == line // scheduler.hop >= at
    assert scheduler.waiting == frozenset()
    assert scheduler.conditions.stem == "bass"


@pytest.mark.parametrize("grid", [QuantizeGrid.OFF, QuantizeGrid.HOP])
def test_off_and_hop_act_with_the_next_hop(grid):
    scheduler, model = started()
    at = scheduler.played
    wish(scheduler, stem="bass", grid=grid)
    scheduler.reset(grid)
    assert scheduler.waiting == frozenset()
    feed(scheduler, 1)
    assert model.stems_played.index("bass") == at
    assert model.resets == [at]


def test_without_a_beat_nothing_is_waited_for():
    scheduler, model = started(rolling=False)
    at = scheduler.played
    wish(scheduler, stem="bass")
    feed(scheduler, 1)
    assert model.stems_played.index("bass") == at


def test_a_stop_of_the_transport_lets_go_of_what_waits():
    scheduler, model = started(tempo_bpm=20.0)
    wish(scheduler, stem="bass")
    feed(scheduler, 5)
    assert scheduler.waiting == {"stem"}
    scheduler.follow(Timekeeping())
    feed(scheduler, 1)
    assert scheduler.waiting == frozenset()
    assert model.stems_played[-1] == "bass"


def test_the_latest_wish_wins_and_the_present_value_takes_it_back():
    scheduler, model = started(tempo_bpm=60.0)
    wish(scheduler, stem="bass")
    wish(scheduler, stem="piano")
    feed(scheduler, 80)
    assert set(model.stems_played) == {"drums", "piano"}
    wish(scheduler, stem="bass")
    assert scheduler.waiting == {"stem"}
    wish(scheduler, stem="piano")
    assert scheduler.waiting == frozenset()
    feed(scheduler, 80)
    assert set(model.stems_played) == {"drums", "piano"}


def test_a_fader_does_not_wait_for_the_stem():
    scheduler, model = started(tempo_bpm=60.0)
    feed(scheduler, 3)
    at = scheduler.played
    wish(scheduler, stem="bass")
    wish(scheduler, noise=0.25, grid=QuantizeGrid.OFF)
    feed(scheduler, 1)
    assert (model.noises[at], model.stems_played[at]) == (0.25, "drums")
    assert scheduler.waiting == {"stem"}


def test_asking_again_without_a_grid_is_now():
    scheduler, model = started(tempo_bpm=60.0)
    wish(scheduler, stem="bass")
    at = scheduler.played
    wish(scheduler, "stem", stem="bass", grid=QuantizeGrid.OFF)
    feed(scheduler, 1)
    assert model.stems_played[at] == "bass"


def test_what_is_asked_together_lands_together():
    """A preset: stem, noise and anticipation, all on the one."""
    scheduler, model = started(hops=2)
    feed(scheduler, 5)
    line = model.tempo.next_line(scheduler.played * scheduler.hop, QuantizeGrid.BAR)
    wish(scheduler, stem="bass", noise=0.5, anticipation_hops=20)
    scheduler.reset(QuantizeGrid.BAR)
    assert scheduler.waiting == {"stem", "noise", "anticipation_hops", "reset"}
    feed(scheduler, 60)
    first = line // scheduler.hop
    assert model.stems_played.index("bass") == model.noises.index(0.5) == first
    assert model.resets == [first]
    assert scheduler.is_caught_up


def test_less_anticipation_on_the_one_plays_no_hop_too_many():
    scheduler, _ = started(hops=20)
    wish(scheduler, anticipation_hops=0)
    feed(scheduler, 80)
    assert scheduler.is_caught_up


def test_a_line_in_hops_that_were_lost_counts():
    scheduler, model = started()
    feed(scheduler, 2)
    wish(scheduler, stem="bass")
    scheduler.skip_to(200)
    assert scheduler.waiting == frozenset()
    feed(scheduler, 1)
    assert model.stems_played[-1] == "bass"


def test_a_reset_at_once_forgets_the_one_that_waits():
    scheduler, model = started(tempo_bpm=60.0)
    scheduler.reset(QuantizeGrid.BAR)
    scheduler.reset()
    assert scheduler.waiting == frozenset()
    feed(scheduler, 80)
    assert len(model.resets) == 1


def test_refused_wishes_change_nothing():
    scheduler, _ = started()
    wish(scheduler, stem="bass")
    with pytest.raises(ValueError, match="kazoo"):
        wish(scheduler, stem="kazoo")
    assert (scheduler.waiting, scheduler.changes.wanted(1).stem) == ({"stem"}, "bass")


def test_landing_is_the_wish():
    pending = QuantizedChanges(DRUMS)
    pending.request(Conditions(stem="bass"), asked=frozenset({"stem"}), grid=QuantizeGrid.BEAT)
    assert pending.now == DRUMS
    assert pending.apply() is None
    assert pending.now == Conditions(stem="bass")
    pending.request_reset(QuantizeGrid.BEAT, 3)
    assert pending.apply() == 3
    assert pending.apply() is None
    assert pending.now == Conditions(stem="bass")


# -- freeze ----------------------------------------------------------------------------------


def test_the_session_hears_the_loop_while_frozen():
    scheduler, _ = started(hops=0, rolling=False)
    sound = np.random.default_rng(1).standard_normal((200, 2400)).astype(np.float32)
    out = []
    for k, mix in enumerate(sound):
        if k in (100, 190):
            wish(scheduler, freeze=k == 100, grid=QuantizeGrid.OFF)
        out += [stem.audio[0] for stem in scheduler.feed(mix)]
    # 4 s are 80 hops: what was heard in hops 20..99 comes again from hop 100 on, but for the
    # 10 ms in which mix and loop, or the loop's end and its beginning, cross over
    pure = slice(480, -480)
    assert all(np.array_equal(out[100 + k][pure], sound[20 + k % 80][pure]) for k in range(90))
    assert np.array_equal(out[190][480:], sound[190][480:])
    assert np.array_equal(out[191], sound[191])


def test_a_fresh_take_while_frozen_hears_nothing():
    scheduler, _ = started(hops=0, rolling=False)
    feed(scheduler, 3)
    wish(scheduler, freeze=True, grid=QuantizeGrid.OFF)
    list(scheduler.start())
    (stem,) = scheduler.feed(np.ones(2400, np.float32))
    assert not stem.audio.any()


def test_freeze_waits_for_the_bar():
    scheduler, _ = started(hops=0)
    feed(scheduler, 3)
    wish(scheduler, freeze=True)
    assert scheduler.waiting == {"freeze"}
    assert not scheduler.conditions.freeze
    feed(scheduler, 60)
    assert scheduler.conditions.freeze


# -- a line that does not come -----------------------------------------------------------------


@pytest.mark.parametrize("grid", [QuantizeGrid.BEAT, QuantizeGrid.BAR])
def test_a_line_that_keeps_its_distance_is_waited_for_a_bar_and_no_longer(grid):
    scheduler, model = started(tempo_bpm=120.0)
    bar_hops = round(3 * 0.5 * 20)
    at = scheduler.played
    wish(scheduler, stem="bass", noise=0.5, grid=grid)
    scheduler.reset(grid)
    for _ in range(100):
        ahead = 24000 * (0.5 if grid is QuantizeGrid.BEAT else 1.5)
        frame = scheduler.played * 2400 + ahead
        scheduler.follow(Timekeeping(tempo=replace(model.tempo, frame=frame)))
        feed(scheduler, 1)
    first = model.stems_played.index("bass")
    assert at < first <= at + bar_hops + 1
    assert model.noises.index(0.5) == model.resets[0] == first


@pytest.mark.parametrize("tempo_bpm", [1e-30, 1e-3, 19.0])
def test_no_line_is_waited_for_longer_than_the_longest_bar_there_is(tempo_bpm):
    scheduler, model = started(tempo_bpm=tempo_bpm)
    feed(scheduler, 40)
    at = scheduler.played
    wish(scheduler, stem="bass")
    feed(scheduler, round(LONGEST_WAIT_S * 20) + 2)
    assert model.stems_played.index("bass") <= at + LONGEST_WAIT_S * 20 + 1


def test_a_song_that_slows_down_is_waited_for_to_its_line():
    scheduler, model = started(tempo_bpm=120.0)
    feed(scheduler, 5)
    wish(scheduler, stem="bass")
    slow = replace(model.tempo, tempo_bpm=40.0)
    scheduler.follow(Timekeeping(tempo=slow))
    line = slow.next_line(scheduler.played * 2400, QuantizeGrid.BAR)
    feed(scheduler, 120)
    assert model.stems_played.index("bass") == line // 2400


@pytest.mark.parametrize("grid", [QuantizeGrid.OFF, QuantizeGrid.HOP, QuantizeGrid.BEAT])
def test_what_waits_follows_the_grid(grid):
    scheduler, model = started(tempo_bpm=60.0)
    feed(scheduler, 3)
    wish(scheduler, stem="bass")
    at = scheduler.played
    scheduler.changes.requantize(grid)
    feed(scheduler, 60)
    line = model.tempo.next_line(at * 2400, grid) // 2400 if grid is QuantizeGrid.BEAT else at
    assert model.stems_played.index("bass") == line
