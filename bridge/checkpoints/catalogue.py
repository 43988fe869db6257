"""Which checkpoints there are, and what they say of themselves before they are loaded.

Their ``config.json`` tells, so neither torch nor the weights are needed. A checkpoint has a
name, that of its folder, if it came with the program or lies in the player's own folder of
checkpoints; where both have one of a name, the program's is meant. ``NAME-1s`` is the
checkpoint ``NAME`` begun at an anticipation of 1 s, unless a folder has that very name.
"""

import importlib.util
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bridge.common.atomic_files import is_plain_name
from bridge.common.errors import ConfigError, EnvironmentMissing, RefusedError
from bridge.common.folders import data_folder
from bridge.common.latency import HOPS_PER_SECOND
from bridge.controls.capabilities import LIVEBAND, WHOLE, ModelCapabilities
from bridge.controls.controls import coerce
from bridge.controls.parameters import PARAMETERS, Table

__all__ = [
    "CODE_LOAD",
    "CODE_STATE",
    "PASSTHROUGH",
    "checkpoint_names",
    "control_table",
    "find_checkpoint",
    "groove_to_play",
    "live_checkpoint",
    "live_names",
    "named_checkpoint",
    "offer",
    "own_checkpoints",
    "stem_to_play",
    "unusable",
    "whole_checkpoint",
    "whole_offer",
]

PASSTHROUGH = "passthrough"
"""Name of the wire: a model that plays back what it heard, to measure latency with."""
CODE_LOAD = 30
CODE_STATE = 31
_CONFIG = "config.json"
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError)
"""What reading a config of wrong words, types or depth can raise."""
_BEGUN = re.compile(r"(?P<name>.+)-(?P<seconds>\d+(\.\d+)?)s")
"""``streammusicgen-0.1s``: a name, and the anticipation to begin at."""


def own_checkpoints() -> Path:
    """Return the player's folder of checkpoints; it need not be there yet."""
    return data_folder() / "checkpoints"


def checkpoint_names() -> tuple[str, ...]:
    """Return the names of the checkpoints there are, those that came with the program first."""
    return tuple(dict.fromkeys((*_names(_shipped()), *_names(own_checkpoints()))))


def live_names() -> tuple[str, ...]:
    """Return the names of what can be asked to play live, ``passthrough`` last.

    A damaged checkpoint is among them: whoever asks for it is told what is wrong with it.
    """
    names = (name for name in checkpoint_names() if not _hears_ahead(_folder_of(name)))
    return (*names, PASSTHROUGH)


def named_checkpoint(name: str) -> ModelCapabilities:
    """Return what the checkpoint of a name offers; a path is not a name, ``NAME-1s`` is.

    Raises:
        RefusedError: Code 30, there is none, it is damaged or cannot play live; the message
            says what can.
    """
    names = checkpoint_names()
    if name not in (*names, PASSTHROUGH) and _begun(name)[0] not in names:
        live = live_names()
        near = get_close_matches(name, live, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(live)}"
        raise RefusedError(
            f"no checkpoint {name[:80]!r} came with the program or lies in "
            f"{own_checkpoints()}; {hint}",
            CODE_LOAD,
        )
    try:
        offered = offer(name) if name == PASSTHROUGH else _offer_of(*_place_of(name))
    except (ConfigError, EnvironmentMissing) as error:
        raise RefusedError(str(error), CODE_LOAD) from error
    if offered.not_live:
        raise RefusedError(offered.not_live, CODE_LOAD)
    return offered


def find_checkpoint(name_or_path: str) -> Path:
    """Return the folder of a checkpoint.

    Args:
        name_or_path: See ``checkpoint_names``, or a folder; either may end in an
            anticipation to begin at, ``-0.1s``.

    Raises:
        ConfigError: There is none; the message lists those there are.
    """
    return _found(name_or_path, checkpoint_names())[0]


def whole_checkpoint() -> str:
    """Return the name of the first checkpoint that hears a whole piece before it plays.

    Raises:
        ConfigError: There is none; the message says how to come by one.
    """
    for name in _whole_names():
        return name
    raise ConfigError(
        "no bidirectional checkpoint came with the program or lies in "
        f"{own_checkpoints()}; make one with 'liveband train bidirectional' and name its "
        "folder with --checkpoint"
    )


