"""Connections to clients, and the queue of packets for a client that does not read."""

from collections import deque
from typing import Protocol

from bridge.osc.route import Route

__all__ = ["Connection", "SendQueue"]

MAX_WAITING = 1 << 20
"""Bytes that wait for one client to read; beyond, the oldest packets are dropped."""


class Connection(Protocol):
    """Sends packets to clients without blocking."""

    @property
    def clogged(self) -> bool:
        """Whether its client does not keep up; it is then sent no changes until it does."""

    def send(self, packet: bytes, route: Route) -> bool:
        """Send a packet; return False if it, or an older one to make room, was dropped."""


class SendQueue:
    """Packets that wait for a client to read; at most the newest ``MAX_WAITING`` bytes.

    Example:
        >>> queue = SendQueue()
        >>> queue.add(b"a"), queue.add(b"b"), queue.take(), len(queue)
        (True, True, b'a', 1)
    """

    def __init__(self) -> None:
        self._packets: deque[bytes] = deque()
        self._size = 0

    def __len__(self) -> int:
        return len(self._packets)

    def add(self, packet: bytes) -> bool:
        """Add a packet; return whether nothing was dropped to make room."""
        self._packets.append(packet)
        self._size += len(packet)
        complete = True
        while self._size > MAX_WAITING:
            self.take()
            complete = False
        return complete

    def take(self) -> bytes:
        """Take out the oldest packet.

        Raises:
            IndexError: There is none.
        """
        packet = self._packets.popleft()
        self._size -= len(packet)
        return packet
