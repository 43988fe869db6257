"""Which checkpoints there are, and what they say of themselves before they are loaded.

Their ``config.json`` tells, so neither torch nor the weights are needed. A checkpoint has a
name, that of its folder, if it came with the program or lies in the player's own folder of
checkpoints; where both have one of a name, the program's is meant.
"""

import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bridge.controls.controls import coerce
from bridge.controls.parameters import PARAMETERS, Table
from bridge.controls.readings import ModelReading
from bridge.errors import ConfigError, EnvironmentMissing, RefusedError
from bridge.folders import data_folder
from bridge.keep import is_plain_name
from bridge.latency import HOPS_PER_SECOND
from bridge.protocols import ANY_GROOVE, Conditions

__all__ = [
    "CODE_LOAD",
    "CODE_STATE",
    "PASSTHROUGH",
    "Offer",
    "checkpoint_names",
    "control_table",
    "find_checkpoint",
    "live_checkpoint",
    "named_checkpoint",
    "offer",
    "own_checkpoints",
    "stem_to_play",
    "unusable",
]

PASSTHROUGH = "passthrough"
"""Name of the wire: a model that plays back what it heard, to measure latency with."""
CODE_LOAD = 30
CODE_STATE = 31
_CONFIG = "config.json"
_LIVEBAND, _WHOLE = "liveband", "bidirectional"


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What a checkpoint can be asked for."""

    name: str
    """Of its folder."""
    where: str
    """What to load it by: its folder, or ``passthrough``."""
    identity: str
    """Names its weights, by their SHA-256; copies share it, and what they remember."""
    stems: tuple[str, ...]
    grooves: tuple[str, ...]
    """Besides ``any``."""
    anticipations: tuple[int, ...]
    """In hops, ascending; empty if it does not say."""
    kind: str = _LIVEBAND
    """``liveband``, ``baseline`` or ``bidirectional``."""

    @property
    def not_live(self) -> str:
        """Why it cannot play hop by hop; empty if it can."""
        if self.kind != _WHOLE:
            return ""
        return (
            f"the checkpoint {self.name!r} is bidirectional: it hears a whole piece before it "
            "plays, so it cannot play live; let it play to a file with "
            "'liveband render --bidirectional', or name another"
        )

    def table(self) -> Table:
        """Return the table of controls with these stems, grooves and anticipations.

        Where the usual default is not among them, the first of them is the default.
        """
        table = PARAMETERS.with_choices("groove", (ANY_GROOVE, *self.grooves), ANY_GROOVE)
        ahead_s = tuple(hops / HOPS_PER_SECOND for hops in self.anticipations)
        for name, choices in (("stem", self.stems), ("anticipation", ahead_s)):
            usual = table[name].default
            if choices:
                default = usual if usual in choices else choices[0]
                table = table.with_choices(name, choices, default)
        return table

    def fit(self, conditions: Conditions) -> Conditions:
        """Return conditions it can meet: what it does not offer becomes what ``table`` says.

        An anticipation it does not have becomes the nearest it has.
        """
        table, ahead = self.table(), conditions.anticipation_hops
        stem, groove = conditions.stem, conditions.groove
        return replace(
            conditions,
            stem=stem if stem in self.stems else str(table["stem"].default),
            groove=groove if groove in self.grooves else ANY_GROOVE,
            anticipation_hops=min(
                self.anticipations or (ahead,), key=lambda hops: (abs(hops - ahead), hops)
            ),
        )

    @property
    def reading(self) -> ModelReading:
        """The same, as control surfaces are told."""
        return ModelReading(
            name=self.name,
            weights=self.identity[:12],
            stems=", ".join(self.stems),
            grooves=", ".join(self.grooves),
        )


def own_checkpoints() -> Path:
    """Return the player's folder of checkpoints; it need not be there yet."""
    return data_folder() / "checkpoints"


def checkpoint_names() -> tuple[str, ...]:
    """Return the names of the checkpoints there are, those that came with the program first."""
    return tuple(dict.fromkeys((*_names(_shipped()), *_names(own_checkpoints()))))


def named_checkpoint(name: str) -> Offer:
    """Return what the checkpoint of a name offers; a path is not a name.

    Raises:
        RefusedError: Code 30, there is none, it is damaged or cannot play live; the message
            says what can.
    """
    names = (*checkpoint_names(), PASSTHROUGH)
    if name not in names:
        near = get_close_matches(name, names, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
        raise RefusedError(
            f"no checkpoint {name[:80]!r} came with the program or lies in "
            f"{own_checkpoints()}; {hint}",
            CODE_LOAD,
        )
    try:
        offered = offer(PASSTHROUGH if name == PASSTHROUGH else str(_folder_of(name)))
    except EnvironmentMissing as error:
        raise RefusedError(str(error), CODE_LOAD) from error
    if offered.not_live:
        raise RefusedError(offered.not_live, CODE_LOAD)
    return offered


def find_checkpoint(name_or_path: str) -> Path:
    """Return the folder of a checkpoint.

    Args:
        name_or_path: See ``checkpoint_names``, or a folder.

    Raises:
        ConfigError: There is none; the message lists those there are.
    """
    for folder in (Path(name_or_path).expanduser(), _folder_of(name_or_path)):
        if (folder / _CONFIG).is_file():
            return folder
    names = ", ".join((*checkpoint_names(), PASSTHROUGH))
    raise ConfigError(
        f"no checkpoint {name_or_path!r}: it is neither a folder with a {_CONFIG} nor one of "
        f"{names}; make one with 'liveband train', or leave --checkpoint out"
    )


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


def offer(name_or_path: str) -> Offer:
    """Return what a checkpoint can be asked for.

    Args:
        name_or_path: ``passthrough``, which takes every stem, else see ``find_checkpoint``.

    Raises:
        ConfigError: There is no such checkpoint.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    if name_or_path == PASSTHROUGH:
        return Offer(
            name=PASSTHROUGH,
            where=PASSTHROUGH,
            identity=PASSTHROUGH,
            stems=tuple(map(str, PARAMETERS["stem"].choices)),
            grooves=(),
            anticipations=(),
        )
    folder = find_checkpoint(name_or_path).absolute()
    try:
        return _told(folder, json.loads((folder / _CONFIG).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise unusable(
            folder, f"{_CONFIG} does not list the stems of a generator ({error!r})"
        ) from error


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


def unusable(folder: Path, why: str) -> EnvironmentMissing:
    """Return what to raise for a checkpoint that is there but of no use."""
    return EnvironmentMissing(
        f"the checkpoint {folder} cannot be used: {why}; fetch or train it again, or name "
        f"another with --checkpoint ({', '.join((*checkpoint_names(), PASSTHROUGH))})"
    )


def _told(folder: Path, config: Mapping[str, Any]) -> Offer:
    """Return what a checkpoint's own words offer."""
    generator = config["generator"]
    stems = tuple(map(str, generator["stems"]))
    if not stems:
        raise ValueError("an empty list")
    return Offer(
        name=folder.name,
        where=str(folder),
        identity=str(config.get("weights_sha256", "")),
        stems=stems,
        grooves=tuple(map(str, generator.get("grooves", ()))),
        anticipations=tuple(sorted(map(int, generator.get("anticipations", ())))),
        kind=str(config.get("kind", _LIVEBAND)),
    )


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
