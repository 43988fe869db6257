"""A real DAW: an Ardour session, made by our template, plays through the bridge and records."""

import contextlib
import logging
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.common.errors import EnvironmentMissing
from bridge.osc.client import BridgeClient
from bridge.osc.free_ports import free_port
from tests.live.program import END_S

logger = logging.getLogger(__name__)
ARDOUR = (
    shutil.which("ardour7-lua") or shutil.which("ardour8-lua") or shutil.which("ardour-lua")
)
pytestmark = [
    pytest.mark.jack,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(ARDOUR is None, reason="Ardour is not installed: make test-system"),
]
TEMPLATE = Path(__file__).parents[2] / "surfaces" / "ardour" / "liveband.lua"
RATE = 48_000
SECONDS = 6
BLOCK = 1024
HOP = 2400
TAKES = [(0, 0.1), (1, 0.1), (1, 0)]
"""What `/latency/loop` and `/anticipation` are in each take: without the loop's extra block,
with it where anticipation covers the whole way, and where it covers nothing."""
TRIES = 12
ARDOUR_S = 60
SUPERCLOCKS_PER_FRAME = 5880  # at 48 kHz

# Ardour's ports resample, for vari-speed; that costs 16 frames on some ways, none on others.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<Ardour><Config><Option name="port-resampler-quality" value="0"/></Config></Ardour>
"""

SESSION = """
local dir, template = arg[1], arg[2]
assert(AudioEngine:set_backend("JACK", "ardour", ""), "no JACK back end")
Session = assert(create_session(dir, "take", 48000))
function ardour(about) assert(about.type == "SessionInit", about.type) end
dofile(template)
factory()()
for _, name in ipairs({ "Band", "To liveband", "Liveband" }) do
  assert(not Session:route_by_name(name):isnil(), "no " .. name)
end
-- A second track records what the bridge is sent, and so where in time Ardour lays a take.
Session:new_audio_track(2, 2, nil, 1, "Sent", ARDOUR.PresentationInfo.max_order,
  ARDOUR.TrackMode.Normal, true)
local sent, send = Session:route_by_name("Sent"), Session:route_by_name("To liveband")
for n = 0, 1 do
  sent:input():audio(n):disconnect_all()
  sent:input():audio(n):connect(send:output():audio(n):name())
end
sent:rec_enable_control():set_value(1, PBD.GroupControlDisposition.NoGroup)
Session:save_state("")
close_session()
quit()
"""

PLAY = """
local dir, port = arg[1], arg[2]
assert(AudioEngine:set_backend("JACK", "ardour", ""), "no JACK back end")
local s = assert(load_session(dir, "take"))
local back = s:route_by_name("Liveband")
assert(back:rec_enable_control():get_value() == 1, "the template's track is not armed")
local send = s:route_by_name("To liveband")
for n, side in ipairs({ "L", "R" }) do
  assert(send:output():audio(n - 1):connected_to("liveband:in_" .. side))
  assert(back:input():audio(n - 1):connected_to("liveband:out_" .. side))
end
for n = 3, #arg, 2 do
  local tell = "oscsend 127.0.0.1 %s /liveband/%s f %s"
  assert(os.execute(tell:format(port, "latency/loop", arg[n])))
  assert(os.execute(tell:format(port, "anticipation", arg[n + 1])))
  s:goto_start()
  sleep(3)
  s:maybe_enable_record(true)
  s:request_roll(ARDOUR.TransportRequestSource.TRS_UI)
  local waited = 0
  while s:transport_sample() < 2 * 48000 and waited < 20 do
    sleep(0.5)
    waited = waited + 0.5
  end
  s:request_stop(false, false, ARDOUR.TransportRequestSource.TRS_UI)
  sleep(1)
