"""Arrangement by rests: stems are silent for whole sections."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from model.data.midifile import Note

__all__ = ["thin_out"]

_REST_SHARE = 0.12


def thin_out(
    rng: Random, sections: Iterable[tuple[float, float]], stems: dict[str, list[Note]]
) -> None:
    """Silence stems for whole sections, at least two always playing; change ``stems``.

    Args:
        rng: Source of all choices.
        sections: Beginning and end of each, in the unit of the notes.
        stems: Stem class to notes; a class without any is removed.
    """
    for first, last in sections:
        playing = [
            name
            for name, stem in stems.items()
            if any(first <= note.start < last for note in stem)
        ]
        for name in playing[:]:
            if len(playing) > 2 and rng.random() < _REST_SHARE:
                playing.remove(name)
                stems[name] = [note for note in stems[name] if not first <= note.start < last]
    for name in [name for name, stem in stems.items() if not stem]:
        del stems[name]
