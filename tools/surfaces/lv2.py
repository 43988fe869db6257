"""LV2 plugin's description and the table of its control ports in C, from the parameter table.

Projects keep controls by their symbols, which never change: ``gain_out`` is the first player's,
``p2_gain_out`` the second's.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bridge.controls.parameters import MAX_PLAYERS, Kind, Parameter, Table
from tools.surfaces.widgets import long_name

__all__ = ["FIRST_CONTROL", "PLUGIN_URI", "ControlPort", "control_ports", "files"]

PLUGIN_URI = "urn:liveband:band"
"""Identifies the plugin in projects; never changes."""
_LEFT_OUT = frozenset(("autoconnect", "latency/loop", "seed"))
"""JACK's, and the seed, whose 31 bits a float does not hold: it is kept with the project."""
_TRIGGER = 256
"""``LB_TRIGGER`` of ``bridge/native/share.h``."""
_UNITS = {"dB": "db", "ms": "ms", "s": "s", "bpm": "bpm"}
_PREFIXES = {
    "atom": "http://lv2plug.in/ns/ext/atom#",
    "bufs": "http://lv2plug.in/ns/ext/buf-size#",
    "doap": "http://usefulinc.com/ns/doap#",
    "log": "http://lv2plug.in/ns/ext/log#",
    "lv2": "http://lv2plug.in/ns/lv2core#",
    "opts": "http://lv2plug.in/ns/ext/options#",
    "pg": "http://lv2plug.in/ns/ext/port-groups#",
    "pprops": "http://lv2plug.in/ns/ext/port-props#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rsz": "http://lv2plug.in/ns/ext/resize-port#",
    "state": "http://lv2plug.in/ns/ext/state#",
    "time": "http://lv2plug.in/ns/ext/time#",
    "units": "http://lv2plug.in/ns/extensions/units#",
    "urid": "http://lv2plug.in/ns/ext/urid#",
}
_STATUSES = ("not running", "starting", "playing", "out of order")
"""As ``lbp_status`` of ``plugins/core/instance.h``."""
_TIMELINES = ("of the output", "of the input")


@dataclass(frozen=True, slots=True)
class ControlPort:
    """A control port: a row of the table, of one player."""

    row: Parameter
    player: int
    """From 1."""

    @property
    def symbol(self) -> str:
        """Symbol in projects."""
        own = self.row.name.replace("/", "_")
        return own if self.player == 1 else f"p{self.player}_{own}"

    @property
    def name(self) -> str:
        """Name for people."""
        own = long_name(self.row)
        return own if self.player == 1 else f"{own} {self.player}"

    @property
    def code(self) -> int:
        """Number by which shared memory names the row."""
        if self.row.number is not None:
            return self.row.number
        assert self.row.cc is not None
        return _TRIGGER + self.row.cc

    @property
    def default(self) -> float:
        """Value of the port at first."""
        row = self.row
        if row.kind is Kind.TRIGGER:
            return 0.0
        return float(row.choices.index(row.default) if row.kind is Kind.CHOICE else row.default)

    @property
    def lines(self) -> Iterator[str]:
        """Yield what Turtle says of its range."""
        row = self.row
        yield f"lv2:default {_number(self.default)}"
        match row.kind:
            case Kind.CHOICE:
                yield from _choices([str(choice) for choice in row.choices])
            case Kind.TOGGLE:
                yield from (*_range(0, 1), "lv2:portProperty lv2:toggled")
            case Kind.TRIGGER:
                yield from (*_range(0, 1), "lv2:portProperty lv2:toggled , pprops:trigger")
            case Kind.INT:
                yield from (*_range(row.low, row.high), "lv2:portProperty lv2:integer")
            case _:
                yield from _range(row.low, row.high)
        if row.unit in _UNITS and row.kind is not Kind.CHOICE:
            yield f"units:unit units:{_UNITS[row.unit]}"
        if row.name == "anticipation":
            yield "lv2:portProperty pprops:causesArtifacts , pprops:expensive"


