"""A private JACK server, for the demo, tests and machines where none runs."""

import glob
import logging
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from typing import IO, Self

from bridge.audio.shared.space import SHARED_FOLDER, require_space
from bridge.common.errors import ConfigError, EnvironmentMissing

__all__ = ["JackServer"]

logger = logging.getLogger(__name__)

_TIMEOUT_MS, _SYNC_TIMEOUT_MS = 5000, 500
"""How long jackd waits for a client. In sync mode it waits ten times as long for a cycle in
which one was missed as connections changed, and all stand meanwhile (jack2, issue 156)."""
_START_S = 10.0
_STOP_S = 5.0
_POLL_S = 0.02
_PORTS = 256
_SERVER_BYTES = 48_000_000
"""Shared memory that jackd takes for its table of that many ports, and more."""


class JackServer:
    """A private ``jackd``, started by :meth:`start` and stopped by :meth:`stop`.

    Args:
        driver: ``dummy`` (no sound card, silence in) or ``alsa``.
        rate: Frames per second.
        block: Frames per cycle.
        name: Server name; empty for a unique one.
        device: ALSA device, for the ``alsa`` driver.
        realtime: Ask for realtime scheduling; jackd goes on without where it may not.
        sync: Wait for late clients, so that no cycle is ever skipped; for tests.

    Raises:
        ConfigError: The driver is not one of the two.
    """

    def __init__(
        self,
        driver: str = "dummy",
        *,
        rate: int = 48_000,
        block: int = 256,
        name: str = "",
        device: str = "hw:0",
        realtime: bool = True,
        sync: bool = False,
    ) -> None:
        self.name = name or f"liveband-{os.getpid()}-{secrets.token_hex(3)}"
        server = ["-n", self.name, "-R" if realtime else "-r"]
        server += ["-t", str(_SYNC_TIMEOUT_MS if sync else _TIMEOUT_MS)]
        server += ["-p", str(_PORTS)]
        clock = ["-r", str(rate), "-p", str(block)]
        drivers = {
            "dummy": ["-d", "dummy", *clock, "-C", "2", "-P", "2"],
            "alsa": ["-d", "alsa", "-d", device, *clock],
        }
        if driver not in drivers:
            raise ConfigError(f"driver must be one of {', '.join(drivers)}, got {driver!r}")
        self._arguments = [*server, *(["-S"] if sync else []), *drivers[driver]]
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Environment in which JACK programs use this server and never start another."""
        chosen = {"JACK_DEFAULT_SERVER": self.name, "JACK_NO_START_SERVER": "1"}
        return {**os.environ, **chosen}

    @property
    def pid(self) -> int | None:
        """Process id while started."""
        return self._process.pid if self._process else None

    def start(self) -> Self:
        """Start it and return once it answers.

        Raises:
            EnvironmentMissing: jackd or its tools are not installed, there is too little shared
                memory, it exits (the message has its last words) or does not answer within
                10 s.
        """
        require_space(_SERVER_BYTES, "a JACK server")
        command = [_program("jackd"), *self._arguments]
        lister = _program("jack_lsp")
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # for stop() to close
        self._process = _spawn(command, self._log.fileno())
        deadline = time.monotonic() + _START_S
        while not self._answers(lister):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._give_up(self.output)
            time.sleep(_POLL_S)
        logger.info("started JACK server %s", self.name)
        return self

    @property
    def output(self) -> str:
        """Output of jackd so far; empty unless started."""
        if self._log is None:
            return ""
        log = self._log.fileno()  # jackd shares its position: do not seek
        return os.pread(log, os.fstat(log).st_size, 0).decode(errors="replace")

    def _answers(self, lister: str) -> bool:
        """Ask from another process: libjack crashes with clients on two servers in one."""
        if not (SHARED_FOLDER / f"jack_{self.name}_{os.getuid()}_0").exists():
            return False
        try:
            asked = subprocess.run(
                [lister], env=self.environment, capture_output=True, timeout=_START_S
            )
        except subprocess.TimeoutExpired:
            return False
        return asked.returncode == 0

    def _give_up(self, output: str) -> None:
        code = self._process.poll() if self._process else None
        self.stop()
        what = "did not answer within 10 s" if code is None else f"exited with code {code}"
        raise EnvironmentMissing(
            f"jackd {' '.join(self._arguments)} {what}. It said: {output.strip()[-400:]!r}. "
            "Where it says nothing of use, eight JACK servers may be running or have been "
            "killed on this machine: stop them, then remove /dev/shm/jack*"
        )

    def stop(self) -> None:
        """Stop it and return when it is gone. May be called twice."""
        process, self._process = self._process, None
        log, self._log = self._log, None
        if log is not None:
            log.close()
        if process is None:
            return
        if process.poll() is None and not _terminate(process):
            logger.warning("JACK server %s did not stop, killing it", self.name)
            process.kill()
            process.wait()
            self._free_slot()
        left_by_clients = f"jack_sem.{os.getuid()}_{glob.escape(self.name)}_*"
        for semaphore in SHARED_FOLDER.glob(left_by_clients):
            semaphore.unlink(missing_ok=True)

    def _free_slot(self) -> None:
        """Start and stop the same name again: a killed server keeps one of eight slots."""
        with tempfile.TemporaryFile() as log:
            process = _spawn([_program("jackd"), *self._arguments], log.fileno())
            time.sleep(1.0)
            if not _terminate(process):
                process.kill()
                process.wait()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *reason: object) -> None:
        self.stop()


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise EnvironmentMissing(
            f"expected the program {name}, it is not installed; "
            "on Debian and Ubuntu: apt install jackd2 (and jack-example-tools, on newer ones)"
        )
    return path


def _spawn(command: list[str], output: int) -> subprocess.Popen[bytes]:
    """Start jackd in a session of its own, so that Ctrl+C reaches its clients first.

    Where util-linux is installed, as on every Debian, it ends when this process is killed.
    """
    guard = shutil.which("setpriv")
    return subprocess.Popen(
        [guard, "--pdeathsig", "TERM", *command] if guard else command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env={**os.environ, "JACK_NO_AUDIO_RESERVATION": "1"},
        start_new_session=True,
    )


def _terminate(process: subprocess.Popen[bytes]) -> bool:
    """Ask the process to end and tell whether it did."""
    process.terminate()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        return False
    return True
