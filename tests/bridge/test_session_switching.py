"""Switching between sessions: what goes along, what stays, and what a fault leaves behind."""

import asyncio

import pytest

from bridge.common.background import TaskErrors
from bridge.common.errors import EnvironmentMissing, RefusedError
from bridge.controls.controls import Controls
from bridge.controls.parameters import PARAMETERS
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.session.nsm import OpenRequest
from bridge.session.state import SessionState
from bridge.session.switching import SessionSwitcher
from tests.bridge.fake_band import FakeBand
from tests.bridge.test_nsm import joined, look, play


def test_switching_takes_name_and_state_along_and_forgets_what_was_heard(tmp_path):
    names = []

    class Band:
        async def rejoin(self, name):
            if name == "liveband.nCD":
                raise EnvironmentMissing(f"JACK has a client called {name!r} already")
            names.append(name)

    async def scene(manager):
        first, second = tmp_path / "one", tmp_path / "two"
        store = ControlStore(FakeBand(), Controls())
        state = SessionState(store, first, tmp_path / "banks", look)
        switch = SessionSwitcher(Band(), state)

        async def go(folder, name):
            opening = asyncio.create_task(switch.open(OpenRequest(folder, "A song", name)))
            await asyncio.sleep(0)
            await switch.switch_if_requested()
            return await opening

        await switch.switch_if_requested()
        await store.set(ControlKey(1, "noise"), 0.5)
        await state.save()
        assert not await go(second, "liveband.nEF")
        assert store.controls.real("noise") == PARAMETERS["noise"].default
        assert store.target.fired == ["reset"]
        assert not state.dirty
        await store.set(ControlKey(1, "stem"), "bass")
        assert state.dirty
        await state.save()
        with pytest.raises(EnvironmentMissing, match="already"):
            await go(first, "liveband.nCD")
        assert store.controls.text("stem") == "bass"  # the session before goes on
        await go(first, "liveband.nAB")
        assert (store.controls.real("noise"), store.controls.text("stem")) == (0.5, "drums")
        (second / "controls.toml").write_text("nonsense")
        (notice,) = await go(second, "liveband.nEF")
        assert f"{second / 'controls.toml'} cannot be used: not TOML" in notice
        assert (second / "controls.toml.set-aside").read_text() == "nonsense"
        (second / "controls.toml").write_text("[controls]\nsteam = 1\n")
        for _ in range(2):
            (notice,) = await go(second, "liveband.nEF")
            assert "did you mean 'stem'" in notice
        assert store.controls.real("noise") == PARAMETERS["noise"].default
        assert names == ["liveband.nEF", "liveband.nAB", *["liveband.nEF"] * 3]
        await go(first, "liveband.nAB")
        store.target.refuse = lambda names: RefusedError("busy") if "stem" in names else None
        (second / "controls.toml").write_text('[controls]\nstem = "bass"\n')
        with pytest.raises(RefusedError, match="stem: busy"):
            await go(second, "liveband.nEF")

    play(scene)


def test_a_fault_while_a_session_is_opened_is_counted_and_bars_nothing(tmp_path):
    class Band:
        async def rejoin(self, name):
            raise KeyError("in_L")

    async def scene(manager):
        errors = TaskErrors()
        client, _ = await joined(manager, errors)
        manager.send("/nsm/client/open", "/s/one", "One", "liveband.nAB")
        await client.opened()
        store = ControlStore(FakeBand(), Controls())
        state = SessionState(store, tmp_path / "one", tmp_path / "banks", look)
        switch = SessionSwitcher(Band(), state)
        client.on_switch(switch.open)
        client.on_save(state.save)
        manager.send("/nsm/client/open", str(tmp_path / "two"), "Two", "liveband.nCD")
        while not errors.counts:
            await switch.switch_if_requested()
            await asyncio.sleep(0.01)
        *told, text = await manager.next()
        assert told == ["/error", "/nsm/client/open", -1]
        assert "a fault of the program" in text
        manager.send("/nsm/client/save")
        assert await manager.next() == ("/reply", "/nsm/client/save", "saved")
        assert errors.counts == {"session": 1}
        client.close()

    play(scene)


def test_a_fault_that_nobody_waits_for_goes_to_the_bands_periodic_work(tmp_path):
    class Band:
        async def rejoin(self, name):
            opening.cancel()
            await asyncio.sleep(0)
            raise KeyError("in_L")

    async def scene(manager):
        nonlocal opening
        store = ControlStore(FakeBand(), Controls())
        state = SessionState(store, tmp_path / "one", tmp_path / "banks", look)
        switch = SessionSwitcher(Band(), state)
        asked = switch.open(OpenRequest(tmp_path, "Two", "liveband.nCD"))
        opening = asyncio.create_task(asked)
        await asyncio.sleep(0)
        with pytest.raises(KeyError):
            await switch.switch_if_requested()

    opening = None
    play(scene)