def control_ports(table: Table) -> tuple[ControlPort, ...]:
    """Return the control ports, in the order of their indices."""
    rows = [row for row in table if _is_port(row)]
    rows.sort(key=lambda row: ControlPort(row, 1).code)
    return tuple(
        ControlPort(row, player)
        for player in range(1, MAX_PLAYERS + 1)
        for row in rows
        if row.each or player == 1
    )


def _is_port(row: Parameter) -> bool:
    if row.name in _LEFT_OUT or row.name.startswith("midi/"):
        return False
    return row.has_value or (row.kind is Kind.TRIGGER and row.cc is not None)


def files(table: Table) -> dict[str, str]:
    """Return the plugin's Turtle files and its table of controls in C, by path."""
    folder = "plugins/liveband.lv2"
    return {
        f"{folder}/manifest.ttl": _manifest(),
        f"{folder}/liveband.ttl": _description(table),
        "plugins/lv2/controls.h": _header(table),
    }


def _number(value: float) -> str:
    return f"{value:.10g}"


def _range(low: float, high: float) -> tuple[str, str]:
    return f"lv2:minimum {_number(low)}", f"lv2:maximum {_number(high)}"


def _choices(labels: list[str]) -> Iterator[str]:
    points = " , ".join(
        f'[ rdfs:label "{label}" ; rdf:value {index} ]' for index, label in enumerate(labels)
    )
    yield from _range(0, len(labels) - 1)
    yield "lv2:portProperty lv2:enumeration , lv2:integer"
    yield f"lv2:scalePoint {points}"


def _head() -> str:
    return "".join(f"@prefix {name}: <{uri}> .\n" for name, uri in _PREFIXES.items()) + "\n"


def _manifest() -> str:
    return _head() + (
        f"<{PLUGIN_URI}>\n\ta lv2:Plugin ;\n\tlv2:binary <liveband.so> ;\n"
        "\trdfs:seeAlso <liveband.ttl> .\n"
    )


def _fixed_ports() -> Iterator[tuple[str, ...]]:
    """Yield type, symbol, name and further lines of the ports before the controls."""
    for side in ("L", "R"):
        yield (
            "lv2:AudioPort , lv2:InputPort",
            f"in_{side.lower()}",
            f"Mix {side}",
            f"pg:group <{PLUGIN_URI}#mix>",
        )
    for player in range(1, MAX_PLAYERS + 1):
        for side in ("L", "R"):
            yield (
                "lv2:AudioPort , lv2:OutputPort",
                f"out{player}_{side.lower()}",
                f"Stem {player} {side}",
                f"pg:group <{PLUGIN_URI}#stem{player}>",
            )
    yield (
        "atom:AtomPort , lv2:InputPort",
        "events",
        "Transport",
        "atom:bufferType atom:Sequence",
        "atom:supports time:Position",
        "lv2:designation lv2:control",
        "lv2:portProperty lv2:connectionOptional",
        "rsz:minimumSize 8192",
    )
    yield (
        "lv2:ControlPort , lv2:OutputPort",
        "latency",
        "Latency",
        "lv2:designation lv2:latency",
        "lv2:portProperty lv2:reportsLatency , lv2:integer",
        *_range(0, 98304),
        "units:unit units:frame",
    )
    yield (
        "lv2:ControlPort , lv2:InputPort",
        "freewheel",
        "Freewheel",
        "lv2:designation lv2:freeWheeling",
        "lv2:portProperty lv2:toggled , pprops:notOnGUI",
        "lv2:default 0",
        *_range(0, 1),
    )
    yield (
        "lv2:ControlPort , lv2:OutputPort",
        "status",
        "Status",
        'rdfs:comment "Whether the band plays"',
        *_choices([*_STATUSES]),
    )
    yield (
        "lv2:ControlPort , lv2:InputPort",
        "timeline",
        "Timeline",
        'rdfs:comment "Which frames the host gives the transport of, where there is latency: '
        'Ardour those of the output"',
        "lv2:default 0",
        *_choices([*_TIMELINES]),
    )


FIRST_CONTROL = 2 + 2 * MAX_PLAYERS + 5
"""Index of the first control port."""


