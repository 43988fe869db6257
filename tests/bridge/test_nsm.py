"""Under a session manager that speaks real OSC over UDP, and does not always behave."""

import asyncio
import os
import signal
from pathlib import Path

import numpy as np
import pytest

from bridge.app.parts import saving
from bridge.common.background import TaskErrors
from bridge.common.errors import ConfigError, EnvironmentMissing, RefusedError
from bridge.common.remembered_files import RememberedFiles
from bridge.controls.controls import Controls
from bridge.controls.parameters import PARAMETERS
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.engine.bank_files import BankSource, bank_path, bank_paths, read_bank, write_bank
from bridge.osc.codec import Message, decode, encode
from bridge.session.nsm import NsmClient, OpenRequest
from bridge.session.state import BANKS_FOLDER, SessionState, read_state
from bridge.state.presets.commands import PresetCommands
from bridge.state.presets.folder import PresetFolder
from tests.bridge.fake_band import FakeBand


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
        return await asyncio.wait_for(self.inbox.get(), 60)


def play(scene):
    async def run():
        loop = asyncio.get_running_loop()
        transport, manager = await loop.create_datagram_endpoint(
            Manager, local_addr=("127.0.0.1", 0)
        )
        try:
            await asyncio.wait_for(scene(manager), 120)
        finally:
            transport.close()
            await asyncio.sleep(0)  # lets the sockets close

    asyncio.run(run())


async def joined(manager, errors=None):
    """Return a client that the manager agreed to, and what it announced."""
    joining = asyncio.create_task(NsmClient.join(manager.url, "liveband", errors))
    announced = await manager.next()
    manager.send("/reply", "/nsm/server/announce", "hello", "double", ":server-control:")
    return await joining, announced


def test_it_announces_itself_as_the_protocol_says():
    async def scene(manager):
        client, announced = await joined(manager)
        address, name, capabilities, executable, major, minor, pid = announced
        assert (address, name) == ("/nsm/server/announce", "liveband")
        assert capabilities == ":dirty:switch:"
        assert "/" not in executable
        assert (major, minor, pid) == (1, 1, os.getpid())
        client.close()

    play(scene)


def test_open_names_folder_and_client_and_is_answered_when_it_plays():
    async def scene(manager):
        client, _ = await joined(manager)
        manager.send("/nsm/client/open", "/s/liveband.nAB", "My song", "liveband.nAB")
        assert await client.opened() == OpenRequest(
            Path("/s/liveband.nAB"), "My song", "liveband.nAB"
        )
        client.ready()
        assert (await manager.next())[:2] == ("/reply", "/nsm/client/open")
        manager.send("/nsm/client/open", "/s/other", "Other", "liveband.nCD")
        assert (await manager.next())[:3] == ("/error", "/nsm/client/open", -1)  # not ready
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
        client.on_save(gate.wait)
        manager.send("/nsm/client/save")
        await asyncio.sleep(0.05)
        assert manager.inbox.empty()
        gate.set()
        assert await manager.next() == ("/reply", "/nsm/client/save", "saved")

        async def full():
            raise RefusedError("no space left", 9)

        client.on_save(full)
        manager.send("/nsm/client/save")
        assert (await manager.next())[3] == "no space left"
        client.close()

    play(scene)


def test_another_session_is_opened_after_a_save_that_is_under_way():
    async def scene(manager):
        client, _ = await joined(manager)
        manager.send("/nsm/client/open", "/s/one", "One", "liveband.nAB")
        await client.opened()
        gate, done = asyncio.Event(), []

        async def save():
            await gate.wait()
            done.append("saved")

        async def switch(opened):
            done.append(opened)
            if opened.display_name == "Broken":
                raise ConfigError("line 3 makes no sense")
            return ()

        client.on_save(save)
        client.on_switch(switch)
        manager.send("/nsm/client/save")
        manager.send("/nsm/client/open", "/s/two", "Two", "liveband.nCD")
        await asyncio.sleep(0.05)
        gate.set()
        assert await manager.next() == ("/reply", "/nsm/client/save", "saved")
        assert (await manager.next())[:2] == ("/reply", "/nsm/client/open")
        assert done == ["saved", OpenRequest(Path("/s/two"), "Two", "liveband.nCD")]
        manager.send("/nsm/client/open", "/s/three", "Broken", "liveband.nEF")
        told = await manager.next()
        assert told == ("/error", "/nsm/client/open", -1, "line 3 makes no sense")
        client.close()

    play(scene)


