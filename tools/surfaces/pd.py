"""Remote for Pure Data: the same controls as in Max, made of Pd's own objects.

Every control has a name by which it can be set from another patch, ``liveband/gain/in``, and
one under which it sends its changes, ``liveband/gain/in/moved``. Values from the bridge enter
by ``set``, which shows a value without sending it. ``liveband/open`` says whether changes are
sent: not before the bridge's values have been shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from bridge.controls.parameters import ROOT, Kind, Parameter, Table
from tools.surfaces.beat import beat_display
from tools.surfaces.colours import COLOURS
from tools.surfaces.layout import GRID, TITLE, PlacedControl, Rect, remote, standard
from tools.surfaces.pd_beat import put_beat_display, put_beat_logic
from tools.surfaces.pd_osc import connection
from tools.surfaces.pd_patch import FONT, Patch
from tools.surfaces.widgets import number_text, short_name, starting_index, texts

__all__ = ["files", "moved_name", "name_of"]

_FOLDER = "max_patches/pd"
_LAMP = "liveband/state"
"""What tells the state is reached by this name."""
_LOGIC = 7 * GRID
"""Pixels kept at the right of the head for the patch within."""


def name_of(row: Parameter) -> str:
    """Return the name by which a control's widget receives values."""
    return row.address.removeprefix("/")


def moved_name(row: Parameter) -> str:
    """Return the name by which a control's widget sends changes."""
    return f"{name_of(row)}/moved"


def files(table: Table) -> Mapping[str, str]:
    """Return the files, by path from the root of the repository."""
    return {
        f"{_FOLDER}/liveband-osc.pd": connection().text(),
        f"{_FOLDER}/liveband-remote.pd": _remote(table).text(),
    }


def _remote(table: Table) -> Patch:
    """Return the panel; its logic is in a subpatch, connected by names."""
    layout = remote(table, size=_size)
    patch = Patch(layout.width + 2, layout.height + 2)
    ground, words = COLOURS["ground"], COLOURS["text"]
    whole = Rect(0, 0, layout.width, layout.height)
    patch.put(_canvas(whole, ground, "liveband", words, 20), 0, 0)
    for panel in layout.panels:
        rect, section = panel.rect, panel.section
        frame = _canvas(rect, COLOURS["panel"], section.title, section.colour, 14)
        patch.put(frame, rect.x, rect.y)
    lamp = f"cnv 5 5 5 empty {_LAMP} offline 0 8 0 14 {ground} {words} 0"
    patch.put(lamp, 180, GRID)
    put_beat_display(patch, beat_display(layout.width - _LOGIC))
    for placed in layout.placed:
        _widget(patch, placed)
    patch.inside("logic", _logic(table), layout.width - _LOGIC + GRID, GRID)
    return patch


def _logic(table: Table) -> Patch:
    """Return the logic between the widgets and the bridge."""
    patch = Patch(1100, 800)
    link = patch.put("liveband-osc", 30, 60)
    patch.wire(patch.put("r liveband/send", 30, 30), link)
    out = patch.put("s liveband/send", 200, 30)
    ends = dict(_sorted(patch, table, link))
    _state(patch, ends["status"])
    put_beat_logic(patch, ends["beat"], ends["groove/actual"], beat_display(0))
    rows = [row for row in table if row.kind is not Kind.READING]
    for number, row in enumerate(rows):
        _wired(patch, row, ends.get(row.name), out, number)
    return patch


def _size(row: Parameter) -> tuple[int, int]:
    """Return the size of a control, where choices are lists."""
    wide, high = standard(row)
    if row.kind is Kind.CHOICE:
        return 1, GRID * (len(row.choices) + 2)
    return wide, high


