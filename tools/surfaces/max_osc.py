"""Max object ``liveband.osc``: the network connection of the Max package.

Once a second it checks the age of the bridge's heartbeat. Without one it registers again, and
finds out by a message to itself whether the port it listens on is its own: if not, it takes the
next. Messages are sent only while the bridge is there and its values have been shown, so that
opening a patch never changes a running band.
"""

from bridge.controls.parameters import DEFAULT_PORT, ROOT
from tools.surfaces.layout import Rect
from tools.surfaces.patcher import Box, Patcher

__all__ = ["RECEIVE_PORT", "SELF", "STATE", "STATES", "connection"]

RECEIVE_PORT = 9001
"""First port it tries to listen on."""
STATE = "/liveband.osc/state"
"""What it says about the connection, among what the bridge says."""
SELF = "/liveband.osc/self"
STATES = ("offline", "port busy", "starting", "ready", "running", "overloaded")
"""What ``STATE`` may say."""

_SAID = {
    "starting": "starting",
    "loading": "starting",
    "warming": "starting",
    "running": "running",
    "overloaded": "overloaded",
    "bypassed": "ready",
    "idle": "ready",
    "freewheel": "ready",
    "offline": "offline",
    "error": "offline",
}
"""The bridge's states, as ours."""
_SILENCE_S = 4


def connection(*, embedded: bool = False) -> Patcher:
    """Return the patch.

    Args:
        embedded: Within another patch, where it has no arguments and keeps to the defaults.
    """
    patch = Patcher(900, 620)
    patch.comment(
        "liveband.osc HOST PORT RECEIVE-PORT: messages in go to the bridge, what it says "
        f"comes out, with {STATE} among it.",
        Rect(30, 15, 720, 22),
    )
    inlet = patch.inlet("to the bridge, e.g. /liveband/stem bass", 30, 45)
    outlet = patch.outlet("from the bridge, and the state", 30, 570)
    gate = patch.new("gate 1 0", 30, 90)
    send = patch.new(f"udpsend 127.0.0.1 {DEFAULT_PORT}", 30, 530)
    receiver = patch.new(f"udpreceive {RECEIVE_PORT}", 480, 90)
    patch.wire(inlet, gate.port(1), send)
    patch.wire(receiver, outlet)
    asked = _receive(patch, receiver, outlet)
    tried = _watch(patch, gate, send, outlet, asked)
    _ports(patch, send, receiver, tried, embedded=embedded)
    return patch


