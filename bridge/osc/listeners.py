"""Listening TCP sockets at several addresses and one port, and addresses of this machine."""

import errno
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from ipaddress import ip_address

__all__ = ["SocketError", "listeners", "network_addresses"]

_TRIES = 20
"""Attempts to find a port that is free at every address."""


class SocketError(OSError):
    """One address cannot be listened at; ``host`` says which."""

    def __init__(self, host: str, cause: OSError) -> None:
        super().__init__(cause.errno, os.strerror(cause.errno or errno.EIO))
        self.host = host


def listeners(hosts: Sequence[str], port: int) -> list[socket.socket]:
    """Return a listening socket for each address that no other one of them covers.

    Args:
        hosts: Numeric addresses of this machine; ``0.0.0.0`` covers all of IPv4, ``::`` all
            of IPv6 and none of IPv4.
        port: TCP port, 0 for any that is free at all of them.

    Raises:
        SocketError: The port is taken there, or the address is not this machine's.
    """
    for left in reversed(range(_TRIES)):
        try:
            return _bind(list(_needed(hosts)), port)
        except SocketError as error:
            if port or not left or error.errno != errno.EADDRINUSE:
                raise
    raise AssertionError("the last attempt returns or raises")


def _bind(hosts: Sequence[str], port: int) -> list[socket.socket]:
    found: list[socket.socket] = []
    with ExitStack() as stack:
        for host in hosts:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            try:
                bound = socket.create_server((host, port), family=family, backlog=100)
            except OSError as error:
                raise SocketError(host, error) from error
            found.append(stack.enter_context(bound))
            port = bound.getsockname()[1]
        stack.pop_all()
    return found


def _needed(hosts: Sequence[str]) -> Iterator[str]:
    """Yield each address once, without those that one for all of their family covers."""
    addresses = {ip_address(host): host for host in hosts}
    wide = {address.version for address in addresses if address.is_unspecified}
    for address, host in addresses.items():
        if address.is_unspecified or address.version not in wide:
            yield host


def network_addresses(version: int = 4) -> list[str]:
    """Return this machine's addresses in its networks; the loopback where it has none.

    Those of IPv6 that hold on one link only are left out: a link to a page cannot name them.

    Args:
        version: Of IP, 4 or 6.
    """
    import ifaddr  # takes as long to load as the rest of the server

    found = [ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips]
    addresses = [
        address
        for address in (ip_address(ip if isinstance(ip, str) else ip[0]) for ip in found)
        if address.version == version and not address.is_loopback
    ]
    named = [str(each) for each in addresses if version == 4 or not each.is_link_local]
    return named or ["127.0.0.1" if version == 4 else "::1"]
