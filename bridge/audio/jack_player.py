"""A tape deck on JACK: plays one recording and takes another, frame by frame alike.

It is the second program of the demo and of the live tests, as a DAW would be. Player and
recorder are two clients, so that a bridge between them closes no loop in the graph (a loop
costs one block). It lives in a process of its own, where Python callbacks disturb nobody.
"""

import errno
import multiprocessing
import time
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.common.closing import Closeable
from bridge.common.errors import EngineError

__all__ = ["JackPlayer"]

StereoAudio = NDArray[np.float32]
"""Stereo samples, shape ``(frames, 2)``."""

SIDES = ("L", "R")
_PATIENCE_S = 20.0
_POLL_S = 0.01
_WRAP = 1 << 32
"""Frames after which JACK counts from 0 again: a day at 48 kHz."""


class JackPlayer(Closeable):
    """A deck on a JACK server; its ports are ``NAME-play:L R`` and ``NAME-record:L R``.

    Args:
        server: Name of the JACK server.
        tape: What to play, at the server's rate.
        name: Prefix of both client names.
        rounds: How often to play it, one time after the other without a gap; what was recorded
            is that of the last round.

    Raises:
        EngineError: The deck's process could not open its clients.
    """

    def __init__(
        self, server: str, tape: StereoAudio, name: str = "deck", *, rounds: int = 1
    ) -> None:
        self.name = name
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._position = context.Value("q", 0, lock=False)
        self._process = context.Process(
            target=_be_a_deck,
            args=(server, name, tape, rounds, theirs, self._position),
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
        """Wire the player to a bridge's inputs and its outputs to the recorder.

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
        """Return what was recorded while the tape played; waits for its end.

        Raises:
            EngineError: The deck died.
        """
        self._pipe.send(("recording", ""))
        recorded: StereoAudio = self._answer(timeout_s=None)
        return recorded

    def close(self) -> None:
        """Leave JACK and end the process. May be called twice."""
        if self._process.is_alive():
            self._pipe.send(("close", ""))
            self._process.join(_PATIENCE_S)
            self._process.terminate()  # one that still plays for hours does not hear
        self._pipe.close()

    def _ask(self, order: tuple[str, str]) -> None:
        self._pipe.send(order)
        self._answer(timeout_s=None if order[0] == "freewheel" else _PATIENCE_S)

    def _answer(self, timeout_s: float | None = _PATIENCE_S) -> Any:  # noqa: ANN401
        try:
            if not self._pipe.poll(timeout_s):
                raise EngineError(f"the deck {self.name} did not answer within {timeout_s:g} s")
            answer = self._pipe.recv()
        except EOFError:
            raise EngineError(f"the deck {self.name} died") from None
        if isinstance(answer, Exception):
            raise EngineError(f"the deck {self.name}: {answer}")
        return answer


class _Transport:
    """Both callbacks' view of the tape; frames are counted by the server's frame time."""

    def __init__(self, tape: StereoAudio, rounds: int, position: Any) -> None:  # noqa: ANN401
        self.tape = np.ascontiguousarray(tape, np.float32)
        self.recorded = np.zeros_like(self.tape)
        self._frames = rounds * len(self.tape)
        self._position = position
        self._armed = self._wants_freewheel = self._freewheeling = False
        self._start: int | None = None

    @property
    def finished(self) -> bool:
        """Whether the whole tape was played and recorded."""
        return bool(self._position.value >= self._frames)

    def arm(self, *, freewheel: bool) -> None:
        """Begin from the top with the player's next cycle of the kind asked for."""
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
        where = np.arange(at, at + count) % len(self.tape)
        for side, out in enumerate(outs):
            out[:count] = self.tape[where, side]
            out[count:] = 0

    def record(self, now: int, ins: list[NDArray[np.float32]]) -> None:
        """Keep one cycle of both sides; runs in JACK's thread."""
        at, count = self._span(now, len(ins[0]))
        if count:
            where = np.arange(at, at + count) % len(self.tape)
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


def _be_a_deck(
    server: str,
    name: str,
    tape: StereoAudio,
    rounds: int,
    pipe: Connection,
    position: Any,  # noqa: ANN401
) -> None:
    import jack

    transport = _Transport(tape, rounds, position)
    try:
        player = jack.Client(f"{name}-play", servername=server, no_start_server=True)
        recorder = jack.Client(f"{name}-record", servername=server, no_start_server=True)
    except jack.JackError as error:
        pipe.send(RuntimeError(f"no JACK server {server!r}: {error}"))
        return
    outs = [player.outports.register(side) for side in SIDES]
    ins = [recorder.inports.register(side) for side in SIDES]

    def play(frames: int) -> None:
        transport.play(player.last_frame_time, [port.get_array() for port in outs])

    def record(frames: int) -> None:
        transport.record(recorder.last_frame_time, [port.get_array() for port in ins])

    player.set_process_callback(play)
    player.set_freewheel_callback(transport.on_freewheel)
    recorder.set_process_callback(record)
    with player, recorder:
        pipe.send("ready")
        _obey(_Orders(player, transport, name), pipe)


def _obey(orders: "_Orders", pipe: Connection) -> None:
    while True:
        try:
            order, argument = pipe.recv()
        except EOFError:
            return
        if order == "close":
            return
        try:
            pipe.send(getattr(orders, order)(argument))
        except Exception as error:  # whatever it is, the other process must hear of it
            pipe.send(RuntimeError(f"{order} {argument}: {error}"))


class _Orders:
    """What the deck can be asked to do, by name."""

    def __init__(self, client: Any, transport: _Transport, name: str) -> None:  # noqa: ANN401
        self._client = client
        self._transport = transport
        self._name = name

    def connect(self, bridge: str) -> None:
        for side in SIDES:
            self._wire(f"{self._name}-play:{side}", f"{bridge}:in_{side}")
            self._wire(f"{bridge}:out_{side}", f"{self._name}-record:{side}")

    def _wire(self, source: str, destination: str) -> None:
        """Make a wire; one that a bridge has remembered is there already, which is fine."""
        import jack

        try:
            self._client.connect(source, destination)
        except jack.JackErrorCode as error:
            if error.code != errno.EEXIST:
                raise

    def roll(self, _: str) -> None:
        self._transport.arm(freewheel=False)

    def freewheel(self, _: str) -> None:
        self._transport.arm(freewheel=True)
        self._client.set_freewheel(True)
        self._wait()
        self._client.set_freewheel(False)

    def recording(self, _: str) -> StereoAudio:
        self._wait()
        return self._transport.recorded

    def _wait(self) -> None:
        while not self._transport.finished:
            time.sleep(_POLL_S)
