"""OSCQuery: the tree, over HTTP, and as a WebSocket."""

import asyncio
import json
import urllib.error
import urllib.request

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from bridge.common.errors import RefusedError
from bridge.controls.parameters import PARAMETERS, Kind
from bridge.osc.codec import Message, decode, encode
from bridge.osc.commands import COMMANDS
from bridge.osc.dispatch import Addresses
from bridge.osc.namespace import describe
from bridge.osc.namespace_diff import differences
from bridge.osc.values import AddressValues


def fetch(url, **headers):
    """Return status, headers and JSON of an address."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as reply:
            body = reply.read()
            return reply.status, reply.headers, json.loads(body) if body else None
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, None


async def get(stage, path, **headers):
    url = f"http://127.0.0.1:{stage.endpoint.query_port}{path}"
    return await asyncio.to_thread(fetch, url, **headers)


class Socket:
    """A client on a WebSocket."""

    def __init__(self, connection):
        self._connection = connection

    async def command(self, command, path):
        await self._connection.send(json.dumps({"COMMAND": command, "DATA": path}))

    async def send(self, address, *arguments):
        await self._connection.send(encode(Message(address, arguments)))

    async def next(self):
        packet = await asyncio.wait_for(self._connection.recv(), 60)
        (message,) = decode(packet)
        return message.address, *message.arguments


async def socket(stage, **options):
    url = f"ws://127.0.0.1:{stage.endpoint.query_port}"
    return Socket(await stage.stack.enter_async_context(connect(url, **options)))


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/liveband/gain/out?VALUE", 200, {"VALUE": [0.0]}),
        ("/liveband/stem?VALUE", 200, {"VALUE": ["drums"]}),
        ("/liveband/mute?VALUE", 200, {"VALUE": [0]}),
        ("/liveband/n/gain/out?RANGE", 200, {"RANGE": [{"MIN": 0.0, "MAX": 1.0}]}),
        ("/liveband/seed?TYPE", 200, {"TYPE": "i"}),
        ("/liveband/gain/out?UNIT", 200, {"UNIT": ["gain.db"]}),
        ("/liveband/gain/out?CLIPMODE", 200, {"CLIPMODE": ["both"]}),
        ("/liveband/gain?TYPE", 200, {}),
        ("/liveband/gain/?FULL_PATH", 200, {"FULL_PATH": "/liveband/gain"}),
        ("/liveband/reset?VALUE", 204, None),
        ("/liveband/gain?VALUE", 204, None),
        ("/liveband/gain/out?TAGS", 204, None),
        ("/liveband/gain/out?NONSENSE", 400, None),
        ("/liveband/nothing", 404, None),
        ("/liveband/nothing?VALUE", 404, None),
        ("/elsewhere", 404, None),
    ],
)
def test_what_is_asked_for_is_told(on_stage, path, status, told):
    async def scene(stage):
        assert (await get(stage, path))[::2] == (status, told)

    on_stage(scene)


def test_a_control_is_described_in_full(on_stage):
    async def scene(stage):
        status, headers, node = await get(stage, "/liveband/anticipation")
        assert status == 200
        assert headers["Content-Type"] == "application/json"
        row = PARAMETERS["anticipation"]
        assert node == {
            "FULL_PATH": "/liveband/anticipation",
            "DESCRIPTION": row.help,
            "ACCESS": 3,
            "TYPE": "f",
            "RANGE": [{"VALS": [0.0, 0.1, 1.0]}],
            "UNIT": ["time.second"],
            "VALUE": [0.1],
        }

    on_stage(scene)


def test_the_whole_tree_agrees_with_the_table(on_stage):
    async def scene(stage):
        _, _, root = await get(stage, "/")
        nodes = {}

        def gather(node):
            nodes[node["FULL_PATH"]] = node
            for name, inner in node.get("CONTENTS", {}).items():
                assert inner["FULL_PATH"] == f"{node['FULL_PATH'].rstrip('/')}/{name}"
                gather(inner)

        gather(root)
        for row in PARAMETERS:
            for prefix in ("/liveband", "/liveband/player/1"):
                node = nodes[f"{prefix}/{row.name}"]
                assert node["DESCRIPTION"] == row.help
                access = {Kind.TRIGGER: 2, Kind.READING: 1}.get(row.kind, 3)
                assert node["ACCESS"] == access
                assert ("VALUE" in node) is (access != 2)
                if "VALUE" in node:
                    assert len(node["VALUE"]) == len(node["TYPE"])
                assert set(node["TYPE"]) <= set("ifs" if access != 2 else "I")
        for row in PARAMETERS.controls:
            assert nodes[f"/liveband/p/{row.number}"]["TYPE"] == "f"
            assert nodes[f"/liveband/n/{row.name}"]["ACCESS"] == 3
        for name in COMMANDS:
            assert nodes[f"/liveband/{name}"]["ACCESS"] in (2, 3)
        assert nodes["/liveband/jack/connect"]["TYPE"] == "ss"

    on_stage(scene)


def test_what_cannot_be_told_yet_has_no_value(on_stage):
    async def scene(stage):
        def refuse(player):
            raise RefusedError("the checkpoint is still being loaded")

        stage.band.readings["latency"] = refuse
        assert (await get(stage, "/liveband/latency?VALUE"))[::2] == (200, {})
        view = stage.endpoint.server.service.view
        assert describe(view, "/liveband/latency")["TYPE"] == "iiiiiifii"

    on_stage(scene)


def test_the_host_tells_where_osc_is(on_stage):
    async def scene(stage):
        _, _, info = await get(stage, "/any/path?HOST_INFO")
        assert info["OSC_PORT"] == stage.endpoint.port
        assert info["WS_PORT"] == stage.endpoint.query_port
        assert info["OSC_TRANSPORT"] == "UDP"
        done = "ACCESS VALUE RANGE DESCRIPTION UNIT CLIPMODE LISTEN"
        notices = "PATH_ADDED PATH_REMOVED PATH_CHANGED"
        assert info["EXTENSIONS"] == dict.fromkeys(f"{done} {notices}".split(), True)

    on_stage(scene)


def test_listen_and_ignore(on_stage):
    async def scene(stage):
        web, client = await socket(stage), await stage.client()
        await web.command("LISTEN", "/liveband/noise")
        assert await web.next() == ("/liveband/noise", 1.0)
        await client.ask("/liveband/noise", 0.5)
        await client.ask("/liveband/gain/out", -6.0)
        assert await web.next() == ("/liveband/noise", 0.5)
        await web.command("IGNORE", "/liveband/noise")
        await web.command("LISTEN", "/liveband/gain/out")
        assert await web.next() == ("/liveband/gain/out", -6.0)
        await client.ask("/liveband/noise", 0.75)
        await client.ask("/liveband/gain/out", -7.0)
        assert await web.next() == ("/liveband/gain/out", -7.0)

    on_stage(scene)


def test_a_change_of_the_tree_is_told_to_whoever_is_connected(on_stage, monkeypatch):
    addresses = [Addresses(PARAMETERS)]
    monkeypatch.setattr(AddressValues, "addresses", property(lambda view: addresses[-1]))

    async def scene(stage):
        webs = [await socket(stage) for _ in range(2)]
        fewer = PARAMETERS.with_choices("stem", ("bass", "piano"), "bass")

        async def told(count):
            for web in webs:
                texts = [
                    await asyncio.wait_for(web._connection.recv(), 60) for _ in range(count)
                ]
                yield [tuple(json.loads(text).values()) for text in texts]

        addresses.append(Addresses(PARAMETERS, players=2))
        async for news in told(1):
            assert news == [("PATH_ADDED", "/liveband/player/2")]
        addresses.append(Addresses(PARAMETERS))
        async for news in told(1):
            assert news == [("PATH_REMOVED", "/liveband/player/2")]
        addresses.append(Addresses(fewer))
        paths = [
            "/liveband/n/stem",
            "/liveband/p/0",
            "/liveband/player/1/stem",
            "/liveband/stem",
        ]
        async for news in told(4):
            assert news == [("PATH_CHANGED", path) for path in paths]
        _, _, node = await get(stage, "/liveband/stem?RANGE")
        assert node == {"RANGE": [{"VALS": ["bass", "piano"]}]}

    on_stage(scene)


def test_players_that_come_and_go_are_added_and_removed(on_stage):
    async def scene(stage):
        web, client = await socket(stage), await stage.client()
        for players, notice in ((2, "PATH_REMOVED"), (3, "PATH_ADDED")):
            await client.ask("/liveband/players", players)
            text = await asyncio.wait_for(web._connection.recv(), 60)
            assert tuple(json.loads(text).values()) == (notice, "/liveband/player/3")

    on_stage(scene, players=3)


def test_notices_name_the_highest_branch_that_came_or_went():
    row, other = PARAMETERS["noise"], PARAMETERS["fade"]
    before = {"/a/b": row, "/a/b/c": row, "/d": row}
    assert list(differences(before, before)) == []
    assert list(differences(before, {"/a/b/c": row, "/d": other})) == [
        ("PATH_REMOVED", "/a/b"),  # it is a branch still, and no more than that
        ("PATH_CHANGED", "/d"),
    ]
    assert list(differences(before, {**before, "/e/f/g": row, "/e/f/h": row})) == [
        ("PATH_ADDED", "/e")
    ]


def test_a_web_socket_is_a_client_like_any_other(on_stage):
    async def scene(stage):
        web, client = await socket(stage), await stage.client()
        await client.ask("/liveband/register")
        await web.send("/liveband/noise", 0.5)
        assert await web.next() == ("/liveband/done", "/liveband/noise", 0.5)
        assert await client.next() == ("/liveband/noise", 0.5)
        await web.command("LISTEN", "/liveband/noise")
        assert await web.next() == ("/liveband/noise", 0.5)
        await web.send("/liveband/noise", 9.0)
        assert await web.next() == ("/liveband/noise", 2.0)
        assert (await web.next())[2] == 4
        assert (await web.next())[0] == "/liveband/done"
        stage.endpoint.server.service.clients.expire(1e9)
        await client.ask("/liveband/noise", 0.25)
        assert await web.next() == ("/liveband/noise", 0.25)
        await web.send("/liveband/subscribe", "/liveband/gain/*")
        assert [(await web.next())[0] for _ in range(3)][-1] == "/liveband/done"

    on_stage(scene)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nonsense", 11),
        ("[]", 11),
        ("[" * 60000, 11),
        ('{"COMMAND": "LISTEN"}', 11),
        ('{"COMMAND": "PATH_CHANGED", "DATA": "/"}', 11),
        ('{"COMMAND": "LISTEN", "DATA": "/nothing"}', 1),
        ('{"COMMAND": "LISTEN", "DATA": "/liveband/reset"}', 10),
        ('{"COMMAND": "LISTEN", "DATA": "/liveband/["}', 11),
    ],
)
def test_bad_text_is_answered(on_stage, text, code):
    async def scene(stage):
        web = await socket(stage)
        await web._connection.send(text)
        assert (await web.next())[2] == code

    on_stage(scene)


def test_a_web_socket_that_ends_is_forgotten(on_stage):
    async def scene(stage):
        web = await socket(stage)
        await web.command("LISTEN", "/liveband/noise")
        await web.next()
        assert stage.endpoint.reading.clients == 1
        await web._connection.close()
        while stage.endpoint.reading.clients:
            await asyncio.sleep(0.01)
        assert stage.endpoint.server.outbox.connections == {}

    on_stage(scene)


def test_closing_says_bye_first(on_stage):
    async def scene(stage):
        web = await socket(stage)
        await web.command("LISTEN", "/liveband/noise")
        await web.next()
        await stage.endpoint.close()
        assert await web.next() == ("/liveband/bye", "the program ends")
        with pytest.raises(ConnectionClosed):
            await web.next()

    on_stage(scene)


@pytest.mark.parametrize(
    ("origin", "welcome"),
    [
        (None, True),
        ("http://localhost:8080", True),
        ("http://127.0.0.1:3000", True),
        ("http://10.0.0.7", True),
        ("http://10.0.0.8", False),
        ("https://example.com", False),
        ("null", False),
        ("file://", False),
    ],
)
def test_only_pages_from_trusted_hosts_may_command(on_stage, origin, welcome):
    async def scene(stage):
        if welcome:
            web = await socket(stage, origin=origin)
            await web.send("/liveband/version")
            assert (await web.next())[0] == "/liveband/version"
        else:
            with pytest.raises(InvalidStatus, match="403"):
                await socket(stage, origin=origin)
        headers = {} if origin is None else {"Origin": origin}
        _, told, _ = await get(stage, "/liveband/stem", **headers)
        assert told["Access-Control-Allow-Origin"] == (origin if welcome else None)

    on_stage(scene, trust=("10.0.0.7",))


def test_too_many_web_sockets_are_told_so(on_stage, monkeypatch):
    monkeypatch.setattr("bridge.osc.oscquery.MAX_CONNECTIONS", 1)

    async def scene(stage):
        first, second = await socket(stage), await socket(stage)
        with pytest.raises(ConnectionClosed, match="1013"):
            await second.next()
        await first.send("/liveband/version")
        assert (await first.next())[0] == "/liveband/version"

    on_stage(scene)


def test_nonsense_instead_of_http_hurts_nobody(on_stage, caplog):
    async def scene(stage):
        for nonsense in (b"\0" * 100, b"GET\r\n\r\n", b"POST / HTTP/1.1\r\n\r\n", b"\xff\xfe"):
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", stage.endpoint.query_port
            )
            writer.write(nonsense)
            writer.write_eof()
            await reader.read()
            writer.close()
            await writer.wait_closed()
        assert (await get(stage, "/liveband/stem"))[0] == 200

    on_stage(scene)
    assert not caplog.records


async def raw(stage, *lines):
    """Return the status that a request of these lines is answered with."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.endpoint.query_port)
    writer.write("\r\n".join([*lines, "", ""]).encode())
    status = await asyncio.wait_for(reader.readline(), 60)
    writer.close()
    await writer.wait_closed()
    return int(status.split()[1])


