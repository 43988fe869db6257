"""Objects of the Max package, with the texts of their help and reference."""

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from bridge.controls.parameters import DEFAULT_PORT, ROOT
from tools.surfaces.max_osc import RECEIVE_PORT, STATE, STATES

__all__ = ["OBJECTS", "MaxObject", "reference"]


@dataclass(frozen=True, kw_only=True, slots=True)
class MaxObject:
    """One object of the package."""

    name: str
    digest: str
    """One line."""
    text: str
    """A paragraph."""
    arguments: tuple[tuple[str, str, str], ...] = ()
    """Name, type and meaning of each."""
    messages: tuple[tuple[str, str], ...] = ()
    """What can be sent to it, and what that does."""
    view: bool = True
    """Whether it is a panel, to be shown in a bpatcher."""
    listens: bool = True
    """Whether it has an inlet."""


_NO_INLET = " <inletlist/>\n"
_SAYS = (("what liveband.osc says", "shown, and not sent on"),)

OBJECTS = (
    MaxObject(
        name="liveband.osc",
        digest="The connection to a running bridge",
        text=(
            "Sends what comes in to the bridge and puts out what the bridge says. It registers "
            "by itself, finds a free port to listen on, and after a restart of the bridge it "
            f"asks for everything again. {STATE} tells how it stands: {', '.join(STATES)}. "
            "Until the bridge has shown its values nothing is sent, so that opening a patch "
            "never moves a running band."
        ),
        arguments=(
            ("host", "symbol", "address of the bridge's machine; 127.0.0.1"),
            ("port", "int", f"OSC port of the bridge; {DEFAULT_PORT}"),
            (
                "receive-port",
                "int",
                f"first port to listen on; {RECEIVE_PORT}, and the next where it is taken",
            ),
        ),
        messages=(
            (f"{ROOT}/stem bass", "sets a control; all of them are in docs/osc.md"),
            (f"{ROOT}/reset 1", "pulls a trigger"),
            (f"{ROOT}/get {ROOT}/latency", "asks; the answer comes out"),
        ),
        view=False,
    ),
    MaxObject(
        name="liveband.remote",
        digest="Every control of the bridge",
        text=(
            "All controls as parameters, in the sections Play, Time, Beat, Sound and System. "
            "Above them the state, and a lamp for the beat with tempo, confidence and groove. "
            "Wire it to liveband.osc in both directions. liveband.remote.app is the same as a "
            "window."
        ),
        messages=_SAYS,
    ),
    MaxObject(
        name="liveband.status",
        digest="State, latency and counters",
        text="Whether it plays, and if not, why; where the delay goes; what was late.",
        messages=_SAYS,
    ),
    MaxObject(
        name="liveband.meter",
        digest="Levels of the mix and of the stem",
        text="Peaks of what the bridge hears and plays, left and right, twenty times a second.",
        messages=_SAYS,
    ),
    MaxObject(
        name="liveband.stemselect",
        digest="Which instrument plays",
        text="One tab for each stem that the running checkpoint offers.",
        messages=_SAYS,
    ),
    MaxObject(
        name="liveband.learn",
        digest="Teach a MIDI controller",
        text=(
            "Choose a control, press Learn, and move the controller within 30 seconds. The "
            "controller has to reach the bridge itself, through JACK's control_in."
        ),
        messages=_SAYS,
    ),
    MaxObject(
        name="liveband.presets",
        digest="The presets of the bridge",
        text="Press List once; then choose, step, save under a name or delete.",
        messages=_SAYS,
    ),
    MaxObject(
        name="liveband.midi",
        digest="MIDI that arrives in Max, for the bridge",
        text=(
            "Controllers as in the column CC of docs/osc.md, notes from 36 for the stems, "
            "program changes for presets: for machines whose MIDI is in Max and not in JACK."
        ),
        view=False,
        listens=False,
    ),
)
"""Every object, the connection first."""


def reference(thing: MaxObject) -> str:
    """Return the ``maxref.xml`` of an object."""
    arguments = "".join(
        f'  <objarg name={quoteattr(name)} optional="1" type={quoteattr(kind)}>\n'
        f"   <digest>{escape(meaning)}</digest>\n"
        "   <description/>\n"
        "  </objarg>\n"
        for name, kind, meaning in thing.arguments
    )
    methods = "".join(
        f"  <method name={quoteattr(message.split()[0])}>\n"
        "   <arglist/>\n"
        f"   <digest>{escape(meaning)}</digest>\n"
        f"   <description>{escape(message)}</description>\n"
        "  </method>\n"
        for message, meaning in thing.messages
    )
    others = "".join(
        f"  <seealso name={quoteattr(other.name)}/>\n"
        for other in OBJECTS
        if other is not thing
    )
    return (
        '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
        f'<c74object name={quoteattr(thing.name)} module="max" category="Liveband">\n'
        f" <digest>{escape(thing.digest)}</digest>\n"
        f" <description>{escape(thing.text)}</description>\n"
        " <metadatalist>\n"
        '  <metadata name="author">The liveband authors</metadata>\n'
        '  <metadata name="tag">Liveband</metadata>\n'
        " </metadatalist>\n"
        f"{_ends('inlet', 'messages to it') if thing.listens else _NO_INLET}"
        f"{_ends('outlet', 'messages from it')}"
        f" <objarglist>\n{arguments} </objarglist>\n"
        f" <methodlist>\n{methods} </methodlist>\n"
        f" <seealsolist>\n{others} </seealsolist>\n"
        "</c74object>\n"
    )


def _ends(which: str, digest: str) -> str:
    return (
        f" <{which}list>\n"
        f'  <{which} id="0" type="{which.upper()}_TYPE">\n'
        f"   <digest>{digest}</digest>\n"
        f"  </{which}>\n"
        f" </{which}list>\n"
    )
