"""Log of refusals of what comes many times a second, as a host's automation does."""

import logging
from collections.abc import Hashable

__all__ = ["RefusalLog"]


class RefusalLog:
    """Logs the first refusal of each kind, and the next one after that kind was accepted.

    Args:
        logger: Where to.
    """

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._refused: set[Hashable] = set()

    def refuse(self, kind: Hashable, text: str, *arguments: object) -> None:
        """Log why something is refused, unless the last of its kind was refused too.

        Args:
            kind: What is refused.
            text: Why, with ``%s`` for each argument.
            *arguments: For the text.
        """
        if kind not in self._refused:
            self._refused.add(kind)
            self._logger.warning(text, *arguments)

    def accept(self, kind: Hashable) -> None:
        """Take note that something of a kind was accepted."""
        self._refused.discard(kind)
