"""Tests of the watch over a running band: a server that runs at another rate all at once."""

import asyncio
from types import SimpleNamespace

import pytest

from bridge.audio.shared.share import AudioShare
from bridge.common.background import TaskErrors
from bridge.engine.status import EngineStatus
from bridge.live.band_watch import BandWatch


class Connection:
    """A place on a server; joining it anew takes on its rate."""

    def __init__(self, rate):
        self.backend, self.lost, self.told = SimpleNamespace(rate=rate), "", []

    @property
    def offline(self):
        return bool(self.lost)

    def mark_lost(self, why):
        self.lost = why
        self.told.append(why)

    async def reconnect(self, share):
        share.set_rate(self.backend.rate, self.backend.rate // 20)
        self.lost = ""


@pytest.mark.parametrize("rate", [44_100, 96_000])
def test_a_server_that_changes_its_rate_is_joined_anew(rate):
    async def scene(share):
        connection, errors, ending = Connection(share.rate), TaskErrors(), asyncio.Event()
        supervisor = SimpleNamespace(status=EngineStatus())
        watch = BandWatch(share, supervisor, connection, errors)
        running = asyncio.create_task(watch.run(ending, {}))
        await asyncio.sleep(0.1)
        assert not connection.told
        connection.backend.rate = rate
        while share.rate != rate or connection.offline:
            await asyncio.sleep(0.01)
        ending.set()
        await running
        assert connection.told == [
            f"the audio server went from 48000 to {rate} Hz; joining it anew"
        ]
        assert share.hop == rate // 20
        assert not errors.counts

    with AudioShare.create(48_000, 2400) as share:
        asyncio.run(asyncio.wait_for(scene(share), 60))
