"""Workers end with the program that began them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from model.worker_pool import worker_pool

PROGRAM = """
import sys
from tests.model.test_worker_pool import tell_and_sleep
from model.worker_pool import worker_pool

if __name__ == "__main__":
    with worker_pool(2) as pool:
        for _ in range(2):
            pool.submit(tell_and_sleep, sys.argv[1])
"""


def tell_and_sleep(folder):
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(600)


def _wait_until(holds):
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)


def _runs(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_a_parent_that_was_ended(end, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    told = tmp_path / "told"
    told.mkdir()
    parent = subprocess.Popen(
        [sys.executable, program, told],
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until(lambda: len(list(told.iterdir())) == 2)
        workers = [int(file.name) for file in told.iterdir()]
        assert all(map(_runs, workers))
        parent.send_signal(end)
        _wait_until(lambda: not any(map(_runs, workers)))
    finally:
        parent.kill()
        parent.wait()


def test_ctrl_c_is_the_parents():
    with worker_pool(1) as pool:
        assert pool.submit(signal.getsignal, signal.SIGINT).result() == signal.SIG_IGN
