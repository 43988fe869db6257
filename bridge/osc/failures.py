"""Why a message was not done: the codes of ``/liveband/fail``, and the exception within."""

from enum import IntEnum

__all__ = ["Code", "Reject"]


class Code(IntEnum):
    """Failure codes; part of the protocol, so never renumbered."""

    ADDRESS = 1
    TYPE = 2
    COUNT = 3
    CLAMPED = 4
    CHOICE = 5
    BUSY = 6
    UNAVAILABLE = 7
    TIMED_OUT = 8
    FILE = 9
    NOT_ALLOWED = 10
    MALFORMED = 11
    TIME_TAG = 12
    CLIENTS = 13
    JACK_REFUSED = 20
    JACK_ABSENT = 21
    MODEL_LOAD = 30
    MODEL_STATE = 31
    INTERNAL = 99

    @property
    def meaning(self) -> str:
        """What the code says, for people."""
        return _MEANINGS[self]


_MEANINGS = {
    Code.ADDRESS: "unknown address; the text names the nearest",
    Code.TYPE: "wrong type of argument",
    Code.COUNT: "wrong number of arguments",
    Code.CLAMPED: "out of range or between choices: a notice, the value sent along was applied",
    Code.CHOICE: "none of the choices; the text lists them",
    Code.BUSY: "too much under way, try again",
    Code.UNAVAILABLE: "not available now",
    Code.TIMED_OUT: "no acknowledgement in time",
    Code.FILE: "file cannot be read or written",
    Code.NOT_ALLOWED: "not allowed: it is read-only, or not for this host",
    Code.MALFORMED: "the packet is not OSC",
    Code.TIME_TAG: "time tag too far ahead",
    Code.CLIENTS: "too many clients or subscriptions",
    Code.JACK_REFUSED: "JACK refused",
    Code.JACK_ABSENT: "JACK is not running",
    Code.MODEL_LOAD: "the checkpoint could not be loaded",
    Code.MODEL_STATE: "the state belongs to another checkpoint",
    Code.INTERNAL: "a bug on our side; please report the log",
}


class Reject(Exception):
    """A message will not be done.

    Args:
        code: Why.
        text: What was expected, what came, what to do.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text

    def explain(self) -> str:
        """Return the whole text for the sender."""
        return self.text
