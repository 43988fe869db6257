"""MIDI ports: those of JACK, through the audio callback, and those of the system, by mido.

Only this module imports mido, and only when a port is opened.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from bridge.audio.shared.share import AudioShare
from bridge.common.errors import ConfigError, EnvironmentMissing
from bridge.midi.frame_clock import FrameClock
from model.formats.names import composed

__all__ = ["JackPort", "MidiPort", "SystemPort", "port_names"]

logger = logging.getLogger(__name__)

_WATCH_S = 2.0
_CURE = (
    "plug the controller in and load the driver (on Linux 'modprobe snd-seq'), or use JACK's "
    "control_in: leave --midi out"
)


class MidiPort(Protocol):
    """A device's input and output."""

    @property
    def name(self) -> str:
        """Name that its bindings are saved under."""

    def receive(self, clock: FrameClock) -> list[tuple[int, bytes]]:
        """Return the frames and messages received since the last call."""

    def send(self, message: bytes, frame: int = 0) -> None:
        """Send a whole message at a frame, at once when that is past; never waits."""

    def plugged_in(self) -> bool:
        """Return whether the device was connected since the last call."""

    def close(self) -> None:
        """Close the port."""


class JackPort:
    """JACK ports ``control_in`` and ``control_out``, with exact frames from the callback."""

    name = "jack"

    def __init__(self, share: AudioShare) -> None:
        self._share = share
        self._seen = share.control_connections
        self._seen_frame = 0
        self._connected = False

    def receive(self, clock: FrameClock) -> list[tuple[int, bytes]]:
        """Return the messages received, each with its exact frame."""
        return self._share.midi_events()

    def send(self, message: bytes, frame: int = 0) -> None:
        """Queue a message for its frame; one dropped by a full queue is counted there."""
        self._share.send_midi(message, frame)

    def plugged_in(self) -> bool:
        """Return whether a port was connected to ``control_out`` since the last call.

        It is told two cycles later, when what is sent arrives there.
        """
        count, frame = self._share.control_connections, self._share.frame
        if count != self._seen:
            self._seen, self._seen_frame, self._connected = count, frame, True
        told = self._connected and frame >= self._seen_frame + 2 * self._share.block
        self._connected = self._connected and not told
        return told

    def close(self) -> None:
        """Do nothing: the audio back end opened the ports and closes them."""


class SystemPort:
    """A MIDI device of the system, found by a part of its name; reopened after unplugging.

    Args:
        wanted: Name of an input, or a part of it in any case.
        clock: Steady seconds, the same as the frame clock's.

    Raises:
        EnvironmentMissing: The system has no MIDI, or there is no such device.
        ConfigError: Several devices have such a name.
    """

    def __init__(self, wanted: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._mido = _mido()
        self._clock = clock
        self._name = _find(wanted, port_names())
        self._received: deque[tuple[float, bytes]] = deque(maxlen=4096)
        self._later: deque[tuple[int, bytes]] = deque(maxlen=1024)
        self._input: Any = None
        self._output: Any = None
        self._watched_s = clock()
        self._connected = False
        self._open()

    @property
    def name(self) -> str:
        """The system's name of the device."""
        return self._name

    def receive(self, clock: FrameClock) -> list[tuple[int, bytes]]:
        """Return the messages received; frames are as exact as the system delivers promptly.

        Queued messages that are due are sent, so this has to be called often.
        """
        self._watch()
        now = clock.now() if self._later else 0
        while self._later and self._later[0][0] <= now:
            self._send(self._later.popleft()[1])
        events = []
        while self._received:
            seconds, message = self._received.popleft()
            events.append((clock.at(seconds), message))
        return events

    def send(self, message: bytes, frame: int = 0) -> None:
        """Send a message at its frame, if the device is connected and has an input."""
        if frame:
            self._later.append((frame, message))
        else:
            self._send(message)

    def _send(self, message: bytes) -> None:
        if self._output is None:
            return
        try:
            self._output.send(self._mido.Message.from_bytes(message))
        except Exception as error:  # depends on the driver
            logger.warning("%s does not take what it is sent: %s", self._name, error)
            self._close_ports()

    def plugged_in(self) -> bool:
        """Return whether the device was connected since the last call."""
        connected, self._connected = self._connected, False
        return connected

    def close(self) -> None:
        """Close the port."""
        self._close_ports()

    def _open(self) -> None:
        """Open both directions.

        Raises:
            EnvironmentMissing: Another program holds it.
        """
        try:
            self._input = self._mido.open_input(self._name, callback=self._keep)
            if self._name in self._mido.get_output_names():
                self._output = self._mido.open_output(self._name)
        except Exception as error:  # rtmidi raises its own kinds, one for each system
            self._close_ports()
            raise EnvironmentMissing(
                f"the MIDI device {self._name!r} cannot be opened: {error}; close the program "
                f"that uses it, or name another with --midi"
            ) from error
        self._connected = True

    def _keep(self, message: Any) -> None:  # noqa: ANN401 - mido has no types
        """Keep one message; called on a thread of the driver."""
        self._received.append((self._clock(), bytes(message.bytes())))

    def _watch(self) -> None:
        """Check every two seconds whether the device was unplugged or is back."""
        if self._clock() - self._watched_s < _WATCH_S:
            return
        self._watched_s = self._clock()
        try:
            there = self._name in port_names()
        except EnvironmentMissing:  # without the system's MIDI there is no device
            there = False
        if self._input is not None and not there:
            logger.warning(
                "the MIDI device %s is gone; waiting for it to come back", self._name
            )
            self._close_ports()
        elif self._input is None and there:
            try:
                self._open()
                logger.warning("the MIDI device %s is back", self._name)
            except EnvironmentMissing as error:
                logger.debug("%s", error)

    def _close_ports(self) -> None:
        for port in (self._input, self._output):
            if port is not None:
                port.close()
        self._input = self._output = None


def port_names() -> list[str]:
    """Return the names of all MIDI inputs.

    Raises:
        EnvironmentMissing: The system has no MIDI.
    """
    try:
        return sorted(set(_mido().get_input_names()))
    except EnvironmentMissing:
        raise
    except Exception as error:  # rtmidi raises its own kinds, one for each system
        raise EnvironmentMissing(
            f"this system's MIDI does not answer: {error}; {_CURE}"
        ) from error


def _find(wanted: str, names: list[str]) -> str:
    """Return the one name that equals or contains ``wanted``.

    Raises:
        EnvironmentMissing: There is none.
        ConfigError: There are several.
    """
    if wanted in names:
        return wanted
    part = composed(wanted).casefold()
    found = [name for name in names if part in composed(name).casefold()]
    if not found:
        known = ", ".join(names) or "none at all"
        raise EnvironmentMissing(f"no MIDI device is called {wanted!r}; there are: {known}")
    if len(found) > 1:
        raise ConfigError(f"--midi {wanted!r} fits several devices: {', '.join(found)}")
    return found[0]


def _mido() -> Any:  # noqa: ANN401 - mido has no types
    """Return the library.

    Raises:
        EnvironmentMissing: It, or what it needs to reach devices, is not installed.
    """
    try:
        import mido

        mido.backend.load()
    except ImportError as error:
        raise EnvironmentMissing(
            f"MIDI devices need mido and python-rtmidi ({error}): "
            "pip install mido python-rtmidi, or use JACK's control_in"
        ) from error
    return mido
