"""A client of the bridge for REAPER's Python ReaScript, or any Python: one file, no packages.

    from liveband_osc import Liveband

    with Liveband() as band:
        band.set("stem", "bass")
        print(band.get("latency"))

It keeps to Python 3.6, for REAPER takes the Python it finds.
"""
# @noindex

import socket
import struct
import time

ROOT = "/liveband"
CLAMPED = 4


class LivebandError(Exception):
    """The bridge refused, or nobody answered; the text says why."""


class Liveband:
    """Sends OSC to a running bridge and waits for what it answers.

    Args:
        host: Where the bridge runs.
        port: Its OSC port.
        timeout_s: Longest wait for an answer.
    """

    def __init__(self, host="127.0.0.1", port=9100, timeout_s=3.0):
        self._timeout_s = timeout_s
        self._peer = "%s:%d" % (host, port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect((host, port))

    def __enter__(self):
        return self

    def __exit__(self, *reason):
        self.close()

    def close(self):
        """Let go of the socket."""
        self._socket.close()

    def set(self, name, *values):
        """Set a control, pull a trigger or give a command; return when it is done.

        Raises:
            LivebandError: The bridge's own words, or that nobody answered.
        """
        address = full(name)
        self._ask(
            encode(address, *values),
            lambda heard, arguments: heard == ROOT + "/done" and arguments[0] == address,
        )

    def get(self, name):
        """Return what an address holds, as a list.

        Raises:
            LivebandError: The bridge's own words, or that nobody answered.
        """
        address = full(name)
        return self._ask(encode(ROOT + "/get", address), lambda heard, _: heard == address)

    def _ask(self, packet, answers):
        """Send a packet; return the arguments of the first message that answers it."""
        deadline = time.monotonic() + self._timeout_s
        try:
            self._socket.send(packet)
            while True:
                self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
                address, arguments = decode(self._socket.recv(65536))
                if address == ROOT + "/pending":  # it waits for the beat, for so many seconds
                    deadline = max(deadline, time.monotonic() + arguments[2] + self._timeout_s)
                if address == ROOT + "/fail" and arguments[1] != CLAMPED:
                    raise LivebandError("%s: %s" % (arguments[0], arguments[2]))
                if answers(address, arguments):
                    return arguments
        except OSError:  # the time is up, or nobody holds the port
            raise LivebandError(
                "no bridge answers at %s; start it: liveband run" % self._peer
            ) from None


def full(name):
    """Return the whole address of ``stem`` or ``/liveband/stem``."""
    return name if name.startswith("/") else "%s/%s" % (ROOT, name)


def encode(address, *values):
    """Return one OSC message; numbers, text and truth values are understood."""
    tags, body = ",", b""
    for value in values:
        if isinstance(value, (bool, int)):
            tags, body = tags + "i", body + struct.pack(">i", value)
        elif isinstance(value, float):
            tags, body = tags + "f", body + struct.pack(">f", value)
        elif isinstance(value, str):
            tags, body = tags + "s", body + _padded(value)
        else:
            raise TypeError("OSC takes int, float, str or bool, got %r" % (value,))
    return _padded(address) + _padded(tags) + body


def decode(packet):
    """Return address and arguments of one OSC message of ints, floats and strings."""
    address, at = _text(packet, 0)
    tags, at = _text(packet, at)
    arguments = []
    for tag in tags[1:]:
        if tag == "s":
            value, at = _text(packet, at)
        else:
            value = struct.unpack_from(">" + tag, packet, at)[0]
            at += 4
        arguments.append(value)
    return address, arguments


def _padded(text):
    data = text.encode("utf-8") + b"\0"
    return data + b"\0" * (-len(data) % 4)


def _text(packet, at):
    end = packet.index(b"\0", at)
    return packet[at:end].decode("utf-8"), end + 4 - end % 4
