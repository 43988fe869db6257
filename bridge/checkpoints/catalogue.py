"""Catalogue of checkpoints: their names, and what each can be asked for before it is loaded.

A checkpoint is named or found by its folder as :mod:`model.formats.checkpoint_folder` says.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bridge.common.errors import ConfigError, EnvironmentMissing, FailureCode, RefusedError
from bridge.common.latency import HOPS_PER_SECOND
from bridge.controls.capabilities import ModelCapabilities
from bridge.controls.controls import coerce
from bridge.controls.parameters import PARAMETERS, Table
from model.formats.checkpoint_folder import (
    BIDIRECTIONAL,
    CONFIG,
    LIVEBAND,
    checkpoint_names,
    find_spelled,
    named_folder,
    own_checkpoints,
    read_config,
    stated_kind,
    unknown_checkpoint,
)
from model.formats.checkpoint_start import meant_name, split_start, start_hops, unmet_start
from model.formats.names import composed

__all__ = [
    "PASSTHROUGH",
    "bidirectional_capabilities",
    "control_table",
    "default_bidirectional",
    "find_checkpoint",
    "initial_groove",
    "initial_stem",
    "live_folder",
    "live_names",
    "model_capabilities",
    "named_capabilities",
    "unusable_error",
]

PASSTHROUGH = "passthrough"
"""Name of the model that plays back what it heard, to measure latency with."""
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError)
"""What reading a config of wrong words, types or depth can raise."""


def live_names() -> tuple[str, ...]:
    """Return the names of what can be asked to play live, ``passthrough`` last.

    A damaged checkpoint is among them: whoever asks for it is told what is wrong with it.
    """
    names = checkpoint_names()
    return (*(name for name in names if not _is_bidirectional(name)), PASSTHROUGH)


def _bidirectional_names() -> tuple[str, ...]:
    """Return the names of the checkpoints that cannot play live."""
    return tuple(name for name in checkpoint_names() if _is_bidirectional(name))


def _is_bidirectional(name: str) -> bool:
    return stated_kind(named_folder(name)) == BIDIRECTIONAL


def find_checkpoint(name_or_path: str) -> Path:
    """Return the folder of a checkpoint.

    Args:
        name_or_path: See ``checkpoint_names``, or a folder; either may end in an
            anticipation to begin at, ``-0.1s``.

    Raises:
        ConfigError: There is none, or it does not play at that anticipation; the message
            lists what there is.
        EnvironmentMissing: It is damaged, so that nobody knows at which it plays.
    """
    folder, start_s = _find(name_or_path, checkpoint_names())
    if start_s is not None:
        _capabilities_at(folder, start_s)
    return folder


def default_bidirectional() -> str:
    """Return the name of the first bidirectional checkpoint.

    Raises:
        ConfigError: There is none; the message says how to make one.
    """
    for name in _bidirectional_names():
        return name
    raise ConfigError(
        "no bidirectional checkpoint came with the program or lies in "
        f"{own_checkpoints()}; make one with 'liveband train bidirectional' and name its "
        "folder with --checkpoint"
    )


def named_capabilities(name: str) -> ModelCapabilities:
    """Return what a live checkpoint can be asked for, by its name only, never a path.

    Args:
        name: ``passthrough`` or one of ``checkpoint_names``; may end in an anticipation.

    Raises:
        RefusedError: Code 30, there is none, it is damaged or cannot play live; the message
            says what can.
    """
    name, names = composed(name), checkpoint_names()
    if name not in (*names, PASSTHROUGH) and split_start(name)[0] not in names:
        live = live_names()
        raise RefusedError(
            f"no checkpoint {name[:80]!r} came with the program or lies in "
            f"{own_checkpoints()}; {meant_name(name, live) or 'there are ' + ', '.join(live)}",
            FailureCode.MODEL_LOAD,
        )
    try:
        return _require_live(
            _passthrough() if name == PASSTHROUGH else _capabilities_at(*_named_place(name))
        )
    except (ConfigError, EnvironmentMissing) as error:
        raise RefusedError(str(error), FailureCode.MODEL_LOAD) from error


def model_capabilities(name_or_path: str) -> ModelCapabilities:
    """Return what a checkpoint can be asked for.

    Args:
        name_or_path: ``passthrough``, which takes every stem, else see ``find_checkpoint``.

    Raises:
        ConfigError: There is no such checkpoint, or it does not play at the anticipation in
            its name.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    if name_or_path == PASSTHROUGH:
        return _passthrough()
    return _capabilities_at(*_find(name_or_path, live_names()))


def bidirectional_capabilities(name_or_path: str) -> ModelCapabilities:
    """Return what a bidirectional checkpoint can be asked for.

    Args:
        name_or_path: Name or folder.

    Raises:
        ConfigError: There is no such checkpoint, or it is of another kind.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    names = _bidirectional_names()
    if name_or_path == PASSTHROUGH:
        found = _passthrough()
    else:
        found = _capabilities_at(*_find(name_or_path, names))
    if found.not_live:
        return found
    others = f"name one that is ({', '.join(names)}), " if names else ""
    raise ConfigError(
        f"--bidirectional: the checkpoint {found.name!r} is not bidirectional; leave the "
        f"option out, {others}or train one: liveband train bidirectional"
    )


def live_folder(name_or_path: str) -> Path:
    """Return the folder of a checkpoint that can play hop by hop.

    Raises:
        ConfigError: There is none, or it cannot play live; the message says what can.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    return Path(_require_live(model_capabilities(name_or_path)).where)


