"""Settings of a run, checked before anything is opened."""

import secrets
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from math import isclose

from bridge.audio.connection_rules import parse_rule
from bridge.common.errors import ConfigError
from bridge.common.latency import HOPS_PER_SECOND
from bridge.controls.parameters import DEFAULT_PORT, PARAMETERS
from bridge.controls.table import MAX_PLAYERS
from model.formats.conditions import AUTO_GROOVE, Conditions

__all__ = [
    "BACKENDS",
    "DRIVERS",
    "ENGINES",
    "OscSettings",
    "RunSettings",
    "anticipation_hops",
    "draw_seed",
    "nth_seed",
]

BACKENDS = ("jack", "portaudio", "hosted")
"""Audio backends; ``hosted`` is the one that a plugin in a host program starts."""
ENGINES = ("onnx", "torch")
"""Engines that run a model: ONNX Runtime, light and fast, and torch, the reference."""
DRIVERS = ("dummy", "alsa")
"""Drivers of a JACK server that is started with the bridge."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OscSettings:
    """Addresses and permissions of the OSC server.

    Raises:
        ConfigError: A port is out of range, or an address is malformed.
    """

    host: str = "127.0.0.1"
    """Numeric address to listen on; the default is for this machine only."""
    port: int = DEFAULT_PORT
    """UDP and TCP port; 0 for any free one."""
    query_port: int | None = None
    """TCP port of OSCQuery, 0 for any free one; None for the one after ``port``."""
    allow: tuple[str, ...] = ()
    """Hosts and networks that may send commands; empty for all."""
    trust: tuple[str, ...] = ()
    """Hosts and networks that may send what is otherwise for this machine only."""
    feedback: tuple[str, ...] = ()
    """``HOST:PORT`` of clients that get every change without subscribing."""
    advertise: bool | None = None
    """Whether to advertise by zeroconf; None if reachable from other machines."""
    remote_host: str = ""
    """Numeric address at which browsers of other machines are let in with a code; empty for
    this machine's alone."""

    def __post_init__(self) -> None:
        for option, port in (("--osc-port", self.port), ("--osc-query-port", self.query_port)):
            if port is not None and not 0 <= port < 65536:
                raise ConfigError(f"{option} takes 0..65535, got {port}")
        for option, host in (
            ("--osc-bind", self.host),
            ("--remote-bind", self.remote_host or self.host),
        ):
            try:
                ip_address(host)
            except ValueError:
                raise ConfigError(
                    f"{option} takes a numeric address of this machine, or 0.0.0.0 for all of "
                    f"them; got {host!r}"
                ) from None
        for option, hosts in (("--osc-allow", self.allow), ("--osc-trust", self.trust)):
            for host in hosts:
                _check_network(option, host)

    @property
    def advertised(self) -> bool:
        """Whether to advertise by zeroconf."""
        if self.advertise is not None:
            return self.advertise
        return not ip_address(self.host).is_loopback