def _receive(patch: Patcher, receiver: Box, outlet: Box) -> tuple[Box, Box]:
    """Sort received messages; return the age of the heartbeat and whether the port is ours."""
    sort = patch.new(f"route {ROOT}/heartbeat {ROOT}/bye {SELF} {ROOT}/status", 480, 130)
    patch.wire(receiver, sort)
    age = patch.new("int 10", 240, 130)
    ours = patch.new("int 1", 420, 300)
    for number, (text, target) in enumerate((("set 0", age), ("set 10", age), ("set 1", ours))):
        patch.wire(sort.port(number), patch.message(text, 480 + 60 * number, 170), target)
    words = patch.new("zl nth 1", 690, 170)
    names = patch.new(f"route {' '.join(_SAID)}", 690, 210)
    patch.wire(sort.port(3), words, names)
    for number, state in enumerate(_SAID.values()):
        x, y = 690 + 60 * (number % 3), 250 + 30 * (number // 3)
        patch.wire(names.port(number), _state(patch, state, x, y), outlet)
    return age, ours


def _watch(
    patch: Patcher, gate: Box, send: Box, outlet: Box, asked: tuple[Box, Box]
) -> tuple[Box, Box]:
    """Check every second; return the triggers to register and to try the next port."""
    age, ours = asked
    start = patch.new("loadbang", 240, 45)
    metro = patch.new("metro 1000", 240, 90)
    later = patch.new("t i i", 240, 210)
    patch.wire(start, patch.message("1", 240, 67), metro, age)
    patch.wire(age, patch.new("+ 1", 240, 170), later)
    patch.wire(later.port(1), patch.new("prepend set", 330, 170), age)
    alive = patch.new("t i i", 240, 270)
    patch.wire(later, patch.new(f"< {_SILENCE_S}", 240, 240), alive)
    turned = patch.new("sel 1 0", 30, 300)
    patch.wire(alive.port(1), patch.new("change", 30, 270), turned)
    greet = patch.new("t b b b", 30, 330)
    patch.wire(turned, greet)
    patch.wire(greet.port(2), patch.message(f"{ROOT}/stems", 150, 360), send)
    patch.wire(greet.port(1), patch.message(f"{ROOT}/dump", 90, 390), send)
    patch.wire(greet, patch.new("delay 300", 30, 420), patch.message("1", 30, 450), gate)
    patch.wire(turned.port(1), patch.message("0", 120, 330), gate)
    each = patch.new("sel 0 1", 240, 300)
    patch.wire(alive, each)
    fifth = patch.new("counter 0 4", 330, 330)
    patch.wire(each.port(1), fifth)
    patch.wire(
        fifth, patch.new("sel 0", 330, 360), patch.message(f"{ROOT}/ping", 330, 390), send
    )
    silent = patch.new("t b b b", 240, 330)
    patch.wire(each, silent)
    patch.wire(silent.port(2), ours)
    patch.wire(silent.port(1), patch.message("set 0", 480, 270), ours)
    verdict = patch.new("sel 0 1", 420, 330)
    patch.wire(ours, verdict)
    patch.wire(verdict.port(1), _state(patch, "offline", 480, 360), outlet)
    busy = patch.new("t b b", 420, 360)
    patch.wire(verdict, busy)
    patch.wire(busy.port(1), _state(patch, "port busy", 480, 390), outlet)
    return silent, busy


def _ports(
    patch: Patcher, send: Box, receiver: Box, tried: tuple[Box, Box], *, embedded: bool
) -> None:
    """Set host and ports from the arguments; register, and check whether the port is ours."""
    silent, busy = tried
    defaults = f"127.0.0.1 {DEFAULT_PORT} {RECEIVE_PORT}"
    if embedded:
        arguments = patch.message(defaults, 480, 430)
        patch.wire(patch.new("loadbang", 600, 430), arguments)
    else:
        arguments = patch.new(f"patcherargs {defaults}", 480, 430)
    for number, name in enumerate(("host", "port")):
        patch.wire(
            arguments,
            patch.new(f"zl nth {number + 1}", 600 + 90 * number, 460),
            patch.new(f"prepend {name}", 600 + 90 * number, 490),
            send,
        )
    own = patch.new(f"udpsend 127.0.0.1 {RECEIVE_PORT}", 480, 570)
    port = patch.new("t i i i i", 480, 490)
    patch.wire(arguments, patch.new("zl nth 3", 480, 460), port)
    patch.wire(port.port(3), patch.new("prepend port", 690, 530), receiver)
    patch.wire(port.port(2), patch.new("prepend port", 600, 530), own)
    following = patch.new("int", 420, 430)
    known = patch.new("int", 240, 460)
    patch.wire(port.port(1), following.port(1))
    patch.wire(port, known.port(1))
    patch.wire(busy, following, patch.new("+ 1", 420, 460), port)
    once = patch.new("t b b", 240, 420)
    patch.wire(silent, once)
    patch.wire(once.port(1), known, patch.new(f"prepend {ROOT}/register", 240, 490), send)
    patch.wire(once, patch.message(f"{SELF} 1", 330, 430), own)
    gone = patch.new("int", 150, 460)
    patch.wire(port, gone.port(1))
    patch.wire(patch.new("freebang", 150, 430), gone)
    patch.wire(gone, patch.new(f"prepend {ROOT}/unregister", 90, 490), send)


def _state(patch: Patcher, state: str, x: int, y: int) -> Box:
    quoted = f'"{state}"' if " " in state else state
    return patch.message(f"{STATE} {quoted}", x, y)
