"""The rows of the parameter table for the beat tracker: controls, corrections, the beat."""

from bridge.controls.beat_tracking import FASTEST_BPM, SLOWEST_BPM
from bridge.controls.readings import BeatReading
from bridge.controls.table import EffectTiming, Kind, Parameter

__all__ = ["BEAT_TRACKER_ROWS"]

BEAT_TRACKER_ROWS = (
    Parameter(
        name="ear/tempo/min",
        kind=Kind.FLOAT,
        help="Slowest tempo the beat tracker may follow; above `ear/tempo/max` the two swap",
        when=EffectTiming.HOP,
        unit="bpm",
        low=SLOWEST_BPM,
        high=FASTEST_BPM,
        default=SLOWEST_BPM,
        number=36,
    ),
    Parameter(
        name="ear/tempo/max",
        kind=Kind.FLOAT,
        help="Fastest tempo the beat tracker may follow",
        when=EffectTiming.HOP,
        unit="bpm",
        low=SLOWEST_BPM,
        high=FASTEST_BPM,
        default=FASTEST_BPM,
        number=37,
    ),
    Parameter(
        name="ear/hold",
        kind=Kind.TOGGLE,
        help="Keep the beat tracker's present tempo, whatever it hears",
        when=EffectTiming.HOP,
        default=False,
        number=38,
        cc=105,
        in_presets=False,
    ),
    Parameter(
        name="ear/silence",
        kind=Kind.FLOAT,
        help="How long the beat goes on through silence; then the band rests until it hears",
        when=EffectTiming.HOP,
        unit="s",
        low=0.0,
        high=600.0,
        default=20.0,
        number=39,
    ),
    Parameter(
        name="ear/half",
        kind=Kind.TRIGGER,
        help="Count half as fast as the beat tracker does, until the next reset",
        when=EffectTiming.HOP,
        cc=102,
    ),
    Parameter(
        name="ear/double",
        kind=Kind.TRIGGER,
        help="Count twice as fast as the beat tracker does, until the next reset",
        when=EffectTiming.HOP,
        cc=103,
    ),
    Parameter(
        name="ear/downbeat",
        kind=Kind.TRIGGER,
        help="This beat is the one: the beat tracker's bar begins at the beat nearest to now",
        when=EffectTiming.HOP,
        cc=104,
    ),
    Parameter(
        name="beat",
        kind=Kind.READING,
        help="Sent at every beat of whatever keeps time, dated to the frame: for lights",
        reading=BeatReading,
        announced=True,
    ),
)
"""In the order they are listed in."""