def control_table(name_or_path: str) -> Table:
    """Return the table of controls with the stems and grooves that a checkpoint plays.

    Args:
        name_or_path: See ``model_capabilities``.

    Raises:
        ConfigError: There is no such checkpoint.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    if name_or_path == PASSTHROUGH:
        return PARAMETERS
    return model_capabilities(name_or_path).table()


def initial_stem(stem: str | None, name_or_path: str) -> str:
    """Return the stem to begin with, by the name the checkpoint has for it.

    Args:
        stem: As it was asked for; None for the checkpoint's default.
        name_or_path: See ``model_capabilities``.

    Raises:
        ParameterError: The checkpoint does not play it; the message lists what it plays.
        ConfigError: There is no such checkpoint.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    row = control_table(name_or_path)["stem"]
    return str(row.default if stem is None else coerce(row, stem).value)


def initial_groove(groove: str, name_or_path: str) -> str:
    """Return the groove to begin with, by the name the checkpoint has for it.

    Args:
        groove: As it was asked for.
        name_or_path: See ``model_capabilities``.

    Raises:
        ParameterError: The checkpoint does not know it; the message lists what it knows.
        ConfigError: There is no such checkpoint.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    return str(coerce(control_table(name_or_path)["groove"], groove).value)


def unusable_error(folder: Path, why: str) -> EnvironmentMissing:
    """Return what to raise for a checkpoint that is there but of no use."""
    kind = stated_kind(folder)
    names = _bidirectional_names() if kind == BIDIRECTIONAL else live_names() if kind else ()
    others = ", ".join(
        name for name in names if named_folder(name).absolute() != folder.absolute()
    )
    return EnvironmentMissing(
        f"the checkpoint {folder} cannot be used: {why}; fetch or train it again, or name "
        f"another with --checkpoint{f' ({others})' if others else ''}"
    )


def _require_live(found: ModelCapabilities) -> ModelCapabilities:
    if found.not_live:
        raise ConfigError(found.not_live)
    return found


def _find(name_or_path: str, choices: tuple[str, ...]) -> tuple[Path, float | None]:
    """Return the folder of a checkpoint, and the anticipation in its name, in seconds.

    Args:
        name_or_path: See ``find_checkpoint``.
        choices: Names to suggest where there is none.

    Raises:
        ConfigError: There is none; the message lists the choices.
    """
    found = find_spelled(name_or_path)
    if found is None:
        raise ConfigError(unknown_checkpoint(name_or_path, choices))
    return found


def _named_place(name: str) -> tuple[Path, float | None]:
    """Return the folder a name stands for, and the anticipation in the name, in seconds."""
    folder = named_folder(name)
    if (folder / CONFIG).is_file():
        return folder, None
    plain, start_s = split_start(name)
    return named_folder(plain), start_s


def _passthrough() -> ModelCapabilities:
    return ModelCapabilities(
        name=PASSTHROUGH,
        where=PASSTHROUGH,
        identity=PASSTHROUGH,
        stems=tuple(map(str, PARAMETERS["stem"].choices)),
        grooves=(),
        anticipations=(),
    )


def _capabilities_at(folder: Path, start_s: float | None) -> ModelCapabilities:
    """Return what the checkpoint in a folder can be asked for, begun at an anticipation.

    Raises:
        ConfigError: It does not play at that one.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    folder = folder.absolute()
    try:
        found = _stated_capabilities(folder, read_config(folder))
    except _UNREADABLE as error:
        why = error if isinstance(error, ValueError) else repr(error)
        raise unusable_error(
            folder, f"{CONFIG} does not list the stems of a generator ({why})"
        ) from error
    if start_s is None:
        return found
    if found.not_live:
        raise ConfigError(
            f"the checkpoint {found.name!r} is bidirectional: it hears a whole piece before it "
            f"plays, so it has no anticipation; ask 'liveband render --bidirectional' for "
            f"{found.name!r}"
        )
    asked = (found.anticipations, start_s, HOPS_PER_SECOND)
    hops = start_hops(*asked)
    if hops is None:
        raise ConfigError(unmet_start(found.name, *asked))
    return replace(found, begins_hops=hops)


def _stated_capabilities(folder: Path, config: Mapping[str, Any]) -> ModelCapabilities:
    """Return the capabilities that a config states; see ``_UNREADABLE`` for its errors."""
    generator = config["generator"]
    stems = tuple(map(str, generator["stems"]))
    if not stems:
        raise ValueError("an empty list")
    return ModelCapabilities(
        name=composed(folder.name),
        where=str(folder),
        identity=str(config["weights_sha256"]),
        stems=stems,
        grooves=tuple(map(str, generator.get("grooves", ()))),
        anticipations=tuple(sorted(map(int, generator.get("anticipations", ())))),
        kind=str(config.get("kind", LIVEBAND)),
    )
