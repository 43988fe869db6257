"""Checks of the machine for ``liveband doctor``: findings, each with what mends it."""

import resource
from collections.abc import Iterator
from dataclasses import dataclass

from bridge.audio.shared.memory import SHARE_BYTES
from bridge.audio.shared.space import (
    JACK_CLIENT_BYTES,
    MORE_SPACE_COMMAND,
    SHARED_FOLDER,
    require_space,
    shared_space,
)
from bridge.common.errors import EnvironmentMissing
from bridge.common.latency import HOPS_PER_SECOND, hop_frames, latency_budget
from bridge.common.realtime import REALTIME_ADVICE, REALTIME_COMMAND, ThreadPriority
from bridge.common.timing import StepTimes
from bridge.osc.free_ports import holder
from bridge.protocols import HopModel
from bridge.stream.resample import conversion_delays

__all__ = [
    "Finding",
    "LatencyRow",
    "latency_rows",
    "limit_findings",
    "model_finding",
    "port_finding",
    "priority_finding",
    "shared_memory_finding",
]

_BLOCKS = (64, 128, 256, 512, 1024, 2048, 4096)
_MEND_LIMITS = f"{REALTIME_COMMAND}   # then log in again"
_ENOUGH_RTPRIO = 20
_ENOUGH_MEMLOCK = 256 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Result of one check."""

    name: str
    good: bool
    text: str
    """Result, with the reason where it is not good."""
    mend: str = ""
    """Command that mends it; empty where it is good."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LatencyRow:
    """Predicted latency for one block size and anticipation."""

    rate: int
    block: int
    anticipation_s: float
    musical: int
    """Frames by which the output trails the timeline it was made for."""
    causal: int
    """Frames from an input to the first output that could depend on it."""


def limit_findings() -> Iterator[Finding]:
    """Check the limits of the user."""
    limits = (
        ("rtprio", resource.RLIMIT_RTPRIO, _ENOUGH_RTPRIO),
        ("memlock", resource.RLIMIT_MEMLOCK, _ENOUGH_MEMLOCK),
    )
    values = {name: resource.getrlimit(which)[0] for name, which, _ in limits}
    for name, _, enough in limits:
        value = values[name]
        good = value == resource.RLIM_INFINITY or value >= enough
        text = "unlimited" if value == resource.RLIM_INFINITY else str(value)
        if good:
            yield Finding(name=name, good=True, text=text)
        else:
            text += f", {enough} or more is wanted for playing without gaps"
            yield Finding(name=name, good=False, text=text, mend=_MEND_LIMITS)


def shared_memory_finding() -> Finding:
    """Check that there is shared memory for a band that joins a JACK server."""
    needed = SHARE_BYTES + JACK_CLIENT_BYTES
    try:
        require_space(needed, "a band")
    except EnvironmentMissing as error:
        return Finding(name="memory", good=False, text=str(error), mend=MORE_SPACE_COMMAND)
    free, size = shared_space()
    there = f"{free / 1e6:.0f} MB free" if size else "no limit"
    text = f"{SHARED_FOLDER}: {there}, a band needs {needed / 1e6:.1f}"
    return Finding(name="memory", good=True, text=text)


def port_finding(port: int) -> Finding:
    """Check whether another program holds the OSC port."""
    who = holder(port)
    return Finding(
        name="osc", good=True, text=f"UDP {port} is {'held by ' + who if who else 'free'}"
    )


def model_finding(name: str, times: StepTimes) -> Finding:
    """Check that hops are fast enough.

    Args:
        name: Name of the checkpoint.
        times: Times of whole hops.
    """
    good = times.ratio_to_budget < 1.0
    text = f"{name}: a hop takes {times.p50_ms:.1f} ms (99 in 100: {times.p99_ms:.1f}) of 50"
    return Finding(
        name="model",
        good=good,
        text=text if good else f"{text}; close other programs, or play further ahead",
        mend="" if good else "liveband run --anticipation 1",
    )


def priority_finding(times: StepTimes, *, lighter: str = "") -> Finding:
    """Check whether an engine of this speed gets the real-time class.

    Args:
        times: Times of whole hops.
        lighter: Engine that takes less of the processor; empty for none.
    """
    priority = ThreadPriority(lighter=lighter)
    priority.raise_for(times.p50_ms / times.budget_ms)
    priority.lower()
    text, advice = f"the engine gets {priority.words}", priority.advice
    if not advice:
        return Finding(name="priority", good=True, text=text)
    if REALTIME_ADVICE in advice:
        text += "; the real-time class is not permitted"
        return Finding(name="priority", good=False, text=text, mend=_MEND_LIMITS)
    mend = f"liveband run --engine {lighter}" if lighter else "liveband run --players drums"
    return Finding(name="priority", good=False, text=f"{text}; {advice}", mend=mend)


def latency_rows(model: HopModel, rate: int) -> Iterator[LatencyRow]:
    """Predict the latency for every usual block size.

    Args:
        model: Model with its overlap and anticipations.
        rate: Sample rate of the host in Hz.

    Raises:
        ConfigError: The rate has no whole hops.
    """
    delays = conversion_delays(rate, model.sample_rate, model.overlap)
    for block in _BLOCKS:
        for hops in model.anticipations:
            budget = latency_budget(
                block=block,
                hop=hop_frames(rate),
                anticipation_hops=hops,
                resampler_in=delays.into,
                resampler_out=delays.back,
                overlap=delays.overlap,
            )
            yield LatencyRow(
                rate=rate,
                block=block,
                anticipation_s=hops / HOPS_PER_SECOND,
                musical=budget.musical,
                causal=budget.causal,
            )