end
s:save_state("")
close_session()
quit()
"""


class ArdourFailed(Exception):
    """Ardour failed for a reason of its own that is known, so that it is worth another try.

    Ardour 7.3 names its ports from one thread while it makes them in another; in one start of
    three the two write into each other's requests, and jackd drops it or lets it wait forever.
    """


@pytest.fixture
def bridge(jackd, tmp_path, wait_until):
    """A factory of running bridges that play what they hear, each on a server of its own.

    It returns a client, the environment to meet the bridge in, and its OSC port.
    """
    settings = tmp_path / "ardour7" / "config"
    settings.parent.mkdir()
    settings.write_text(SETTINGS)
    with contextlib.ExitStack() as stack:

        def start():
            server, port = jackd(block=BLOCK), free_port()
            homes = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), str(tmp_path))
            environment = {**server.environment, **homes}
            command = [
                sys.executable, "-m", "bridge", "run", "--checkpoint", "passthrough",
                "--server", server.name, "--osc-port", str(port), "--osc-query-port", "0",
            ]  # fmt: skip
            process = subprocess.Popen(command, env=environment)
            stack.callback(process.wait, END_S)
            stack.callback(process.terminate)
            client = stack.enter_context(BridgeClient(port=port, timeout_s=20.0))

            def runs():
                assert process.poll() is None
                try:
                    return client.read("/liveband/status")[0] == "running"
                except EnvironmentMissing:
                    return False

            wait_until(runs)
            return client, environment, port

        yield start


def ardour(script, environment, session, *arguments):
    """Run a script in Ardour; return what it said.

    Raises:
        ArdourFailed: jackd dropped it, or it waits forever.
    """
    path = session.with_suffix(".lua")
    path.write_text(script)
    command = ["stdbuf", "-o0", ARDOUR, str(path), str(session), *map(str, arguments)]
    try:
        done = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            timeout=ARDOUR_S,
            check=False,
        )
    except subprocess.TimeoutExpired as hung:
        raise ArdourFailed(f"no end after {ARDOUR_S} s: {hung.stdout}") from hung
    said = done.stdout + done.stderr
    if "read fail" in said:
        raise ArdourFailed(f"jackd dropped it: {said}")
    assert done.returncode == 0, said
    assert "not running" not in said, said
    return said


def put_sound_in(session, sound):
    """Lay a sound on the track Band, in the file: Ardour's Lua cannot import."""
    name = session.name
    audio = session / "interchange" / name / "audiofiles" / "band.wav"
    soundfile.write(audio, np.stack([sound, sound], axis=1), RATE, subtype="FLOAT")
    file = session / "take.ardour"
    text = file.read_text()
    length = f"a{len(sound) * SUPERCLOCKS_PER_FRAME}@a0"
    sources = "".join(
        f'<Source name="band.wav" take-id="" type="audio" flags="" id="{90001 + channel}" '
        f'channel="{channel}" origin="" gain="1"/>'
        for channel in range(2)
    )

    def region(identity, whole):
        return (
            f'<Region name="band" muted="0" opaque="1" whole-file="{whole}" start="a0" '
            f'length="{length}" sync-position="a0" fade-in-active="0" fade-out-active="0" '
            f'scale-amplitude="1" id="{identity}" type="audio" source-0="90001" '
            f'source-1="90002" master-source-0="90001" master-source-1="90002" channels="2"/>'
        )

    text = text.replace("<Sources/>", f"<Sources>{sources}</Sources>", 1)
    text = text.replace("<Regions/>", f"<Regions>{region(90010, 1)}</Regions>", 1)
    playlist = re.compile(r'(<Playlist id="\d+" name="Band"[^>]*?)/>')
    text, found = playlist.subn(rf"\1>{region(90011, 0)}</Playlist>", text, count=1)
    assert found, "no empty playlist of Band in the session"
    automatic = 'alignment-choice="Automatic"'  # depends on what was connected when
    text, found = re.subn(automatic, 'alignment-choice="UseCaptureTime"', text)
    assert found, "no track that Ardour would align as it likes"
    file.write_text(re.sub(r'id-counter="\d+"', 'id-counter="90100"', text, count=1))


