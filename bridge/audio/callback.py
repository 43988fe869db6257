"""The native audio callback as an object, for drivers to attach to and tests to call."""

import logging
from contextlib import ExitStack

import numpy as np

from bridge._native import ffi, lib
from bridge.audio.shared.channel_strips import player_index
from bridge.audio.shared.share import AudioShare
from bridge.common.closing import Closeable
from bridge.common.realtime import unlocked_memory
from bridge.protocols import Audio, BandAudio

__all__ = ["Host"]

logger = logging.getLogger(__name__)


class Host(Closeable):
    """Processes one audio cycle at a time on a share: mix out, stem in, fades, meters.

    A driver calls it natively through :attr:`pointer`; :meth:`process` is the same cycle
    called from Python.

    Args:
        share: Holds mix, stem and controls; stays mapped until :meth:`close`.

    Raises:
        MemoryError: There is no memory for the delay lines.
    """

    def __init__(self, share: AudioShare) -> None:
        self._lease = ExitStack()
        self._host: ffi.CData = lib.lb_host_new(self._lease.enter_context(share.in_use()))
        if self._host == ffi.NULL:
            self._lease.close()
            raise MemoryError("no memory for the audio callback's delay lines")
        self._lease.callback(lib.lb_host_free, self._host)
        if not self.memory_locked:
            logger.warning(
                "%s", unlocked_memory("the audio callback", lib.lb_host_lock_bytes())
            )

    def close(self) -> None:
        """Free the host; no driver may call it afterwards. May be called twice."""
        self._host = ffi.NULL
        self._lease.close()

    @property
    def pointer(self) -> ffi.CData:
        """The ``lb_host *`` for native code.

        Raises:
            ValueError: The host was closed.
        """
        if self._host == ffi.NULL:
            raise ValueError("the audio host is closed")
        return self._host

    @property
    def memory_locked(self) -> bool:
        """Whether the system keeps all of its memory from being paged out."""
        return bool(lib.lb_host_memory_locked(self.pointer))

    def process(
        self, left: Audio, right: Audio, *, freewheel: bool = False
    ) -> tuple[Audio, Audio]:
        """Run one cycle of a single player.

        Args:
            left: Left input, float32, shape ``(frames,)``, at least one frame.
            right: Right input, same shape.
            freewheel: Whether to wait for the engine, as in an export.

        Returns:
            Left and right output, same shape.

        Raises:
            ValueError: The inputs differ in length or are empty.
        """
        out_l, out_r = self.process_band(left, right, players=1, freewheel=freewheel)
        return out_l, out_r

    def process_band(
        self, left: Audio, right: Audio, *, players: int, freewheel: bool = False
    ) -> BandAudio:
        """Run one cycle of several players; see :meth:`process`.

        Args:
            left: Left input.
            right: Right input.
            players: How many have ports, 1..8.
            freewheel: Whether to wait for the engine.

        Returns:
            Left and right of one player after the other, shape ``(2 * players, frames)``.
        """
        if left.shape != right.shape or left.ndim != 1 or not left.size:
            raise ValueError(
                f"both inputs must have shape (frames,), got {left.shape} and {right.shape}"
            )
        inputs = [np.ascontiguousarray(side, np.float32) for side in (left, right)]
        outputs = np.empty((2 * (player_index(players) + 1), left.size), np.float32)
        into = ffi.new("float *[]", [ffi.from_buffer("float *", side) for side in outputs])
        buffers = [ffi.from_buffer("float *", side) for side in inputs]
        lib.lb_host_process(self.pointer, *buffers, into, players, left.size, freewheel)
        return outputs

    def set_transport(self, *, rolling: bool, frame: int) -> None:
        """Set the transport's position at the start of the next cycle."""
        lib.lb_host_set_transport(self.pointer, rolling, frame)

    def receive_midi(self, offset: int, message: bytes) -> bool:
        """Queue a message that arrives ``offset`` frames into the next cycle.

        Returns:
            Whether it was queued; otherwise it was too long (over 3 bytes) or the queue full.
        """
        return bool(lib.lb_host_midi_in(self.pointer, offset, message, len(message)))

    def due_midi(self, frames: int) -> list[tuple[int, bytes]]:
        """Return and remove what is due in the next ``frames``: ``(offset, message)``."""
        due = []
        offset, event = ffi.new("uint32_t *"), ffi.new("lb_midi_event *")
        while lib.lb_host_midi_out(self.pointer, frames, offset, event):
            due.append((int(offset[0]), bytes(event.bytes)[: event.size]))
        return due
