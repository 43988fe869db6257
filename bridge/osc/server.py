"""The OSC server, whatever the transport: packets in, packets out, nothing ever waits.

Packets are taken apart and begun in the order they came. What waits for the engine waits in a
task of its own, what is dated ahead waits in the agenda, and a client that does not read holds
up only itself.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import TypeGuard

from bridge.controls.parameters import ROOT
from bridge.controls.readings import BeatReading, OscReading
from bridge.controls.store import ControlStore
from bridge.osc.access import Access
from bridge.osc.actions import Action, Call, Fire, Put, Read, Refuse
from bridge.osc.bundle_schedule import LONGEST_AHEAD_S, Agenda, Timeline, ahead, dated
from bridge.osc.clients import Client
from bridge.osc.codec import Bundle, MalformedPacketError, Message, parse, time_tag
from bridge.osc.failures import Code, Reject
from bridge.osc.outbox import Outbox
from bridge.osc.query_commands import PROTOCOL
from bridge.osc.route import Route
from bridge.osc.service import Service
from bridge.osc.values import View

__all__ = ["OscServer"]

logger = logging.getLogger(__name__)

MAX_UNDER_WAY = 1000
"""Actions waiting for the target, or bundles for their time, beyond this many are refused."""

_TICK_S = 0.01
_SOONEST_S = 0.001


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
class _Unit:
    """Messages that are done together, and for whom."""

    messages: tuple[Message, ...]
    client: Client


class OscServer:
    """Receives, answers and keeps clients up to date, over lines that others open.

    Args:
        desks: One for each player.
        access: Who may do what.
        version: The program's.
        clock: Steady seconds.
        wall: Seconds since 1970, which time tags are compared with.
    """

    def __init__(
        self,
        desks: Sequence[ControlStore],
        access: Access,
        *,
        version: str,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        view = View(desks, {"status/osc": lambda: self.reading})
        self.service = Service(view, access, version=version, clock=clock)
        self.outbox = Outbox(self.service, clock)
        self._version = version
        self._clock = clock
        self._wall = wall
        self._counters = _Counters()
        self._timeline = Timeline()
        self._agenda: Agenda[_Unit] = Agenda()
        self._rescheduled = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._keepers: set[asyncio.Task[None]] = set()
        self._stopped = False

    def start(self, feedback: Sequence[Route] = ()) -> None:
        """Begin to tell of changes and to do what falls due, in the running loop.

        Args:
            feedback: Clients that are registered for good; they get a ``/hello``.
        """
        loop = asyncio.get_running_loop()
        for route in feedback:
            client = self.service.clients.hear(route, self._clock())
            self.service.clients.lease(client, None)
            self.service.following.enrol(client)
            self.outbox.tell(client, Message(f"{ROOT}/hello", (self._version, PROTOCOL)))
        self._keepers = {
            loop.create_task(self.outbox.feed()),
            loop.create_task(self.outbox.beat()),
            loop.create_task(self._keep_time()),
        }

    async def stop(self) -> None:
        """Say ``/bye`` to whoever follows and drop what is under way."""
        self._stopped = True
        pending = {*self._keepers, *self._under_way}
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for client in self.service.clients.followers:
            self.outbox.tell(client, Message(f"{ROOT}/bye"))

    @property
    def now_s(self) -> float:
        """The steady clock by which clients are heard."""
        return self._clock()

    @property
    def reading(self) -> OscReading:
        """What went through so far."""
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
        """Tell followers of a beat, in a bundle that is dated to its moment.

        Args:
            reading: As ``/liveband/beat`` reports it from now on.
            unix_s: Seconds since 1970.
        """
        message = Message(f"{ROOT}/beat", astuple(reading))
        self.outbox.tell_dated(message, time_tag(unix_s))

    # -- packets ----------------------------------------------------------------------------

    def receive(self, packet: bytes, source: Route) -> None:
        """Begin whatever a packet asks for; never raises."""
        if self._stopped:
            return
        self._counters.packets += 1
        client = self.service.clients.hear(source, self._clock())
        try:
            if self.service.access.allows(source.host):
                self._take(parse(packet), client)
            else:
                text = f"{source.host} may not command this bridge; see --osc-allow"
                self.refuse(client, Reject(Code.NOT_ALLOWED, text))
        except MalformedPacketError as error:
            self.malformed(source, f"malformed packet of {len(packet)} bytes: {error}")
        except Exception as error:  # a packet of a stranger must never end the show
            logger.exception("a packet of %d bytes from %s", len(packet), source.url)
            self.refuse(client, Reject(Code.INTERNAL, f"{type(error).__name__}: {error}"))

    def malformed(self, source: Route, text: str) -> None:
        """Count and answer something that is no OSC packet."""
        self._counters.malformed += 1
        client = self.service.clients.hear(source, self._clock())
        self.refuse(client, Reject(Code.MALFORMED, text))

    def refuse(self, client: Client, reject: Reject, address: str = "") -> None:
        """Tell a client why not, and count it."""
        self.outbox.answer(client, self.service.fail(client, address, reject))

    def _take(self, packet: Message | Bundle, client: Client) -> None:
        if isinstance(packet, Message):
            self._begin(_Unit((packet,), client))
            return
        now_s = self._wall()
        late_by_s = -ahead(packet.time_tag, now_s)
        if late_by_s > 0.0:
            self._counters.late += 1
            self._counters.late_by_s = max(self._counters.late_by_s, late_by_s)
        for ahead_s, messages in dated(packet, now_s):
            unit = _Unit(tuple(messages), client)
            if ahead_s > 0.0:
                self._postpone(ahead_s, unit)
            else:
                self._begin(unit)

    # -- time -------------------------------------------------------------------------------

    def _postpone(self, ahead_s: float, unit: _Unit) -> None:
        if ahead_s > LONGEST_AHEAD_S:
            text = (
                f"a bundle {ahead_s:.1f} s ahead; at most {LONGEST_AHEAD_S:g} s, check clocks"
            )
            self.refuse(unit.client, Reject(Code.TIME_TAG, text), unit.messages[0].address)
        elif len(self._agenda) >= MAX_UNDER_WAY:
            text = f"{MAX_UNDER_WAY} bundles are waiting for their time"
            self.refuse(unit.client, Reject(Code.BUSY, text), unit.messages[0].address)
        else:
            self._counters.scheduled += 1
            self._agenda.add(self._now() + ahead_s, unit)
            self._rescheduled.set()

    def _now(self) -> float:
        """Return the seconds of sound by now."""
        return self._timeline.look(self._clock(), self.service.view.target.position())

    async def _keep_time(self) -> None:
        """Do what falls due, for as long as the server runs."""
        while True:
            now_s = self._now()
            for due_s, unit in self._agenda.due(now_s):
                self._counters.landed_s = max(self._counters.landed_s, now_s - due_s)
                self._begin(unit)
            self._rescheduled.clear()
            wait_s = min(max(self._agenda.next_s - now_s, _SOONEST_S), _TICK_S)
            try:
                async with asyncio.timeout(wait_s if len(self._agenda) else None):
                    await self._rescheduled.wait()
            except TimeoutError:
                continue

    # -- actions ----------------------------------------------------------------------------

    def _begin(self, unit: _Unit) -> None:
        """Begin what a unit asks for: its values as one, then the rest in order."""
        client = unit.client
        self._counters.messages += len(unit.messages)
        actions = list(self._resolved(unit))
        puts = [action for action in actions if isinstance(action, Put)]
        if puts:
            self._run(self._put(puts, client))
        for action in actions:
            if _is_sync(action):
                self._run(self._sync(frozenset(self._under_way), action, client))
            elif not isinstance(action, Put):
                self._run(self._carry_out(action, client))

    def _resolved(self, unit: _Unit) -> Iterator[Action]:
        """Yield the actions of a unit, as far as there is room for them."""
        taken = len(self._under_way)
        for action in self.service.resolve(unit.messages):
            if taken >= (2 if _is_sync(action) else 1) * MAX_UNDER_WAY:
                text = f"{MAX_UNDER_WAY} messages are waiting to be done, try again"
                self.refuse(unit.client, Reject(Code.BUSY, text), action.address)
                return
            taken += 1
            yield action

    def _run(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _put(self, puts: Sequence[Put], client: Client) -> None:
        self.outbox.answer(client, await self.service.put(puts, client))

    async def _carry_out(self, action: Read | Fire | Call | Refuse, client: Client) -> None:
        self.outbox.answer(client, await self.service.carry_out(action, client))

    async def _sync(
        self, before: frozenset[asyncio.Task[None]], call: Call, client: Client
    ) -> None:
        if before:
            await asyncio.wait(before)
        self.outbox.answer(client, [Message(f"{ROOT}/synced", call.arguments)])


def _is_sync(action: Action) -> TypeGuard[Call]:
    return isinstance(action, Call) and action.command.name == "sync"
