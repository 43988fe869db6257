"""TouchOSC layout: one page with all controls, in both directions.

Source:
    The layout of ``.tosc`` files, which are XML under zlib, after the files that TouchOSC 1.1
    saves.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape

from bridge.controls.parameters import ROOT, Kind, Parameter, Table
from tools.surfaces.beat import (
    BEAT,
    BEAT_COLOUR,
    DARK_COLOUR,
    GROOVE,
    NO_TEMPO,
    BeatDisplay,
    beat_display,
)
from tools.surfaces.colours import COLOURS, colour
from tools.surfaces.layout import GRID, TITLE, PlacedControl, Rect, remote
from tools.surfaces.touchosc_beat import BAR_NAME, LAMP_NAME, TEMPO_NAME, beat_script
from tools.surfaces.widgets import (
    Widget,
    long_name,
    number_text,
    short_name,
    starting_index,
    texts,
)

__all__ = ["PATH", "files", "layout_xml", "script"]

PATH = "surfaces/touchosc/liveband.tosc"
_STORED = 0
"""Without compression the bytes are the same whichever zlib made them."""
_LABEL = GRID + 3
_DEEP = 0.6
_SMALL = 11
"""Height of the smallest writing."""


def files(table: Table) -> Mapping[str, bytes]:
    """Return the files, by path from the root of the repository."""
    return {PATH: zlib.compress(layout_xml(table).encode(), _STORED)}


def layout_xml(table: Table) -> str:
    """Return the XML of the file."""
    layout = remote(table)
    whole = Rect(0, 0, layout.width, layout.height)
    display = beat_display(layout.width - GRID)
    status = Rect(150, GRID, display.lamp.x - GRID - 150, TITLE)
    inside = [
        _label("liveband", "liveband", Rect(GRID, GRID, 120, TITLE), COLOURS["text"], 20),
        _told("status", "offline", status, 14, f"{ROOT}/status"),
        *_beat(display),
    ]
    for panel in layout.panels:
        rect = panel.rect
        inside.append(_node("BOX", f"panel {panel.section.title}", rect, COLOURS["panel"]))
        head = Rect(rect.x + GRID, rect.y + 4, rect.width - 2 * GRID, TITLE)
        title = panel.section.title
        inside.append(_label(f"title {title}", title, head, panel.section.colour, 16))
        for placed in panel.placed:
            inside += _control(placed)
    listens = [_message(BEAT, [], send=False)]
    style = [("s", "script", escape(beat_script()))]
    root = _node(
        "GROUP", "liveband", whole, COLOURS["ground"], style, messages=listens, children=inside
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<lexml version="3">{root}</lexml>\n'


def _control(placed: PlacedControl) -> Iterator[str]:
    """Yield the label and the widget."""
    row, rect, ink = placed.row, placed.rect, _deeper(placed.section.colour)
    name = row.name
    if placed.widget in (Widget.SWITCH, Widget.BUTTON):
        button = rect.inset(2)
        style = [("i", "buttonType", "1" if row.kind is Kind.TOGGLE else "0")]
        on = starting_index(row) if row.kind is Kind.TOGGLE else 0
        message = _message(row.address, [_part("VALUE", "INTEGER", "x")])
        yield _node("BUTTON", name, button, ink, style, [("x", on)], [message])
        yield _label(f"label {name}", short_name(row), button, COLOURS["text"], 11)
        return
    above = Rect(rect.x + 2, rect.y, rect.width - 4, _LABEL)
    wide = placed.widget in (Widget.TABS, Widget.MENU)
    unit = f" ({row.unit})" if row.unit and wide else ""
    title = long_name(row) if wide else short_name(row)
    yield _label(f"label {name}", f"{title}{unit}", above, COLOURS["quiet"], 11)
    below = rect.below(_LABEL).inset(2)
    if wide:
        yield from _choices(placed, below)
        return
    fader = below.top(min(20, below.height - _SMALL))
    low, high = number_text(row.low), number_text(row.high)
    scale = f"{low} to {high}{' ' + row.unit if row.unit else ''}"
    start = (float(row.default) - row.low) / (row.high - row.low)
    message = _message(f"{ROOT}/n/{name}", [_part("VALUE", "FLOAT", "x")])
    yield _node(
        "FADER",
        name,
        fader,
        ink,
        [("i", "orientation", "1")],
        [("x", start)],
        [message],
    )
    yield _label(f"range {name}", scale, below.below(fader.height), COLOURS["quiet"], 8)


def _choices(placed: PlacedControl, rect: Rect) -> Iterator[str]:
    """Yield a row of choices that sends and receives them by name."""
    row = placed.row
    count = len(row.choices)
    style = [("i", "steps", str(count)), ("i", "radioType", "0"), ("i", "orientation", "1")]
    style.append(("s", "script", escape(script(row))))
    start = [("x", starting_index(row))]
    listens = [_message(row.address, [_part("VALUE", "FLOAT", "x")], send=False)]
    yield _node("RADIO", row.name, rect, _deeper(placed.section.colour), style, start, listens)
    width = rect.width // count
    for index, text in enumerate(texts(row)):
        at = Rect(rect.x + index * width, rect.y, width, rect.height)
        yield _label(f"label {row.name} {index}", text, at, COLOURS["text"], 10)


def script(row: Parameter) -> str:
    """Return the script of a row of choices, in TouchOSC's Lua."""
    names = ", ".join(
        f'"{each}"' if isinstance(each, str) else number_text(float(each))
        for each in row.choices
    )
    same = "value == choice"
    if not isinstance(row.choices[0], str):
        same = "math.abs(value - choice) < 0.001"
    return (
        f"local choices = {{{names}}}\n"
        "local told = false\n"
        "function onValueChanged(key)\n"
        "  if key == 'x' and not told then\n"
        f"    sendOSC('{row.address}', choices[math.floor(self.values.x + 0.5) + 1])\n"
        "  end\n"
        "end\n"
        "function onReceiveOSC(message)\n"
        f"  if message[1] ~= '{row.address}' then return false end\n"
        "  local value = message[2][1].value\n"
        "  for index, choice in ipairs(choices) do\n"
        f"    if {same} then told = true self.values.x = index - 1 told = false end\n"
        "  end\n"
        "  return true\n"
        "end\n"
    )


