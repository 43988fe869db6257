"""Session for Open Stage Control: the remote in a browser.

Source:
    https://openstagecontrol.ammd.net/docs/, the widget reference of version 1.
"""

import json
from collections.abc import Iterator, Mapping

from bridge.controls.parameters import DEFAULT_PORT, ROOT, Kind, Table
from tools.surfaces.beat import beat_display
from tools.surfaces.colours import COLOURS
from tools.surfaces.layout import GRID, TITLE, PlacedControl, Rect, remote
from tools.surfaces.open_stage_beat import beat_parts
from tools.surfaces.open_stage_parts import Part, place_of, text_part
from tools.surfaces.widgets import Widget, decimals, long_name, short_name, texts

__all__ = ["PATH", "files", "session"]

PATH = "surfaces/open-stage-control/liveband.json"

_LABEL = GRID + 3
_LETTERS = 9
"""Of name and unit together that fit above a fader."""


def files(table: Table) -> Mapping[str, str]:
    """Return the files, by path from the root of the repository."""
    return {PATH: json.dumps(session(table), indent=1) + "\n"}


def session(table: Table) -> Part:
    """Return the session that ``open-stage-control --load`` reads."""
    layout = remote(table)
    display = beat_display(layout.width - GRID)
    status = Rect(150, GRID, display.lamp.x - GRID - 150, TITLE)
    inside: list[Part] = [
        text_part("title", "liveband", Rect(GRID, GRID, 120, TITLE), COLOURS["text"]),
        {
            **text_part("status", "offline", status, COLOURS["text"]),
            "address": f"{ROOT}/status",
        },
        *beat_parts(display),
    ]
    for panel in layout.panels:
        widgets = [
            text_part(
                f"title_{panel.section.title}",
                panel.section.title,
                Rect(GRID, 0, panel.rect.width - 2 * GRID, TITLE),
                panel.section.colour,
            )
        ]
        for placed in panel.placed:
            widgets += _control(placed, panel.rect)
        inside.append(
            {
                "type": "panel",
                "id": f"panel_{panel.section.title}",
                **place_of(panel.rect),
                "colorBg": COLOURS["panel"],
                "scroll": False,
                "layout": "default",
                "widgets": widgets,
            }
        )
    root: Part = {
        "type": "root",
        "id": "root",
        "width": layout.width,
        "height": layout.height,
        "colorBg": COLOURS["ground"],
        "widgets": inside,
        "tabs": [],
    }
    return {"version": "1.27.0", "type": "session", "content": root}


def _control(placed: PlacedControl, panel: Rect) -> Iterator[Part]:
    """Yield the label and the widget, in the coordinates of the panel."""
    row = placed.row
    rect = Rect(
        placed.rect.x - panel.x, placed.rect.y - panel.y, placed.rect.width, placed.rect.height
    ).inset(2)
    common: Part = {
        "id": row.name.replace("/", "_"),
        "address": row.address,
        "target": f"127.0.0.1:{DEFAULT_PORT}",
        "typeTags": "",
        "comments": row.help,
        "colorWidget": placed.section.colour,
    }
    if row.kind is Kind.TOGGLE:
        look = {"type": "button", "mode": "toggle", "on": 1, "off": 0, "label": short_name(row)}
        yield {**common, **look, **place_of(rect), "typeTags": "i", "default": int(row.default)}
        return
    if row.kind is Kind.TRIGGER:
        look = {"type": "button", "mode": "tap", "on": 1, "off": 0, "label": short_name(row)}
        yield {**common, **look, **place_of(rect), "typeTags": "i", "default": 0}
        return
    wide = placed.widget in (Widget.TABS, Widget.MENU)
    title = long_name(row) if wide else short_name(row)
    if row.unit and (wide or len(title) + len(row.unit) < _LETTERS):
        title = f"{title} ({row.unit})"
    yield text_part(f"label_{common['id']}", title, rect.top(_LABEL), COLOURS["quiet"])
    below = rect.below(_LABEL)
    if wide:
        values = dict(zip(texts(row), row.choices, strict=True))
        look = {"type": "switch", "layout": "horizontal", "mode": "tap", "values": values}
        yield {**common, **look, **place_of(below), "default": row.default}
        return
    span = {"min": row.low, "max": row.high}
    if row.kind is Kind.INT:
        look = {"type": "input", "numeric": True, "asYouType": False}
        yield {
            **common,
            **look,
            **place_of(below.top(22)),
            "typeTags": "i",
            "default": row.default,
        }
        return
    digits = {"decimals": decimals(row), "typeTags": "f", "default": row.default}
    look = {"type": "fader", "horizontal": True, "range": span, "design": "compact"}
    yield {**common, **look, **place_of(below), **digits}
