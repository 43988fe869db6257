"""Connecting ports that another program may have connected already."""

import errno
from types import ModuleType
from typing import Any

__all__ = ["ensure_connected"]


def ensure_connected(
    jack: ModuleType,
    client: Any,  # noqa: ANN401  a jack.Client, or a JackPorts
    source: str,
    destination: str,
) -> None:
    """Connect an output port to an input port, unless they are; a bridge remembers its peers.

    Args:
        jack: The module JACK-Client.
        client: Connects them.
        source: Full name of the output port.
        destination: Full name of the input port.

    Raises:
        JackError: The server refused.
    """
    try:
        client.connect(source, destination)
    except jack.JackErrorCode as error:
        if error.code != errno.EEXIST:
            raise