def _beat(display: BeatDisplay) -> Iterator[str]:
    """Yield the beat display, which the script of the root drives."""
    yield _node("BOX", LAMP_NAME, display.lamp, DARK_COLOUR)
    yield _told(TEMPO_NAME, NO_TEMPO, display.tempo, 11)
    style = [("i", "orientation", "1"), ("b", "interactive", "0")]
    yield _node("FADER", BAR_NAME, display.confidence, BEAT_COLOUR, style, [("x", 0)])
    yield _told("beat groove", "", display.groove, 11, GROOVE)


def _told(name: str, text: str, rect: Rect, size: int, address: str = "") -> str:
    """Return a text that the bridge sets where there is an address, or a script."""
    style = [("i", "textSize", str(size)), ("i", "textAlignH", "1"), ("b", "background", "0")]
    listens = []
    if address:
        listens.append(_message(address, [_part("VALUE", "STRING", "text")], send=False))
    return _node("LABEL", name, rect, COLOURS["text"], style, [("text", text)], listens)


def _label(name: str, text: str, rect: Rect, ink: str, size: int) -> str:
    side = "1" if name.startswith(("title", "liveband")) else "2"
    style = [("i", "textSize", str(size)), ("b", "background", "0"), ("b", "interactive", "0")]
    style.append(("i", "textAlignH", side))
    return _node("LABEL", name, rect, ink, style, [("text", text)])


def _node(
    kind: str,
    name: str,
    rect: Rect,
    ink: str,
    style: Iterable[tuple[str, str, str]] = (),
    values: Iterable[tuple[str, object]] = (),
    messages: Iterable[str] = (),
    children: Iterable[str] = (),
) -> str:
    identity = uuid5(NAMESPACE_URL, f"liveband/touchosc/{kind}/{name}")
    shade = dict(zip("rgba", colour(ink), strict=True))
    parts = "".join(f"<{key}>{value:.4g}</{key}>" for key, value in shade.items())
    frame = zip("xywh", (rect.x, rect.y, rect.width, rect.height), strict=True)
    sides = "".join(f"<{key}>{value}</{key}>" for key, value in frame)
    properties = [
        f'<property type="c"><key>color</key><value>{parts}</value></property>',
        f'<property type="r"><key>frame</key><value>{sides}</value></property>',
        f'<property type="s"><key>name</key><value>{escape(name)}</value></property>',
    ]
    properties += [
        f'<property type="{tag}"><key>{key}</key><value>{value}</value></property>'
        for tag, key, value in style
    ]
    held = "".join(
        f"<value><key>{key}</key><locked>0</locked><lockedDefaultCurrent>0</lockedDefaultCurrent>"
        f"<default>{escape(_plain(value))}</default><defaultPull>0</defaultPull></value>"
        for key, value in values
    )
    return (
        f'<node ID="{identity}" type="{kind}"><properties>{"".join(properties)}</properties>'
        f"<values>{held}</values><messages>{''.join(messages)}</messages>"
        f"<children>{''.join(children)}</children></node>"
    )


def _message(
    address: str, arguments: Iterable[str], *, send: bool = True, receive: bool = True
) -> str:
    path = _part("CONSTANT", "STRING", address)
    return (
        f"<osc><enabled>1</enabled><send>{int(send)}</send><receive>{int(receive)}</receive>"
        "<feedback>0</feedback><connections>1111111111</connections>"
        "<triggers><trigger><var>x</var><condition>ANY</condition></trigger></triggers>"
        f"<path>{path}</path><arguments>{''.join(arguments)}</arguments></osc>"
    )


def _part(kind: str, conversion: str, value: str) -> str:
    return (
        f"<partial><type>{kind}</type><conversion>{conversion}</conversion>"
        f"<value>{escape(value)}</value><scaleMin>0</scaleMin><scaleMax>1</scaleMax></partial>"
    )


def _deeper(shade: str) -> str:
    """Return a darker colour, on which white text is readable."""
    parts = (int(shade[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part * _DEEP):02x}" for part in parts)


def _plain(value: object) -> str:
    return number_text(float(value)) if isinstance(value, int | float) else str(value)
