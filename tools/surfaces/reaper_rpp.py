"""Track templates and a project template for REAPER."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import NAMESPACE_URL, uuid5

from bridge.controls.parameters import Table
from tools.surfaces.reaper_jsfx import sliders
from tools.surfaces.widgets import number_text, starting_index

__all__ = ["CONTROL", "NOTES", "Chunk", "project", "templates", "written"]

CONTROL = "liveband/Liveband/liveband_control.jsfx"
"""Where ReaPack puts the JSFX, below Effects."""
NOTES = (
    "liveband hears what this project sends to its inputs, and plays a stem that fits.",
    "",
    "Wires, made by the action 'liveband: connect' (or by hand in any JACK patchbay):",
    "  REAPER:out3 -> liveband:in_L      REAPER:out4 -> liveband:in_R",
    "  liveband:out_L -> REAPER:in3      liveband:out_R -> REAPER:in4",
    "  REAPER's first MIDI output -> liveband:control_in",
    "  liveband:control_out -> REAPER's first MIDI input",
    "",
    "Audio device: JACK, 48000 Hz, at least 4 inputs and 4 outputs (10 for four stems).",
    "Route every track that liveband should hear to the track 'liveband send'.",
    "",
    "One block more: sound that leaves REAPER and comes back through JACK is one JACK block",
    "late, and no program reports that block. At 0.1 s anticipation and up to 1024 frames a",
    "block liveband itself is on the grid, so move a recorded item earlier by that block only.",
    "The action 'liveband: measure round trip' tells the exact number for your set-up.",
    "",
    "The JSFX 'liveband control' holds every control: automate its sliders, and let its track",
    "send MIDI to the first MIDI output.",
)
"""What every template explains."""

Chunk = Sequence["str | Chunk"]
"""A line, or a block: its head line and what is inside."""

_STEREO_INPUT = 1024
_FIRST_RETURN = 2
_MONITORED_INPUT = 0
_NOTE_S = 8.0


def templates(table: Table) -> Mapping[str, Sequence[Chunk]]:
    """Return the tracks of each template by its title."""
    send = _send("liveband send")
    stems = [_return(table, f"liveband stem {n + 1}", n, control=n == 0) for n in range(4)]
    back = _return(table, "liveband return", 0, control=True)
    return {
        "liveband - send and return": (send, back),
        "liveband - return only": (back,),
        "liveband - four stems": (send, *stems),
    }


def project(table: Table) -> str:
    """Return a project template at 48 kHz with a send and a return."""
    send, back = templates(table)["liveband - send and return"]
    head = 'REAPER_PROJECT 0.1 "7.0" 0'
    whole: Chunk = (
        head,
        ("NOTES 1 2", *(f"|{line}" for line in NOTES)),
        "RIPPLE 0 0",
        "AUTOXFADE 129",
        "SAMPLERATE 48000 1 0",
        "TEMPO 120 4 4",
        "PLAYRATE 1 0 0.25 4",
        "MASTERAUTOMODE 0",
        "MASTER_NCH 2 2",
        "MASTER_VOLUME 1 0 -1 -1 1",
        send,
        back,
    )
    return written([whole])


def written(chunks: Sequence[Chunk]) -> str:
    """Return the text of blocks in REAPER's format."""
    return "\n".join(line for chunk in chunks for line in _lines(chunk, 0)) + "\n"


def _lines(chunk: Chunk, depth: int) -> Iterator[str]:
    head, *rest = chunk
    pad = "  " * depth
    yield f"{pad}<{head}"
    for each in rest:
        if isinstance(each, str):
            yield f"{pad}  {each}"
        else:
            yield from _lines(each, depth + 1)
    yield f"{pad}>"


def _send(name: str) -> Chunk:
    return (
        *_track(name, "22513844"),
        "REC 0 0 0 0 0 0 0 0",
        "NCHAN 2",
        "FX 1",
        f"TRACKID {_guid(name)}",
        "MIDIOUT -1",
        "MAINSEND 0 0",
        f"HWOUT {_FIRST_RETURN} 0 1 0 0 0 0 -1:U -1",
        _note(name),
    )


def _return(table: Table, name: str, player: int, *, control: bool) -> Chunk:
    """Return a track armed for recording, with monitoring; the first has the controls."""
    channel = _STEREO_INPUT + _FIRST_RETURN + 2 * player
    return (
        *_track(name, "25165824"),
        f"REC 1 {channel} 1 {_MONITORED_INPUT} 0 0 0 0",
        "NCHAN 2",
        "FX 1",
        f"TRACKID {_guid(name)}",
        f"MIDIOUT {0 if control else -1}",
        "MAINSEND 1 0",
        *((_effects(table, name),) if control else ()),
        _note(name),
    )


def _track(name: str, colour: str) -> tuple[str, ...]:
    return (
        f"TRACK {_guid(name)}",
        f'NAME "{name}"',
        f"PEAKCOL {colour}",
        "BEAT -1",
        "AUTOMODE 0",
        "VOLPAN 1 0 -1 -1 1",
        "MUTESOLO 0 0 0",
        "IPHASE 0",
        "PLAYOFFS 0 1",
        "ISBUS 0 0",
        "BUSCOMP 0 0 0 0 0",
        "SHOWINMIX 1 0.6667 0.5 1 0.5 0 0 0",
        "SEL 0",
    )


def _effects(table: Table, name: str) -> Chunk:
    values = ["-"] * 64
    for number, row in sliders(table).items():
        if not row.has_value:
            value = 0.0
        elif row.choices:
            value = float(starting_index(row))
        else:
            value = float(row.default)
        values[number - 1] = number_text(value)
    return (
        "FXCHAIN",
        "SHOW 0",
        "LASTSEL 0",
        "DOCKED 0",
        "BYPASS 0 0 0",
        (f'JS {CONTROL} ""', " ".join(values)),
        "FLOATPOS 0 0 0 0",
        f"FXID {_guid(name + ' control')}",
        "WAK 0 0",
    )


def _note(name: str) -> Chunk:
    """Return an empty item that shows notes at the beginning of the track."""
    return (
        "ITEM",
        "POSITION 0",
        f"LENGTH {number_text(_NOTE_S)}",
        "LOOP 0",
        f"IGUID {_guid(name + ' note')}",
        ("NOTES", *(f"|{line}" for line in NOTES)),
        "IMGRESOURCEFLAGS 0",
    )


def _guid(name: str) -> str:
    """Return a fixed id for a name."""
    return f"{{{str(uuid5(NAMESPACE_URL, f'liveband/{name}')).upper()}}}"