@pytest.mark.parametrize("upgrade", [(), ("Upgrade: websocket", "Connection: Upgrade")])
@pytest.mark.parametrize(
    ("target", "origin", "status"), [("/", "http://[", 403), ("//[", None, 400)]
)
def test_what_is_no_address_is_refused_and_no_fault_of_ours(
    on_stage, target, origin, status, upgrade
):
    async def scene(stage):
        host = f"Host: 127.0.0.1:{stage.endpoint.query_port}"
        lines = [f"GET {target} HTTP/1.1", host, *upgrade]
        lines += [f"Origin: {origin}"] if origin else []
        assert await raw(stage, *lines) == status
        assert stage.endpoint.server.errors.counts == {}

    on_stage(scene)


def test_an_unexpected_exception_is_counted_and_answered(on_stage, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("bridge.osc.oscquery.lookup", fail)

    async def scene(stage):
        assert (await get(stage, "/liveband/stem"))[0] == 500
        errors = stage.endpoint.server.errors
        assert errors.counts == {"OSCQuery": 1}
        assert errors.last == "OSCQuery: ZeroDivisionError: on purpose"
        assert (await get(stage, "/?HOST_INFO"))[0] == 200

    on_stage(scene)


def test_an_exception_on_a_web_socket_is_counted(on_stage, monkeypatch):
    async def fail(*_):
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("bridge.osc.websocket.WebSocketConnection._receive", fail)

    async def scene(stage):
        web = await connect(f"ws://127.0.0.1:{stage.endpoint.query_port}")
        await asyncio.wait_for(web.wait_closed(), 60)
        assert stage.endpoint.server.errors.counts == {"OSCQuery": 1}
        assert not stage.endpoint.server.outbox.connections

    on_stage(scene)


def test_a_web_socket_that_breaks_is_forgotten(on_stage):
    """As of a phone out of reach: its connection ends without a word."""

    async def scene(stage):
        web = await connect(f"ws://127.0.0.1:{stage.endpoint.query_port}")
        await web.send(encode(Message("/liveband/register")))
        await asyncio.wait_for(web.recv(), 60)
        server = stage.endpoint.server
        assert len(server.outbox.connections) == 1
        web.transport.abort()
        while server.outbox.connections or server.service.clients.followers:
            await asyncio.sleep(0.01)
        assert server.errors.counts == {}

    on_stage(scene)
