"""Shared memory between a host program and the bridge: moved controls, tempo, values in force.

The host is a program that runs the audio callback for us: a DAW with our plugin, or JACK's
transport, which tells the tempo only.
"""

from dataclasses import dataclass

from bridge._native import ffi, lib
from bridge.audio.shared.channel_strips import player_index
from bridge.audio.shared.clock import Clock
from bridge.audio.shared.values import SharedValue, within
from bridge.tempo import TempoMap

__all__ = ["TRIGGER_ROW", "HostChange", "HostProgram"]

TRIGGER_ROW: int = lib.LB_TRIGGER
"""What is added to the MIDI controller of a trigger where shared memory names its row."""
_CHANGES_KEPT: int = lib.LB_CHANGES - 1
"""Changes that stay readable; the place of one more is the next one's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HostChange:
    """A control that the host moved, by hand or by automation, or a trigger it fired."""

    frame: int
    """First frame that it holds for."""
    player: int
    """From 1."""
    number: int | None = None
    """Number of the control in the parameter table; None for a trigger."""
    cc: int | None = None
    """MIDI controller of the trigger; None for a control."""
    value: float
    """Of a choice the index; of a trigger 1."""


class HostProgram(Clock):
    """Shared memory with what the host program and we tell each other."""

    change_count = SharedValue(int, lib.lb_share_changes)
    """Number of changes the host has logged so far."""

    @property
    def oldest_change(self) -> int:
        """Index of the oldest logged change that can still be read."""
        return max(0, self.change_count - _CHANGES_KEPT)

    def change(self, index: int) -> HostChange | None:
        """Return a logged change; None where newer ones have overwritten it.

        A change is logged before the frames it holds for are in the mix.

        Args:
            index: From ``oldest_change`` to below ``change_count``.

        Raises:
            ValueError: It is not logged yet.
        """
        found = ffi.new("lb_change *")
        result = lib.lb_share_change(self.pointer, index, found)
        if result == lib.LB_EARLY:
            raise ValueError(f"the host has logged {self.change_count} changes, got {index=}")
        if result == lib.LB_LOST:
            return None
        is_trigger = found.row >= TRIGGER_ROW
        return HostChange(
            frame=int(found.frame),
            player=int(found.player) + 1,
            number=None if is_trigger else int(found.row),
            cc=int(found.row) - TRIGGER_ROW if is_trigger else None,
            value=float(found.value),
        )

    def log_change(self, change: HostChange) -> None:
        """Log a change; only who runs the audio callback may, between two cycles."""
        row = change.number if change.cc is None else TRIGGER_ROW + change.cc
        facts = {
            "frame": change.frame,
            "player": player_index(change.player),
            "row": row,
            "value": change.value,
        }
        lib.lb_share_log_change(self.pointer, ffi.new("lb_change *", facts))

    def host_tempo(self, frame: int) -> TempoMap | None:
        """Return the host's tempo at a frame, as a map of absolute frames; None for none."""
        found = ffi.new("lb_tempo *")
        if not lib.lb_share_tempo(self.pointer, frame, found):
            return None
        return TempoMap(
            frame=found.frame,
            beat=found.beat,
            tempo_bpm=found.tempo_bpm,
            beats_per_bar=found.beats_per_bar,
            rate=self.rate,
            rolling=bool(found.rolling),
        )

    def set_host_tempo(self, tempo: TempoMap | None) -> None:
        """Set the tempo from the next cycle on; only who runs the audio callback may.

        Args:
            tempo: In absolute frames; None for no tempo.
        """
        if tempo is None:
            lib.lb_share_set_tempo(self.pointer, ffi.NULL)
            return
        facts = {
            "since": self.frame,
            "frame": tempo.frame,
            "beat": tempo.beat,
            "tempo_bpm": tempo.tempo_bpm,
            "beats_per_bar": tempo.beats_per_bar,
            "rolling": tempo.rolling,
        }
        lib.lb_share_set_tempo(self.pointer, ffi.new("lb_tempo *", facts))

    @property
    def promised_latency(self) -> int | None:
        """Least musical latency, in frames, that the host was promised; None for no promise.

        Where there is one, cycles have any length up to ``block``.
        """
        frames = ffi.new("uint32_t *")
        promised = lib.lb_share_promised_latency(self.pointer, frames)
        return int(frames[0]) if promised else None

    def promise_latency(self, frames: int) -> None:
        """Promise the host a musical latency of at least 0..98304 frames."""
        frames = within("the promised latency", frames, 0, lib.LB_MAX_LATENCY)
        lib.lb_share_promise_latency(self.pointer, frames)

    host_heartbeats = SharedValue(int, lib.lb_share_host_heartbeats)
    """Number that the host program counts up several times a second while it runs."""

    def count_host_heartbeat(self) -> None:
        """Tell the control process that the host runs."""
        lib.lb_share_count_host_heartbeat(self.pointer)

    def count_control_heartbeat(self) -> None:
        """Tell the host that the control process runs."""
        lib.lb_share_count_control_heartbeat(self.pointer)

    settled = SharedValue(bool, lib.lb_share_settled, lib.lb_share_set_settled)
    """Whether all that the host has asked for so far is in force; a first export waits."""

    def value_told(self, player: int, number: int) -> float:
        """Return the value of a control as last told to the host.

        Args:
            player: From 1.
            number: Of the control, 0..63.

        Raises:
            ConfigError: The player or the number is out of range.
        """
        within("a control's number", number, 0, lib.LB_ROWS - 1)
        return float(lib.lb_share_value(self.pointer, player_index(player), number))

    def tell_value(self, player: int, number: int, value: float) -> None:
        """Tell the host the value of a control, which it saves with its project.

        Args:
            player: From 1.
            number: Of the control, 0..63.
            value: Of a choice the index.

        Raises:
            ConfigError: The player or the number is out of range.
        """
        within("a control's number", number, 0, lib.LB_ROWS - 1)
        lib.lb_share_set_value(self.pointer, player_index(player), number, value)

    @property
    def checkpoint_told(self) -> str:
        """Name of the checkpoint that plays, as last told to the host; empty before."""
        name = ffi.new("char[]", lib.LB_NAME)
        lib.lb_share_checkpoint(self.pointer, name)
        return bytes(ffi.string(name)).decode("utf-8", "replace")

    def tell_checkpoint(self, name: str) -> None:
        """Tell the host which checkpoint plays; names beyond 255 bytes are cut."""
        lib.lb_share_set_checkpoint(self.pointer, name.encode("utf-8", "replace"))
