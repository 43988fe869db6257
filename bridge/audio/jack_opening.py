"""Opening of a JACK client, with the reason where JACK has none of it.

libjack tells little more than that it failed. What stands against a name, and which servers
run, is found out here.
"""

import logging
import os
import time
from types import ModuleType

from bridge._native import ffi
from bridge.audio.jack_servers import (
    SHARED_BETWEEN_USERS,
    JackSocket,
    check_server_name,
    listening_sockets,
    other_servers,
    server_socket,
)
from bridge.audio.libjack import pipewire_hint
from bridge.audio.shared.space import JACK_CLIENT_BYTES, require_space
from bridge.common.errors import ConfigError, EnvironmentMissing, ServerMissing
from bridge.common.foreign_text import foreign_text

__all__ = ["open_client"]

logger = logging.getLogger(__name__)

_TRIES = 5
"""libjack refuses now and then, while other servers of the machine come and go."""
_PAUSE_S = 0.1
_SHOWN = 48
"""Letters of a name in a message."""
_START_ONE = (
    "start one (qjackctl, or 'jackd -d alsa'), or let us: 'liveband run --start-jack dummy' "
    "or 'alsa'; without JACK: 'liveband run --backend portaudio'"
)
_OTHER_NAME = "choose another with --jack-name"


def open_client(jack: ModuleType, name: str, server: str) -> ffi.CData:
    """Return a ``jack.Client`` of exactly the name wanted.

    Blocks for as long as a server that hangs does not answer.

    Args:
        jack: The module JACK-Client.
        name: Name of the client.
        server: Name of the server; empty for the default one. It is never started.

    Raises:
        ConfigError: JACK takes no such name.
        ServerMissing: The server does not run; it may be started at any time.
        EnvironmentMissing: The server runs, and would not have us: the name is taken there, it
            is another user's, or of another version. Or there is no shared memory for a client.
    """
    _check_name(name, jack.client_name_size() - 2)
    check_server_name(server)
    require_space(JACK_CLIENT_BYTES, "a JACK client")
    socket = server_socket(server)
    for left in reversed(range(_TRIES)):
        said: list[str] = []
        try:
            client = _open(jack, name, server, said)
        except jack.JackOpenError as error:
            refusal = _refusal(jack, socket, error.status, said)
            if not left or not isinstance(refusal, _RefusedNow):
                raise refusal from error
            time.sleep(_PAUSE_S)
        else:
            break
    given = foreign_text(jack._ffi.string(jack._lib.jack_get_client_name(client._ptr)))
    if given != name:
        client.close()
        if client.status.name_not_unique:
            raise EnvironmentMissing(
                f"JACK has a client called {name!r} already; stop it or {_OTHER_NAME}"
            )
        raise ConfigError(
            f"JACK would make {given!r} of the client name {name!r}; {_OTHER_NAME}"
        )
    return client


def _open(jack: ModuleType, name: str, server: str, said: list[str]) -> ffi.CData:
    """Open a client under this name or a similar one; take note of what libjack says."""

    @jack._ffi.callback("void (*)(const char *)")  # type: ignore[untyped-decorator]
    def take_note(message: ffi.CData) -> None:
        text = foreign_text(jack._ffi.string(message))
        said.append(text)
        logger.debug("libjack: %s", text)

    jack._lib.jack_set_error_function(take_note)
    try:
        return jack.Client(name, no_start_server=True, servername=server or None)
    finally:
        jack._lib.jack_set_error_function(jack._ffi.NULL)


def _check_name(name: str, longest: int) -> None:
    """Check the name of a client.

    Args:
        name: The name.
        longest: Bytes that JACK takes.

    Raises:
        ConfigError: JACK does not take it, or other programs could not tell its ports.
    """
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        raise ConfigError(f"the JACK client name {name!r} is no UTF-8; {_OTHER_NAME}") from None
    if not name.strip():
        raise ConfigError(f"a JACK client has a name, got {name!r}; {_OTHER_NAME}")
    if ":" in name:
        raise ConfigError(
            f"a JACK client name has no colon, which ends it in CLIENT:PORT; got {name!r}, "
            f"{_OTHER_NAME}"
        )
    if size > longest:
        shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}..."
        raise ConfigError(
            f"a JACK client name has at most {longest} bytes, {shown!r} has {size}; "
            f"{_OTHER_NAME}"
        )


def _refusal(
    jack: ModuleType, socket: JackSocket, status: ffi.CData, said: list[str]
) -> EnvironmentMissing:
    """Return what stands against joining a server.

    Args:
        jack: The module JACK-Client.
        socket: Where libjack looked for the server.
        status: What it returned.
        said: What it said.
    """
    named = f"the JACK server {socket.server!r}"
    running = listening_sockets()
    if status.version_error:
        return EnvironmentMissing(
            f"{named} and the library libjack {jack.version_string()} are of different "
            "versions: install both from one package (apt install --reinstall jackd2 "
            "libjack-jackd2-0) and start the server again"
        )
    if socket in running:
        if not os.access(socket.path, os.W_OK):
            return EnvironmentMissing(
                f"{named} runs, but we may not write to its socket {socket.path}; give us the "
                "right, or run both as one user"
            )
        reason = "; ".join(said) or str(status)
        return _RefusedNow(f"{named} runs, but refuses us: {reason}; see its log")
    others = [each for each in running if each.server == socket.server]
    if others:
        return EnvironmentMissing(f"{named} runs, but {_of_another_user(others[0], socket)}")
    return ServerMissing(
        f"no JACK server answers as {socket.server!r}{other_servers(socket)}; "
        f"{pipewire_hint(socket.server)}{_START_ONE}"
    )


def _of_another_user(other: JackSocket, ours: JackSocket) -> str:
    """Say why a server of the name wanted is not for us, and what to do."""
    if other.uid is None:
        return (
            f"its users share it: start us with {SHARED_BETWEEN_USERS} set as it is for the "
            "server, and be in that group"
        )
    if ours.uid is None:
        return (
            f"it is not shared between users, as {SHARED_BETWEEN_USERS} asks for: unset that, "
            "or set it for the server too"
        )
    me = JackSocket(server=ours.server, uid=os.getuid()).user
    return (
        f"the user {other.user} started it, and JACK lets in only the same user, we are {me}: "
        f"run liveband as {other.user}, or start the server and liveband with "
        f"{SHARED_BETWEEN_USERS} set to a group that both are in"
    )


class _RefusedNow(EnvironmentMissing):
    """A refusal without a reason that would last; another try may do."""
