"""The session for Open Stage Control: the same remote in any browser.

Source:
    https://openstagecontrol.ammd.net/docs/, the widget reference of version 1.
"""

import json
from collections.abc import Iterator, Mapping

from bridge.controls.parameters import DEFAULT_PORT, ROOT, Kind, Table
from bridge.surfaces.layout import GRID, TITLE, Placed, Rect, remote
from bridge.surfaces.look import COLOURS
from bridge.surfaces.widgets import Widget, decimals, long_name, short_name, texts

__all__ = ["LISTEN_PORT", "PATH", "files", "session"]

PATH = "surfaces/open-stage-control/liveband.json"
LISTEN_PORT = 9103
"""Where Open Stage Control is to listen: ``--osc-port``."""

_Widget = dict[str, object]
_LABEL = GRID + 3
_LETTERS = 9
"""Of name and unit together that fit above a fader."""


def files(table: Table) -> Mapping[str, str]:
    """Return what is to be written, by path from the root of the project."""
    return {PATH: json.dumps(session(table), indent=1) + "\n"}


def session(table: Table) -> _Widget:
    """Return the session: what ``open-stage-control --load`` reads."""
    layout = remote(table)
    inside: list[_Widget] = [
        _text("title", "liveband", Rect(GRID, GRID, 120, TITLE), COLOURS["text"]),
        {
            **_text("status", "offline", Rect(150, GRID, layout.width - 165, TITLE), "#eceff4"),
            "address": f"{ROOT}/status",
        },
    ]
    for panel in layout.panels:
        widgets = [
            _text(
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
                **_place(panel.rect),
                "colorBg": COLOURS["panel"],
                "scroll": False,
                "layout": "default",
                "widgets": widgets,
            }
        )
    root: _Widget = {
        "type": "root",
        "id": "root",
        "width": layout.width,
        "height": layout.height,
        "colorBg": COLOURS["ground"],
        "widgets": inside,
        "tabs": [],
    }
    return {"version": "1.27.0", "type": "session", "content": root}


def _control(placed: Placed, panel: Rect) -> Iterator[_Widget]:
    """Yield the label and the widget, in the coordinates of the panel."""
    row = placed.row
    rect = Rect(
        placed.rect.x - panel.x, placed.rect.y - panel.y, placed.rect.width, placed.rect.height
    ).inset(2)
    common: _Widget = {
        "id": row.name.replace("/", "_"),
        "address": row.address,
        "target": f"127.0.0.1:{DEFAULT_PORT}",
        "typeTags": "",
        "comments": row.help,
        "colorWidget": placed.section.colour,
    }
    if row.kind is Kind.TOGGLE:
        look = {"type": "button", "mode": "toggle", "on": 1, "off": 0, "label": short_name(row)}
        yield {**common, **look, **_place(rect), "typeTags": "i", "default": int(row.default)}
        return
    if row.kind is Kind.TRIGGER:
        look = {"type": "button", "mode": "tap", "on": 1, "off": 0, "label": short_name(row)}
        yield {**common, **look, **_place(rect), "typeTags": "i", "default": 0}
        return
    wide = placed.widget in (Widget.TABS, Widget.MENU)
    title = long_name(row) if wide else short_name(row)
    if row.unit and (wide or len(title) + len(row.unit) < _LETTERS):
        title = f"{title} ({row.unit})"
    yield _text(f"label_{common['id']}", title, rect.top(_LABEL), COLOURS["quiet"])
    below = rect.below(_LABEL)
    if wide:
        values = dict(zip(texts(row), row.choices, strict=True))
        look = {"type": "switch", "layout": "horizontal", "mode": "tap", "values": values}
        yield {**common, **look, **_place(below), "default": row.default}
        return
    span = {"min": row.low, "max": row.high}
    if row.kind is Kind.INT:
        look = {"type": "input", "numeric": True, "asYouType": False}
        yield {
            **common,
            **look,
            **_place(below.top(22)),
            "typeTags": "i",
            "default": row.default,
        }
        return
    digits = {"decimals": decimals(row), "typeTags": "f", "default": row.default}
    look = {"type": "fader", "horizontal": True, "range": span, "design": "compact"}
    yield {**common, **look, **_place(below), **digits}


def _text(name: str, text: str, rect: Rect, ink: str) -> _Widget:
    return {
        "type": "text",
        "id": name,
        **_place(rect),
        "default": text,
        "value": "",
        "align": "left",
        "colorText": ink,
        "wrap": False,
    }


def _place(rect: Rect) -> _Widget:
    return {"left": rect.x, "top": rect.y, "width": rect.width, "height": rect.height}
