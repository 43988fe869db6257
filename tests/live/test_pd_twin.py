"""The Pd remote, headless: every control out and back, with the running program; beats."""

import contextlib
import re
import shutil
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from bridge.controls.parameters import PARAMETERS, Kind
from bridge.osc.codec import Message, encode
from bridge.osc.free_ports import free_port
from tests.live.program import program
from tools.surfaces.beat import BEAT, BEAT_COLOUR, DARK_COLOUR, FIRST_COLOUR, GROOVE, NO_TEMPO
from tools.surfaces.pd import moved_name, name_of
from tools.surfaces.pd_beat import BAR_NAME, GROOVE_NAME, LAMP_NAME, TEMPO_NAME

pytestmark = [
    pytest.mark.jack,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("pd") is None, reason="Pure Data is not installed"),
]
FOLDER = Path(__file__).parents[2] / "max_patches" / "pd"
approx = pytest.approx
ROWS = [
    row for row in PARAMETERS.controls if row.kind is not Kind.CHOICE or len(row.choices) > 1
]


def values(row):
    """Return two values of a control, with what Pd shows for them; the first is new."""
    if row.kind is Kind.CHOICE:
        first = row.choices.index(row.default)
        others = (first - 1) % len(row.choices), (first + 1) % len(row.choices)
        if others[0] == others[1]:
            others = others[0], first
        return [(row.choices[index], index) for index in others]
    if row.kind is Kind.TOGGLE:
        return [(int(not row.default), int(not row.default)), (int(row.default),) * 2]
    span = min(row.high - row.low, 1000)
    first, second = row.low + round(span / 4), row.low + round(span / 2)
    return [(first, first), (second, second)]


class Twin:
    """Pd with the remote open, and a patch beside it that moves widgets and hears of them."""

    def __init__(self, folder, osc_port):
        self.told, self.lamp, self._port = {}, [], free_port()
        names = [moved_name(row) for row in PARAMETERS if row.kind is not Kind.READING]
        names += [*map(name_of, PARAMETERS.controls), "liveband/state", "liveband/open"]
        names += [LAMP_NAME, TEMPO_NAME, BAR_NAME, GROOVE_NAME]
        lines = ["#N canvas 0 0 400 300 12;", f"#X obj 10 10 netreceive {self._port};"]
        lines += ["#X msg 10 40 \\; \\$1 \\$2;", "#X obj 99 10 loadbang;"]
        lines += [f"#X msg 99 40 \\; liveband/connect 127.0.0.1 {osc_port};"]
        cords = ["#X connect 0 0 1 0;", "#X connect 2 0 3 0;"]
        for number, name in enumerate(names):
            at = len(lines) - 1
            lines += [
                f"#X obj {number} 80 r {name};",
                f"#X obj {number} 110 print told:{name};",
            ]
            cords.append(f"#X connect {at} 0 {at + 1} 0;")
        harness = folder / "harness.pd"
        harness.write_text("\n".join([*lines, *cords, ""]))
        self._process = subprocess.Popen(
            ["pd", "-nogui", "-nosound", "-nomidi", "-noprefs", "-stderr", "-path", str(FOLDER),
             str(FOLDER / "liveband-remote.pd"), str(harness)],
            stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        self.noise = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self._socket = None

    def _read(self):
        for line in self._process.stderr:
            found = re.match(r"told:(\S+): (.*)", line)
            if found:
                self.told[found[1]] = found[2].strip()
                if found[1] == LAMP_NAME:
                    self.lamp.append(found[2].split()[1])
            else:
                self.noise.append(line)

    def touch(self, name, value):
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=10)
        self._socket.sendall(f"list {name} {value};\n".encode())

    def close(self):
        if self._socket is not None:
            self._socket.close()
        self._process.terminate()
        self._process.wait(10)
        self._reader.join()
        self._process.stderr.close()


def set_and_read_back(twin, client, wait_until):
    wait_until(lambda: twin.told.get("liveband/open") == "1", 30)
    for row in ROWS:
        turn_from_both_sides(row, twin, client, wait_until)


