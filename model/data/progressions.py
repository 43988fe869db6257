"""Chord progressions by vocabulary and mode, and those held out for testing.

They are written in roman numerals relative to the major scale of the tonic, one token per
bar, ``ii7,V7`` for a change in mid-bar. Upper case is major, lower case minor.
"""

from __future__ import annotations

import hashlib
from typing import Literal

__all__ = ["PROGRESSIONS", "Mode", "choices", "is_held_out", "loop_of"]

Mode = Literal["major", "minor"]
"""Which kind of key a song is in."""

PROGRESSIONS: dict[str, dict[Mode, tuple[str, ...]]] = {
    "triads": {
        "major": (
            "I V vi IV",
            "I vi IV V",
            "I IV I V",
            "vi IV I V",
            "I iii IV V",
            "IV I V vi",
            "I bVII IV I",
            "I I IV V",
            "ii IV I V",
            "I V IV IV",
            "I,V vi,iii IV,I IV,V",
            "I IV vi V I IV ii V",
        ),
        "minor": (
            "i bVI bIII bVII",
            "i bVII bVI bVII",
            "i iv bVII bIII",
            "i bVI iv V",
            "i i iv V",
            "i v bVI bVII",
            "bVI bVII i i",
            "i bIII bVII IV",
            "iv i v i",
        ),
    },
    "sevenths": {
        "major": (
            "Imaj7 vi7 ii7 V7",
            "Imaj7 iii7 IVmaj7 V7sus4,V7",
            "IVmaj7 iii7 ii7 Imaj7",
            "ii7 V7 Imaj7 vi7",
            "I Imaj7 I7 IV",
            "IVmaj7 V7 iii7 vi7",
            "Imaj9 IVmaj9 Imaj9 V7sus4",
            "I V,iii7 vi7 IV,V7sus4",
            "vi7 IVmaj7 I V",
            "I VI7 ii7 V7",
        ),
        "minor": (
            "i7 iv7 bVII7 bIIImaj7",
            "i7 bVImaj7 bIIImaj7 bVII",
            "i9 IV9 i9 IV9",
            "i7 bVImaj7 iv7 V7",
            "i bVII bVImaj7 V7sus4,V7",
            "iv7 bVII7 bIIImaj7 bVImaj7 iiø V7 i7 i7",
            "bVImaj7 v7 i7 i7",
        ),
    },
    "jazz": {
        "major": (
            "ii7 V7 Imaj7 VI7",
            "Imaj7,VI7 ii7,V7 iii7,VI7 ii7,V13",
            "Imaj7 VI7b9 ii7 V13",
            "ii7 V9 Imaj9 I6",
            "I6 #io7 ii7 V7",
            "II9 II9 ii7 V7",
            "Imaj7 IV7 iii7 VI7 ii7 V7 Imaj7 ii7,V7",
            "viiø,III7b9 vi7,II7 v7,I7 IVmaj7",
            "IVmaj7 iv6 iii7 VI7 ii7 V13 Imaj9 I6",
            "iii7 VI7 II9 V13",
        ),
        "minor": (
            "iiø V7b9 i7 i6",
            "i7 iv7 iiø V7b9",
            "i7 bVI7 V7b9 i7",
            "iv7 bVII9 bIIImaj7 bVImaj7 iiø V7b9 i6 i6",
            "i9 i9 iv9 iv9",
            "bIIImaj7 bVImaj7 iiø V7b9",
        ),
    },
    "blues": {
        "major": (
            "I7 I7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 V7",
            "I7 IV7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7,IV7 I7,V7",
            "I7 IV7 I7 v7,I7 IV7 #ivo7 I7 VI7 ii7 V7 I7,VI7 ii7,V7",
        ),
        "minor": (
            "i7 i7 i7 i7 iv7 iv7 i7 i7 bVI7 V7 i7 V7",
            "i7 iv7 i7 i7 iv7 iv7 i7 i7 iiø V7b9 i7 V7",
        ),
    },
    "traditional": {
        "major": (
            "I I V7 V7",
            "I IV V7 I",
            "V7 V7 I I",
            "I VI7 II7 V7",
            "I I IV IV I V7 I I",
            "III7 VI7 II7 V7",
            "I I7 IV iv6",
            "I #io7 ii7 V7",
            "I vi ii V7",
        ),
        "minor": (
            "i i V7 i",
            "i iv V7 i",
            "i i iv i V7 V7 i i",
            "bIII bVII7 bIII V7",
        ),
    },
}
"""Vocabulary, mode, progressions; every progression may follow every other of its list."""

_HELD_OUT_OF = 4
_SALT = "liveband/harmony/37"
"""Number with which every list of `PROGRESSIONS` has both sides."""


def choices(vocabulary: str, mode: Mode, *, held_out: bool) -> list[str]:
    """Return the progressions a song may use.

    Args:
        vocabulary: A key of `PROGRESSIONS`.
        mode: Major or minor.
        held_out: Whether those kept for testing are meant, or all the others.
    """
    return [
        progression
        for progression in PROGRESSIONS[vocabulary][mode]
        if is_held_out(progression) == held_out
    ]


def is_held_out(progression: str) -> bool:
    """Return whether a progression is kept for testing, about one in four.

    The rule depends on the chords alone, wherever the loop begins, so that a progression
    is on the same side in every list and stays there when lists grow.

    Example:
        >>> is_held_out("I V vi IV") == is_held_out("vi IV I V")
        True
    """
    name = f"{_SALT}/{loop_of(progression)}".encode()
    return int(hashlib.md5(name, usedforsecurity=False).hexdigest(), 16) % _HELD_OUT_OF == 0


def loop_of(progression: str) -> str:
    """Return the progression as begun on the bar that comes first in the alphabet.

    Example:
        >>> loop_of("vi IV I V")
        'I V vi IV'
    """
    bars = progression.split()
    return min(" ".join(bars[first:] + bars[:first]) for first in range(len(bars)))
