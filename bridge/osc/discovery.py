"""Advertisement by zeroconf, which TouchOSC, Chataigne and others look for."""

import asyncio
import logging
import socket
from ipaddress import ip_address
from typing import Self

from zeroconf import IPVersion, NonUniqueNameException
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from bridge.osc.listeners import network_addresses

__all__ = ["OSC_QUERY", "OSC_TCP", "OSC_UDP", "Advertisement", "service_name"]

logger = logging.getLogger(__name__)

OSC_UDP, OSC_TCP, OSC_QUERY = "_osc._udp.local.", "_osc._tcp.local.", "_oscjson._tcp.local."


class Advertisement:
    """The advertised services of the bridge; withdrawn by ``close``.

    Args:
        zeroconf: A running instance.
        services: The services registered with it.
    """

    def __init__(self, zeroconf: AsyncZeroconf, services: list[AsyncServiceInfo]) -> None:
        self._zeroconf = zeroconf
        self._services = services

    @classmethod
    async def open(cls, host: str, port: int, query_port: int) -> Self | None:
        """Advertise until closed.

        Args:
            host: Address listened on; ``0.0.0.0`` and ``::`` stand for all of their family.
            port: UDP and TCP port of OSC.
            query_port: TCP port of OSCQuery.

        Returns:
            None if the network does not allow it, which is logged: clients then need the
            address of the bridge.
        """
        own = ip_address(host)
        addresses = network_addresses(own.version) if own.is_unspecified else [host]
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
        """Withdraw the services."""
        leaving = map(self._zeroconf.async_unregister_service, self._services)
        await asyncio.gather(*await asyncio.gather(*leaving))
        await self._zeroconf.async_close()


def service_name(port: int) -> str:
    """Return the name shown in lists of services."""
    return f"liveband on {_machine()} {port}"


def _machine() -> str:
    return socket.gethostname().partition(".")[0]
