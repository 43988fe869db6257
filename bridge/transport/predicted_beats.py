"""Beats of a sound file as the beat tracker predicts them hop by hop, as in a live band."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bridge.common.latency import HOPS_PER_SECOND
from bridge.controls.beat_tracking import TrackerSettings
from bridge.protocols import BeatTracker
from bridge.stream.offline import mix_hops, mix_rate
from bridge.stream.resample import conversion_delays, make_resamplers
from bridge.stream.tracked_beat import TrackedBeat
from bridge.transport.beat_events import BeatCounter

__all__ = ["PredictedBeat", "predict_beats"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PredictedBeat:
    """A beat as it was predicted."""

    time_s: float
    """Seconds from the file's first frame."""
    told_s: float
    """Seconds of the file that had been heard when it was predicted."""
    beat: int
    """Of the bar, from 1."""
    bar: int
    """From 1, counted from the first that was heard."""
    tempo_bpm: float
    """Beats per minute."""
    confidence: float
    """How sure the tracker is, 0..1."""


def predict_beats(
    tracker: BeatTracker, mix: Path, ahead_s: float, settings: TrackerSettings
) -> Iterator[PredictedBeat]:
    """Yield the beats of a sound file, each some time before it is heard.

    Args:
        tracker: Is reset.
        mix: Mono or stereo, at a rate that is a multiple of 20 Hz.
        ahead_s: Seconds from the end of the latest hop to where the beat is read; a beat comes
            with the first hop of 50 ms from whose end it is no further away.
        settings: Settings of the tracker.

    Raises:
        AudioFileError: It cannot be read, has another form or holds nothing.
    """
    rate = mix_rate(mix)
    hop = rate // HOPS_PER_SECOND
    into, _ = make_resamplers(rate, tracker.sample_rate)
    delay, state = conversion_delays(rate, tracker.sample_rate).into, into.init_state()
    heard, counter = TrackedBeat(tracker), BeatCounter()
    heard.reset()
    heard.settings = settings
    before = 0
    for number, audio in enumerate(mix_hops(mix), 1):
        heard.listen(into.step(audio, state))
        end = number * hop
        until = end + round(ahead_s * rate)
        now = heard.at(until, until - end + delay, rate)
        if now is None:
            before = until
            continue
        for beat in counter.due(now.tempo, before, until):
            if beat.frame < 0:
                continue
            yield PredictedBeat(
                time_s=beat.frame / rate,
                told_s=end / rate,
                beat=beat.beat,
                bar=beat.bar,
                tempo_bpm=now.tempo.tempo_bpm,
                confidence=now.confidence,
            )
        before = until
