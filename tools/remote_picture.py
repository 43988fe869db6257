"""Picture of the remote in the browser, while a band plays to the demo's mix.

Usage: ``python -m tools.remote_picture docs/images/remote.png``; needs JACK and Chromium.
"""

import argparse
import io
import time
from collections.abc import Sequence
from pathlib import Path

import soundfile
from PIL import Image

from bridge.audio.jack_player import JackPlayer
from bridge.audio.jack_server import JackServer
from tools.chromium import chromium
from tools.trials.running_bridge import BLOCK, RATE, running_bridge_on

__all__ = ["main"]

_MIX = Path(__file__).parents[1] / "bridge" / "assets" / "mix.ogg"
_WIDTH, _HEIGHT = 1280, 860
_SECONDS = 17.0
_COLOURS = 128


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the picture; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.remote_picture", description=__doc__)
    parser.add_argument("file", type=Path)
    asked = parser.parse_args(arguments)
    mix, _ = soundfile.read(_MIX, dtype="float32", always_2d=True)
    with (
        JackServer(rate=RATE, block=BLOCK) as server,
        running_bridge_on(server.name, "default", "--players", "drums,bass,piano") as bridge,
        JackPlayer(server.name, mix, name="Ardour", rounds=4) as player,
        chromium() as program,
        program.tab() as tab,
    ):
        player.connect("liveband")
        player.roll()
        link = f"http://127.0.0.1:{bridge.query_port}/remote/"
        tab.visit(link, width=_WIDTH, height=_HEIGHT)
        time.sleep(_SECONDS)
        picture = Image.open(io.BytesIO(tab.picture())).convert("RGB").quantize(_COLOURS)
    asked.file.parent.mkdir(parents=True, exist_ok=True)
    picture.save(asked.file, optimize=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
