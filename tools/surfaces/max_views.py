"""Views of the Max package: the remote, and smaller panels.

Each has one inlet, for messages from ``liveband.osc``, and one outlet, for messages to send.
"""

from dataclasses import fields

from bridge.controls.parameters import ROOT, Kind, Table
from tools.surfaces.beat import beat_display
from tools.surfaces.colours import COLOURS, colour
from tools.surfaces.layout import GRID, Layout, Rect, remote
from tools.surfaces.max_beat import put_beat_display
from tools.surfaces.max_controls import caption, controls, panels
from tools.surfaces.max_osc import STATE
from tools.surfaces.patcher import Box, Json, Patcher

__all__ = [
    "VIEWS",
    "abstraction",
    "bpatcher",
    "learn",
    "meter",
    "presets",
    "remote_view",
    "status",
    "stemselect",
    "window",
]

_ASK_MS = 2000
"""How often a view asks for what is not announced; the gate opens some time after it does."""
_FLOOR_DB = -60.0
_OBSERVED = (
    "status/engine",
    "status/audio",
    "latency",
    "transport",
    "preset",
    "seed/actual",
    "groove/actual",
)


def remote_view(table: Table) -> Patcher:
    """Return every control in one panel, with the state above."""
    layout = remote(table)
    patch, inlet, outlet = _view(layout.width, layout.height)
    display = beat_display(layout.width - GRID)
    _head(patch, inlet, display.lamp.x - GRID)
    put_beat_display(patch, inlet, display, 900, 60)
    panels(patch, layout)
    controls(patch, table, layout, inlet, outlet)
    return patch


def window(table: Table) -> Patcher:
    """Return the remote in a window of its own."""
    layout = remote(table)
    patch = Patcher(layout.width, layout.height, presentation=True)
    _ground(patch, layout.width, layout.height)
    link = abstraction(patch, "liveband.osc", 30, 30)
    whole = Rect(0, 0, layout.width, layout.height)
    view = bpatcher(patch, "liveband.remote", Rect(30, 60, 300, 300), whole)
    patch.wire(link, view, link)
    return patch


