"""A host program that runs the audio callback in its own process: our plugin in a DAW.

The plugin makes the shared memory and starts this program; see ``plugins/core``.
"""

import time

from bridge.audio.shared.share import AudioShare
from bridge.tempo import BarBeat

__all__ = ["HostedBackend"]

_SILENT_S = 5.0
"""A host that gives no sign of life for so long stands, in a debugger or in the swap."""


class HostedBackend:
    """The audio callback of a host program; it is there already and is not ours to stop.

    Args:
        share_name: Name of the share that the plugin made.

    Raises:
        EnvironmentMissing: There is no such share, or another version made it.
    """

    name = "host"
    offline_reason = ""
    """A host says nothing when it ends."""

    def __init__(self, share_name: str) -> None:
        with AudioShare.attach(share_name) as share:
            self.rate = share.rate
        self._share: AudioShare | None = None
        self._heartbeats = -1
        self._seen_s = time.monotonic()

    @property
    def offline(self) -> bool:
        """Whether the host gave no sign of life for five seconds."""
        if self._share is None:
            return False
        beats, now_s = self._share.host_heartbeats, time.monotonic()
        if beats != self._heartbeats:
            self._heartbeats, self._seen_s = beats, now_s
        return now_s - self._seen_s > _SILENT_S

    def start(self, share: AudioShare) -> None:
        """Watch the host from now on."""
        self._share, self._seen_s = share, time.monotonic()

    def add_player(self, player: int) -> None:
        """Do nothing: the plugin has outputs for all players."""

    def bar_beat(self) -> BarBeat | None:
        """Return the host's position in its song; None where it tells no tempo."""
        if self._share is None:
            return None
        frame, ahead = self._share.frame, self._share.transport_offset
        tempo = self._share.host_tempo(frame)
        if tempo is None:
            return None
        beats = tempo.beats(frame) if tempo.rolling else tempo.beat
        bar = int(beats // tempo.beats_per_bar)
        return BarBeat(
            frame=float(frame + ahead.frames if ahead.rolling else self._share.transport.frame),
            bar=bar,
            beat=beats - bar * tempo.beats_per_bar,
            tempo_bpm=tempo.tempo_bpm,
            beats_per_bar=tempo.beats_per_bar,
            rolling=tempo.rolling,
        )

    def close(self) -> None:
        """Watch the host no longer. May be called twice."""
        self._share = None
