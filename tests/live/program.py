"""The program as a user starts it, with a client that waits until it plays."""

import contextlib
import os
import signal
import subprocess
import sys

from bridge.common.errors import EnvironmentMissing
from bridge.osc.client import BridgeClient
from bridge.osc.free_ports import free_port

PATIENCE_S = 20.0
END_S = 60.0
FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_MUSIC_DIR")
TRIES = 10


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
