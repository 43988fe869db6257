"""Replies shared by several commands."""

from bridge.controls.parameters import ROOT
from bridge.osc.codec import Argument, Message

__all__ = ["Replies", "done"]

Replies = list[Message]


def done(address: str, *arguments: Argument) -> Message:
    """Return the message that says ``address`` has been carried out."""
    return Message(f"{ROOT}/done", (address, *arguments))
