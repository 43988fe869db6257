"""Pd object ``liveband-osc``: the network connection of the Pd remote, over one socket.

Once a second it checks the age of the bridge's heartbeat. Without one it connects and registers
again. Messages are sent only while the bridge is there and its values have been shown.
"""

from bridge.controls.parameters import DEFAULT_PORT, ROOT
from tools.surfaces.pd_patch import Patch

__all__ = ["connection"]

_SILENCE_S = 4
_NAME = ROOT.strip("/")
_COUNTER = ("f 0", "+ 1", "mod 5")


def connection() -> Patch:
    """Return the patch: messages to send enter, messages of the bridge leave."""
    patch = Patch(760, 680)
    gate, send = patch.put("spigot", 30, 60), patch.put("netsend -u -b", 30, 560)
    patch.wire(patch.put("inlet", 30, 30), gate, send)
    receiver, trim = patch.put("oscparse", 120, 590), patch.put("list trim", 120, 615)
    outlet = patch.put("outlet", 120, 640)
    patch.cord(send, 1, receiver, 0)
    patch.wire(receiver, trim, outlet)
    there = _watch(patch, trim)
    patch.wire(there, _greet(patch, gate, send))
    each = patch.put("sel 0 1", 300, 270)
    patch.wire(there, each)
    _keep(patch, each, send)
    _retry(patch, each, send, outlet)
    return patch


def _watch(patch: Patch, heard: int) -> int:
    """Count the seconds since the last heartbeat; return the source of 1 or 0 each second."""
    sort, known = (
        patch.put(f"route {_NAME}", 240, 590),
        patch.put("route heartbeat bye", 240, 615),
    )
    patch.wire(heard, sort, known)
    age, older = patch.put("f 10", 300, 120), patch.put("+ 1", 300, 150)
    later, there = patch.put("t f f", 300, 180), patch.put(f"< {_SILENCE_S}", 300, 210)
    for number, seconds in enumerate((0, 10)):
        fresh = patch.message(str(seconds), 240 + 90 * number, 640)
        patch.cord(known, number, fresh, 0)
        patch.cord(fresh, 0, age, 1)
    metro = patch.put("metro 1000", 300, 90)
    patch.wire(patch.put("loadbang", 300, 30), patch.message("1", 300, 60), metro, age)
    patch.wire(age, older, later, there)
    patch.cord(later, 1, age, 1)
    return there


def _greet(patch: Patch, gate: int, send: int) -> int:
    """Request all values when the bridge appears, then let changes out; return the inlet."""
    changed, turned = patch.put("change -1", 420, 270), patch.put("sel 1 0", 420, 300)
    later = patch.put("delay 300", 420, 390)
    opened, closed = patch.message("1", 420, 420), patch.message("0", 480, 420)
    told = patch.put("s liveband/open", 420, 460)
    patch.wire(changed, turned, _osc(patch, "dump", 420, 330, send))
    patch.wire(turned, later, opened, told)
    patch.cord(turned, 1, closed, 0)
    patch.wire(closed, told)
    patch.cord(opened, 0, gate, 1)
    patch.cord(closed, 0, gate, 1)
    return changed


def _keep(patch: Patch, each: int, send: int) -> None:
    """Ping every fifth second, so that the bridge keeps this client."""
    count, more, wrap = (
        patch.put(text, 560 + 60 * number, 330) for number, text in enumerate(_COUNTER)
    )
    patch.cord(each, 1, count, 0)
    patch.wire(count, more, wrap)
    patch.cord(wrap, 0, count, 1)
    patch.wire(count, patch.put("sel 0", 560, 390), _osc(patch, "ping", 560, 420, send))


def _retry(patch: Patch, each: int, send: int, outlet: int) -> None:
    """Reconnect while there is no heartbeat; report ``offline``."""
    again = patch.put("t b b b b", 30, 300)
    said = patch.message(f"{_NAME} status offline", 180, 330)
    ended = patch.message("disconnect", 120, 360)
    target = patch.put(f"list append 127.0.0.1 {DEFAULT_PORT}", 90, 420)
    chosen = patch.put("r liveband/connect", 180, 390)
    whole, ready = patch.put("list prepend connect", 90, 450), patch.put("list trim", 90, 480)
    patch.wire(each, again, _osc(patch, "register", 30, 510, send))
    patch.cord(again, 1, target, 0)
    patch.cord(again, 2, ended, 0)
    patch.cord(again, 3, said, 0)
    patch.cord(chosen, 0, target, 1)
    patch.wire(target, whole, ready, send)
    patch.wire(ended, send)
    patch.wire(said, outlet)


def _osc(patch: Patch, name: str, x: int, y: int, send: int) -> int:
    """Add objects that send a message without arguments; return their trigger."""
    spoken = patch.put(f"oscformat {_NAME} {name}", x, y)
    ready, trim = (
        patch.put("list prepend send", x, y + 20),
        patch.put("list trim", x + 130, y + 20),
    )
    patch.wire(spoken, ready, trim, send)
    return spoken
