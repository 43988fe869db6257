"""Control process of ``liveband run``: opens a band and the parts around it, and plays.

The model is loaded in the engine process; the control process never loads torch.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping

from bridge.checkpoints.catalogue import control_table
from bridge.checkpoints.loader import model_loader
from bridge.common.background import TaskErrors
from bridge.common.errors import ConfigError
from bridge.common.realtime import freeze_collector
from bridge.common.remembered_files import RememberedFiles
from bridge.config import RunSettings
from bridge.controls.controls import Controls
from bridge.controls.parameters import Value
from bridge.controls.table import ControlKey
from bridge.engine.engine_process import EngineProcess
from bridge.engine.messages import Ready
from bridge.live.band import LiveBand
from bridge.monitoring.systemd import notify
from bridge.session.nsm import NsmSession
from bridge.state.presets.folder import PresetFolder
from model.formats.user_folders import config_folder

__all__ = ["open_preset_folder", "perform"]


async def perform(
    settings: RunSettings,
    on_ready: Callable[[LiveBand, Ready], None],
    files: RememberedFiles,
    session: NsmSession | None = None,
    first: EngineProcess | None = None,
    errors: TaskErrors | None = None,
) -> None:
    """Play live until told to quit.

    Args:
        settings: How to begin.
        on_ready: Called once the engine plays; the OSC port answers by then.
        files: Knows what could not be used of what is remembered.
        session: Of a session manager, that we are part of.
        first: The engine, where it was started ahead.
        errors: Told what goes wrong in the background.

    Raises:
        ConfigError: A setting is wrong, or the model cannot meet it.
        EnvironmentMissing: JACK, a device, the OSC port or a checkpoint is not there.
        EngineError: The engine could not start.
    """
    presets = open_preset_folder(settings.checkpoint, files)
    values = session.values if session is not None else {}
    if settings.preset:
        values = presets.load_what_fits(settings.preset) or {}
    controls = _first_controls(settings, values)
    load = model_loader(settings.checkpoint, settings.engine)
    band = LiveBand(settings, load, first, errors)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, band.quit)
    if settings.backend == "hosted":
        _end_with_host(band.quit)
    band.open()
    starting = asyncio.create_task(band.start_engine())
    await asyncio.sleep(0.0)  # it starts, and warms up while the rest is loaded
    try:
        from bridge.app.compose import open_parts

        async with open_parts(
            band, settings, controls, values, presets, session, files
        ) as periodic:
            on_ready(band, await starting)
            notify("READY=1")
            freeze_collector()
            with band.errors.of_loop():
                await band.run(periodic)
    finally:
        band.close()
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)


def _end_with_host(end: Callable[[], None]) -> None:
    """Call ``end`` when standard input closes: the plugin holds the other end of the pipe.

    Raises:
        ConfigError: It is no pipe.
    """
    loop, stdin = asyncio.get_running_loop(), sys.stdin.fileno()

    def read() -> None:
        if not os.read(stdin, 1024):
            loop.remove_reader(stdin)
            end()

    try:
        loop.add_reader(stdin, read)
    except PermissionError:
        raise ConfigError(
            "--backend hosted ends with the pipe at its standard input, which is none; plugins "
            "start it, see docs/hosts.md; to play without one use --backend jack or portaudio"
        ) from None


def open_preset_folder(name_or_path: str, files: RememberedFiles) -> PresetFolder:
    """Return the player's presets, as a checkpoint can play them.

    Args:
        name_or_path: See ``control_table``.
        files: Knows what could not be used.

    Raises:
        ConfigError: There is no such checkpoint.
        EnvironmentMissing: It is damaged, or cannot play.
    """
    return PresetFolder(config_folder() / "presets", control_table(name_or_path), files)


def _first_controls(settings: RunSettings, preset: Mapping[ControlKey, Value]) -> Controls:
    """Return what the controls begin with: the preset, and over it what was asked for."""
    asked = {
        "stem": settings.stem,
        "anticipation": settings.anticipation_s,
        "noise": settings.noise,
        "groove": settings.groove,
        "seed": settings.seed,
        "players": max(1, len(settings.players)),
    }
    controls = Controls(control_table(settings.checkpoint))
    loaded = {key.name: value for key, value in preset.items() if key.player == 1}
    for name, value in {**loaded, **asked}.items():
        controls = controls.apply(name, value)
    return controls
