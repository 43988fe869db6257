"""The audio share: memory in which callback, engine and control process exchange audio.

Every call is short, takes no lock and holds no GIL while it is in C. Positions are absolute
frames at the host's rate. The layout and its rules are in ``bridge/native/share.h``.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from bridge._native import ffi, lib
from bridge.audio.shared.channel_strips import ChannelStrip, player_index
from bridge.audio.shared.clock import LONGEST_BLOCK
from bridge.audio.shared.counters import (
    EngineState,
    Meters,
    ShareCounters,
)
from bridge.audio.shared.host_program import HostProgram
from bridge.audio.shared.values import SharedValue, in_range, linear_gain, within
from bridge.controls.table import MAX_PLAYERS
from bridge.protocols import Audio, BandAudio
from bridge.tempo import TempoEstimate, TempoMap

__all__ = ["AudioShare", "EngineState"]


class AudioShare(HostProgram):
    """The share with its mix, stem, counters, controls and MIDI queues.

    Example:
        >>> with AudioShare.create(rate=48_000, hop=2400) as share:
        ...     share.begin_generation(share.generation)
        ...     share.write_stem(0, np.zeros(2400, np.float32))
        ...     share.stem_written
        2400
    """

    # -- mix: written by the callback, read by the engine -----------------------------------

    mix_written = SharedValue(int, lib.lb_share_mix_written)
    """Frame up to which the mix was written, exclusive."""

    @property
    def mix_kept(self) -> int:
        """Oldest frame of the mix that can still be read, where the callback has been."""
        return max(0, self.mix_written - int(lib.LB_RING - lib.LB_GUARD))

    def wait_mix(self, frame: int, timeout_s: float) -> bool:
        """Wait until the mix is written up to ``frame``; the callback wakes us per hop.

        Args:
            frame: Position the mix must reach, exclusive.
            timeout_s: Longest wait.

        Returns:
            Whether the mix is there. ``False`` at once when the host's generation is not
            the one given to :meth:`begin_generation`, on a signal, and after the timeout.
        """
        return bool(lib.lb_share_wait_mix(self.pointer, frame, timeout_s))

    def read_mix(self, frame: int, n: int) -> Audio | None:
        """Return ``n`` frames of the mix from ``frame`` on, shape ``(n,)``.

        Returns:
            A copy, or ``None`` when newer frames have overwritten it.

        Raises:
            ValueError: The mix is not written that far yet.
        """
        audio = np.empty(within("n", n, 0, lib.LB_RING - lib.LB_GUARD), np.float32)
        result = lib.lb_share_read_mix(
            self.pointer, frame, ffi.from_buffer("float *", audio), n
        )
        if result == lib.LB_EARLY:
            raise ValueError(
                f"the mix is written up to frame {self.mix_written}, "
                f"asked for {frame}..{frame + n}; call wait_mix first"
            )
        return None if result == lib.LB_LOST else audio

    # -- stem: written by the engine, read by the callback ----------------------------------

    def begin_generation(self, generation: int) -> None:
        """Empty the stem rings; what is written next belongs to this generation.

        What still sounds is ramped out by the callback.
        """
        lib.lb_share_begin_generation(self.pointer, generation)

    def write_stem(
        self, position: int, audio: BandAudio, players: Sequence[int] | None = None
    ) -> None:
        """Write stem audio at its absolute place on the music's timeline.

        Players without a row are silent in these frames. A position that does not continue the
        last one starts a new run: what was written before and not yet played is dropped.

        Args:
            position: First frame, from 0.
            audio: Float32, shape ``(players, frames)``, or ``(frames,)`` for the first alone.
            players: Whose the rows are, ascending; None for the first ones.

        Raises:
            ConfigError: There can be no such player.
            ValueError: The rings hold about 5 s and the audio lies further ahead, or the rows
                are not as many as the players.
        """
        samples = np.atleast_2d(np.ascontiguousarray(audio, np.float32))
        rows, frames = samples.shape
        whose = range(1, rows + 1) if players is None else players
        if len(whose) != rows:
            raise ValueError(f"expected a row for each of {len(whose)} players, got {rows}")
        bits = sum(1 << player_index(player) for player in whose)
        buffer = ffi.from_buffer("float *", samples)
        if lib.lb_share_write_stem(self.pointer, position, buffer, frames, bits) != lib.LB_OK:
            raise ValueError(
                f"a stem ring holds {lib.LB_RING - lib.LB_GUARD} frames from {self.frame} "
                f"on, got {frames} frames for {position}; wait for the clock"
            )

    def read_stem(self, position: int, n: int, player: int = 1) -> Audio | None:
        """Return what the engine wrote at ``n`` frames, silence where it wrote nothing.

        Args:
            position: First frame on the music's timeline.
            n: How many, up to the ring's 5 s.
            player: Whose.

        Returns:
            A copy, shape ``(n,)``, or ``None`` when newer frames have overwritten it.
        """
        audio = np.empty(within("n", n, 0, lib.LB_RING - lib.LB_GUARD), np.float32)
        result = lib.lb_share_read_stem(
            self.pointer,
            player_index(player),
            position,
            ffi.from_buffer("float *", audio),
            n,
        )
        return None if result == lib.LB_LOST else audio

    stem_written = SharedValue(int, lib.lb_share_stem_written)
    """Position up to which the stem is written, exclusive; 0 before its first frame."""

    @property
    def musical_latency(self) -> int:
        """Frames by which the output trails the timeline it was made for, 0..98304.

        Set it where there is no loop, else :meth:`publish_latency`.
        """
        return int(lib.lb_share_latency(self.pointer))

    @musical_latency.setter
    def musical_latency(self, frames: int) -> None:
        self.publish_latency(frames, 0)

    def publish_latency(self, musical: int, loop: int) -> None:
        """Say how late the output is to be once it is where it is listened to.

        The callback moves the stem there within :attr:`fade_frames`, all players at once.

        Args:
            musical: Frames, 0..98304.
            loop: Frames of them, or more, that pass after the stem has left us, 0..1048576.
        """
        lib.lb_share_set_latency(
            self.pointer,
            within("musical_latency", musical, 0, lib.LB_MAX_LATENCY),
            within("loop", loop, 0, LONGEST_BLOCK),
        )

    stem_delay = SharedValue(int, lib.lb_share_delay)
    """Frames by which the stem leaves after its place; negative if before, for a loop."""

    # -- engine ---------------------------------------------------------------------------

    engine_live = SharedValue(bool, lib.lb_share_engine_live, lib.lb_share_set_engine_live)
    """Whether an engine plays; only then missing frames count as underruns."""

    engine_state = SharedValue(
        EngineState, lib.lb_share_engine_state, lib.lb_share_set_engine_state
    )
    """What the engine process says it is doing."""

    @property
    def beat(self) -> TempoEstimate | None:
        """What the beat tracker makes out, in absolute frames; None while it makes out none."""
        told = ffi.new("lb_beat *")
        if not lib.lb_share_beat(self.pointer, told):
            return None
        tempo = TempoMap(
            frame=told.frame,
            beat=told.beat,
            tempo_bpm=told.tempo_bpm,
            beats_per_bar=told.beats_per_bar,
            rate=self.rate,
            rolling=bool(told.rolling),
        )
        return TempoEstimate(tempo, told.confidence)

    def publish_beat(self, beat: TempoEstimate | None) -> None:
        """Tell what the beat tracker makes out, in absolute frames; None for nothing."""
        if beat is None:
            lib.lb_share_publish_beat(self.pointer, ffi.NULL)
            return
        tempo = beat.tempo
        facts = {
            "frame": tempo.frame,
            "beat": tempo.beat,
            "tempo_bpm": tempo.tempo_bpm,
            "beats_per_bar": tempo.beats_per_bar,
            "confidence": beat.confidence,
            "rolling": tempo.rolling,
        }
        lib.lb_share_publish_beat(self.pointer, ffi.new("lb_beat *", facts))

    def record_step(self, seconds: float) -> None:
        """Count one hop and remember how long its step took."""
        lib.lb_share_record_step(self.pointer, seconds * 1e6)

    def step_times(self) -> NDArray[np.float32]:
        """Return the last step times in seconds, at most 1024, oldest first."""
        return self._times(lib.lb_share_step_times)

    def cycle_times(self) -> NDArray[np.float32]:
        """Return the audio callback's last times in seconds, at most 1024, oldest first.

        While freewheeling they hold its wait for the engine.
        """
        return self._times(lib.lb_share_cycle_times)

    def _times(self, read: Callable[[object, object], int]) -> NDArray[np.float32]:
        times = np.empty(lib.LB_STEPS, np.float32)
        known = read(self.pointer, ffi.from_buffer("float *", times))
        return times[:known] * np.float32(1e-6)

    def add_late(self, hops: int = 1) -> None:
        """Count hops that were finished after they were due."""
        lib.lb_share_add_late(self.pointer, hops)

    def add_skipped(self, hops: int) -> None:
        """Count hops of the mix the model was not given."""
        lib.lb_share_add_skipped(self.pointer, hops)

    def snapshot(self) -> ShareCounters:
        """Return every counter as it is now."""
        counters = ffi.new("lb_counters *")
        lib.lb_share_counters(self.pointer, counters)
        return ShareCounters(
            **{name: int(getattr(counters, name)) for name in ShareCounters.__slots__}
        )

    # -- controls -------------------------------------------------------------------------

    gain_in = SharedValue(float, lib.lb_share_gain_in, lib.lb_share_set_gain_in, linear_gain)
    """Linear gain on the mix before it is heard; reached within 10 ms."""

    def strip(self, player: int) -> ChannelStrip:
        """Return gain, mute, bypass and switch of one player.

        Raises:
            ConfigError: There can be no such player.
        """
        return ChannelStrip(self, player)

    @property
    def strips(self) -> tuple[ChannelStrip, ...]:
        """Those of all players there can be, in their order."""
        return tuple(self.strip(player) for player in range(1, MAX_PLAYERS + 1))

    players = SharedValue(
        int, lib.lb_share_players, lib.lb_share_set_players, in_range("players", 1, MAX_PLAYERS)
    )
    """How many players the band has, 1..8; an export plays them all, heard or not."""

    listening = SharedValue(bool, lib.lb_share_listening, lib.lb_share_set_listening)
    """Whether the mix is passed on; else the model hears silence. Over 10 ms."""

    loop = SharedValue(bool, lib.lb_share_loop, lib.lb_share_set_loop)
    """Whether what goes out returns to the program that the mix comes from."""

    @property
    def loop_frames(self) -> int:
        """By how much such a loop makes the stem later: a block, or 0 where there is none."""
        return self.block if self.loop else 0

    fade_frames = SharedValue(
        int, lib.lb_share_fade, lib.lb_share_set_fade, in_range("fade_frames", 1, 1 << 24)
    )
    """Length of the fades of ``enabled`` and of a changed musical latency, 1..2**24."""

    def panic(self) -> None:
        """Ramp the stem out within 5 ms and drop what the engine wrote until now.

        The stem returns, faded in, with the frames written afterwards.
        """
        lib.lb_share_panic(self.pointer)

    # -- meters and MIDI ------------------------------------------------------------------

    def meters(self, player: int = 1) -> Meters:
        """Return the levels at the input ports and at a player's output ports."""
        levels = ffi.new("lb_meters *")
        lib.lb_share_meters(self.pointer, player_index(player), levels)
        peak, rms = list(levels.peak), list(levels.rms)
        return Meters(
            in_peak=(peak[0], peak[1]),
            in_rms=(rms[0], rms[1]),
            out_peak=(peak[2], peak[3]),
            out_rms=(rms[2], rms[3]),
        )

    control_connections = SharedValue(int, lib.lb_share_control_connections)
    """How often a port was connected to ``control_out`` so far."""

    def midi_events(self) -> list[tuple[int, bytes]]:
        """Take the MIDI messages that arrived: ``(absolute frame, 1..3 bytes)``."""
        events = []
        event = ffi.new("lb_midi_event *")
        while lib.lb_share_pop_midi(self.pointer, event):
            events.append((int(event.frame), bytes(event.bytes)[: event.size]))
        return events

    def send_midi(self, message: bytes, frame: int = 0) -> bool:
        """Queue a MIDI message for ``control_out``.

        Args:
            message: One complete message of 1..3 bytes.
            frame: Absolute frame at which to send it; the next cycle when that is past.
                Messages leave in the order they were queued.

        Returns:
            Whether there was room; a message without room is dropped and counted.

        Raises:
            ConfigError: The message is empty or longer than three bytes.
        """
        size = within("the length of a MIDI message", len(message), 1, 3)
        event = ffi.new("lb_midi_event *", {"frame": frame, "size": size, "bytes": message})
        return bool(lib.lb_share_push_midi(self.pointer, event))
