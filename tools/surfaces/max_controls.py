"""Controls of the table as Max parameters, with connections to and from the bridge.

Values from the bridge enter by ``set``, which shows a value without sending it.
"""

from itertools import pairwise

from bridge.controls.parameters import Kind, Parameter, Table
from tools.surfaces.colours import COLOURS, colour
from tools.surfaces.layout import GRID, TITLE, Layout, PlacedControl, Rect
from tools.surfaces.patcher import Box, Json, Patcher, Port
from tools.surfaces.widgets import Widget, long_name, short_name, starting_index, texts

__all__ = ["caption", "controls", "panels", "parameter"]

_FLOAT, _INT, _ENUM = 0, 1, 2
_INT_STYLE, _FLOAT_STYLE, _MS, _DB, _CUSTOM = 0, 1, 2, 4, 9
_STYLES = {"": _FLOAT_STYLE, "dB": _DB, "ms": _MS}
_CLASSES = {
    Widget.DIAL: "live.dial",
    Widget.NUMBER: "live.numbox",
    Widget.TABS: "live.tab",
    Widget.MENU: "live.menu",
    Widget.SWITCH: "live.text",
    Widget.BUTTON: "live.text",
}
_OUTLETS = {"live.dial": 2, "live.numbox": 2, "live.tab": 3, "live.menu": 3, "live.text": 2}
_LARGEST_INT = 255
"""Max for Live keeps ints of 0 and above up to this; a float shown as an int keeps others."""


def parameter(row: Parameter) -> Json:
    """Return the Max attributes of a parameter: names, range, unit, initial value."""
    kept: dict[str, object] = {
        "parameter_longname": long_name(row),
        "parameter_shortname": short_name(row),
        "parameter_info": row.help,
        "parameter_annotation_name": long_name(row),
    }
    if row.kind is Kind.TRIGGER:  # no initial value, for it would fire when the patch is opened
        return kept | {
            "parameter_type": _ENUM,
            "parameter_enum": ["off", "on"],
            "parameter_mmax": 1,
            "parameter_invisible": 1,
        }
    kept["parameter_initial_enable"] = 1
    if row.kind in (Kind.CHOICE, Kind.TOGGLE):
        names = texts(row)
        kept |= {
            "parameter_type": _ENUM,
            "parameter_enum": list(names),
            "parameter_mmax": len(names) - 1,
            "parameter_initial": [starting_index(row)],
        }
        return kept | ({"parameter_units": row.unit} if row.unit else {})
    whole = row.kind is Kind.INT
    small = whole and row.low >= -1 and row.high <= _LARGEST_INT
    style = _INT_STYLE if whole else _STYLES.get(row.unit, _CUSTOM)
    kept |= {
        "parameter_type": _INT if small else _FLOAT,
        "parameter_unitstyle": style,
        "parameter_mmin": row.low,
        "parameter_mmax": row.high,
        "parameter_initial": [row.default],
    }
    return kept | ({"parameter_units": f"%.1f {row.unit}"} if style == _CUSTOM else {})


def panels(patch: Patcher, layout: Layout) -> None:
    """Draw the frames and headings behind the controls."""
    for number, panel in enumerate(layout.panels):
        at = Rect(900, 30 + 60 * number, 120, 45)
        patch.put(
            "panel",
            at,
            {"background": 1, "bgcolor": colour(COLOURS["panel"]), "rounded": 6},
            outlets=0,
            shown=panel.rect,
        )
        heading = Rect(panel.rect.x + GRID, panel.rect.y, panel.rect.width - 2 * GRID, TITLE)
        patch.comment(
            panel.section.title,
            at,
            Rect(heading.x, heading.y + 5, heading.width, 20),
            {"fontface": 1, "fontsize": 14.0, "textcolor": colour(panel.section.colour)},
        )


