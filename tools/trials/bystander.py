"""An empty JACK client beside the bridge: what it misses, the machine makes anyone miss.

Its callback is native and only counts. The counts lie in memory that is shared with whoever
started it, so that they can be read in the same moment as those of the bridge.
"""

import ctypes.util
import mmap
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bridge._native import ffi, lib

from bridge.common.errors import EngineError

__all__ = ["Bystander", "bystander"]


@dataclass(frozen=True, slots=True)
class Bystander:
    """A client that counts."""

    name: str
    pid: int
    """Of its process."""
    _counts: ffi.CData

    @property
    def cycles(self) -> int:
        """Cycles in which the server ran it."""
        return int(self._counts.cycles)

    @property
    def xruns(self) -> int:
        """Those it was told of."""
        return int(self._counts.xruns)


@contextmanager
def bystander(server: str, name: str) -> Iterator[Bystander]:
    """Start a bystander in a process of its own, and end it.

    Args:
        server: Name of a JACK server that runs.
        name: Of the client.

    Raises:
        EngineError: It could not join the server; its reason is on stderr.
    """
    memory = os.memfd_create(name)
    try:
        os.ftruncate(memory, ffi.sizeof("lb_bystander_counts"))
        with mmap.mmap(memory, 0) as shared, ffi.from_buffer(shared) as counts:
            program = [sys.executable, "-m", "tools.trials.bystander"]
            command, pipe = [*program, server, name, str(memory)], subprocess.PIPE
            with subprocess.Popen(
                command, stdin=pipe, stdout=pipe, pass_fds=[memory]
            ) as process:  # which ends as soon as its stdin does
                assert process.stdout is not None
                if not process.stdout.readline():
                    raise EngineError(f"no client {name!r} could join JACK server {server!r}")
                yield Bystander(name, process.pid, ffi.cast("lb_bystander_counts *", counts))
    finally:
        os.close(memory)


def _stand_by(server: str, name: str, memory: int) -> int:
    """Count until stdin ends; return the exit code."""
    with mmap.mmap(memory, 0) as shared, ffi.from_buffer(shared) as counts:
        failed = ffi.new("char **")
        library = ctypes.util.find_library("jack") or "libjack.so.0"
        client = lib.lb_bystander_open(
            library.encode(),
            server.encode(),
            name.encode(),
            ffi.cast("lb_bystander_counts *", counts),
            failed,
        )
        if client == ffi.NULL:
            sys.stderr.write(f"{library} failed in {ffi.string(failed[0]).decode()}\n")
            return 3
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()
        lib.lb_bystander_close(client)
    return 0


if __name__ == "__main__":
    sys.exit(_stand_by(sys.argv[1], sys.argv[2], int(sys.argv[3])))
