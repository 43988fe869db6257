"""The control store: the values in force, and the one way to change them.

OSC, MIDI, presets and sessions all change controls here. The store shows a change to everyone
at once, hands it to the target, and takes it back if the target refuses. While the engine
acknowledges one change, further ones gather and follow in one call, the latest value of each,
so that a fader never builds a queue. Controls of the audio thread have a lane of their own, as
has every player: mute and panic do not wait for an engine that is busy or dead.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bridge.common.errors import FailureCode, ParameterError, RefusedError
from bridge.controls.controls import Coerced, Controls, coerce
from bridge.controls.parameters import MAX_PLAYERS, EffectTiming, Parameter, Table, Value
from bridge.controls.table import ControlKey
from bridge.controls.target import ControlTarget

__all__ = ["ControlStore"]

Listener = Callable[[ControlKey], None]
"""Called with the key of a control that has just changed."""

_Failures = dict[ControlKey, Exception]
_Change = Coroutine[object, object, _Failures]


@dataclass(slots=True)
class _Batch:
    """Changes that will reach the target in one call."""

    keys: set[ControlKey] = field(default_factory=set)
    started: bool = False
    failures: _Failures = field(default_factory=dict)


@dataclass(slots=True)
class _Lane:
    """Calls to the target that must keep their order, one at a time."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    gathering: _Batch = field(default_factory=_Batch)


