"""Options that several commands share."""

import argparse

from bridge.config import RunSettings

__all__ = ["add_player_options"]


def add_player_options(parser: argparse.ArgumentParser, *, seed: int) -> None:
    """Declare what to play and with which checkpoint.

    Args:
        parser: Gets ``--stem``, ``--anticipation``, ``--noise``, ``--seed``, ``--checkpoint``.
        seed: Default of ``--seed``.
    """
    start = RunSettings()
    add = parser.add_argument
    add("--stem", metavar="S", help=f"instrument ({start.stem}, or the checkpoint's first)")
    add(
        "--anticipation",
        type=float,
        default=start.anticipation_s,
        metavar="A",
        help=f"seconds the stem runs ahead: 0, 0.1 or 1 ({start.anticipation_s:g})",
    )
    add(
        "--noise",
        type=float,
        default=start.noise,
        metavar="X",
        help=f"how freely it plays, 0 to 2 ({start.noise:g})",
    )
    add(
        "--seed",
        type=int,
        default=seed,
        metavar="N",
        help=f"names the take; -1 draws one ({seed})",
    )
    add(
        "--checkpoint",
        default=start.checkpoint,
        metavar="C",
        help="a shipped checkpoint's name, a folder, or 'passthrough' for a wire "
        f"({start.checkpoint})",
    )
