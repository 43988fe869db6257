"""Meters of chord charts, and the MMA grooves that play them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.data.arrangement import Bars, playable_meters
from model.data.sources.chord_charts import ChordChart
from model.data.styles import Groove, Style

__all__ = ["ChartMeter", "bars_in_mma_beats", "charts_to_play", "meter_of"]


@dataclass(frozen=True, slots=True)
class ChartMeter:
    """How bars of one meter are played by MMA."""

    signature: str
    felt_beats: int
    """Beats a listener counts in a bar."""
    unit_beats: int
    """Unit beats of the chart in a bar."""
    grooves: dict[tuple[int, str], str | None]
    """Bars of grooves that fit, as MMA beats and signature, and what their style's name has
    to contain."""

    def positions(self, groove: Groove) -> float:
        """Return MMA beats a unit beat."""
        return groove.beats / self.unit_beats

    def felt_tempo(self, unit_tempo_bpm: float) -> float:
        """Return felt beats per minute for a tempo in unit beats per minute."""
        return unit_tempo_bpm * self.felt_beats / self.unit_beats


_METERS = {
    (4, 4): ChartMeter("4/4", 4, 4, {(4, "4/4"): None}),
    (2, 2): ChartMeter("4/4", 4, 2, {(4, "4/4"): None}),
    (3, 4): ChartMeter("3/4", 3, 3, {(3, "3/4"): None, (3, "4/4"): None}),
    (5, 4): ChartMeter("5/4", 5, 5, {(5, "5/4"): None}),
    (6, 8): ChartMeter("6/8", 2, 6, {(beats, "6/8"): None for beats in (2, 3, 6)}),
    (12, 8): ChartMeter("12/8", 4, 12, {(4, "4/4"): "128"}),
}
"""MMA writes 12/8 as four beats of triplets, in the styles that have 128 in their name."""


def meter_of(chart: ChordChart) -> ChartMeter:
    """Return how the meter of a chart is played; it must be a supported one."""
    return _METERS[chart.meter]


def charts_to_play(
    charts: Sequence[ChordChart], styles: Sequence[Style]
) -> tuple[ChordChart, ...]:
    """Return the charts in a meter for which one of the styles has grooves."""
    playable = playable_meters(styles, {meter: how.grooves for meter, how in _METERS.items()})
    return tuple(chart for chart in charts if chart.meter in playable)


def bars_in_mma_beats(chart: ChordChart, chosen: Sequence[int], groove: Groove) -> Bars:
    """Return some bars of a chart, each with a chord at 0, positions in MMA beats.

    Args:
        chart: The chart.
        chosen: Bars to return, in this order.
        groove: What will play them.
    """
    scale = meter_of(chart).positions(groove)
    held: list[str] = []
    for bar in chart.bars:
        before = held[-1] if held else "z"
        held.append(bar[-1][1] if bar else before)
    bars = []
    for number in chosen:
        bar = tuple((at * scale, symbol) for at, symbol in chart.bars[number])
        if not bar or bar[0][0] > 0:
            bar = ((0.0, held[number - 1] if number else "z"), *bar)
        bars.append(bar)
    return tuple(bars)
