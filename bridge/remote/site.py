"""HTTP answers of the remote below ``/remote/``: its files, codes, the doctor's findings."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from importlib.resources import files

from bridge.common.errors import FailureCode, RefusedError
from bridge.remote.doctor_process import DoctorProcess
from bridge.remote.invitations import Invitations
from bridge.remote.qr_code import svg_link
from bridge.remote.visitors import Visit, VisitorCheck

__all__ = ["CODE_HEADER", "ROOT_PATH", "RemoteSite", "SiteAnswer", "session_cookie"]

ROOT_PATH = "/remote/"

_KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
CODE_HEADER = "X-Liveband-Code"
"""Header with the code; no page from elsewhere may send one of its own."""


@dataclass(frozen=True, slots=True)
class SiteAnswer:
    """One HTTP answer."""

    status: HTTPStatus
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class RemoteSite:
    """Answers requests for the page.

    Args:
        check: Decides who may see what.
        invitations: Codes for browsers in the room; None where it is closed to them.
        links: Returns the links at which the page can be reached from the room.
        doctor: Checks the machine.
    """

    def __init__(
        self,
        check: VisitorCheck,
        invitations: Invitations | None,
        links: Callable[[], list[str]],
        doctor: DoctorProcess,
    ) -> None:
        self._check = check
        self._invitations = invitations
        self._links = links
        self._doctor = doctor

    async def answer(self, path: str, visit: Visit, code: str) -> SiteAnswer:
        """Return the answer to a request that ``VisitorCheck.check`` has let through.

        Args:
            path: Of the request, from the root.
            visit: Whose it is.
            code: What it has in the header ``CODE_HEADER``.

        Raises:
            RefusedError: The page is not for this visitor, or its code is wrong.
            RuntimeError: The doctor failed.
        """
        self._check.check_page(visit)
        if path == ROOT_PATH.rstrip("/"):
            return SiteAnswer(HTTPStatus.PERMANENT_REDIRECT, headers={"Location": ROOT_PATH})
        name = path.removeprefix(ROOT_PATH)
        match name:
            case "session":
                if self._check.needs_code(visit.as_of_page()):
                    return SiteAnswer(HTTPStatus.UNAUTHORIZED)
                return SiteAnswer(HTTPStatus.NO_CONTENT)
            case "join":
                return self._join(visit, code)
            case "invitation":
                return self._invite(visit)
            case "doctor":
                return await self._examine(visit)
        file = _page_files().get(name or "index.html")
        if file is None:
            return SiteAnswer(HTTPStatus.NOT_FOUND)
        kind, body = file
        return SiteAnswer(HTTPStatus.OK, body, {"Content-Type": kind, **_safety(visit.host)})

    def _join(self, visit: Visit, code: str) -> SiteAnswer:
        if self._invitations is None or not self._check.needs_code(visit.as_of_page()):
            return SiteAnswer(HTTPStatus.NO_CONTENT)
        session = self._invitations.redeem(code)
        cookie = f"{session_cookie(visit.host)}={session}; HttpOnly; SameSite=Strict; Path=/"
        return SiteAnswer(HTTPStatus.NO_CONTENT, headers={"Set-Cookie": cookie})

    def _invite(self, visit: Visit) -> SiteAnswer:
        """Tell a page on this machine how to let another browser in."""
        if not visit.from_here:
            text = "only a page on the bridge's own machine shows the code"
            raise RefusedError(text, FailureCode.NOT_ALLOWED)
        links = self._links()
        told: dict[str, object] = {"links": links, "code": "", "picture": ""}
        if self._invitations is not None and links:
            code = self._invitations.code
            told |= {"code": code, "picture": svg_link(f"{links[0]}#{code}")}
        kind = {"Content-Type": "application/json"}
        return SiteAnswer(HTTPStatus.OK, json.dumps(told).encode(), kind)

    async def _examine(self, visit: Visit) -> SiteAnswer:
        """Tell what the doctor finds, or, by 202, that the page is to ask again."""
        self._check.check_code(visit.as_of_page())
        told = await self._doctor.findings()
        if told is None:
            return SiteAnswer(HTTPStatus.ACCEPTED)
        return SiteAnswer(HTTPStatus.OK, told, {"Content-Type": "application/json"})


def session_cookie(host: str) -> str:
    """Return the name of the cookie; browsers do not tell the ports of a host apart.

    Args:
        host: As the request names it.

    Example:
        >>> session_cookie("192.168.0.7:9101")
        'liveband-9101'
    """
    port = host.rpartition(":")[2]
    return f"liveband-{port if port.isdecimal() else 80}"


@cache
def _page_files() -> Mapping[str, tuple[str, bytes]]:
    """Return type and content of each file of the page, by name."""
    return {
        file.name: (_KINDS[suffix], file.read_bytes())
        for file in files("bridge.remote").joinpath("page").iterdir()
        if (suffix := file.name.rpartition(".")[2]) in _KINDS
    }


def _safety(host: str) -> Mapping[str, str]:
    """Return headers that keep a page to its own files and out of other pages."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self' ws://{host}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
    }
