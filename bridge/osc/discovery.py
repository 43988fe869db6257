"""Being found on the network: zeroconf, as TouchOSC, Chataigne and the like look for us."""

import asyncio
import logging
import socket
from ipaddress import ip_address
from typing import Self

import ifaddr
from zeroconf import IPVersion, NonUniqueNameException
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

__all__ = ["OSC_QUERY", "OSC_TCP", "OSC_UDP", "Advertisement", "service_name"]

logger = logging.getLogger(__name__)

OSC_UDP, OSC_TCP, OSC_QUERY = "_osc._udp.local.", "_osc._tcp.local.", "_oscjson._tcp.local."


class Advertisement:
    """Our services as others see them; withdrawn by ``close``.

    Args:
        zeroconf: Running.
        services: Registered with it.
    """

    def __init__(self, zeroconf: AsyncZeroconf, services: list[AsyncServiceInfo]) -> None:
        self._zeroconf = zeroconf
        self._services = services

    @classmethod
    async def open(cls, host: str, port: int, query_port: int) -> Self | None:
        """Advertise until closed.

        Args:
            host: Address listened on; ``0.0.0.0`` stands for all.
            port: UDP and TCP port of OSC.
            query_port: TCP port of OSCQuery.

        Returns:
            None where the network does not let us, which is logged: the bridge still works
            for whoever knows its address.
        """
        addresses = _outward() if ip_address(host).is_unspecified else [host]
        version = IPVersion.V6Only if ":" in addresses[0] else IPVersion.V4Only
        services = [
            AsyncServiceInfo(
                kind,
                f"{service_name(port)}.{kind}",
                port=at,
                parsed_addresses=addresses,
                properties={"txtvers": "1"},
                server=f"{_machine()}.local.",
            )
            for kind, at in ((OSC_UDP, port), (OSC_TCP, port), (OSC_QUERY, query_port))
        ]
        try:
            zeroconf = AsyncZeroconf(interfaces=addresses, ip_version=version)
            registered = [
                zeroconf.async_register_service(service, allow_name_change=True)
                for service in services
            ]
            await asyncio.gather(*await asyncio.gather(*registered))
        except (OSError, NonUniqueNameException) as error:
            logger.warning("not advertised by zeroconf: %s", error)
            return None
        return cls(zeroconf, services)

    async def close(self) -> None:
        """Say that we are gone."""
        leaving = map(self._zeroconf.async_unregister_service, self._services)
        await asyncio.gather(*await asyncio.gather(*leaving))
        await self._zeroconf.async_close()


def service_name(port: int) -> str:
    """Return what people see in a list of services."""
    return f"liveband on {_machine()} {port}"


def _machine() -> str:
    return socket.gethostname().partition(".")[0]


def _outward() -> list[str]:
    """Return this machine's IPv4 addresses; if there is none, the loopback."""
    found = [ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4]
    outward = [str(address) for address in found if not ip_address(str(address)).is_loopback]
    return outward or ["127.0.0.1"]
