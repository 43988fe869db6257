"""Layout of all controls of a remote on a grid of 15 pixels.

One arrangement serves Max, Pure Data, TouchOSC, Open Stage Control and the pictures of them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bridge.controls.parameters import PARAMETERS, Parameter, Table
from tools.surfaces.widgets import Widget, WidgetSection, sections, widget_of

__all__ = [
    "GRID",
    "TITLE",
    "Layout",
    "Panel",
    "PlacedControl",
    "Rect",
    "remote",
    "standard",
    "strip",
]

GRID = 15
"""Pixels; every edge lies on a multiple."""
TITLE = 2 * GRID
"""Height of a panel's heading, and of the head of the whole."""
_CELL = 5 * GRID
_CELLS = 4
_ORDER = tuple(Widget[name] for name in ("TABS", "MENU", "DIAL", "NUMBER", "SWITCH", "BUTTON"))
_SIZES = {
    Widget.TABS: (_CELLS, 3 * GRID),
    Widget.MENU: (2, 3 * GRID),
    Widget.DIAL: (1, 4 * GRID),
    Widget.NUMBER: (1, 3 * GRID),
    Widget.SWITCH: (1, 2 * GRID),
    Widget.BUTTON: (1, 2 * GRID),
}
"""Cells across and pixels down; tabs, menus and numbers with the label above them."""

_SORTS = {
    Widget.TABS: "choice",
    Widget.MENU: "choice",
    Widget.DIAL: "number",
    Widget.NUMBER: "number",
    Widget.SWITCH: "switch",
    Widget.BUTTON: "switch",
}


@dataclass(frozen=True, slots=True)
class Rect:
    """Left, top, width and height, in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First pixel beyond it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """First pixel below it."""
        return self.y + self.height

    def inset(self, by: int) -> "Rect":
        """Return the rectangle without a margin of ``by`` at each side."""
        return Rect(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)

    def below(self, height: int) -> "Rect":
        """Return the rectangle without its uppermost ``height`` pixels."""
        return Rect(self.x, self.y + height, self.width, self.height - height)

    def meets(self, other: "Rect") -> bool:
        """Return whether the two have a pixel in common."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom

    def top(self, height: int) -> "Rect":
        """Return the uppermost part of it."""
        return Rect(self.x, self.y, self.width, height)


@dataclass(frozen=True, slots=True)
class PlacedControl:
    """A control and its place, label included."""

    row: Parameter
    widget: Widget
    section: WidgetSection
    rect: Rect


@dataclass(frozen=True, slots=True)
class Panel:
    """One section: a frame, a heading and its controls."""

    section: WidgetSection
    rect: Rect
    placed: tuple[PlacedControl, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """All panels, and the size of the whole."""

    width: int
    height: int
    panels: tuple[Panel, ...]

    @property
    def placed(self) -> tuple[PlacedControl, ...]:
        """Every control, panel by panel."""
        return tuple(each for panel in self.panels for each in panel.placed)


def standard(row: Parameter) -> tuple[int, int]:
    """Return the width in cells and the height in pixels of a control."""
    return _SIZES[widget_of(row)]


def remote(
    table: Table = PARAMETERS,
    *,
    head: int = 3 * GRID,
    columns: int = 2,
    size: Callable[[Parameter], tuple[int, int]] = standard,
) -> Layout:
    """Return panels in columns, each added to the shortest column.

    Args:
        table: What to show.
        head: Pixels kept free at the top, for the state.
        columns: How many panels stand side by side.
        size: Cells across and pixels down that a control takes; four cells fill a line.
    """
    width = _CELLS * _CELL + 2 * GRID
    bottoms = [head] * columns
    panels = []
    for section, rows in sections(table):
        if not rows:
            continue
        column = min(range(columns), key=lambda each: (bottoms[each], each))
        x, y = GRID + column * (width + GRID), bottoms[column] + GRID
        placed = tuple(_flow(section, rows, x + GRID, y + TITLE, size))
        height = max(each.rect.bottom for each in placed) + GRID - y
        panels.append(Panel(section, Rect(x, y, width, height), placed))
        bottoms[column] = y + height
    return Layout(GRID + columns * (width + GRID), max(bottoms) + GRID, tuple(panels))


def strip(table: Table = PARAMETERS, *, height: int = 11 * GRID, head: int = 0) -> Layout:
    """Return panels side by side, at most ``height`` pixels high: for a device rack.

    Args:
        table: What to show.
        height: Pixels there are.
        head: Pixels kept free at the left, for the state.
    """
    x, panels = head, []
    for section, rows in sections(table):
        if not rows:
            continue
        placed: list[PlacedControl] = []
        left = x + GRID
        room = height - TITLE
        columns = list(_stacks(_in_order(rows), room))
        for column in columns:
            cells = max(_SIZES[widget_of(row)][0] for row in column)
            y = TITLE
            for row in column:
                widget = widget_of(row)
                high = _SIZES[widget][1]
                placed.append(
                    PlacedControl(row, widget, section, Rect(left, y, cells * _CELL, high))
                )
                y += high
            left += cells * _CELL
        panels.append(Panel(section, Rect(x, 0, left + GRID - x, height), tuple(placed)))
        x = left + GRID
    return Layout(x, height, tuple(panels))


def _in_order(rows: Iterable[Parameter]) -> list[Parameter]:
    return sorted(rows, key=lambda row: _ORDER.index(widget_of(row)))


def _stacks(rows: Iterable[Parameter], room: int) -> Iterator[list[Parameter]]:
    """Yield columns of rows of equal width that fit into ``room``."""
    stack: list[Parameter] = []
    for row in rows:
        cells = _SIZES[widget_of(row)][0]
        high = sum(_SIZES[widget_of(each)][1] for each in [*stack, row])
        if stack and (high > room or cells != _SIZES[widget_of(stack[0])][0]):
            yield stack
            stack = []
        stack.append(row)
    if stack:
        yield stack


def _flow(
    section: WidgetSection,
    rows: Iterable[Parameter],
    x: int,
    y: int,
    size: Callable[[Parameter], tuple[int, int]],
) -> Iterator[PlacedControl]:
    """Yield the rows from left to right, line by line; a line holds one kind of widget."""
    used, line, sort = 0, 0, ""
    for row in _in_order(rows):
        widget = widget_of(row)
        wide, high = size(row)
        if used and (used + wide > _CELLS or _SORTS[widget] != sort):
            y, used, line = y + line + GRID * (_SORTS[widget] != sort), 0, 0
        yield PlacedControl(row, widget, section, Rect(x + used * _CELL, y, wide * _CELL, high))
        used, line, sort = used + wide, max(line, high), _SORTS[widget]
