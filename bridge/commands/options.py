"""Options that several commands share."""

import argparse
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bridge.common.errors import ConfigError
from bridge.config import ENGINES, OscSettings, RunSettings
from bridge.controls.parameters import Value
from bridge.controls.table import ControlKey

__all__ = [
    "add_engine_option",
    "add_osc_options",
    "add_player_options",
    "osc_settings",
    "player_settings",
]


def add_player_options(parser: argparse.ArgumentParser, *, seed: int) -> None:
    """Declare what to play and with which checkpoint; read it with ``player_settings``.

    Args:
        parser: Gets ``--stem``, ``--players``, ``--anticipation``, ``--noise``, ``--groove``,
            ``--seed``, ``--checkpoint`` and ``--engine``.
        seed: What stands for a ``--seed`` that is not given.
    """
    start = RunSettings()
    add = parser.add_argument
    add("--stem", metavar="S", help=f"instrument ({start.stem}, or the checkpoint's first)")
    add(
        "--players",
        type=_stems,
        default=(),
        metavar="S,S",
        help="a band: the instrument of each player, up to 8, instead of --stem",
    )
    add(
        "--anticipation",
        type=float,
        metavar="A",
        help=f"seconds the stem runs ahead: 0, 0.1 or 1 ({start.anticipation_s:g})",
    )
    add(
        "--noise",
        type=float,
        metavar="X",
        help=f"how freely it plays, 0 to 2 ({start.noise:g})",
    )
    add(
        "--groove",
        metavar="G",
        help=f"feel to play with; 'any' mixes all it knows ({start.groove}: one is chosen)",
    )
    add(
        "--seed",
        type=int,
        metavar="N",
        help=f"names the take; -1 draws one ({seed}); player N's is N - 1 more",
    )
    add(
        "--checkpoint",
        default=start.checkpoint,
        metavar="C",
        help="a shipped checkpoint's name, a folder, or 'passthrough' for a wire; NAME-1s "
        f"begins 1 s ahead ({start.checkpoint})",
    )
    add_engine_option(parser)


def _engine(text: str) -> str:
    """Return the name of an engine; empty for the usual one.

    Example:
        >>> _engine("onnx")
        'onnx'
    """
    if text and text not in ENGINES:
        raise argparse.ArgumentTypeError(f"expected {' or '.join(ENGINES)}, got {text!r}")
    return text


def add_engine_option(parser: argparse.ArgumentParser) -> None:
    """Declare what carries the model."""
    parser.add_argument(
        "--engine",
        type=_engine,
        default=RunSettings().engine,
        metavar="E",
        help=f"what carries the model: {' or '.join(ENGINES)} (onnx, but torch for kinds of "
        "checkpoint that only it can play)",
    )


def player_settings(
    arguments: argparse.Namespace, start: RunSettings, preset: Mapping[ControlKey, Value]
) -> RunSettings:
    """Return settings with what the options of ``add_player_options`` say.

    Args:
        arguments: As parsed; an option that was not given is None.
        start: What holds where neither the options nor the preset say anything.
        preset: Values to begin with; an option that was given comes before them.

    Raises:
        ConfigError: A value is out of range, there is no such checkpoint, or its name and
            ``--anticipation`` say different things.
        ParameterError: The checkpoint does not play that stem, or that groove.
        EnvironmentMissing: It is damaged.
    """
    from bridge.checkpoints.catalogue import initial_groove, initial_stem

    given = {
        name: value
        for name in ("stem", "anticipation", "noise", "groove", "seed")
        if (value := getattr(arguments, name)) is not None
    }
    loaded = {key.name: value for key, value in preset.items() if key.player == 1}
    values: dict[str, Any] = {**loaded, **given}
    if arguments.players and arguments.stem is not None:
        raise ConfigError("--players names every player's stem; leave --stem out")
    stems = {**preset, ControlKey(1, "stem"): values.get("stem")}
    asked = arguments.players or _kept_players(stems)
    players = tuple(initial_stem(stem, arguments.checkpoint) for stem in asked)
    stem = players[0] if players else initial_stem(values.get("stem"), arguments.checkpoint)
    return replace(
        start,
        stem=stem,
        players=players,
        anticipation_s=_ahead_s(arguments, values),
        noise=values.get("noise", start.noise),
        groove=initial_groove(values.get("groove", start.groove), arguments.checkpoint),
        seed=values.get("seed", start.seed),
        checkpoint=arguments.checkpoint,
        engine=arguments.engine,
    )