def _description(table: Table) -> str:
    ports = [*_fixed_ports()]
    for port in control_ports(table):
        help_text = port.row.help.replace('"', "'")
        ports.append(
            (
                "lv2:ControlPort , lv2:InputPort",
                port.symbol,
                port.name,
                f'rdfs:comment "{help_text}"',
                *port.lines,
            )
        )
    return _head() + "".join((*_groups(), _plugin(ports)))


def _groups() -> Iterator[str]:
    named = [("mix", "Mix", "InputGroup")]
    for player in range(1, MAX_PLAYERS + 1):
        named.append((f"stem{player}", f"Stem {player}", "OutputGroup"))
    for symbol, name, kind in named:
        yield (
            f"<{PLUGIN_URI}#{symbol}>\n\ta pg:{kind} , pg:StereoGroup ;\n"
            f'\tlv2:symbol "{symbol}" ;\n\tlv2:name "{name}" .\n\n'
        )


def _plugin(ports: list[tuple[str, ...]]) -> str:
    features = "urid:map , opts:options , log:log , lv2:isLive"
    return (
        f"<{PLUGIN_URI}>\n\ta lv2:Plugin , lv2:GeneratorPlugin ;\n"
        '\tdoap:name "liveband" ;\n'
        "\tdoap:license <https://spdx.org/licenses/Apache-2.0.html> ;\n"
        '\trdfs:comment "An AI musician that hears the mix and plays new stems" ;\n'
        "\tlv2:minorVersion 0 ;\n\tlv2:microVersion 1 ;\n"
        f"\tlv2:optionalFeature {features} ;\n"
        "\topts:supportedOption bufs:nominalBlockLength , bufs:maxBlockLength ;\n"
        "\tlv2:extensionData state:interface , opts:interface ;\n"
        f"\tpg:mainInput <{PLUGIN_URI}#mix> ;\n\tpg:mainOutput <{PLUGIN_URI}#stem1> ;\n"
        "\tlv2:port "
        + " , ".join(_port(index, *port) for index, port in enumerate(ports))
        + " .\n"
    )


def _port(index: int, kind: str, symbol: str, name: str, *lines: str) -> str:
    told = (f"a {kind}", f"lv2:index {index}", f'lv2:symbol "{symbol}"', f'lv2:name "{name}"')
    return "[\n\t\t" + " ;\n\t\t".join((*told, *lines)) + "\n\t]"


def _header(table: Table) -> str:
    ports = control_ports(table)
    moved = ("bypass", "mute", "enable", "listen", "gain/in", "gain/out", "anticipation")
    rows = "".join(
        f"#define LBP_{name.replace('/', '_').upper()} {table[name].number}\n" for name in moved
    )
    off = _number(table["gain/out"].low)
    ahead = table["anticipation"]
    seconds = ", ".join(f"{float(choice):g}" for choice in ahead.choices)
    entries = "".join(
        f"    {{{port.player - 1}, {port.code}, {port.default:.6f}f}}, /* {port.symbol} */\n"
        for port in ports
    )
    return (
        "/* Control ports, made from the parameter table by `make surfaces`. */\n"
        "#ifndef LBP_CONTROLS_H\n#define LBP_CONTROLS_H\n\n#include <stdint.h>\n\n"
        f"{rows}"
        f"#define LBP_GAIN_OFF_DB {off}.0\n"
        f"#define LBP_DEFAULT_ANTICIPATION {ahead.choices.index(ahead.default)}\n"
        f"#define LBP_FIRST_CONTROL {FIRST_CONTROL}\n"
        f"#define LBP_CONTROLS {len(ports)}\n\n"
        "static const double LBP_ANTICIPATIONS[] = {" + seconds + "}; /* s, by choice */\n\n"
        "typedef struct {\n    uint32_t player; /* counted from 0 */\n"
        "    uint32_t row;    /* as in lb_change */\n    float initial;\n} lbp_control;\n\n"
        "static const lbp_control LBP_CONTROL[LBP_CONTROLS] = {\n" + entries + "};\n\n#endif\n"
    )
