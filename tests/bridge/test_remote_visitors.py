"""Tests of who may see the remote's page, query and command over HTTP."""

import asyncio
import http.client
import json
import socket
import threading
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from bridge.common.errors import ConfigError, EnvironmentMissing, FailureCode, RefusedError
from bridge.config import OscSettings
from bridge.osc.access import Access
from bridge.osc.codec import Message, decode, encode
from bridge.osc.listeners import listeners, network_addresses
from bridge.remote.browser import open_in_browser
from bridge.remote.invitations import MAX_SESSIONS, Invitations
from bridge.remote.visitors import Visit, VisitorCheck
from tests.network import has_ipv6

NETWORK = network_addresses()[0]
ROOM = pytest.mark.skipif(NETWORK == "127.0.0.1", reason="needs a network address")
IPV6 = pytest.mark.skipif(not has_ipv6(), reason="needs IPv6")
OWN = f"{socket.gethostname().partition('.')[0]}.local"


def ask(host, port, path, method="GET", **headers):
    """Return status, headers and body; the ``Host`` may be given as ``host``."""
    link = http.client.HTTPConnection(host, port, timeout=60)
    try:
        link.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = link.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        link.close()


async def get(stage, path, host="127.0.0.1", **headers):
    port = stage.endpoint.query_port
    return await asyncio.to_thread(ask, host, port, path, **headers)


async def message(stage, host, address, *arguments, **headers):
    """Send a message over a WebSocket of a page; return the first reply."""
    url = f"ws://{host}:{stage.endpoint.query_port}"
    origin = headers.pop("origin", url.replace("ws", "http", 1))
    async with connect(url, origin=origin, additional_headers=headers) as web:
        await web.send(encode(Message(address, arguments)))
        (reply,) = decode(await asyncio.wait_for(web.recv(), 60))
        return reply.address, *reply.arguments


async def join(stage, code, host=NETWORK):
    """Return the status of an exchange of a code, and the cookie it gave."""
    status, headers, text = await get(stage, "/remote/join", host, X_Liveband_Code=code)
    cookie = (headers["Set-Cookie"] or "").partition(";")[0]
    return status, cookie, text


@pytest.mark.parametrize(
    ("peer", "local", "host", "origin", "welcome"),
    [
        ("127.0.0.1", "127.0.0.1", "127.0.0.1:9101", None, True),
        ("127.0.0.1", "127.0.0.1", "localhost:9101", "http://localhost:9101", True),
        ("::1", "::1", "[::1]:9101", "http://[::1]:9101", True),
        ("127.0.0.1", "127.0.0.1", "evil.example:9101", None, False),
        ("127.0.0.1", "127.0.0.1", "evil.example:9101", "http://evil.example:9101", False),
        ("127.0.0.1", "127.0.0.1", f"{OWN}:9101", None, False),
        ("127.0.0.1", "127.0.0.1", "", None, False),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1:9101, evil.example", None, False),
        ("127.0.0.1", "127.0.0.1", "evil.example@127.0.0.1:9101", None, False),
        ("127.0.0.1", "127.0.0.1", "192.168.0.7:9101", None, False),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1:9101", "http://evil.example", False),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1:9101", "null", False),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1:9101", "http://[", False),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1:9101", "http://127.0.0.1.evil.example", False),
        ("192.168.0.9", "192.168.0.7", "192.168.0.7:9101", None, True),
        ("192.168.0.9", "192.168.0.7", f"{OWN}:9101", f"http://{OWN}:9101", True),
        ("192.168.0.9", "192.168.0.7", "localhost:9101", None, False),
        ("192.168.0.9", "192.168.0.7", "evil.example:9101", None, False),
        ("192.168.0.9", "192.168.0.7", "192.168.0.7:9101", "http://192.168.0.7:80", False),
        ("10.0.0.1", "192.168.0.7", "192.168.0.7:9101", None, False),
    ],
)
def test_a_request_is_for_this_machine_and_from_its_own_page(
    peer, local, host, origin, welcome
):
    access = Access(allow=["192.168.0.0/24"])
    check = VisitorCheck(access.allows, access.trusts, "127.0.0.1")
    visit = Visit(peer=peer, local=local, host=host, origin=origin)
    if welcome:
        check.check(visit)
        return
    with pytest.raises(RefusedError) as refused:
        check.check(visit)
    assert refused.value.code == FailureCode.NOT_ALLOWED


