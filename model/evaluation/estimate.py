"""Estimate of the time a planned evaluation takes, from short samples of its work."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence
from functools import partial

import torch
from threadpoolctl import threadpool_limits

from model.evaluation.excerpts import Excerpt
from model.evaluation.plan import ComparedCheckpoint, PlannedWork
from model.evaluation.takes import TOGETHER, score_takes
from model.formats.checkpoint_folder import BASELINE

__all__ = ["costs_s"]

PROBES_S = (1.0, 3.0)
"""Lengths that are played; what both have in common, such as loading, is not counted."""
PROBED_TAKES = 2


def costs_s(
    planned: Sequence[PlannedWork], excerpts: Sequence[Excerpt], rate: int
) -> list[float]:
    """Return the estimated seconds of each piece of work in one process; 0 for stored ones.

    Every member plays a few seconds to tell. Of each kind of work that nobody plays in, the
    first piece is done, and kept.

    Args:
        planned: The work.
        excerpts: Some of it; their beginnings are played to.
        rate: Frames per second.
    """
    due = [not each.piece.is_there for each in planned]
    members = {
        each.member.folder: each.member
        for each, is_due in zip(planned, due, strict=True)
        if is_due and each.member is not None
    }
    playing = {
        folder: _cost(member, excerpts[:TOGETHER], rate) for folder, member in members.items()
    }
    plain: dict[str, float] = {}
    found = []
    for each, is_due in zip(planned, due, strict=True):
        if not is_due:
            found.append(0.0)
        elif each.member is not None:
            found.append(playing[each.member.folder] * each.played_s)
        elif each.kind in plain:
            found.append(plain[each.kind])
        else:
            plain[each.kind] = _time(each.piece)
            found.append(0.0)
    return found


def _time(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes on one thread."""
    torch.set_num_threads(1)
    with threadpool_limits(1):
        began = time.monotonic()
        work()
        return time.monotonic() - began


def _cost(member: ComparedCheckpoint, excerpts: Sequence[Excerpt], rate: int) -> float:
    """Return the seconds to play and score one second of one take of a checkpoint."""
    took, systems = [], [system for system in member.systems if not system.wrong_mix]
    for seconds in PROBES_S:
        short = [
            dataclasses.replace(each, frames=int(seconds * rate), stranger=None)
            for each in excerpts[: TOGETHER if member.kind == BASELINE else 1]
        ]
        where = str(member.folder)
        took.append(
            _time(partial(score_takes, short, systems, where, takes=PROBED_TAKES, compare=True))
        )
    streams = PROBED_TAKES * len(systems) * len(short)
    return max(0.0, took[1] - took[0]) / (PROBES_S[1] - PROBES_S[0]) / streams
