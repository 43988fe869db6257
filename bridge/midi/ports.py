"""Ways to controllers: JACK's ports through the audio callback, or the system's own by mido.

The only file that names mido, and it does so when a port is opened, not before.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from bridge.audio.shared.share import AudioShare
from bridge.common.errors import ConfigError, EnvironmentMissing
from bridge.midi.frame_clock import FrameClock

__all__ = ["JackPort", "MidiPort", "SystemPort", "port_names"]

logger = logging.getLogger(__name__)

_LOOK_S = 2.0
_MEND = (
    "plug the controller in and load the driver (on Linux 'modprobe snd-seq'), or use JACK's "
    "control_in: leave --midi out"
)


class MidiPort(Protocol):
    """A device's input and output."""

    @property
    def name(self) -> str:
        """What its bindings are saved under."""

    def receive(self, clock: FrameClock) -> list[tuple[int, bytes]]:
        """Return what came since the last call: absolute frame and whole message."""

    def send(self, message: bytes, frame: int = 0) -> None:
        """Send a whole message at a frame, at once when that is past; never waits."""

    def plugged_in(self) -> bool:
        """Return whether it came, or came back, since the last call."""

    def close(self) -> None:
        """Let it go."""


class JackPort:
    """``control_in`` and ``control_out``; frames are exact, read in the audio callback."""

    name = "jack"

    def __init__(self, share: AudioShare) -> None:
        self._share = share

    def receive(self, clock: FrameClock) -> list[tuple[int, bytes]]:
        """Return what came, with the frame within the block at which it did."""
        return self._share.midi_events()

    def send(self, message: bytes, frame: int = 0) -> None:
        """Queue it for its frame; a full queue drops it, which the share counts."""
        self._share.send_midi(message, frame)

    def plugged_in(self) -> bool:
        """Return False: JACK wires come and go without our being told."""
        return False

    def close(self) -> None:
        """Leave the ports to the audio back end, which opened them."""


class SystemPort:
    """A device of the system's MIDI, found by a part of its name; waits for it if unplugged.

    Args:
        wanted: Name, or a part of it in either case, of an input there is now.
        clock: Steady seconds, the same as the frame clock's.

    Raises:
        EnvironmentMissing: The system has no MIDI, or there is no such device.
        ConfigError: Several devices are called so.
    """

    def __init__(self, wanted: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._mido = _mido()
        self._clock = clock
        self._name = _find(wanted, port_names())
        self._heard: deque[tuple[float, bytes]] = deque(maxlen=4096)
        self._later: deque[tuple[int, bytes]] = deque(maxlen=1024)
        self._input: Any = None
        self._output: Any = None
        self._looked_s = clock()
        self._came = False
        self._open()

    @property
    def name(self) -> str:
        """The system's name of the device."""
        return self._name

    def receive(self, clock: FrameClock) -> list[tuple[int, bytes]]:
        """Return what came; frames are as exact as the system's delivery is prompt.

        What was to be sent by now is sent, as exactly as we are asked often.
        """
        self._look()
        now = clock.now() if self._later else 0
        while self._later and self._later[0][0] <= now:
            self._send(self._later.popleft()[1])
        events = []
        while self._heard:
            seconds, message = self._heard.popleft()
            events.append((clock.at(seconds), message))
        return events

    def send(self, message: bytes, frame: int = 0) -> None:
        """Send when its frame has come, if the device has an input and is there."""
        if frame:
            self._later.append((frame, message))
        else:
            self._send(message)

    def _send(self, message: bytes) -> None:
        if self._output is None:
            return
        try:
            self._output.send(self._mido.Message.from_bytes(message))
        except Exception as error:  # whatever the driver raises for a pulled plug
            logger.warning("%s does not take what it is sent: %s", self._name, error)
            self._let_go()

    def plugged_in(self) -> bool:
        """Return whether it came since the last call."""
        came, self._came = self._came, False
        return came

    def close(self) -> None:
        """Let it go."""
        self._let_go()

    def _open(self) -> None:
        """Open both directions.

        Raises:
            EnvironmentMissing: Another program holds it.
        """
        try:
            self._input = self._mido.open_input(self._name, callback=self._hear)
            if self._name in self._mido.get_output_names():
                self._output = self._mido.open_output(self._name)
        except Exception as error:  # rtmidi raises its own kinds, one for each system
            self._let_go()
            raise EnvironmentMissing(
                f"the MIDI device {self._name!r} cannot be opened: {error}; close the program "
                f"that uses it, or name another with --midi"
            ) from error
        self._came = True

    def _hear(self, message: Any) -> None:  # noqa: ANN401 - mido has no types
        """Keep one message; called on a thread of the driver."""
        self._heard.append((self._clock(), bytes(message.bytes())))

    def _look(self) -> None:
        """See every two seconds whether the device was unplugged, or is back."""
        if self._clock() - self._looked_s < _LOOK_S:
            return
        self._looked_s = self._clock()
        try:
            there = self._name in port_names()
        except EnvironmentMissing:  # with the system's MIDI goes every device
            there = False
        if self._input is not None and not there:
            logger.warning(
                "the MIDI device %s is gone; waiting for it to come back", self._name
            )
            self._let_go()
        elif self._input is None and there:
            try:
                self._open()
                logger.warning("the MIDI device %s is back", self._name)
            except EnvironmentMissing as error:
                logger.debug("%s", error)

    def _let_go(self) -> None:
        for port in (self._input, self._output):
            if port is not None:
                port.close()
        self._input = self._output = None


def port_names() -> list[str]:
    """Return the names of the MIDI inputs there are.

    Raises:
        EnvironmentMissing: The system has no MIDI.
    """
    try:
        return sorted(set(_mido().get_input_names()))
    except EnvironmentMissing:
        raise
    except Exception as error:  # rtmidi raises its own kinds, one for each system
        raise EnvironmentMissing(
            f"this system's MIDI does not answer: {error}; {_MEND}"
        ) from error


def _find(wanted: str, names: list[str]) -> str:
    """Return the one name that is ``wanted`` or holds it.

    Raises:
        EnvironmentMissing: There is none.
        ConfigError: There are several.
    """
    if wanted in names:
        return wanted
    found = [name for name in names if wanted.casefold() in name.casefold()]
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