def status(table: Table) -> Patcher:
    """Return state, latency and counters as text and numbers."""
    rows = [table[name] for name in _OBSERVED if name in table.by_name]
    told = [(row, field.name) for row in rows if row.reading for field in fields(row.reading)]
    lines = -(-len(told) // 3)
    patch, inlet, outlet = _view(3 * 165 + GRID, 75 + 20 * lines)
    _head(patch, inlet, patch.width - GRID)
    sort = patch.new(f"route {' '.join(row.address for row in rows)}", 30, 150)
    patch.wire(inlet, sort)
    for number, (row, name) in enumerate(told):
        column, line = divmod(number, lines)
        shown = Rect(GRID + 165 * column, 60 + 20 * line, 100, 18)
        at = Rect(30 + 240 * column, 210 + 60 * line, 100, 20)
        caption(patch, f"{name.replace('_', ' ')}", at, shown)
        value = _text(patch, "", at.below(20).top(20), Rect(shown.x + 100, shown.y, 60, 18))
        place = next(each for each, (other, _) in enumerate(told) if other is row)
        source = sort.port(rows.index(row))
        take = patch.new(f"zl nth {number - place + 1}", at.x, at.y + 20)
        patch.wire(source, take, patch.new("prepend set", at.x + 90, at.y + 20), value)
    followed = [f"{ROOT}/subscribe {ROOT}/{name} 250" for name in ("status/*", "transport")]
    _ask(patch, outlet, [*followed, f"{ROOT}/get {ROOT}/latency"])
    return patch


def meter(table: Table) -> Patcher:
    """Return peak meters of mix and stem, left and right."""
    rows = [row for row in table if row.name.startswith("meter/")]
    patch, inlet, outlet = _view(90 * len(rows) + GRID, 195)
    sort = patch.new(f"route {' '.join(row.address for row in rows)}", 30, 75)
    patch.wire(inlet, sort)
    for number, row in enumerate(rows):
        x = GRID + 90 * number
        at = Rect(30 + 150 * number, 135, 60, 20)
        bars = patch.put(
            "multislider",
            at.below(50).top(60),
            {
                "size": 2,
                "setminmax": [_FLOOR_DB, 0.0],
                "setstyle": 1,
                "ignoreclick": 1,
                "spacing": 4,
                "bgcolor": colour(COLOURS["panel"]),
                "slidercolor": colour("#7cc36f"),
            },
            outlets=2,
            shown=Rect(x, 30, 75, 150),
        )
        caption(patch, row.name.partition("/")[2], at, Rect(x, 8, 75, 18))
        patch.wire(sort.port(number), patch.new("zl slice 2", at.x, 165), bars)
    _ask(patch, outlet, [f"{ROOT}/subscribe {ROOT}/meter/* 50"])
    return patch


def stemselect(table: Table) -> Patcher:
    """Return the stems of the running checkpoint, as one row of tabs."""
    every = remote(table)
    stem = next(each for each in every.placed if each.row.name == "stem")
    panel = next(each for each in every.panels if stem in each.placed)
    here = type(stem)(stem.row, stem.widget, stem.section, Rect(GRID, 8, 300, 45))
    layout = Layout(330, 60, (type(panel)(panel.section, Rect(0, 0, 330, 60), (here,)),))
    patch, inlet, outlet = _view(layout.width, layout.height)
    boxes = controls(patch, table, layout, inlet, outlet)
    sort = patch.new(f"route {ROOT}/stems", 400, 75)
    offer = patch.new("prepend _parameter_range", 400, 110)
    patch.wire(inlet, sort, offer, boxes["stem"])
    return patch


def learn(table: Table) -> Patcher:
    """Return a menu of all controls that a MIDI controller can be bound to."""
    rows = [row for row in table if row.kind is not Kind.READING]
    patch, inlet, outlet = _view(345, 90)
    caption(patch, "MIDI learn", Rect(30, 75, 90, 20), Rect(GRID, 8, 120, 18))
    items: list[str] = []
    for row in rows:
        items += [row.name, ","]
    look: Json = {"items": items[:-1], "parameter_enable": 0}
    menu = patch.put(
        "umenu", Rect(30, 100, 150, 22), look, outlets=3, shown=Rect(GRID, 28, 165, 22)
    )
    start, stop = _button(patch, "Learn", 195, 28), _button(patch, "Cancel", 270, 28)
    name = patch.new("zl reg", 30, 200)
    patch.wire(menu.port(1), name.port(1))
    patch.wire(start, patch.new("t b", 195, 170), name)
    patch.wire(name, patch.new(f"prepend {ROOT}/midi/learn", 30, 230), outlet)
    cancel = patch.message(f"{ROOT}/midi/learn/cancel", 300, 230)
    patch.wire(stop, patch.new("t b", 300, 170), cancel, outlet)
    sort = patch.new(f"route {ROOT}/midi/learned {ROOT}/fail", 400, 75)
    patch.wire(inlet, sort)
    shown = _text(
        patch,
        "choose a control, Learn, then move a controller",
        Rect(400, 170, 200, 20),
        Rect(GRID, 60, 315, 18),
    )
    into = patch.new("prepend set", 400, 130)
    patch.wire(sort, into, shown)
    patch.wire(sort.port(1), into)
    return patch


def presets(table: Table) -> Patcher:
    """Return the presets of the bridge: choose, step, save under a name, delete."""
    patch, inlet, outlet = _view(345, 120)
    caption(patch, "Presets", Rect(30, 75, 90, 20), Rect(GRID, 8, 120, 18))
    look: Json = {"items": [], "parameter_enable": 0}
    menu = patch.put(
        "umenu", Rect(30, 200, 150, 22), look, outlets=3, shown=Rect(GRID, 28, 165, 22)
    )
    patch.wire(menu, patch.new(f"prepend {ROOT}/preset/select", 30, 240), outlet)
    for number, (label, command) in enumerate(
        (("Prev", "prev"), ("Next", "next"), ("List", "list"))
    ):
        button = _button(patch, label, 195 + 48 * number, 28, width=45)
        message = patch.message(f"{ROOT}/preset/{command}", 300, 200 + 30 * number)
        patch.wire(button, patch.new("t b", 240 + 60 * number, 170), message, outlet)
        if command == "list":
            patch.wire(message, patch.message("clear", 30, 170), menu)
    look = {"keymode": 1, "outputmode": 1, "parameter_enable": 0, "text": "name"}
    name = patch.put(
        "textedit", Rect(30, 320, 150, 22), look, outlets=4, shown=Rect(GRID, 60, 165, 22)
    )
    for number, command in enumerate(("save", "delete")):
        button = _button(patch, command.capitalize(), 195 + 72 * number, 60, width=69)
        keep = patch.new("zl reg", 30 + 150 * number, 380)
        patch.wire(name, patch.new("route text", 30 + 150 * number, 350), keep.port(1))
        patch.wire(button, patch.new("t b", 240 + 60 * number, 350), keep)
        patch.wire(
            keep, patch.new(f"prepend {ROOT}/preset/{command}", 30 + 150 * number, 410), outlet
        )
    sort = patch.new(f"route {ROOT}/preset/list {ROOT}/preset", 400, 75)
    patch.wire(inlet, sort)
    patch.wire(
        sort, patch.new("zl nth 2", 400, 110), patch.new("prepend append", 400, 140), menu
    )
    shown = _text(patch, "no preset", Rect(520, 140, 150, 20), Rect(GRID, 92, 315, 18))
    patch.wire(sort.port(1), patch.new("prepend set", 520, 110), shown)
    return patch


VIEWS = {
    "liveband.remote": remote_view,
    "liveband.status": status,
    "liveband.meter": meter,
    "liveband.stemselect": stemselect,
    "liveband.learn": learn,
    "liveband.presets": presets,
}
"""What shows something, by the name of its file."""


def abstraction(patch: Patcher, name: str, x: int, y: int, *, inlets: int = 1) -> Box:
    """Add another patch of the package as an object."""
    at = Rect(x, y, 7 * len(name) + 15, 22)
    return patch.put("newobj", at, {"text": name}, inlets=inlets)


def bpatcher(patch: Patcher, name: str, at: Rect, shown: Rect | None = None) -> Box:
    """Add another patch of the package as a panel."""
    look: Json = {"name": f"{name}.maxpat", "bgmode": 0, "border": 0, "enablehscroll": 0}
    return patch.put("bpatcher", at, look, shown=shown)


def _view(width: int, height: int) -> tuple[Patcher, Box, Box]:
    patch = Patcher(width, height, presentation=True)
    _ground(patch, width, height)
    inlet = patch.inlet("what liveband.osc says", 30, 30)
    return patch, inlet, patch.outlet("to liveband.osc", 30, 900)


def _ground(patch: Patcher, width: int, height: int) -> None:
    look: Json = {"background": 1, "bgcolor": colour(COLOURS["ground"]), "rounded": 0}
    patch.put("panel", Rect(840, 30, 45, 45), look, outlets=0, shown=Rect(0, 0, width, height))


def _head(patch: Patcher, inlet: Box, right: int) -> None:
    """Show state and reason, up to ``right``."""
    sort = patch.new(f"route {STATE} {ROOT}/status", 400, 30)
    patch.wire(inlet, sort)
    state = _text(patch, "offline", Rect(520, 60, 100, 20), Rect(GRID, GRID, 120, 24), 16.0)
    patch.wire(sort, patch.new("prepend set", 400, 60), state)
    why = _text(patch, "", Rect(520, 90, 200, 20), Rect(150, 20, right - 150, 18))
    text = patch.new("zl nth 2", 600, 60)
    patch.wire(sort.port(1), text, patch.new("prepend set", 690, 60), why)


def _text(patch: Patcher, text: str, at: Rect, shown: Rect, size: float = 11.0) -> Box:
    look: Json = {"fontsize": size, "textcolor": colour(COLOURS["text"])}
    return patch.comment(text, at, shown, look)


def _button(patch: Patcher, text: str, x: int, y: int, *, width: int = 60) -> Box:
    """Add a button that is no control: its state is not stored."""
    look: Json = {"text": text, "texton": text, "mode": 0, "parameter_enable": 0}
    at = Rect(x, y + 100, width, 20)
    return patch.put("live.text", at, look, outlets=2, shown=Rect(x, y, width, 22))


def _ask(patch: Patcher, outlet: Box, questions: list[str]) -> None:
    """Poll repeatedly; an existing subscription is only renewed."""
    metro = patch.new(f"metro {_ASK_MS}", 250, 60)
    patch.wire(patch.new("loadbang", 250, 15), patch.message("1", 250, 38), metro)
    for number, question in enumerate(questions):
        patch.wire(metro, patch.message(question, 250 + 30 * number, 90 + 25 * number), outlet)
