"""The JSFX, compiled and run by a JSFX engine without a window: jsusfx inside Pure Data.

The engine as Debian has it takes MIDI in but never sends any, so in the copy that is run
``midisend`` is a function of our own that puts each message into one sample of the output.
"""

import contextlib
import re
import shutil
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.controls.parameters import PARAMETERS, Kind
from bridge.osc.free_ports import free_port
from tests.bridge.fake_controls import FakeControls, play
from tools.surfaces.reaper_jsfx import SEND_SLIDER, sliders

ENGINE = Path("/usr/lib/pd/extra/jsusfx~")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("pd") is None or not ENGINE.exists(),
        reason="no JSFX engine: make test-system installs pd-jsusfx",
    ),
]
FOLDER = Path(__file__).parents[2] / "reaper_scripts" / "Liveband"
SENDER = """@init
function say(offset status data) ( queue[last] = status * 65536 + data; last += 1; );
"""
AUDIBLE = """@sample
spl0 = first < last ? queue[first] : 0;
first < last ? first += 1;
"""
SETTLE_MS = 50  # of sound: many blocks of 64 frames
HEADER = 80  # bytes of a recording before its first sample
PATIENCE_S = 60
ROWS = sliders(PARAMETERS)
approx = pytest.approx


class Engine:
    """A JSFX that runs: sliders and MIDI in, sliders and a recording out."""

    def __init__(self, folder, effect, loop_ms=0.0):
        self.take = folder / "take.wav"
        self._port, self._asked = free_port(), 0
        patch = [
            "#N canvas 0 0 500 300 12;",
            "#X declare -lib jsusfx~;",
            f"#X obj 10 10 netreceive {self._port};",
            "#X obj 10 40 list trim;",
            "#X obj 10 70 route record settled;",
            f"#X obj 90 100 jsusfx~ {effect};",
            "#X obj 10 130 writesf~ 1;",
            "#X obj 200 130 delwrite~ loop 1000;",
            f"#X obj 200 60 delread~ loop {loop_ms};",
            f"#X msg 10 100 open -bytes 4 {self.take} \\, start;",
            "#X obj 10 85 sel 1 0;",
            "#X msg 60 100 stop;",
            f"#X obj 300 100 pipe {SETTLE_MS};",
            "#X obj 300 130 print settled;",
            "#X connect 0 0 1 0;",
            "#X connect 1 0 2 0;",
            "#X connect 2 0 8 0;",
            "#X connect 2 1 10 0;",
            "#X connect 10 0 11 0;",
            "#X connect 2 2 3 0;",
            "#X connect 8 0 7 0;",
            "#X connect 8 1 9 0;",
            "#X connect 7 0 4 0;",
            "#X connect 9 0 4 0;",
            "#X connect 3 0 4 0;",
            "#X connect 3 0 5 0;",
        ]
        if loop_ms:
            patch += ["#X connect 6 0 3 0;"]
        file = folder / "engine.pd"
        file.write_text("\n".join([*patch, ""]))
        self._process = subprocess.Popen(
            ["pd", "-nogui", "-nosound", "-nomidi", "-noprefs", "-stderr", "-path", str(ENGINE),
             "-lib", "jsusfx~", "-send", "pd dsp 1", str(file)],
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.said = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        deadline = time.monotonic() + PATIENCE_S
        while True:
            with contextlib.suppress(OSError):
                address = ("127.0.0.1", self._port)
                self._socket = socket.create_connection(address, timeout=PATIENCE_S)
                break
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)

    def _read(self):
        self.said.extend(iter(self._process.stderr.readline, ""))

    def do(self, *words):
        """Have something done; return once all that it brings about is over and read."""
        self._asked += 1
        orders = (" ".join(map(str, words)), f"settled {self._asked}")
        self._socket.sendall("".join(f"list {order};\n" for order in orders).encode())
        deadline = time.monotonic() + PATIENCE_S
        while f"settled: {self._asked}\n" not in self.said:
            assert time.monotonic() < deadline, self.said
            time.sleep(0.005)

    def sliders(self):
        """Return what every slider shows."""
        begin = len(self.said)
        self.do("describe")
        told = "".join(self.said[begin:])
        found = re.findall(r" slider(\d+): .*\[(\S+)\]\n", told)
        return {int(number): float(value) for number, value in found}

    @property
    def is_take_whole(self):
        """Whether the recording has ended: only then its header tells how long it is."""
        size = self.take.stat().st_size
        with self.take.open("rb") as file:
            told = struct.unpack("<I", file.read(8)[4:])[0]
        return size > HEADER and told == size - 8

    def close(self):
        self._socket.close()
        self._process.terminate()
        self._process.wait(PATIENCE_S)
        self._reader.join()
        self._process.stderr.close()


