"""The libjack of the server that runs: JACK's own, or PipeWire's in its place.

Both have one name, and a process can have but one of them. PipeWire's lies outside of the
system's search path where JACK's is installed too; the program ``pw-jack`` puts it first, and
here it is loaded by itself where PipeWire runs and no JACK server does.
"""

import ctypes
import ctypes.util
import logging
import os
import socket
import sys
import sysconfig
import threading
from pathlib import Path
from types import ModuleType

from bridge.audio.jack_servers import listening_sockets, other_servers, server_socket
from bridge.common.errors import EnvironmentMissing, ServerMissing

__all__ = [
    "PIPEWIRE_PACKAGE",
    "installed_libraries",
    "is_pipewire",
    "load_jack",
    "loaded_library",
    "pipewire_hint",
    "pipewire_runs",
]

logger = logging.getLogger(__name__)

PIPEWIRE_PACKAGE = "pipewire-jack"
"""Package with PipeWire's libjack on Debian, Ubuntu and Arch."""

_LIBRARY_FOLDERS = (
    f"/usr/lib/{sysconfig.get_config_var('MULTIARCH') or 'x86_64-linux-gnu'}",
    "/usr/lib64",
    "/usr/lib",
    "/usr/local/lib",
)
_PIPEWIRE_LIBRARY = "pipewire-0.3/jack/libjack.so.0"
_SYSTEM_WIDE = "/run/pipewire"
_DEFAULT = "default"
_ANSWER_S = 1.0
_loading = threading.Lock()


def load_jack(server: str = "") -> ModuleType:
    """Return the module JACK-Client, over the libjack that fits the server.

    The first call of a process decides. It is PipeWire's where that one runs, the default
    server is asked for and JACK has none, or where no other libjack is installed.

    Args:
        server: Name of the server; empty for the default one.

    Raises:
        ServerMissing: Both are installed and neither runs: it is decided when one does.
        EnvironmentMissing: No libjack is installed.
    """
    with _loading:
        if "jack" not in sys.modules:
            return _import_over(_choose(server, *installed_libraries()))
    import jack

    return jack  # type: ignore[no-any-return]


def installed_libraries() -> tuple[str, str]:
    """Return the libjack that the system's loader finds, and PipeWire's; empty for none."""
    pipewire = (Path(folder, _PIPEWIRE_LIBRARY) for folder in _LIBRARY_FOLDERS)
    return (
        ctypes.util.find_library("jack") or "",
        next((str(path) for path in pipewire if path.exists()), ""),
    )


def loaded_library() -> str:
    """Return the path of the libjack that this process has loaded; empty for none yet."""
    lines = Path("/proc/self/maps").read_text(errors="replace").splitlines()
    paths = (line.split(maxsplit=5)[-1] for line in lines)
    return next((path for path in paths if Path(path).name.startswith("libjack.so")), "")


def pipewire_hint(server: str) -> str:
    """Return how to play on PipeWire where it runs and we use JACK's libjack; else nothing.

    Args:
        server: Name of the server that was asked for.
    """
    if server != _DEFAULT or is_pipewire(loaded_library()) or not pipewire_runs():
        return ""
    if installed_libraries()[1]:
        return "to play on PipeWire, which runs, start liveband again; else "
    return f"to play on PipeWire, which runs, install the package {PIPEWIRE_PACKAGE}; else "


def is_pipewire(library: str) -> bool:
    """Return whether a libjack is PipeWire's, by its path.

    Example:
        >>> is_pipewire("/usr/lib64/pipewire-0.3/jack/libjack.so.0.365.0")
        True
    """
    return "pipewire" in library


def pipewire_runs() -> bool:
    """Return whether a PipeWire server of this user, or of the system, lets us connect."""
    name = os.environ.get("PIPEWIRE_REMOTE") or "pipewire-0"
    folders = (os.environ.get("PIPEWIRE_RUNTIME_DIR"), os.environ.get("XDG_RUNTIME_DIR"))
    own = next(filter(None, folders), None)
    return any(_answers(Path(folder, name)) for folder in (own, _SYSTEM_WIDE) if folder)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
        peer.settimeout(_ANSWER_S)
        try:
            peer.connect(str(path))
        except OSError:
            return False
        return True


def _choose(server: str, usual: str, pipewire: str) -> str:
    """Return the libjack to load.

    Args:
        server: Name of the server; empty for the default one.
        usual: The libjack that the system's loader finds; empty for none.
        pipewire: PipeWire's; empty for none.

    Raises:
        ServerMissing: See ``load_jack``.
        EnvironmentMissing: There is none.
    """
    if not (usual and pipewire):
        if usual or pipewire:
            return usual or pipewire
        raise EnvironmentMissing(
            "expected the JACK library, it is not installed; on Debian and Ubuntu: "
            f"apt install jackd2 (or {PIPEWIRE_PACKAGE}, where PipeWire runs); or run "
            "'liveband run --backend portaudio'"
        )
    wanted = server_socket(server)
    if wanted.server != _DEFAULT or wanted in listening_sockets():
        return usual
    if pipewire_runs():
        return pipewire
    if wanted.path.exists():  # it may run where we cannot see it, in another container
        return usual
    raise ServerMissing(
        f"no JACK server answers as {_DEFAULT!r}, and PipeWire does not run"
        f"{other_servers(wanted)}; start one (qjackctl, 'jackd -d alsa', "
        "'systemctl --user start pipewire'), or let us: 'liveband run --start-jack dummy' or "
        "'alsa'; without either: 'liveband run --backend portaudio'"
    )


def _import_over(library: str) -> ModuleType:
    """Import JACK-Client with a certain libjack.

    JACK-Client takes what ``find_library`` returns, and no path. A library that is loaded
    already the system's loader does not load again under the same name.
    """
    path = Path(library)
    if path.is_absolute():
        logger.info("no JACK server runs, PipeWire does: playing on it through %s", library)
        ctypes.CDLL(library, ctypes.RTLD_GLOBAL)

    def found(name: str) -> str | None:
        return path.name

    find, ctypes.util.find_library = ctypes.util.find_library, found
    try:
        import jack
    except OSError as error:
        raise EnvironmentMissing(f"{library} cannot be loaded: {error}") from error
    finally:
        ctypes.util.find_library = find
    return jack  # type: ignore[no-any-return]
