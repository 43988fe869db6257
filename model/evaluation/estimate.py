"""How long a planned evaluation will take, told by playing a few seconds."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence

import torch
from threadpoolctl import threadpool_limits

from model.evaluation.excerpts import Excerpt
from model.evaluation.plan import Member, Planned
from model.evaluation.takes import TOGETHER, score_takes
from model.folder import BASELINE

__all__ = ["seconds_needed"]

PROBES_S = (1.0, 3.0)
"""Lengths that are played; what both have in common, such as loading, is not counted."""
PROBED_TAKES = 2


def seconds_needed(
    planned: Sequence[Planned], excerpts: Sequence[Excerpt], rate: int, jobs: int
) -> float:
    """Return about how long the work that is not there yet will take.

    Every member plays a few seconds to tell.

    Args:
        planned: The work.
        excerpts: Some of it; their beginnings are played to.
        rate: Frames per second.
        jobs: Processes.
    """
    due = [each for each in planned if not each.piece.is_there]
    played: dict[str, float] = {}
    members: dict[str, Member] = {}
    for each in due:
        if each.member is not None:
            name = str(each.member.folder)
            played[name] = played.get(name, 0.0) + each.played_s
            members[name] = each.member
    costs = {name: _cost(members[name], excerpts[:TOGETHER], rate) for name in played}
    return sum(costs[name] * seconds for name, seconds in played.items()) / jobs


def _cost(member: Member, excerpts: Sequence[Excerpt], rate: int) -> float:
    """Return the seconds that a member needs to play one second of one take, and be scored."""
    took, systems = [], [system for system in member.systems if not system.wrong_mix]
    torch.set_num_threads(1)
    with threadpool_limits(1):
        for seconds in PROBES_S:
            short = [
                dataclasses.replace(each, frames=int(seconds * rate), stranger=None)
                for each in excerpts[: TOGETHER if member.kind == BASELINE else 1]
            ]
            began = time.monotonic()
            score_takes(short, systems, str(member.folder), takes=PROBED_TAKES, compare=True)
            took.append(time.monotonic() - began)
    streams = PROBED_TAKES * len(systems) * len(short)
    return max(0.0, took[1] - took[0]) / (PROBES_S[1] - PROBES_S[0]) / streams
