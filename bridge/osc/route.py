"""Route of a client: its transport, host and port."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal

__all__ = ["Route", "Transport", "parse_target"]

Transport = Literal["udp", "tcp", "ws"]
"""UDP, TCP, or a WebSocket of the query server."""

_TARGET = re.compile(
    r"(?:osc\.udp://)?(?:(?P<host>\[[0-9a-fA-F:.%]+\]|[^:/\s]+):)?(?P<port>\d{1,5})/?"
)


@dataclass(frozen=True, slots=True)
class Route:
    """Address of a client; all packets of one client have the same."""

    transport: Transport
    host: str
    """Numeric address."""
    port: int

    @property
    def url(self) -> str:
        """As clients write it, e.g. ``osc.udp://127.0.0.1:9001/``."""
        scheme = "ws" if self.transport == "ws" else f"osc.{self.transport}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}/"


def parse_target(text: str) -> tuple[str | None, int]:
    """Return host and UDP port of ``9001``, ``HOST:9001`` or ``osc.udp://HOST:9001/``.

    Args:
        text: As a client sent it.

    Returns:
        The host is None where only a port is given.

    Raises:
        ValueError: It is none of these, or the port is not within 1 to 65535.

    Example:
        >>> parse_target("osc.udp://192.168.0.7:9001/")
        ('192.168.0.7', 9001)
        >>> parse_target("9001")
        (None, 9001)
    """
    found = _TARGET.fullmatch(text.strip())
    port = int(found["port"]) if found else 0
    if found is None or not 1 <= port <= 65535:
        raise ValueError(
            f"expected a port 1 to 65535, HOST:PORT or osc.udp://HOST:PORT/, got {text[:80]!r}"
        )
    host = found["host"]
    if host is not None and host.startswith("["):
        host = str(ip_address(host[1:-1]))
    return host, port
