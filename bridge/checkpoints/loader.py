"""Loading of models into this process; the only module that imports the networks of ``model``.

The engine process uses it and imports nothing of the control process. Torch is imported for the
engine ``torch`` only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.checkpoints.catalogue import (
    PASSTHROUGH,
    bidirectional_capabilities,
    find_checkpoint,
    live_folder,
    unusable_error,
)
from bridge.common.errors import ConfigError, EnvironmentMissing
from bridge.config import ENGINES
from model.errors import MissingTool, ModelError
from model.formats.checkpoint_folder import BIDIRECTIONAL, LIVEBAND, kind_of, read_config
from model.formats.conditions import actual_groove
from model.formats.extras import is_installed, what_is_missing

if TYPE_CHECKING:
    from bridge.engine.loader import ModelLoader
    from bridge.protocols import BeatTracker, HopModel
    from bridge.stream.offline import WholePlayer
    from model.formats.conditions import Conditions

__all__ = [
    "Loader",
    "chosen_engine",
    "export_graphs",
    "lighter_engine",
    "load_bidirectional_player",
    "load_engine",
    "load_model",
    "load_tracker",
    "model_loader",
    "playable_engines",
]

_EAGER = "torch-eager"


def load_model(name_or_path: str, engine: str = "") -> HopModel:
    """Load a model into this process and set the process up for it.

    Args:
        name_or_path: ``passthrough`` for the wire, else see ``find_checkpoint``.
        engine: One of ``ENGINES``; empty for ``onnx`` where the checkpoint's kind has graphs,
            else ``torch``.

    Raises:
        ConfigError: There is no such checkpoint or engine, or it cannot play live.
        EnvironmentMissing: It is damaged, or of another version, or the engine is not
            installed.
    """
    return load_engine(name_or_path, engine, "int8")


def load_engine(name_or_path: str, engine: str, dtype: str) -> HopModel:
    """Load a model as ``load_model`` does, the generator's blocks kept in a given way.

    Args:
        name_or_path: See ``load_model``.
        engine: See ``load_model``; also ``torch-eager``, torch without inference mode, which is
            for comparison in measurements.
        dtype: ``int8`` or ``float32``; torch has float32 only and does not ask.

    Raises:
        ConfigError: See ``load_model``.
        EnvironmentMissing: See ``load_model``.
    """
    engine = chosen_engine(name_or_path, engine)
    if name_or_path == PASSTHROUGH:
        from bridge.testing import PassThroughModel

        return PassThroughModel()
    folder = live_folder(name_or_path)
    with _errors_of(folder):
        return _with_onnx(folder, dtype) if engine == "onnx" else _with_torch(folder, engine)


def chosen_engine(name_or_path: str, engine: str) -> str:
    """Return the engine that plays a checkpoint.

    Args:
        name_or_path: See ``load_model``.
        engine: See ``load_model``.

    Raises:
        ConfigError: There is no such checkpoint or engine, or it cannot play live.
        EnvironmentMissing: It is damaged, or the engine is not installed.
    """
    if name_or_path == PASSTHROUGH:
        return PASSTHROUGH
    if engine not in ("", *ENGINES, _EAGER):
        raise ConfigError(f"no engine {engine!r}; there are {' and '.join(ENGINES)}")
    why_not = _no_graphs(live_folder(name_or_path))
    if why_not and engine == "onnx":
        raise ConfigError(f"--engine onnx: {why_not}; it plays with --engine torch")
    chosen = engine or ("torch" if why_not else "onnx")
    if chosen != "onnx":
        _require_torch(f"the checkpoint {name_or_path!r} with --engine torch")
    return chosen


def _require_torch(purpose: str) -> None:
    """Check that torch is installed, without loading it.

    Raises:
        EnvironmentMissing: It is not; the message has the command that installs it.
    """
    if not is_installed("torch"):
        raise EnvironmentMissing(what_is_missing("torch", purpose) or purpose)


def playable_engines(name_or_path: str) -> tuple[str, ...]:
    """Return every engine that can play a checkpoint, also those that are only measured.

    Args:
        name_or_path: See ``load_model``; the wire is played by all.

    Raises:
        ConfigError: There is no such checkpoint, or it cannot play live.
        EnvironmentMissing: It is damaged.
    """
    if name_or_path != PASSTHROUGH and _no_graphs(live_folder(name_or_path)):
        return ("torch",)
    return (*ENGINES, _EAGER)


def lighter_engine(name_or_path: str, engine: str) -> str:
    """Return the engine that takes less of the processor; empty where it plays already.

    Args:
        name_or_path: See ``load_model``.
        engine: See ``load_model``.

    Raises:
        ConfigError: See ``chosen_engine``.
        EnvironmentMissing: It is damaged.
    """
    slower = chosen_engine(name_or_path, engine) in ("torch", _EAGER)
    return "onnx" if slower and "onnx" in playable_engines(name_or_path) else ""


@contextmanager
def _errors_of(folder: Path) -> Iterator[None]:
    """Raise errors of the model, within, as those of the bridge about a checkpoint's folder."""
    try:
        yield
    except MissingTool as error:
        raise EnvironmentMissing(str(error)) from error
    except ModelError as error:
        raise unusable_error(folder, str(error)) from error


