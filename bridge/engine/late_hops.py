"""Late hops: which can still be heard, which are skipped, and how both are counted.

A stem hop is due when the callback plays its first frame, ``stem_delay`` after its position. An
engine that is behind skips mix hops until it can be in time again, and what it played too late
is written only where part of it will still be heard. The callback waits for none of this: it
fades over the gap (``bridge/native/gap_fades.c``).
"""

from bridge.audio.shared.share import AudioShare
from bridge.engine.handover import HandoverCrossfade
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.stem_hop import StemHop

__all__ = ["LateHops"]

_OVERWRITE_MARGIN_S = 0.5
"""Oldest part of the mix ring that a standby engine skips: it may soon be overwritten."""


class LateHops:
    """Decides what becomes of hops that an engine is too late for, and counts them.

    Args:
        share: Tells which frame is being played, and has the counters.
        scheduler: Its hops are the ones skipped.
        crossfade: Tells whether the engine is a standby, which nobody hears and which
            therefore catches up on all of the mix that is kept.
    """

    def __init__(
        self, share: AudioShare, scheduler: HopScheduler, crossfade: HandoverCrossfade
    ) -> None:
        self._share = share
        self._scheduler = scheduler
        self._crossfade = crossfade

    def first_hop(self, epoch: int) -> int:
        """Return the hop of the grid on which a take starts.

        A freewheeling host waits for the engine, so its take is played from hop 0 however late
        the engine joins, as long as the mix from there on is kept. Otherwise it is the first
        hop that can still be played in time, with one hop of time to compute it.

        Args:
            epoch: Frame of hop 0.
        """
        share, scheduler = self._share, self._scheduler
        if share.freewheel and share.read_mix(epoch, 0) is not None:
            return 0
        if self._crossfade.standby:
            kept = share.mix_kept - epoch + round(_OVERWRITE_MARGIN_S * share.rate)
            return max(0, -(-kept // scheduler.hop))
        due = share.frame - epoch + scheduler.trail - share.stem_delay
        return max(0, -(-due // scheduler.hop) + 1)

    def skip_backlog(self, epoch: int) -> None:
        """Skip and count the mix hops whose stem would be too late to be heard."""
        share, scheduler = self._share, self._scheduler
        if share.freewheel or self._crossfade.standby:
            return
        end = (scheduler.played + 1) * scheduler.hop - scheduler.trail
        past = share.frame - epoch - share.stem_delay - end
        if past >= 0:
            self._skip_to(scheduler.heard + 1 + past // scheduler.hop)

    def skip_overwritten(self, epoch: int) -> None:
        """Skip and count the mix hops that the ring no longer holds: all but the newest."""
        self._skip_to((self._share.mix_written - epoch) // self._scheduler.hop)

    def admit(self, stem: StemHop) -> bool:
        """Count a hop that comes late; return whether any of it will still be heard.

        Args:
            stem: At its absolute position.
        """
        ahead = stem.position + self._share.stem_delay - self._share.frame
        if ahead < 0:
            self._share.add_late()
        remaining: int = ahead + stem.audio.shape[1]
        return remaining > 0

    def _skip_to(self, hop: int) -> None:
        self._share.add_skipped(max(0, hop - self._scheduler.heard))
        self._scheduler.skip_to(hop)
