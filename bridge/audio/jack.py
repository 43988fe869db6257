"""The JACK client: opens the ports and hands every callback to native code.

No Python runs in a JACK callback; what happens there is read from the share.
"""

import contextlib
import logging
import threading
from collections.abc import Iterator
from math import nan

from bridge._native import ffi, lib
from bridge.audio.callback import Host
from bridge.audio.jack_connecting import ensure_connected
from bridge.audio.jack_opening import open_client
from bridge.audio.jack_ports import JackPorts, PortDirection, PortKind
from bridge.audio.libjack import load_jack
from bridge.audio.port_graph import PortGraph, PortSet
from bridge.audio.shared.share import AudioShare
from bridge.common.closing import Closeable
from bridge.common.errors import EnvironmentMissing, FailureCode, ParameterError, ServerMissing
from bridge.tempo import BarBeat

__all__ = ["JackBackend"]

logger = logging.getLogger(__name__)

_PRETTY = (
    ("Mix in, left", "Mix in"),
    ("Mix in, right", "Mix in"),
    ("Stem out, left", "Stem out"),
    ("Stem out, right", "Stem out"),
    ("Controllers in", "Control"),
    ("Controllers out", "Control"),
)
"""Display name and group of each port, in their order."""
_INTEGER = "http://www.w3.org/2001/XMLSchema#int"
_BBT, _BBT_OFFSET = 0x10, 0x40
_TRANSPORT_ROLLING, _TRANSPORT_STARTING = 1, 3
_TRIES = 8
"""Attempts to read a position that JACK is just writing."""
_CLOSE_S = 5.0


