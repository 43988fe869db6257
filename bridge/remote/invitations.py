"""Invitations of browsers in the room: one-time codes, and the sessions given for them."""

import secrets
from collections.abc import Callable
from hmac import compare_digest

from bridge.common.errors import FailureCode, RefusedError

__all__ = ["Invitations"]

MAX_SESSIONS = 64
"""Browsers that may be let in; the one let in first has to ask again beyond."""

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that look alike."""
_LENGTH = 8
_BURST = 10.0
_TRIES_PER_S = 1.0


class Invitations:
    """Codes that each let one browser in, and who has been let in.

    A code holds until it is used. Codes have 39 bits, and at most one a second is tried: to
    guess one takes ten thousand years.

    Args:
        clock: Steady seconds.

    Example:
        >>> invitations = Invitations(lambda: 0.0)
        >>> code = invitations.code
        >>> session = invitations.redeem(code)
        >>> invitations.admits(session), invitations.admits("guess"), invitations.code != code
        (True, False, True)
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.on_code: Callable[[str], None] = lambda code: None
        """Told each new code, once there is one because another was used."""
        self._clock = clock
        self._code = _draw()
        self._sessions: dict[str, None] = {}
        self._allowance = _BURST
        self._tried_s = clock()

    @property
    def code(self) -> str:
        """The code that lets the next browser in."""
        return self._code

    def admits(self, session: str) -> bool:
        """Return whether a code was exchanged for this session."""
        return any(compare_digest(session.encode(), each.encode()) for each in self._sessions)

    def redeem(self, code: str) -> str:
        """Return a new session for the present code, which another one then replaces.

        Args:
            code: As typed; case, spaces and hyphens do not matter.

        Raises:
            RefusedError: Code 10, it is not the present one; code 6, too many were tried.
        """
        now_s = self._clock()
        refill = (now_s - self._tried_s) * _TRIES_PER_S
        self._allowance, self._tried_s = min(_BURST, self._allowance + refill), now_s
        if self._allowance < 1.0:
            raise RefusedError(
                "too many codes were tried; wait a few seconds", FailureCode.BUSY
            )
        self._allowance -= 1.0
        typed = "".join(code.split()).replace("-", "").upper()
        if not compare_digest(typed.encode(), self._code.encode()):
            raise RefusedError(
                "that is not, or no longer, the present code: each lets one browser in, and "
                "the next is in the terminal where liveband runs",
                FailureCode.NOT_ALLOWED,
            )
        if len(self._sessions) >= MAX_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        session = secrets.token_urlsafe(32)
        self._sessions[session] = None
        self._code = _draw()
        self.on_code(self._code)
        return session


def _draw() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
