"""``liveband run``: play live, through JACK or a sound card, controlled over OSC."""

import argparse
import logging
import os
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bridge.checkpoints.loader import Loader
from bridge.commands.options import (
    add_osc_options,
    add_player_options,
    osc_settings,
    player_settings,
)
from bridge.common.errors import BridgeError
from bridge.common.foreign_text import shown_text
from bridge.common.realtime import collector_paused
from bridge.config import BACKENDS, DRIVERS, RunSettings
from bridge.controls.parameters import Value
from bridge.controls.table import ControlKey
from bridge.engine.engine_process import EngineProcess, start_engine
from bridge.monitoring.json_log import JsonLines

if TYPE_CHECKING:
    from bridge.engine.messages import Ready
    from bridge.live.band import LiveBand

__all__ = ["HELP", "configure", "run"]

logger = logging.getLogger(__name__)

HELP = "play live through JACK or a sound card, controlled over OSC"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    start = RunSettings()
    add_player_options(parser, seed=start.seed)
    add = parser.add_argument
    add("--preset", default=start.preset, metavar="P", help="preset to begin with")
    add("--backend", default=start.backend, metavar="B", help=", ".join(BACKENDS))
    add("--device", default=start.device, metavar="D", help="sound device, for portaudio")
    add("--share", default=start.share, metavar="NAME", help="for hosted: memory of the plugin")
    add("--jack-name", default=start.jack_name, metavar="X", help="name of the JACK client")
    add("--server", default=start.server, metavar="NAME", help="name of the JACK server")
    add(
        "--start-jack",
        default=start.start_jack,
        metavar="DRIVER",
        help=f"start a JACK server for this run: {' or '.join(DRIVERS)}",
    )
    add(
        "--no-wait",
        action="store_true",
        help="leave with exit code 3 where there is no JACK server yet, instead of waiting",
    )
    add(
        "--autoconnect",
        action="append",
        type=shown_text,
        default=[],
        metavar="RULE",
        help="connect ports as they appear, by their exact names or by pattern, e.g. "
        "'ardour:Mix/audio_out *=>in_L'; may be repeated",
    )
    add(
        "--midi",
        action="append",
        default=[],
        metavar="NAME",
        help="MIDI device to listen to, by a part of its name; may be repeated (JACK's "
        "control_in needs none)",
    )
    add("--open", action="store_true", help="open the remote in the browser")
    add("--log-json", action="store_true", help="log in lines of JSON, for programs to read")
    add_osc_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Play until Ctrl+C, SIGTERM or ``/liveband/quit``; return the exit code.

    Raises:
        BridgeError: It cannot start; see ``bridge.app.run.perform``.
    """
    if arguments.log_json:
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonLines())
    load = Loader(arguments.checkpoint, arguments.engine)
    with collector_paused():
        engine = start_engine(load)
        try:
            import asyncio  # like the imports below, it loads while the engine starts

            asyncio.run(_play(arguments, engine))
        finally:
            engine.kill()
    return 0


async def _play(arguments: argparse.Namespace, engine: EngineProcess) -> None:
    """Play; join a session first where the environment names a session manager."""
    from bridge.app.run import open_preset_folder, perform
    from bridge.checkpoints.catalogue import control_table
    from bridge.common.background import TaskErrors
    from bridge.common.remembered_files import RememberedFiles
    from bridge.session.nsm import NSM_URL, NsmClient, NsmSession
    from bridge.session.state import read_state

    files, errors = RememberedFiles(), TaskErrors()
    url = os.environ.get(NSM_URL, "")
    if not url:
        presets, values = open_preset_folder(arguments.checkpoint, files), None
        if arguments.preset:
            values = presets.load_what_fits(arguments.preset)
            if values is None:
                arguments.preset = ""
        settings = _settings(arguments, values or {})
        await perform(settings, _ready_logger(settings), files, first=engine, errors=errors)
        return
    client = await NsmClient.join(url, "liveband", errors)
    try:
        opened = await client.opened()
        values = read_state(opened.path, control_table(arguments.checkpoint), files)
        settings = _settings(arguments, values, jack_name=opened.client_id)
        session = NsmSession(client=client, folder=opened.path, values=values)
        log_ready = _ready_logger(settings)

        def ready(band: "LiveBand", told: "Ready") -> None:
            log_ready(band, told)
            client.ready(files.notices)

        await perform(settings, ready, files, session, engine, errors)
    except BridgeError as error:
        client.refuse(error)
        raise
    finally:
        client.close()


def _settings(
    arguments: argparse.Namespace, values: Mapping[ControlKey, Value], jack_name: str = ""
) -> RunSettings:
    """Return what the arguments say, over the values of a preset or a session."""
    start = RunSettings(
        preset=arguments.preset,
        backend=arguments.backend,
        device=arguments.device,
        share=arguments.share,
        jack_name=jack_name or arguments.jack_name,
        server=arguments.server,
        start_jack=arguments.start_jack,
        wait=not arguments.no_wait,
        autoconnect=tuple(arguments.autoconnect),
        midi=tuple(arguments.midi),
        osc=osc_settings(arguments),
        open_page=arguments.open,
    )
    return player_settings(arguments, start, values)


def _ready_logger(settings: RunSettings) -> Callable[["LiveBand", "Ready"], None]:
    """Return a function that logs that the band plays."""
    began = time.monotonic()

    def log_ready(band: "LiveBand", ready: "Ready") -> None:
        server = "no server yet" if band.position() is None else f"{band.audio().rate} Hz"
        logger.info(
            "ready after %.1f s: %s on %s, %s, %.2f of real time, %s",
            time.monotonic() - began,
            settings.stem,
            settings.backend,
            server,
            ready.real_time_factor,
            ready.priority,
        )
        for advice in ready.advice:
            logger.warning("%s", advice)

    return log_ready
