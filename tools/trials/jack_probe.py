"""A measuring client on JACK: sends audio and MIDI at exact frames, records both with frames.

Player and recorder are two clients, so that a bridge between them closes no loop in the graph
(a loop costs one block).
"""

import threading
from collections import deque
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.common.closing import Closeable
from bridge.common.errors import EnvironmentMissing

__all__ = ["JackProbe"]

_KEPT_S = 20.0


class JackProbe(Closeable):
    """Two clients, ``probe-play`` and ``probe-record``, around a bridge.

    Args:
        server: Name of the JACK server.
        bridge: Client name of the bridge; its ports are connected.
        level: Constant sample value to play on both sides.
        tone_hz: Frequency of a sine of that amplitude to play instead; 0 for none.

    Raises:
        EnvironmentMissing: There is no such server, or no such bridge on it.
    """

    def __init__(
        self, server: str, bridge: str, level: float = 0.25, tone_hz: float = 0.0
    ) -> None:
        import jack

        self.level = level
        """Level to play, from the next cycle on."""
        self._tone_hz = tone_hz
        self._played = 0
        self._due: deque[tuple[int, bytes]] = deque()
        self._events: deque[tuple[int, bytes]] = deque()
        self._lock = threading.Lock()
        try:
            self._player, self._recorder = (
                jack.Client(f"probe-{part}", servername=server, no_start_server=True)
                for part in ("play", "record")
            )
            self._recorded: deque[tuple[int, NDArray[np.float32]]] = deque(
                maxlen=round(_KEPT_S * self._player.samplerate / self._player.blocksize)
            )
            self._prepare()
            self._connect(bridge)
        except jack.JackError as error:
            raise EnvironmentMissing(
                f"cannot measure {bridge!r} on JACK server {server!r}: {error}"
            ) from error

    @property
    def now(self) -> int:
        """Present frame on the server's clock, never beyond the cycle under way.

        JACK's own guess runs ahead for seconds after the server has stood still.
        """
        client = self._player
        while True:
            begin, passed = client.last_frame_time, client.frames_since_cycle_start
            if begin == client.last_frame_time:
                return int(begin + min(passed, client.blocksize))

    def send_midi(self, message: bytes, frame: int) -> None:
        """Send a MIDI message at a frame; messages leave in the order given."""
        self._due.append((frame, message))

    def midi(self) -> list[tuple[int, bytes]]:
        """Return the MIDI messages since the last call, as ``(frame, message)``."""
        return [self._events.popleft() for _ in range(len(self._events))]

    def heard(self, since: int) -> tuple[int, NDArray[np.float32]]:
        """Return what was recorded from a frame on.

        Returns:
            The first frame, and the left side from there, without gaps.
        """
        with self._lock:
            blocks = [(at, block) for at, block in self._recorded if at + len(block) > since]
        if not blocks:
            return since, np.zeros(0, np.float32)
        sound = np.concatenate([block for _, block in blocks])
        cut = max(0, since - blocks[0][0])
        return blocks[0][0] + cut, sound[cut:]

    def listen_to(self, port: str) -> None:
        """Also record another port, mixed with the others.

        Raises:
            EnvironmentMissing: There is none.
        """
        import jack

        try:
            self._recorder.connect(port, self._in)
        except jack.JackError as error:
            raise EnvironmentMissing(f"cannot hear {port!r}: {error}") from error

    def close(self) -> None:
        """Leave the server."""
        for client in (self._player, self._recorder):
            client.deactivate()
            client.close()

    def _prepare(self) -> None:
        self._out = self._player.outports.register("out")
        self._midi_out = self._player.midi_outports.register("midi")
        self._in = self._recorder.inports.register("in")
        self._midi_in = self._recorder.midi_inports.register("midi")
        self._player.set_process_callback(self._play)
        self._recorder.set_process_callback(self._record)
        self._player.activate()
        self._recorder.activate()

    def _connect(self, bridge: str) -> None:
        connections: tuple[tuple[Any, str], ...] = (
            (self._out, "in_L"),
            (self._out, "in_R"),
            (self._midi_out, "control_in"),
        )
        for port, name in connections:
            self._player.connect(port, f"{bridge}:{name}")
        self._recorder.connect(f"{bridge}:out_L", self._in)
        self._recorder.connect(f"{bridge}:control_out", self._midi_in)

    def _play(self, frames: int) -> None:
        """Play one cycle; runs in JACK's thread."""
        begin = self._player.last_frame_time
        self._out.get_array()[:] = self.level * self._shape(frames)
        self._midi_out.clear_buffer()
        while self._due and self._due[0][0] < begin + frames:
            frame, message = self._due.popleft()
            self._midi_out.write_midi_event(max(0, frame - begin), message)

    def _shape(self, frames: int) -> NDArray[np.float64] | float:
        """Return the next frames of the tone, continuous whatever the server's clock does."""
        if not self._tone_hz:
            return 1.0
        at = np.arange(self._played, self._played + frames)
        self._played += frames
        shape: NDArray[np.float64] = np.sin(
            2.0 * np.pi * self._tone_hz / self._player.samplerate * at
        )
        return shape

    def _record(self, frames: int) -> None:
        """Record one cycle; runs in JACK's thread."""
        begin = self._recorder.last_frame_time
        block = self._in.get_array().copy()
        with self._lock:
            self._recorded.append((begin, block))
        for offset, message in self._midi_in.incoming_midi_events():
            self._events.append((begin + offset, bytes(message)))
