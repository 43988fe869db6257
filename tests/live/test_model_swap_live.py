"""Another checkpoint while the real one plays: heard as nothing but another player."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.common.errors import RefusedError
from bridge.osc.free_ports import free_port
from model.checkpoint import SHIPPED
from tests.live.program import program

pytestmark = [pytest.mark.jack, pytest.mark.slow]

RATE = 48_000
PATIENCE_S = 200.0


@pytest.fixture
def swapping(tmp_path, jackd, wait_until):
    """A running program with a copy of its checkpoint at hand: client, port, process."""
    copies = tmp_path / "liveband" / "checkpoints"
    copies.mkdir(parents=True)
    (copies / "copy").symlink_to(SHIPPED / "default")
    sound = 0.1 * np.random.default_rng(0).standard_normal(2 * RATE)
    soundfile.write(tmp_path / "liveband" / "song.wav", sound, RATE)
    options, port = ("--anticipation", "1", "--stem", "bass"), free_port()
    patient = {"wait_until": wait_until, "timeout_s": PATIENCE_S}
    with program(jackd(), tmp_path, *options, port=port, **patient) as (client, process):
        yield client, port, process


def lost(client):
    """Return underruns, late and skipped hops so far."""
    _, _, underruns, _, late, skipped, *_ = client.read("/liveband/status/engine")
    return underruns, late, skipped


def engines(process):
    """Return the process numbers of the engines: what a program started by spawning."""
    found = set()
    for children in Path(f"/proc/{process.pid}/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a thread ended
            for pid in children.read_text().split():
                with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                    if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                        found.add(int(pid))
    return found


def filled(client):
    return client.read("/liveband/bank")[0]


def test_a_copy_takes_over_with_no_hop_lost_and_banks_go_along(swapping, wait_until):
    client, port, process = swapping
    (old,) = engines(process)
    client.do("/liveband/bank/store", 2)
    played = client.read("/liveband/status/engine")[3]
    wait_until(lambda: client.read("/liveband/status/engine")[3] > played + 60)
    before = lost(client)
    assert client.do("/liveband/model", "copy") == []
    assert client.read("/liveband/model") == ("copy",)
    assert client.read("/liveband/model/info")[0] == "copy"
    played = client.read("/liveband/status/engine")[3]
    wait_until(lambda: client.read("/liveband/status/engine")[3] > played + 60)
    assert lost(client) == before
    assert client.read("/liveband/status") == ("running", "")
    wait_until(lambda: len(engines(process)) == 1 and old not in engines(process))

    client.do("/liveband/bank/recall", 2)  # the same weights, so the same memory
    client.do("/liveband/bank/prefill", 5, "song")
    wait_until(lambda: filled(client) == "2 5", PATIENCE_S)
    client.do("/liveband/reset/to", 5)
    client.do("/liveband/reset")

    client.do("/liveband/model", "passthrough")
    with pytest.raises(RefusedError, match="heard by checkpoint 'copy'") as refused:
        client.do("/liveband/bank/recall", 5)
    assert refused.value.code == 31
    with pytest.raises(RefusedError, match="no checkpoint 'nonsense'") as refused:
        client.do("/liveband/model", "nonsense")
    assert refused.value.code == 30
    assert client.read("/liveband/model") == ("passthrough",)

    set_model = [
        sys.executable,
        "-m",
        "bridge",
        "set",
        "model",
        "default",
        "--osc-port",
        str(port),
    ]
    subprocess.run(set_model, check=True)
    assert client.read("/liveband/model") == ("default",)
    wait_until(lambda: filled(client) == "2 5")
    wait_until(lambda: len(engines(process)) == 1)
    (engine,) = engines(process)
    os.kill(engine, signal.SIGKILL)
    wait_until(lambda: client.read("/liveband/status/engine")[6] == 1)
    wait_until(lambda: client.read("/liveband/status")[0] == "running")
    wait_until(lambda: filled(client) == "2 5")
    client.do("/liveband/bank/recall", 2)
