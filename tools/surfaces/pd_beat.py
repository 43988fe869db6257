"""Beat display as Pd objects, connected by the names below."""

from tools.surfaces.beat import (
    BEAT_COLOUR,
    DARK_COLOUR,
    ENDED_MS,
    FIRST_COLOUR,
    FLASH_MS,
    NO_TEMPO,
    BeatDisplay,
)
from tools.surfaces.colours import COLOURS
from tools.surfaces.layout import Rect
from tools.surfaces.pd_patch import FONT, Patch

__all__ = [
    "BAR_NAME",
    "GROOVE_NAME",
    "LAMP_NAME",
    "TEMPO_NAME",
    "put_beat_display",
    "put_beat_logic",
]

LAMP_NAME = "liveband/beat/lamp"
TEMPO_NAME = "liveband/beat/tempo"
BAR_NAME = "liveband/beat/confidence"
GROOVE_NAME = "liveband/groove/shown"

End = tuple[int, int]
"""An object of the patch and one of its outlets."""


def put_beat_display(patch: Patch, shown: BeatDisplay) -> None:
    """Add the visible part: canvases that only messages change."""
    bar = shown.confidence
    patch.put(_canvas(shown.lamp, DARK_COLOUR, LAMP_NAME), shown.lamp.x, shown.lamp.y)
    patch.put(_canvas(bar, DARK_COLOUR), bar.x, bar.y)
    empty = Rect(bar.x, bar.y, 1, bar.height)
    patch.put(_canvas(empty, BEAT_COLOUR, BAR_NAME), bar.x, bar.y)
    for name, text, at in (
        (TEMPO_NAME, NO_TEMPO, shown.tempo),
        (GROOVE_NAME, "", shown.groove),
    ):
        ground, words = COLOURS["ground"], COLOURS["text"]
        label = f"cnv 1 1 1 empty {name} {text or 'empty'} 0 8 0 {FONT} {ground} {words} 0"
        patch.put(label, at.x, at.y)


def put_beat_logic(patch: Patch, beat: End, groove: End, shown: BeatDisplay) -> None:
    """Add the logic.

    Args:
        patch: Where to.
        beat: Where beat, bar, tempo and confidence leave, at every beat.
        groove: Where the groove leaves.
        shown: How large the parts are.
    """
    x, y = 600, 150
    some, parts = patch.put("route 0", x, y - 25), patch.put("unpack f f f f", x, y)
    patch.cord(*beat, some, 0)
    patch.cord(some, 1, parts, 0)
    _lamp(patch, parts, x, y + 30)
    _tempo_and_bar(patch, parts, shown.confidence, x + 200, y + 30)
    words = _labelled(patch, x + 420, y + 30, GROOVE_NAME)
    patch.cord(*groove, words, 0)


def _lamp(patch: Patch, parts: int, x: int, y: int) -> None:
    lamp, first = patch.put(f"s {LAMP_NAME}", x, y + 120), patch.put("sel 1", x, y)
    patch.cord(parts, 0, first, 0)
    for number, shade in enumerate((FIRST_COLOUR, BEAT_COLOUR)):
        lit = patch.message(_color(shade), x + 50 * number, y + 30 + 25 * number)
        patch.cord(first, number, lit, 0)
        patch.wire(lit, lamp)
    out = _later(patch, parts, FLASH_MS, x + 120, y - 10)
    patch.wire(out, patch.message(_color(DARK_COLOUR), x + 100, y + 80), lamp)


def _tempo_and_bar(patch: Patch, parts: int, bar: Rect, x: int, y: int) -> None:
    tempo = _labelled(patch, x, y + 50, TEMPO_NAME)
    text = patch.put("makefilename %.1f\\ bpm", x, y)
    patch.cord(parts, 2, text, 0)
    patch.wire(text, tempo)
    wide, whole = (
        patch.put(f"* {bar.width}", x + 160, y + 50),
        patch.put("int", x + 220, y + 50),
    )
    size = patch.message(f"vis_size $1 {bar.height}", x + 160, y + 80)
    patch.cord(parts, 3, wide, 0)
    patch.wire(wide, whole, size, patch.put(f"s {BAR_NAME}", x + 160, y + 110))
    ended = _later(patch, parts, ENDED_MS, x + 160, y - 10)
    patch.wire(ended, patch.message(f"symbol {NO_TEMPO}", x + 60, y + 25), tempo)
    patch.wire(ended, patch.message("0", x + 230, y + 25), wide)


def _later(patch: Patch, parts: int, delay_ms: int, x: int, y: int) -> int:
    """Add a delay after the last beat, which a number would set to another time."""
    bang, later = patch.put("t b", x, y), patch.put(f"delay {delay_ms}", x, y + 22)
    patch.wire(parts, bang, later)
    return later


def _labelled(patch: Patch, x: int, y: int, name: str) -> int:
    """Add objects that show a word as the label of a canvas; return their inlet."""
    label, trim = patch.put("list prepend label", x, y), patch.put("list trim", x, y + 25)
    patch.wire(label, trim, patch.put(f"s {name}", x, y + 50))
    return label


def _canvas(rect: Rect, shade: str, name: str = "empty") -> str:
    ink = COLOURS["text"]
    return f"cnv 1 {rect.width} {rect.height} empty {name} empty 0 8 0 {FONT} {shade} {ink} 0"


def _color(shade: str) -> str:
    """Return the message that colours a canvas, and its label."""
    return f"color {shade} {COLOURS['text']}"