def controls(
    patch: Patcher, table: Table, layout: Layout, inlet: Box, outlet: Box
) -> dict[str, Box]:
    """Add every control of a layout, wired from ``inlet`` and to ``outlet``.

    Returns:
        The boxes to touch, by name of their row.
    """
    told = [placed for placed in layout.placed if placed.row.has_value]
    sort = patch.new(f"route {' '.join(each.row.address for each in told)}", 30, 75)
    patch.wire(inlet, sort)
    boxes: dict[str, Box] = {}
    for number, placed in enumerate(layout.placed):
        x, y = 30 + 195 * (number % 4), 135 + 150 * (number // 4)
        box = _control(patch, placed, number, Rect(x, y + 45, *_size(placed)))
        boxes[placed.row.name] = box
        if placed in told:
            _shown(patch, placed.row, sort.port(told.index(placed)), box, x, y)
        _sent(patch, placed, box, outlet, x, y + 105)
    return boxes


def caption(patch: Patcher, text: str, at: Rect, shown: Rect) -> None:
    """Add a label."""
    look = {"fontsize": 10.0, "textcolor": colour(COLOURS["quiet"])}
    patch.comment(text, at, shown, look)


def _control(patch: Patcher, placed: PlacedControl, number: int, at: Rect) -> Box:
    row, widget = placed.row, placed.widget
    shown = placed.rect
    if widget in (Widget.TABS, Widget.MENU, Widget.NUMBER):
        name = short_name(row) if widget is Widget.NUMBER else long_name(row)
        unit = f" ({row.unit})" if row.unit and widget is Widget.TABS else ""
        caption(patch, name + unit, Rect(at.x, at.y - 20, 120, 18), shown.top(GRID + 3))
        shown = shown.below(GRID + 3)
    shown = Rect(shown.x + 2, shown.y + 2, shown.width - 4, shown.height - 4)
    if widget in (Widget.MENU, Widget.NUMBER):
        shown = shown.top(18)
    more: dict[str, object] = {}
    if widget is Widget.SWITCH:
        more = {"text": short_name(row), "texton": short_name(row), "mode": 1}
    elif widget is Widget.BUTTON:
        more = {"text": short_name(row), "texton": short_name(row), "mode": 0}
    elif widget is Widget.TABS:
        more = {"num_lines_patching": 1, "num_lines_presentation": 1}
    accent = colour(placed.section.colour)
    tinted = "activedialcolor" if widget is Widget.DIAL else "activebgoncolor"
    maxclass = _CLASSES[widget]
    look = {
        "parameter_enable": 1,
        "saved_attribute_attributes": {"valueof": parameter(row)},
        "varname": row.name.replace("/", "_"),
        "annotation": f"{row.help}.",
        "hint": f"{row.help}.",
        "taborder": number + 1,
        tinted: accent,
        **more,
    }
    return patch.put(maxclass, at, look, outlets=_OUTLETS[maxclass], shown=shown)


def _shown(patch: Patcher, row: Parameter, source: Port, box: Box, x: int, y: int) -> None:
    """Connect a value from the bridge so that it is shown, and not sent."""
    if row.kind is Kind.CHOICE and isinstance(row.choices[0], str):
        patch.wire(source, patch.new("prepend setsymbol", x, y + 15), box)
        return
    into = patch.new("prepend set", x, y + 15)
    if row.kind is Kind.CHOICE:
        numbers = [float(each) for each in row.choices]
        middles = [(low + high) / 2 for low, high in pairwise(numbers)]
        steps = " + ".join(f"($f1 > {middle:.6g})" for middle in middles)
        patch.wire(source, patch.new(f"expr {steps or '0 * $f1'}", x, y - 10), into, box)
    else:
        patch.wire(source, into, box)


def _sent(patch: Patcher, placed: PlacedControl, box: Box, outlet: Box, x: int, y: int) -> None:
    """Connect a control so that its changes are sent to its address."""
    row = placed.row
    if row.kind is Kind.TRIGGER:
        patch.wire(
            box, patch.new("t b", x, y), patch.message(f"{row.address} 1", x, y + 25), outlet
        )
        return
    leaving = box.port(1 if row.kind is Kind.CHOICE else 0)
    patch.wire(leaving, patch.new(f"prepend {row.address}", x, y), outlet)


def _size(placed: PlacedControl) -> tuple[int, int]:
    return (44, 48) if placed.widget is Widget.DIAL else (100, 20)
