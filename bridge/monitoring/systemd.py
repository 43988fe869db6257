"""Notifications to systemd: ready, alive, ending."""

import os
import socket
from collections.abc import Mapping

__all__ = ["notify"]


def notify(state: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Notify the service manager; return whether one listens.

    Args:
        state: As in sd_notify(3), e.g. ``READY=1``, ``WATCHDOG=1``, ``STATUS=offline``.
        environment: Has its socket in ``NOTIFY_SOCKET``.
    """
    path = environment.get("NOTIFY_SOCKET", "")
    if not path:
        return False
    address = f"\0{path[1:]}" if path.startswith("@") else path
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        try:
            sender.sendto(state.encode(), address)
        except OSError:  # it is gone
            return False
    return True
