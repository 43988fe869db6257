"""The program as a user starts it, with a client that waits until it plays."""

import contextlib
import os
import signal
import socket
import subprocess
import sys

from bridge.client import BridgeClient
from bridge.errors import EnvironmentMissing

PATIENCE_S = 20.0
FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_MUSIC_DIR")


def free_port(kind=socket.SOCK_DGRAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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
        process.wait(PATIENCE_S)
