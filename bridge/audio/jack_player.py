"""A player on JACK that plays one recording and makes another on the same timeline.

The demo and the live tests use it where a musician uses a DAW. Player and recorder are two
clients, so that a bridge between them closes no loop in the graph (a loop costs one block).
They run in a process of their own, where Python callbacks disturb nothing else.
"""

import multiprocessing
import time
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.audio.jack_connecting import ensure_connected
from bridge.audio.jack_opening import open_client
from bridge.audio.libjack import load_jack
from bridge.audio.shared.space import JACK_CLIENT_BYTES, require_space
from bridge.common.closing import Closeable
from bridge.common.errors import BridgeError, EngineError

__all__ = ["JackPlayer"]

StereoAudio = NDArray[np.float32]
"""Stereo samples, shape ``(frames, 2)``."""

SIDES = ("L", "R")
_TIMEOUT_S = 20.0
_POLL_S = 0.01
_WRAP = 1 << 32
"""Frames after which JACK counts from 0 again: a day at 48 kHz."""


class JackPlayer(Closeable):
    """Plays and records; its ports are ``NAME-play:L R`` and ``NAME-record:L R``.

    Args:
        server: Name of the JACK server.
        audio: Recording to play, at the server's rate.
        name: Prefix of both client names.
        rounds: How often to play it, without gaps; the recording is that of the last round.

    Raises:
        EngineError: The process could not open its clients.
        EnvironmentMissing: There is no shared memory for them.
    """

    def __init__(
        self, server: str, audio: StereoAudio, name: str = "deck", *, rounds: int = 1
    ) -> None:
        self.name = name
        require_space(2 * JACK_CLIENT_BYTES, f"the JACK player {name}")
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._position = context.Value("q", 0, lock=False)
        self._process = context.Process(
            target=_run_player,
            args=(server, name, audio, rounds, theirs, self._position),
            daemon=True,
        )
        self._process.start()
        theirs.close()
        self._answer()

    @property
    def position(self) -> int:
        """Frames played so far, in all rounds."""
        return int(self._position.value)

    def connect(self, bridge: str) -> None:
        """Connect the player to a bridge's inputs and its outputs to the recorder.

        Args:
            bridge: Client name of the bridge.

        Raises:
            EngineError: JACK refused.
        """
        self._ask(("connect", bridge))

    def roll(self) -> None:
        """Play and record from the top, beginning with the next cycle."""
        self._ask(("roll", ""))

    def freewheel(self) -> None:
        """Play and record from the top in the first cycle of freewheel; return at the end."""
        self._ask(("freewheel", ""))

    def recording(self) -> StereoAudio:
        """Wait for the end and return what was recorded meanwhile.

        Raises:
            EngineError: The process died.
        """
        self._pipe.send(("recording", ""))
        recorded: StereoAudio = self._answer(timeout_s=None)
        return recorded

    def close(self) -> None:
        """Leave JACK and end the process. May be called twice."""
        if self._process.is_alive():
            self._pipe.send(("close", ""))
            self._process.join(_TIMEOUT_S)
            self._process.terminate()  # while it plays it does not read the pipe
        self._pipe.close()

    def _ask(self, command: tuple[str, str]) -> None:
        self._pipe.send(command)
        self._answer(timeout_s=None if command[0] == "freewheel" else _TIMEOUT_S)

    def _answer(self, timeout_s: float | None = _TIMEOUT_S) -> Any:  # noqa: ANN401
        try:
            if not self._pipe.poll(timeout_s):
                raise EngineError(
                    f"the JACK player {self.name} did not answer within {timeout_s:g} s"
                )
            answer = self._pipe.recv()
        except EOFError:
            raise EngineError(f"the JACK player {self.name} died") from None
        if isinstance(answer, Exception):
            raise EngineError(f"the JACK player {self.name}: {answer}")
        return answer


