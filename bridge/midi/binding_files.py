"""Files of bindings: TOML, one for each device.

A file holds only the differences from the defaults, so that it can be read, edited and copied
to another machine.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from bridge.common.errors import ConfigError
from bridge.common.remembered_files import Parsed
from bridge.common.toml_text import parse_toml, toml_value
from bridge.controls.parameters import Table, Value
from bridge.controls.table import ControlKey
from bridge.midi.binding import Binding, ControllerKind, Mode, Source, Takeover, checked, one_of
from model.formats.names import find_named, hyphenated

__all__ = ["DeviceMap", "earlier_file_of", "file_of", "parse_map", "text_of"]

_HEAD = "# MIDI map of liveband. Safe to edit; read again by /liveband/midi/load.\n"
_LONGEST = 80
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
    """Return the file of a device or of a saved map; it need not exist.

    Raises:
        ConfigError: The name has no letters or digits.

    Example:
        >>> file_of(Path("midi"), "nanoKONTROL2 MIDI 1").as_posix()
        'midi/nanokontrol2-midi-1.toml'
        >>> file_of(Path("midi"), "Клавиатура 2").as_posix()
        'midi/клавиатура-2.toml'
    """
    name = hyphenated(device)[:_LONGEST].encode()[: 2 * _LONGEST].decode(errors="ignore")
    if not any(map(str.isalnum, name)):
        raise ConfigError(f"a map needs a name with letters or digits, got {device[:80]!r}")
    entry = f"{name}.toml"
    return find_named(folder, entry) or folder / entry


def earlier_file_of(folder: Path, device: str) -> Path | None:
    """Return the file of a device in earlier versions, which left out all but a-z and 0-9.

    Several devices may have shared it; None where there is no such file, or it is the same.
    """
    name = re.sub(r"[^a-z0-9]+", "-", device.casefold()).strip("-")[:_LONGEST]
    path = folder / f"{name}.toml"
    is_other = name and os.path.lexists(path) and path != file_of(folder, device)
    return path if is_other else None


def text_of(device_map: DeviceMap) -> str:
    """Return a map as TOML."""
    lines = [_HEAD, f"device = {toml_value(device_map.device)}"]
    if not device_map.defaults:
        lines.append("defaults = false")
    if device_map.released:
        lines.append(f"released = {toml_value(sorted(map(str, device_map.released)))}")
    for binding in device_map.bindings:
        lines.append("\n[[binding]]")
        lines += [f"{key} = {toml_value(value)}" for key, value in _written(binding).items()]
    return "\n".join(lines) + "\n"


def parse_map(text: str, table: Table) -> Parsed[DeviceMap]:
    """Return a map, and why parts of it are left out.

    Args:
        text: Written by ``text_of`` or by hand.
        table: The controls.

    Returns:
        The map without the keys, released controls and bindings that are wrong or do not fit
        the controls, and a reason for each of those, with line and key.

    Raises:
        ConfigError: It is not TOML, or no map of a device.
    """
    document = parse_toml(text)
    left_out = [
        f"{key} is no key of a map; there are {', '.join(_TOP)}"
        for key in document
        if key not in _TOP
    ]
    known: dict[str, Any] = {key: document[key] for key in document if key in _TOP}
    _check_keys(known, _TOP, "a map")
    if "device" not in known:
        raise ConfigError('a map begins with its device, e.g. device = "jack"')
    released = set()
    for name in known.get("released", []):
        key = table.key(name) if isinstance(name, str) else None
        if key is None:
            left_out.append(f"released: no control {name!r:.80}")
        else:
            released.add(key)
    bindings = []
    for index, entry in enumerate(known.get("binding", [])):
        try:
            bindings.append(checked(_binding(entry, table), table))
        except ConfigError as error:
            line = _line_of(text, index, str(error))
            left_out.append(f"line {line}, binding {index + 1}: {error}")
    device_map = DeviceMap(
        device=known["device"],
        bindings=tuple(bindings),
        released=frozenset(released),
        defaults=known.get("defaults", True),
    )
    return device_map, left_out


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
