"""Reasons for which a JACK server is not joined, each with its value and the way out."""

import os
import signal
import socket
import subprocess
import sys
import threading

import pytest

from bridge.audio.jack import JackBackend
from bridge.audio.jack_servers import JackSocket, listening_sockets, server_socket
from bridge.common.errors import ConfigError, EnvironmentMissing, ServerMissing
from tests.live.program import END_S

pytestmark = pytest.mark.jack

NOBODY = 65534


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("x" * 64, "at most 63 bytes, 'x{48}...' has 64"),
        ("ä" * 32, "at most 63 bytes, 'ä{32}' has 64"),
        ("", "has a name, got ''"),
        (" ", "has a name, got ' '"),
        ("our:band", "no colon.*got 'our:band'"),
        ("b\udce4nd", "no UTF-8"),
    ],
)
def test_a_name_that_jack_does_not_take_is_told_with_its_limit_server_or_not(
    jackd, name, reason
):
    for server in (jackd().name, "liveband-no-such-server"):
        with pytest.raises(ConfigError, match=f"{reason}.*--jack-name") as raised:
            JackBackend(name, server)
        assert not isinstance(raised.value, EnvironmentMissing)


def test_the_longest_name_and_one_with_letters_of_several_bytes_are_taken(jackd):
    server = jackd()
    for name in ("x" * 63, "Gehör/ä (2)"):
        with JackBackend(name, server.name) as backend:
            assert backend.name == name
            assert f"{name}:in_L" in backend.ports()


def test_a_name_that_is_taken_is_told(jackd, band):
    server = jackd()
    band(server)
    with pytest.raises(
        EnvironmentMissing, match=r"a client called 'band' already.*--jack-name"
    ):
        JackBackend("band", server.name)


def test_a_server_that_does_not_run_is_told_with_those_that_do(jackd):
    other = jackd().name
    with pytest.raises(ServerMissing, match=f"'no-such'; there are: .*{other}.*--server"):
        JackBackend("band", "no-such")


def test_the_environment_names_the_server_where_nothing_else_does(monkeypatch):
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "another")
    with pytest.raises(ServerMissing, match="answers as 'another'"):
        JackBackend("band")


def test_sockets_of_servers_that_run_are_found_and_those_left_behind_are_not(jackd):
    server = jackd()
    ours = server_socket(server.name)
    assert ours == JackSocket(server=server.name, uid=os.getuid())
    assert ours in listening_sockets()
    assert ours.path.is_socket()
    server.stop()
    assert ours not in listening_sockets()


@pytest.mark.parametrize(
    ("uid", "reason"),
    [
        (NOBODY, "the user nobody started it.*run liveband as nobody"),
        (987_654, "the user number 987654 started it"),
        (None, "users share it.*JACK_PROMISCUOUS_SERVER"),
    ],
)
def test_a_server_of_another_user_is_not_waited_for(uid, reason):
    name = f"liveband-{os.getpid()}-theirs"
    theirs = JackSocket(server=name, uid=uid).path
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(theirs))
        try:
            with pytest.raises(ServerMissing):  # nobody listens there
                JackBackend("band", name)
            listener.listen()
            with pytest.raises(
                EnvironmentMissing, match=f"{name}' runs, but.*{reason}"
            ) as told:
                JackBackend("band", name)
            assert not isinstance(told.value, ServerMissing)
        finally:
            theirs.unlink()


def test_a_server_of_ours_is_named_where_shared_ones_are_asked_for(jackd, monkeypatch):
    server = jackd()
    monkeypatch.setenv("JACK_PROMISCUOUS_SERVER", "audio")
    with pytest.raises(
        EnvironmentMissing, match=r"not shared.*JACK_PROMISCUOUS_SERVER asks for"
    ):
        JackBackend("band", server.name)


