"""Script of TouchOSC's document root, which drives the beat display."""

from tools.surfaces.beat import (
    BEAT,
    BEAT_COLOUR,
    DARK_COLOUR,
    ENDED_MS,
    FIRST_COLOUR,
    FLASH_MS,
    NO_TEMPO,
)
from tools.surfaces.colours import colour

__all__ = ["BAR_NAME", "LAMP_NAME", "TEMPO_NAME", "beat_script"]

LAMP_NAME = "beat lamp"
TEMPO_NAME = "beat tempo"
BAR_NAME = "beat confidence"


def beat_script() -> str:
    """Return the script that lights the lamp and puts it out, in TouchOSC's Lua."""
    return (
        "local dark, ended\n"
        "function onReceiveOSC(message)\n"
        f"  if message[1] ~= '{BEAT}' then return false end\n"
        "  local told, now = message[2], getMillis()\n"
        "  if told[1].value == 0 then return true end\n"
        f"  local lit = {_color(BEAT_COLOUR)}\n"
        f"  if told[1].value == 1 then lit = {_color(FIRST_COLOUR)} end\n"
        f"  self.children['{LAMP_NAME}'].color = lit\n"
        "  local tempo = string.format('%.1f bpm', told[3].value)\n"
        f"  self.children['{TEMPO_NAME}'].values.text = tempo\n"
        f"  self.children['{BAR_NAME}'].values.x = told[4].value\n"
        f"  dark, ended = now + {FLASH_MS}, now + {ENDED_MS}\n"
        "  return true\n"
        "end\n"
        "function update()\n"
        "  local now = getMillis()\n"
        "  if dark and now >= dark then\n"
        "    dark = nil\n"
        f"    self.children['{LAMP_NAME}'].color = {_color(DARK_COLOUR)}\n"
        "  end\n"
        "  if ended and now >= ended then\n"
        "    ended = nil\n"
        f"    self.children['{TEMPO_NAME}'].values.text = '{NO_TEMPO}'\n"
        f"    self.children['{BAR_NAME}'].values.x = 0\n"
        "  end\n"
        "end\n"
    )


def _color(shade: str) -> str:
    return f"Color({', '.join(f'{part:g}' for part in colour(shade))})"