def whole_offer(name_or_path: str) -> ModelCapabilities:
    """Return what a checkpoint offers that hears a whole piece before it plays.

    Args:
        name_or_path: Name or folder.

    Raises:
        ConfigError: There is no such checkpoint, or it is of another kind.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    whole = _whole_names()
    if name_or_path == PASSTHROUGH:
        offered = offer(PASSTHROUGH)
    else:
        offered = _offer_of(*_found(name_or_path, whole))
    if offered.not_live:
        return offered
    others = f"name one that is ({', '.join(whole)}), " if whole else ""
    raise ConfigError(
        f"--bidirectional: the checkpoint {offered.name!r} is not bidirectional; leave the "
        f"option out, {others}or train one: liveband train bidirectional"
    )


def _whole_names() -> tuple[str, ...]:
    """Return the names of the checkpoints that cannot play live."""
    return tuple(name for name in checkpoint_names() if _hears_ahead(_folder_of(name)))


def _found(name_or_path: str, choices: tuple[str, ...]) -> tuple[Path, float | None]:
    """Return the folder of a checkpoint, and the anticipation in its name, in seconds.

    Args:
        name_or_path: See ``find_checkpoint``.
        choices: Names to offer where there is none.

    Raises:
        ConfigError: There is none; the message lists the choices.
    """
    plain, begins_s = _begun(name_or_path)
    for name, seconds in ((name_or_path, None), (plain, begins_s)):
        for folder in (Path(name).expanduser(), _folder_of(name)):
            if (folder / _CONFIG).is_file():
                return folder, seconds
    named = f"one of {', '.join(choices)}" if choices else "the name of one"
    raise ConfigError(
        f"no checkpoint {name_or_path!r}: it is neither a folder with a {_CONFIG} nor {named}; "
        "make one with 'liveband train', or leave it out"
    )


def _begun(name: str) -> tuple[str, float | None]:
    """Take the anticipation off a name.

    Example:
        >>> _begun("default-0.1s"), _begun("default")
        (('default', 0.1), ('default', None))
    """
    found = _BEGUN.fullmatch(name)
    return (name, None) if found is None else (found["name"], float(found["seconds"]))


def live_checkpoint(name_or_path: str) -> Path:
    """Return the folder of a checkpoint that can play hop by hop.

    Raises:
        ConfigError: There is none, or it cannot play live; the message says what can.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    offered = offer(name_or_path)
    if offered.not_live:
        raise ConfigError(offered.not_live)
    return Path(offered.where)


def offer(name_or_path: str) -> ModelCapabilities:
    """Return what a checkpoint can be asked for.

    Args:
        name_or_path: ``passthrough``, which takes every stem, else see ``find_checkpoint``.

    Raises:
        ConfigError: There is no such checkpoint, or it does not play at the anticipation in
            its name.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    if name_or_path == PASSTHROUGH:
        return ModelCapabilities(
            name=PASSTHROUGH,
            where=PASSTHROUGH,
            identity=PASSTHROUGH,
            stems=tuple(map(str, PARAMETERS["stem"].choices)),
            grooves=(),
            anticipations=(),
        )
    return _offer_of(*_found(name_or_path, live_names()))


def _offer_of(folder: Path, begins_s: float | None) -> ModelCapabilities:
    """Return what the checkpoint in a folder offers, begun at an anticipation.

    Raises:
        ConfigError: It does not play at that one.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    folder = folder.absolute()
    try:
        told = _told(folder, json.loads((folder / _CONFIG).read_text(encoding="utf-8")))
    except _UNREADABLE as error:
        raise unusable(
            folder, f"{_CONFIG} does not list the stems of a generator ({error!r})"
        ) from error
    if begins_s is None:
        return told
    for hops in told.anticipations:
        if abs(hops / HOPS_PER_SECOND - begins_s) < 1e-6 and not told.not_live:
            return replace(told, begins_hops=hops)
    if told.not_live:
        raise ConfigError(
            f"the checkpoint {told.name!r} is bidirectional: it hears a whole piece before it "
            f"plays, so it has no anticipation; ask 'liveband render --bidirectional' for "
            f"{told.name!r}"
        )
    known = ", ".join(f"{told.name}-{hops / HOPS_PER_SECOND:g}s" for hops in told.anticipations)
    raise ConfigError(
        f"the checkpoint {told.name!r} does not play {begins_s:g} s ahead; ask for "
        f"{known or told.name}"
    )


