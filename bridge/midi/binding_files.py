"""Files of bindings: TOML, one for each device.

A file holds only the differences from the defaults, so that it can be read, edited and copied
to another machine.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from bridge.common.errors import ConfigError
from bridge.controls.parameters import Table, Value
from bridge.controls.table import ControlKey
from bridge.midi.binding import Binding, ControllerKind, Mode, Source, Takeover, checked, one_of

__all__ = ["DeviceMap", "file_of", "read", "text_of"]

_HEAD = "# MIDI map of liveband. Safe to edit; read again by /liveband/midi/load.\n"
_TOP = {"device": str, "defaults": bool, "released": list, "binding": list}
_KEYS: dict[str, type | tuple[type, ...]] = {
    "control": str,
    "type": str,
    "channel": int,
    "number": int,
    "mode": str,
    "input": list,
    "target": list,
    "value": (str, int, float),
    "takeover": str,
    "step": (int, float),
}
_TYPES = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceMap:
    """Contents of a file."""

    device: str
    """Name of the port; ``jack`` for what comes in at ``control_in``."""
    bindings: tuple[Binding, ...] = ()
    """Own bindings of the device."""
    released: frozenset[ControlKey] = frozenset()
    """Controls without default bindings."""
    defaults: bool = True
    """Whether the default bindings are in force."""


def file_of(folder: Path, device: str) -> Path:
    """Return the file of a device or of a saved map.

    Raises:
        ConfigError: The name has no letters or digits.

    Example:
        >>> file_of(Path("midi"), "nanoKONTROL2 MIDI 1").as_posix()
        'midi/nanokontrol2-midi-1.toml'
    """
    name = re.sub(r"[^a-z0-9]+", "-", device.casefold()).strip("-")[:80]
    if not name:
        raise ConfigError(f"a map needs a name with letters or digits, got {device[:80]!r}")
    return folder / f"{name}.toml"


def text_of(device_map: DeviceMap) -> str:
    """Return a map as TOML."""
    lines = [_HEAD, f"device = {_toml(device_map.device)}"]
    if not device_map.defaults:
        lines.append("defaults = false")
    if device_map.released:
        lines.append(f"released = {_toml(sorted(map(str, device_map.released)))}")
    for binding in device_map.bindings:
        lines.append("\n[[binding]]")
        lines += [f"{key} = {_toml(value)}" for key, value in _written(binding).items()]
    return "\n".join(lines) + "\n"


def read(path: Path, table: Table) -> DeviceMap:
    """Read a map.

    Args:
        path: A file written by ``text_of`` or by hand.
        table: The controls.

    Raises:
        ConfigError: Something in it is wrong; the message names file, line and key.
        OSError: The file cannot be read.
    """
    text = path.read_bytes().decode("utf-8", errors="replace")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from error
    try:
        _check_keys(document, _TOP, "a map")
        if not isinstance(document.get("device"), str):
            raise ConfigError('a map begins with its device, e.g. device = "jack"')
        released = document.get("released", [])
        keys = {name: table.key(name) for name in released}
        unknown = [name for name, key in keys.items() if key is None]
        if unknown:
            raise ConfigError(f"released: no control {unknown[0]!r}")
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    bindings = []
    for index, entry in enumerate(document.get("binding", [])):
        try:
            bindings.append(checked(_binding(entry, table), table))
        except ConfigError as error:
            line = _line_of(text, index, str(error))
            raise ConfigError(f"{path}, line {line}, binding {index + 1}: {error}") from error
    return DeviceMap(
        device=document["device"],
        bindings=tuple(bindings),
        released=frozenset(key for key in keys.values() if key is not None),
        defaults=document.get("defaults", True),
    )


def _binding(entry: object, table: Table) -> Binding:
    """Return the binding that one table of a file describes.

    Raises:
        ConfigError: A key is missing, unknown or of the wrong type, or a value out of range.
    """
    if not isinstance(entry, dict):
        raise ConfigError(f"a binding is a table under [[binding]], got {entry!r:.80}")
    _check_keys(entry, _KEYS, "a binding")
    for key in ("control", "type"):
        if key not in entry:
            raise ConfigError(f"{key} is missing")
    chosen: dict[str, Any] = {key: entry[key] for key in ("value", "step") if key in entry}
    name = entry["control"]  # an unknown one is refused by ``checked``
    chosen["control"] = table.key(name) or ControlKey(1, name)
    for key in ("input", "target"):
        if key in entry:
            chosen[key] = _pair(key, entry[key])
    return Binding(
        source=Source(
            one_of("type", entry["type"], ControllerKind),
            entry.get("channel", 0),
            entry.get("number", 0),
        ),
        mode=one_of("mode", entry.get("mode", "absolute"), Mode),
        takeover=one_of("takeover", entry.get("takeover", ""), Takeover),
        **chosen,
    )


def _check_keys(
    entry: Mapping[str, object], keys: Mapping[str, type | tuple[type, ...]], what: str
) -> None:
    for key, value in entry.items():
        if key not in keys:
            raise ConfigError(f"{key} is no key of {what}; there are {', '.join(keys)}")
        wanted = keys[key]
        is_flag = isinstance(value, bool) and key not in ("defaults", "value")
        if is_flag or not isinstance(value, wanted):
            kinds = wanted if isinstance(wanted, tuple) else (wanted,)
            names = " or ".join(_TYPES[kind] for kind in kinds)
            raise ConfigError(f"{key} takes {names}, got {value!r:.80}")


def _pair(key: str, value: list[Value]) -> tuple[Value, Value]:
    kinds = (int,) if key == "input" else (str, int, float)
    if len(value) != 2 or not all(isinstance(end, kinds) for end in value):
        raise ConfigError(f"{key} takes two ends, e.g. [0, 127], got {value!r:.80}")
    return value[0], value[1]


def _line_of(text: str, index: int, error: str) -> int:
    """Return the line of the key that an error begins with, in the binding of that index."""
    lines = text.splitlines()
    heads = [number for number, line in enumerate(lines, 1) if "[[binding]]" in line]
    if index >= len(heads):
        return heads[-1] if heads else 1
    begin = heads[index]
    end = heads[index + 1] - 1 if index + 1 < len(heads) else len(lines)
    key = error.split(maxsplit=1)[0].rstrip(":,")
    for number in range(begin, end + 1):
        if re.match(rf"\s*{re.escape(key)}\s*=", lines[number - 1]):
            return number
    return begin


def _written(binding: Binding) -> dict[str, object]:
    """Return the keys of a binding that differ from the defaults."""
    source = binding.source
    entry: dict[str, object] = {"control": str(binding.control), "type": str(source.kind)}
    entry |= {"channel": source.channel} if source.channel else {}
    if source.kind not in (ControllerKind.BEND, ControllerKind.PRESSURE):
        entry["number"] = source.number
    for each in fields(Binding):
        value = getattr(binding, each.name)
        if each.name not in ("control", "source") and value != each.default:
            entry[each.name] = list(value) if isinstance(value, tuple) else value
    return entry


def _toml(value: object) -> str:
    """Return a value as TOML: its strings are those of JSON except for one character."""
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
