"""Generated files of the Max package, by path."""

import json
from collections.abc import Iterator, Mapping
from importlib.metadata import version

from bridge.controls.parameters import ROOT, Kind, Table
from tools.surfaces.beat import BeatDisplay
from tools.surfaces.colours import COLOURS, colour
from tools.surfaces.layout import GRID, Rect, strip
from tools.surfaces.max_beat import put_beat_display
from tools.surfaces.max_controls import controls, panels
from tools.surfaces.max_midi import midi
from tools.surfaces.max_objects import OBJECTS, MaxObject, reference
from tools.surfaces.max_osc import connection
from tools.surfaces.max_views import VIEWS, abstraction, bpatcher, window
from tools.surfaces.patcher import Box, Patcher, device

__all__ = ["DEVICE", "device_patch", "files"]

DEVICE = "Liveband Remote"
"""Name of the Max for Live device."""
_FOLDER = "max_patches"
_DEVICE_BEAT = BeatDisplay(
    lamp=Rect(GRID, 75, 30, 30),
    tempo=Rect(50, 81, 66, 18),
    confidence=Rect(GRID, 114, 90, 11),
    groove=Rect(GRID, 132, 100, 18),
)


def files(table: Table) -> Mapping[str, str | bytes]:
    """Return the files, by path from the root of the repository."""
    made: dict[str, str | bytes] = {
        "patchers/liveband.osc.maxpat": connection().text(),
        "patchers/liveband.midi.maxpat": midi(table).text(),
        "patchers/liveband.remote.app.maxpat": window(table).text(),
        "package-info.json": _information(),
        "extras/liveband.overview.maxpat": _overview().text(),
        "templates/Liveband set.maxpat": _set(table).text(),
        f"devices/{DEVICE}.amxd": device(device_patch(table), f"{DEVICE}.maxpat"),
    }
    made |= {f"patchers/{name}.maxpat": view(table).text() for name, view in VIEWS.items()}
    made |= {f"help/{each.name}.maxhelp": _help(each, table).text() for each in OBJECTS}
    made |= {f"docs/{each.name}.maxref.xml": reference(each) for each in OBJECTS}
    made |= {f"examples/{name}.maxpat": patch.text() for name, patch in _tutorials(table)}
    return {f"{_FOLDER}/{path}": content for path, content in made.items()}


def _information() -> str:
    facts = {
        "name": "liveband",
        "displayname": "Liveband",
        "version": version("liveband"),
        "author": "The liveband authors",
        "authors": ["The liveband authors"],
        "description": "A remote for liveband, an AI musician that listens and plays along.",
        "tags": ["osc", "remote", "machine learning"],
        "homepatcher": "liveband.overview.maxpat",
        "max_version_min": "8.5",
        "max_version_max": "none",
        "os": {
            "macintosh": {"platform": ["x64", "aarch64"], "min_version": "none"},
            "windows": {"platform": ["x64"], "min_version": "none"},
        },
        "package_extra": {"copyright": "Apache-2.0", "reverse_domain": "org.liveband"},
    }
    return json.dumps(facts, indent=2) + "\n"


def _help(thing: MaxObject, table: Table) -> Patcher:
    """Return a help patch with two tabs: an example, and the messages it understands."""
    patch = Patcher(760, 560)
    basic, messages = _tab(), _tab()
    _title(basic, thing.name, thing.digest)
    basic.comment(thing.text, Rect(GRID, 75, 640, 66), attributes={"linecount": 4})
    link = abstraction(basic, "liveband.osc", GRID, 480)
    if thing.view:
        width, height = _size(thing.name, table)
        view = bpatcher(basic, thing.name, Rect(GRID, 160, width, height))
        basic.wire(link, view, link)
    elif thing.name == "liveband.osc":
        for number, (text, _) in enumerate(thing.messages):
            basic.wire(basic.message(text, GRID + 15 * number, 180 + 45 * number), link)
        said = basic.put("message", Rect(300, 520, 300, 22), {"text": ""}, inlets=2)
        basic.wire(link, basic.new("prepend set", 300, 480), said)
    else:
        basic.wire(abstraction(basic, thing.name, GRID, 180, inlets=0), link)
    _title(messages, thing.name, "what it understands")
    lines = [f"{what}: {meaning}" for what, meaning in thing.messages]
    lines += [f"argument {name} ({kind}): {meaning}" for name, kind, meaning in thing.arguments]
    if thing.name in ("liveband.osc", "liveband.remote"):
        lines += [f"{row.address}: {row.help}" for row in table if row.kind is not Kind.READING]
    if thing.name == "liveband.midi":
        lines += [f"controller {row.cc}: {row.address}" for row in table if row.cc is not None]
    for number, line in enumerate(lines):
        messages.comment(line, Rect(GRID, 75 + 20 * number, 640, 20))
    for number, (name, tab) in enumerate((("basic", basic), ("messages", messages))):
        patch.inside(name, tab, GRID + 105 * number, GRID)
    return patch


