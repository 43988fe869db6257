"""Free ports of this machine, and the program that holds a taken one."""

import random
import socket
from contextlib import ExitStack
from pathlib import Path

__all__ = ["free_port", "holder"]

_FREE = range(20_000, 32_000)
"""Below the ports that the system assigns itself, so that one found free stays free."""

_PROC = Path("/proc")


def free_port(*others: int) -> int:
    """Return a port of this machine that is free for UDP and for TCP.

    Args:
        others: Ports found before, not to be returned again.
    """
    while True:
        port = random.choice(_FREE)
        if port not in others and _is_free(port):
            return port


def _is_free(port: int) -> bool:
    with ExitStack() as stack:
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            probe = stack.enter_context(socket.socket(socket.AF_INET, kind))
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def holder(port: int, protocol: str = "UDP") -> str | None:
    """Return the program bound to a port as ``name (pid N)``.

    Args:
        port: Number of the port.
        protocol: ``UDP`` or ``TCP``.

    Returns:
        ``None`` where there is no ``/proc``, or the program is another user's.
    """
    sockets = {f"socket:[{inode}]" for inode in _inodes(port, protocol.casefold())}
    if not sockets:
        return None
    for process in _PROC.glob("[0-9]*"):
        try:
            if any(str(link.readlink()) in sockets for link in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()} (pid {process.name})"
        except OSError:  # it has ended, or belongs to another user
            continue
    return None


def _inodes(port: int, protocol: str) -> list[str]:
    """Return the inodes of sockets bound to ``port``, from the kernel's tables."""
    inodes = []
    for name in (protocol, f"{protocol}6"):
        table = _PROC / "net" / name
        if not table.exists():
            continue
        for line in table.read_text().splitlines()[1:]:
            fields = line.split()
            if int(fields[1].rpartition(":")[2], 16) == port:
                inodes.append(fields[9])
    return inodes
