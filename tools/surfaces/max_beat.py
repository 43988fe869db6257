"""Beat display as Max objects."""

from tools.surfaces.beat import (
    BEAT,
    BEAT_COLOUR,
    DARK_COLOUR,
    ENDED_MS,
    FIRST_COLOUR,
    FLASH_MS,
    GROOVE,
    NO_TEMPO,
    BeatDisplay,
)
from tools.surfaces.colours import COLOURS, colour
from tools.surfaces.layout import Rect
from tools.surfaces.patcher import Box, Patcher, Port

__all__ = ["put_beat_display"]

_NUMBER = 34
"""Width of the tempo's figures; what is left of its place holds the unit."""


def put_beat_display(patch: Patcher, source: Box, shown: BeatDisplay, x: int, y: int) -> None:
    """Add the display.

    Args:
        patch: Where to.
        source: What the bridge says leaves here.
        shown: Where in the panel.
        x: Where in the patch.
        y: Likewise.
    """
    sort, some = patch.new(f"route {BEAT} {GROOVE}", x, y), patch.new("route 0", x, y + 30)
    patch.wire(source, sort, some)
    beat = some.port(1)
    y += 30
    _lamp(patch, beat, shown.lamp, x, y + 30)
    tempo = _words(patch, NO_TEMPO, shown.tempo, x + 130, y + 150, width=_NUMBER)
    text = patch.new("sprintf symout %.1f", x + 130, y + 60)
    patch.wire(beat, patch.new("zl nth 3", x + 130, y + 30), text)
    patch.wire(text, patch.new("prepend set", x + 130, y + 90), tempo)
    confidence = _bar(patch, shown.confidence, x + 290, y + 150)
    patch.wire(beat, patch.new("zl nth 4", x + 290, y + 30), confidence)
    ended = patch.new("t b b", x + 400, y + 90)
    late = patch.new(f"delay {ENDED_MS}", x + 400, y + 60)
    patch.wire(beat, patch.new("t b", x + 400, y + 30), late, ended)
    patch.wire(ended.port(1), patch.message("0.", x + 400, y + 120), confidence)
    patch.wire(ended, patch.message(f"set {NO_TEMPO}", x + 460, y + 120), tempo)
    groove = _words(patch, "", shown.groove, x + 560, y + 90, width=shown.groove.width)
    patch.wire(sort.port(1), patch.new("prepend set", x + 560, y + 60), groove)


def _lamp(patch: Patcher, source: Port, shown: Rect, x: int, y: int) -> None:
    """Add the lamp, which goes out by itself; its colour is set before it flashes."""
    look = {
        "oncolor": colour(FIRST_COLOUR),
        "offcolor": colour(DARK_COLOUR),
        "bgcolor": [0.0, 0.0, 0.0, 0.0],
        "blinktime": FLASH_MS,
        "ignoreclick": 1,
        "parameter_enable": 0,
        "hint": "Flashes at every beat, in another colour on the first of a bar",
    }
    lamp = patch.put("led", Rect(x, y + 130, 30, 30), look, shown=shown)
    beat, first = patch.new("t b i", x, y + 30), patch.new("sel 1", x + 60, y + 60)
    patch.wire(source, patch.new("zl nth 1", x, y), beat)
    patch.wire(beat.port(1), first)
    for number, shade in enumerate((FIRST_COLOUR, BEAT_COLOUR)):
        parts = " ".join(f"{part:g}" for part in colour(shade))
        chosen = patch.message(f"oncolor {parts}", x + 40, y + 85 + 25 * number)
        patch.wire(first.port(number), chosen, lamp)
    patch.wire(beat, lamp)


def _bar(patch: Patcher, shown: Rect, x: int, y: int) -> Box:
    look = {
        "size": 1,
        "setminmax": [0.0, 1.0],
        "setstyle": 1,
        "orientation": 0,
        "ignoreclick": 1,
        "parameter_enable": 0,
        "bgcolor": colour(DARK_COLOUR),
        "slidercolor": colour(BEAT_COLOUR),
        "hint": "How sure it is of the beat",
    }
    at = Rect(x, y, 76, 20)
    return patch.put("multislider", at, look, outlets=2, shown=shown)


def _words(patch: Patcher, text: str, shown: Rect, x: int, y: int, *, width: int) -> Box:
    """Add a text, and its unit where there is room for one."""
    look = {"fontsize": 11.0, "textcolor": colour(COLOURS["text"])}
    place = Rect(shown.x, shown.y, width, shown.height)
    box = patch.comment(text, Rect(x, y, width, 20), place, look)
    if width < shown.width:
        quiet = {"fontsize": 10.0, "textcolor": colour(COLOURS["quiet"])}
        unit = Rect(place.right, shown.y, shown.width - width, shown.height)
        patch.comment("bpm", Rect(x + width, y, 32, 20), unit, quiet)
    return box
