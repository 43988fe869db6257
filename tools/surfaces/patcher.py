"""Max patchers as data: boxes, cords, and the text of the file.

Source:
    The layout of ``.maxpat`` files as Max 8 saves them: JSON with a list of boxes and a list
    of cords. Of Max for Live devices: https://github.com/shakfu/py2max (``m4l.py``).
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from tools.surfaces.layout import GRID, Rect

__all__ = ["Box", "Json", "Patcher", "Port", "device"]

Json = Mapping[str, object]

_CHANGING = {"route": 1, "select": 1, "sel": 1}
"""Objects with an outlet for each argument and so many more."""
_PORTS = {
    "change": (1, 3),
    "counter": (5, 4),
    "ctlin": (1, 3),
    "delay": (2, 1),
    "expr": (1, 1),
    "freebang": (1, 1),
    "gate": (2, 1),
    "int": (2, 1),
    "loadbang": (1, 1),
    "metro": (2, 1),
    "midiin": (1, 1),
    "midiout": (1, 0),
    "notein": (1, 3),
    "pack": (2, 1),
    "patcherargs": (1, 2),
    "pgmin": (1, 2),
    "prepend": (1, 1),
    "split": (3, 2),
    "sprintf": (1, 1),
    "stripnote": (2, 2),
    "udpreceive": (1, 1),
    "udpsend": (1, 0),
    "zl": (2, 2),
}
"""Inlets and outlets of the objects in use."""
_ARITHMETIC = ("+", "-", "*", "/", "<", ">", ">=", "==")


@dataclass(frozen=True, slots=True)
class Box:
    """One object of a patcher."""

    name: str
    inlets: int
    outlets: int
    data: Json

    def port(self, number: int) -> "Port":
        """Return one of its outlets or inlets, as an end of a cord."""
        return Port(self, number)


@dataclass(frozen=True, slots=True)
class Port:
    """An outlet at the beginning of a cord, an inlet at its end."""

    box: Box
    number: int


@dataclass
class Patcher:
    """Boxes and cords, in the order they were made.

    Attributes:
        width: Of the window.
        height: Likewise.
        presentation: Whether it opens as a panel rather than as a patch.
        boxes: What was put in, from the ground up.
        more: Further attributes of the whole.
        cords: Source box and outlet, destination box and inlet.
    """

    width: int = 640
    height: int = 480
    presentation: bool = False
    more: dict[str, object] = field(default_factory=dict)
    boxes: list[Box] = field(default_factory=list)
    cords: list[tuple[str, int, str, int]] = field(default_factory=list)
    _taken: list[Rect] = field(default_factory=list)

    def put(
        self,
        maxclass: str,
        at: Rect,
        attributes: Json | None = None,
        *,
        inlets: int = 1,
        outlets: int = 1,
        shown: Rect | None = None,
    ) -> Box:
        """Add a box.

        Args:
            maxclass: As in the file, e.g. ``live.dial``.
            at: Where in the patch.
            attributes: Further ones of the file.
            inlets: How many it has.
            outlets: Likewise.
            shown: Where in the panel, None for nowhere.
        """
        data: dict[str, object] = {
            "id": f"obj-{len(self.boxes) + 1}",
            "maxclass": maxclass,
            "numinlets": inlets,
            "numoutlets": outlets,
            "patching_rect": _rect(self._free(at)),
            **(attributes or {}),
        }
        if outlets:
            data["outlettype"] = [""] * outlets
        if shown is not None:
            data |= {"presentation": 1, "presentation_rect": _rect(shown)}
        box = Box(str(data["id"]), inlets, outlets, data)
        self.boxes.append(box)
        return box

    def _free(self, at: Rect) -> Rect:
        """Return the nearest free place below."""
        while any(at.meets(other) for other in self._taken):
            at = Rect(at.x, at.y + 2, at.width, at.height)
        self._taken.append(at)
        return at

    def new(self, text: str, x: int, y: int) -> Box:
        """Add an object by its text, e.g. ``prepend set``."""
        inlets, outlets = _ports(text)
        at = Rect(x, y, max(45, 7 * len(text) + 15), 22)
        return self.put("newobj", at, {"text": text}, inlets=inlets, outlets=outlets)

    def inlet(self, comment: str, x: int, y: int) -> Box:
        """Add an inlet."""
        at = Rect(x, y, 30, 30)
        return self.put("inlet", at, {"comment": comment, "index": 1}, inlets=0)

    def outlet(self, comment: str, x: int, y: int) -> Box:
        """Add an outlet."""
        at = Rect(x, y, 30, 30)
        return self.put("outlet", at, {"comment": comment, "index": 1}, outlets=0)

    def message(self, text: str, x: int, y: int) -> Box:
        """Add a message box."""
        at = Rect(x, y, max(45, 6 * len(text) + 15), 22)
        return self.put("message", at, {"text": text}, inlets=2)

    def comment(
        self, text: str, at: Rect, shown: Rect | None = None, attributes: Json | None = None
    ) -> Box:
        """Add a comment."""
        more = {"text": text, **(attributes or {})}
        return self.put("comment", at, more, outlets=0, shown=shown)

    def inside(self, name: str, patcher: "Patcher", x: int, y: int) -> Box:
        """Add a subpatcher, as ``p name``."""
        counts = [
            sum(box.data["maxclass"] == end for box in patcher.boxes)
            for end in ("inlet", "outlet")
        ]
        return self.put(
            "newobj",
            Rect(x, y, 7 * len(name) + 30, 22),
            {"text": f"p {name}", "patcher": patcher.data()},
            inlets=counts[0],
            outlets=counts[1],
        )

    def wire(self, *chain: Box | Port) -> None:
        """Connect boxes in a row, outlet 0 to inlet 0 where no port is named.

        Args:
            chain: A port is an outlet if it comes first, else an inlet.

        Raises:
            ValueError: A box has no such inlet or outlet.
        """
        for source, destination in pairwise(chain):
            first = isinstance(source, Port) and source is chain[0]
            left = _port(source) if first else _box(source).port(0)
            right = _port(destination)
            if left.number >= left.box.outlets or right.number >= right.box.inlets:
                raise ValueError(f"no cord from {left} to {right}")
            self.cords.append((left.box.name, left.number, right.box.name, right.number))

    def data(self) -> Json:
        """Return the value of ``patcher`` in the file."""
        width = max(self.width, *(at.right + GRID for at in self._taken), 0)
        height = max(self.height, *(at.bottom + GRID for at in self._taken), 0)
        return {
            "fileversion": 1,
            "appversion": {
                "major": 8,
                "minor": 5,
                "revision": 0,
                "architecture": "x64",
                "modernui": 1,
            },
            "classnamespace": "box",
            "rect": [60.0, 90.0, float(width), float(height)],
            "openinpresentation": int(self.presentation),
            "default_fontsize": 12.0,
            "default_fontname": "Arial",
            "gridsize": [15.0, 15.0],
            "boxes": [{"box": dict(box.data)} for box in reversed(self.boxes)],
            "lines": [
                {
                    "patchline": {
                        "source": [source, outlet],
                        "destination": [destination, inlet],
                    }
                }
                for source, outlet, destination, inlet in self.cords
            ],
            "dependency_cache": [],
            "autosave": 0,
            **self.more,
        }

    def text(self) -> str:
        """Return the text of the file; the same for the same patch."""
        return json.dumps({"patcher": self.data()}, indent=1, sort_keys=True) + "\n"


def device(patcher: Patcher, name: str) -> bytes:
    """Return a Max for Live MIDI effect.

    Args:
        patcher: What it shows and does.
        name: Of the patcher inside, e.g. ``Liveband Remote.maxpat``.
    """
    tag = b"mmmm"
    data = dict(patcher.data())
    data["project"] = {
        "version": 1,
        "creationdate": 0,
        "modificationdate": 0,
        "viewrect": [0.0, 0.0, 300.0, 500.0],
        "autoorganize": 1,
        "hideprojectwindow": 1,
        "showdependencies": 1,
        "autolocalize": 0,
        "contents": {"patchers": {}},
        "layout": {},
        "searchpath": {},
        "detailsvisible": 0,
        "amxdtype": int.from_bytes(tag, "big"),
        "readonly": 0,
        "devpathtype": 0,
        "devpath": ".",
        "sortmode": 0,
        "viewmode": 0,
        "includepackages": 0,
    }
    body = json.dumps({"patcher": data}, indent=1, sort_keys=True).encode() + b"\0"
    entry = b"".join(
        (
            _chunk(b"type", b"JSON"),
            _chunk(b"fnam", _padded(name.encode() + b"\0")),
            _chunk(b"sz32", struct.pack(">I", len(body))),
            _chunk(b"of32", struct.pack(">I", 16)),
            _chunk(b"vers", struct.pack(">I", 0)),
            _chunk(b"flag", struct.pack(">I", 17)),
            _chunk(b"mdat", struct.pack(">I", 0)),
        )
    )
    block = b"mx@c" + struct.pack(">III", 16, 0, len(body) + 16) + body
    block += _chunk(b"dlst", _chunk(b"dire", entry))
    head = b"ampf" + struct.pack("<I", 4) + tag + b"ptch" + struct.pack("<I", len(block))
    return head + block


def _rect(rect: Rect) -> list[float]:
    return [float(rect.x), float(rect.y), float(rect.width), float(rect.height)]


def _ports(text: str) -> tuple[int, int]:
    name, *arguments = text.split()
    if name in _CHANGING:
        return 2 if len(arguments) == 1 else 1, len(arguments) + _CHANGING[name]
    if name == "t":
        return 1, len(arguments)
    if name in _ARITHMETIC:
        return 2, 1
    return _PORTS[name]


def _port(end: Box | Port) -> Port:
    return end if isinstance(end, Port) else end.port(0)


def _box(end: Box | Port) -> Box:
    return end.box if isinstance(end, Port) else end


def _chunk(tag: bytes, payload: bytes) -> bytes:
    return tag + struct.pack(">I", len(payload) + 8) + payload


def _padded(payload: bytes) -> bytes:
    return payload + b"\0" * (-len(payload) % 4)