class JackBackend(Closeable):
    """A client with the ports ``in_L in_R out_L out_R control_in control_out``.

    Further players have ``out2_L out2_R`` and so on. A port stays until the client is closed,
    so that a player who comes back finds its connections.

    Only one may be open in a process at a time: libjack mixes up the servers of two.

    Args:
        name: Client name; saved connections depend on it, so it is never changed.
        server: Server name; empty for the default one. A server is never started.

    Raises:
        ConfigError: JACK takes no such name.
        ServerMissing: No server answers.
        EnvironmentMissing: libjack is not installed, or the server would not have us; see
            ``open_client``.
    """

    def __init__(self, name: str = "liveband", server: str = "") -> None:
        self._jack = load_jack(server)
        self._client = open_client(self._jack, name, server)
        try:
            self._ports = [
                *(self._client.inports.register(port) for port in ("in_L", "in_R")),
                *(self._client.outports.register(port) for port in ("out_L", "out_R")),
                self._client.midi_inports.register("control_in"),
                self._client.midi_outports.register("control_out"),
            ]
        except self._jack.JackError as error:  # the server has just gone
            self._client.close()
            raise ServerMissing(f"JACK gave us no ports: {error}") from error
        self._names = JackPorts(self._jack, self._client)
        self._pairs: list[tuple[ffi.CData, ffi.CData]] = []
        self._closing = threading.Thread(target=self._leave, daemon=True)
        self._stuck = False
        self._taking = threading.Lock()
        self._host: Host | None = None
        self._share: AudioShare | None = None
        self._glue: ffi.CData = ffi.NULL

    @property
    def name(self) -> str:
        """Name of the client; its ports are ``name:in_L`` and so on."""
        return str(self._client.name)

    @property
    def rate(self) -> int:
        """Frames per second of the server."""
        return int(self._client.samplerate)

    @property
    def block(self) -> int:
        """Frames per cycle of the server."""
        return int(self._client.blocksize)

    @property
    def realtime(self) -> bool:
        """Whether the server runs with realtime scheduling."""
        return bool(self._client.realtime)

    @property
    def frame(self) -> int:
        """Frames that the callback has been asked for; 0 before the start."""
        return self._share.frame if self._share is not None else 0

    @property
    def offline(self) -> bool:
        """Whether the server closed the connection; close this backend and open another."""
        return self._share is not None and self._share.offline

    @property
    def offline_reason(self) -> str:
        """What the server said when it closed the connection; else empty."""
        if self._glue == ffi.NULL:
            return ""
        return bytes(ffi.string(lib.lb_jack_reason(self._glue))).decode(errors="replace")

    def start(self, share: AudioShare) -> None:
        """Attach the native callbacks to the client and let it run.

        Args:
            share: Made for this server's rate; must stay open until :meth:`close`.

        Raises:
            EnvironmentMissing: This libjack lacks a function, or refuses to run the client.
        """
        self._host, self._share = Host(share), share
        to_c = self._jack._ffi.cast
        address = [int(to_c("uintptr_t", port._ptr)) for port in (self._client, *self._ports)]
        client, *ports = (ffi.cast("void *", number) for number in address)
        failed = ffi.new("char **")
        self._glue = lib.lb_jack_attach(
            self._host.pointer, self._jack._libname.encode(), client, ports, failed
        )
        if self._glue == ffi.NULL:
            raise EnvironmentMissing(
                f"{self._jack._libname} failed in {ffi.string(failed[0]).decode()}; "
                "the bridge needs JACK 2 or PipeWire 0.3.65 or later"
            )
        for player in range(2, share.players + 1):
            self.add_player(player)
        try:
            self._client.activate()
        except self._jack.JackError as error:
            raise EnvironmentMissing(f"JACK would not run the client: {error}") from error
        self._describe()

    def add_player(self, player: int) -> None:
        """Give a player its pair of ports; does nothing if it has them.

        Args:
            player: From 2, at most one more than there are.

        Raises:
            ParameterError: The server refused, or is gone; there are no new ports.
        """
        if player <= len(self._pairs) + 1:
            return
        self._check_running(player)
        left, right = self._register_pair(player)
        self._check_running(player)  # registering may have hung while we were closed
        self._pairs.append((left, right))
        to_c = self._jack._ffi.cast
        pointers = [
            ffi.cast("void *", int(to_c("uintptr_t", port._ptr))) for port in (left, right)
        ]
        lib.lb_jack_add_player(self._glue, *pointers)
        for side, port in (("left", left), ("right", right)):
            order = len(self._ports) + 2 * player + (side == "right")
            name = f"Stem out {player}"
            self._describe_port(port, order, f"{name}, {side}", name)

    def _check_running(self, player: int) -> None:
        if self._glue == ffi.NULL or self._closing.ident:
            raise ParameterError(
                f"no ports for player {player}: the JACK server is gone",
                code=FailureCode.JACK_ABSENT,
            )

    def _register_pair(self, player: int) -> tuple[ffi.CData, ffi.CData]:
        with self._refusals(f"ports for player {player}"):
            left = self._client.outports.register(f"out{player}_L")
            try:
                return left, self._client.outports.register(f"out{player}_R")
            except self._jack.JackError:
                left.unregister()  # or the next try would find the name taken
                raise

    @property
    def _own_ports(self) -> list[ffi.CData]:
        """The client's own ports, in the order they were made."""
        return [*self._ports, *(port for pair in self._pairs for port in pair)]

    def update_latency(self) -> None:
        """Let JACK ask for the latency again, after the musical latency changed."""
        if self._glue != ffi.NULL and not self.offline:
            lib.lb_jack_recompute_latencies(self._glue)

    def set_freewheel(self, on: bool) -> None:
        """Let the whole graph run as fast as it can, or return it to the clock.

        Raises:
            ParameterError: The server refused.
        """
        with self._refusals(f"freewheel {'on' if on else 'off'}"):
            self._client.set_freewheel(on)

    def bar_beat(self) -> BarBeat | None:
        """Return the transport's position by the timebase master.

        libjack reads first the position and then the state, so that a cycle may begin between
        the two: a position counts where the state before it was the same.

        Returns:
            None if there is none, and while the transport waits to roll: JACK then tells the
            frame it was moved to beside the beat of where it was.
        """
        if self.offline or self._closing.ident:
            return None
        before = self._client.transport_state
        for _ in range(_TRIES):
            state, position = self._client.transport_query_struct()
            if _TRANSPORT_STARTING in (before, state):
                return None
            if state == before and position.unique_1 == position.unique_2:
                return _bar_beat(position, rolling=state == _TRANSPORT_ROLLING)
            before = state
        return None

    def ports(self) -> tuple[str, ...]:
        """Return the full names of all ports.

        Raises:
            ParameterError: The server refused.
        """
        with self._refusals("listing the ports"):
            return tuple(self._names.names())

    def graph(self) -> PortGraph:
        """Return the ports and our own connections; nothing while there is no server.

        Raises:
            ParameterError: The server refused.
        """
        if self.offline or self._closing.ident:
            return PortGraph()
        with self._refusals("listing the graph"):
            connections = set()
            for port in self._own_ports:
                for peer in self._names.connected_to(port.name):
                    ends = (peer, port.name) if port.is_input else (port.name, peer)
                    connections.add(ends)
            graph = PortGraph(
                audio=self._ports_of_kind(PortKind.AUDIO),
                midi=self._ports_of_kind(PortKind.MIDI),
                connections=frozenset(connections),
            )
        return PortGraph() if self.offline else graph  # the server may have gone meanwhile

    def appeared_ports(self) -> frozenset[str]:
        """Return the ports that any client registered since this was last asked.

        JACK tells of a port shortly after it is in the graph.
        """
        if self._glue == ffi.NULL or self.offline or self._closing.ident:
            return frozenset()
        numbers = ffi.new("uint32_t[]", lib.LB_NEW_PORTS)
        with self._taking:
            count = lib.lb_jack_take_registered(self._glue, numbers)
        return frozenset(map(self._names.name_of, numbers[0:count]))

    def _ports_of_kind(self, kind: PortKind) -> PortSet:
        return PortSet(
            outputs=tuple(self._names.names(kind, PortDirection.OUTPUT)),
            inputs=tuple(self._names.names(kind, PortDirection.INPUT)),
        )

    def _describe(self) -> None:
        """Set display name, order and group of every port."""
        for order, (port, (name, group)) in enumerate(zip(self._ports, _PRETTY, strict=True)):
            self._describe_port(port, order, name, group)

    def _describe_port(self, port: ffi.CData, order: int, name: str, group: str) -> None:
        properties = {
            self._jack.METADATA_PRETTY_NAME: (name, ""),
            self._jack.METADATA_ORDER: (str(order), _INTEGER),
            self._jack.METADATA_PORT_GROUP: (group, ""),
        }
        for key, (value, kind) in properties.items():
            try:
                self._client.set_property(port, key, value, kind)
            except self._jack.JackError as error:  # only for display
                logger.debug("JACK keeps no metadata: %s", error)
                return

    def connections(self, port: str) -> list[str]:
        """Return the full names of the ports one port is connected to.

        Raises:
            ParameterError: There is no such port.
        """
        with self._refusals(f"listing what {port!r} is connected to"):
            return self._names.connected_to(port)

    def connect(self, source: str, destination: str) -> None:
        """Connect an output port to an input port; already connected is fine.

        Raises:
            ParameterError: The server refused, e.g. because a port does not exist.
        """
        with self._refusals(f"connecting {source!r} to {destination!r}"):
            ensure_connected(self._jack, self._names, source, destination)

    def disconnect(self, source: str, destination: str) -> None:
        """Remove a connection.

        Raises:
            ParameterError: The server refused, e.g. because they are not connected.
        """
        with self._refusals(f"disconnecting {source!r} from {destination!r}"):
            self._names.disconnect(source, destination)

    @contextlib.contextmanager
    def _refusals(self, what: str) -> Iterator[None]:
        try:
            yield
        except self._jack.JackError as error:
            known = ", ".join(self._names.names())
            raise ParameterError(
                f"JACK refused {what}: {error}. It knows these ports: {known or 'none'}",
                code=FailureCode.JACK_REFUSED,
            ) from error

    def close(self) -> None:
        """Leave the server. May be called twice; works when the server is gone.

        libjack can hang here when the server died badly, so it is given 5 s on a thread of
        its own. After that the client and its memory are left to the end of the process.
        """
        if not self._closing.ident:
            self._closing.start()
        if not self._stuck:
            self._closing.join(_CLOSE_S)
        if self._closing.is_alive():
            self._give_up()
            return
        if self._glue != ffi.NULL:
            lib.lb_jack_free(self._glue)
            self._glue = ffi.NULL
        if self._host is not None:
            self._host.close()

    def _give_up(self) -> None:
        if self._stuck:
            return
        self._stuck = True
        logger.warning("JACK did not let the client go within %g s", _CLOSE_S)
        if self._share is not None:
            self._share.leave_mapped()

    def _leave(self) -> None:
        """Close the client; while that hangs, its thread keeps us and the memory alive."""
        try:
            for port in self._own_ports:
                self._client.remove_properties(port)
        except self._jack.JackError as error:
            logger.debug("JACK keeps our metadata: %s", error)
        finally:
            self._client.close()


def _bar_beat(position: ffi.CData, *, rolling: bool) -> BarBeat | None:
    """Return bar and beat of a ``jack_position_t`` as they are; None where it has none."""
    if not position.valid & _BBT:
        return None
    offset = position.bbt_offset if position.valid & _BBT_OFFSET else 0
    ticks = position.ticks_per_beat
    return BarBeat(
        frame=float(position.frame) - offset,
        bar=position.bar - 1,
        beat=position.beat - 1 + (position.tick / ticks if ticks else nan),
        tempo_bpm=float(position.beats_per_minute),
        beats_per_bar=float(position.beats_per_bar),
        rolling=rolling,
    )
