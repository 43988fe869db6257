"""Settings of an evaluation: numbers of songs, lengths, processes."""

from __future__ import annotations

import os
from dataclasses import dataclass

from model.errors import ModelConfigError

__all__ = ["Setting"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """How much an evaluation plays and compares."""

    split: str = "test"
    """``train``, ``valid`` or ``test``."""
    songs: int = 24
    """Songs of the split, in the order of their names."""
    seconds: float = 20.0
    """Length of an excerpt."""
    excerpts: int = 1
    """Excerpts of a stem class from one song, at most."""
    drift_seconds: float = 120.0
    """Length of the long performances; 0 for none."""
    drift_songs: int = 12
    """Songs, of those scored, that have one; the others are scored on excerpts only."""
    known_songs: int = 30
    """Songs of the valid split that Frechet distances are taken to, and of the train split
    that copies are looked for in; 0 for neither."""
    quick: bool = False
    """Leave out second takes, other sources of the beat, and all shuffled rows but that of
    0.1 s."""
    jobs: int = 1
    """Processes, one thread each."""

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ModelConfigError: A value is out of its range.
        """
        for name in ("songs", "excerpts", "drift_songs", "jobs"):
            if getattr(self, name) < 1:
                option = name.replace("_", "-")
                raise ModelConfigError(
                    f"--{option} must be 1 or more, got {getattr(self, name)}"
                )
        if not 1 <= self.seconds <= 600:
            raise ModelConfigError(f"--seconds must be 1 to 600, got {self.seconds:g}")
        if self.drift_seconds and not 20 <= self.drift_seconds <= 1800:
            raise ModelConfigError(
                f"--drift-seconds must be 0 (none) or 20 to 1800, got {self.drift_seconds:g}"
            )
        if self.known_songs < 0:
            raise ModelConfigError(f"--known-songs must be 0 or more, got {self.known_songs}")

    @classmethod
    def of(
        cls, *, quick: bool, family: bool = False, ear: bool = False, **asked: object
    ) -> Setting:
        """Return settings from options, the rest by default or quick; None is not given.

        Args:
            quick: A minute's worth, as far as nothing else was asked.
            family: Of many checkpoints with many takes: fewer songs, as far as none were asked.
            ear: Of the beat tracker alone: longer excerpts, and nothing that is played.
            asked: Values by name.

        Raises:
            ModelConfigError: A value is out of its range.
        """
        many: dict[str, object] = {"songs": 20, "drift_songs": 6} if family else {}
        few: dict[str, object] = {
            "songs": 4,
            "seconds": 5.0,
            "drift_seconds": 0.0,
            "known_songs": 0,
        }
        if ear:
            many = {"seconds": 30.0, "drift_seconds": 0.0, "known_songs": 0}
            few = {"songs": 4}
        base: dict[str, object] = {"jobs": len(os.sched_getaffinity(0)), "quick": quick}
        given = {name: value for name, value in asked.items() if value is not None}
        return cls(**{**base, **many, **(few if quick else {}), **given})  # type: ignore[arg-type]
