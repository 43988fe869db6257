"""Blocking client of a running bridge, for the command line and for scripts."""

import socket
import time
from collections.abc import Callable

from bridge.common.closing import Closeable
from bridge.common.errors import EnvironmentMissing, FailureCode, RefusedError
from bridge.controls.parameters import DEFAULT_PORT, ROOT
from bridge.osc.codec import Argument, MalformedPacketError, Message, decode, encode
from bridge.osc.commands import COMMANDS
from bridge.osc.pattern import is_pattern

__all__ = ["LOCAL", "BridgeClient"]

LOCAL = "127.0.0.1"
"""This machine."""

_MAX_DATAGRAM = 65536
_END_OF_ANSWER = 0x454E4400
"""Echo of the ``/ping`` sent behind a question, to know that all of the answer has come."""


class BridgeClient(Closeable):
    """Sends messages to a bridge and waits for its answers; a context manager.

    Args:
        host: Where the bridge runs: a name or an address.
        port: Its OSC port.
        timeout_s: Longest wait for an answer.

    Raises:
        EnvironmentMissing: There is no such host.

    Example:
        Make the running bridge play bass::

            with BridgeClient() as bridge:
                bridge.do("/liveband/stem", "bass")
    """

    def __init__(
        self, host: str = LOCAL, port: int = DEFAULT_PORT, *, timeout_s: float = 12.0
    ) -> None:
        self._peer = f"{host}:{port}"
        self.port = port
        """UDP port of the bridge."""
        self.timeout_s = timeout_s
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
        except OSError as error:
            raise EnvironmentMissing(
                f"no host {host!r}: {error.strerror}; name the bridge's machine with --osc-host"
            ) from None
        except UnicodeError:
            raise EnvironmentMissing(
                f"no host {host!r}: no machine can have that name; name the bridge's machine "
                "with --osc-host"
            ) from None
        self._endpoint = found[0]
        self._socket = self._opened()

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def do(
        self,
        address: str,
        *arguments: Argument,
        on_wait: Callable[[str], None] = lambda text: None,
    ) -> list[str]:
        """Set a control, fire a trigger or run a command; return when it is done.

        Where that waits for the beat, the bridge is given as long as it says.

        Args:
            address: Full address; a pattern reaches all it covers.
            arguments: Value to set, or what the command takes.
            on_wait: Called with a sentence when the bridge says what it waits for.

        Returns:
            Notices of the bridge, e.g. that a value was clamped.

        Raises:
            RefusedError: The bridge refused; with its text and code.
            EnvironmentMissing: No bridge answers.
        """
        messages = [Message(address, arguments)]
        if is_pattern(address):
            messages.append(Message(f"{ROOT}/sync", (1,)))
        notices: list[str] = []
        for reply in self._exchange(messages, _done_or_read, on_wait):
            if reply.address == address and not arguments:
                value = " ".join(map(str, reply.arguments))
                raise RefusedError(
                    f"{address} needs a value; it is now {value}", FailureCode.COUNT
                )
            if _is_fail(reply):
                notices.append(str(reply.arguments[2]))
        return notices

    def read(self, address: str) -> tuple[Argument, ...]:
        """Return what an address reports.

        Raises:
            RefusedError: The bridge refused; with its text and code.
            EnvironmentMissing: No bridge answers.
        """
        question = Message(f"{ROOT}/get", (address,))
        return self._exchange([question], lambda _, reply: reply.address == address)[
            -1
        ].arguments

    def collect(self, address: str, *arguments: Argument) -> list[Message]:
        """Return the replies before the ``/done`` of a command, e.g. of ``dump``.

        Raises:
            RefusedError: The bridge refused; with its text and code.
            EnvironmentMissing: No bridge answers.
        """
        return self._exchange([Message(address, arguments)], _done)[:-1]

    def ask(self, address: str, *arguments: Argument) -> list[Message]:
        """Return the replies of a command that answers without a ``/done``, as ``describe``.

        Raises:
            RefusedError: The bridge refused; with its text and code.
            EnvironmentMissing: No bridge answers.
        """
        end = Message(f"{ROOT}/ping", (_END_OF_ANSWER,))
        ends: list[bool] = []

        def is_complete(asked: Message, reply: Message) -> bool:
            ends.append(_is_pong(reply, asked))
            return len(ends) > 1 and any(ends)

        replies = self._exchange([Message(address, arguments), end], is_complete)
        return [reply for reply, is_end in zip(replies, ends, strict=True) if not is_end]

    def _exchange(
        self,
        messages: list[Message],
        finished: Callable[[Message, Message], bool],
        on_wait: Callable[[str], None] = lambda text: None,
    ) -> list[Message]:
        """Send messages; return the replies up to the one that finishes the last of them.

        A failed exchange replaces the socket, so that a late reply is not taken for one to
        the next message.
        """
        try:
            return self._replies(messages, finished, on_wait)
        except BaseException:
            self._socket.close()
            self._socket = self._opened()
            raise

    def _opened(self) -> socket.socket:
        family, kind, *_, address = self._endpoint
        opened = socket.socket(family, kind)
        opened.connect(address)
        return opened

    def _replies(
        self,
        messages: list[Message],
        finished: Callable[[Message, Message], bool],
        on_wait: Callable[[str], None],
    ) -> list[Message]:
        deadline_s = time.monotonic() + self.timeout_s
        replies: list[Message] = []
        try:
            for message in messages:
                self._socket.send(encode(message))
            while not replies or not finished(messages[-1], replies[-1]):
                self._socket.settimeout(max(0.001, deadline_s - time.monotonic()))
                replies += self._received()
                _raise_if_failed(replies[-1])
                if (within_s := _waits_s(replies[-1])) is not None:
                    deadline_s = max(deadline_s, time.monotonic() + within_s + self.timeout_s)
                    on_wait(_wait_text(replies[-1]))
        except (ConnectionRefusedError, TimeoutError):
            option = "" if self.port == DEFAULT_PORT else f" --osc-port {self.port}"
            raise EnvironmentMissing(
                f"no bridge answers on UDP {self._peer}: start one with `liveband run{option}` "
                f"or name the port of one that runs with --osc-port"
            ) from None
        return replies

    def _received(self) -> list[Message]:
        packet = self._socket.recv(_MAX_DATAGRAM)
        try:
            return decode(packet)
        except MalformedPacketError as error:
            raise EnvironmentMissing(
                f"what answers on UDP {self._peer} is no liveband bridge: {error}; name the "
                f"bridge's port with --osc-port"
            ) from None