def _no_graphs(folder: Path) -> str:
    """Return why graphs cannot be made from a checkpoint; empty if they can."""
    with _errors_of(folder):
        kind = kind_of(read_config(folder))
    if kind == LIVEBAND:
        return ""
    return f"the checkpoint {folder.name!r} is of the kind {kind}, which has no graphs"


def _with_torch(folder: Path, engine: str) -> HopModel:
    import torch

    from model.accompanists import players

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    return players.load(folder, inference_mode=engine != _EAGER)


def _with_onnx(folder: Path, dtype: str) -> HopModel:
    from model.onnx.accompanist import load

    return load(folder, dtype)


def export_graphs(name_or_path: str) -> Path:
    """Write a checkpoint's graphs anew and return the folder they lie in.

    Args:
        name_or_path: See ``find_checkpoint``.

    Raises:
        ConfigError: There is no such checkpoint, or its kind has no graphs.
        EnvironmentMissing: It is damaged, what makes them is not installed, or there is
            nowhere to write them.
    """
    if name_or_path == PASSTHROUGH:
        raise ConfigError("passthrough is a wire: it has no graphs and needs none")
    folder = find_checkpoint(name_or_path)
    if why_not := _no_graphs(folder):
        raise ConfigError(f"{why_not} and needs none; export one that has")

    from model.onnx.export import export

    with _errors_of(folder):
        return next(iter(export(folder).files.values())).parent


def load_bidirectional_player(
    name_or_path: str, conditions: Conditions
) -> tuple[WholePlayer, int]:
    """Load a model that hears a whole mix before it plays.

    Args:
        name_or_path: See ``bidirectional_capabilities``.
        conditions: What to play; the anticipation has no meaning here.

    Returns:
        What turns a whole mix into a whole stem, and the rate of both.

    Raises:
        ConfigError: There is no such checkpoint, or it is of another kind.
        EnvironmentMissing: It is damaged, or of another version, or torch is not installed.
    """
    folder = Path(bidirectional_capabilities(name_or_path).where)
    _require_torch("--bidirectional")

    from model.accompanists.players import play_whole
    from model.checkpoint import load_checkpoint

    with _errors_of(folder):
        checkpoint = load_checkpoint(folder, BIDIRECTIONAL)
    groove = actual_groove(conditions, checkpoint.likely_grooves)
    asked = replace(conditions, groove=groove)
    rate = checkpoint.autoencoder.config.sample_rate
    return lambda mix: play_whole(checkpoint, mix, asked), rate


def load_tracker() -> BeatTracker:
    """Load the beat tracker into this process.

    Raises:
        EnvironmentMissing: Its weights are missing or damaged.
    """
    from model.beat_tracker.tracker import load

    try:
        return load()
    except ModelError as error:
        raise EnvironmentMissing(str(error)) from error


@dataclass(frozen=True, slots=True)
class Loader:
    """Calls ``load_model`` and ``load_tracker`` in the engine's process."""

    name_or_path: str
    engine: str
    lighter: str = ""
    """See ``lighter_engine``."""

    def __call__(self) -> HopModel:
        """Return the model."""
        return load_model(self.name_or_path, self.engine)

    def load_tracker(self) -> BeatTracker:
        """Return what makes out the beat."""
        return load_tracker()


def model_loader(name_or_path: str, engine: str = "") -> ModelLoader:
    """Return ``load_model`` for a checkpoint that was found, to be called in the engine.

    Args:
        name_or_path: See ``load_model``.
        engine: See ``load_model``.

    Raises:
        ConfigError: There is no such checkpoint or engine, or it cannot play live.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    return Loader(name_or_path, engine, lighter_engine(name_or_path, engine))