@pytest.mark.parametrize(
    ("peer", "osc_host", "own_page", "invited", "needed"),
    [
        ("192.168.0.9", "0.0.0.0", False, True, False),
        ("192.168.0.9", "::", False, True, True),
        ("127.0.0.1", "127.0.0.1", True, False, False),
        ("192.168.0.9", "127.0.0.1", True, True, True),
        ("192.168.0.9", "127.0.0.1", False, True, True),
        ("192.168.0.9", "0.0.0.0", True, True, True),
        ("192.168.0.9", "0.0.0.0", True, False, True),
        ("192.168.0.9", "192.168.0.7", False, False, False),
        ("192.168.0.9", "192.168.0.8", False, False, True),
    ],
)
def test_a_code_is_asked_of_pages_and_of_who_is_not_reached_by_osc(
    peer, osc_host, own_page, invited, needed
):
    access, invitations = Access(), Invitations(lambda: 0.0) if invited else None
    check = VisitorCheck(access.allows, access.trusts, osc_host, invitations)
    host = "192.168.0.7:9101"
    origin = f"http://{host}" if own_page else None
    visit = Visit(peer=peer, local="192.168.0.7", host=host, origin=origin, session="guess")
    assert check.needs_code(visit) is needed


def test_a_code_lets_one_browser_in():
    told = []
    invitations = Invitations(lambda: 0.0)
    invitations.on_code = told.append
    code = invitations.code
    session = invitations.redeem(f" {code[:4].lower()}-{code[4:]} ")
    assert invitations.admits(session)
    assert not invitations.admits("")
    assert told == [invitations.code]
    with pytest.raises(RefusedError, match="present code"):
        invitations.redeem(code)


def test_codes_cannot_be_guessed_by_trying():
    now = 0.0
    invitations = Invitations(lambda: now)
    for _ in range(10):
        with pytest.raises(RefusedError, match="present code"):
            invitations.redeem("AAAAAAAA")
    with pytest.raises(RefusedError, match="wait") as refused:
        invitations.redeem(invitations.code)
    assert refused.value.code == FailureCode.BUSY
    now = 1.5
    assert invitations.admits(invitations.redeem(invitations.code))


def test_the_browser_let_in_first_makes_room():
    now = 0.0
    invitations = Invitations(lambda: now)
    sessions = []
    for _ in range(MAX_SESSIONS + 1):
        now += 1.0
        sessions.append(invitations.redeem(invitations.code))
    assert [invitations.admits(session) for session in (sessions[0], sessions[1])] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/remote/", "text/html; charset=utf-8"),
        ("/remote/main.js", "text/javascript; charset=utf-8"),
        ("/remote/style.css", "text/css; charset=utf-8"),
        ("/remote/icon.svg", "image/svg+xml"),
    ],
)
def test_the_page_is_served_and_kept_to_itself(on_stage, path, kind):
    async def scene(stage):
        status, headers, body = await get(stage, path)
        assert (status, headers["Content-Type"]) == (200, kind)
        assert body
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Access-Control-Allow-Origin"] is None
        assert (await get(stage, path, method="HEAD"))[2] == ""

    on_stage(scene)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/remote", 308),
        ("/remote/nothing.js", 404),
        ("/remote/../site.py", 404),
        ("/remote/%2e%2e/site.py", 404),
        ("/remote/__init__.py", 404),
        ("/remotes", 404),
        ("/remote/session", 204),
    ],
)
def test_only_the_files_of_the_page_are_served(on_stage, path, status):
    async def scene(stage):
        assert (await get(stage, path))[0] == status

    on_stage(scene)


@pytest.mark.parametrize("path", ["/remote/", "/liveband/stem?VALUE", "/?HOST_INFO"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "http://evil.example"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"},
    ],
)
def test_other_names_and_other_pages_are_refused_everything(on_stage, path, headers):
    async def scene(stage):
        status, told, body = await get(stage, path, **headers)
        assert status == HTTPStatus.FORBIDDEN
        assert told["Access-Control-Allow-Origin"] is None
        assert "drums" not in body

    on_stage(scene)