class _Playback:
    """Position of both callbacks in the recording, counted by the server's frame time."""

    def __init__(self, audio: StereoAudio, rounds: int, position: Any) -> None:  # noqa: ANN401
        self.audio = np.ascontiguousarray(audio, np.float32)
        self.recorded = np.zeros_like(self.audio)
        self._frames = rounds * len(self.audio)
        self._position = position
        self._armed = self._wants_freewheel = self._freewheeling = False
        self._start: int | None = None

    @property
    def finished(self) -> bool:
        """Whether everything was played and recorded."""
        return bool(self._position.value >= self._frames)

    def arm(self, *, freewheel: bool) -> None:
        """Begin from the top with the next cycle, live or in freewheel as asked."""
        self._position.value = 0
        self._start, self._wants_freewheel, self._armed = None, freewheel, True

    def on_freewheel(self, starting: bool) -> None:
        """Take note of the server's mode; JACK calls this between two cycles."""
        self._freewheeling = bool(starting)

    def play(self, now: int, outs: list[NDArray[np.float32]]) -> None:
        """Fill one cycle of both sides; runs in JACK's thread."""
        if self._armed and self._wants_freewheel == self._freewheeling:
            self._start, self._armed = now, False
        at, count = self._span(now, len(outs[0]))
        where = np.arange(at, at + count) % len(self.audio)
        for side, out in enumerate(outs):
            out[:count] = self.audio[where, side]
            out[count:] = 0

    def record(self, now: int, ins: list[NDArray[np.float32]]) -> None:
        """Record one cycle of both sides; runs in JACK's thread."""
        at, count = self._span(now, len(ins[0]))
        if count:
            where = np.arange(at, at + count) % len(self.audio)
            for side, heard in enumerate(ins):
                self.recorded[where, side] = heard[:count]
            self._position.value = at + count

    def _span(self, now: int, frames: int) -> tuple[int, int]:
        """Return the first frame to be played in this cycle and how many there are."""
        if self._start is None:
            return 0, 0
        passed = now - self._start
        passed += _WRAP * round((self._position.value - passed) / _WRAP)
        if passed < 0:
            return 0, 0
        at = min(passed, self._frames)
        return at, min(frames, self._frames - at)


def _run_player(
    server: str,
    name: str,
    audio: StereoAudio,
    rounds: int,
    pipe: Connection,
    position: Any,  # noqa: ANN401
) -> None:
    jack = load_jack(server)
    playback = _Playback(audio, rounds, position)
    try:
        player = open_client(jack, f"{name}-play", server)
        recorder = open_client(jack, f"{name}-record", server)
    except BridgeError as error:
        pipe.send(error)
        return
    outs = [player.outports.register(side) for side in SIDES]
    ins = [recorder.inports.register(side) for side in SIDES]

    def play(frames: int) -> None:
        playback.play(player.last_frame_time, [port.get_array() for port in outs])

    def record(frames: int) -> None:
        playback.record(recorder.last_frame_time, [port.get_array() for port in ins])

    player.set_process_callback(play)
    player.set_freewheel_callback(playback.on_freewheel)
    recorder.set_process_callback(record)
    with player, recorder:
        pipe.send("ready")
        _serve(_Commands(player, playback, name), pipe)


def _serve(commands: "_Commands", pipe: Connection) -> None:
    while True:
        try:
            command, argument = pipe.recv()
        except EOFError:
            return
        if command == "close":
            return
        try:
            pipe.send(getattr(commands, command)(argument))
        except Exception as error:  # the other process raises it
            pipe.send(RuntimeError(f"{command} {argument}: {error}"))


class _Commands:
    """Commands that the other process can send, by name."""

    def __init__(self, client: Any, playback: _Playback, name: str) -> None:  # noqa: ANN401
        self._client = client
        self._playback = playback
        self._name = name

    def connect(self, bridge: str) -> None:
        jack = load_jack()
        for side in SIDES:
            for pair in (
                (f"{self._name}-play:{side}", f"{bridge}:in_{side}"),
                (f"{bridge}:out_{side}", f"{self._name}-record:{side}"),
            ):
                ensure_connected(jack, self._client, *pair)

    def roll(self, _: str) -> None:
        self._playback.arm(freewheel=False)

    def freewheel(self, _: str) -> None:
        self._playback.arm(freewheel=True)
        self._client.set_freewheel(True)
        self._wait()
        self._client.set_freewheel(False)

    def recording(self, _: str) -> StereoAudio:
        self._wait()
        return self._playback.recorded

    def _wait(self) -> None:
        while not self._playback.finished:
            time.sleep(_POLL_S)