class ControlStore:
    """Holds every control's value, of all players, on behalf of all control surfaces.

    Args:
        target: What the controls act on.
        controls: The values it was started with.
        patience_s: Longest wait for the target to acknowledge a change.
    """

    def __init__(
        self, target: ControlTarget, controls: Controls, *, patience_s: float = 10.0
    ) -> None:
        self.target = target
        self.patience_s = patience_s
        self._controls = self._in_force = controls.of(1)
        self._lanes: dict[tuple[int, EffectTiming], _Lane] = defaultdict(_Lane)
        self._listeners: list[Listener] = []

    @property
    def controls(self) -> Controls:
        """The values as every control surface should show them, seen by the first player."""
        return self._controls

    def use_table(
        self, table: Table, begin: Mapping[str, Value] | None = None
    ) -> Mapping[ControlKey, str]:
        """Take the choices of another table of the same rows, as of another checkpoint.

        Values it offers too are kept, the others become its defaults; the target is to have
        done the same.

        Args:
            table: The choices.
            begin: Values, of those it offers, to have instead of every player's present ones.

        Returns:
            What became of the values it does not offer, in words.
        """
        before, said = self._controls, {}
        kept = Controls(table)
        for key in table.control_keys(MAX_PLAYERS):
            row = table[key.name]
            try:
                coerced = coerce(row, (begin or {}).get(key.name, self.value(key)))
            except ParameterError as error:
                coerced = Coerced(row.default, f"{error}; {row.default} applied")
            kept = kept.of(key.player).apply(key.name, coerced.value)
            if coerced.notice:
                said[key] = coerced.notice
        self._controls = self._in_force = kept.of(1)
        for key in table.control_keys(MAX_PLAYERS):
            was = before.of(key.player)[key.name]
            if table[key.name] != before.table[key.name] or self.value(key) != was:
                self._tell(key)
        return said

    @property
    def rows(self) -> Iterator[tuple[ControlKey, Parameter]]:
        """Every control of those who are in the band."""
        table = self._controls.table
        for key in table.control_keys(self._controls.whole("players")):
            yield key, table[key.name]

    def value(self, key: ControlKey) -> Value:
        """Return the value of a control.

        Raises:
            KeyError: There is no such control.
        """
        return self._controls.of(key.player)[key.name]

    def follow(self, listener: Listener) -> None:
        """Call ``listener`` after each change, before the target has acknowledged it."""
        self._listeners.append(listener)

    def set(self, key: ControlKey, value: Value) -> Coroutine[object, object, None]:
        """Change a control at once for everyone to see; await the result to have it in force.

        Args:
            key: A control that keeps a value, e.g. ``gain/in``.
            value: What ``bridge.controls.controls.coerce`` made of the sender's value.

        Returns:
            A coroutine that must be awaited; the target is called from within it.

        Raises:
            RefusedError: When awaited. Code 8, the target did not answer in time; the old
                value is back.
            BridgeError: When awaited. The target refused; the old value is back.
        """
        return _alone(self.set_together({key: value}), key)

    def set_together(
        self, changes: Mapping[ControlKey, Value]
    ) -> Coroutine[object, object, dict[ControlKey, Exception]]:
        """Change several controls as one: seen at once, and handed over in one call.

        Those of further players are in force before the rest is handed over, so that who joins
        by it joins as it is to be.

        Args:
            changes: Values by key, as for ``set``.

        Returns:
            A coroutine that must be awaited; it returns why those failed that did, by key.
            They have their old values back, the others are in force.
        """
        by_player: dict[int, dict[ControlKey, Value]] = {}
        for key, value in changes.items():
            by_player.setdefault(key.player, {})[key] = value
        further_first = sorted(by_player, key=lambda player: player == 1)
        return _in_turn([self._begin(player, by_player[player]) for player in further_first])

    def _begin(self, player: int, changes: Mapping[ControlKey, Value]) -> _Change:
        """Show one player's changes and put them in line for the target."""
        whens = {self._controls.table[key.name].when for key in changes}
        lane = self._lanes[
            player, EffectTiming.HOP if EffectTiming.HOP in whens else EffectTiming.BLOCK
        ]
        batch = lane.gathering
        batch.keys.update(changes)
        self._show(changes)
        return self._carried(lane, batch, frozenset(changes))

    async def fire(self, key: ControlKey) -> None:
        """Carry out a trigger, after the changes before it, and return when it is done.

        Raises:
            RefusedError: Code 8, the target did not answer in time.
            BridgeError: The target refused.
            KeyError: There is no such trigger.
        """
        lane = self._lanes[key.player, self._controls.table[key.name].when]
        if lane.gathering.keys:
            lane.gathering = _Batch()  # what comes after the trigger stays after it
        async with lane.lock:
            await self._in_time(self.target.fire(key, self._controls), key.name)

    async def _carried(
        self, lane: _Lane, batch: _Batch, keys: frozenset[ControlKey]
    ) -> _Failures:
        async with lane.lock:
            if not batch.started:
                batch.started = True
                if lane.gathering is batch:
                    lane.gathering = _Batch()
                batch.failures = await self._commit(frozenset(batch.keys))
        return {key: batch.failures[key] for key in keys & batch.failures.keys()}

    def _show(self, changes: Mapping[ControlKey, Value]) -> None:
        moved = [key for key, value in changes.items() if self.value(key) != value]
        for key in moved:
            self._controls = _changed(self._controls, key, changes[key])
        for key in moved:
            self._tell(key)

    def _tell(self, key: ControlKey) -> None:
        for listener in self._listeners:
            listener(key)

    async def _commit(self, keys: frozenset[ControlKey]) -> _Failures:
        """Hand changes over; of a refused batch, find out which one was the trouble."""
        controls = self._controls
        names = ", ".join(sorted(key.name for key in keys))
        try:
            await self._in_time(self.target.apply(controls, keys), names)
        except Exception as error:  # whatever it is, the value must be taken back first
            if len(keys) == 1:
                (key,) = keys
                if self.value(key) == controls.of(key.player)[key.name]:
                    self._show({key: self._in_force.of(key.player)[key.name]})
                return {key: error}
            failures: _Failures = {}
            for key in sorted(keys):
                failures |= await self._commit(frozenset({key}))
            return failures
        for key in keys:
            value = controls.of(key.player)[key.name]
            self._in_force = _changed(self._in_force, key, value)
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


def _changed(controls: Controls, key: ControlKey, value: Value) -> Controls:
    """Return values, seen by the first player, of which one is another."""
    return controls.of(key.player).apply(key.name, value).of(1)


async def _in_turn(changes: Sequence[_Change]) -> _Failures:
    """Await changes of one player after another; return what failed."""
    failures: _Failures = {}
    for change in changes:
        failures |= await change
    return failures


async def _alone(change: _Change, key: ControlKey) -> None:
    """Carry out a change of one control; raise what it failed with."""
    failures = await change
    if key in failures:
        raise failures[key]