@pytest.mark.parametrize("name", ["Host", "Origin"])
def test_a_web_socket_under_another_name_is_refused(on_stage, name):
    async def scene(stage):
        port = stage.endpoint.query_port
        told = {"Host": f"127.0.0.1:{port}", "Origin": f"http://127.0.0.1:{port}"}
        if name == "Host":  # rebound: the page and the bridge have one name
            told = {"Host": "evil.example", "Origin": "http://evil.example"}
        else:
            told["Origin"] = "http://evil.example"
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        lines = ["GET / HTTP/1.1", *(f"{key}: {value}" for key, value in told.items())]
        lines += ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
        lines += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", ""]
        writer.write("\r\n".join(lines).encode())
        status = await reader.readline()
        writer.close()
        await writer.wait_closed()
        assert b" 403 " in status

    on_stage(scene)


def test_the_own_page_commands_as_this_machine(on_stage):
    async def scene(stage):
        assert await message(stage, "127.0.0.1", "/liveband/quit") == (
            *("/liveband/done", "/liveband/quit"),
        )
        assert stage.band.ended

    on_stage(scene)


@ROOM
def test_without_remote_bind_the_room_sees_nothing(on_stage):
    async def scene(stage):
        status, _, body = await get(stage, "/remote/", NETWORK)
        assert status == HTTPStatus.FORBIDDEN
        assert "--remote-bind" in body
        with pytest.raises(InvalidStatus, match="403"):
            await message(stage, NETWORK, "/liveband/version")
        assert (await get(stage, "/liveband/stem?VALUE", NETWORK))[0] == 200

    on_stage(scene, host="0.0.0.0", advertise=False)


@ROOM
def test_a_browser_of_the_room_needs_a_code_and_plays_but_does_not_quit(on_stage, caplog):
    caplog.set_level("INFO")

    async def scene(stage):
        assert (await get(stage, "/remote/", NETWORK))[0] == 200
        assert (await get(stage, "/remote/session", NETWORK))[0] == HTTPStatus.UNAUTHORIZED
        assert (await get(stage, "/liveband/stem?VALUE", NETWORK))[0] == HTTPStatus.FORBIDDEN
        with pytest.raises(InvalidStatus, match="403"):
            await message(stage, NETWORK, "/liveband/noise", 0.5)
        with pytest.raises(InvalidStatus, match="403"):
            await message(stage, NETWORK, "/liveband/noise", 0.5, Cookie="liveband-9101=x")
        told = json.loads((await get(stage, "/remote/invitation"))[2])
        assert told["code"] in caplog.text
        assert (await join(stage, "WRONGONE"))[0] == HTTPStatus.FORBIDDEN
        status, cookie, _ = await join(stage, told["code"])
        assert status == HTTPStatus.NO_CONTENT
        assert (await join(stage, told["code"]))[0] == HTTPStatus.FORBIDDEN
        assert (await get(stage, "/remote/session", NETWORK, Cookie=cookie))[0] == 204
        played = await message(stage, NETWORK, "/liveband/noise", 0.5, Cookie=cookie)
        assert played == ("/liveband/done", "/liveband/noise", 0.5)
        for command in ("quit", "preset/save", "record/start", "model"):
            failed = await message(stage, NETWORK, f"/liveband/{command}", Cookie=cookie)
            assert failed[:3] == ("/liveband/fail", f"/liveband/{command}", 10)
        assert not stage.band.ended
        assert (await get(stage, "/remote/invitation", NETWORK, Cookie=cookie))[0] == 403
        other = "http://evil.example"
        with pytest.raises(InvalidStatus, match="403"):
            await message(stage, NETWORK, "/liveband/noise", Cookie=cookie, origin=other)
        assert stage.band.applied == [{"noise": 0.5}]

    on_stage(scene, remote_host="0.0.0.0")