def _overview() -> Patcher:
    patch = Patcher(720, 45 * len(OBJECTS) + 120)
    _title(patch, "liveband", "an AI musician that listens and plays along")
    for number, thing in enumerate(OBJECTS):
        y = 90 + 45 * number
        abstraction(patch, thing.name, GRID, y, inlets=int(thing.listens))
        patch.comment(thing.digest, Rect(195, y, 480, 22))
    return patch


def _tutorials(table: Table) -> Iterator[tuple[str, Patcher]]:
    first = Patcher(640, 480)
    _title(first, "1 connect", "see that somebody is there")
    link = _steps(
        first,
        "Start the bridge: liveband run, on this machine or another.",
        "On another machine: liveband run --osc-bind 0.0.0.0, and its address as the first "
        "argument of liveband.osc.",
        "The message box below shows what comes; the state turns to running.",
        "If it says port busy, wait: it takes the next port by itself.",
    )
    shown = first.put("message", Rect(GRID, 320, 480, 22), {"text": ""}, inlets=2)
    first.wire(link, first.new("prepend set", GRID, 280), shown)
    yield "1 connect", first

    second = Patcher(640, 560)
    _title(second, "2 play with stems", "choose who plays, and how")
    link = _steps(
        second,
        "Send sound to the bridge's inputs in_L and in_R.",
        "Choose another stem: the sound glides over within a hop.",
        "Reset forgets everything heard; reseed draws another take.",
    )
    view = bpatcher(second, "liveband.stemselect", Rect(GRID, 280, 330, 60))
    second.wire(link, view, link)
    for number, trigger in enumerate(("reset", "reseed", "panic")):
        second.wire(second.message(f"{ROOT}/{trigger} 1", GRID + 160 * number, 220), link)
    yield "2 play with stems", second

    third = _set(table)
    _steps(
        third,
        "Save what you play with as presets, and step through them.",
        "Quantize to bar: changes wait for the bar line of the transport.",
        "liveband.midi lets controllers in Max move the band.",
    )
    third.wire(
        abstraction(third, "liveband.midi", 480, 700, inlets=0), _first(third, "liveband.osc")
    )
    yield "3 live set", third


def _set(table: Table) -> Patcher:
    """Return a patch with all views side by side."""
    patch = Patcher(1290, 1100)
    _title(patch, "liveband", "set")
    link = abstraction(patch, "liveband.osc", GRID, 250)
    place = {"liveband.remote": (GRID, 300), "liveband.status": (735, 300)}
    place |= {"liveband.meter": (735, 645), "liveband.presets": (945, 645)}
    place |= {"liveband.learn": (945, 780)}
    for name, (x, y) in place.items():
        width, height = _size(name, table)
        view = bpatcher(patch, name, Rect(x, y, width, height))
        patch.wire(link, view, link)
    return patch


def device_patch(table: Table) -> Patcher:
    """Return the device: MIDI passes through, the controls stand in one row."""
    head = 8 * GRID
    layout = strip(table, head=head)
    more: dict[str, object] = {"devicewidth": float(layout.width), "openrect": [0.0] * 4}
    patch = Patcher(layout.width, layout.height, presentation=True, more=more)
    ground = {"background": 1, "bgcolor": colour(COLOURS["ground"])}
    whole = Rect(0, 0, layout.width, layout.height)
    patch.put("panel", Rect(840, 30, 45, 45), ground, outlets=0, shown=whole)
    patch.wire(patch.new("midiin", 30, 900), patch.new("midiout", 30, 960))
    link = patch.inside("liveband.osc", connection(embedded=True), 30, 30)
    panels(patch, layout)
    controls(patch, table, layout, link, link)
    words = {"fontsize": 14.0, "textcolor": colour(COLOURS["text"])}
    patch.comment("liveband", Rect(600, 60, 90, 22), Rect(GRID, GRID, 90, 22), words)
    state = patch.comment("offline", Rect(600, 90, 90, 22), Rect(GRID, 3 * GRID, 90, 22), words)
    sort = patch.new("route /liveband.osc/state", 480, 60)
    patch.wire(link, sort, patch.new("prepend set", 480, 90), state)
    put_beat_display(patch, link, _DEVICE_BEAT, 900, 120)
    return patch


def _size(name: str, table: Table) -> tuple[int, int]:
    view = VIEWS[name](table)
    return view.width, view.height


def _tab() -> Patcher:
    return Patcher(760, 560, more={"showontab": 1})


def _title(patch: Patcher, name: str, digest: str) -> None:
    big = {"fontsize": 24.0, "fontface": 1}
    patch.comment(name, Rect(GRID, GRID, 400, 34), attributes=big)
    patch.comment(digest, Rect(GRID, 50, 600, 20))


def _steps(patch: Patcher, *steps: str) -> Box:
    """Add numbered steps, and the connection unless there is one."""
    for number, step in enumerate(steps, start=1):
        at = Rect(GRID, 60 + 30 * number, 590, 30)
        patch.comment(f"{number}. {step}", at, attributes={"linecount": 2})
    found = [box for box in patch.boxes if box.data.get("text") == "liveband.osc"]
    return found[0] if found else abstraction(patch, "liveband.osc", GRID, 240)


def _first(patch: Patcher, text: str) -> Box:
    return next(box for box in patch.boxes if box.data.get("text") == text)
