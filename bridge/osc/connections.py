"""Ways back to clients, and what waits for those that do not read."""

from collections import deque
from typing import Protocol

from bridge.osc.route import Route

__all__ = ["Backlog", "Line"]

MAX_WAITING = 1 << 20
"""Bytes that wait for one client to read; beyond, the oldest packets are dropped."""


class Line(Protocol):
    """Carries packets to clients; never waits."""

    @property
    def clogged(self) -> bool:
        """Whether its client does not keep up; changes are then kept back, latest wins."""

    def send(self, packet: bytes, route: Route) -> bool:
        """Send a packet; return whether it was taken, and nothing dropped to make room."""


class Backlog:
    """Packets that wait for a client to read, the newest ``MAX_WAITING`` bytes of them.

    Example:
        >>> backlog = Backlog()
        >>> backlog.add(b"a"), backlog.add(b"b"), backlog.take(), len(backlog)
        (True, True, b'a', 1)
    """

    def __init__(self) -> None:
        self._packets: deque[bytes] = deque()
        self._size = 0

    def __len__(self) -> int:
        return len(self._packets)

    def add(self, packet: bytes) -> bool:
        """Keep a packet; return whether none had to go for it."""
        self._packets.append(packet)
        self._size += len(packet)
        whole = True
        while self._size > MAX_WAITING:
            self.take()
            whole = False
        return whole

    def take(self) -> bytes:
        """Take out the oldest packet.

        Raises:
            IndexError: There is none.
        """
        packet = self._packets.popleft()
        self._size -= len(packet)
        return packet
