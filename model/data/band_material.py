"""Material that a band plays from: styles, human drums and tempo curves of one split."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from model.data.sources.drum_performances import DrumPerformance
from model.data.sources.tempo_curves import TempoCurve
from model.data.styles import Style

__all__ = ["BandMaterial", "draw_by_group"]

T = TypeVar("T")


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


def draw_by_group(rng: Random, items: Sequence[T], group_of: Callable[[T], str]) -> T:
    """Return one of the items; a group's chance grows with the root of its size."""
    groups: dict[str, list[T]] = {}
    for item in items:
        groups.setdefault(group_of(item), []).append(item)
    weights = [math.sqrt(len(members)) for members in groups.values()]
    return rng.choice(rng.choices(list(groups.values()), weights)[0])
