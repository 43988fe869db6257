"""Beat display in Open Stage Control: a variable that receives beats, and its script."""

from collections.abc import Iterator

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
from tools.surfaces.colours import COLOURS
from tools.surfaces.open_stage_parts import Part, place_of, text_part

__all__ = ["BAR_NAME", "LAMP_NAME", "TEMPO_NAME", "beat_parts", "beat_script"]

LAMP_NAME = "beat_lamp"
TEMPO_NAME = "beat_tempo"
BAR_NAME = "beat_confidence"


def beat_parts(display: BeatDisplay) -> Iterator[Part]:
    """Yield the widgets of the display; none of them sends anything."""
    silent: Part = {"bypass": True, "interaction": False}
    yield {
        "type": "led",
        "id": LAMP_NAME,
        **place_of(display.lamp),
        **silent,
        "mode": "color",
        "comments": "Flashes at every beat, in another colour on the first of a bar",
        "default": DARK_COLOUR,
    }
    yield text_part(TEMPO_NAME, NO_TEMPO, display.tempo, COLOURS["text"])
    yield {
        "type": "fader",
        "id": BAR_NAME,
        **place_of(display.confidence),
        **silent,
        "horizontal": True,
        "design": "compact",
        "comments": "How sure it is of the beat",
        "range": {"min": 0, "max": 1},
        "colorWidget": BEAT_COLOUR,
        "default": 0,
    }
    words = text_part("beat_groove", "", display.groove, COLOURS["text"])
    yield {**words, "address": GROOVE}
    yield {"type": "variable", "id": "beat", "address": BEAT, "onValue": beat_script()}


def beat_script() -> str:
    """Return the script of a beat, in Open Stage Control's JavaScript."""
    quiet = "{send: false}"
    return (
        "if (value[0] == 0) return\n"
        f"set('{LAMP_NAME}', value[0] == 1 ? '{FIRST_COLOUR}' : '{BEAT_COLOUR}', {quiet})\n"
        f"set('{TEMPO_NAME}', Number(value[2]).toFixed(1) + ' bpm', {quiet})\n"
        f"set('{BAR_NAME}', value[3], {quiet})\n"
        "setTimeout('lamp', function() {\n"
        f"  set('{LAMP_NAME}', '{DARK_COLOUR}', {quiet})\n"
        f"}}, {FLASH_MS})\n"
        "setTimeout('ended', function() {\n"
        f"  set('{TEMPO_NAME}', '{NO_TEMPO}', {quiet})\n"
        f"  set('{BAR_NAME}', 0, {quiet})\n"
        f"}}, {ENDED_MS})\n"
    )
