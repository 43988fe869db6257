"""``liveband data render`` without its handling of errors, so that tests see them."""

import argparse

from model.commands.data_render import configure, run


def render(words):
    """Run the command; return the exit code."""
    parser = argparse.ArgumentParser()
    configure(parser)
    return run(parser.parse_args([*words]))
