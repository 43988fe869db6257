"""Tests of the order, position and determinism of the scheduler's hops."""

from dataclasses import replace

import numpy as np
import pytest

from bridge.common.errors import ConfigError
from bridge.protocols import Conditions
from bridge.stream.hop_scheduler import HopScheduler
from bridge.testing import PassThroughModel, ScriptedModel

DRUMS = Conditions(stem="drums", anticipation_hops=0)


def noise(hops, hop=2400, seed=0):
    return np.random.default_rng(seed).standard_normal((hops, hop)).astype(np.float32)


def with_hops(hops, **others):
    return Conditions(stem="drums", anticipation_hops=hops, **others)


@pytest.mark.parametrize("hops", [0, 2, 20])
def test_plays_ahead_by_its_anticipation(hops):
    scheduler = HopScheduler(ScriptedModel(overlap=0), 48000, with_hops(hops))
    positions = [stem.position for stem in scheduler.start()]
    assert positions == [k * 2400 for k in range(hops + 1)]
    for heard, mix in enumerate(noise(30), start=1):
        (stem,) = scheduler.feed(mix)
        assert stem.position == (heard + hops) * 2400
        assert scheduler.played == scheduler.heard + 1 + hops


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("hops", [0, 2])
def test_the_wire_is_late_by_whole_hops(rate, hops):
    scheduler = HopScheduler(PassThroughModel(), rate, with_hops(hops))
    hop = scheduler.hop
    mix = np.zeros((12, hop), np.float32)
    mix[4, 321] = 1.0
    out = np.zeros(20 * hop, np.float32)
    for stems in (scheduler.start(), *map(scheduler.feed, mix)):
        for stem in stems:
            out[stem.position : stem.position + stem.audio.shape[1]] = stem.audio[0]
    assert int(np.argmax(np.abs(out))) == 4 * hop + 321 + (1 + hops) * hop


def test_frames_before_the_epoch_are_cut():
    scheduler = HopScheduler(ScriptedModel(overlap=480), 48000, DRUMS)
    (first,) = scheduler.start()
    assert (first.position, first.audio.shape[1]) == (0, 2400 - 480)
    (second,) = scheduler.feed(noise(1)[0])
    assert (second.position, second.audio.shape[1]) == (2400 - 480, 2400)


def test_where_a_groove_is_to_be_chosen_the_seed_chooses_a_likely_one():
    model = ScriptedModel()
    asked = Conditions(stem="bass", groove="auto", seed=6)
    scheduler = HopScheduler(model, 48000, asked)
    list(scheduler.start())
    played = []
    for change in ({}, {"seed": 7}, {"stem": "piano"}, {"groove": "straight"}):
        scheduler.condition(replace(asked, **change))
        list(scheduler.feed(noise(1)[0]))
        played.append(model.conditions.groove)
    assert played == ["swing", "straight", "any", "straight"]


def test_hops_are_played_only_as_they_are_asked_for():
    model = ScriptedModel()
    scheduler = HopScheduler(model, 48000, with_hops(20))
    pending = scheduler.start()
    next(pending)
    assert scheduler.played == 1
    assert len(list(pending)) == 20


