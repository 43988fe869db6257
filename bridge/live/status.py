"""Readings of state, counters, latency and levels, from shared memory and supervisor."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf, log10

from bridge.audio.shared.counters import EngineState, Meters
from bridge.audio.shared.share import AudioShare
from bridge.common.latency import HOPS_PER_SECOND, latency_budget
from bridge.controls.readings import (
    BankReading,
    EngineReading,
    LatencyReading,
    MeterReading,
    PendingReading,
    State,
    StatusReading,
)
from bridge.engine.messages import ModelLoaded
from bridge.engine.status import EngineStatus
from bridge.stream.resample import conversion_delays

__all__ = [
    "OverloadWatch",
    "bank_reading",
    "engine_reading",
    "latency_reading",
    "meter_readings",
    "pending_reading",
    "status_reading",
    "with_notices",
]

_FLOOR_DB = -120.0
_OVERLOADED_S = 2.0
"""How long after the last lost hop it still counts as overloaded."""
_STARTING: dict[EngineState, State] = {
    EngineState.ABSENT: "starting",
    EngineState.LOADING: "loading",
    EngineState.WARMING: "warming",
}


class OverloadWatch:
    """Detects whether hops were late or skipped within the last two seconds.

    Args:
        share: Has the counters of the engine.
        clock: Steady seconds.
    """

    def __init__(self, share: AudioShare, clock: Callable[[], float]) -> None:
        self._share = share
        self._clock = clock
        self._lost = self._count()
        self._lost_s = -inf

    def look(self) -> bool:
        """Return whether a hop was lost of late; to be called several times a second."""
        now_s, lost = self._clock(), self._count()
        if lost != self._lost:
            self._lost, self._lost_s = lost, now_s
        return now_s - self._lost_s < _OVERLOADED_S

    def _count(self) -> int:
        counters = self._share.snapshot()
        return counters.late_hops + counters.skipped_hops


_SILENCE = (
    "nothing has been heard for long: while the beat tracker keeps time the band rests; send "
    "it sound, or raise /liveband/ear/silence"
)


def status_reading(
    engine: EngineStatus, share: AudioShare, overloaded: bool, anticipation_hops: int
) -> StatusReading:
    """Return the one word that says most about what is to be heard.

    Args:
        engine: The process.
        share: What the callback was told.
        overloaded: What ``OverloadWatch`` says.
        anticipation_hops: In force; more is the first thing to try against overload.
    """
    if engine.state is EngineState.FAILED:
        return StatusReading(state="error", text=engine.reason)
    state: State
    if engine.state in _STARTING:
        state = _STARTING[engine.state]
    elif share.freewheel:
        state = "freewheel"
    elif all(strip.bypass for strip in share.strips[: share.players]):
        state = "bypassed"
    elif not any(strip.enabled for strip in share.strips[: share.players]):
        state = "idle"
    elif overloaded:
        return StatusReading(state="overloaded", text=_relief(anticipation_hops))
    else:
        beat = share.beat
        is_silent = beat is not None and not beat.tempo.rolling
        return StatusReading(state="running", text=_SILENCE if is_silent else "")
    return StatusReading(state=state)


def with_notices(reading: StatusReading, notices: Sequence[str]) -> StatusReading:
    """Return a reading of the state that also tells what could not be used.

    Args:
        reading: Its own text, where it has one, comes first: it is of this moment.
        notices: Of remembered files; they do not keep the band from playing.
    """
    return reading if reading.text else replace(reading, text="; ".join(notices))


def _relief(anticipation_hops: int) -> str:
    """Say what helps an engine that cannot keep up."""
    remedies = "close other programs, or start with a smaller checkpoint"
    if anticipation_hops < HOPS_PER_SECOND:
        remedies = f"set /liveband/anticipation to 1, {remedies}"
    return f"the model does not keep up and the stem has gaps: {remedies}"


def engine_reading(share: AudioShare, restarts: int) -> EngineReading:
    """Return counters and the last step times.

    Args:
        share: What callback and engine count in.
        restarts: Of the engine process.
    """
    counters = share.snapshot()
    times = share.step_times()
    times_ms = sorted(1000.0 * float(time) for time in times) or [0.0]
    mean_ms = sum(times_ms) / len(times_ms)
    return EngineReading(
        cycles=counters.cycles,
        xruns=counters.xruns,
        underruns=counters.underruns,
        hops=counters.hops,
        late_hops=counters.late_hops,
        skipped_hops=counters.skipped_hops,
        restarts=restarts,
        rtf=mean_ms * HOPS_PER_SECOND / 1000.0,
        step_mean_ms=mean_ms,
        step_p99_ms=times_ms[int(0.99 * (len(times_ms) - 1))],
        step_max_ms=times_ms[-1],
    )


def latency_reading(
    share: AudioShare, model: ModelLoaded, anticipation_hops: int
) -> LatencyReading:
    """Return the latency now in force, term by term.

    Args:
        share: What the engine published, and where the cycles lie.
        model: Its own delays.
        anticipation_hops: In force.
    """
    delays = conversion_delays(share.rate, model.sample_rate, model.overlap)
    block = max(1, share.block)
    budget = latency_budget(
        block=block,
        hop=share.hop,
        anticipation_hops=anticipation_hops,
        resampler_in=delays.into,
        resampler_out=delays.back,
        overlap=delays.overlap,
        loop=share.loop_frames,
        phase=(share.frame - share.epoch_frame) % block,
        irregular=share.promised_latency is not None,
    )
    musical = share.musical_latency
    return LatencyReading(
        causal=(1 + anticipation_hops) * share.hop + musical,
        musical=musical,
        resampler=delays.into + delays.back,
        adaptation=budget.adaptation,
        inference=budget.inference,
        overlap=delays.overlap,
        anticipation_s=anticipation_hops / HOPS_PER_SECOND,
        safety=budget.safety,
        loop=budget.loop,
    )


def bank_reading(engine: EngineStatus) -> BankReading:
    """Return which banks hold something."""
    return BankReading(filled=" ".join(map(str, sorted(engine.banks))))


def pending_reading(engine: EngineStatus) -> PendingReading:
    """Return which controls wait for the beat."""
    names = ("anticipation" if name == "anticipation_hops" else name for name in engine.waiting)
    return PendingReading(names=" ".join(sorted(names)))


def meter_readings(meters: Meters) -> tuple[MeterReading, MeterReading]:
    """Return the levels of input and output in dBFS."""
    return (
        _meter(meters.in_peak, meters.in_rms),
        _meter(meters.out_peak, meters.out_rms),
    )


def _meter(peak: tuple[float, float], rms: tuple[float, float]) -> MeterReading:
    return MeterReading(
        peak_left_db=_decibels(peak[0]),
        peak_right_db=_decibels(peak[1]),
        rms_left_db=_decibels(rms[0]),
        rms_right_db=_decibels(rms[1]),
    )


def _decibels(linear: float) -> float:
    """Return a level in dBFS.

    Example:
        >>> _decibels(1.0), _decibels(0.0)
        (0.0, -120.0)
    """
    return max(_FLOOR_DB, 20.0 * log10(linear)) if linear > 0.0 else _FLOOR_DB
