"""Tests of players coming and going: messages to the engine and the callback."""

import asyncio
from concurrent.futures import Future
from types import SimpleNamespace

import pytest

from bridge.audio.shared.share import AudioShare
from bridge.common.errors import ConfigError, ParameterError, SupersededError
from bridge.config import RunSettings
from bridge.controls.controls import Controls
from bridge.controls.table import ControlKey
from bridge.engine.reply_futures import RequestAnswer
from bridge.live.players import Players
from bridge.tempo import QuantizeGrid
from bridge.testing import ScriptedModel


class Supervisor:
    """Notes what each player is asked to be; refuses a stem it does not know."""

    def __init__(self):
        self.asked = {}
        self.calls = []
        self.grids = []
        self.status = SimpleNamespace(model=ScriptedModel())

    def conditions_of(self, player):
        return self.asked.get(player)

    def condition(self, conditions, *, player, asked, grid):
        answer = Future()
        if conditions.stem == "other":
            answer.set_exception(ConfigError("unknown stem 'other'"))
        else:
            self.asked[player] = conditions
            self.calls.append((player, asked, grid))
            self.parts = {name: Future() for name in asked if grid is QuantizeGrid.BAR}
            answer.set_result(RequestAnswer(self.parts, 2.0))
        return answer

    def requantize(self, grid):
        self.grids.append(grid)
        return Future()  # the engine hangs


class Stage:
    def __init__(self, share):
        self.share = share
        self.supervisor = Supervisor()
        self.seated = []
        self.players = Players(share, self.supervisor, self.seat)
        for player in range(1, 9):
            self.players.note(player, Controls().of(player).apply("noise", player / 10))

    async def seat(self, player):
        self.seated.append(player)

    def apply(self, player, **values):
        controls = Controls().of(player)
        for name, value in values.items():
            controls = controls.apply(name.replace("_", "/"), value)
        changed = frozenset(ControlKey(player, name.replace("_", "/")) for name in values)
        asyncio.run(self.players.apply(controls, changed))

    @property
    def on(self):
        return [strip.enabled for strip in self.share.strips]


@pytest.fixture
def stage():
    with AudioShare.create(48_000, 2400) as share:
        yield Stage(share)


def test_who_joins_has_ports_and_conditions_before_it_is_heard(stage):
    stage.share.strip(3).mute = True  # left over; its controls say otherwise
    asyncio.run(stage.players.resize(3))
    assert stage.seated == [2, 3]
    assert stage.share.players == 3
    assert [player for player, *_ in stage.supervisor.calls] == [2, 3]
    assert stage.supervisor.asked[3].noise == pytest.approx(0.3)
    assert stage.on[:3] == [True, True, True]
    assert not stage.share.strip(3).mute


def test_who_leaves_is_switched_off_and_comes_back_as_it_was(stage):
    asyncio.run(stage.players.resize(3))
    stage.apply(3, stem="piano")
    asyncio.run(stage.players.resize(1))
    assert (stage.share.players, stage.on[:3]) == (1, [True, False, False])
    stage.apply(3, gain_out=-6.0)
    asyncio.run(stage.players.resize(3))
    assert stage.supervisor.asked[3].stem == "drums", "the controls of now count"
    assert stage.share.strip(3).gain_out == pytest.approx(0.501, abs=1e-3)
    assert stage.on[:3] == [True, True, True]


def test_who_is_switched_off_joins_silently(stage):
    stage.apply(2, enable=0)
    asyncio.run(stage.players.resize(2))
    assert stage.on[:2] == [True, False]
    stage.apply(2, enable=1)
    assert stage.on[:2] == [True, True]


def test_a_pause_holds_everyone_and_gives_each_its_own_switch_back(stage):
    asyncio.run(stage.players.resize(2))
    stage.apply(2, enable=0)
    stage.players.hold(True)
    assert stage.on[:2] == [False, False]
    asyncio.run(stage.players.resize(3))
    assert stage.on[:3] == [False, False, False]
    stage.players.hold(False)
    assert stage.on[:3] == [True, False, True]