def turn_from_both_sides(row, twin, client, wait_until):
    """Turn a control in Pd, then over OSC, then have Pd send what it shows."""
    (value, shown), (other, other_shown) = values(row)
    name, moved = name_of(row), moved_name(row)

    def hears(name, number, before=""):
        text = twin.told.get(name, "")
        return text.startswith(before) and float(text.removeprefix(before) or "nan") == approx(
            number
        )

    twin.touch(name, shown)
    wait_until(lambda: hears(moved, shown), 10)
    wait_until(lambda: client.read(row.address)[0] == approx(value), 10)
    client.do(row.address, other)
    wait_until(lambda: hears(name, other_shown, before="set "), 10)
    twin.told.pop(moved)
    twin.touch(name, "bang")
    turned_over = 1 - other_shown if row.kind is Kind.TOGGLE else other_shown
    wait_until(lambda: hears(moved, turned_over), 10)


def test_every_control_goes_out_and_comes_back_also_after_a_restart(
    jackd, tmp_path, wait_until
):
    server, port = jackd(), free_port()

    def running():
        plain = ("--checkpoint", "passthrough")
        return program(server, tmp_path, *plain, wait_until=wait_until, port=port)

    with contextlib.closing(Twin(tmp_path, port)) as twin:
        with running() as (client, _):
            wait_until(lambda: twin.told.get("liveband/state") == "label running", 30)
            set_and_read_back(twin, client, wait_until)
        wait_until(lambda: twin.told.get("liveband/state") == "label offline", 30)
        with running() as (client, _):
            wait_until(lambda: twin.told.get("liveband/state") == "label running", 30)
            set_and_read_back(twin, client, wait_until)
        complaints = [line for line in twin.noise if "error" in line or "couldn't" in line]
        assert not [line for line in complaints if "refused" not in line], complaints


class Speaker:
    """A bridge that is there, and says what it is told to, to whoever greeted it last."""

    def __init__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.5)
        self.port = self._socket.getsockname()[1]
        self._where, self._open = None, True
        self._beats = threading.Thread(target=self._stay)
        self._beats.start()

    def _stay(self):
        while self._open:
            with contextlib.suppress(TimeoutError, ConnectionError):
                _, self._where = self._socket.recvfrom(65536)
            if self._where is not None:
                self.say("/liveband/heartbeat", 1)

    def say(self, address, *arguments):
        self._socket.sendto(encode(Message(address, arguments)), self._where)

    def close(self):
        self._open = False
        self._beats.join()
        self._socket.close()


def test_the_lamp_flashes_at_every_beat_and_the_tempo_stands_beside_it(tmp_path, wait_until):
    with (
        contextlib.closing(Speaker()) as bridge,
        contextlib.closing(Twin(tmp_path, bridge.port)) as twin,
    ):
        wait_until(lambda: twin.told.get("liveband/open") == "1", 30)
        bridge.say(BEAT, 0, 0, 0.0, 0.0)
        bridge.say(BEAT, 1, 5, 119.96, 0.75)
        wait_until(lambda: len(twin.lamp) == 2, 10)
        bridge.say(BEAT, 2, 5, 98.5, 0.5)
        wait_until(lambda: len(twin.lamp) == 4, 10)
        assert twin.lamp == [FIRST_COLOUR, DARK_COLOUR, BEAT_COLOUR, DARK_COLOUR]
        assert twin.told[TEMPO_NAME] == "label 98.5\\ bpm"
        assert twin.told[BAR_NAME] == "vis_size 38 11"
        bridge.say(GROOVE, "shuffle")
        wait_until(lambda: twin.told.get(GROOVE_NAME) == "label shuffle", 10)
        wait_until(lambda: twin.told[TEMPO_NAME] == f"label {NO_TEMPO}", 10)
        wait_until(lambda: twin.told[BAR_NAME] == "vis_size 0 11", 10)
        assert len(twin.lamp) == 4
        complaints = [line for line in twin.noise if "error" in line or "couldn't" in line]
        assert not [line for line in complaints if "refused" not in line], complaints
