"""Carries out actions and composes the replies; the part of the OSC server without sockets.

An action and a client go in, the messages to send back come out. Every message is answered,
and every error becomes a ``/liveband/fail``.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from bridge.common.background import TaskErrors
from bridge.common.errors import (
    BridgeError,
    FailureCode,
    RefusedError,
    SupersededError,
    fault_text,
)
from bridge.controls.parameters import ROOT
from bridge.controls.store import WaitListener
from bridge.controls.table import ControlKey
from bridge.controls.target import WaitingParts
from bridge.osc.access import Access
from bridge.osc.actions import (
    Action,
    FireTrigger,
    ReadAddress,
    RefuseMessage,
    RunCommand,
    SetControl,
    SingleAction,
)
from bridge.osc.clients import Client, Clients, Feed
from bridge.osc.codec import Message
from bridge.osc.query_commands import QueryCommands
from bridge.osc.replies import Replies, done
from bridge.osc.subscription_commands import Subscriptions
from bridge.osc.values import PLAYERS, AddressValues

__all__ = ["Notify", "Service"]

logger = logging.getLogger(__name__)

Notify = Callable[[Message], None]
"""Sends a client a message before its action has ended."""


class Service:
    """Carries out actions on the control store.

    Args:
        view: Values of all addresses, and the control stores.
        access: Permissions of hosts.
        version: Version of the program, for ``/ping``.
        clock: Steady seconds.
        errors: Told of failures that are bugs of the bridge.
    """

    def __init__(
        self,
        view: AddressValues,
        access: Access,
        *,
        version: str,
        clock: Callable[[], float],
        errors: TaskErrors,
    ) -> None:
        self.view = view
        self.access = access
        self.clients = Clients()
        self.subscriptions = Subscriptions(view, self.clients, access, clock)
        self.failures = 0
        self._clock = clock
        self._errors = errors
        self._query_commands = QueryCommands(view, self.subscriptions, version, clock)

    def resolve(self, messages: Iterable[Message]) -> Iterator[Action]:
        """Yield the actions of messages that came together.

        A player that one of them adds or removes is there, or gone, for the next ones.
        """
        addresses = self.view.addresses
        for message in messages:
            for action in addresses.resolve(message):
                if isinstance(action, SetControl) and action.target.row.name == PLAYERS:
                    addresses = self.view.addresses_of(int(action.coerced.value))
                yield action

    async def carry_out(
        self, action: SingleAction, client: Client, notify: Notify | None = None
    ) -> Replies:
        """Carry out one action and return the replies, failures included.

        Args:
            action: What to do.
            client: The sender.
            notify: Sends it a message at once, such as that a trigger waits for the beat.
        """
        try:
            match action:
                case ReadAddress(target):
                    return [self.view.message(target.address)]
                case FireTrigger(target):
                    await self.view.store.fire(
                        target.key, _pending_notices({target.key: [target.address]}, notify)
                    )
                    return [done(target.address)]
                case RunCommand():
                    self._check_trust(action, client)
                    return await self._query_commands.run(action, client)
                case RefuseMessage():
                    return self.fail(client, action.address, action.error)
        except Exception as error:  # reported to the sender; the server goes on
            return self.fail(client, action.address, error)

    async def set_controls(
        self, changes: Sequence[SetControl], client: Client, notify: Notify | None = None
    ) -> Replies:
        """Set controls in one step; the sender is told a value only if it differs from its own.

        Args:
            changes: In the order they came; of several for one control the last one counts.
            client: The sender.
            notify: Sends it a message at once, such as that a control waits for the beat.

        Returns:
            The replies to each, in order.
        """
        addresses: dict[ControlKey, list[str]] = defaultdict(list)
        for change in changes:
            addresses[change.target.key].append(change.address)
        under_way = self.view.store.set_together(
            {change.target.key: change.coerced.value for change in changes},
            _pending_notices(addresses, notify),
        )
        replies = [reply for change in changes for reply in self._notices(change, client)]
        failures = await under_way
        for change in changes:
            error = failures.get(change.target.key)
            now = self.view.message(change.address)
            if error is None:
                replies.append(done(change.address, *now.arguments))
            elif isinstance(error, SupersededError):
                replies += self.fail(client, change.address, error)
            else:
                client.moved(now.address, now.arguments, self._clock())
                replies += [now, *self.fail(client, change.address, error)]
        return replies

    def _notices(self, change: SetControl, client: Client) -> Replies:
        """Note that the sender knows the new value; return a notice if that was clamped."""
        for address in {change.target.shown_at, change.address}:
            client.moved(address, self.view.arguments(address), self._clock())
        if not change.coerced.notice:
            return []
        notice = RefusedError(change.coerced.notice, FailureCode.CLAMPED)
        return [self.view.message(change.address), *self.fail(client, change.address, notice)]

    def fail(self, client: Client, address: str, error: Exception) -> Replies:
        """Count a failure and return its message; tell of one that is a bug of the bridge.

        Returns:
            Nothing for a client that was told of too many, nor for one that reports failures
            itself: two bridges must not answer each other's failure messages for ever.
        """
        if not isinstance(error, BridgeError):
            self._errors.tell(address or "OSC", error)
            error = RefusedError(fault_text(error), FailureCode.INTERNAL)
        self.failures += 1
        if address == f"{ROOT}/fail" or not client.may_be_told_of_failure():
            return []
        arguments = (address[:80], int(error.code), str(error)[:400])
        return [Message(f"{ROOT}/fail", arguments)]

    def news(self, feed: Feed, now_s: float) -> Replies:
        """Return the messages of one feed that are due now."""
        try:
            return list(feed.due_messages(self.view.known, now_s))
        except Exception as error:  # a reading with a bug must not end all feeds
            self._errors.tell("OSC feeds", error)
            return []

    def _check_trust(self, action: RunCommand, client: Client) -> None:
        """Refuse commands for this machine and trusted hosts to any other host.

        Raises:
            RefusedError: Code 10, the client's host is not trusted.
        """
        if action.command.for_trusted and not self.access.trusts(client.source.host):
            text = f"{action.command.name} is for this machine and hosts given to --osc-trust"
            raise RefusedError(text, FailureCode.NOT_ALLOWED)


def _pending_notices(
    addresses: Mapping[ControlKey, Sequence[str]], notify: Notify | None
) -> WaitListener | None:
    """Return what tells a client which of its changes wait for the beat, and how long."""
    if notify is None:
        return None

    def tell(waiting: WaitingParts) -> None:
        for key in waiting.parts:
            for address in addresses[key]:
                notify(Message(f"{ROOT}/pending", (address, waiting.line, waiting.within_s)))

    return tell
