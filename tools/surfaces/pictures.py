"""Previews of the remotes for the documentation, drawn from the generated files.

They are no screenshots: each program has its own fonts and shades.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from bridge.controls.parameters import Table
from tools.surfaces.colours import COLOURS
from tools.surfaces.drawing import Drawing
from tools.surfaces.layout import GRID, Rect, remote
from tools.surfaces.max_osc import connection
from tools.surfaces.max_package import device_patch
from tools.surfaces.max_views import meter, presets, remote_view, status, stemselect
from tools.surfaces.open_stage import session
from tools.surfaces.patcher import Json, Patcher
from tools.surfaces.touchosc import layout_xml

__all__ = ["files", "panel_of", "patch_of"]

_FOLDER = "docs/pictures"


def files(table: Table) -> Mapping[str, str]:
    """Return the files, by path from the root of the repository."""
    made = {
        "max-remote": panel_of(remote_view(table)),
        "max-device": panel_of(device_patch(table)),
        "max-status": panel_of(status(table)),
        "max-meter": panel_of(meter(table)),
        "max-presets": panel_of(presets(table)),
        "max-stemselect": panel_of(stemselect(table)),
        "max-osc": patch_of(connection()),
        "open-stage-control": _session(table),
        "touchosc": _touchosc(table),
    }
    return {f"{_FOLDER}/{name}.svg": drawing.svg() for name, drawing in made.items()}


def panel_of(patch: Patcher) -> Drawing:
    """Return the panel of a Max patch: its presentation."""
    drawing = Drawing(patch.width, patch.height, COLOURS["ground"])
    for box in patch.boxes:
        place = box.data.get("presentation_rect")
        if isinstance(place, Sequence):
            _draw(drawing, box.data, Rect(*(round(each) for each in place)))
    return drawing


def patch_of(patch: Patcher) -> Drawing:
    """Return the patch behind a Max panel: objects and cords."""
    data = json.loads(patch.text())["patcher"]
    boxes = {each["box"]["id"]: each["box"] for each in data["boxes"]}
    places = {
        name: [round(side) for side in box["patching_rect"]] for name, box in boxes.items()
    }
    width = max(x + w for x, _, w, _ in places.values()) + GRID
    height = max(y + h for _, y, _, h in places.values()) + GRID
    drawing = Drawing(width, height, "#e6e6e6")
    for line in data["lines"]:
        (source, outlet), (target, inlet) = (
            line["patchline"]["source"],
            line["patchline"]["destination"],
        )
        x, y, w, h = places[source]
        to_x, to_y, to_w, _ = places[target]
        drawing.cord(
            (_port(x, w, outlet, boxes[source]["numoutlets"]), y + h),
            (_port(to_x, to_w, inlet, boxes[target]["numinlets"]), to_y),
        )
    for name, box in boxes.items():
        at = Rect(*places[name])
        text = str(box.get("text", box["maxclass"]))
        if box["maxclass"] != "comment":
            message = box["maxclass"] == "message"
            drawing.box(at, "#d2d2d2" if message else "#ffffff", edge="#808080", round_=3)
        drawing.text(text, at.x + 5, at.y + 15, ink="#202020")
    return drawing


def _port(x: int, width: int, number: int, count: int) -> float:
    return x + 8 + (width - 16) * (number / (count - 1) if count > 1 else 0.0)


def _draw(drawing: Drawing, data: Json, at: Rect) -> None:
    """Draw one box of a panel."""
    maxclass = data["maxclass"]
    kept = data.get("saved_attribute_attributes", {})
    held = kept.get("valueof", {}) if isinstance(kept, Mapping) else {}
    if maxclass == "panel":
        drawing.box(at, _hex(data["bgcolor"]), round_=int(str(data.get("rounded", 0))))
    elif maxclass == "comment":
        size = float(str(data.get("fontsize", 11.0)))
        ink = _hex(data["textcolor"]) if "textcolor" in data else COLOURS["text"]
        bold = data.get("fontface") == 1
        text = str(data["text"])
        drawing.text(text, at.x + 2, at.y + size + 2, ink=ink, size=size, bold=bold)
    elif maxclass in ("live.tab", "live.menu"):
        names, accent = held["parameter_enum"], _hex(data["activebgoncolor"])
        drawing.tabs(at, names, held["parameter_initial"][0], accent)
    elif maxclass == "live.text":
        accent = _hex(data["activebgoncolor"]) if held else "#6b7385"
        on = bool(held.get("parameter_initial", [0])[0])
        drawing.button(at, str(data["text"]), accent, on=on, toggles=data["mode"] == 1)
    elif maxclass == "live.dial":
        low, high = held["parameter_mmin"], held["parameter_mmax"]
        value = held["parameter_initial"][0]
        place = (value - low) / (high - low)
        accent = _hex(data["activedialcolor"])
        drawing.dial(at, held["parameter_shortname"], f"{value:g}", place, accent)
    elif maxclass == "live.numbox":
        drawing.number(at, f"{held['parameter_initial'][0]:g}")
    elif maxclass == "led":
        drawing.box(at, _hex(data["oncolor"]), round_=at.width // 2)
    elif maxclass == "multislider" and data["size"] == 1:
        drawing.fader(at, 0.8, _hex(data["slidercolor"]))
    elif maxclass == "multislider":
        half = at.width // 2 - 3
        for side, level in enumerate((0.8, 0.74)):
            bar = Rect(at.x + side * (half + 6), at.y, half, at.height)
            drawing.box(bar, COLOURS["panel"])
            filled = round(bar.height * level)
            drawing.box(Rect(bar.x, bar.bottom - filled, half, filled), "#7cc36f")
    elif maxclass in ("umenu", "textedit"):
        drawing.number(at, str(data.get("text", "(list)")))


def _session(table: Table) -> Drawing:
    """Return the session of Open Stage Control."""
    content = session(table)["content"]
    assert isinstance(content, Mapping)
    layout = remote(table)
    drawing = Drawing(layout.width, layout.height, COLOURS["ground"])
    for widget, x, y in _widgets(content["widgets"], 0, 0):
        at = Rect(x, y, widget["width"], widget["height"])
        accent = str(widget.get("colorWidget", ""))
        match widget["type"]:
            case "panel":
                drawing.box(at, widget["colorBg"], round_=3)
            case "text":
                ink, size = widget["colorText"], 16.0 if at.height > 20 else 11.0
                drawing.text(widget["default"], at.x, at.y + size + 1, ink=ink, size=size)
            case "switch":
                names = list(widget["values"])
                chosen = list(widget["values"].values()).index(widget["default"])
                drawing.tabs(at, names, chosen, accent)
            case "button":
                toggles = widget["mode"] == "toggle"
                on = bool(widget["default"])
                drawing.button(at, widget["label"], accent, on=on, toggles=toggles)
            case "fader":
                low, high = widget["range"]["min"], widget["range"]["max"]
                place = (widget["default"] - low) / (high - low)
                value = "" if widget.get("bypass") else f"{widget['default']:g}"
                drawing.fader(at, place, accent, value)
            case "led":
                drawing.box(at, widget["default"], round_=at.width // 2)
            case "input":
                drawing.number(at, f"{widget['default']:g}")
    return drawing


def _touchosc(table: Table) -> Drawing:
    """Return the layout of TouchOSC."""
    layout = remote(table)
    drawing = Drawing(layout.width, layout.height, COLOURS["ground"])
    for node in ElementTree.fromstring(layout_xml(table)).iter("node"):
        held = {
            each.findtext("key", ""): value
            for each in node.findall("properties/property")
            for value in each.findall("value")
        }
        at = Rect(*(int(held["frame"].findtext(side, "0")) for side in "xywh"))
        ink = _hex([float(held["color"].findtext(part, "0")) for part in "rgb"])
        values = node.find("values")
        start = "" if values is None else values.findtext("value/default", "")
        match node.get("type"):
            case "BOX":
                drawing.box(at, ink, round_=3)
            case "LABEL":
                size = float(held["textSize"].text or 11)
                if held["textAlignH"].text == "1":
                    drawing.text(start, at.x, at.y + at.height / 2 + 5, ink=ink, size=size)
                else:
                    drawing.label(start, at, ink=ink, size=size)
            case "BUTTON":
                on = float(start) > 0
                drawing.button(at, "", ink, on=on, toggles=held["buttonType"].text == "1")
            case "FADER":
                drawing.fader(at, float(start), ink)
            case "RADIO":
                names = [""] * int(held["steps"].text or 1)
                drawing.tabs(at, names, int(float(start)), ink)
    return drawing


def _widgets(
    widgets: Sequence[Json], x: int, y: int
) -> Iterator[tuple[dict[str, Any], int, int]]:
    """Yield widgets with their absolute places."""
    for widget in widgets:
        if "left" not in widget:  # a variable, which is not seen
            continue
        left, top = x + int(str(widget["left"])), y + int(str(widget["top"]))
        yield dict(widget), left, top
        inside = widget.get("widgets", ())
        assert isinstance(inside, Sequence)
        yield from _widgets(inside, left, top)


def _hex(parts: object) -> str:
    assert isinstance(parts, Sequence)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts[:3])
