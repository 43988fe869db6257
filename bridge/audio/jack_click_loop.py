"""Round-trip latency through a bridge, measured with a burst of noise.

One client both sends and records, as a DAW does, so that the measurement includes the block
that JACK adds wherever a graph leads back to where it began.
"""

import threading
import time

import numpy as np
from numpy.typing import NDArray

from bridge.audio.jack_connecting import ensure_connected
from bridge.audio.jack_opening import open_client
from bridge.audio.libjack import load_jack
from bridge.common.closing import Closeable
from bridge.common.errors import EngineError, EnvironmentMissing

__all__ = ["ClickLoop"]

_BURST = 1024
_LEVEL = 0.25
_PEAK_TO_MEAN = 8.0
"""Factor by which the correlation's peak must exceed its mean."""
_TIMEOUT_S = 10.0


class ClickLoop(Closeable):
    """A client ``liveband-measure`` connected to a bridge and back; a context manager.

    Args:
        server: Name of the JACK server; empty for the default one.
        bridge: Client name of the bridge.

    Raises:
        ConfigError: No server can have that name.
        EnvironmentMissing: There is no such server, or no such bridge on it, or no shared
            memory for a client.
    """

    def __init__(self, server: str, bridge: str) -> None:
        jack = load_jack(server)
        noise = np.random.default_rng(1).choice([-_LEVEL, _LEVEL], _BURST)
        self._burst = noise.astype(np.float32)
        self._lock = threading.Lock()
        self._begin: int | None = None
        self._requested = threading.Event()
        self._recorded: list[tuple[int, NDArray[np.float32]]] = []
        self._client = open_client(jack, "liveband-measure", server)
        try:
            self._out = self._client.outports.register("out")
            self._in = self._client.inports.register("in")
            self._client.set_process_callback(self._process)
            self._client.activate()
            for pair in (
                (self._out.name, f"{bridge}:in_L"),
                (self._out.name, f"{bridge}:in_R"),
                (f"{bridge}:out_L", self._in.name),
            ):
                ensure_connected(jack, self._client, *pair)
        except jack.JackError as error:
            raise EnvironmentMissing(
                f"cannot measure {bridge!r} on JACK server {server or 'default'!r}: {error}"
            ) from error

    def measure(self, longest: int) -> int:
        """Send a burst of noise and return how many frames later it comes back.

        Args:
            longest: Frames to wait for it.

        Raises:
            EngineError: It does not come back, or is drowned by other sound.
        """
        with self._lock:
            self._recorded.clear()
            self._begin = None
        self._requested.set()
        deadline_s = time.monotonic() + _TIMEOUT_S
        while (sound := self._recording(longest)) is None:
            if time.monotonic() > deadline_s:
                raise EngineError(f"the JACK server did not run {longest} frames in time")
            time.sleep(0.01)
        correlation = np.abs(np.correlate(sound, self._burst, "valid"))
        best = int(correlation.argmax())
        if correlation[best] < _PEAK_TO_MEAN * (correlation.mean() + 1e-9):
            raise EngineError(
                f"what was sent did not come back within {longest} frames; see that the "
                "bridge is neither muted nor off, and that nothing louder goes into it"
            )
        return best

    def _recording(self, longest: int) -> NDArray[np.float32] | None:
        """Return the recording from the burst on, once it is long enough."""
        with self._lock:
            begin, blocks = self._begin, list(self._recorded)
        if begin is None or not blocks or blocks[-1][0] < begin + longest + _BURST:
            return None
        sound = np.zeros(blocks[-1][0] + len(blocks[-1][1]) - begin, np.float32)
        for at, block in blocks:
            sound[at - begin : at - begin + len(block)] = block
        return sound

    def _process(self, frames: int) -> None:
        """Play and record one cycle; runs in JACK's thread."""
        now = self._client.last_frame_time
        out = self._out.get_array()
        out[:] = 0.0
        with self._lock:
            if self._requested.is_set():
                self._requested.clear()
                self._begin = now
            if self._begin is None:
                return
            done = now - self._begin
            part = self._burst[done : done + frames] if done < _BURST else self._burst[:0]
            out[: len(part)] = part
            self._recorded.append((now, self._in.get_array().copy()))

    def close(self) -> None:
        """Leave the server."""
        self._client.deactivate()
        self._client.close()
