"""Generated files of the ReaPack repository, by path."""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from bridge.controls.parameters import DEFAULT_PORT, ROOT, Table
from bridge.midi.binding import ControllerKind
from bridge.midi.device_bindings import default_bindings
from tools.surfaces.reaper_jsfx import control, sliders
from tools.surfaces.reaper_rpp import project, templates, written

__all__ = ["FEEDBACK_PORT", "FOLDER", "files", "pattern"]

FOLDER = "reaper_scripts/Liveband"
"""The category of the repository."""
FEEDBACK_PORT = 9102
"""Where REAPER listens."""

_TYPES = {".jsfx": "effect", ".RTrackTemplate": "tracktpl", ".RPP": "projecttpl"}
_TYPES |= {".ReaperOSC": "data", ".txt": "midinotenames"}


def files(table: Table) -> Mapping[str, str]:
    """Return the files, by path from the root of the repository."""
    made = {
        "liveband_control.jsfx": control(table),
        "Liveband.ReaperOSC": pattern(table),
        "liveband stems.txt": _note_names(table),
        "liveband 48 kHz.RPP": project(table),
    }
    made |= {f"{name}.RTrackTemplate": written(each) for name, each in templates(table).items()}
    here = Path(__file__).parents[2] / FOLDER
    actions = [path.name for path in sorted(here.glob("liveband_*.lua"))]
    others = [path.name for path in sorted(here.glob("liveband_*.py"))]
    others += [path.name for path in sorted(here.glob("*.jsfx"))]
    made["liveband.lua"] = _package(actions, sorted({*made, *others}))
    return {f"{FOLDER}/{name}": content for name, content in made.items()}


def pattern(table: Table) -> str:
    """Return the pattern file: parameters of the focused JSFX are controls of the bridge."""
    most = max(number for number, row in sliders(table).items() if row.number == number)
    return (
        f"# liveband: let REAPER send to port {DEFAULT_PORT} of the bridge's machine and\n"
        f"# listen on {FEEDBACK_PORT}; start the bridge with --osc-feedback "
        f"127.0.0.1:{FEEDBACK_PORT}.\n"
        "# Parameter @ of the JSFX 'liveband control', first effect of the selected track, is\n"
        "# control @ of docs/osc.md. The stem, control 0, goes by MIDI.\n\n"
        "DEVICE_TRACK_COUNT 1\n"
        "DEVICE_SEND_COUNT 0\n"
        "DEVICE_RECEIVE_COUNT 0\n"
        "DEVICE_FX_COUNT 1\n"
        f"DEVICE_FX_PARAM_COUNT {most}\n"
        "DEVICE_FX_INST_PARAM_COUNT 0\n"
        "REAPER_TRACK_FOLLOWS REAPER\n"
        "DEVICE_TRACK_FOLLOWS LAST_TOUCHED\n"
        "DEVICE_TRACK_BANK_FOLLOWS DEVICE\n"
        "DEVICE_FX_FOLLOWS DEVICE\n\n"
        f"FX_PARAM_VALUE n{ROOT}/p/@\n"
        "ACTION i/action t/action/@\n"
    )


def _note_names(table: Table) -> str:
    """Return the names of the keys that choose stems."""
    notes = (
        each for each in default_bindings(table) if each.source.kind is ControllerKind.NOTE
    )
    lines = (f"{each.source.number} {each.value}\n" for each in notes)
    return "# liveband: keys that choose the stem\n" + "".join(lines)


def _package(actions: list[str], others: list[str]) -> str:
    """Return the metapackage that tells ReaPack what to install where."""
    lines = [
        "--[[",
        "@description liveband: an AI musician on stage",
        f"@version {version('liveband')}",
        "@author The liveband authors",
        "@about",
        "  # liveband",
        "",
        "  Templates, actions and a JSFX for playing with liveband, an AI musician that",
        "  listens to a live mix through JACK and plays a stem that fits.",
        "@metapackage",
        "@provides",
        *(f"  {'[nomain]' if each == _LIBRARY else '[main]'} {each}" for each in actions),
        *(f"  [{_kind(each)}] {each}" for each in others),
        "--]]",
    ]
    return "\n".join(lines) + "\n"


_LIBRARY = "liveband_common.lua"


def _kind(name: str) -> str:
    return _TYPES.get(Path(name).suffix, "nomain")
