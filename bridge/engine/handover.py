"""Crossfade from the active engine to a standby engine that takes over.

The standby engine plays along without being heard. The active engine computes a last hop,
which it passes to the standby engine instead of writing it; the standby engine crossfades
within that hop, so that the stem goes on without a gap or a step. Pure: stem hops go in,
those to be written come out.
"""

from collections import deque
from collections.abc import Iterator

import numpy as np

from bridge.stream.fades import raised_cosine
from bridge.stream.stem_hop import StemHop

__all__ = ["HandoverCrossfade"]

_BUFFERED = 32
"""Hops a standby engine buffers: the longest anticipation, and a few it may be ahead."""


class HandoverCrossfade:
    """Decides which stem hops of one engine are written to the share.

    Positions are absolute frames here.

    Args:
        standby: Whether another engine is active at first.
    """

    def __init__(self, *, standby: bool = False) -> None:
        self.standby = standby
        """Whether another engine is active."""
        self.is_releasing = False
        """Whether the next hop is passed on instead of written."""
        self.has_released = False
        """Whether that has happened, or the wait for a hop has timed out."""
        self.last: StemHop | None = None
        """The hop that was passed on."""
        self._buffered: deque[StemHop] = deque(maxlen=_BUFFERED)
        self._first_frame: int | None = None
        self._tail: StemHop | None = None

    @property
    def is_active(self) -> bool:
        """Whether the output of this engine is heard and counted."""
        return not self.standby and not self.has_released

    def reset(self) -> None:
        """Drop buffered hops, which belong to an earlier hop grid."""
        self._buffered.clear()
        self._first_frame = self._tail = None

    def release(self) -> None:
        """Pass the next hop on and write nothing from then on."""
        self.is_releasing = True

    def take_over(self, begin: int, last: StemHop | None) -> Iterator[StemHop]:
        """Become the active engine from a frame on.

        Args:
            begin: First frame to write.
            last: The other engine's hop from that frame on; None if it died.

        Returns:
            Buffered output that is to be written now.
        """
        self.standby = False
        self._first_frame, self._tail = begin, last
        buffered = list(self._buffered)
        self._buffered.clear()
        return (piece for stem in buffered for piece in self.push(stem))

    def push(self, stem: StemHop) -> Iterator[StemHop]:
        """Take the next hop played; yield the hops to be written."""
        if self.standby:
            self._buffered.append(stem)
        elif self.is_releasing:
            self.last = self.last or stem
            self.has_released = True
        elif self._first_frame is None:
            yield stem
        else:
            yield from self._crossfaded(stem, self._first_frame)

    def _crossfaded(self, stem: StemHop, begin: int) -> Iterator[StemHop]:
        """Yield a hop from ``begin`` on, crossfaded with the other engine's last."""
        early = begin - stem.position
        if early >= stem.audio.shape[1]:
            return
        if early > 0:
            stem = _from(stem, begin)
        tail = self._tail
        if tail is not None and stem.position > begin:  # a decoder that trails further behind
            yield _until(tail, stem.position)
            tail = self._tail = _from(tail, stem.position)
        yield stem if tail is None else _blended(stem, tail)
        self._first_frame = stem.position + stem.audio.shape[1]
        if tail is None or self._first_frame >= tail.position + tail.audio.shape[1]:
            self._first_frame = self._tail = None


def _blended(stem: StemHop, tail: StemHop) -> StemHop:
    """Return the crossfade of two hops.

    Args:
        stem: Fades in; players the other lacks fade in from silence.
        tail: Fades out over all of its frames; players the first lacks fade to silence.
    """
    frames = stem.audio.shape[1]
    first = stem.position - tail.position
    gain = raised_cosine(np.arange(first + 1, first + frames + 1) / (tail.audio.shape[1] + 1))
    players = tuple(sorted({*stem.players, *tail.players}))
    audio = np.zeros((len(players), frames), np.float32)
    for player, row in zip(stem.players, stem.audio, strict=True):
        audio[players.index(player)] += gain * row
    left = tail.audio[:, first : first + frames]
    for player, row in zip(tail.players, left, strict=True):
        audio[players.index(player), : len(row)] += (1.0 - gain[: len(row)]) * row
    return StemHop(stem.position, audio, players)


def _from(stem: StemHop, frame: int) -> StemHop:
    """Return a hop from a frame on."""
    position = min(max(frame, stem.position), stem.position + stem.audio.shape[1])
    return StemHop(position, stem.audio[:, position - stem.position :], stem.players)


def _until(stem: StemHop, frame: int) -> StemHop:
    """Return a hop up to a frame."""
    return StemHop(stem.position, stem.audio[:, : frame - stem.position], stem.players)