def _sorted(patch: Patch, table: Table, link: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """Sort messages by the parts of their address; yield the outlet of each control."""
    names = sorted(row.name for row in table if row.kind is not Kind.TRIGGER)
    root = patch.put(f"route {ROOT.strip('/')}", 30, 90)
    patch.wire(link, root)
    branches: list[tuple[str, tuple[int, int]]] = [("", (root, 0))]
    y = 115
    while branches:
        prefix, source = branches.pop(0)
        below = {name.removeprefix(prefix) for name in names if name.startswith(prefix)}
        words = sorted({name.partition("/")[0] for name in below})
        sort = patch.put(f"route {' '.join(words)}", 30, y)
        y += 24
        patch.cord(*source, sort, 0)
        for number, word in enumerate(words):
            full = prefix + word
            deeper = any(name.startswith(f"{full}/") for name in names)
            if full in names and not deeper:
                yield full, (sort, number)
            elif deeper:
                branches.append((f"{full}/", (sort, number)))
        if prefix.rstrip("/") in names:
            yield prefix.rstrip("/"), (sort, len(words))


def _state(patch: Patch, told: tuple[int, int]) -> None:
    """Show the first word of the state."""
    word = patch.put("list split 1", 600, 30)
    patch.cord(*told, word, 0)
    name = patch.put("list prepend label", 600, 55)
    patch.wire(word, name, patch.put("list trim", 600, 80), patch.put(f"s {_LAMP}", 600, 105))


def _wired(
    patch: Patch, row: Parameter, told: tuple[int, int] | None, out: int, number: int
) -> None:
    """Add a control's connections to and from the bridge."""
    x, y = 30 + 320 * (number % 4), 480 + 180 * (number // 4)
    moved = patch.put(f"r {moved_name(row)}", x, y - 25)
    speak = patch.put(f"oscformat {row.address.strip('/').replace('/', ' ')}", x, y + 60)
    ready, trim = patch.put("list prepend send", x, y + 85), patch.put("list trim", x, y + 110)
    patch.wire(speak, ready, trim, out)
    if row.kind is Kind.TRIGGER:
        patch.wire(moved, patch.message("1", x, y + 30), speak)
        return
    if row.kind is Kind.CHOICE and not isinstance(row.choices[0], str):
        pick = patch.put(f"sel {' '.join(str(each) for each in range(len(row.choices)))}", x, y)
        patch.wire(moved, pick)
        for index, text in enumerate(texts(row)):
            value = patch.message(text, x + 40 * index, y + 30)
            patch.cord(pick, index, value, 0)
            patch.wire(value, speak)
    else:
        patch.wire(moved, speak)
    assert told is not None
    show = patch.message("set $1", x + 160, y + 60)
    patch.wire(show, patch.put(f"s {name_of(row)}", x + 160, y + 110))
    if row.kind is Kind.FLOAT:
        patch.wire(show, patch.put(f"s {name_of(row)}/slider", x + 160, y + 85))
        follow = patch.put(f"r {moved_name(row)}", x + 90, y - 25)
        drawn = patch.put(f"s {name_of(row)}/slider", x + 90, y + 25)
        patch.wire(follow, patch.message("set $1", x + 90, y), drawn)
    _enter(patch, row, told, show, x, y)


def _enter(
    patch: Patch, row: Parameter, told: tuple[int, int], show: int, x: int, y: int
) -> None:
    """Convert a value from the bridge for its widget, choices to an index."""
    if row.kind is not Kind.CHOICE:
        patch.cord(*told, show, 0)
        return
    if isinstance(row.choices[0], str):
        words = patch.put("list trim", x + 130, y)
        pick = patch.put(f"route {' '.join(texts(row))}", x + 130, y + 20)
        patch.cord(*told, words, 0)
        patch.wire(words, pick)
        for index in range(len(row.choices)):
            value = patch.message(str(index), x + 130 + 30 * index, y + 40)
            patch.cord(pick, index, value, 0)
            patch.wire(value, show)
        return
    numbers = [float(each) for each in row.choices]
    steps = (f"($f1 > {number_text((low + high) / 2)})" for low, high in pairwise(numbers))
    index = patch.put(f"expr {' + '.join(steps)}".replace("$", "\\$"), x + 130, y + 20)
    patch.cord(*told, index, 0)
    patch.wire(index, show)


def _widget(patch: Patch, placed: PlacedControl) -> None:
    """Add a widget with its label."""
    row, rect, colour = placed.row, placed.rect, placed.section.colour
    ends = f"{moved_name(row)} {name_of(row)}"
    label = _word(short_name(row))
    look = f"0 {FONT} {COLOURS['ground']} {colour} {COLOURS['text']}"
    if row.kind is Kind.TOGGLE:
        shown = f"tgl 15 1 {ends} {label} 19 7 {look} {starting_index(row)} 1"
        patch.put(shown, rect.x + 3, rect.y + 7)
        return
    if row.kind is Kind.TRIGGER:
        patch.put(f"bng 15 250 50 0 {ends} {label} 19 7 {look}", rect.x + 3, rect.y + 7)
        return
    _labels(patch, (short_name(row),), rect.x, rect.y, COLOURS["quiet"])
    if row.kind is Kind.CHOICE:
        _labels(patch, texts(row), rect.x + 17, rect.y + GRID, COLOURS["text"])
        size = f"15 1 1 {len(row.choices)} {ends} empty 0 -8 {look} {starting_index(row)}"
        patch.put(f"vradio {size}", rect.x, rect.y + GRID)
        return
    span = f"{number_text(row.low)} {number_text(row.high)}"
    default = number_text(float(row.default))
    if row.kind is Kind.FLOAT:
        place = round((float(row.default) - row.low) / (row.high - row.low) * 6400)
        slider = f"{name_of(row)} {name_of(row)}/slider empty -2 -8 {look} {place} 1"
        patch.put(f"hsl 65 13 {span} 0 0 {slider}", rect.x + 3, rect.y + 18)
    y = rect.y + (35 if row.kind is Kind.FLOAT else 18)
    shown = f"nbx 7 15 {span} 0 1 {ends} empty 0 -8 {look} {default} 256"
    patch.put(shown, rect.x + 3, y)


def _labels(patch: Patch, words: Iterable[str], x: int, y: int, colour: str) -> None:
    """Add texts below each other."""
    panel = COLOURS["panel"]
    for number, word in enumerate(words):
        at = y + GRID * number
        text = f"cnv 5 5 5 empty empty {_word(word)} 0 8 0 {FONT} {panel} {colour} 0"
        patch.put(text, x, at)


def _canvas(rect: Rect, colour: str, label: str, ink: str, size: int) -> str:
    area = f"cnv {GRID} {rect.width} {rect.height} empty empty"
    return f"{area} {_word(label)} {GRID} {TITLE // 2 + 3} 0 {size} {colour} {ink} 0"


def _word(text: str) -> str:
    """Return a label in Pd's file format, in which a space ends a word."""
    return text.replace(" ", "\\ ")
