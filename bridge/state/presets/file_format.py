"""File format of presets: TOML that people can read, edit and copy to another machine."""

import json
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from bridge.common.errors import ConfigError, FailureCode, ParameterError, RefusedError
from bridge.controls.controls import coerce
from bridge.controls.parameters import Table, Value
from bridge.controls.table import ControlKey

__all__ = ["parse_preset", "preset_toml", "read_preset"]

_HEAD = """\
# A preset of liveband. Safe to edit: whatever is left out stays as it is when this is loaded.
# "player/2/stem" and so on are what further players have of their own.

[controls]
"""
_SECTION = "controls"


def preset_toml(values: Mapping[ControlKey, Value]) -> str:
    """Return values as TOML, in the order given.

    Example:
        >>> print(preset_toml({ControlKey(2, "gain/out"): -6.0}).splitlines()[-1])
        "player/2/gain/out" = -6.0
    """
    return _HEAD + "".join(
        f"{_toml_key(str(key))} = {json.dumps(value)}\n" for key, value in values.items()
    )


def read_preset(path: Path, table: Table) -> tuple[dict[ControlKey, Value], list[str]]:
    """Return the values in a file, and notices; see ``parse_preset``.

    Raises:
        FileNotFoundError: There is no such file.
        RefusedError: Code 9, it cannot be read.
        ConfigError: It has a mistake; the message names the file as well.
    """
    try:
        return parse_preset(path.read_text(encoding="utf-8"), table)
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(f"{path} cannot be read: {error}", FailureCode.FILE) from error
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def parse_preset(text: str, table: Table) -> tuple[dict[ControlKey, Value], list[str]]:
    r"""Return the values that a text holds.

    Args:
        text: Made by ``preset_toml``, or written by hand.
        table: The controls and their ranges.

    Returns:
        Values by key, as the controls can hold them, and a notice for each that had to be
        clamped or snapped for that.

    Raises:
        ConfigError: It is not TOML, names something that is no control, or has a value of
            another kind; the message says which, and what it could have meant.

    Example:
        >>> from bridge.controls.parameters import PARAMETERS
        >>> parse_preset('[controls]\nstem = "BASS"', PARAMETERS)
        ({ControlKey(player=1, name='stem'): 'bass'}, [])
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(error)) from error
    for title in document:
        if title != _SECTION:
            raise ConfigError(f"expected only the section [{_SECTION}], got {title!r}")
    section = document.get(_SECTION)
    if not isinstance(section, dict):
        raise ConfigError(f"expected a section [{_SECTION}] with a line for each control")
    values: dict[ControlKey, Value] = {}
    notices = []
    for name, raw in section.items():
        try:
            key = _key(name, raw, table)
            coerced = coerce(table[key.name], raw)
        except ParameterError as error:
            raise ConfigError(str(error)) from error
        values[key] = coerced.value
        if coerced.notice:
            notices.append(coerced.notice)
    return values, notices


def _key(name: str, raw: object, table: Table) -> ControlKey:
    """Return the control that a name stands for, ``player/2/stem`` for a further player's."""
    key = table.key(name)
    if key is not None and table[key.name].has_value:
        return key
    known = [row.name for row in table.controls]
    if isinstance(raw, dict):
        raise ConfigError(f'names with a slash stand in quotes, as "gain/out"; got {name}.…')
    if key is not None:
        raise ConfigError(f"{name} has no value that a preset could hold; take it out")
    near = get_close_matches(name, known, 1)
    hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(known)}"
    raise ConfigError(f"there is no control {name!r}{hint}")


def _toml_key(name: str) -> str:
    """Return a name as a TOML key; a bare one has letters, digits and dashes only."""
    return json.dumps(name) if "/" in name else name