def control_table(name_or_path: str) -> Table:
    """Return the table of controls with the stems and grooves that a checkpoint plays.

    Args:
        name_or_path: See ``offer``.

    Raises:
        ConfigError: There is no such checkpoint.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    return PARAMETERS if name_or_path == PASSTHROUGH else offer(name_or_path).table()


def stem_to_play(stem: str | None, name_or_path: str) -> str:
    """Return the stem to begin with, by the name the checkpoint has for it.

    Args:
        stem: As it was asked for; None for the checkpoint's default.
        name_or_path: See ``offer``.

    Raises:
        ParameterError: The checkpoint does not play it; the message lists what it plays.
        ConfigError: There is no such checkpoint.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    row = control_table(name_or_path)["stem"]
    return str(row.default if stem is None else coerce(row, stem).value)


def groove_to_play(groove: str, name_or_path: str) -> str:
    """Return the groove to begin with, by the name the checkpoint has for it.

    Args:
        groove: As it was asked for.
        name_or_path: See ``offer``.

    Raises:
        ParameterError: The checkpoint does not know it; the message lists what it knows.
        ConfigError: There is no such checkpoint.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    return str(coerce(control_table(name_or_path)["groove"], groove).value)


def unusable(folder: Path, why: str) -> EnvironmentMissing:
    """Return what to raise for a checkpoint that is there but of no use."""
    others = ", ".join(_names_beside(folder))
    return EnvironmentMissing(
        f"the checkpoint {folder} cannot be used: {why}; fetch or train it again, or name "
        f"another with --checkpoint{f' ({others})' if others else ''}"
    )


def _names_beside(folder: Path) -> tuple[str, ...]:
    """Return what can be asked for instead; nothing where the kind is unknown."""
    kind = _kind_in(folder)
    names = () if kind is None else _whole_names() if kind == WHOLE else live_names()
    return tuple(name for name in names if _folder_of(name).absolute() != folder.absolute())


def _told(folder: Path, config: Mapping[str, Any]) -> ModelCapabilities:
    """Return what a checkpoint's own words offer."""
    generator = config["generator"]
    stems = tuple(map(str, generator["stems"]))
    if not stems:
        raise ValueError("an empty list")
    return ModelCapabilities(
        name=folder.name,
        where=str(folder),
        identity=str(config.get("weights_sha256", "")),
        stems=stems,
        grooves=tuple(map(str, generator.get("grooves", ()))),
        anticipations=tuple(sorted(map(int, generator.get("anticipations", ())))),
        kind=str(config.get("kind", LIVEBAND)),
    )


def _hears_ahead(folder: Path) -> bool:
    """Return whether the checkpoint in a folder says that it cannot play live."""
    return _kind_in(folder) == WHOLE


def _kind_in(folder: Path) -> str | None:
    """Return the kind a checkpoint says it is; None if it cannot be read."""
    try:
        config = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
    except _UNREADABLE:
        return None
    return str(config.get("kind", LIVEBAND)) if isinstance(config, Mapping) else None


def _place_of(name: str) -> tuple[Path, float | None]:
    """Return the folder a name stands for, and the anticipation in the name, in seconds."""
    folder = _folder_of(name)
    if (folder / _CONFIG).is_file():
        return folder, None
    plain, begins_s = _begun(name)
    return _folder_of(plain), begins_s


def _folder_of(name: str) -> Path:
    """Return the folder a name stands for, there or not."""
    shipped = _shipped() / name
    return shipped if (shipped / _CONFIG).is_file() else own_checkpoints() / name


def _names(folder: Path) -> list[str]:
    found = sorted(path.parent.name for path in folder.glob(f"*/{_CONFIG}"))
    return [name for name in found if is_plain_name(name)]


def _shipped() -> Path:
    """Return the folder of shipped checkpoints, without importing the model package."""
    found = importlib.util.find_spec("model")
    if found is None or not found.submodule_search_locations:
        raise EnvironmentMissing(
            "the package 'model' is not installed; run 'pip install .' again"
        )
    return Path(found.submodule_search_locations[0]) / "checkpoints"
