"""Checks of JACK, or of PipeWire in its place, for ``liveband doctor``."""

import shutil
from collections.abc import Iterator

from bridge.audio.jack import JackBackend
from bridge.audio.libjack import (
    PIPEWIRE_PACKAGE,
    installed_libraries,
    is_pipewire,
    loaded_library,
    pipewire_runs,
)
from bridge.common.daemon_calls import call_in_daemon
from bridge.common.errors import EnvironmentMissing
from bridge.monitoring.checks import Finding

__all__ = ["CLIENT", "jack_findings"]

CLIENT = "liveband-doctor"
"""Name of the JACK client that looks around."""
_SERVER_S = 10.0
"""Longest wait for a server to answer."""
_INSTALL_JACK = "sudo apt install jackd2"
_INSTALL_PIPEWIRE = f"sudo apt install {PIPEWIRE_PACKAGE}"
_START_OWN = "liveband run --start-jack alsa"


def jack_findings(server: str = "") -> Iterator[Finding]:
    """Check for libjack, jackd and a running server.

    Args:
        server: Its name; empty for the default one.
    """
    usual, pipewire = installed_libraries()
    runs = pipewire_runs()
    yield Finding(
        name="libjack",
        good=bool(usual or pipewire),
        text=", ".join(filter(None, (usual, pipewire))) or "not installed",
        mend="" if usual or pipewire else _INSTALL_PIPEWIRE if runs else _INSTALL_JACK,
    )
    program = shutil.which("jackd")
    replaced = runs and bool(pipewire)
    yield Finding(
        name="jackd",
        good=program is not None or replaced,
        text=program or ("PipeWire takes its place" if replaced else "not installed"),
        mend="" if program or replaced else _INSTALL_JACK,
    )
    yield _server_finding(server, pipewire_unheard=runs and not pipewire)


def _server_finding(server: str, *, pipewire_unheard: bool) -> Finding:
    """Check that a server takes us.

    Args:
        server: Its name; empty for the default one.
        pipewire_unheard: Whether PipeWire runs and its libjack is not installed.
    """
    mend = _INSTALL_PIPEWIRE if pipewire_unheard else _START_OWN
    try:
        text = call_in_daemon(_describe_server, server).result(_SERVER_S)
        return Finding(name="server", good=True, text=text)
    except EnvironmentMissing as error:
        text = str(error)
    except TimeoutError:
        text = f"does not answer for {_SERVER_S:g} s: it hangs; end it and start it again"
        mend = "kill -9 $(pidof jackd)"
    return Finding(name="server", good=False, text=text, mend=mend)


def _describe_server(server: str) -> str:
    with JackBackend(CLIENT, server) as jack:
        speed = "realtime" if jack.realtime else "not realtime"
        library = loaded_library()
        through = f"PipeWire, through {library}: " if is_pipewire(library) else ""
        return f"{through}{jack.rate} Hz, blocks of {jack.block} frames, {speed}"
