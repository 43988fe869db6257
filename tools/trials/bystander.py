"""An idle JACK client as a baseline: cycles it misses are the machine's fault.

Its callback is native and only counts; it is compiled when the client starts. The counts lie
in memory shared with the process that started it, so that they are read at the same time as
those of the bridge.
"""

import ctypes.util
import mmap
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cffi import FFI

from bridge.common.errors import EngineError

__all__ = ["IdleClient", "bystander"]

_SOURCE = Path(__file__).with_suffix(".c")

ffi = FFI()
ffi.cdef(
    """
    typedef struct { uint64_t cycles, xruns; } counts;
    void *bystander_open(const char *library, const char *server, const char *name,
                         counts *counts, const char **failed);
    void bystander_close(void *bystander);
    """
)


@dataclass(frozen=True, slots=True)
class IdleClient:
    """A running client and its counts."""

    name: str
    pid: int
    """Of its process."""
    _counts: FFI.CData

    @property
    def cycles(self) -> int:
        """Cycles in which the server ran it."""
        return int(self._counts.cycles)

    @property
    def xruns(self) -> int:
        """Xruns reported to it."""
        return int(self._counts.xruns)


@contextmanager
def bystander(server: str, name: str) -> Iterator[IdleClient]:
    """Run an empty client in a process of its own.

    Args:
        server: Name of a JACK server that runs.
        name: Of the client.

    Raises:
        EngineError: It could not join the server; its reason is on stderr.
    """
    memory = os.memfd_create(name)
    try:
        os.posix_fallocate(memory, 0, ffi.sizeof("counts"))
        with mmap.mmap(memory, 0) as shared, ffi.from_buffer(shared) as counts:
            program = [sys.executable, "-m", "tools.trials.bystander"]
            command, pipe = [*program, server, name, str(memory)], subprocess.PIPE
            with subprocess.Popen(
                command, stdin=pipe, stdout=pipe, pass_fds=[memory]
            ) as process:  # which ends as soon as its stdin does
                assert process.stdout is not None
                if not process.stdout.readline():
                    raise EngineError(f"no client {name!r} could join JACK server {server!r}")
                yield IdleClient(name, process.pid, ffi.cast("counts *", counts))
    finally:
        os.close(memory)


def _count_cycles(server: str, name: str, memory: int) -> int:
    """Count until stdin ends; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / "bystander.so"
        flags = ["-O2", "-std=gnu11", "-shared", "-fPIC"]
        subprocess.run(["cc", *flags, _SOURCE, "-o", compiled, "-ldl"], check=True)
        lib = ffi.dlopen(str(compiled))
    with mmap.mmap(memory, 0) as shared, ffi.from_buffer(shared) as counts:
        failed = ffi.new("char **")
        library = ctypes.util.find_library("jack") or "libjack.so.0"
        client = lib.bystander_open(
            library.encode(),
            server.encode(),
            name.encode(),
            ffi.cast("counts *", counts),
            failed,
        )
        if client == ffi.NULL:
            sys.stderr.write(f"{library} failed in {ffi.string(failed[0]).decode()}\n")
            return 3
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()
        lib.bystander_close(client)
    return 0


if __name__ == "__main__":
    sys.exit(_count_cycles(sys.argv[1], sys.argv[2], int(sys.argv[3])))
