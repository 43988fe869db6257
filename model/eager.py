"""The reference as torch runs it when nobody says that gradients are not wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from model.accompanist import Accompanist, Audio
from model.checkpoint import load_checkpoint

__all__ = ["EagerAccompanist", "load"]


class EagerAccompanist(Accompanist):
    """An accompanist outside of inference mode: there to be measured against, not to play."""

    def listen(self, mix: Audio) -> None:
        """Hear one hop of the mix, shape ``(hop,)``."""
        _undecorated(Accompanist.listen)(self, mix)

    def play(self) -> Audio:
        """Return every player's next hop of the stem, shape ``(players, hop)``."""
        return cast(Audio, _undecorated(Accompanist.play)(self))

    def _rank(self, before: Sequence[int], after: Sequence[int]) -> None:
        _undecorated(Accompanist._rank)(self, before, after)

    def _steer(self) -> None:
        _undecorated(Accompanist._steer)(self)

    def parts(self) -> dict[str, Callable[[], object]]:
        """Return nothing: its parts are not measured."""
        return {}


def load(where: str | Path) -> EagerAccompanist:
    """Return the band of a checkpoint.

    Raises:
        CheckpointError: The checkpoint is missing, damaged, of another version or kind.
    """
    return EagerAccompanist(load_checkpoint(where))


def _undecorated(method: Callable[..., object]) -> Callable[..., object]:
    """Return what a decorator was put around."""
    plain: Callable[..., object] = vars(method)["__wrapped__"]
    return plain
