"""Max object ``liveband.midi``: MIDI that arrives in Max, translated to OSC.

The numbers are those of the table's MIDI map, the same on all surfaces.
"""

from bridge.controls.parameters import ROOT, Kind, Table
from bridge.midi.binding import ControllerKind
from bridge.midi.device_bindings import default_bindings
from tools.surfaces.layout import Rect
from tools.surfaces.patcher import Box, Patcher

__all__ = ["midi"]


def midi(table: Table) -> Patcher:
    """Return the patch; it has no inlet."""
    patch = Patcher(900, 600)
    patch.comment("MIDI in Max, as messages to liveband.osc", Rect(30, 10, 400, 20))
    outlet = patch.outlet("to liveband.osc", 30, 540)
    _controllers(patch, table, outlet)
    _stems(patch, table, outlet)
    program = patch.new("pgmin", 700, 60)
    patch.wire(
        program,
        patch.new("- 1", 700, 90),
        patch.new(f"prepend {ROOT}/preset/select", 700, 120),
        outlet,
    )
    return patch


def _controllers(patch: Patcher, table: Table, outlet: Box) -> None:
    rows = [row for row in table if row.cc is not None]
    control, pair = patch.new("ctlin", 30, 60), patch.new("pack 0 0", 30, 90)
    sort = patch.new(f"route {' '.join(str(row.cc) for row in rows)}", 30, 150)
    patch.wire(control.port(1), pair.port(1))  # the number comes first, the value then fires
    patch.wire(control, pair, patch.new("zl rev", 30, 120), sort)
    for number, row in enumerate(rows):
        x, y = 30 + 200 * (number % 4), 195 + 90 * (number // 4)
        if row.kind is Kind.TRIGGER:
            up = patch.new(">= 64", x, y)
            patch.wire(
                sort.port(number),
                up,
                patch.new("change", x + 60, y),
                patch.new("sel 1", x + 120, y),
                patch.message(f"{row.address} 1", x, y + 30),
                outlet,
            )
            continue
        choice = row.kind in (Kind.CHOICE, Kind.TOGGLE)
        part = patch.new(f"/ {128 if choice else 127}.", x, y)
        mirror = f"{ROOT}/n/{row.name}"
        patch.wire(sort.port(number), part, patch.new(f"prepend {mirror}", x, y + 30), outlet)


def _stems(patch: Patcher, table: Table, outlet: Box) -> None:
    """Let notes choose stems; a pair of pitch and non-zero velocity is a press."""
    notes = [
        each for each in default_bindings(table) if each.source.kind is ControllerKind.NOTE
    ]
    first = min(each.source.number for each in notes)
    note, press = patch.new("notein", 500, 60), patch.new("stripnote", 500, 90)
    patch.wire(note, press)
    patch.wire(note.port(1), press.port(1))
    patch.wire(
        press,
        patch.new(f"- {first}", 500, 120),
        patch.new(f"split 0 {len(notes) - 1}", 570, 120),
        patch.new(f"prepend {ROOT}/stem", 500, 150),
        outlet,
    )
