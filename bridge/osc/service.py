"""What the bridge does about a message, and what it answers.

No socket here: a message and a client go in, the messages to send back come out. Every
message is answered, and whatever goes wrong becomes a ``/liveband/fail``.
"""

import logging
from collections.abc import Callable, Iterator

from bridge.desk import Desk
from bridge.errors import BridgeError, ParameterError, RefusedError
from bridge.osc.answers import Answers, done
from bridge.osc.clients import Client, Clients, Feed
from bridge.osc.codec import Message
from bridge.osc.dispatch import Action, Call, Fire, Put, Read, Refuse
from bridge.osc.failures import Code, Reject
from bridge.osc.view import View
from bridge.parameters import ROOT

__all__ = ["Service"]

logger = logging.getLogger(__name__)

Replies = list[Message]


class Service:
    """Answers messages on behalf of a desk.

    Args:
        desk: Where changes go and values come from.
        version: The program's, for ``/ping``.
        clock: Steady seconds.
    """

    def __init__(self, desk: Desk, *, version: str, clock: Callable[[], float]) -> None:
        self.clients = Clients()
        self.view = View(desk)
        self.failures = 0
        self._desk = desk
        self._answers = Answers(self.view, self.clients, version, clock)

    def resolve(self, message: Message) -> Iterator[Action]:
        """Yield what ``message`` asks for."""
        return self.view.addresses.resolve(message)

    async def carry_out(self, action: Action, client: Client) -> Replies:
        """Do what one action says and return what to answer, failures included."""
        try:
            match action:
                case Read(spot):
                    return [self.view.message(spot.address)]
                case Fire(spot):
                    await self._desk.fire(spot.row.name)
                    return [done(spot.address)]
                case Put():
                    return await self._put(action, client)
                case Call():
                    return await self._answers.answer(action, client)
                case Refuse(address, reject):
                    return self.fail(client, address, reject)
        except Exception as error:  # the sender is told, and the show goes on
            return self.fail(client, action.address, _reject(action, error))

    def fail(self, client: Client, address: str, reject: Reject) -> Replies:
        """Count a failure and return its message; nothing for a client that had too many."""
        self.failures += 1
        if not client.may_be_told_of_failure():
            return []
        arguments = (address[:80], int(reject.code), reject.explain()[:400])
        return [Message(f"{ROOT}/fail", arguments)]

    def news(self, feed: Feed, now_s: float) -> list[Message]:
        """Return what a client is to be told now."""
        try:
            return list(feed.take(self.view.known, now_s))
        except Exception:  # a reading with a bug must not end all feeds
            logger.exception("reading %s", ", ".join(feed.addresses))
            return []

    async def _put(self, action: Put, client: Client) -> Replies:
        """Set a control; the sender hears the value again only if it is another one."""
        spot, coerced = action.spot, action.coerced
        in_force = self._desk.set(spot.row.name, coerced.value)
        client.knows(spot.row.address, self.view.arguments(spot.row.address))
        client.knows(spot.address, self.view.arguments(spot.address))
        replies: Replies = []
        if coerced.notice:
            replies.append(self.view.message(spot.address))
            replies += self.fail(client, spot.address, Reject(Code.CLAMPED, coerced.notice))
        try:
            await in_force
        except Exception as error:  # as in carry_out, with the value it has fallen back to
            fail = self.fail(client, spot.address, _reject(action, error))
            return [self.view.message(spot.address), *fail]
        return [*replies, done(spot.address, *self.view.arguments(spot.address))]


def _reject(action: Action, error: Exception) -> Reject:
    """Return how to tell ``error`` to the sender; log it if it should not have happened."""
    if isinstance(error, Reject):
        return error
    if isinstance(error, ParameterError | RefusedError):
        return Reject(error.code, str(error))
    if isinstance(error, BridgeError):
        return Reject(Code.UNAVAILABLE, str(error))
    logger.error("%s failed", action.address, exc_info=error)
    return Reject(Code.INTERNAL, f"{type(error).__name__}: {error}")
