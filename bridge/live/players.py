"""The players of a running band, and their controls put into force.

Everything here runs in the control process's asyncio loop.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import Any

from bridge.audio.shared.share import AudioShare
from bridge.common.errors import BridgeError, ConfigError, ParameterError
from bridge.config import anticipation_hops, draw_seed
from bridge.controls.controls import Controls
from bridge.controls.table import ControlKey
from bridge.controls.target import IN_FORCE, WaitingParts
from bridge.engine.reply_futures import RequestAnswer
from bridge.engine.supervisor import Supervisor
from bridge.protocols import Conditions
from bridge.stream.hop_scheduler import FIRST_PLAYER
from bridge.tempo import QuantizeGrid
from model.formats.conditions import ANY_GROOVE, actual_groove

__all__ = ["CONDITIONS", "CONTROLS", "Players", "waiting_parts"]

CONDITIONS = frozenset({"stem", "anticipation", "noise", "seed", "groove", "freeze"})
"""Controls that go to the engine, as fields of ``Conditions``."""
_FIELDS = {"anticipation": "anticipation_hops"}
"""Controls whose field in ``Conditions`` has another name."""
_QUANTIZED = frozenset({"stem", "freeze"})
_HEARD = frozenset({"stem", "seed", "groove"})
"""Fields of the conditions that readings of the take tell."""
_TAKE = frozenset({"seed"})
"""Control that distinguishes one take from another."""
_STRIP = frozenset({"bypass", "mute", "gain/out"})
"""Controls of the audio callback of which every player has one."""
_MIXER = _STRIP | {"listen", "latency/loop", "gain/in", "fade"}
"""Controls of the audio callback."""
CONTROLS = CONDITIONS | _MIXER | {"enable", "players", "quantize"}
"""Controls that are put into force here."""


class Players:
    """Puts the players' controls into force.

    Args:
        share: Has a strip for each.
        supervisor: Of the engine that plays them.
        add_outputs: Gives the players up to a number output ports of their own, for good.
    """

    def __init__(
        self,
        share: AudioShare,
        supervisor: Supervisor,
        add_outputs: Callable[[int], Awaitable[None]],
    ) -> None:
        self._share = share
        self._supervisor = supervisor
        self._add_outputs = add_outputs
        self._controls: dict[int, Controls] = {}
        self._still: dict[int, dict[str, Any]] = defaultdict(dict)
        """Of each player the fields of its conditions that are still others than asked for."""
        self.held = False
        """Whether all pause as if switched off, whatever ``enable`` says."""

    @property
    def count(self) -> int:
        """Number of players in the band."""
        return self._share.players

    @property
    def numbers(self) -> range:
        """Numbers of the players in the band."""
        return range(FIRST_PLAYER, FIRST_PLAYER + self.count)

    @property
    def conditions(self) -> tuple[Conditions, ...]:
        """Conditions that the players in the band were last given."""
        known = map(self._supervisor.conditions_of, self.numbers)
        return tuple(conditions for conditions in known if conditions is not None)

    def is_wanted(self, player: int) -> bool:
        """Return whether a player is switched on."""
        controls = self._controls.get(player)
        return controls is None or controls.flag("enable")

    def note(self, player: int, controls: Controls) -> None:
        """Keep the controls of a player, who may not be in the band yet."""
        self._controls[player] = controls.of(player)

    async def apply(self, controls: Controls, changed: frozenset[ControlKey]) -> WaitingParts:
        """Put changed controls into force; those of players not in the band wait.

        Returns:
            Those that the engine took but that wait for the beat.

        Raises:
            ParameterError: The engine refused, or JACK refused outputs.
        """
        waiting = IN_FORCE
        if ControlKey(FIRST_PLAYER, "quantize") in changed:
            # not awaited: mute is in the same lane, and never waits for the engine
            self._supervisor.requantize(QuantizeGrid(controls.text("quantize")))
        for player in sorted({key.player for key in changed}):
            names = frozenset(key.name for key in changed if key.player == player)
            own = await self._apply_own(player, controls.of(player), names)
            waiting = waiting.joined(own)
        if ControlKey(FIRST_PLAYER, "players") in changed:
            await self.resize(controls.whole("players"))
        return waiting

    async def _apply_own(
        self, player: int, controls: Controls, changed: frozenset[str]
    ) -> WaitingParts:
        self.note(player, controls)
        if mixed := changed & _MIXER:
            self._mix(player, controls, mixed)
        if "enable" in changed:
            self._switch(player)
        moved = changed & CONDITIONS
        if not moved or player > self.count:
            return IN_FORCE
        quantized = controls.text("quantize") if moved & _QUANTIZED else QuantizeGrid.OFF
        grid = QuantizeGrid(quantized)
        taken = await self.condition(player, asked=moved, grid=grid)
        keys = {_FIELDS.get(name, name): ControlKey(player, name) for name in moved}
        return waiting_parts(taken, keys, grid)

    async def reseed(self, player: int, grid: QuantizeGrid = QuantizeGrid.OFF) -> None:
        """Draw a new seed for a player, which chooses a groove where it is to be chosen.

        Raises:
            ParameterError: The engine refused.
        """
        await self.condition(player, draw_seed(-1), asked=_TAKE, grid=grid)

    async def reseed_all(self, grid: QuantizeGrid) -> None:
        """Begin new takes, as a reset does: with the seeds of the controls, or drawn ones.

        Raises:
            ParameterError: The engine refused.
        """
        for player in self.numbers:
            wanted = self._of(player).whole("seed")
            if self.seed(player) != wanted:
                await self.condition(player, draw_seed(wanted), asked=_TAKE, grid=grid)

    async def resize(self, count: int) -> None:
        """Let players join behind the last one, or the last ones leave.

        Who leaves fades out and costs nothing from then on; its outputs stay.

        Raises:
            ParameterError: The engine refused what a player is to be, or JACK refused its
                outputs. Nobody has joined then.
        """
        before = self.count
        try:
            for player in range(before + 1, count + 1):
                await self._join(player)
        except BridgeError:
            self._dismiss_beyond(before)
            raise
        self._dismiss_beyond(count)

    async def _join(self, player: int) -> None:
        await self._add_outputs(player)
        self._mix(player, self._of(player), _STRIP)
        await self.condition(player, asked=CONDITIONS, grid=QuantizeGrid.OFF)
        self._share.players = player
        self._switch(player)

    def _dismiss_beyond(self, count: int) -> None:
        for player in range(self.count, count, -1):
            self._share.strip(player).enabled = False
            self._share.players = player - 1

    def hold(self, held: bool) -> None:
        """Let all pause as if switched off, or play on."""
        self.held = held
        for player in self.numbers:
            self._switch(player)

    def seed(self, player: int) -> int:
        """Return the seed of the take that a player now plays."""
        conditions = self._supervisor.conditions_of(player)
        return draw_seed(-1) if conditions is None else conditions.seed

    async def condition(
        self,
        player: int,
        seed: int | None = None,
        *,
        asked: frozenset[str],
        grid: QuantizeGrid,
    ) -> RequestAnswer:
        """Ask the engine to play what the controls say.

        Args:
            player: Who.
            seed: Instead of the control's, whose -1 keeps the seed there is.
            asked: Controls that wait for the grid.
            grid: What they wait for.

        Returns:
            What of it waits.

        Raises:
            ParameterError: The engine refused.
        """
        conditions = self._conditions(player, seed)
        fields = frozenset(_FIELDS.get(name, name) for name in asked)
        actual = self._actual(player)
        try:
            taken = await asyncio.wrap_future(
                self._supervisor.condition(conditions, player=player, asked=fields, grid=grid)
            )
            self._keep_actual(player, actual, fields, taken)
            return taken
        except ConfigError as error:
            text = str(error) if player == FIRST_PLAYER else f"player {player}: {error}"
            raise ParameterError(text) from error

    def _conditions(self, player: int, seed: int | None = None) -> Conditions:
        own, common = self._of(player), self._controls[FIRST_PLAYER]
        if seed is None:
            seed = self.seed(player) if own.whole("seed") == -1 else own.whole("seed")
        return Conditions(
            stem=own.text("stem"),
            anticipation_hops=anticipation_hops(common.real("anticipation")),
            noise=own.real("noise"),
            seed=seed,
            groove=own.text("groove"),
            freeze=common.flag("freeze"),
        )

    def adopt(self, player: int, controls: Controls) -> None:
        """Take note of a player's controls that are in force already, moved by the host."""
        self.note(player, controls)
        if self.held:
            self._switch(player)
        if player <= self.count:
            self._supervisor.note(player, self._conditions(player))

    def actual_seed(self, player: int) -> int:
        """Return the seed of the take that a player now plays, while another may wait."""
        conditions = self._actual(player)
        return self.seed(player) if conditions is None else conditions.seed

    def _actual(self, player: int) -> Conditions | None:
        """Return a player's conditions without those that wait for the beat."""
        conditions = self._supervisor.conditions_of(player)
        return None if conditions is None else replace(conditions, **self._still[player])

    def _keep_actual(
        self,
        player: int,
        actual: Conditions | None,
        asked: frozenset[str],
        taken: RequestAnswer,
    ) -> None:
        """Keep what is in force of the fields that wait from now on, until they come."""
        still = self._still[player]
        for name in asked & _HEARD:
            if name not in taken.parts or actual is None:
                still.pop(name, None)
                continue
            still[name] = getattr(actual, name)
            _in_loop(taken.parts[name]).add_done_callback(partial(_forget, still, name))

    def groove(self, player: int) -> str:
        """Return the groove of the take that a player now plays, while another may wait."""
        conditions, model = self._actual(player), self._supervisor.status.model
        if conditions is None or model is None:
            return ANY_GROOVE
        return actual_groove(conditions, model.likely_grooves)

    def _of(self, player: int) -> Controls:
        """Return a player's controls; who was never told anything does as the first."""
        return self._controls.get(player, self._controls[FIRST_PLAYER])

    def _mix(self, player: int, controls: Controls, names: frozenset[str]) -> None:
        """Put controls where the audio callback looks for them, at every block."""
        share, strip = self._share, self._share.strip(player)
        for name in names:
            match name:
                case "bypass":
                    strip.bypass = controls.flag(name)
                case "mute":
                    strip.mute = controls.flag(name)
                case "gain/out":
                    strip.gain_out = controls.linear(name)
                case "listen":
                    share.listening = controls.flag(name)
                case "latency/loop":
                    share.loop = controls.flag(name)
                case "gain/in":
                    share.gain_in = controls.linear(name)
                case "fade":
                    frames = round(controls.real(name) * share.rate / 1000.0)
                    share.fade_frames = max(1, frames)

    def _switch(self, player: int) -> None:
        on = self.is_wanted(player) and not self.held and player <= self.count
        self._share.strip(player).enabled = on


def waiting_parts(
    taken: RequestAnswer, keys: Mapping[str, ControlKey], grid: QuantizeGrid
) -> WaitingParts:
    """Return what of a request waits for the beat, by control.

    Args:
        taken: Answer of the engine.
        keys: Controls by the names the engine has for them.
        grid: The line that is waited for.
    """
    parts = {keys[name]: _in_loop(part) for name, part in taken.parts.items()}
    return WaitingParts(parts=parts, line=grid.value, within_s=taken.within_s)


def _in_loop(part: "Future[None]") -> "asyncio.Future[None]":
    """Return a future of the running loop; nobody needs to await it."""
    future = asyncio.wrap_future(part)
    future.add_done_callback(lambda done: done.cancelled() or done.exception())
    return future


def _forget(still: dict[str, Any], name: str, part: "asyncio.Future[None]") -> None:
    """Forget a value that has come; where it was superseded, another one waits."""
    if part.exception() is None:
        still.pop(name, None)
