"""The OSC server, independent of the transport: packets in, packets out, without blocking.

Packets are parsed and started in the order they came. An action that waits for the engine does
so in a task of its own, a bundle dated ahead waits in a queue, and a client that does not read
delays only itself.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeGuard

from bridge.common.background import BackgroundTasks, TaskErrors
from bridge.common.errors import FailureCode, RefusedError
from bridge.controls.parameters import ROOT
from bridge.controls.readings import BeatReading, OscReading
from bridge.controls.store import ControlStore
from bridge.osc.access import Access
from bridge.osc.actions import Action, RunCommand, SetControl, SingleAction
from bridge.osc.bundle_schedule import (
    LONGEST_AHEAD_S,
    BundleQueue,
    Timeline,
    message_groups,
    seconds_ahead,
)
from bridge.osc.clients import Client
from bridge.osc.codec import Bundle, MalformedPacketError, Message, parse, time_tag
from bridge.osc.outbox import Outbox
from bridge.osc.query_commands import PROTOCOL
from bridge.osc.route import Route
from bridge.osc.service import Notify, Service
from bridge.osc.values import AddressValues

__all__ = ["OscServer"]

MAX_UNDER_WAY = 1000
"""Most actions under way, and most bundles waiting for their time; others are refused."""

_TICK_S = 0.01
_SOONEST_S = 0.001
_PROGRAM_ENDS = "the program ends"
_ENDS = f"{_PROGRAM_ENDS} before this was in force"


@dataclass(slots=True)
class _Counters:
    packets: int = 0
    messages: int = 0
    malformed: int = 0
    scheduled: int = 0
    late: int = 0
    late_by_s: float = 0.0
    landed_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _MessageGroup:
    """Messages that are carried out together, and their sender."""

    messages: tuple[Message, ...]
    client: Client


class OscServer:
    """Receives and answers packets and keeps clients up to date, over connections given to it.

    Args:
        store: Where changes go and values come from.
        access: Permissions of hosts.
        version: Version of the program.
        clock: Steady seconds.
        wall: Seconds since 1970, which time tags are compared with.
        errors: Told what goes wrong beside the answers.
    """

    def __init__(
        self,
        store: ControlStore,
        access: Access,
        *,
        version: str,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        errors: TaskErrors | None = None,
    ) -> None:
        self.errors = errors or TaskErrors()
        view = AddressValues(store, {"status/osc": lambda: self.reading}, self.errors)
        self.service = Service(view, access, version=version, clock=clock, errors=self.errors)
        self.outbox = Outbox(self.service, clock, self.errors)
        self._version = version
        self._clock = clock
        self._wall = wall
        self._counters = _Counters()
        self._timeline = Timeline()
        self._queue: BundleQueue[_MessageGroup] = BundleQueue()
        self._rescheduled = asyncio.Event()
        self._under_way = BackgroundTasks(self.errors)
        self._background = BackgroundTasks(self.errors)
        self._stopped = False

    def start(self, feedback: Sequence[Route] = ()) -> None:
        """Start to report changes and to run what is due, in the running loop.

        Args:
            feedback: Clients registered without a lease; they are sent a ``/hello``.
        """
        for route in feedback:
            client = self.service.clients.renew(route, self._clock())
            self.service.clients.lease(client, None)
            self.service.subscriptions.register(client)
            self._greet(client)
        self._background.start("OSC feeds", self.outbox.feed())
        self._background.start("OSC heartbeat", self.outbox.heartbeat())
        self._background.start("OSC schedule", self._run_scheduled())

    async def stop(self) -> None:
        """Send ``/bye`` to all followers and cancel what is under way."""
        self._stopped = True
        for tasks in (self._background, self._under_way):
            await tasks.close()
        for client in self.service.clients.followers:
            self.outbox.notify(client, Message(f"{ROOT}/bye", (_PROGRAM_ENDS,)))

    @property
    def now_s(self) -> float:
        """Seconds of the steady clock that leases of clients are measured with."""
        return self._clock()

    @property
    def reading(self) -> OscReading:
        """Counters of the traffic so far."""
        counters = self._counters
        return OscReading(
            clients=len(self.service.clients.followers),
            packets=counters.packets,
            messages=counters.messages,
            malformed=counters.malformed,
            failures=self.service.failures,
            dropped=self.outbox.dropped,
            scheduled=counters.scheduled,
            late=counters.late,
            late_by_ms=1000.0 * counters.late_by_s,
            landed_ms=1000.0 * counters.landed_s,
        )

    def tell_beat(self, reading: BeatReading, unix_s: float) -> None:
        """Send followers a beat, in a bundle dated to its moment.

        Args:
            reading: As ``/liveband/beat`` reports it from now on.
            unix_s: Seconds since 1970.
        """
        message = Message(f"{ROOT}/beat", reading.values)
        self.outbox.notify_dated(message, time_tag(unix_s))

    # -- packets ----------------------------------------------------------------------------

    def receive(self, packet: bytes, source: Route) -> None:
        """Start the actions of a packet; never raises."""
        if self._stopped:
            return
        self._counters.packets += 1
        client = self._renewed(source)
        try:
            if self.service.access.allows(source.host):
                self._accept(parse(packet), client)
            else:
                text = f"{source.host} may not command this bridge; see --osc-allow"
                self.refuse(client, RefusedError(text, FailureCode.NOT_ALLOWED))
        except MalformedPacketError as error:
            self.malformed(source, f"malformed packet of {len(packet)} bytes: {error}")
        except Exception as error:  # no packet may end the server
            self.refuse(client, error)

    def _renewed(self, source: Route) -> Client:
        """Return the client of a packet; greet those whose lease had ended and is renewed."""
        client = self.service.clients.renew(source, self._clock())
        for revived in self.service.clients.take_revived():
            self._greet(revived)
        return client

    def _greet(self, client: Client) -> None:
        self.outbox.notify(client, Message(f"{ROOT}/hello", (self._version, PROTOCOL)))

    def malformed(self, source: Route, text: str) -> None:
        """Count and answer bytes that are no OSC packet."""
        self._counters.malformed += 1
        client = self._renewed(source)
        self.refuse(client, RefusedError(text, FailureCode.MALFORMED))

    def refuse(self, client: Client, error: Exception, address: str = "") -> None:
        """Send a client the reason of a failure, and count it."""
        self.outbox.answer(client, self.service.fail(client, address, error))

    def _accept(self, packet: Message | Bundle, client: Client) -> None:
        if isinstance(packet, Message):
            self._start_group(_MessageGroup((packet,), client))
            return
        now_s = self._wall()
        late_by_s = -seconds_ahead(packet.time_tag, now_s)
        if late_by_s > 0.0:
            self._counters.late += 1
            self._counters.late_by_s = max(self._counters.late_by_s, late_by_s)
        for ahead_s, messages in message_groups(packet, now_s):
            group = _MessageGroup(tuple(messages), client)
            if ahead_s > 0.0:
                self._schedule(ahead_s, group)
            else:
                self._start_group(group)

    # -- time -------------------------------------------------------------------------------

    def _schedule(self, ahead_s: float, group: _MessageGroup) -> None:
        if ahead_s > LONGEST_AHEAD_S:
            text = (
                f"a bundle {ahead_s:.1f} s ahead; at most {LONGEST_AHEAD_S:g} s, check clocks"
            )
            error = RefusedError(text, FailureCode.TIME_TAG)
            self.refuse(group.client, error, group.messages[0].address)
        elif len(self._queue) >= MAX_UNDER_WAY:
            text = f"{MAX_UNDER_WAY} bundles are waiting for their time"
            error = RefusedError(text, FailureCode.BUSY)
            self.refuse(group.client, error, group.messages[0].address)
        else:
            self._counters.scheduled += 1
            self._queue.add(self._audio_s() + ahead_s, group)
            self._rescheduled.set()

    def _audio_s(self) -> float:
        """Return the seconds of audio up to now."""
        return self._timeline.advance(self._clock(), self.service.view.store.target.position())

    async def _run_scheduled(self) -> None:
        """Start groups when they are due, until cancelled."""
        await self.errors.repeat("OSC schedule", self._run_due, lambda: 0.0)

    async def _run_due(self) -> None:
        """Start the groups that are due and wait for others."""
        now_s = self._audio_s()
        for due_s, group in self._queue.due(now_s):
            self._counters.landed_s = max(self._counters.landed_s, now_s - due_s)
            with self.errors.caught("OSC schedule"):
                self._start_group(group)
        self._rescheduled.clear()
        wait_s = min(max(self._queue.next_s - now_s, _SOONEST_S), _TICK_S)
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s if len(self._queue) else None):
                await self._rescheduled.wait()

    # -- actions ----------------------------------------------------------------------------

    def _start_group(self, group: _MessageGroup) -> None:
        """Start the actions of a group: its values in one step, then the others in order."""
        client = group.client
        self._counters.messages += len(group.messages)
        actions = list(self._resolved(group))
        changes = [action for action in actions if isinstance(action, SetControl)]
        if changes:
            self._run(self._set_controls(changes, client))
        for action in actions:
            if _is_sync(action):
                self._run(self._sync(self._under_way.under_way, action, client))
            elif not isinstance(action, SetControl):
                self._run(self._carry_out(action, client))

    def _resolved(self, group: _MessageGroup) -> Iterator[Action]:
        """Yield the actions of a group until too many are under way."""
        taken = len(self._under_way)
        for action in self.service.resolve(group.messages):
            if taken >= (2 if _is_sync(action) else 1) * MAX_UNDER_WAY:
                text = f"{MAX_UNDER_WAY} messages are waiting to be done, try again"
                self.refuse(group.client, RefusedError(text, FailureCode.BUSY), action.address)
                return
            taken += 1
            yield action

    def _run(self, work: Coroutine[object, object, None]) -> None:
        self._under_way.start("OSC", work)

    async def _set_controls(self, changes: Sequence[SetControl], client: Client) -> None:
        with self._told_at_end(client, [change.address for change in changes]) as notify:
            self.outbox.answer(client, await self.service.set_controls(changes, client, notify))

    async def _carry_out(self, action: SingleAction, client: Client) -> None:
        with self._told_at_end(client, [action.address]) as notify:
            self.outbox.answer(client, await self.service.carry_out(action, client, notify))

    @contextmanager
    def _told_at_end(self, client: Client, addresses: Sequence[str]) -> Iterator[Notify]:
        """Tell a client of actions that the end of the program cuts short.

        Yields:
            What sends it a message meanwhile.
        """
        try:
            yield lambda message: self.outbox.answer(client, [message])
        except asyncio.CancelledError:
            for address in addresses:
                self.refuse(client, RefusedError(_ENDS), address)
            raise

    async def _sync(
        self, before: frozenset[asyncio.Task[None]], command: RunCommand, client: Client
    ) -> None:
        if before:
            await asyncio.wait(before)
        self.outbox.answer(client, [Message(f"{ROOT}/synced", command.arguments)])


def _is_sync(action: Action) -> TypeGuard[RunCommand]:
    return isinstance(action, RunCommand) and action.command.name == "sync"