def test_what_is_common_comes_from_the_first(stage):
    asyncio.run(stage.players.resize(2))
    stage.apply(1, anticipation=1.0, freeze=1)
    stage.apply(2, anticipation=0.0, stem="bass")
    assert stage.supervisor.asked[2].anticipation_hops == 20
    assert stage.supervisor.asked[2].freeze
    assert stage.supervisor.asked[2].stem == "bass"


def test_who_is_not_in_the_band_asks_nothing_of_the_engine(stage):
    stage.apply(2, stem="bass")
    assert stage.supervisor.calls == []
    asyncio.run(stage.players.resize(2))
    assert stage.supervisor.asked[2].stem == "bass"


def test_where_the_engine_refuses_one_nobody_joins(stage):
    asyncio.run(stage.players.resize(2))
    stage.apply(4, stem="other")
    with pytest.raises(ParameterError, match="player 4: unknown stem 'other'"):
        asyncio.run(stage.players.resize(5))
    assert stage.share.players == 2
    assert stage.on[:3] == [True, True, False]


def test_a_reset_draws_seeds_only_where_the_control_says_so(stage):
    stage.apply(1, stem="drums")
    asyncio.run(stage.players.resize(2))
    stage.apply(2, seed=77)
    stage.supervisor.calls.clear()
    asyncio.run(stage.players.reseed_all(QuantizeGrid.BAR))
    assert stage.supervisor.calls == [(1, frozenset({"seed"}), QuantizeGrid.BAR)]
    assert stage.players.seed(2) == 77


def test_a_reset_brings_the_seed_of_the_control_back(stage):
    stage.apply(1, seed=77)
    asyncio.run(stage.players.reseed(1))
    assert stage.players.seed(1) != 77
    asyncio.run(stage.players.reseed_all(QuantizeGrid.OFF))
    assert stage.players.seed(1) == 77


def test_the_groove_of_a_take_is_told_by_its_seed(stage):
    for seed, groove in ((6, "swing"), (7, "straight")):
        stage.apply(1, stem="bass", seed=seed)
        assert stage.players.groove(1) == groove
    stage.apply(1, stem="bass", seed=7, groove="any")
    assert stage.players.groove(1) == "any"


def test_seeds_and_stems_of_a_band_from_the_command_line():
    settings = RunSettings(stem="bass", players=("bass", "drums"), seed=2**31 - 1)
    assert [(one.stem, one.seed) for one in settings.all_conditions()] == [
        ("bass", 2**31 - 1),
        ("drums", 0),
    ]
    with pytest.raises(ConfigError, match="1 to 8 players, got 9"):
        RunSettings(players=("drums",) * 9)
    with pytest.raises(ConfigError, match="first player plays the stem"):
        RunSettings(stem="drums", players=("bass",))


def test_another_grid_never_waits_for_the_engine(stage):
    stage.apply(1, quantize="bar", mute=True)
    assert stage.supervisor.grids == [QuantizeGrid.BAR]
    assert stage.share.strip(1).mute


def test_what_is_actual_is_what_is_in_force_while_another_value_waits(stage):
    async def scene():
        players, supervisor = stage.players, stage.supervisor

        async def ask(seed, grid):
            await players.condition(1, seed, asked=frozenset({"seed", "groove"}), grid=grid)
            return supervisor.parts

        async def in_loop():
            for _ in range(9):
                await asyncio.sleep(0)

        await ask(1, QuantizeGrid.OFF)
        first = await ask(2, QuantizeGrid.BAR)
        second = await ask(3, QuantizeGrid.BAR)
        for part in first.values():
            part.set_exception(SupersededError())
        await in_loop()
        assert (players.actual_seed(1), players.seed(1)) == (1, 3)
        for part in second.values():
            part.set_result(None)
        await in_loop()
        assert players.actual_seed(1) == 3
        await ask(4, QuantizeGrid.BAR)
        await ask(5, QuantizeGrid.OFF)
        assert players.actual_seed(1) == 5

    asyncio.run(scene())
