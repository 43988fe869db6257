"""The way of a control from an OSC packet to its effect passes few files."""

import asyncio
import sys
from concurrent.futures import Future
from pathlib import Path

import pytest

import bridge
from bridge.audio.shared.share import AudioShare
from bridge.config import OscSettings
from bridge.controls.controls import Controls
from bridge.controls.services import Services
from bridge.controls.store import ControlStore
from bridge.engine.reply_futures import RequestAnswer
from bridge.live.players import Players
from bridge.osc.codec import Message, encode
from bridge.osc.endpoint import OscEndpoint
from bridge.protocols import Conditions

ROOT = Path(bridge.__file__).parent
SENDER = ("127.0.0.1", 5)


class Supervisor:
    """Takes conditions at once, and says so."""

    def __init__(self):
        self.taken = asyncio.Event()

    def conditions_of(self, player):
        return Conditions(stem="drums")

    def condition(self, conditions, **how):
        self.taken.set()
        answer = Future()
        answer.set_result(RequestAnswer())
        return answer


class Trace:
    """Files of the bridge that run, in the order they are reached, and those that hand on.

    Those that hand on are on the call stack where a task is begun and at the effect.
    """

    def __init__(self, effect):
        self.effect = effect
        self.reached, self.handing = {}, {}
        self.is_done = False

    def __call__(self, frame, event, argument):
        path = Path(frame.f_code.co_filename)
        if event != "call" or self.is_done or not path.is_relative_to(ROOT):
            return
        self.reached[str(path.relative_to(ROOT))] = True
        at = path.name, frame.f_code.co_name
        self.is_done = at == self.effect
        if self.is_done or at == ("server.py", "_run"):
            while frame is not None:
                path = Path(frame.f_code.co_filename)
                if path.is_relative_to(ROOT):
                    self.handing[str(path.relative_to(ROOT))] = True
                frame = frame.f_back


@pytest.mark.parametrize(
    ("address", "value", "effect", "at_most"),
    [
        ("/liveband/gain/out", -6.0, ("values.py", "__set__"), (7, 17)),
        ("/liveband/player/2/gain/out", -6.0, ("values.py", "__set__"), (7, 17)),
        ("/liveband/stem", "bass", ("players.py", "condition"), (5, 16)),
    ],
)
def test_few_files_hand_a_control_on(address, value, effect, at_most):
    trace = Trace(effect)

    async def scene(share):
        async def add_outputs(player):
            pass

        players = Players(share, Supervisor(), add_outputs)
        controls = Controls().apply("players", 2)
        players.note(1, controls)
        await players.resize(2)
        store = ControlStore(Services(players.apply, lambda: None), controls)
        endpoint = await OscEndpoint.open(store, settings=OscSettings(port=0), version="0")
        packet = encode(Message(address, (value,)))
        await asyncio.sleep(0)  # its own tasks have begun
        sys.setprofile(trace)
        try:
            endpoint.server.outbox.udp.datagram_received(packet, SENDER)
            while not trace.is_done:
                await asyncio.sleep(0)
        finally:
            sys.setprofile(None)
            await endpoint.close()

    with AudioShare.create(48_000, 2400) as share:
        asyncio.run(asyncio.wait_for(scene(share), 60))
    handing, reached = at_most
    assert len(trace.handing) <= handing, list(trace.handing)
    assert len(trace.reached) <= reached, list(trace.reached)
