"""``liveband run``: play live, through JACK or a sound card, steered over OSC."""

import argparse
import asyncio
import logging
import time
from dataclasses import replace

from bridge.commands.options import add_player_options
from bridge.config import BACKENDS, DRIVERS, RunSettings

__all__ = ["HELP", "configure", "run"]

logger = logging.getLogger(__name__)

HELP = "play live through JACK or a sound card, steered over OSC"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    start = RunSettings()
    add_player_options(parser, seed=start.seed)
    add = parser.add_argument
    add("--backend", default=start.backend, metavar="B", help=" or ".join(BACKENDS))
    add("--device", default=start.device, metavar="D", help="sound device, for portaudio")
    add("--jack-name", default=start.jack_name, metavar="X", help="name of the JACK client")
    add("--server", default=start.server, metavar="NAME", help="name of the JACK server")
    add(
        "--start-jack",
        default=start.start_jack,
        metavar="DRIVER",
        help=f"start a JACK server for this run: {' or '.join(DRIVERS)}",
    )
    add("--osc-port", type=int, default=start.osc_port, metavar="N", help="UDP; 0 for any")
    add("--osc-bind", default=start.osc_host, metavar="ADDR", help="address to listen on")


def run(arguments: argparse.Namespace) -> int:
    """Play until Ctrl+C, SIGTERM or ``/liveband/quit``; return the exit code.

    Raises:
        BridgeError: It cannot start; see ``bridge.app.perform``.
    """
    from bridge.app import perform, stem_to_play
    from bridge.band import LiveBand
    from bridge.messages import Ready

    began = time.monotonic()
    settings = RunSettings(
        anticipation_s=arguments.anticipation,
        noise=arguments.noise,
        seed=arguments.seed,
        checkpoint=arguments.checkpoint,
        backend=arguments.backend,
        device=arguments.device,
        jack_name=arguments.jack_name,
        server=arguments.server,
        start_jack=arguments.start_jack,
        osc_host=arguments.osc_bind,
        osc_port=arguments.osc_port,
    )
    stem = stem_to_play(arguments.stem, settings.checkpoint)

    def tell(band: LiveBand, ready: Ready) -> None:
        logger.info(
            "ready after %.1f s: %s on %s at %d Hz, %.2f of real time, %s",
            time.monotonic() - began,
            stem,
            settings.backend,
            band.audio().rate,
            ready.real_time_factor,
            ready.priority,
        )

    asyncio.run(perform(replace(settings, stem=stem), tell))
    return 0
