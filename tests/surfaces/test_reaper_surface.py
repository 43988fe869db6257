"""REAPER's OSC surface, simulated from the pattern file; and the Python client. Real server."""

import importlib.util
import re
import socket
from pathlib import Path

import pytest

from bridge.controls.controls import normalised
from bridge.controls.parameters import PARAMETERS, Kind
from bridge.osc.codec import Message, decode, encode
from tests.bridge.fake_band import FakeBand, serving
from tools.surfaces.reaper_jsfx import slider_of, sliders

FOLDER = Path(__file__).parents[2] / "reaper_scripts" / "Liveband"
BY_PATTERN = [
    row for number, row in sliders(PARAMETERS).items() if row.has_value and row.number == number
]


class Surface:
    """What REAPER does with the pattern file: normalised parameters out and in."""

    def __init__(self, port):
        text = (FOLDER / "Liveband.ReaperOSC").read_text()
        pattern = re.search(r"(?m)^FX_PARAM_VALUE n(\S+)$", text)[1]
        self._pattern = pattern
        self._count = int(re.search(r"(?m)^DEVICE_FX_PARAM_COUNT (\d+)$", text)[1])
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect(("127.0.0.1", port))
        self._socket.settimeout(60)
        self.parameters = {}

    def close(self):
        self._socket.close()

    def move(self, number, value):
        """Send a parameter as REAPER does when it changed."""
        assert 1 <= number <= self._count
        address = self._pattern.replace("@", str(number))
        self._socket.send(encode(Message(address, (float(value),))))

    def hear(self, until):
        """Take what comes, until a condition holds."""
        wild = re.compile(self._pattern.replace("@", r"(\d+)"))
        while not until():
            for message in decode(self._socket.recv(65536)):
                found = wild.fullmatch(message.address)
                if found and int(found[1]) <= self._count:
                    self.parameters[int(found[1])] = message.arguments[0]
                self.last = message


@pytest.fixture
def surface():
    band = FakeBand()
    with serving(band) as port:
        surface = Surface(port)
        surface.band, surface.port = band, port
        yield surface
        surface.close()


@pytest.mark.parametrize("row", BY_PATTERN, ids=lambda row: row.name)
def test_a_parameter_reaches_its_control(surface, row):
    values = row.choices or ((False, True) if row.kind is Kind.TOGGLE else (row.low, row.high))
    value = next((each for each in values if each != row.default), None)
    if value is None:
        return
    place = values.index(value) / (len(values) - 1)
    surface.move(slider_of(row), place)
    surface.last = None
    surface.hear(lambda: surface.last is not None and surface.last.address == "/liveband/done")
    assert surface.band.applied[-1] == {row.name: value}


def test_a_change_elsewhere_reaches_the_parameter(surface):
    surface._socket.send(encode(Message("/liveband/subscribe", ("/liveband/p/*", 10))))
    surface.hear(lambda: 8 in surface.parameters)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.sendto(
            encode(Message("/liveband/gain/out", (-24.0,))), ("127.0.0.1", surface.port)
        )
        wanted = normalised(PARAMETERS["gain/out"], -24.0)
        surface.hear(lambda: surface.parameters[8] == pytest.approx(wanted))


def client():
    spec = importlib.util.spec_from_file_location("liveband_osc", FOLDER / "liveband_osc.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_python_client_sets_and_reads():
    module = client()
    band = FakeBand()
    with serving(band) as port, module.Liveband(port=port, timeout_s=60.0) as live:
        live.set("stem", "bass")
        live.set("gain/out", -6)
        live.set("mute", True)
        live.set("reset")
        assert live.get("stem") == ["bass"]
        assert live.get("/liveband/gain/out") == [-6.0]
        assert live.get("latency")[0] == 7200
        assert band.fired == ["reset"]
        with pytest.raises(module.LivebandError, match="kazoo"):
            live.set("stem", "kazoo")
        with pytest.raises(TypeError, match="got None"):
            live.set("stem", None)


def test_the_python_client_says_when_nobody_answers():
    module = client()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        live = module.Liveband(port=silent.getsockname()[1], timeout_s=0.05)
        with live, pytest.raises(module.LivebandError, match="liveband run"):
            live.get("stem")
