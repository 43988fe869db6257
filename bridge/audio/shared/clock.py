"""The clock in shared memory: rate, block, frame, epoch and transport of the callback."""

from bridge._native import ffi, lib
from bridge.audio.shared.counters import Transport, TransportOffset
from bridge.audio.shared.memory import SharedMemory
from bridge.audio.shared.values import SharedValue, in_range

__all__ = ["LONGEST_BLOCK", "Clock"]

LONGEST_BLOCK = 1 << 20
"""Frames that a driver may announce; they are processed in pieces."""


class Clock(SharedMemory):
    """Shared memory with the audio clock."""

    rate = SharedValue(int, lib.lb_share_rate)
    """Frames per second of the driver."""

    hop = SharedValue(int, lib.lb_share_hop)
    """Frames per model step at the driver's rate."""

    block = SharedValue(
        int, lib.lb_share_block, lib.lb_share_set_block, in_range("block", 1, LONGEST_BLOCK)
    )
    """Frames per cycle as the driver last announced; 0 before it did."""

    frame = SharedValue(int, lib.lb_share_frame)
    """Next frame the callback will process."""

    @property
    def epoch(self) -> tuple[int, int]:
        """``(generation, epoch_frame)`` that belong together; hop 0 starts at that frame."""
        pair = ffi.new("uint64_t[2]")
        lib.lb_share_epoch(self.pointer, pair, pair + 1)
        return int(pair[0]), int(pair[1])

    @property
    def generation(self) -> int:
        """Count of restarts of the hop grid, from 1."""
        return self.epoch[0]

    @property
    def epoch_frame(self) -> int:
        """Frame at which hop 0 of this generation starts."""
        return self.epoch[1]

    freewheel = SharedValue(bool, lib.lb_share_freewheel)
    """Whether the driver runs as fast as it can and waits for the engine."""

    offline = SharedValue(bool, lib.lb_share_offline)
    """Whether the driver went away."""

    @property
    def transport(self) -> Transport:
        """Position of the driver's transport."""
        frame = ffi.new("uint64_t *")
        rolling = bool(lib.lb_share_transport(self.pointer, frame))
        return Transport(rolling=rolling, frame=int(frame[0]))

    @property
    def transport_offset(self) -> TransportOffset:
        """Frames by which the transport is ahead of ours, and whether it rolls.

        The two belong together, and hold for every frame until the transport stops or jumps.
        """
        frames = ffi.new("int64_t *")
        rolling = bool(lib.lb_share_transport_ahead(self.pointer, frames))
        return TransportOffset(rolling=rolling, frames=int(frames[0]))
