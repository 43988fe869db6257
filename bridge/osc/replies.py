"""Messages that several parts of the server answer with."""

from bridge.osc.codec import Argument, Message
from bridge.parameters import ROOT

__all__ = ["Replies", "done"]

Replies = list[Message]


def done(address: str, *arguments: Argument) -> Message:
    """Return the message that says ``address`` has been carried out."""
    return Message(f"{ROOT}/done", (address, *arguments))
