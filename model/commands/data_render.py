"""``liveband data render``: compose songs and render them stem by stem, to train on."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from model.commands.options import JOBS, MANY
from model.data.corpus import COMPOSED_SHARE, KINDS, Corpus
from model.data.fonts import FONTS, TEST_FONT, TRAINING_FONTS, find_fonts
from model.data.score import Kind
from model.data.splits import SPLITS
from model.formats.command_line import WholeRange
from model.formats.output_places import check_output_folder

__all__ = ["HELP", "configure", "run"]

HELP = "render songs"

_DATA_SETS = {
    "charts": "chord charts of real songs, for bands to play: McGill Billboard, OpenEWLD, "
    "Impro-Visor's imaginary book, or the common format (.jsonl, .jsonl.xz)",
    "accompanied_songs": "melodies with a human accompaniment (POP909), for hybrids: a bass, "
    "guitar and drums are added to them",
    "drum_performances": "human drumming (Groove MIDI Dataset), which takes the place of MMA's "
    "drums in a large share of the songs",
    "tempo_curves": "beat times of real recordings (Beat This annotations): how the tempo of "
    "most songs changes, and tempi for charts without one",
}
"""Data sets that songs can be made from, each an option with this help."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = (
        "Compose songs and render them stem by stem, as material to train on. Without data "
        "sets, everything is generated from MMA's grooves; docs/training.md lists data sets "
        "that songs can be made from, and where to get them."
    )
    parser.add_argument("out", type=Path, help="folder to fill, about 29 MB a minute of music")
    parser.add_argument("--songs", type=MANY, default=400, help="songs in all (400)")
    parser.add_argument(
        "--splits",
        nargs="+",
        choices=SPLITS,
        default=list(SPLITS),
        help=f"render only songs of these ({' '.join(SPLITS)}), such as what is judged by; the "
        "same command without it adds the others",
    )
    parser.add_argument("--seed", type=int, default=0, help="other seeds, other songs (0)")
    parser.add_argument("--jobs", type=JOBS, default=1, help="processes (1)")
    parser.add_argument(
        "--seconds", type=WholeRange(1, 3600), default=60, help="length of a song (60)"
    )
    parser.add_argument(
        "--fonts",
        nargs="+",
        default=list(TRAINING_FONTS),
        metavar="FONT",
        help=f"SoundFonts to play on ({' '.join(TRAINING_FONTS)}): "
        f"{', '.join(FONTS)}, or files",
    )
    parser.add_argument(
        "--test-fonts",
        nargs="*",
        default=[TEST_FONT],
        metavar="FONT",
        help=f"what every other test song plays on instead ({TEST_FONT}); none if left empty",
    )
    _add_sources(parser)


def run(options: argparse.Namespace) -> int:
    """Render a corpus; return the exit code: 1 when songs failed.

    Raises:
        MissingTool: MMA, a SoundFont or a MIDI collection is not installed.
        DataError: The folder holds another corpus, a data set cannot be read, or the disk is
            too small.
        OutputError: The folder cannot be written into.
    """
    from model.data.midi_songs import installed_collections, load_midi_songs
    from model.data.mma import find_mma
    from model.data.render import render_corpus
    from model.data.song_sources import find_sources
    from model.data.styles import load_styles

    check_output_folder(options.out)
    find_mma()
    load_styles()
    folders = installed_collections() if options.midi == [] else options.midi or []
    corpus = Corpus(
        out=options.out,
        seed=options.seed,
        seconds=options.seconds,
        fonts=find_fonts(options.fonts),
        test_fonts=find_fonts(options.test_fonts),
        tunes=load_midi_songs(folders),
        sources=find_sources(**{name: getattr(options, name) for name in _DATA_SETS}),
        shares=dict(options.shares),
    )
    failed = render_corpus(corpus, options.songs, options.jobs, splits=options.splits)
    return 1 if failed else 0


def _add_sources(parser: argparse.ArgumentParser) -> None:
    sources = parser.add_argument_group(
        "data sets to make songs from",
        "Each is split by song, so that training, validation and test songs share none.",
    )
    sources.add_argument(
        "--midi",
        nargs="*",
        type=Path,
        metavar="FOLDER",
        help=f"arrange {100 * COMPOSED_SHARE:.0f} %% of the songs (fewer beside charts or "
        "accompanied songs, see --shares) from MIDI files in these folders; without a folder, "
        "from the packages simutrans-data and planetblupi-music-midi",
    )
    for name, text in _DATA_SETS.items():
        option = f"--{name.replace('_', '-')}"
        sources.add_argument(option, type=Path, metavar="PATH", help=text)
    sources.add_argument(
        "--shares",
        nargs="+",
        type=_share,
        default=[],
        metavar="KIND=SHARE",
        help="how often each kind of song is drawn, relative to the others: "
        f"{', '.join(KINDS)} (with data sets hybrid=.35 chart=.35 generated=.2 composed=.1, "
        "those without material left out)",
    )


def _share(text: str) -> tuple[Kind, float]:
    name, equals, number = text.partition("=")
    try:
        share = float(number) if equals else math.nan
    except ValueError:
        share = math.nan
    for kind in KINDS:
        if kind == name and 0 <= share < math.inf:
            return kind, share
    raise argparse.ArgumentTypeError(
        f"expected KIND=SHARE with a kind out of {', '.join(KINDS)} and a share of 0 or "
        f"more, got {text!r}"
    )