def test_dirty_is_told_once_each_time_it_changes():
    async def scene(manager):
        client, _ = await joined(manager)
        for dirty in (True, True, False, False, True):
            client.report_dirty(dirty)
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
        client.report_dirty(True)
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
        monkeypatch.setattr("bridge.session.nsm._ANSWER_S", 0.05)
        with pytest.raises(EnvironmentMissing, match="NSM_URL"):
            await NsmClient.join(manager.url, "liveband")
        with pytest.raises(ConfigError, match="NSM_URL"):
            await NsmClient.join("nowhere", "liveband")

    play(scene)


# -- state -------------------------------------------------------------------------------------


async def look():
    """Have no engine that could hold what there are files of."""


def test_a_session_takes_the_banks_along(tmp_path):
    looks = []

    async def look():
        looks.append(set(bank_paths(banks)))

    async def scene(manager):
        first, second = tmp_path / "one", tmp_path / "two"
        store = ControlStore(FakeBand(), Controls())
        state = SessionState(store, first, banks, look)
        assert not state.dirty
        write_bank(bank_path(banks, 3), BankSource("5a", "default"), {"heard": np.arange(4)})
        assert state.dirty
        await state.save()
        assert not state.dirty
        await state.switch_to(second, {})
        assert looks == [set()]
        write_bank(bank_path(banks, 7), BankSource("5a", "default"), {"heard": np.arange(5)})
        await state.save()
        await state.switch_to(first, {})
        assert looks == [set(), {3}]
        assert not state.dirty
        assert read_bank(bank_path(banks, 3), "5a")["heard"].tolist() == [0, 1, 2, 3]
        assert set(bank_paths(second / BANKS_FOLDER)) == {7}

    banks = tmp_path / "banks of the run"
    play(scene)


def test_a_session_keeps_every_control_and_gives_it_back(tmp_path):
    async def scene(manager):
        store = ControlStore(FakeBand(), Controls())
        state = SessionState(store, tmp_path / "liveband.nAB", tmp_path / "banks", look)
        assert not state.dirty
        await store.set(ControlKey(1, "mute"), True)
        await store.set(ControlKey(1, "stem"), "bass")
        assert state.dirty
        await state.save()
        assert not state.dirty
        values = read_state(tmp_path / "liveband.nAB", PARAMETERS, RememberedFiles())
        assert values[ControlKey(1, "mute")] is True
        assert values[ControlKey(1, "stem")] == "bass"
        assert set(values) == set(PARAMETERS.control_keys())

    play(scene)


def test_a_new_session_has_no_state_and_what_does_not_fit_is_named(tmp_path):
    files = RememberedFiles()
    assert read_state(tmp_path / "new", PARAMETERS, files) == {}
    assert not files.notices
    (tmp_path / "controls.toml").write_text("[controls]\nsteam = 1\nnoise = 0.5\n")
    assert read_state(tmp_path, PARAMETERS, files) == {ControlKey(1, "noise"): 0.5}
    (notice,) = files.notices
    assert "controls.toml: there is no control 'steam'; did you mean 'stem'?" in notice


def test_what_of_a_session_cannot_be_used_is_told_with_the_reply():
    async def scene(manager):
        client, _ = await joined(manager)
        client.ready(["controls.toml cannot be used"])
        assert await manager.next() == (
            "/reply",
            "/nsm/client/open",
            "liveband plays; controls.toml cannot be used",
        )
        client.close()

    play(scene)


def test_sigusr1_saves_the_preset_that_is_on(tmp_path):
    async def scene(manager):
        store = ControlStore(FakeBand(), Controls())
        presets = PresetFolder(tmp_path, PARAMETERS)
        commands = PresetCommands(store, presets)
        await store.set(ControlKey(1, "noise"), 0.25)
        async with saving(store, None, commands, None, RememberedFiles(), TaskErrors()):
            os.kill(os.getpid(), signal.SIGUSR1)
            while not presets.names():
                await asyncio.sleep(0.01)
        assert presets.load("last")[ControlKey(1, "noise")] == 0.25
        assert commands.reading.name == "last"

    play(scene)
