"""Private JACK servers, and peers that play into and record from the client under test."""

import contextlib
import sys
import time

import numpy as np
import pytest

from bridge.audio.jack import JackBackend
from bridge.audio.jack_opening import open_client
from bridge.audio.jack_server import JackServer
from bridge.audio.shared.share import AudioShare
from tests.live.program import program
from tools.chromium import chromium


@pytest.fixture
def jackd():
    """A factory of private servers on the dummy driver, in sync mode: no cycle is skipped."""
    servers = []

    def start(rate=48_000, block=256):
        server = JackServer(rate=rate, block=block, realtime=False, sync=True)
        servers.append(server)
        return server.start()

    yield start
    for server in servers:
        sys.stdout.write(server.output)  # beside the report of a test that failed
        server.stop()


@pytest.fixture
def wait_until():
    """Poll until a condition holds; fail when it does not in time."""

    def wait(condition, timeout_s=60.0):
        deadline = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline, "the condition did not come true in time"
            time.sleep(0.005)

    return wait


@pytest.fixture(scope="module")
def browser():
    """Chromium, for which the names of an attacker lead to this machine."""
    with chromium("--host-resolver-rules=MAP *.example 127.0.0.1") as running:
        yield running


@pytest.fixture
def page(browser):
    """A tab of the browser."""
    with browser.tab() as tab:
        yield tab


@pytest.fixture
def run(tmp_path, wait_until):
    """A factory of running programs with the pass-through model; returns clients of them."""
    with contextlib.ExitStack() as stack:

        def start(server, *options):
            plain = ("--checkpoint", "passthrough", "--jack-name", "band")
            running = program(server, tmp_path, *plain, *options, wait_until=wait_until)
            return stack.enter_context(running)[0]

        yield start


@pytest.fixture
def band(jackd):
    """A factory of started clients ``band``, each with its share, whose values may be given."""
    with contextlib.ExitStack() as stack:

        def start(server, **values):
            backend = stack.enter_context(JackBackend("band", server.name))
            share = AudioShare.create(backend.rate, backend.rate // 20)
            stack.callback(share.close)
            stack.callback(backend.close)
            strip = share.strip(1)
            for name, value in values.items():
                setattr(strip if hasattr(strip, name) else share, name, value)
            backend.start(share)
            return backend, share

        yield start


@pytest.fixture
def peers(band, wait_until):
    """A factory of a player into both inputs, and a recorder, whose wires are in force.

    The recorder has ``out_L`` on channel 0 and the player itself on channel 1.
    """
    with contextlib.ExitStack() as stack:

        def start(server, backend, sound, events=()):
            player = stack.enter_context(contextlib.closing(Player(server, sound, events)))
            recorder = stack.enter_context(contextlib.closing(Recorder(server)))
            for source, destination in (
                ("player:out", "band:in_L"),
                ("player:out", "band:in_R"),
                ("player:out", "recorder:in_2"),
                ("player:midi", "band:control_in"),
                ("band:out_L", "recorder:in_1"),
                ("band:control_out", "recorder:midi"),
            ):
                backend.connect(source, destination)
            connected = recorder.cycles
            wait_until(lambda: recorder.cycles > connected + 1)  # new wires wait for a cycle
            return player, recorder

        yield start


class Player:
    """A client that plays a sound and MIDI messages from when it is told to.

    ``events`` are ``(frame, message)``, frames counted from the first of the sound.
    Before that it plays nothing.
    """

    def __init__(self, server, sound, events=()):
        import jack

        self._client = open_client(jack, "player", server.name)
        self._out = self._client.outports.register("out")
        self._midi = self._client.midi_outports.register("midi")
        self._sound, self._events = np.asarray(sound, np.float32), list(events)
        self._frame, self._playing = 0, False
        self.stall_s = 0.0
        """Time to sleep in the next callback, to miss its deadline."""
        self._client.set_process_callback(self._process)
        self._client.activate()

    def _process(self, frames):
        time.sleep(self.stall_s)
        self.stall_s = 0.0
        self._midi.clear_buffer()
        buffer = self._out.get_array()
        buffer[:] = 0
        if not self._playing:
            return
        piece = self._sound[self._frame : self._frame + frames]
        buffer[: len(piece)] = piece
        while self._events and self._events[0][0] < self._frame + frames:
            at, message = self._events.pop(0)
            self._midi.write_midi_event(at - self._frame, message)
        self._frame += frames

    @property
    def done(self):
        return self._frame >= len(self._sound)

    @property
    def frame(self):
        """How much of the sound was played, in frames."""
        return self._frame

    def play(self):
        self._playing = True

    def set_block(self, frames):
        self._client.blocksize = frames

    def close(self):
        self._client.deactivate()
        self._client.close()


class Recorder:
    """A client that keeps everything that arrives at ``in_1``, ``in_2`` and ``midi``.

    Attributes:
        events: Messages with the frames they came at, counted from the first one recorded.
        transport_ahead: Frames by which the transport was ahead of that count in the last
            cycle in which it rolled.
    """

    def __init__(self, server):
        import jack

        self._client = open_client(jack, "recorder", server.name)
        self._ins = [self._client.inports.register(f"in_{side}") for side in (1, 2)]
        self._midi = self._client.midi_inports.register("midi")
        self._parts, self._frame = [], 0
        self.events, self.transport_offset = [], 0
        self._rolling = jack.ROLLING
        self._client.set_process_callback(self._process)
        self._client.activate()

    def _process(self, frames):
        self._parts.append(np.stack([port.get_array().copy() for port in self._ins]))
        for offset, message in self._midi.incoming_midi_events():
            self.events.append((self._frame + offset, bytes(message)))
        state, position = self._client.transport_query_struct()
        if state == self._rolling:
            self.transport_offset = position.frame - self._frame
        self._frame += frames

    @property
    def cycles(self):
        return len(self._parts)

    @property
    def frames(self):
        return self._frame

    @property
    def sound(self):
        """What was recorded so far, shape ``(2, frames)``."""
        return np.concatenate(self._parts[:], axis=1)

    def replug(self):
        """Take the connection from ``control_out`` away and make it again."""
        ends = ("band:control_out", "recorder:midi")
        self._client.disconnect(*ends)
        self._client.connect(*ends)

    def close(self):
        self._client.deactivate()
        self._client.close()
