"""The mixing desk: the values in force, and the one way to change them.

OSC today, MIDI and presets later, all move controls here. The desk shows a change to everyone
at once, hands it to the target, and takes it back if the target refuses. While the engine
acknowledges one change, further ones gather and follow in one call, the latest value of each,
so that a fader never builds a queue. Controls of the audio thread have a lane of their own:
mute and panic do not wait for an engine that is busy or dead.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bridge.common.errors import FailureCode, ParameterError, RefusedError
from bridge.controls.controls import Coerced, Controls, coerce
from bridge.controls.parameters import Parameter, Table, Value, When
from bridge.controls.table import numbered, whose
from bridge.controls.target import ControlTarget

__all__ = ["ControlStore"]

Listener = Callable[[str], None]
"""Called with the name of a control that has just changed, further players' by their number."""


@dataclass(slots=True)
class _Batch:
    """Changes that will reach the target in one call."""

    names: set[str] = field(default_factory=set)
    started: bool = False
    failures: dict[str, Exception] = field(default_factory=dict)


@dataclass(slots=True)
class _Lane:
    """Calls to the target that must keep their order, one at a time."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    gathering: _Batch = field(default_factory=_Batch)


class ControlStore:
    """Holds every control's value on behalf of all control surfaces.

    Args:
        target: What the controls act on.
        controls: The values it was started with.
        patience_s: Longest wait for the target to acknowledge a change.
        mates: Of the first player's desk: those of players 2, 3 and so on. What is their own
            can be reached from here under names such as ``player/2/stem``.
    """

    def __init__(
        self,
        target: ControlTarget,
        controls: Controls,
        *,
        patience_s: float = 10.0,
        mates: Sequence["ControlStore"] = (),
    ) -> None:
        self._mates = {player: desk for player, desk in enumerate(mates, 2)}
        self.target = target
        self.patience_s = patience_s
        self._controls = controls
        self._in_force = controls
        self._lanes = {when: _Lane() for when in When}
        self._listeners: list[Listener] = []

    @property
    def controls(self) -> Controls:
        """The values as every control surface should show them."""
        return self._controls

    def retable(
        self, table: Table, begin: Mapping[str, Value] | None = None
    ) -> Mapping[str, str]:
        """Take the choices of another table of the same rows, as of another checkpoint.

        Values it offers too are kept, the others become its defaults; the target is to have
        done the same.

        Args:
            table: The choices.
            begin: Values, of those it offers, to have instead of the present ones.

        Returns:
            What became of the values it does not offer, in words, by name of the control.
        """
        before, said = self._controls, {}
        kept = Controls(table)
        for row in table.controls:
            try:
                coerced = coerce(row, (begin or {}).get(row.name, before[row.name]))
            except ParameterError as error:
                coerced = Coerced(row.default, f"{error}; {row.default} applied")
            kept = kept.apply(row.name, coerced.value)
            if coerced.notice:
                said[row.name] = coerced.notice
        self._controls = self._in_force = kept
        for row in table.controls:
            if row != before.table[row.name] or kept[row.name] != before[row.name]:
                for listener in self._listeners:
                    listener(row.name)
        return said

    @property
    def rows(self) -> Iterator[tuple[str, Parameter]]:
        """Every control of those who are in the band, by the name it has here."""
        table = self._controls.table
        yield from ((row.name, row) for row in table.controls)
        for player in self._mates:
            if player <= self._controls.whole("players"):
                own = (row for row in table.controls if row.each)
                yield from ((numbered(player, row.name), row) for row in own)

    def value(self, name: str) -> Value:
        """Return the value of a control, of whomever.

        Raises:
            KeyError: There is no such control or player.
        """
        player, own = whose(name)
        return (self if player == 1 else self._mates[player]).controls[own]

    def follow(self, listener: Listener) -> None:
        """Call ``listener`` after each change, before the target has acknowledged it."""
        self._listeners.append(listener)
        for player, mate in self._mates.items():
            mate.follow(_as_of(player, listener))

    def set(self, name: str, value: Value) -> Coroutine[object, object, None]:
        """Change a control at once for everyone to see; await the result to have it in force.

        Args:
            name: A control that keeps a value, e.g. ``gain/in``.
            value: What ``bridge.controls.controls.coerce`` made of the sender's value.

        Returns:
            A coroutine that must be awaited; the target is called from within it.

        Raises:
            RefusedError: When awaited. Code 8, the target did not answer in time; the old
                value is back.
            BridgeError: When awaited. The target refused; the old value is back.
        """
        return _alone(self.set_together({name: value}), name)

    def set_together(
        self, changes: Mapping[str, Value]
    ) -> Coroutine[object, object, dict[str, Exception]]:
        """Change several controls as one: seen at once, and handed over in one call.

        Those of further players are in force before the rest is handed over, so that who joins
        by it joins as it is to be.

        Args:
            changes: Values by name, as for ``set``; ``player/2/stem`` is a further player's.

        Returns:
            A coroutine that must be awaited; it returns why those failed that did, by name.
            They have their old values back, the others are in force.
        """
        further: dict[int, dict[str, Value]] = {}
        for name, value in changes.items():
            player, own = whose(name)
            further.setdefault(player, {})[own] = value
        changes = further.pop(1, {})
        under_way = [
            (player, self._mates[player].set_together(values))
            for player, values in further.items()
            if player in self._mates
        ]
        return _in_turn(under_way, self._set_own(changes))

    def _set_own(
        self, changes: Mapping[str, Value]
    ) -> Coroutine[object, object, dict[str, Exception]]:
        if not changes:
            return _nothing()
        whens = {self._controls.table[name].when for name in changes}
        lane = self._lanes[When.HOP if When.HOP in whens else When.BLOCK]
        batch = lane.gathering
        batch.names.update(changes)
        self._show(changes)
        return self._carried(lane, batch, frozenset(changes))

    async def fire(self, name: str) -> None:
        """Carry out a trigger, after the changes before it, and return when it is done.

        Args:
            name: A trigger, e.g. ``reset``; ``player/2/reseed`` is a further player's.

        Raises:
            RefusedError: Code 8, the target did not answer in time.
            BridgeError: The target refused.
            KeyError: There is no such trigger or player.
        """
        player, own = whose(name)
        if player > 1:
            await self._mates[player].fire(own)
            return
        lane = self._lanes[self._controls.table[name].when]
        if lane.gathering.names:
            lane.gathering = _Batch()  # what comes after the trigger stays after it
        async with lane.lock:
            await self._in_time(self.target.fire(name, self._controls), name)

    async def _carried(
        self, lane: _Lane, batch: _Batch, names: frozenset[str]
    ) -> dict[str, Exception]:
        async with lane.lock:
            if not batch.started:
                batch.started = True
                if lane.gathering is batch:
                    lane.gathering = _Batch()
                batch.failures = await self._commit(frozenset(batch.names))
        return {name: batch.failures[name] for name in names & batch.failures.keys()}

    def _show(self, changes: Mapping[str, Value]) -> None:
        moved = [name for name, value in changes.items() if self._controls[name] != value]
        for name in moved:
            self._controls = self._controls.apply(name, changes[name])
        for name in moved:
            for listener in self._listeners:
                listener(name)

    async def _commit(self, names: frozenset[str]) -> dict[str, Exception]:
        """Hand changes over; of a refused batch, find out which one was the trouble."""
        controls = self._controls
        try:
            await self._in_time(self.target.apply(controls, names), ", ".join(sorted(names)))
        except Exception as error:  # whatever it is, the value must be taken back first
            if len(names) == 1:
                (name,) = names
                if self._controls[name] == controls[name]:
                    self._show({name: self._in_force[name]})
                return {name: error}
            failures: dict[str, Exception] = {}
            for name in sorted(names):
                failures |= await self._commit(frozenset({name}))
            return failures
        for name in names:
            self._in_force = self._in_force.apply(name, controls[name])
        return {}

    async def _in_time(self, call: Coroutine[object, object, None], what: str) -> None:
        try:
            async with asyncio.timeout(self.patience_s):
                await call
        except TimeoutError:
            raise RefusedError(
                f"{what}: not acknowledged within {self.patience_s:g} s; see /liveband/status",
                FailureCode.TIMED_OUT,
            ) from None


def _as_of(player: int, listener: Listener) -> Listener:
    """Return a listener to a further player's desk that tells ``listener`` whose it is."""
    return lambda name: listener(numbered(player, name))


_Change = Coroutine[object, object, dict[str, Exception]]


async def _nothing() -> dict[str, Exception]:
    return {}


async def _in_turn(
    further: Sequence[tuple[int, _Change]], own: _Change
) -> dict[str, Exception]:
    """Await changes of further players, then one's own; return what failed, by name."""
    failures: dict[str, Exception] = {}
    for player, change in further:
        for name, error in (await change).items():
            failures[numbered(player, name)] = error
    return failures | await own


async def _alone(change: Coroutine[object, object, dict[str, Exception]], name: str) -> None:
    """Carry out a change of one control; raise what it failed with."""
    failures = await change
    if name in failures:
        raise failures[name]
