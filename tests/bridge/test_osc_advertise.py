"""Being found: a browser on the loopback sees what is offered there, until it is gone."""

import asyncio
from ipaddress import ip_address

import pytest

from bridge.config import OscSettings
from tests.network import has_ipv6

IPV6 = pytest.mark.skipif(not has_ipv6(), reason="needs IPv6")

zeroconf = pytest.importorskip("zeroconf.asyncio")


async def found(kind, name, patience_ms=3000):
    """Return what a browser on the loopback learns of a service, None if nothing."""
    browser = zeroconf.AsyncZeroconf(interfaces=["127.0.0.1"])
    try:
        return await browser.async_get_service_info(kind, f"{name}.{kind}", timeout=patience_ms)
    finally:
        await browser.async_close()


def test_it_is_found_with_all_three_services(on_stage):
    from bridge.osc.discovery import OSC_QUERY, OSC_TCP, OSC_UDP, service_name

    async def scene(stage):
        name = service_name(stage.endpoint.port)
        for kind, port in (
            (OSC_UDP, stage.endpoint.port),
            (OSC_TCP, stage.endpoint.port),
            (OSC_QUERY, stage.endpoint.query_port),
        ):
            service = await found(kind, name)
            if service is None:
                pytest.skip("no multicast on this machine's loopback")
            assert service.port == port
            assert service.parsed_addresses() == ["127.0.0.1"]
        await stage.endpoint.close()
        assert await found(OSC_UDP, name, patience_ms=500) is None

    on_stage(scene, advertise=True)


@pytest.mark.parametrize(
    ("host", "asked", "seen"),
    [
        ("127.0.0.1", None, False),
        ("127.0.0.1", True, True),
        ("0.0.0.0", None, True),
        ("0.0.0.0", False, False),
        ("::1", None, False),
        ("::", None, True),
    ],
)
def test_only_who_can_be_reached_is_advertised(host, asked, seen):
    assert OscSettings(host=host, advertise=asked).advertised is seen


def test_a_network_that_does_not_let_us_is_logged_and_survived(on_stage, monkeypatch, caplog):
    def refuse(**options):
        raise OSError("multicast is off")

    monkeypatch.setattr("bridge.osc.discovery.AsyncZeroconf", refuse)

    async def scene(stage):
        await asyncio.sleep(0)
        assert stage.endpoint.port

    on_stage(scene, advertise=True)
    assert "not advertised by zeroconf: multicast is off" in caplog.text


@pytest.mark.parametrize(
    ("host", "version"), [("0.0.0.0", 4), pytest.param("::", 6, marks=IPV6)]
)
def test_what_is_advertised_is_of_the_family_that_is_listened_at(
    on_stage, monkeypatch, host, version
):
    offered = []

    def note(*, interfaces, **options):
        offered.extend(interfaces)
        raise OSError("enough")

    monkeypatch.setattr("bridge.osc.discovery.AsyncZeroconf", note)

    async def scene(stage):
        assert {ip_address(each).version for each in offered} == {version}

    on_stage(scene, host=host)
