"""Stretches of a song with one MMA groove each, and their text in MMA's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from model.data.styles import Groove

__all__ = ["VOLUMES", "GroovePart", "part_lines"]

VOLUMES = ("mp", "mf", "mf", "f")
"""MMA's names of the loudnesses that a part may begin with, as often as each is drawn."""

B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class GroovePart(Generic[B]):
    """A stretch of bars with one groove."""

    name: str
    first_bar: int
    bars: tuple[B, ...]
    """The chords of each bar."""
    groove: Groove
    fill: Groove | None
    """Groove of the last bar, where the style has one."""
    volume: str | None
    """MMA's name of a new loudness, if it changes here."""


def part_lines(parts: Iterable[GroovePart[B]], chords_of: Callable[[B], str]) -> Iterator[str]:
    """Yield the lines of an MMA program that play some parts.

    Args:
        parts: In order.
        chords_of: Returns the chords of a bar in MMA's language.
    """
    for part in parts:
        yield f"Groove {part.groove.name}"
        if part.volume:
            yield f"Volume {part.volume}"
        for number, bar in enumerate(part.bars):
            if part.fill and number == len(part.bars) - 1:
                yield f"Groove {part.fill.name}"
            yield f"{part.first_bar + number + 1} {chords_of(bar)}"