def test_takes_come_back_as_late_as_the_musical_latency_says_to_the_frame(bridge, tmp_path):
    rng = np.random.default_rng(0)
    sound = np.zeros(SECONDS * RATE, np.float32)
    sound[RATE // 4 : RATE] = 0.1 * rng.standard_normal(RATE - RATE // 4).astype(np.float32)
    session, client = recorded_in_spite_of_ardour(bridge, tmp_path, sound)
    for take, (loop, ahead) in enumerate(TAKES, 1):
        musical = told(client, loop, ahead)
        lag = round((1 + 20 * ahead) * HOP) + musical + (0 if loop else BLOCK)
        assert (musical > HOP) == (ahead == 0)
        for side in "LR":
            sent, stem = (
                recorded(session, take, track, side) for track in ("Sent", "Liveband")
            )
            # Both stop at once; how much Ardour leaves out at the beginning, to align them,
            # changes even with the choice that leaves out nothing. And what it sends itself
            # takes a block as well.
            begin = _lag(sent, sound) - BLOCK + len(stem) - len(sent)
            place = _lag(stem, sound)
            assert place - begin == lag, (loop, ahead)
            heard, played = stem[max(place, 0) :][:RATE], sound[max(-place, 0) :]
            np.testing.assert_array_equal(heard, played[: len(heard)])


def recorded_in_spite_of_ardour(bridge, folder, sound):
    """Try :func:`recorded_takes` until Ardour survives it; return session folder and client.

    A take in which the bridge loses a hop is a failure of ours, and not tried again.
    """
    failures = []
    while len(failures) < TRIES:
        session = folder / f"session-{len(failures)}"
        try:
            return session, recorded_takes(bridge, session, sound)
        except ArdourFailed as reason:
            failures.append(reason)
            logger.warning("Ardour failed, once more: %s", reason)
    raise AssertionError(f"Ardour failed {TRIES} times: {failures}")


def recorded_takes(bridge, session, sound):
    """Record every take in a new session on a new server; return the bridge's client.

    Raises:
        ArdourFailed: As :func:`ardour`.
    """
    client, environment, port = bridge()
    ardour(SESSION, environment, session, TEMPLATE)
    put_sound_in(session, sound)
    told(client, *TAKES[0])
    before = gaps(client)
    settings = [setting for take in TAKES for setting in take]
    said = ardour(PLAY, environment, session, port, *settings)
    files = {file.name for file in session.rglob("Take*.wav")}
    assert gaps(client) == before, f"the bridge lost hops while Ardour recorded: {said}"
    assert len(files) == len(TAKES) * len(("Sent", "Liveband")) * len("LR"), (files, said)
    return client


def gaps(client):
    """Return how many stem hops came late or not at all so far."""
    _, _, underruns, _, late, skipped, *_ = client.read("/liveband/status/engine")
    return underruns + late + skipped


def recorded(session, take, track, side):
    """Return what a take has of one side of a track."""
    (file,) = (session / "interchange").rglob(f"Take{take}_{track}-1%{side}.wav")
    sound, rate = soundfile.read(file, dtype="float32")
    assert rate == RATE
    return sound


def told(client, loop, ahead):
    """Return the musical latency that the bridge tells of these settings, once it does."""
    client.do("/liveband/latency/loop", loop)
    client.do("/liveband/anticipation", ahead)
    for _ in range(600):
        _, musical, *terms, in_force, safety, own = client.read("/liveband/latency")
        total = sum(terms) + safety + own
        asked = (own, musical) == (loop * BLOCK, max(0, total - round(20 * ahead) * HOP))
        if asked and in_force == pytest.approx(ahead):  # and the engine plays by it
            return musical
        time.sleep(0.1)
    raise AssertionError(f"the bridge keeps telling {client.read('/liveband/latency')}")


def _lag(heard, sound):
    """Return by how many frames ``sound`` is found later in ``heard``; below 0 for earlier."""
    size = 1 << (len(heard) + len(sound)).bit_length()
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(sound, size))
    lag = int(np.argmax(np.fft.irfft(spectrum, size)))
    return lag if lag < size // 2 else lag - size