@pytest.fixture
def engine(tmp_path):
    """A factory of engines."""
    with contextlib.ExitStack() as stack:

        def start(effect, **options):
            return stack.enter_context(contextlib.closing(Engine(tmp_path, effect, **options)))

        yield start


@pytest.fixture
def control(engine, tmp_path, wait_until):
    """The controls, running, and what they sent: a function that ends the recording."""
    text = (FOLDER / "liveband_control.jsfx").read_text()
    copy = text.replace("midisend(", "say(").replace("@init\n", SENDER)
    copy = copy.partition("@sample")[0] + AUDIBLE
    (tmp_path / "control.jsfx").write_text(copy)
    effect = engine(tmp_path / "control.jsfx")
    effect.do("record", 1)

    def sent():
        effect.do("record", 0)
        wait_until(lambda: effect.is_take_whole)
        samples, _ = soundfile.read(effect.take, dtype="float32")
        codes = samples[samples != 0].astype(np.int64)
        return [bytes((code >> 16, code & 0x7F, code >> 8 & 0x7F)) for code in map(int, codes)]

    return effect, sent


def heard(messages):
    """Return the controls after a device sent these messages."""
    controls = FakeControls()
    play(controls.device(), *messages, apart=100)
    return controls


def value(row, number):
    """Return a value other than the default, and the slider's number for it."""
    if row.kind is Kind.TOGGLE:
        return not row.default, int(not row.default)
    if row.kind is Kind.CHOICE:
        index = (row.choices.index(row.default) + 1) % len(row.choices)
        return row.choices[index], index
    place = row.low + round((row.high - row.low) / 3)
    return place, place


def test_nothing_is_sent_until_something_moves_and_then_exactly_that(control):
    effect, sent = control
    shown = effect.sliders()
    assert shown.keys() == set(range(1, SEND_SLIDER + 2))
    for number, row in ROWS.items():
        if row.has_value:
            effect.do("uslider", number, value(row, number)[1])
    controls = heard(sent())
    expected = {}
    for number, row in ROWS.items():
        if row.has_value and value(row, number)[0] != row.default:
            expected[row.name] = value(row, number)[0]
    assert {key.name for key in controls.controls.changes} == expected.keys()
    for name, wanted in expected.items():
        row = PARAMETERS[name]
        fine = (row.high - row.low) / 16383
        close = approx(wanted, abs=fine) if row.kind is Kind.FLOAT else wanted
        assert controls.controls[name] == close, name


def test_triggers_fire_once_and_spring_back(control):
    effect, sent = control
    fired = {number: row for number, row in ROWS.items() if not row.has_value}
    for number in fired:
        effect.do("uslider", number, 1)
    shown = effect.sliders()
    assert all(shown[number] == 0 for number in fired)
    assert heard(sent()).fired == [row.name for row in fired.values()]


def test_send_all_sends_every_control(control):
    effect, sent = control
    effect.do("uslider", SEND_SLIDER, 1)
    messages = sent()
    starts = [message[2] << 7 for message in messages if message[1] == 99]
    assert len(starts) == sum(row.has_value for row in ROWS.values())
    for key, told in heard(messages).controls.changes.items():
        row = PARAMETERS[key.name]
        fine = (row.high - row.low) / 16383
        assert told == (
            approx(row.default, abs=fine) if row.kind is Kind.FLOAT else row.default
        )


def test_feedback_is_shown_and_not_sent_again(control):
    effect, sent = control
    by_name = {row.name: number for number, row in ROWS.items()}
    for name, raw in (("gain/out", 0), ("mute", 127), ("stem", 127), ("anticipation", 0)):
        effect.do("midi", 176, PARAMETERS[name].cc, raw)
    effect.do("midi", 176, PARAMETERS["noise"].cc, 64)  # as fine as 7 bits say what it is
    shown = effect.sliders()
    assert shown[by_name["gain/out"]] == -60
    assert shown[by_name["mute"]] == 1
    assert shown[by_name["stem"]] == len(PARAMETERS["stem"].choices) - 1
    assert shown[by_name["anticipation"]] == 0
    assert shown[by_name["noise"]] == 1.0
    assert sent() == []


def test_other_midi_passes(control):
    effect, sent = control
    effect.do("midi", 144, 36, 100)
    effect.do("midi", 176, 1, 7)
    assert sent() == [bytes((144, 36, 100)), bytes((176, 1, 7))]


def test_the_ping_counts_the_frames_of_a_loop(engine, wait_until):
    frames = 4410
    effect = engine(FOLDER / "liveband_ping.jsfx", loop_ms=frames / 44.1)
    effect.do("uslider", 1, 1)
    wait_until(lambda: effect.sliders()[2] >= 0)
    assert effect.sliders()[2] == frames


def test_the_ping_gives_up_when_nothing_comes_back(engine, wait_until):
    effect = engine(FOLDER / "liveband_ping.jsfx")
    effect.do("uslider", 1, 1)
    wait_until(lambda: effect.sliders()[2] == -2)
