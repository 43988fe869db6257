"""The program in a session: under the name and with the state that the manager says."""

import contextlib
import os
import signal
import socket
import subprocess
import sys

import pytest

from bridge.osc.client import BridgeClient
from bridge.osc.codec import Message, decode, encode
from bridge.osc.free_ports import free_port

pytestmark = pytest.mark.jack


class Manager:
    """A session manager with one client, over a blocking socket."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(60)

    def close(self):
        self.socket.close()

    @property
    def url(self):
        return f"osc.udp://127.0.0.1:{self.socket.getsockname()[1]}/"

    def wait_for(self, address, *begin):
        while True:
            data, self.client = self.socket.recvfrom(4096)
            for message in decode(data):
                if message.address == address and message.arguments[: len(begin)] == begin:
                    return message.arguments

    def send(self, address, *arguments):
        self.socket.sendto(encode(Message(address, arguments)), self.client)


@contextlib.contextmanager
def member(manager, server, tmp_path):
    """A program that is being opened in the session."""
    port = free_port()
    command = [
        sys.executable, "-m", "bridge", "run", "--checkpoint", "passthrough", "--server",
        server.name, "--osc-port", str(port), "--osc-query-port", "0",
        "--autoconnect", "system:capture_1=>in_L",
    ]  # fmt: skip
    environment = {**os.environ, "NSM_URL": manager.url, "XDG_CONFIG_HOME": str(tmp_path)}
    process = subprocess.Popen(command, env=environment)
    try:
        manager.wait_for("/nsm/server/announce")
        manager.send("/reply", "/nsm/server/announce", "hello", "double", ":server-control:")
        folder = tmp_path / "session" / "liveband.nABCD"
        manager.send("/nsm/client/open", str(folder), "Song", "liveband.nABCD")
        manager.opened = manager.wait_for("/reply", "/nsm/client/open")[1]
        with BridgeClient(port=port, timeout_s=20.0) as bridge:
            yield bridge, process
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_another_session_is_opened_in_the_same_process(jackd, tmp_path, wait_until):
    server = jackd()
    with (
        contextlib.closing(Manager()) as manager,
        member(manager, server, tmp_path) as (
            bridge,
            process,
        ),
    ):

        def ports():
            told = bridge.collect("/liveband/jack/ports")
            return {str(message.arguments[0]) for message in told}

        def go(name):
            folder = tmp_path / "session" / name
            manager.send("/nsm/client/open", str(folder), "Song", name)
            assert manager.wait_for("/reply", "/nsm/client/open")

        hops = bridge.read("/liveband/status/engine")[3]
        bridge.do("/liveband/stem", "piano")
        manager.send("/nsm/client/save")
        manager.wait_for("/reply", "/nsm/client/save")
        go("liveband.nEFGH")
        assert "liveband.nEFGH:in_L" in ports()
        assert not [name for name in ports() if "nABCD" in name]
        assert bridge.read("/liveband/stem") == ("drums",)
        wait_until(lambda: bridge.read("/liveband/status/engine")[3] > hops + 20)
        assert bridge.read("/liveband/status/engine")[6] == 0  # the engine was never restarted
        wait_until(lambda: bridge.read("/liveband/status")[0] == "running")
        go("liveband.nABCD")
        assert bridge.read("/liveband/stem") == ("piano",)
        assert "liveband.nABCD:control_out" in ports()
        assert process.poll() is None


def test_a_session_is_saved_closed_and_opened_again(jackd, tmp_path, wait_until):
    server = jackd()
    with contextlib.closing(Manager()) as manager:
        with member(manager, server, tmp_path) as (bridge, process):
            ports = [message.arguments[0] for message in bridge.collect("/liveband/jack/ports")]
            assert "liveband.nABCD:in_L" in ports
            bridge.do("/liveband/stem", "piano")
            bridge.do("/liveband/gain/out", -9)
            manager.wait_for("/nsm/client/is_dirty")
            manager.send("/nsm/client/save")
            manager.wait_for("/reply", "/nsm/client/save")
            bridge.do("/liveband/stem", "bass")
            manager.wait_for("/nsm/client/is_dirty")
            process.send_signal(signal.SIGUSR1)
            manager.wait_for("/nsm/client/is_clean")
            assert bridge.collect("/liveband/jack/graph") == []  # wires are the manager's
            bridge.do("/liveband/jack/connect", "out_L", "system:playback_1")
            wait_until(lambda: bridge.read("/liveband/status/connections") == (1, 0, ""))
        with member(manager, server, tmp_path) as (bridge, _):
            assert bridge.read("/liveband/stem") == ("bass",)
            assert bridge.read("/liveband/gain/out") == (-9.0,)


def test_a_damaged_session_is_told_set_aside_and_played(jackd, tmp_path, wait_until):
    session = tmp_path / "session" / "liveband.nABCD"
    (session / "banks").mkdir(parents=True)
    files = [session / "controls.toml", session / "banks" / "bank-2.safetensors"]
    for file in files:
        file.write_bytes(bytes(100))
    with (
        contextlib.closing(Manager()) as manager,
        member(manager, jackd(), tmp_path) as (bridge, _),
    ):
        for file in files:
            assert f"{file} cannot be used" in manager.opened
            assert file.with_name(f"{file.name}.set-aside").read_bytes() == bytes(100)
        bridge.do("/liveband/bank/store", 2)
        bridge.do("/liveband/gain/out", -9)

        def saved():
            manager.send("/nsm/client/save")
            manager.wait_for("/reply", "/nsm/client/save")
            return all(file.exists() for file in files)  # the engine writes banks later

        wait_until(saved)
        assert "-9.0" in files[0].read_text()
        for file in files:
            assert file.with_name(f"{file.name}.set-aside").read_bytes() == bytes(100)
