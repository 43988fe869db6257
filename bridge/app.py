"""Where the bridge meets a model: the only file that names ``model``.

Nothing of it is imported until a model is asked for, in the engine process when live, so the
control process never loads torch.
"""

import asyncio
import functools
import importlib
import importlib.util
import json
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import cast

from bridge.band import LiveBand
from bridge.banks import bank_commands
from bridge.config import RunSettings
from bridge.controls import Controls, coerce
from bridge.desk import Desk
from bridge.engine import ModelLoader
from bridge.errors import ConfigError, EnvironmentMissing
from bridge.folders import config_folder
from bridge.messages import Ready
from bridge.midi.commands import commands
from bridge.midi.frames import FrameClock
from bridge.midi.ports import JackPort, MidiPort, SystemPort
from bridge.midi.service import MidiService
from bridge.midi.surface import ProgramHook
from bridge.nsm import Membership
from bridge.osc.endpoint import OscEndpoint
from bridge.parameters import PARAMETERS, Table, Value
from bridge.presets.librarian import Librarian
from bridge.presets.shelf import PresetShelf
from bridge.protocols import ANY_GROOVE, HopModel
from bridge.stage import conducted, kept, recorded, wired
from bridge.testing import PassThroughModel

__all__ = [
    "PASSTHROUGH",
    "checkpoint_names",
    "control_table",
    "find_checkpoint",
    "load_model",
    "model_command",
    "model_loader",
    "open_midi",
    "perform",
    "preset_shelf",
    "stem_to_play",
]

PASSTHROUGH = "passthrough"
"""Name of the wire: a model that plays back what it heard, to measure latency with."""
_CONFIG = "config.json"


def checkpoint_names() -> tuple[str, ...]:
    """Return the names of the checkpoints that came with the program."""
    folders = sorted(path.parent for path in _shipped().glob(f"*/{_CONFIG}"))
    return tuple(folder.name for folder in folders)


def find_checkpoint(name_or_path: str) -> Path:
    """Return the folder of a checkpoint.

    Args:
        name_or_path: Name of a shipped one, or a folder.

    Raises:
        ConfigError: There is none; the message lists those there are.
    """
    for folder in (Path(name_or_path).expanduser(), _shipped() / name_or_path):
        if (folder / _CONFIG).is_file():
            return folder
    names = ", ".join((*checkpoint_names(), PASSTHROUGH))
    raise ConfigError(
        f"no checkpoint {name_or_path!r}: it is neither a folder with a {_CONFIG} nor one of "
        f"{names}; make one with 'liveband train', or leave --checkpoint out"
    )


def control_table(name_or_path: str) -> Table:
    """Return the table of controls with the stems and grooves that a checkpoint plays.

    Its ``config.json`` tells, so neither torch nor the weights are loaded. Where the usual
    default is not among them, their first is the default.

    Args:
        name_or_path: ``passthrough``, which takes every stem, else see ``find_checkpoint``.

    Raises:
        ConfigError: There is no such checkpoint.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    if name_or_path == PASSTHROUGH:
        return PARAMETERS
    folder = find_checkpoint(name_or_path)
    try:
        config = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
        stems = tuple(map(str, config["generator"]["stems"]))
        usual = str(PARAMETERS["stem"].default)
        table = PARAMETERS.with_choices("stem", stems, usual if usual in stems else stems[0])
        grooves = tuple(map(str, config["generator"].get("grooves", ())))
        return table.with_choices("groove", (ANY_GROOVE, *grooves), ANY_GROOVE)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise _unusable(
            folder, f"{_CONFIG} does not list the stems of a generator ({error!r})"
        ) from error


def stem_to_play(stem: str | None, name_or_path: str) -> str:
    """Return the stem to begin with, by the name the checkpoint has for it.

    Args:
        stem: As it was asked for; None for the checkpoint's default.
        name_or_path: See ``control_table``.

    Raises:
        ParameterError: The checkpoint does not play it; the message lists what it plays.
        ConfigError: There is no such checkpoint.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    row = control_table(name_or_path)["stem"]
    return str(row.default if stem is None else coerce(row, stem).value)


def load_model(name_or_path: str) -> HopModel:
    """Load a model into this process and set the process up for it.

    Args:
        name_or_path: ``passthrough`` for the wire, else see ``find_checkpoint``.

    Raises:
        ConfigError: There is no such checkpoint.
        EnvironmentMissing: It is damaged, or of another version.
    """
    if name_or_path == PASSTHROUGH:
        return PassThroughModel()
    folder = find_checkpoint(name_or_path)

    import torch

    from model.accompanist import load
    from model.errors import ModelError

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    try:
        return load(folder)
    except ModelError as error:
        raise _unusable(folder, str(error)) from error


