"""To add a control, add a row: everything that speaks OSC or MIDI has it at once."""

import asyncio
import json
import urllib.request
from dataclasses import replace

import pytest

from bridge.controls.controls import Controls
from bridge.controls.parameters import PARAMETERS, EffectTiming, Kind, Parameter, Table
from bridge.controls.table import ControlKey
from bridge.midi.event import EventKind, encode
from tests.bridge.fake_controls import FakeControls, play
from tools.osc_reference import reference

ROW = Parameter(
    name="shape/attack",
    kind=Kind.FLOAT,
    help="How hard it plays the beginning of a note",
    when=EffectTiming.HOP,
    unit="ms",
    low=1.0,
    high=101.0,
    default=11.0,
    number=9001,
)
TABLE = Table((*PARAMETERS.rows, ROW))


def test_the_reference_has_it():
    assert "| 9001 | float: 1 … 101 ms | 11 |" in reference(TABLE)
    assert "| `/shape/attack` |" in reference(TABLE)
    assert "shape/attack" not in reference()


def test_its_number_as_nrpn_and_its_default_controller_move_it():
    attack = ControlKey(1, "shape/attack")
    controls = FakeControls(Table((*PARAMETERS.rows, replace(ROW, cc=90))))
    device = controls.device()
    pairs = [(99, 9001 >> 7), (98, 9001 & 127), (6, 64), (38, 0)]
    play(device, *(encode(EventKind.CC, 1, number, value) for number, value in pairs))
    assert controls.value(attack) == pytest.approx(1.0 + 100.0 * 8192 / 16383)
    controls.change("midi/takeover", "jump")
    play(device, encode(EventKind.CC, 1, 90, 127), frame=48_000)
    assert controls.value(attack) == 101.0
    device.tick(96_000)
    controls.change("shape/attack", 1.0)
    shown = [message for step in range(1, 4) for message in device.tick(96_000 + 24_000 * step)]
    assert encode(EventKind.CC, 1, 90, 0) in shown


def test_dispatch_queries_feedback_and_the_dump_have_it(on_stage):
    async def scene(stage):
        client, other = await stage.client(), await stage.client()
        await other.ask("/liveband/register")
        assert await client.ask("/liveband/shape/attack") == ("/liveband/shape/attack", 11.0)
        done = await client.ask("/liveband/n/shape/attack", 0.5)
        assert done == ("/liveband/done", "/liveband/n/shape/attack", 0.5)
        assert await other.next() == ("/liveband/shape/attack", 51.0)
        assert await client.ask("/liveband/p/9001") == ("/liveband/p/9001", 0.5)
        for address in ("/liveband/player/1/shape/attack", "/liveband/shape/*"):
            assert (await client.ask(address))[1] == 51.0
        assert stage.band.applied == [{"shape/attack": 51.0}]
        described = await client.ask("/liveband/describe", "/liveband/shape/attack")
        assert described[2:7] == pytest.approx(("f", 1.0, 101.0, 11.0, "ms"))
        client.send("/liveband/dump")
        assert ("/liveband/shape/attack", 51.0) in await client.rest()
        url = f"http://127.0.0.1:{stage.endpoint.query_port}/liveband/shape/attack"
        with await asyncio.to_thread(urllib.request.urlopen, url) as reply:
            node = json.load(reply)
        assert node["RANGE"] == [{"MIN": 1.0, "MAX": 101.0}]
        assert node["VALUE"] == [51.0]
        assert node["DESCRIPTION"] == ROW.help

    on_stage(scene, controls=Controls(TABLE))
