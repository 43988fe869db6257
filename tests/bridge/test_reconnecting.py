"""Our place on the audio server, with servers that are late, deaf, or other than before."""

import asyncio
import threading

import pytest

from bridge.audio.shared.share import AudioShare
from bridge.common.errors import EnvironmentMissing, FailureCode, RefusedError, ServerMissing
from bridge.config import RunSettings
from bridge.live import reconnecting
from bridge.live.reconnecting import ServerConnection


class Backend:
    """A server's client that does what it is told to."""

    name = "band"
    offline_reason = ""

    def __init__(self, rate=48_000):
        self.rate, self.offline, self.started, self.closed = rate, False, False, False
        self.hang = threading.Event()
        self.hang.set()

    def start(self, share):
        self.started = True

    def add_player(self, player):
        pass

    def close(self):
        self.hang.wait(60)
        self.closed = True


@pytest.fixture
def servers(monkeypatch):
    """What each look for a server finds, in turn: a back end, or an error."""
    found = []

    def look(name, server):
        one = found.pop(0) if len(found) > 1 else found[0]
        if isinstance(one, Exception):
            raise one
        return one

    monkeypatch.setattr("bridge.live.reconnecting.JackBackend", look)
    monkeypatch.setattr("bridge.live.reconnecting._RETRY_S", 0.01)
    monkeypatch.setattr("bridge.live.reconnecting._PATIENCE_S", 60.0)
    return found


@pytest.fixture
def share():
    with AudioShare.create(48_000, 2400) as share:
        yield share


def test_a_server_that_is_not_there_is_waited_for_at_whatever_rate_it_comes(servers, share):
    late = Backend(44_100)
    servers += [ServerMissing("no server"), ServerMissing("no server"), late]
    connection = ServerConnection(RunSettings(), "")
    connection.start(share)
    assert connection.offline
    assert connection.reason == "no server; waiting for it"
    assert connection.rate == 48_000
    assert not asyncio.run(connection.reconnect(share))
    assert asyncio.run(connection.reconnect(share))
    assert (connection.offline, connection.backend, late.started) == (False, late, True)
    assert (share.rate, share.hop) == (44_100, 2205)


def test_it_is_not_waited_for_where_that_is_not_wanted_or_of_no_use(servers):
    servers.append(ServerMissing("no server"))
    with pytest.raises(ServerMissing):
        ServerConnection(RunSettings(wait=False), "")
    servers[:] = [EnvironmentMissing("no libjack")]
    with pytest.raises(EnvironmentMissing, match="no libjack"):
        ServerConnection(RunSettings(), "")


def test_a_server_that_hangs_at_the_start_is_joined_once_it_answers(monkeypatch, share):
    monkeypatch.setattr("bridge.live.reconnecting._FIRST_PATIENCE_S", 0.05)
    monkeypatch.setattr("bridge.live.reconnecting._RETRY_S", 0.01)
    monkeypatch.setattr("bridge.live.reconnecting._PATIENCE_S", 0.05)
    answers, late, asked = threading.Event(), Backend(), []

    def hang(name, server):
        asked.append(name)
        answers.wait(60)
        return late

    monkeypatch.setattr("bridge.live.reconnecting.JackBackend", hang)
    with pytest.raises(ServerMissing, match="does not answer"):
        ServerConnection(RunSettings(wait=False), "")
    del asked[:]
    connection = ServerConnection(RunSettings(), "")
    connection.start(share)
    assert (connection.offline, "does not answer" in connection.reason) == (True, True)

    async def scene():
        assert not await connection.reconnect(share)
        answers.set()
        while connection.offline:
            await connection.reconnect(share)

    asyncio.run(asyncio.wait_for(scene(), 60))
    assert (connection.backend, late.started, connection.offline) == (late, True, False)
    assert len(asked) == 1  # a second client would have taken another name


def test_a_server_that_has_no_whole_hops_or_a_taken_name_is_told_and_tried_again(
    servers, share
):
    first, odd, good = Backend(), Backend(22_050), Backend()
    servers += [first, odd, EnvironmentMissing("the name is taken"), good]
    connection = ServerConnection(RunSettings(), "")
    first.offline = True
    assert not asyncio.run(connection.reconnect(share))
    assert first.closed
    assert odd.closed
    assert "22050" in connection.reason
    assert not asyncio.run(connection.reconnect(share))
    assert connection.reason == "the name is taken"
    assert asyncio.run(connection.reconnect(share))
    assert (connection.backend, connection.reason != "the name is taken") == (good, True)


def test_a_client_that_hangs_holds_up_nobody(servers, share, monkeypatch):
    monkeypatch.setattr("bridge.live.reconnecting._PATIENCE_S", 0.05)
    stuck, good = Backend(), Backend()
    servers += [stuck, good]
    connection = ServerConnection(RunSettings(), "")
    stuck.hang.clear()
    connection.mark_lost("it asks for no sound")

    async def scene():
        assert not await connection.reconnect(share)
        assert not await connection.reconnect(share)
        assert "does not answer" in connection.reason
        assert not good.started
        stuck.hang.set()
        while connection.offline:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(scene(), 60))
    assert connection.backend is good
    assert good.started


@pytest.fixture
def hanging(servers, share, monkeypatch):
    """Our place on a server that lets nobody go until ``stuck`` is told to, and that client."""
    monkeypatch.setattr("bridge.live.reconnecting._FIRST_PATIENCE_S", 0.2)
    monkeypatch.setattr("bridge.live.reconnecting._PATIENCE_S", 0.05)
    stuck = Backend()
    servers += [stuck, Backend(), Backend()]
    connection = ServerConnection(RunSettings(jack_name="old"), "")
    stuck.hang.clear()
    yield connection, stuck
    stuck.hang.set()


def test_a_new_name_on_a_server_that_hangs_is_refused_and_the_old_one_stays(
    hanging, share, monkeypatch
):
    connection, stuck = hanging
    names, find = [], reconnecting.JackBackend

    def join(name, server):
        names.append(name)
        return find(name, server)

    monkeypatch.setattr(reconnecting, "JackBackend", join)

    async def scene():
        for _ in range(2):
            with pytest.raises(RefusedError, match="does not answer") as refusal:
                await connection.rename(share, "new")
            assert refusal.value.code == FailureCode.JACK_ABSENT
        assert not await connection.reconnect(share)
        assert (connection.offline, names) == (True, [])
        stuck.hang.set()
        while connection.offline or len(names) < 2:
            await connection.reconnect(share)
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(scene(), 60))
    assert names == ["new", "old"]
    assert not any(strip.mute for strip in share.strips)


def test_a_new_name_is_taken_and_one_that_is_refused_leaves_the_old_one(servers, share):
    renamed, again = Backend(), Backend()
    servers += [Backend(), renamed, EnvironmentMissing("the name is taken"), again]
    connection = ServerConnection(RunSettings(jack_name="old"), "")
    asyncio.run(connection.rename(share, "old"))
    asyncio.run(connection.rename(share, "new"))
    assert (connection.backend, connection.offline) == (renamed, False)
    with pytest.raises(EnvironmentMissing, match="taken"):
        asyncio.run(connection.rename(share, "third"))
    assert (connection.backend, connection.offline, renamed.closed) == (again, False, True)
