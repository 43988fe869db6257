"""Whose turn it is to be heard, where one engine takes over from another.

An engine that is to take over plays along unheard. The one that is heard plays a last hop,
which it hands on instead of writing it; the other crosses over within that hop, so that the
stem goes on without a gap or a step. Pure: stem hops go in, those to be written come out.
"""

from collections import deque
from collections.abc import Iterator

import numpy as np

from bridge.stream.fades import raised_cosine
from bridge.stream.hop_scheduler import StemHop

__all__ = ["HandoverCrossfade"]

_KEPT = 32
"""Hops an unheard engine keeps: the longest anticipation, and what it may be ahead besides."""


class HandoverCrossfade:
    """Decides which stem hops of an engine are written.

    Positions are absolute frames here.

    Args:
        waits: Whether another engine is heard at first.
    """

    def __init__(self, *, waits: bool = False) -> None:
        self.waits = waits
        """Whether another engine is heard."""
        self.leaves = False
        """Whether the next hop is handed on."""
        self.has_left = False
        """Whether it was, or none was to be had."""
        self.last: StemHop | None = None
        """What was handed on."""
        self._kept: deque[StemHop] = deque(maxlen=_KEPT)
        self._begin: int | None = None
        self._tail: StemHop | None = None

    @property
    def is_heard(self) -> bool:
        """Whether what this engine does is to be heard and counted."""
        return not self.waits and not self.has_left

    def begin(self) -> None:
        """Forget the hops of a grid that is no more."""
        self._kept.clear()
        self._begin = self._tail = None

    def leave(self) -> None:
        """Hand the next hop on, and write nothing from then on."""
        self.leaves = True

    def take_over(self, begin: int, last: StemHop | None) -> Iterator[StemHop]:
        """Be heard from a frame on.

        Args:
            begin: First frame to write.
            last: What the other engine would have played from there on; None if it is gone.

        Returns:
            What was played already and is to be written now.
        """
        self.waits = False
        self._begin, self._tail = begin, last
        kept = list(self._kept)
        self._kept.clear()
        return (piece for stem in kept for piece in self.pass_on(stem))

    def pass_on(self, stem: StemHop) -> Iterator[StemHop]:
        """Take the next hop played; yield what is to be written."""
        if self.waits:
            self._kept.append(stem)
        elif self.leaves:
            self.last = self.last or stem
            self.has_left = True
        elif self._begin is None:
            yield stem
        else:
            yield from self._crossed(stem, self._begin)

    def _crossed(self, stem: StemHop, begin: int) -> Iterator[StemHop]:
        """Yield a hop as far as it is still to come, crossed with the other engine's last."""
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
        self._begin = stem.position + stem.audio.shape[1]
        if tail is None or self._begin >= tail.position + tail.audio.shape[1]:
            self._begin = self._tail = None


def _blended(stem: StemHop, tail: StemHop) -> StemHop:
    """Return a hop that comes up for as long as another dies away.

    Args:
        stem: Comes up; players whom the other lacks do so from silence.
        tail: Dies away, from its first frame to its last; players whom the first lacks too.
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
