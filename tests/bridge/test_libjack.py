"""Choice of libjack: JACK's own, or PipeWire's, on machines laid out for the test."""

import contextlib
import ctypes.util
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.audio import libjack
from bridge.audio.jack_servers import JackSocket, server_socket
from bridge.common.errors import EnvironmentMissing, ServerMissing

JACK, PIPEWIRE = "libjack.so.0", "/usr/lib64/pipewire-0.3/jack/libjack.so.0"
SCRIPT = """
import sys
from pathlib import Path
from bridge.audio import libjack
from bridge.audio.jack_servers import listening_sockets

libjack._LIBRARY_FOLDERS = (sys.argv[1],)
libjack._SYSTEM_WIDE = sys.argv[1] + "/none"
if sys.argv[2] == "without JACK's":
    libjack.ctypes.util.find_library = lambda _: None
libjack.load_jack()
print(libjack.loaded_library())
"""


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A function that says which servers run; the default one is asked for."""
    monkeypatch.delenv("JACK_DEFAULT_SERVER", raising=False)
    monkeypatch.setattr(libjack, "_SYSTEM_WIDE", str(tmp_path))
    monkeypatch.setattr(JackSocket, "path", tmp_path / "no_socket")

    def running(*names, pipewire=False):
        sockets = frozenset(map(server_socket, names))
        monkeypatch.setattr(libjack, "listening_sockets", lambda: sockets)
        monkeypatch.setattr(libjack, "other_servers", lambda _: "; there are: more")
        monkeypatch.setattr(libjack, "pipewire_runs", lambda: pipewire)

    return running


@pytest.fixture
def listening(monkeypatch, tmp_path):
    """A function that lets something listen where PipeWire does, in a folder."""
    with contextlib.ExitStack() as stack:

        def listen(folder, name="pipewire-0"):
            folder.mkdir(exist_ok=True)
            server = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            server.bind(str(folder / name))
            server.listen()
            return server

        monkeypatch.setattr(libjack, "_SYSTEM_WIDE", str(tmp_path / "system"))
        for name in ("PIPEWIRE_RUNTIME_DIR", "PIPEWIRE_REMOTE", "XDG_RUNTIME_DIR"):
            monkeypatch.delenv(name, raising=False)
        yield listen


def test_pipewire_is_taken_only_where_the_default_jack_server_does_not_run(machine):
    machine(pipewire=True)
    assert libjack._choose("", JACK, PIPEWIRE) == PIPEWIRE
    assert libjack._choose("studio", JACK, PIPEWIRE) == JACK
    machine("default", pipewire=True)
    assert libjack._choose("", JACK, PIPEWIRE) == JACK
    machine("studio", pipewire=True)
    assert libjack._choose("", JACK, PIPEWIRE) == PIPEWIRE


def test_another_default_server_is_jacks(machine, monkeypatch):
    machine(pipewire=True)
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "studio")
    assert libjack._choose("", JACK, PIPEWIRE) == JACK


def test_the_only_libjack_is_taken_whatever_runs(machine):
    for pipewire in (True, False):
        machine(pipewire=pipewire)
        assert libjack._choose("", JACK, "") == JACK
        assert libjack._choose("studio", "", PIPEWIRE) == PIPEWIRE


def test_nothing_is_decided_while_neither_runs(machine, monkeypatch, tmp_path):
    machine("studio")
    with pytest.raises(ServerMissing, match=r"PipeWire does not run; there are: more; start"):
        libjack._choose("", JACK, PIPEWIRE)
    (tmp_path / "no_socket").touch()  # a server in another container listens unseen
    assert libjack._choose("", JACK, PIPEWIRE) == JACK


def test_without_any_libjack_both_packages_are_named(machine):
    machine(pipewire=True)
    with pytest.raises(EnvironmentMissing, match=r"apt install jackd2 \(or pipewire-jack,"):
        libjack._choose("", "", "")


def test_pipewire_is_found_where_its_clients_look(listening, monkeypatch, tmp_path):
    assert not libjack.pipewire_runs()
    own = tmp_path / "own"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(own))
    assert not libjack.pipewire_runs()
    server = listening(own)
    assert libjack.pipewire_runs()
    monkeypatch.setenv("PIPEWIRE_REMOTE", "other")
    assert not libjack.pipewire_runs()
    monkeypatch.delenv("PIPEWIRE_REMOTE")
    server.close()
    assert not libjack.pipewire_runs(), "its socket stays, nobody listens"
    listening(tmp_path / "system")
    assert libjack.pipewire_runs()


@pytest.mark.skipif(not ctypes.util.find_library("jack"), reason="no libjack is installed")
@pytest.mark.parametrize("layout", ["beside JACK's", "without JACK's"])
def test_a_library_outside_of_the_search_path_is_the_one_loaded(
    listening, monkeypatch, tmp_path, layout
):
    """JACK's library, copied to where PipeWire's lies, stands for PipeWire's."""
    load = "import ctypes; ctypes.CDLL('libjack.so.0'); print(open('/proc/self/maps').read())"
    asked = [sys.executable, "-c", load]
    maps = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    real = next(word for word in maps.split() if Path(word).name.startswith("libjack.so"))
    place = tmp_path / "lib" / "pipewire-0.3" / "jack" / "libjack.so.0"
    place.parent.mkdir(parents=True)
    shutil.copy(real, place)
    listening(tmp_path / "own")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "own"))
    monkeypatch.delenv("JACK_DEFAULT_SERVER", raising=False)
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "lib"), layout]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(place)
    assert libjack.is_pipewire(str(place))


def test_a_waiting_band_is_told_how_to_get_to_pipewire(monkeypatch):
    monkeypatch.setattr(libjack, "loaded_library", lambda: "/usr/lib/libjack.so.0.1.0")
    monkeypatch.setattr(libjack, "pipewire_runs", lambda: True)
    monkeypatch.setattr(libjack, "installed_libraries", lambda: (JACK, PIPEWIRE))
    assert "start liveband again" in libjack.pipewire_hint("default")
    assert libjack.pipewire_hint("studio") == ""
    monkeypatch.setattr(libjack, "installed_libraries", lambda: (JACK, ""))
    assert "install the package pipewire-jack" in libjack.pipewire_hint("default")
    monkeypatch.setattr(libjack, "pipewire_runs", lambda: False)
    assert libjack.pipewire_hint("default") == ""
