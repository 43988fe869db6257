"""Checks of HTTP requests: whose address, whose name, whose page, and whether a code was given.

A browser carries out what any page tells it, with the permissions of its machine. So a request
counts as a page's own only where its ``Origin`` is the very address it was sent to, and that
address is a number, ``localhost`` or this machine's ``.local`` name: names that a stranger's
name server answers for (DNS rebinding) are none of these.
"""

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from bridge.common.errors import FailureCode, RefusedError
from bridge.common.numeric_address import numeric_address
from bridge.remote.invitations import Invitations

__all__ = ["Visit", "VisitorCheck"]

_HOST = re.compile(r"(?P<name>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """One HTTP request, as far as permission depends on it."""

    peer: str
    """Numeric address it comes from."""
    local: str
    """Numeric address of ours that it came to."""
    host: str = ""
    """Its ``Host``, e.g. ``127.0.0.1:9101``."""
    origin: str | None = None
    """Its ``Origin``: the page that makes it; None without one."""
    cross_site: bool = False
    """Whether a page from elsewhere embeds what is asked for."""
    session: str = ""
    """What its browser was given for a code."""

    @property
    def from_here(self) -> bool:
        """Whether it comes from this machine itself."""
        return _is_loopback(self.peer)

    @property
    def from_own_page(self) -> bool:
        """Whether a page makes it that was loaded from the same address."""
        return self.origin is not None and self.origin == f"http://{self.host}"

    def as_of_page(self) -> "Visit":
        """Return it with the ``Origin`` that a WebSocket of the same page names.

        Browsers leave it out where a page fetches from its own server.
        """
        return self if self.origin is not None else replace(self, origin=f"http://{self.host}")


class VisitorCheck:
    """Decides who may see the page, query and command.

    Args:
        allows: Whether a host may send commands at all.
        trusts: Whether a host has the permissions of this machine.
        osc_host: Address at which OSC listens; who is reached there needs no code.
        invitations: Codes for browsers in the room; None where it is closed to them.
    """

    def __init__(
        self,
        allows: Callable[[str], bool],
        trusts: Callable[[str], bool],
        osc_host: str,
        invitations: Invitations | None = None,
    ) -> None:
        self._allows = allows
        self._trusts = trusts
        self._osc_host = numeric_address(osc_host)
        self._invitations = invitations

    def check(self, visit: Visit) -> None:
        """Check what holds for every request.

        Raises:
            RefusedError: Code 10, the host is not allowed, the request is meant for another
                one, or a page from elsewhere makes it.
        """
        if not self._allows(visit.peer):
            raise _refused(f"{visit.peer} may not command this bridge; see --osc-allow")
        if not _names_us(visit.host, visit.local):
            raise _refused(
                f"Host {visit.host[:80]!r} does not name this machine: use its numeric address"
            )
        own = visit.from_own_page or (visit.origin is None and not visit.cross_site)
        if not own and not (visit.origin and self._is_trusted_page(visit.origin)):
            raise _refused(f"pages from {visit.origin or 'elsewhere'} may not use this bridge")

    def check_page(self, visit: Visit) -> None:
        """Check whether the files of the page may be shown; they are no secret.

        Raises:
            RefusedError: Code 10, the page is not open to other machines.
        """
        if self._invitations is None and not visit.from_here:
            raise _refused(
                "the page is open to this machine only; start liveband with --remote-bind to "
                "open it to the room"
            )

    def needs_code(self, visit: Visit) -> bool:
        """Return whether a code has to be given before anything else is answered."""
        if visit.from_here or (self._invitations and self._invitations.admits(visit.session)):
            return False
        return visit.from_own_page or not self._reached_by_osc(visit.local)

    def check_code(self, visit: Visit) -> None:
        """Check that a code was given where it has to be.

        Raises:
            RefusedError: Code 10, it was not.
        """
        if self.needs_code(visit):
            raise _refused("give the code that liveband shows in its terminal, at /remote/")

    def _reached_by_osc(self, local: str) -> bool:
        address = numeric_address(local)
        wide = self._osc_host.is_unspecified and self._osc_host.version == address.version
        return wide or self._osc_host == address

    def _is_trusted_page(self, origin: str) -> bool:
        """Return whether a page of another server may use the bridge: of a trusted host."""
        try:
            host = urlsplit(origin).hostname or ""
        except ValueError:  # as of "http://["
            return False
        return host == "localhost" or (_is_numeric(host) and self._trusts(host))


def _refused(text: str) -> RefusedError:
    return RefusedError(text, FailureCode.NOT_ALLOWED)


def _names_us(host: str, local: str) -> bool:
    """Return whether a ``Host`` names the machine that has the address ``local``."""
    found = _HOST.fullmatch(host)
    if found is None:
        return False
    name = found["name"].strip("[]").lower()
    if _is_loopback(local):
        return name == "localhost" or (_is_numeric(name) and _is_loopback(name))
    own = f"{socket.gethostname().partition('.')[0]}.local".lower()
    return name == own or (_is_numeric(name) and not _is_loopback(name))


def _is_numeric(host: str) -> bool:
    try:
        numeric_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return numeric_address(host).is_loopback
