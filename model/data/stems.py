"""Stem classes of notes, and variation of the instruments that play them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from model.data.midifile import Note

__all__ = [
    "DRUM_KITS",
    "STEM_CLASSES",
    "class_of",
    "class_of_programme",
    "revoice",
    "split_stems",
]

STEM_CLASSES = ("drums", "bass", "guitar", "piano", "strings", "lead", "other")
"""What can be played: ``strings`` also takes pads, organ and ensemble, ``lead`` takes
brass, reed, pipe and synth lead."""

DRUM_KITS = (0, 0, 0, 8, 16, 24, 25, 32, 40)
"""General MIDI kits to draw from: standard, room, power, electronic, 808, jazz, brush."""

_CLASS_RANGES = (
    (8, "piano"),
    (16, "other"),
    (24, "strings"),
    (32, "guitar"),
    (40, "bass"),
    (56, "strings"),
    (88, "lead"),
    (104, "strings"),
    (108, "guitar"),
    (128, "other"),
)
"""First programme behind each range."""

_KIN = (
    (0, 1, 2, 3, 4, 5),
    (9, 11, 12, 13),
    (16, 17, 18, 19),
    (21, 22, 23),
    (24, 25),
    (26, 27, 28),
    (29, 30),
    (44, 48, 49, 50, 51),
    (52, 53, 54),
    (56, 57, 60, 61, 62, 63),
    (64, 65, 66, 67, 68, 71),
    (72, 73, 74, 75),
    (80, 81, 84, 87),
    (88, 89, 90, 91, 92, 94, 95),
)
"""Programmes that may stand in for each other."""
_GUESTS = (0, 4, 7, 11, 11, 12, 12, 13, 24, 26, 46, 48, 108)
"""Programmes that may take any accompaniment part, so that every class is heard."""
_GUEST_SHARE = 0.1
_BASSES = (32, 32, 33, 33, 34, 35, 36, 38, 39)
_TUBA = 58


def class_of(note: Note) -> str:
    """Return the stem class of a note: bass lines by track name, others by programme."""
    if note.drum:
        return "drums"
    if _is_bass_line(note):
        return "bass"
    return class_of_programme(note.programme)


def class_of_programme(programme: int) -> str:
    """Return the stem class of a General MIDI programme 0..127.

    Example:
        >>> class_of_programme(33), class_of_programme(81)
        ('bass', 'lead')
    """
    return next(name for end, name in _CLASS_RANGES if programme < end)


def _is_bass_line(note: Note) -> bool:
    written = note.track.lower().startswith(("bass", "walk"))
    return written or class_of_programme(note.programme) == "bass"


def revoice(rng: Random, notes: Sequence[Note]) -> list[Note]:
    """Return the notes on related instruments, one decision per track and programme.

    A bass line always ends up on a bass, or on the tuba it was written for.

    Args:
        rng: Source of all choices.
        notes: A whole song.
    """
    kit = rng.choice(DRUM_KITS)
    voices: dict[tuple[str, int], int] = {}
    for note in notes:
        voice = note.track, note.programme
        if not note.drum and voice not in voices:
            voices[voice] = _stand_in(rng, note)
    return [
        replace(note, programme=kit if note.drum else voices[note.track, note.programme])
        for note in notes
    ]


def _stand_in(rng: Random, note: Note) -> int:
    keep = rng.random() < 0.5
    if _is_bass_line(note):
        fits = note.programme == _TUBA or 32 <= note.programme < 40
        return note.programme if keep and fits else rng.choice(_BASSES)
    if rng.random() < _GUEST_SHARE:
        return rng.choice(_GUESTS)
    kin = next((kin for kin in _KIN if note.programme in kin), (note.programme,))
    return note.programme if keep else rng.choice(kin)


def split_stems(notes: Iterable[Note]) -> dict[str, list[Note]]:
    """Return the notes of every stem class that has any, in the order of `STEM_CLASSES`."""
    sorted_notes: dict[str, list[Note]] = {name: [] for name in STEM_CLASSES}
    for note in notes:
        sorted_notes[class_of(note)].append(note)
    return {name: stem for name, stem in sorted_notes.items() if stem}
