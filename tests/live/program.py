"""The program as a user starts it, with a client that waits until it plays."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys

from bridge.client import BridgeClient
from bridge.errors import EnvironmentMissing

PATIENCE_S = 20.0
END_S = 60.0
FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_MUSIC_DIR")
PORTS = range(20_000, 32_000)
"""Below those that the system gives to whoever asks for any: one found free stays free."""
TRIES = 10


def free_port(*kinds):
    """Return a port that nobody has, for UDP and for TCP unless told which."""
    while True:
        port = random.choice(PORTS)
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for kind in kinds or (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                probe = stack.enter_context(socket.socket(socket.AF_INET, kind))
                probe.bind(("127.0.0.1", port))
            return port


def jack_tool(server, *command):
    """Run one of JACK's programs on a server and return what it says.

    Again where it could not become a client: libjack refuses one now and then.
    """
    for _ in range(TRIES):
        done = subprocess.run(
            command, env=server.environment, capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            return done.stdout
    raise AssertionError(f"{command}: {done.stdout}{done.stderr}")


@contextlib.contextmanager
def program(
    server, folder, *options, wait_until, port=None, timeout_s=PATIENCE_S, **environment
):
    """Run ``liveband run`` on a private server; yield a client of it, and its process.

    ``folder`` is where it finds and keeps everything of the player's.
    """
    port = free_port() if port is None else port
    command = [
        sys.executable, "-m", "bridge", "run", "--server", server.name,
        "--osc-port", str(port), "--osc-query-port", "0", *options,
    ]  # fmt: skip
    own = dict.fromkeys(FOLDERS, str(folder))
    process = subprocess.Popen(command, env={**os.environ, **own})
    try:
        with BridgeClient(port=port, timeout_s=timeout_s) as client:

            def plays():
                assert process.poll() is None
                try:
                    return client.read("/liveband/status")[0] in ("running", "idle")
                except EnvironmentMissing:
                    return False

            wait_until(plays)
            yield client, process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(END_S)
