"""Under a session manager that speaks real OSC over UDP, and does not always behave."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from bridge.controls import Controls
from bridge.desk import Desk
from bridge.errors import ConfigError, EnvironmentMissing, RefusedError
from bridge.nsm import NsmClient, Opened
from bridge.osc.codec import Message, decode, encode
from bridge.osc.testing import FakeBand
from bridge.parameters import PARAMETERS
from bridge.presets.librarian import Librarian
from bridge.presets.shelf import PresetShelf
from bridge.session_state import SessionState, read_state
from bridge.stage import kept


class Manager(asyncio.DatagramProtocol):
    """A session manager with one client, that does what the test says."""

    def __init__(self):
        self.inbox = asyncio.Queue()
        self.client = None

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        self.client = address
        for message in decode(data):
            self.inbox.put_nowait((message.address, *message.arguments))

    @property
    def url(self):
        return f"osc.udp://127.0.0.1:{self.transport.get_extra_info('sockname')[1]}/"

    def send(self, address, *arguments):
        self.transport.sendto(encode(Message(address, arguments)), self.client)

    async def next(self):
        return await asyncio.wait_for(self.inbox.get(), 5)


def play(scene):
    async def run():
        loop = asyncio.get_running_loop()
        transport, manager = await loop.create_datagram_endpoint(
            Manager, local_addr=("127.0.0.1", 0)
        )
        try:
            await asyncio.wait_for(scene(manager), 20)
        finally:
            transport.close()
            await asyncio.sleep(0)  # lets the sockets close

    asyncio.run(run())


async def joined(manager):
    """Return a client that the manager agreed to, and what it announced."""
    joining = asyncio.create_task(NsmClient.join(manager.url, "liveband"))
    announced = await manager.next()
    manager.send("/reply", "/nsm/server/announce", "hello", "double", ":server-control:")
    return await joining, announced


def test_it_announces_itself_as_the_protocol_says():
    async def scene(manager):
        client, announced = await joined(manager)
        address, name, capabilities, executable, major, minor, pid = announced
        assert (address, name) == ("/nsm/server/announce", "liveband")
        assert ":dirty:" in capabilities
        assert "/" not in executable
        assert (major, minor, pid) == (1, 1, os.getpid())
        client.close()

    play(scene)


def test_open_names_folder_and_client_and_is_answered_when_it_plays():
    async def scene(manager):
        client, _ = await joined(manager)
        manager.send("/nsm/client/open", "/s/liveband.nAB", "My song", "liveband.nAB")
        assert await client.opened() == Opened(
            Path("/s/liveband.nAB"), "My song", "liveband.nAB"
        )
        client.ready()
        assert (await manager.next())[:2] == ("/reply", "/nsm/client/open")
        manager.send("/nsm/client/open", "/s/other", "Other", "liveband.nCD")
        assert (await manager.next())[:3] == ("/error", "/nsm/client/open", -1)
        client.close()

    play(scene)


def test_a_session_that_cannot_be_opened_is_told_why():
    async def scene(manager):
        client, _ = await joined(manager)
        client.refuse(ConfigError("no such stem"))
        assert await manager.next() == ("/error", "/nsm/client/open", -1, "no such stem")
        client.close()

    play(scene)


def test_save_is_answered_when_done_or_with_the_reason():
    async def scene(manager):
        client, _ = await joined(manager)
        manager.send("/nsm/client/save")
        assert (await manager.next())[:2] == ("/error", "/nsm/client/save")
        gate = asyncio.Event()
        client.keep_with(gate.wait)
        manager.send("/nsm/client/save")
        await asyncio.sleep(0.05)
        assert manager.inbox.empty()
        gate.set()
        assert await manager.next() == ("/reply", "/nsm/client/save", "saved")

        async def full():
            raise RefusedError("no space left", 9)

        client.keep_with(full)
        manager.send("/nsm/client/save")
        assert (await manager.next())[3] == "no space left"
        client.close()

    play(scene)


def test_dirty_is_told_once_each_time_it_changes():
    async def scene(manager):
        client, _ = await joined(manager)
        for dirty in (True, True, False, False, True):
            client.mark(dirty)
        told = [(await manager.next())[0].rsplit("/", 1)[1] for _ in range(3)]
        assert told == ["is_dirty", "is_clean", "is_dirty"]
        await asyncio.sleep(0.02)
        assert manager.inbox.empty()
        client.close()

    play(scene)


def test_what_makes_no_sense_is_ignored():
    async def scene(manager):
        client, _ = await joined(manager)
        manager.transport.sendto(b"garbage", manager.client)
        manager.send("/nsm/client/open", 1, 2)
        manager.send("/nsm/client/show_optional_gui")
        manager.send("/nsm/client/session_is_loaded")
        client.mark(True)
        assert await manager.next() == ("/nsm/client/is_dirty",)
        client.close()

    play(scene)


def test_a_manager_that_refuses_or_is_not_there_ends_the_start(monkeypatch):
    async def scene(manager):
        joining = asyncio.create_task(NsmClient.join(manager.url, "liveband"))
        await manager.next()
        manager.send("/error", "/nsm/server/announce", -2, "too new")
        with pytest.raises(EnvironmentMissing, match=r"too new \(-2\)"):
            await joining
        monkeypatch.setattr("bridge.nsm._ANSWER_S", 0.05)
        with pytest.raises(EnvironmentMissing, match="NSM_URL"):
            await NsmClient.join(manager.url, "liveband")
        with pytest.raises(ConfigError, match="NSM_URL"):
            await NsmClient.join("nowhere", "liveband")

    play(scene)


# -- state -------------------------------------------------------------------------------------


def test_a_session_keeps_every_control_and_gives_it_back(tmp_path):
    async def scene(manager):
        desk = Desk(FakeBand(), Controls())
        state = SessionState(desk, tmp_path / "liveband.nAB")
        assert not state.dirty
        await desk.set("mute", True)
        await desk.set("stem", "bass")
        assert state.dirty
        await state.save()
        assert not state.dirty
        values = read_state(tmp_path / "liveband.nAB", PARAMETERS)
        assert (values["mute"], values["stem"]) == (True, "bass")
        assert set(values) == {row.name for row in PARAMETERS.controls}

    play(scene)


def test_a_new_session_has_no_state_and_a_broken_one_is_named(tmp_path):
    assert read_state(tmp_path / "new", PARAMETERS) == {}
    (tmp_path / "controls.toml").write_text("[controls]\nsteam = 1\n")
    with pytest.raises(ConfigError, match=r"controls\.toml.*did you mean 'stem'"):
        read_state(tmp_path, PARAMETERS)


def test_sigusr1_saves_the_preset_that_is_on(tmp_path):
    async def scene(manager):
        desk = Desk(FakeBand(), Controls())
        shelf = PresetShelf(tmp_path, PARAMETERS)
        librarian = Librarian(desk, shelf)
        await desk.set("noise", 0.25)
        async with kept(desk, None, librarian, None):
            os.kill(os.getpid(), signal.SIGUSR1)
            while not shelf.names():
                await asyncio.sleep(0.01)
        assert shelf.load("last")["noise"] == 0.25
        assert librarian.reading.name == "last"

    play(scene)
