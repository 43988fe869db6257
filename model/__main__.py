"""The model's life on the command line, from ``liveband data`` to ``liveband page``."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from model.commands.recordings import add_recordings
from model.commands.train import add_train
from model.errors import ConfigError, MissingTool, ModelError
from model.evaluation.command import add_evaluate
from model.evaluation.describe import add_describe

Rooms: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

__all__ = ["main"]

logger = logging.getLogger(__name__)

FAILED, WRONG_USE, MISSING = 1, 2, 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; ``argv`` without the program's name.

    Returns:
        Exit code: 0 done, 1 failed, 2 usage, 3 something outside Python is missing.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:2] == ["data", "render"]:
        from model.data.render import main as render

        return render(words[2:])
    options = _parser().parse_args(words)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S"
    )
    try:
        return int(options.run(options))
    except ModelError as error:
        logger.error("%s", error)
        if isinstance(error, MissingTool):
            return MISSING
        return WRONG_USE if isinstance(error, ConfigError) else FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="liveband", description=__doc__)
    rooms = parser.add_subparsers(
        required=True, metavar="data | train | evaluate | page | card"
    )

    data = rooms.add_parser("data", help="render songs, cut recordings, describe, encode")
    steps = data.add_subparsers(required=True)
    steps.add_parser("render", help="render songs; see liveband data render --help")
    encode = steps.add_parser("encode", help="encode rendered songs as latents")
    encode.add_argument("data", type=Path, help="folder of rendered songs")
    encode.add_argument("codec", help="checkpoint whose autoencoder to use")
    encode.add_argument("out", type=Path, help="folder for the latents")
    encode.add_argument("--preset", default="cpu", help="whose stem classes to encode")
    encode.add_argument("--jobs", type=int, default=1, help="processes (1)")
    encode.set_defaults(run=_encode)
    add_describe(steps)
    add_recordings(steps)

    add_train(rooms)
    add_evaluate(rooms)
    _add_page(rooms)
    return parser


def _add_page(rooms: Rooms) -> None:
    page = rooms.add_parser("page", help="make the companion page, a static site")
    page.add_argument("data", type=Path, help="folder of rendered songs")
    page.add_argument("--out", type=Path, required=True, help="folder of the site")
    page.add_argument(
        "--checkpoint",
        action="append",
        default=[],
        metavar="C",
        help="who plays: a folder, a shipped name or a folder of checkpoints; may be repeated "
        "(all shipped ones)",
    )
    page.add_argument(
        "--table",
        type=Path,
        metavar="JSON",
        help="numbers: family.json of 'evaluate --all' (what the checkpoints' records keep)",
    )
    page.add_argument("--quick", action="store_true", help="three samples of each section")
    page.add_argument("--seconds", type=float, default=20.0, help="length of a sample (20)")
    page.add_argument("--jobs", type=int, default=1, help="processes (1)")
    page.set_defaults(run=_page)

    card = rooms.add_parser("card", help="write the README.md of checkpoints from their record")
    card.add_argument("checkpoint", nargs="*", help="folder or shipped name (all shipped ones)")
    card.add_argument(
        "--check", action="store_true", help="write nothing; fail where a card is out of date"
    )
    card.set_defaults(run=_card)


def _page(options: argparse.Namespace) -> int:
    from model.page.site import PageSetting, make_page

    setting = PageSetting(quick=options.quick, seconds=options.seconds, jobs=options.jobs)
    make_page(options.data, options.out, options.checkpoint, setting, options.table)
    return 0


def _card(options: argparse.Namespace) -> int:
    from model.evaluation.family import find_members
    from model.page.card import write_cards

    return write_cards(find_members(options.checkpoint), check=options.check)


def _encode(options: argparse.Namespace) -> int:
    from model.data.crops import load_songs
    from model.data.latents import encode_songs
    from model.presets import load_preset

    generator = load_preset(options.preset).generator
    written = encode_songs(
        load_songs(options.data, "train"),
        generator.stems,
        options.codec,
        options.out,
        anticipations=generator.anticipations,
        jobs=options.jobs,
    )
    logger.info("%d files written to %s", written, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
