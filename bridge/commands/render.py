"""``liveband render``: play to a sound file, with the code that plays live."""

import argparse
import json
import sys
import time
from pathlib import Path

from bridge.commands.options import add_player_options, player_settings

__all__ = ["HELP", "configure", "run"]

HELP = "play a stem to a sound file and write it to another"

_BAR = 40
_SEED = 0


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("mix", metavar="MIX", type=Path, help="sound file, mono or stereo")
    parser.add_argument(
        "out", metavar="OUT", type=Path, help="where the stem goes, as long as MIX: .wav"
    )
    add_player_options(parser, seed=_SEED)
    parser.add_argument(
        "--tempo",
        type=float,
        metavar="BPM",
        help="tell the model the beat, the first one on MIX's first frame (by ear)",
    )
    parser.add_argument(
        "--beats-per-bar", type=float, default=4.0, metavar="N", help="with --tempo (4)"
    )
    parser.add_argument("--json", action="store_true", help="the summary as a JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Render; return the exit code.

    Raises:
        AudioFileError: A file cannot be read or written.
        ConfigError: There is no such anticipation or checkpoint.
        ParameterError: The checkpoint does not play that stem.
        EnvironmentMissing: The checkpoint is damaged.
    """
    from bridge.app import load_model
    from bridge.backends.offline import mix_rate, render
    from bridge.config import RunSettings
    from bridge.session import Session
    from bridge.tempo import TempoMap

    conditions = player_settings(arguments, RunSettings(seed=_SEED), {}).conditions()
    rate = mix_rate(arguments.mix)
    session = Session(load_model(arguments.checkpoint), rate, conditions)
    if arguments.tempo is not None:
        session.follow(
            TempoMap(
                frame=0.0,
                beat=0.0,
                tempo_bpm=arguments.tempo,
                beats_per_bar=arguments.beats_per_bar,
                rate=rate,
            )
        )
    began = time.monotonic()
    try:
        frames = render(session, arguments.mix, arguments.out, _show_progress)
    finally:
        _end_progress()
    took_s = time.monotonic() - began
    summary = {
        "out": str(arguments.out),
        "seconds": round(frames / rate, 3),
        "rate": rate,
        "stem": conditions.stem,
        "seed": conditions.seed,
        "rtf": round(took_s * rate / frames, 4),
    }
    if arguments.json:
        print(json.dumps(summary))
    else:
        print(
            f"{summary['out']}: {summary['seconds']:.1f} s of {conditions.stem}, "
            f"seed {conditions.seed}, in {took_s:.1f} s"
        )
    return 0


def _show_progress(done: int, frames: int) -> None:
    """Draw the bar over itself, on a terminal only."""
    if sys.stderr.isatty():
        filled = _BAR * done // frames
        bar = "#" * filled + "." * (_BAR - filled)
        print(f"\r{bar} {100 * done // frames:3d} %", end="", file=sys.stderr, flush=True)


def _end_progress() -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)