def _ahead_s(arguments: argparse.Namespace, values: Mapping[str, Any]) -> float:
    """Return the anticipation to begin at: as in the checkpoint's name, as asked, its default.

    Raises:
        ConfigError: Name and ``--anticipation`` differ.
    """
    from bridge.checkpoints.catalogue import control_table, model_capabilities

    named_s, asked_s = model_capabilities(arguments.checkpoint).begins_s, arguments.anticipation
    if named_s is not None and asked_s is not None and named_s != asked_s:
        raise ConfigError(
            f"--checkpoint {arguments.checkpoint} begins {named_s:g} s ahead, --anticipation "
            f"says {asked_s:g}; leave one of them out"
        )
    if named_s is not None:
        return named_s
    usual = control_table(arguments.checkpoint)["anticipation"].default
    return float(values.get("anticipation", usual))


def _kept_players(values: Mapping[ControlKey, Any]) -> tuple[str | None, ...]:
    """Return the stems of the players that a session was saved with; none of a lone one.

    Example:
        >>> values = {(1, "players"): 2, (1, "stem"): "bass", (2, "stem"): "drums"}
        >>> _kept_players({ControlKey(*key): value for key, value in values.items()})
        ('bass', 'drums')
    """
    count = values.get(ControlKey(1, "players"), 1)
    stems = tuple(values.get(ControlKey(player, "stem")) for player in range(1, count + 1))
    return stems if count > 1 else ()


def _stems(text: str) -> tuple[str, ...]:
    """Take a list of stems apart.

    Example:
        >>> _stems("bass, drums")
        ('bass', 'drums')
    """
    return tuple(stem.strip() for stem in text.split(","))


def add_osc_options(parser: argparse.ArgumentParser) -> None:
    """Declare where the OSC server listens, and to whom."""
    start = OscSettings()
    add = parser.add_argument
    add(
        "--osc-port",
        type=int,
        default=start.port,
        metavar="N",
        help=f"UDP and TCP port; 0 for any ({start.port})",
    )
    add(
        "--osc-bind",
        default=start.host,
        metavar="ADDR",
        help=f"address to listen on; 0.0.0.0 for all networks ({start.host})",
    )
    add(
        "--osc-allow",
        action="append",
        default=[],
        metavar="NET",
        help="host or network that may command, e.g. 192.168.0.0/24; may be repeated "
        "(everyone who can reach the address)",
    )
    add(
        "--osc-trust",
        action="append",
        default=[],
        metavar="NET",
        help="host or network that may also quit, change the model and name files; may be "
        "repeated (this machine)",
    )
    add(
        "--osc-feedback",
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="a controller that is told of every change without asking; may be repeated",
    )
    add(
        "--osc-query-port",
        type=int,
        default=start.query_port,
        metavar="N",
        help="TCP port of OSCQuery; 0 for any (the one after --osc-port)",
    )
    add(
        "--osc-advertise",
        action=argparse.BooleanOptionalAction,
        default=start.advertise,
        help="be found by zeroconf (when --osc-bind reaches beyond this machine)",
    )
    add(
        "--remote-bind",
        default=start.remote_host,
        metavar="ADDR",
        help="open the remote in the browser to the room: address of this machine there, or "
        "0.0.0.0; each browser needs a code that is shown here (this machine only)",
    )


def osc_settings(arguments: argparse.Namespace) -> OscSettings:
    """Return what the options of ``add_osc_options`` say.

    Raises:
        ConfigError: One of them is out of range or no address.
    """
    return OscSettings(
        host=arguments.osc_bind,
        port=arguments.osc_port,
        query_port=arguments.osc_query_port,
        allow=tuple(arguments.osc_allow),
        trust=tuple(arguments.osc_trust),
        feedback=tuple(arguments.osc_feedback),
        advertise=arguments.osc_advertise,
        remote_host=arguments.remote_bind,
    )
