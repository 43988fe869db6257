"""A band's engine against the native host: players come, go and rest while it plays."""

import threading

import numpy as np
import pytest

from bridge.engine.messages import Applied, SetConditions, Stop
from bridge.protocols import Conditions
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.offline import accompany
from bridge.testing import ScriptedModel
from tests.bridge.test_engine import Stage

RATE, HOP, BLOCK = 48_000, 2400, 256
DECAY = 240  # frames of an entrance and of an exit
LEVEL = 0.5


class Steady(ScriptedModel):
    """Everyone plays one level, by number; the rows of each step are counted."""

    def __init__(self):
        super().__init__(overlap=0)
        self.stepped = []

    def play(self):
        super().play()
        self.stepped.append(tuple(sorted(self.players)))
        levels = [LEVEL * player for player in sorted(self.players)]
        return np.tile(np.float32(levels)[:, None], (1, self.hop))


def asked(hops, *stems, **others):
    return [
        Conditions(stem=stem, anticipation_hops=hops, seed=seed, **others)
        for seed, stem in enumerate(stems)
    ]


class BandStage(Stage):
    """A stage with a pair of ports for each player there is to be."""

    def __init__(self, model, conditions, *, ports, rate=RATE, block=BLOCK):
        super().__init__(model, *conditions, rate=rate, block=block)
        self.ports = ports
        self.share.players = len(conditions)
        self.share.fade_frames = 480

    def run(self, frames, mix=None, *, freewheel=False):
        """Return what comes out on the left of each player, ``(players, frames)``."""
        frames = -(-frames // self.block) * self.block
        mix = np.zeros(frames, np.float32) if mix is None else mix
        out = []
        for piece in mix.reshape(-1, self.block):
            ports = self.host.process_band(
                piece, piece, players=self.ports, freewheel=freewheel
            )
            np.testing.assert_array_equal(ports[::2], ports[1::2])
            out.append(ports[::2])
            if not freewheel:
                self.answer()
        return np.concatenate(out, axis=1)

    def join(self, player, conditions):
        """Do what the control process does for a player who joins."""
        self.pipe.send(SetConditions(player, conditions, player=player))
        assert self.engine._run_commands()
        while self.pipe.recv() != Applied(player):
            pass
        self.share.players = player

    @property
    def losses(self):
        counters = self.share.snapshot()
        return counters.late_hops, counters.skipped_hops, counters.underruns


def steps(out, before):
    return float(np.abs(np.diff(out, prepend=np.float32(before))).max())


@pytest.fixture(params=[0, 2, 20])
def hops(request):
    return request.param


@pytest.fixture
def trio(hops):
    """Two players who sound, and ports for a third."""
    stage = BandStage(Steady(), asked(hops, "drums", "bass"), ports=3)
    with stage:
        stage.answer()
        out = stage.run(2 * RATE)
        np.testing.assert_array_equal(out[:, -1], [LEVEL, 2 * LEVEL, 0])
        yield stage


def test_who_joins_is_there_without_a_step_and_the_others_hear_nothing_of_it(trio, hops):
    trio.join(3, Conditions(stem="piano", anticipation_hops=hops))
    out = trio.run(3 * RATE)
    np.testing.assert_array_equal(out[0], np.float32(LEVEL))
    np.testing.assert_array_equal(out[1], np.float32(2 * LEVEL))
    assert out[2, -1] == 3 * LEVEL
    assert steps(out[2], 0.0) <= 1.01 * 3 * LEVEL / DECAY
    first = int(np.flatnonzero(out[2])[0])
    assert first <= (1 + hops) * HOP + trio.scheduler.budget(BLOCK).musical + 2 * BLOCK
    assert trio.losses == (0, 0, 0)


@pytest.mark.parametrize("player", [1, 2])
def test_who_is_switched_off_fades_and_is_stepped_no_more(trio, player):
    other = 3 - player
    trio.share.strip(player).enabled = False
    out = trio.run(3 * RATE)
    np.testing.assert_array_equal(out[other - 1], np.float32(other * LEVEL))
    assert steps(out[player - 1], player * LEVEL) <= 1.01 * player * LEVEL / 480
    assert not out[player - 1, 1000:].any()
    assert trio.scheduler._model.stepped[-1] == (other,)
    trio.share.strip(player).enabled = True
    out = trio.run(3 * RATE)
    np.testing.assert_array_equal(out[other - 1], np.float32(other * LEVEL))
    assert steps(out[player - 1], 0.0) <= 1.01 * player * LEVEL / DECAY
    assert out[player - 1, -1] == player * LEVEL
    assert trio.losses == (0, 0, 0)


@pytest.mark.parametrize("pause", [300, 3000, 12_000, 40_000])
def test_off_and_on_again_at_any_pace_makes_no_step(trio, pause):
    heard = []
    for _ in range(4):
        for on in (False, True):
            trio.share.strip(2).enabled = on
            heard.append(trio.run(pause))
    heard.append(trio.run(2 * RATE))
    out = np.concatenate(heard, axis=1)
    np.testing.assert_array_equal(out[0], np.float32(LEVEL))
    assert steps(out[1], 2 * LEVEL) <= 1.01 * 2 * LEVEL * (1 / DECAY + 1 / 480)
    assert out[1, -1] == 2 * LEVEL
    assert trio.losses == (0, 0, 0)


def test_when_everyone_rests_nobody_is_stepped(trio):
    for player in (1, 2):
        trio.share.strip(player).enabled = False
    trio.run(RATE)
    before = len(trio.scheduler._model.stepped)
    assert not trio.run(2 * RATE).any()
    assert len(trio.scheduler._model.stepped) == before
    trio.share.strip(2).enabled = True
    out = trio.run(3 * RATE)
    assert steps(out[1], 0.0) <= 1.01 * 2 * LEVEL / DECAY
    assert out[1, -1] == 2 * LEVEL
    assert not out[0].any()
    assert trio.losses == (0, 0, 0)


def test_who_left_the_band_is_stepped_no_more(trio):
    trio.share.strip(2).enabled = False
    trio.share.players = 1
    out = trio.run(2 * RATE)
    assert steps(out[1], 2 * LEVEL) <= 1.01 * 2 * LEVEL / 480
    assert not out[1, 1000:].any()
    assert trio.scheduler._model.stepped[-1] == (1,)


@pytest.mark.parametrize("then", [0, 2, 20])
def test_all_take_another_anticipation_together(trio, then):
    conditions = Conditions(stem="drums", anticipation_hops=then)
    trio.scheduler.condition(conditions)
    trio.run(3 * RATE)
    model = trio.scheduler._model
    assert {asked.anticipation_hops for asked in model.players.values()} == {then}
    out = trio.run(RATE)
    np.testing.assert_array_equal(out[:2, 0], np.float32([LEVEL, 2 * LEVEL]))
    assert trio.losses == (0, 0, 0)


def test_an_export_equals_the_offline_render_of_the_whole_band(hops):
    """Bit for bit, players who are switched off included: they may be switched on in it."""
    conditions = asked(hops, "bass", "drums", "piano")
    mix = np.random.default_rng(2).uniform(-0.5, 0.5, 300 * BLOCK).astype(np.float32)
    with BandStage(ScriptedModel(), conditions, ports=3) as stage:
        stage.share.strip(2).enabled = False
        stage.run(RATE)
        thread = threading.Thread(target=stage.engine.run)
        thread.start()
        out = stage.run(len(mix), mix, freewheel=True)
        late = stage.share.musical_latency
        stage.pipe.send(Stop())
        thread.join()
    padded = np.concatenate([mix, np.zeros(-len(mix) % HOP, np.float32)]).reshape(-1, HOP)
    stems = accompany(HopScheduler(ScriptedModel(), RATE, *conditions), padded, len(mix))
    rendered = np.concatenate([stem.audio for stem in stems], axis=1)
    assert not out[1].any()
    for player in (0, 2):
        np.testing.assert_array_equal(out[player, late:], rendered[player, : len(mix) - late])


def test_each_plays_in_a_band_what_it_plays_alone():
    conditions = asked(2, "bass", "drums", "piano")
    mix = np.random.default_rng(3).uniform(-0.5, 0.5, 200 * BLOCK).astype(np.float32)
    with BandStage(ScriptedModel(), conditions, ports=3) as stage:
        stage.answer()
        together = stage.run(len(mix), mix)
    for row, alone in zip(together, conditions, strict=True):
        with BandStage(ScriptedModel(), [alone], ports=1) as stage:
            stage.answer()
            np.testing.assert_array_equal(row, stage.run(len(mix), mix)[0])
