"""MIDI around its pure middle: learning over OSC, files and the store."""

import asyncio
import logging
import random

import pytest

from bridge.common.errors import RefusedError
from bridge.controls.controls import Controls
from bridge.controls.store import ControlStore
from bridge.midi import service as service_module
from bridge.midi.binding import ControllerKind, Takeover
from bridge.midi.commands import commands
from bridge.midi.event import EventKind, encode
from bridge.midi.frame_clock import FrameClock
from bridge.midi.service import MidiService
from tests.bridge.fake_band import FakeBand
from tests.bridge.fake_controls import FakePort, key

RATE = 48_000


class Stage:
    def __init__(self, folder, *names, on_program=None):
        self.seconds = 0.0
        self.band = FakeBand()
        self.store = ControlStore(self.band, Controls())
        self.ports = [FakePort(name) for name in names or ("jack",)]
        clock = FrameClock(
            lambda: round(self.seconds * RATE), lambda: RATE, lambda: self.seconds
        )
        self.service = MidiService(self.store, self.ports, clock, folder, on_program)
        self.commands = commands(self.service)

    def pass_time(self, seconds, *messages, port=0):
        """Let time pass in steps of 5 ms; messages arrive one a step."""
        waiting = list(messages)
        for _ in range(max(1, round(seconds / 0.005))):
            self.seconds += 0.005
            if waiting:
                frame = round(self.seconds * RATE)
                self.ports[port].arriving.append((frame, waiting.pop(0)))
            self.service.step()

    async def do(self, name, *arguments):
        return await self.commands[f"midi/{name}"](*arguments)

    async def learn(self, *arguments, messages, port=0):
        learning = asyncio.ensure_future(self.do("learn", *arguments))
        await asyncio.sleep(0)
        self.pass_time(0.5, *messages, port=port)
        return await learning


def cc(number, *values, channel=1):
    return [encode(EventKind.CC, channel, number, value) for value in values]


def play(folder, scene, *names, **how):
    async def run():
        await asyncio.wait_for(scene(Stage(folder, *names, **how)), 120)

    asyncio.run(run())


def test_a_controller_moves_the_store_and_the_band_behind_it(tmp_path):
    async def scene(stage):
        stage.pass_time(0.2, *cc(80, 127))
        await stage.service.finish()
        assert stage.band.applied == [{"bypass": True}]
        stage.pass_time(0.2, *cc(85, 0, 127))
        await stage.service.finish()
        assert stage.band.fired == ["reset"]
        heard = stage.service.last_event
        assert (heard.sort, heard.channel, heard.number, heard.value) == ("cc", 1, 85, 127)
        assert heard.count == 3

    play(tmp_path, scene)


def test_what_the_band_refuses_comes_back_to_the_controller(tmp_path, caplog):
    async def scene(stage):
        stage.pass_time(0.2)
        stage.band.refuse = lambda names: RefusedError("no engine")
        stage.pass_time(0.05, *cc(27, 127))
        await stage.service.finish()
        stage.ports[0].sent.clear()
        stage.pass_time(1.0)
        assert stage.store.controls["stem"] == "drums"
        assert cc(27, 0)[0] in stage.ports[0].sent

    with caplog.at_level(logging.WARNING):
        play(tmp_path, scene)
    assert caplog.text.count("no engine") == 1


def test_learning_binds_answers_and_is_still_known_after_a_restart(tmp_path):
    async def scene(stage):
        replies = await stage.learn("/liveband/noise", messages=cc(70, 10, 40, 90))
        assert replies == [
            ("midi/learned", ("/liveband/noise", "cc", 1, 70, "absolute")),
            ("done", ("/liveband/midi/learn", "/liveband/noise")),
        ]
        again = Stage(tmp_path)
        assert again.service.devices[0].bindings.own == stage.service.devices[0].bindings.own
        assert (tmp_path / "jack.toml").read_text().count("[[binding]]") == 1

    play(tmp_path, scene)


def test_a_further_player_is_moved_by_what_was_learnt_and_by_its_own_nrpns(tmp_path):
    async def scene(stage):
        await stage.store.set(key("midi/takeover"), "jump")
        learnt = await stage.learn("/liveband/player/2/gain/out", messages=cc(70, 10, 40, 90))
        assert learnt[0] == (
            "midi/learned",
            ("/liveband/player/2/gain/out", "cc", 1, 70, "absolute"),
        )
        stage.pass_time(0.1, *cc(70, 0))
        assert (
            stage.store.controls.of(2)["gain/out"] == stage.store.controls.table["gain/out"].low
        )
        assert stage.store.controls["gain/out"] == 0.0
        number = stage.service.table["noise"].number
        stage.pass_time(0.1, *cc(99, 1), *cc(98, number), *cc(6, 127), *cc(38, 127))
        assert stage.store.controls.of(2)["noise"] == stage.service.table["noise"].high
        again = Stage(tmp_path)
        assert again.service.devices[0].bindings.own == stage.service.devices[0].bindings.own

    play(tmp_path, scene)


