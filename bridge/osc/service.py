"""What the bridge does about a message, and what it answers.

No socket here: an action and a client go in, the messages to send back come out. Every
message is answered, and whatever goes wrong becomes a ``/liveband/fail``.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence

from bridge.common.errors import BridgeError, ParameterError, RefusedError
from bridge.controls.parameters import ROOT
from bridge.osc.access import Access
from bridge.osc.actions import Action, Call, Fire, Put, Read, Refuse
from bridge.osc.clients import Client, Clients, Feed
from bridge.osc.codec import Message
from bridge.osc.failures import Code, Reject
from bridge.osc.query_commands import Answers
from bridge.osc.replies import Replies, done
from bridge.osc.subscriptions import Following
from bridge.osc.values import PLAYERS, View

__all__ = ["Service"]

logger = logging.getLogger(__name__)


class Service:
    """Answers messages on behalf of a desk.

    Args:
        view: The desks and what they report.
        access: Who may do what.
        version: The program's, for ``/ping``.
        clock: Steady seconds.
    """

    def __init__(
        self, view: View, access: Access, *, version: str, clock: Callable[[], float]
    ) -> None:
        self.view = view
        self.access = access
        self.clients = Clients()
        self.following = Following(view, self.clients, access, clock)
        self.failures = 0
        self._clock = clock
        self._answers = Answers(view, self.following, version, clock)

    def resolve(self, messages: Iterable[Message]) -> Iterator[Action]:
        """Yield what messages that came together ask for.

        Who joins or leaves by one of them is there, or gone, for those after it.
        """
        addresses = self.view.addresses
        for message in messages:
            for action in addresses.resolve(message):
                if isinstance(action, Put) and action.spot.row.name == PLAYERS:
                    addresses = self.view.addresses_of(int(action.coerced.value))
                yield action

    async def carry_out(self, action: Read | Fire | Call | Refuse, client: Client) -> Replies:
        """Do what one action says and return what to answer, failures included."""
        try:
            match action:
                case Read(spot):
                    return [self.view.message(spot.address)]
                case Fire(spot):
                    await self.view.desk(spot).fire(spot.row.name)
                    return [done(spot.address)]
                case Call():
                    self._check_trust(action, client)
                    return await self._answers.answer(action, client)
                case Refuse(address, reject):
                    return self.fail(client, address, reject)
        except Exception as error:  # the sender is told, and the show goes on
            return self.fail(client, action.address, _reject(action, error))

    async def put(self, puts: Sequence[Put], client: Client) -> Replies:
        """Set controls as one; the sender hears a value again only if it is another one.

        Args:
            puts: In the order they came; of several for one control the last one counts.
            client: Who wants it.

        Returns:
            What to answer to each, in order.
        """
        under_way = self.view.desks[0].set_together(
            {put.spot.name: put.coerced.value for put in puts}
        )
        replies = [reply for put in puts for reply in self._noted(put, client)]
        failures = await under_way
        for put in puts:
            error = failures.get(put.spot.name)
            now = self.view.message(put.address)
            if error is None:
                replies.append(done(put.address, *now.arguments))
            else:
                client.moved(now.address, now.arguments, self._clock())
                replies += [now, *self.fail(client, put.address, _reject(put, error))]
        return replies

    def _noted(self, put: Put, client: Client) -> Replies:
        """Note what the sender knows by having set it; tell it what was made of its value."""
        for address in {put.spot.shown_at, put.address}:
            client.moved(address, self.view.arguments(address), self._clock())
        if not put.coerced.notice:
            return []
        fail = self.fail(client, put.address, Reject(Code.CLAMPED, put.coerced.notice))
        return [self.view.message(put.address), *fail]

    def fail(self, client: Client, address: str, reject: Reject) -> Replies:
        """Count a failure and return its message.

        Returns:
            Nothing for a client that had too many, nor for one that reports failures itself:
            two bridges must not complain of each other's complaints.
        """
        self.failures += 1
        if address == f"{ROOT}/fail" or not client.may_be_told_of_failure():
            return []
        arguments = (address[:80], int(reject.code), reject.explain()[:400])
        return [Message(f"{ROOT}/fail", arguments)]

    def news(self, feed: Feed, now_s: float) -> Replies:
        """Return what a client is to be told now."""
        try:
            return list(feed.take(self.view.known, now_s))
        except Exception:  # a reading with a bug must not end all feeds
            logger.exception("reading %s", ", ".join(feed.addresses))
            return []

    def _check_trust(self, call: Call, client: Client) -> None:
        """Refuse strangers what is for this machine and trusted hosts.

        Raises:
            Reject: Code 10, the client is a stranger.
        """
        if call.command.for_trusted and not self.access.trusts(client.source.host):
            text = f"{call.command.name} is for this machine and hosts given to --osc-trust"
            raise Reject(Code.NOT_ALLOWED, text)


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
