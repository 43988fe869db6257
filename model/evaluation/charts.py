"""Small SVG charts of figures with intervals, in the colours of the companion page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["ChartInterval", "ChartLine", "ChartPoint", "ladder", "lines"]

INK, FAINT, MAIN = "var(--ink, #222)", "var(--rule, #bbb)", "var(--accent, #c2410c)"
COLOURS = (MAIN, "var(--second, #1d6fa5)", "var(--third, #6b8e23)", INK)
"""One for each group of lines."""
DASHES = ("", "6 4", "2 3", "9 3 2 3")
"""One for each line of a group."""
FONT = 'font-family="var(--sans, system-ui, sans-serif)" font-size="13"'
WIDTH = 640
LEFT, RIGHT, ROW = 230, 70, 26
BASE = 220


@dataclass(frozen=True, slots=True)
class ChartInterval:
    """A bar with its interval in a bar chart."""

    name: str
    value: float
    ends: tuple[float, float] | None = None
    """Interval of the value, 95 %."""
    chief: bool = True
    """Whether it is a system, not an anchor."""


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One point of a line."""

    x: str
    """Label of its place on the axis; points of one label share the place."""
    y: float
    ends: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class ChartLine:
    """A line of points."""

    name: str
    points: Sequence[ChartPoint]
    """In the order of the axis."""
    group: str
    """Lines of one group have one colour, and are told apart by their dashes."""


def ladder(title: str, bars: Sequence[ChartInterval]) -> str:
    """Return horizontal bars with their intervals, in the given order.

    Args:
        title: Said to readers who do not see it.
        bars: At least one.
    """
    top = max([bar.ends[1] if bar.ends else bar.value for bar in bars] + [0.01])
    bottom = min([bar.ends[0] if bar.ends else bar.value for bar in bars] + [0.0])

    def at(value: float) -> float:
        return LEFT + (value - bottom) / (top - bottom) * (WIDTH - LEFT - RIGHT)

    parts = []
    for number, bar in enumerate(bars):
        y = 12 + number * ROW
        begin, end = sorted((at(0), at(bar.value)))
        fill = MAIN if bar.chief else FAINT
        parts.append(
            f'<text x="{LEFT - 10}" y="{y + 12}" text-anchor="end">{escape(bar.name)}</text>'
            f'<rect x="{begin:.1f}" y="{y}" width="{max(1, end - begin):.1f}" height="16" '
            f'rx="3" fill="{fill}"/>'
        )
        if bar.ends:
            low, high = at(bar.ends[0]), at(bar.ends[1])
            parts.append(f'<path d="M{low:.1f} {y + 8}H{high:.1f}" {_stroke(INK)}/>')
        furthest = at(max(bar.value, bar.ends[1] if bar.ends else bar.value))
        parts.append(f'<text x="{furthest + 6:.1f}" y="{y + 12}">{bar.value:.2f}</text>')
    return _svg(title, 16 + len(bars) * ROW, parts)


def lines(
    title: str,
    drawn: Sequence[ChartLine],
    *,
    anchors: Mapping[str, float] | None = None,
    axis: str,
) -> str:
    """Return lines over an axis, distinguished by colours of groups and by dashes.

    Args:
        title: Said to readers who do not see it.
        drawn: In the order of the legend.
        anchors: Levels drawn straight across, by their names.
        axis: What the axis means.
    """
    anchors = anchors or {}
    points = [point for line in drawn for point in line.points]
    places = list(dict.fromkeys(point.x for point in points))
    levels: list[float] = [level for p in points for level in (p.y, *(p.ends or ()))]
    low, high = min([0.0, *levels, *anchors.values()]), max([*levels, *anchors.values(), 0.01])
    left, right, base = 56, 150 if anchors else 24, BASE

    def x_of(place: str) -> float:
        step = (WIDTH - left - right) / max(1, len(places) - 1)
        return left + 20 + places.index(place) * step * 0.94

    def y_of(value: float) -> float:
        return base - (value - low) / (high - low) * (base - 20)

    parts = [f'<path d="M{left} 14V{base}H{WIDTH - right}" {_stroke(FAINT)} fill="none"/>']
    for value in (low, (low + high) / 2, high):
        parts.append(_text(left - 8, y_of(value) + 4, f"{value:.2f}", "end"))
    for place in places:
        parts.append(_text(x_of(place), base + 20, place, "middle"))
    parts.append(_text((left + WIDTH - right) / 2, base + 44, axis, "middle"))
    for name, value in anchors.items():
        y = y_of(value)
        parts.append(f'<path d="M{left} {y:.1f}H{WIDTH - right}" {_stroke(FAINT)}/>')
        parts.append(_text(WIDTH - right + 8, y + 4, name, "start"))
    for number, (line, look) in enumerate(zip(drawn, _looks(drawn), strict=True)):
        parts += _line(line, look, BASE + 70 + 20 * number, x_of, y_of)
    return _svg(title, base + 70 + 20 * len(drawn), parts)


def _looks(drawn: Sequence[ChartLine]) -> list[tuple[str, str]]:
    """Return colour and dashes of each line."""
    groups = list(dict.fromkeys(line.group for line in drawn))
    met = dict.fromkeys(groups, 0)
    looks = []
    for line in drawn:
        colour = COLOURS[groups.index(line.group) % len(COLOURS)]
        looks.append((colour, DASHES[met[line.group] % len(DASHES)]))
        met[line.group] += 1
    return looks


def _line(
    line: ChartLine,
    look: tuple[str, str],
    y: int,
    x_of: Callable[[str], float],
    y_of: Callable[[float], float],
) -> list[str]:
    """Return a line, and its entry in the legend at height ``y``."""
    colour, dash = look
    path = "L".join(f"{x_of(point.x):.1f} {y_of(point.y):.1f}" for point in line.points)
    parts = [
        f'<path d="M{path}" {_stroke(colour, 2.5)} fill="none" stroke-dasharray="{dash}"/>'
    ]
    for point in line.points:
        x = x_of(point.x)
        parts.append(f'<circle cx="{x:.1f}" cy="{y_of(point.y):.1f}" r="4" fill="{colour}"/>')
        if point.ends:
            low, high = (y_of(end) for end in point.ends)
            parts.append(f'<path d="M{x:.1f} {low:.1f}V{high:.1f}" {_stroke(colour)}/>')
    key = f'<path d="M56 {y - 4}h28" {_stroke(colour, 2.5)} stroke-dasharray="{dash}"/>'
    return [*parts, key, _text(92, y, line.name, "start")]


def _stroke(colour: str, width: float = 1.5) -> str:
    return f'stroke="{colour}" stroke-width="{width:g}"'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(title: str, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{escape(title, quote=True)}"><title>{escape(title)}</title>'
        f'<g {FONT} fill="{INK}">{"".join(parts)}</g></svg>'
    )