@ROOM
def test_where_osc_is_open_too_a_page_gives_the_code_and_controllers_need_none(on_stage):
    """Browsers name no ``Origin`` where a page only fetches from its own server."""

    async def scene(stage):
        assert (await get(stage, "/liveband/stem?VALUE", NETWORK))[0] == 200
        assert (await get(stage, "/remote/session", NETWORK))[0] == HTTPStatus.UNAUTHORIZED
        assert (await join(stage, "WRONGONE"))[0] == HTTPStatus.FORBIDDEN
        code = json.loads((await get(stage, "/remote/invitation"))[2])["code"]
        status, cookie, _ = await join(stage, code)
        assert status == HTTPStatus.NO_CONTENT
        assert (await get(stage, "/remote/session", NETWORK, Cookie=cookie))[0] == 204
        played = await message(stage, NETWORK, "/liveband/noise", 0.5, Cookie=cookie)
        assert played == ("/liveband/done", "/liveband/noise", 0.5)
        assert (await get(stage, "/remote/session"))[0] == 204

    on_stage(scene, host="0.0.0.0", remote_host="0.0.0.0", advertise=False)


@pytest.mark.parametrize("everywhere", ["0.0.0.0", pytest.param("::", marks=IPV6)])
def test_every_link_that_is_shown_answers(on_stage, everywhere):
    async def scene(stage):
        links = json.loads((await get(stage, "/remote/invitation"))[2])["links"]
        assert links
        for link in links:
            url = urlsplit(link)
            assert ("[" in url.netloc) is (everywhere == "::")
            status, _, body = await asyncio.to_thread(ask, url.hostname, url.port, url.path)
            assert status == HTTPStatus.OK
            assert "<!doctype html>" in body

    on_stage(scene, remote_host=everywhere)


@ROOM
def test_the_room_reaches_the_page_and_not_osc(on_stage):
    async def scene(stage):
        link = json.loads((await get(stage, "/remote/invitation"))[2])["links"][0]
        assert link == f"http://{NETWORK}:{stage.endpoint.query_port}/remote/"
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(NETWORK, stage.endpoint.port)
        assert (await get(stage, "/remote/session"))[0] == 204

    on_stage(scene, remote_host=NETWORK)


@ROOM
def test_hosts_that_are_not_allowed_cannot_even_try_a_code(on_stage):
    async def scene(stage):
        status, _, text = await join(stage, "AAAAAAAA")
        assert status == HTTPStatus.FORBIDDEN
        assert "--osc-allow" in text

    on_stage(scene, remote_host=NETWORK, allow=("10.9.8.7",))


def test_an_address_that_is_not_ours_is_named_with_its_option(on_stage):
    async def scene(stage):
        raise AssertionError("it opened")

    with pytest.raises(EnvironmentMissing, match=r"198\.51\.100\.1:.*--remote-bind") as found:
        on_stage(scene, remote_host="198.51.100.1")
    assert NETWORK in str(found.value)


def test_the_room_is_opened_at_a_numeric_address():
    with pytest.raises(ConfigError, match=r"--remote-bind takes a numeric .* got 'laptop'"):
        OscSettings(remote_host="laptop")


@pytest.mark.parametrize(("display", "works"), [("", True), (":0", True), (":0", False)])
def test_the_page_opens_where_there_is_a_desktop(monkeypatch, caplog, display, works):
    opened = []
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("webbrowser.open", lambda link: opened.append(link) or works)
    open_in_browser("http://127.0.0.1:9101/remote/")
    for thread in threading.enumerate():
        if thread.name == "browser":
            thread.join()
    assert opened == (["http://127.0.0.1:9101/remote/"] if display else [])
    told = "127.0.0.1:9101" in caplog.text
    assert told is (not display or not works)


def test_addresses_share_one_port_and_are_bound_once():
    bound = listeners(["127.0.0.1", "127.0.0.2", "127.0.0.1"], 0)
    names = [each.getsockname() for each in bound]
    for each in bound:
        each.close()
    assert [host for host, _ in names] == ["127.0.0.1", "127.0.0.2"]
    assert len({port for _, port in names}) == 1
    (wide,) = listeners(["127.0.0.1", "0.0.0.0"], 0)
    wide.close()