def test_more_anticipation_plays_the_missing_hops_oldest_first():
    scheduler = HopScheduler(ScriptedModel(overlap=0), 48000, with_hops(2))
    list(scheduler.start())
    mix = noise(10)
    for hop in mix[:5]:
        list(scheduler.feed(hop))
    scheduler.condition(with_hops(20))
    positions = [stem.position // 2400 for stem in scheduler.feed(mix[5])]
    assert positions == list(range(8, 27))


def test_less_anticipation_waits_until_the_lead_is_used_up():
    scheduler = HopScheduler(ScriptedModel(overlap=0), 48000, with_hops(20))
    list(scheduler.start())
    scheduler.condition(with_hops(2))
    mix = noise(25)
    counts = [len(list(scheduler.feed(hop))) for hop in mix]
    assert counts == [0] * 18 + [1] * 7
    assert scheduler.played == scheduler.heard + 3


def test_skipping_keeps_the_places():
    scheduler = HopScheduler(ScriptedModel(overlap=0), 48000, with_hops(2))
    list(scheduler.start())
    scheduler.skip_to(7)
    assert (scheduler.heard, scheduler.played) == (7, 10)
    (stem,) = scheduler.feed(noise(1)[0])
    assert stem.position == 10 * 2400
    scheduler.skip_to(3)
    assert scheduler.heard == 8


def test_starts_anywhere_on_the_grid():
    scheduler = HopScheduler(ScriptedModel(overlap=0), 48000, with_hops(2))
    assert [stem.position for stem in scheduler.start(first_hop=100)] == [
        k * 2400 for k in (100, 101, 102)
    ]
    assert scheduler.heard == 100


def test_a_fresh_start_forgets_everything():
    def take(scheduler):
        stems = [*scheduler.start()]
        for hop in noise(8, 2205):
            stems += scheduler.feed(hop)
        return np.concatenate([stem.audio[0] for stem in stems])

    scheduler = HopScheduler(ScriptedModel(), 44100, with_hops(2, seed=5))
    first = take(scheduler)
    assert np.array_equal(take(scheduler), first)
    assert np.array_equal(
        take(HopScheduler(ScriptedModel(), 44100, with_hops(2, seed=5))), first
    )
    scheduler.condition(with_hops(2, seed=6))
    assert not np.array_equal(take(scheduler), first)


@pytest.mark.parametrize("hops", [0, 2, 20])
def test_no_hop_depends_on_a_later_mix(hops):
    mix = noise(30)
    changed = mix.copy()
    changed[10] += 1.0

    def take(audio):
        scheduler = HopScheduler(ScriptedModel(), 44100, with_hops(hops))
        played = [*scheduler.start()]
        for hop in audio[:, :2205]:
            played += scheduler.feed(hop)
        return played

    for a, b in zip(take(mix), take(changed), strict=True):
        if a.position + a.audio.shape[1] <= (11 + hops) * 2205 - 600:
            assert np.array_equal(a.audio, b.audio)
    assert not np.array_equal(take(mix)[-1].audio, take(changed)[-1].audio)


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        (Conditions(stem="drumms"), "unknown stem 'drumms'.*drums, bass.*did you mean drums"),
        (Conditions(stem="bass", anticipation_hops=7), "0.35 s.*plays with 0, 0.1, 1 s"),
        (Conditions(stem="bass", noise=-1.0), "noise must be 0 or more, got -1"),
        (Conditions(stem="bass", noise=float("nan")), "noise must be 0 or more, got nan"),
        (Conditions(stem="bass", seed=-1), "seed must lie in 0..2147483647, got -1"),
    ],
)
def test_refuses_what_the_model_cannot_do_and_plays_on(conditions, message):
    scheduler = HopScheduler(ScriptedModel(), 48000, DRUMS)
    with pytest.raises(ConfigError, match=message):
        scheduler.condition(conditions)
    assert scheduler.conditions == DRUMS


def test_refuses_hops_of_another_length():
    scheduler = HopScheduler(ScriptedModel(), 44100, DRUMS)
    with pytest.raises(ValueError, match=r"\(2205,\), got \(2400,\)"):
        scheduler.feed(np.zeros(2400, np.float32))


def test_refuses_a_model_of_another_hop_rate():
    model = ScriptedModel()
    model.hop = 1920
    with pytest.raises(ConfigError, match="must last 50 ms, got 1920 frames at 48000 Hz"):
        HopScheduler(model, 48000, DRUMS)


class Spoilt(ScriptedModel):
    """Plays samples that are no numbers in some hops, and remembers them until it is reset."""

    def __init__(self, hops, value):
        super().__init__()
        self._hops, self._value = hops, value
        self._is_spoilt = False
        self.resets = 0

    def play(self):
        audio = super().play()
        self._is_spoilt = self._is_spoilt or self._played in self._hops
        if self._is_spoilt:
            audio[-1, 7] = self._value
        return audio

    def reset(self):
        super().reset()
        self._is_spoilt = False
        self.resets += 1


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_samples_that_are_no_numbers_are_silence_and_the_model_forgets_them(
    rate, value, caplog
):
    model = Spoilt({8, 9, 14}, value)
    scheduler = HopScheduler(model, rate, with_hops(0), with_hops(0))
    stems = [*scheduler.start()]
    for mix in noise(24, scheduler.hop):
        stems.extend(scheduler.feed(mix))
    assert all(np.isfinite(stem.audio).all() for stem in stems)
    assert all(stem.audio.any() for stem in stems[-5:])
    assert model.resets == 3
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 2
