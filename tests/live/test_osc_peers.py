"""Other people's OSC: liblo's tools and Pure Data against a real endpoint."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from bridge.osc.free_ports import free_port
from tests.bridge.fake_band import FakeBand, serving

PATIENCE_S = 60


@pytest.fixture
def band():
    return FakeBand()


@pytest.fixture
def port(band):
    with serving(band) as port:
        yield port


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def oscsend(port, *arguments):
    subprocess.run(
        ["oscsend", "localhost", str(port), *arguments], check=True, timeout=PATIENCE_S
    )


class Dump:
    """An ``oscdump`` that listens on a port of its own."""

    def __init__(self):
        self.port = free_port()
        self._process = subprocess.Popen(
            ["oscdump", "-L", str(self.port)], stdout=subprocess.PIPE, text=True
        )
        wait_until(lambda: self._bound() or self._process.poll() is not None)

    def _bound(self):
        """Look, without taking the port, be it for a moment, from who is about to."""
        tables = Path("/proc/net").glob("udp*")
        lines = [line for table in tables for line in table.read_text().splitlines()]
        return any(line.split()[1].endswith(f":{self.port:04X}") for line in lines)

    def line(self):
        """Return the next message without its time, as words; heartbeats aside."""
        while "/liveband/heartbeat" in (line := self._process.stdout.readline()):
            continue
        assert line, "oscdump has ended"
        return line.split()[1:]

    def close(self):
        self._process.terminate()
        self._process.wait(PATIENCE_S)
        self._process.stdout.close()


@pytest.fixture
def dump():
    dump = Dump()
    yield dump
    dump.close()


@pytest.mark.parametrize(
    ("arguments", "applied"),
    [
        (("/liveband/stem", "s", "BASS"), {"stem": "bass"}),
        (("/liveband/stem", "i", "3"), {"stem": "piano"}),
        (("/liveband/gain/out", "f", "-6"), {"gain/out": -6.0}),
        (("/liveband/gain/out", "d", "-7.5"), {"gain/out": -7.5}),
        (("/liveband/seed", "h", "42"), {"seed": 42}),
        (("/liveband/anticipation", "f", "0.1"), {"anticipation": 0.1}),
        (("/liveband/mute", "T"), {"mute": True}),
        (("/liveband/enable", "F"), {"enable": False}),
        (("/liveband/n/noise", "f", "0.25"), {"noise": 0.5}),
        (("/liveband/p/3", "i", "1"), {"bypass": True}),
        (("/liveband/{mute,bypa*}", "i", "0"), {"mute": False}),
    ],
)
def test_whatever_liblo_can_send_is_understood(port, band, arguments, applied):
    oscsend(port, *arguments)
    wait_until(lambda: applied in band.applied)


def test_oscdump_hears_what_another_client_changes(port, dump):
    oscsend(port, "/liveband/register", "i", str(dump.port))
    url = f'"osc.udp://127.0.0.1:{dump.port}/"'
    assert dump.line() == ["/liveband/registered", "si", url, "60"]
    oscsend(port, "/liveband/stem", "s", "bass")
    assert dump.line() == ["/liveband/stem", "s", '"bass"']
    oscsend(port, "/liveband/gain/out", "f", "-6")
    assert dump.line() == ["/liveband/gain/out", "f", "-6.000000"]
    oscsend(port, "/liveband/mute", "T")
    assert dump.line() == ["/liveband/mute", "i", "1"]
    oscsend(port, "/liveband/anticipation", "i", "1")
    assert dump.line() == ["/liveband/anticipation", "f", "1.000000"]


def test_oscdump_is_told_where_its_url_says(port, dump):
    oscsend(port, "/liveband/register", "s", f"osc.udp://localhost:{dump.port}/")
    assert dump.line()[0] == "/liveband/registered"
    oscsend(port, "/liveband/stem", "s", "piano")
    assert dump.line() == ["/liveband/stem", "s", '"piano"']


def test_liblo_sends_over_tcp(port, band):
    url = f"osc.tcp://127.0.0.1:{port}/"
    command = ["oscsend", url, "/liveband/stem", "s", "bass"]
    subprocess.run(command, check=True, timeout=PATIENCE_S)
    wait_until(lambda: band.applied == [{"stem": "bass"}])


SCLANG = {
    "QT_QPA_PLATFORM": "offscreen",
    "QTWEBENGINE_DISABLE_SANDBOX": "1",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox",
}


@pytest.mark.skipif(shutil.which("sclang") is None, reason="SuperCollider is not installed")
@pytest.mark.slow
def test_supercollider_sets_asks_and_dates_bundles(port, band, tmp_path):
    script = tmp_path / "ask.scd"
    script.write_text(
        f"""
        var bridge = NetAddr("127.0.0.1", {port});
        OSCFunc({{ |message| ("heard" + message.join(" ")).postln }}, '/liveband/noise');
        OSCFunc({{ |message|
            ("heard" + message.join(" ")).postln;
            if(message[1] == '/liveband/stem') {{ 0.exit }};
        }}, '/liveband/done');
        bridge.sendBundle(2.0, ['/liveband/gain/out', -6.0], ['/liveband/stem', 'bass']);
        bridge.sendMsg('/liveband/noise', 0.5);
        bridge.sendMsg('/liveband/noise');
        """
    )
    done = subprocess.run(
        ["sclang", "-i", "none", str(script)],
        env={**os.environ, **SCLANG, "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=4 * PATIENCE_S,
    )
    heard = [line for line in done.stdout.splitlines() if line.startswith("heard")]
    assert heard == [
        "heard /liveband/done /liveband/noise 0.5",
        "heard /liveband/noise 0.5",
        "heard /liveband/done /liveband/gain/out -6.0",
        "heard /liveband/done /liveband/stem bass",
    ], done.stdout
    assert band.applied == [{"noise": 0.5}, {"gain/out": -6.0, "stem": "bass"}]


def test_pure_data_sets_asks_and_hears(port, band, tmp_path):
    patch = tmp_path / "ask.pd"
    patch.write_text(
        "#N canvas 0 0 450 300 12;\n"
        "#X obj 10 10 loadbang;\n"
        "#X obj 10 40 t b b b;\n"
        f"#X msg 200 70 connect 127.0.0.1 {port};\n"
        "#X msg 100 70 0.5;\n"
        "#X obj 100 100 oscformat liveband noise;\n"
        "#X obj 10 100 oscformat liveband noise;\n"
        "#X obj 10 130 list prepend send;\n"
        "#X obj 10 160 list trim;\n"
        "#X obj 10 190 netsend -u -b;\n"
        "#X obj 10 220 oscparse;\n"
        "#X obj 10 250 print heard;\n"
        "#X connect 0 0 1 0;\n"
        "#X connect 1 0 5 0;\n"
        "#X connect 1 1 3 0;\n"
        "#X connect 1 2 2 0;\n"
        "#X connect 2 0 8 0;\n"
        "#X connect 3 0 4 0;\n"
        "#X connect 4 0 6 0;\n"
        "#X connect 5 0 6 0;\n"
        "#X connect 6 0 7 0;\n"
        "#X connect 7 0 8 0;\n"
        "#X connect 8 1 9 0;\n"
        "#X connect 9 0 10 0;\n"
    )
    process = subprocess.Popen(
        ["pd", "-nogui", "-nosound", "-nomidi", "-noprefs", str(patch)],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        heard = []
        while len(heard) < 2:
            line = process.stderr.readline()
            assert line, "Pure Data ended without an answer"
            if line.startswith("heard:"):
                heard.append(line.split()[1:])
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
        process.stderr.close()
    assert ["list", "liveband", "done", "/liveband/noise", "0.5"] in heard
    assert ["list", "liveband", "noise", "0.5"] in heard
    assert band.applied == [{"noise": 0.5}]
