"""The control store: the values in force, and the one way to change them.

OSC, MIDI, presets and sessions all change controls here. The store shows a change to everyone
at once, hands it to the target, and takes it back if the target refuses. While the engine
acknowledges one change, further ones gather and follow in one call, the latest value of each,
so that a fader never builds a queue. Controls of the audio thread have a lane of their own, as
has every player: mute and panic do not wait for an engine that is busy or dead.

A change that waits for the beat is taken when the engine has acknowledged it, and holds up
nothing behind it; whoever asked for it is told once it is in force, or that a later change of
the same control took its place.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bridge.common.errors import (
    FailureCode,
    ParameterError,
    RefusedError,
    SupersededError,
)
from bridge.controls.controls import Coerced, Controls, coerce
from bridge.controls.parameters import MAX_PLAYERS, EffectTiming, Parameter, Table, Value
from bridge.controls.table import ControlKey
from bridge.controls.target import IN_FORCE, ControlTarget, WaitingParts

__all__ = ["ControlStore", "WaitListener"]

Listener = Callable[[ControlKey], None]
"""Called with the key of a control that has just changed."""

WaitListener = Callable[[WaitingParts], None]
"""Called once with what of a change waits for the beat, if anything does."""

_Failures = dict[ControlKey, Exception]
_Taken = tuple[_Failures, WaitingParts]
"""What of a change failed, and what waits."""
_Change = Coroutine[object, object, _Taken]


@dataclass(slots=True)
class _Batch:
    """Changes that will reach the target in one call."""

    keys: set[ControlKey] = field(default_factory=set)
    started: bool = False
    failures: _Failures = field(default_factory=dict)
    waiting: WaitingParts = IN_FORCE
    values: dict[ControlKey, Value] = field(default_factory=dict)
    """Values handed over."""


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
        self._controls = self._taken = controls.of(1)
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
        self._controls = self._taken = kept.of(1)
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

    def set(
        self, key: ControlKey, value: Value, on_wait: WaitListener | None = None
    ) -> Coroutine[object, object, None]:
        """Change a control at once for everyone to see; await the result to have it in force.

        Args:
            key: A control that keeps a value, e.g. ``gain/in``.
            value: What ``bridge.controls.controls.coerce`` made of the sender's value.
            on_wait: Called if it waits for the beat.

        Returns:
            A coroutine that must be awaited; the target is called from within it.

        Raises:
            SupersededError: When awaited. A later change came before the beat it waited for.
            RefusedError: When awaited. Code 8, the target did not answer in time; the old
                value is back. Or the beat did not come in time; it goes on waiting.
            BridgeError: When awaited. The target refused; the old value is back.
        """
        return _alone(self.set_together({key: value}, on_wait), key)

    def set_together(
        self, changes: Mapping[ControlKey, Value], on_wait: WaitListener | None = None
    ) -> Coroutine[object, object, dict[ControlKey, Exception]]:
        """Change several controls as one: seen at once, and handed over in one call.

        Those of further players are taken before the rest is handed over, so that who joins
        by it joins as it is to be.

        Args:
            changes: Values by key, as for ``set``.
            on_wait: Called if some of them wait for the beat.

        Returns:
            A coroutine that must be awaited until all are in force; it returns why those failed
            that did, by key. They have their old values back, but for those that a later change
            superseded.
        """
        return self._in_force(self._hand_over(changes), on_wait)

    def hand_over(
        self, changes: Mapping[ControlKey, Value]
    ) -> Coroutine[object, object, dict[ControlKey, Exception]]:
        """Change several controls as ``set_together``, but return once the target took them.

        What waits for the beat comes into force at its time.
        """
        return _failures(self._hand_over(changes))

    def _hand_over(self, changes: Mapping[ControlKey, Value]) -> _Change:
        by_player: dict[int, dict[ControlKey, Value]] = {}
        for key, value in changes.items():
            by_player.setdefault(key.player, {})[key] = value
        further_first = sorted(by_player, key=lambda player: player == 1)
        return _in_turn([self._begin(player, by_player[player]) for player in further_first])

    async def _in_force(self, change: _Change, on_wait: WaitListener | None) -> _Failures:
        failures, waiting = await change
        if waiting.parts and on_wait is not None:
            on_wait(waiting)
        return failures | await self._landed(waiting)

    async def _landed(self, waiting: WaitingParts) -> _Failures:
        """Wait until all parts are in force; return why those are not that are not."""
        if not waiting.parts:
            return {}
        within_s = waiting.within_s + self.patience_s
        await asyncio.wait(waiting.parts.values(), timeout=within_s)
        failures: _Failures = {}
        for key, part in waiting.parts.items():
            if not part.done():
                text = (
                    f"{key.name} still waits for the {waiting.line} after {within_s:.0f} s; "
                    "see /liveband/status and /liveband/quantize/pending"
                )
                failures[key] = RefusedError(text, FailureCode.TIMED_OUT)
            elif isinstance(error := part.exception(), Exception):
                failures[key] = error
        return failures

    def _begin(self, player: int, changes: Mapping[ControlKey, Value]) -> _Change:
        """Show one player's changes and put them in line for the target."""
        whens = {self._controls.table[key.name].when for key in changes}
        lane = self._lanes[
            player, EffectTiming.HOP if EffectTiming.HOP in whens else EffectTiming.BLOCK
        ]
        batch = lane.gathering
        batch.keys.update(changes)
        self._show(changes)
        return self._carried(lane, batch, changes)

    def adopt(self, changes: Mapping[ControlKey, Value]) -> None:
        """Show changes that the target has in force already, as those a host program made."""
        self._show(changes)
        for key, value in changes.items():
            self._taken = _changed(self._taken, key, value)

    async def fire(self, key: ControlKey, on_wait: WaitListener | None = None) -> None:
        """Carry out a trigger, after the changes before it, and return when it is done.

        Args:
            key: The trigger.
            on_wait: Called if it waits for the beat.

        Raises:
            SupersededError: It was fired again before the beat it waited for.
            RefusedError: Code 8, the target or the beat did not come in time.
            BridgeError: The target refused.
            KeyError: There is no such trigger.
        """
        waiting = await self.start(key)
        if waiting.parts and on_wait is not None:
            on_wait(waiting)
        for error in (await self._landed(waiting)).values():
            raise error

    async def start(self, key: ControlKey) -> WaitingParts:
        """Carry out a trigger as ``fire`` does, but return once the target took it.

        Raises:
            RefusedError: Code 8, the target did not answer in time.
            BridgeError: The target refused.
            KeyError: There is no such trigger.
        """
        lane = self._lanes[key.player, self._controls.table[key.name].when]
        if lane.gathering.keys:
            lane.gathering = _Batch()  # what comes after the trigger stays after it
        async with lane.lock:
            return await self._in_time(self.target.fire(key, self._controls), key.name)

    async def _carried(
        self, lane: _Lane, batch: _Batch, changes: Mapping[ControlKey, Value]
    ) -> _Taken:
        async with lane.lock:
            if not batch.started:
                batch.started = True
                if lane.gathering is batch:
                    lane.gathering = _Batch()
                await self._commit(frozenset(batch.keys), batch)
        failures = {key: batch.failures[key] for key in changes.keys() & batch.failures.keys()}
        parts = {}
        for key in changes.keys() & batch.waiting.parts.keys():
            if batch.values[key] == changes[key]:
                parts[key] = batch.waiting.parts[key]
            else:
                failures[key] = SupersededError()
        return failures, replace(batch.waiting, parts=parts)

    def _show(self, changes: Mapping[ControlKey, Value]) -> None:
        moved = [key for key, value in changes.items() if self.value(key) != value]
        for key in moved:
            self._controls = _changed(self._controls, key, changes[key])
        for key in moved:
            self._tell(key)

    def _tell(self, key: ControlKey) -> None:
        for listener in self._listeners:
            listener(key)

    async def _commit(self, keys: frozenset[ControlKey], batch: _Batch) -> None:
        """Hand changes over; of a refused batch, find out which one was the trouble."""
        controls = self._controls
        names = ", ".join(sorted(key.name for key in keys))
        try:
            waiting = await self._in_time(self.target.apply(controls, keys), names)
        except Exception as error:  # whatever it is, the value must be taken back first
            if len(keys) == 1:
                (key,) = keys
                if self.value(key) == controls.of(key.player)[key.name]:
                    self._show({key: self._taken.of(key.player)[key.name]})
                batch.failures[key] = error
                return
            for key in sorted(keys):
                await self._commit(frozenset({key}), batch)
            return
        for key in keys:
            value = batch.values[key] = controls.of(key.player)[key.name]
            self._taken = _changed(self._taken, key, value)
        batch.waiting = batch.waiting.joined(waiting)

    async def _in_time(
        self, call: Coroutine[object, object, WaitingParts], what: str
    ) -> WaitingParts:
        try:
            async with asyncio.timeout(self.patience_s):
                return await call
        except TimeoutError:
            raise RefusedError(
                f"{what}: not acknowledged within {self.patience_s:g} s; see /liveband/status",
                FailureCode.TIMED_OUT,
            ) from None


def _changed(controls: Controls, key: ControlKey, value: Value) -> Controls:
    """Return values, seen by the first player, of which one is another."""
    return controls.of(key.player).apply(key.name, value).of(1)


async def _in_turn(changes: Sequence[_Change]) -> _Taken:
    """Hand over changes of one player after another; return what failed and what waits."""
    failures: _Failures = {}
    waiting = IN_FORCE
    for change in changes:
        failed, waits = await change
        failures |= failed
        waiting = waiting.joined(waits)
    return failures, waiting


async def _failures(change: _Change) -> _Failures:
    """Hand over a change; return what failed."""
    failures, _ = await change
    return failures


async def _alone(change: Coroutine[object, object, _Failures], key: ControlKey) -> None:
    """Carry out a change of one control; raise what it failed with."""
    failures = await change
    if key in failures:
        raise failures[key]
