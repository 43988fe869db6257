"""Small SVG pictures of controls."""

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from tools.surfaces.layout import Rect

__all__ = ["Drawing"]

_FONT = "Helvetica, Arial, sans-serif"
_EDGE = "#4a5160"
_WELL = "#14171d"
_INK = "#eceff4"
_DARK = "#14171d"


class Drawing:
    """SVG shapes on a background, in drawing order.

    Args:
        width: Pixels across.
        height: Pixels down.
        ground: Colour behind everything.
    """

    def __init__(self, width: int, height: int, ground: str) -> None:
        self._size = width, height
        self._shapes: list[str] = []
        self.box(Rect(0, 0, width, height), ground)

    def box(self, at: Rect, fill: str, *, edge: str = "none", round_: int = 0) -> None:
        """Draw a rectangle."""
        self._shapes.append(
            f'<rect x="{at.x}" y="{at.y}" width="{at.width}" height="{at.height}" '
            f'rx="{round_}" fill="{fill}" stroke="{edge}"/>'
        )

    def text(
        self,
        text: str,
        x: float,
        y: float,
        *,
        ink: str = _INK,
        size: float = 11.0,
        anchor: str = "start",
        bold: bool = False,
    ) -> None:
        """Draw text with its baseline at ``y``."""
        weight = ' font-weight="bold"' if bold else ""
        self._shapes.append(
            f'<text x="{x:g}" y="{y:g}" fill="{ink}" font-size="{size:g}" '
            f'text-anchor="{anchor}"{weight}>{escape(text)}</text>'
        )

    def label(self, text: str, at: Rect, *, ink: str = _INK, size: float = 11.0) -> None:
        """Draw text in the middle of a rectangle."""
        middle = at.y + at.height / 2 + size * 0.35
        self.text(text, at.x + at.width / 2, middle, ink=ink, size=size, anchor="middle")

    def tabs(self, at: Rect, names: Sequence[str], chosen: int, colour: str) -> None:
        """Draw choices side by side."""
        width = at.width / max(1, len(names))
        for index, name in enumerate(names):
            left = round(at.x + index * width)
            right = round(at.x + (index + 1) * width)
            cell = Rect(left, at.y, right - left - 1, at.height)
            on = index == chosen
            self.box(cell, colour if on else _WELL, edge=_EDGE, round_=2)
            self.label(name, cell, ink=_DARK if on else _INK, size=10.0)

    def button(self, at: Rect, name: str, colour: str, *, on: bool, toggles: bool) -> None:
        """Draw a switch or a push button."""
        self.box(at, colour if on else _WELL, edge=_EDGE if toggles else colour, round_=3)
        self.label(name, at, ink=_DARK if on else _INK, size=10.0)

    def dial(self, at: Rect, name: str, value: str, place: float, colour: str) -> None:
        """Draw a dial with its name above and its value below."""
        x, y, radius = at.x + at.width / 2, at.y + at.height / 2 + 1, 11.0
        self.text(name, x, at.y + 9, size=10.0, anchor="middle")
        self._arc(x, y, radius, 1.0, _EDGE)
        self._arc(x, y, radius, place, colour)
        angle = math.radians(135 + 270 * place)
        tip = x + radius * math.cos(angle), y + radius * math.sin(angle)
        self._shapes.append(
            f'<line x1="{x:g}" y1="{y:g}" x2="{tip[0]:.1f}" y2="{tip[1]:.1f}" '
            f'stroke="{colour}" stroke-width="2"/>'
        )
        self.text(value, x, at.bottom - 2, size=10.0, anchor="middle")

    def number(self, at: Rect, value: str) -> None:
        """Draw a number box."""
        self.box(at, _WELL, edge=_EDGE, round_=2)
        self.label(value, at, size=10.0)

    def fader(self, at: Rect, place: float, colour: str, value: str = "") -> None:
        """Draw a horizontal fader."""
        self.box(at, _WELL, edge=_EDGE, round_=2)
        self.box(Rect(at.x, at.y, max(2, round(at.width * place)), at.height), colour, round_=2)
        if value:
            self.label(value, at, size=10.0)

    def cord(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw a patch cord, which hangs a little."""
        (x, y), (to_x, to_y) = start, end
        sag = max(20.0, abs(to_y - y) / 3)
        self._shapes.append(
            f'<path d="M {x:g} {y:g} C {x:g} {y + sag:g} {to_x:g} {to_y - sag:g} {to_x:g} '
            f'{to_y:g}" fill="none" stroke="#6b7385"/>'
        )

    def svg(self) -> str:
        """Return the picture."""
        width, height = self._size
        body = "\n".join(self._shapes)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-family="{_FONT}">\n{body}\n</svg>\n'
        )

    def _arc(self, x: float, y: float, radius: float, place: float, colour: str) -> None:
        if place <= 0:
            return
        start, end = math.radians(135), math.radians(135 + 270 * place)
        begins = x + radius * math.cos(start), y + radius * math.sin(start)
        ends = x + radius * math.cos(end), y + radius * math.sin(end)
        large = int(270 * place > 180)
        self._shapes.append(
            f'<path d="M {begins[0]:.1f} {begins[1]:.1f} A {radius:g} {radius:g} 0 {large} 1 '
            f'{ends[0]:.1f} {ends[1]:.1f}" fill="none" stroke="{colour}" stroke-width="3"/>'
        )
