"""What the shared memory and the supervisor know, as readings for people and patches."""

from math import log10

from bridge.counters import EngineState, Meters
from bridge.latency import HOPS_PER_SECOND
from bridge.readings import EngineReading, MeterReading, State, StatusReading
from bridge.share import AudioShare
from bridge.supervisor import EngineStatus

__all__ = ["engine_reading", "meter_readings", "status_reading"]

_FLOOR_DB = -120.0
_STARTING: dict[EngineState, State] = {
    EngineState.ABSENT: "starting",
    EngineState.LOADING: "loading",
    EngineState.WARMING: "warming",
}


def status_reading(engine: EngineStatus, share: AudioShare) -> StatusReading:
    """Return the one word that says most about what is to be heard."""
    if engine.state is EngineState.FAILED:
        return StatusReading(state="error", text=engine.reason)
    state: State
    if engine.state in _STARTING:
        state = _STARTING[engine.state]
    elif share.freewheel:
        state = "freewheel"
    elif share.bypass:
        state = "bypassed"
    else:
        state = "running" if share.enabled else "idle"
    return StatusReading(state=state)


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
