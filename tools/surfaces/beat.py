"""Layout of the beat display in a remote's head: lamp, tempo, confidence, groove.

``/liveband/beat`` drives the first three. The lamp is lit for a moment at each beat, in a
colour of its own on the first of a bar; after some seconds without a beat, tempo and
confidence are cleared.
"""

from dataclasses import dataclass

from bridge.controls.parameters import ROOT
from tools.surfaces.layout import Rect

__all__ = [
    "BEAT",
    "BEAT_COLOUR",
    "DARK_COLOUR",
    "ENDED_MS",
    "FIRST_COLOUR",
    "FLASH_MS",
    "GROOVE",
    "NO_TEMPO",
    "BeatDisplay",
    "beat_display",
]

BEAT = f"{ROOT}/beat"
"""What is sent at every beat: beat, bar, tempo and confidence; beat 0 is none so far."""
GROOVE = f"{ROOT}/groove/actual"
"""What tells the groove of the take now playing."""
FIRST_COLOUR = "#f2a33a"
"""Of the lamp on the first beat of a bar."""
BEAT_COLOUR = "#56b6d6"
"""Of the lamp on every other beat."""
DARK_COLOUR = "#3a4150"
"""Of the lamp between beats."""
FLASH_MS = 120
"""How long the lamp is lit; beats at 300 bpm are 200 ms apart."""
ENDED_MS = 4000
"""How long tempo and confidence outlive the last beat; beats at 20 bpm are 3 s apart."""
NO_TEMPO = "-"
"""Shown where no beat was heard of lately."""

_WIDTH = 180


@dataclass(frozen=True, slots=True)
class BeatDisplay:
    """Places of the parts of the display."""

    lamp: Rect
    tempo: Rect
    confidence: Rect
    groove: Rect


def beat_display(right: int) -> BeatDisplay:
    """Return the display that ends at ``right``, for a head of three grid lines."""
    left = right - _WIDTH
    return BeatDisplay(
        lamp=Rect(left, 8, 30, 30),
        tempo=Rect(left + 36, 5, 66, 18),
        confidence=Rect(left + 104, 9, 76, 11),
        groove=Rect(left + 36, 24, 144, 18),
    )