def test_a_controller_shows_what_others_do_to_a_further_player(tmp_path):
    async def scene(stage):
        await stage.do("map", "/liveband/player/2/mute", "cc", 1, 70)
        stage.pass_time(0.1)
        stage.ports[0].sent.clear()
        await stage.store.set(key("player/2/mute"), True)
        stage.pass_time(0.1)
        assert stage.ports[0].sent == cc(70, 127)
        stage.pass_time(0.1, *cc(70, 0))
        await stage.service.finish()
        assert stage.band.applied[-1] == {"player/2/mute": False}

    play(tmp_path, scene)


def test_a_button_gives_a_further_player_a_new_seed(tmp_path):
    async def scene(stage):
        await stage.do("map", "/liveband/player/2/reseed", "note", 1, 60)
        stage.pass_time(0.1, encode(EventKind.NOTE, 1, 60, 100))
        await stage.service.finish()
        assert stage.band.fired == ["player/2/reseed"]

    play(tmp_path, scene)


def test_each_device_has_its_own_file(tmp_path):
    async def scene(stage):
        await stage.learn("noise", messages=cc(70, 10, 40, 90), port=1)
        assert [each.name for each in tmp_path.iterdir()] == ["nano-2.toml"]
        assert stage.service.devices[0].bindings.own == ()

    play(tmp_path, scene, "jack", "Nano 2")


def test_learning_can_be_cancelled_taken_over_and_run_out_of_time(tmp_path, monkeypatch):
    async def scene(stage):
        learning = asyncio.ensure_future(stage.do("learn", "noise"))
        await asyncio.sleep(0)
        assert await stage.do("learn/cancel") == [("done", ("/liveband/midi/learn/cancel", 1))]
        with pytest.raises(RefusedError, match="cancelled") as refused:
            await learning
        assert refused.value.code == 7
        learning = asyncio.ensure_future(stage.do("learn", "noise"))
        await asyncio.sleep(0)
        await stage.learn("fade", messages=cc(70, 1, 50, 100))
        with pytest.raises(RefusedError, match="fade was to learn instead") as refused:
            await learning
        assert refused.value.code == 6
        monkeypatch.setattr(service_module, "LEARN_S", 0.01)
        with pytest.raises(RefusedError, match="no controller was moved") as refused:
            await stage.do("learn", "noise")
        assert refused.value.code == 8
        assert not stage.service.devices[0].learner.active
        assert await stage.do("learn/cancel") == [("done", ("/liveband/midi/learn/cancel", 0))]

    play(tmp_path, scene)


def test_a_learner_that_goes_away_leaves_controllers_working(tmp_path):
    async def scene(stage):
        learning = asyncio.ensure_future(stage.do("learn", "noise"))
        await asyncio.sleep(0)
        learning.cancel()
        await asyncio.gather(learning, return_exceptions=True)
        stage.pass_time(0.1, *cc(80, 127))
        assert stage.store.controls["bypass"] is True
        await stage.service.finish()

    play(tmp_path, scene)


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (("gain",), 1, "no control 'gain'"),
        (("status",), 1, "no control 'status'"),
        (("noise", 0.0), 3, "two ends"),
        (("noise", 0.0, 1.0, "fast"), 5, "takeover takes jump, pickup, scale, got 'fast'"),
    ],
)
def test_what_cannot_be_learnt_is_refused_at_once(tmp_path, arguments, code, problem):
    async def scene(stage):
        with pytest.raises(ValueError, match=problem) as refused:
            await stage.do("learn", *arguments)
        assert refused.value.code == code

    play(tmp_path, scene)


def test_maps_are_made_listed_undone_saved_and_loaded(tmp_path):
    async def scene(stage):
        device = stage.service.devices[0]
        await stage.do("map", "gain/out", "cc14", 2, 7, -30.0, 0.0, "scale")
        binding = device.bindings.own[0]
        assert (binding.source.kind, binding.takeover) == (ControllerKind.CC14, Takeover.SCALE)
        *listed, done = await stage.do("list", "jack")
        told = ("/liveband/gain/out", "cc14", 2, 7, "absolute", "scale", -30.0, 0.0)
        assert listed[0] == ("midi/binding", (*told, "own", "jack"))
        assert done[1] == ("/liveband/midi/list", len(listed))
        await stage.do("save", "tour 1")
        assert await stage.do("clear") == [("done", ("/liveband/midi/clear", 1))]
        assert device.bindings.own == ()
        assert await stage.do("load", "tour 1") == [
            ("done", ("/liveband/midi/load", "jack", 1))
        ]
        assert device.bindings.own == (binding,)
        with pytest.raises(RefusedError, match="there are jack, tour-1") as refused:
            await stage.do("load", "tour 2")
        assert refused.value.code == 9
        await stage.do("unmap", "gain/out")
        assert device.bindings.of(key("gain/out")), "the defaults are back"
        await stage.do("unmap", "gain/out")
        assert not device.bindings.of(key("gain/out"))
        assert Stage(tmp_path).service.devices[0].bindings.released == {key("gain/out")}

    play(tmp_path, scene)


