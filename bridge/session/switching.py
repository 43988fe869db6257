"""From one session to another without ending: the engine stays, name and state are new."""

import asyncio
from typing import Protocol

from bridge.common.errors import BridgeError
from bridge.session.nsm import OpenRequest
from bridge.session.state import SessionState

__all__ = ["RenamableClient", "SessionSwitcher"]


class RenamableClient(Protocol):
    """The band, as far as its name on the audio server goes."""

    async def rejoin(self, name: str) -> None:
        """Join the audio server again under another name."""


class SessionSwitcher:
    """Opens another session when the band has a moment for it.

    Args:
        band: Gets the session's name on the audio server.
        state: Follows to the session's folder.
    """

    def __init__(self, band: RenamableClient, state: SessionState) -> None:
        self._band = band
        self._state = state
        self._wanted: tuple[OpenRequest, asyncio.Future[None]] | None = None

    async def open(self, opened: OpenRequest) -> None:
        """Open another session; return once it is in force.

        Raises:
            BridgeError: Its state is damaged, or its name is taken on the audio server, and
                the session before goes on; or a control was refused.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._wanted = opened, done
        await done

    async def look(self) -> None:
        """Carry out what is wanted; a chore of the band, which then does nothing else."""
        if self._wanted is None:
            return
        (opened, done), self._wanted = self._wanted, None
        try:
            values = await self._state.read(opened.path)
            await self._band.rejoin(opened.client_id)
            await self._state.move(opened.path, values)
        except BridgeError as error:
            if not done.done():
                done.set_exception(error)
        else:
            if not done.done():
                done.set_result(None)