@dataclass(frozen=True, kw_only=True, slots=True)
class RunSettings:
    """Start values of a live run; the controls take over from there.

    Raises:
        ConfigError: A value is not one of its choices, or out of range.
    """

    stem: str = "drums"
    """Stem class to begin with, one of the checkpoint's."""
    players: tuple[str, ...] = ()
    """Stem classes of all players, 1 to 8; empty for one player, who plays ``stem``."""
    anticipation_s: float = 0.1
    """Seconds by which the stem runs ahead of the mix."""
    noise: float = 1.0
    """Scale of the noise that drives the generator."""
    groove: str = AUTO_GROOVE
    """Feel to play with: ``auto``, ``any``, or one of the checkpoint's."""
    seed: int = -1
    """Seed of the generator's noise, 0..2**31 - 1; -1 draws one."""
    checkpoint: str = "default"
    """A checkpoint's name or folder, or ``passthrough``, which plays back its input;
    ``NAME-1s`` is the checkpoint ``NAME`` begun 1 s ahead."""
    engine: str = ""
    """One of ``ENGINES``; empty for ``onnx``, but ``torch`` where the checkpoint's kind has no
    graphs."""
    backend: str = "jack"
    """One of ``BACKENDS``."""
    device: str = ""
    """Sound device of the ``portaudio`` back end; empty for the system's default."""
    share: str = ""
    """Shared memory that the plugin made, for the ``hosted`` back end."""
    jack_name: str = "liveband"
    """Name of the JACK client; its ports are ``NAME:in_L`` and so on."""
    server: str = ""
    """Name of the JACK server; empty for the default one."""
    start_jack: str = ""
    """Driver of a JACK server to start and to stop with the run; empty for none."""
    wait: bool = True
    """Whether to wait for a JACK server that is not there yet, offline but in control."""
    preset: str = ""
    """Preset to begin with, below the values above; empty for none."""
    autoconnect: tuple[str, ...] = ()
    """Rules, ``SOURCE=>DESTINATION``, beside those of the user's file."""
    midi: tuple[str, ...] = ()
    """MIDI devices to open, each by a part of its name."""
    osc: OscSettings = OscSettings()
    """Settings of the OSC server."""
    open_page: bool = False
    """Whether to open the remote in the desktop's browser."""

    def __post_init__(self) -> None:
        _one_of("--backend", self.backend, BACKENDS)
        if self.engine:
            _one_of("--engine", self.engine, ENGINES)
        if self.start_jack:
            _one_of("--start-jack", self.start_jack, DRIVERS)
            if self.backend != "jack":
                raise ConfigError(
                    "--start-jack goes with --backend jack; leave one of them out"
                )
        if (self.backend == "hosted") is not bool(self.share):
            raise ConfigError(
                "--share names the shared memory of a plugin and goes with --backend hosted, "
                f"which plugins start; got --backend {self.backend} and --share {self.share!r}"
            )
        for rule in self.autoconnect:
            parse_rule(rule, self.jack_name)
        highest = PARAMETERS["noise"].high
        if not 0.0 <= self.noise <= highest:
            raise ConfigError(f"the noise lies in 0..{highest:g}, got {self.noise:g}")
        anticipation_hops(self.anticipation_s)
        draw_seed(self.seed)
        if len(self.players) > MAX_PLAYERS:
            raise ConfigError(
                f"a band has 1 to {MAX_PLAYERS} players, got {len(self.players)}: "
                f"{', '.join(self.players)}"
            )
        if self.players and self.players[0] != self.stem:
            raise ConfigError(
                f"the first player plays the stem, got players {', '.join(self.players)} "
                f"and stem {self.stem}"
            )

    def conditions(self) -> Conditions:
        """Return the first player's conditions; draws the seed where none was given."""
        return self.all_conditions()[0]

    def all_conditions(self) -> tuple[Conditions, ...]:
        """Return the conditions of each player at the start.

        Seeds count up from player to player, so that two of one class differ.
        """
        seed = draw_seed(self.seed)
        return tuple(
            Conditions(
                stem=stem,
                anticipation_hops=anticipation_hops(self.anticipation_s),
                noise=self.noise,
                groove=self.groove,
                seed=nth_seed(seed, player),
            )
            for player, stem in enumerate(self.players or (self.stem,), 1)
        )


def _one_of(option: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        *others, last = choices
        raise ConfigError(f"{option} takes {', '.join(others)} or {last}, got {value!r}")


def _check_network(option: str, text: str) -> None:
    try:
        ip_network(text, strict=False)
    except ValueError:
        raise ConfigError(
            f"{option} takes numeric addresses and networks such as 192.168.0.0/24, "
            f"got {text!r}"
        ) from None


def anticipation_hops(seconds: float) -> int:
    """Return an anticipation in hops.

    Args:
        seconds: One of those in the parameter table.

    Raises:
        ConfigError: It is not one of them.

    Example:
        >>> anticipation_hops(0.1)
        2
    """
    choices = [float(choice) for choice in PARAMETERS["anticipation"].choices]
    for choice in choices:
        if isclose(seconds, choice, abs_tol=1e-6):
            return round(choice * HOPS_PER_SECOND)
    known = ", ".join(f"{choice:g}" for choice in choices)
    raise ConfigError(f"the anticipation is one of {known} s, got {seconds:g}")


def nth_seed(seed: int, player: int) -> int:
    """Return the seed of a player, from that of the first; -1 stays -1.

    Example:
        >>> nth_seed(5, 1), nth_seed(5, 3), nth_seed(-1, 3)
        (5, 7, -1)
    """
    return seed if seed == -1 else (seed + player - 1) % 2**31


def draw_seed(seed: int) -> int:
    """Return a seed as it is, or a random one for -1.

    Raises:
        ConfigError: It is below -1 or above 2**31 - 1.
    """
    if not -1 <= seed < 2**31:
        raise ConfigError(f"the seed lies in 0..{2**31 - 1}, or is -1 to draw one; got {seed}")
    return secrets.randbelow(2**31) if seed == -1 else seed
