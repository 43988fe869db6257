"""Tests of permissions by host."""

import asyncio

import pytest

from bridge.common.errors import FailureCode, RefusedError
from bridge.osc.access import Access
from bridge.osc.actions import RunCommand
from bridge.osc.codec import Message, encode
from bridge.osc.command_arguments import check_arguments
from bridge.osc.commands import COMMANDS, Command
from bridge.osc.route import Route

STRANGER = Route("udp", "192.168.0.9", 5000)


class Ear:
    """A connection that keeps what goes to other hosts."""

    clogged = False

    def __init__(self):
        self.packets = []

    def send(self, packet, route):
        self.packets.append(packet)
        return True


@pytest.mark.parametrize(("trust", "ends"), [((), False), (("192.168.0.0/24",), True)])
def test_strangers_may_play_but_not_quit(on_stage, trust, ends):
    async def scene(stage):
        server = stage.endpoint.server
        server.outbox.udp = ear = Ear()
        server.receive(encode(Message("/liveband/noise", (0.5,))), STRANGER)
        server.receive(encode(Message("/liveband/quit")), STRANGER)
        while len(ear.packets) < 2:
            await asyncio.sleep(0)
        assert stage.band.applied == [{"noise": 0.5}]
        assert stage.band.ended is ends
        assert (b"for this machine" in ear.packets[-1]) is not ends

    on_stage(scene, trust=trust)


def test_who_is_not_allowed_is_told_and_counted_and_nothing_happens(on_stage):
    async def scene(stage):
        server = stage.endpoint.server
        server.outbox.udp = ear = Ear()
        packet = encode(Message("/liveband/noise", (0.5,)))
        server.receive(packet, STRANGER)
        assert b"192.168.0.9 may not command" in ear.packets[0]
        assert server.reading.failures == 1
        assert not server._under_way
        server.receive(packet, Route("udp", "10.1.2.3", 5000))
        while len(ear.packets) < 2:
            await asyncio.sleep(0)
        assert stage.band.applied == [{"noise": 0.5}]

    on_stage(scene, allow=("10.0.0.0/8",))


@pytest.mark.parametrize(
    ("host", "allowed", "trusted"),
    [
        ("127.0.0.1", True, True),
        ("::1", True, True),
        ("::ffff:127.0.0.1", True, True),
        ("192.168.0.9", True, False),
        ("::ffff:192.168.0.9", True, False),
        ("10.0.0.1", True, True),
        ("fe80::1%eth0", False, False),
        ("8.8.8.8", False, False),
    ],
)
def test_hosts_and_networks(host, allowed, trusted):
    access = Access(allow=("192.168.0.0/16",), trust=("10.0.0.1",))
    assert (access.allows(host), access.trusts(host)) == (allowed, trusted)
    assert Access().allows(host)


def test_a_command_that_takes_a_file_is_for_trusted_hosts(on_stage):
    load = Command(name="ping", takes="s:file [i:n]", replies="", help="")
    assert check_arguments(load, ("verse", 2.0)) == ("verse", 2)
    with pytest.raises(RefusedError, match="not a path"):
        check_arguments(load, ("../verse",))

    async def scene(stage):
        service = stage.endpoint.server.service
        stranger = service.clients.renew(STRANGER, 0.0)
        (fail,) = await service.carry_out(RunCommand(load, ("verse",)), stranger)
        assert fail.arguments[1] == FailureCode.NOT_ALLOWED
        friend = service.clients.renew(Route("udp", "127.0.0.1", 5000), 0.0)
        (pong,) = await service.carry_out(RunCommand(load, ("verse",)), friend)
        assert pong.address == "/liveband/pong"

    on_stage(scene)


def test_every_command_is_answered_also_where_nothing_carries_it_out(on_stage):
    async def scene(stage):
        stage.band.commands.clear()
        service = stage.endpoint.server.service
        friend = service.clients.renew(Route("udp", "127.0.0.1", 5000), 0.0)
        assert service._query_commands.names <= set(COMMANDS)
        for name in set(COMMANDS) - service._query_commands.names - {"sync"}:
            friend.allowance = 10.0
            (fail,) = await service.carry_out(RunCommand(COMMANDS[name], ()), friend)
            assert fail.arguments[1] == FailureCode.UNAVAILABLE

    on_stage(scene)
