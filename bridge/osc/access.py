"""Permissions of hosts: the allowed and the trusted ones."""

from collections.abc import Sequence
from ipaddress import ip_network

from bridge.common.numeric_address import numeric_address

__all__ = ["Access"]


class Access:
    """Permissions of hosts. This machine is always trusted.

    Args:
        allow: Hosts and networks that may send commands; all that can reach the bridge if
            empty.
        trust: Hosts and networks that may also end the program, change the model and name
            files.

    Raises:
        ValueError: One of them is no numeric address or network.

    Example:
        >>> access = Access(allow=["192.168.0.0/24"], trust=["192.168.0.7"])
        >>> access.allows("192.168.0.9"), access.trusts("192.168.0.9")
        (True, False)
        >>> access.allows("10.0.0.1")
        False
    """

    def __init__(self, allow: Sequence[str] = (), trust: Sequence[str] = ()) -> None:
        self._trusted = [ip_network(each, strict=False) for each in trust]
        self._allowed = [ip_network(each, strict=False) for each in allow]

    def allows(self, host: str) -> bool:
        """Return whether a host may send commands at all."""
        if not self._allowed or self.trusts(host):
            return True
        address = numeric_address(host)
        return any(address in network for network in self._allowed)

    def trusts(self, host: str) -> bool:
        """Return whether a host has the permissions of this machine."""
        address = numeric_address(host)
        return address.is_loopback or any(address in network for network in self._trusted)
