"""Switching between NSM sessions while the program runs, with the same engine."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from bridge.session.nsm import OpenRequest
from bridge.session.state import SessionState

__all__ = ["AudioClient", "SessionSwitcher"]


class AudioClient(Protocol):
    """A client of the audio server whose name can be changed."""

    async def rejoin(self, name: str) -> None:
        """Leave the audio server and join it again under another name."""


class SessionSwitcher:
    """Opens another session between two rounds of the band's periodic work.

    Args:
        band: Takes the session's name on the audio server.
        state: Is switched to the session's folder.
    """

    def __init__(self, band: AudioClient, state: SessionState) -> None:
        self._band = band
        self._state = state
        self._requested: tuple[OpenRequest, asyncio.Future[Sequence[str]]] | None = None

    async def open(self, request: OpenRequest) -> Sequence[str]:
        """Open another session; return once it is in force, with what could not be used.

        Raises:
            BridgeError: Its name is taken on the audio server, and the previous session stays
                in force; or a control was refused.
            Exception: Whatever else kept it from being opened, which is a fault of ours.
        """
        done: asyncio.Future[Sequence[str]] = asyncio.get_running_loop().create_future()
        self._requested = request, done
        return await done

    async def switch_if_requested(self) -> None:
        """Carry out a request; part of the band's periodic work.

        Raises:
            Exception: What went wrong, where nobody waits for the answer any more.
        """
        if self._requested is None:
            return
        (request, done), self._requested = self._requested, None
        try:
            before = self._state.files.count
            values = await self._state.read(request.path)
            await self._band.rejoin(request.client_id)
            await self._state.switch_to(request.path, values)
        except Exception as error:  # until it is answered, no session is saved or opened
            if done.done():
                raise
            done.set_exception(error)
        else:
            if not done.done():
                done.set_result(self._state.files.since(before))
