"""Tells systemd that we are ready, alive, or about to end, where it started us."""

import os
import socket
from collections.abc import Mapping

__all__ = ["notify"]


def notify(words: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Tell the service manager; return whether there is one that listens.

    Args:
        words: As in sd_notify(3), e.g. ``READY=1``, ``WATCHDOG=1``, ``STATUS=offline``.
        environment: Where ``NOTIFY_SOCKET`` names its socket.
    """
    path = environment.get("NOTIFY_SOCKET", "")
    if not path:
        return False
    address = f"\0{path[1:]}" if path.startswith("@") else path
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        try:
            sender.sendto(words.encode(), address)
        except OSError:  # it is gone; nobody is left to be told
            return False
    return True
