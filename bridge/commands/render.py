"""``liveband render``: play to a sound file, with the code that plays live."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.commands.options import add_player_options, player_settings
from bridge.controls.parameters import PARAMETERS
from model.formats.command_line import RealRange

if TYPE_CHECKING:
    from bridge.protocols import Conditions

__all__ = ["HELP", "configure", "run"]

HELP = "play a stem to a sound file and write it to another"

_BAR = 40
_SEED = 0
_BEATS = 4.0


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("mix", metavar="MIX", type=Path, help="sound file, mono or stereo")
    parser.add_argument(
        "out",
        metavar="OUT",
        type=Path,
        help="where the stem goes, as long as MIX: .wav; with --players each has a file, "
        "OUT-1-bass.wav and so on",
    )
    add_player_options(parser, seed=_SEED)
    parser.set_defaults(checkpoint=None)  # which it is depends on --bidirectional
    parser.add_argument(
        "--tempo",
        type=RealRange(PARAMETERS["tempo"].low, PARAMETERS["tempo"].high),
        metavar="BPM",
        help="tell the model the beat, the first one on MIX's first frame (by ear)",
    )
    parser.add_argument(
        "--no-ear",
        action="store_const",
        const=True,
        help="without the beat tracker: where no --tempo is given, the model counts by itself",
    )
    parser.add_argument(
        "--beats-per-bar",
        type=RealRange(1, 64),
        metavar="N",
        help=f"with --tempo ({_BEATS:g})",
    )
    parser.add_argument(
        "--bidirectional",
        action="store_true",
        help="hear the whole mix before playing, with a checkpoint of that kind (the first "
        "there is)",
    )
    parser.add_argument(
        "--json", action="store_true", help="the summary as JSON, a line a player"
    )


def run(arguments: argparse.Namespace) -> int:
    """Render; return the exit code.

    Raises:
        AudioFileError: A file cannot be read or not be written there, or a stem would
            overwrite the mix.
        DiskError: The disk fills while it plays; what was made so far is kept.
        ConfigError: There is no such anticipation or checkpoint, it is of another kind, or an
            option does not go with ``--bidirectional``.
        ParameterError: The checkpoint does not play that stem.
        EnvironmentMissing: The checkpoint is damaged.
    """
    from bridge.checkpoints.catalogue import bidirectional_capabilities, default_bidirectional
    from bridge.config import RunSettings
    from bridge.stream.offline import check_outputs
    from bridge.stream.sound_files import early_end, mix_facts

    if arguments.checkpoint is None:
        usual = RunSettings().checkpoint
        arguments.checkpoint = default_bidirectional() if arguments.bidirectional else usual
    if arguments.bidirectional:
        _refuse_live_options(arguments)
        bidirectional_capabilities(arguments.checkpoint)
    settings = player_settings(arguments, RunSettings(seed=_SEED), {})
    conditions = settings.all_conditions()
    outs = _files(arguments.out, settings.players)
    rate = mix_facts(arguments.mix).rate
    check_outputs(arguments.mix, outs)
    _refuse_to_overwrite(arguments.mix, outs)
    if ends := early_end(arguments.mix):
        print(f"liveband: {ends}", file=sys.stderr)
    play = _play_whole if arguments.bidirectional else _play_live
    began = time.monotonic()
    frames = play(arguments, conditions, outs, rate)
    took_s = time.monotonic() - began
    seconds = frames / rate
    for out, played in zip(outs, conditions, strict=True):
        summary = {
            "out": str(out),
            "seconds": round(seconds, 3),
            "rate": rate,
            "stem": played.stem,
            "seed": played.seed,
            "rtf": round(took_s / seconds, 4),
        }
        told = f"{out}: {seconds:.1f} s of {played.stem}, seed {played.seed}, in {took_s:.1f} s"
        print(json.dumps(summary) if arguments.json else told)
    return 0


def _files(out: Path, players: Sequence[str]) -> list[Path]:
    """Return the file of each player.

    Example:
        >>> [path.name for path in _files(Path("take.wav"), ("bass", "drums"))]
        ['take-1-bass.wav', 'take-2-drums.wav']
    """
    if not players:
        return [out]
    return [
        out.with_name(f"{out.stem}-{number}-{stem}{out.suffix}")
        for number, stem in enumerate(players, 1)
    ]


def _refuse_to_overwrite(mix: Path, outs: Sequence[Path]) -> None:
    """Refuse to write a stem where the mix is read from.

    Raises:
        AudioFileError: A stem would overwrite the mix.
    """
    from bridge.common.errors import AudioFileError

    for out in outs:
        if out.exists() and out.samefile(mix):
            raise AudioFileError(
                f"{out}: the stem would take the place of the mix; name another file"
            )


def _play_live(
    arguments: argparse.Namespace,
    conditions: Sequence["Conditions"],
    outs: Sequence[Path],
    rate: int,
) -> int:
    """Play hop by hop, as in a live run; return the frames written."""
    from bridge.checkpoints.loader import load_model, load_tracker
    from bridge.stream.hop_scheduler import HopScheduler
    from bridge.stream.offline import render
    from bridge.tempo import TempoMap, Timekeeping

    beats = arguments.beats_per_bar
    model = load_model(arguments.checkpoint, arguments.engine)
    scheduler = HopScheduler(model, rate, *conditions, tracker=load_tracker())
    tempo = None
    if arguments.tempo is not None:
        tempo = TempoMap(
            frame=0.0,
            beat=0.0,
            tempo_bpm=arguments.tempo,
            beats_per_bar=_BEATS if beats is None else beats,
            rate=rate,
        )
    scheduler.follow(Timekeeping(tempo=tempo, use_tracker=not arguments.no_ear))
    try:
        return render(scheduler, arguments.mix, outs, _show_progress)
    finally:
        _end_progress()


def _refuse_live_options(arguments: argparse.Namespace) -> None:
    """Refuse options that only concern playing hop by hop.

    Raises:
        ConfigError: One was given.
    """
    from bridge.common.errors import ConfigError

    given = [
        f"--{name.replace('_', '-')}"
        for name in ("tempo", "beats_per_bar", "anticipation", "no_ear")
        if getattr(arguments, name) is not None
    ]
    if arguments.engine not in ("", "torch"):
        given.append(f"--engine {arguments.engine}")
    if given:
        raise ConfigError(
            f"{given[0]} has no meaning with --bidirectional, which hears the future and is "
            "played by torch; leave one of them out"
        )


def _play_whole(
    arguments: argparse.Namespace,
    conditions: Sequence["Conditions"],
    outs: Sequence[Path],
    _rate: int,
) -> int:
    """Play with a bidirectional checkpoint; return the frames written."""
    from bridge.checkpoints.loader import load_bidirectional_player
    from bridge.stream.offline import render_whole

    frames = 0
    for played, out in zip(conditions, outs, strict=True):
        play, rate = load_bidirectional_player(arguments.checkpoint, played)
        frames = render_whole(play, rate, arguments.mix, out)
    return frames


def _show_progress(done: int, frames: int) -> None:
    """Redraw the bar in place, on a terminal only."""
    if sys.stderr.isatty():
        filled = _BAR * done // frames
        bar = "#" * filled + "." * (_BAR - filled)
        print(f"\r{bar} {100 * done // frames:3d} %", end="", file=sys.stderr, flush=True)


def _end_progress() -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)
