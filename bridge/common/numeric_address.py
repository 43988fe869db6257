"""Numeric addresses of hosts."""

from ipaddress import IPv4Address, IPv6Address, ip_address

__all__ = ["numeric_address"]


def numeric_address(host: str) -> IPv4Address | IPv6Address:
    """Return a host's address; IPv4 within IPv6 as IPv4, without the scope of a link.

    Args:
        host: As a socket or a ``Host`` header names it.

    Raises:
        ValueError: It is no numeric address.

    Example:
        >>> numeric_address("::ffff:192.168.0.9"), numeric_address("fe80::1%eth0")
        (IPv4Address('192.168.0.9'), IPv6Address('fe80::1'))
    """
    address = ip_address(host.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
