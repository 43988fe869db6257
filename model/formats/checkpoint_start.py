"""Spelling ``NAME-1s``: the checkpoint ``NAME``, begun at an anticipation of 1 s."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

__all__ = ["meant_name", "split_start", "start_hops", "unmet_start"]

_WITH_START = re.compile(r"(?P<name>.+)-(?P<seconds>\d+(\.\d+)?)s")


def split_start(name: str) -> tuple[str, float | None]:
    """Return a name without the anticipation at its end, and that in seconds; None for none.

    Example:
        >>> split_start("default-0.1s"), split_start("default")
        (('default', 0.1), ('default', None))
    """
    found = _WITH_START.fullmatch(name)
    return (name, None) if found is None else (found["name"], float(found["seconds"]))


def meant_name(name: str, choices: Sequence[str]) -> str:
    """Return a question for what somebody may have meant; empty if nothing is near.

    Args:
        name: None of the choices, with an anticipation or without.
        choices: Names of checkpoints.

    Example:
        >>> meant_name("default-1", ("default",))
        "did you mean 'default-1s', which begins 'default' 1 s ahead?"
        >>> meant_name("defualt", ("default",))
        "did you mean 'default'?"
        >>> meant_name("defualt-1s", ("default",))
        "did you mean 'default-1s'?"
    """
    plain, start_s = split_start(f"{name}s")
    if start_s is not None and plain in choices:
        return f"did you mean '{name}s', which begins {plain!r} {start_s:g} s ahead?"
    plain, start_s = split_start(name)
    near = get_close_matches(plain, choices, 1)
    if start_s is not None and near:
        return f"did you mean '{near[0]}-{start_s:g}s'?"
    near = get_close_matches(name, choices, 1)
    return f"did you mean {near[0]!r}?" if near else ""


def start_hops(
    anticipations: Sequence[int], start_s: float, hops_per_second: float
) -> int | None:
    """Return the anticipation that a spelling asks for, in hops; None if it is not on offer.

    Args:
        anticipations: What the checkpoint plays at, in hops.
        start_s: Asked for, in seconds.
        hops_per_second: Of the checkpoint.

    Example:
        >>> start_hops((0, 2, 20), 0.1, 20.0), start_hops((0, 2, 20), 0.5, 20.0)
        (2, None)
    """
    near = (each for each in anticipations if abs(each / hops_per_second - start_s) < 1e-6)
    return next(near, None)


def unmet_start(
    name: str, anticipations: Sequence[int], start_s: float, hops_per_second: float
) -> str:
    """Return why a checkpoint cannot begin at an anticipation, and the spellings it has.

    Args:
        name: Of the checkpoint.
        anticipations: What it plays at, in hops.
        start_s: Asked for, in seconds.
        hops_per_second: Of the checkpoint.

    Example:
        >>> unmet_start("smg", (0, 20), 0.1, 20.0)
        "the checkpoint 'smg' does not play 0.1 s ahead; ask for smg-0s, smg-1s"
    """
    known = ", ".join(f"{name}-{hops / hops_per_second:g}s" for hops in anticipations)
    return f"the checkpoint {name!r} does not play {start_s:g} s ahead; ask for {known or name}"
