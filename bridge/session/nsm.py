"""Client of the New Session Manager (NSM).

The session manager starts the program with ``NSM_URL`` in the environment, sends the name to
use on the audio server and the folder for its state, asks it to save, and ends it by SIGTERM,
all by OSC over UDP. It also restores the connections of the audio server.

Source: New Session Manager API, version 1.1.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, cast

from bridge.common.background import BackgroundTasks, TaskErrors
from bridge.common.errors import ConfigError, EnvironmentMissing, fault_text
from bridge.controls.parameters import Value
from bridge.controls.table import ControlKey
from bridge.osc.codec import Argument, MalformedPacketError, Message, decode, encode
from bridge.osc.route import parse_target

__all__ = ["NSM_URL", "NsmClient", "NsmSession", "OpenRequest"]

logger = logging.getLogger(__name__)

NSM_URL = "NSM_URL"
"""Environment variable with the address of the session manager."""

_CAPABILITIES = ":dirty:switch:"
_API = (1, 1)
_ANNOUNCE, _OPEN, _SAVE = "/nsm/server/announce", "/nsm/client/open", "/nsm/client/save"
_GENERAL, _SAVE_FAILED = -1, -11
_ANSWER_S = 10.0


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Request of the session manager to open a session."""

    path: Path
    """Folder for our state; it need not exist yet."""
    display_name: str
    client_id: str
    """Name to use on the audio server."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NsmSession:
    """The session that the program was started in."""

    client: "NsmClient"
    folder: Path
    """Folder of our state, until another session is opened."""
    values: Mapping[ControlKey, Value]
    """Saved values of the controls; none in a new session."""


class NsmClient(asyncio.DatagramProtocol):
    """A connection to the session manager; make one with ``join``."""

    def __init__(self, errors: TaskErrors | None = None) -> None:
        loop = asyncio.get_running_loop()
        self._announced: asyncio.Future[str] = loop.create_future()
        self._opened: asyncio.Future[OpenRequest] = loop.create_future()
        self._save: Callable[[], Awaitable[None]] | None = None
        self._switch: Callable[[OpenRequest], Awaitable[Sequence[str]]] | None = None
        self._busy = asyncio.Lock()
        self._dirty: bool | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self._tasks = BackgroundTasks(errors or TaskErrors())

    @classmethod
    async def join(cls, url: str, name: str, errors: TaskErrors | None = None) -> Self:
        """Announce the program and return once the session manager has accepted it.

        Args:
            url: Value of ``NSM_URL``, ``osc.udp://HOST:PORT/``.
            name: Display name of the program.
            errors: Told what goes wrong in the background.

        Raises:
            ConfigError: The URL is malformed.
            EnvironmentMissing: Nobody answers there, or we are refused.
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
                lambda: cls(errors), remote_addr=(host or "127.0.0.1", port)
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
        """Wait for the first request to open a session and return it."""
        return await asyncio.shield(self._opened)

    def ready(self, notices: Sequence[str] = ()) -> None:
        """Report that the session is open.

        Args:
            notices: What of it could not be used.
        """
        self.send("/reply", _OPEN, "; ".join(("liveband plays", *notices)))

    def refuse(self, error: Exception) -> None:
        """Report that the session cannot be opened."""
        self.send("/error", _OPEN, _GENERAL, fault_text(error))

    def on_save(self, save: Callable[[], Awaitable[None]]) -> None:
        """Set the function that saves the session; it raises BridgeError on failure."""
        self._save = save

    def on_switch(self, switch: Callable[[OpenRequest], Awaitable[Sequence[str]]]) -> None:
        """Set the function that opens another session; it raises BridgeError on failure.

        It returns what of the session could not be used.
        """
        self._switch = switch

    def report_dirty(self, dirty: bool) -> None:
        """Report whether there are unsaved changes, if that has changed."""
        if dirty != self._dirty:
            self._dirty = dirty
            self.send(f"/nsm/client/is_{'dirty' if dirty else 'clean'}")

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()
        self._tasks.cancel()

    def send(self, address: str, *arguments: Argument) -> None:
        """Send one message to the session manager."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(encode(Message(address, arguments)))

    # -- asyncio.DatagramProtocol -------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport for answers."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, _: object) -> None:
        """Handle messages of the session manager; nobody else can send here."""
        try:
            messages = decode(data)
        except MalformedPacketError as error:
            logger.warning("session manager: %s", error)
            return
        for message in messages:
            self._handle(message)

    def error_received(self, error: Exception) -> None:
        """Log that the session manager is gone; the music goes on."""
        logger.warning("session manager: %s", error)

    def _handle(self, message: Message) -> None:
        match message.address, message.arguments:
            case "/reply", (str(about), str(text), *_) if about == _ANNOUNCE:
                _resolve(self._announced, text)
            case "/error", (str(about), code, text, *_) if about == _ANNOUNCE:
                refusal = EnvironmentMissing(f"the session manager refused us: {text} ({code})")
                if not self._announced.done():
                    self._announced.set_exception(refusal)
            case address, (str(path), str(display_name), str(client_id), *_) if (
                address == _OPEN
            ):
                opened = OpenRequest(Path(path), display_name, client_id)
                if self._opened.done():
                    self._tasks.start("session", self._run_switch(opened))
                else:
                    self._opened.set_result(opened)
            case address, _ if address == _SAVE:
                self._tasks.start("session", self._run_save())
            case _:
                logger.debug("session manager: %s", message)

    async def _run_save(self) -> None:
        if self._save is None:
            self.send("/error", _SAVE, _SAVE_FAILED, "not ready yet, nothing was changed")
            return
        try:
            async with self._busy:
                await self._save()
        except Exception as error:  # the session manager waits for an answer
            self._tasks.errors.tell("session", error)
            self.send("/error", _SAVE, _SAVE_FAILED, fault_text(error))
        else:
            self.send("/reply", _SAVE, "saved")

    async def _run_switch(self, opened: OpenRequest) -> None:
        if self._switch is None:
            self.send("/error", _OPEN, _GENERAL, "not ready yet; open it again in a moment")
            return
        try:
            async with self._busy:
                notices = await self._switch(opened)
        except Exception as error:  # likewise
            self._tasks.errors.tell("session", error)
            self.refuse(error)
        else:
            logger.info("session: %s", opened.display_name)
            self.ready(notices)


def _resolve(future: "asyncio.Future[str]", text: str) -> None:
    if not future.done():
        future.set_result(text)
