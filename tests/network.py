"""Abilities of this machine's network that tests depend on."""

import socket


def has_ipv6():
    """Return whether IPv6 is there; kernels and containers may be without."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True
