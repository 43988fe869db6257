"""Life under a session manager: announced, opened, saved and ended by NSM.

The session manager starts us with ``NSM_URL`` in the environment, tells us under which name to
join the audio server and where to keep our state, asks us to save, and ends us by SIGTERM. It
speaks OSC over UDP. Wires are its business then, not ours.

Source: New Session Manager API, version 1.1.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self, cast

from bridge.common.errors import BridgeError, ConfigError, EnvironmentMissing
from bridge.controls.parameters import Value
from bridge.controls.table import ControlKey
from bridge.osc.codec import Argument, MalformedPacketError, Message, decode, encode
from bridge.osc.route import parse_target

__all__ = ["NSM_URL", "NsmClient", "NsmSession", "OpenRequest"]

logger = logging.getLogger(__name__)

NSM_URL = "NSM_URL"
"""Environment variable by which the session manager makes itself known."""

_CAPABILITIES = ":dirty:switch:"
_API = (1, 1)
_ANNOUNCE, _OPEN, _SAVE = "/nsm/server/announce", "/nsm/client/open", "/nsm/client/save"
_GENERAL, _SAVE_FAILED = -1, -11
_ANSWER_S = 10.0


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """What a session wants of us."""

    path: Path
    """Where our state is kept, as a folder; it need not be there yet."""
    display_name: str
    client_id: str
    """What we are to be called on the audio server."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NsmSession:
    """Being part of a session."""

    client: "NsmClient"
    folder: Path
    """Where our state is kept, until another session is opened."""
    values: Mapping[ControlKey, Value]
    """Of the controls, as the session was saved with; none in a new one."""


class NsmClient(asyncio.DatagramProtocol):
    """A conversation with the session manager. Make one with ``join``."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self._announced: asyncio.Future[str] = loop.create_future()
        self._opened: asyncio.Future[OpenRequest] = loop.create_future()
        self._save: Callable[[], Awaitable[None]] | None = None
        self._switch: Callable[[OpenRequest], Awaitable[None]] | None = None
        self._busy = asyncio.Lock()
        self._dirty: bool | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    @classmethod
    async def join(cls, url: str, name: str) -> Self:
        """Announce ourselves and return once the session manager has agreed.

        Args:
            url: As the environment has it, ``osc.udp://HOST:PORT/``.
            name: Of the program, for people.

        Raises:
            ConfigError: The URL is none.
            EnvironmentMissing: Nobody answers there, or we are not wanted.
        """
        try:
            host, port = parse_target(url)
        except ValueError as error:
            raise ConfigError(
                f"{NSM_URL}: {error}; unset it to run without a session"
            ) from None
        loop = asyncio.get_running_loop()
        try:
            _, client = await loop.create_datagram_endpoint(
                cls, remote_addr=(host or "127.0.0.1", port)
            )
        except OSError as error:
            raise EnvironmentMissing(f"no session manager at {url}: {error}") from error
        executable = Path(sys.argv[0]).name
        client.send(_ANNOUNCE, name, _CAPABILITIES, executable, *_API, os.getpid())
        try:
            async with asyncio.timeout(_ANSWER_S):
                logger.info("session manager: %s", await client._announced)
        except TimeoutError:
            client.close()
            raise EnvironmentMissing(
                f"no session manager answers at {url}; unset {NSM_URL} to run without one"
            ) from None
        except EnvironmentMissing:
            client.close()
            raise
        return client

    async def opened(self) -> OpenRequest:
        """Return what the session wants of us, once it says so."""
        return await asyncio.shield(self._opened)

    def ready(self) -> None:
        """Tell that the session's state is in force."""
        self.send("/reply", _OPEN, "liveband plays")

    def refuse(self, error: Exception) -> None:
        """Tell that the session cannot be opened."""
        self.send("/error", _OPEN, _GENERAL, str(error))

    def keep_with(self, save: Callable[[], Awaitable[None]]) -> None:
        """Have ``save`` called whenever the session is saved; it raises if it cannot."""
        self._save = save

    def switch_with(self, switch: Callable[[OpenRequest], Awaitable[None]]) -> None:
        """Have ``switch`` called when another session is opened; it raises if it cannot."""
        self._switch = switch

    def mark(self, dirty: bool) -> None:
        """Tell whether there is anything to save, if that has changed."""
        if dirty != self._dirty:
            self._dirty = dirty
            self.send(f"/nsm/client/is_{'dirty' if dirty else 'clean'}")

    def close(self) -> None:
        """End the conversation."""
        if self._transport is not None:
            self._transport.close()
        for task in self._under_way:
            task.cancel()

    def send(self, address: str, *arguments: Argument) -> None:
        """Send one message to the session manager."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(encode(Message(address, arguments)))

    # -- asyncio.DatagramProtocol -------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way to answer."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, _: object) -> None:
        """Do what the session manager says; nobody else can send here."""
        try:
            messages = decode(data)
        except MalformedPacketError as error:
            logger.warning("session manager: %s", error)
            return
        for message in messages:
            self._take(message)

    def error_received(self, error: Exception) -> None:
        """Note that nobody is there; a manager that died must not take the music along."""
        logger.warning("session manager: %s", error)

    def _take(self, message: Message) -> None:
        match message.address, message.arguments:
            case "/reply", (str(about), str(text), *_) if about == _ANNOUNCE:
                _settle(self._announced, text)
            case "/error", (str(about), code, text, *_) if about == _ANNOUNCE:
                refusal = EnvironmentMissing(f"the session manager refused us: {text} ({code})")
                if not self._announced.done():
                    self._announced.set_exception(refusal)
            case address, (str(path), str(display_name), str(client_id), *_) if (
                address == _OPEN
            ):
                opened = OpenRequest(Path(path), display_name, client_id)
                if self._opened.done():
                    self._start(self._carry_out_switch(opened))
                else:
                    self._opened.set_result(opened)
            case address, _ if address == _SAVE:
                self._start(self._carry_out_save())
            case _:
                logger.debug("session manager: %s", message)

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _carry_out_save(self) -> None:
        if self._save is None:
            self.send("/error", _SAVE, _SAVE_FAILED, "not ready yet, nothing was changed")
            return
        try:
            async with self._busy:
                await self._save()
        except BridgeError as error:
            logger.error("session: %s", error)
            self.send("/error", _SAVE, _SAVE_FAILED, str(error))
        else:
            self.send("/reply", _SAVE, "saved")

    async def _carry_out_switch(self, opened: OpenRequest) -> None:
        if self._switch is None:
            self.send("/error", _OPEN, _GENERAL, "not ready yet; open it again in a moment")
            return
        try:
            async with self._busy:
                await self._switch(opened)
        except BridgeError as error:
            logger.error("session: %s", error)
            self.refuse(error)
        else:
            logger.info("session: %s", opened.display_name)
            self.ready()


def _settle(future: "asyncio.Future[str]", text: str) -> None:
    if not future.done():
        future.set_result(text)
