"""Why a message was not done: the codes of ``/liveband/fail``, and the exception within."""

from bridge.common.errors import FailureCode as Code

__all__ = ["Code", "Reject"]


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
