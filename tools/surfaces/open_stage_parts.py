"""Widgets of Open Stage Control, as its session files hold them."""

from tools.surfaces.layout import Rect

__all__ = ["Part", "place_of", "text_part"]

Part = dict[str, object]
"""A widget: its properties by name."""


def text_part(name: str, text: str, rect: Rect, ink: str) -> Part:
    """Return a text widget, which a message or a script may change."""
    return {
        "type": "text",
        "id": name,
        **place_of(rect),
        "default": text,
        "value": "",
        "align": "left",
        "colorText": ink,
        "wrap": False,
    }


def place_of(rect: Rect) -> Part:
    """Return the properties that place a widget."""
    return {"left": rect.x, "top": rect.y, "width": rect.width, "height": rect.height}
