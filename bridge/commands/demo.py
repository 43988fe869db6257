"""``liveband demo``: play to a bundled mix on a private JACK server, without any hardware."""

import argparse
import json
import sys
from importlib import resources
from pathlib import Path
from typing import Any

from bridge.checkpoints.catalogue import live_folder

__all__ = ["HELP", "configure", "run"]

HELP = "play to a bundled mix on a private JACK server and record it"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--out", type=Path, default=Path("demo"), metavar="DIR", help="where results go (demo)"
    )
    parser.add_argument("--checkpoint", default="default", metavar="C", help="name or folder")
    parser.add_argument("--json", action="store_true", help="the summary as a JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Play, write mix, stem and picture, and print a summary; return the exit code.

    Where matplotlib is not installed there is no picture, and the summary says so.

    Raises:
        ConfigError: There is no such checkpoint, or it cannot play live.
        EnvironmentMissing: JACK is not installed, or no server can be started.
        EngineError: The bridge failed.
    """
    import numpy as np

    from bridge.demo.performance import RATE, run_demo
    from bridge.demo.picture import draw
    from bridge.stream.sound_files import open_mix, sound_errors
    from model.formats.output_places import check_output_folder
    from model.sound_files.writing import write_sound

    live_folder(arguments.checkpoint)
    out: Path = arguments.out
    with sound_errors():
        check_output_folder(out)
    asset = resources.files("bridge").joinpath("assets", "mix.ogg")
    with resources.as_file(asset) as file, open_mix(file) as reader:
        mix = reader.read(reader.facts.frames)
    result = run_demo(mix, checkpoint=arguments.checkpoint, say=_say)
    out.mkdir(parents=True, exist_ok=True)
    heard, played = mix.mean(1), result.stem.mean(1)
    with sound_errors():
        write_sound(out / "mix.wav", mix, RATE)
        write_sound(out / "stem.wav", result.stem, RATE)
        write_sound(out / "both.wav", np.stack([heard, played], axis=1), RATE)
    missing = draw(out / "demo.png", heard, played, RATE, result.steps)
    _summarise(_summary(result, len(mix) / RATE), out, missing, as_json=arguments.json)
    return 0


def _summary(result: Any, seconds: float) -> dict[str, Any]:  # noqa: ANN401
    from bridge.demo.performance import level_db

    engine, latency = result.after["status/engine"], result.before["latency"]
    return {
        "ready_s": round(result.ready_s, 2),
        "seconds": round(seconds, 2),
        "cycles": engine[0] - result.before["status/engine"][0],
        "xruns": engine[1],
        "underruns": engine[2],
        "late_hops": engine[4],
        "musical_latency_frames": latency[1],
        "causal_latency_frames": latency[0],
        "rtf": round(engine[7], 3),
        "hop_p99_ms": round(engine[9], 2),
        "stem_rms_db": round(level_db(result.stem), 1),
        "osc_replies": result.osc_replies,
    }


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _summarise(summary: dict[str, Any], out: Path, missing: str, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(summary))
        return
    for name, value in summary.items():
        print(f"{name:<24} {value}")
    print(f"\nlisten: {out}/both.wav (left: what it heard, right: what it played)")
    print(f"look:   {missing or out / 'demo.png'}")