def _done(asked: Message, reply: Message) -> bool:
    """Return whether ``asked`` has been carried out."""
    if reply.address == f"{ROOT}/done":
        return reply.arguments[:1] == (asked.address,)
    return reply.address == f"{ROOT}/synced"


def _is_pong(reply: Message, ping: Message) -> bool:
    return reply.address == f"{ROOT}/pong" and reply.arguments[-1:] == ping.arguments


def _done_or_read(asked: Message, reply: Message) -> bool:
    """Return whether ``asked`` has been carried out, or was answered as a question."""
    command = COMMANDS.get(asked.address.removeprefix(f"{ROOT}/"))
    if command is not None and not command.ends_in_done and command.answer is not None:
        return reply.address == f"{ROOT}/{command.answer.path}"
    return _done(asked, reply) or (not asked.arguments and reply.address == asked.address)


def _waits_s(reply: Message) -> float | None:
    """Return how long a change may wait for the beat, if a reply says that it waits."""
    if reply.address != f"{ROOT}/pending" or len(reply.arguments) != 3:
        return None
    within_s = reply.arguments[2]
    return float(within_s) if isinstance(within_s, int | float) else None


def _wait_text(reply: Message) -> str:
    address, line, within_s = reply.arguments
    return f"{address} waits for the {line}, at most {within_s:.1f} s"


def _is_fail(reply: Message) -> bool:
    return reply.address == f"{ROOT}/fail" and len(reply.arguments) == 3


def _raise_if_failed(reply: Message) -> None:
    if _is_fail(reply) and reply.arguments[1] != FailureCode.CLAMPED:
        _, code, text = reply.arguments
        raise RefusedError(str(text), int(str(code)))
