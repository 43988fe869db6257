"""``liveband beats``: print a sound file's beats as the beat tracker predicts them live."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from bridge.controls.beat_tracking import FASTEST_BPM, SLOWEST_BPM

__all__ = ["HELP", "configure", "run"]

HELP = "print a sound file's beats as the beat tracker predicts them"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("mix", metavar="MIX", type=Path, help="sound file, mono or stereo")
    add(
        "--ahead",
        type=float,
        default=0.1,
        metavar="S",
        help="seconds before a beat at which it has to be known, 0 to 2 (0.1)",
    )
    add(
        "--tempo-min",
        type=float,
        default=SLOWEST_BPM,
        metavar="BPM",
        help=f"slowest tempo to consider ({SLOWEST_BPM:g})",
    )
    add(
        "--tempo-max",
        type=float,
        default=FASTEST_BPM,
        metavar="BPM",
        help=f"fastest tempo to consider ({FASTEST_BPM:g})",
    )
    add("--json", action="store_true", help="a JSON object a beat")


def run(arguments: argparse.Namespace) -> int:
    """Print a line for each beat: its time, beat, bar, tempo and confidence.

    Raises:
        AudioFileError: The file cannot be read.
        ConfigError: An option is out of range.
        EnvironmentMissing: The beat tracker's weights are missing or damaged.
    """
    from bridge.checkpoints.loader import load_tracker
    from bridge.common.errors import ConfigError
    from bridge.controls.beat_tracking import TrackerSettings
    from bridge.stream.sound_files import early_end
    from bridge.transport.predicted_beats import predict_beats

    if not 0.0 <= arguments.ahead <= 2.0:
        raise ConfigError(f"--ahead takes 0 to 2 seconds, got {arguments.ahead:g}")
    for option in ("tempo_min", "tempo_max"):
        if not SLOWEST_BPM <= getattr(arguments, option) <= FASTEST_BPM:
            raise ConfigError(
                f"--{option.replace('_', '-')} takes {SLOWEST_BPM:g} to {FASTEST_BPM:g} bpm, "
                f"got {getattr(arguments, option):g}"
            )
    if ends := early_end(arguments.mix):
        print(f"liveband: {ends}", file=sys.stderr)
    settings = TrackerSettings(slowest_bpm=arguments.tempo_min, fastest_bpm=arguments.tempo_max)
    for beat in predict_beats(load_tracker(), arguments.mix, arguments.ahead, settings):
        if arguments.json:
            print(json.dumps({name: _short(value) for name, value in asdict(beat).items()}))
        else:
            print(
                f"{beat.time_s:9.3f} s  beat {beat.beat}  bar {beat.bar:3d}  "
                f"{beat.tempo_bpm:6.1f} bpm  confidence {beat.confidence:.2f}"
            )
    return 0


def _short(value: float) -> float:
    return round(value, 4) if isinstance(value, float) else value