def model_loader(name_or_path: str) -> ModelLoader:
    """Return ``load_model`` for a checkpoint that was found, to be called in the engine.

    Raises:
        ConfigError: There is no such checkpoint.
    """
    if name_or_path != PASSTHROUGH:
        find_checkpoint(name_or_path)
    return functools.partial(load_model, name_or_path)


async def perform(
    settings: RunSettings,
    on_ready: Callable[[LiveBand, Ready], None],
    session: Membership | None = None,
) -> None:
    """Play live until told to quit.

    Args:
        settings: How to begin.
        on_ready: Called once the engine plays; the OSC port answers by then.
        session: Of a session manager, that we are part of.

    Raises:
        ConfigError: A setting is wrong, or the model cannot meet it.
        EnvironmentMissing: JACK, a device, the OSC port or a checkpoint is not there.
        EngineError: The engine could not start.
    """
    shelf = preset_shelf(settings.checkpoint)
    values = session.values if session is not None else {}
    if settings.preset:
        values = shelf.load(settings.preset)
    controls = _first_controls(settings, values)
    band = LiveBand(settings, model_loader(settings.checkpoint))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, band.quit)
    band.open()
    try:
        await band.apply(controls, frozenset(values))
        desk = Desk(band, controls)
        librarian = Librarian(desk, shelf)
        librarian.note(settings.preset, values if settings.preset else {})
        band.commands |= {**librarian.commands, **bank_commands(band.use_bank)}
        band.readings |= librarian.readings
        async with (
            recorded(desk, band),
            kept(desk, band, librarian, session),
            wired(desk, band, settings, by_ourselves=session is None),
            open_midi(desk, band, settings, librarian.program) as midi,
            conducted(desk, band, midi),
        ):
            endpoint = await OscEndpoint.open(
                desk, settings=settings.osc, version=version("liveband")
            )
            try:
                on_ready(band, await band.start_engine())
                await band.run()
            finally:
                await endpoint.close()
    finally:
        band.close()


@asynccontextmanager
async def open_midi(
    desk: Desk,
    band: LiveBand,
    settings: RunSettings,
    on_program: ProgramHook | None = None,
) -> AsyncIterator[MidiService]:
    """Let MIDI controllers move a desk for as long as the context lasts.

    Args:
        desk: What they move.
        band: An open band; it tells its audio clock, and carries the MIDI commands.
        settings: Which devices there are to be.
        on_program: Loads presets for program changes; None where there are none.

    Raises:
        EnvironmentMissing: A device is not there, or the system has no MIDI.
        ConfigError: A device's name fits several, or its map has a mistake.
    """
    share = band.share
    with ExitStack() as stack:
        ports: list[MidiPort] = [JackPort(share)] if settings.backend == "jack" else []
        for name in settings.midi:
            port = SystemPort(name)
            stack.callback(port.close)
            ports.append(port)
        frames = FrameClock(lambda: share.frame, share.rate, time.monotonic)
        service = MidiService(
            desk, ports, frames, share.rate, config_folder() / "midi", on_program
        )
        band.commands |= commands(service, desk.controls.table)
        band.readings["midi/monitor"] = lambda: service.heard
        running = asyncio.create_task(service.run())
        try:
            yield service
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def model_command(arguments: Sequence[str]) -> int:
    """Hand a command of the model's life (data, train, evaluate) to the model package.

    Returns:
        The exit code.
    """
    main = importlib.import_module("model.__main__").main
    return cast(int, main(list(arguments)))


def preset_shelf(name_or_path: str) -> PresetShelf:
    """Return the player's presets, as a checkpoint can play them.

    Args:
        name_or_path: See ``control_table``.

    Raises:
        ConfigError: There is no such checkpoint.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    return PresetShelf(config_folder() / "presets", control_table(name_or_path))


def _first_controls(settings: RunSettings, preset: Mapping[str, Value]) -> Controls:
    """Return what the controls begin with: the preset, and over it what was asked for."""
    asked = {
        "stem": settings.stem,
        "anticipation": settings.anticipation_s,
        "noise": settings.noise,
        "seed": settings.seed,
    }
    controls = Controls(control_table(settings.checkpoint))
    for name, value in {**preset, **asked}.items():
        controls = controls.apply(name, value)
    return controls


def _unusable(folder: Path, why: str) -> EnvironmentMissing:
    """Return what to raise for a checkpoint that is there but of no use."""
    return EnvironmentMissing(
        f"the checkpoint {folder} cannot be used: {why}; fetch or train it again, or name "
        f"another with --checkpoint ({', '.join((*checkpoint_names(), PASSTHROUGH))})"
    )


def _shipped() -> Path:
    """Return the folder of shipped checkpoints, without importing the model package."""
    found = importlib.util.find_spec("model")
    if found is None or not found.submodule_search_locations:
        raise EnvironmentMissing(
            "the package 'model' is not installed; run 'pip install .' again"
        )
    return Path(found.submodule_search_locations[0]) / "checkpoints"
