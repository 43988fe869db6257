"""Material that a band plays from: styles, human drums and tempo curves of one split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.data.sources.drum_performances import DrumPerformance
from model.data.sources.tempo_curves import TempoCurve
from model.data.styles import Style

__all__ = ["BandMaterial"]


@dataclass(frozen=True, slots=True)
class BandMaterial:
    """What songs of one split draw from, and the program that plays them."""

    styles: Sequence[Style]
    mma: str
    """Path of the MMA program."""
    performances: Sequence[DrumPerformance] = ()
    """Human drums that some songs are played with."""
    curves: Sequence[TempoCurve] = ()
    """Real tempo curves that some songs follow."""
