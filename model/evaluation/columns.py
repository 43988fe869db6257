"""Columns of the tables of figures: their headings and digits."""

from __future__ import annotations

__all__ = ["Column", "columns"]

Column = tuple[str, str, int]
"""Figure, heading, digits after the point."""

_COLUMNS: tuple[Column, ...] = (
    ("rhythm", "rhythm", 2),
    ("rhythm_first", "0-10 s", 2),
    ("rhythm_second", "10-20 s", 2),
    ("rhythm_change", "change", 3),
    ("chroma", "chroma", 2),
    ("chroma_change", "chroma's change", 3),
    ("gap", "gap", 2),
    ("gap_chroma", "gap chroma", 2),
    ("drift", "drift/min", 3),
    ("beat_f", "beat F", 2),
    ("beat_phase", "beat", 2),
    ("eighth_phase", "eighth", 2),
    ("offset_ms", "late ms", 0),
    ("chord_ratio", "chord ratio", 2),
    ("frechet", "Fréchet", 2),
    ("log_mel", "log-mel", 2),
    ("level_db", "level dB", 1),
    ("diversity", "diversity", 2),
    ("copying", "copying", 2),
    ("silent", "silent", 2),
    ("onsets", "onsets/s", 1),
    ("jitter", "jitter", 2),
    ("downbeat_f", "downbeat F", 2),
    ("bar_phase", "right beat of bar", 2),
    ("locked", "locked", 2),
    ("lock_s", "locked after s", 1),
    ("level_changes_per_minute", "level changes/min", 2),
    ("level_changed", "level changed", 2),
    *(
        (f"{figure}{level}_{ahead_s}_s", f"{short}{words} {ahead_s} s", 2)
        for figure, short in (("beat_f", "F"), ("in_phase", "in phase"))
        for level, words in (("", ""), ("_free", " any level"))
        for ahead_s in ("0", "0.1", "1")
    ),
)
_BY_FIGURE = {column[0]: column for column in _COLUMNS}


def columns(*figures: str, **headings: str) -> tuple[Column, ...]:
    """Return the columns of some figures.

    Args:
        figures: In order.
        headings: Other headings than usual, by figure.

    Example:
        >>> columns("rhythm", "gap", gap="rhythm's gap")
        (('rhythm', 'rhythm', 2), ('gap', "rhythm's gap", 2))
    """
    chosen = (_BY_FIGURE[figure] for figure in figures)
    return tuple((name, headings.get(name, usual), digits) for name, usual, digits in chosen)