def test_a_server_that_refuses_without_a_reason_is_given_up_with_what_libjack_said():
    name = f"liveband-{os.getpid()}-deaf"
    deaf = server_socket(name)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(deaf.path))
        listener.listen()
        hanging_up = threading.Thread(target=_hang_up, args=(listener,), daemon=True)
        hanging_up.start()
        try:
            with pytest.raises(EnvironmentMissing, match=r"runs, but refuses us: .+") as told:
                JackBackend("band", name)
            assert not isinstance(told.value, ServerMissing)
        finally:
            deaf.path.unlink()
            listener.shutdown(socket.SHUT_RDWR)
    hanging_up.join(END_S)


def _hang_up(listener):
    """Take every caller and hang up at once."""
    while True:
        try:
            listener.accept()[0].close()
        except OSError:
            return


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (0x401, "different versions: install both from one package"),
        (0x411, "different versions: install both from one package"),
        (0x201, "refuses us: .*shm_failure"),
    ],
)
def test_what_the_library_tells_of_a_failure_is_passed_on(jackd, monkeypatch, status, reason):
    import jack

    server = jackd()

    def fail(name, **options):
        raise jack.JackOpenError(name, jack.Status(status))

    monkeypatch.setattr(jack, "Client", fail)
    with pytest.raises(EnvironmentMissing, match=f"{server.name}'.* {reason}") as told:
        JackBackend("band", server.name)
    assert not isinstance(told.value, ServerMissing)


def test_a_socket_that_we_may_not_write_to_is_told(monkeypatch):
    name = f"liveband-{os.getpid()}-barred"
    barred = server_socket(name)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(barred.path))
        listener.listen()
        monkeypatch.setattr("os.access", lambda path, mode: path != barred.path)
        hanging_up = threading.Thread(target=_hang_up, args=(listener,), daemon=True)
        hanging_up.start()
        try:
            with pytest.raises(
                EnvironmentMissing, match=f"may not write.*{barred.path}"
            ) as told:
                JackBackend("band", name)
            assert not isinstance(told.value, ServerMissing)
        finally:
            barred.path.unlink()
            listener.shutdown(socket.SHUT_RDWR)
    hanging_up.join(END_S)


def run(*options):
    """Run the program until it ends by itself; return its exit code and what it said."""
    command = [sys.executable, "-m", "bridge", "run", "--checkpoint", "passthrough", *options]
    ended = subprocess.run(
        [*command, "--osc-port", "0"],
        capture_output=True,
        text=True,
        timeout=END_S,
        check=False,
    )
    return ended.returncode, ended.stderr


def test_the_program_ends_with_the_reason_instead_of_waiting(jackd):
    server = jackd().name
    code, said = run("--server", server, "--jack-name", "x" * 64)
    assert (code, "at most 63 bytes" in said) == (2, True), said
    code, said = run("--server", server, "--jack-name", "")
    assert (code, "has a name, got ''" in said) == (2, True), said


def test_a_server_that_hangs_is_told_and_does_not_keep_the_program(jackd):
    server = jackd()
    os.kill(server.pid, signal.SIGSTOP)
    try:
        code, said = run("--server", server.name, "--no-wait")
        assert (code, "does not answer" in said) == (3, True), said
    finally:
        os.kill(server.pid, signal.SIGCONT)


def test_the_doctor_tells_of_a_server_that_hangs(jackd, tmp_path):
    server, rules = jackd(), tmp_path / "liveband" / "autoconnect.toml"
    rules.parent.mkdir()
    rules.write_text('rules = ["daw:out=>in_L"]\n')  # whose ports it asks the server for
    command = [sys.executable, "-m", "bridge", "doctor", "--checkpoint", "passthrough"]
    os.kill(server.pid, signal.SIGSTOP)
    try:
        told = subprocess.run(
            [*command, "--server", server.name],
            env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=END_S,
        )
        assert "it hangs; end it and start it again" in told.stdout, told.stderr
        assert "daw:out=>in_L" in told.stdout
    finally:
        os.kill(server.pid, signal.SIGCONT)
