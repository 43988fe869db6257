"""Colours shared by all remotes."""

__all__ = ["COLOURS", "colour"]

COLOURS = {"ground": "#1c1f26", "panel": "#2a2f3a", "text": "#eceff4", "quiet": "#9aa3b2"}
"""What every picture and panel is drawn in."""


def colour(hexadecimal: str) -> list[float]:
    """Return red, green, blue and alpha of ``#rrggbb``, each 0..1."""
    parts = (hexadecimal[at : at + 2] for at in (1, 3, 5))
    return [*(round(int(part, 16) / 255.0, 4) for part in parts), 1.0]
