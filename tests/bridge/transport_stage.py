"""Test bench of host, engine and transport in one thread, driven cycle by cycle."""

from dataclasses import replace
from multiprocessing import Pipe

import numpy as np

from bridge.audio.callback import Host
from bridge.audio.shared.share import AudioShare
from bridge.common.latency import hop_frames
from bridge.controls.controls import Controls
from bridge.controls.store import ControlStore
from bridge.engine.loop import Engine
from bridge.engine.messages import SetTimekeeping
from bridge.protocols import Conditions
from bridge.stream.hop_scheduler import HopScheduler
from bridge.tempo import TempoMap, Timekeeping
from bridge.testing import PassThroughModel
from bridge.transport.sync import TransportSync
from tests.bridge.fake_band import FakeBand


def straight(tempo_bpm=120.0, **others):
    values = {"frame": 0.0, "beat": 0.0, "beats_per_bar": 4.0, "rate": 48000, **others}
    return TempoMap(tempo_bpm=tempo_bpm, **values)


class Stage:
    """A share with the native host on it, the engine, and who keeps both in time."""

    def __init__(self, *, rate=48000, block=256, hops=2, at=0, **controls):
        self.block, self.clock = block, None
        self.timebase = None
        self.held = False
        self.fault = ""
        self.share = AudioShare.create(rate, hop_frames(rate))
        self.share.block = block
        self.host = Host(self.share)
        self.model = PassThroughModel()
        conditions = Conditions(stem="drums", anticipation_hops=hops)
        self.scheduler = HopScheduler(self.model, rate, conditions)
        self._pipe, far_end = Pipe()
        self.engine = Engine(self.share, self.scheduler, far_end)
        self.share.engine_live = True
        values = Controls()
        for name, value in controls.items():
            values = values.apply(name.replace("_in_", "/"), value)
        self.store = ControlStore(FakeBand(), values)
        self.sync = TransportSync(self.store, self, lambda frame: self.clock)
        self.told, self.followed = [], Timekeeping()
        self.corrections = []
        self.transport, self.rolling = at, False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.host.close()
        self.share.close()

    def bar_beat(self):
        return self.timebase and replace(self.timebase, rolling=self.rolling)

    def follow(self, time):
        self.told.append(time.tempo)
        self.followed = time
        self._pipe.send(SetTimekeeping(0, time))
        assert self.engine._run_commands()
        while self._pipe.poll():
            self._pipe.recv()

    async def correct_beat(self, correction):
        self.corrections.append(correction)

    def hold(self, held):
        self.held = held

    def tell_beat_fault(self, text):
        self.fault = text

    @property
    def phases(self):
        """What was known of each hop of the grid that was played."""
        first = self.scheduler.played - len(self.model.phases)
        return dict(enumerate(self.model.phases, first))

    def cycles(self, count, *, freewheel=False):
        silence = np.zeros(self.block, np.float32)
        for _ in range(count):
            self.host.set_transport(rolling=self.rolling, frame=self.transport)
            self.host.process(silence, silence, freewheel=freewheel)
            self.transport += self.block * self.rolling
            self.sync.update()
            self.answer()

    def answer(self):
        while True:
            before = (self.scheduler.heard, self.scheduler.played, self.share.epoch)
            self.engine.step(0.0)
            if (self.scheduler.heard, self.scheduler.played, self.share.epoch) == before:
                return
