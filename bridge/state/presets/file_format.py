"""File format of presets: TOML that people can read, edit and copy to another machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bridge.common.errors import ConfigError, ParameterError
from bridge.common.remembered_files import Parsed
from bridge.common.toml_text import parse_toml, toml_value
from bridge.controls.controls import coerce
from bridge.controls.parameters import Table, Value
from bridge.controls.table import ControlKey

__all__ = ["PresetContents", "parse_preset", "preset_toml"]

_HEAD = """\
# A preset of liveband. Safe to edit: whatever is left out stays as it is when this is loaded.
# "player/2/stem" and so on are what further players have of their own.

[controls]
"""
_SECTION = "controls"


@dataclass(frozen=True, slots=True)
class PresetContents:
    """What a preset holds."""

    values: Mapping[ControlKey, Value]
    """Values as the controls can hold them."""
    notices: tuple[str, ...] = ()
    """One for each value that had to be clamped or snapped for that."""


def preset_toml(values: Mapping[ControlKey, Value]) -> str:
    """Return values as TOML, in the order given.

    Example:
        >>> print(preset_toml({ControlKey(2, "gain/out"): -6.0}).splitlines()[-1])
        "player/2/gain/out" = -6.0
    """
    return _HEAD + "".join(
        f"{_toml_key(str(key))} = {toml_value(value)}\n" for key, value in values.items()
    )


def parse_preset(text: str, table: Table) -> Parsed[PresetContents]:
    r"""Return what a text holds, and why what else it has does not fit the controls.

    Args:
        text: Made by ``preset_toml``, or written by hand.
        table: The controls and their ranges.

    Returns:
        The contents, and a reason for each entry that is left out: it names no control, or
        has a value of another kind, as one may that was saved with another checkpoint or by a
        newer version. The reason says which, and what it could have meant.

    Raises:
        ConfigError: It is not TOML, or has no section of controls.

    Example:
        >>> from bridge.controls.parameters import PARAMETERS
        >>> parse_preset('[controls]\nstem = "BASS"', PARAMETERS)[0].values
        {ControlKey(player=1, name='stem'): 'bass'}
    """
    document = parse_toml(text)
    section = document.get(_SECTION)
    if not isinstance(section, dict):
        raise ConfigError(f"expected a section [{_SECTION}] with a line for each control")
    left_out = [
        f"expected only the section [{_SECTION}], got {title!r:.80}"
        for title in document
        if title != _SECTION
    ]
    values: dict[ControlKey, Value] = {}
    notices = []
    for name, raw in section.items():
        try:
            key = _key(name, raw, table)
            coerced = coerce(table[key.name], raw)
        except (ConfigError, ParameterError) as error:
            left_out.append(str(error))
            continue
        values[key] = coerced.value
        if coerced.notice:
            notices.append(coerced.notice)
    return PresetContents(values, tuple(notices)), left_out


def _key(name: str, raw: object, table: Table) -> ControlKey:
    """Return the control that a name stands for, ``player/2/stem`` for a further player's.

    Raises:
        ConfigError: It stands for none that has a value.
    """
    key = table.key(name)
    if key is not None and table[key.name].has_value:
        return key
    known = [row.name for row in table.controls]
    if isinstance(raw, dict):
        raise ConfigError(
            f'names with a slash stand in quotes, as "gain/out"; got {name:.80}.…'
        )
    if key is not None:
        raise ConfigError(f"{name} has no value that a preset could hold; take it out")
    near = get_close_matches(name, known, 1)
    hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(known)}"
    raise ConfigError(f"there is no control {name[:80]!r}{hint}")


def _toml_key(name: str) -> str:
    """Return a name as a TOML key; a bare one has letters, digits and dashes only."""
    return toml_value(name) if "/" in name else name
