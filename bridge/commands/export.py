"""``liveband export``: make the ONNX graphs that a checkpoint is played from, beside it."""

import argparse

__all__ = ["HELP", "configure", "run"]

HELP = "make the ONNX graphs that a checkpoint is played from"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "checkpoint",
        nargs="?",
        default="default",
        metavar="CHECKPOINT",
        help="a checkpoint's name or folder (default)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the graphs and print their folder; return the exit code.

    Raises:
        ConfigError: There is no such checkpoint, or its kind has no graphs.
        EnvironmentMissing: It is damaged, or there is nowhere to write them.
    """
    from bridge.checkpoints.loader import export_graphs

    print(export_graphs(arguments.checkpoint))
    return 0
