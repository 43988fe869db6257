"""Checks of the machine for ``liveband doctor``: findings, and remedies for what is missing."""

import resource
import shutil
from collections.abc import Iterator
from ctypes.util import find_library
from dataclasses import dataclass

from bridge.audio.jack import JackBackend
from bridge.audio.shared.memory import SHARE_BYTES
from bridge.audio.shared.space import (
    JACK_CLIENT_BYTES,
    SHARED_FOLDER,
    require_space,
    shared_space,
)
from bridge.common.daemon_calls import call_in_daemon
from bridge.common.errors import EnvironmentMissing
from bridge.common.latency import HOPS_PER_SECOND, hop_frames, latency_budget
from bridge.common.realtime import REALTIME_ADVICE, ThreadPriority
from bridge.common.timing import StepTimes
from bridge.osc.free_ports import holder
from bridge.protocols import HopModel
from bridge.stream.resample import conversion_delays

__all__ = [
    "CLIENT",
    "Finding",
    "LatencyRow",
    "jack_findings",
    "latency_rows",
    "limit_findings",
    "model_finding",
    "port_finding",
    "priority_finding",
    "shared_memory_finding",
]

CLIENT = "liveband-doctor"
"""Name of the JACK client that looks around."""
_BLOCKS = (64, 128, 256, 512, 1024, 2048, 4096)
_SERVER_S = 10.0
"""Longest wait for a server to answer."""
_ENOUGH_RTPRIO = 20
_ENOUGH_MEMLOCK = 256 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Result of one check."""

    name: str
    good: bool
    text: str
    """Result, and a remedy where it is not good."""


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
    """Check the limits of the user; the last finding that is not good has the remedy."""
    limits = (
        ("rtprio", resource.RLIMIT_RTPRIO, _ENOUGH_RTPRIO),
        ("memlock", resource.RLIMIT_MEMLOCK, _ENOUGH_MEMLOCK),
    )
    values = {name: resource.getrlimit(which)[0] for name, which, _ in limits}
    low = [
        name
        for name, _, enough in limits
        if values[name] != resource.RLIM_INFINITY and values[name] < enough
    ]
    for name, _, enough in limits:
        value = values[name]
        text = "unlimited" if value == resource.RLIM_INFINITY else str(value)
        if name in low:
            text += f", {enough} or more is wanted"
            text += f": {REALTIME_ADVICE}" if name == low[-1] else ""
        yield Finding(name=name, good=name not in low, text=text)


def shared_memory_finding() -> Finding:
    """Check that there is shared memory for a band that joins a JACK server."""
    needed = SHARE_BYTES + JACK_CLIENT_BYTES
    try:
        require_space(needed, "a band")
    except EnvironmentMissing as error:
        return Finding(name="memory", good=False, text=str(error))
    free, size = shared_space()
    there = f"{free / 1e6:.0f} MB free" if size else "no limit"
    text = f"{SHARED_FOLDER}: {there}, a band needs {needed / 1e6:.1f}"
    return Finding(name="memory", good=True, text=text)


def jack_findings(server: str = "") -> Iterator[Finding]:
    """Check for libjack, jackd and a running server.

    Args:
        server: Its name; empty for the default one.
    """
    library = find_library("jack")
    yield Finding(
        name="libjack",
        good=library is not None,
        text=library or "not installed; on Debian and Ubuntu: apt install jackd2",
    )
    program = shutil.which("jackd")
    yield Finding(
        name="jackd",
        good=program is not None,
        text=program or "not installed; on Debian and Ubuntu: apt install jackd2",
    )
    try:
        text = call_in_daemon(_describe_server, server).result(_SERVER_S)
        yield Finding(name="server", good=True, text=text)
    except EnvironmentMissing as error:
        yield Finding(name="server", good=False, text=str(error))
    except TimeoutError:
        text = f"does not answer for {_SERVER_S:g} s: it hangs; end it and start it again"
        yield Finding(name="server", good=False, text=text)


def _describe_server(server: str) -> str:
    with JackBackend(CLIENT, server) as jack:
        speed = "realtime" if jack.realtime else "not realtime"
        return f"{jack.rate} Hz, blocks of {jack.block} frames, {speed}"


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
        text=text if good else f"{text}; close other programs or use a smaller checkpoint",
    )


def priority_finding(
    times: StepTimes, *, remedy_given: bool = False, lighter: str = ""
) -> Finding:
    """Check whether an engine of this speed gets the real-time class.

    Args:
        times: Times of whole hops.
        remedy_given: Whether an earlier finding has the remedy for the limits.
        lighter: Engine that takes less of the processor; empty for none.
    """
    priority = ThreadPriority(lighter=lighter)
    priority.raise_for(times.p50_ms / times.budget_ms)
    priority.lower()
    text, advice = f"the engine gets {priority.words}", priority.advice
    if remedy_given:
        advice = advice.replace(REALTIME_ADVICE, "see the limits above")
    return Finding(
        name="priority", good=not advice, text=f"{text}; {advice}" if advice else text
    )


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
