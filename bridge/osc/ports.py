"""Who holds a port, as far as the system tells."""

from pathlib import Path

__all__ = ["holder"]

_PROC = Path("/proc")


def holder(port: int, protocol: str = "UDP") -> str | None:
    """Return the program bound to a port as ``name (pid N)``.

    Args:
        port: Its number.
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
        except OSError:  # it has ended meanwhile, or is another user's
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
