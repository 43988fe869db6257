"""JACK servers that run on this machine, whoever started them, by their sockets.

JACK 2 on Linux listens at ``/dev/shm/jack_NAME_UID_0``, and looks for a server only under the
number of its own user; a server that is shared between users has no number.
"""

import os
import pwd
import re
from dataclasses import dataclass
from pathlib import Path

from bridge.audio.shared.space import SHARED_FOLDER
from bridge.common.errors import ConfigError

__all__ = [
    "SHARED_BETWEEN_USERS",
    "JackSocket",
    "check_server_name",
    "default_server",
    "listening_sockets",
    "other_servers",
    "server_socket",
]

SHARED_BETWEEN_USERS = "JACK_PROMISCUOUS_SERVER"
"""Environment variable with the group whose members share their servers."""

_BOUND_SOCKETS = Path("/proc/net/unix")
_LISTENING = "00010000"
"""Flags of a socket that accepts connections."""
_LONGEST_PATH = 107
"""Bytes of a socket's path that the system takes; libjack does not check."""
_SHOWN = 48
"""Letters of a name in a message."""
_NAME = re.compile(r"jack_(?P<server>.+?)(?:_(?P<uid>\d+))?_0")


@dataclass(frozen=True, kw_only=True, slots=True)
class JackSocket:
    """Where a server listens."""

    server: str
    uid: int | None
    """The user who started it; None for a server that users share."""

    @property
    def path(self) -> Path:
        """The socket."""
        user = "" if self.uid is None else f"_{self.uid}"
        return SHARED_FOLDER / f"jack_{self.server}{user}_0"

    @property
    def user(self) -> str:
        """Name of the user who started it, or their number; empty for a shared server."""
        if self.uid is None:
            return ""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return f"number {self.uid}"


def default_server() -> str:
    """Return the name of the server that JACK programs join unless told another."""
    return os.environ.get("JACK_DEFAULT_SERVER") or "default"


def server_socket(server: str) -> JackSocket:
    """Return where libjack looks for a server.

    Args:
        server: Its name; empty for the default one.
    """
    shared = SHARED_BETWEEN_USERS in os.environ
    return JackSocket(server=server or default_server(), uid=None if shared else os.getuid())


def check_server_name(server: str) -> None:
    """Check that a server can have a name; libjack crashes on one that is too long.

    Args:
        server: The name; empty for the default one.

    Raises:
        ConfigError: None can.
    """
    shown = server if len(server) <= _SHOWN else f"{server[:_SHOWN]}..."
    try:
        size = len(os.fsencode(str(server_socket(server).path)))
        server.encode()
    except UnicodeEncodeError:
        raise ConfigError(f"a JACK server's name is UTF-8, got {server!r}") from None
    if size > _LONGEST_PATH or "/" in server:
        raise ConfigError(
            f"no JACK server can be called {shown!r}: the name is short, and without a slash"
        )


def other_servers(wanted: JackSocket) -> str:
    """Return a remark that names the servers that one may join instead; empty for none."""
    running = listening_sockets()
    known = sorted({each.server for each in running if each.uid == wanted.uid})
    return f"; there are: {', '.join(known)} (choose with --server)" if known else ""


def listening_sockets() -> frozenset[JackSocket]:
    """Return the servers that run; none where the system does not tell.

    The socket of a server that was killed stays, but nobody listens at it.
    """
    try:
        lines = _BOUND_SOCKETS.read_bytes().decode(errors="replace").splitlines()
    except OSError:
        return frozenset()
    fields = (line.split(maxsplit=7) for line in lines)
    paths = (Path(each[7]) for each in fields if len(each) == 8 and each[3] == _LISTENING)
    found = (_NAME.fullmatch(path.name) for path in paths if path.parent == SHARED_FOLDER)
    return frozenset(
        JackSocket(server=match["server"], uid=int(match["uid"]) if match["uid"] else None)
        for match in found
        if match is not None
    )