def test_a_map_with_a_mistake_is_refused_and_the_one_in_force_stays(tmp_path):
    async def scene(stage):
        await stage.do("map", "noise", "cc", 1, 70)
        (tmp_path / "bad.toml").write_text('device = "jack"\n[[binding]]\ntype = "cc"\n')
        with pytest.raises(
            ValueError, match=r"bad.toml: line 2.*control is missing"
        ) as refused:
            await stage.do("load", "bad")
        assert refused.value.code == 9
        assert len(stage.service.devices[0].bindings.own) == 1
        (tmp_path / "jack.toml").write_text("device = 5\n")
        assert Stage(tmp_path).service.devices[0].bindings.own == ()
        assert (tmp_path / "jack.toml.set-aside").read_text() == "device = 5\n"

    play(tmp_path, scene)


def test_bindings_are_in_force_even_where_they_cannot_be_kept(tmp_path):
    async def scene(stage):
        with pytest.raises(
            RefusedError, match=r"force, but .* cannot be kept: .*; check"
        ) as refused:
            await stage.do("map", "noise", "cc", 1, 70)
        assert refused.value.code == 9
        assert len(stage.service.devices[0].bindings.own) == 1

    blocked = tmp_path / "file"
    blocked.write_text("")
    play(blocked / "midi", scene)


def test_without_a_port_learning_says_what_to_do(tmp_path):
    async def scene(stage):
        stage.service.devices = ()
        with pytest.raises(RefusedError, match="--midi NAME"):
            await stage.do("learn", "noise")

    play(tmp_path, scene)


def test_program_changes_call_for_presets(tmp_path):
    chosen = []

    async def load(bank, number):
        chosen.append((bank, number))

    async def scene(stage):
        stage.pass_time(0.1, *cc(0, 1), bytes((0xC0, 4)))
        await stage.service.finish()
        assert chosen == [(128, 4)]

    play(tmp_path, scene, on_program=load)


def test_a_device_that_comes_back_is_told_everything(tmp_path):
    async def scene(stage):
        stage.pass_time(0.1)
        told = list(stage.ports[0].sent)
        stage.ports[0].sent.clear()
        stage.pass_time(0.1)
        assert stage.ports[0].sent == []
        stage.ports[0].came = True
        stage.pass_time(0.1)
        assert sorted(stage.ports[0].sent) == sorted(told)

    play(tmp_path, scene)


def test_the_beat_is_that_of_the_first_clock(tmp_path):
    async def scene(stage):
        assert stage.service.position(0) is None
        stage.ports[1].arriving.append((0, b"\xfa"))
        for tick in range(48):
            stage.ports[1].arriving.append((tick * 1000, b"\xf8"))
        stage.service.step()
        position = stage.service.position(47_000)
        assert (position.beats, position.tempo_bpm) == pytest.approx((47 / 24, 120.0))
        assert stage.service.last_event.count == 0

    play(tmp_path, scene, "jack", "clock")


def test_one_message_that_goes_wrong_does_not_end_midi(tmp_path, caplog, monkeypatch):
    async def scene(stage):
        running = asyncio.create_task(stage.service.run())
        monkeypatch.setattr(stage.service.devices[0], "feed", lambda event: {}["no such key"])
        stage.ports[0].arriving.append((0, cc(80, 127)[0]))
        await asyncio.sleep(0.05)
        monkeypatch.undo()
        stage.ports[0].arriving.append((0, cc(80, 127)[0]))
        while not stage.store.controls["bypass"]:
            await asyncio.sleep(0.005)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert stage.ports[0].closed

    play(tmp_path, scene)
    assert "no such key" in caplog.text


@pytest.mark.parametrize("takeover", ["jump", "pickup", "scale"])
def test_two_clients_and_a_controller_agree_within_200_ms_and_rest(tmp_path, takeover):
    async def scene(stage):
        rng = random.Random(1)
        await stage.store.set(key("midi/takeover"), takeover)
        clients = [0.0, 0.0]  # faders that show the values of the store and are moved at random

        def show(control):
            if control == key("gain/out"):
                clients[:] = [stage.store.controls.real(control.name)] * 2

        stage.store.follow(show)
        for _ in range(2000):
            if rng.random() < 0.05:
                stage.ports[0].arriving += [
                    (round(stage.seconds * RATE), message)
                    for message in cc(23, rng.randrange(128))
                ]
            if rng.random() < 0.05:
                await stage.store.set(key("gain/out"), rng.uniform(-60, 12))
            stage.pass_time(0.005)
            await asyncio.sleep(0)
        stage.pass_time(0.1)
        settled = dict(stage.store.controls.changes)
        stage.pass_time(0.1)
        await stage.service.finish()
        applied = len(stage.band.applied)
        stage.pass_time(2.0)
        await stage.service.finish()
        assert dict(stage.store.controls.changes) == settled
        assert clients == [settled[key("gain/out")]] * 2
        assert len(stage.band.applied) == applied
        shown = [message[2] for message in stage.ports[0].sent if message[1] == 23]
        assert shown[-1] == round(127 * (settled[key("gain/out")] + 60) / 72)

    play(tmp_path, scene)
