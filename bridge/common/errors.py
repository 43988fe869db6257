"""Everything the bridge can refuse to do, and why.

::

    BridgeError
    ├── ConfigError (ValueError)       a setting is outside what the bridge can do
    ├── ParameterError (ValueError)    a control was given a value it does not take
    ├─┬ EnvironmentMissing             JACK, a sound device or a library is not there
    │└─── ServerMissing                no JACK server answers, but one may at any time
    ├── EngineError                    the engine process could not start or died
    ├─┬ RefusedError                   a running bridge could not do what it was told
    │└─── SupersededError              a later change took the place of one that waited
    ├── DiskError                      what was made cannot be written
    └── AudioFileError (ValueError)    a sound file cannot be read or has the wrong form

Every error has the code under which ``/liveband/fail`` reports it to OSC clients.
"""

from enum import IntEnum
from typing import Self

from model.formats.system_errors import sentence_of

__all__ = [
    "AudioFileError",
    "BridgeError",
    "ConfigError",
    "DiskError",
    "EngineError",
    "EnvironmentMissing",
    "FailureCode",
    "ParameterError",
    "RefusedError",
    "ServerMissing",
    "SupersededError",
    "fault_text",
]


class FailureCode(IntEnum):
    """Codes of ``/liveband/fail``; part of the OSC protocol, so never renumbered."""

    meaning: str
    """Explanation for people."""

    def __new__(cls, code: int, meaning: str) -> Self:
        """Make a member from its number and its explanation."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    ADDRESS = 1, "unknown address; the text names the nearest"
    TYPE = 2, "wrong type of argument"
    COUNT = 3, "wrong number of arguments"
    CLAMPED = (
        4,
        "out of range or between choices: a notice, the value sent along was applied",
    )
    CHOICE = 5, "none of the choices; the text lists them"
    BUSY = 6, "too much under way, try again"
    UNAVAILABLE = 7, "not available now"
    TIMED_OUT = 8, "no acknowledgement in time"
    FILE = 9, "file cannot be read or written"
    NOT_ALLOWED = 10, "not allowed: it is read-only, or not for this host"
    MALFORMED = 11, "the packet is not OSC"
    TIME_TAG = 12, "time tag too far ahead"
    CLIENTS = 13, "too many clients or subscriptions"
    SUPERSEDED = 14, "superseded: it waited for the beat, and a later change took its place"
    JACK_REFUSED = 20, "JACK refused"
    JACK_ABSENT = 21, "JACK is not running"
    MODEL_LOAD = 30, "the checkpoint could not be loaded"
    MODEL_STATE = 31, "the state belongs to another checkpoint"
    INTERNAL = 99, "a bug on our side; please report the log"


class BridgeError(Exception):
    """Root of everything the bridge raises on purpose.

    Args:
        message: What was expected or asked, what came or why it cannot be, what to do.
        code: Reported to OSC clients; None for the one of the class.
    """

    code: int = FailureCode.UNAVAILABLE
    """Reported to OSC clients: a ``FailureCode``, or a number that another bridge sent."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class ConfigError(BridgeError, ValueError):
    """A setting is outside what the bridge can do."""


class ParameterError(BridgeError, ValueError):
    """A control was given a value it does not take."""

    code = FailureCode.CHOICE


class EnvironmentMissing(BridgeError):
    """Something outside the program is missing; the message says how to get it."""


class ServerMissing(EnvironmentMissing):
    """No JACK server of that name answers now; it may be started at any time."""


class EngineError(BridgeError):
    """The engine process could not start, refused a command or died."""


class RefusedError(BridgeError):
    """A running bridge could not do what it was told."""


class DiskError(BridgeError):
    """What was made cannot be written, or not to its end."""

    code = FailureCode.FILE


class SupersededError(RefusedError):
    """A change waited for the beat, and a later one of the same control took its place."""

    code = FailureCode.SUPERSEDED

    def __init__(self) -> None:
        super().__init__("a later change came before the line this one waited for, and counts")


class AudioFileError(BridgeError, ValueError):
    """A sound file cannot be read or does not have the form asked for."""


def fault_text(error: Exception) -> str:
    """Return what a user is told of an exception, without the name of its class.

    Example:
        >>> fault_text(ConfigError("--noise takes 0 to 2, got 3"))
        '--noise takes 0 to 2, got 3'
        >>> fault_text(KeyError("stem"))
        "a fault of the program ('stem'); please report the log"
    """
    if isinstance(error, BridgeError):
        return str(error)
    if isinstance(error, OSError | MemoryError):
        return sentence_of(error)
    return f"a fault of the program ({error}); please report the log"
